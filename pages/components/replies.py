"""MentalBench-100k on demand: fetched from Hugging Face when a reader asks, and then described."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from analysis.evidence.lengths import lengths_table
from data.mentalalign import REPOSITORY
from data.remote.loading import Loading
from data.remote.progress import Progress
from data.sources import Dataset, with_lengths
from data.study import HUMAN, Study
from pages.components.cached import name_of
from pages.components.content_notice import offer_care
from pages.components.waiting import watch

if TYPE_CHECKING:
    from data.replies.texts import Replies


class _Shelf:
    """Where the replies stand for all sessions, once a reader of any has asked for them."""

    def __init__(self) -> None:
        self.loading: Loading[Replies] | None = None

    def fetch(self) -> None:
        """Fetch them, in the background."""
        self.loading = Loading(_load)


def at_hand() -> "Replies | None":
    """Give the replies if they have been fetched; asks nobody for them."""
    loading = _shelf().loading
    return loading.result if loading else None


def offer_replies(study: Study) -> None:
    """Offer to fetch the replies below the notice on what they may hold; nothing of their text is shown here."""
    offer_care(study)
    offer_to_fetch()


def offer_to_fetch() -> None:
    """Offer to fetch the replies, or say how far that is, on a page that has the notice already."""
    st.markdown(
        f"MentalBench-100k, the 10,000 conversations with ten replies each, is not bundled. It can be fetched from "
        f"Hugging Face (`{REPOSITORY}`) into this server's cache, about 60 MB. The ratings on screen do not need it."
    )
    loading = _shelf().loading
    if loading is None:
        st.button("Fetch the replies", on_click=_shelf().fetch, icon=":material/download:")
    elif not loading.done:
        watch(loading, "You may go on reading; the other places do not wait for this.", key="replies")
    elif loading.result:
        # They have come since the page was begun.
        st.rerun()
    else:
        st.warning(f"{loading.trouble}. The ratings on screen do not need the replies.", icon=":material/cloud_off:")
        st.button("Fetch the replies", on_click=_shelf().fetch, icon=":material/refresh:")


def say_where_from(replies: "Replies") -> None:
    """Say in a line which file the replies on screen were read from."""
    if replies.notice:
        st.info(f"{replies.notice}.")
    st.caption(
        f"Replies: Hugging Face {REPOSITORY}, file {replies.file}, revision {replies.revision[:12]}, "
        f"{len(replies.table):,} conversations, read from disk when asked for."
    )


def _file_of(replies: "Replies") -> tuple[str, str]:
    """Tell replies apart in the key of a cache, without a look at the texts."""
    return replies.file, replies.revision


# The class is named in words, since the library that comes with it is large.
_KNOWN_BY: dict[str | type, Callable[[Any], tuple[str, ...]]] = {
    "data.replies.texts.Replies": _file_of,
    Dataset: name_of,
}


@st.cache_data(show_spinner=False, hash_funcs=_KNOWN_BY)
def lengths(replies: "Replies", models: tuple[str, ...]) -> pd.DataFrame:
    """Give the table of lengths and shares of these models, as far as the file holds them."""
    return lengths_table(replies.traits, tuple(model for model in models if model in replies.traits.models))


@st.cache_data(show_spinner=False, hash_funcs=_KNOWN_BY)
def rated_rows(dataset: Dataset, replies: "Replies") -> dict[int, list[int]]:
    """Give the rows whose message was rated, with the numbers of the conversations; none without single ratings."""
    if dataset.ratings is None:
        return {}
    contexts = dataset.ratings.contexts
    return replies.rated(contexts[contexts["rater"] == HUMAN].set_index("conversation")["context"])


def dataset_with_lengths(dataset: Dataset, replies: "Replies") -> Dataset:
    """Give a dataset that knows how long its replies are, by those that have been fetched."""
    return with_lengths(dataset, _lengths_of(dataset, replies), replies.record)


@st.cache_data(show_spinner="Looking up the rated messages", hash_funcs=_KNOWN_BY)
def _lengths_of(dataset: Dataset, replies: "Replies") -> pd.DataFrame:
    # Imported where it is used: the library is large, and most readers never ask.
    from data.replies.lengths import lengths_of

    assert dataset.ratings is not None
    return lengths_of(dataset.ratings, replies)


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def _load(progress: Progress) -> "Replies":
    # Imported when asked for: the library is large, and most readers never ask.
    from data.replies.texts import load_replies

    return load_replies(progress)
