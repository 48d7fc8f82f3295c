"""Counts of a study whose ratings are too many to hold: of a folder's tables, or of a table of any engine."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from data.counting.engines import Engine
from data.counting.grouping import count_long
from data.counting.long import NAMES, Bring, is_plain, items_of, long_ratings, named_only, stripped
from data.counting.survey import data_errors, name_problems, named, number_problems, survey
from data.counting.tables import LazyTable, lazy_tables, opened, rating_columns
from data.counts import BLOCKS
from data.counts_file import About
from data.errors import ReleaseError, StudyError
from data.own import FILE
from data.own.describing import disagreements, study_of
from data.own.filling import scale_problems
from data.own.study_file import StudyFile, read_study_file
from data.ratings import FileRecord
from data.sources import revision_of
from data.study import HUMAN, Study


def count_folder(folder: Path, engine: Engine) -> tuple[pd.DataFrame, About]:
    """Count the ratings of a folder with a ``study.toml`` and tables, each with one rating or one reply a row.

    Returns
    -------
    tuple
        The counts by blocks, as :func:`data.counts.count_pairs` has them, and what they are of. Systems, attributes and
        judges that the ``study.toml`` does not list stand in the order of their names. Messages are not compared: no
        item is different in a judge's file.

    Raises
    ------
    ReleaseError
        The folder, a table or the ratings cannot be used.
    """
    file = _study_file(folder)
    every = lazy_tables(folder, file.headings)
    try:
        found = survey(opened(every, engine))
        tables = rating_columns(every, found, {each.name for each in file.attributes})
        if tables != every:
            found = survey(opened(tables, engine))
        counts, about = _counted(opened(tables, engine), found, file, folder, engine.bring)
    except engine.errors as error:
        reason = str(error).strip().partition("\n")[0]
        raise ReleaseError(f"{engine.name} cannot read the tables of {folder} ({reason})") from error
    files = tuple(_record(table, found[found["file"] == table.name], about.study) for table in tables)
    return counts, replace(about, files=files, revision=revision_of(files))


def count_table(ratings: Any, folder: Path, bring: Bring, *, revision: str) -> tuple[pd.DataFrame, About]:
    """Count a table of any engine that narwhals knows: a Spark or Dask frame, a relation of DuckDB, ...

    Parameters
    ----------
    ratings
        One row a rating; its columns are called as the ``study.toml`` says.
    folder
        Has the ``study.toml``.
    bring
        Makes a table of the engine's own out of a ``pyarrow.Table``, as ``spark.createDataFrame`` does.
    revision
        Which ratings these are, for whoever reads the counts.

    Returns
    -------
    tuple
        As :func:`count_folder` returns them; no files are named.

    Raises
    ------
    ReleaseError
        The ``study.toml`` or the ratings cannot be used.
    """
    file = _study_file(folder)
    called = {getattr(file.headings, role): role for role in (*NAMES, "rating")}
    long = long_ratings(nw.from_native(ratings).lazy().rename(called))
    counts, about = _counted(long, survey(long), file, folder, bring)
    return counts, replace(about, revision=revision)


def _study_file(folder: Path) -> StudyFile:
    described = read_study_file(folder / FILE)
    if described.problems or described.file is None:
        raise StudyError(described.problems)
    return described.file


def _counted(
    ratings: nw.LazyFrame[Any], found: pd.DataFrame, file: StudyFile, folder: Path, bring: Bring
) -> tuple[pd.DataFrame, About]:
    items = items_of(ratings)
    # To look at every name costs an engine as much again as counting, and few tables need it.
    if not all(map(is_plain, (*items, *found[list(NAMES[1:])].to_numpy().ravel()))):
        ratings = stripped(ratings)
        found = survey(ratings)
        ratings = named_only(ratings)
        items = items_of(ratings)
    rows = named(found)
    study = study_of(file, rows, folder.resolve().name)
    checks = (
        name_problems(found),
        disagreements(file, rows, rows["written"]),
        number_problems(rows, study.scale),
        scale_problems(study, rows),
        filter(None, [study.unjudged]),
    )
    if problems := [problem for check in checks for problem in check]:
        raise StudyError(problems)
    blocks = min(BLOCKS, len(items))
    counts = count_long(ratings, study, items, bring, blocks=blocks)
    return counts, About(study, "", len(items), blocks, data_errors=data_errors(rows, study))


def _record(table: LazyTable, found: pd.DataFrame, study: Study) -> FileRecord:
    """Describe a file that was counted; a row of a wide one has a rating on each attribute; empty rows are none."""
    with table.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    here = set(found["rater"].str.strip())
    experts = (HUMAN,) if here.intersection(study.experts) else ()
    judges = tuple(judge for judge in study.judge_keys if judge in here)
    filled = found[["rater", "system"]].notna().any(axis=1) | found["written"]
    rows = int(found["n"][filled].sum()) // max(1, len(table.attributes))
    return FileRecord(table.name, sha256, rows, experts + judges)
