"""Correction: what becomes of a judge's ratings when they are mapped to what the experts gave."""

import streamlit as st

from analysis.charts.calibration import MEASURES, before_and_after
from analysis.findings.calibration import correction_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_judge, rows_of
from pages.components.tables import show_table
from pages.components.view import View

HEADERS = {"bias": "The bias", "mse": "The error of one rating", "icc_a1": "Agreement on single replies"}


def show(view: View) -> None:
    """Draw what a correction changes, measure by measure, and what it cannot repair."""
    st.markdown(study_text(view.study, "correction"))
    table = view.table("correction")
    judge = pick_judge(view)
    rows = rows_of(table, judge=judge)

    for measure in MEASURES:
        st.header(HEADERS[measure])
        show_figure(
            before_and_after,
            rows,
            measure,
            finding=correction_finding(view.study, rows, judge, measure),
            view=view,
            name=f"correction-{measure}",
            data=rows[["judge", "attribute", "method", measure, f"{measure}_low", f"{measure}_high"]],
        )
        st.markdown(study_text(view.study, "correction", measure))

    st.header("What a correction cannot repair")
    st.markdown(study_text(view.study, "correction", "limits"))
    st.header("All corrections")
    show_table(table, view, "Corrections of judges' ratings", name="correction")
