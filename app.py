"""The router: the filters and settings of this visit and the menu, then the place that was asked for."""

import streamlit as st

from pages.components.frame import close_view, open_view
from pages.components.places import PLACES, page_of, show_place


def show() -> None:
    """Draw the place that was asked for."""
    show_place(view, place)


chosen = st.navigation([page_of(each, show) for each in PLACES.values()], position="hidden")
place = PLACES[chosen.url_path or "overview"]
view, menu = open_view(place)
chosen.run()
close_view(view, place, menu)
