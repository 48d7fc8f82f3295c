"""Scores: CSS and ARS of every model as the experts and as each judge see them."""

import streamlit as st

from analysis.charts.scores import both_scores, score_by_model
from analysis.decisions.scores import human_table, measures, score_table
from analysis.findings.scores import plane_finding, score_finding
from analysis.wording import study_text
from data.study import HUMAN
from pages.components.figures import show_figure, show_panels
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw the scores of every system as each rater gives them, then all means."""
    study = view.study
    st.markdown(study_text(study, "scores"))
    intervals = view.table("scores")
    wide = score_table(study, intervals)
    raters = [HUMAN, *view.selection.every_judge]
    whole = [measure for measure in measures(study) if (intervals["measure"] == measure).any()]

    for group in study.groups:
        st.header(f"{group.label} of every model")
        st.caption(group.meaning)
        if group.key in whole:
            rows = intervals[intervals["measure"] == group.key]
            finding = score_finding(study, intervals, group.key)
            show_figure(score_by_model, intervals, group.key, finding=finding, view=view, name=group.key, data=rows)
        else:
            st.info(f"{group.label} needs {', '.join(group.attributes)}: choose them all in the sidebar, or none.")

    if len(study.groups) == 2:
        one, other = study.groups
        st.header(f"{one.label} and {other.label} together")
        if {one.key, other.key} <= set(whole):
            show_panels(
                both_scores,
                intervals,
                {rater: study.rater(rater) for rater in raters if rater in set(wide["rater"])},
                finding=plane_finding(study, wide),
                view=view,
                name="both",
                data=intervals[intervals["measure"].isin([one.key, other.key])],
            )
        else:
            st.info(f"This needs all of {one.label} and {other.label}: choose them all in the sidebar, or none.")

    st.header("All means")
    show_table(wide, view, "Means of every rater and model", name="scores")
    if study.published:
        st.subheader("The experts' table of the paper")
        st.markdown(study_text(view.study, "scores", "paper-table"))
        table = human_table(study, wide)
        show_table(table, view, "Experts' means of the language models", name="paper-table")
