"""What axe-core finds on every tab: ``python -m tests.bench.axe`` prints it, in each colour scheme and width."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe

from tests.browser import TABS, Server, Visitor, chromium

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = (("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390))
SHARING, SETTINGS = "sharing", "settings"
# On the last, filters and a cell are chosen.
VIEWS = {
    **{tab: tab for tab in TABS},
    SHARING: "/",
    SETTINGS: "/?judge=gpt-4o&judge=o4-mini&attribute=Safety&margin=0.3&cell_judge=gpt-4o&cell_attribute=Safety",
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
    if view == SETTINGS:
        for fold in ("Analysis choices", "What counts as good enough"):
            visitor.unfold(fold)


def _violation(said: dict) -> Violation:
    return Violation(said["id"], said["impact"], len(said["nodes"]), said["nodes"][0]["html"])


def _row(name: str, found: Found) -> str:
    said = ", ".join(f"{each.rule} ({each.impact}) x {each.times}" for each in found.violations)
    return f"{name:36} {found.scheme:6} {found.width:5}  {said or 'none'}"


def main() -> int:
    """Print the table."""
    with chromium() as windows, tempfile.TemporaryDirectory() as folder, Server(Path(folder, "app")) as server:
        for view in VIEWS:
            with Visitor(windows, server) as visitor:
                come(visitor, view)
                for found in examine(visitor):
                    print(_row(view, found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
