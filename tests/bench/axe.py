"""What axe-core finds on every page: ``python -m tests.bench.axe`` prints it beside what it finds on a stock app.

A stock app (``tests/stock_app.py``) has the same widgets and nothing of this product, so that its violations are
Streamlit's.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe

from pages.components.frame import PAGES
from tests.browser import Server, Visitor, Windows, chromium

STOCK = Path(__file__).parents[1] / "stock_app.py"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
READINGS, SHARING = "overview, readings", "overview, sharing"
# Under the recommended preset pages have all their parts.
VIEWS = {
    **{page: f"/{'' if page == 'overview' else page}?preset=recommended" for page in PAGES},
    READINGS: "/?preset=recommended&matrix=readings",
    SHARING: "/?preset=recommended",
}
# What a colour scheme or a width can change; all else is of the page itself.
_OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
_OPTIONS = {"resultTypes": ["violations"]}


class Violation(NamedTuple):
    """A rule that a page breaks, how hard that is on readers, and on how many elements, with the first of them."""

    rule: str
    impact: str
    times: int
    first: str


class Found(NamedTuple):
    """What was found on a page in one colour scheme and width."""

    scheme: str
    width: int
    violations: list[Violation]


def examine(visitor: Visitor, looks: Iterable[tuple[str, int]] = LOOKS) -> Iterator[Found]:
    """Run axe-core on what a visitor sees from the top of the page to its end, in some colour schemes and widths.

    All rules are applied to the first look, and to the others those on what a scheme or a width can change.
    """
    only = {"type": "tag", "values": RULES}
    for scheme, width in looks:
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.unroll(width)
        answer = Axe().run(visitor.page, options={**_OPTIONS, "runOnly": only}).response
        yield Found(scheme, width, [_violation(each) for each in answer["violations"]])
        only = {"type": "rule", "values": _OF_LOOKS}


def come(visitor: Visitor, view: str) -> None:
    """Come to a view of ``VIEWS``, and open on it what it is named for."""
    visitor.go(VIEWS[view])
    if view == SHARING:
        visitor.open_sharing()


def stock(windows: Windows, log: Path, looks: Iterable[tuple[str, int]] = LOOKS) -> list[Found]:
    """Examine the stock app with its popover closed and open."""
    with (
        Server(log, STOCK, STREAMLIT_BROWSER_GATHER_USAGE_STATS="false") as server,
        Visitor(windows, server) as visitor,
    ):
        visitor.go("/")
        closed = list(examine(visitor, looks))
        visitor.go("/")
        visitor.page.get_by_role("button", name="Pass it on").click()
        return [*closed, *examine(visitor, looks)]


def _violation(said: dict) -> Violation:
    return Violation(said["id"], said["impact"], len(said["nodes"]), said["nodes"][0]["html"])


def _row(name: str, found: Found) -> str:
    said = ", ".join(f"{each.rule} ({each.impact}) x {each.times}" for each in found.violations)
    return f"{name:20} {found.scheme:6} {found.width:5}  {said or 'none'}"


def main() -> int:
    """Print the table."""
    with chromium() as windows, tempfile.TemporaryDirectory() as folder:
        for found in stock(windows, Path(folder, "stock")):
            print(_row("stock app", found), flush=True)
        with Server(Path(folder, "app")) as server:
            for view in VIEWS:
                with Visitor(windows, server) as visitor:
                    come(visitor, view)
                    for found in examine(visitor):
                        print(_row(view, found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
