"""One judge: what it is good for, where it inflates, what it lets pass, and what to check."""

import streamlit as st

from analysis.findings.inflation import judge_bias_finding
from pages.components.certificate import offer_certificate
from pages.components.pickers import pick_judge
from pages.components.profile import show_means, show_passed, show_uses
from pages.components.view import View


def show(view: View) -> None:
    """Draw the profile of one judge."""
    judge = pick_judge(view)
    chosen = view.selection.of_judge(judge)

    st.header(f"What {view.study.rater(judge)} is good for")
    show_uses(view, chosen, "attribute", judge)
    offer_certificate(view, judge)

    st.header("Where it scores above the experts")
    show_means(view, chosen, judge_bias_finding(view.study, view.table("inflation", chosen)))

    st.header("What it lets pass")
    show_passed(view, chosen)
