"""Scores: CSS and ARS of every model as the experts and as each judge see them."""

from functools import partial

import streamlit as st

from analysis.charts.scores import attribute_heatmap, both_scores, rank_heatmap, score_by_model
from analysis.decisions.scores import human_table, measures, rank_table, score_table
from analysis.findings.scores import attribute_finding, plane_finding, rank_finding, score_finding
from analysis.wording import study_text
from analysis.wording.vocabulary import measure_label
from data.study import HUMAN
from pages.components.figures import show_figure, show_panels
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw the scores of every system as each rater gives them, then attributes, ranks and all means."""
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

    st.header("Every attribute, as one rater sees it")
    rater = view.filters.one("rater", "Rater", raters, HUMAN, say=study.rater, form="row")
    seen = intervals[(intervals["rater"] == rater) & intervals["measure"].isin(study.attribute_names)]
    finding = attribute_finding(study, seen, rater)
    show_figure(attribute_heatmap, seen, finding=finding, view=view, name="attributes", data=seen)

    st.header("Rank of each model under each rater")
    if whole:
        label = partial(measure_label, study)
        measure = view.filters.one("rank_by", "Rank by", whole, whole[-1], say=label, form="row")
        ranks = rank_table(intervals, measure)
        finding = rank_finding(study, ranks, measure)
        show_figure(rank_heatmap, ranks, finding=finding, view=view, name="ranks", data=ranks)
        st.markdown(study_text(view.study, "scores", "ranks"))
    else:
        st.info("Ranks need a whole score: choose all attributes of one in the sidebar.")

    st.header("All means")
    show_table(wide, view, "Means of every rater and model", name="scores")
    if study.published:
        st.subheader("The experts' table of the paper")
        st.markdown(study_text(view.study, "scores", "paper-table"))
        table = human_table(study, wide)
        show_table(table, view, "Experts' means of the language models", name="paper-table")
