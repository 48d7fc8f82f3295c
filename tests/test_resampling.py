"""The bootstrap by weights is the plain bootstrap: draw units, copy their rows, compute, and take percentiles."""

from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from analysis.agreement.icc import icc_table
from analysis.inference import bootstrap
from analysis.inference.bootstrap import percentile_interval, resample
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.spec import counts_of, grid, selected

ENDS = ["icc_c1_low", "icc_c1_high", "icc_a1_low", "icc_a1_high"]


def weights(units: int, resamples: int, seed: int) -> np.ndarray:
    """How often each unit is drawn, shape (resamples, units)."""
    return resample(lambda drawn: drawn.T, units, resamples, seed).T


# The draws


def test_every_resample_draws_as_many_units_as_there_are() -> None:
    drawn = weights(9, 1200, seed=0)
    assert drawn.shape == (1200, 9)
    assert (drawn.sum(axis=1) == 9).all()
    assert (drawn >= 0).all()


def test_every_unit_is_drawn_with_the_same_chance_and_independently() -> None:
    """A count of n draws among n units has mean 1, variance 1 - 1/n, and covariance -1/n with another's."""
    n = 9
    drawn = weights(n, 40_000, seed=1)
    assert_allclose(drawn.mean(axis=0), 1, atol=0.02)
    assert_allclose(np.cov(drawn.T), np.eye(n) - 1 / n, atol=0.03)


def test_same_seed_same_draws_and_another_seed_others() -> None:
    assert np.array_equal(weights(9, 100, seed=3), weights(9, 100, seed=3))
    assert not np.array_equal(weights(9, 100, seed=3), weights(9, 100, seed=4))


def test_what_is_held_in_memory_together_does_not_change_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    together = weights(9, 100, seed=0)
    monkeypatch.setattr(bootstrap, "_AT_ONCE", 70)
    monkeypatch.setattr(bootstrap, "_KEPT", 0)
    assert np.array_equal(weights(9, 100, seed=0), together)


# Against a plain loop


