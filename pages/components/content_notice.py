"""A calm notice wherever the text of conversations can appear."""

import streamlit as st

from analysis.wording import sections_of
from data.study import Study


def offer_care(study: Study) -> None:
    """Offer, closed, what the messages may hold, how to leave them, and where help is."""
    notice = sections_of(study, "care")["notice"]
    with st.expander(notice.title, icon=":material/volunteer_activism:"):
        st.markdown(notice.body)
