"""New systems: what judges give systems that no expert rated, beside those of the study."""

import streamlit as st

from analysis.charts.new_systems import difference_forest
from analysis.findings.new_systems import new_systems_finding
from analysis.wording import study_text
from data.names import plain_name
from data.study import ALL_SYSTEMS
from pages.components.figures import show_figure
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw each new system's differences from the study's systems on the same items, judge by judge."""
    st.markdown(study_text(view.study, "new-systems"))
    ratings = view.dataset.ratings
    if ratings is None or not ratings.new_systems["judge"].isin(view.selection.judges).any():
        st.header("How to have it")
        st.info(study_text(view.study, "new-systems", "needed"), icon=":material/add_circle:")
        return
    table = view.table("new-systems")
    if table.empty:
        st.info(new_systems_finding(view.study, table))
        return
    against_all = table["compared_with"] == ALL_SYSTEMS
    for place, (system, rows) in enumerate(table[against_all].groupby("new_system", sort=False)):
        st.header(plain_name(str(system)))
        show_figure(
            difference_forest,
            rows,
            finding=new_systems_finding(view.study, rows),
            view=view,
            name=f"new-systems-{place}",
            data=rows.reset_index(drop=True),
        )
    st.header("Against each system of the study")
    show_table(table[~against_all], view, "New systems against each system of the study", name="new-systems-each")
