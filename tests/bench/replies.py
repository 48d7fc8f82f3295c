"""MentalBench-100k at full size and beyond: ``python -m tests.bench.replies [csv|parquet]`` prints times and memory.

Made texts are served by the stand-in Hub at 1 and at 4 times the published size. A process of its own fetches them as
the app does, a second one finds them on the disk. Memory is what stands in no file: pages of the mapped file are told
apart, as the system may take them back. What the process held before it began is told apart too.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

SIZES = (1, 4)
QUERIES = {
    "rare word": "quokka",
    "common word": "ba",
    "absent word": "nowhere",
    "two common words": "ba ce",
    "two rare words": "zephyr marmot",
    "quoted": '"the grey heron waits"',
    "one letter": "e",
}
RUNS = 7


def megabytes(part: str) -> float:
    """Memory of this process: ``Anonymous``, what stands in no file, or ``Rss``, the mapped pages of files too."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8")
    return sum(int(size) for size in re.findall(rf"^{part}: +(\d+) kB", rollup, re.MULTILINE)) / 1024


def seconds(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure() -> None:
    """Fetch, search and browse in this process, and print what it took."""
    # What importing them holds is not counted as the replies'.
    for library in ("datasets", "pandas"):
        import_module(library)
    from data.mentalalign import STUDY
    from data.remote.progress import Progress
    from data.replies.browsing import Request, browse
    from data.replies.searching import wanted
    from data.replies.texts import load_replies

    before = megabytes("Anonymous")
    start = time.perf_counter()
    replies = load_replies(Progress())
    spent = time.perf_counter() - start
    loaded = megabytes("Anonymous")
    print(f"   fetching, mapping, measuring {len(replies.table):,} conversations: {spent:.1f} s")
    for name, asked in QUERIES.items():
        request = Request(wanted(asked), "both", STUDY.system_keys)
        found = len(browse(replies, request).rows)
        times = [seconds(lambda request=request: browse(replies, request)) for _ in range(RUNS)]
        print(
            f"   {name}: median {statistics.median(times):.3f} s, slowest {max(times):.3f} s, {found:,} conversations"
        )
    after, pages = megabytes("Anonymous"), megabytes("Rss") - megabytes("Anonymous")
    arrays = [replies.marks, replies.traits.message_words, replies.traits.words, *replies.traits.kinds.values()]
    print(
        f"   memory: {before:.0f} MB before, {loaded:.0f} loaded, {after:.0f} after the searches; {pages:.0f} of files"
    )
    print(f"   arrays kept: {sum(array.nbytes for array in arrays) / 1024**2:.2f} MB")
    print(f"   held: {after - before:.1f} MB")


def main(form: str) -> None:
    """Serve the made texts at each size and measure twice: from the Hub, then from the disk."""
    from tests.made_replies import CONVERSATIONS, make_replies
    from tests.standin_hub import StandinHub

    held: dict[tuple[str, int], float] = {}
    for times in SIZES:
        content = getattr(make_replies(CONVERSATIONS * times), form)()
        print(f"{times} x, {form} of {len(content) / 1e6:.0f} MB")
        with StandinHub({f"MentalBench-100k.{form}": content}) as hub, tempfile.TemporaryDirectory() as caches:
            where = {"HF_ENDPOINT": hub.url, "HF_HOME": f"{caches}/hf", "XDG_CACHE_HOME": f"{caches}/xdg"}
            for visit in ("from the Hub", "from the disk"):
                print(f"  {visit}", flush=True)
                command = [sys.executable, "-m", "tests.bench.replies", "measure"]
                said = subprocess.run(
                    command, env={**os.environ, **where}, check=True, capture_output=True, text=True
                ).stdout
                print(said, end="")
                held[visit, times] = float(re.findall(r"held: ([\d.-]+)", said)[0])
    for visit in ("from the Hub", "from the disk"):
        first, last = held[visit, SIZES[0]], held[visit, SIZES[-1]]
        print(f"held {visit}: {first:.1f} MB at {SIZES[0]} x, {last:.1f} MB at {SIZES[-1]} x, ratio {last / first:.2f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "csv")
