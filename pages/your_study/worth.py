"""Worth: what a judge's ratings add to the experts'."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.charts.worth import gained_forest
from analysis.decisions.worth import ALL
from analysis.findings.worth import corrected_finding, gained_finding, held_back_finding, worth_finding
from analysis.ratings.settings import PLAN
from analysis.wording import meaning, study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.tables import show_table
from pages.components.view import View

# How many replies of a system the experts may be planned to rate, and how many more the judge.
_PLANS = {
    "labelled": ("Replies of each system that the experts rate (n)", (20, 50, 100, 200, 500, 1_000)),
    "unlabelled": ("Further replies that the judge alone rates (N)", (100, 300, 1_000, 3_000, 10_000, 100_000)),
}
_PLAN = [
    *("judge", "attribute", "model", "correlation", "multiplier", "multiplier_low", "multiplier_high", "gained"),
    *("gained_low", "gained_high", "stratified", "stratified_low", "stratified_high", "half_width_experts"),
    *("half_width", "n_pairs", "n_other"),
]
_AT_HAND = [
    *("model", "n_pairs", "n_alone", "alone_shift", "alone_shift_low", "alone_shift_high", "human_mean"),
    *("human_mean_low", "human_mean_high", "powered_mean", "powered_mean_low", "powered_mean_high"),
    *("stratified_mean", "stratified_mean_low", "stratified_mean_high"),
    *("from_average", "from_average_low", "from_average_high"),
]


def show(view: View) -> None:
    """Draw what ratings of every judge are worth, and the means of systems that one corrects."""
    planned = _plan(view)
    table = planned.table("worth")
    st.markdown(f"**{worth_finding(view.study, table, planned.settings)}** {held_back_finding(table)}")
    show_figure(
        gained_forest,
        table,
        finding=gained_finding(view.study, table, planned.settings),
        view=planned,
        name="worth",
        data=table[_PLAN],
    )
    st.markdown(study_text(view.study, "planning", "worth"))
    judge, attribute = pick_cell(view)
    st.header("Means of systems with the judge's further ratings")
    rows = rows_of(table, judge=judge, attribute=attribute)
    st.markdown(f"**{corrected_finding(view.study, rows)}**")
    if rows.loc[rows["model"] != ALL, "n_alone"].any():
        show_table(rows[_AT_HAND], planned, "Means of systems, corrected", name="corrected")
        st.markdown(study_text(view.study, "planning", "corrected"))


def _plan(view: View) -> View:
    """Let the reader set n and N, and return the view under them."""
    labelled, unlabelled = (_choose(view, place, name) for place, name in zip(st.columns(2), PLAN, strict=True))
    return replace(view, settings=replace(view.settings, labelled=labelled, unlabelled=unlabelled))


def _choose(view: View, place: DeltaGenerator, name: str) -> int:
    label, options = _PLANS[name]
    with place:
        chosen = view.filters.one(
            name,
            label,
            [str(option) for option in options],
            str(getattr(view.settings, name)),
            say=lambda option: f"{int(option):,}",
            form="slide",
            explained=meaning(view.study, name),
        )
    return int(chosen)
