"""One file as a table, whatever its format: workbook, Parquet, CSV or JSON Lines."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from data.errors import ReleaseError, StudyError
from data.own.wording import FEW

# Tells from the headings whether a table is one that is looked for.
Telling = Callable[[Sequence[str]], bool]

# A larger whole number may have lost digits as a decimal number, so it is not shown as a whole one.
_LARGEST_WHOLE = 2**53
# Spreadsheets of some countries separate cells by semicolons.
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Table:
    """A table as the file has it.

    Attributes
    ----------
    names
        The header cells without the spaces around them; two columns may have one name.
    columns
        The cells of each column, in the order of ``names``.
    rows
        The number that a spreadsheet or an editor shows beside each row; rows without any value are left out.
    notes
        What is to be known of the file beside its cells.
    """

    names: list[str]
    columns: list[pd.Series]
    rows: np.ndarray
    notes: tuple[str, ...] = ()

    def cells(self, place: int) -> list[object]:
        """Return the cells of a column as they are; None or empty text where there is none."""
        column = self.columns[place]
        return column.astype(object).where(column.notna(), None).tolist()

    def texts(self, place: int) -> pd.Categorical:
        """Return the cells of a column as text, missing where there is none; each text is held once.

        A workbook has every number as a decimal one: 1.0 is ``1``. Where the file has text it stays as written, but
        for spaces around it: ``007`` is ``007``.
        """
        column = self.columns[place]
        if column.dtype == object:
            codes, found = np.arange(len(column)), column.tolist()
        else:
            codes, found = pd.factorize(column)
        return relabelled(codes, [as_text(value) for value in found])


def relabelled(codes: np.ndarray, names: Sequence[str | None]) -> pd.Categorical:
    """Return the name of each code, missing where the code is -1 or has none; each name is held once."""
    # The last is what the code -1 leads to.
    same, found = pd.factorize(np.array([*names, None], dtype=object))
    return pd.Categorical.from_codes(same[codes], pd.Index(found, dtype="str"))


def as_text(value: object) -> str | None:
    """Write a cell as text without spaces around it; None where it is empty."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < _LARGEST_WHOLE:
        return str(int(value))
    return str(value).strip() or None


def table_files(folder: Path, formats: Iterable[str]) -> list[Path]:
    """List the files below a folder that have one of these endings: by format, then by path."""
    order = list(formats)
    paths = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in order and path.is_file() and not path.name.startswith((".", "~"))
    ]
    return sorted(paths, key=lambda path: (order.index(path.suffix.lower()), path.as_posix()))


def read_table(content: Path | bytes, name: str, telling: Telling) -> Table | None:
    """Read the first table of a file that has telling headings; None when there is none.

    Parameters
    ----------
    content
        Where the file is, or what is in it.
    name
        What to call the file in a message; its ending is one of ``READERS``.
    telling
        Tells from the headings whether the table is wanted.

    Raises
    ------
    ReleaseError
        The file has another ending, is not what its ending says, or is damaged.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        raise ReleaseError(f"{name} is not a table; allowed are files that end in {', '.join(READERS)}")
    opened = (lambda: content) if isinstance(content, Path) else partial(io.BytesIO, content)
    try:
        return READERS[suffix](opened, telling)
    except StudyError as error:
        raise StudyError(f"{name}, {problem}" for problem in error.problems) from None
    except (OSError, ValueError, CalamineError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReleaseError(f"{name} cannot be read as a {suffix} file ({reason}); {_advice(error)}") from error


# A file to be read from its beginning, as often as it is asked for.
_Opened = Callable[[], Path | io.BytesIO]


def _advice(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "save it as UTF-8"
    return "it may be empty, damaged or cut off; save it again, or take another copy"


def _stripped(header: Sequence[object], telling: Telling) -> list[str]:
    """Strip the header cells; no names at all when they do not tell."""
    names = ["" if cell is None else str(cell).strip() for cell in header]
    return names if telling(names) else []


def _workbook(opened: _Opened, telling: Telling) -> Table | None:
    book = CalamineWorkbook.from_object(opened())
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if rows and (names := _stripped(rows[0], telling)):
            # The first row below the header is row 2 of the sheet; a 0 is a value.
            filled = {n: row for n, row in enumerate(rows[1:], start=2) if any(cell not in (None, "") for cell in row)}
            columns = [pd.Series(column, dtype=object) for column in zip(*filled.values(), strict=True)]
            return Table(names, columns or [pd.Series(dtype=object) for _ in names], np.array(list(filled), dtype=int))
    return None


def _parquet(opened: _Opened, telling: Telling) -> Table | None:
    with pq.ParquetFile(opened()) as file:
        names = _stripped(file.schema_arrow.names, telling)
        if not names:
            return None
        columns = [_plain(column) for column in file.read().columns]
        return Table(names, columns, np.arange(2, file.metadata.num_rows + 2))


def _plain(column: pa.ChunkedArray) -> pd.Series:
    """Take a column out of Parquet; whole numbers with gaps between them stay whole."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.to_pandas(integer_object_nulls=True)


