"""Compare judges: how reliably each follows the experts, and whether it scores as they do."""

import streamlit as st

from analysis.charts.icc import consistency_against_agreement, reading_heatmap
from analysis.charts.inflation import bias_heatmap
from analysis.findings.icc import cautions, gap_finding, printed_finding, reading_finding
from analysis.findings.inflation import inflation_finding
from analysis.findings.leaderboard import leaderboard_finding
from analysis.ratings.settings import Settings
from analysis.reproduction.printed import printed_icc
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.tables import show_table
from pages.components.view import View

ICC = ["judge", "attribute", "icc_c1", "icc_c1_low", "icc_c1_high", "ci_width", "reading", "n_targets", "n_pairs"]
BIAS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]


def show(view: View) -> None:
    """Draw judges beside each other."""
    study, settings = view.study, view.settings
    icc, bias = view.table("icc"), view.table("inflation")
    for caution in cautions(study, icc, settings):
        st.warning(caution, icon=":material/straighten:")

    board = view.table("leaderboard")
    st.header("Who may be used for what?")
    st.markdown(f"**{leaderboard_finding(study, board)}**")
    show_table(board, view, "Judges by use", name="leaderboard")

    st.header("Who follows the experts' order?")
    finding = reading_finding(icc, settings)
    show_figure(reading_heatmap, icc, finding=finding, view=view, name="readings", data=icc[ICC], across_judges=True)
    st.markdown(study_text(study, "shared", f"reading-{settings.readings}"))
    if study.published and settings == Settings.of(study, "paper", **settings.limits):
        st.caption(printed_finding(study, icc, printed_icc(study)))

    st.header("Who scores as the experts do?")
    show_figure(
        bias_heatmap,
        bias,
        finding=inflation_finding(study, bias),
        view=view,
        name="bias",
        data=bias[BIAS],
        across_judges=True,
    )

    st.header("Who ranks well but scores differently?")
    show_figure(
        consistency_against_agreement,
        icc,
        finding=gap_finding(study, icc),
        view=view,
        name="consistency-agreement",
        data=icc[["judge", "attribute", "icc_c1", "icc_a1", "n_targets", "n_pairs"]],
    )
    st.markdown(study_text(study, "reliability", "gap"))
