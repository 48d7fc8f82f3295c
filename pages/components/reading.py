"""One conversation of MentalBench-100k: two replies to a message side by side, and how they were rated."""

from typing import TYPE_CHECKING

import streamlit as st

from analysis.evidence.conversation import wide_ratings
from analysis.findings.phrases import author, counted, listed
from analysis.wording.vocabulary import REPLY_KIND
from data.replies.browsing import Found
from pages.components.drilldown import link_to
from pages.components.filters import forget, set_one
from pages.components.plain_text import show_plain
from pages.components.replies import rated_rows
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View

if TYPE_CHECKING:
    from data.replies.texts import Replies


def opened(view: View, replies: "Replies") -> int | None:
    """Give the row that the address opens, counted from 0 (the address and readers count from 1)."""
    number = view.filters.number("row", len(replies.table))
    return None if number is None else number - 1


def show_conversation(view: View, replies: "Replies", found: Found, row: int) -> None:
    """Show one row; its texts stay closed until they are asked for."""
    st.subheader(f"Row {row + 1:,} of {len(replies.table):,}")
    _lead_on(found, row)
    models = replies.traits.models
    places = st.columns(2)
    chosen = []
    for place, name, label, default in zip(
        places, ("left", "right"), ("Reply on the left", "Reply on the right"), (models[0], models[-1]), strict=True
    ):
        with place:
            chosen.append(view.filters.one(name, label, models, default, say=view.study.system))
    st.caption(f"Message: {counted(int(replies.traits.message_words[row]), 'word', 'words')}.")
    shown = st.toggle("Show the message and both replies", key="texts shown", persist_state="page")
    texts = replies.table[row]
    if shown:
        show_plain(texts["context"] or "", f"the message of row {row + 1}")
    for place, side, model in zip(st.columns(2), ("left", "right"), chosen, strict=True):
        with place:
            st.markdown(f"**{view.study.system(model)}**  \n{_described(replies, row, model)}")
            if shown:
                show_plain(texts[model] or "", f"the reply on the {side} of row {row + 1}")
    _show_ratings(view, replies, row, list(dict.fromkeys(chosen)))


def _lead_on(found: Found, row: int) -> None:
    before, after = found.beside(row)
    with st.container(horizontal=True, gap="small"):
        for label, icon, to in (
            ("Previous", ":material/arrow_back:", before),
            ("Next", ":material/arrow_forward:", after),
        ):
            st.button(
                label,
                icon=icon,
                on_click=set_one,
                args=("row", "" if to is None else str(to + 1)),
                disabled=to is None,
                help="Among the conversations that the search and the filters find",
            )
        st.button("Back to the list", icon=":material/list:", on_click=forget, args=(("row",),))


def _described(replies: "Replies", row: int, model: str) -> str:
    traits = replies.traits
    at = traits.models.index(model)
    kinds = [REPLY_KIND[kind] for kind, of_it in traits.kinds.items() if of_it[row, at]]
    return ", ".join([counted(int(traits.words[row, at]), "word", "words"), *kinds])


def _show_ratings(view: View, replies: "Replies", row: int, models: list[str]) -> None:
    st.subheader("How these replies were rated")
    ratings = view.dataset.ratings
    if ratings is None:
        offer_ratings(view.study)
        return
    numbers = rated_rows(view.dataset, replies).get(row, [])
    if not numbers:
        st.info(f"This message is not among the {view.dataset.provenance.conversations:,} that were rated.")
        return
    rows = [other + 1 for other, same in rated_rows(view.dataset, replies).items() if same == numbers]
    if len(numbers) > 1 or len(rows) > 1:
        st.caption(
            f"This message stands at {listed([f'row {other:,}' for other in rows])} of the file, and among the rated "
            f"ones at {listed([f'conversation {number}' for number in numbers])}. Which ratings belong to which row "
            "cannot be told by the message."
        )
    for number in numbers:
        said = f"Ratings of conversation {number}: {listed([author(view.study, model) for model in models])}"
        show_table(wide_ratings(ratings, number, view.settings, models), view, said, name=f"ratings-{number}")
        link_to(view, {"conversation": str(number)})
