"""Bootstrap by weights: a resample is how often each unit is drawn, so its sums are a product and never a copy.

One array of sums for each conversation serves every resampling: what a statistic needs is added up once, and each
resample is a weighting of it.

References
----------
Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analysis.ratings.settings import CONFIDENCE, Settings

# Numbers held in memory together: 500 resamples of 1,000 conversations are 4 MB, and larger products are no faster.
_AT_ONCE = 500_000
# Draws of this many numbers are kept for the next table: 2,000 resamples of 1,000 conversations are 16 MB.
_KEPT = 4_000_000


class Interval(NamedTuple):
    """The ends of an interval."""

    low: np.ndarray
    high: np.ndarray


def resample(
    statistic: Callable[[np.ndarray], np.ndarray], units: int, resamples: int, seed: int, size: int | None = None
) -> np.ndarray:
    """Draw units with replacement, again and again, and take a statistic of each resample.

    Parameters
    ----------
    statistic
        Takes weights, shape (part of the resamples, units): how often each unit is drawn. Gives the statistic of each
        resample on its last axis.
    units
        How many units there are: models, or conversations.
    resamples, seed
        The same units and seed give the same draws, whatever the statistic.
    size
        How many units each resample draws: as many as there are, unless it is given.

    Returns
    -------
    numpy.ndarray
        What ``statistic`` gives, with all resamples on the last axis.
    """
    return np.concatenate([statistic(drawn) for drawn in weights(units, resamples, seed, size)], axis=-1)


def weights(units: int, resamples: int, seed: int, size: int | None = None) -> Iterator[np.ndarray]:
    """Draw ``size`` units (as many as there are, unless it is given) with replacement, again and again.

    Yields
    ------
    numpy.ndarray
        How often each unit is drawn, shape (part of the resamples, units); not to be changed. Every row adds up to
        ``size``. The same arguments give the same draws.
    """
    if size is None and units * resamples <= _KEPT:
        kept = _kept(units, resamples, seed)
        at_once = _at_once(units)
        yield from (kept[start : start + at_once] for start in range(0, resamples, at_once))
    else:
        yield from _draw(units, resamples, seed, units if size is None else size)


def _at_once(units: int) -> int:
    return max(1, _AT_ONCE // max(units, 1))


@lru_cache(maxsize=2)
def _kept(units: int, resamples: int, seed: int) -> np.ndarray:
    drawn = np.concatenate(list(_draw(units, resamples, seed, units)))
    drawn.flags.writeable = False
    return drawn


def _draw(units: int, resamples: int, seed: int, size: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    at_once = _at_once(units)
    for start in range(0, resamples, at_once):
        part = min(at_once, resamples - start)
        if not units:
            yield np.zeros((part, 0))
            continue
        # Each resample has its own range of numbers, so that one count does for all; multinomials take four times
        # longer.
        drawn = rng.integers(units, size=(part, size)) + units * np.arange(part)[:, None]
        yield np.bincount(drawn.ravel(), minlength=part * units).reshape(part, units).astype(float)


def over_clusters(
    sums: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], clusters: np.ndarray, settings: Settings
) -> Interval:
    """Bootstrap a statistic of sums over conversations (or the source's blocks of them), whole clusters being drawn.

    Parameters
    ----------
    sums
        What the statistic is made of, for each cluster; clusters on the last axis.
    statistic
        Takes sums over clusters, with resamples on the last axis in place of clusters, and gives the statistic of each.
        Undefined values are NaN and not used.
    clusters
        How many clusters stand behind each value of the statistic, in its shape.
    settings
        Resamples and seed.

    Returns
    -------
    Interval
        Percentile interval with 95% confidence, nothing discarded; NaN with fewer than two clusters.
    """
    values = resample(
        lambda drawn: statistic(np.tensordot(sums, drawn, (-1, -1))), sums.shape[-1], settings.resamples, settings.seed
    )
    enough = clusters >= 2
    interval, _ = percentile_interval(np.where(enough[..., None], values, np.nan), discard_outside=False)
    return interval


def percentile_interval(
    values: np.ndarray, discard_outside: bool, confidence: float = CONFIDENCE
) -> tuple[Interval, np.ndarray]:
    """Percentile interval over the last axis, and the share of values that it does not use.

    Undefined values (a resample without variance) are never used; ``discard_outside`` also drops values outside [0, 1],
    as the published procedure does. NaN where nothing is left.
    """
    usable = np.isfinite(values)
    if discard_outside:
        usable &= (values >= 0) & (values <= 1)
    ordered = np.sort(np.where(usable, values, np.inf), axis=-1)
    count = usable.sum(-1)
    tail = (1 - confidence) / 2
    unused = (~usable).mean(-1)
    return Interval(_quantile(ordered, count, tail), _quantile(ordered, count, 1 - tail)), unused


def _quantile(ordered: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Linear-interpolated quantile of the first ``count`` values of each sorted row."""
    place = np.maximum(count - 1, 0) * share
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in (below, above))
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, low + (high - low) * (place - below), np.nan)