def _csv(opened: _Opened, telling: Telling) -> Table | None:
    plainly = {"header": None, "keep_default_na": False, "skip_blank_lines": False, "encoding": "utf-8-sig"}
    for separator in _SEPARATORS:
        # Other tables may lie in the folder in any encoding; only one with ratings has to be UTF-8.
        first = pd.read_csv(opened(), sep=separator, nrows=1, dtype=str, encoding_errors="replace", **plainly)
        names = _stripped(first.iloc[0].tolist(), telling)
        if names:
            try:
                rows = pd.read_csv(opened(), sep=separator, dtype=str, na_values=[""], **plainly).iloc[1:]
            except pd.errors.ParserError:
                if problems := list(_lines_too_long(opened(), separator, len(names))):
                    raise StudyError(problems) from None
                raise
            rows = rows[rows.notna().any(axis=1)]
            return Table(names, [rows[place] for place in rows.columns], rows.index.to_numpy() + 1)
    return None


def _lines_too_long(source: Path | io.BytesIO, separator: str, cells: int) -> Iterator[str]:
    """Say which lines have more cells than there are headings."""
    content = source.read_bytes() if isinstance(source, Path) else source.read()
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
    try:
        found = [(lines.line_num, len(line)) for line in lines if len(line) > cells]
    except csv.Error:
        return
    for number, there in found[:FEW]:
        yield f"line {number}: it has {there} cells where there are {cells} headings; give it as many"
    if len(found) > FEW:
        yield f"{len(found) - FEW:,} more lines: they have more cells than there are headings; give them as many"


def _json_lines(opened: _Opened, telling: Telling) -> Table | None:
    source = opened()
    content = source.read_bytes() if isinstance(source, Path) else source.read()
    found, broken = dict[int, dict[str, object]](), list[str]()
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                found[number] = _record(line)
            except ValueError as error:
                broken.append(f"line {number}: {error}; write one JSON object a line")
    if broken:
        more = [f"{len(broken) - FEW:,} more lines: they are no JSON objects either"] if len(broken) > FEW else []
        raise StudyError([*broken[:FEW], *more])
    keys = list(dict.fromkeys(key for record in found.values() for key in record))
    names = _stripped(keys, telling)
    columns = [pd.Series([record.get(key) for record in found.values()], dtype=object) for key in keys]
    return Table(names, columns, np.array(list(found), dtype=int)) if names else None


def _record(line: bytes) -> dict[str, object]:
    # Some editors begin a file with a mark of its encoding.
    try:
        record = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ValueError(error.msg) from error
    if not isinstance(record, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - the file is wrong, not an argument
    return record


READERS: dict[str, Callable[[_Opened, Telling], Table | None]] = {
    ".xlsx": _workbook,
    ".parquet": _parquet,
    ".csv": _csv,
    ".jsonl": _json_lines,
}
