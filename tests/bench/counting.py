"""Counting by an engine: ``python -m tests.bench.counting [--rows 1e8] [--engine duckdb]`` prints time and memory.

Ratings of 3 experts and 4 judges, of 10 systems on 7 attributes, are made a part at a time and written as Parquet to a
temporary folder. The command that readers use counts them in a process of its own, so that its memory is its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.counting.engines import ENGINES
from data.counts_file import read_counts

RATERS = ("dr_a", "dr_b", "dr_c", "judge-1", "judge-2", "judge-3", "judge-4")
SYSTEMS = tuple(f"system-{number}" for number in range(1, 11))
ATTRIBUTES = ("guidance", "informativeness", "relevance", "safety", "empathy", "helpfulness", "understanding")
OF_AN_ITEM = len(RATERS) * len(SYSTEMS) * len(ATTRIBUTES)
ITEMS_AT_ONCE = 2000
MISSING = 0.02
STUDY = """
[scale]
low = 1
high = 5
[experts]
raters = ["dr_a", "dr_b", "dr_c"]
"""


def write_ratings(path: Path, rows: int) -> None:
    """Write about so many ratings: whole items, and of each reply a quality that raters see with noise."""
    random = np.random.default_rng(0)
    names = ("item", "system", "attribute", "rater")
    schema = pa.schema([*((name, pa.string()) for name in names), ("rating", pa.float64())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, max(1, rows // OF_AN_ITEM), ITEMS_AT_ONCE):
            items = [
                f"case {number}" for number in range(first, min(first + ITEMS_AT_ONCE, max(1, rows // OF_AN_ITEM)))
            ]
            labels = (items, SYSTEMS, ATTRIBUTES, RATERS)
            shape = tuple(map(len, labels))
            seen = random.normal(3.5, 1, (*shape[:2], 1, 1)) + random.normal(0, 0.7, shape)
            rating = pa.array(np.clip(np.rint(seen), 1, 5).ravel(), mask=random.random(seen.size) < MISSING)
            columns = [
                pa.DictionaryArray.from_arrays(pa.array(codes.ravel()), pa.array(label)).cast(pa.string())
                for codes, label in zip(np.indices(shape, dtype=np.int32), labels, strict=True)
            ]
            writer.write_table(pa.table([*columns, rating], schema=schema))


def main() -> None:
    """Make the ratings, count them, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, default=1e8, help="how many ratings, about")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what counts them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, output = Path(temporary, "study"), Path(temporary, "counts.parquet")
        folder.mkdir()
        (folder / "study.toml").write_text(STUDY, encoding="utf-8")
        ratings = folder / "ratings.parquet"
        write_ratings(ratings, int(options.rows))
        start = time.perf_counter()
        command = ["-m", "data", "counts", folder, "--output", output, "--engine", options.engine]
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
        spent = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        given, groups = pq.read_metadata(ratings).num_rows, len(read_counts(output)[0])
        print(
            f"{options.engine}: {given:,} ratings ({ratings.stat().st_size / 1e6:.0f} MB) to {groups:,} counts "
            f"({output.stat().st_size / 1e6:.1f} MB) in {spent:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of "
            f"processors; peak memory {used.ru_maxrss / 1024**2:.2f} GB"
        )


if __name__ == "__main__":
    main()
