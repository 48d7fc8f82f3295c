"""Find the rating files of a folder in the layout of the release, and tell whose ratings each holds."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import NoRatingsError, ReleaseError
from data.mentalalign import JUDGE_OF_FILE, SUFFIX, WORKBOOKS
from data.ratings import FileRecord, is_reserved
from data.study import HUMAN
from data.tables import Table, read_table, table_files

FORMATS = (".xlsx", ".parquet", ".csv")
LONGEST_NUMBER = 9
CONTEXT = "context"

_COLUMN = re.compile(r"(human|judge)_response_(.+)", re.IGNORECASE)
_ENDING = "_llm_judge"
_WITH_EXPERTS = "_with_human"
_RELEASED = {Path(name).stem for name in WORKBOOKS}


@dataclass(frozen=True)
class Part:
    """The cells of one rater in one file.

    ``conversations`` is empty when the file has no ``ConvID``; ``contexts`` is empty when it has no ``context``. Of
    rows with one number the first is here, and ``repeated`` has the number and the sheet's row of each of the others.
    ``sheet_rows`` are the numbers that a spreadsheet shows beside the rows; ``headings`` has each model's heading, and
    that of the context under ``context``, as the file writes them.
    """

    rater: str
    file: str
    conversations: list
    contexts: list[str]
    cells: dict[str, list[object]]
    repeated: tuple[tuple[object, int], ...]
    sheet_rows: list[int]
    headings: dict[str, str]

    @property
    def rows(self) -> int:
        """How many rows the part has."""
        return len(next(iter(self.cells.values())))


@dataclass(frozen=True)
class Reading:
    """All parts of a folder, what was read, and in ``notes`` what was passed over and why."""

    parts: tuple[Part, ...]
    files: tuple[FileRecord, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Naming:
    """What the layout calls the systems, judges and items of a study.

    Attributes
    ----------
    suffixes
        The system of each ending of a heading.
    judge
        Tells the judge from the name of a file without its ending; None where it names none.
    items, messages
        What the columns of items and of messages may be called, in small letters.
    read_items
        Reads the items from a column of a table; the file's name is for messages.
    """

    suffixes: Mapping[str, str]
    judge: Callable[[str], str | None]
    items: tuple[str, ...]
    messages: tuple[str, ...]
    read_items: Callable[[Table, int, str], list]


def read_folder(folder: Path, *, report: Callable[[str], object] = str) -> Reading:
    """Read every rating file below ``folder``.

    Files are told by their columns, and judges by the names of their files: those of the study have the released names,
    and any other ``<name>_llm_judge`` is a judge called ``<name>``. The experts' ratings are taken from a file of their
    own when there is one, and from the joined files otherwise. Of two files with the same judge the first is read
    (workbook, Parquet, CSV; then by path).

    Raises
    ------
    ReleaseError
        The folder is missing, a rating file cannot be read, the experts or every judge is missing, or several experts
        have files of their own.
    """
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is not a folder; name a folder that holds a copy of the release")
    notes: list[str] = []
    found: list[Part] = []
    for path in table_files(folder, FORMATS):
        name = path.relative_to(folder).as_posix()
        table = read_table(path, name, is_released)
        if table is not None:
            report(f"Reading {name}")
            found += parts_of(table, name, PUBLISHED, notes)
    parts = _first_of_each(found, notes)
    _check_experts(parts, folder, notes)
    files = []
    for name in dict.fromkeys(part.file for part in found):
        own = [part for part in parts if part.file == name]
        if own:
            files.append(_record(folder / name, name, own))
    return Reading(parts, tuple(files), tuple(notes))


def _record(path: Path, name: str, parts: list[Part]) -> FileRecord:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = parts[0].rows + len(parts[0].repeated)
    return FileRecord(name, sha256, rows, tuple(part.rater for part in parts), is_changed(path.stem, sha256))


def is_changed(stem: str, sha256: str) -> bool:
    """Whether a file has the name of a released one, told without its ending, and another content."""
    return stem.removesuffix(_WITH_EXPERTS) in _RELEASED and sha256 not in WORKBOOKS.values()


def _first_of_each(found: list[Part], notes: list[str]) -> tuple[Part, ...]:
    """Keep each judge's first file, and one file of the experts alone or else the expert halves of the kept files."""
    kept: dict[str, Part] = {}
    joined = {part.file for part in found if part.rater != HUMAN}
    alone = [part.file for part in found if part.rater == HUMAN and part.file not in joined]
    if len({Path(file).stem for file in alone}) > 1:
        raise ReleaseError(
            f"{', '.join(alone)} all hold experts' ratings, and nothing tells how they belong together; keep one of "
            "them, or write each expert's ratings as a table and name the experts in study.toml"
        )
    for part in found:
        if part.rater == HUMAN and part.file in joined:
            continue
        first = kept.setdefault(part.rater, part)
        if first is not part:
            notes.append(f"{part.file} was not read: {first.file} already holds its ratings")
    experts = kept.pop(HUMAN, None)
    files = {part.file for part in kept.values()}
    halves = [part for part in found if part.rater == HUMAN and part.file in files]
    known = list(JUDGE_OF_FILE.values())
    judges = sorted(kept.values(), key=lambda part: known.index(part.rater) if part.rater in known else len(known))
    return (*([experts] if experts else halves), *judges)


def _check_experts(parts: Iterable[Part], folder: Path, notes: list[str]) -> None:
    """Complain when there are no experts; what was passed over may be the reason."""
    raters = {part.rater for part in parts}
    if not raters:
        missing = (
            f"no rating file; expected {', '.join(FORMATS)} files with columns human_response_... and "
            "judge_response_..., as the release has them, or tables of an own study beside a study.toml"
        )
        raise NoRatingsError("; ".join([f"{folder} holds {missing}", *notes]))
    if HUMAN not in raters:
        missing = "judges' ratings only; the experts' file (human_response_...) is missing"
        raise ReleaseError("; ".join([f"{folder} holds {missing}", *notes]))


