"""Intervals of means whose ratings come in clusters: replies to one message are not independent.

The mean is a ratio of two sums over clusters; its standard error comes from the clusters' deviations from that ratio
(linearisation), and the interval uses Student's t with one degree of freedom less than there are clusters. This is the
cluster-robust interval of a regression on a constant.

The share of a rare event is no such mean: its interval is Wilson's, with the number of replies replaced by how many
independent ones would tell as much, and never leaves [0, 1].

References
----------
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapter 9A. Wiley.
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
Statistical Association, 22(158), 209-212.
Dean, N., & Pagano, M. (2015). Evaluating confidence interval methods for binomial proportions in clustered surveys.
Journal of Survey Statistics and Methodology, 3(4), 484-503.
"""

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.inference.bootstrap import Interval
from analysis.ratings.settings import CONFIDENCE


def clustered_deviations(totals: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Give each cluster's share in the error of the mean, shape as given; the last axis is the cluster.

    For cluster g with sum ``totals[g]`` of ``n[g]`` ratings, and the mean m over all N ratings, that is
    ``(totals[g] - m n[g]) / N``.
    """
    size = n.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (totals - totals.sum(-1, keepdims=True) / size * n) / size


def clustered_error(deviations: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Give the standard error of a mean from its clusters' deviations; NaN with fewer than two clusters.

    Parameters
    ----------
    deviations
        As :func:`clustered_deviations` gives them (or sums of such); the last axis is the cluster.
    clusters
        How many clusters stand behind each mean.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(clusters / (clusters - 1) * (deviations**2).sum(-1))
    return np.where(clusters >= 2, error, np.nan)


def clustered_interval(mean: np.ndarray, deviations: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Interval of a mean from its clusters' deviations; NaN with fewer than two clusters.

    Parameters
    ----------
    mean
        Means, any shape.
    deviations
        As :func:`clustered_deviations` gives them (or sums of such), with one axis more than ``mean``.
    clusters
        How many clusters stand behind each mean.
    """
    half = stdtrit(clusters - 1, (1 + CONFIDENCE) / 2) * clustered_error(deviations, clusters)
    return mean - half, mean + half


def clustered_p(mean: np.ndarray, deviations: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return the two-sided p-value of a mean of zero, from Student's t; parameters as :func:`clustered_interval`.

    It is below 0.05 where the interval leaves zero out. NaN with fewer than two clusters, and where nothing varies
    about a mean of zero.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        t = mean / clustered_error(deviations, clusters)
    return np.where(clusters >= 2, 2 * stdtr(np.maximum(clusters - 1, 1), -np.abs(t)), np.nan)


def clustered_share(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, Interval]:
    """Give a share and its interval: Wilson's, with the effective sample size of the clusters.

    The effective size is p (1 - p) over the clustered variance of p, at most n; where all or none of the replies
    have the event, which leaves the variance at zero, it is the number of clusters.

    Parameters
    ----------
    events, n
        How many replies of a cluster have the event, and how many there are; the last axis is the cluster. Clusters
        without replies do not count.

    Returns
    -------
    tuple
        Shares (NaN without replies), and their intervals with 95% confidence (NaN with fewer than two clusters).
    """
    share, effective = effective_size(events, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = stdtrit((n > 0).sum(-1) - 1, (1 + CONFIDENCE) / 2) ** 2 / effective
        middle = (share + square / 2) / (1 + square)
        half = np.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return share, Interval(np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0))


def effective_size(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a share, and how many independent replies would tell as much of it; see :func:`clustered_share`."""
    size, clusters = n.sum(-1), (n > 0).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = events.sum(-1) / size
        variance = clustered_error(clustered_deviations(events, n), clusters) ** 2
        spread = share * (1 - share)
        told = np.where(spread > 0, size, clusters)
        return share, np.where(variance > 0, np.minimum(spread / variance, size), told)
