"""Overview: what each judge may be used for, what it would cost to be wrong, and where to read on."""

from itertools import groupby

import streamlit as st

from analysis.findings.false_reassurance import mixture_finding, reassurance_finding
from analysis.findings.icc import cautions, printed_finding, reading_finding
from analysis.findings.inflation import attribute_bias_finding
from analysis.findings.verdicts import overview_finding, use_finding, uses_in_short
from analysis.ratings.settings import Settings
from analysis.reproduction.printed import printed_icc
from analysis.wording import study_text
from analysis.wording.vocabulary import USE
from pages.components.figures import show_figure
from pages.components.frame import PAGES, close_page, open_page, places_of
from pages.components.verdicts import show_reasons, show_thresholds, show_use

ICC = ["judge", "attribute", "icc_c1", "icc_c1_low", "icc_c1_high", "ci_width", "reading", "n_targets", "n_pairs"]

view = open_page("overview", "When can an LLM judge stand in for a clinician?")
st.markdown(study_text(view.study, "overview"))
verdicts = view.table("verdicts")

st.header("In short")
st.markdown(f"**{overview_finding(view.study, verdicts)}**\n{uses_in_short(view.study, verdicts)}")
reassured, mixture = view.table("reassurance"), view.table("reassurance_by_model")
st.markdown(f"**{reassurance_finding(view.study, reassured, view.settings)}** {mixture_finding(view.study, mixture)}")
st.markdown(f"**{attribute_bias_finding(view.study, view.table('inflation'))}**")

st.header("What may each judge be used for?")
scale = "The paper's tiers" if view.settings.readings == "paper-tiers" else "Koo & Li's bands"
kinds = {"verdicts": "Use verdicts", "readings": scale}
shown = view.filters.one("matrix", "Show", list(kinds), "verdicts", say=kinds.__getitem__, form="row")
if shown == "verdicts":
    st.markdown(study_text(view.study, "overview", "verdicts"))
    for caution in cautions(view.study, view.table("icc"), view.settings):
        st.warning(caution, icon=":material/straighten:")
    for use, (_, question, means) in USE.items():
        st.subheader(question)
        st.markdown(f"That is, {means}. {use_finding(view.study, verdicts, use)}")
        show_use(view, verdicts, use)
    show_reasons(view, verdicts, "verdicts")
    show_thresholds(view)
else:
    # Imported where it is used, so that the app opens without the library that draws charts.
    from analysis.charts.icc import reading_heatmap

    icc = view.table("icc")
    for caution in cautions(view.study, icc, view.settings):
        st.warning(caution, icon=":material/straighten:")
    st.markdown(study_text(view.study, "shared", f"reading-{view.settings.readings}"))
    finding = reading_finding(icc, view.settings)
    show_figure(reading_heatmap, icc, finding=finding, view=view, name="readings", data=icc[ICC])
    if view.study.published and view.settings == Settings.of(view.study, "paper", **view.settings.limits):
        st.caption(printed_finding(view.study, icc, printed_icc(view.study)))

st.header("Where to go next")
said = dict(zip(list(PAGES.values())[1:], study_text(view.study, "overview", "next").splitlines(), strict=True))
places = list(places_of(view.study).values())[1:]
for column, (group, some) in zip(st.columns(3), groupby(places, key=lambda place: place.group), strict=True):
    column.subheader(group)
    for place in some:
        column.page_link(place.path, label=place.label, icon=place.icon, query_params=view.filters.link())
        column.caption(said[place])
close_page(view)