def invented(models: int, conversations: int, seed: int, missing: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """Whole ratings by experts and judge, shape (models, conversations), with a share of them missing."""
    random = np.random.default_rng(seed)
    quality = np.linspace(2, 4.5, models)[:, None]
    human, judge = (
        np.clip(np.rint(quality + shift + random.normal(0, 0.9, (models, conversations))), 1, 5) for shift in (0, 0.6)
    )
    human[random.random(human.shape) < missing] = np.nan
    return human, judge


def coefficients_of(targets: np.ndarray) -> tuple[float, float]:
    """ICC(C,1) and ICC(A,1) of rows (human, judge), by deviations; NaN where they are undefined."""
    n = len(targets)
    if n < 2:
        return np.nan, np.nan
    rows, columns, grand = targets.mean(axis=1, keepdims=True), targets.mean(axis=0), targets.mean()
    between = 2 * ((rows - grand) ** 2).sum() / (n - 1)
    raters = n * ((columns - grand) ** 2).sum()
    error = ((targets - rows - columns + grand) ** 2).sum() / (n - 1)
    if between + error < 1e-12:
        return np.nan, np.nan
    return (between - error) / (between + error), (between - error) / (between + error + 2 * (raters - error) / n)


def targets_of(human: np.ndarray, judge: np.ndarray, level: str) -> np.ndarray:
    """Rows (human, judge): one for each pair, or the means of each model that has pairs."""
    both = ~np.isnan(human) & ~np.isnan(judge)
    if level == "response":
        return np.column_stack([human[both], judge[both]])
    return np.array(
        [[h[kept].mean(), j[kept].mean()] for h, j, kept in zip(human, judge, both, strict=True) if kept.any()]
    ).reshape(-1, 2)


def plain_bootstrap(human: np.ndarray, judge: np.ndarray, settings: Settings) -> np.ndarray:
    """Copy the rows or columns that each resample draws and compute from the copies; shape (resamples, 2)."""
    drawn = {
        "bootstrap-models": [(0, settings.seed)],
        "bootstrap-conversations": [(1, settings.seed)],
        "bootstrap-both": [(1, settings.seed), (0, settings.seed + 1)],
    }[settings.interval]
    axes = [axis for axis, _ in drawn]
    values = []
    draws = [weights(human.shape[axis], settings.resamples, seed).astype(int) for axis, seed in drawn]
    for each in zip(*draws, strict=True):
        copies = human, judge
        for axis, counts in zip(axes, each, strict=True):
            copies = tuple(np.repeat(side, counts, axis) for side in copies)
        values.append(coefficients_of(targets_of(copies[0], copies[1], settings.level)))
    return np.array(values)


@pytest.mark.parametrize("level", ["model", "response"])
@pytest.mark.parametrize("interval", ["bootstrap-models", "bootstrap-conversations", "bootstrap-both"])
@pytest.mark.parametrize(("preset", "discard"), [("paper", "outside-0-1"), ("recommended", "nothing")])
@pytest.mark.parametrize("size", [(3, 30), (6, 12)])
def test_interval_equals_a_plain_loop(
    level: str, interval: str, preset: str, discard: str, size: tuple[int, int]
) -> None:
    settings = Settings.of(STUDY, preset, level, interval=interval, resamples=120, seed=5, discard=discard)
    human, judge = invented(*size, seed=2)
    values = plain_bootstrap(human, judge, settings)
    row = icc_table(grid(human, judge), settings).iloc[0]
    used = [column[np.isfinite(column)] for column in values.T]
    if discard == "outside-0-1":
        used = [column[(column >= 0) & (column <= 1)] for column in used]
    expected = [end for column in used for end in np.percentile(column, [2.5, 97.5])]
    assert_allclose(row[ENDS].astype(float), expected, rtol=0, atol=1e-9)
    assert row["ci_width"] == pytest.approx(expected[1] - expected[0])
    assert row["discarded"] == pytest.approx(1 - min(map(len, used)) / settings.resamples)


def test_what_lies_outside_zero_and_one_can_be_discarded_and_its_share_is_said() -> None:
    human, judge = np.array([[1.0], [2], [3], [4]]), np.array([[3.0], [4], [1], [2]])
    paper, kept = (
        icc_table(grid(human, judge), Settings.of(STUDY, "paper", discard=discard, resamples=400)).iloc[0]
        for discard in ("outside-0-1", "nothing")
    )
    values = plain_bootstrap(human, judge, Settings.of(STUDY, "paper", resamples=400))
    negative = (values[:, 0] < 0).mean()
    assert negative > 0.3
    assert paper["discarded"] >= negative
    assert kept["discarded"] == np.isnan(values[:, 0]).mean() < 0.1
    assert paper["icc_c1_low"] >= 0 > kept["icc_c1_low"]
    assert paper["icc_c1"] == kept["icc_c1"] < paper["icc_c1_low"]


# Cells of one table


@pytest.mark.slow
def test_a_cell_has_the_same_interval_whatever_else_is_on_show() -> None:
    """Judges leave out different models, so their cells draw among different ones."""
    counts = load_snapshot().counts
    for interval in ("bootstrap-models", "bootstrap-conversations"):
        settings = Settings.of(STUDY, "paper", interval=interval, resamples=200)
        together = icc_table(pairs(STUDY, counts, settings, Selection.of(STUDY)), settings)
        assert together["n_targets"].eq(9).all()
        for judge in STUDY.judge_keys:
            selection = selected((judge,), STUDY.system_keys, ("Safety", "Empathy"))
            alone = icc_table(pairs(STUDY, counts, settings, selection), settings)
            same = together[(together["judge"] == judge) & together["attribute"].isin(selection.attributes)]
            pd.testing.assert_frame_equal(alone, same.reset_index(drop=True), rtol=1e-12)


def test_each_cell_draws_among_its_own_models() -> None:
    """Two judges give the same ratings; one has no rating for a model, and its interval is that of the others alone."""
    human, judge = invented(6, 10, seed=4, missing=0)
    model, conversation = (axis.ravel() for axis in np.indices(human.shape))
    ratings = pd.DataFrame({"conversation": conversation, "model": [STUDY.system_keys[i] for i in model]})
    ratings = ratings.assign(human=human.ravel(), **{"gpt-4o": judge.ravel(), "o4-mini": judge.ravel()})
    ratings.loc[ratings["model"] == STUDY.system_keys[2], "o4-mini"] = np.nan
    settings = Settings.of(STUDY, "paper", exclude="none", resamples=200)
    frame = pairs(STUDY, counts_of(ratings), settings, selected(("gpt-4o", "o4-mini"), STUDY.system_keys, ("Safety",)))
    whole, less = (row for _, row in icc_table(frame, settings).iterrows())
    assert (whole["n_targets"], less["n_targets"]) == (6, 5)
    for row, kept in ((whole, [0, 1, 2, 3, 4, 5]), (less, [0, 1, 3, 4, 5])):
        values = plain_bootstrap(human[kept], judge[kept], settings)
        in_range = [column[(column >= 0) & (column <= 1)] for column in values.T]
        expected = [end for column in in_range for end in np.percentile(column, [2.5, 97.5])]
        assert_allclose(row[ENDS].astype(float), expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("interval", ["bootstrap-models", "bootstrap-conversations", "exact-f"])
@pytest.mark.parametrize("level", ["model", "response"])
def test_zero_pairs_have_no_interval(level: str, interval: str) -> None:
    settings = Settings.of(STUDY, "paper", level, interval=interval, resamples=20)
    nobody = load_snapshot().counts.iloc[:0]
    table = icc_table(pairs(STUDY, nobody, settings, Selection.of(STUDY)), settings)
    assert len(table) == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert table["n_pairs"].eq(0).all()
    assert table[ENDS].isna().all(axis=None)


# Percentiles


def test_percentile_interval_of_a_short_list() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5, -0.2, 1.5, np.nan])
    (low, high), unused = percentile_interval(values, discard_outside=True)
    assert (low, high) == pytest.approx((0.11, 0.49))
    assert unused == pytest.approx(3 / 8)
    (low, high), unused = percentile_interval(values, discard_outside=False)
    assert (low, high) == pytest.approx((-0.155, 1.35))
    assert unused == pytest.approx(1 / 8)


