"""One attribute: which judge is good for what on it, and what to check."""

import streamlit as st

from analysis.findings.inflation import attribute_bias_finding
from analysis.wording.vocabulary import attribute_meaning
from pages.components.pickers import pick_attribute
from pages.components.profile import show_means, show_passed, show_uses
from pages.components.view import View


def show(view: View) -> None:
    """Draw the profile of one attribute."""
    attribute = pick_attribute(view)
    chosen = view.selection.of_attribute(attribute)

    st.header(f"{attribute}: who is good for what")
    st.markdown(attribute_meaning(view.study, attribute))
    show_uses(view, chosen, "judge", attribute)

    st.header("How far judges score from the experts")
    show_means(view, chosen, attribute_bias_finding(view.study, view.table("inflation", chosen)))

    st.header("What judges let pass")
    show_passed(view, chosen)
