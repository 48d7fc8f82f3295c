r"""What becomes of a judge's ratings when they are mapped to what the experts gave.

A correction is learned from pairs and gives each rating j of the judge a value f(j):

- ``none``: :math:`f(j) = j`
- ``offset``: :math:`f(j) = j - bias`
- ``linear``: the least-squares regression of the experts' rating on the judge's
- ``isotonic``: the least-squares map that never falls (Barlow et al. 1972)
- ``ordinal``: the mean of the experts' ratings wherever the judge gave j; between two ratings that were seen in
  training it is interpolated, beyond them it stays level

References
----------
Barlow, R. E., Bartholomew, D. J., Bremner, J. M., & Brunk, H. D. (1972). Statistical Inference under Order
Restrictions. Wiley.
Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the Royal Statistical
Society B, 36(2), 111-147.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import ROUNDING_OF_SUMS, coefficients, squares_of_replies
from analysis.agreement.icc import ICC_A1
from analysis.bias.inflation import BIAS, MSE
from analysis.column import Column, names
from analysis.inference.bootstrap import over_clusters
from analysis.ratings.columns import CELL
from analysis.ratings.pairs import add_up
from analysis.ratings.settings import Settings

METHODS = ("none", "offset", "linear", "isotonic", "ordinal")
_STATISTICS = (BIAS, MSE, ICC_A1)
STATISTICS = tuple(statistic.value.name for statistic in _STATISTICS)
DECLARED = (
    *CELL,
    Column.key(
        "method",
        "Correction",
        "correction",
        note=f"{', '.join(f'`{method}`' for method in METHODS)}; figures beside it are over single held-out replies.",
    ),
    *(statistic.value for statistic in _STATISTICS),
    *(end for statistic in _STATISTICS for end in statistic.ends),
)
COLUMNS = names(DECLARED)

FOLDS = 5


def correction_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Bias, MSE and agreement of a judge's ratings before and after each correction, on replies it was not learned on.

    Clusters (conversations, or the source's blocks) are dealt by lot into ``FOLDS`` folds, the same for every judge and
    attribute. A correction is learned on all folds but one and applied to that one, in turn, so that every reply is
    held out once; statistics are over all held-out replies.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Resamples and seed; the seed deals the folds too.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and method (``METHODS``). ``bias`` in points of the 1-5 scale,
        ``mse`` in squared points, ``icc_a1`` over single replies whatever the level of the settings. Intervals have
        95% confidence, by bootstrap over clusters with the learned maps held fixed: they leave out that other
        conversations would have taught other maps. Everything is NaN with fewer than ``FOLDS`` clusters; corrections
        are NaN too where all clusters of a judge and attribute fall into one fold.

    Notes
    -----
    What is left of the bias is near zero because the lot gives every fold the same experts. Where the file is cut into
    five stretches instead, so that the held-out stretch was mostly rated by others, an offset learned on the rest
    leaves a bias of 0.26 of a point in a fold on average, against 0.03 with folds by lot (the release, recommended
    preset).

    Blocks of conversations are dealt otherwise than single ones, so that from the snapshot corrected figures are near
    those from the release, and only ``none`` is equal.
    """
    ratings = np.unique(frame["rating"])
    axes = ("judge", "attribute", "rating")
    given = frame.assign(rating=pd.Categorical(frame["rating"], ratings))
    weight, experts = frame["n"].to_numpy(), frame["human"].to_numpy()
    n, human, human_squared = add_up(
        given, axes, (lambda: weight, lambda: weight * experts, lambda: weight * experts**2)
    )
    fold = np.random.default_rng(settings.seed).permutation(n.shape[-1]) % FOLDS
    corrected = np.zeros((3, len(METHODS), *n.shape[:2], n.shape[-1]))
    for held_out in (fold == place for place in range(FOLDS)):
        maps = learned(n[..., ~held_out].sum(-1), human[..., ~held_out].sum(-1), ratings)
        for place, (values, times) in enumerate(((maps, n), (maps**2, n), (maps, human))):
            corrected[place][..., held_out] = np.einsum("mjav,javc->mjac", values, times[..., held_out])
    shared = np.stack([n.sum(2), human.sum(2), human_squared.sum(2)])
    parts = np.concatenate([shared, corrected.reshape(3 * len(METHODS), *shared.shape[1:])])
    clusters = (shared[0] > 0).sum(-1)
    enough = clusters >= FOLDS
    point = np.where(enough, _statistics(parts.sum(-1)), np.nan)
    interval = over_clusters(parts, _statistics, clusters, settings)
    ends = [np.where(np.isnan(point), np.nan, end) for end in interval]
    # Methods vary fastest down the table.
    judge, attribute, method = (axis.ravel() for axis in np.indices((*n.shape[:2], len(METHODS))))
    columns = {
        f"{name}{end}": np.moveaxis(values[place], 0, -1).ravel()
        for end, values in zip(("", "_low", "_high"), (point, *ends), strict=True)
        for place, name in enumerate(STATISTICS)
    }
    rows = pd.DataFrame(
        {
            "judge": frame["judge"].cat.categories[judge],
            "attribute": frame["attribute"].cat.categories[attribute],
            "method": [METHODS[i] for i in method],
            **columns,
        }
    )
    return rows[list(COLUMNS)]


def learned(n: np.ndarray, human: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Learn every correction from counts.

    Parameters
    ----------
    n, human
        How often the judge gave each of ``values`` (the last axis), and the sum of the experts' ratings there.
    values
        The ratings, ascending.

    Returns
    -------
    numpy.ndarray
        The corrected value of each rating, shape (methods, ...); NaN without pairs (``none`` apart).
    """
    size = n.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        human_mean, judge_mean = (total.sum(-1, keepdims=True) / size for total in (human, n * values))
        from_mean = values - judge_mean
        variance = (n * from_mean**2).sum(-1, keepdims=True) / size
        covariance = (human * from_mean).sum(-1, keepdims=True) / size
        # A judge that always gives one rating has no line through it: the experts' mean is all there is to learn.
        slope = np.where(variance > ROUNDING_OF_SUMS * judge_mean**2, covariance / variance, 0.0)
        means = human / n
    # Imported where it is used: the module takes longer to come than most pages do.
    from scipy.optimize import isotonic_regression

    isotonic, ordinal = np.full((2, *n.shape), np.nan)
    for cell in np.ndindex(n.shape[:-1]):
        seen = n[cell] > 0
        if seen.any():
            rising = isotonic_regression(means[cell][seen], weights=n[cell][seen]).x
            isotonic[cell] = np.interp(values, values[seen], rising)
            ordinal[cell] = np.interp(values, values[seen], means[cell][seen])
    unchanged = np.broadcast_to(values, n.shape)
    return np.stack([unchanged, human_mean + from_mean, human_mean + slope * from_mean, isotonic, ordinal])


def _statistics(parts: np.ndarray) -> np.ndarray:
    """Give ``STATISTICS`` of every method, shape (3, methods, ...), of sums over clusters.

    The sums are n, the experts' ratings and their squares, and then, each for every method, the corrected ratings,
    their squares, and their products with the experts'.
    """
    n, human, human_squared = parts[:3]
    judge, judge_squared, product = parts[3:].reshape(3, len(METHODS), *n.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = (judge - human) / n
        mse = np.maximum(human_squared + judge_squared - 2 * product, 0) / n
    moments = np.stack(np.broadcast_arrays(n, human, judge, human_squared, judge_squared, product))
    _, a1 = coefficients(squares_of_replies(moments))
    return np.stack([bias, mse, a1])
