"""The clustered interval is the cluster-robust one of a regression on a constant, and near the bootstrap's."""

import hypothesis
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.clustering import clustered_deviations, clustered_interval
from analysis.resampling import percentile_interval, resample


def invented(clusters: int, seed: int, largest: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Differences in clusters of unequal size whose members are alike, and the cluster of each."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), random.integers(1, largest + 1, clusters))
    return 0.4 + random.normal(0, 0.6, clusters)[cluster] + random.normal(0, 0.7, len(cluster)), cluster


def interval(values: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """Interval of the mean, by the sums of each cluster as the product has them."""
    totals, n = np.bincount(cluster, values), np.bincount(cluster).astype(float)
    low, high = clustered_interval(np.array(values.mean()), clustered_deviations(totals, n), np.array((n > 0).sum()))
    return float(low), float(high)


def robust(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """The same of statsmodels, whose small-sample factor is G / (G - 1) for a constant alone, and t with G - 1."""
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    return fit.conf_int()[0]


@pytest.mark.parametrize("clusters", [2, 3, 20, 300])
@pytest.mark.parametrize("seed", range(5))
def test_equals_statsmodels(clusters: int, seed: int) -> None:
    values, cluster = invented(clusters, seed)
    assert_allclose(interval(values, cluster), robust(values, cluster), rtol=0, atol=1e-9)


def test_clusters_of_one_give_the_ordinary_t_interval() -> None:
    values, _ = invented(40, seed=1)
    half = 2.0225 * values[:40].std(ddof=1) / np.sqrt(40)
    assert interval(values[:40], np.arange(40)) == pytest.approx(
        (values[:40].mean() - half, values[:40].mean() + half), abs=1e-4
    )


def test_is_near_the_bootstrap_over_conversations_and_wider_than_the_naive_interval() -> None:
    values, cluster = invented(400, seed=2)
    sums = np.array([np.bincount(cluster, values), np.bincount(cluster)])

    def mean(weights: np.ndarray) -> np.ndarray:
        total, n = sums @ weights.T
        return total / n

    (low, high), _ = percentile_interval(resample(mean, 400, 20_000, seed=0), discard_outside=False)
    ours = interval(values, cluster)
    assert_allclose(ours, (low, high), rtol=0, atol=0.02 * (high - low))
    naive = 2 * 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    assert 1.5 < (ours[1] - ours[0]) / naive < 2.5


def test_single_cluster_has_no_interval() -> None:
    assert np.isnan(interval(np.array([1.0, 2, 3]), np.zeros(3, dtype=int))).all()


def test_no_ratings_have_no_interval() -> None:
    nothing = np.zeros(4)
    ends = clustered_interval(np.array(np.nan), clustered_deviations(nothing, nothing), np.array(0))
    assert np.isnan(ends).all()


def test_deviations_of_a_small_example() -> None:
    """Of clusters (1, 3) and (5) the mean is 3: the first is off by (1 - 3) + (3 - 3), the second by 5 - 3."""
    deviations = clustered_deviations(np.array([4.0, 5.0]), np.array([2.0, 1.0]))
    assert_allclose(deviations, [-2 / 3, 2 / 3])


@hypothesis.given(st.lists(st.tuples(st.sampled_from([-2.0, -1, 0, 1, 3]), st.integers(0, 5)), min_size=2, max_size=30))
@hypothesis.settings(deadline=None)
def test_deviations_add_up_to_zero_and_empty_clusters_change_nothing(rows: list[tuple[float, int]]) -> None:
    values, cluster = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    deviations = clustered_deviations(np.bincount(cluster, values), np.bincount(cluster).astype(float))
    assert deviations.sum() == pytest.approx(0, abs=1e-12)
    spread_out = interval(values, cluster * 3 + 2)
    assert spread_out == pytest.approx(interval(values, cluster), nan_ok=True)
