"""Show long work while it goes on, with a button that stops it."""

from typing import Any

import streamlit as st

from data.remote.loading import Loading


@st.fragment(run_every=1.0)
def watch(loading: Loading[Any], meanwhile: str, *, key: str) -> None:
    """Show how far the work is, and redraw the page when it ends; ``key`` tells places apart that watch the same."""
    if loading.done:
        st.rerun()
    st.progress(loading.progress.fraction or 0.0, text=f"{loading.progress.message} …")
    st.caption(meanwhile)
    st.button("Stop loading", on_click=loading.progress.give_up, icon=":material/close:", key=f"stop {key}")
