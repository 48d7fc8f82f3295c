"""A judge's file in the layout of the release, matched with a study: one cell of JSON for each reply."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from data.errors import ReleaseError
from data.own.matching import Items, Matched, Placed, count_unmatched, endings, headings_of
from data.ratings import LEDGER_COLUMNS, Ratings
from data.released.book import Book
from data.released.cells import written
from data.released.files import Naming, Part, parts_of, unknown_systems
from data.released.reading import context_places, contexts_of, rated_in_cells
from data.study import HUMAN
from data.tables import Table

# What a judge writes beside its ratings, by the release's instructions.
_BESIDE = "Overall"


def match_cells(ratings: Ratings, table: Table, file: str, judge: str) -> Matched:
    """Read a judge's ratings from the cells of a file, and match them with a study.

    Raises
    ------
    ReleaseError
        The file holds no judge's ratings, its rows cannot be told apart, or its ratings are on another scale.
    """
    notes: list[str] = []
    part = _judges_part(parts_of(table, file, _naming(ratings, judge), notes), file, notes)
    items = Items.of(ratings)
    if not part.conversations and not items.by_text:
        raise ReleaseError(f"{file} has no column of items, and the study has no messages to match its rows by")
    placed = items.named(_texts(part.conversations)) if part.conversations else items.said(_texts(part.contexts))
    kept = _kept(part, placed)
    book = Book(ratings.study, ratings.conversations)
    book.enter(kept.conversations, kept)
    paired_by = "item" if part.conversations else "message"
    return Matched(
        layout="released",
        paired_by=paired_by,
        as_released=book.as_released(),
        valid=book.valid(),
        replies=_filled(part),
        matched=_filled(kept),
        unmatched=_unmatched(ratings, table, part, placed, paired_by),
        contexts=contexts_of([(kept.conversations, kept)]),
        places=context_places([(kept.conversations, kept)]),
        explanations=book.explanations(),
        ledger=pd.DataFrame(book.ledger(), columns=LEDGER_COLUMNS),
        notes=tuple(notes),
        fenced=dict(book.fenced),
    )


def _naming(ratings: Ratings, judge: str) -> Naming:
    accepted = headings_of(ratings)
    folded = {role: tuple(heading.lower() for heading in accepted[role]) for role in ("item", "message")}
    return Naming(endings(ratings.study), lambda _: judge, folded["item"], folded["message"], _names)


def _names(table: Table, place: int, _: str) -> list[str]:
    """Read what the rows call their items; rows that call them nothing stay apart."""
    names = pd.Series(table.texts(place)).astype(object)
    return [
        f"row {row} without one" if pd.isna(name) else str(name) for row, name in zip(table.rows, names, strict=True)
    ]


def _judges_part(parts: Sequence[Part], file: str, notes: list[str]) -> Part:
    if len(parts) > 1:
        notes.append(f"{file}: the experts' columns were not read; the study has its own")
    for part in parts:
        if part.rater != HUMAN:
            return part
    raise ReleaseError(f"{file} holds no judge's ratings; they stand in columns judge_response_...")


def _texts(texts: Sequence[object]) -> pd.Series:
    return pd.Series(pd.Categorical([str(text) for text in texts]))


def _kept(part: Part, placed: Placed) -> Part:
    """Leave out the rows that are none of the study's; of rows with one item the first is kept."""
    first: dict[object, int] = {}
    for place, code in enumerate(placed.codes):
        item = placed.items[code] if code >= 0 else None
        if item is not None:
            first.setdefault(item, place)
    items = dict(zip(placed.names, placed.items, strict=True))
    return replace(
        part,
        conversations=list(first),
        contexts=[part.contexts[place] for place in first.values()] if part.contexts else [],
        cells={model: [cells[place] for place in first.values()] for model, cells in part.cells.items()},
        sheet_rows=[part.sheet_rows[place] for place in first.values()],
        repeated=tuple((items[str(name)], row) for name, row in part.repeated if items[str(name)] is not None),
    )


def _filled(part: Part) -> int:
    return sum(bool(written(cell).strip()) for cells in part.cells.values() for cell in cells)


def _unmatched(ratings: Ratings, table: Table, part: Part, placed: Placed, paired_by: str) -> pd.DataFrame:
    file, study = part.file, ratings.study
    lost = [code for code in placed.codes if code < 0 or placed.items[code] is None]
    names = [placed.names[code] if code >= 0 else "" for code in lost for _ in part.cells]
    unknown = unknown_systems(table.names, endings(study))
    systems = [ending for ending, place in unknown.items() for cell in table.cells(place) if cell]
    known = {*study.attribute_names, _BESIDE}
    attributes = [name for name in rated_in_cells([part]) if name not in known for _ in range(_filled(part))]
    return pd.concat(
        [
            count_unmatched(file, paired_by, names),
            count_unmatched(file, "system", systems),
            count_unmatched(file, "attribute", attributes),
        ],
        ignore_index=True,
    )
