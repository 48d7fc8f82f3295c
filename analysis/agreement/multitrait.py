r"""Halo and discriminant validity: whether several attributes mean several things.

A rater with a halo rates a reply by its general impression: alike on all attributes. Three figures show it, each on the
replies that both the experts and the judge rated on every attribute, so that both are asked of the same replies:

- the share of replies that get the same rating on all attributes,
- the mean of the correlations between two attributes of the same rater (heterotrait-monomethod),
- the share of variance of a first general factor, :math:`\lambda_1 / k`: the largest eigenvalue of the correlation
  matrix over the number of attributes. Where all correlations are r, it is :math:`(1 + (k - 1) r) / k`.

The matrix of all correlations, of the attributes of both raters, is Campbell & Fiske's multitrait-multimethod matrix.
An attribute a of a judge is valid in so far as it correlates with the same attribute of the experts (validity
diagonal, :math:`r_{aa}`); it is told apart from the others in so far as it does so better than anything else does:

- than the judge's a with another attribute of the experts: else the judge's a is as well their other attribute;
- than any heterotrait-heteromethod correlation in its row and column, Campbell & Fiske's second criterion;
- than any heterotrait-monomethod correlation of a, of the judge's or of the experts', their third.

Correlations are Pearson's, over single replies of all models together. Nothing here corrects for how reliably the
experts rate: an attribute that they rate less reliably correlates less with everything, whatever the judge does.

References
----------
Campbell, D. T., & Fiske, D. W. (1959). Convergent and discriminant validation by the multitrait-multimethod matrix.
Psychological Bulletin, 56(2), 81-105.
Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics, 24(4), 295-300.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.column import Column, Ends, Estimate, Unit, names
from analysis.inference.bootstrap import Interval, percentile_interval, resample
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_share
from analysis.ratings.columns import CELL, JUDGE_COLUMN
from analysis.ratings.excluded import excluded_models
from analysis.ratings.needs import NeedsAttributesError, NeedsWholeRepliesError
from analysis.ratings.pairs import rated_clusters
from analysis.ratings.settings import CONFIDENCE, Selection, Settings
from data.moments import COUNTS, FLAGS, moment_names
from data.study import HUMAN, Study

# With two attributes there is one correlation, and a general factor is nothing but that.
FEWEST_ATTRIBUTES = 3
# A variance that is no larger than this part of the mean square is nothing but rounding.
_ROUNDING = 1e-12
YES, NO, UNDECIDED = "yes", "no", "undecided"
# The parts of the matrix: the judge's attributes with the experts', and the attributes of either rater.
BETWEEN, WITHIN_JUDGE, WITHIN_EXPERTS = "between", "judge", HUMAN


def _correlation(name: str, label: str, term: str, *, note: str = "") -> Estimate:
    return Estimate.of(name, label, term, ".2f", "-1 to 1", ends="bootstrap", note=note)


def _margin_over(name: str, label: str) -> Estimate:
    return Estimate.of(name, label, name, "+.2f", "as the coefficient", ends="margin_interval")


def _of_both(stem: str, label: str, form: str, unit: Unit, *, ends: str, between: str) -> tuple[Column, ...]:
    """Declare a figure of the experts, the same of the judge, and how much larger the judge's is."""
    experts, judge = (
        Estimate.of(f"{stem}_{rater}", f"{label}, {whose}", stem, form, unit, ends=ends)
        for rater, whose in (("human", "experts"), ("judge", "judge"))
    )
    more = f"{stem}_difference"
    note = "The judge's less the experts'."
    difference = Column.estimate(more, f"{label}, difference", stem, "+.2f", "as the figure", note=note)
    return (*experts, *judge, difference, *Ends.of(difference, more, difference.label, between))


