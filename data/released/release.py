"""A copy of the release as tidy frames: ratings, contexts, explanations, and the ledger of its faults."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.mentalalign import HUMAN
from data.released.book import Book, Entry
from data.released.contexts import DIFFERENT, SAME_TEXT, compare
from data.released.files import CONTEXT, FileRecord, Part, read_folder
from data.released.numbering import number_rows

LEDGER_COLUMNS = list(Entry._fields)


class FaultCount(NamedTuple):
    """How many faults of one kind a file has."""

    file: str
    fault: str
    n: int


@dataclass(frozen=True)
class Release:
    """What a folder of the release holds.

    Attributes
    ----------
    ratings
        ``conversation, model, attribute, rater, rating, recovered``: one row for every rating that the files have a
        place for. ``rating`` is NaN where there is none; ``recovered`` marks ratings that count under ``valid`` only.
    contexts
        ``conversation, rater, context``: the message as each rater's file has it.
    explanations
        ``conversation, model, rater, explanation``: the judges' reasons.
    ledger
        ``LEDGER_COLUMNS``: every fault in the order of files and rows, where it stands, the raw value, and what is done
        with it under either rating policy (for rows whose context differs: when such rows are kept, and when they are
        left out).
    differing
        The conversations whose context differs between files, as :func:`data.released.contexts.compare` lists them.
    files, notes
        What was read, and what was passed over and why.
    fenced
        How many cells of each file stood in a code fence.
    """

    ratings: pd.DataFrame
    contexts: pd.DataFrame
    explanations: pd.DataFrame
    ledger: pd.DataFrame
    differing: pd.DataFrame
    files: tuple[FileRecord, ...]
    notes: tuple[str, ...]
    fenced: dict[str, int]

    @property
    def different(self) -> frozenset[int]:
        """The conversations that are not the same in all files."""
        return frozenset(self.differing.loc[self.differing["fault"] == DIFFERENT, "conversation"].tolist())


def read_release(folder: Path, *, report: Callable[[str], object] = str) -> Release:
    """Read a folder of the release; see :func:`data.released.files.read_folder` for what it may hold.

    Raises
    ------
    ReleaseError
        The folder is not a copy of the release.
    """
    reading = read_folder(folder, report=report)
    report("Reading the ratings")
    numbered = list(zip(number_rows(reading.parts), reading.parts, strict=True))
    book = Book(sorted({number for numbers, _ in numbered for number in numbers}))
    for numbers, part in numbered:
        book.enter(numbers, part)
    contexts = _contexts(numbered)
    differing = compare(contexts, HUMAN)
    ledger = pd.DataFrame([*book.ledger(), *_context_entries(differing, numbered)], columns=LEDGER_COLUMNS)
    return Release(
        ratings=book.ratings(),
        contexts=contexts,
        explanations=book.explanations(),
        ledger=ledger.sort_values(["file", "row"], kind="stable", ignore_index=True),
        differing=differing,
        files=reading.files,
        notes=reading.notes,
        fenced=dict(book.fenced),
    )


def count_faults(release: Release) -> tuple[FaultCount, ...]:
    """Count the faults of a release by file and kind."""
    counted = release.ledger.groupby(["file", "fault"]).size()
    return tuple(FaultCount(file, fault, int(n)) for (file, fault), n in counted.items())


def _contexts(numbered: list[tuple[list[int], Part]]) -> pd.DataFrame:
    """List each rater's contexts; the first file of a rater speaks for it."""
    texts: dict[tuple[int, str], str] = {}
    for numbers, part in numbered:
        for number, context in zip(numbers, part.contexts, strict=False):
            texts.setdefault((number, part.rater), context)
    return pd.DataFrame(
        {
            "conversation": np.array([number for number, _ in texts], dtype=np.int32),
            "rater": pd.Series([rater for _, rater in texts], dtype="str"),
            "context": pd.Series(list(texts.values()), dtype="str"),
        }
    )


def _context_entries(differing: pd.DataFrame, numbered: list[tuple[list[int], Part]]) -> list[Entry]:
    """Ledger rows of the contexts that differ; the texts themselves stay out of the ledger."""
    places = {
        (number, part.rater): (part.file, row, part.headings[CONTEXT])
        for numbers, part in reversed(numbered)
        if part.contexts
        for number, row in zip(numbers, part.sheet_rows, strict=True)
    }
    entries = []
    for number, rater, fault, stands_at in differing.itertuples(index=False):
        where = f"the experts' text stands at conversation {stands_at}" if stands_at else ""
        left_out = "kept" if fault == SAME_TEXT else "left out"
        entries.append(Entry(*places[number, rater], rater, number, "", "", fault, where, "", "kept", left_out))
    return entries
