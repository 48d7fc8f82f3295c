"""Order and choice of models: scipy's tau, and plain loops over pairs of models and over resamples."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.stats import kendalltau

from analysis.decisions.ranking import COLUMNS, ranking_table
from analysis.inference.bootstrap import percentile_interval, weights
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import grid, selected

SETTINGS = Settings.of(STUDY, "recommended", resamples=60)
FIGURES = ["tau", "pairwise", "loss"]
RATINGS = arrays(float, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.integers(1, 5).map(float))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY))


def by_loop(human: np.ndarray, judge: np.ndarray) -> dict[str, float]:
    """Means of models to figures, by the definitions."""
    agree = total = 0
    for one, other in itertools.combinations(range(len(human)), 2):
        h, j = human[one] - human[other], judge[one] - judge[other]
        agree += (h > 0 and j > 0) or (h < 0 and j < 0) or (h == 0 and j == 0)
        total += 1
    firsts = [i for i in range(len(judge)) if judge[i] == max(judge)]
    best = [i for i in range(len(human)) if human[i] == max(human)]
    constant = len(set(human)) == 1 or len(set(judge)) == 1
    return {
        "tau": math.nan if constant else kendalltau(human, judge).statistic,
        "pairwise": agree / total,
        "loss": max(human) - sum(human[i] for i in firsts) / len(firsts),
        "same": sum(i in best for i in firsts) / len(firsts),
    }


def means_of(frame: pd.DataFrame, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    weighted = frame.assign(w=frame["n"] * weight)
    rows = weighted.assign(h=weighted["human"] * weighted["w"], j=weighted["rating"] * weighted["w"])
    sums = rows.groupby("model", observed=True)[["w", "h", "j"]].sum()
    sums = sums[sums["w"] > 0]
    return (sums["h"] / sums["w"]).round(9).to_numpy(), (sums["j"] / sums["w"]).round(9).to_numpy()


@pytest.mark.slow
def test_every_cell_is_that_of_scipy_and_of_plain_loops(frame: pd.DataFrame) -> None:
    table = ranking_table(frame, SETTINGS)
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["judge"], table["attribute"], strict=True)) == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]
    for _, row in table.iterrows():
        cell = frame[(frame["judge"] == row["judge"]) & (frame["attribute"] == row["attribute"])]
        human, judge = means_of(cell, np.ones(len(cell)))
        expected = by_loop(human, judge)
        assert row[FIGURES].tolist() == pytest.approx([expected[name] for name in FIGURES], abs=1e-9)
        assert row["same_best_now"] == {0.0: "no", 1.0: "yes"}.get(expected["same"], "partly")
        means = cell.assign(h=cell["human"] * cell["n"]).groupby("model", observed=True)[["n", "h"]].sum()
        assert row["best_human"].split(", ")[0] == (means["h"] / means["n"]).idxmax()
        assert row["n_models"] == len(human) == 9
        assert row["n_pairs"] == cell["n"].sum()


@pytest.mark.slow
def test_intervals_and_expected_loss_are_those_of_a_plain_loop_over_resamples(frame: pd.DataFrame) -> None:
    cell = frame[(frame["judge"] == "gemini-2.5-flash") & (frame["attribute"] == "Relevance")]
    one = cell.assign(judge=cell["judge"].cat.set_categories(["gemini-2.5-flash"]))
    row = ranking_table(one.assign(attribute=one["attribute"].cat.set_categories(["Relevance"])), SETTINGS).iloc[0]
    clusters, cluster = np.unique(cell["cluster"], return_inverse=True)
    overall, _ = means_of(cell, np.ones(len(cell)))
    drawn, same, lost = [], [], []
    for weight in np.concatenate(list(weights(len(clusters), SETTINGS.resamples, SETTINGS.seed))):
        human, judge = means_of(cell, weight[cluster])
        drawn.append(by_loop(human, judge))
        same.append(drawn[-1]["same"])
        lost.append(max(overall) - np.mean(overall[judge == max(judge)]))
    for name in FIGURES:
        interval, _ = percentile_interval(np.array([each[name] for each in drawn]), discard_outside=False)
        assert tuple(row[[f"{name}_low", f"{name}_high"]]) == pytest.approx(tuple(map(float, interval)), abs=1e-9)
    assert row["same_best"] == pytest.approx(np.mean(same))
    assert row["expected_loss"] == pytest.approx(np.mean(lost))
    assert 0 < row["same_best"] < 1
    error = np.sqrt(row["same_best"] * (1 - row["same_best"]) / SETTINGS.resamples)
    assert row["same_best_high"] - row["same_best_low"] == pytest.approx(4 * error, rel=0.1)
    assert row["same_best_low"] < row["same_best"] < row["same_best_high"]


def test_ties_for_first_are_shared() -> None:
    """The experts have A first, the judge A and B: half of the choice is theirs, and half of the distance is lost."""
    row = ranking_table(grid(np.array([[5, 5], [4, 4], [1, 1]]), np.array([[4, 4], [4, 4], [2, 2]])), SETTINGS).iloc[0]
    assert row["same_best_now"] == "partly"
    assert row["same_best"] == row["loss"] == row["expected_loss"] == 0.5
    assert row["pairwise"] == pytest.approx(2 / 3)
    assert row["tau"] == pytest.approx(2 / math.sqrt(6))
    assert (row["best_human"], row["best_judge"]) == (
        STUDY.system_keys[0],
        f"{STUDY.system_keys[0]}, {STUDY.system_keys[1]}",
    )


def test_a_judge_that_reverses_the_order_is_as_wrong_as_can_be() -> None:
    row = ranking_table(grid(np.array([[5, 5], [3, 3], [1, 2]]), np.array([[1, 2], [3, 3], [5, 5]])), SETTINGS).iloc[0]
    assert row[["tau", "pairwise", "same_best", "loss", "expected_loss"]].tolist() == [-1, 0, 0, 3.5, 3.5]
    assert row["same_best_now"] == "no"


def test_equal_means_that_differ_in_the_last_digit_are_tied() -> None:
    """1.1 + 2.2 is no 3.3 to the computer."""
    row = ranking_table(grid(np.array([[1.1, 2.2], [3.3, 0.0]]), np.array([[1, 1], [1, 1]])), SETTINGS).iloc[0]
    assert row["best_human"] == f"{STUDY.system_keys[0]}, {STUDY.system_keys[1]}"
    assert (row["pairwise"], row["loss"]) == (1, 0)
    assert math.isnan(row["tau"])


@given(RATINGS)
def test_identical_raters_lose_nothing_and_a_constant_moves_nothing(ratings: np.ndarray) -> None:
    row = ranking_table(grid(ratings, ratings), SETTINGS).iloc[0]
    assert row[["pairwise", "same_best", "loss", "loss_high"]].tolist() == [1, 1, 0, 0]
    assert row["expected_loss"] >= 0
    assert row["same_best_now"] == "yes"
    assert math.isnan(row["tau"]) or row["tau"] == pytest.approx(1)
    other = ratings[::-1]
    names = [name for name in COLUMNS if name not in ("judge", "attribute")]
    plain, moved = (ranking_table(grid(ratings, other + by), SETTINGS)[names] for by in (0, 0.5))
    pd.testing.assert_frame_equal(plain, moved)


@given(RATINGS, st.integers(0, 2**32 - 1))
def test_order_of_rows_moves_nothing_and_counts_equal_repeated_rows(ratings: np.ndarray, seed: int) -> None:
    rows = grid(ratings, ratings[:, ::-1])
    expected = ranking_table(rows, SETTINGS)
    shuffled = rows.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(ranking_table(shuffled, SETTINGS), expected)
    doubled = ranking_table(rows.assign(n=2), SETTINGS)
    repeated = ranking_table(pd.concat([rows, rows], ignore_index=True), SETTINGS)
    pd.testing.assert_frame_equal(doubled, repeated)


def test_the_interval_of_the_icc_moves_nothing(frame: pd.DataFrame) -> None:
    over_models = Settings.of(STUDY, "recommended", resamples=60, interval="bootstrap-models")
    pd.testing.assert_frame_equal(ranking_table(frame, SETTINGS), ranking_table(frame, over_models))


def test_one_model_or_none_has_no_order() -> None:
    counts = load_snapshot().counts
    for models in ((STUDY.system_keys[0],), ()):
        table = ranking_table(pairs(STUDY, counts, SETTINGS, selected(models=models)), SETTINGS)
        assert len(table) == 28
        figures = [name for name in COLUMNS if name not in ("judge", "attribute", "n_models", "n_pairs")]
        assert table[figures].isna().all(axis=None)
    assert table["n_pairs"].eq(0).all()


def test_one_conversation_has_an_order_and_nothing_to_redraw() -> None:
    row = ranking_table(grid(np.array([[5], [3]]), np.array([[5], [3]])), SETTINGS).iloc[0]
    assert row[FIGURES].tolist() == [1, 1, 0]
    assert row[["tau_low", "pairwise_high", "loss_low", "same_best", "expected_loss"]].isna().all()


def test_a_model_that_a_resample_lacks_is_not_ranked_in_it() -> None:
    """Model C is rated in one conversation only; draws without it still compare A and B."""
    human = np.array([[5, 5, 5], [4, 4, 4], [1, np.nan, np.nan]])
    row = ranking_table(grid(human, human), SETTINGS).iloc[0]
    assert row[["n_models", "tau_low", "pairwise_low", "same_best", "loss_high", "expected_loss"]].tolist() == [
        *(3, 1, 1, 1, 0, 0),
    ]


def test_snapshot_and_release_have_the_same_figures(released: Ratings, frame: pd.DataFrame) -> None:
    table = ranking_table(pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY)), SETTINGS)
    ours = ranking_table(frame, SETTINGS)
    assert_allclose(table[FIGURES], ours[FIGURES], atol=1e-12)
    names = ["best_human", "best_judge", "same_best_now", "n_models", "n_pairs"]
    pd.testing.assert_frame_equal(table[names], ours[names])


@pytest.mark.slow
def test_what_following_a_judge_costs_on_the_release() -> None:
    default = Settings.of(STUDY, "recommended")
    table = ranking_table(pairs(STUDY, load_snapshot().counts, default, Selection.of(STUDY)), default).set_index(
        ["judge", "attribute"]
    )
    assert (table["same_best_now"] == "yes").sum() == 15
    worst = table.loc["gemini-2.5-flash", "Informativeness"]
    assert (worst["best_human"], worst["best_judge"]) == ("gpt-4o", "claude-3.5-haiku")
    assert worst["loss"] == pytest.approx(0.713, abs=0.001)
    assert table["loss"].mean() == pytest.approx(0.058, abs=0.001)
