r"""From mean squares to ICC(C,1) and ICC(A,1), for n targets and two raters, with exact F intervals.

From the two-way mean squares of targets (MSR), raters (MSC) and error (MSE), with k = 2 raters:

.. math::
    ICC(C,1) = \frac{MSR - MSE}{MSR + (k-1) MSE}, \qquad
    ICC(A,1) = \frac{MSR - MSE}{MSR + (k-1) MSE + k (MSC - MSE) / n}

ICC(C,1), consistency, asks whether the judge orders targets as the experts do and forgives a constant shift; ICC(A,1),
absolute agreement, asks whether it gives the same values.

References
----------
McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. Psychological
Methods, 1(1), 30-46.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import fdtri

from analysis.inference.bootstrap import Interval
from analysis.ratings.settings import CONFIDENCE

# Single replies: sums of squares below this share of what they are taken from are rounding.
ROUNDING_OF_SUMS = 1e-12
# Models: means that differ by less than this share of their size differ by rounding.
ROUNDING_OF_MEANS = 1e-13


class MeanSquares(NamedTuple):
    """Two-way mean squares of n targets rated by two raters: targets, raters, error."""

    targets: np.ndarray
    raters: np.ndarray
    error: np.ndarray
    n: np.ndarray


def squares_of_means(human: np.ndarray, judge: np.ndarray, weight: np.ndarray) -> MeanSquares:
    """Two-way mean squares of targets that are means; NaN below two targets.

    Means of models can lie close together, so deviations are taken before they are squared.

    Parameters
    ----------
    human, judge
        The experts' and the judge's value of each target, targets on the last axis.
    weight
        How often a target counts: 0 when it is absent or not drawn.
    """
    n = weight.sum(-1)
    total, difference = human + judge, judge - human
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_total, mean_difference = ((weight * values).sum(-1) / n for values in (total, difference))
        targets = (weight * (total - mean_total[..., None]) ** 2).sum(-1) / 2
        error = (weight * (difference - mean_difference[..., None]) ** 2).sum(-1) / 2
        noise = n * (ROUNDING_OF_MEANS * mean_total) ** 2
        return mean_squares(targets, n * mean_difference**2 / 2, error, n, noise)


def squares_of_replies(moments: np.ndarray) -> MeanSquares:
    """Two-way mean squares of targets that are single replies, from their sums; NaN below two targets.

    Ratings are whole numbers, so their sums are exact.

    Parameters
    ----------
    moments
        Sums over replies in the order of ``MOMENTS``, shape (6, ...).
    """
    n, human, judge, human_squared, judge_squared, product = moments
    with np.errstate(divide="ignore", invalid="ignore"):
        targets = (human_squared + judge_squared + 2 * product) / 2 - (human + judge) ** 2 / (2 * n)
        raters = (judge - human) ** 2 / (2 * n)
        error = (human_squared + judge_squared - 2 * product) / 2 - raters
        return mean_squares(targets, raters, error, n, ROUNDING_OF_SUMS * (human_squared + judge_squared))


def mean_squares(
    targets: np.ndarray, raters: np.ndarray, error: np.ndarray, n: np.ndarray, noise: np.ndarray
) -> MeanSquares:
    """Divide sums of squares by their degrees of freedom; those of a constant come out as noise and are set to 0."""
    targets, error = (np.where(np.abs(value) <= noise, 0.0, value) for value in (targets, error))
    with np.errstate(divide="ignore", invalid="ignore"):
        return MeanSquares(targets / (n - 1), raters, error / (n - 1), n)


def coefficients(squares: MeanSquares) -> tuple[np.ndarray, np.ndarray]:
    """ICC(C,1) and ICC(A,1); NaN where there are fewer than two targets or nothing varies."""
    between, raters, error, n = squares
    with np.errstate(divide="ignore", invalid="ignore"):
        c1 = (between - error) / (between + error)
        a1 = (between - error) / (between + error + 2 * (raters - error) / n)
    undefined = ~np.isfinite(c1)
    return np.where(undefined, np.nan, c1), np.where(undefined | ~np.isfinite(a1), np.nan, a1)


def exact_f(squares: MeanSquares) -> tuple[Interval, Interval]:
    """Exact-F intervals of ICC(C,1) and ICC(A,1) over sampled targets (McGraw & Wong 1996, Table 7).

    That of ICC(A,1) is exact but for Satterthwaite's degrees of freedom, in which the estimate stands for the unknown
    coefficient. Without any error the judge repeats the experts but for a constant: the interval of ICC(C,1) is [1, 1].
    Targets are taken for independent, which replies to the same message are not: over replies that of ICC(C,1) is too
    narrow. That of ICC(A,1) takes the raters for a random sample too, and with a bias that stays it is too wide.
    """
    between, raters, error, n = squares
    df = n - 1
    upper = (1 + CONFIDENCE) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / error
        quantile = fdtri(df, df, upper)
        c1 = [np.where(np.isinf(ratio), 1.0, (end - 1) / (end + 1)) for end in (ratio / quantile, ratio * quantile)]
        _, a1 = coefficients(squares)
        a, b = 2 * a1 / (n * (1 - a1)), 1 + 2 * a1 * (n - 1) / (n * (1 - a1))
        satterthwaite = (a * raters + b * error) ** 2 / ((a * raters) ** 2 + (b * error) ** 2 / df)
        # v is 0/0 where the two raters agree to the last value; ICC(A,1) is then 1 without doubt.
        agreed = np.isclose(a1, 1.0, rtol=0, atol=1e-12)
        f_low, f_high = fdtri(df, satterthwaite, upper), fdtri(satterthwaite, df, upper)
        rest = 2 * raters + (n - 2) * error
        # McGraw & Wong's lower end, divided through by F: with few targets and v near 0, F is past all bounds.
        low = n * (between / f_low - error) / (rest + n * between / f_low)
        high = n * (f_high * between - error) / (rest + n * f_high * between)
    return Interval(*c1), Interval(np.where(agreed, 1.0, low), np.where(agreed, 1.0, high))


def means_of_models(by_model: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the experts' and the judge's mean of each model, from sums; 0 for a model without pairs."""
    n, human, judge = by_model[:3]
    size = np.maximum(n, 1)
    return human / size, judge / size


def squares_of_models(by_model: np.ndarray, times: np.ndarray | float = 1.0) -> MeanSquares:
    """Take every model as one target, whatever number of replies is behind its means; models on the last axis."""
    # A model without pairs gets weight 0, so what its means are set to does not matter.
    return squares_of_means(*means_of_models(by_model), (by_model[0] > 0) * times)
