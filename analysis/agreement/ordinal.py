r"""How far a judge's single ratings are the experts', with ratings as ordered categories.

Every coefficient sets the agreement that was seen against the agreement that chance would give; they differ in what
they take for chance. :math:`p_{ij}` is the share of replies that the experts rate i and the judge j, :math:`p_{i.}`
and :math:`p_{.j}` are the shares of their ratings, :math:`\pi_i` the mean of the two, q the number of categories.

Where nearly all ratings are alike (83% of the experts' ratings of Safety in MentalAlign-70k are 5), kappa and alpha
take most agreement for chance and are low, though most ratings are the same; AC2 takes little of it for chance and is
high. This is the paradox of Feinstein & Cicchetti, and the reason that all stand side by side here.

References
----------
Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70(4), 213-220.
Feinstein, A. R., & Cicchetti, D. V. (1990). High agreement but low kappa: I. The problems of two paradoxes. Journal of
Clinical Epidemiology, 43(6), 543-549.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics.
Krippendorff, K. (2019). Content Analysis, 4th ed., chapter 12. Sage.
"""

import numpy as np
import pandas as pd

from analysis.column import Estimate, names
from analysis.inference.bootstrap import over_clusters
from analysis.ratings.columns import CELL, N_PAIRS
from analysis.ratings.pairs import joint
from analysis.ratings.settings import Settings
from data.study import Scale, Study

_OF_CONVERSATIONS = "bootstrap-conversations"
_MEASURES = (
    Estimate.of(
        "kappa_quadratic",
        "Kappa",
        "kappa_quadratic",
        ".2f",
        "up to 1",
        ends=_OF_CONVERSATIONS,
        note="Undefined where neither rater varies.",
    ),
    Estimate.of(
        "alpha_ordinal",
        "Alpha",
        "alpha_ordinal",
        ".2f",
        "up to 1",
        ends=_OF_CONVERSATIONS,
        note="Undefined where all ratings are the same.",
    ),
    Estimate.of("ac2_quadratic", "AC2 quadratic", "ac2_quadratic", ".2f", "up to 1", ends=_OF_CONVERSATIONS),
    Estimate.of("ac2_ordinal", "AC2 ordinal", "ac2_ordinal", ".2f", "up to 1", ends=_OF_CONVERSATIONS),
    Estimate.of("exact", "Same rating", "exact", ".0%", "0 to 1", ends=_OF_CONVERSATIONS),
    Estimate.of("within_one", "At most one apart", "within_one", ".0%", "0 to 1", ends=_OF_CONVERSATIONS),
    Estimate.of("human_ceiling", "Experts' fives", "human_ceiling", ".0%", "0 to 1", ends=_OF_CONVERSATIONS),
    Estimate.of("judge_ceiling", "Judge's fives", "judge_ceiling", ".0%", "0 to 1", ends=_OF_CONVERSATIONS),
)
MEASURES = tuple(measure.value.name for measure in _MEASURES)
DECLARED = (
    *CELL,
    N_PAIRS,
    *(measure.value for measure in _MEASURES),
    *(end for measure in _MEASURES for end in measure.ends),
)
COLUMNS = names(DECLARED)
# Coefficients for ordered categories say little where there are more of them, and take long.
MOST_CATEGORIES = 21


