"""The ratings on screen: loaded once for all sessions, in the background where a network is asked."""

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from data import SOURCES
from data.remote.loading import Loading
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot, with_judges
from pages.components import added
from pages.components.plain_text import escaped
from pages.components.waiting import watch

FOLDER_PATIENCE = 20.0
# Where a session keeps the source that its reader asked for.
_CHOSEN = "source chosen"


class OnScreen(NamedTuple):
    """The ratings that a page shows, and the attempt to load others if one was made.

    ``settled`` says that nothing else is to come from that attempt.
    """

    dataset: Dataset
    loading: Loading[Dataset] | None
    settled: bool


def current() -> OnScreen:
    """Return the ratings to show now.

    ``MENTALBENCH_SOURCE`` names the source, unless the reader of this session asked for the release. The bundled
    snapshot is on screen until the source has come, and stays there when it does not come. The judges that the reader
    has added stand beside the source's, where single ratings are at hand to match them with.
    """
    source = st.session_state.get(_CHOSEN) or os.environ.get("MENTALBENCH_SOURCE") or "auto"
    if source == "snapshot":
        return OnScreen(added.with_uploads(_snapshot()), None, settled=True)
    loading = _loading(source, os.environ.get("MENTALBENCH_JUDGES", ""))
    if source not in SOURCES:
        loading.wait(FOLDER_PATIENCE)
    settled = loading.done
    return OnScreen(added.with_uploads(loading.result or _snapshot()), loading, settled)


def draw_status(shown: OnScreen) -> None:
    """Say in the sidebar which ratings are on screen, and what is or was being loaded."""
    came, loading = shown.dataset.provenance, shown.loading
    st.markdown(f"**Ratings:** {escaped(came.title)}")
    st.caption(f"Revision {came.revision[:19]} · {shown.dataset.study.counted(came.conversations)}")
    if loading is None:
        return
    if not shown.settled:
        watch(loading, "Until it has come, the bundled snapshot is on screen.")
    elif loading.trouble:
        st.warning(f"{escaped(loading.trouble)}. The bundled snapshot is shown instead.", icon=":material/cloud_off:")
        _offer_another_try()
    elif came.notices:
        st.info("  \n".join(f"{escaped(notice)}." for notice in came.notices), icon=":material/info:")
        if came.source == "snapshot":
            _offer_another_try()


def offer_release() -> None:
    """Offer to load the release for this session; what has come is shared, so that nobody waits for it twice."""
    if st.session_state.get(_CHOSEN) != "github":
        st.button("Load the release from GitHub", on_click=_choose, args=("github",), icon=":material/download:")


def _choose(source: str) -> None:
    st.session_state[_CHOSEN] = source


def _offer_another_try() -> None:
    st.button("Try again", on_click=_loading.clear, icon=":material/refresh:")


@st.cache_resource(show_spinner=False)
def _snapshot() -> Dataset:
    return load_snapshot()


@st.cache_resource(show_spinner=False)
def _loading(source: str, judges: str) -> Loading[Dataset]:
    return Loading(partial(_load, source, judges))


def _load(source: str, judges: str, progress: Progress) -> Dataset:
    """Load a source with the judges of a file, or of the files of a folder, that ``MENTALBENCH_JUDGES`` names."""
    dataset = load(source, progress)
    return with_judges(dataset, [Path(judges)]) if judges and dataset.ratings else dataset
