"""What a lazy table of ratings holds, told before it is counted: who rated what, and what is wrong with it."""

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pandas as pd

from data.counting.long import NAMES, collected
from data.data_errors import ErrorCount, told_of
from data.errors import ReleaseError
from data.own.wording import some
from data.ratings import MOST_OUTSIDE
from data.study import HUMAN, Scale, Study

# More kinds of rows than raters, systems, attributes and points of a scale make; each of them has a few.
MOST_KINDS = 5_000_000

_NAMED = list(NAMES[1:])


def survey(ratings: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count the rows of a table by everything but their items.

    Parameters
    ----------
    ratings
        :data:`data.counting.long.LONG`.

    Returns
    -------
    pandas.DataFrame
        ``file, rater, system, attribute, rating`` and whether a rating was ``written``; the number of rows (``n``) and
        how many of them lack an item (``nameless``). Sorted by rater, system, attribute and file, since a large table
        has no order of its own.

    Raises
    ------
    ReleaseError
        There are nearly as many different ratings as rows.
    """
    by = [*_NAMED, "file", "rating", "written"]
    marked = ratings.with_columns(nw.col("item").is_null().cast(nw.Int64).alias("nameless"))
    counted = marked.group_by(*by).agg(nw.len().alias("n"), nw.col("nameless").sum())
    found = collected(counted.head(MOST_KINDS)).to_pandas().astype({"n": "int64", "nameless": "int64"})
    if len(found) == MOST_KINDS:
        raise ReleaseError(
            f"{MOST_KINDS:,} or more different rows of rater, system, attribute and rating; a scale has few points, "
            "and raters, systems and attributes are few too: look whether the columns hold what their names say"
        )
    return found.sort_values(by, ignore_index=True)


def named(found: pd.DataFrame) -> pd.DataFrame:
    """Return what a survey found in rows that say who rated what."""
    there = found[found[_NAMED].notna().all(axis=1)]
    return there.assign(n=there["n"] - there["nameless"])


def name_problems(found: pd.DataFrame) -> Iterator[str]:
    """Say which files have ratings that lack a name."""
    lacking = found["n"].where(found[_NAMED].isna().any(axis=1), found["nameless"])
    for file, n in lacking[found["written"]].groupby(found["file"]).sum().items():
        if n:
            yield f"{file}: {n:,} ratings lack their {', '.join(NAMES[:-1])} or {NAMES[-1]}; fill the cells"


def number_problems(rows: pd.DataFrame, scale: Scale) -> Iterator[str]:
    """Say which raters have more than one in 20 ratings that are no numbers."""
    for rater, mine in rows[rows["written"]].groupby("rater"):
        texts = mine.loc[mine["rating"].isna(), "n"].sum()
        if texts > MOST_OUTSIDE * mine["n"].sum():
            yield (
                f"{some(sorted(set(mine['file'])))}, rater {rater}: {texts:,} of {mine['n'].sum():,} ratings are no "
                f"numbers; allowed are {scale.points}, and an empty cell where there is no rating"
            )


def data_errors(rows: pd.DataFrame, study: Study) -> tuple[ErrorCount, ...]:
    """Count the errors of each file by rater and kind; a rating off the scale is left out of valid ones."""
    off = rows["rating"].notna() & ~study.scale.holds(rows["rating"].to_numpy())
    rater = rows["rater"].map(dict.fromkeys(study.experts, HUMAN)).fillna(rows["rater"])
    zero = off & (rater == HUMAN) & (rows["rating"] == 0)
    kinds = {
        "empty": ~rows["written"],
        "no-number": rows["written"] & rows["rating"].isna(),
        "zero": zero,
        "off-scale": off & ~zero,
    }
    by_kind = rows.assign(rater=rater)[["file", "rater", "n"]]
    wrong = pd.concat(by_kind[there].assign(kind=kind) for kind, there in kinds.items())
    counted = wrong.groupby(["file", "rater", "kind"])["n"].sum().reset_index()
    return told_of(counted.assign(n_fixed=counted["n"].where(counted["kind"].isin(("zero", "off-scale")), 0)))
