"""One attribute on one page: which judge is good for what on it, and what to check by hand."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest
from analysis.charts.inflation import dumbbell
from analysis.findings.false_reassurance import behind_finding, reassurance_finding
from analysis.findings.inflation import attribute_bias_finding
from analysis.findings.verdicts import by_hand, good_for
from analysis.wording import study_text
from analysis.wording.vocabulary import attribute_meaning
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.pickers import pick_cell
from pages.components.verdicts import show_card, show_reasons, show_thresholds, show_why

BIAS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]
RATES = ["judge", "attribute", "n_low", "n_reassured", *(f"false_reassurance{end}" for end in ("", "_low", "_high"))]

view = open_page("attribute", "Which judge is good for one attribute?")
st.markdown(study_text(view.study, "attribute"))
judge, attribute = pick_cell(view)
chosen = view.selection.of_attribute(attribute)
verdicts, bias, rates = (view.table(table, chosen) for table in ("verdicts", "inflation", "reassurance"))

st.header(f"{attribute}: who is good for what")
st.markdown(attribute_meaning(view.study, attribute))
st.markdown(good_for(view.study, verdicts, "judge"))
show_card(view, verdicts, "judge")
show_why(view, verdicts, judge, attribute)
show_reasons(view, verdicts, f"verdicts-{attribute}")
show_thresholds(view)

st.header("What to check by hand")
st.markdown(by_hand(view.study, verdicts, bias, rates, view.settings))

st.header("How far judges score from the experts")
show_figure(dumbbell, bias, finding=attribute_bias_finding(view.study, bias), view=view, name="means", data=bias[BIAS])

st.header("What judges let pass")
st.markdown(f"**{reassurance_finding(view.study, rates, view.settings)}**")
show_figure(
    reassurance_forest,
    rates,
    finding=behind_finding(view.study, rates),
    view=view,
    name="reassurance",
    data=rates[RATES],
)
close_page(view)
