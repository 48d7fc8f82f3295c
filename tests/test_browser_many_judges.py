"""Nine judges on a laptop and on a telephone: no word runs into another."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser import NewVisitor, Server, Windows
from tests.made_study import ATTRIBUTES, EXPERTS, make_study, write_study

pytestmark = pytest.mark.browser

JUDGES = [f"judge {number}" for number in range(1, 10)]

# What is written in the cells of each chart in sight: left, right and top of its words, to the nearest pixel.
_WORDS = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .filter(chart => chart.checkVisibility() && chart.querySelector('.mark-rect'))
    .map(chart => [...chart.querySelectorAll('.mark-text.role-mark text')].filter(each => each.textContent)
        .map(each => each.getBoundingClientRect()).map(box => [box.left, box.right, box.top].map(Math.round)))"""
# How far the words of each verdict stand from either side of their cell.
_ROOM = """() => [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
    .flatMap(each => [...(each.shadowRoot?.querySelectorAll('td:not(.why)') ?? [])])
    .map(cell => [cell, cell.querySelector('span')].map(each => each.getBoundingClientRect()))
    .flatMap(([cell, words]) => [words.left - cell.left, cell.right - words.right])"""


@pytest.fixture(scope="module")
def server(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the app on a study with nine judges and eight attributes; not without a browser."""
    folder = tmp_path_factory.mktemp("many")
    write_study(folder / "study", make_study(raters=(*EXPERTS, *JUDGES)))
    with Server(folder / "log", MENTALBENCH_SOURCE=str(folder / "study")) as started:
        yield started


@pytest.mark.parametrize(("width", "charts"), [(1280, 2), (390, 6)])
def test_words_in_the_cells_of_charts_keep_apart(new_visitor: NewVisitor, width: int, charts: int) -> None:
    visitor = new_visitor(width=width)
    visitor.go("/judges?tab=compare")
    visitor.unroll(width)
    drawn = visitor.page.evaluate(_WORDS)
    assert len(drawn) == charts
    for words in drawn:
        lines = sorted(words, key=lambda word: (word[2], word[0]))
        side_by_side = [pair for pair in pairwise(lines) if pair[0][2] == pair[1][2]]
        assert side_by_side
        assert all(left[1] <= right[0] for left, right in side_by_side)


@pytest.mark.parametrize("width", [1280, 800, 390])
def test_verdicts_stand_within_their_cells(new_visitor: NewVisitor, width: int) -> None:
    visitor = new_visitor(width=width)
    visitor.go("/")
    visitor.unroll(width)
    room = visitor.page.evaluate(_ROOM)
    assert len(room) == 2 * len(JUDGES) * len(ATTRIBUTES)
    assert min(room) >= 0


def test_more_judges_than_fit_across_stand_below_each_other(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=1440)
    visitor.go("/")
    headings = visitor.main.get_by_role("rowheader")
    expect(headings).to_have_count(len(JUDGES))
    assert headings.all_inner_texts() == JUDGES
