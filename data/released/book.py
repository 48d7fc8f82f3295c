"""The ratings of workbooks while their files are entered one after another, with every error that is met."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.ratings import Entry, check_scale
from data.released.cells import MISSING, Cell, CellReader, DataError, written
from data.released.files import Part
from data.study import HUMAN, Study

_NO_ROW = DataError("", "no row", "")


class _Found(NamedTuple):
    """A cell where it stands: its conversation, the sheet's row, what the file holds, and what was read."""

    number: object
    row: int
    raw: object
    cell: Cell


class _CellErrors(NamedTuple):
    """Where a wrong cell stands, its whole text, and its errors."""

    file: str
    row: int
    column: str
    text: str
    data_errors: tuple[DataError, ...]


class Book:
    """Ratings, reasons and errors, to be filled with :meth:`enter` and then taken out."""

    def __init__(self, study: Study, conversations: Sequence) -> None:
        self.study = study
        self.conversations = conversations
        self.place = {number: place for place, number in enumerate(conversations)}
        self.numbers: dict[str, np.ndarray] = {}
        self.recovered: dict[str, np.ndarray] = {}
        self.reasons: dict[str, list] = {"conversation": [], "model": [], "rater": [], "explanation": []}
        self.data_errors: dict[tuple[str, object, str], _CellErrors] = {}
        self.of_rows: list[Entry] = []
        self.fenced: Counter[str] = Counter()
        self._column = {key: place for place, key in enumerate(study.system_keys)}
        self._reader = CellReader(study.attribute_names, study.scale)

    def enter(self, numbers: list, part: Part) -> None:
        """Enter the cells of one rater in one file.

        Where a rater was entered before, its first rating stands, an empty cell is filled, and a second rating that
        differs is an error.

        Raises
        ------
        ReleaseError
            The ratings are on another scale than the study's.
        """
        first = part.rater not in self.numbers
        shape = (len(self.conversations), len(self.study.systems), len(self.study.attributes))
        self.numbers.setdefault(part.rater, np.full(shape, MISSING))
        self.recovered.setdefault(part.rater, np.zeros(shape, dtype=bool))
        done = ("first row kept",) * 2
        self.of_rows += [
            Entry(part.file, row, "", part.rater, number, "", "", "number repeated", "", "", *done)
            for number, row in part.repeated
        ]
        given = set(numbers)
        missing = [number for number in self.conversations if first and number not in given]
        for model, cells in part.cells.items():
            found = [
                _Found(number, row, raw, self._reader.read(raw))
                for number, row, raw in zip(numbers, part.sheet_rows, cells, strict=True)
            ]
            self.fenced[part.file] += sum(each.cell.fenced for each in found)
            if first:
                self._fill(part, model, found)
            else:
                for each in found:
                    self._compare(part, model, each)
            empty = _CellErrors(part.file, 0, part.headings[model], "", (_NO_ROW,))
            self.data_errors |= {(part.rater, number, model): empty for number in missing}
        whose = "the experts" if part.rater == HUMAN else f"judge {part.rater}"
        check_scale(self.study.scale, self.numbers[part.rater], f"{part.file}, {whose}")

    def _fill(self, part: Part, model: str, found: list[_Found]) -> None:
        places = [self.place[each.number] for each in found]
        column = self._column[model]
        self.numbers[part.rater][places, column] = np.array([each.cell.ratings for each in found], dtype=float)
        said = {each.number: each.cell.explanation for each in found if each.cell.explanation}
        self.reasons["conversation"] += said
        self.reasons["model"] += [model] * len(said)
        self.reasons["rater"] += [part.rater] * len(said)
        self.reasons["explanation"] += said.values()
        for number, row, raw, cell in found:
            if cell.data_errors:
                self.recovered[part.rater][self.place[number], column] = cell.recovered
                wrong = _CellErrors(part.file, row, part.headings[model], written(raw), cell.data_errors)
                self.data_errors[part.rater, number, model] = wrong

    def _compare(self, part: Part, model: str, found: _Found) -> None:
        """Fill a cell that an earlier file left empty; note one that differs from an earlier file."""
        number, row, raw, cell = found
        before = self.numbers[part.rater][self.place[number], self._column[model]]
        if np.array_equal(before, cell.ratings, equal_nan=True):
            return
        if np.isnan(before).all():
            self.data_errors.pop((part.rater, number, model), None)
            self._fill(part, model, [found])
        else:
            place = (part.file, row, part.headings[model], part.rater, number, model, "")
            done = ("first file kept",) * 2
            self.of_rows.append(Entry(*place, "differs from another file", written(raw), written(raw), *done))

    def as_released(self) -> Mapping[str, np.ndarray]:
        """Take out every number as it was written, by rater: what strict JSON gives."""
        return {rater: np.where(self.recovered[rater], np.nan, numbers) for rater, numbers in self.numbers.items()}

    def valid(self) -> Mapping[str, np.ndarray]:
        """Take out the numbers on the scale by rater, those recovered from malformed cells among them."""
        scale = self.study.scale
        return {rater: np.where(scale.holds(numbers), numbers, np.nan) for rater, numbers in self.numbers.items()}

    def explanations(self) -> pd.DataFrame:
        """Take out the judges' reasons."""
        texts = dict.fromkeys(("model", "rater", "explanation"), "str")
        return pd.DataFrame(self.reasons).astype(texts)

    def ledger(self) -> list[Entry]:
        """Take out all errors of rows and cells, with what becomes of each under either rating policy."""
        rows = list(self.of_rows)
        attributes = self.study.attribute_names
        for (rater, number, model), (file, row, column, text, data_errors) in self.data_errors.items():
            at = self.place[number], self._column[model]
            for error in data_errors:
                place = attributes.index(error.attribute) if error.attribute else 0
                done = _what_is_done(error, self.numbers[rater][at][place], self.recovered[rater][at][place])
                rows.append(Entry(file, row, column, rater, number, model, *error, text, *done))
        return rows


def _what_is_done(error: DataError, number: float, recovered: bool) -> tuple[str, str]:
    """Tell what becomes of a wrong cell under ``as-released`` and under ``valid``."""
    if recovered:
        return "dropped", "recovered"
    if not np.isnan(number):
        return "kept", "left out"
    if error.kind in ("malformed", "not a number"):
        return "dropped", "dropped"
    return "missing", "missing"
