r"""Intraclass correlations of one judge with the experts: ICC(C,1) and ICC(A,1) for n targets and two raters.

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

from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtri

from analysis import readings, resampling
from analysis.pairs import Sums, sums
from analysis.settings import CONFIDENCE, Level, Settings
from data.benchmark import SCORE

COLUMNS = (
    "judge",
    "attribute",
    "score",
    "level",
    "n_targets",
    "n_pairs",
    "icc_c1",
    "icc_c1_low",
    "icc_c1_high",
    "icc_a1",
    "icc_a1_low",
    "icc_a1_high",
    "ci_width",
    "reading",
)


# The ends of a 95% interval are the 3rd value from either side of 100; of fewer resamples nothing is read.
FEWEST_RESAMPLES = 100

# Single replies: sums of squares below this share of what they are taken from are rounding.
_ROUNDING_OF_SUMS = 1e-12
# Models: means that differ by less than this share of their size differ by rounding.
_ROUNDING_OF_MEANS = 1e-13


class MeanSquares(NamedTuple):
    """Two-way mean squares of n targets rated by two raters: targets, raters, error."""

    targets: np.ndarray
    raters: np.ndarray
    error: np.ndarray
    n: np.ndarray


class Interval(NamedTuple):
    """The ends of an interval."""

    low: np.ndarray
    high: np.ndarray


def icc_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """ICC(C,1) and ICC(A,1) of every judge and attribute with intervals and a reading.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.pairs.pairs` gives them.
    settings
        Level, interval, resamples, seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute of the frame's categories, and last ``reading_a1`` and
        ``discarded``. ``n_targets`` counts models or replies, ``n_pairs`` pairs of ratings. Coefficients are NaN where
        they are undefined: fewer than two targets, or no variance. Intervals have 95% confidence and are NaN where
        the coefficient is, and where there is too little to resample: fewer than two conversations (or blocks of
        them), or three models. ``ci_width`` and ``reading`` are of ICC(C,1), ``reading_a1`` of ICC(A,1);
        intervals of fewer than ``FEWEST_RESAMPLES`` resamples are not read;
        ``discarded`` is the share (0-1) of resamples that the intervals do not use.
    """
    total = sums(frame)
    by_model = total.moments.sum(-1)
    squares = _squares_of_models(by_model) if settings.level == "model" else squares_of_replies(by_model.sum(-1))
    c1, a1 = coefficients(squares)
    if settings.interval == "exact-f":
        intervals = exact_f(squares)
        discarded = np.zeros_like(c1)
    else:
        intervals, discarded = _bootstrap(total, settings)
    c1_interval, a1_interval = (
        Interval(*(np.where(np.isnan(value), np.nan, end) for end in interval))
        for value, interval in zip((c1, a1), intervals, strict=True)
    )
    judge, attribute = (axis.ravel() for axis in np.indices(c1.shape))
    names = [total.attributes[i] for i in attribute]
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": names,
            "score": [SCORE[name] for name in names],
            "level": settings.level,
            "n_targets": squares.n.astype(int).ravel(),
            "n_pairs": by_model[0].sum(-1).astype(int).ravel(),
            "icc_c1": c1.ravel(),
            "icc_c1_low": c1_interval.low.ravel(),
            "icc_c1_high": c1_interval.high.ravel(),
            "icc_a1": a1.ravel(),
            "icc_a1_low": a1_interval.low.ravel(),
            "icc_a1_high": a1_interval.high.ravel(),
            "ci_width": (c1_interval.high - c1_interval.low).ravel(),
        }
    )
    if settings.interval != "exact-f" and settings.resamples < FEWEST_RESAMPLES:
        return table.assign(reading=None, reading_a1=None, discarded=discarded.ravel())
    table["reading"] = readings.read(table["icc_c1_low"], table["icc_c1_high"], settings.scale)
    table["reading_a1"] = readings.read(table["icc_a1_low"], table["icc_a1_high"], "koo-li")
    table["discarded"] = discarded.ravel()
    return table


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
        noise = n * (_ROUNDING_OF_MEANS * mean_total) ** 2
        return _mean_squares(targets, n * mean_difference**2 / 2, error, n, noise)


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
        return _mean_squares(targets, raters, error, n, _ROUNDING_OF_SUMS * (human_squared + judge_squared))


def _mean_squares(
    targets: np.ndarray, raters: np.ndarray, error: np.ndarray, n: np.ndarray, noise: np.ndarray
) -> MeanSquares:
    """Divide sums of squares by their degrees of freedom; those of a constant come out as noise and are set to 0."""
    targets, error = (np.where(np.abs(value) <= noise, 0.0, value) for value in (targets, error))
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
    Targets are taken for independent, which replies to the same message are not: over replies it is too narrow.
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


def _squares_of_models(by_model: np.ndarray) -> MeanSquares:
    """Take every model as one target, whatever number of replies is behind its means; models on the last axis."""
    n, human, judge = by_model[:3]
    # A model without pairs gets weight 0, so what its means are set to does not matter.
    size = np.maximum(n, 1)
    return squares_of_means(human / size, judge / size, (n > 0).astype(float))


def _bootstrap(total: Sums, settings: Settings) -> tuple[tuple[Interval, Interval], np.ndarray]:
    """Percentile intervals of both coefficients, and the share of resamples that were not used."""
    pairs_of = total.moments[0]
    if settings.interval == "bootstrap-models":
        values = _over_models(total.moments.sum(-1), settings)
        # Of two models a resample is the sample itself or one model alone, which says nothing of the error.
        enough = (pairs_of.sum(-1) > 0).sum(-1) >= 3
    else:
        values = _over_clusters(total.moments, settings)
        enough = (pairs_of.sum(-2) > 0).sum(-1) >= 2
    (c1, _), (a1, unused) = (
        resampling.percentile_interval(np.where(enough[..., None], drawn, np.nan), settings.discard_outside)
        for drawn in values
    )
    # Both have the same sign, so what ICC(A,1) can use of the resamples, ICC(C,1) can use too.
    return (Interval(*c1), Interval(*a1)), unused


def _over_models(by_model: np.ndarray, settings: Settings) -> np.ndarray:
    """Coefficients of resamples of models, conversations fixed; shape (2, judges, attributes, resamples)."""
    present = by_model[0] > 0
    values = np.empty((2, *present.shape[:-1], settings.resamples))
    # Each cell draws as many models as it has. Cells with the same models share their draws, and what else is on show
    # does not change them.
    for members in np.unique(present.reshape(-1, present.shape[-1]), axis=0):
        alike = (present == members).all(-1)
        statistic = partial(_of_drawn_models, by_model[:, alike][..., members], settings.level)
        values[:, alike] = resampling.resample(statistic, int(members.sum()), settings.resamples, settings.seed)
    return values


def _of_drawn_models(by_model: np.ndarray, level: Level, weights: np.ndarray) -> np.ndarray:
    """Coefficients by resample, shape (2, cells, resamples), from sums of shape (6, cells, models)."""
    if level == "response":
        return np.stack(coefficients(squares_of_replies(by_model @ weights.T)))
    n, human, judge = by_model[:3, :, None, :]
    return np.stack(coefficients(squares_of_means(human / n, judge / n, weights)))


def _over_clusters(moments: np.ndarray, settings: Settings) -> np.ndarray:
    """Coefficients of resamples of conversations, models fixed; shape (2, judges, attributes, resamples)."""
    used = moments[:3] if settings.level == "model" else moments.sum(-2)

    def statistic(weights: np.ndarray) -> np.ndarray:
        drawn = np.tensordot(used, weights, (-1, -1))
        if settings.level == "response":
            return np.stack(coefficients(squares_of_replies(drawn)))
        return np.stack(coefficients(_squares_of_models(np.moveaxis(drawn, -2, -1))))

    return resampling.resample(statistic, moments.shape[-1], settings.resamples, settings.seed)
