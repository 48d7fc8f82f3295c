r"""How far a judge scores above the experts: bias, mean squared error and their parts.

With the difference :math:`d = judge - human` over pairs, bias is the mean of d, and
:math:`MSE = \overline{d^2} = bias^2 + Var(d)`. Both are in points of the rating scale (MSE in its square).
"""

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.ratings.columns import CELL, MODEL_COLUMN, N_PAIRS, RATER_COLUMN, SCORE_COLUMN, SHARE, N
from analysis.ratings.pairs import Sums, sums

HUMAN_MEAN = Column.estimate("human_mean", "Experts' mean", "human_mean", ".2f", "on the scale")
JUDGE_MEAN = Column.estimate("judge_mean", "Judge's mean", "judge_mean", ".2f", "on the scale")
BIAS = Estimate.of("bias", "Bias", "bias", "+.2f", "points of the scale", ends="clustered")
MSE = Estimate.of("mse", "MSE", "mse", ".2f", "squared points of the scale", ends="resampled")
RMSE = Column.estimate("rmse", "RMSE", "rmse", ".2f", "points of the scale")
DECLARED = (*CELL, SCORE_COLUMN, N_PAIRS, HUMAN_MEAN, JUDGE_MEAN, *BIAS, MSE.value, RMSE)
COLUMNS = names(DECLARED)
# Of the same on each model's replies, and of how often each rating was given.
DETAILS = (MODEL_COLUMN, RATER_COLUMN, Column.key("rating", "Rating", "rating", "g"), N, SHARE)


def inflation_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Bias and error of every judge and attribute.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute. Means are over pairs, every reply counting once. The interval
        of bias has 95% confidence and is clustered by conversation, or by the blocks of conversations that the source
        gives. NaN without pairs; the interval is NaN with a single cluster.

    Notes
    -----
    The interval takes conversations for independent. In the release the experts' ratings are alike in conversations
    that stand near each other in the file (correlation 0.5 between neighbours, 0.1 at a distance of 100; the judges'
    0.1 and 0), as if experts took turns. What differs between experts is therefore not in the interval: clustered by
    100 neighbours it would be three to ten times as wide.
    """
    total = sums(frame)
    return _table(total, total.moments.sum(-2), model=None)


def inflation_by_model(frame: pd.DataFrame) -> pd.DataFrame:
    """Bias and error on each model's replies: ``COLUMNS`` with ``model`` after ``attribute``."""
    total = sums(frame)
    return _table(total, total.moments, model=total.models)


def rating_distribution(frame: pd.DataFrame) -> pd.DataFrame:
    """How often the experts and each judge gave each rating, over the same replies.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, rater, rating, n, share``; ``rater`` is ``human`` or ``judge``; ``share`` (0-1) is of the
        pairs of that judge and attribute. Ratings that nobody gave do not appear.
    """
    keys = ["judge", "attribute"]
    sides = [
        frame.groupby([*keys, column], observed=True)["n"]
        .sum()
        .rename_axis([*keys, "rating"])
        .reset_index()
        .assign(rater=rater)
        for rater, column in (("human", "human"), ("judge", "rating"))
    ]
    counts = pd.concat(sides, ignore_index=True)
    counts["share"] = counts["n"] / counts.groupby([*keys, "rater"], observed=True)["n"].transform("sum")
    return counts[[*keys, "rater", "rating", "n", "share"]].astype({"judge": str, "attribute": str})


def _table(total: Sums, values: np.ndarray, model: tuple[str, ...] | None) -> pd.DataFrame:
    n, human, judge, human_squared, judge_squared, product = values
    size = n.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        human_mean, judge_mean = human.sum(-1) / size, judge.sum(-1) / size
        # Ratings that are no whole numbers leave rounding, which must not fall below zero where raters agree.
        mse = np.maximum((human_squared + judge_squared - 2 * product).sum(-1), 0) / size
    bias = judge_mean - human_mean
    low, high = clustered_interval(bias, clustered_deviations(judge - human, n), (n > 0).sum(-1))
    places = [axis.ravel() for axis in np.indices(bias.shape)]
    return pd.DataFrame(
        {
            "judge": [total.judges[i] for i in places[0]],
            "attribute": [total.attributes[i] for i in places[1]],
            **({"model": [model[i] for i in places[2]]} if model else {}),
            "n_pairs": size.astype(int).ravel(),
            "human_mean": human_mean.ravel(),
            "judge_mean": judge_mean.ravel(),
            "bias": bias.ravel(),
            "bias_low": low.ravel(),
            "bias_high": high.ravel(),
            "mse": mse.ravel(),
            "rmse": np.sqrt(mse).ravel(),
        }
    )
