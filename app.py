"""Overview: what the study asked, what the ratings on screen say, and where to read on."""

import streamlit as st

from analysis.charts.reliability import reading_heatmap
from analysis.findings.inflation import inflation_finding
from analysis.findings.reliability import cautions, printed_finding, reading_finding, reliability_finding
from analysis.printed import printed_icc
from pages.parts.beyond import say_what_would_change
from pages.parts.figures import show_figure
from pages.parts.frame import PAGES, close_page, need_choice, open_page
from pages.parts.wording import text

view = open_page("overview", "When can an LLM judge stand in for a clinician?")
st.markdown(text("overview"))
need_choice(view)
icc, inflation = view.table("icc"), view.table("inflation")

st.header("What the ratings say")
for caution in cautions(icc, view.settings):
    st.warning(caution, icon=":material/straighten:")
st.markdown(f"{inflation_finding(inflation)} {reliability_finding(icc, view.settings)}")

st.header("How each judge reads on each attribute")
st.markdown(text(f"reading-{view.settings.scale}"))
heatmap = icc[
    ["judge", "attribute", "icc_c1", "icc_c1_low", "icc_c1_high", "ci_width", "reading", "n_targets", "n_pairs"]
]
show_figure(reading_heatmap, icc, finding=reading_finding(icc, view.settings), view=view, name="readings", data=heatmap)

if view.settings.scale == "paper-tiers" and not view.changes():
    st.caption(printed_finding(icc, printed_icc()))

say_what_would_change(view)

st.header("Where to go next")
for (path, label, icon), leads_to in zip(list(PAGES.values())[1:], text("next").splitlines(), strict=True):
    st.page_link(path, label=label, icon=icon, query_params=view.filters.link())
    st.caption(leads_to)
close_page(view)
