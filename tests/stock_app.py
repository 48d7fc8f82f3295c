"""A stock Streamlit app with the widgets that the pages have: what axe-core says of it is Streamlit's own."""

import pandas as pd
import streamlit as st

WORDS = ["first", "second", "third"]
NUMBERS = pd.DataFrame({"word": WORDS, "number": [0.5, 1.5, 2.5]})
BARS = {
    "mark": "bar",
    "encoding": {"x": {"field": "number", "type": "quantitative"}, "y": {"field": "word", "type": "nominal"}},
}

st.set_page_config(page_title="A stock app", layout="wide")
with st.sidebar:
    st.page_link("https://127.0.0.1/", label="A page", icon=":material/home:")
    st.radio("One", WORDS, horizontal=True, help="What it is")
    st.pills("Several", WORDS, selection_mode="multi", default=WORDS[:2], help="What they are")
    st.select_slider("A limit", WORDS)
    with st.expander("Choices", icon=":material/tune:"):
        st.selectbox("Of a list", WORDS, key="list")
    st.button("A button")
    st.caption("Where it comes from")
st.title("A stock app")
st.caption("What is on screen")
with st.popover("Pass it on", icon=":material/share:"):
    st.code("what a reader would copy", language=None, wrap_lines=True)
st.info("A notice", icon=":material/tune:")
st.warning("A warning", icon=":material/straighten:")
st.header("A heading")
st.selectbox("Of another list", WORDS)
st.markdown("**A finding.** And a [link](https://127.0.0.1/).")
st.vega_lite_chart(NUMBERS, BARS, alt="A chart")
st.download_button("Download", data="", on_click="ignore", icon=":material/download:")
with st.expander("A table", icon=":material/table:"):
    st.dataframe(NUMBERS, hide_index=True, alt="A table")
