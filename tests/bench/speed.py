"""How fast the product is: ``python -m tests.bench.speed FOLDER`` prints medians and ratios on the released workbooks.

Parts (run some of them with letters: ``... FOLDER abc``):

a  reading and the paper's table, 28 cells x 1,000 resamples, against the same procedure written plainly
b  28 cells x 10,000 resamples of models
c  28 cells x 2,000 resamples of conversations
d  every table of the command line
e  the server's time for a filter change on every page, against an empty page of Streamlit
f  the same tables at 10 and 100 times the conversations, with memory
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.agreement.icc import icc_table
from analysis.outputs.registry import TABLES
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load
from tests.bench import plain

RUNS = 9
PINGOUIN_RESAMPLES = 10

EMPTY_PAGE = "import streamlit as st\nst.title('An empty page')\nst.selectbox('Filter', ['a', 'b'], key='filter')"


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds; the first run is not counted, as it imports what is only imported where it is used."""
    work()
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def papers_table(folder: Path) -> None:
    """Read the release and make the paper's table, as the command line does."""
    settings = Settings.of(STUDY, "paper", resamples=1000)
    table = icc_table(pairs(STUDY, load(str(folder), Progress()).counts, settings, Selection.of(STUDY)), settings)
    assert table["ci_width"].notna().sum() == 28


def against_plain(folder: Path) -> None:
    """Part a."""
    ours = median(lambda: papers_table(folder))
    theirs = median(lambda: plain.whole(folder, 1000), runs=1)
    print(f"a  read + 28 cells x 1,000 resamples: {ours:.3f} s; written plainly {theirs:.1f} s, {theirs / ours:.0f} x")
    ratings = plain.read(folder)
    table = plain.means(ratings, "o4-mini", "Safety", STUDY.judges[-1].own)
    rng = np.random.default_rng(0)
    once = median(lambda: plain.pingouin_interval(table, PINGOUIN_RESAMPLES, rng), runs=3) / PINGOUIN_RESAMPLES
    reading = median(lambda: plain.read(folder), runs=1)
    estimate = reading + 28 * 1000 * once
    print(
        f"   with pingouin in the plain loop about {estimate:.0f} s ({once * 1000:.1f} ms a resample, timed on "
        f"{PINGOUIN_RESAMPLES}), {estimate / ours:.0f} x"
    )


def resampling(folder: Path) -> None:
    """Parts b and c."""
    counts = load(str(folder), Progress()).counts
    for part, interval, resamples in (("b", "models", 10_000), ("c", "conversations", 2_000)):
        settings = Settings.of(STUDY, "paper", interval=f"bootstrap-{interval}", resamples=resamples)
        frame = pairs(STUDY, counts, settings, Selection.of(STUDY))
        spent = median(lambda frame=frame, settings=settings: icc_table(frame, settings))
        print(f"{part}  28 cells x {resamples:,} resamples of {interval}: {spent:.3f} s")


def tables(folder: Path) -> None:
    """Part d."""
    dataset = load(str(folder), Progress())
    for preset in ("paper", "recommended"):
        settings = Settings.of(STUDY, preset)
        for name, table in TABLES.items():
            spent = median(
                lambda table=table, settings=settings: table.whole(dataset, settings, Selection.of(STUDY)), runs=3
            )
            print(f"d  {name}, {preset}: {spent:.3f} s")


def pages(folder: Path) -> None:
    """Part e."""
    from streamlit.testing.v1 import AppTest

    from tests.pages import PAGES, opened

    os.environ["MENTALBENCH_SOURCE"] = str(folder)
    empty = AppTest.from_string(EMPTY_PAGE, default_timeout=60).run()
    nothing = median(empty.run)
    print(f"e  an empty page: {nothing * 1000:.0f} ms")
    for page in PAGES:
        app = opened(page, preset="recommended")
        seen, unseen = [], []
        for judge in STUDY.judges:
            app.query_params["judge"] = [other.key for other in STUDY.judges if other is not judge]
            for spent in (unseen, seen):
                start = time.perf_counter()
                app.run()
                spent.append(time.perf_counter() - start)
            assert not app.exception
        warm, cold = statistics.median(seen), statistics.median(unseen)
        print(
            f"e  {page}: settings seen before {warm * 1000:.0f} ms ({(warm - nothing) * 1000:+.0f} to the empty page), "
            f"never seen {cold * 1000:.0f} ms"
        )


def growth(folder: Path) -> None:
    """Part f, each size in a process of its own, so that its memory is its own."""
    for times, blocks in ((1, []), (10, []), (100, []), (1, ["--blocks"]), (10, ["--blocks"]), (100, ["--blocks"])):
        print("f ", end="", flush=True)
        subprocess.run([sys.executable, "-m", "tests.bench.growth", str(folder), str(times), *blocks], check=True)


PARTS = {"a": against_plain, "b": resampling, "c": resampling, "d": tables, "e": pages, "f": growth}

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.bench.speed FOLDER [PARTS]")
    wanted = dict.fromkeys(PARTS[letter] for letter in (sys.argv[2] if len(sys.argv) > 2 else "abcdef"))
    for run in wanted:
        run(Path(sys.argv[1]))
