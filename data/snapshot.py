"""The bundled snapshot: the release as counts by blocks of 20 conversations, without text or single conversations."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.counts import COLUMNS, count_pairs
from data.errors import ReleaseError
from data.mentalalign import ATTRIBUTE_NAMES, JUDGE_KEYS, MODEL_KEYS
from data.released.files import FileRecord
from data.released.release import FaultCount, Release, count_faults

BLOCK = 20
BUNDLED = Path(__file__).parent / "snapshot" / "mentalalign-70k.parquet"

_KEYS = {"judge": list(JUDGE_KEYS), "model": list(MODEL_KEYS), "attribute": list(ATTRIBUTE_NAMES)}
_ABOUT = b"mentalbench"


def write_snapshot(release: Release, revision: str, path: Path) -> None:
    """Write the counts of a release as Parquet; the same release gives the same bytes.

    Missing ratings are nulls. The file's metadata carries the revision, the files' hashes, the size of a block, and how
    many faults of each kind the ledger holds.
    """
    counts = count_pairs(release, block=BLOCK)
    columns = {name: _narrow(counts[name]) for name in COLUMNS}
    about = {
        "revision": revision,
        "block": BLOCK,
        "conversations": int(release.ratings["conversation"].nunique()),
        "files": [asdict(record) for record in release.files],
        "faults": [list(fault) for fault in count_faults(release)],
    }
    table = pa.table(columns).replace_schema_metadata({_ABOUT: json.dumps(about, sort_keys=True).encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=19, row_group_size=len(counts))


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
    return pa.array(values) if values.dtype.kind == "b" else pa.array(values).cast(pa.int16())


def read_snapshot(path: Path = BUNDLED) -> tuple[pd.DataFrame, dict[str, object]]:
    """Read a snapshot: the counts as :func:`data.counts.count_pairs` gives them, and what its metadata says.

    Raises
    ------
    ReleaseError
        The file is missing or is not a snapshot.
    """
    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[_ABOUT])
        counts = table.to_pandas()[COLUMNS]
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise ReleaseError(f"{path.name} is not a snapshot; write one with: python -m data snapshot FOLDER") from error
    for name, keys in _KEYS.items():
        counts[name] = pd.Categorical(counts[name], keys)
    counts["judge"] = counts["judge"].cat.remove_unused_categories()
    for name in ("human", "rating"):
        counts[name] = counts[name].astype("float64")
    return counts.astype({"cluster": "int32", "n": "int32"}), about


def files_of(about: dict[str, object]) -> tuple[FileRecord, ...]:
    """Give the records of the files that a snapshot was made from."""
    records = about["files"]
    assert isinstance(records, list)
    return tuple(
        FileRecord(record["name"], record["sha256"], record["rows"], tuple(record["raters"])) for record in records
    )


def faults_of(about: dict[str, object]) -> tuple[FaultCount, ...]:
    """Give the faults that were counted in those files."""
    counted = about["faults"]
    assert isinstance(counted, list)
    return tuple(FaultCount(*fault) for fault in counted)
