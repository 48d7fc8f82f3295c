"""Reproduction: the paper's printed figures against the same figures made from the ratings."""

import streamlit as st

from analysis.findings.reproduction import (
    copied_finding,
    discard_finding,
    in_turn_finding,
    misprint_findings,
    partial_finding,
    reproduction_finding,
    selfcheck_finding,
    table_findings,
)
from analysis.ratings.settings import CHOICES, Settings
from analysis.reproduction.comparison import SHEETS, icc_as_printed, narrowed, of_sheet
from analysis.reproduction.names import SHEET_LABEL
from analysis.reproduction.sensitivity import switch_table
from analysis.wording import study_text
from pages.components.cached import against_themselves
from pages.components.tables import draw_grid, offer_csv, show_table
from pages.components.view import View

SWITCHES = {"hidden": "Not now", "shown": "Compute and show"}


def show(view: View) -> None:
    """Draw printed figures beside recomputed ones, and what explains those that differ."""
    st.markdown(study_text(view.study, "reproduction"))
    everything = view.reproduction()
    figures = narrowed(everything, view.selection)

    st.markdown(f"**{reproduction_finding(figures)}**")
    st.markdown("\n".join(f"- {said}" for said in table_findings(figures)))
    st.markdown(study_text(view.study, "reproduction", "what"))

    st.header("The printed table of ICCs, with its tiers")
    show_table(icc_as_printed(view.study, figures), view, "ICCs and tiers as the paper prints them", name="printed-icc")

    st.header("A copied row, found by its figures")
    kept, without = (
        narrowed(
            view.reproduction(Settings.of(view.study, "paper", repeated=policy, interval="exact-f")), view.selection
        )
        for policy in CHOICES["repeated"]
    )
    st.markdown(f"**{copied_finding(view.study, view.dataset.provenance.repeats, kept, without)}**")
    if view.dataset.ratings is not None:
        st.markdown(in_turn_finding(view.study, view.table("left_out_in_turn")))
    st.markdown(study_text(view.study, "reproduction", "copied"))

    st.header("Printed tables against themselves")
    checks, proved = against_themselves(everything)
    st.markdown(selfcheck_finding(checks))
    found = misprint_findings(view.study, narrowed(proved, view.selection))
    st.markdown("\n\n".join([*found, study_text(view.study, "reproduction", "misprint" if found else "no-misprint")]))

    st.header("Every printed figure")
    sheet = view.filters.one(
        "printed", "Figures", list(SHEETS), "coefficients", say=SHEET_LABEL.__getitem__, form="row"
    )
    show_table(
        of_sheet(figures, sheet), view, f"Printed and recomputed: {SHEET_LABEL[sheet]}", name=f"reproduction-{sheet}"
    )
    st.markdown(study_text(view.study, "reproduction", "verdicts"))

    st.header("What each setting does to the verdicts")
    st.markdown(study_text(view.study, "reproduction", "switches"))
    shown = view.filters.one(
        "switches", "One setting changed", list(SWITCHES), "hidden", say=SWITCHES.__getitem__, form="row"
    )
    if shown == "shown":
        with st.spinner("Drawing 200 seeds under each setting"):
            switched = view.every_switch()
        counts, title = switch_table(switched), "Verdicts with one of the paper's settings changed"
        draw_grid(counts, view, title)
        offer_csv(counts, view, title, name="switches")
        st.header("What explains small differences")
        st.markdown(partial_finding(switched))
        st.markdown(discard_finding(switched))
        st.markdown(study_text(view.study, "reproduction", "why"))

    st.header("What ratings cannot give")
    st.markdown(study_text(view.study, "reproduction", "cannot"))
