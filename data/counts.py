"""Ratings as counts of (human, judge) pairs: the one table that every analysis starts from.

Counts add up. With clusters of one conversation the table holds every single pair; with blocks of conversations it is
small enough to bundle, and every mean, bias, mean square and coefficient computed from it is the same.
"""

import hashlib
from typing import Literal

import numpy as np
import pandas as pd

from data.mentalalign import HUMAN
from data.released.release import Release

RatingPolicy = Literal["as-released", "valid"]

COLUMNS = [
    "judge",
    "model",
    "attribute",
    "cluster",
    "different",
    "human",
    "human_recovered",
    "rating",
    "recovered",
    "n",
]


def count_pairs(release: Release, *, block: int = 1) -> pd.DataFrame:
    """Count the pairs of ratings that experts and judges gave to the same reply.

    Parameters
    ----------
    release
        The ratings and the conversations that differ between files.
    block
        How many conversations make one cluster. Blocks are drawn by lot (the same each time), so that intervals over
        blocks come near to those over single conversations. Neighbours in the file were rated more alike than others:
        blocks of neighbours would widen intervals of bias two to four times, and blocks at equal distances narrow them.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: how many replies (``n``) of a ``cluster`` got the expert rating ``human`` and the judge's
        ``rating``, each NaN where there is none, told apart by whether either was recovered and whether the
        conversation is ``different`` between the files.
    """
    ratings = release.ratings
    raters = list(ratings["rater"].cat.categories)
    per_rater = len(ratings) // len(raters)
    by_rater = {
        rater: ratings.iloc[start : start + per_rater]
        for rater, start in zip(raters, range(0, len(ratings), per_rater), strict=True)
    }
    human = by_rater.pop(HUMAN)
    numbers, place = np.unique(human["conversation"], return_inverse=True)
    different = np.isin(numbers, list(release.different))[place]
    judges = list(by_rater)
    counts = pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(np.repeat(np.arange(len(judges)), per_rater), judges),
            "model": _repeat(human["model"], len(judges)),
            "attribute": _repeat(human["attribute"], len(judges)),
            "cluster": np.tile(_clusters(numbers, block)[place], len(judges)),
            "different": np.tile(different, len(judges)),
            "human": np.tile(human["rating"].to_numpy(), len(judges)),
            "human_recovered": np.tile(human["recovered"].to_numpy(), len(judges)),
            "rating": np.concatenate([by_rater[judge]["rating"].to_numpy() for judge in judges]),
            "recovered": np.concatenate([by_rater[judge]["recovered"].to_numpy() for judge in judges]),
            "n": np.ones(per_rater * len(judges), dtype=np.int32),
        }
    )
    if block == 1:
        return counts
    keys = COLUMNS[:-1]
    return counts.groupby(keys, observed=True, dropna=False, sort=True)["n"].sum().reset_index().astype({"n": "int32"})


def _clusters(numbers: np.ndarray, block: int) -> np.ndarray:
    """Give each conversation its cluster; the lot of a conversation is a hash of its number."""
    if block == 1:
        return np.arange(len(numbers), dtype=np.int32)
    lots = [hashlib.sha256(str(number).encode()).hexdigest() for number in numbers]
    rank = np.empty(len(numbers), dtype=np.int32)
    rank[np.argsort(lots)] = np.arange(len(numbers), dtype=np.int32)
    return rank // block


def _repeat(column: pd.Series, times: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.tile(column.cat.codes, times), dtype=column.dtype)


def under_policy(ratings: np.ndarray, recovered: np.ndarray, policy: RatingPolicy) -> np.ndarray:
    """Set to NaN the ratings that do not count under a policy.

    ``as-released`` keeps every number that strict JSON gives, 0 and 6 too. ``valid`` keeps whole numbers from 1 to 5,
    those recovered from malformed cells among them.
    """
    counts = ~recovered if policy == "as-released" else np.isin(ratings, (1, 2, 3, 4, 5))
    return np.where(counts, ratings, np.nan)