N_REPLIES = Column.count("n_whole", "Replies", "n_whole")
_VALIDITY = _correlation("validity", "Own correlation", "validity")
_OTHER = Column.text("other_attribute", "Best other attribute", "other_attribute", note="Of the experts.")
_OTHER_R = _correlation("other_r", "Best other's correlation", "other_attribute")
DISCRIMINATION = _margin_over("discrimination", "Own less best other")
_HETEROMETHOD = _margin_over("heteromethod", "Own less others between raters")
_MONOMETHOD = _margin_over("monomethod", "Own less others within a rater")
_TOLD_APART = Column.verdict("told_apart", "Told apart", "told_apart", note=f"`{YES}`, `{NO}` or `{UNDECIDED}`.")
_CRITERIA = Column.verdict(
    "campbell_fiske", "Campbell & Fiske", "campbell_fiske", note=f"`{YES}`, `{NO}` or `{UNDECIDED}`."
)
OF_ATTRIBUTE = (
    *CELL,
    N_REPLIES,
    *_VALIDITY,
    _OTHER,
    *_OTHER_R,
    *DISCRIMINATION,
    _TOLD_APART,
    *_HETEROMETHOD,
    *_MONOMETHOD,
    _CRITERIA,
)
# Of a judge and not of an attribute: the same in each of its rows.
OF_JUDGE = (
    *_of_both("same", "Same rating on all", ".0%", "0 to 1", ends="clustered_share", between="clustered"),
    *_of_both("mean_r", "Mean correlation of attributes", ".2f", "-1 to 1", ends="bootstrap", between="bootstrap"),
    *_of_both("factor", "General factor", ".0%", "0 to 1", ends="bootstrap", between="bootstrap"),
)
DECLARED = (*OF_ATTRIBUTE, *OF_JUDGE)
COLUMNS = names(DECLARED)
# Of the matrix, which only pages show.
_PART = Column.key("part", "Correlation of", "multitrait", note="`between`, `judge` or `human`.")
_R = _correlation("r", "Correlation", "multitrait")
MATRIX = (*CELL, _PART, _OTHER, *_R)


def halo_table(
    study: Study, counts: pd.DataFrame, moments: pd.DataFrame | None, settings: Settings, selection: Selection
) -> pd.DataFrame:
    """Compute how alike each judge and the experts rate different attributes, and which ones the judge tells apart.

    Parameters
    ----------
    study
        Names the attributes; figures are over all of them.
    counts
        As :func:`data.counts.count_pairs` gives them, for the clusters that are drawn from.
    moments
        As :func:`data.moments.sum_moments` gives them.
    settings
        Rating policy, rows whose context differs, excluded models, resamples and seed.
    selection
        Judges and models; attributes choose no ratings here.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute of the study:

        - ``n_whole``: replies that both the experts and the judge rated on every attribute.
        - ``validity``: r of the judge's attribute with the same of the experts (-1 to 1).
        - ``other_attribute``, ``other_r``: the other attribute of the experts that the judge's correlates best with.
        - ``discrimination``: ``validity - other_r``; ``heteromethod`` and ``monomethod``: ``validity`` less the largest
          of the other correlations in its row and column, and of those with other attributes within either rater.
        - ``told_apart``: ``yes`` where the interval of ``discrimination`` lies above zero, ``no`` where below.
        - ``campbell_fiske``: ``yes`` where those of ``validity``, ``heteromethod`` and ``monomethod`` all lie above
          zero, ``no`` where one lies below.
        - ``same_...`` (0-1), ``mean_r_...`` (-1 to 1), ``factor_...`` (1/k to 1): see the module, for ``human``,
          ``judge``, and the ``difference`` judge less human. They are the judge's and repeat in each of its rows.
        - ``..._low``, ``..._high``: ends of 95% intervals over clusters. Of shares with the same rating
          :func:`analysis.inference.clustering.clustered_share`, of their difference the clustered interval of a mean;
          of all else the percentile bootstrap, and of margins as :func:`margin` makes it. NaN with fewer than two
          clusters.

        A correlation with an attribute that is rated alike throughout is NaN; so are then the rater's mean correlation
        and its general factor. A margin is over what is defined.

    Raises
    ------
    NeedsAttributesError
        The study has fewer than ``FEWEST_ATTRIBUTES``.
    NeedsWholeRepliesError
        There are no such sums.
    """
    attributes = list(study.attribute_names)
    tables = [
        pd.DataFrame({"judge": judge, "attribute": attributes, **_of_attributes(found, attributes), **_of_judge(found)})
        for judge, found in _judged(study, counts, moments, settings, selection)
    ]
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)] if tables else pd.DataFrame(columns=list(COLUMNS))


