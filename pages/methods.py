"""Methods: every term in plain words and with its formula, the data, the limits, how to cite."""

import streamlit as st

from analysis.wording import sections_of, study_text, text
from data.card import data_card
from pages.components.frame import PAGES, close_page, open_page
from pages.components.replies import offer_replies
from pages.components.terms import show_terms

view = open_page("methods", "How the figures are made")
st.markdown(study_text(view.study, "methods"))
for section in ("study", "presets", "limits", "sources", "citation"):
    st.header(sections_of(view.study, "methods")[section].title)
    st.markdown(study_text(view.study, "methods", section))

st.header("How often verdicts are right")
st.markdown(study_text(view.study, "methods", "operating"))
every_judge = st.expander("Every judge that was simulated", icon=":material/casino:", key="judges", on_change="rerun")
if every_judge.open:
    every_judge.markdown(text("operating"))

st.header("How often intervals hold what they should")
st.markdown(study_text(view.study, "methods", "coverage"))
# Long tables, which a browser takes seconds to draw.
every_interval = st.expander("Every simulation", icon=":material/casino:", key="simulations", on_change="rerun")
if every_interval.open:
    every_interval.markdown(text("coverage"))

if view.study.published:
    st.header("The data card")
    with st.expander("Origin, files, columns, faults, uses, limits", icon=":material/dataset:"):
        st.markdown(data_card(view.dataset).partition("\n")[2].replace("\n## ", "\n### "))

    st.header("The replies themselves")
    offer_replies(view.study)
    st.page_link(PAGES["benchmark"].path, label="Search and read them", query_params=view.filters.link())

st.header("Every term")
show_terms(view.study)

st.header("Worked examples")
with st.expander("From ratings to figures, in small tables", icon=":material/calculate:"):
    st.markdown(text("examples").replace("## ", "### "))

st.header("References")
st.markdown(text("references"))
close_page(view)
