r"""How well experts agree among themselves: what a judge that is compared with them is to be read against.

ICCs are of single replies, with every expert as a rater (:mod:`analysis.agreement.anova`); alpha takes replies that
only some experts rated. A judge is compared with the mean of the experts, which is more dependable than any of them.
So one further expert would agree with that mean better than two experts agree with each other, and what it is expected
to reach is what a judge's coefficient is to be held against: a judge that reaches it follows the experts as one of them
would.

References
----------
Krippendorff, K. (2019). Content Analysis, 4th ed., chapter 12. Sage.
McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. Psychological
Methods, 1(1), 30-46.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.agreement.anova import agreement_of_mean, coefficients, further_rater, squares_of_sums
from analysis.agreement.ordinal import MOST_CATEGORIES, alpha_of_coincidences
from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import Interval, over_clusters
from analysis.ratings.columns import ATTRIBUTE_COLUMN, N_EXPERTS
from analysis.ratings.experts import laid_out
from analysis.ratings.settings import Settings

_OF_CONVERSATIONS = "bootstrap-conversations"
_COMPLETE = "Over complete replies. Undefined with fewer than two of them, and where nothing varies."


def _icc(name: str, label: str, note: str = _COMPLETE) -> Estimate:
    return Estimate.of(name, label, name, ".2f", "up to 1", ends=_OF_CONVERSATIONS, note=note)


_ICCS = (
    _icc("experts_c1", "Experts' ICC(C,1)"),
    _icc("experts_a1", "Experts' ICC(A,1)"),
    _icc("experts_ak", "Experts' ICC(A,k)", f"{_COMPLETE} k is `n_experts`."),
    _icc("further_c1", "One more expert, ICC(C,1)"),
    _icc("further_a1", "One more expert, ICC(A,1)"),
)
_ALPHA = _icc(
    "experts_alpha",
    "Experts' alpha",
    f"Over `n_several`. Undefined where all ratings are the same, and with more than {MOST_CATEGORIES} different ones.",
)
DECLARED = (
    ATTRIBUTE_COLUMN,
    N_EXPERTS,
    Column.count("n_complete", "Complete replies", "n_complete"),
    Column.count("n_several", "Rated by several", "n_several"),
    *(column for estimate in (*_ICCS, _ALPHA) for column in estimate),
)
COLUMNS = names(DECLARED)


def further_of(coefficient: str) -> str:
    """Name the column with what one more expert would reach in a coefficient (``icc_c1``, ``icc_a1``)."""
    return coefficient.replace("icc", "further")


def expert_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute how well the experts agree on single replies, for every attribute.

    Parameters
    ----------
    frame
        Single ratings, as :func:`analysis.ratings.experts.single_experts` gives them.
    settings
        Resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each attribute:

        - ``n_experts``: experts who rated the attribute at all.
        - ``n_complete``, ``n_several``: replies that all of them rated, and that at least two did.
        - ``experts_c1``, ``experts_a1``, ``experts_ak``: ICC(C,1), ICC(A,1) and ICC(A,k) over complete replies, k
          being ``n_experts`` (up to 1).
        - ``further_c1``, ``further_a1``: what one further expert like these is expected to reach with their mean, see
          :func:`analysis.agreement.anova.further_rater` (up to 1).
        - ``experts_alpha``: ordinal alpha over ``n_several`` replies, see
          :func:`analysis.agreement.ordinal.alpha_of_coincidences` (up to 1).
        - ``..._low``, ``..._high``: ends of their 95% percentile intervals; conversations are drawn with replacement,
          all replies to one together, the experts stay. NaN with fewer than two.

        ICCs are NaN with fewer than two experts or complete replies, and where nothing varies; alpha where all ratings
        are the same, and with more than ``MOST_CATEGORIES`` different ones.
    """
    every = np.moveaxis(laid_out(frame, "expert"), 0, 1)
    attributes = [_sums_of(ratings[~np.isnan(ratings).all((1, 2))]) for ratings in every]
    parts = [part for attribute in attributes for part in attribute.parts]
    values, clusters = (
        np.concatenate([[], *found])
        for found in (
            [part.statistic(part.sums.sum(-1, keepdims=True))[..., 0] for part in parts],
            [np.full(part.figures, part.clusters) for part in parts],
        )
    )
    low, high = _intervals(parts, clusters, settings) if parts else (values, values)
    figures = np.stack([values, *(np.where(np.isnan(values), np.nan, end) for end in (low, high))], axis=-1)
    counts = pd.DataFrame([attribute.counts for attribute in attributes], columns=COLUMNS[1:4])
    table = pd.concat([counts, pd.DataFrame(figures.reshape(len(attributes), -1), columns=COLUMNS[4:])], axis=1)
    table.insert(0, "attribute", list(frame["attribute"].cat.categories))
    return table


