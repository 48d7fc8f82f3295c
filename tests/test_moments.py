"""Sums over the attributes of replies: what they hold, that they add up, and that only the right file is read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.__main__ import main
from data.counts_file import BUNDLED, read_counts
from data.mentalalign import STUDY
from data.moments import COUNTS, FLAGS, KEYS, moment_names, sum_moments
from data.moments_file import moments_beside, read_moments, write_moments
from data.ratings import Ratings
from data.released.reading import read_release
from data.sources import load_counts, load_snapshot
from tests.made_release import Made, write_workbooks
from tests.spec import ratings_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, made: Made) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, made)
    return folder


@pytest.fixture(scope="module")
def release(folder: Path) -> Ratings:
    return read_release(folder, STUDY)


@pytest.fixture
def bundled(tmp_path: Path, folder: Path) -> Path:
    """Write a made release as the bundled one is written."""
    path = tmp_path / "made.parquet"
    assert main(["snapshot", str(folder), "--output", str(path)]) == 0
    return path


def test_two_replies_by_hand() -> None:
    """Two replies of one conversation and system kind: ratings 1, 3 and 2, 2; the judge 5, 4 and 3, 3."""
    study = replace(STUDY.with_judges(["gpt-4o"]), attributes=STUDY.attributes[:2], groups=())
    rows = pd.DataFrame(
        {
            "conversation": [1, 1, 1, 1],
            "model": np.repeat(STUDY.system_keys[:2], 2),
            "attribute": study.attribute_names * 2,
            "human": [1, 3, 2, 2],
            "gpt-4o": [5, 4, 3, 3],
        }
    )
    moments = sum_moments(ratings_of(study, rows))
    assert list(moments) == [*KEYS, *COUNTS, *moment_names(2)]
    assert moment_names(2)[:6] == ("s0", "s1", "s2", "s3", "p0_0", "p0_1")
    assert moments["policy"].tolist() == ["both", "both"]
    assert moments[list(COUNTS)].to_numpy().tolist() == [[1, 0, 0], [1, 1, 1]]
    first = moments.iloc[0]
    assert first[["s0", "s1", "s2", "s3"]].tolist() == [1, 3, 5, 4]
    assert first[["p0_0", "p0_1", "p0_2", "p1_2", "p2_3", "p3_3"]].tolist() == [1, 3, 5, 15, 20, 16]


def by_loop(ratings: Ratings, judge: str, policy: str) -> tuple[np.ndarray, np.ndarray]:
    """Every reply that both rated on everything: its ratings, and whether its conversation differs."""
    column = {"as-released": "as_released", "valid": "valid"}[policy]
    wide = ratings.long.pivot_table(
        index=["conversation", "model"], columns=["rater", "attribute"], values=column, observed=False, dropna=False
    )
    both = wide[[(rater, name) for rater in ("human", judge) for name in ratings.study.attribute_names]].dropna()
    differs = both.index.get_level_values("conversation").isin(list(ratings.different(judge)))
    return both.to_numpy(), differs


@pytest.mark.parametrize("policy", ["as-released", "valid"])
@pytest.mark.parametrize("blocks", [None, 7])
def test_sums_are_those_of_a_plain_table(release: Ratings, policy: str, blocks: int | None) -> None:
    moments = sum_moments(release, blocks=blocks)
    chosen = moments[moments["policy"].isin(["both", policy])]
    for judge in STUDY.judge_keys:
        values, differs = by_loop(release, judge, policy)
        for flag in (False, True):
            mine = chosen[(chosen["judge"] == judge) & (chosen["different"] == flag)]
            rows = values[differs == flag]
            assert mine["n"].sum() == len(rows)
            assert mine["same_human"].sum() == (np.ptp(rows[:, :7], axis=1) == 0).sum()
            assert mine["same_rating"].sum() == (np.ptp(rows[:, 7:], axis=1) == 0).sum()
            row, column = np.triu_indices(14)
            expected = [*rows.sum(0), *(rows[:, row] * rows[:, column]).sum(0)]
            assert mine[list(moment_names(7))].sum().tolist() == expected


def test_blocks_add_up_to_single_conversations(release: Ratings) -> None:
    single, blocks = (sum_moments(release, blocks=number) for number in (None, 7))
    keys = ["judge", "model", *FLAGS, "policy"]
    sums = [each.groupby(keys, observed=True)[[*COUNTS, *moment_names(7)]].sum() for each in (single, blocks)]
    pd.testing.assert_frame_equal(*sums)
    assert blocks["cluster"].nunique() == 7
    assert len(blocks) < len(single)


def test_a_file_reads_as_the_sums_that_were_written(release: Ratings, tmp_path: Path) -> None:
    moments = sum_moments(release, blocks=5)
    halved = moments.assign(**{name: moments[name] / 3 for name in moment_names(7)})
    for each in (moments, halved):
        sha256 = write_moments(each, tmp_path / "moments.parquet")
        read = read_moments(tmp_path / "moments.parquet", STUDY, sha256)
        assert read is not None
        pd.testing.assert_frame_equal(read, each)


def test_the_command_writes_sums_beside_counts(bundled: Path, release: Ratings) -> None:
    _, about, _ = read_counts(bundled)
    read = read_moments(moments_beside(bundled), STUDY, about.moments)
    assert read is not None
    pd.testing.assert_frame_equal(read, sum_moments(release, blocks=about.blocks))


def test_sums_of_other_ratings_are_not_read(bundled: Path, release: Ratings) -> None:
    beside = moments_beside(bundled)
    assert load_counts(bundled).moments is not None
    write_moments(sum_moments(release, blocks=3), beside)
    assert load_counts(bundled).moments is None
    beside.unlink()
    assert load_counts(bundled).moments is None


def test_the_bundled_file_is_small_and_named_by_the_counts() -> None:
    _, about, _ = read_counts()
    beside = moments_beside(BUNDLED)
    assert beside.stat().st_size < 400_000
    moments = read_moments(beside, STUDY, about.moments)
    assert moments is not None
    pd.testing.assert_frame_equal(moments, load_snapshot().moments)
    assert moments["cluster"].nunique() == about.blocks


@pytest.mark.release
@pytest.mark.slow
def test_the_bundled_sums_are_what_the_release_gives(released: Ratings, tmp_path: Path) -> None:
    write_moments(sum_moments(released, blocks=read_counts()[1].blocks), tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == moments_beside(BUNDLED).read_bytes()
