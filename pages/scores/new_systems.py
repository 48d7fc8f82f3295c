"""New systems: what judges give systems that no expert rated, beside those of the study."""

import streamlit as st

from analysis.findings.new_systems import new_systems_finding
from analysis.wording import study_text
from data.study import ALL_SYSTEMS
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw each new system's means by judges, and the differences from the study's systems on the same items."""
    st.markdown(study_text(view.study, "new-systems"))
    ratings = view.dataset.ratings
    if ratings is None or not ratings.new_systems["judge"].isin(view.selection.judges).any():
        st.header("How to have it")
        st.info(study_text(view.study, "new-systems", "needed"), icon=":material/add_circle:")
        return
    table = view.table("new-systems")
    st.markdown(f"**{new_systems_finding(view.study, table)}**")
    if table.empty:
        return
    against_all = table["compared_with"] == ALL_SYSTEMS
    show_table(table[against_all], view, "New systems against all systems of the study", name="new-systems")
    st.header("Against each system of the study")
    show_table(table[~against_all], view, "New systems against each system of the study", name="new-systems-each")
