"""Ratings as counts of (experts', judge's) pairs: the one table that every analysis starts from.

Counts add up. With clusters of one conversation the table holds every single pair; with blocks of conversations it is
small enough to bundle, and every mean, bias, mean square and coefficient computed from it is the same.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.ratings import Ratings
from data.study import HUMAN, Study

KEYS = ["judge", "model", "attribute", "cluster", "different", "repeated", "partial"]
# The experts' rating and the judge's under each policy.
RATED: dict[str, tuple[str, str]] = {"as-released": ("human", "rating"), "valid": ("human_valid", "rating_valid")}
COLUMNS = [*KEYS, "human", "human_valid", "rating", "rating_valid", "n"]

# How many stretches of neighbours the conversations are cut into where a figure is tried on other experts.
STRETCHES = 10
# How many blocks stand for single conversations: enough for intervals over them, few enough for any number of ratings.
BLOCKS = 50


def count_pairs(ratings: Ratings, *, blocks: int | None = None) -> pd.DataFrame:
    """Count the pairs of ratings that experts and judges gave to the same reply.

    Parameters
    ----------
    ratings
        Every rating, and the conversations that differ between files.
    blocks
        How many clusters the conversations make; each is its own unless this is given. Blocks are drawn by lot (the
        same each time), so that intervals over blocks come near to those over single conversations. Neighbours in a
        file may be rated more alike than others: blocks of neighbours would widen intervals of bias in the release two
        to four times, and blocks at equal distances narrow them.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: how many replies (``n``) of a ``cluster`` got the experts' rating ``human`` and the judge's
        ``rating`` as released, and ``human_valid`` and ``rating_valid`` under the policy ``valid``, each NaN where
        there is none; told apart by whether the conversation is ``different`` in the judge's file, whether its row in
        the experts' file is ``repeated`` from another, and whether the experts' ratings of the reply are ``partial``:
        some attributes have one as released, and others have none.
    """
    study, long = ratings.study, ratings.long
    size = len(ratings.conversations) * len(study.systems) * len(study.attributes)
    place = np.ravel_multi_index(
        tuple(long[name].cat.codes.to_numpy(np.int64) for name in ("conversation", "model", "attribute")),
        (len(ratings.conversations), len(study.systems), len(study.attributes)),
    )
    rater = long["rater"].cat.codes.to_numpy()
    raters = list(long["rater"].cat.categories)

    def of(key: str, column: str) -> np.ndarray:
        mine = rater == raters.index(key)
        found = np.full(size, np.nan)
        found[place[mine]] = long[column].to_numpy()[mine]
        return found

    judges = list(study.judge_keys)
    conversation, model, attribute = (
        axis.ravel() for axis in np.indices((len(ratings.conversations), len(study.systems), len(study.attributes)))
    )
    different = np.array(
        [[each in left_out for each in ratings.conversations] for left_out in map(ratings.different, judges)],
        dtype=bool,
    ).reshape(len(judges), len(ratings.conversations))
    repeated = pd.Index(ratings.conversations).isin(ratings.repeats["conversation"])
    human = of(HUMAN, "as_released")
    missing = np.isnan(human).reshape(-1, len(study.attributes))
    partial = np.repeat(missing.any(1) & ~missing.all(1), len(study.attributes))
    counts = pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(np.repeat(np.arange(len(judges)), size), judges),
            "model": _tiled(model, study.system_keys, len(judges)),
            "attribute": _tiled(attribute, study.attribute_names, len(judges)),
            "cluster": np.tile(clusters_of(ratings.conversations, blocks)[conversation], len(judges)),
            "different": different[:, conversation].ravel(),
            "repeated": np.tile(repeated[conversation], len(judges)),
            "partial": np.tile(partial, len(judges)),
            "human": np.tile(human, len(judges)),
            "human_valid": np.tile(of(HUMAN, "valid"), len(judges)),
            "rating": np.ravel([of(judge, "as_released") for judge in judges]),
            "rating_valid": np.ravel([of(judge, "valid") for judge in judges]),
            "n": np.ones(size * len(judges), dtype=np.int32),
        }
    )
    return counts if blocks is None else added_up(counts)


def in_stretches(counts: pd.DataFrame, conversations: int) -> pd.DataFrame:
    """Count pairs of single conversations by stretches of neighbours instead: ``STRETCHES`` in the order of the files.

    What changes along the files, as experts who take turns, shows between stretches and never between blocks.
    """
    stretch = counts["cluster"].to_numpy(np.int64) * STRETCHES // max(conversations, STRETCHES)
    return added_up(counts.assign(cluster=stretch.astype(np.int32)))


def added_up(counts: pd.DataFrame) -> pd.DataFrame:
    """Add up rows of counts that are alike in everything but ``n``, in order."""
    keys = COLUMNS[:-1]
    return counts.groupby(keys, observed=True, dropna=False, sort=True)["n"].sum().reset_index().astype({"n": "int32"})


def in_order(counts: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Make the judges, models and attributes of counts categories in the order of the study."""
    orders = {"judge": study.judge_keys, "model": study.system_keys, "attribute": study.attribute_names}
    return counts.assign(**{name: pd.Categorical(counts[name], list(keys)) for name, keys in orders.items()})


def clusters_of(conversations: Sequence[object], blocks: int | None) -> np.ndarray:
    """Return the cluster of each conversation; its lot among blocks is a hash of what it is called."""
    if blocks is None:
        return np.arange(len(conversations), dtype=np.int32)
    lots = [hashlib.sha256(str(name).encode()).hexdigest() for name in conversations]
    rank = np.empty(len(conversations), dtype=np.int64)
    rank[np.argsort(lots)] = np.arange(len(conversations))
    return (rank * blocks // max(len(conversations), blocks)).astype(np.int32)


def _tiled(codes: np.ndarray, names: Sequence[str], times: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.tile(codes, times), list(names))
