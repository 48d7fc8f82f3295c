"""Without a mouse, without motion, and enlarged: the app in Chromium."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import HEADINGS, NewVisitor, Visitor

pytestmark = pytest.mark.browser

# What has the focus, also within the matrix, which is a tree of its own.
FOCUSED = "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement)"
OUTLINED = f"(() => {{ const seen = getComputedStyle({FOCUSED}); return [seen.outlineStyle, seen.boxShadow]; }})()"
WIDER = """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
    .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.tagName)"""
CUT = """() => [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
    .flatMap(matrix => [...matrix.shadowRoot.querySelectorAll('th, td a')])
    .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"""
MOVING = "() => document.getAnimations().filter(each => each.playState === 'running').length"


def has_focus(place: Locator) -> bool:
    return bool(place.evaluate(f"place => place === {FOCUSED}"))


def tab_to(visitor: Visitor, place: Locator, most: int = 80) -> None:
    """Press Tab until something has the focus, which must then be seen."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if has_focus(place):
            style, shadow = visitor.page.evaluate(OUTLINED)
            assert style != "none" or shadow != "none", "the focus cannot be seen"
            return
    raise AssertionError(f"{place} was not reached by {most} Tabs")


def test_a_reader_walks_through_menu_filters_matrix_and_downloads_by_keyboard(visitor: Visitor) -> None:
    press = visitor.page.keyboard.press
    visitor.go("/")

    # The menu, and a tab, to which an arrow leads.
    tab_to(visitor, visitor.menu.get_by_role("link", name="Inflation", exact=True))
    press("Enter")
    expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
    visitor.settle()
    tab_to(visitor, visitor.main.get_by_role("tab", name="Bias"))
    press("ArrowRight")
    press("Enter")
    visitor.wait_for(visitor.filters, {"tab": ["equivalence"]})
    visitor.settle()

    # Filters: Space toggles a pill, arrows choose among radio buttons.
    tab_to(visitor, visitor.pill("Judges", "Claude-3.7-Sonnet"))
    press("Space")
    expect(visitor.in_short).to_contain_text("1 judge ·")
    visitor.settle()
    tab_to(visitor, visitor.sidebar.get_by_role("radio", name="Recommended"))
    press("ArrowRight")
    expect(visitor.in_short).to_contain_text("The paper's settings")
    visitor.settle()

    # An expander, and the way out of the sidebar.
    visitor.go("/inflation")
    tab_to(visitor, visitor.sidebar.locator("summary").filter(has_text="What counts as good enough"))
    press("Enter")
    expect(visitor.sidebar.get_by_role("slider").first).to_be_visible()

    # A download.
    visitor.go("/inflation")
    svg = visitor.main.get_by_test_id("stDownloadButton").get_by_role("button", name="SVG").first
    tab_to(visitor, svg)
    with visitor.page.expect_download() as sent:
        press("Enter")
    assert sent.value.suggested_filename == "bias.svg"


def test_the_matrix_and_what_is_shared_are_reached_by_keyboard(visitor: Visitor) -> None:
    press = visitor.page.keyboard.press
    visitor.go("/?attribute=Safety")
    share = visitor.main.get_by_test_id("stPopover").get_by_role("button").first
    tab_to(visitor, share)
    press("Enter")
    link = visitor.page.get_by_text("Link to this view")
    expect(link).to_be_visible()
    press("Escape")
    expect(link).to_be_hidden()

    tab_to(visitor, visitor.main.get_by_role("link", name="GPT-4o on Safety, rank systems"), 60)
    press("Enter")
    expect(visitor.main.get_by_role("heading", name="Why: GPT-4o on Safety")).to_be_visible()
    visitor.settle()
    assert visitor.filters() == {"attribute": ["Safety"], "cell_judge": ["gpt-4o"], "cell_attribute": ["Safety"]}


def test_the_menu_of_a_telephone_is_used_by_keyboard(new_visitor: NewVisitor) -> None:
    press = (visitor := new_visitor(width=390)).page.keyboard.press
    visitor.go("/?judge=o4-mini")
    menu = visitor.main.locator(".st-key-menu-narrow")
    tab_to(visitor, menu.locator("summary"))
    assert has_focus(menu.locator("summary"))
    press("Enter")
    expect(menu.get_by_role("link")).to_have_count(len(HEADINGS))
    visitor.settle()
    tab_to(visitor, menu.get_by_role("link", name="Inflation", exact=True), len(HEADINGS))
    press("Enter")
    expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
    expect(menu.get_by_role("link")).to_have_count(0)
    visitor.settle()
    assert visitor.filters() == {"judge": ["o4-mini"]}


def test_nothing_moves_for_readers_who_asked_for_that(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(reduced_motion="reduce")
    for path in ("/", "/inflation"):
        visitor.go(path)
        visitor.wait_for(lambda: visitor.page.evaluate(MOVING), 0)


def test_no_page_is_wider_than_the_window_when_enlarged(visitor: Visitor) -> None:
    """A window of 1280 pixels is 640 wide at 200%, and 320 at 400%."""
    for path in ("/", "/judges", "/reliability", "/methods?tab=verdicts"):
        visitor.go(path)
        for width, height in ((640, 450), (390, 844), (320, 512)):
            visitor.page.set_viewport_size({"width": width, "height": height})
            # Charts are drawn anew a moment later.
            visitor.wait_for(lambda: visitor.page.evaluate(WIDER), [])
            assert visitor.page.evaluate(CUT) == [], (path, width)
