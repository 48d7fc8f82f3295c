r"""Means of experts' ratings that a judge's further ratings sharpen: prediction-powered and stratified.

Experts rate n replies of a system (Y), the judge rates the same and N more (F). The prediction-powered mean is

.. math::
    \hat\theta = \bar{Y}_n + \lambda\,(\bar{F}_N - \bar{F}_n), \qquad
    \lambda = \frac{Cov(Y, F)}{(1 + n/N)\,Var(F)}

with :math:`\lambda` clipped to [0, 1] (PPI++), so that a judge that follows nothing costs nothing, and a kind judge
corrects nothing by its kindness. Its variance is
:math:`[Var(Y) - 2\lambda\,Cov(Y, F) + \lambda^2 (1 + n/N)\,Var(F)] / n`, which without clipping is
:math:`Var(Y)\,(1 - \rho^2 / (1 + n/N)) / n`.

The stratified mean takes the judge's ratings for strata: :math:`\hat\theta = \sum_h W_h \bar{Y}_h`, with the weights
:math:`W_h` of all n + N replies. It holds too where the experts' replies were drawn by the judge's rating.

References
----------
Angelopoulos, A. N., Duchi, J. C., & Zrnic, T. (2023). PPI++: Efficient prediction-powered inference. arXiv 2311.01453.
Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I., & Zrnic, T. (2023). Prediction-powered inference. Science,
382(6671), 669-674.
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapters 5 and 12. Wiley.
"""

from typing import NamedTuple

import numpy as np

from analysis.inference.clustering import clustered_deviations

# A sum of squares below this part of what it is the rest of is rounding.
_ROUNDING = 1e-12


class Mean(NamedTuple):
    """A mean, and its clusters' shares in its error (clusters on the last axis), for a clustered interval."""

    value: np.ndarray
    deviations: np.ndarray


class Scatter(NamedTuple):
    """Sums of squares and products about the means."""

    human: np.ndarray
    judge: np.ndarray
    product: np.ndarray


def scatter(moments: np.ndarray) -> Scatter:
    """Return the scatter behind sums over pairs, whose first axis is that of :data:`analysis.ratings.pairs.MOMENTS`."""
    n, human, judge, human_squared, judge_squared, product = moments
    with np.errstate(divide="ignore", invalid="ignore"):
        return Scatter(
            _about_mean(n, human, human_squared), _about_mean(n, judge, judge_squared), product - human * judge / n
        )


def tuning(covariance: np.ndarray, variance: np.ndarray, ratio: np.ndarray | float) -> np.ndarray:
    """Return the lambda of PPI++, 0 to 1; ``ratio`` is n/N, and where the judge never differs, lambda is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.clip(covariance / ((1 + ratio) * variance), 0.0, 1.0)
    return np.where(variance > 0, np.nan_to_num(best), 0.0)


def planned_variances(moments: np.ndarray, labelled: int, unlabelled: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the variances of the experts' mean at n, and of the prediction-powered mean at n and N.

    Parameters
    ----------
    moments
        Sums over pairs, first axis as :data:`analysis.ratings.pairs.MOMENTS`; any other axes.
    labelled, unlabelled
        n and N: replies that the experts rate, and replies that the judge alone rates.

    Returns
    -------
    tuple
        Both in squared points of the scale; NaN with fewer than two pairs.
    """
    ratio, spread = labelled / unlabelled, scatter(moments)
    by = tuning(spread.product, spread.judge, ratio)
    left = spread.human - 2 * by * spread.product + by**2 * (1 + ratio) * spread.judge
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(moments[0] >= 2, 1 / ((moments[0] - 1) * labelled), np.nan)
    return spread.human * each, left * each


