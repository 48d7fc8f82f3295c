"""The ratings on screen: loaded once for all sessions, in the background where a network is asked."""

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from analysis.wording import study_text
from data import SOURCES
from data.remote.loading import Loading
from data.remote.progress import Progress
from data.sources import Dataset, judged, load, load_snapshot, with_judges
from data.study import Study
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
    st.caption(f"Revision {came.short_revision} · {shown.dataset.study.counted(came.conversations)}")
    if loading is None:
        return
    if not shown.settled:
        watch(loading, "Until it has come, the bundled snapshot is on screen.", key="beside")
    elif loading.trouble:
        st.warning(f"{escaped(loading.trouble)}. The bundled snapshot is shown instead.", icon=":material/cloud_off:")
        _offer_another_try("beside")
    elif came.notices:
        st.info("  \n".join(f"{escaped(notice)}." for notice in came.notices), icon=":material/info:")
        if came.source == "snapshot":
            _offer_another_try("beside")


def offer_ratings(study: Study) -> None:
    """Say that a part takes single ratings, and offer to load the release here: how far it is, or why nothing came.

    What has come is shared, so that nobody waits for it twice.
    """
    st.info(study_text(study, "shared", "needs-conversations"), icon=":material/database:")
    if study.published is None:
        return
    shown = current()
    loading, notices = shown.loading, shown.dataset.provenance.notices
    if loading is None:
        st.button("Load the ratings from GitHub", on_click=_choose, args=("github",), icon=":material/download:")
    elif not loading.done:
        watch(loading, "You may read on meanwhile; this place is drawn again when they have come.", key="here")
    else:
        if trouble := [loading.trouble] if loading.trouble else notices:
            said = [*(f"{escaped(each)}." for each in trouble), study_text(study, "shared", "no-network")]
            st.error("  \n".join(said), icon=":material/cloud_off:")
        _offer_another_try("here")


def _choose(source: str) -> None:
    st.session_state[_CHOSEN] = source


def _offer_another_try(where: str) -> None:
    st.button("Try again", on_click=_loading.clear, icon=":material/refresh:", key=f"again {where}")


@st.cache_resource(show_spinner=False)
def _snapshot() -> Dataset:
    return load_snapshot()


@st.cache_resource(show_spinner=False)
def _loading(source: str, judges: str) -> Loading[Dataset]:
    return Loading(partial(_load, source, judges))


def _load(source: str, judges: str, progress: Progress) -> Dataset:
    """Load a source with the judges of a file, or of the files of a folder, that ``MENTALBENCH_JUDGES`` names."""
    dataset = load(source, progress)
    return judged(with_judges(dataset, [Path(judges)]) if judges and dataset.ratings else dataset)
