"""Pick one judge, or one judge and attribute, of those on screen: the same on every page, as the URL carries it."""

import streamlit as st

from pages.components.view import View


def pick_judge(view: View) -> str:
    """Let the reader pick one judge, the panel among them."""
    judges = view.selection.every_judge
    return view.filters.one("cell_judge", "Judge", judges, judges[0], say=view.study.rater)


def pick_cell(view: View) -> tuple[str, str]:
    """Let the reader pick one judge and one attribute, side by side."""
    attributes = view.selection.attributes
    harmful = view.study.harmful
    first = harmful if harmful in attributes else attributes[0]
    left, right = st.columns(2)
    with left:
        judge = pick_judge(view)
    with right:
        return judge, view.filters.one("cell_attribute", "Attribute", attributes, first)
