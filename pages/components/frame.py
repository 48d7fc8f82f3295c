"""The frame of every place: the menu across the top, filters in the sidebar, the title, and sources below."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.findings.new_systems import unrated_notice
from analysis.findings.phrases import listed
from analysis.outputs.view import software
from analysis.wording import study_text
from analysis.wording.filling import filled
from analysis.wording.shortfall import few_items
from pages.components import source
from pages.components.filters import Filters, forget
from pages.components.memory import settle
from pages.components.navigation import welcome
from pages.components.places import PLACES, Place, called, page_of, query_of
from pages.components.plain_text import code, escaped
from pages.components.selection import choose_panel, choose_selection
from pages.components.settings import CHOSEN_BY_HAND, choose_settings
from pages.components.sharing import offer_to_share
from pages.components.view import View

ICON = Path(__file__).with_name("icon.svg").read_text(encoding="utf-8")
STYLE = Path(__file__).with_name("style.css")


def open_view(place: Place) -> tuple[View, DeltaGenerator]:
    """Draw what stands above and beside a place; return what it shows, and where the menu belongs."""
    welcome(place)
    shown = source.current()
    dataset, filters = shown.dataset, Filters()
    label = called(dataset.study, place.label)
    st.set_page_config(page_title=f"{label} · MentalBench Explorer", page_icon=ICON, layout="wide")
    st.html(STYLE)
    menu = st.container()
    with st.sidebar:
        chosen = choose_panel(filters, dataset, choose_selection(filters, dataset.study))
        settings = choose_settings(filters, dataset.study)
        source.draw_status(shown)
    view = View(dataset, settings, chosen, filters)
    st.title(filled(dataset.study, place.question))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(escaped(view.in_short()), width="content")
        offer_to_share(view)
    filters.say_problems()
    _say_changes(view)
    if few := few_items(dataset.provenance.conversations):
        st.warning(filled(dataset.study, few), icon=":material/straighten:")
    if unrated := unrated_notice(dataset.new_systems):
        st.info(unrated, icon=":material/person_off:")
    return view, menu


def close_view(view: View, place: Place, menu: DeltaGenerator) -> None:
    """Say below a place where its figures come from, and draw the menu.

    Its links leave behind what no filter can use of the address, which is known when all filters have been drawn.
    """
    with menu:
        _draw_menu(view, place)
    origin = st.expander("Where these figures come from", icon=":material/fact_check:", key="origin", on_change="rerun")
    if origin.open:
        with origin:
            _say_origin(view)
    st.caption(study_text(view.study, "shared", "no-clinical-tool"))
    settle()


def _draw_menu(view: View, place: Place) -> None:
    """Draw the menu twice, for a wide screen as a row and for a narrow one closed; the style shows one of them.

    The closed one is a fold, whose links the keyboard reaches next, and closed again on the place that a link leads to.
    """
    with st.container(key="menu-wide", horizontal=True, gap="small"):
        _draw_links(view)
    with st.container(key="menu-narrow"):
        narrow = st.expander("Menu", icon=":material/menu:", key=f"menu of {place.key}", on_change="rerun")
        if narrow.open:
            with narrow:
                _draw_links(view)


def _draw_links(view: View) -> None:
    for place in PLACES.values():
        st.page_link(page_of(place), label=called(view.study, place.label), query_params=query_of(view, place.key))


def _say_changes(view: View) -> None:
    if changes := view.changes():
        said = " ".join(f"{change[0].upper()}{change[1:]}." for change in changes)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"These are not the recommended settings. {said}", icon=":material/tune:", width="stretch")
            st.button(
                "Back to recommended", icon=":material/undo:", on_click=forget, args=(("preset", *CHOSEN_BY_HAND),)
            )


def _say_origin(view: View) -> None:
    came = view.dataset.provenance
    st.markdown(
        f"**{escaped(came.title)}**, revision `{came.revision}`, {came.conversations:,} {view.study.item.many}."
    )
    st.markdown("\n".join(f"- {choice}" for choice in [*view.choices(), *view.thresholds()]))
    st.markdown("\n".join(f"- {code(record.name)} sha256 `{record.sha256}`" for record in came.every_file))
    st.markdown(f"Made with {listed([f'{name} {number}' for name, number in software().items()])}.")
