"""Sums over the attributes of replies in one Parquet file beside the counts of the same ratings.

The counts name it by its SHA-256, so that whoever names the file of counts names both.
"""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.moments import COUNTS, FLAGS, KEYS, laid_out, moment_names
from data.study import Study


def moments_beside(counts: Path) -> Path:
    """Return where the sums of a file of counts lie."""
    return counts.with_name(f"{counts.stem}-moments.parquet")


def write_moments(moments: pd.DataFrame, path: Path) -> str:
    """Write sums as Parquet, the same bytes for the same sums; returns the SHA-256 of the file."""
    columns = {name: _narrow(moments[name]) for name in moments}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table(columns), path, compression="zstd", compression_level=19, row_group_size=max(1, len(moments))
    )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_moments(path: Path, study: Study, sha256: str) -> pd.DataFrame | None:
    """Read the sums that a file of counts names, as :func:`data.moments.sum_moments` gives them.

    None where it names none, and where the file is gone or another: figures of other ratings than those that are
    counted would be worse than no figures.
    """
    if not sha256 or not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return None
    table = pq.read_table(path)
    keys = np.column_stack([table[name].to_numpy() for name in KEYS])
    sums = np.column_stack([table[name].to_numpy() for name in (*COUNTS, *moment_names(len(study.attributes)))])
    return laid_out(study, keys, sums.astype(float))


def _narrow(column: pd.Series) -> pa.Array:
    """Store a column in the smallest type that keeps it exactly; keys are the places of their names in the study."""
    if column.name in FLAGS:
        return pa.array(column.to_numpy())
    values = column.cat.codes.to_numpy() if isinstance(column.dtype, pd.CategoricalDtype) else column.to_numpy()
    if not (values == np.rint(values)).all():
        return pa.array(values)
    largest = values.max(initial=0)
    return pa.array(values).cast(pa.int8() if largest < 2**7 else pa.int16() if largest < 2**15 else pa.int64())
