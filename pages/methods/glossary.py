"""Glossary: every term in plain words and with its formula, by its first letter, and to be searched."""

import streamlit as st

from analysis.wording import terms, text
from pages.components.view import View


def show(view: View) -> None:
    """List the terms that are called or speak of what is asked for; without a question, those of one letter."""
    known = sorted(terms(view.study).values(), key=lambda term: term.name.casefold())
    asked = st.text_input("Find a term", placeholder="for example: interval", help="Looks in names and meanings.")
    if wanted := asked.strip().casefold():
        found = [term for term in known if wanted in f"{term.name} {term.plain}".casefold()]
        # What is called so comes before what only speaks of it.
        found.sort(key=lambda term: wanted not in term.name.casefold())
    else:
        letters = list(dict.fromkeys(term.name[0].upper() for term in known))
        letter = st.pills("Or by its first letter", letters, default=letters[0], required=True)
        found = [term for term in known if term.name[0].upper() == letter]
    st.header("Terms")
    if not found:
        st.info("No term is called so. Try a shorter word.")
    st.markdown("\n\n".join(f"### {term.name}\n\n{term.plain}\n\n{term.rest}" for term in found))

    st.header("Worked examples")
    examples = st.expander(
        "From ratings to figures, in small tables", icon=":material/calculate:", key="examples", on_change="rerun"
    )
    if examples.open:
        examples.markdown(text("examples").replace("## ", "### "))
