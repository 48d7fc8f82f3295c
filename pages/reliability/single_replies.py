"""Single replies: how well single ratings agree."""

import streamlit as st

from analysis.charts.inflation import rating_bars
from analysis.charts.ordinal import agreement_of_judge
from analysis.findings.inflation import distribution_finding
from analysis.findings.ordinal import always_five_finding, ordinal_finding, paradox_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw ordinal coefficients of all pairs, then of one."""
    agreement = view.table("ordinal")
    st.markdown(f"**{ordinal_finding(view.study, agreement)}**")
    show_table(agreement, view, "Agreement of judges with experts on single replies", name="ordinal")

    judge, attribute = pick_cell(view)
    st.header(f"Every coefficient of {view.study.rater(judge)} together")
    of_judge = rows_of(agreement, judge=judge)
    show_figure(
        agreement_of_judge,
        of_judge,
        finding=paradox_finding(view.study, of_judge, judge),
        view=view,
        name="agreement",
        data=of_judge,
    )
    st.header(f"What the experts and {view.study.rater(judge)} give on {attribute}")
    ratings = rows_of(view.table("distribution"), judge=judge, attribute=attribute)
    finding = distribution_finding(view.study, ratings, judge, attribute)
    show_figure(rating_bars, ratings, judge, finding=finding, view=view, name="reply-ratings", data=ratings)
    here = rows_of(of_judge, attribute=attribute)
    st.markdown(f"**{always_five_finding(view.study, here, ratings, judge, attribute)}**")
    st.markdown(study_text(view.study, "replies", "paradox"))
