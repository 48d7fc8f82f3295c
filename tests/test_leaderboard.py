"""Judges beside each other by use: counts of the verdicts, and the order that follows from them."""

import pandas as pd
import pytest

import analysis
from analysis.decisions.leaderboard import COUNTED, leaderboard
from analysis.findings.leaderboard import leaderboard_finding
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY


@pytest.mark.parametrize("attribute", [[], ["Safety"], ["Guidance", "Empathy"]])
@pytest.mark.parametrize("multiplicity", ["none", "holm"])
def test_it_counts_the_verdicts_that_stand_elsewhere(attribute: list[str], multiplicity: str) -> None:
    study = analysis.open_study("snapshot")
    verdicts = study.table("verdicts", attribute=attribute, multiplicity=multiplicity)
    board = study.table("leaderboard", attribute=attribute, multiplicity=multiplicity)
    assert len(board) == 3 * 4
    for row in board.to_dict("records"):
        mine = verdicts[(verdicts["judge"] == row["judge"]) & (verdicts["use"] == row["use"])]["verdict"]
        assert {verdict: row[column.name] for verdict, column in COUNTED.items()} == {
            verdict: (mine == verdict).sum() for verdict in COUNTED
        }


def criteria(verdicts: dict[str, str]) -> pd.DataFrame:
    """Make criteria of one use, a letter for each attribute: supported, checked, undecided, not supported."""
    word = {"s": "supported", "c": "human-checks", "u": "undecided", "n": "not-supported"}
    rows = [
        {"judge": judge, "attribute": f"a{place}", "use": "rank", "verdict": word[letter], "more": None, "units": 1.0}
        for judge, letters in verdicts.items()
        for place, letter in enumerate(letters)
    ]
    return pd.DataFrame(rows).assign(enough=True, more=lambda table: table["more"].astype(float))


def test_the_order_is_by_what_was_shown_and_who_is_supported_nowhere_has_no_place() -> None:
    made = {"a": "cccn", "b": "sunn", "c": "suuu", "d": "cccu", "e": "nccc", "f": "uuuu", "g": "nuuu"}
    board = leaderboard(criteria(made), Settings.of(STUDY))
    placed = board.dropna(subset="place")
    assert dict(zip(placed["judge"], placed["place"], strict=True)) == {"c": 1, "b": 2, "d": 3, "a": 4, "e": 4}
    assert board["judge"].tolist() == ["c", "b", "d", "a", "e", "f", "g"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            {"gpt-4o": "sscc", "o4-mini": "uuuu"},
            "GPT-4o first, supported on 2 and with human checks on 2 of 4 attributes.",
        ),
        ({"gpt-4o": "c", "o4-mini": "c"}, "GPT-4o and o4-mini first, with human checks."),
        ({"gpt-4o": "un", "o4-mini": "nn"}, "no judge on any attribute."),
    ],
)
def test_the_first_are_named_with_what_they_may_do(made: dict[str, str], said: str) -> None:
    board = leaderboard(criteria(made), Settings.of(STUDY))
    assert leaderboard_finding(STUDY, board) == f"Rank systems: {said}"
