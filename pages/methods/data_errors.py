"""Data errors: what is wrong in the files, where it stands, and what it does to the figures."""

import streamlit as st

from analysis.charts.data_errors import shift_heatmap
from analysis.evidence.data_errors import ALL, FIGURES, FIXES, kind_table, totals_table
from analysis.findings.data_errors import effect_finding, strongest_finding, totals_finding, unfixable_finding
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import FIGURE_LABEL, FIX_LABEL
from pages.components.figures import show_figure
from pages.components.ledger import show_counts, show_ledger
from pages.components.pickers import rows_of
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw what each kind of error does, what cannot be fixed, and where errors stand."""
    st.markdown(study_text(view.study, "data-errors"))
    totals = totals_table(view.dataset, view.selection)
    effects = view.table("data-errors")
    st.markdown(f"**{strongest_finding(view.study, effects)}** {totals_finding(totals)}")

    st.header("What does each data error do?")
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
        fix = view.filters.one(
            "fix",
            "Data error to be fixed",
            (ALL, *FIXES),
            ALL,
            say=FIX_LABEL.__getitem__,
            explained=meaning(view.study, "fix"),
        )
    shown = rows_of(effects, figure=figure, error=fix)
    finding = effect_finding(view.study, effects, figure, fix)
    show_figure(shift_heatmap, shown, figure, finding=finding, view=view, name="shifts", data=shown, across_judges=True)
    st.markdown(study_text(view.study, "data-errors", "effects"))
    show_table(rows_of(effects, figure=figure), view, "The figure with each data error fixed", name="error-effects")

    st.header("What cannot be fixed")
    st.markdown(f"**{unfixable_finding(totals)}**")
    show_table(kind_table(totals), view, "Data errors by kind, and what fixes them", name="error-kinds")
    st.markdown(study_text(view.study, "data-errors", "unfixable"))

    st.header("How many data errors are there?")
    show_counts(view, totals)
    show_ledger(view)
