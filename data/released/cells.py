"""One cell of a workbook: a rating for each attribute and a sentence, as JSON by people and by language models."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from data.ratings import OFF_SCALE
from data.study import Scale

MISSING = math.nan

_FENCE = "```"
_QUOTES = "\"'“”‘’"
_EXPLANATION = re.compile(rf"\bExplanation[{_QUOTES}]?\s*[:=]\s*[{_QUOTES}]?", re.IGNORECASE)


class DataError(NamedTuple):
    """What is wrong with a cell, or with one attribute in it (``attribute`` is empty for the whole cell)."""

    attribute: str
    kind: str
    raw: str


class Cell(NamedTuple):
    """What one cell says.

    ``ratings`` has one number per attribute, in the reader's order, NaN where there is none; any number
    that was written stands there, 0 and 6 too. ``recovered`` marks the numbers that strict JSON does not give and that
    could be told without doubt all the same: they count under the policy ``valid`` only.
    """

    ratings: tuple[float, ...]
    recovered: tuple[bool, ...]
    explanation: str
    fenced: bool
    data_errors: tuple[DataError, ...]


# Digits as JSON has them: those of other scripts are no numbers there either.
_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:\s*(?:/|out of)\s*([0-9]+(?:\.[0-9]+)?))?\.?")


class CellReader:
    """Reads the cells of a study: its attributes by name, numbers on its scale.

    Parameters
    ----------
    attributes
        Names, in the order that :class:`Cell` keeps.
    scale
        What a rating can be.
    """

    def __init__(self, attributes: Sequence[str], scale: Scale) -> None:
        self.attributes = tuple(attributes)
        self._scale = scale
        self._points = frozenset(scale.values)
        self._nothing = (MISSING,) * len(self.attributes)
        self._strict = (False,) * len(self.attributes)
        self._told = (True,) * len(self.attributes)
        self._empty = Cell(self._nothing, self._strict, "", False, (DataError("", "empty", ""),))
        # What stands behind an attribute's name up to the end of the line, a brace or a comma; with a digit that
        # follows the comma, so that "4,5" is not taken for 4. Possessive, so that no text takes long.
        self._rating = [
            re.compile(rf"\b{re.escape(name)}[{_QUOTES}]?\s*+[:=]\s*+([^,;}}\r\n]*+(?:[,;][ \t]*+\d)?)", re.IGNORECASE)
            for name in self.attributes
        ]
        self._named = re.compile(rf'"({"|".join(map(re.escape, self.attributes))})"\s*:')

    def read(self, raw: object) -> Cell:
        """Read one cell.

        A code fence around the object is taken off and is no error. What is then not strict JSON, or names an attribute
        twice, is ``malformed``, and its ratings are recovered when each attribute is named exactly once and a number on
        the scale, alone, is what stands behind the name.

        Parameters
        ----------
        raw
            The cell as the file holds it: text, a mapping (Parquet), or nothing.
        """
        if isinstance(raw, dict):
            return self._from_object(raw, fenced=False)
        if raw is None or (isinstance(raw, float) and math.isnan(raw)):
            return self._empty
        text = str(raw).strip()
        if not text:
            return self._empty
        inner = _inside_fence(text)
        fenced = inner is not text
        try:
            found = orjson.loads(inner)
        except orjson.JSONDecodeError:
            found = None
        if (
            isinstance(found, dict)
            and not found.keys().isdisjoint(self.attributes)
            and not self._names_twice(inner, found)
        ):
            return self._from_object(found, fenced=fenced)
        return self._recover(text, fenced=fenced)

    def _names_twice(self, text: str, found: dict[str, Any]) -> bool:
        """Whether JSON names an attribute more than once; a parser would keep the last without a word."""
        # As many colons as names leave no room for a second one; this spares most cells the search.
        if text.count(":") <= len(found):
            return False
        names = self._named.findall(text)
        return len(set(names)) < len(names)

    def _from_object(self, found: dict[str, Any], *, fenced: bool) -> Cell:
        explanation = found.get("Explanation")
        said = explanation if isinstance(explanation, str) else ""
        values: tuple[Any, ...] = tuple(map(found.get, self.attributes))
        if set(map(type, values)) == {int} and self._points.issuperset(values):
            return Cell(values, self._strict, said, fenced, ())
        read = [self._one_rating(name, found) for name in self.attributes]
        numbers, recovered, data_errors = zip(*read, strict=True)
        return Cell(numbers, recovered, said, fenced, tuple(error for error in data_errors if error))

    def _one_rating(self, name: str, found: dict[str, Any]) -> tuple[float, bool, DataError | None]:
        """Read the value of one attribute: the number, whether it was recovered, and its data error if it has one."""
        if name not in found:
            return MISSING, False, DataError(name, "absent", "")
        value = found[name]
        if value is None:
            return MISSING, False, DataError(name, "null", "null")
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            number = float(value)
            return number, False, None if number in self._points else DataError(name, OFF_SCALE, str(value))
        number = self._point(value) if isinstance(value, str) else MISSING
        return number, number in self._points, DataError(name, "not a number", _as_written(value))

    def _recover(self, text: str, *, fenced: bool) -> Cell:
        """Read the ratings out of a cell that is not strict JSON; all of them without doubt, or none."""
        told = [[self._point(value) for value in rating.findall(text)] for rating in self._rating]
        error = (DataError("", "malformed", text),)
        if not all(len(values) == 1 and values[0] in self._points for values in told):
            return Cell(self._nothing, self._strict, "", fenced, error)
        start = _EXPLANATION.search(text)
        said = text[start.end() :].rstrip("`} \t\r\n").rstrip(_QUOTES) if start else ""
        return Cell(tuple(values[0] for values in told), self._told, said, fenced, error)

    def _point(self, text: str) -> float:
        """Read a lone point of the scale (also ``4.0``, ``4/5`` and ``4 out of 5``); anything else is no rating."""
        match = _NUMBER.fullmatch(text.strip(f" \t{_QUOTES}"))
        if match is None or (match[2] is not None and float(match[2]) != self._scale.high):
            return MISSING
        number = float(match[1])
        return number if number in self._points else MISSING


def written(raw: object) -> str:
    """Give the whole of a cell as text: a mapping as JSON, nothing as empty text."""
    if isinstance(raw, dict):
        return orjson.dumps(raw, default=str).decode()
    return "" if raw is None or (isinstance(raw, float) and math.isnan(raw)) else str(raw)


def _inside_fence(text: str) -> str:
    """Take a Markdown code fence off, with the language that its first line may name."""
    if not (text.startswith(_FENCE) and text.endswith(_FENCE) and len(text) > 2 * len(_FENCE)):
        return text
    inner = text[len(_FENCE) : -len(_FENCE)]
    return inner.removeprefix("json").removeprefix("JSON")


def _as_written(value: object) -> str:
    """Show a value that is no number as JSON has it; lists and objects may be deep, so their insides are left out."""
    if isinstance(value, list):
        return "[...]"
    if isinstance(value, dict):
        return "{...}"
    return str(value).lower() if isinstance(value, bool) else str(value)
