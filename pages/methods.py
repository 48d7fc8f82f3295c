"""Methods: every term in plain words and with its formula, the data, the limits, how to cite."""

import streamlit as st

from analysis.wording import sections, terms, text
from pages.parts.frame import close_page, open_page
from pages.parts.replies import offer_replies

view = open_page("methods", "How the figures are made")
for section in ("study", "presets", "limits", "sources", "citation"):
    st.header(sections("methods")[section].title)
    st.markdown(text("methods", section))

st.header("How often intervals hold what they should")
st.markdown(text("methods", "coverage"))
with st.expander("Every simulation", icon=":material/casino:"):
    st.markdown(text("coverage"))

st.header("The replies themselves")
offer_replies()

st.header("Every term")
for term in terms().values():
    with st.expander(term.name):
        st.markdown(term.plain)
        if term.rest:
            st.markdown(term.rest)

st.header("Worked examples")
with st.expander("From ratings to figures, in small tables", icon=":material/calculate:"):
    st.markdown(text("examples").replace("## ", "### "))

st.header("References")
st.markdown(text("references"))
close_page(view)
