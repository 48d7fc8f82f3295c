"""The map of what one reads: eight places and their tabs, and the links that lead there.

A tab is a module ``pages.<place>.<tab>``, whose ``show`` draws it; it is imported when it is opened.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from data.study import Study
from pages.components.view import View

TAB = "tab"
# The scores of the published study, which labels name for its readers.
_ITS_SCORES = " (CSS/ARS)"


class Tab(NamedTuple):
    """A part of a place: the name of its module, its label, and whether it is of the published study alone."""

    key: str
    label: str
    published: bool = False


class Place(NamedTuple):
    """A place in the menu: its folder and address, its label, what it answers, and its tabs.

    None has an icon: the browser would ask another host for it.
    """

    key: str
    label: str
    question: str
    tabs: tuple[Tab, ...]


PLACES = {
    place.key: place
    for place in (
        Place(
            "overview",
            "Overview",
            "When can an LLM judge stand in for a clinician?",
            (Tab("answer", "Answer"),),
        ),
        Place(
            "judges",
            "Judges",
            "What is a judge good for?",
            (Tab("one_judge", "One judge"), Tab("one_attribute", "One attribute"), Tab("compare", "Compare judges")),
        ),
        Place(
            "reliability",
            "Reliability (ICC)",
            "Does the judge follow the experts?",
            (
                Tab("coefficients", "Coefficients"),
                Tab("consistency", "Consistency"),
                Tab("robustness", "Robustness"),
                Tab("experts", "Experts"),
                Tab("single_replies", "Single replies"),
                Tab("halo", "Halo"),
                Tab("generalizability", "Generalizability"),
            ),
        ),
        Place(
            "inflation",
            "Inflation",
            "How far do judges score above the experts?",
            (
                Tab("bias", "Bias"),
                Tab("equivalence", "Does it matter?"),
                Tab("false_reassurance", "False reassurance"),
                Tab("correction", "Correction"),
                Tab("length", "Length"),
            ),
        ),
        Place(
            "scores",
            f"Scores{_ITS_SCORES}",
            "What does each rater give each model?",
            (
                Tab("css_ars", f"Means{_ITS_SCORES}"),
                Tab("attributes", "Attributes and ranks"),
                Tab("ranking", "Ranking and choice"),
                Tab("self_preference", "Self-preference"),
                Tab("panel", "Panel"),
                Tab("new_systems", "New systems"),
            ),
        ),
        Place(
            "conversations",
            "Conversations",
            "Which {items} are behind the figures?",
            (Tab("rated", "Rated"), Tab("mentalbench_100k", "MentalBench-100k", published=True)),
        ),
        Place(
            "your_study",
            "Your study",
            "What can be made of your ratings?",
            (
                Tab("check", "Check"),
                Tab("add_judge", "Add a judge"),
                Tab("plan", "Plan"),
                Tab("widths", "Width of intervals"),
                Tab("worth", "Worth of a judge's ratings"),
            ),
        ),
        Place(
            "methods",
            "Methods",
            "How the figures are made",
            (
                Tab("glossary", "Glossary"),
                Tab("about", "About the data"),
                Tab("reproduction", "Reproduction", published=True),
                Tab("data_errors", "Data errors"),
                Tab("verdicts", "Verdicts"),
            ),
        ),
    )
}


def tabs_of(place: Place, study: Study) -> dict[str, Tab]:
    """Return the tabs that a place has for a study: some are about what the published one printed and released."""
    return {tab.key: tab for tab in place.tabs if study.published or not tab.published}


def called(study: Study, label: str) -> str:
    """Return the label of a place or a tab for a study: only the published one has the scores that some name."""
    return label if study.published else label.removesuffix(_ITS_SCORES)


def page_of(place: Place, draw: Callable[[], None] = lambda: None) -> st.Page:
    """Return a place as a page of the router, or as what a link leads to."""
    overview = place.key == "overview"
    return st.Page(draw, title=place.label, url_path="" if overview else place.key, default=overview)


def query_of(view: View, place: str, tab: str = "", changed: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return the filters of a link to a tab: those on screen, but ``changed``; the first tab is not written."""
    first = PLACES[place].tabs[0].key
    new = [*([(TAB, tab)] if tab not in ("", first) else []), *changed]
    replaced = {TAB, *(name for name, _ in changed)}
    return [*(pair for pair in view.filters.link() if pair[0] not in replaced), *new]


def address_of(view: View, place: str, tab: str = "", changed: Sequence[tuple[str, str]] = ()) -> str:
    """Return the same as an address, relative to any place."""
    query = urlencode(query_of(view, place, tab, changed))
    return f"{'.' if place == 'overview' else place}{f'?{query}' if query else ''}"


def show_place(view: View, place: Place) -> None:
    """Draw the tab of a place that is open, and nothing of the others."""
    tabs = tabs_of(place, view.study)
    if len(tabs) == 1:
        _show_tab(view, place, next(iter(tabs)))
        return
    key, container = view.filters.tab(TAB, {key: called(view.study, tab.label) for key, tab in tabs.items()})
    with container:
        _show_tab(view, place, key)


def _show_tab(view: View, place: Place, key: str) -> None:
    """Draw a tab, above it what its own filters could not use of the address."""
    problems = st.container()
    import_module(f"pages.{place.key}.{key}").show(view)
    with problems:
        view.filters.say_problems()
