"""Pass on what is on screen: a link to it, a citation, and a paragraph for a methods section."""

from datetime import UTC, datetime

import streamlit as st

from analysis.citing import citation, methods_paragraph
from pages.parts.view import View


def offer_to_share(view: View) -> None:
    """Offer what a reader would copy, each with a button that copies it."""
    with st.popover("Share, cite or print", icon=":material/share:"):
        for label, words in (
            ("Link to this view", view.address),
            ("Citation", citation(view, datetime.now(UTC).date())),
            ("Paragraph for a methods section", methods_paragraph(view)),
        ):
            st.caption(label)
            st.code(words, language=None, wrap_lines=True)
