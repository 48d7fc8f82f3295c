"""Single replies: how often a judge calls a poor reply good, and how well single ratings agree."""

import streamlit as st

from analysis.charts.false_reassurance import reassurance_forest, reassurance_of_models
from analysis.charts.inflation import rating_bars
from analysis.charts.ordinal import agreement_of_judge
from analysis.findings.false_reassurance import (
    behind_finding,
    mixture_finding,
    model_reassurance_finding,
    reassurance_finding,
)
from analysis.findings.inflation import distribution_finding
from analysis.findings.ordinal import always_five_finding, ordinal_finding, paradox_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.pickers import pick_cell
from pages.components.tables import show_table

RATES = [
    *("judge", "attribute", "n_low", "n_reassured", "false_reassurance", "false_reassurance_low"),
    *("false_reassurance_high", "n_high", "reverse", "reverse_low", "reverse_high"),
]

view = open_page("replies", "Can a judge rate a single reply?")
rates, agreement = view.table("reassurance")[RATES], view.table("ordinal")
by_models = view.table("reassurance_by_model")
st.markdown(f"**{reassurance_finding(view.study, rates, view.settings)}** {mixture_finding(view.study, by_models)}")
if view.settings.ratings == "as-released":
    st.warning(study_text(view.study, "replies", "zeros"), icon=":material/exposure_zero:")
st.markdown(study_text(view.study, "replies"))

st.header("How often does a judge call a poor reply good?")
show_figure(
    reassurance_forest,
    rates,
    finding=behind_finding(view.study, rates),
    view=view,
    name="reassurance",
    data=rates[RATES[:7]],
)
show_table(rates, view, "False reassurance of every judge and attribute", name="rates")
st.markdown(study_text(view.study, "replies", "reassurance"))

st.header("One judge and attribute")
judge, attribute = pick_cell(view)
st.subheader(f"Whose poor replies does {view.study.rater(judge)} call good?")
by_model = by_models.query("judge == @judge and attribute == @attribute and n_low > 0")
show_figure(
    reassurance_of_models,
    by_model,
    finding=model_reassurance_finding(view.study, by_model, judge, attribute),
    view=view,
    name="reassurance-by-model",
    data=by_model[["judge", "attribute", "model", *RATES[2:]]],
)
st.markdown(study_text(view.study, "replies", "poor-models"))

st.header("How well do single ratings agree?")
st.markdown(f"**{ordinal_finding(view.study, agreement)}**")
show_table(agreement, view, "Agreement of judges with experts on single replies", name="ordinal")
st.subheader(f"Every coefficient of {view.study.rater(judge)} together")
of_judge = agreement.query("judge == @judge")
show_figure(
    agreement_of_judge,
    of_judge,
    finding=paradox_finding(view.study, of_judge, judge),
    view=view,
    name="agreement",
    data=of_judge,
)
st.subheader(f"What the experts and {view.study.rater(judge)} give on {attribute}")
ratings = view.table("distribution").query("judge == @judge and attribute == @attribute")
finding = distribution_finding(view.study, ratings, judge, attribute)
show_figure(rating_bars, ratings, judge, finding=finding, view=view, name="reply-ratings", data=ratings)
st.markdown(
    f"**{always_five_finding(view.study, of_judge.query('attribute == @attribute'), ratings, judge, attribute)}**"
)
st.markdown(study_text(view.study, "replies", "paradox"))
close_page(view)
