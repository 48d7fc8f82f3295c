"""Generalizability: what ratings differ by, and how far one rater's scores would generalise."""

import streamlit as st

from analysis.agreement.generalizability import COEFFICIENTS, component_shares, decision_study
from analysis.charts.sample_size import coefficient_lines, component_bars
from analysis.findings.sample_size import completeness, component_finding, reach_finding, study_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw components of variance, and the coefficients that follow from them."""
    st.markdown(study_text(view.study, "planning", "generalizability"))
    if not view.dataset.provenance.single_conversations:
        offer_ratings(view.study)
        return
    judge, attribute = pick_cell(view)
    components = view.table("generalisability")

    st.header("What ratings differ by")
    shares = rows_of(component_shares(components), judge=judge)
    finding = component_finding(view.study, shares)
    show_figure(component_bars, shares, finding=finding, view=view, name="components", data=shares)
    st.markdown(study_text(view.study, "planning", "components"))
    st.caption(completeness(view.study, components))

    st.header("How far one rater's scores would generalise")
    st.markdown(reach_finding(view.study, components))
    reached, here = (rows_of(table, attribute=attribute) for table in (decision_study(components), components))
    show_figure(
        coefficient_lines,
        reached,
        here,
        finding=study_finding(view.study, reached),
        view=view,
        name="coefficients",
        data=reached,
    )
    st.markdown(study_text(view.study, "planning", "coefficients"))
    show_table(
        components[list(COEFFICIENTS)],
        view,
        "Generalisability and dependability of one rater's scores",
        name="coefficients-all",
    )
