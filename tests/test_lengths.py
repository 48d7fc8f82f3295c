"""Lengths of replies and shares of empty, cut-off and tagged ones, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.charts.lengths import lengths_by_model
from analysis.evidence.lengths import COLUMNS, lengths_table
from analysis.findings.lengths import lengths_finding, shares_finding
from data.mentalalign import STUDY
from data.replies.traits import Traits

# Five replies by each of two models: words, and which are empty, cut off, tagged.
WORDS = np.array([[10, 1], [20, 2], [30, 3], [40, 4], [0, 5]])
KINDS = {
    "empty": np.array([[0, 0], [0, 0], [0, 0], [0, 0], [1, 0]], dtype=bool),
    "cut-off": np.array([[1, 0], [1, 0], [0, 0], [0, 1], [0, 0]], dtype=bool),
    "tagged": np.zeros((5, 2), dtype=bool),
}
TRAITS = Traits(("gpt-4o", "original"), np.ones(5), WORDS, KINDS)
TABLE = lengths_table(TRAITS, ["gpt-4o", "original"])


def test_quartiles_are_those_of_replies_that_are_there() -> None:
    assert list(TABLE) == list(COLUMNS)
    assert TABLE[["words_q1", "words_median", "words_q3"]].to_numpy().tolist() == [[17.5, 25, 32.5], [2, 3, 4]]


def test_shares_are_of_all_replies() -> None:
    assert TABLE["n_replies"].tolist() == [5, 5]
    assert TABLE[["empty", "cut_off", "tagged"]].to_numpy().tolist() == [[0.2, 0.4, 0], [0, 0.2, 0]]


@pytest.mark.parametrize(("name", "counts"), [("empty", (1, 0)), ("cut_off", (2, 1)), ("tagged", (0, 0))])
def test_intervals_are_wilsons(name: str, counts: tuple[int, int]) -> None:
    for row, count in enumerate(counts):
        expected = proportion_confint(count, 5, method="wilson")
        assert TABLE.loc[row, [f"{name}_low", f"{name}_high"]].tolist() == pytest.approx(expected, abs=1e-9)


def test_models_come_in_the_order_asked_for() -> None:
    assert lengths_table(TRAITS, ["original"])["words_median"].tolist() == [3]
    assert lengths_table(TRAITS, ["original", "gpt-4o"])["model"].tolist() == ["original", "gpt-4o"]


def test_no_reply_has_no_length_and_no_share() -> None:
    none = Traits(("gpt-4o",), np.ones(0), WORDS[:0, :1], {kind: of_it[:0, :1] for kind, of_it in KINDS.items()})
    table = lengths_table(none, ["gpt-4o"])
    assert table[["words_median", "empty", "empty_low", "tagged_high"]].isna().all(axis=None)
    assert lengths_finding(STUDY, table) == "No length can be given: no reply on screen holds a word."
    assert shares_finding(STUDY, table) == "There is no reply to look at."


def test_findings_name_the_ends_and_the_most_frequent() -> None:
    assert lengths_finding(STUDY, TABLE) == (
        "Replies by GPT-4o are longest: half of them have at least 25 words. Those by the original reply are shortest: "
        "half of them have at most 3 words."
    )
    assert shares_finding(STUDY, TABLE) == (
        "Empty replies come most often from GPT-4o, 20.0% of replies. Replies without a closing sign come most often "
        "from GPT-4o, 40.0% of replies. Replies with reasoning tags are not among these."
    )


@pytest.mark.parametrize(
    ("share", "said"), [(0.0001, "less than 0.1%"), (0.9999, "more than 99.9%"), (1.0, "100%"), (0.0149, "1.5%")]
)
def test_a_share_is_never_said_to_be_all_or_nothing_when_it_is_not(share: float, said: str) -> None:
    table = TABLE.iloc[:1].assign(empty=share)
    assert shares_finding(STUDY, table).startswith(f"Empty replies are {said} of those by GPT-4o.")


def test_the_chart_spans_the_middle_half_and_has_room_for_its_numbers() -> None:
    spec = lengths_by_model(STUDY, TABLE).to_dict()
    bars, middles, numbers = spec["layer"]
    assert (bars["encoding"]["x"]["field"], bars["encoding"]["x2"]["field"]) == ("words_q1", "words_q3")
    assert middles["encoding"]["x"]["field"] == numbers["encoding"]["text"]["field"] == "words_median"
    assert bars["encoding"]["x"]["scale"]["domain"] == [0, pytest.approx(1.15 * 32.5)]
    (rows,) = spec["datasets"].values()
    assert pd.DataFrame(rows)["model"].tolist() == ["GPT-4o", "Original reply"]
