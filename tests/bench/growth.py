"""Time and memory at more conversations than were released: ``python -m tests.bench.growth FOLDER TIMES [--blocks]``.

The conversations of the release are drawn with replacement, TIMES as many. With ``--blocks`` they are counted by 1,000
blocks, whatever their number, as the bundled snapshot does it; without, every conversation is a cluster.
"""

import resource
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.agreement.icc import icc_table
from analysis.bias.inflation import inflation_table
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import COLUMNS
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load

BLOCKS = 1000
AT_ONCE = 10


def grown(counts: pd.DataFrame, times: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw ``times`` as many conversations, each with all its rows."""
    number = counts["cluster"].nunique()
    rows = np.argsort(counts["cluster"].to_numpy(), kind="stable").reshape(number, -1)
    drawn = rng.integers(number, size=number * times)
    frame = counts.take(rows[drawn].ravel())
    frame["cluster"] = np.repeat(np.arange(len(drawn), dtype=np.int32), rows.shape[1])
    return frame


def in_blocks(counts: pd.DataFrame, times: int, rng: np.random.Generator) -> pd.DataFrame:
    """Count the same by ``BLOCKS`` blocks, a part of the conversations at a time."""
    keys = COLUMNS[:-1]
    parts: list[pd.DataFrame] = []
    for start in range(times):
        part = grown(counts, 1, rng)
        part["cluster"] = (part["cluster"] + start * 7) % BLOCKS
        parts.append(part)
        if len(parts) == AT_ONCE or start == times - 1:
            together = pd.concat(parts, ignore_index=True)
            parts = [together.groupby(keys, observed=True, dropna=False)["n"].sum().reset_index()]
    return parts[0]


def seconds(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(folder: str, times: int, *, blocks: bool) -> None:
    """Print one line: rows, seconds of three tables, peak memory."""
    counts = load(folder, Progress()).counts
    counts = (in_blocks if blocks else grown)(counts, times, np.random.default_rng(0))
    paper, recommended = Settings.of(STUDY, "paper"), Settings.of(STUDY, "recommended", "response")
    spent = {
        "paper's ICC": seconds(lambda: icc_table(pairs(STUDY, counts, paper, Selection.of(STUDY)), paper)),
        "ICC of replies": seconds(
            lambda: icc_table(pairs(STUDY, counts, recommended, Selection.of(STUDY)), recommended)
        ),
        "inflation": seconds(lambda: inflation_table(pairs(STUDY, counts, paper, Selection.of(STUDY)))),
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    said = ", ".join(f"{name} {value:.2f} s" for name, value in spent.items())
    how = f"{BLOCKS:,} blocks" if blocks else "single conversations"
    print(f"{times:>4} x conversations, {how}: {len(counts):>11,} rows, {said}, peak memory {peak:.2f} GB")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m tests.bench.growth FOLDER TIMES [--blocks]")
    main(sys.argv[1], int(sys.argv[2]), blocks="--blocks" in sys.argv)
