"""The tables of a folder as one lazy table of ratings, without reading more of them than their headings."""

import csv
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.counting.engines import FORMATS, Engine
from data.counting.long import long_ratings, melted
from data.errors import ReleaseError, StudyError
from data.own.layout import KEY_ROLES, Layout, exactly, is_telling, layout_problem, places_of
from data.own.reading import nothing_found
from data.ratings import Headings
from data.tables import table_files

_SEPARATORS = ",;\t"
# Keys of JSON Lines that do not stand in the first line are looked for in so many.
_LINES = 1000


@dataclass(frozen=True)
class LazyTable:
    """A file with ratings.

    Attributes
    ----------
    path, name
        Where it lies, and what it is called below the folder.
    columns
        Its headings as they stand in the file, with the role of each: ``item``, ``system`` and ``rater``, and in a long
        table ``attribute`` and ``rating``.
    attributes
        Of a wide table: the headings of the columns that may hold ratings, with the attribute of each.
    separator
        Between the cells of CSV.
    """

    path: Path
    name: str
    columns: Mapping[str, str]
    attributes: Mapping[str, str]
    separator: str = ","


def lazy_tables(folder: Path, headings: Headings) -> list[LazyTable]:
    """Find the tables of ratings below a folder by their headings.

    Raises
    ------
    StudyError
        There is none, or some lack a column.
    """
    tables: list[LazyTable] = []
    problems: list[str] = []
    for path in table_files(folder, FORMATS):
        name = path.relative_to(folder).as_posix()
        try:
            tables += _recognised(path, name, headings)
        except ReleaseError as error:
            problems.append(str(error))
    if problems or not tables:
        raise StudyError(problems or [nothing_found(folder, headings)])
    return tables


def opened(tables: Sequence[LazyTable], engine: Engine) -> nw.LazyFrame[Any]:
    """Open tables as one, :data:`data.counting.long.LONG`."""
    return nw.concat([_opened(table, engine) for table in tables])


def rating_columns(tables: Sequence[LazyTable], found: pd.DataFrame, listed: Collection[str]) -> list[LazyTable]:
    """Return the tables, wide ones with those columns only that hold ratings.

    Parameters
    ----------
    tables
        Each with every column that may hold ratings.
    found
        As :func:`data.counting.survey.survey` found them.
    listed
        Attributes that hold ratings whatever is in them; in other columns numbers have to prevail.
    """
    written = found[found["written"]]
    numbers = written["n"].where(written["rating"].notna(), -written["n"])
    balance = numbers.groupby([written["file"], written["attribute"]]).sum()
    kept = {*balance[balance >= 0].index, *((table.name, attribute) for table in tables for attribute in listed)}
    return [
        replace(table, attributes={at: name for at, name in table.attributes.items() if (table.name, name) in kept})
        for table in tables
    ]


def _opened(table: LazyTable, engine: Engine) -> nw.LazyFrame[Any]:
    # Engines read more into some headings, as a dot in them.
    places = {heading: f"place_{place}" for place, heading in enumerate(table.attributes)}
    rows = nw.from_native(engine.scan(table.path, {**table.columns, **places}, table.separator)).lazy()
    if places:
        columns = {attribute: places[heading] for heading, attribute in table.attributes.items()}
        rows = melted(_alike(rows, columns.values()), columns, ("attribute", "rating"), engine.bring)
    return long_ratings(rows.with_columns(nw.lit(table.name).alias("file")))


def _alike(wide: nw.LazyFrame[Any], columns: Collection[str]) -> nw.LazyFrame[Any]:
    """Make columns text unless all are numbers, so that they can become one."""
    types = wide.collect_schema()
    kind = nw.Float64 if all(types[name].is_numeric() for name in columns) else nw.String
    return wide.with_columns(nw.col(*columns).cast(kind))


def _recognised(path: Path, name: str, headings: Headings) -> Iterator[LazyTable]:
    """Tell what a file holds by its headings; nothing where they are not those of ratings."""
    for separator in _SEPARATORS if path.suffix.lower() == ".csv" else ",":
        raw = _headings(path, name, separator)
        if is_telling([heading.strip() for heading in raw], exactly(headings)):
            yield _table(path, name, raw, headings, separator)
            return


def _table(path: Path, name: str, raw: Sequence[str], headings: Headings, separator: str) -> LazyTable:
    names = [heading.strip() for heading in raw]
    places = places_of(names, name, exactly(headings))
    is_long = "attribute" in places or "rating" in places
    others = {} if is_long else {names[at]: at for at in range(len(names)) if names[at] and at not in places.values()}
    layout = Layout("long" if is_long else "wide", places, others)
    if problem := layout_problem(layout, names, name, headings):
        raise ReleaseError(problem)
    roles = KEY_ROLES if is_long else KEY_ROLES[:3]
    attributes = {raw[at]: attribute for attribute, at in others.items()}
    return LazyTable(path, name, {raw[places[role]]: role for role in roles}, attributes, separator)


def _headings(path: Path, name: str, separator: str) -> list[str]:
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            # A column of lists holds no ratings, nor can every engine read it as text.
            return [field.name for field in pq.read_schema(path) if not pa.types.is_nested(field.type)]
        with path.open(encoding="utf-8-sig", newline="") as file:
            if suffix == ".csv":
                return next(csv.reader(file, delimiter=separator), [])
            records = [orjson.loads(line) for line in itertools.islice(file, _LINES) if line.strip()]
            return list(dict.fromkeys(key for record in records for key in record))
    except (OSError, ValueError, TypeError, pa.ArrowException) as error:
        raise ReleaseError(f"{name} cannot be read as a {suffix} file ({str(error).splitlines()[0]})") from error
