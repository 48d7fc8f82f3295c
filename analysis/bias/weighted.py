r"""Means, bias and false reassurance of replies that were drawn with unequal probabilities.

Where replies were drawn to be rated, each with an inclusion probability :math:`\pi_i` of its own, a plain mean is of
the sample. With weights :math:`w_i = 1 / \pi_i` the mean of all replies that could be drawn is estimated by (Hajek)

.. math::
    \hat\mu = \frac{\sum_i w_i y_i}{\sum_i w_i}

of the experts' ratings, of judge minus experts, and of false reassurance, where only replies that the experts rate
poor count. Standard errors come from the items' deviations :math:`\sum_{i \in g} w_i (y_i - \hat\mu) / \sum w`
(linearisation), as if items were drawn with replacement: after drawing in strata, or much of what there is, intervals
are rather too wide. That of a share is Wilson's, with the effective sample size. Weights that differ much cost: Kish's
effective number is :math:`(\sum w)^2 / \sum w^2`.

Where the judge rated all replies that could be drawn, the experts' mean of all is better known from its mean of all and
the weighted bias (difference estimator, :math:`\bar{f}_{all} - \hat\mu_{f - y}`).

References
----------
Horvitz, D. G., & Thompson, D. J. (1952). A generalization of sampling without replacement from a finite universe.
Journal of the American Statistical Association, 47(260), 663-685.
Särndal, C.-E., Swensson, B., & Wretman, J. (1992). Model Assisted Survey Sampling, chapters 5 and 6. Springer.
Kish, L. (1965). Survey Sampling. Wiley.
"""

from functools import partial

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_share
from analysis.ratings.columns import CELL, N_PAIRS
from analysis.ratings.needs import FEWEST_REPLIES, NeedsProbabilitiesError
from analysis.ratings.pairs import add_up
from analysis.ratings.settings import Settings
from data.ratings import Ratings

_MEAN = Estimate.of(
    "weighted_mean", "Experts' mean, weighted", "weighted_mean", ".2f", "on the scale", ends="clustered"
)
_BIAS = Estimate.of("weighted_bias", "Bias, weighted", "weighted_bias", "+.2f", "points of the scale", ends="clustered")
_REASSURED = Estimate.of(
    "weighted_reassurance",
    "False reassurance, weighted",
    "weighted_reassurance",
    ".0%",
    "0 to 1",
    ends="clustered_share",
    note=f"Undefined on fewer than {FEWEST_REPLIES} replies that the experts rate poor.",
)
_DIFFERENCE = Estimate.of(
    "difference_mean",
    "Experts' mean of all",
    "difference_mean",
    ".2f",
    "on the scale",
    ends="clustered",
    note="Undefined where the judge rated no further replies.",
)
DECLARED = (
    *CELL,
    N_PAIRS,
    Column.count("n_effective", "Worth of, drawn alike", "n_effective"),
    Column.estimate("unweighted_bias", "Bias of the sample", "bias", "+.2f", "points of the scale"),
    *_BIAS,
    *_MEAN,
    Column.count("weighted_n_low", "Poor replies", "n_low"),
    *_REASSURED,
    Column.count("n_alone", "Judge alone", "n_alone"),
    *_DIFFERENCE,
)
COLUMNS = names(DECLARED)
_AXES = ("judge", "attribute")


def weights_of(frame: pd.DataFrame, ratings: Ratings | None) -> pd.Series:
    """Return the weight of each pair of ratings, NaN where the probability of its reply is not known.

    Raises
    ------
    NeedsProbabilitiesError
        The study does not say with which probability a reply was drawn.
    """
    if ratings is None or ratings.probabilities is None:
        raise NeedsProbabilitiesError
    known = ratings.probabilities
    # A cluster is the place of a conversation.
    place = pd.Index(ratings.conversations).get_indexer(known["conversation"])
    of_reply = pd.Series(1 / known["probability"].to_numpy(), index=[place, known["model"].astype(str)])
    keys = pd.MultiIndex.from_arrays([frame["cluster"].astype(int), frame["model"].astype(str)])
    return pd.Series(of_reply.reindex(keys).to_numpy(), index=frame.index)


