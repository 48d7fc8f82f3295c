r"""Length: how a judge's ratings move with the length of a reply, against the experts'.

For each judge and attribute, with :math:`x = \log_2(words)` of a reply i by system s,

.. math::
    judge_i - experts_i = \alpha_s + \beta x_i + \varepsilon_i, \qquad
    \hat\beta = \frac{\sum_i \tilde x_i \tilde y_i}{\sum_i \tilde x_i^2}

by least squares, a tilde being the deviation from the mean over the system's replies. :math:`\beta` is in points of the
scale for each doubling of the length. Every system has a level of its own (fixed effects), so that it is the slope
within systems: a system that writes long replies and that the judge likes for other reasons adds nothing to it. Since
it is linear in the ratings, it is the judge's own slope less the experts'.

Replies to one message are alike, so the errors are clustered by conversation: with
:math:`u_g = \sum_{i \in g} \tilde x_i \hat\varepsilon_i` over the replies of conversation g, N replies, G conversations
and K coefficients (one for each system, and the slope), the variance is CR1 (linearised, with the usual correction),

.. math::
    \widehat{Var}(\hat\beta) = \frac{G}{G - 1} \cdot \frac{N - 1}{N - K} \cdot
    \frac{\sum_g u_g^2}{\left(\sum_i \tilde x_i^2\right)^2}

and intervals and p-values are Student's t with G - 1 degrees of freedom. A slope is no effect of length alone: longer
replies may say more, and be better. What experts make of that is in their slope, which is why it is subtracted.

References
----------
Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika, 73(1),
13-22.
Cameron, A. C., & Miller, D. L. (2015). A practitioner's guide to cluster-robust inference. Journal of Human Resources,
50(2), 317-372.
Dubois, Y., Galambosi, B., Liang, P., & Hashimoto, T. B. (2024). Length-controlled AlpacaEval: A simple way to debias
automatic evaluators. Conference on Language Modeling.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analysis.column import Estimate, Unit, names
from analysis.evidence.lengths import QUARTILES, WORDS
from analysis.inference import multiplicity
from analysis.ratings.columns import CELL, MODEL_COLUMN, N_CONVERSATIONS, N_PAIRS, P_ADJUSTED, P
from analysis.ratings.settings import CONFIDENCE
from data.study import ALL_SYSTEMS

_DOUBLING: Unit = "points for each doubling"
_INTERVAL = "clustered_slope"
_SLOPES = (
    Estimate.of("length_slope", "Slope", "length_slope", "+.2f", _DOUBLING, ends=_INTERVAL),
    Estimate.of(
        "human_length_slope",
        "Experts' own slope",
        "own_length_slope",
        "+.2f",
        _DOUBLING,
        ends=_INTERVAL,
        short="Experts'",
    ),
    Estimate.of(
        "judge_length_slope",
        "Judge's own slope",
        "own_length_slope",
        "+.2f",
        _DOUBLING,
        ends=_INTERVAL,
        short="Judge's",
    ),
)
DECLARED = (
    *CELL,
    MODEL_COLUMN,
    N_PAIRS,
    N_CONVERSATIONS,
    *WORDS,
    *_SLOPES[0],
    P,
    P_ADJUSTED,
    *_SLOPES[1],
    *_SLOPES[2],
)
COLUMNS = names(DECLARED)
_FIGURES = [column.name for slope in _SLOPES for column in slope] + [P.name]
_AXES = ("judge", "attribute", "model")
# A slope on fewer replies, or errors from fewer conversations, would say more about these than about the judge.
FEWEST_LENGTHS, FEWEST_CONVERSATIONS = 30, 10


class _Fit(NamedTuple):
    """Slopes of several outcomes on one length, with their errors, and the degrees of freedom."""

    slope: np.ndarray
    error: np.ndarray
    df: int


def length_bias_table(frame: pd.DataFrame, lengths: pd.DataFrame) -> pd.DataFrame:
    """Compute the slope of judge minus experts on the length of a reply, of every judge and attribute.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, with clusters of one conversation.
    lengths
        ``cluster, model, words``: the words of each reply whose length is known, one row each. Replies without a
        length, or without a word, are left out.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: for each judge and attribute a row over all models (``model`` is ``ALL_SYSTEMS``), and one for each
        model.

        - ``n_pairs``, ``n_conversations``: replies that both rated and whose length is known, and their conversations.
        - ``words_q1``, ``words_median``, ``words_q3``: quartiles of the length of these (words, above 0).
        - ``length_slope``: slope of judge minus experts, in points of the scale for each doubling of the length; over
          all models within models.
        - ``human_length_slope``, ``judge_length_slope``: the same of the experts' ratings and of the judge's;
          ``length_slope`` is the judge's less the experts'.
        - ``..._low``, ``..._high``: ends of their 95% intervals, clustered by conversation.
        - ``p``: two-sided, of ``length_slope`` (0-1); ``p_adjusted`` is Holm's, with the rows over all models as one
          family and the rows of single models as another.

        Slopes are NaN with fewer than ``FEWEST_LENGTHS`` replies or ``FEWEST_CONVERSATIONS`` conversations, and where
        no model's replies differ in length. ``p`` is NaN also where nothing varies about a slope of zero.
    """
    rows = _with_words(frame, lengths)
    words, human, judge = (rows[name].to_numpy(dtype=float) for name in ("words", "human", "rating"))
    ratings = np.stack([judge - human, human, judge])
    model, cluster = (rows[name].astype("category").cat.codes.to_numpy() for name in ("model", "cluster"))
    cells, single = (rows.groupby(list(axes), observed=True).indices for axes in (_AXES[:2], _AXES))
    places = {**{(*key, ALL_SYSTEMS): at for key, at in cells.items()}, **single}
    judges, attributes, models = (frame[name].cat.categories for name in _AXES)
    found = []
    for key in product(judges, attributes, (ALL_SYSTEMS, *models)):
        at = places.get(key, np.empty(0, dtype=int))
        described = _described(words[at], ratings[:, at], model[at], cluster[at])
        found.append({**dict(zip(_AXES, key, strict=True)), **described})
    table = pd.DataFrame(found, columns=[name for name in COLUMNS if name != P_ADJUSTED.name])
    return adjusted(table.astype(dict.fromkeys(_FIGURES, float)))[list(COLUMNS)]


def adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Adjust the p-values of the rows at hand: those over all models, and apart from them those of single models."""
    return multiplicity.adjusted(table, table["model"] == ALL_SYSTEMS)


