"""Look for conversations of MentalBench-100k: words that stay in the session, filters in the address, a list.

The list holds numbers only; no text of a message or a reply is shown here.
"""

from typing import TYPE_CHECKING, cast

import streamlit as st

from analysis.findings.phrases import author, counted, listed
from analysis.wording import meaning, text
from analysis.wording.vocabulary import REPLY_KIND
from data.replies.browsing import Found, Place, Request, browse
from data.replies.searching import wanted
from data.replies.traits import Kind
from pages.components.filters import forget, set_one
from pages.components.replies import rated_rows
from pages.components.view import View

if TYPE_CHECKING:
    from data.replies.texts import Replies

ON_A_PAGE = 20
_LENGTHS = ("0", "1", "25", "50", "75", "100", "150", "200", "300", "500")
_PLACES = {"both": "Messages and replies", "messages": "Messages", "replies": "Replies"}
_ANY, _ALL, _RATED = "any", "all", "rated"
# What a new search or filter takes back: the place in a list that is no longer there, and what was opened from it.
_PLACE_IN_LIST = ("reply_page", "row")
_NAMED = 3


def look_for(view: View, replies: "Replies") -> Found:
    """Let the reader say which conversations to list, and find them."""
    filters = view.filters
    asked = st.text_input(
        "Find words in messages and replies",
        max_chars=200,
        key="reply words",
        type="search",
        help=text("benchmark", "search"),
        on_change=forget,
        args=(_PLACE_IN_LIST,),
        persist_state="session",
    )
    with st.expander("Filters", icon=":material/filter_list:"):
        place = filters.one(
            "reply_place",
            "Look for words in",
            list(_PLACES),
            "both",
            say=_PLACES.__getitem__,
            form="row",
            reset=_PLACE_IN_LIST,
        )
        kind = filters.one(
            "reply_kind",
            "With a reply that is",
            [_ANY, *REPLY_KIND],
            _ANY,
            say=lambda kind: REPLY_KIND.get(kind, "of any kind"),
            form="row",
            explained="  \n".join(meaning(view.study, name) for name in ("empty", "cut_off", "tagged")),
            reset=_PLACE_IN_LIST,
        )
        left, right = st.columns(2)
        with left:
            shortest = filters.one(
                "reply_from", "With a reply of at least (words)", _LENGTHS, _LENGTHS[0], reset=_PLACE_IN_LIST
            )
        with right:
            longest = filters.one("reply_to", "and at most (words)", [*_LENGTHS[1:], _ANY], _ANY, reset=_PLACE_IN_LIST)
        rated = rated_rows(view.dataset, replies)
        only = _choose_rated(view) if rated else _ALL
    return browse(
        replies,
        Request(
            wanted(asked or ""),
            cast(Place, place),
            view.selection.models,
            int(shortest),
            None if longest == _ANY else int(longest),
            None if kind == _ANY else cast(Kind, kind),
            tuple(rated) if only == _RATED else None,
        ),
    )


def list_conversations(view: View, replies: "Replies", found: Found) -> None:
    """List what was found as buttons, a page at a time, in the order of the file."""
    if not len(found.rows):
        st.info("No conversation on screen is so. Take away a word or a filter, or choose more models in the sidebar.")
        return
    pages = [str(number) for number in range(1, -(-len(found.rows) // ON_A_PAGE) + 1)]
    number = 1
    if len(pages) > 1:
        number = int(view.filters.one("reply_page", "Page of the list", pages, "1"))
    shown = found.part(number, ON_A_PAGE)
    st.caption(
        f"{len(found.rows):,} of {counted(len(replies.table), 'conversation', 'conversations')}, "
        f"on this page {shown[0] + 1:,} to {shown[-1] + 1:,}. Choose one to open it."
    )
    rated = rated_rows(view.dataset, replies)
    for row in shown:
        words = counted(int(replies.traits.message_words[row]), "word", "words")
        marks = [f"message of {words}", *_where(view, found, row), *(["rated"] if row in rated else [])]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(f"Row {row + 1:,}", key=f"open {row}", on_click=set_one, args=("row", str(row + 1)))
            st.caption(", ".join(marks))


def _choose_rated(view: View) -> str:
    return view.filters.one(
        "reply_rated",
        "Conversations",
        (_ALL, _RATED),
        _ALL,
        say={_ALL: "All", _RATED: "Those that were rated"}.__getitem__,
        form="row",
        reset=_PLACE_IN_LIST,
    )


def _where(view: View, found: Found, row: int) -> list[str]:
    """Say where a conversation holds what was asked for; nothing where all of its replies do."""
    models = [model for model, held in found.in_replies.items() if held[row]]
    names = [author(view.study, model) for model in models[:_NAMED]]
    if len(models) > _NAMED:
        names[-1:] = [f"{len(models) - _NAMED + 1} more"]
    if found.in_message[row]:
        names.insert(0, "the message")
    elif len(models) == len(found.in_replies):
        return []
    return [f"found in {listed(names)}"]
