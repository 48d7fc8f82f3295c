"""An own study as ratings: its ``study.toml`` and the tables beside it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from data.errors import ReleaseError, StudyError
from data.own import FILE
from data.own.describing import added_notes, disagreements, study_of
from data.own.filling import MOST_PLACES, ratings_of, scale_problems
from data.own.layout import KEY_ROLES, Accepted, Layout, exactly, is_telling, layout_problem, recognise
from data.own.probabilities import probability_problems
from data.own.rows import KEYS, duplicates, joined, no_numbers, rating_rows, without_keys
from data.own.study_file import StudyFile, read_study_file
from data.ratings import FileRecord, Headings, Ratings
from data.released.files import is_released
from data.study import HUMAN, Study
from data.tables import READERS, Table, read_table, table_files


@dataclass(frozen=True)
class Found:
    """A table with ratings: its path below the folder, its content's hash, its rows, and how it holds ratings."""

    name: str
    sha256: str
    rows: int
    layout: Layout


@dataclass(frozen=True)
class Survey:
    """What an own study's folder holds, also where it cannot be used.

    Attributes
    ----------
    file
        What ``study.toml`` says; None where it does not tell the scale or the experts.
    headings
        What the columns of the tables are called.
    tables
        The tables with ratings.
    rows
        Their rows, as :func:`data.own.rows.rating_rows` has them.
    study
        What is known of the study; None where its file or its rows do not tell.
    problems
        Everything that stands against using it, a sentence each.
    notes
        What was passed over and why.
    """

    file: StudyFile | None
    headings: Headings
    tables: tuple[Found, ...]
    rows: pd.DataFrame
    study: Study | None
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def ratings(self) -> Ratings:
        """Return the ratings of the study.

        Raises
        ------
        StudyError
            There are problems.
        """
        if self.problems or self.study is None:
            raise StudyError(self.problems)
        return ratings_of(self.study, self.rows, tuple(self._records(self.study)), self.headings, self.notes)

    def _records(self, study: Study) -> Iterator[FileRecord]:
        """Describe the files that were read; experts are one rater."""
        raters_of = self.rows[["file", "rater"]].drop_duplicates()
        for table in self.tables:
            here = set(raters_of.loc[raters_of["file"] == table.name, "rater"])
            experts = (HUMAN,) if here & set(study.experts) else ()
            judges = tuple(judge for judge in study.judge_keys if judge in here)
            yield FileRecord(table.name, table.sha256, table.rows, experts + judges)


def read_own(folder: Path, *, report: Callable[[str], object] = str) -> Ratings:
    """Read an own study.

    Parameters
    ----------
    folder
        Holds a ``study.toml``, and below it the ratings: CSV, Parquet, workbooks or JSON Lines, long or wide.
    report
        Is told what is being read.

    Raises
    ------
    StudyError
        The study cannot be used; all that is wrong with it is said at once.
    """
    return survey(folder, report=report).ratings()


def survey(folder: Path, *, report: Callable[[str], object] = str) -> Survey:
    """Read all that an own study's folder holds, and list what is wrong with it."""
    described = read_study_file(folder / FILE)
    problems, notes = list(described.problems), list[str]()
    listed = [each.name for each in described.file.attributes] if described.file else []
    found: list[Found] = []
    parts: list[pd.DataFrame] = []
    for path in table_files(folder, READERS):
        name = path.relative_to(folder).as_posix()
        report(f"Reading {name}")
        try:
            table = _table(path, name, exactly(described.headings), notes)
            if table is None:
                continue
            layout = recognise(table, name, exactly(described.headings), listed)
        except ReleaseError as error:
            problems += error.problems if isinstance(error, StudyError) else [str(error)]
            continue
        notes += layout.passed_over
        if not layout.holds_ratings and layout.lacking(KEY_ROLES[:3]):
            notes.append(f"{name} was not read: it has no ratings")
            continue
        if problem := layout_problem(layout, table.names, name, described.headings) or _no_rows(table, name):
            problems.append(problem)
            continue
        found.append(Found(name, hashlib.sha256(path.read_bytes()).hexdigest(), len(table.rows), layout))
        parts.append(rating_rows(table, layout, name))
    rows = joined(parts)
    if not len(rows) and len(problems) == len(described.problems):
        problems.append(nothing_found(folder, described.headings, notes))
    problems += [*without_keys(rows, dict(zip(KEYS, KEYS, strict=True))), *duplicates(rows)]
    study = None
    if described.file is not None and len(rows):
        rows = rows.dropna(subset=KEYS)
        study = study_of(described.file, rows, folder.resolve().name)
        problems += [*disagreements(described.file, rows, rows["raw"].notna()), *_rating_problems(study, rows)]
        problems += probability_problems(rows)
        notes += added_notes(described.file, rows)
    return Survey(
        described.file, described.headings, tuple(found), rows, study, tuple(dict.fromkeys(problems)), tuple(notes)
    )


def _table(path: Path, name: str, accepted: Accepted, notes: list[str]) -> Table | None:
    """Read a table if it is one of ratings; else note why it is passed over."""
    if path.suffix.lower() == ".parquet" and (n := _parquet_rows(path)) > MOST_PLACES:
        raise ReleaseError(f"{name} has {n:,} rows, more than fit; add them up first with: python -m data counts")
    table = read_table(path, name, lambda names: is_telling(names, accepted) or is_released(names))
    if table is None:
        headings = ", ".join(heading for (heading,) in (accepted[role] for role in KEY_ROLES))
        notes.append(f"{name} was not read: it has fewer than two of the columns {headings}")
    elif is_released(table.names):
        notes.append(
            f"{name} was not read: it is laid out like the release, and a study is read from long or wide tables; add "
            "it as a judge"
        )
        return None
    return table


def _parquet_rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, ValueError):
        # What is wrong with the file is said where it is read.
        return 0


def _no_rows(table: Table, name: str) -> str:
    missing = f"{name} has the columns of a table of ratings but no rows; fill it or take it out"
    return "" if len(table.rows) else missing


def nothing_found(folder: Path, headings: Headings, notes: Sequence[str] = ()) -> str:
    """Say that a folder has no table of ratings, and why tables were passed over."""
    keys = ", ".join(getattr(headings, role) for role in KEY_ROLES)
    missing = f"{folder} holds no table of ratings; expected {', '.join(READERS)} files with columns {keys}"
    return "; ".join([missing, *notes])


def _rating_problems(study: Study, rows: pd.DataFrame) -> Iterator[str]:
    """Say which ratings are no numbers, on another scale, or more than fit."""
    if study.scale.low >= study.scale.high:
        # That is a problem by itself; every rating would be another.
        return
    yield from no_numbers(rows, study.scale)
    yield from scale_problems(study, rows.assign(n=1))
    raters, items = len(study.experts) + len(study.judges), rows["item"].nunique()
    places = raters * items * len(study.systems) * len(study.attributes)
    if places > MOST_PLACES:
        yield (
            f"{raters} raters x {items:,} {study.item.many} x {len(study.systems):,} systems x "
            f"{len(study.attributes)} attributes are {places:,} places for ratings, more than the {MOST_PLACES:,} that "
            "fit; add them up first with: python -m data counts"
        )
