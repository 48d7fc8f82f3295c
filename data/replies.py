"""MentalBench-100k: 10,000 conversations with ten replies each, memory-mapped by ``datasets``."""

from dataclasses import dataclass
from pathlib import Path

import datasets

from data.benchmark import MODELS, REPOSITORY
from data.errors import SourceError
from data.hub import fetch_replies
from data.progress import Progress

_LOADERS = {".csv": "csv", ".parquet": "parquet"}


@dataclass(frozen=True)
class Replies:
    """The replies on the reader's disk.

    Attributes
    ----------
    table
        ``context`` and a column for each model key, memory-mapped: rows are read when they are asked for.
    file, revision
        The file of the repository and its commit.
    notice
        Why an earlier download is shown, if it is.
    """

    table: datasets.Dataset
    file: str
    revision: str
    notice: str


def load_replies(progress: Progress) -> Replies:
    """Fetch the replies from Hugging Face and map them into memory.

    Raises
    ------
    SourceError
        The Hub cannot be reached, or no table there has the columns of MentalBench-100k.
    """
    datasets.disable_progress_bars()
    fetched = fetch_replies(progress)
    keys = {"context": "context"} | {model.replies.lower(): model.key for model in MODELS}
    for name in fetched.names:
        suffix = Path(name).suffix.lower()
        if suffix not in _LOADERS:
            continue
        progress.say(f"Reading {name}")
        try:
            table = datasets.load_dataset(_LOADERS[suffix], data_files=str(fetched.folder / name), split="train")
        except (datasets.exceptions.DatasetsError, ValueError, OSError) as error:
            raise SourceError(f"Hugging Face holds {name}, which cannot be read as a table") from error
        assert isinstance(table, datasets.Dataset)
        wanted = {
            column: keys[column.strip().lower()] for column in table.column_names if column.strip().lower() in keys
        }
        # A context with its original reply is not enough: files of ratings and other data sets have those too.
        if "context" in wanted.values() and len(wanted) > 2:
            table = table.select_columns(list(wanted)).rename_columns(wanted)
            return Replies(table, name, fetched.revision, fetched.notice)
    raise SourceError(f"Hugging Face holds no table in {REPOSITORY} with the columns of MentalBench-100k")
