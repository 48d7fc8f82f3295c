"""The ratings of a release while its files are entered one after another, with every fault that is met."""

from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.mentalalign import ATTRIBUTE_NAMES, MODEL_KEYS, RATER_KEYS
from data.released.cells import MISSING, Cell, Fault, read_cell, written
from data.released.files import Part

_NO_ROW = Fault("", "no row", "")


class Entry(NamedTuple):
    """A row of the ledger.

    ``row`` is the number that a spreadsheet shows beside the row (0 where the file lacks it), ``column`` the heading as
    the file writes it, ``cell`` the whole text of the cell; both are empty for faults of whole rows. ``model`` and
    ``attribute`` are empty where a fault concerns all of them.
    """

    file: str
    row: int
    column: str
    rater: str
    conversation: int
    model: str
    attribute: str
    fault: str
    raw: str
    cell: str
    as_released: str
    valid: str


class _Found(NamedTuple):
    """A cell where it stands: its conversation, the sheet's row, what the file holds, and what was read."""

    number: int
    row: int
    raw: object
    cell: Cell


class _Faulty(NamedTuple):
    """Where a faulty cell stands, its whole text, and its faults."""

    file: str
    row: int
    column: str
    text: str
    faults: tuple[Fault, ...]


class Book:
    """Ratings, reasons and faults, to be filled with :meth:`enter` and then taken out as frames."""

    def __init__(self, conversations: list[int]) -> None:
        self.conversations = conversations
        self.place = {number: place for place, number in enumerate(conversations)}
        self.numbers: dict[str, np.ndarray] = {}
        self.recovered: dict[str, np.ndarray] = {}
        self.reasons: dict[str, list] = {"conversation": [], "model": [], "rater": [], "explanation": []}
        self.faults: dict[tuple[str, int, str], _Faulty] = {}
        self.of_rows: list[Entry] = []
        self.fenced: Counter[str] = Counter()

    def enter(self, numbers: list[int], part: Part) -> None:
        """Enter the cells of one rater in one file.

        Where a rater was entered before, its first rating stands, an empty cell is filled, and a second rating that
        differs is a fault.
        """
        first = part.rater not in self.numbers
        shape = (len(self.conversations), len(MODEL_KEYS), len(ATTRIBUTE_NAMES))
        self.numbers.setdefault(part.rater, np.full(shape, MISSING))
        self.recovered.setdefault(part.rater, np.zeros(shape, dtype=bool))
        done = ("first row kept",) * 2
        self.of_rows += [
            Entry(part.file, row, "", part.rater, number, "", "", "row repeated", "", "", *done)
            for number, row in part.repeated
        ]
        missing = sorted(self.place.keys() - set(numbers)) if first else []
        for model, cells in part.cells.items():
            found = [
                _Found(number, row, raw, read_cell(raw))
                for number, row, raw in zip(numbers, part.sheet_rows, cells, strict=True)
            ]
            self.fenced[part.file] += sum(each.cell.fenced for each in found)
            if first:
                self._fill(part, model, found)
            else:
                for each in found:
                    self._compare(part, model, each)
            for number in missing:
                self.faults[part.rater, number, model] = _Faulty(part.file, 0, part.headings[model], "", (_NO_ROW,))

    def _fill(self, part: Part, model: str, found: list[_Found]) -> None:
        places = [self.place[each.number] for each in found]
        column = MODEL_KEYS.index(model)
        self.numbers[part.rater][places, column] = np.array([each.cell.ratings for each in found], dtype=float)
        said = {each.number: each.cell.explanation for each in found if each.cell.explanation}
        self.reasons["conversation"] += said
        self.reasons["model"] += [model] * len(said)
        self.reasons["rater"] += [part.rater] * len(said)
        self.reasons["explanation"] += said.values()
        for number, row, raw, cell in found:
            if cell.faults:
                self.recovered[part.rater][self.place[number], column] = cell.recovered
                faulty = _Faulty(part.file, row, part.headings[model], written(raw), cell.faults)
                self.faults[part.rater, number, model] = faulty

    def _compare(self, part: Part, model: str, found: _Found) -> None:
        """Fill a cell that an earlier file left empty; note one that differs from an earlier file."""
        number, row, raw, cell = found
        before = self.numbers[part.rater][self.place[number], MODEL_KEYS.index(model)]
        if np.array_equal(before, cell.ratings, equal_nan=True):
            return
        if np.isnan(before).all():
            self.faults.pop((part.rater, number, model), None)
            self._fill(part, model, [found])
        else:
            place = (part.file, row, part.headings[model], part.rater, number, model, "")
            done = ("first file kept",) * 2
            self.of_rows.append(Entry(*place, "differs from another file", written(raw), written(raw), *done))

    def ratings(self) -> pd.DataFrame:
        """Take out all ratings as one tidy frame, rater by rater."""
        raters = [rater for rater in RATER_KEYS if rater in self.numbers]
        shape = (len(raters), len(self.conversations), len(MODEL_KEYS), len(ATTRIBUTE_NAMES))
        rater, conversation, model, attribute = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
        return pd.DataFrame(
            {
                "conversation": np.asarray(self.conversations, dtype=np.int32)[conversation],
                "model": pd.Categorical.from_codes(model, list(MODEL_KEYS)),
                "attribute": pd.Categorical.from_codes(attribute, list(ATTRIBUTE_NAMES)),
                "rater": pd.Categorical.from_codes(rater, raters),
                "rating": np.stack([self.numbers[name] for name in raters]).ravel(),
                "recovered": np.stack([self.recovered[name] for name in raters]).ravel(),
            }
        )

    def explanations(self) -> pd.DataFrame:
        """Take out the judges' reasons."""
        texts = dict.fromkeys(("model", "rater", "explanation"), "str")
        return pd.DataFrame(self.reasons).astype({"conversation": "int32", **texts})

    def ledger(self) -> list[Entry]:
        """Take out all faults of rows and cells, with what becomes of each under either rating policy."""
        rows = list(self.of_rows)
        for (rater, number, model), (file, row, column, text, faults) in self.faults.items():
            at = self.place[number], MODEL_KEYS.index(model)
            for fault in faults:
                place = ATTRIBUTE_NAMES.index(fault.attribute) if fault.attribute else 0
                done = _what_is_done(fault, self.numbers[rater][at][place], self.recovered[rater][at][place])
                rows.append(Entry(file, row, column, rater, number, model, *fault, text, *done))
        return rows


def _what_is_done(fault: Fault, number: float, recovered: bool) -> tuple[str, str]:
    """Tell what becomes of a faulty cell under ``as-released`` and under ``valid``."""
    if recovered:
        return "dropped", "recovered"
    if not np.isnan(number):
        return "kept", "left out"
    if fault.kind in ("malformed", "not a number"):
        return "dropped", "dropped"
    return "missing", "missing"
