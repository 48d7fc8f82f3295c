"""Check: what the ratings on screen hold, which tables they allow, and how to bring a study."""

import pandas as pd
import streamlit as st

from analysis.wording import text
from pages.components.cached import check_of
from pages.components.plain_text import escaped, visible
from pages.components.source import offer_ratings
from pages.components.view import View

POSSIBLE = {"yes": "✓ possible", "in part": "▲ in part", "no": "✗ not possible"}


def show(view: View) -> None:
    """Draw the check of what is on screen, and what a study of one's own consists of."""
    st.markdown(text("your-study"))
    _show_check(view)

    st.header("Bring a study")
    st.markdown(text("your-study", "study"))
    st.code(text("your-study", "toml").removeprefix("```toml\n").removesuffix("\n```"), language=None)
    st.markdown(text("your-study", "run"))


def _show_check(view: View) -> None:
    checked = check_of(view.dataset)
    if checked is None:
        offer_ratings(view.study)
        return
    parts, tables = checked
    for heading, said in parts.items():
        if heading == "Tables":
            continue
        with st.expander(f"{heading} ({len(said)})", expanded=heading == "Problems"):
            # Sentences may hold names from data: as they stand, never as markup.
            st.text("\n".join(map(visible, said)))
    st.header("Which tables are possible?")
    table = pd.DataFrame(
        [(each.table, POSSIBLE[each.possible], escaped(each.lacking)) for each in tables],
        columns=["Table", "Possible", "What is missing, and how much of it would do"],
    )
    st.table(table, border="horizontal", hide_index=True, alt="Tables that these ratings allow")