@dataclass(frozen=True)
class _Part:
    """Sums by cluster, on the last axis, what is computed of them, and how many figures and clusters that is."""

    sums: np.ndarray
    statistic: Callable[[np.ndarray], np.ndarray]
    figures: int
    clusters: int


class _Sums(NamedTuple):
    """Of one attribute: how many experts and replies there are, and the sums of its figures."""

    counts: tuple[int, int, int]
    parts: tuple[_Part, _Part]


def _sums_of(ratings: np.ndarray) -> _Sums:
    """Add up the ratings of one attribute, of shape (expert, cluster, model)."""
    experts = len(ratings)
    given = (~np.isnan(ratings)).sum(0)
    complete, several = (given == experts) & (experts > 1), given > 1
    of_clusters = [int(replies.any(-1).sum()) for replies in (complete, several)]
    return _Sums(
        (experts, int(complete.sum()), int(several.sum())),
        (
            _Part(_sums(np.where(complete, ratings, 0.0), complete), _iccs, len(_ICCS), of_clusters[0]),
            _Part(_coincidences(ratings, several), _alpha, 1, of_clusters[1]),
        ),
    )


def _intervals(parts: list[_Part], clusters: np.ndarray, settings: Settings) -> Interval:
    """Give the intervals of all figures, of the same draws: drawn together, which takes a fraction of the time."""
    flat = [part.sums.reshape(-1, part.sums.shape[-1]) for part in parts]
    ends = np.cumsum([len(each) for each in flat])[:-1]

    def every(sums: np.ndarray) -> np.ndarray:
        drawn = zip(parts, np.split(sums, ends), strict=True)
        return np.concatenate([part.statistic(mine.reshape(*part.sums.shape[:-1], -1)) for part, mine in drawn])

    return over_clusters(np.concatenate(flat), every, clusters, settings)


def _sums(ratings: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """Add up complete replies by cluster: their number, squared totals, squares, and each expert's ratings."""
    replies = [complete, ratings.sum(0) ** 2, (ratings**2).sum(0), *ratings]
    return np.stack([each.sum(-1) for each in replies]).astype(float)


def _iccs(sums: np.ndarray) -> np.ndarray:
    """Give the coefficients of :func:`_sums`, resamples on the last axis."""
    n, totals, squared, of_raters = sums[0], sums[1], sums[2], sums[3:]
    k = len(of_raters)
    if k < 2:
        return np.full((len(_ICCS), *n.shape), np.nan)
    squares = squares_of_sums(n, of_raters, totals, squared)
    return np.stack([*coefficients(squares, k), agreement_of_mean(squares), *further_rater(squares, k)])


def _coincidences(ratings: np.ndarray, several: np.ndarray) -> np.ndarray:
    """Count which ratings replies have together, by cluster: shape (rating, rating, cluster)."""
    values = np.unique(ratings[~np.isnan(ratings)])
    if len(values) > MOST_CATEGORIES:
        return np.full((1, 1, len(several)), np.nan)
    # How often each reply has each rating: shape (rating, cluster, model).
    times = np.stack([(ratings == value).sum(0) for value in values]) if len(values) else np.zeros((1, *several.shape))
    weight = several / np.maximum(times.sum(0) - 1, 1)
    together = np.einsum("icm,jcm->ijc", times * weight, times)
    # A rating is no coincidence with itself.
    together[np.diag_indices(len(together))] -= (times * weight).sum(-1)
    return together


def _alpha(coincidences: np.ndarray) -> np.ndarray:
    return alpha_of_coincidences(coincidences)[None]
