"""Does it matter: margins, limits of agreement, and the parts of the error."""

import streamlit as st

from analysis.charts.bland_altman import bland_altman, equivalence, error_parts_bars
from analysis.findings.bland_altman import equivalence_finding, limits_finding, neighbours_finding, parts_finding
from analysis.findings.calibration import remaining_bias_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw margins of every pair, then limits and errors of one."""
    limits = view.table("agreement-limits")
    st.markdown(study_text(view.study, "inflation", "equivalence"))
    show_figure(
        equivalence,
        limits,
        finding=equivalence_finding(view.study, limits),
        view=view,
        name="equivalence",
        data=limits[["judge", "attribute", "bias", *(name for name in limits if "equivalen" in name)]],
    )
    _show_neighbours(view)
    st.header("What a correction leaves of the bias")
    st.markdown(f"**{remaining_bias_finding(view.study, view.table('correction'))}**")
    st.markdown(study_text(view.study, "inflation", "remaining"))

    judge, attribute = pick_cell(view)
    st.header("How far does one rating lie from the experts'?")
    st.markdown(study_text(view.study, "inflation", "limits"))
    cell, density = (
        rows_of(table, judge=judge, attribute=attribute) for table in (limits, view.table("difference_density"))
    )
    show_figure(
        bland_altman,
        density,
        cell,
        finding=limits_finding(view.study, cell.iloc[0]),
        view=view,
        name="limits",
        data=density.rename(columns={"mean": "mean_of_both", "difference": "judge_minus_human"}),
    )
    st.subheader("What the error is made of")
    parts = rows_of(limits, judge=judge)
    show_figure(
        error_parts_bars,
        parts,
        finding=parts_finding(view.study, parts, judge),
        view=view,
        name="error-parts",
        data=parts[["judge", "attribute", *(name for name in limits if name.startswith("mse"))]],
    )
    st.markdown(study_text(view.study, "inflation", "error-parts"))
    st.subheader("All limits")
    show_table(limits, view, "Margins, limits of agreement and parts of the error", name="limits")


def _show_neighbours(view: View) -> None:
    st.header("What if neighbours in the file count as one?")
    st.markdown(study_text(view.study, "inflation", "neighbours"))
    if not view.dataset.provenance.single_conversations:
        offer_ratings(view.study)
        return
    neighbours = view.table("bias_by_neighbours")
    st.markdown(f"**{neighbours_finding(view.study, neighbours, view.settings.margin)}**")
    show_table(neighbours, view, "Bias clustered by neighbours", name="neighbours")
