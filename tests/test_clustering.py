"""The clustered interval is the cluster-robust one of a regression on a constant, and near the bootstrap's."""

import hypothesis
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from analysis.inference.bootstrap import percentile_interval, resample
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_share


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


@pytest.mark.slow
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


def share(events: list[float] | np.ndarray, n: list[float] | np.ndarray) -> tuple[float, float, float]:
    found, (low, high) = clustered_share(np.asarray(events, float), np.asarray(n, float))
    return float(found), float(low), float(high)


@pytest.mark.parametrize(("replies", "events"), [(12, 1), (40, 13), (2000, 1900)])
def test_share_of_clusters_of_one_is_wilsons_with_students_t(replies: int, events: int) -> None:
    """Wilson's of statsmodels for n - 1 replies, which is what the variance with n - 1 in it comes to."""
    ours = share(np.repeat([1, 0], [events, replies - events]), np.ones(replies))
    alike = 2 * norm.sf(student.ppf(0.975, replies - 1))
    wilson = proportion_confint(events / replies * (replies - 1), replies - 1, alpha=alike, method="wilson")
    assert ours == pytest.approx((events / replies, *wilson), abs=1e-9)
    if replies == 2000:
        plain = proportion_confint(events, replies, method="wilson")
        assert ours[1:] == pytest.approx(plain, abs=1e-4)


def test_share_of_a_small_example() -> None:
    """Four clusters of two replies, with 2, 0, 1 and 1 events: one half, known as well as from six single replies.

    The clusters are off by 1, -1, 0 and 0 of 8, so the variance is 4/3 x 2/64 = 1/24, and 1/4 over 1/24 is 6. With t of
    3.182446 (3 degrees of freedom), t^2/6 = 1.687994, and the half width is sqrt(1.687994 (1/4 + 0.421999)) / 2.687994.
    """
    assert share([2, 0, 1, 1], [2, 2, 2, 2]) == pytest.approx((0.5, 0.103776, 0.896224), abs=2e-6)


def test_share_of_clusters_that_are_alike_is_never_surer_than_single_replies() -> None:
    """Where clusters differ less than chance lets them, the replies are not counted for more than they are."""
    _, low, high = share([1] * 9 + [2], [2] * 10)
    square = student.ppf(0.975, 9) ** 2 / 20
    middle, p = (0.55 + square / 2) / (1 + square), 0.55
    half = np.sqrt(square * (p * (1 - p) + square / 4)) / (1 + square)
    assert (low, high) == pytest.approx((middle - half, middle + half))


def test_share_of_replies_that_go_by_clusters_is_known_from_the_clusters_alone() -> None:
    events = np.array([1.0, 0, 0, 1, 1, 0, 0, 0])
    assert share(5 * events, np.full(8, 5.0)) == pytest.approx(share(events, np.ones(8)))


def test_share_of_none_or_all_has_an_interval_that_goes_by_clusters() -> None:
    none, low, high = share([0] * 15, [2] * 15)
    square = student.ppf(0.975, 14) ** 2 / 15
    assert (none, low) == (0, pytest.approx(0, abs=1e-15))
    assert high == pytest.approx(square / (1 + square))
    assert share([2] * 15, [2] * 15) == pytest.approx((1, 1 - high, 1))


def test_share_without_replies_or_with_one_cluster_has_no_interval() -> None:
    assert np.isnan(share([0, 0], [0, 0])).all()
    alone = share([1, 0], [4, 0])
    assert alone[0] == 0.25
    assert np.isnan(alone[1:]).all()


@hypothesis.given(st.lists(st.integers(0, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30))
@hypothesis.settings(deadline=None)
def test_share_and_its_interval_stay_between_zero_and_one(clusters: list[tuple[int, int]]) -> None:
    events, n = np.array(clusters, dtype=float).reshape(-1, 2).T
    found, low, high = share(events, n)
    if (n > 0).sum() < 2:
        assert np.isnan(low)
        assert np.isnan(high)
    else:
        assert 0 <= low <= found <= high <= 1
    other = share(np.append(n - events, 0)[::-1], np.append(n, 0)[::-1])
    assert other == pytest.approx((1 - found, 1 - high, 1 - low), nan_ok=True)
