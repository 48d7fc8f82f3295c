"""Every term in plain words and with its formula, by the alphabet, and to be searched."""

import streamlit as st

from analysis.wording import terms
from data.study import Study


def show_terms(study: Study) -> None:
    """List the terms by the alphabet; a word narrows the list to those that are called so or speak of it."""
    asked = st.text_input("Find a term", placeholder="for example: interval", help="Looks in names and meanings.")
    wanted = asked.strip().casefold()
    found = [term for term in terms(study).values() if wanted in f"{term.name} {term.plain}".casefold()]
    # What is called so comes before what only speaks of it.
    found.sort(key=lambda term: (wanted not in term.name.casefold(), term.name.casefold()))
    if not found:
        st.info("No term is called so. Try a shorter word.")
    for term in found:
        with st.expander(term.name):
            st.markdown(term.plain)
            if term.rest:
                st.markdown(term.rest)
