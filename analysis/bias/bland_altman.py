r"""How far single ratings of a judge lie from the experts': limits of agreement, and what the difference depends on.

With the difference d = judge - human of each reply, the 95% limits of agreement are
:math:`bias \pm 1.96 \sqrt{\sigma_b^2 + \sigma_w^2}`. Replies to one message are repeated measures whose true value
varies, so the variance of a single difference is the sum of a component between conversations and one within them, from
a one-way analysis of variance of d with conversations of :math:`n_g` replies:

.. math::
    \sigma_w^2 = MS_w, \qquad \sigma_b^2 = \max(0, (MS_b - MS_w) / n_0), \qquad
    n_0 = \frac{N - \sum n_g^2 / N}{G - 1}

References
----------
Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies. Statistical Methods in Medical
Research, 8(2), 135-160.
Bland, J. M., & Altman, D. G. (2007). Agreement between methods of measurement with multiple observations per
individual. Journal of Biopharmaceutical Statistics, 17(4), 571-582.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import ROUNDING_OF_SUMS
from analysis.bias.decomposition import ERROR_PARTS, error_parts, second_moments
from analysis.bias.equivalence import TESTS, bias_equivalence
from analysis.bias.inflation import BIAS, MSE
from analysis.column import Column, Estimate, Unit, names
from analysis.inference.bootstrap import over_clusters
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.ratings.columns import CELL, N_PAIRS, SHARE, N
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings

_POINTS: Unit = "points of the scale"
_BOOTSTRAPPED = (
    Estimate.of("slope", "Slope", "slope", "+.2f", "points for each point", ends="resampled"),
    Estimate.of("limit_lower", "Lower limit", "limits", "+.2f", _POINTS, ends="resampled", short="Lower"),
    Estimate.of("limit_upper", "Upper limit", "limits", "+.2f", _POINTS, ends="resampled", short="Upper"),
    *ERROR_PARTS,
)
BOOTSTRAPPED = tuple(estimate.value.name for estimate in _BOOTSTRAPPED)
DECLARED = (
    *CELL,
    N_PAIRS,
    *BIAS,
    *TESTS,
    *(column for estimate in _BOOTSTRAPPED[:3] for column in estimate),
    MSE.value,
    *(column for estimate in _BOOTSTRAPPED[3:] for column in estimate),
)
COLUMNS = names(DECLARED)
# Of how often each mean of both ratings came with each difference, as it is shown.
DETAILS = (
    Column.key("mean_of_both", "Mean of both", "limits", "g"),
    Column.key("judge_minus_human", "Judge minus experts", "limits", "+.0f"),
    N,
    SHARE,
)

# Of a normal distribution, 95 of 100 values lie within so many standard deviations: the limits of Bland & Altman.
_WITHIN = 1.96


def agreement_limits(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Bias against a margin, limits of agreement, proportional bias, and the parts of the MSE.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Margin, resamples, seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute; everything in points of the 1-5 scale but these:
        ``p_equivalence`` is the larger p (0-1) of the two one-sided tests against ``margin``, ``equivalent`` is
        ``"yes"`` where it is below 5%, else ``"no"``; ``mse`` and its three parts are in squared points; ``slope`` is
        in points of difference for one point of mean. ``equivalence_low`` and ``equivalence_high`` are the 90%
        interval that belongs to the tests; all other intervals have 95% confidence and are clustered by conversation,
        or by the blocks that the source gives: that of the bias by a standard error, all others by bootstrap.

        Without pairs everything is NaN; with a single cluster so are intervals, tests and limits. The slope is NaN
        where the mean of both ratings never varies.

    Notes
    -----
    Limits use the clusters that the source gives: from blocks of conversations they are an estimate of the same
    variance, near that from single conversations and not equal to it. All other points are equal.
    """
    total = sums(frame)
    by_cluster = total.moments.sum(-2)
    n, human, judge = by_cluster[:3]
    difference = judge - human
    clusters = (n > 0).sum(-1)
    # What the analysis of variance needs beside the moments; a cluster without pairs adds nothing.
    squared_mean = difference**2 / np.maximum(n, 1)
    parts = np.concatenate([by_cluster, np.stack([n > 0, n**2, squared_mean])])
    point = _statistics(parts.sum(-1))
    interval = over_clusters(parts, _statistics, clusters, settings)

    moments = by_cluster.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = (moments[2] - moments[1]) / moments[0]
        mse = np.maximum(moments[3] + moments[4] - 2 * moments[5], 0) / moments[0]
    deviations = clustered_deviations(difference, n)
    low, high = clustered_interval(bias, deviations, clusters)
    _, tests = bias_equivalence(total, settings.margin)
    judges, attributes = (axis.ravel() for axis in np.indices(bias.shape))
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judges],
            "attribute": [total.attributes[i] for i in attributes],
            "n_pairs": moments[0].astype(int).ravel(),
            "bias": bias.ravel(),
            "bias_low": low.ravel(),
            "bias_high": high.ravel(),
            "margin": settings.margin,
            "equivalence_low": tests.interval.low.ravel(),
            "equivalence_high": tests.interval.high.ravel(),
            "p_equivalence": tests.p.ravel(),
            "equivalent": tests.verdict.ravel(),
            "mse": mse.ravel(),
            **{
                f"{name}{end}": values[place].ravel()
                for place, name in enumerate(BOOTSTRAPPED)
                for end, values in (
                    ("", point),
                    # A resample may vary where the ratings themselves leave a figure undefined.
                    ("_low", np.where(np.isnan(point), np.nan, interval.low)),
                    ("_high", np.where(np.isnan(point), np.nan, interval.high)),
                )
            },
        }
    )
    return table[list(COLUMNS)]


