"""One file as a table, whatever its format: workbook, Parquet or CSV."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from data.errors import ReleaseError


@dataclass(frozen=True)
class Table:
    """A table as the file has it.

    Attributes
    ----------
    names
        The header cells without the spaces around them; two columns may have one name.
    columns
        The values of each column, in the order of ``names``; None or empty text where there is none.
    rows
        The number that a spreadsheet shows beside each row; rows without any value are left out.
    """

    names: list[str]
    columns: list[list[object]]
    rows: list[int]


def read_table(path: Path, name: str, telling: re.Pattern[str]) -> Table | None:
    """Read the first table of a file that has a column with a telling name; None when there is none.

    Parameters
    ----------
    path
        A file whose ending is one of ``READERS``.
    name
        What to call the file in a message.
    telling
        Matches the whole of such a name.

    Raises
    ------
    ReleaseError
        The file is not what its ending says, or it is damaged.
    """
    suffix = path.suffix.lower()
    try:
        return READERS[suffix](path, telling)
    except (OSError, ValueError, CalamineError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        advice = "save it as UTF-8" if isinstance(error, UnicodeDecodeError) else "fetch it again"
        raise ReleaseError(f"{name} cannot be read as a {suffix} file ({reason}); {advice}") from error


def _names(header: Sequence[object], telling: re.Pattern[str]) -> list[str]:
    """Strip the header cells; no names at all when none of them tells."""
    names = [str(cell).strip() for cell in header]
    return names if any(telling.fullmatch(name) for name in names) else []


def _from_rows(names: list[str], rows: Sequence[Sequence[object]]) -> Table:
    """Turn the rows below a header into columns; the first of them is row 2 of the sheet."""
    filled = {number: row for number, row in enumerate(rows, start=2) if any(row)}
    columns = [list(column) for column in zip(*filled.values(), strict=True)] or [[] for _ in names]
    return Table(names, columns, list(filled))


def _workbook(path: Path, telling: re.Pattern[str]) -> Table | None:
    book = CalamineWorkbook.from_path(path)
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if rows and (names := _names(rows[0], telling)):
            return _from_rows(names, rows[1:])
    return None


def _parquet(path: Path, telling: re.Pattern[str]) -> Table | None:
    with pq.ParquetFile(path) as file:
        names = _names(file.schema_arrow.names, telling)
        if not names:
            return None
        columns = [column.to_pylist() for column in file.read().columns]
        return Table(names, columns, list(range(2, file.metadata.num_rows + 2)))


def _csv(path: Path, telling: re.Pattern[str]) -> Table | None:
    plainly = {"header": None, "keep_default_na": False, "skip_blank_lines": False, "encoding": "utf-8-sig"}
    # Other tables may lie in the folder in any encoding; only one with ratings has to be UTF-8.
    first = pd.read_csv(path, nrows=1, dtype=str, encoding_errors="replace", **plainly)
    names = _names(first.iloc[0].tolist(), telling)
    if not names:
        return None
    rows = pd.read_csv(path, dtype=object, na_values=[""], **plainly)
    return _from_rows(names, rows.where(rows.notna(), None).to_numpy().tolist()[1:])


READERS: dict[str, Callable[[Path, re.Pattern[str]], Table | None]] = {
    ".xlsx": _workbook,
    ".parquet": _parquet,
    ".csv": _csv,
}
