"""Go to another place when a mark was chosen, as if the reader had followed a link there.

``st.switch_page`` leaves two steps in the browser's history, the first being the old page with the new filters, so that
Back would not lead back. A link leaves one.
"""

from collections.abc import Sequence

import streamlit as st

from pages.components.places import PLACES, page_of

_ON_THE_WAY = "on-the-way"
_FOLLOW = f"""
export default function () {{
  let left = 100;
  const follow = () => {{
    const link = document.querySelector(".st-key-{_ON_THE_WAY} a");
    if (link) link.click();
    else if (left-- > 0) requestAnimationFrame(follow);
  }};
  follow();
}}
"""
_component = st.components.v2.component("follow_link", js=_FOLLOW)


def go(place: str, label: str, query: Sequence[tuple[str, str]]) -> None:
    """Draw a link and follow it; nothing after it is drawn."""
    with st.container(key=_ON_THE_WAY):
        st.page_link(page_of(PLACES[place]), label=label, query_params=query)
        _component(key="follow")
    st.stop()
