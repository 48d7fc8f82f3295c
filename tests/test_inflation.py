"""Bias, error and their intervals are those of plain pandas on single rows, and of a table checked by hand."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from numpy.testing import assert_allclose

from analysis.bias.inflation import COLUMNS, inflation_by_model, inflation_table, rating_distribution
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.spec import counts_of, example, grid, selected

INTERVAL = ["bias_low", "bias_high"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, Settings.of(STUDY), Selection.of(STUDY))


@pytest.fixture(scope="module")
def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The same pairs, one row each."""
    single = frame.loc[frame.index.repeat(frame["n"])].reset_index(drop=True)
    return single.assign(difference=single["rating"] - single["human"])


def by_pandas(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = rows.assign(squared=rows["difference"] ** 2).groupby(keys, observed=True)
    means = groups[["human", "rating", "difference", "squared"]].mean()
    means.columns = pd.Index(["human_mean", "judge_mean", "bias", "mse"])
    return means.assign(n_pairs=groups.size(), rmse=np.sqrt(means["mse"])).reset_index()


def test_worked_example() -> None:
    counts, expected = example("How far a judge scores above the experts")
    selection = selected(("gpt-4o",), STUDY.system_keys, ("Safety",))
    table = inflation_table(pairs(STUDY, counts, Settings.of(STUDY), selection))
    pd.testing.assert_frame_equal(
        table[expected.columns].astype(float), expected.astype(float), check_exact=False, atol=5e-4
    )


def test_table_equals_pandas_on_single_rows(frame: pd.DataFrame, rows: pd.DataFrame) -> None:
    table = inflation_table(frame)
    assert list(table.columns) == [name for name in COLUMNS if name != "score"]
    assert list(zip(table["judge"], table["attribute"], strict=True)) == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]
    expected = by_pandas(rows, ["judge", "attribute"])
    names = ["n_pairs", "human_mean", "judge_mean", "bias", "mse", "rmse"]
    assert_allclose(table[names], expected[names], rtol=1e-12)


def test_table_by_model_equals_pandas_on_single_rows(frame: pd.DataFrame, rows: pd.DataFrame) -> None:
    table = inflation_by_model(frame)
    assert list(table.columns) == ["judge", "attribute", "model", *COLUMNS[3:]]
    assert len(table) == len(STUDY.judge_keys) * len(STUDY.attribute_names) * len(STUDY.system_keys)
    own = table["n_pairs"] == 0
    assert own.sum() == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert table.loc[own, ["human_mean", "bias", "mse", "rmse", *INTERVAL]].isna().all(axis=None)
    expected = by_pandas(rows, ["judge", "attribute", "model"])
    names = ["judge", "attribute", "model", "n_pairs", "human_mean", "judge_mean", "bias", "mse", "rmse"]
    pd.testing.assert_frame_equal(
        table.loc[~own, names].reset_index(drop=True), expected[names].astype(dict.fromkeys(names[:3], str)), rtol=1e-12
    )


def test_mean_squared_error_is_bias_squared_and_the_variance_of_the_difference(
    frame: pd.DataFrame, rows: pd.DataFrame
) -> None:
    table = inflation_table(frame)
    variance = rows.groupby(["judge", "attribute"], observed=True)["difference"].var(ddof=0)
    assert_allclose(table["mse"], table["bias"] ** 2 + variance.to_numpy(), rtol=1e-9)


def test_interval_is_clustered(frame: pd.DataFrame, rows: pd.DataFrame) -> None:
    """By the definition: the sums of each cluster's residuals take the place of single residuals."""
    table = inflation_table(frame)
    wider = []
    for place, (_, cell) in enumerate(rows.groupby(["judge", "attribute"], observed=True)):
        bias = cell["difference"].mean()
        sums = (cell["difference"] - bias).groupby(cell["cluster"]).sum()
        error = np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum()) / len(cell)
        half = scipy.stats.t.ppf(0.975, len(sums) - 1) * error
        assert tuple(table.loc[place, INTERVAL]) == pytest.approx((bias - half, bias + half), rel=1e-9)
        wider.append(error * np.sqrt(len(cell)) / cell["difference"].std())
    assert np.median(wider) > 1.3


def test_bias_has_no_interval_with_a_single_conversation() -> None:
    row = inflation_table(grid(np.array([[1.0], [4]]), np.array([[2.0], [4]]))).iloc[0]
    assert row["bias"] == 0.5
    assert row[INTERVAL].isna().all()


def test_without_pairs_everything_is_undefined() -> None:
    table = inflation_table(pairs(STUDY, load_snapshot().counts.iloc[:0], Settings.of(STUDY), Selection.of(STUDY)))
    assert len(table) == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert table["n_pairs"].eq(0).all()
    assert table[["human_mean", "judge_mean", "bias", *INTERVAL, "mse", "rmse"]].isna().all(axis=None)


def test_raters_that_agree_on_ratings_that_are_no_whole_numbers_have_no_error() -> None:
    """To the computer 3 x 1.7 x 1.7 is a trifle more than 3 x 1.7^2; the error must not fall below zero."""
    human = np.array([[1.7, 2.1, 3.4]])
    row = inflation_table(grid(human, human).assign(n=3)).iloc[0]
    assert row["mse"] == row["rmse"] == 0


def test_distribution_of_a_small_example() -> None:
    ratings = pd.DataFrame(
        {"conversation": [1, 2, 3, 4], "model": "Qwen-3-4B", "human": [5, 5, 2, 4], "gpt-4o": [5, 5, 5, np.nan]}
    )
    frame = pairs(STUDY, counts_of(ratings), Settings.of(STUDY), selected(("gpt-4o",), STUDY.system_keys, ("Safety",)))
    table = rating_distribution(frame)
    assert list(table.columns) == ["judge", "attribute", "rater", "rating", "n", "share"]
    assert table[["rater", "rating", "n"]].to_numpy().tolist() == [["human", 2, 1], ["human", 5, 2], ["judge", 5, 3]]
    assert table["share"].tolist() == pytest.approx([1 / 3, 2 / 3, 1])


def test_distribution_equals_pandas_on_single_rows(frame: pd.DataFrame, rows: pd.DataFrame) -> None:
    table = rating_distribution(frame).set_index(["judge", "attribute", "rater", "rating"])
    assert table.groupby(level=["judge", "attribute", "rater"])["share"].sum().to_numpy() == pytest.approx(1)
    for rater, column in (("human", "human"), ("judge", "rating")):
        shares = rows.groupby(["judge", "attribute"], observed=True)[column].value_counts(normalize=True)
        ours = table["share"].xs(rater, level="rater")
        assert len(ours) == len(shares)
        for (judge, attribute, rating), share in shares.items():
            assert ours[judge, attribute, rating] == pytest.approx(share, abs=1e-12)
