"""Reliability: whether a judge orders and scores as the experts do, and how sure that is."""

import streamlit as st

from analysis.charts.icc import COEFFICIENTS, consistency_against_agreement, forest, intervals_side_by_side
from analysis.findings.icc import cautions, forest_finding, gap_finding, reliability_finding
from analysis.findings.stability import levels_finding
from analysis.wording import study_text
from analysis.wording.filling import in_words
from pages.components.crosscheck import offer_crosscheck
from pages.components.experts import show_experts, with_one_more
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.multitrait import show_multitrait
from pages.components.pickers import pick_judge
from pages.components.tables import show_table

READ_FIRST = [
    *("judge", "attribute", "reading", "icc_c1", "icc_c1_low", "icc_c1_high", "ci_width"),
    *("reading_a1", "icc_a1", "icc_a1_low", "icc_a1_high", "n_targets", "n_pairs", "score", "level", "discarded"),
]

view = open_page("reliability", "Does the judge follow the experts?")
st.markdown(study_text(view.study, "reliability"))
icc = view.table("icc")
# The paper reads its own intervals only.
columns = [name for name in READ_FIRST if view.settings.readings != "paper-tiers" or name != "reading_a1"]
for caution in cautions(view.study, icc, view.settings):
    st.warning(caution, icon=":material/straighten:")

st.header("Every judge and attribute")
st.markdown(f"**{reliability_finding(view.study, icc, view.settings)}**")
show_table(icc[columns], view, "Intraclass correlations of judges with experts", name="icc")
st.markdown(study_text(view.study, "shared", f"reading-{view.settings.readings}"))
offer_crosscheck(view)

st.header("How sure are we?")
coefficient = view.filters.one(
    "coefficient", "Coefficient", list(COEFFICIENTS), "icc_c1", say=COEFFICIENTS.__getitem__, form="row"
)
bounds = [coefficient, f"{coefficient}_low", f"{coefficient}_high"]
show_figure(
    forest,
    with_one_more(view, icc),
    coefficient,
    finding=forest_finding(view.study, icc, coefficient),
    view=view,
    name="forest",
    data=icc[["judge", "attribute", *bounds, "n_targets", "n_pairs"]],
)

st.header("Two questions: ranking systems, rating a reply")
st.markdown(study_text(view.study, "reliability", "levels"))
judge = pick_judge(view)
both = view.table("levels", view.selection.of_judge(judge))
show_figure(
    intervals_side_by_side,
    both,
    coefficient,
    "level",
    finding=levels_finding(view.study, both, coefficient, judge),
    view=view,
    name="levels",
    data=both[["judge", "attribute", "level", *bounds, "n_targets", "n_pairs"]],
)

st.header("How well do the experts agree?")
show_experts(view, coefficient, judge)

st.header("Who ranks well but scores differently?")
show_figure(
    consistency_against_agreement,
    icc,
    finding=gap_finding(view.study, icc),
    view=view,
    name="consistency-agreement",
    data=icc[["judge", "attribute", "icc_c1", "icc_a1", "n_targets", "n_pairs"]],
)
st.markdown(study_text(view.study, "reliability", "gap"))

attributes = in_words(len(view.study.attributes))
st.header(f"Do {attributes} attributes mean {attributes} things?")
show_multitrait(view)
close_page(view)
