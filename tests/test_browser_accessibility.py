"""Every tab by day and by night, on a wide screen and on a telephone: its order, its width, what axe-core finds."""

from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.bench.axe import VIEWS, come, examine
from tests.browser import HEADINGS, NewVisitor, Visitor

pytestmark = pytest.mark.browser

GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 29)"}
HOW_FAR_TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map(part => part.scrollWidth - part.clientWidth)"""
PALE = """() => document.querySelector('[data-testid="stMain"] h1').insertAdjacentHTML(
    'afterend', '<p style="color: #999; background: #888">Hard to read</p><h4>Too low</h4>')"""


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_reads_in_order_fits_its_screen_and_breaks_no_rule(visitor: Visitor, view: str) -> None:
    come(visitor, view)
    expect(visitor.heading).to_have_text(HEADINGS[urlsplit(visitor.page.url).path])
    expect_headings_in_order(visitor)
    expect_charts_to_have_names(visitor)
    for found in examine(visitor):
        expect(visitor.page.get_by_test_id("stApp")).to_have_css("background-color", GROUND[found.scheme])
        expect_to_fit(visitor, found.width)
        assert found.violations == [], found


def test_the_open_menu_of_a_telephone_breaks_no_rule(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390)
    visitor.go("/")
    links = visitor.unfold("Menu").get_by_role("link")
    for found in examine(visitor, [("light", 390), ("dark", 390)]):
        expect(links).to_have_count(len(HEADINGS))
        assert found.violations == [], found


def test_what_breaks_a_rule_is_found_in_every_look(visitor: Visitor) -> None:
    visitor.go("/methods?tab=about")
    visitor.page.evaluate(PALE)
    found = list(examine(visitor))
    rules = [{violation.rule for violation in each.violations} for each in found]
    assert rules == [{"color-contrast", "heading-order"}, *[{"color-contrast"}] * 3]


def expect_to_fit(visitor: Visitor, width: int) -> None:
    """Nothing makes the page scroll sideways: in Streamlit its main part would, not the document.

    Charts are drawn anew a moment after the window was made narrower.
    """
    visitor.wait_for(lambda: visitor.page.evaluate(HOW_FAR_TOO_WIDE), [0, 0])
    for chart in visitor.charts.all():
        box = visitor.box(chart.locator("svg.marks"))
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, f"a chart of {visitor.page.url} leaves the screen"


def expect_headings_in_order(visitor: Visitor) -> None:
    """One first heading, and none of a lower level without one of the level above it."""
    headings = visitor.page.locator("h1, h2, h3, h4, h5, h6")
    levels = [int(tag[1]) for tag in headings.evaluate_all("all => all.map(heading => heading.tagName)")]
    assert (levels[0], levels.count(1)) == (1, 1), (visitor.page.url, levels)
    assert all(after - before <= 1 for before, after in pairwise(levels)), (visitor.page.url, levels)


def expect_charts_to_have_names(visitor: Visitor) -> None:
    """The name of a chart is the finding in bold above it; where several share one, a rater comes before it."""
    findings = visitor.main.locator("strong").all_inner_texts()
    for chart in visitor.charts.all():
        name = chart.get_attribute("aria-label") or ""
        assert any(name.endswith(finding) for finding in findings if len(finding) > 20), (visitor.page.url, name)
