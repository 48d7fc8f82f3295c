"""What the published study did not do: drawn under the recommended preset; under the paper's, what it would answer."""

import streamlit as st

from analysis.findings.stability import preset_finding
from analysis.wording import study_text
from pages.components.filters import set_one
from pages.components.frame import CHOSEN_BY_HAND, close_page
from pages.components.view import View


def beyond_paper(view: View, page: str) -> bool:
    """Tell whether what a page has beyond the paper is to be drawn; if not, say what it would answer, and offer it."""
    if view.settings.preset == "recommended":
        return True
    with st.container(border=True):
        st.markdown(study_text(view.study, page, "beyond"))
        st.button(
            "Show it with the recommended settings",
            key=f"beyond {page}",
            on_click=set_one,
            args=("preset", "recommended", CHOSEN_BY_HAND),
            type="primary",
            icon=":material/arrow_forward:",
        )
        st.caption(study_text(view.study, "shared", "switch"))
    return False


def say_what_would_change(view: View) -> None:
    """Say under the paper's preset how many readings on screen the recommended settings would change."""
    if view.settings.preset == "paper":
        st.caption(preset_finding(view.table("icc"), view.under("recommended").table("icc")))


def need_beyond(view: View, page: str) -> None:
    """End a page that is beyond the paper as a whole, when the paper's preset is on."""
    if not beyond_paper(view, page):
        close_page(view)
        st.stop()
