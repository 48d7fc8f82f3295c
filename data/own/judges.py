"""Judges of a reader's own, added to any study: files of ratings matched with the study's replies."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from data.contexts import DIFFERENT, compare
from data.data_errors import DATA_ERROR, ErrorCount, count_errors, with_kinds
from data.errors import NotOwnError, ReleaseError, StudyError, UnratedJudgeError
from data.own import FILE
from data.own.judge_cells import match_cells
from data.own.judge_rows import match_rows
from data.own.layout import KEY_ROLES, is_telling
from data.own.matching import Matched, headings_of
from data.own.naming import is_published, judge_called, key_of_file
from data.own.other_tools import FORMS, read_scores
from data.own.wording import FEW, counted, some
from data.ratings import LEDGER_COLUMNS, FileRecord, Ratings, context_entries, long_table
from data.released.files import is_changed, is_released
from data.study import HUMAN, Study
from data.tables import READERS, Table, read_table, table_files

Own = Mapping[str, Sequence[str]]
"""By judge, the systems that are its own."""


@dataclass(frozen=True)
class AddedFile:
    """One file of added judges.

    Attributes
    ----------
    name, layout, paired_by
        Its name, how it holds ratings (``released``, ``long`` or ``wide``), and what its rows were matched by (``item``
        or ``message``).
    judges
        Whose ratings it holds, by key.
    replies, matched
        How many replies it rates, counted for each judge, and how many of them are the study's.
    unmatched
        ``file, what, name, n``: names of items, messages or attributes that are not the study's, and how many of the
        file's replies have each.
    new_systems
        How many replies it rates of each system that no expert rated.
    different
        How many of its messages are another conversation than the experts had.
    data_errors, places
        How many errors of each kind it has, and where each of a kind stands.
    notes
        What was passed over and why.
    known
        The study's names, by what they are of.
    """

    name: str
    layout: str
    paired_by: str
    judges: tuple[str, ...]
    replies: int
    matched: int
    unmatched: pd.DataFrame
    new_systems: Mapping[str, int]
    different: int
    data_errors: tuple[ErrorCount, ...]
    places: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]
    known: Mapping[str, Sequence[str]]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was matched and what not, a sentence each."""
        what = {"released": "in the layout of the release", "long": "long", "wide": "wide"}[self.layout]
        said = [
            f"{self.name} ({what}): {counted(len(self.judges), 'judge')}, {some(self.judges)}",
            *self.matched_sentences,
        ]
        said += (*self.unmatched_sentences, *self.new_sentences)
        if self.different:
            said.append(f"{counted(self.different, 'message')} of another conversation than the experts had")
        for each in self.data_errors:
            if each.kind != "different":
                what = counted(each.n, DATA_ERROR[each.kind].one, DATA_ERROR[each.kind].many)
                said.append(f"{what}{_at(self.places.get(each.kind, ()))}")
        return (*said, *self.notes)

    @property
    def matched_sentences(self) -> tuple[str, ...]:
        """How many replies are the study's, in a sentence if there are any."""
        of = f"of {counted(self.replies, 'reply', 'replies')} matched by {self.paired_by}"
        return (f"{self.matched:,} {of}",) if self.matched else ()

    @property
    def unmatched_sentences(self) -> tuple[str, ...]:
        """What of the file is not the study's, a sentence each."""
        said = []
        for kind, names in self.unmatched.groupby("what", sort=False):
            shown = some([f"{name!r}{_nearest(name, self.known.get(kind, ()))}" for name in names["name"]])
            many = f"{kind}s" if len(names) > 1 else kind
            replies = counted(int(names["n"].sum()), "reply", "replies")
            said.append(f"{len(names):,} {many} not in the study, in {replies}: {shown}")
        return tuple(said)

    @property
    def new_sentences(self) -> tuple[str, ...]:
        """What becomes of the systems that no expert rated, in a sentence if there are any."""
        if not self.new_systems:
            return ()
        shown = some([f"{name!r}{_nearest(name, self.known['system'])}" for name in self.new_systems])
        systems = counted(len(self.new_systems), "system")
        replies = counted(sum(self.new_systems.values()), "reply", "replies")
        return (f"{systems} that no expert rated, in {replies}: {shown}; kept for the table new-systems alone",)


