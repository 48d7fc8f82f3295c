"""Robustness: what a coefficient would be with other systems, other messages, or another seed."""

import streamlit as st

from analysis.agreement.stability import BANDS, OF_TIERS, TIERS
from analysis.charts.icc import COEFFICIENTS, intervals_side_by_side
from analysis.charts.stability import influence_heatmap, tiers_heatmap
from analysis.findings.icc import interval_finding, shortfall_finding
from analysis.findings.stability import influence_finding, seed_finding, stability_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_judge, rows_of
from pages.components.tables import show_table
from pages.components.view import View

SCALES = {"bands": BANDS, "tiers": TIERS}
SCALE_LABEL = {"bands": "Koo & Li's bands", "tiers": "The paper's tiers"}


def show(view: View) -> None:
    """Draw the intervals by what is resampled, the stability of readings, and the influence of single systems."""
    st.header("What is resampled, and what that answers")
    st.markdown(study_text(view.study, "robustness", "intervals"))
    judge = pick_judge(view)
    coefficient = view.filters.one(
        "coefficient", "Coefficient", list(COEFFICIENTS), "icc_c1", say=COEFFICIENTS.__getitem__, form="row"
    )
    bounds = [coefficient, f"{coefficient}_low", f"{coefficient}_high"]
    every = view.every_interval(judge)
    show_figure(
        intervals_side_by_side,
        every,
        coefficient,
        "interval",
        finding=interval_finding(view.study, every, coefficient, judge),
        view=view,
        name="intervals",
        data=every[["judge", "attribute", "interval", *bounds]],
    )
    if short := shortfall_finding(view.study, every, coefficient):
        st.warning(short, icon=":material/straighten:")

    st.header("How stable is a reading?")
    st.markdown(study_text(view.study, "robustness", "stability"))
    # Tiers are cut from the printed widths of one study.
    scales = list(SCALES) if view.study.published else ["bands"]
    scale = view.filters.one("scale", "Readings", scales, "bands", say=SCALE_LABEL.__getitem__, form="row")
    stability = view.table("stability")
    show_figure(
        tiers_heatmap,
        stability,
        SCALES[scale],
        finding=stability_finding(view.study, stability, SCALES[scale], view.settings.interval),
        view=view,
        name="stability",
        data=stability[["judge", "attribute", *SCALES[scale], "n_models"]],
        across_judges=True,
    )
    if view.study.published:
        st.markdown(seed_finding(view.study, stability))
    else:
        stability = stability.drop(columns=list(OF_TIERS))
    show_table(stability, view, "How stable readings are", name="stability")

    st.header("Does it rest on one model?")
    st.markdown(study_text(view.study, "robustness", "influence"))
    everyone = view.table("influence")
    influence = rows_of(everyone, judge=judge)
    st.markdown(influence_finding(view.study, everyone, coefficient))
    st.subheader(f"The models of {view.study.rater(judge)}")
    show_figure(
        influence_heatmap,
        influence,
        coefficient,
        finding=influence_finding(view.study, influence, coefficient),
        view=view,
        name="influence",
        data=influence[["judge", "attribute", "left_out", *bounds, f"shift_{coefficient.removeprefix('icc_')}"]],
    )
