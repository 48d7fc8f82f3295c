"""Conversations to choose from: picks, filters, search and order, and the table that they lead to."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from analysis.evidence.conversations import (
    KINDS,
    ORDERS,
    REASONS,
    found_in,
    in_order,
    messages_of,
    of_kind,
    reasons_of,
)
from analysis.findings.conversations import conversations_finding, together_finding
from analysis.wording import meaning, study_text
from analysis.wording.filling import filled
from analysis.wording.vocabulary import KIND, ORDER
from analysis.wording.vocabulary import REASONS as REASONS_SAID
from data.ratings import Ratings
from data.replies.searching import wanted
from data.study import Study
from pages.components.filters import forget, set_one
from pages.components.plain_text import visible
from pages.components.tables import draw_grid, offer_csv
from pages.components.view import View

EVERY = "all"
LEAST = ("0", "0.5", "0.75", "1", "1.5", "2", "3")
# Characters of a message that stand in the table; the file for download holds it whole.
BEGINNING = 200
_WORDS, _KEPT_WORDS = "searched for", "searched for before"
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pick_subset(view: View) -> View:
    """Let the reader narrow the view to one judge, one attribute and one model; each is all that is on screen else."""
    chosen = view.selection
    picks: tuple[tuple[str, str, tuple[str, ...], dict[str, str], str], ...] = (
        ("cell_judge", "Judge", chosen.every_judge, view.study.rater_labels, "judge"),
        ("cell_attribute", "Attribute", chosen.attributes, {}, "attribute"),
        ("cell_model", "Model", chosen.models, view.study.system_labels, "model"),
    )
    picked = []
    for place, (name, label, options, labels, term) in zip(st.columns(3), picks, strict=True):
        explained = meaning(view.study, term)
        with place:
            say = {EVERY: "All on screen", **labels}
            picked.append(
                view.filters.one(name, label, (EVERY, *options), EVERY, say=partial(_say, say), explained=explained)
            )
    judge, attribute, model = picked
    chosen = chosen if judge == EVERY else chosen.of_judge(judge)
    chosen = chosen if attribute == EVERY else chosen.of_attribute(attribute)
    return replace(view, selection=chosen if model == EVERY else replace(chosen, models=(model,)))


def choose(view: View, ratings: Ratings, table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Let the reader filter, search and sort conversations; gives them in their order, and the order."""
    words = _ask_for_words(view.study)
    first, second, third, fourth = st.columns(4)
    one = view.filters.one
    with first:
        within = one("within", "Search in", ("messages", "reasons"), "messages", say=WITHIN.__getitem__)
    with second:
        kind = one(
            "kind",
            filled(view.study, "{Message} in the files"),
            KINDS,
            "any",
            say=KIND.__getitem__,
            explained=meaning(view.study, "same_message"),
        )
    with third:
        reasons = one(
            "reasons",
            "Judges' reasons",
            REASONS,
            "any",
            say=REASONS_SAID.__getitem__,
            explained=meaning(view.study, "n_explanations"),
        )
    with fourth:
        least = one("least", "Disagreement of at least", LEAST, "0", explained=meaning(view.study, "disagreement"))
    order = one("sort", "Order", list(ORDERS), "disagreement", say=ORDER.__getitem__, form="row")
    kept = of_kind(table, kind, reasons, float(least))
    if phrases := wanted(words):
        found = found_in(ratings.contexts, "context", phrases)
        if within == "reasons":
            found |= found_in(reasons_of(ratings, view.selection), "explanation", phrases)
        kept = kept[kept["conversation"].isin(found)]
    return in_order(kept, order), order


def show_list(view: View, ratings: Ratings, table: pd.DataFrame, whole: int, order: str) -> None:
    """Show conversations as a table, whose rows can be opened, with its download."""
    st.markdown(
        f"**{conversations_finding(view.study, table, whole, order, view.settings)}** "
        f"{together_finding(view.study, table, view.selection)}"
    )
    if table.empty:
        return
    numbers = table["conversation"].tolist()
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    left.selectbox(
        f"Open one of the {view.study.item.many}" if view.study.published is None else "Open a conversation",
        numbers,
        index=None,
        placeholder="Choose its number",
        key=_PICKED,
        on_change=_open_picked,
    )
    messages = table["conversation"].map(messages_of(ratings)).fillna("")
    seen = table
    if right.toggle(filled(view.study, "Show how each {message} begins")):
        seen = table.assign(beginning=[visible(message[:BEGINNING]) for message in messages])
    title = f"{view.study.item.many.capitalize()}: {len(table):,} of {whole:,}, order: {ORDER[order].lower()}"
    if st.session_state.get(_WORDS):
        title += ", found by words that are not written here"
    draw_grid(seen, view, title, key=_TICKED, on_select=partial(_open_ticked, numbers), selection_mode="single-row")
    with_messages = st.checkbox(filled(view.study, "With the {messages}, in the download"))
    exported = table.assign(message=[_for_a_spreadsheet(each) for each in messages]) if with_messages else table
    offer_csv(exported, view, title, name="conversations")


def asked_for(ratings: Ratings) -> object | None:
    """Give the conversation that the address asks for; one that is not there is said to be, and None is given."""
    asked = st.query_params.get("conversation")
    if asked is None:
        return None
    known = {str(each): each for each in ratings.conversations}
    if asked in known:
        return known[asked]
    ends = list(known)
    st.warning(
        f"The link asks for {ratings.study.item.one} “{asked[:40]}”, which is not there; the table is shown. Known are "
        f"{len(ends):,}, from {ends[0]} to {ends[-1]}.",
        icon=":material/link_off:",
    )
    return None


def open_one(number: object) -> None:
    """Open a conversation, as if the reader had followed a link to it."""
    set_one("conversation", str(number))


def back_to_table() -> None:
    """Close the conversation; filters and order stay."""
    forget(("conversation",))


_PICKED, _TICKED = "conversation picked", "conversation ticked"
WITHIN = {"messages": "Messages", "reasons": "Messages and judges' reasons"}


def _ask_for_words(study: Study) -> str:
    """Ask for words; they are kept for as long as the session lasts, and stand in no address."""
    st.session_state[_WORDS] = st.session_state.get(_WORDS, st.session_state.get(_KEPT_WORDS, ""))
    words = st.text_input(
        "Search",
        key=_WORDS,
        help=study_text(study, "conversations", "search"),
        autocomplete="off",
        icon=":material/search:",
    )
    st.session_state[_KEPT_WORDS] = words
    return words


def _say(labels: dict[str, str], key: str) -> str:
    return labels.get(key, key)


def _open_picked() -> None:
    open_one(st.session_state[_PICKED])


def _open_ticked(numbers: Sequence[object]) -> None:
    for place in st.session_state[_TICKED].selection.rows:
        open_one(numbers[place])


def _for_a_spreadsheet(message: str) -> str:
    return f"'{message}" if message.startswith(_FORMULA) else message
