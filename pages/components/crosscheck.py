"""A button that computes the table once more with pingouin, for readers who trust no number of ours."""

import streamlit as st

from analysis.agreement.crosscheck import against_pingouin
from analysis.ratings.pairs import pairs
from pages.components.tables import show_table
from pages.components.view import View


def offer_crosscheck(view: View) -> None:
    """Offer the check; it is made when it is asked for, for the cells on screen."""
    with st.expander("Check these coefficients against pingouin", icon=":material/verified:"):
        st.markdown(
            "Computes every ICC above once more with [pingouin](https://pingouin-stats.org), a statistics library "
            "that others write and test. It takes a moment."
        )
        if not st.button("Run the check", key="crosscheck"):
            return
        frame = pairs(view.study, view.dataset.counts, view.settings, view.selection)
        check = against_pingouin(frame, view.table("icc"), view.settings)
        if check.empty:
            st.info("There is nothing to check: pingouin needs at least three targets that differ.")
            return
        st.markdown(f"**Largest difference over {len(check)} cells: {check['pingouin_difference'].max():.1e}.**")
        show_table(check, view, "ICC, ours and pingouin's", name="crosscheck")
