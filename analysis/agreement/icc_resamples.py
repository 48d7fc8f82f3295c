"""Intraclass correlations of resamples: of models, of conversations, or of both at once.

What is resampled is what a result generalises to: other models, other messages to the same models, or both.

References
----------
Owen, A. B. (2007). The pigeonhole bootstrap. The Annals of Applied Statistics, 1(2), 386-411.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from analysis.agreement.anova import (
    ROUNDING_OF_MEANS,
    ROUNDING_OF_SUMS,
    coefficients,
    mean_squares,
    squares_of_models,
    squares_of_replies,
)
from analysis.inference import bootstrap
from analysis.ratings.settings import Settings


def over_models(moments: np.ndarray, settings: Settings) -> np.ndarray:
    """Coefficients of resamples of models, conversations fixed; shape (2, judges, attributes, resamples)."""
    by_model = moments.sum(-1)
    values = np.full((2, *by_model.shape[1:3], settings.resamples), np.nan)
    for cells, members in alike(by_model[0] > 0):
        mine = by_model[:, cells][..., members]
        if settings.level == "response":
            statistic = partial(_of_drawn_replies, mine)
        else:
            statistic = partial(of_drawn_models, mine[1] / mine[0], mine[2] / mine[0])
        values[:, cells] = bootstrap.resample(statistic, int(members.sum()), settings.resamples, settings.seed)
    return values


def over_clusters(moments: np.ndarray, settings: Settings, size: int | None = None) -> np.ndarray:
    """Coefficients of resamples of conversations, models fixed; shape (2, judges, attributes, resamples).

    Each resample draws ``size`` conversations (or blocks of them), as many as there are unless it is given.
    """
    used = moments[:3] if settings.level == "model" else moments.sum(-2)

    def statistic(weights: np.ndarray) -> np.ndarray:
        drawn = np.tensordot(used, weights, (-1, -1))
        if settings.level == "response":
            return np.stack(coefficients(squares_of_replies(drawn)))
        return np.stack(coefficients(squares_of_models(np.moveaxis(drawn, -2, -1))))

    return bootstrap.resample(statistic, moments.shape[-1], settings.resamples, settings.seed, size)


def over_both(moments: np.ndarray, settings: Settings) -> np.ndarray:
    """Coefficients of resamples of models and of conversations at once; shape (2, judges, attributes, resamples).

    The pigeonhole bootstrap: models and conversations are drawn apart, and a reply counts as often as its model was
    drawn times as often as its conversation was (Owen 2007).
    """
    groups = [(*group, _models_drawn(group[1], settings)) for group in alike(moments[0].sum(-1) > 0)]
    used = moments[:3] if settings.level == "model" else moments
    values = np.full((2, *moments.shape[1:3], settings.resamples), np.nan)
    start = 0
    for drawn_clusters in bootstrap.weights(moments.shape[-1], settings.resamples, settings.seed):
        part = slice(start, start + len(drawn_clusters))
        start = part.stop
        drawn = np.moveaxis(np.tensordot(used, drawn_clusters, (-1, -1)), -2, -1)
        for cells, members, drawn_models in groups:
            mine, times = drawn[:, cells][..., members], drawn_models[part]
            if settings.level == "response":
                squares = squares_of_replies((mine * times).sum(-1))
            else:
                squares = squares_of_models(mine, times)
            values[:, cells, part] = np.stack(coefficients(squares))
    return values


def alike(present: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Group cells (judges and attributes) by the models that they have: which cells (as a mask), and their models.

    Each cell draws as many models as it has. Cells with the same models share their draws, and what else is on show
    does not change them. Cells without any model are in no group.
    """
    for members in np.unique(present[present.any(-1)], axis=0):
        yield (present == members).all(-1), members


def _models_drawn(members: np.ndarray, settings: Settings) -> np.ndarray:
    """How often each model is drawn, from a stream apart from that of the conversations."""
    apart = (settings.seed + 1) % 2**32
    return np.concatenate(list(bootstrap.weights(int(members.sum()), settings.resamples, apart)))


def of_drawn_models(human: np.ndarray, judge: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients of drawn models by resample, shape (2, ..., cells, resamples).

    Parameters
    ----------
    human, judge
        Means of each model, shape (..., cells, models).
    weights
        How often each model is drawn, shape (..., resamples, models).
    """
    n = weights.sum(-1)[..., None, :]
    total, difference = human + judge, judge - human
    middle = difference.mean(-1, keepdims=True)
    size = np.abs(total).max(-1, keepdims=True)
    # Sums of squares lose digits when means are far from zero, so deviations from the sample's mean are resampled.
    total, difference = total - total.mean(-1, keepdims=True), difference - middle
    sums = np.stack([total, total**2, difference, difference**2]) @ np.swapaxes(weights, -1, -2)
    targets, error = ((sums[square] - sums[square - 1] ** 2 / n) / 2 for square in (1, 3))
    raters = n * (middle + sums[2] / n) ** 2 / 2
    noise = ROUNDING_OF_SUMS * (sums[1] + sums[3]) + n * (ROUNDING_OF_MEANS * size) ** 2
    return np.stack(coefficients(mean_squares(targets, raters, error, n, noise)))


def _of_drawn_replies(by_model: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients by resample, shape (2, cells, resamples), from sums of shape (6, cells, models)."""
    return np.stack(coefficients(squares_of_replies(by_model @ weights.T)))