def multitrait_matrix(
    study: Study, counts: pd.DataFrame, moments: pd.DataFrame | None, settings: Settings, selection: Selection
) -> pd.DataFrame:
    """Compute the multitrait-multimethod matrix of each judge and the experts; arguments as for :func:`halo_table`.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, part, other_attribute, r, r_low, r_high``, one row for each correlation. ``part`` is
        ``between`` (``attribute`` of the judge, ``other_attribute`` of the experts: the validity diagonal where they
        are the same), ``judge`` or ``human`` (two attributes of that rater, each pair in both orders).
    """
    names_of = np.array(study.attribute_names)
    k = len(names_of)
    first, second = (place.ravel() for place in np.indices((k, k)))
    # The judge's attributes stand after the experts'.
    parts = {BETWEEN: (k, 0), WITHIN_JUDGE: (k, k), WITHIN_EXPERTS: (0, 0)}
    tables = []
    for judge, found in _judged(study, counts, moments, settings, selection):
        low, high = found.interval(np.moveaxis(found.drawn, 0, -1))
        for part, (down, across) in parts.items():
            kept = np.ones(k * k, dtype=bool) if part == BETWEEN else first != second
            row, column = first[kept], second[kept]
            at = (row + down, column + across)
            tables.append(
                pd.DataFrame(
                    {
                        "judge": judge,
                        "attribute": names_of[row],
                        "part": part,
                        "other_attribute": names_of[column],
                        "r": found.matrix[at],
                        "r_low": low[at],
                        "r_high": high[at],
                    }
                )
            )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(names(MATRIX)))


def of_judges(table: pd.DataFrame) -> pd.DataFrame:
    """Return what :func:`halo_table` says of judges and not of attributes: one row for each judge."""
    kept = [JUDGE_COLUMN.name, N_REPLIES.name, *names(OF_JUDGE)]
    return table.drop_duplicates("judge")[kept].reset_index(drop=True)


def correlation_matrix(sums: np.ndarray, ratings: int) -> np.ndarray:
    """Compute correlations of ratings from their sums.

    Parameters
    ----------
    sums
        The number of replies, the sum of each rating and of each product of two, in the order of
        :func:`data.moments.moment_names`; shape (sums, resamples).
    ratings
        How many ratings a reply has.

    Returns
    -------
    numpy.ndarray
        Shape (resamples, ratings, ratings), one matrix for each resample; NaN with a rating that does not vary.
    """
    n, first, products = np.split(sums, [1, 1 + ratings])
    row, column = np.triu_indices(ratings)
    alike = row == column
    covariance = n * products - first[row] * first[column]
    varies = covariance[alike] > _ROUNDING * n * products[alike]
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.where(varies, covariance[alike], np.nan))
    found = np.clip(covariance / (spread[row] * spread[column]), -1, 1)
    matrix = np.empty((sums.shape[1], ratings, ratings))
    matrix[:, row, column] = matrix[:, column, row] = found.T
    return matrix


def general_factor(matrix: np.ndarray) -> np.ndarray:
    """Compute the share of variance of the first principal component of correlation matrices (last two axes).

    It is the largest eigenvalue over their sum, which is the number of attributes; NaN where one is undefined.
    """
    undefined = np.isnan(matrix).any((-2, -1))
    width = matrix.shape[-1]
    largest = np.linalg.eigvalsh(np.where(undefined[..., None, None], np.eye(width), matrix))[..., -1]
    return np.where(undefined, np.nan, largest / width)


