"""Your study: a check of what is on screen, a judge of one's own added to it, and how to bring a study."""

import streamlit as st

from analysis.wording import text
from pages.components.frame import close_page, open_page
from pages.components.your_study import offer_judge, show_check

view = open_page("your_study", "What can be made of your ratings?")
st.markdown(text("your-study"))

st.header("Add a judge")
st.markdown(text("your-study", "judge"))
offer_judge(view)

st.header("Check of the ratings on screen")
show_check(view)

st.header("Bring a study")
st.markdown(text("your-study", "study"))
st.code(text("your-study", "toml").removeprefix("```toml\n").removesuffix("\n```"), language=None)
st.markdown(text("your-study", "run"))
close_page(view)
