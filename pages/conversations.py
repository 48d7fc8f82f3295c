"""Conversations: a table of them, and each one down to its texts and single ratings."""

import streamlit as st

from analysis.wording import text
from pages.components.content_notice import offer_care
from pages.components.conversation import show_conversation
from pages.components.conversations import asked_for, choose, need_release, pick_subset, show_list
from pages.components.frame import close_page, need_choice, open_page, say_problems

view = open_page("conversations", "Which conversations are behind the figures?")
st.markdown(text("conversations"))
need_choice(view)
release = need_release(view)
offer_care()

asked = asked_for(release)
with st.expander("Choose conversations", icon=":material/filter_alt:", expanded=asked is None):
    view = pick_subset(view)
    every = view.table("conversations")
    table, order = choose(view, release, every)
say_problems(view.filters)

if asked is None:
    show_list(view, release, table, len(every), order)
    st.markdown(text("conversations", "table"))
else:
    show_conversation(view, release, asked, every, table["conversation"].tolist())
close_page(view)