def mean_correlation(matrix: np.ndarray) -> np.ndarray:
    """Compute the mean of the correlations of two attributes (last two axes); NaN where one is undefined."""
    row, column = np.triu_indices(matrix.shape[-1], 1)
    return matrix[..., row, column].mean(-1)


def margin(own: np.ndarray, others: np.ndarray, clusters: int) -> tuple[np.ndarray, Interval]:
    """Compute by how much a correlation exceeds the largest of others, with an interval that minds the choice.

    The margin is the least of the differences :math:`d_j = own - other_j`. Its lower end is the least of the lower ends
    of the :math:`d_j`, each of a 95% interval: a claim that all exceed zero needs each to do so, and no correction
    (intersection-union; Berger 1982). Its upper end is the least of the upper ends, each of an interval with the error
    divided by the number of others (Bonferroni): the largest of several would else look larger than it is.

    Parameters
    ----------
    own
        The correlation as found, then of each resample: shape (attributes, 1 + resamples).
    others
        What it is compared with: shape (attributes, others, 1 + resamples). Those that are NaN as found do not count.
    clusters
        How many clusters stand behind them; no interval with fewer than two.

    Returns
    -------
    tuple
        Margins and their intervals, by attribute.
    """
    differences = np.where(np.isnan(others[..., :1]), np.nan, own[:, None] - others)
    drawn = differences[..., 1:]
    (low, _), _ = percentile_interval(drawn, discard_outside=False)
    (_, high), _ = percentile_interval(drawn, discard_outside=False, confidence=1 - (1 - CONFIDENCE) / others.shape[1])
    value, low, high = (_least(each) for each in (differences[..., 0], low, high))
    return value, _known(clusters, Interval(low, high))


def _least(values: np.ndarray) -> np.ndarray:
    """Return the least of what is defined along the last axis; NaN where nothing is."""
    least = np.where(np.isnan(values), np.inf, values).min(-1)
    return np.where(np.isinf(least), np.nan, least)


def _known(clusters: int, interval: Interval) -> Interval:
    """Return an interval, NaN with fewer than two clusters."""
    return interval if clusters >= 2 else Interval(*(np.full_like(end, np.nan) for end in interval))


class _Judged(NamedTuple):
    """What is known of a judge and the experts together.

    ``n``, ``same_human`` and ``same_judge`` are numbers of replies by cluster; ``matrix`` holds the correlations of the
    experts' attributes and then the judge's, ``drawn`` the same of each resample of clusters, which is its first axis.
    """

    n: np.ndarray
    same_human: np.ndarray
    same_judge: np.ndarray
    matrix: np.ndarray
    drawn: np.ndarray

    @property
    def clusters(self) -> int:
        return int((self.n > 0).sum())

    def interval(self, values: np.ndarray) -> Interval:
        """Return the percentile interval of a figure of each resample, which are on the last axis."""
        interval, _ = percentile_interval(values, discard_outside=False)
        return _known(self.clusters, interval)


def _of_attributes(found: _Judged, attributes: list[str]) -> dict[str, object]:
    """Compute the columns of a judge that differ by attribute."""
    k = len(attributes)
    # As found, then of each resample, on the last axis.
    every = np.moveaxis(np.concatenate([found.matrix[None], found.drawn]), 0, -1)
    experts, judge, between = every[:k, :k], every[k:, k:], every[k:, :k]
    here = np.arange(k)
    # The places of the other attributes, for each.
    others = np.array([np.delete(here, a) for a in here])
    each = here[:, None]
    own, row, column = between[here, here], between[each, others], between[others, each]
    within = np.concatenate([judge[each, others], experts[each, others]], axis=1)
    defined = ~np.isnan(row[..., 0])
    best = np.where(defined, row[..., 0], -np.inf).argmax(1)
    of_best = row[here, best]
    made: dict[str, object] = {
        "n_whole": int(found.n.sum()),
        **_with_ends("validity", own[:, 0], found.interval(own[:, 1:])),
        "other_attribute": [attributes[others[a, best[a]]] if defined[a].any() else None for a in here],
        **_with_ends("other_r", of_best[:, 0], found.interval(of_best[:, 1:])),
        **_with_ends("discrimination", *margin(own, row, found.clusters)),
        **_with_ends("heteromethod", *margin(own, np.concatenate([row, column], axis=1), found.clusters)),
        **_with_ends("monomethod", *margin(own, within, found.clusters)),
    }
    made["told_apart"] = _read(made, "discrimination")
    made["campbell_fiske"] = _read(made, "validity", "heteromethod", "monomethod")
    return made