def parts_of(table: Table, name: str, naming: Naming, notes: list[str]) -> list[Part]:
    """Split a table into the experts' cells and the judge's; what is passed over is added to ``notes``.

    Raises
    ------
    ReleaseError
        The table has no rows, nothing tells them apart, or a column stands twice.
    """
    sides = _rating_columns(table, name, naming.suffixes, notes)
    numbers = _column(table, naming.items, name)
    texts = _column(table, naming.messages, name)
    if numbers is None and texts is None:
        raise ReleaseError(f"{name} has neither a column ConvID nor a column context; its rows cannot be told apart")
    if not len(table.rows):
        raise ReleaseError(f"{name} has the columns of a rating file but no rows; fill it, or take another copy")
    sheet_rows = table.rows.tolist()
    conversations = [] if numbers is None else naming.read_items(table, numbers, name)
    contexts = [] if texts is None else table.cells(texts)
    # Without numbers every row is its own.
    first = {number: place for place, number in reversed(list(enumerate(conversations or sheet_rows)))}
    kept = sorted(first.values())
    repeated = tuple(
        (number, sheet_rows[place]) for place, number in enumerate(conversations) if first[number] != place
    )
    parts = []
    for side, places in sides.items():
        rater = HUMAN if side == "human" else naming.judge(Path(name).stem)
        if rater is None:
            notes.append(
                f"{name}: its judge's ratings were not read, because its name does not tell whose they are; call the "
                f"file <judge>{_ENDING}, with a name that no judge of the study has"
            )
            continue
        lacking = [suffix for suffix, model in naming.suffixes.items() if model not in places]
        if lacking:
            notes.append(f"{name} has no column {side}_response_... for {', '.join(lacking)}")
        columns = {model: table.cells(at) for model, at in places.items()}
        parts.append(
            Part(
                rater=rater,
                file=name,
                conversations=[conversations[place] for place in kept] if conversations else [],
                contexts=[str(contexts[place] or "") for place in kept] if contexts else [],
                cells={model: [cells[place] for place in kept] for model, cells in columns.items()},
                repeated=repeated,
                sheet_rows=[sheet_rows[place] for place in kept],
                headings={model: table.names[at] for model, at in places.items()}
                | ({} if texts is None else {CONTEXT: table.names[texts]}),
            )
        )
    return parts


def _rating_columns(
    table: Table, name: str, suffixes: Mapping[str, str], notes: list[str]
) -> dict[str, dict[str, int]]:
    """Find where each side's column for each model stands; an ending that is no model's is noted."""
    sides: dict[str, dict[str, int]] = {}
    for place, column in enumerate(table.names):
        match = _COLUMN.fullmatch(column)
        if match is None:
            continue
        model = suffixes.get(match.group(2).lower())
        if model is None:
            notes.append(f"{name}: column {column} was not read; known endings are {', '.join(suffixes)}")
        elif sides.setdefault(match.group(1).lower(), {}).setdefault(model, place) != place:
            raise _twice(name, column)
    return sides


def _column(table: Table, wanted: Sequence[str], name: str) -> int | None:
    """Find the one column that has one of these names, in capitals or not; None when there is none."""
    places = [place for place, column in enumerate(table.names) if column.lower() in wanted]
    if len(places) > 1:
        raise _twice(name, table.names[places[1]])
    return places[0] if places else None


def _twice(name: str, column: str) -> ReleaseError:
    return ReleaseError(f"{name} has the column {column} twice; a rating file has it once")


def bare(stem: str) -> str:
    """Return the name of a judge's file without what the release puts behind a judge's name."""
    return stem.removesuffix(_WITH_EXPERTS).removesuffix(_ENDING)


def judge_of(stem: str) -> str | None:
    """Tell the judge from the name of a file without its ending; None where it names none."""
    plain = stem.removesuffix(_WITH_EXPERTS)
    if plain in JUDGE_OF_FILE:
        return JUDGE_OF_FILE[plain]
    name = bare(stem)
    # A judge of another name must not pass for one of the study's.
    taken = name in JUDGE_OF_FILE.values() or is_reserved(name)
    return None if name in ("", plain) or taken else name


def is_released(names: Sequence[str]) -> bool:
    """Whether headings are those of a file in the layout of the release."""
    return any(_COLUMN.fullmatch(name) for name in names)


def unknown_systems(names: Sequence[str], suffixes: Mapping[str, str]) -> dict[str, int]:
    """Return the endings of judges' columns that are no system's, and where each column stands."""
    found = {match[2]: place for place, name in enumerate(names) if (match := _COLUMN.fullmatch(name))}
    of_judges = {ending: place for ending, place in found.items() if not names[place].lower().startswith("human")}
    return {ending: place for ending, place in of_judges.items() if ending.lower() not in suffixes}


def _conversations(table: Table, place: int, name: str) -> list[object]:
    """Read the conversation numbers."""
    numbers: list[object] = []
    for row, value in zip(table.rows, table.cells(place), strict=True):
        text = str(value).strip().removesuffix(".0")
        if not text.isdecimal() or len(text) > LONGEST_NUMBER:
            shown = repr(str(value)[:40]) if value else "nothing"
            raise ReleaseError(
                f"{name}, row {row}, column {table.names[place]}: {shown} is not a conversation number; "
                f"every row needs a whole number of at most {LONGEST_NUMBER} digits"
            )
        numbers.append(int(text))
    return numbers


PUBLISHED = Naming(SUFFIX, judge_of, ("convid",), (CONTEXT,), _conversations)
