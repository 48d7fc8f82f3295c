"""One judge on one page: what it is good for, where it inflates, what it lets pass, what to check by hand."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest
from analysis.charts.inflation import dumbbell
from analysis.findings.false_reassurance import behind_finding, reassurance_finding
from analysis.findings.inflation import judge_bias_finding
from analysis.findings.verdicts import by_hand, good_for
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.pickers import pick_cell
from pages.components.verdicts import show_card, show_reasons, show_thresholds, show_why

BIAS = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]
RATES = ["judge", "attribute", "n_low", "n_reassured", *(f"false_reassurance{end}" for end in ("", "_low", "_high"))]

view = open_page("judge", "What is one judge good for?")
st.markdown(study_text(view.study, "judge"))
judge, attribute = pick_cell(view)
name = view.study.rater(judge)
chosen = view.selection.of_judge(judge)
verdicts, bias, rates = (view.table(table, chosen) for table in ("verdicts", "inflation", "reassurance"))

st.header(f"What {name} is good for")
st.markdown(good_for(view.study, verdicts, "attribute"))
show_card(view, verdicts, "attribute")
show_why(view, verdicts, judge, attribute)
show_reasons(view, verdicts, f"verdicts-{judge}")
show_thresholds(view)

st.header("What to check by hand")
st.markdown(by_hand(view.study, verdicts, bias, rates, view.settings))

st.header("Where it scores above the experts")
show_figure(dumbbell, bias, finding=judge_bias_finding(view.study, bias), view=view, name="means", data=bias[BIAS])

st.header("What it lets pass")
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
