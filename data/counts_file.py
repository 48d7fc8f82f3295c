"""Counts of ratings in one Parquet file with the study they are of: the bundled snapshot, and counts by any engine.

No text and no single conversation is in it: conversations are added up in blocks.
"""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.counts import COLUMNS, in_order
from data.data_errors import ErrorCount
from data.errors import ReleaseError
from data.ratings import FileRecord
from data.study import Study

BUNDLED = Path(__file__).parent / "snapshot" / "mentalalign-70k.parquet"

_ABOUT = b"counts"
# Whether a row counts a stretch of neighbours.
_STRETCH = "stretch"
_INTEGERS = {"cluster": "int32", "n": "int32"}
_NUMBERS = ("human", "human_valid", "rating", "rating_valid")


@dataclass(frozen=True)
class About:
    """What a file of counts says of itself.

    Attributes
    ----------
    study
        What is known of the study.
    revision
        Of the ratings that were counted.
    conversations, blocks
        How many there were, and in how many blocks they are added up.
    files, data_errors
        What was read, and how many errors of each kind it has.
    repeats
        The conversations whose row in the experts' file is a copy, each with the one that it copies.
    moments
        The SHA-256 of the file with the sums over attributes, :mod:`data.moments_file`; empty where there is none.
    """

    study: Study
    revision: str
    conversations: int
    blocks: int
    files: tuple[FileRecord, ...] = ()
    data_errors: tuple[ErrorCount, ...] = ()
    repeats: tuple[tuple[str, str], ...] = ()
    moments: str = ""

    @property
    def cluster(self) -> str:
        """What intervals are clustered by, in words."""
        size = math.ceil(self.conversations / self.blocks)
        return self.study.item.one if size == 1 else f"block of {size:,} {self.study.item.many}"


def write_counts(counts: pd.DataFrame, about: About, path: Path, stretches: pd.DataFrame | None = None) -> None:
    """Write counts as Parquet with what they are of in its metadata; the same counts give the same bytes.

    Counts by stretches of neighbours, where there are any, stand behind those by blocks. Missing ratings are nulls.
    """
    both = [counts.assign(stretch=False), *([] if stretches is None else [stretches.assign(stretch=True)])]
    counts = in_order(pd.concat(both, ignore_index=True), about.study)
    columns = {name: _narrow(counts[name]) for name in (*COLUMNS, _STRETCH)}
    told = json.dumps(asdict(about), sort_keys=True, ensure_ascii=False).encode()
    table = pa.table(columns).replace_schema_metadata({_ABOUT: told})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=19, row_group_size=max(1, len(counts)))


class Counted(NamedTuple):
    """Counts by blocks, what they are of, and the same by stretches of neighbours where their order is known."""

    counts: pd.DataFrame
    about: About
    stretches: pd.DataFrame | None = None


def read_counts(path: Path = BUNDLED) -> Counted:
    """Read a file of counts, as :func:`data.counts.count_pairs` makes them, and what they are of.

    Raises
    ------
    ReleaseError
        The file is missing or holds no counts.
    """
    try:
        table = pq.read_table(path)
        about = _about(json.loads((table.schema.metadata or {})[_ABOUT]))
        counts = table.to_pandas()[[*COLUMNS, _STRETCH]]
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise ReleaseError(
            f"{path.name} is not a file of counts; give the folder that it is in, or write counts of that folder with: "
            "python -m data counts FOLDER --output FILE"
        ) from error
    counts = in_order(counts, about.study).astype({**_INTEGERS, **dict.fromkeys(_NUMBERS, "float64")})
    apart = counts.pop(_STRETCH).to_numpy()
    stretches = counts[apart].reset_index(drop=True) if apart.any() else None
    return Counted(counts[~apart].reset_index(drop=True), about, stretches)


def is_counts(path: Path) -> bool:
    """Whether a file is one of counts, by what it says of itself."""
    try:
        return _ABOUT in (pq.read_schema(path).metadata or {})
    except (OSError, pa.ArrowException):
        return False


def record_of(path: Path, counts: pd.DataFrame) -> FileRecord:
    """Describe a file of counts as a file that was read."""
    return FileRecord(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), len(counts), ())


def _about(told: dict[str, object]) -> About:
    # Imported where it is used: the library takes longer to import than a file of counts to read.
    from pydantic import TypeAdapter

    return TypeAdapter(About).validate_python(told)


def _narrow(column: pd.Series) -> pa.Array:
    """Store a column in the smallest type that keeps it exactly."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column)
    values = column.to_numpy()
    if values.dtype.kind == "f":
        known = values[~np.isnan(values)]
        whole = bool((known == known.round()).all() and (np.abs(known) < 128).all())
        narrow = pa.array(values, mask=np.isnan(values))
        return narrow.cast(pa.int8()) if whole else narrow
    # A number that has no room is an error here, where a conversion by numpy would wrap around in silence.
    if values.dtype.kind == "b":
        return pa.array(values)
    return pa.array(values).cast(pa.int16() if values.max(initial=0) < 2**15 else pa.int32())
