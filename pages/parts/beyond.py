"""What the published study did not do: drawn under the recommended preset; under the paper's, how to get there."""

import streamlit as st

from analysis.findings.firmness import preset_finding
from pages.parts.filters import set_one
from pages.parts.frame import CHOSEN_BY_HAND, close_page
from pages.parts.view import View


def beyond_paper(view: View, what: str) -> bool:
    """Tell whether a section beyond the paper is to be drawn; if not, say what it would show and offer the switch.

    Parameters
    ----------
    what
        What the section shows, as the end of a sentence that begins with "The paper did not".
    """
    if view.settings.preset == "recommended":
        return True
    st.info(f"The paper did not {what}. The recommended settings do.", icon=":material/history_edu:")
    st.button(
        "Show it with the recommended settings",
        key=f"beyond {what}",
        on_click=set_one,
        args=("preset", "recommended", CHOSEN_BY_HAND),
        icon=":material/arrow_forward:",
    )
    return False


def say_what_would_change(view: View) -> None:
    """Say under the paper's preset how many readings on screen the recommended settings would change."""
    if view.settings.preset == "paper":
        st.caption(preset_finding(view.table("icc"), view.under("recommended").table("icc")))


def need_beyond(view: View, what: str) -> None:
    """End a page that is beyond the paper as a whole, when the paper's preset is on."""
    if not beyond_paper(view, what):
        close_page(view)
        st.stop()
