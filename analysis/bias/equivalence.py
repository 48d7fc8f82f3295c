"""Equivalence: is a bias so near zero that it would not matter.

References
----------
Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing the
equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.bias.inflation import BIAS
from analysis.column import Column, Ends
from analysis.inference.bootstrap import Interval
from analysis.inference.clustering import clustered_deviations, clustered_error
from analysis.ratings.pairs import Sums
from analysis.ratings.settings import CONFIDENCE

# Of the two one-sided tests.
TESTS = (
    Column.bound("margin", "Margin", "margin", "g", "points of the scale", note="`--margin` moves it."),
    *Ends.of(BIAS.value, "equivalence", "90%", "equivalence"),
    Column.p("p_equivalence", "p", "p_equivalence"),
    Column.verdict(
        "equivalent",
        "Within the margin",
        "equivalence",
        note="`yes` where `p_equivalence` is below 5%, else `no`.",
    ),
)


class Equivalence(NamedTuple):
    """Two one-sided tests: the 90% interval of the bias, the larger p of the two, and ``"yes"``, ``"no"`` or NaN."""

    interval: Interval
    p: np.ndarray
    verdict: np.ndarray


def two_one_sided_tests(bias: np.ndarray, error: np.ndarray, clusters: np.ndarray, margin: float) -> Equivalence:
    r"""Test at 5% that a bias is neither below ``-margin`` nor above ``margin``.

    With Student's t of :math:`clusters - 1` degrees of freedom, the larger p is
    :math:`P(T \le -(margin - |bias|) / error)`. It falls below 5% exactly where the whole 90% interval
    :math:`bias \pm t_{0.95}\,error` lies between the margins.

    Parameters
    ----------
    bias, error
        In points of the scale; ``error`` as :func:`analysis.inference.clustering.clustered_error` gives it.
    clusters
        How many clusters stand behind each bias; with fewer than two everything is NaN.
    margin
        Points of the scale, above 0.
    """
    half = stdtrit(clusters - 1, CONFIDENCE) * error
    inside = margin - np.abs(bias)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Without any scatter between clusters the bias is what it is, at the margin too.
        p = np.where(error == 0, np.where(inside > 0, 0.0, 1.0), stdtr(clusters - 1, -inside / error))
    words = np.where(p < 1 - CONFIDENCE, "yes", "no").astype(object)
    return Equivalence(Interval(bias - half, bias + half), p, np.where(np.isnan(p), np.nan, words))


def bias_equivalence(total: Sums, margin: float) -> tuple[np.ndarray, Equivalence]:
    """Give every judge's bias on every attribute, and whether it is within a margin; clustered by conversation."""
    n, human, judge = total.moments[:3].sum(-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = (judge.sum(-1) - human.sum(-1)) / n.sum(-1)
    clusters = (n > 0).sum(-1)
    error = clustered_error(clustered_deviations(judge - human, n), clusters)
    return bias, two_one_sided_tests(bias, error, clusters, margin)
