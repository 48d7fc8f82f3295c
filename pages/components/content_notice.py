"""A calm notice wherever the text of conversations can appear."""

import streamlit as st

from analysis.wording import sections


def offer_care() -> None:
    """Offer, closed, what the messages may hold, how to leave them, and where help is."""
    with st.expander(sections("care")["notice"].title, icon=":material/volunteer_activism:"):
        st.markdown(sections("care")["notice"].body)
