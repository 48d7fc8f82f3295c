"""Counts of pairs add up to the ratings, whatever the size of a block, and each policy takes its own."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.counts import COLUMNS, count_pairs, under_policy
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.released.reading import read_release
from data.study import HUMAN
from tests.made_release import CONTEXT_SHIFTED, CONTEXT_UNKNOWN, Made, write_workbooks

KEYS = ["judge", "model", "attribute", "different", "human", "human_recovered", "rating", "recovered"]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, made: Made) -> Ratings:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, made)
    return read_release(folder, STUDY)


def totals(counts: pd.DataFrame, *, by: list[str] = KEYS) -> pd.Series:
    return counts.groupby(by, observed=True, dropna=False)["n"].sum()


def test_single_conversations_are_the_ratings_themselves(release: Ratings, made: Made) -> None:
    counts = count_pairs(release)
    assert list(counts.columns) == COLUMNS
    assert (counts["n"] == 1).all()
    assert len(counts) == 4 * 48 * 10 * 7
    for judge, rows in counts.groupby("judge", observed=True):
        shape = (48, len(STUDY.system_keys), len(STUDY.attribute_names))
        np.testing.assert_array_equal(rows["human"].to_numpy().reshape(shape), made.ratings[HUMAN])
        np.testing.assert_array_equal(rows["rating"].to_numpy().reshape(shape), made.ratings[str(judge)])
        np.testing.assert_array_equal(rows["recovered"].to_numpy().reshape(shape), made.recovered[str(judge)])
        np.testing.assert_array_equal(rows["cluster"].to_numpy().reshape(shape)[:, 0, 0], np.arange(48))
        assert set(rows["model"]) == set(STUDY.system_keys)
        different = rows.loc[rows["different"], "cluster"] + 1
        assert set(different) == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}


def lots(numbers: Iterable[int], block: int) -> dict[int, int]:
    """Draw the block of each conversation: in the order of the SHA-256 of their numbers."""
    drawn = sorted(numbers, key=lambda number: hashlib.sha256(str(number).encode()).digest())
    return {number: rank // block for rank, number in enumerate(drawn)}


def test_a_block_counts_its_conversations_by_hand(release: Ratings, made: Made) -> None:
    counts = count_pairs(release, blocks=20)
    judge, model, attribute = "o4-mini", 4, 2
    rows = counts[
        (counts["judge"] == judge)
        & (counts["model"] == STUDY.system_keys[model])
        & (counts["attribute"] == STUDY.attribute_names[attribute])
    ]
    block_of = lots(made.conversations, 20)
    expected: Counter = Counter()
    for number in made.conversations:
        pair = [made.ratings[rater][number - 1, model, attribute] for rater in (HUMAN, judge)]
        if not np.isnan(pair).any():
            expected[block_of[number], *pair] += 1
    found: Counter = Counter()
    for cluster, human, rating, n in rows[["cluster", "human", "rating", "n"]].dropna().itertuples(index=False):
        found[cluster, human, rating] += n
    assert found == expected
    assert rows.groupby("cluster")["n"].sum().tolist() == [20, 20, 8]


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 60))
def test_blocks_of_any_size_give_the_same_totals(release: Ratings, block: int) -> None:
    single, blocks = count_pairs(release), count_pairs(release, blocks=block)
    pd.testing.assert_series_equal(totals(blocks), totals(single), check_dtype=False)
    assert set(blocks["cluster"]) == set(range(-(-48 // block)))
    assert not blocks.duplicated([*KEYS, "cluster"]).any()
    expanded = blocks.loc[blocks.index.repeat(blocks["n"])]
    assert len(expanded) == len(single)


def test_gaps_in_the_numbers_leave_no_gap_in_the_clusters(tmp_path: Path, made: Made) -> None:
    numbers = tuple(7 * number for number in made.conversations)
    write_workbooks(tmp_path, replace(made, conversations=numbers))
    release = read_release(tmp_path, STUDY)
    single, blocks = count_pairs(release), count_pairs(release, blocks=20)
    assert set(single["cluster"]) == set(range(48))
    assert set(single.loc[single["different"], "cluster"] + 1) == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}
    assert set(blocks["cluster"]) == {0, 1, 2}
    block_of = lots(numbers, 20)
    assert set(blocks.loc[blocks["different"], "cluster"]) == {
        block_of[7 * CONTEXT_SHIFTED],
        block_of[7 * CONTEXT_UNKNOWN],
    }


def test_counting_changes_no_input(release: Ratings) -> None:
    before = release.long.copy()
    count_pairs(release, blocks=20)
    pd.testing.assert_frame_equal(release.long, before)


def test_judges_are_those_of_the_release(tmp_path: Path, made: Made, release: Ratings) -> None:
    write_workbooks(tmp_path, made, raters=[HUMAN, "o4-mini"])
    alone = count_pairs(read_release(tmp_path, STUDY), block=20)
    assert list(alone["judge"].cat.categories) == ["o4-mini"]
    everyone = count_pairs(release, blocks=20)
    assert list(everyone["judge"].cat.categories) == list(STUDY.judge_keys)
    same = everyone[everyone["judge"] == "o4-mini"].astype({"judge": str}).reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.astype({"judge": str}), same)


@pytest.mark.parametrize(
    ("rating", "recovered", "as_released", "valid"),
    [
        *((number, False, number, number) for number in (1, 2, 3, 4, 5)),
        *((number, True, np.nan, number) for number in (1, 2, 3, 4, 5)),
        (0, False, 0, np.nan),
        (6, False, 6, np.nan),
        (4.5, False, 4.5, np.nan),
        (np.nan, False, np.nan, np.nan),
    ],
)
def test_each_policy_takes_its_ratings(rating: float, recovered: bool, as_released: float, valid: float) -> None:
    ratings, told = np.array([rating]), np.array([recovered])
    np.testing.assert_array_equal(under_policy(ratings, told, "as-released"), [as_released])
    np.testing.assert_array_equal(under_policy(ratings, told, "valid"), [valid])
