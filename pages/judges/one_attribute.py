"""One attribute: which judge is good for what on it, and what to check."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest
from analysis.charts.inflation import dumbbell
from analysis.findings.check_plan import check_plan
from analysis.findings.false_reassurance import behind_finding, reassurance_finding
from analysis.findings.inflation import attribute_bias_finding
from analysis.findings.verdicts import answer
from analysis.wording.vocabulary import attribute_meaning
from pages.components.figures import show_figure
from pages.components.pickers import pick_attribute
from pages.components.verdicts import show_card, show_reasons
from pages.components.view import View

BIAS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]
RATES = ["judge", "attribute", "n_low", "n_reassured", *(f"false_reassurance{end}" for end in ("", "_low", "_high"))]


def show(view: View) -> None:
    """Draw the card of one attribute."""
    attribute = pick_attribute(view)
    chosen = view.selection.of_attribute(attribute)
    verdicts, bias, rates = (view.table(table, chosen) for table in ("verdicts", "inflation", "reassurance"))

    st.header(f"{attribute}: who is good for what")
    st.markdown(attribute_meaning(view.study, attribute))
    st.markdown(f"**{answer(view.study, verdicts, rates)}**")
    show_card(view, verdicts, "judge")
    show_reasons(view, verdicts, f"verdicts-{attribute}")

    st.header("What to check")
    by_model = view.table("inflation_by_model", chosen)
    st.markdown(check_plan(view.study, verdicts, by_model, rates, view.settings))

    st.header("How far judges score from the experts")
    finding = attribute_bias_finding(view.study, bias)
    show_figure(dumbbell, bias, finding=finding, view=view, name="means", data=bias[BIAS])

    st.header("What judges let pass")
    st.markdown(f"**{reassurance_finding(view.study, rates, view.settings)}**")
    show_figure(
        reassurance_forest,
        rates,
        finding=behind_finding(view.study, rates),
        view=view,
        name="reassurance",
        data=rates[RATES],
    )