def weighted_table(paired: pd.DataFrame, weights: pd.Series, alone: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute what all replies that could be drawn would give, for every judge and attribute.

    Parameters
    ----------
    paired
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    weights
        As :func:`weights_of` gives them; pairs without one are left out.
    alone
        Ratings of replies that the experts did not rate, as :func:`analysis.ratings.pairs.judged_alone` gives them.
    settings
        ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute; ends are of 95% intervals clustered by item, NaN with fewer
        than two items.

        - ``n_pairs``, ``n_effective``: pairs with a weight, and how many drawn alike would tell as much.
        - ``unweighted_bias``: of the sample as it is.
        - ``weighted_bias``, ``weighted_mean``: judge minus experts, and the experts' mean.
        - ``weighted_n_low``, ``weighted_reassurance``: replies that the experts rate ``low`` or less, and the weighted
          share of them that the judge rates ``high`` or more (0-1).
        - ``n_alone``, ``difference_mean``: replies that the judge alone rated, and the difference estimate.
    """
    known = weights.notna()
    frame, w = paired[known], weights[known].to_numpy()
    n, human, judge = (frame[name].to_numpy(dtype=float) for name in ("n", "human", "rating"))
    poor = human <= settings.low
    count, size, squares, gap, of_gap, of_human, low, low_squares, low_n, both = add_up(
        frame,
        _AXES,
        [
            partial(np.asarray, value)
            for value in (
                n,
                w,
                w**2,
                judge - human,
                w * (judge - human),
                w * human,
                w * poor,
                w**2 * poor,
                1.0 * poor,
                w * (poor & (judge >= settings.high)),
            )
        ],
    )
    clusters = (count > 0).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        total, pairs_of = size.sum(-1), count.sum(-1)
        bias, mean = of_gap.sum(-1) / total, of_human.sum(-1) / total
        effective, plain = total**2 / squares.sum(-1), gap.sum(-1) / pairs_of
        # Weights that add up to how many replies drawn alike would tell as much.
        scale = (low.sum(-1) / low_squares.sum(-1))[..., None]
    bias_ends = clustered_interval(bias, clustered_deviations(of_gap, size), clusters)
    mean_ends = clustered_interval(mean, clustered_deviations(of_human, size), clusters)
    share, interval = clustered_share(both * scale, low * scale)
    enough = low_n.sum(-1) >= FEWEST_REPLIES
    further, everything = _of_all(paired, alone)
    difference = np.stack([everything - each for each in (bias, bias_ends[1], bias_ends[0])])
    columns = {
        "n_pairs": pairs_of.astype(int),
        "n_effective": effective,
        "unweighted_bias": plain,
        **_named("weighted_bias", bias, *bias_ends),
        **_named("weighted_mean", mean, *mean_ends),
        "weighted_n_low": low_n.sum(-1).astype(int),
        **_named("weighted_reassurance", *(np.where(enough, each, np.nan) for each in (share, *interval))),
        "n_alone": further.astype(int),
        **_named("difference_mean", *np.where(further > 0, difference, np.nan)),
    }
    keys = [list(paired[axis].cat.categories) for axis in _AXES]
    table = pd.MultiIndex.from_product(keys, names=_AXES).to_frame(index=False)
    return table.assign(**{name: values.ravel() for name, values in columns.items()})[list(COLUMNS)]


def _of_all(paired: pd.DataFrame, alone: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Count the replies that the judge alone rated, and return its mean rating of these and of the pairs."""
    (n, its), (n_alone, its_alone) = (
        add_up(each, _AXES, (each["n"].to_numpy, (each["n"] * each["rating"]).to_numpy)).sum(-1)
        for each in (paired, alone)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return n_alone, (its + its_alone) / (n + n_alone)


def _named(name: str, value: np.ndarray, low: np.ndarray, high: np.ndarray) -> dict[str, np.ndarray]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}
