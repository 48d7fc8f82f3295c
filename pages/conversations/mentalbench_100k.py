"""MentalBench-100k: how long the replies are, which are empty or cut off, and the replies themselves."""

import streamlit as st

from analysis.charts.lengths import lengths_by_model
from analysis.evidence.lengths import COLUMNS, QUARTILES
from analysis.findings.lengths import lengths_finding, shares_finding
from analysis.wording import study_text, text
from pages.components.browsing import list_conversations, look_for
from pages.components.content_notice import offer_care
from pages.components.figures import show_figure
from pages.components.reading import opened, show_conversation
from pages.components.replies import at_hand, lengths, offer_replies, say_where_from
from pages.components.tables import show_table
from pages.components.view import RepliesView, View


def show(view: View) -> None:
    """Draw the replies, or offer to fetch them."""
    st.markdown(study_text(view.study, "benchmark"))
    replies = at_hand()
    if replies is None:
        st.markdown(text("benchmark", "without"))
        offer_replies(view.study)
        return

    say_where_from(replies)
    row = opened(view, replies)
    if row is None:
        of_replies = RepliesView.over(view, replies)
        table = lengths(replies, view.selection.models)
        st.header("How long are the replies?")
        show_figure(
            lengths_by_model,
            table,
            finding=lengths_finding(view.study, table),
            view=of_replies,
            name="lengths",
            data=table[["model", "n_replies", *QUARTILES]],
        )
        st.markdown(text("benchmark", "lengths"))
        st.header("How many are empty, cut off, or hold thoughts?")
        st.markdown(f"**{shares_finding(view.study, table)}**")
        shares = [name for name in COLUMNS if name not in QUARTILES]
        show_table(table[shares], of_replies, "Empty, cut-off and tagged replies of every model", name="shares")
        st.markdown(text("benchmark", "signs"))

    st.header("Read the conversations")
    offer_care(view.study)
    found = look_for(view, replies)
    if row is None:
        list_conversations(view, replies, found)
    else:
        show_conversation(view, replies, found, row)
