r"""How many conversations experts would have to rate to know a figure of a judge as closely as one wishes.

The width of an interval over conversations falls with the root of their number, so that from the width with n of them

.. math::
    needed = n \left(\frac{width_n}{wished}\right)^2

That the law holds is shown by drawing m conversations with replacement from those that were rated, for a handful of m.
An interval over models does not follow it: more conversations bring no further models.

References
----------
Efron, B., & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapters 6 and 25. Chapman & Hall.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, exact_f, squares_of_models, squares_of_replies
from analysis.agreement.icc_resamples import over_clusters
from analysis.column import Column, Unit, names
from analysis.inference.bootstrap import percentile_interval, resample
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.ratings.columns import CELL, CONVERSATIONS_TRIED, N_CONVERSATIONS, N_MODELS
from analysis.ratings.pairs import Sums, sums
from analysis.ratings.settings import Settings

# What each is called in a heading, and what its width is measured in.
_MEASURED: dict[str, tuple[str, Unit]] = {
    "bias": ("bias", "points of the scale"),
    "icc_a1": ("ICC(A,1) of replies", "as the coefficient"),
    "icc_c1": ("ICC(C,1) of models", "as the coefficient"),
}
STATISTICS = tuple(_MEASURED)
DECLARED = (
    *CELL,
    N_MODELS,
    N_CONVERSATIONS,
    *(
        column
        for name, (called, unit) in _MEASURED.items()
        for column in (
            Column.estimate(f"{name}_width", f"Width, {called}", "width", ".3f", unit),
            Column.count(
                f"{name}_needed", f"Needed, {called}", "needed", note="From the command line for a width of 0.1."
            ),
        )
    ),
    Column.estimate("models_width", "Width over models", "models_width", ".2f", "as the coefficient"),
)
COLUMNS = names(DECLARED)
# Of the widths that other numbers of conversations give.
DETAILS = (
    Column.key("statistic", "Figure", "statistic"),
    CONVERSATIONS_TRIED,
    Column.estimate("width", "Width, drawn", "width", ".3f", "as the figure"),
    Column.estimate("law", "Width by the law", "law", ".3f", "as the figure"),
)

WISHED_WIDTH = 0.1
# What is drawn, as a share of the conversations that there are.
_SHARES = (0.1, 0.2, 0.5, 1.0, 2.0)


def planning_table(frame: pd.DataFrame, settings: Settings, wished: float = WISHED_WIDTH) -> pd.DataFrame:
    """Widths of three intervals, and how many conversations would bring each to a wished width.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Resamples and seed.
    wished
        The whole width that is wished, upper end minus lower end: 0.1 is plus or minus 0.05.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute. ``n_models`` and ``n_conversations`` count models and
        conversations with a pair. Widths are of 95% intervals over conversations, models fixed: ``bias_width`` in
        points of the rating scale, as in the inflation table; ``icc_a1_width`` of ICC(A,1) at response level and
        ``icc_c1_width`` of ICC(C,1) at model level, as in the ICC table resampled over conversations. The ``needed``
        are whole conversations, each with replies of all the judge's models. ``models_width`` is that of the exact F
        interval of ICC(C,1) at model level, which conversations do not narrow. NaN where there is no interval.

    Notes
    -----
    From blocks of conversations, ``n_conversations`` adds up the most replies of one model in each block, and widths
    are those over blocks. The numbers take further conversations for rated as these were, by the same experts, and
    conversations for independent, which the experts' ratings in the release are not
    (:func:`analysis.bias.inflation.inflation_table`).
    """
    total = sums(frame)
    clusters = total.moments.shape[-1]
    widths = {"bias": _bias_width(total), **_icc_widths(total, settings, clusters)}
    of_models, _ = exact_f(squares_of_models(total.moments.sum(-1)))
    judge, attribute = (axis.ravel() for axis in np.indices(widths["bias"].shape))
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": [total.attributes[i] for i in attribute],
            "n_models": (total.moments[0].sum(-1) > 0).sum(-1).ravel(),
            "n_conversations": _conversations(total).astype(int).ravel(),
            **{f"{name}_width": widths[name].ravel() for name in STATISTICS},
            "models_width": (of_models.high - of_models.low).ravel(),
        }
    )
    return with_needed(table, wished)


def with_needed(table: pd.DataFrame, wished: float) -> pd.DataFrame:
    """Give a planning table for another wished width."""
    needed = {
        f"{name}_needed": np.ceil(table["n_conversations"] * (table[f"{name}_width"] / wished) ** 2).clip(lower=1)
        for name in STATISTICS
    }
    return table.assign(**needed)[list(COLUMNS)]


def drawn_widths(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Widths of intervals with fewer and with more conversations, drawn from those that were rated.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, statistic, conversations, width, law``: for each of ``STATISTICS`` and each number of
        conversations, the width of the percentile interval of as many drawn with replacement (on the snapshot whole
        blocks of them), and the width that the law of the root gives from that of all conversations. No rows of a cell
        with fewer than two to draw from.
    """
    total = sums(frame)
    clusters = total.moments.shape[-1]
    conversations = _conversations(total)
    sizes = sorted({max(2, round(share * clusters)) for share in _SHARES})
    enough = (total.moments[0].sum(-2) > 0).sum(-1) >= 2
    all_of_them = _every_width(total, settings, clusters)
    judge, attribute = np.nonzero(enough)
    rows = []
    for size in sizes if enough.any() else []:
        widths = all_of_them if size == clusters else _every_width(total, settings, size)
        rows += [
            pd.DataFrame(
                {
                    "judge": [total.judges[i] for i in judge],
                    "attribute": [total.attributes[i] for i in attribute],
                    "statistic": name,
                    "conversations": np.rint(conversations * size / clusters)[enough],
                    "width": widths[name][enough],
                    "law": all_of_them[name][enough] * np.sqrt(clusters / size),
                }
            )
            for name in STATISTICS
        ]
    columns = ["judge", "attribute", "statistic", "conversations", "width", "law"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def _conversations(total: Sums) -> np.ndarray:
    """Count the conversations of each cell: in a cluster, as many as its most rated model has replies."""
    return total.moments[0].max(-2, initial=0).sum(-1)


def _bias_width(total: Sums) -> np.ndarray:
    n, human, judge = total.moments[:3].sum(-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = (judge - human).sum(-1) / n.sum(-1)
    low, high = clustered_interval(bias, clustered_deviations(judge - human, n), (n > 0).sum(-1))
    return high - low


def _every_width(total: Sums, settings: Settings, size: int) -> dict[str, np.ndarray]:
    """Width of each statistic's percentile interval with ``size`` clusters drawn."""
    by_cluster = total.moments[:3].sum(-2)

    def bias(weights: np.ndarray) -> np.ndarray:
        n, human, judge = np.tensordot(by_cluster, weights, (-1, -1))
        with np.errstate(divide="ignore", invalid="ignore"):
            return (judge - human) / n

    drawn = resample(bias, by_cluster.shape[-1], settings.resamples, settings.seed, size)
    return {"bias": _width(drawn, by_cluster[0]), **_icc_widths(total, settings, size)}


def _icc_widths(total: Sums, settings: Settings, size: int) -> dict[str, np.ndarray]:
    by_cluster = total.moments[0].sum(-2)
    replies = over_clusters(total.moments, replace(settings, level="response"), size)
    models = over_clusters(total.moments, replace(settings, level="model"), size)
    of_replies = coefficients(squares_of_replies(total.moments.sum((-1, -2))))[1]
    of_models = coefficients(squares_of_models(total.moments.sum(-1)))[0]
    return {
        "icc_a1": np.where(np.isnan(of_replies), np.nan, _width(replies[1], by_cluster)),
        "icc_c1": np.where(np.isnan(of_models), np.nan, _width(models[0], by_cluster)),
    }


def _width(drawn: np.ndarray, by_cluster: np.ndarray) -> np.ndarray:
    enough = (by_cluster > 0).sum(-1) >= 2
    interval, _ = percentile_interval(np.where(enough[..., None], drawn, np.nan), discard_outside=False)
    return interval.high - interval.low
