r"""From mean squares to intraclass correlations of n targets and k raters, with exact F intervals for two.

From the two-way mean squares of targets (MSR), raters (MSC) and error (MSE):

.. math::
    ICC(C,1) = \frac{MSR - MSE}{MSR + (k-1) MSE}, \qquad
    ICC(A,1) = \frac{MSR - MSE}{MSR + (k-1) MSE + k (MSC - MSE) / n}, \qquad
    ICC(A,k) = \frac{MSR - MSE}{MSR + (MSC - MSE) / n}

ICC(C,1), consistency, asks whether raters order targets alike and forgives a constant shift; ICC(A,1), absolute
agreement, asks whether they give the same values; ICC(A,k) asks the same of the mean of k raters. The raters are a
judge and the experts (k = 2), or the experts among themselves.

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
    """Two-way mean squares of n targets that every rater rated: targets, raters, error."""

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

    Parameters
    ----------
    moments
        Sums over replies in the order of ``MOMENTS``, shape (6, ...).
    """
    n, human, judge, human_squared, judge_squared, product = moments
    squared = human_squared + judge_squared
    return squares_of_sums(n, np.stack([human, judge]), squared + 2 * product, squared)


def squares_of_sums(n: np.ndarray, of_raters: np.ndarray, of_totals: np.ndarray, squared: np.ndarray) -> MeanSquares:
    r"""Two-way mean squares of single replies that k raters rated, from sums over replies; NaN below two targets.

    With rating :math:`y_{ir}`, the total of a reply :math:`y_{i.}`, the sum of a rater :math:`y_{.r}`, and the sum of
    all :math:`y_{..}`:

    .. math::
        SSR = \sum_i \frac{y_{i.}^2}{k} - \frac{y_{..}^2}{nk}, \qquad
        SSC = \frac{1}{n} \sum_r \left(y_{.r} - \frac{y_{..}}{k}\right)^2, \qquad
        SSE = \sum_{ir} y_{ir}^2 - \sum_i \frac{y_{i.}^2}{k} - SSC

    Ratings are points of a scale, whose sums lose few digits or none.

    Parameters
    ----------
    n
        How many replies there are, shape (...).
    of_raters
        The sum of each rater's ratings, shape (k, ...).
    of_totals
        The sum of the squared totals of replies, shape (...).
    squared
        The sum of the squares of all ratings, shape (...).
    """
    k = len(of_raters)
    total = of_raters.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        targets = of_totals / k - total**2 / (k * n)
        raters = ((of_raters - total / k) ** 2).sum(0) / n
        return mean_squares(targets, raters, squared - of_totals / k - raters, n, ROUNDING_OF_SUMS * squared, k=k)


def mean_squares(
    targets: np.ndarray, raters: np.ndarray, error: np.ndarray, n: np.ndarray, noise: np.ndarray, *, k: int = 2
) -> MeanSquares:
    """Divide sums of squares by their degrees of freedom; those of a constant come out as noise and are set to 0."""
    targets, error = (np.where(np.abs(value) <= noise, 0.0, value) for value in (targets, error))
    with np.errstate(divide="ignore", invalid="ignore"):
        return MeanSquares(targets / (n - 1), raters / (k - 1), error / ((n - 1) * (k - 1)), n)


def coefficients(squares: MeanSquares, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """ICC(C,1) and ICC(A,1) of k raters; NaN where there are fewer than two targets or nothing varies."""
    between, raters, error, n = squares
    with np.errstate(divide="ignore", invalid="ignore"):
        c1 = (between - error) / (between + (k - 1) * error)
        a1 = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
    undefined = ~np.isfinite(c1)
    return np.where(undefined, np.nan, c1), np.where(undefined | ~np.isfinite(a1), np.nan, a1)


def agreement_of_mean(squares: MeanSquares) -> np.ndarray:
    """ICC(A,k), the absolute agreement of the mean of all raters; NaN with fewer than two targets or no variation.

    Where errors are n times larger than what targets differ by, the variance of the mean is estimated below 0: NaN too.
    """
    between, raters, error, n = squares
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = between + (raters - error) / n
    return _share(between - error, whole)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Give a part of a variance; NaN where the whole is not above 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def further_rater(squares: MeanSquares, k: int) -> tuple[np.ndarray, np.ndarray]:
    r"""ICC(C,1) and ICC(A,1) that one further rater like these k is expected to have with the mean of them.

    Every rating is the target's value with an error of its rater and one of its own, of variances
    :math:`s_t = (MSR - MSE) / k`, :math:`s_r = (MSC - MSE) / n` and :math:`s_e = MSE`; a mean of k carries 1/k of both
    errors:

    .. math::
        ICC(C,1) = \frac{2 s_t}{2 s_t + (1 + 1/k)\, s_e}, \qquad
        ICC(A,1) = \frac{2 s_t}{2 s_t + (1 + 1/k)\,(s_e + s_r)}

    The mean is more dependable than one rater, so this is more than the coefficients of k single raters. NaN with fewer
    than two targets, and where nothing varies.
    """
    between, raters, error, n = squares
    with np.errstate(divide="ignore", invalid="ignore"):
        common, between_raters = 2 * (between - error) / k, (raters - error) / n
    either = 1 + 1 / k
    return _share(common, common + either * error), _share(common, common + either * (error + between_raters))


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
