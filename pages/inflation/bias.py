"""Bias: how far judges score above the experts."""

import streamlit as st

from analysis.charts.inflation import bias_by_model, bias_heatmap, dumbbell, rating_bars
from analysis.findings.inflation import distribution_finding, dumbbell_finding, inflation_finding, model_bias_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.tables import show_table
from pages.components.view import View

COLUMNS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]


def show(view: View) -> None:
    """Draw the bias of every pair, then of one pair by rating and by system."""
    bias = view.table("inflation")
    finding = inflation_finding(view.study, bias)
    show_figure(bias_heatmap, bias, finding=finding, view=view, name="bias", data=bias[COLUMNS], across_judges=True)
    st.markdown(study_text(view.study, "inflation", "bias"))

    st.header("From the experts' mean to the judge's")
    finding = dumbbell_finding(view.study, bias)
    show_figure(dumbbell, bias, finding=finding, view=view, name="means", data=bias[COLUMNS])

    st.header("All figures")
    show_table(bias, view, "Inflation of judges against experts", name="inflation")

    judge, attribute = pick_cell(view)
    st.header(f"{view.study.rater(judge)} on {attribute}")
    ratings = rows_of(view.table("distribution"), judge=judge, attribute=attribute)
    show_figure(
        rating_bars,
        ratings,
        judge,
        finding=distribution_finding(view.study, ratings, judge, attribute),
        view=view,
        name="ratings",
        data=ratings,
    )
    by_model = rows_of(view.table("inflation_by_model"), judge=judge, attribute=attribute)
    show_figure(
        bias_by_model,
        by_model,
        finding=model_bias_finding(view.study, by_model, judge, attribute),
        view=view,
        name="bias-by-model",
        data=by_model[["judge", "attribute", "model", *COLUMNS[2:]]],
    )
