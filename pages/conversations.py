"""Conversations: a table of them, and each one down to its texts and single ratings."""

import streamlit as st

from analysis.wording import study_text
from pages.components.content_notice import offer_care
from pages.components.conversation import show_conversation
from pages.components.conversations import asked_for, choose, need_ratings, pick_subset, show_list
from pages.components.frame import close_page, open_page, say_problems

view = open_page("conversations", "Which {items} are behind the figures?")
st.markdown(study_text(view.study, "conversations"))
ratings = need_ratings(view)
offer_care(view.study)

asked = asked_for(ratings)
with st.expander(f"Choose {view.study.item.many}", icon=":material/filter_alt:", expanded=asked is None):
    view = pick_subset(view)
    every = view.table("conversations")
    table, order = choose(view, ratings, every)
say_problems(view.filters)

if asked is None:
    show_list(view, ratings, table, len(every), order)
    st.markdown(study_text(view.study, "conversations", "table"))
else:
    show_conversation(view, ratings, asked, every, table["conversation"].tolist())
close_page(view)
