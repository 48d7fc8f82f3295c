"""False reassurance: how often a judge calls a poor reply good."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest, reassurance_of_models
from analysis.findings.false_reassurance import (
    behind_finding,
    mixture_finding,
    model_reassurance_finding,
    reassurance_finding,
)
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.tables import show_table
from pages.components.view import View

RATES = [
    *("judge", "attribute", "n_low", "n_reassured", "false_reassurance", "false_reassurance_low"),
    *("false_reassurance_high", "n_high", "reverse", "reverse_low", "reverse_high"),
]


def show(view: View) -> None:
    """Draw the rates of every pair, then those of one pair by system."""
    study = view.study
    rates, by_models = view.table("reassurance")[RATES], view.table("reassurance_by_model")
    st.markdown(f"**{reassurance_finding(study, rates, view.settings)}** {mixture_finding(study, by_models)}")
    if view.settings.ratings == "as-released":
        st.warning(study_text(study, "replies", "zeros"), icon=":material/exposure_zero:")
    show_figure(
        reassurance_forest,
        rates,
        finding=behind_finding(study, rates),
        view=view,
        name="reassurance",
        data=rates[RATES[:7]],
    )
    show_table(rates, view, "False reassurance of every judge and attribute", name="rates")
    st.markdown(study_text(study, "replies", "reassurance"))

    judge, attribute = pick_cell(view)
    st.header(f"Whose poor replies does {study.rater(judge)} call good on {attribute}?")
    by_model = rows_of(by_models[by_models["n_low"] > 0], judge=judge, attribute=attribute)
    show_figure(
        reassurance_of_models,
        by_model,
        finding=model_reassurance_finding(study, by_model, judge, attribute),
        view=view,
        name="reassurance-by-model",
        data=by_model[["judge", "attribute", "model", *RATES[2:]]],
    )
    st.markdown(study_text(study, "replies", "poor-models"))
