"""A lazy table of ratings in one form, whatever its engine, its column types and its layout."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import narwhals as nw
import pyarrow as pa

from data.errors import ReleaseError
from data.own.layout import NUMBER
from data.study import ROUNDING, Scale

# Who or what a rating is of and by, in text.
NAMES = ("item", "system", "rater", "attribute")
LONG = ("file", *NAMES, "written", "rating")

# Makes a table of the engine's own out of a small one: ``spark.createDataFrame``, ``duckdb.from_arrow``, ...
Bring = Callable[[pa.Table], Any]

_A_NUMBER = rf"^(?:{NUMBER})$"


def long_ratings(ratings: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return a table of ratings with the columns and types that counting starts from.

    Parameters
    ----------
    ratings
        ``item, system, rater, attribute, rating``, one row a rating, of any types; ``file`` too where there are
        several.

    Returns
    -------
    narwhals.LazyFrame
        ``LONG``: names as text; whether a rating was ``written``; the rating as a float, null where it is missing or no
        number.

    Raises
    ------
    ReleaseError
        A column is missing, or the ratings are of a type that is no number.
    """
    types = ratings.collect_schema()
    if missing := [name for name in (*NAMES, "rating") if name not in types]:
        raise ReleaseError(f"the ratings have no column {', '.join(missing)}; their columns are {', '.join(types)}")
    file = nw.col("file") if "file" in types else nw.lit("ratings").alias("file")
    names = [_text(name, types[name]).alias(name) for name in NAMES]
    return ratings.select(file, *names, *_number(types["rating"]))


def melted(
    table: nw.LazyFrame[Any], columns: Mapping[str, str], into: tuple[str, str], bring: Bring
) -> nw.LazyFrame[Any]:
    """Lay the values of several columns out with one row each, those that are missing too.

    An engine's own way to do so may leave out missing values, as DuckDB's does.

    Parameters
    ----------
    table
        Has the columns.
    columns
        By what each is called in the result.
    into
        The column that takes what they are called, and the one that takes their values.
    bring
        Makes a table of the engine's own.
    """
    label, value = into
    each = nw.from_native(bring(pa.table({label: pa.array(list(columns), pa.string())}))).lazy()
    *others, last = columns.items()
    found = reduce(
        lambda rest, case: nw.when(nw.col(label) == case[0]).then(nw.col(case[1])).otherwise(rest),
        others,
        nw.col(last[1]),
    )
    return table.join(each, how="cross").with_columns(found.alias(value)).drop(*columns.values())


def on_scale(rating: nw.Expr, scale: Scale) -> nw.Expr:
    """Return the rating where the scale holds it, as :meth:`data.study.Scale.holds` tells it; else null."""
    steps = (rating - scale.low) / scale.step
    between = (rating >= scale.low - ROUNDING) & (rating <= scale.high + ROUNDING)
    return nw.when(between & ((steps - steps.round()).abs() < ROUNDING)).then(rating)


def collected(table: nw.LazyFrame[Any]) -> pa.Table:
    """Compute a lazy table; only small ones are."""
    return table.collect("pyarrow").to_native()


def is_plain(name: object) -> bool:
    """Whether a name is a text without spaces around it, and not empty."""
    return isinstance(name, str) and name == name.strip() != ""


def stripped(ratings: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the ratings with plain names, null where nothing is left of one."""
    return ratings.with_columns(_plain(nw.col(name)).alias(name) for name in NAMES)


def named_only(ratings: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the rows that say who rated what."""
    return ratings.filter(*(~nw.col(name).is_null() for name in NAMES))


def items_of(ratings: nw.LazyFrame[Any]) -> list[str]:
    """List the items, each once."""
    return collected(ratings.group_by("item").agg(nw.len()))["item"].to_pylist()


def _text(name: str, kind: nw.dtypes.DType) -> nw.Expr:
    column = nw.col(name)
    if kind.is_float():
        # Spreadsheets and frames with gaps hold whole numbers so: 1.0 is called 1.
        whole = column.cast(nw.Int64).cast(nw.String)
        return nw.when(column == column.floor()).then(whole).otherwise(column.cast(nw.String))
    return column.cast(nw.String)


def _plain(column: nw.Expr) -> nw.Expr:
    text = column.str.strip_chars()
    return nw.when(text != "").then(text)


def _number(kind: nw.dtypes.DType) -> tuple[nw.Expr, nw.Expr]:
    """Return whether a rating was written, and the number."""
    rating = nw.col("rating")
    if kind.is_numeric():
        number = rating.cast(nw.Float64)
        # Written by numpy, a missing rating is no null.
        found = nw.when(number.is_finite()).then(number)
        return (~found.is_null()).alias("written"), found.alias("rating")
    if kind not in (nw.String, nw.Categorical):
        raise ReleaseError(f"the column rating holds values of type {kind}; ratings are numbers")
    text = _plain(rating.cast(nw.String))
    number = nw.when(text.str.contains(_A_NUMBER)).then(text).cast(nw.Float64)
    return (~text.is_null()).alias("written"), number.alias("rating")