@dataclass(frozen=True)
class Added:
    """A study with judges added, the keys of these judges, and what was found in each file.

    A judge of the study whose file has ratings of new systems is none of the ``judges``.
    """

    ratings: Ratings
    judges: tuple[str, ...]
    files: tuple[AddedFile, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was matched and what not in all files, a sentence each."""
        return tuple(sentence for file in self.files for sentence in file.sentences)


def add_judge(
    ratings: Ratings, path: Path | tuple[str, bytes], *, name: str | None = None, own: Own | None = None
) -> Added:
    """Add the judge or the judges of a file to a study; the study that is given stays as it is.

    Rows belong to the study's replies by item and system, or by message and system where the file has no column of
    items. Nothing of the other judges changes.

    Parameters
    ----------
    ratings
        The study.
    path
        A file in the layout of the release, or a long or wide table; a folder of such files; or the name of a file and
        what is in it.
    name
        What to call the judge instead of what the file calls it.
    own
        By judge, the systems that are the judge's own, or its model's: it is not compared on them.

    Raises
    ------
    ReleaseError
        The file cannot be used, as a sentence or several.
    """
    if isinstance(path, Path) and path.is_dir():
        return _add_folder(ratings, path, name, own or {})
    if isinstance(path, Path):
        if not path.is_file():
            raise ReleaseError(f"{path} is no file; name a file with a judge's ratings, or a folder of such files")
        path = (path.name, path.read_bytes())
    file, content = path
    table = read_judges_table(ratings, file, content)
    if table is None:
        raise ReleaseError(
            f"{file} does not look like a judge's ratings; expected are columns judge_response_..., or item (or "
            "message), system, and either attribute and rating or a column for each attribute; or a log of Inspect "
            "AI, or results of promptfoo or DeepEval"
        )
    if not len(table.rows):
        problem = f"{file} has the columns of a judge's ratings but no rows; fill it"
        raise StudyError([problem, *(f"{file}: {note}" for note in table.notes)])
    return _owning(_added(ratings, table, file, hashlib.sha256(content).hexdigest(), name), own or {})


def read_judges_table(ratings: Ratings, file: str, content: Path | bytes) -> Table | None:
    """Read a table that may hold a judge's ratings; None where none of its headings tells of any."""
    if Path(file).suffix.lower() in FORMS:
        return read_scores(content.read_bytes() if isinstance(content, Path) else content, file)
    accepted = headings_of(ratings)
    roles = (*KEY_ROLES, "message")
    return read_table(content, file, lambda names: is_released(names) or is_telling(names, accepted, roles))


def _add_folder(ratings: Ratings, folder: Path, name: str | None, own: Own) -> Added:
    added = Added(ratings, (), ())
    waiting = [path for path in table_files(folder, READERS) if read_judges_table(ratings, path.name, path) is not None]
    while waiting:
        before, left = len(waiting), list[Path]()
        for path in waiting:
            try:
                one = add_judge(added.ratings, path, name=name, own=own)
            except UnratedJudgeError:
                # Another file may have what the judge gives the study's systems.
                left.append(path)
                continue
            added = Added(one.ratings, added.judges + one.judges, added.files + one.files)
        if len(left) == before:
            add_judge(added.ratings, left[0], name=name, own=own)
        waiting = left
    if not added.files:
        raise ReleaseError(f"{folder} holds no file of a judge's ratings; expected are {', '.join(READERS)} files")
    return added


def _added(ratings: Ratings, table: Table, file: str, sha256: str, name: str | None) -> Added:
    stem = Path(file).stem
    key = name or key_of_file(ratings.study, stem)
    if is_released(table.names):
        matched = match_cells(ratings, table, file, key)
    else:
        matched = match_rows(ratings, table, file, key, name)
    if not matched.matched and matched.new_systems.empty:
        raise ReleaseError(_none_matched(ratings.study, matched, file))
    if problems := list(_rated_before(ratings.new_systems, matched.new_systems, file)):
        raise StudyError(problems)
    judges = tuple(matched.as_released)
    changed = is_published(ratings.study) and is_changed(stem, sha256)
    every = (*judges, *(judge for judge in matched.new_systems["judge"].unique() if judge not in judges))
    record = FileRecord(_free(file, ratings), sha256, len(table.rows), every, changed)
    joined, ledger = _with(ratings, matched, record)
    differing = joined.differing[joined.differing["rater"].isin(judges)]
    of_reply = matched.new_systems.drop_duplicates(["judge", "new_system", "conversation"])
    found = AddedFile(
        name=record.name,
        layout=matched.layout,
        paired_by=matched.paired_by,
        judges=every,
        replies=matched.replies,
        matched=matched.matched,
        unmatched=matched.unmatched,
        new_systems=of_reply["new_system"].value_counts(sort=False).to_dict(),
        different=int((differing["error"] == DIFFERENT).sum()),
        data_errors=count_errors(ledger),
        places=_places(ledger),
        notes=(
            *table.notes,
            *matched.notes,
            *_gaps(joined.study, matched),
            *_unusable(matched.new_systems),
            *_taken_as(ratings.study, every),
        ),
        known={"system": ratings.study.system_keys, "attribute": ratings.study.attribute_names},
    )
    return Added(joined, judges, (found,))


def _owning(added: Added, own: Own) -> Added:
    """State which systems are the added judges' own; what is to be noted of them goes with the ratings."""
    (file,) = added.files
    study = added.ratings.study
    for judge in added.judges:
        if unknown := [system for system in own.get(judge, ()) if system not in study.system_keys]:
            raise NotOwnError(
                f"{some([repr(system) for system in unknown])} cannot be {judge}'s own, since the systems "
                f"of the study are {some(study.system_keys, 12)}; allowed are these"
            )
    judges = (
        replace(each, own=tuple(own.get(each.key, each.own))) for each in study.judges if each.key in added.judges
    )
    others = (each for each in study.judges if each.key not in added.judges)
    study = replace(study, judges=(*others, *judges))
    file = replace(file, notes=(*file.notes, *_owners(study, [judge for judge in added.judges if judge not in own])))
    said = (*file.unmatched_sentences, *file.new_sentences, *file.notes)
    told = tuple(f"{file.name}: {sentence}" for sentence in said)
    ratings = replace(added.ratings, study=study, notes=(*added.ratings.notes, *told))
    return Added(ratings, added.judges, (file,))


def _none_matched(study: Study, matched: Matched, file: str) -> str:
    parts = [
        f"{kind}s not known are {some([repr(name) for name in names['name']])}"
        for kind, names in matched.unmatched.groupby("what", sort=False)
    ]
    return "; ".join(
        [
            f"{file}: none of its {counted(matched.replies, 'reply', 'replies')} is one of {study.title}",
            *parts,
            f"systems of the study are {some(study.system_keys, 12)}; attributes are {some(study.attribute_names, 12)}",
            f"if it is a study of its own, put it into a folder beside a {FILE} and name the folder",
        ]
    )


def _nearest(name: str, known: Sequence[str]) -> str:
    """Ask whether a name that is not known is a misspelled one."""
    near = get_close_matches(name, known, n=1)
    return f" (is it {near[0]!r}?)" if near else ""


def _places(ledger: pd.DataFrame) -> dict[str, list[str]]:
    """Name the place of each entry of a ledger that stands anywhere, by kind."""
    there = with_kinds(ledger[ledger["row"] > 0])
    columns = there["column"].map(lambda column: f", column {column}" if column else "")
    named = "row " + there["row"].astype(str) + columns
    return {str(kind): names.tolist() for kind, names in named.groupby(there["kind"], sort=False)}


def _at(places: Sequence[str]) -> str:
    """Name the first few places."""
    more = [f"and {len(places) - FEW:,} more"] if len(places) > FEW else []
    return f": {'; '.join([*places[:FEW], *more])}" if places else ""


def _owners(study: Study, judges: Sequence[str]) -> Iterator[str]:
    """Say which judges would be compared on replies that they may have written."""
    if not any(each.own or each.maker for each in study.judges):
        return
    for judge in judges:
        known = study.judge(judge)
        if known and not known.own and not known.maker:
            yield f"which systems are {judge}'s own is not known; it is compared on all, where others leave theirs out"


def _free(file: str, ratings: Ratings) -> str:
    """Return a name that no other file of the study has."""
    taken = {record.name for record in ratings.files}
    names = [file, *(f"{file} ({number})" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _with(ratings: Ratings, matched: Matched, record: FileRecord) -> tuple[Ratings, pd.DataFrame]:
    """Return the study with what was matched behind what it has, and what of the ledger is new."""
    # Which conversations differ is settled for these judges against the experts alone.
    experts = ratings.contexts[ratings.contexts["rater"] == HUMAN]
    differing = compare(_behind(experts, matched.contexts), HUMAN)
    new_systems = _behind(ratings.new_systems, _with_different(matched.new_systems, differing))
    judges = tuple(matched.as_released)
    if not judges:
        return replace(ratings, files=(*ratings.files, record), new_systems=new_systems), matched.ledger
    study = replace(
        ratings.study, judges=(*ratings.study.judges, *(judge_called(ratings.study, key) for key in judges))
    )
    long = long_table(study, ratings.conversations, matched.as_released, matched.valid, raters=judges)
    raters = [*ratings.long["rater"].cat.categories, *judges]
    contexts = matched.contexts[matched.contexts["rater"].isin(judges)]
    differing = differing[differing["rater"].isin(judges)]
    unlike = context_entries(differing, matched.places, study.item.one)
    ledger = _behind(matched.ledger, pd.DataFrame(unlike, columns=LEDGER_COLUMNS)).assign(file=record.name)
    ledger = ledger.sort_values("row", kind="stable")
    fenced = {record.name: sum(matched.fenced.values())} if matched.fenced else {}
    grown = replace(
        ratings,
        study=study,
        long=pd.concat(
            [each.assign(rater=each["rater"].cat.set_categories(raters)) for each in (ratings.long, long)],
            ignore_index=True,
        ),
        contexts=_behind(ratings.contexts, contexts),
        explanations=_behind(ratings.explanations, matched.explanations),
        ledger=_behind(ratings.ledger, ledger),
        differing=_behind(ratings.differing, differing),
        files=(*ratings.files, record),
        fenced={**(ratings.fenced or {}), **fenced},
        retests=_behind(ratings.retests, matched.retests),
        new_systems=new_systems,
    )
    return grown, ledger


def _with_different(new_systems: pd.DataFrame, differing: pd.DataFrame) -> pd.DataFrame:
    """Mark replies to another message than the experts had."""
    rows = differing[differing["error"] == DIFFERENT]
    other = pd.MultiIndex.from_frame(rows[["rater", "conversation"]])
    return new_systems.assign(different=pd.MultiIndex.from_frame(new_systems[["judge", "conversation"]]).isin(other))


def _behind(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put one frame behind another; one without rows has no say in the types."""
    if not len(second):
        return first
    return pd.concat([first, second[list(first.columns)]], ignore_index=True) if len(first) else second


def _rated_before(before: pd.DataFrame, new: pd.DataFrame, file: str) -> Iterator[str]:
    """Say which ratings of new systems an earlier file has already."""
    keys = ["judge", "new_system", "conversation", "attribute"]
    twice = new.merge(before[keys], on=keys) if len(before) else new.iloc[:0]
    for (judge, system), rows in twice.groupby(keys[:2], sort=False):
        yield (
            f"{file}: {counted(len(rows), 'rating')} of the system {system!r} by {judge} stand in an earlier file "
            "already; take one of the files out"
        )


def _unusable(new_systems: pd.DataFrame) -> Iterator[str]:
    """Say how many ratings of new systems do not count."""
    if n := int(new_systems["valid"].isna().sum()):
        yield f"{counted(n, 'rating')} of systems that no expert rated {'is' if n == 1 else 'are'} not on the scale"


def _taken_as(study: Study, judges: Sequence[str]) -> Iterator[str]:
    """Say of which judges a file has more ratings than the study has already."""
    for judge in judges:
        if judge in study.judge_keys:
            yield f"these ratings are taken for those of {judge}, the judge that the study has by this name"


def _gaps(study: Study, matched: Matched) -> Sequence[str]:
    """Say what of the study each judge has no rating of."""
    said = []
    for judge, numbers in matched.valid.items():
        there = ~pd.isna(numbers)
        systems = [key for key, any_here in zip(study.system_keys, there.any((0, 2)), strict=True) if not any_here]
        names = [name for name, any_here in zip(study.attribute_names, there.any((0, 1)), strict=True) if not any_here]
        items = int(there.any((1, 2)).sum())
        if items < len(numbers):
            said.append(f"{judge} rates {items:,} of {study.counted(len(numbers))}")
        if systems:
            said.append(f"{judge} has no ratings of the systems {some(systems)}")
        if names:
            said.append(f"{judge} has no ratings of the attributes {some(names)}")
    return said
