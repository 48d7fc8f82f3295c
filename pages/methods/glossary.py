"""Glossary: every term in plain words and with its formula, by the alphabet, and to be searched."""

import streamlit as st

from analysis.wording import terms, text
from pages.components.view import View


def show(view: View) -> None:
    """List the terms by the alphabet; a word narrows the list to those that are called so or speak of it."""
    asked = st.text_input("Find a term", placeholder="for example: interval", help="Looks in names and meanings.")
    wanted = asked.strip().casefold()
    found = [term for term in terms(view.study).values() if wanted in f"{term.name} {term.plain}".casefold()]
    # What is called so comes before what only speaks of it.
    found.sort(key=lambda term: (wanted not in term.name.casefold(), term.name.casefold()))
    if not found:
        st.info("No term is called so. Try a shorter word.")
    for term in found:
        with st.expander(term.name):
            st.markdown(term.plain)
            if term.rest:
                st.markdown(term.rest)

    st.header("Worked examples")
    examples = st.expander(
        "From ratings to figures, in small tables", icon=":material/calculate:", key="examples", on_change="rerun"
    )
    if examples.open:
        examples.markdown(text("examples").replace("## ", "### "))
