"""Go to another place when a mark was chosen, and come to one by a link to a server that nobody has visited yet."""

from collections.abc import Sequence

import streamlit as st

from pages.components.places import PLACES, Place, page_of

_ON_THE_WAY, _ON_THE_WAY_IN, _WELCOMED = "on-the-way", "on-the-way-in", "welcomed"
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
_DISMISS = """
export default function () {
  let left = 300;
  const dismiss = () => {
    const dialog = document.querySelector('[role="dialog"]');
    if (dialog?.textContent.startsWith("Page not found")) dialog.querySelector("button")?.click();
    else if (left-- > 0) requestAnimationFrame(dismiss);
  };
  dismiss();
}
"""
_follow = st.components.v2.component("follow_link", js=_FOLLOW)
_dismiss = st.components.v2.component("dismiss_not_found", js=_DISMISS)


def go(place: str, label: str, query: Sequence[tuple[str, str]]) -> None:
    """Draw a link and follow it; nothing after it is drawn.

    ``st.switch_page`` would leave two steps in the browser's history, the first being the old page with the new
    filters, so that Back would not lead back. A link leaves one.
    """
    with st.container(key=_ON_THE_WAY):
        st.page_link(page_of(PLACES[place]), label=label, query_params=query)
        _follow(key="follow")
    st.stop()


def welcome(place: Place) -> None:
    """Close the notice that the first visitors of a server get who come by a link to a place.

    Until ``st.navigation`` has been called once, Streamlit looks for places in the files of the folder ``pages`` and
    says that it finds none. A visitor cannot tell whether others were before, so every one closes it, if it is there.
    """
    # Its place is kept when it goes: what stands below would else be drawn once more, and lose the keyboard's focus.
    with st.container(key=_ON_THE_WAY_IN):
        if _WELCOMED not in st.session_state and place.key != "overview":
            _dismiss(key="dismiss")
    st.session_state[_WELCOMED] = True
