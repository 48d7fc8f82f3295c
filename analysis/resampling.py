"""Bootstrap by weights: a resample is how often each unit is drawn, so its sums are a product and never a copy.

References
----------
Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
"""

from collections.abc import Callable

import numpy as np

from analysis.settings import CONFIDENCE

# Resamples held in memory together: 500 of 1,000 conversations are 4 MB, and larger products are no faster.
_AT_ONCE = 500


def resample(statistic: Callable[[np.ndarray], np.ndarray], units: int, resamples: int, seed: int) -> np.ndarray:
    """Draw as many units as there are, with replacement, again and again, and take a statistic of each resample.

    Parameters
    ----------
    statistic
        Takes weights, shape (part of the resamples, units): how often each unit is drawn. Gives the statistic of each
        resample on its last axis.
    units
        How many units there are: models, or conversations.
    resamples, seed
        The same units and seed give the same draws, whatever the statistic.

    Returns
    -------
    numpy.ndarray
        What ``statistic`` gives, with all resamples on the last axis.
    """
    rng = np.random.default_rng(seed)
    sizes = [min(_AT_ONCE, resamples - start) for start in range(0, resamples, _AT_ONCE)]
    return np.concatenate([statistic(_weights(rng, units, size)) for size in sizes], axis=-1)


def _weights(rng: np.random.Generator, units: int, resamples: int) -> np.ndarray:
    """How often each unit is drawn in each resample, shape (resamples, units); every row adds up to ``units``."""
    if not units:
        return np.zeros((resamples, 0))
    # Each resample has its own range of numbers, so that one count does for all; multinomials take four times longer.
    drawn = rng.integers(units, size=(resamples, units)) + units * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * units).reshape(resamples, units).astype(float)


def percentile_interval(values: np.ndarray, discard_outside: bool) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Percentile interval over the last axis, and the share of values that it does not use.

    Undefined values (a resample without variance) are never used; ``discard_outside`` also drops values outside [0, 1],
    as the published procedure does. NaN where nothing is left.
    """
    usable = np.isfinite(values)
    if discard_outside:
        usable &= (values >= 0) & (values <= 1)
    ordered = np.sort(np.where(usable, values, np.inf), axis=-1)
    count = usable.sum(-1)
    tail = (1 - CONFIDENCE) / 2
    unused = (~usable).mean(-1)
    return (_quantile(ordered, count, tail), _quantile(ordered, count, 1 - tail)), unused


def _quantile(ordered: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Linear-interpolated quantile of the first ``count`` values of each sorted row."""
    place = np.maximum(count - 1, 0) * share
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in (below, above))
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, low + (high - low) * (place - below), np.nan)