def stratified_variances(
    sums: np.ndarray, labelled: int, unlabelled: int, *, resampled: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Return the variances of the experts' mean at n, and of the stratified mean at n and N by either allocation.

    With standard deviations :math:`S_h` within strata and the variance B between their means, it is
    :math:`\sum W_h S_h^2 / n + B / (n + N)` where strata get expert ratings in proportion to their size, and
    :math:`(\sum W_h S_h)^2 / n + B / (n + N)` by Neyman's allocation, in proportion to :math:`W_h S_h`.

    Parameters
    ----------
    sums
        Number of pairs, sum and sum of squares of the experts' ratings (first axis); strata on the second.
    labelled, unlabelled
        n and N.
    resampled
        Whether the sums are of a bootstrap resample, whose variances are smaller than those of its source by one in n
        once more.
    """
    times = 2 if resampled else 1
    with np.errstate(invalid="ignore"):
        weight = sums[0] / sums[0].sum(0)
    within, total = (_unbiased(part, times) for part in (sums, sums.sum(1)))
    inside = np.minimum((weight * within).sum(0), total)
    between = (total - inside) / (labelled + unlabelled)
    neyman = np.minimum((weight * np.sqrt(within)).sum(0) ** 2, inside)
    return total / labelled, inside / labelled + between, neyman / labelled + between


def prediction_powered_mean(moments: np.ndarray, alone: np.ndarray) -> tuple[Mean, np.ndarray]:
    """Return the prediction-powered mean of the replies at hand, and its lambda.

    Parameters
    ----------
    moments
        Sums over pairs in each cluster: first axis as :data:`analysis.ratings.pairs.MOMENTS`, clusters on the last.
    alone
        Number, sum and sum of squares of the judge's ratings of replies that the experts did not rate, in the same
        clusters.

    Returns
    -------
    tuple
        The mean and lambda; without such replies the experts' mean, and 0. NaN without pairs.
    """
    paired, further = moments.sum(-1), alone.sum(-1)
    n, human, judge, _, judge_squared, _ = paired
    many, its, its_squared = further
    with np.errstate(divide="ignore", invalid="ignore"):
        everything = _about_mean(n + many, judge + its, judge_squared + its_squared) / (n + many - 1)
        by = tuning(scatter(paired).product / n, everything, n / many)
        correction = np.where(many > 0, by * (its / many - judge / n), 0.0)
        value = human / n + correction
    by_cluster = by[..., None]
    deviations = clustered_deviations(moments[1] - by_cluster * moments[2], moments[0])
    deviations = deviations + by_cluster * np.nan_to_num(clustered_deviations(alone[1], alone[0]))
    return Mean(value, deviations), by


def stratified_mean(paired: np.ndarray, alone: np.ndarray) -> Mean:
    """Return the stratified mean of the replies at hand.

    Parameters
    ----------
    paired
        Number of pairs and sum of the experts' ratings (first axis) in each stratum (second), system and cluster
        (last); every stratum with a reply has a pair.
    alone
        Number of replies that the judge alone rated, by stratum, system and cluster.

    Returns
    -------
    Mean
        Without such replies the experts' mean. NaN without pairs.
    """
    n, human = paired
    every = n + alone
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = every.sum(-1) / every.sum((0, -1))
        level = np.nan_to_num(human.sum(-1) / n.sum(-1))
        value = (weight * level).sum(0)
        part = np.nan_to_num(weight / n.sum(-1), posinf=0.0)
        within = (part[..., None] * (human - level[..., None] * n)).sum(0)
        between = ((level - value)[..., None] * every).sum(0) / every.sum((0, -1))[..., None]
    return Mean(value, within + between)


def _about_mean(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Return a sum of squares about the mean; what is rounding is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = squares - total**2 / n
    return np.where(rest > _ROUNDING * squares, rest, 0.0)


def _unbiased(sums: np.ndarray, times: int) -> np.ndarray:
    """Return a variance from number, sum and sum of squares; 0 where fewer than two leave nothing to vary."""
    n, total, squares = sums
    enough = n >= 2
    safe = np.where(enough, n, 2.0)
    return np.where(enough, _about_mean(safe, total, squares) / safe * (safe / (safe - 1)) ** times, 0.0)
