"""Faults: what is wrong in the files, where it stands, and what it does to the figures."""

import streamlit as st

from analysis.charts.data_errors import shift_heatmap
from analysis.evidence.data_errors import ALL, FIGURES, MENDS, kind_table, totals_table
from analysis.findings.data_errors import effect_finding, strongest_finding, totals_finding, unmendable_finding
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import FIGURE_LABEL, MEND_LABEL
from pages.components.figures import show_figure
from pages.components.ledger import show_counts, show_ledger
from pages.components.pickers import rows_of
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw what each kind of error does, what cannot be fixed, and where errors stand."""
    st.markdown(study_text(view.study, "faults"))
    totals = totals_table(view.dataset, view.selection)
    effects = view.table("faults")
    st.markdown(f"**{strongest_finding(view.study, effects)}** {totals_finding(totals)}")

    st.header("What does each fault do?")
    left, right = st.columns(2)
    with left:
        figure = view.filters.one(
            "moved",
            "Figure",
            FIGURES,
            FIGURES[0],
            say=FIGURE_LABEL.__getitem__,
            explained=meaning(view.study, "figure"),
        )
    with right:
        mend = view.filters.one(
            "mend",
            "Fault to be mended",
            (ALL, *MENDS),
            ALL,
            say=MEND_LABEL.__getitem__,
            explained=meaning(view.study, "mend"),
        )
    shown = rows_of(effects, figure=figure, fault=mend)
    finding = effect_finding(view.study, effects, figure, mend)
    show_figure(shift_heatmap, shown, figure, finding=finding, view=view, name="shifts", data=shown)
    st.markdown(study_text(view.study, "faults", "effects"))
    show_table(rows_of(effects, figure=figure), view, "The figure with each fault mended", name="fault-effects")

    st.header("What cannot be mended")
    st.markdown(f"**{unmendable_finding(totals)}**")
    show_table(kind_table(totals), view, "Faults by kind, and what mends them", name="fault-kinds")
    st.markdown(study_text(view.study, "faults", "unmendable"))

    st.header("How many faults are there?")
    show_counts(view, totals)
    show_ledger(view)
