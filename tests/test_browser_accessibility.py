"""Every page by day on a wide screen and by night on a telephone: its order, its width, and what axe-core finds.

Nothing may be found that Streamlit's own widgets do not do, and nothing serious.
"""

from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.bench.axe import VIEWS, come, examine, stock
from tests.browser import HEADINGS, Visitor, Windows

pytestmark = pytest.mark.browser

# Each scheme and each width; ``python -m tests.bench.axe`` looks at all four pairs.
LOOKS = (("light", 1280), ("dark", 390))
HARMLESS = {"minor", "moderate"}
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 29)"}
HOW_FAR_TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map(part => part.scrollWidth - part.clientWidth)"""


@pytest.fixture(scope="module")
def of_stock(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Give the rules that a stock app breaks; it is no yardstick unless it breaks one that is looked for."""
    log: Path = tmp_path_factory.mktemp("stock") / "log"
    rules = {violation.rule for found in stock(windows, log, LOOKS) for violation in found.violations}
    assert "color-contrast" in rules
    return rules


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_reads_in_order_fits_its_screen_and_breaks_no_rule_that_a_stock_app_keeps(
    visitor: Visitor, of_stock: set[str], view: str
) -> None:
    come(visitor, view)
    expect(visitor.heading).to_have_text(HEADINGS[urlsplit(visitor.page.url).path])
    expect_headings_in_order(visitor)
    expect_charts_to_have_names(visitor)
    for found in examine(visitor, LOOKS):
        expect(visitor.page.get_by_test_id("stApp")).to_have_css("background-color", GROUND[found.scheme])
        expect_to_fit(visitor, found.width)
        assert {each.rule for each in found.violations} <= of_stock, found
        assert {each.impact for each in found.violations} <= HARMLESS, found


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
