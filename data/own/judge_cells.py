"""A judge's file in the layout of the release, matched with a study: one cell of JSON for each reply."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from data.errors import ReleaseError, StudyError, UnratedJudgeError
from data.own.matching import Items, Matched, Placed, count_unmatched, endings, headings_of, system_names
from data.own.naming import alike_systems, checked_key, name_problems, unrated
from data.ratings import LEDGER_COLUMNS, NEW_SYSTEM_COLUMNS, Ratings, long_table
from data.released.book import Book
from data.released.cells import written
from data.released.files import Naming, Part, parts_of, unknown_systems
from data.released.reading import context_places, contexts_of, rated_in_cells
from data.study import HUMAN, System
from data.tables import Table

# What a judge writes beside its ratings, by the release's instructions.
_BESIDE = "Overall"


def match_cells(ratings: Ratings, table: Table, file: str, judge: str) -> Matched:
    """Read a judge's ratings from the cells of a file, and match them with a study.

    Raises
    ------
    ReleaseError
        The file holds no judge's ratings, the judge cannot have its name, its rows cannot be told apart, or its ratings
        are on another scale.
    """
    notes: list[str] = []
    study = ratings.study
    new = list(unknown_systems(table.names, endings(study)))
    if judge not in study.judge_keys:
        checked_key(study, judge, file)
    problems = list(alike_systems(new, system_names(study), file))
    part = _judges_part(parts_of(table, file, _naming(ratings, judge, new), notes), file, notes)
    items = Items.of(ratings)
    if not part.conversations and not items.by_text:
        raise ReleaseError(f"{file} has no column of items, and the study has no messages to match its rows by")
    placed = items.named(_texts(part.conversations)) if part.conversations else items.said(_texts(part.contexts))
    every = _kept(part, placed)
    kept, of_new = (replace(every, cells=_of(every, new, are_new=are)) for are in (False, True))
    alone = bool(_filled(of_new)) and not _filled(kept)
    problems += name_problems(study, [judge], [judge] if alone else [], file)
    book = Book(study, ratings.conversations)
    try:
        book.enter(every.conversations, kept)
    except ReleaseError as error:
        problems.append(str(error))
    if strangers := list(unrated(study, [judge] if alone else [], new, file)):
        raise UnratedJudgeError([*strangers, *problems])
    if problems:
        raise StudyError(problems)
    paired_by = "item" if part.conversations else "message"
    return Matched(
        layout="released",
        paired_by=paired_by,
        as_released={} if alone else book.as_released(),
        valid={} if alone else book.valid(),
        replies=_filled(part),
        matched=_filled(kept),
        unmatched=_unmatched(ratings, part, placed, paired_by),
        contexts=contexts_of([(every.conversations, every)]),
        places=context_places([(every.conversations, every)]),
        explanations=book.explanations(),
        ledger=pd.DataFrame(book.ledger(), columns=LEDGER_COLUMNS),
        notes=tuple(notes),
        fenced=dict(book.fenced),
        new_systems=_new_systems(ratings, of_new, new),
    )


def _naming(ratings: Ratings, judge: str, new: Sequence[str]) -> Naming:
    accepted = headings_of(ratings)
    folded = {role: tuple(heading.lower() for heading in accepted[role]) for role in ("item", "message")}
    every = {**endings(ratings.study), **{ending.lower(): ending for ending in new}}
    return Naming(every, lambda _: judge, folded["item"], folded["message"], _names)


def _of(part: Part, new: Sequence[str], *, are_new: bool) -> dict[str, list[object]]:
    """Take the cells of the study's systems, or those of new ones."""
    return {system: cells for system, cells in part.cells.items() if (system in new) is are_new}


def _new_systems(ratings: Ratings, part: Part, new: Sequence[str]) -> pd.DataFrame:
    """Read what systems got which no expert rated, as :class:`data.ratings.Ratings` has it."""
    study = replace(ratings.study, systems=tuple(System(key, key) for key in new))
    book = Book(study, ratings.conversations)
    book.enter(part.conversations, part)
    long = long_table(study, ratings.conversations, book.as_released(), book.valid(), raters=[part.rater])
    given = long[long["as_released"].notna() | long["valid"].notna()]
    named = {"judge": "rater", "new_system": "model", "attribute": "attribute"}
    texts = {name: given[column].astype("str") for name, column in named.items()}
    items = given["conversation"].astype(object).infer_objects()
    found = given[["as_released", "valid"]].assign(**texts, conversation=items, different=False)
    return found[NEW_SYSTEM_COLUMNS].reset_index(drop=True)


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


def _unmatched(ratings: Ratings, part: Part, placed: Placed, paired_by: str) -> pd.DataFrame:
    file, study = part.file, ratings.study
    lost = [code for code in placed.codes if code < 0 or placed.items[code] is None]
    names = [placed.names[code] if code >= 0 else "" for code in lost for _ in part.cells]
    known = {*study.attribute_names, _BESIDE}
    attributes = [name for name in rated_in_cells([part]) if name not in known for _ in range(_filled(part))]
    return pd.concat(
        [
            count_unmatched(file, paired_by, names),
            count_unmatched(file, "attribute", attributes),
        ],
        ignore_index=True,
    )
