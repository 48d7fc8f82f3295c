"""Look closer at one judge, or at one judge and attribute, of those on screen; where there is one, it is that one."""

import pandas as pd
import streamlit as st

from pages.components.view import View


def pick_judge(view: View) -> str:
    """Let the reader look closer at one judge, the panel among them."""
    judges = view.selection.every_judge
    if len(judges) == 1:
        return judges[0]
    study = view.study
    return view.filters.one(
        "cell_judge", "Judge in detail", judges, judges[0], say=study.rater, known=study.rater_labels
    )


def pick_attribute(view: View) -> str:
    """Let the reader look closer at one attribute."""
    attributes, harmful = view.selection.attributes, view.study.harmful
    if len(attributes) == 1:
        return attributes[0]
    first = harmful if harmful in attributes else attributes[0]
    return view.filters.one(
        "cell_attribute", "Attribute in detail", attributes, first, known=view.study.attribute_names
    )


def pick_cell(view: View) -> tuple[str, str]:
    """Let the reader look closer at one judge and one attribute, side by side."""
    left, right = st.columns(2)
    with left:
        judge = pick_judge(view)
    with right:
        return judge, pick_attribute(view)


def rows_of(table: pd.DataFrame, **chosen: str) -> pd.DataFrame:
    """Return the rows of a table that have these values in columns of these names."""
    kept = pd.Series(True, index=table.index)
    for column, value in chosen.items():
        kept &= table[column] == value
    return table[kept]
