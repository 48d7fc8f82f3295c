"""MentalBench-100k: 10,000 conversations with ten replies each, memory-mapped by ``datasets``."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import datasets
import numpy as np
import pandas as pd

from data.contexts import plain
from data.errors import ReleaseError, SourceError
from data.mentalalign import REPLIES_COLUMN, REPOSITORY
from data.ratings import FileRecord
from data.remote.hub import fetch_replies
from data.remote.progress import Progress
from data.replies.traits import Traits, read_traits

_LOADERS = {".csv": "csv", ".parquet": "parquet"}
_BATCH = 1000


@dataclass(frozen=True)
class Replies:
    """The replies on the reader's disk.

    Attributes
    ----------
    table
        ``context`` and a column for each model key, memory-mapped: rows are read when they are asked for.
    file, sha256, revision
        The file of the repository, its SHA-256, and its commit.
    notice
        Why an earlier download is shown, if it is.
    marks
        A mark of each row's context by its words, in the order of the rows.
    traits
        Length and kind of every reply.
    """

    table: datasets.Dataset
    file: str
    sha256: str
    revision: str
    notice: str
    marks: np.ndarray
    traits: Traits

    @property
    def record(self) -> FileRecord:
        """The file as others that were read; it holds nobody's ratings."""
        return FileRecord(self.file, self.sha256, len(self.table), ())

    def find(self, context: str) -> int | None:
        """Give the first row whose context has the same words in the same order, None where there is none."""
        return next(iter(self.rows_of(context)), None)

    def rows_of(self, context: str) -> list[int]:
        """Give all rows whose context has the same words in the same order.

        Contexts are compared as :func:`data.contexts.plain` folds them: the ratings and the replies come from
        different files, and signs and line breaks were lost on the way.
        """
        words = plain(context)
        rows = np.flatnonzero(self.marks == _mark(words))
        # Two contexts may share a mark by chance; their words may not.
        return [int(row) for row in rows if plain(self.table[int(row)]["context"] or "") == words]

    def rated(self, contexts: pd.Series) -> dict[int, list[int]]:
        """Give the rows whose message was rated, each with the conversations that have its words.

        Parameters
        ----------
        contexts
            The messages as the experts had them, with the numbers of the conversations as index. The same message may
            stand at several numbers, and in several rows.
        """
        found: dict[int, list[int]] = {}
        for number, context in contexts.items():
            for row in self.rows_of(context):
                found.setdefault(row, []).append(int(number))
        return found


def load_replies(progress: Progress) -> Replies:
    """Fetch the replies from Hugging Face and map them into memory.

    Raises
    ------
    SourceError
        The Hub cannot be reached, or no table there has the columns of MentalBench-100k.
    """
    fetched = fetch_replies(progress)
    for name in fetched.names:
        try:
            found = _read(fetched.folder / name, name, progress)
        except _UnreadableError as error:
            raise SourceError(f"Hugging Face holds {name}, which cannot be read as a table") from error
        if found:
            return replace(found, revision=fetched.revision, notice=fetched.notice)
    raise SourceError(f"Hugging Face holds no table in {REPOSITORY} with the columns of MentalBench-100k")


def read_replies(path: Path, progress: Progress) -> Replies:
    """Map the replies of a file on this machine into memory.

    Raises
    ------
    ReleaseError
        The file is no table, or has not the columns of MentalBench-100k.
    """
    try:
        found = _read(path, path.name, progress)
    except _UnreadableError as error:
        raise ReleaseError(f"{path.name} cannot be read as a table") from error
    if found is None:
        raise ReleaseError(
            f"{path.name} has not the columns of MentalBench-100k; allowed is a file that ends in "
            f"{' or '.join(_LOADERS)} with context and {', '.join(REPLIES_COLUMN.values())}"
        )
    return found


class _UnreadableError(Exception):
    """A file that is not the table that its ending says."""


def _read(path: Path, name: str, progress: Progress) -> Replies | None:
    """Read a file; None where it is no table of replies."""
    datasets.disable_progress_bars()
    suffix = path.suffix.lower()
    if suffix not in _LOADERS:
        return None
    progress.say(f"Reading {name}")
    try:
        table = datasets.load_dataset(_LOADERS[suffix], data_files=str(path), split="train")
    except (datasets.exceptions.DatasetsError, ValueError, OSError) as error:
        raise _UnreadableError from error
    assert isinstance(table, datasets.Dataset)
    keys = {"context": "context"} | {column.lower(): key for key, column in REPLIES_COLUMN.items()}
    wanted = {column: keys[column.strip().lower()] for column in table.column_names if column.strip().lower() in keys}
    # A context with its original reply is not enough: files of ratings and other data sets have those too.
    if "context" not in wanted.values() or len(wanted) <= 2:
        return None
    table = table.select_columns(list(wanted)).rename_columns(wanted)
    traits = read_traits(table, progress)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Replies(table, name, sha256, f"sha256:{sha256}", "", _marks(table), traits)


def _marks(table: datasets.Dataset) -> np.ndarray:
    contexts = table.select_columns(["context"])
    marks = [_mark(plain(text or "")) for batch in contexts.iter(_BATCH) for text in batch["context"]]
    return np.array(marks, dtype=np.uint64)


def _mark(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest())
