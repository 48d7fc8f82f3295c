"""What is told of one judge, or of one attribute: use verdicts with their reasons, what to check, bias, what passes."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest
from analysis.charts.inflation import dumbbell
from analysis.findings.check_plan import check_plan
from analysis.findings.false_reassurance import behind_finding, mixture_finding, reassurance_finding
from analysis.findings.verdicts import answer
from analysis.ratings.settings import Selection
from pages.components.figures import show_figure
from pages.components.verdicts import show_card, show_reasons
from pages.components.view import View

BIAS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]
RATES = ["judge", "attribute", "n_low", "n_reassured", *(f"false_reassurance{end}" for end in ("", "_low", "_high"))]


def show_uses(view: View, chosen: Selection, by: str, name: str) -> None:
    """Show what the judges of a selection are good for, in rows of ``by``, and what experts should check first."""
    verdicts, rates = view.table("verdicts", chosen), view.table("reassurance", chosen)
    st.markdown(f"**{answer(view.study, verdicts, rates, chosen.models)}**")
    if mixture := mixture_finding(view.study, view.table("reassurance_by_model", chosen)):
        st.caption(mixture)
    show_card(view, chosen, by)
    show_reasons(view, verdicts, f"verdicts-{name}")

    st.header("What to check")
    by_model = view.table("inflation_by_model", chosen)
    st.markdown(check_plan(view.study, verdicts, by_model, rates, view.settings))


def show_means(view: View, chosen: Selection, finding: str) -> None:
    """Show means of judges and experts side by side."""
    bias = view.table("inflation", chosen)
    show_figure(dumbbell, bias, finding=finding, view=view, name="means", data=bias[BIAS])


def show_passed(view: View, chosen: Selection) -> None:
    """Show what share of poor replies the judges call good."""
    rates = view.table("reassurance", chosen)
    st.markdown(f"**{reassurance_finding(view.study, rates, view.settings)}**")
    finding = behind_finding(view.study, rates)
    show_figure(reassurance_forest, rates, finding=finding, view=view, name="reassurance", data=rates[RATES])
