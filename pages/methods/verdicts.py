"""Verdicts: their rules, where the bounds come from, and how often verdicts and intervals are right."""

import streamlit as st

from analysis.findings.verdicts import rules
from analysis.wording import sections_of, simulations, study_text
from pages.components.view import View


def show(view: View) -> None:
    """Draw the rules, and what simulations say of them."""
    st.header("What must hold for a verdict")
    st.markdown(rules(view.settings))
    for section in ("bounds", "robustness", "unsaid"):
        st.subheader(sections_of(view.study, "methods")[section].title)
        st.markdown(study_text(view.study, "methods", section))

    # Long tables, which a browser takes seconds to draw.
    st.header("How often verdicts are right")
    st.markdown(study_text(view.study, "methods", "operating"))
    judges = st.expander("Every simulated judge", icon=":material/casino:", key="judges", on_change="rerun")
    if judges.open:
        judges.markdown(simulations("operating-characteristics"))

    st.header("How often intervals hold what they should")
    st.markdown(study_text(view.study, "methods", "coverage"))
    intervals = st.expander("Every simulated interval", icon=":material/casino:", key="simulations", on_change="rerun")
    if intervals.open:
        intervals.markdown(simulations("coverage"))
