"""The ratings of a release while its files are entered one after another, with every fault that is met."""

from collections import Counter

import numpy as np
import pandas as pd

from data.benchmark import ATTRIBUTE_NAMES, MODEL_KEYS, RATER_KEYS
from data.cells import MISSING, Cell, Fault, read_cell
from data.files import Part

Row = tuple[str, str, int, str, str, str, str, str, str]
"""A row of the ledger: file, rater, conversation, model, attribute, fault, raw value, as released, valid."""

_NO_ROW = Fault("", "no row", "")


class Book:
    """Ratings, reasons and faults, to be filled with :meth:`enter` and then taken out as frames."""

    def __init__(self, conversations: list[int]) -> None:
        self.conversations = conversations
        self.place = {number: place for place, number in enumerate(conversations)}
        self.numbers: dict[str, np.ndarray] = {}
        self.recovered: dict[str, np.ndarray] = {}
        self.reasons: dict[str, list] = {"conversation": [], "model": [], "rater": [], "explanation": []}
        self.faults: dict[tuple[str, int, str], tuple[str, tuple[Fault, ...]]] = {}
        self.of_rows: list[Row] = []
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
        self.of_rows += [(part.file, part.rater, number, "", "", "row repeated", "", *done) for number in part.repeated]
        missing = sorted(self.place.keys() - set(numbers)) if first else []
        for model, cells in part.cells.items():
            read = [read_cell(raw) for raw in cells]
            self.fenced[part.file] += sum(cell.fenced for cell in read)
            if first:
                self._fill(part, numbers, model, read)
            else:
                for number, cell, raw in zip(numbers, read, cells, strict=True):
                    self._compare(part, number, model, cell, raw)
            for number in missing:
                self.faults[part.rater, number, model] = (part.file, (_NO_ROW,))

    def _fill(self, part: Part, numbers: list[int], model: str, read: list[Cell]) -> None:
        places = [self.place[number] for number in numbers]
        column = MODEL_KEYS.index(model)
        self.numbers[part.rater][places, column] = np.array([cell.ratings for cell in read], dtype=float)
        said = {number: cell.explanation for number, cell in zip(numbers, read, strict=True) if cell.explanation}
        self.reasons["conversation"] += said
        self.reasons["model"] += [model] * len(said)
        self.reasons["rater"] += [part.rater] * len(said)
        self.reasons["explanation"] += said.values()
        for number, cell in zip(numbers, read, strict=True):
            if cell.faults:
                self.recovered[part.rater][self.place[number], column] = cell.recovered
                self.faults[part.rater, number, model] = (part.file, cell.faults)

    def _compare(self, part: Part, number: int, model: str, cell: Cell, raw: object) -> None:
        """Fill a cell that an earlier file left empty; note one that differs from an earlier file."""
        before = self.numbers[part.rater][self.place[number], MODEL_KEYS.index(model)]
        if np.array_equal(before, cell.ratings, equal_nan=True):
            return
        if np.isnan(before).all():
            self.faults.pop((part.rater, number, model), None)
            self._fill(part, [number], model, [cell])
        else:
            written = "" if raw is None else str(raw)
            done = ("first file kept",) * 2
            fault = "differs from another file"
            self.of_rows.append((part.file, part.rater, number, model, "", fault, written, *done))

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

    def ledger(self) -> list[Row]:
        """Take out all faults of rows and cells, with what becomes of each under either rating policy."""
        rows = list(self.of_rows)
        for (rater, number, model), (file, faults) in self.faults.items():
            at = self.place[number], MODEL_KEYS.index(model)
            for fault in faults:
                column = ATTRIBUTE_NAMES.index(fault.attribute) if fault.attribute else 0
                done = _what_is_done(fault, self.numbers[rater][at][column], self.recovered[rater][at][column])
                rows.append((file, rater, number, model, fault.attribute, fault.kind, fault.raw, *done))
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