@hypothesis.given(
    arrays(
        float,
        st.tuples(st.integers(1, 3), st.integers(1, 40)),
        elements=st.floats(-2, 2) | st.just(np.nan) | st.just(np.inf),
    ),
    st.booleans(),
)
@hypothesis.settings(deadline=None)
def test_percentile_interval_equals_numpy_on_the_values_kept(values: np.ndarray, discard: bool) -> None:
    (low, high), unused = percentile_interval(values, discard)
    for row, a, b, share in zip(values, low, high, unused, strict=True):
        kept = row[np.isfinite(row)]
        if discard:
            kept = kept[(kept >= 0) & (kept <= 1)]
        expected = np.percentile(kept, [2.5, 97.5]) if len(kept) else [np.nan, np.nan]
        assert_allclose([a, b], expected, rtol=0, atol=1e-12)
        assert share == pytest.approx(1 - len(kept) / len(row))


# Against R


R_FOLDER = Path(__file__).parent / "r"
ANSWERS = pd.read_csv(R_FOLDER / "boot.csv")


@pytest.mark.parametrize(
    "name", [name for name in ANSWERS["table"] if name.startswith(("nine targets", *STUDY.judge_keys))]
)
def test_interval_over_models_is_that_of_the_boot_package(name: str) -> None:
    """Two simulations of 20,000 draws each; ends differ by their Monte-Carlo error only."""
    targets = pd.read_csv(R_FOLDER / "targets.csv").query("table == @name")
    human, judge = (targets[[side]].to_numpy() for side in ("human", "judge"))
    settings = Settings.of(STUDY, "recommended", interval="bootstrap-models", resamples=20_000)
    row = icc_table(grid(human, judge), settings).iloc[0]
    expected = ANSWERS.set_index("table").loc[name]
    width = expected["icc_c1_high"] - expected["icc_c1_low"]
    assert_allclose(row[ENDS].astype(float), expected[ENDS], rtol=0, atol=max(0.015, 0.05 * width))
