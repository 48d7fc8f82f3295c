"""A folder in the layout of the release as ratings: workbooks whose cells hold a rating for each attribute as JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pandas as pd

from data.contexts import compare
from data.errors import ReleaseError
from data.names import attribute_problems
from data.ratings import LEDGER_COLUMNS, Ratings, context_entries, long_table
from data.released.book import Book
from data.released.files import CONTEXT, Part, Reading, read_folder
from data.released.numbering import number_rows
from data.repeats import messages_of, repeat_entries, repeated_rows
from data.study import HUMAN, Attribute, Judge, Study


def read_release(folder: Path, study: Study, *, report: Callable[[str], object] = str) -> Ratings:
    """Read a folder in the layout of the release; see :func:`data.released.files.read_folder` for what it may hold.

    Parameters
    ----------
    folder
        A copy of the release, or files like it; judges and attributes beyond the study's are read too.
    study
        What is known beforehand.

    Raises
    ------
    ReleaseError
        The folder is not in that layout, or ratings are not on the study's scale.
    """
    reading = read_folder(folder, report=report)
    report("Reading the ratings")
    return _entered(_grown(study, reading.parts), reading)


def _entered(study: Study, reading: Reading) -> Ratings:
    numbered = list(zip(number_rows(reading.parts), reading.parts, strict=True))
    conversations = sorted({number for numbers, _ in numbered for number in numbers})
    book = Book(study, conversations)
    for numbers, part in numbered:
        book.enter(numbers, part)
    contexts = contexts_of(numbered)
    differing = compare(contexts, HUMAN)
    as_released, places = book.as_released(), context_places(numbered)
    repeats = repeated_rows(conversations, messages_of(contexts), [as_released[HUMAN]])
    of_rows = (*context_entries(differing, places, study.item.one), *repeat_entries(repeats, places, study.item.one))
    ledger = pd.DataFrame([*book.ledger(), *of_rows], columns=LEDGER_COLUMNS)
    return Ratings(
        study=study,
        long=long_table(study, conversations, as_released, book.valid()),
        contexts=contexts,
        explanations=book.explanations(),
        ledger=ledger.sort_values(["file", "row"], kind="stable", ignore_index=True),
        differing=differing,
        repeats=repeats,
        files=reading.files,
        notes=reading.notes,
        fenced=dict(book.fenced),
    )


def _grown(study: Study, parts: Sequence[Part]) -> Study:
    """Return the study with the judges that have files, and with attributes that the experts rated beyond the known."""
    present = dict.fromkeys(part.rater for part in parts if part.rater != HUMAN)
    known = study.with_judges(present)
    new = tuple(Judge(key, key) for key in present if study.judge(key) is None)
    added = tuple(Attribute(name) for name in _attributes(parts) if name not in study.attribute_names)
    if problems := list(attribute_problems([each.name for each in added])):
        raise ReleaseError("; ".join(problems))
    return replace(known, judges=(*known.judges, *new), attributes=(*study.attributes, *added))


def _attributes(parts: Sequence[Part]) -> list[str]:
    """List what stands with a number in at least half of the experts' cells, in order of appearance."""
    return rated_in_cells(part for part in parts if part.rater == HUMAN)


def rated_in_cells(parts: Iterable[Part]) -> list[str]:
    """List what stands with a number in at least half of the cells, in order of appearance."""
    seen: Counter[str] = Counter()
    filled = 0
    for cell in (cell for part in parts for cells in part.cells.values() for cell in cells):
        try:
            found = cell if isinstance(cell, dict) else orjson.loads(str(cell))
        except orjson.JSONDecodeError:
            continue
        if isinstance(found, dict):
            filled += 1
            seen.update(name for name, value in found.items() if isinstance(value, int | float))
    return [name for name, n in seen.items() if n >= max(1, filled / 2)]


def contexts_of(numbered: Iterable[tuple[list, Part]]) -> pd.DataFrame:
    """List each rater's contexts; the first file of a rater speaks for it."""
    texts: dict[tuple[object, str], str] = {}
    for numbers, part in numbered:
        for number, context in zip(numbers, part.contexts, strict=False):
            texts.setdefault((number, part.rater), context)
    return pd.DataFrame(
        {
            "conversation": pd.Series([number for number, _ in texts], dtype=None if texts else "int64"),
            "rater": pd.Series([rater for _, rater in texts], dtype="str"),
            "context": pd.Series(list(texts.values()), dtype="str"),
        }
    )


def context_places(numbered: Iterable[tuple[list, Part]]) -> dict[tuple[object, str], tuple[str, int, str]]:
    """Return where each rater's context stands: by conversation and rater the file, the row and the heading.

    The first file of a rater speaks for it.
    """
    return {
        (number, part.rater): (part.file, row, part.headings[CONTEXT])
        for numbers, part in reversed(list(numbered))
        if part.contexts
        for number, row in zip(numbers, part.sheet_rows, strict=True)
    }
