"""Tables as text (for reading, as CSV, or as JSON with every digit), and files that are written whole."""

import json
import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd

FORMATS = ("table", "csv", "json")


class UnwritableError(ValueError):
    """A file that cannot be written."""


def write_table(table: pd.DataFrame, form: str, output: Path | None) -> None:
    """Print a table, or write it to a file whole or not at all.

    Raises
    ------
    UnwritableError
        The file cannot be written; an older file of that name stays as it was.
    """
    text = table_text(table, form)
    if output is None:
        sys.stdout.write(text)
        return
    write_whole(text.encode(), output)


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
        reason = error.strerror or str(error)
        allowed = "allowed is a file in a folder that exists"
        raise UnwritableError(f"argument --output: {str(output)!r} cannot be written ({reason}); {allowed}") from error


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


def table_text(table: pd.DataFrame, form: str) -> str:
    """Write a table in one of ``FORMATS``; undefined numbers are ``undefined``, empty, and null."""
    if form == "json":
        return json.dumps(records(table), indent=1) + "\n"
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n")
    if table.empty:
        return "no rows: nothing in the source fits the options\n"
    words = table.select_dtypes(exclude="number")
    plain = table.assign(**{name: words[name].fillna("undefined") for name in words})
    return plain.to_string(index=False, float_format="{:.3f}".format, na_rep="undefined") + "\n"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as JSON has them: numbers unrounded, None where undefined."""
    return [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
