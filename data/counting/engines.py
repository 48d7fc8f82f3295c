"""The engines that count: how each reads a file as a lazy table, and takes a small table in.

An engine's library is imported where the engine is asked for; none but PyArrow needs to be installed.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from narwhals.exceptions import NarwhalsError

from data.counting.long import Bring
from data.errors import ReleaseError
from data.own import FILE
from data.tables import READERS, table_files

# What every engine reads; a workbook it does not.
FORMATS = (".parquet", ".csv", ".jsonl")

# A file, the columns to read with what they are to be called, and what separates the cells of a CSV file. Cells of CSV
# and JSON Lines are read as text: an item called 007 is not the number 7.
Scan = Callable[[Path, Mapping[str, str], str], Any]


@dataclass(frozen=True)
class Engine:
    """An engine that is ready.

    Attributes
    ----------
    name
        One of ``ENGINES``.
    scan
        Opens a file as a table of the engine's own.
    bring
        Makes a table of the engine's own out of a small one.
    errors
        What the engine raises where a file cannot be read.
    """

    name: str
    scan: Scan
    bring: Bring
    errors: tuple[type[Exception], ...]


def is_countable(folder: Path) -> bool:
    """Whether an engine can count a folder: an own study without any workbook."""
    others = set(READERS).difference(FORMATS)
    return (folder / FILE).is_file() and not table_files(folder, others)


def engine_of(name: str | None = None) -> Engine:
    """Return an engine; the first of ``ENGINES`` that is installed unless one is named, PySpark never among them.

    Raises
    ------
    ReleaseError
        There is no such engine, or it is not installed.
    """
    if name is None:
        name = next(each for each in ENGINES if each != "pyspark" and find_spec(each))
    if name not in ENGINES:
        raise ReleaseError(f"no engine {name}; known are {', '.join(ENGINES)}")
    if find_spec(name) is None:
        raise ReleaseError(f"the engine {name} is not installed; install it with: pip install {name}")
    return ENGINES[name]()


def _duckdb() -> Engine:
    import duckdb

    # What does not fit into memory goes to the system's folder for such files, not beside the reader's.
    connection = duckdb.connect(config={"temp_directory": tempfile.gettempdir(), "preserve_insertion_order": "false"})

    def scan(path: Path, columns: Mapping[str, str], separator: str) -> duckdb.DuckDBPyRelation:
        if path.suffix.lower() == ".parquet":
            found = connection.read_parquet(str(path))
        elif path.suffix.lower() == ".csv":
            found = connection.read_csv(str(path), header=True, all_varchar=True, sep=separator)
        else:
            found = connection.read_json(
                str(path), columns=dict.fromkeys(columns, "VARCHAR"), format="newline_delimited"
            )
        return found.select(*(duckdb.ColumnExpression(name).alias(called) for name, called in columns.items()))

    return Engine("duckdb", scan, connection.from_arrow, (duckdb.Error,))


def _polars() -> Engine:
    import polars as pl

    def scan(path: Path, columns: Mapping[str, str], separator: str) -> pl.LazyFrame:
        if path.suffix.lower() == ".parquet":
            found = pl.scan_parquet(path, glob=False)
        elif path.suffix.lower() == ".csv":
            found = pl.scan_csv(path, separator=separator, infer_schema=False, glob=False)
        else:
            found = pl.scan_ndjson(path, schema=dict.fromkeys(columns, pl.String))
        return found.select(pl.col(name).alias(called) for name, called in columns.items())

    return Engine(
        "polars", scan, lambda table: pl.DataFrame(table).lazy(), (NarwhalsError, pl.exceptions.PolarsError, OSError)
    )


def _pyspark() -> Engine:
    # Its workers run the Python that runs this, whichever is called python3 on this machine.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.errors import PySparkException
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.functions import col

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    try:
        session = SparkSession.builder.master("local[*]").config(map=settings).getOrCreate()
    except PySparkException as error:
        raise ReleaseError("the engine pyspark does not start; it needs Java: install a JRE of version 17") from error

    def scan(path: Path, columns: Mapping[str, str], separator: str) -> DataFrame:
        if path.suffix.lower() == ".parquet":
            found = session.read.parquet(str(path))
        elif path.suffix.lower() == ".csv":
            found = session.read.csv(str(path), header=True, sep=separator, multiLine=True, escape='"')
        else:
            found = session.read.json(str(path), schema=", ".join(f"{_quoted(name)} string" for name in columns))
        return found.select(*(col(_quoted(name)).alias(called) for name, called in columns.items()))

    return Engine("pyspark", scan, session.createDataFrame, (PySparkException,))


def _quoted(name: str) -> str:
    """Write a column's name so that Spark takes a dot in it for a dot."""
    return "`" + name.replace("`", "``") + "`"


def _pyarrow() -> Engine:
    def scan(path: Path, columns: Mapping[str, str], separator: str) -> pa.Table:
        if path.suffix.lower() == ".parquet":
            found = pq.read_table(path, columns=list(columns))
        elif path.suffix.lower() == ".csv":
            found = pa.csv.read_csv(
                path,
                parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                convert_options=pa.csv.ConvertOptions(
                    include_columns=list(columns),
                    column_types=dict.fromkeys(columns, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        else:
            found = _json_lines(path, columns)
        return found.rename_columns(dict(columns))

    return Engine("pyarrow", scan, lambda table: table, (pa.ArrowException, OSError, ValueError))


def _json_lines(path: Path, names: Iterable[str]) -> pa.Table:
    """Read JSON Lines as text; PyArrow's own reader makes dates of names, and stops where a type changes."""
    with path.open("rb") as lines:
        records = [orjson.loads(line) for line in lines if line.strip()]
    return pa.table({name: pa.array([_text(record.get(name)) for record in records], pa.string()) for name in names})


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


# In the order in which one is chosen where none is named; PySpark is not, as it takes long to start.
ENGINES: dict[str, Callable[[], Engine]] = {
    "duckdb": _duckdb,
    "polars": _polars,
    "pyspark": _pyspark,
    "pyarrow": _pyarrow,
}
