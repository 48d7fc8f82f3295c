"""Intervals of means whose ratings come in clusters: replies to one message are not independent.

The mean is a ratio of two sums over clusters; its standard error comes from the clusters' deviations from that ratio
(linearisation), and the interval uses Student's t with one degree of freedom less than there are clusters. This is the
cluster-robust interval of a regression on a constant.

References
----------
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapter 9A. Wiley.
"""

import numpy as np
from scipy.special import stdtrit

from analysis.settings import CONFIDENCE


def clustered_deviations(totals: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Give each cluster's share in the error of the mean, shape as given; the last axis is the cluster.

    For cluster g with sum ``totals[g]`` of ``n[g]`` ratings, and the mean m over all N ratings, that is
    ``(totals[g] - m n[g]) / N``.
    """
    size = n.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (totals - totals.sum(-1, keepdims=True) / size * n) / size


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
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = clusters / (clusters - 1)
        half = stdtrit(clusters - 1, (1 + CONFIDENCE) / 2) * np.sqrt(factor * (deviations**2).sum(-1))
    return mean - half, mean + half