def _with_words(frame: pd.DataFrame, lengths: pd.DataFrame) -> pd.DataFrame:
    """Give the pairs whose length is known, with it."""
    known = lengths[lengths["words"] > 0].set_index(["cluster", "model"])["words"]
    asked = pd.MultiIndex.from_arrays([frame["cluster"].to_numpy(), frame["model"].astype(object).to_numpy()])
    rows = frame.assign(words=known.reindex(asked).to_numpy())
    return rows[rows["words"].notna()]


def _described(words: np.ndarray, ratings: np.ndarray, model: np.ndarray, cluster: np.ndarray) -> dict[str, float]:
    """Give the columns of a row; ``ratings`` has a row for each of ``_SLOPES``."""
    known, cluster = np.unique(cluster, return_inverse=True)
    clusters = len(known)
    row: dict[str, float] = {"n_pairs": len(words), "n_conversations": clusters}
    row |= {name: float(np.quantile(words, at)) if len(words) else np.nan for name, at in QUARTILES.items()}
    fit = _fitted(words, ratings, model, cluster, clusters)
    if fit is None:
        return row
    half = stdtrit(fit.df, (1 + CONFIDENCE) / 2) * fit.error
    for (value, low, high), slope, reach in zip(_SLOPES, fit.slope, half, strict=True):
        row |= {value.name: slope, low.name: slope - reach, high.name: slope + reach}
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(fit.slope[0] / fit.error[0])
    return row | {"p": float(2 * stdtr(fit.df, -t))}


def _fitted(
    words: np.ndarray, ratings: np.ndarray, model: np.ndarray, cluster: np.ndarray, clusters: int
) -> _Fit | None:
    """Fit the slope within models, with CR1 errors; None where there is too little to fit it."""
    if len(words) < FEWEST_LENGTHS or clusters < FEWEST_CONVERSATIONS:
        return None
    _, first, group = np.unique(model, return_index=True, return_inverse=True)
    coefficients = len(first) + 1
    # Told by the words: deviations of equal logarithms from their mean may be a rounding away from zero.
    if len(words) <= coefficients or (words == words[first][group]).all():
        return None
    x = _within(np.log2(words)[None], group)[0]
    y = _within(ratings, group)
    square = x @ x
    slope = y @ x / square
    residuals = y - slope[:, None] * x
    scores = np.stack([np.bincount(cluster, x * each) for each in residuals])
    correction = clusters / (clusters - 1) * (len(words) - 1) / (len(words) - coefficients)
    return _Fit(slope, np.sqrt(correction * (scores**2).sum(-1)) / square, clusters - 1)


def _within(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Subtract from each row of values the means of its groups."""
    n = np.bincount(group)
    return np.stack([each - (np.bincount(group, each) / n)[group] for each in values])
