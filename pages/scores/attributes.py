"""Attributes and ranks: every attribute of every model as one rater sees it, and the order under each rater."""

from functools import partial

import streamlit as st

from analysis.charts.scores import attribute_heatmap, rank_heatmap
from analysis.decisions.scores import measures, rank_table
from analysis.findings.scores import attribute_finding, rank_finding
from analysis.wording import study_text
from analysis.wording.vocabulary import measure_label
from data.study import HUMAN
from pages.components.figures import show_figure
from pages.components.view import View


def show(view: View) -> None:
    """Draw the means of one rater, and the ranks under all."""
    study = view.study
    st.markdown(study_text(study, "scores", "attributes"))
    intervals = view.table("scores")
    raters = [HUMAN, *view.selection.every_judge]
    whole = [measure for measure in measures(study) if (intervals["measure"] == measure).any()]

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
        st.markdown(study_text(study, "scores", "ranks"))
    else:
        st.info("Ranks need a whole score: choose all attributes of one in the sidebar.")
