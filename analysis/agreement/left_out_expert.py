"""Judges beside single experts: each expert is left out in turn, and both are compared with the mean of the others.

A judge that is compared with the mean of all experts, and an expert who is compared with the mean of the others, are
not on equal terms: the means differ, and so do the replies. Here both are compared with the same mean on the same
replies.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, squares_of_replies
from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import Interval, over_clusters
from analysis.ratings.columns import CELL, EXPERT_COLUMN
from analysis.ratings.experts import laid_out, means_of_others
from analysis.ratings.settings import Settings

N_COMPARED = Column.count("n_compared", "Replies compared", "n_compared")
_UNDEFINED = "Undefined with fewer than two replies, and where nothing varies."


def _estimate(name: str, label: str, term: str, form: str = ".2f", note: str = _UNDEFINED) -> Estimate:
    return Estimate.of(name, label, term, form, "up to 1", ends="bootstrap-conversations", note=note)


_ESTIMATES = tuple(
    Estimate(*column)
    for form, coefficient in (("c1", "ICC(C,1)"), ("a1", "ICC(A,1)"))
    for column in (
        _estimate(f"judge_{form}", f"Judge's {coefficient}", "left_out_expert"),
        _estimate(f"expert_{form}", f"Expert's {coefficient}", "left_out_expert"),
        Estimate.of(
            f"difference_{form}",
            f"Difference, {coefficient}",
            "left_out_difference",
            "+.2f",
            "as the coefficient",
            ends="bootstrap-conversations",
            note=f"`judge_{form} - expert_{form}`.",
        ),
    )
)
DECLARED = (*CELL, EXPERT_COLUMN, N_COMPARED, *(column for estimate in _ESTIMATES for column in estimate))
COLUMNS = names(DECLARED)


def columns_of(coefficient: str) -> tuple[str, str, str]:
    """Name the judge's column, the expert's and that of the difference in a coefficient (``icc_c1``, ``icc_a1``)."""
    judge, expert, difference = (coefficient.replace("icc", name) for name in ("judge", "expert", "difference"))
    return judge, expert, difference


def left_out_table(experts: pd.DataFrame, frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute how well each judge, and each expert, agrees with the mean of the other experts on single replies.

    Parameters
    ----------
    experts
        Single ratings, as :func:`analysis.ratings.experts.single_experts` gives them.
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, of single conversations.
    settings
        Resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and expert:

        - ``n_compared``: replies that the judge, this expert and at least one other rated.
        - ``judge_c1``, ``expert_c1``, ``judge_a1``, ``expert_a1``: ICC(C,1) and ICC(A,1) with the mean of the others'
          ratings (up to 1).
        - ``difference_c1``, ``difference_a1``: the judge's coefficient less the expert's (-2 to 2).
        - ``..._low``, ``..._high``: ends of their 95% percentile intervals; conversations are drawn with replacement,
          the same ones for judge and expert. NaN with fewer than two.

        Coefficients are NaN with fewer than two replies, and where nothing varies.
    """
    single, judged = laid_out(experts, "expert"), laid_out(frame, "judge")
    others = means_of_others(single)
    axes = {
        "judge": frame["judge"].cat.categories,
        "attribute": frame["attribute"].cat.categories,
        "expert": experts["expert"].cat.categories,
    }
    parts = [_of_judge(ratings, single, others, settings) for ratings in judged]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS[3:]} if parts else {}
    table = pd.MultiIndex.from_product([list(keys) for keys in axes.values()], names=list(axes)).to_frame(index=False)
    return table.assign(**columns).reindex(columns=list(COLUMNS))


def _of_judge(judge: np.ndarray, single: np.ndarray, others: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """Give the columns of one judge, of ratings of shape (attribute, cluster, model), rows by attribute and expert."""
    shared = ~(np.isnan(judge) | np.isnan(single) | np.isnan(others))
    both = np.stack([_moments(side, others, shared) for side in (np.broadcast_to(judge, single.shape), single)])
    # From (side, moment, expert, attribute, cluster) to attributes before experts.
    sums = np.swapaxes(both, 2, 3)
    values = _coefficients(sums.sum(-1, keepdims=True))[..., 0]
    clusters = np.broadcast_to(np.swapaxes(shared.any(-1).sum(-1), 0, 1), values.shape)
    ends = over_clusters(sums, _coefficients, clusters, settings)
    low, high = Interval(*(np.where(np.isnan(values), np.nan, end) for end in ends))
    found = {"n_compared": sums[0, 0].sum(-1).astype(int).ravel()}
    for place, (estimate, lower, upper) in enumerate(_ESTIMATES):
        named = {estimate.name: values, lower.name: low, upper.name: high}
        found |= {name: each[place].ravel() for name, each in named.items()}
    return found


def _moments(rated: np.ndarray, others: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Add up ratings, and the means of others, over shared replies by cluster, in the order of ``MOMENTS``."""
    reference, rating = (np.where(shared, values, 0.0) for values in (others, rated))
    parts = (shared, reference, rating, reference**2, rating**2, reference * rating)
    return np.stack([part.sum(-1, dtype=float) for part in parts])


def _coefficients(sums: np.ndarray) -> np.ndarray:
    """Give judge's, expert's and difference of ICC(C,1), then of ICC(A,1); resamples on the last axis."""
    judge, expert = (coefficients(squares_of_replies(side)) for side in sums)
    return np.stack(
        [each for mine, theirs in zip(judge, expert, strict=True) for each in (mine, theirs, mine - theirs)]
    )
