"""Replies to be rated, with the messages that they answer: an own study's, a table's, or those of MentalBench-100k."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.contexts import plain
from data.errors import ReleaseError, StudyError
from data.own import FILE
from data.own.layout import Accepted, Role, exactly, places_of
from data.own.study_file import read_study_file
from data.own.wording import counted, some
from data.ratings import Headings, Ratings
from data.replies.texts import Replies
from data.study import HUMAN
from data.tables import READERS, read_table, table_files

_ROLES: tuple[Role, ...] = ("item", "system", "message", "reply")
# Replies are drawn from so many stretches of the items, for experts' ratings may drift from the first to the last.
_STRETCHES = 10


@dataclass(frozen=True)
class Reply:
    """A reply: the item and the system it is of, the message that it answers, and its text."""

    item: str
    system: str
    message: str
    text: str


@dataclass(frozen=True)
class Found:
    """Replies, and a sentence on each thing that was left out."""

    replies: tuple[Reply, ...]
    notes: tuple[str, ...] = ()


def of_folder(folder: Path) -> Found:
    """Read the replies that the tables of an own study hold.

    Raises
    ------
    ReleaseError
        There are none, or two replies of one system to one item.
    """
    headings = read_study_file(folder / FILE).headings
    return _of_tables([(path, path.relative_to(folder).as_posix()) for path in table_files(folder, READERS)], headings)


def of_table(path: Path) -> Found:
    """Read the replies of one table; see :func:`of_folder`."""
    return _of_tables([(path, path.name)], Headings())


def is_table(path: Path) -> bool:
    """Whether a file is a table with items, systems and replies."""
    return path.suffix.lower() in READERS and _rows(path, path.name, exactly(Headings())) is not None


def of_benchmark(ratings: Ratings, replies: Replies) -> Found:
    """Find the replies of MentalBench-100k to the messages that were rated.

    Of a message that stands in several rows it cannot be told which replies were rated, so they are left out.
    """
    messages = ratings.contexts[ratings.contexts["rater"] == HUMAN].set_index("conversation")["context"]
    systems = [key for key in replies.table.column_names if key in ratings.study.system_keys]
    found: list[Reply] = []
    lost: list[object] = []
    several: list[object] = []
    for item, message in messages.items():
        rows = replies.rows_of(message)
        if len(rows) != 1:
            (several if rows else lost).append(item)
            continue
        row = replies.table[rows[0]]
        found += [Reply(str(item), key, str(message), str(row[key] or "")) for key in systems]
    notes = [
        f"{ratings.study.counted(len(items))} left out: {why}"
        for items, why in (
            (lost, f"the message is not in {replies.file}"),
            (several, f"the message is in several rows of {replies.file}, and which replies were rated cannot be told"),
        )
        if items
    ]
    return _with_text(found, notes)


def of_study(found: Found, ratings: Ratings) -> Found:
    """Leave out replies to what is no item of a study, and say which systems no expert has rated."""
    items, known = {str(item) for item in ratings.conversations}, ratings.study.system_keys
    texts = ratings.contexts[ratings.contexts["rater"] == HUMAN]
    message = dict(zip(texts["conversation"].astype(str), map(plain, texts["context"].astype(str)), strict=True))
    there = [reply for reply in found.replies if reply.item in items]
    kept = tuple(reply for reply in there if message.get(reply.item, plain(reply.message)) == plain(reply.message))
    if not kept:
        raise ReleaseError(
            f"none of the {counted(len(found.replies), 'reply', 'replies')} with a text is to one of the "
            f"{ratings.study.counted(len(items))} of the study, with the message that the experts had"
        )
    lost, other = len(found.replies) - len(there), len(there) - len(kept)
    new = [*dict.fromkeys(reply.system for reply in kept if reply.system not in known)]
    item = ratings.study.item.one
    notes = [f"{counted(lost, 'reply', 'replies')} left out: to no {item} of the study"] if lost else []
    if other:
        notes.append(f"{counted(other, 'reply', 'replies')} left out: to another message than the experts had")
    notes += [f"No expert has rated {some(new)}: judges alone can be compared on it"] if new else []
    return Found(kept, (*found.notes, *notes))


def sampled(replies: Sequence[Reply], number: int, seed: int) -> list[Reply]:
    """Draw about so many replies: all systems' replies to some items, the same number of every stretch of the items.

    Systems can then be compared on the same items, as every verdict does.
    """
    of_item: dict[str, list[Reply]] = {}
    for reply in replies:
        of_item.setdefault(reply.item, []).append(reply)
    items = list(of_item)
    each = max(len(those) for those in of_item.values())
    wanted = min(max(1, number // each), len(items))
    rng = np.random.default_rng(seed)
    parts = np.array_split(np.arange(len(items)), min(_STRETCHES, wanted))
    stretches = [rng.permutation(part).tolist() for part in parts]
    # One of each stretch in turn, until there are enough.
    order = [stretch[turn] for turn in range(max(map(len, stretches))) for stretch in stretches if turn < len(stretch)]
    return [reply for place in sorted(order[:wanted]) for reply in of_item[items[place]]]


def _of_tables(files: Sequence[tuple[Path, str]], headings: Headings) -> Found:
    accepted = exactly(headings)
    parts = [rows for path, name in files if (rows := _rows(path, name, accepted)) is not None]
    if not parts:
        names = ", ".join(accepted[role][0] for role in _ROLES)
        raise ReleaseError(
            f"{some([name for _, name in files]) or 'the folder'}: no table with the columns {names}; a judge reads "
            "each reply with its message"
        )
    rows = pd.concat(parts, ignore_index=True)
    messages = rows.dropna(subset=["item", "message"]).drop_duplicates(["item", "message"])
    texts = rows.dropna(subset=["item", "system", "reply"]).drop_duplicates(["item", "system", "reply"])
    if problems := [*_twice(messages, ["item"], "message"), *_twice(texts, ["item", "system"], "reply")]:
        raise StudyError(problems)
    of_item = dict(zip(messages["item"], messages["message"], strict=True))
    lacking = texts[~texts["item"].isin(of_item)]
    left_out = f"{counted(len(lacking), 'reply', 'replies')} left out: there is no message of theirs"
    notes = [left_out] if len(lacking) else []
    texts = texts[texts["item"].isin(of_item)]
    found = [
        Reply(item, system, of_item[item], reply)
        for item, system, reply in zip(texts["item"], texts["system"], texts["reply"], strict=True)
    ]
    return _with_text(found, notes)


def _rows(path: Path, name: str, accepted: Accepted) -> pd.DataFrame | None:
    def holds(names: Sequence[str]) -> bool:
        folded = {each.casefold() for each in names}
        return all(not folded.isdisjoint(map(str.casefold, accepted[role])) for role in ("item", "system", "reply"))

    table = read_table(path, name, holds)
    if table is None:
        return None
    places = places_of(table.names, name, accepted)
    columns: dict[str, object] = {
        role: np.asarray(table.texts(places[role]), dtype=object) if role in places else None for role in _ROLES
    }
    return pd.DataFrame({**columns, "file": name, "row": table.rows})


def _twice(rows: pd.DataFrame, keys: list[str], what: str) -> Iterator[str]:
    for key, those in rows[rows.duplicated(keys, keep=False)].groupby(keys, sort=False):
        places = [f"{file}, row {row}" for file, row in zip(those["file"], those["row"], strict=True)]
        named = ", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
        yield f"{named}: there are {len(those)} different texts of its {what} ({some(places)}); keep one"


def _with_text(found: Sequence[Reply], notes: Sequence[str]) -> Found:
    """Leave out replies without a text: there is nothing to rate."""
    kept = tuple(reply for reply in found if reply.text.strip())
    if not kept:
        raise ReleaseError("; ".join(["there is no reply to rate", *notes]))
    empty = len(found) - len(kept)
    said = [f"{counted(empty, 'reply', 'replies')} left out: without any text"] if empty else []
    return Found(kept, (*notes, *said))
