"""One conversation: what was written and how it was rated; texts stay closed, and unsent, until they are asked for."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.evidence.conversation import errors_of, matrix, ratings_of, versions
from analysis.evidence.conversations import reasons_of
from analysis.findings.conversations import conversation_finding
from analysis.wording import study_text
from analysis.wording.vocabulary import INK, RATING
from data.ratings import Ratings
from data.study import HUMAN, Study
from pages.components.conversations import back_to_table, open_one
from pages.components.plain_text import escaped, show_plain
from pages.components.replies import at_hand, offer_to_fetch
from pages.components.view import View


def show_conversation(view: View, ratings: Ratings, number: object, table: pd.DataFrame, order: list[object]) -> None:
    """Show one conversation.

    Parameters
    ----------
    table
        Figures of all conversations of the view.
    order
        The numbers of those that the reader's filters leave, in their order: what Previous and Next lead through.
    """
    _show_way(view.study, number, order)
    st.header(f"{view.study.item.one.capitalize()} {escaped(str(number))}")
    rows = table[table["conversation"] == number]
    if not rows.empty:
        st.markdown(f"**{conversation_finding(view.study, rows.iloc[0], view.settings)}**")
    elif view.settings.contexts == "left-out" and number in ratings.different_anywhere:
        st.info(study_text(view.study, "conversations", "left-out"))
    else:
        st.info(study_text(view.study, "conversations", "no-pairs"))
    _show_message(view, ratings, number)
    _show_ratings(view, ratings, number)
    _show_texts(view, ratings, number)


def _show_way(study: Study, number: object, order: list[object]) -> None:
    """Offer the way back, and those before and after in the table; from outside of it, its first."""
    if number in order:
        place = order.index(number)
        before, after = order[:place][-1:], order[place + 1 :][:1]
        here = f"{place + 1:,} of {len(order):,} in the order of the table."
    else:
        before, after = [], order[:1]
        here = f"The filters leave this {study.item.one} out of the table."
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Back to the table", on_click=back_to_table, icon=":material/table_rows:")
        for label, icon, other in (("Previous", "chevron_left", before), ("Next", "chevron_right", after)):
            st.button(label, on_click=open_one, args=other, disabled=not other, icon=f":material/{icon}:")
        st.caption(here)


def _show_message(view: View, ratings: Ratings, number: object) -> None:
    found = versions(ratings, number)
    if len(found) > 1:
        st.warning(study_text(view.study, "conversations", "versions"), icon=":material/difference:")
    for place, version in enumerate(found, start=1):
        raters = ", ".join(view.study.rater(rater) for rater in version.raters)
        title = "The message" if len(found) == 1 else f"The message in the files of: {raters}"
        label = f"message {place} of {view.study.item.one} {number}"
        if fold := _opened(title, label, ":material/mail:"):
            with fold:
                show_plain(version.text, label)


def _show_ratings(view: View, ratings: Ratings, number: object) -> None:
    st.subheader("Ratings")
    st.markdown(study_text(view.study, "conversations", "ratings"))
    given = ratings_of(ratings, number, view.settings, view.selection)
    attributes = view.selection.attributes
    # Two in a row, one below the other on a telephone: row by row, so that they keep their order there.
    for start in range(0, len(attributes), 2):
        for attribute, place in zip(attributes[start : start + 2], st.columns(min(len(attributes), 2)), strict=False):
            with place:
                _show_matrix(view, given, attribute)
    if data_errors := errors_of(ratings, number, view.selection):
        label = f"data errors of {view.study.item.one} {number}"
        if fold := _opened(f"Data errors in these ratings: {len(data_errors)}", label, ":material/bug_report:"):
            with fold:
                show_plain("\n\n".join(data_errors), label)


def _show_matrix(view: View, ratings: pd.DataFrame, attribute: str) -> None:
    words, marks = matrix(view.study, ratings, attribute)
    st.markdown(f"**{attribute}**")
    styled = words.style.apply(lambda _: marks.map(_ground), axis=None)
    st.table(styled, border="horizontal", alt=f"Ratings on {attribute}")


def _show_texts(view: View, ratings: Ratings, number: object) -> None:
    st.subheader("Replies and judges' reasons")
    replies = _replies_to(view, ratings, number)
    reasons = reasons_of(ratings, view.selection)
    reasons = reasons[reasons["conversation"] == number]
    for model in view.selection.models:
        of_model = reasons[reasons["model"] == model]
        held = [*(["the reply"] if replies.get(model) else []), *([_count(len(of_model))] if len(of_model) else [])]
        title = f"{view.study.system(model)}: {' and '.join(held) or 'nothing to read'}"
        fold = _opened(title, f"texts of {model} in {number}", ":material/chat:")
        if fold:
            with fold:
                _show_text("The reply", replies.get(model), f"{view.study.system(model)}'s reply to {number}")
                for rater, reason in zip(of_model["rater"], of_model["explanation"], strict=True):
                    said = f"{view.study.rater(rater)} on {view.study.system(model)}"
                    _show_text(said, reason, f"{said} in {view.study.item.one} {number}")


def _replies_to(view: View, ratings: Ratings, number: object) -> dict[str, str | None]:
    """Give each model's reply to the experts' message, as far as the replies are at hand and hold that message."""
    if not view.study.published:
        return {}
    replies = at_hand()
    if replies is None:
        st.markdown(study_text(view.study, "conversations", "replies-away"))
        offer_to_fetch()
        return {}
    asked = [version.text for version in versions(ratings, number) if HUMAN in version.raters]
    row = replies.find(asked[0]) if asked else None
    if row is None:
        st.info(study_text(view.study, "conversations", "replies-missing"))
        return {}
    return {model: reply for model, reply in replies.table[row].items() if model != "context"}


def _show_text(title: str, body: str | None, label: str) -> None:
    if body:
        st.markdown(f"**{title}**")
        show_plain(body, label)


def _opened(title: str, key: str, icon: str) -> DeltaGenerator | None:
    """Draw a fold, closed at first; give it once the reader has opened it, so that no text is sent before."""
    fold = st.expander(title, icon=icon, key=key, on_change="rerun")
    return fold if fold.open else None


def _ground(mark: str) -> str:
    return f"background-color: {RATING[mark].colour}; color: {INK}" if mark else ""


def _count(reasons: int) -> str:
    return "1 reason" if reasons == 1 else f"{reasons} reasons"
