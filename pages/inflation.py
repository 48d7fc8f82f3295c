"""Inflation: how far judges score above the experts."""

import streamlit as st

from analysis.charts.inflation import bias_by_model, bias_heatmap, dumbbell, rating_bars
from analysis.findings.inflation import distribution_finding, dumbbell_finding, inflation_finding, model_bias_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.length import show_length
from pages.components.limits import show_limits
from pages.components.pickers import pick_cell
from pages.components.tables import show_table

view = open_page("inflation", "How far do judges score above the experts?")
st.markdown(study_text(view.study, "inflation"))
bias = view.table("inflation")
columns = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "n_pairs"]

st.header("From the experts' mean to the judge's")
show_figure(dumbbell, bias, finding=dumbbell_finding(view.study, bias), view=view, name="means", data=bias[columns])

st.header("Bias of every judge and attribute")
show_figure(bias_heatmap, bias, finding=inflation_finding(view.study, bias), view=view, name="bias", data=bias[columns])
st.markdown(study_text(view.study, "inflation", "bias"))

st.header("One judge and attribute")
judge, attribute = pick_cell(view)
ratings = view.table("distribution").query("judge == @judge and attribute == @attribute")
show_figure(
    rating_bars,
    ratings,
    judge,
    finding=distribution_finding(view.study, ratings, judge, attribute),
    view=view,
    name="ratings",
    data=ratings,
)
st.subheader("Bias on each model's replies")
by_model = view.table("inflation_by_model").query("judge == @judge and attribute == @attribute")
show_figure(
    bias_by_model,
    by_model,
    finding=model_bias_finding(view.study, by_model, judge, attribute),
    view=view,
    name="bias-by-model",
    data=by_model[["judge", "attribute", "model", *columns[2:]]],
)

st.header("All figures")
show_table(bias, view, "Inflation of judges against experts", name="inflation")
show_limits(view, judge, attribute)
show_length(view, judge, attribute)
close_page(view)
