"""Time the paper's table: ``python tests/bench/paper.py FOLDER`` prints the median seconds of reading and computing.

One run reads the five workbooks of the folder and computes the 28 cells with 1,000 resamples; imports are not counted.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis.icc import icc_table
from analysis.pairs import pairs
from analysis.settings import Selection, Settings
from data.progress import Progress
from data.sources import load

RUNS = 9


def seconds(folder: str) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    settings = Settings.of("paper", resamples=1000)
    table = icc_table(pairs(load(folder, Progress()).counts, settings, Selection()), settings)
    assert table["ci_width"].notna().sum() == 28
    return time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/bench/paper.py FOLDER")
    # The first run also imports what is only imported where it is used.
    seconds(sys.argv[1])
    print(f"{statistics.median(seconds(sys.argv[1]) for _ in range(RUNS)):.3f}")
