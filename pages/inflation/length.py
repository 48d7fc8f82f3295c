"""The Inflation page on the length of replies, where it is known."""

from dataclasses import replace

import streamlit as st

from analysis.charts.length_bias import length_forest, length_of_models
from analysis.findings.length_bias import known_finding, length_finding, model_length_finding
from analysis.wording import study_text
from data.study import ALL_SYSTEMS
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.replies import at_hand, dataset_with_lengths, offer_to_fetch, say_where_from
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw slopes of ratings on length, of every pair and of one by system; or say what that takes."""
    st.markdown(study_text(view.study, "inflation", "length-asks"))
    seen = _with_lengths(view)
    if seen is None:
        return
    table = seen.table("length-bias")
    over_all, by_model = table[table["model"] == ALL_SYSTEMS], table[table["model"] != ALL_SYSTEMS]
    over_all = over_all.drop(columns="model").reset_index(drop=True)
    show_figure(
        length_forest,
        over_all,
        finding=length_finding(seen.study, over_all),
        view=seen,
        name="length",
        data=over_all,
    )
    ratings = seen.dataset.ratings
    if ratings is not None and ratings.lengths is not None:
        st.caption(known_finding(seen.study, ratings.lengths, len(ratings.conversations)))
    st.markdown(study_text(seen.study, "inflation", "length"))
    judge, attribute = pick_cell(view)
    here = rows_of(by_model, judge=judge, attribute=attribute).reset_index(drop=True)
    st.header("Within each model's replies")
    show_figure(
        length_of_models,
        here,
        finding=model_length_finding(seen.study, here, judge, attribute),
        view=seen,
        name="length-by-model",
        data=here,
    )
    st.header("All slopes on length")
    show_table(over_all, seen, "Slopes of ratings on the length of a reply, judges against experts", name="length-all")


def _with_lengths(view: View) -> View | None:
    """Give the view with the length of its replies; None where it is not known, and what it takes is said."""
    dataset = view.dataset
    if dataset.ratings is None:
        offer_ratings(view.study)
        return None
    if dataset.ratings.lengths is not None:
        return view
    replies = at_hand() if view.study.published else None
    if replies is None:
        st.markdown(study_text(view.study, "inflation", "length-needs"))
        if view.study.published:
            offer_to_fetch()
        return None
    say_where_from(replies)
    return replace(view, dataset=dataset_with_lengths(dataset, replies))
