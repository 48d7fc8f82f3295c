"""Halo: whether the attributes of the study mean several things to a judge."""

import streamlit as st

from analysis.agreement.multitrait import OF_JUDGE, of_judges
from analysis.charts.multitrait import matrix_cells, same_rating
from analysis.column import names
from analysis.findings.multitrait import (
    apart_finding,
    criteria_finding,
    factor_finding,
    halo_finding,
    too_few_attributes,
)
from analysis.ratings.needs import NeedsWholeRepliesError
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_judge, rows_of
from pages.components.tables import show_table
from pages.components.view import View

_READ_FIRST = [
    *("judge", "attribute", "told_apart", "validity", "validity_low", "validity_high", "other_attribute", "other_r"),
    *("other_r_low", "other_r_high", "discrimination", "discrimination_low", "discrimination_high", "campbell_fiske"),
    *("heteromethod", "heteromethod_low", "heteromethod_high", "monomethod", "monomethod_low", "monomethod_high"),
    "n_whole",
]
_SHARES = ["judge", "n_whole", *names(OF_JUDGE)[:9]]


def show(view: View) -> None:
    """Draw how alike judges rate different attributes, or say what that takes."""
    st.markdown(study_text(view.study, "halo"))
    if said := too_few_attributes(view.study):
        st.info(said)
        return
    try:
        halo, matrix = view.table("halo"), view.table("multitrait")
    except NeedsWholeRepliesError:
        st.info(study_text(view.study, "halo", "counts"))
        return
    show_figure(
        same_rating,
        halo,
        finding=halo_finding(view.study, halo),
        view=view,
        name="same-rating",
        data=of_judges(halo)[_SHARES],
    )
    st.markdown(factor_finding(view.study, halo))
    # A panel's ratings are means of whole replies' ratings, of which there is no matrix.
    picked = pick_judge(view)
    judge = picked if picked in view.selection.judges else view.selection.judges[0]
    matrix = rows_of(matrix, judge=judge)
    show_figure(
        matrix_cells,
        matrix,
        finding=apart_finding(view.study, rows_of(halo, judge=judge), judge),
        view=view,
        name="multitrait",
        data=matrix,
    )
    st.markdown(study_text(view.study, "halo", "matrix"))
    st.markdown(f"**{criteria_finding(view.study, halo)}**")
    show_table(halo[_READ_FIRST], view, "Which attributes judges tell apart", name="halo")
    show_table(of_judges(halo), view, "How alike raters rate different attributes", name="halo-judges")
    st.markdown(study_text(view.study, "halo", "limits"))
