"""Panel: whether several judges together do better than the best of them."""

import streamlit as st

from analysis.charts.ranking import gain_forest
from analysis.findings.ranking import panel_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw what a panel gains, or say what it takes to form one."""
    st.markdown(study_text(view.study, "choosing", "panel-asks"))
    if not view.dataset.provenance.single_conversations:
        offer_ratings(view.study)
        return
    if len(view.selection.members) < 2:
        st.info("A panel takes at least two judges. Choose them under “Panel” or “Judges” in the sidebar.")
        return
    panel = view.table("panel")
    gain = ["gain", "gain_low", "gain_high", "shared_icc_a1", "best_member", "best_icc_a1", "n_shared"]
    show_figure(
        gain_forest,
        panel,
        finding=panel_finding(view.study, panel),
        view=view,
        name="gain",
        data=panel[["judge", "attribute", *gain]],
    )
    st.markdown(study_text(view.study, "choosing", "panel"))
    show_table(panel, view, "Panels of judges against the experts", name="panel")
