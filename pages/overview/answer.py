"""The answer: what each judge may be used for, why, and what to check."""

import streamlit as st

from analysis.findings.check_plan import check_plan
from analysis.findings.false_reassurance import mixture_finding
from analysis.findings.icc import cautions, few_targets
from analysis.findings.verdicts import answer
from analysis.wording import study_text
from analysis.wording.vocabulary import USE
from pages.components.places import PLACES, page_of, query_of
from pages.components.sharing import offer_summary
from pages.components.verdicts import show_reasons, show_use
from pages.components.view import View


def show(view: View) -> None:
    """Draw the answer."""
    verdicts, rates = view.table("verdicts"), view.table("reassurance")
    icc = view.table("icc")
    if few := few_targets(icc, view.settings):
        st.warning(few, icon=":material/straighten:")
    st.markdown(f"**{answer(view.study, verdicts, rates, view.selection.models)}**")
    mixture = mixture_finding(view.study, view.table("reassurance_by_model"))
    noted = [note for note in cautions(view.study, icc, view.settings) if note != few]
    st.caption(" ".join(filter(None, [mixture, study_text(view.study, "overview"), *noted])))
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_summary(view)
        st.page_link(
            page_of(PLACES["methods"]),
            label="Why: how verdicts are made",
            icon=":material/help:",
            query_params=query_of(view, "methods", "verdicts"),
        )

    use, place = view.filters.tab("use", {use: label for use, (label, _, _) in USE.items()})
    with place:
        _, question, means = USE[use]
        st.caption(f"**{question}** That is, {means}. {study_text(view.study, 'overview', 'cell')}")
        show_use(view, verdicts, use)

    st.header("What to check")
    by_model = view.table("inflation_by_model")
    st.markdown(check_plan(view.study, verdicts, by_model, rates, view.settings))
    show_reasons(view, verdicts, "verdicts")
