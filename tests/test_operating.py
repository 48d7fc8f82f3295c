"""How often judges of known quality get each verdict: the committed table is what the script prints."""

import re

import numpy as np
import pytest

from analysis.decisions.verdicts import VERDICTS
from analysis.wording import simulations
from tests.bench.operating import FEWEST, LINES, POOR, Made, markdown, settings_line, simulated

TABLE = simulations("operating-characteristics")


def rows(heading: str) -> list[list[str]]:
    """Read the table below a heading's first cell."""
    blocks = re.findall(r"(?:^\|.*\n?)+", TABLE, flags=re.MULTILINE)
    block = next(each for each in blocks if each.startswith(f"| {heading} "))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()[2:]]


def shares(cell: str) -> list[int]:
    return [int(each) for each in cell.split(" / ")]


def test_the_file_was_written_with_the_scripts_constants() -> None:
    assert TABLE.splitlines()[0] == settings_line()
    assert len(rows("judge")) == 1 + sum(len(values) for _, values in LINES.values()) + 3


def test_an_unfit_judge_is_supported_in_at_most_5_of_100() -> None:
    for use, n, share, worst, others, ruled_out, worst_ruled_out in rows("use"):
        assert int(n.replace(",", "")) > 1000, use
        assert float(share) <= 1
        assert float(worst) <= 5
        assert int(others.replace(",", "")) > 1000
        assert float(ruled_out) <= 1
        assert float(worst_ruled_out) <= 5


@pytest.mark.parametrize(
    ("varied", "use"), [("bias", 7), ("bias", 8), ("error", 7), ("error", 8), ("system_spread", 6)]
)
def test_worse_judges_are_supported_less_often(varied: str, use: int) -> None:
    what = LINES[varied][0]
    cells = [shares(row[use]) for row in rows("judge") if row[0].startswith(f"{what}: ")]
    assert len(cells) > 3
    order = np.array(cells)
    # Shares of 400 studies move by a few of 100.
    assert (np.diff(order[:, 0]) <= 3).all()
    assert (np.diff(order[:, 3]) >= -3).all()
    assert order[0, 0] > order[-1, 0] + 50


@pytest.mark.slow
def test_a_line_is_what_the_rules_give_now() -> None:
    found = simulated(Made(bias=0.4), 100)
    share = found[found["use"] == "score"]["verdict"].value_counts(normalize=True)
    printed = dict(
        zip(VERDICTS, shares(next(row[7] for row in rows("judge") if row[0].endswith("reply: 0.4"))), strict=True)
    )
    for verdict, of_100 in printed.items():
        assert share.get(verdict, 0) == pytest.approx(of_100 / 100, abs=0.15)


@pytest.mark.slow
def test_both_tables_are_written() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.bench.operating.judges", lambda: iter([("poor", POOR), ("good", Made())]))
        patch.setattr("tests.bench.operating.ENDLESS", 400)
        said = markdown(FEWEST)
    assert settings_line() in said
    assert said.count("\n|---") == 2
