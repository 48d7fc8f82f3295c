"""Counts of (experts', judge's) pairs of a lazy table of ratings: written once, for every engine."""

import operator
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from data.counting.long import Bring, collected, melted, on_scale
from data.counts import COLUMNS, added_up, clusters_of, in_order
from data.errors import ReleaseError
from data.study import Study

_REPLY = ["item", "system", "attribute"]
_PAIR = ["human", "human_valid", "rating"]
_CELL = ["judge", "system", "attribute", "cluster"]


def count_long(
    ratings: nw.LazyFrame[Any], study: Study, items: Sequence[str], bring: Bring, *, blocks: int
) -> pd.DataFrame:
    """Count pairs of ratings, as :func:`data.counts.count_pairs` does it for ratings in memory.

    Ratings are laid side by side for each reply and attribute, which makes the reference and the pairs of every judge
    at once. What no rater rated is never laid out: it is what is left of the items of a block.

    Parameters
    ----------
    ratings
        :data:`data.counting.long.LONG`.
    study
        Names the experts and everything that is in the ratings.
    items
        Each of them once.
    bring
        Makes a table of the engine's own.
    blocks
        How many clusters the items make.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``; messages and whole replies are not looked at, so that no row is marked different, repeated or
        partial.

    Raises
    ------
    ReleaseError
        A rater rated a reply twice on an attribute.
    """
    clusters = clusters_of(items, blocks)
    lots = pa.table({"item": pa.array(items, pa.string()), "cluster": pa.array(clusters, pa.int32())})
    columns = {judge: column for judge, column in _columns(study).items() if judge in study.judge_keys}
    located = _side_by_side(ratings, study).join(nw.from_native(bring(lots)).lazy(), on="item", how="inner")
    pairs = melted(located.drop("item"), columns, ("judge", "rating"), bring)
    added = pairs.group_by(*_CELL, *_PAIR).agg(nw.len().alias("n"), nw.col("again").sum())
    counted = collected(added).to_pandas().astype({"n": "int64", "again": "int64"})
    _refuse_repeated(counted, study)
    sizes = np.bincount(clusters, minlength=blocks)
    return _as_counts(pd.concat([counted, _unrated(counted, study, sizes)], ignore_index=True), study)


def _columns(study: Study) -> dict[str, str]:
    """Return the column that each rater has beside the others; engines read more into some keys, as a dot in them."""
    return {rater: f"rater_{place}" for place, rater in enumerate((*study.experts, *study.judge_keys))}


def _side_by_side(ratings: nw.LazyFrame[Any], study: Study) -> nw.LazyFrame[Any]:
    """Return one row for each reply and attribute: the reference, each judge's rating, and how many are repeated."""
    columns = _columns(study)
    apart = ratings.with_columns(
        nw.when(nw.col("rater") == rater).then(nw.col("rating")).alias(column) for rater, column in columns.items()
    )
    replies = apart.group_by(*_REPLY).agg(
        nw.col("rating").count().alias("given"), *(nw.col(column).max() for column in columns.values())
    )
    experts = [columns[expert] for expert in study.experts]
    valid = {expert: f"valid_{expert}" for expert in experts}
    return replies.with_columns(
        on_scale(nw.col(expert), study.scale).alias(column) for expert, column in valid.items()
    ).select(
        *_REPLY,
        *(columns[judge] for judge in study.judge_keys),
        _mean(experts).alias("human"),
        _mean(valid.values()).alias("human_valid"),
        (nw.col("given") - _known(columns.values())).alias("again"),
    )


def _mean(columns: Iterable[str]) -> nw.Expr:
    """Return the mean of what is known, added in the order of columns, so that engines agree to the last bit."""
    known = _known(columns)
    total = reduce(operator.add, (nw.col(column).fill_null(0.0) for column in columns))
    return total / nw.when(known > 0).then(known)


def _known(columns: Iterable[str]) -> nw.Expr:
    return reduce(operator.add, ((~nw.col(column).is_null()).cast(nw.Int64) for column in columns))


def _refuse_repeated(counted: pd.DataFrame, study: Study) -> None:
    # Each judge's rows have all that was given for their replies.
    again = int(counted.loc[counted["judge"] == study.judge_keys[0], "again"].sum())
    if again:
        raise ReleaseError(
            f"{again:,} ratings are given again: the same rater rates the same {study.item.one}, system and "
            "attribute more than once, and nothing tells which rating holds; leave one of them"
        )


def _unrated(counted: pd.DataFrame, study: Study, sizes: np.ndarray) -> pd.DataFrame:
    """Count the replies that neither the experts nor the judge rated: the items of a block without those counted."""
    cells = pd.MultiIndex.from_product(
        [study.judge_keys, study.system_keys, study.attribute_names, range(len(sizes))], names=_CELL
    )
    there = counted.groupby(_CELL)["n"].sum().reindex(cells, fill_value=0)
    lacking = sizes[cells.get_level_values("cluster")] - there
    return lacking[lacking > 0].rename("n").reset_index()


def _as_counts(counted: pd.DataFrame, study: Study) -> pd.DataFrame:
    named = counted.rename(columns={"system": "model"}).astype({"cluster": "int32", **dict.fromkeys(_PAIR, "float64")})
    rating = named["rating"]
    flags = dict.fromkeys(("different", "repeated", "partial"), False)
    complete = named.assign(rating_valid=rating.where(study.scale.holds(rating.to_numpy())), **flags)
    return added_up(in_order(complete[COLUMNS], study))