def _of_judge(found: _Judged) -> dict[str, object]:
    """Compute the columns that all attributes of a judge share."""
    n, human, judge = found.n, found.same_human, found.same_judge
    more = np.asarray((judge - human).sum() / n.sum() if n.any() else np.nan)
    deviations = clustered_deviations(judge - human, n)
    made = {
        **_with_ends("same_human", *clustered_share(human, n)),
        **_with_ends("same_judge", *clustered_share(judge, n)),
        **_with_ends("same_difference", more, clustered_interval(more, deviations, np.asarray(found.clusters))),
    }
    k = len(found.matrix) // 2
    for name, figure in (("mean_r", mean_correlation), ("factor", general_factor)):
        # As found, then of each resample.
        experts, of_judge = (
            np.append(figure(found.matrix[half, half]), figure(found.drawn[:, half, half]))
            for half in (slice(0, k), slice(k, None))
        )
        for rater, values in (("human", experts), ("judge", of_judge), ("difference", of_judge - experts)):
            made |= _with_ends(f"{name}_{rater}", values[0], found.interval(values[1:]))
    return made


def _with_ends(name: str, value: object, interval: tuple[object, object]) -> dict[str, object]:
    low, high = interval
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _read(made: dict[str, object], *estimates: str) -> list[str | None]:
    """Read intervals: ``yes`` where all lie above zero, ``no`` where one lies below, ``undecided`` otherwise."""
    low, high = (np.array([made[f"{name}_{end}"] for name in estimates], dtype=float) for end in ("low", "high"))
    readings = np.select([(high < 0).any(0), (low > 0).all(0)], [NO, YES], UNDECIDED)
    return [None if unknown else str(each) for each, unknown in zip(readings, np.isnan(low).any(0), strict=True)]


def _judged(
    study: Study, counts: pd.DataFrame, moments: pd.DataFrame | None, settings: Settings, selection: Selection
) -> Iterator[tuple[str, _Judged]]:
    """Correlate what counts of each judge, as found and of each resample.

    Every cluster with a rating of the experts is drawn from, whichever judges there are.
    """
    k = len(study.attributes)
    if k < FEWEST_ATTRIBUTES:
        raise NeedsAttributesError(FEWEST_ATTRIBUTES, k)
    if moments is None:
        raise NeedsWholeRepliesError
    left_out = {"different": settings.contexts == "left-out", "repeated": settings.repeated == "left-out"}
    kept = moments["policy"].isin(["both", settings.ratings]).to_numpy()
    for flag in FLAGS:
        kept = kept & ~(left_out[flag] & moments[flag].to_numpy())
    clusters = rated_clusters(counts)
    for judge in selection.judges:
        models = set(selection.models) - excluded_models(study, judge, settings)
        chosen = moments[kept & (moments["judge"] == judge).to_numpy() & moments["model"].isin(models).to_numpy()]
        place = np.searchsorted(clusters, chosen["cluster"].to_numpy())
        n, same_human, same_judge, *rest = (
            np.bincount(place, chosen[name].to_numpy(), len(clusters)) for name in (*COUNTS, *moment_names(k))
        )
        sums = np.stack([n, *rest])
        drawn = resample(partial(_weighted, sums), len(clusters), settings.resamples, settings.seed)
        matrix = correlation_matrix(sums.sum(1, keepdims=True), 2 * k)[0]
        yield judge, _Judged(n, same_human, same_judge, matrix, correlation_matrix(drawn, 2 * k))


def _weighted(sums: np.ndarray, times: np.ndarray) -> np.ndarray:
    return sums @ times.T