def difference_density(frame: pd.DataFrame) -> pd.DataFrame:
    """How often each mean of both ratings came with each difference between them.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, mean, difference, n, share``: mean (1-5) and difference (judge minus experts, -4 to 4) of
        both ratings of a reply, how many replies have them, and the share (0-1) of the pairs of that judge and
        attribute. What never came together does not appear.
    """
    keys = ["judge", "attribute", "mean", "difference"]
    placed = frame.assign(mean=(frame["human"] + frame["rating"]) / 2, difference=frame["rating"] - frame["human"])
    table = placed.groupby(keys, observed=True)["n"].sum().reset_index()
    table["share"] = table["n"] / table.groupby(keys[:2], observed=True)["n"].transform("sum")
    return table.astype({"judge": str, "attribute": str})


def proportional_bias(moments: np.ndarray) -> np.ndarray:
    r"""Slope of the difference on the mean of both ratings (Bland & Altman 1999), over replies.

    .. math:: slope = \frac{Cov(d, m)}{Var(m)} = \frac{2 (s_j^2 - s_h^2)}{s_j^2 + s_h^2 + 2 s_{jh}}

    Its sign is that of the difference in spread and of nothing else: a judge whose ratings spread less than the
    experts' has a negative slope, one whose ratings spread more a positive one, by that alone, whether or not it
    treats low replies otherwise than high ones. NaN where the mean of both ratings never varies.

    Parameters
    ----------
    moments
        Sums over pairs in the order of :data:`analysis.ratings.pairs.MOMENTS`, shape (6, ...).
    """
    human_variance, judge_variance, covariance = second_moments(moments)
    spread = human_variance + judge_variance + 2 * covariance
    with np.errstate(divide="ignore", invalid="ignore"):
        varies = spread > ROUNDING_OF_SUMS * (moments[3] + moments[4]) / moments[0]
        return np.where(varies, 2 * (judge_variance - human_variance) / spread, np.nan)


def variance_of_a_difference(parts: np.ndarray) -> np.ndarray:
    """Add up the components of the variance of a single difference d, between clusters and within them.

    Parameters
    ----------
    parts
        Sums over clusters g, shape (6, ...): of their differences' number n_g, sum, and sum of squares; of 1 for each
        cluster; of n_g squared; of (sum of d in g) squared over n_g.

    Returns
    -------
    numpy.ndarray
        Squared points; NaN with fewer than two clusters. Where each cluster has one difference it is their variance.
    """
    n, total, squares, clusters, sizes_squared, squared_mean = parts
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (squared_mean - total**2 / n) / (clusters - 1)
        within = np.where(n > clusters, np.maximum(squares - squared_mean, 0) / (n - clusters), 0.0)
        size = (n - sizes_squared / n) / (clusters - 1)
        return np.where(clusters >= 2, within + np.maximum(between - within, 0) / size, np.nan)


def _statistics(parts: np.ndarray) -> np.ndarray:
    """Give ``BOOTSTRAPPED``, shape (6, ...), of sums over clusters, shape (9, ...)."""
    moments = parts[:6]
    n, human, judge, human_squared, judge_squared, product = moments
    total, squares = judge - human, human_squared + judge_squared - 2 * product
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = total / n
    reach = _WITHIN * np.sqrt(variance_of_a_difference(np.stack([n, total, squares, *parts[6:]])))
    return np.stack([proportional_bias(moments), bias - reach, bias + reach, *error_parts(moments)])
