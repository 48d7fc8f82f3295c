"""One cell of a ratings file: seven ratings and a sentence, written as JSON by people and by language models."""

import math
import re
from typing import Any, NamedTuple

import orjson

from data.mentalalign import ATTRIBUTE_NAMES

MISSING = math.nan

_FENCE = "```"
_QUOTES = "\"'“”‘’"
# What stands behind an attribute's name up to the end of the line, a brace or a comma; with a digit that follows the
# comma, so that "4,5" is not taken for 4. Possessive, so that no text takes long.
_RATING = {
    name: re.compile(rf"\b{name}[{_QUOTES}]?\s*+[:=]\s*+([^,;}}\r\n]*+(?:[,;][ \t]*+\d)?)", re.IGNORECASE)
    for name in ATTRIBUTE_NAMES
}
_WHOLE = re.compile(r"([1-5])(?:\.0+)?(?:\s*(?:/|out of)\s*5)?\.?")
_NAMED = re.compile(rf'"({"|".join(ATTRIBUTE_NAMES)})"\s*:')
_EXPLANATION = re.compile(rf"\bExplanation[{_QUOTES}]?\s*[:=]\s*[{_QUOTES}]?", re.IGNORECASE)


class Fault(NamedTuple):
    """What is wrong with a cell, or with one attribute in it (``attribute`` is empty for the whole cell)."""

    attribute: str
    kind: str
    raw: str


class Cell(NamedTuple):
    """What one cell says.

    ``ratings`` has one number per attribute, in the order of ``ATTRIBUTE_NAMES``, NaN where there is none; any number
    that was written stands there, 0 and 6 too. ``recovered`` marks the numbers that strict JSON does not give and that
    could be told without doubt all the same: they count under the policy ``valid`` only.
    """

    ratings: tuple[float, ...]
    recovered: tuple[bool, ...]
    explanation: str
    fenced: bool
    faults: tuple[Fault, ...]


_NOTHING = (MISSING,) * len(ATTRIBUTE_NAMES)
_STRICT = (False,) * len(ATTRIBUTE_NAMES)
_TOLD = (True,) * len(ATTRIBUTE_NAMES)
_EMPTY = Cell(_NOTHING, _STRICT, "", False, (Fault("", "empty", ""),))
_SCALE = frozenset({1, 2, 3, 4, 5})


def is_valid(rating: float) -> bool:
    """Whether a number is on the scale: a whole number from 1 to 5."""
    return rating in _SCALE


def read_cell(raw: object) -> Cell:
    """Read one cell.

    A code fence around the object is taken off and is no fault. What is then not strict JSON, or names an attribute
    twice, is ``malformed``, and its seven ratings are recovered when each attribute is named exactly once and a whole
    number from 1 to 5, alone, is what stands behind the name.

    Parameters
    ----------
    raw
        The cell as the file holds it: text, a mapping (Parquet), or nothing.
    """
    if isinstance(raw, dict):
        return _from_object(raw, fenced=False)
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return _EMPTY
    text = str(raw).strip()
    if not text:
        return _EMPTY
    inner = _inside_fence(text)
    fenced = inner is not text
    try:
        found = orjson.loads(inner)
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict) and not found.keys().isdisjoint(ATTRIBUTE_NAMES) and not _names_twice(inner, found):
        return _from_object(found, fenced=fenced)
    return _recover(text, fenced=fenced)


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


def _names_twice(text: str, found: dict[str, Any]) -> bool:
    """Whether JSON names an attribute more than once; a parser would keep the last without a word."""
    # As many colons as names leave no room for a second one; this spares most cells the search.
    if text.count(":") <= len(found):
        return False
    names = _NAMED.findall(text)
    return len(set(names)) < len(names)


def _from_object(found: dict[str, Any], *, fenced: bool) -> Cell:
    explanation = found.get("Explanation")
    said = explanation if isinstance(explanation, str) else ""
    values: tuple[Any, ...] = tuple(map(found.get, ATTRIBUTE_NAMES))
    if set(map(type, values)) == {int} and _SCALE.issuperset(values):
        return Cell(values, _STRICT, said, fenced, ())
    read = [_one_rating(name, found) for name in ATTRIBUTE_NAMES]
    numbers, recovered, faults = zip(*read, strict=True)
    return Cell(numbers, recovered, said, fenced, tuple(fault for fault in faults if fault))


def _one_rating(name: str, found: dict[str, Any]) -> tuple[float, bool, Fault | None]:
    """Read the value of one attribute: the number, whether it was recovered, and its fault if it has one."""
    if name not in found:
        return MISSING, False, Fault(name, "absent", "")
    value = found[name]
    if value is None:
        return MISSING, False, Fault(name, "null", "null")
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        number = float(value)
        return number, False, None if is_valid(number) else Fault(name, "out of 1-5", str(value))
    number = _whole(value) if isinstance(value, str) else MISSING
    return number, is_valid(number), Fault(name, "not a number", _as_written(value))


def _as_written(value: object) -> str:
    """Show a value that is no number as JSON has it; lists and objects may be deep, so their insides are left out."""
    if isinstance(value, list):
        return "[...]"
    if isinstance(value, dict):
        return "{...}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(text: str) -> float:
    """Read a lone digit from 1 to 5 (also ``4.0``, ``4/5`` and ``4 out of 5``); anything else is no rating."""
    match = _WHOLE.fullmatch(text.strip(f" \t{_QUOTES}"))
    return float(match.group(1)) if match else MISSING


def _recover(text: str, *, fenced: bool) -> Cell:
    """Read the seven ratings out of a cell that is not strict JSON; all seven without doubt, or none."""
    told = [[_whole(value) for value in _RATING[name].findall(text)] for name in ATTRIBUTE_NAMES]
    fault = (Fault("", "malformed", text),)
    if not all(len(values) == 1 and is_valid(values[0]) for values in told):
        return Cell(_NOTHING, _STRICT, "", fenced, fault)
    start = _EXPLANATION.search(text)
    said = text[start.end() :].rstrip("`} \t\r\n").rstrip(_QUOTES) if start else ""
    return Cell(tuple(values[0] for values in told), _TOLD, said, fenced, fault)
