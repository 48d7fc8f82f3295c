"""Consistency: whether a judge agrees with itself, before it is asked whether it agrees with experts."""

import streamlit as st

from analysis.findings.consistency import consistency_finding
from analysis.wording import study_text
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw how often ratings change when a judge is asked again, and by what changes that mean nothing."""
    st.markdown(study_text(view.study, "consistency"))
    if not asked_again(view):
        st.header("How to have it")
        st.info(study_text(view.study, "consistency", "needed"), icon=":material/replay:")
        return
    table = view.table("consistency")
    st.markdown(f"**{consistency_finding(view.study, table)}**")
    show_table(table, view, "Agreement of judges with themselves", name="consistency")


def asked_again(view: View) -> bool:
    """Whether a judge on screen was asked more than once."""
    ratings = view.dataset.ratings
    return ratings is not None and bool(ratings.retests["judge"].isin(view.selection.judges).any())
