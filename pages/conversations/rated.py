"""Rated conversations: a table of them, and each one down to its texts and single ratings."""

import streamlit as st

from analysis.charts.inflation import rating_bars
from analysis.findings.inflation import distribution_finding
from analysis.wording import study_text
from pages.components.content_notice import offer_care
from pages.components.conversation import show_conversation
from pages.components.conversations import asked_for, choose, pick_subset, show_list
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.source import offer_ratings
from pages.components.view import View


def show(view: View) -> None:
    """Draw the table, or the conversation that the address asks for; without single ratings, what counts tell."""
    ratings = view.dataset.ratings
    if ratings is None:
        offer_ratings(view.study)
        st.header("How often each rating was given")
        _show_counts(view)
        return
    st.markdown(study_text(view.study, "conversations"))
    offer_care(view.study)

    asked = asked_for(ratings)
    with st.expander(f"Choose {view.study.item.many}", icon=":material/filter_alt:", expanded=asked is None):
        view = pick_subset(view)
        every = view.table("conversations")
        table, order = choose(view, ratings, every)

    if asked is None:
        show_list(view, ratings, table, len(every), order)
        st.markdown(study_text(view.study, "conversations", "table"))
    else:
        show_conversation(view, ratings, asked, every, table["conversation"].tolist())


def _show_counts(view: View) -> None:
    """Show how often each rating was given, which counts tell too."""
    judge, attribute = pick_cell(view)
    ratings = rows_of(view.table("distribution"), judge=judge, attribute=attribute)
    finding = distribution_finding(view.study, ratings, judge, attribute)
    show_figure(rating_bars, ratings, judge, finding=finding, view=view, name="counted-ratings", data=ratings)
