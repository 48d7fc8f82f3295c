"""What a folder or a file of ratings holds, what fits together, and what stands against using it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from data import mentalalign
from data.counts_file import is_counts
from data.data_errors import count_kinds, with_kinds
from data.errors import NoRatingsError, NoStudyFileError, ReleaseError, StudyError
from data.facts import REPLIES, Facts, facts_of, paired_replies
from data.folder import read_folder
from data.own import FILE
from data.own.judges import Added, add_judge, read_judges_table
from data.own.layout import recognise
from data.own.matching import UNMATCHED, headings_of
from data.own.reading import survey
from data.own.wording import counted, some
from data.ratings import LEDGER_COLUMNS, Ratings, long_table
from data.released.files import bare, is_released
from data.repeats import COLUMNS as REPEATS
from data.study import HUMAN, Study

Kind = Literal["own study", "release", "tables without study.toml", "judge", "unknown"]

TABLES = ["file", "layout", "rows", "raters"]
DATA_ERRORS = ["file", "rater", "kind", "n", "n_fixed"]
# How many names a sentence lists.
_NAMES = 20

_NAMES_ALONE = "no study was read, and names alone were compared; to match the ratings, name a study with --source"


@dataclass(frozen=True)
class Check:
    """What a folder or a file holds, and whether it can be used.

    Attributes
    ----------
    kind
        ``own study``, ``release``, ``tables without study.toml``, ``judge`` (a file to be added to a study) or
        ``unknown``.
    recognised, matched, unmatched, problems, notes
        A sentence each: what was told, what belongs together, what does not, what stands against using it, and what was
        passed over.
    tables
        ``file, layout, rows, raters``: the files with ratings.
    replies
        ``REPLIES``: for each judge the replies that it rates, those that experts rate too (``matched``), those that
        only it or only experts rate, and the messages that are another conversation than the experts had.
    names
        ``file, what, name, n``: what a judge's file names that the study does not have.
    data_errors
        ``file, rater, kind, n, n_fixed``, as :func:`data.data_errors.count_kinds` has them.
    facts
        How much there is of what tables need; None where there is no study that can be used.
    ratings
        The study itself, with the judge if a file was checked; None where it cannot be used.
    """

    kind: Kind
    recognised: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tables: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TABLES))
    replies: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=REPLIES))
    names: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=UNMATCHED))
    data_errors: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=DATA_ERRORS))
    facts: Facts | None = None
    ratings: Ratings | None = None

    @property
    def usable(self) -> bool:
        """Whether all of it can be used."""
        return bool(self.recognised) and not self.problems and not len(self.names)


def check(path: Path, ratings: Ratings | None = None) -> Check:
    """Check a folder of ratings, or a file of a judge's ratings.

    Parameters
    ----------
    path
        A folder (an own study, or files like those of the release), or a file.
    ratings
        The study that a file would be added to. Without one its names are compared with those of the published study,
        and it cannot be matched by messages.
    """
    if path.is_file():
        return _file(path, ratings)
    if (path / FILE).is_file():
        return _own(path)
    try:
        found = read_folder(path)
    except NoStudyFileError as error:
        return Check("tables without study.toml", problems=(str(error),))
    except ReleaseError as error:
        kind: Kind = "unknown" if isinstance(error, NoRatingsError) or not path.is_dir() else "release"
        return Check(kind, problems=(str(error),))
    tables = pd.DataFrame(
        [(record.name, "released", record.rows, record.raters) for record in found.files], columns=TABLES
    )
    return _of_ratings("release", found, tables)


def check_ratings(ratings: Ratings) -> Check:
    """Check ratings that were read already."""
    tables = pd.DataFrame(
        [(record.name, "read", record.rows, record.raters) for record in ratings.files], columns=TABLES
    )
    return _of_ratings("release" if ratings.study.published else "own study", ratings, tables)


def _own(folder: Path) -> Check:
    surveyed = survey(folder)
    raters = surveyed.rows[["file", "rater"]].drop_duplicates().dropna()
    tables = pd.DataFrame(
        [
            (
                table.name,
                table.layout.kind,
                table.rows,
                tuple(raters.loc[raters["file"] == table.name, "rater"]),
            )
            for table in surveyed.tables
        ],
        columns=TABLES,
    )
    if surveyed.problems:
        known = _described(surveyed.study) if surveyed.study else ()
        return Check(
            "own study",
            recognised=(*known, *_of_tables(tables)),
            problems=surveyed.problems,
            notes=surveyed.notes,
            tables=tables,
        )
    return _of_ratings("own study", surveyed.ratings(), tables)


def _file(path: Path, ratings: Ratings | None) -> Check:
    if is_counts(path):
        return Check("unknown", problems=(f"{path.name} is a file of counts, which is a source by itself: --source",))
    study = ratings or _published()
    try:
        added = add_judge(study, path)
    except ReleaseError as error:
        problems = error.problems if isinstance(error, StudyError) else (str(error),)
        known = _layout(path, study)
        return Check("judge" if len(known) else "unknown", tuple(_of_tables(known)), problems=problems, tables=known)
    (file,) = added.files
    tables = pd.DataFrame([(file.name, file.layout, added.ratings.files[-1].rows, file.judges)], columns=TABLES)
    replies = paired_replies(added.ratings) if ratings else paired_replies(added.ratings).iloc[:0]
    replies = replies[replies["judge"].isin(added.judges)].reset_index(drop=True)
    if ratings:
        matched, notes = file.matched_sentences, file.notes
    else:
        of_all = f"{file.matched:,} of {counted(file.replies, 'reply', 'replies')}"
        matched, notes = (f"{of_all} called like the published study's",), (*file.notes, _NAMES_ALONE)
    return Check(
        "judge",
        recognised=(f"a judge's file for {study.study.title}", *_of_tables(tables)),
        matched=(*matched, *file.new_sentences),
        unmatched=(*file.unmatched_sentences, *_unpaired(replies, added.ratings.study)),
        notes=notes,
        tables=tables,
        replies=replies,
        names=file.unmatched,
        data_errors=_data_errors(added),
        facts=facts_of(added.ratings) if ratings else None,
        ratings=added.ratings if ratings else None,
    )


def _layout(path: Path, ratings: Ratings) -> pd.DataFrame:
    """Tell how a file that cannot be used holds ratings; no row where that cannot be told."""
    try:
        table = read_judges_table(ratings, path.name, path)
        if table is None:
            return pd.DataFrame(columns=TABLES)
        if is_released(table.names):
            found: tuple[str, tuple[str, ...]] = ("released", (bare(path.stem),))
        else:
            layout = recognise(table, path.name, headings_of(ratings), ratings.study.attribute_names)
            place = layout.places.get("rater")
            raters = [bare(path.stem)] if place is None else list(table.texts(place).categories)
            found = (layout.kind, tuple(raters))
    except ReleaseError:
        return pd.DataFrame(columns=TABLES)
    layout_name, whose = found
    return pd.DataFrame([(path.name, layout_name, len(table.rows), whose)], columns=TABLES)


def _data_errors(added: Added) -> pd.DataFrame:
    ledger = added.ratings.ledger
    return count_kinds(with_kinds(ledger[ledger["rater"].isin(added.judges)]))


def _published() -> Ratings:
    """Return the published study without ratings: what is known of its names."""
    study = mentalalign.STUDY
    nothing = np.full((mentalalign.CONVERSATIONS, len(study.systems), len(study.attributes)), np.nan)
    items = range(1, mentalalign.CONVERSATIONS + 1)
    return Ratings(
        study=study,
        long=long_table(study, items, {HUMAN: nothing}, {HUMAN: nothing}),
        contexts=pd.DataFrame(columns=["conversation", "rater", "context"]),
        explanations=pd.DataFrame(columns=["conversation", "model", "rater", "explanation"]),
        ledger=pd.DataFrame(columns=LEDGER_COLUMNS),
        differing=pd.DataFrame(columns=["conversation", "rater", "error", "stands_at"]),
        repeats=pd.DataFrame(columns=REPEATS),
        files=(),
    )


def _of_ratings(kind: Kind, ratings: Ratings, tables: pd.DataFrame) -> Check:
    replies = paired_replies(ratings)
    return Check(
        kind,
        recognised=(*_described(ratings.study), *_of_tables(tables)),
        matched=tuple(
            f"{ratings.study.rater(row.judge)}: {row.matched:,} replies rated by experts too"
            for row in replies.itertuples()
        ),
        unmatched=tuple(_unpaired(replies, ratings.study)),
        notes=(*filter(None, [ratings.study.unjudged]), *ratings.notes),
        tables=tables,
        replies=replies,
        data_errors=count_kinds(with_kinds(ratings.ledger)),
        facts=facts_of(ratings),
        ratings=ratings,
    )


def _described(study: Study) -> Iterator[str]:
    """Say what is known of a study."""
    scale = study.scale
    yield f"study {study.title}"
    yield f"scale: {scale.points}; poor at {scale.poor:g} or below, good at {scale.good:g} or above"
    if study.pooled:
        yield "experts: one rating of each reply stands for all of them"
    else:
        mean = ", whose mean is the reference" if len(study.experts) > 1 else ""
        yield f"{counted(len(study.experts), 'expert')}{mean}: {some(study.experts, _NAMES)}"
    if study.judges:
        yield f"{counted(len(study.judges), 'judge')}: {some(study.judge_keys, _NAMES)}"
    yield f"{counted(len(study.systems), 'system')}: {some(study.system_keys, _NAMES)}"
    yield f"{counted(len(study.attributes), 'attribute')}: {some(study.attribute_names, _NAMES)}"
    if study.groups:
        yield f"{counted(len(study.groups), 'group')}: {'; '.join(group.meaning for group in study.groups)}"


def _of_tables(tables: pd.DataFrame) -> Iterator[str]:
    for table in tables.itertuples():
        yield f"{table.file}: {table.layout}, {counted(table.rows, 'row')}, ratings of {some(table.raters, _NAMES)}"


def _unpaired(replies: pd.DataFrame, study: Study) -> Iterator[str]:
    """Say which replies only one side rates, and which messages differ."""
    for row in replies.itertuples():
        judge = study.rater(row.judge)
        if row.without_experts:
            yield f"{judge}: {counted(row.without_experts, 'reply', 'replies')} that no expert rates"
        if row.without_judge:
            yield f"{judge}: {counted(row.without_judge, 'reply', 'replies')} that experts rate and it does not"
        if row.different:
            yield f"{judge}: {counted(row.different, 'message')} of another {study.item.one} than the experts had"
