"""About the data: the study, the settings, the limits, where ratings come from, and how to cite."""

import streamlit as st

from analysis.wording import sections_of, study_text, text
from data.card import data_card
from pages.components.view import View


def show(view: View) -> None:
    """Draw what is known of the study and of how its figures are made."""
    for section in ("study", "limits", "presets", "sources", "citation"):
        st.header(sections_of(view.study, "methods")[section].title)
        st.markdown(study_text(view.study, "methods", section))

    if view.study.published:
        st.header("The data card")
        card = st.expander(
            "Origin, files, columns, errors, uses, limits", icon=":material/dataset:", key="card", on_change="rerun"
        )
        if card.open:
            card.markdown(data_card(view.dataset).partition("\n")[2].replace("\n## ", "\n### "))

    st.header("References")
    st.markdown(text("references"))
