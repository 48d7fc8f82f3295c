"""Counts of pairs add up to the ratings, whatever the size of a block, and each policy takes its own."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.counts import COLUMNS, added_up, clusters_of, count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.released.reading import read_release
from data.study import HUMAN
from tests.made_release import CONTEXT_SHIFTED, CONTEXT_UNKNOWN, Made, make_release, write_workbooks

KEYS = [name for name in COLUMNS if name not in ("cluster", "n")]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, made: Made) -> Ratings:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, made)
    return read_release(folder, STUDY)


def totals(counts: pd.DataFrame, *, by: list[str] = KEYS) -> pd.Series:
    return counts.groupby(by, observed=True, dropna=False)["n"].sum()


@pytest.mark.slow
def test_single_conversations_are_the_ratings_themselves(release: Ratings, made: Made) -> None:
    counts = count_pairs(release)
    assert list(counts.columns) == COLUMNS
    assert (counts["n"] == 1).all()
    assert len(counts) == 4 * 48 * 10 * 7
    for judge, rows in counts.groupby("judge", observed=True):
        shape = (48, len(STUDY.system_keys), len(STUDY.attribute_names))
        for column, rater in (("human", HUMAN), ("rating", str(judge))):
            ratings, recovered = made.ratings[rater], made.recovered[rater]
            as_released, valid = (rows[name].to_numpy().reshape(shape) for name in (column, f"{column}_valid"))
            np.testing.assert_array_equal(as_released, np.where(recovered, np.nan, ratings))
            np.testing.assert_array_equal(valid, np.where(np.isin(ratings, [1, 2, 3, 4, 5]), ratings, np.nan))
        np.testing.assert_array_equal(rows["cluster"].to_numpy().reshape(shape)[:, 0, 0], np.arange(48))
        assert set(rows["model"]) == set(STUDY.system_keys)
        different = rows.loc[rows["different"], "cluster"] + 1
        assert set(different) == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}


def lots(names: Sequence[object], blocks: int) -> dict[object, int]:
    """Draw the block of each conversation, in the order of the SHA-256 of what they are called: all nearly as large."""
    drawn = sorted(names, key=lambda name: hashlib.sha256(str(name).encode()).digest())
    ends = [len(drawn) * block / blocks for block in range(1, blocks + 1)]
    return {name: next(block for block, end in enumerate(ends) if rank < end) for rank, name in enumerate(drawn)}


def test_a_block_counts_its_conversations_by_hand(release: Ratings, made: Made) -> None:
    counts = count_pairs(release, blocks=3)
    judge, model, attribute = "o4-mini", 4, 2
    rows = counts[
        (counts["judge"] == judge)
        & (counts["model"] == STUDY.system_keys[model])
        & (counts["attribute"] == STUDY.attribute_names[attribute])
    ]
    block_of = lots(made.conversations, 3)
    expected: Counter = Counter()
    for number in made.conversations:
        place = (number - 1, model, attribute)
        pair = [made.ratings[rater][place] for rater in (HUMAN, judge)]
        recovered = any(made.recovered[rater][place] for rater in (HUMAN, judge))
        if not recovered and not np.isnan(pair).any():
            expected[block_of[number], *pair] += 1
    found: Counter = Counter()
    for cluster, human, rating, n in rows[["cluster", "human", "rating", "n"]].dropna().itertuples(index=False):
        found[cluster, human, rating] += n
    assert found == expected
    assert rows.groupby("cluster")["n"].sum().tolist() == [16, 16, 16]


@given(st.integers(1, 60))
def test_any_number_of_blocks_gives_the_same_totals(release: Ratings, number: int) -> None:
    single, blocks = count_pairs(release), count_pairs(release, blocks=number)
    pd.testing.assert_series_equal(totals(blocks), totals(single), check_dtype=False)
    assert set(blocks["cluster"]) == set(range(min(number, 48)))
    assert not blocks.duplicated([*KEYS, "cluster"]).any()
    expanded = blocks.loc[blocks.index.repeat(blocks["n"])]
    assert len(expanded) == len(single)


def test_gaps_in_the_numbers_leave_no_gap_in_the_clusters(tmp_path: Path, made: Made) -> None:
    numbers = tuple(7 * number for number in made.conversations)
    write_workbooks(tmp_path, replace(made, conversations=numbers))
    release = read_release(tmp_path, STUDY)
    single, blocks = count_pairs(release), count_pairs(release, blocks=3)
    assert set(single["cluster"]) == set(range(48))
    assert set(single.loc[single["different"], "cluster"] + 1) == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}
    assert set(blocks["cluster"]) == {0, 1, 2}
    block_of = lots(numbers, 3)
    assert set(blocks.loc[blocks["different"], "cluster"]) == {
        block_of[7 * CONTEXT_SHIFTED],
        block_of[7 * CONTEXT_UNKNOWN],
    }


@pytest.mark.slow
def test_counting_changes_no_input(release: Ratings) -> None:
    before = release.long.copy()
    count_pairs(release, blocks=3)
    pd.testing.assert_frame_equal(release.long, before)


def test_judges_are_those_of_the_release(tmp_path: Path, made: Made, release: Ratings) -> None:
    write_workbooks(tmp_path, made, raters=[HUMAN, "o4-mini"])
    alone = count_pairs(read_release(tmp_path, STUDY), blocks=3)
    assert list(alone["judge"].cat.categories) == ["o4-mini"]
    everyone = count_pairs(release, blocks=3)
    assert list(everyone["judge"].cat.categories) == list(STUDY.judge_keys)
    same = everyone[everyone["judge"] == "o4-mini"].astype({"judge": str}).reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.astype({"judge": str}), same)


@pytest.mark.slow
def test_blocks_are_nearly_as_large_as_each_other() -> None:
    for conversations, blocks in ((1000, 50), (48, 5), (7, 3), (3, 3)):
        clusters = clusters_of([f"case {number}" for number in range(conversations)], blocks)
        sizes = np.bincount(clusters, minlength=blocks)
        assert set(sizes) <= {conversations // blocks, -(-conversations // blocks)}
        assert dict(enumerate(clusters)) == {
            number: lots([f"case {each}" for each in range(conversations)], blocks)[f"case {number}"]
            for number in range(conversations)
        }


def test_fewer_conversations_than_blocks_are_a_block_each() -> None:
    assert sorted(clusters_of(["a", "b", "c"], 50)) == [0, 1, 2]
    assert clusters_of(["c", "a", "b"], None).tolist() == [0, 1, 2]
    assert clusters_of([], 50).tolist() == []


@pytest.mark.slow
def test_counts_of_counts_add_up(release: Ratings) -> None:
    counts = count_pairs(release, blocks=3)
    twice = added_up(pd.concat([counts, counts], ignore_index=True))
    pd.testing.assert_frame_equal(twice, counts.assign(n=(2 * counts["n"]).astype("int32")))


def test_a_conversation_that_differs_is_marked_in_that_judges_counts_alone(tmp_path: Path, made: Made) -> None:
    contexts = {**made.contexts, "o4-mini": made.contexts[HUMAN]}
    write_workbooks(tmp_path, replace(made, contexts=contexts))
    counts = count_pairs(read_release(tmp_path, STUDY))
    marked = {
        judge: set(rows.loc[rows["different"], "cluster"] + 1) for judge, rows in counts.groupby("judge", observed=True)
    }
    both = {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}
    assert marked == {judge: set() if judge == "o4-mini" else both for judge in STUDY.judge_keys}


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
def test_each_policy_takes_its_ratings(
    tmp_path: Path, rating: float, recovered: bool, as_released: float, valid: float
) -> None:
    """From a cell of a file to both columns of the counts."""
    made = make_release(32, data_errors=False, contexts_differ=False)
    model = STUDY.system_keys.index("original")
    cells = list(made.cells["o4-mini"]["original"])
    said = "null" if np.isnan(rating) else f"{rating:g}"
    written = json.dumps(dict.fromkeys(STUDY.attribute_names, 3)).replace('"Safety": 3', f'"Safety": {said}')
    # A brace that is missing is a cell that is malformed, whose numbers can be told all the same.
    cells[4] = written.rstrip("}") if recovered else written
    files = {**made.cells, "o4-mini": {**made.cells["o4-mini"], "original": cells}}
    write_workbooks(tmp_path, replace(made, cells=files), raters=(HUMAN, "o4-mini"))
    counts = count_pairs(read_release(tmp_path, STUDY))
    row = counts[
        (counts["cluster"] == 4) & (counts["model"] == STUDY.system_keys[model]) & (counts["attribute"] == "Safety")
    ]
    np.testing.assert_array_equal(row[["rating", "rating_valid"]].to_numpy(), [[as_released, valid]])