def ordinal_table(study: Study, frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Agreement of every judge and attribute on single replies, with ratings as ordered categories.

    Parameters
    ----------
    study
        Its scale gives the categories.
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them. Categories are the points of the scale and whatever
        else the experts or that judge gave on any attribute (0 and 6 as released); AC2 depends on them, also on those
        that a cell does not have. Ratings between two points (the mean of several experts, or of a panel) are rounded
        half up to one, for every column alike.
    settings
        Resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute:

        - ``n_pairs``: replies that both rated.
        - ``kappa_quadratic``: :func:`quadratic_kappa`, up to 1; 0 is what chance gives.
        - ``alpha_ordinal``: :func:`ordinal_alpha`, up to 1; 0 is what chance gives.
        - ``ac2_quadratic``, ``ac2_ordinal``: :func:`gwet_ac2` with either weights, up to 1; 0 is what chance gives.
        - ``exact``, ``within_one``: shares (0-1) of replies with the same rating, and with ratings at most one point of
          the scale apart.
        - ``human_ceiling``, ``judge_ceiling``: shares (0-1) of ratings at the top of the scale, or above it.
        - ``..._low``, ``..._high``: ends of their 95% percentile intervals; conversations (or the source's blocks of
          them) are drawn with replacement, all replies to one together. NaN with fewer than two. Where all replies
          agree, every resample does too, and the interval has no width.

        All are NaN without pairs, and on a scale of more than ``MOST_CATEGORIES`` points.
    """
    placed = frame.assign(**{name: _category(frame[name], study.scale) for name in ("human", "rating")})
    judges, attributes = (list(frame[name].cat.categories) for name in ("judge", "attribute"))
    tables = [_of_judge(study.scale, placed[placed["judge"] == judge], settings) for judge in judges]
    table = pd.MultiIndex.from_product([judges, attributes], names=["judge", "attribute"]).to_frame(index=False)
    columns = {name: np.concatenate([each[name] for each in tables]) for name in COLUMNS[2:]} if tables else {}
    return table.assign(**columns).reindex(columns=list(COLUMNS))


def _of_judge(scale: Scale, frame: pd.DataFrame, settings: Settings) -> dict[str, np.ndarray]:
    """Give the columns of one judge, attributes in the order of their categories."""
    cells = joint(frame, scale.values)
    size = cells.counts.sum((-3, -2))
    found = {"n_pairs": size.sum(-1).astype(int)}
    if len(scale.values) > MOST_CATEGORIES:
        return found | {name: np.full(len(size), np.nan) for name in COLUMNS[3:]}
    clusters = np.broadcast_to((size > 0).sum(-1), (len(MEASURES), len(size)))
    values = _measures(cells.counts.sum(-1, keepdims=True), cells.values, scale)[..., 0]
    ends = over_clusters(cells.counts, lambda counts: _measures(counts, cells.values, scale), clusters, settings)
    return {
        **found,
        **dict(zip(MEASURES, values, strict=True)),
        **{f"{measure}_low": low for measure, low in zip(MEASURES, ends.low, strict=True)},
        **{f"{measure}_high": high for measure, high in zip(MEASURES, ends.high, strict=True)},
    }


def quadratic_kappa(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    r"""Cohen's weighted kappa with squared differences of the ratings as weights.

    :math:`\kappa = 1 - \sum_{ij} p_{ij} (i - j)^2 / \sum_{ij} p_{i.} p_{.j} (i - j)^2`.

    Parameters
    ----------
    counts
        Shape (..., experts' category, judge's category, resamples).
    values
        The categories' ratings, ascending.

    Returns
    -------
    numpy.ndarray
        Shape (..., resamples). NaN where neither rater tells replies apart, as for the ICC.
    """
    squared = np.subtract.outer(values, values) ** 2
    human, judge = counts.sum(-2), counts.sum(-3)
    varies = ((human > 0).sum(-2) > 1) | ((judge > 0).sum(-2) > 1)
    seen = np.einsum("...ijs,ij->...s", counts, squared)
    by_chance = (human * np.einsum("ij,...js->...is", squared, judge)).sum(-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(varies, 1 - seen * counts.sum((-3, -2)) / by_chance, np.nan)


def ordinal_alpha(counts: np.ndarray) -> np.ndarray:
    r"""Krippendorff's alpha for ordinal ratings of two coders, none missing.

    Parameters
    ----------
    counts
        As in :func:`quadratic_kappa`.

    Returns
    -------
    numpy.ndarray
        Shape (..., resamples), as :func:`alpha_of_coincidences` gives it.
    """
    return alpha_of_coincidences(counts + np.swapaxes(counts, -3, -2))


def alpha_of_coincidences(coincidences: np.ndarray) -> np.ndarray:
    r"""Krippendorff's alpha for ordinal ratings of any number of coders, some of which may be missing.

    :math:`\alpha = 1 - D_o / D_e`: the mean of :math:`\delta^2` over the pairs of ratings of a reply, and over all
    pairs of the N ratings that can be paired. :math:`\delta` of two categories is how many ratings lie between them,
    each of the two counting by half, which is the difference of their mean ranks among all ratings. Only the order of
    categories matters.

    Parameters
    ----------
    coincidences
        How often one of a reply's m ratings is i and another one j, in either order and each counting 1 / (m - 1),
        over the replies with at least two; shape (..., category i, category j, resamples).

    Returns
    -------
    numpy.ndarray
        Shape (..., resamples). NaN where all ratings are the same, and without any.
    """
    ratings = coincidences.sum(-2)
    rank = np.cumsum(ratings, -2) - ratings / 2
    size = ratings.sum(-2)
    # Each pair of a reply is among the coincidences in both orders.
    seen = (coincidences * (rank[..., :, None, :] - rank[..., None, :, :]) ** 2).sum((-3, -2)) / 2
    # The sum over all pairs of ratings, each pair once, from the spread about the mean rank, which is N / 2.
    by_chance = size * (ratings * (rank - size[..., None, :] / 2) ** 2).sum(-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((ratings > 0).sum(-2) > 1, 1 - (size - 1) * seen / by_chance, np.nan)


def gwet_ac2(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    r"""Gwet's AC2, which is AC1 when only the same rating counts as agreement.

    :math:`AC_2 = (p_a - p_e) / (1 - p_e)` with :math:`p_a = \sum_{ij} w_{ij} p_{ij}` and
    :math:`p_e = \sum_{ij} w_{ij} \sum_i \pi_i (1 - \pi_i) / (q (q - 1))`.

    Parameters
    ----------
    counts
        As in :func:`quadratic_kappa`; every category that could have been given has its place, given or not.
    weights
        How far two categories agree (0-1), as :func:`quadratic_weights` and :func:`ordinal_weights` give them.

    Returns
    -------
    numpy.ndarray
        Shape (..., resamples). NaN without ratings.
    """
    categories = len(weights)
    size = counts.sum((-3, -2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (counts.sum(-2) + counts.sum(-3)) / (2 * size[..., None, :])
        seen = np.einsum("...ijs,ij->...s", counts, weights) / size
    by_chance = weights.sum() / (categories * (categories - 1)) * (share * (1 - share)).sum(-2)
    return (seen - by_chance) / (1 - by_chance)


def quadratic_weights(values: np.ndarray) -> np.ndarray:
    """Give agreement by squared difference: 1 - (i - j)^2 / (largest - smallest)^2."""
    return 1 - np.subtract.outer(values, values) ** 2 / np.ptp(values) ** 2


def ordinal_weights(categories: int) -> np.ndarray:
    """Give agreement by order alone: 1 - m (m + 1) / (q (q - 1)), for two categories m places apart of q in all."""
    apart = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))
    return 1 - apart * (apart + 1) / (categories * (categories - 1))


def _category(ratings: pd.Series, scale: Scale) -> pd.Series:
    """Round ratings half up to points of the scale, or as far beyond its ends as they lie."""
    return scale.low + np.floor((ratings - scale.low) / scale.step + 0.5) * scale.step


def _measures(counts: np.ndarray, values: np.ndarray, scale: Scale) -> np.ndarray:
    """Give every one of ``MEASURES``, shape (measure, ..., resamples)."""
    apart = np.abs(np.subtract.outer(values, values))
    size = counts.sum((-3, -2))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [
            np.einsum("...ijs,ij->...s", counts, chosen.astype(float)) / size
            for chosen in (
                apart == 0,
                apart <= scale.step,
                np.broadcast_to(scale.top(values)[:, None], apart.shape),
                np.broadcast_to(scale.top(values), apart.shape),
            )
        ]
    return np.stack(
        [
            quadratic_kappa(counts, values),
            ordinal_alpha(counts),
            gwet_ac2(counts, quadratic_weights(values)),
            gwet_ac2(counts, ordinal_weights(len(values))),
            *shares,
        ]
    )
