"""A panel of judges: the ratings of its members combined into one rating of each reply."""

import numpy as np
import pandas as pd

from analysis.ratings.needs import NeedsConversationsError
from data.study import PANEL, Rule


def combined(rows: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Combine the members' ratings of each reply.

    Parameters
    ----------
    rows
        Ratings of the members that count, ``judge, model, attribute, cluster, n, human, rating``, a cluster being one
        conversation. What a member does not rate, or is not compared on, has no row.
    rule
        ``mean`` and ``median`` can lie between whole numbers. ``majority`` is the most frequent rating; of ratings
        that are as frequent, the lowest, so that a split panel errs on the side of caution.

    Returns
    -------
    pandas.DataFrame
        The same columns, one row for each reply that any member rates; ``judge`` is the panel.

    Raises
    ------
    NeedsConversationsError
        A cluster holds more than one reply of a model, so that it cannot be told which ratings are of the same reply.
    """
    judges, models, attributes = (rows[name].cat.categories for name in ("judge", "model", "attribute"))
    known = rows["cluster"].astype("category").cat
    cluster = known.codes.to_numpy(np.int64)
    shape = (len(models), len(attributes), len(known.categories))
    judge, model, attribute = (rows[name].cat.codes.to_numpy(np.int64) for name in ("judge", "model", "attribute"))
    reply = np.ravel_multi_index((model, attribute, cluster), shape)
    each = np.bincount(reply * len(judges) + judge, rows["n"])
    if each.max(initial=0) > 1:
        raise NeedsConversationsError
    ratings = np.full((len(judges), np.prod(shape, dtype=int)), np.nan)
    ratings[judge, reply] = rows["rating"]
    human = np.full(ratings.shape[1], np.nan)
    human[reply] = rows["human"]
    rated = np.flatnonzero(~np.isnan(ratings).all(0))
    model, attribute, cluster = np.unravel_index(rated, shape)
    return pd.DataFrame(
        {
            "judge": pd.Categorical([PANEL[rule]] * len(rated), [PANEL[rule]]),
            "model": pd.Categorical.from_codes(model, models),
            "attribute": pd.Categorical.from_codes(attribute, attributes),
            "cluster": pd.Series(pd.Categorical.from_codes(cluster, known.categories)).astype(rows["cluster"].dtype),
            "n": np.ones(len(rated), dtype=rows["n"].dtype),
            "human": human[rated],
            "rating": _RULES[rule](ratings[:, rated]),
        }
    )


def _mean(ratings: np.ndarray) -> np.ndarray:
    return np.nansum(ratings, axis=0) / (~np.isnan(ratings)).sum(0)


def _median(ratings: np.ndarray) -> np.ndarray:
    ordered, known = np.sort(ratings, axis=0), (~np.isnan(ratings)).sum(0)
    below, above = (np.take_along_axis(ordered, at[None], 0)[0] for at in ((known - 1) // 2, known // 2))
    return (below + above) / 2


def _majority(ratings: np.ndarray) -> np.ndarray:
    times = (ratings[:, None] == ratings[None]).sum(1)
    return np.where(times == times.max(0), ratings, np.inf).min(0)


_RULES = {"mean": _mean, "median": _median, "majority": _majority}
