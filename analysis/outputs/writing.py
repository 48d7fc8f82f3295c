"""Tables as text and as files (CSV, JSON with every digit, Parquet, Excel), and files that are written whole."""

import json
import math
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.column import Column
from data.paths import reason

# The rows of a sheet of Excel, with that of the headings.
_SHEET_ROWS = 1_048_576
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@")


class UnwritableError(ValueError):
    """A file that cannot be written."""


def write_table(table: pd.DataFrame, declared: Iterable[Column], form: str, output: Path | None) -> None:
    """Print a table with columns that are declared, or write it to a file whole or not at all.

    Raises
    ------
    UnwritableError
        The file cannot be written; an older file of that name stays as it was.
    """
    if output is None:
        sys.stdout.write(table_text(table, form, declared))
    else:
        write_whole(table_file(table, form), output)


def write_whole(content: bytes, output: Path) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UnwritableError
        As :func:`write_table` does.
    """
    try:
        _put_in_place(content, output)
    except OSError as error:
        allowed = "allowed is a file in a folder that exists"
        why = f"cannot be written ({reason(error)}); {allowed}"
        raise UnwritableError(f"argument --output: {str(output)!r} {why}") from error


def _put_in_place(content: bytes, output: Path) -> None:
    # A link is written through. A device is no file: putting the draft in its place would take it from the system.
    target = output.resolve()
    if target.exists() and not target.is_file():
        raise OSError("it is there and is no file")
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def table_text(table: pd.DataFrame, form: str, declared: Iterable[Column] = ()) -> str:
    """Write a table as ``table``, ``csv`` or ``json``; undefined numbers are ``undefined``, empty, and null.

    What is declared to be a count, of words as well, is a whole number in ``table``.
    """
    if form == "json":
        return json.dumps(records(table), indent=1) + "\n"
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n")
    if table.empty:
        return "no rows: nothing in the source fits the options\n"
    words = table.select_dtypes(exclude="number")
    plain = table.assign(**{name: words[name].fillna("undefined") for name in words})
    counts = {column.name: "{:.0f}".format for column in declared if column.unit in ("count", "words")}
    whole = {name: write for name, write in counts.items() if name in table.select_dtypes("float")}
    return plain.to_string(index=False, float_format="{:z.3f}".format, formatters=whole, na_rep="undefined") + "\n"


def table_file(table: pd.DataFrame, form: str) -> bytes:
    """Write a table as a file: ``csv``, ``json``, ``parquet`` or ``xlsx``; undefined numbers are empty or null.

    Raises
    ------
    UnwritableError
        The table has more rows than a sheet of Excel.
    """
    if form == "parquet":
        return bytes(table.replace([math.inf, -math.inf], math.nan).to_parquet(index=False))
    return _workbook(table) if form == "xlsx" else table_text(table, form).encode()


def _workbook(table: pd.DataFrame) -> bytes:
    """Write a workbook of one sheet; a text stays a text, whatever it begins with."""
    if len(table) >= _SHEET_ROWS:
        raise UnwritableError(
            f"argument --output: 'xlsx' has room for {_SHEET_ROWS - 1:,} rows, and the table has {len(table):,}; "
            "allowed is a file that ends in .csv, .json or .parquet"
        )
    # Imported where it is used: few tables are written to Excel.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Table")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        # The notation of the format for characters that XML does not hold.
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(lambda found: f"_x{ord(found[0]):04X}_", value))
        made.data_type = "s"
        # Otherwise Excel takes it for a formula as soon as the cell is edited.
        made.quotePrefix = value.startswith(_FORMULA)
        return made

    sheet.append([cell(name) for name in table])
    for row in records(table):
        sheet.append([cell(value) for value in row.values()])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as JSON has them: numbers unrounded, None where undefined."""
    return [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
