"""Intraclass correlations of every judge with the experts, with intervals and bands.

ICC(C,1), consistency, asks whether the judge orders targets as the experts do and forgives a constant shift; ICC(A,1),
absolute agreement, asks whether it gives the same values. Formulas: :mod:`analysis.agreement.anova`.
"""

import numpy as np
import pandas as pd

from analysis.agreement import bands
from analysis.agreement.anova import coefficients, exact_f, squares_of_models, squares_of_replies
from analysis.agreement.icc_resamples import over_both, over_clusters, over_models
from analysis.column import Column, Estimate, names
from analysis.inference import bootstrap
from analysis.inference.bootstrap import Interval
from analysis.ratings.columns import CELL, N_PAIRS, SCORE_COLUMN
from analysis.ratings.pairs import Sums, sums
from analysis.ratings.settings import Settings

LEVEL = Column.key("level", "Level", "level", note="`model` or `response`.")
# Told apart by it: the same coefficients with several kinds of interval.
INTERVAL = Column.key("interval", "Interval", "interval")
N_TARGETS = Column.count("n_targets", "Targets", "n_targets")
_UNDEFINED = "Undefined with fewer than two targets, and where nothing varies."
ICC_C1 = Estimate.of("icc_c1", "ICC(C,1)", "icc_c1", ".2f", "up to 1", ends="interval", short="C", note=_UNDEFINED)
ICC_A1 = Estimate.of("icc_a1", "ICC(A,1)", "icc_a1", ".2f", "up to 1", ends="interval", short="A", note=_UNDEFINED)
DECLARED = (
    *CELL,
    SCORE_COLUMN,
    LEVEL,
    N_TARGETS,
    N_PAIRS,
    *ICC_C1,
    *ICC_A1,
    Column.estimate("ci_width", "Width (C)", "ci_width", ".2f", "as the coefficient"),
    Column.verdict(
        "reading",
        "Reading (C)",
        "reading",
        note="The tier of the paper by the width (`GR`, `MR`, `PR`), or Koo & Li's bands over the interval (`poor` to "
        "`excellent`).",
    ),
)
COLUMNS = names(DECLARED)
DETAILS = (
    Column.verdict("reading_a1", "Reading (A)", "reading_a1"),
    Column.estimate("discarded", "Not used", "discarded", ".0%", "0 to 1"),
    INTERVAL,
)


# The ends of a 95% interval are the 3rd value from either side of 100; of fewer resamples nothing is read.
FEWEST_RESAMPLES = 100


def icc_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """ICC(C,1) and ICC(A,1) of every judge and attribute with intervals and a reading.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
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
    return icc_of(sums(frame), settings)


def icc_of(total: Sums, settings: Settings) -> pd.DataFrame:
    """Make the table of :func:`icc_table` from sums; a model whose sums are all zero is not there."""
    by_model = total.moments.sum(-1)
    squares = squares_of_models(by_model) if settings.level == "model" else squares_of_replies(by_model.sum(-1))
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
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": [total.attributes[i] for i in attribute],
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
    table["reading"] = bands.read(table["icc_c1_low"], table["icc_c1_high"], settings.readings)
    table["reading_a1"] = bands.read(table["icc_a1_low"], table["icc_a1_high"], "koo-li")
    table["discarded"] = discarded.ravel()
    return table


def _bootstrap(total: Sums, settings: Settings) -> tuple[tuple[Interval, Interval], np.ndarray]:
    """Percentile intervals of both coefficients, and the share of resamples that were not used."""
    pairs_of = total.moments[0]
    # Of two models a resample is the sample itself or one model alone, which says nothing of the error.
    models, clusters = (pairs_of.sum(-1) > 0).sum(-1) >= 3, (pairs_of.sum(-2) > 0).sum(-1) >= 2
    values, enough = {
        "bootstrap-models": (over_models, models),
        "bootstrap-conversations": (over_clusters, clusters),
        "bootstrap-both": (over_both, models & clusters),
    }[settings.interval]
    (c1, _), (a1, unused) = (
        bootstrap.percentile_interval(np.where(enough[..., None], drawn, np.nan), settings.discard == "outside-0-1")
        for drawn in values(total.moments, settings)
    )
    # Both have the same sign, so what ICC(A,1) can use of the resamples, ICC(C,1) can use too.
    return (c1, a1), unused
