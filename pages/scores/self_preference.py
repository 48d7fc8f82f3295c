"""Self-preference: whether a judge is kinder to its own maker's systems."""

import streamlit as st

from analysis.charts.ranking import contrast_forest
from analysis.findings.ranking import own_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw the contrast of own systems and the rest."""
    own = view.table("self-preference")
    contrast = ["contrast", "contrast_low", "contrast_high", "others", "excess", "excess_low", "excess_high"]
    show_figure(
        contrast_forest,
        own,
        finding=own_finding(view.study, own),
        view=view,
        name="contrast",
        data=own[["judge", "attribute", *contrast, "p_adjusted", "n_own", "n_rest"]],
    )
    st.markdown(study_text(view.study, "choosing", "own"))
    show_table(own, view, "Judges on their own maker's models and on the rest", name="self-preference")
