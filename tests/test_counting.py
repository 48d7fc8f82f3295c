"""Counts are the same by whichever engine: those of the ratings in memory, and those of plain pandas."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.__main__ import main
from data.counting import engines
from data.counting.engines import ENGINES, engine_of
from data.counting.folder import count_folder, count_table
from data.counts import BLOCKS, COLUMNS, count_pairs
from data.counts_file import About, read_counts
from data.errors import ReleaseError, StudyError
from data.own.reading import read_own
from data.ratings import count_faults
from data.remote.progress import Progress
from data.sources import load, revision_of
from tests.made_study import EXPERTS, JUDGES, MINIMAL, make_study, write_study, write_table

ROOT = Path(__file__).parents[1]
IN_PROCESS = [name for name in ENGINES if name != "pyspark"]
NAMES = ["judge", "model", "attribute"]
RATED = ["human", "human_valid", "rating", "rating_valid"]


def needed(present: object, what: str) -> None:
    """Skip a test without what it needs; where everything is to be installed, fail."""
    if not present:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is not installed")


def by_name(counts: pd.DataFrame) -> pd.DataFrame:
    """Sort counts by names, as large tables have no order of their own."""
    plain = counts.astype({**dict.fromkeys(NAMES, "str"), "cluster": "int64", "n": "int64"})
    return plain[COLUMNS].sort_values(COLUMNS, ignore_index=True)


def assert_same(counts: pd.DataFrame, others: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(by_name(counts), by_name(others))


@dataclass(frozen=True)
class Big:
    """A million made ratings: the folder that they lie in, and what plain pandas counts."""

    folder: Path
    counts: pd.DataFrame
    items: int
    off_scale: int


RATERS = ("dr_a", "dr_b", "dr_c", "gpt-4.1", "judge `2`", "judge 3", "judge/4")
SYSTEMS = [f"system {number}" for number in range(1, 6)]
ATTRIBUTES = ["guidance", "informativeness", "relevance", "safety", "empathy", "helpfulness", "under standing"]
ITEMS = 4100


def made_ratings(step: float, seed: int = 20) -> pd.DataFrame:
    """Make 10^6 ratings from 1 to 5, two in a hundred missing and one in a hundred off the scale, in any order."""
    random = np.random.default_rng(seed)
    names = [np.array([f"case {number}" for number in range(ITEMS)]), *map(np.array, (SYSTEMS, RATERS, ATTRIBUTES))]
    rows = random.permutation(ITEMS * len(SYSTEMS) * len(RATERS) * len(ATTRIBUTES))[:1_000_000]
    places = np.unravel_index(rows, [len(each) for each in names])
    rating = 1 + step * random.integers(0, round(4 / step) + 1, len(rows))
    rating[random.random(len(rows)) < 0.01] = 0
    rating[random.random(len(rows)) < 0.001] = 3.3
    rating[random.random(len(rows)) < 0.02] = np.nan
    keys = {
        key: each[at] for key, each, at in zip(("item", "system", "rater", "attribute"), names, places, strict=True)
    }
    return pd.DataFrame({**keys, "rating": rating})


def plainly(ratings: pd.DataFrame, step: float) -> pd.DataFrame:
    """Count pairs with plain pandas, by the description of the columns alone."""
    experts, judges = list(RATERS[:3]), RATERS[3:]
    places = pd.MultiIndex.from_product(
        [ratings["item"].unique(), SYSTEMS, ATTRIBUTES], names=["item", "model", "attribute"]
    )
    sides = ratings.rename(columns={"system": "model"}).set_index([*places.names, "rater"])["rating"].unstack("rater")
    sides = sides.reindex(places)
    valid = sides.where(sides.isin(np.arange(1, 5 + step, step)))
    drawn = sorted(ratings["item"].unique(), key=lambda item: hashlib.sha256(item.encode()).hexdigest())
    block = {item: rank * 50 // len(drawn) for rank, item in enumerate(drawn)}
    parts = [
        pd.DataFrame(
            {
                "cluster": places.get_level_values("item").map(block),
                "human": sides[experts].sum(axis=1, min_count=1) / sides[experts].count(axis=1),
                "human_valid": valid[experts].sum(axis=1, min_count=1) / valid[experts].count(axis=1),
                "rating": sides[judge],
                "rating_valid": valid[judge],
            }
        ).assign(judge=judge, different=False)
        for judge in judges
    ]
    return pd.concat(parts).reset_index().groupby(COLUMNS[:-1], dropna=False).size().rename("n").reset_index()


@pytest.fixture(scope="module", params=[1.0, 0.5], ids=["whole", "halves"])
def big(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Big:
    step = request.param
    folder = tmp_path_factory.mktemp("big")
    ratings = made_ratings(step)
    (folder / "study.toml").write_text(
        f'[scale]\nlow = 1\nhigh = 5\nstep = {step}\n[experts]\nraters = ["dr_a", "dr_b", "dr_c"]\n'
        '[columns]\nitem = "case"\nrating = "score.given"\n'
    )
    written = ratings.rename(columns={"item": "case", "rating": "score.given"})
    written[:600_000].to_parquet(folder / "first.parquet")
    # As numpy has it, a missing rating is NaN and no null.
    rest = {
        name: pa.array(column.to_numpy(), from_pandas=False)
        for name, column in written[600_000:].items()
        if name == "score.given"
    }
    pq.write_table(
        pa.table({**{name: written[name][600_000:].tolist() for name in written.columns[:4]}, **rest}),
        folder / "second.parquet",
    )
    off = ratings["rating"].notna() & ~ratings["rating"].isin(np.arange(1, 5 + step, step))
    return Big(folder, plainly(ratings, step), ratings["item"].nunique(), int(off.sum()))


def assert_counted(counts: pd.DataFrame, about: About, big: Big) -> None:
    assert_same(counts, big.counts)
    assert (about.conversations, about.blocks) == (big.items, BLOCKS) == (ITEMS, 50)
    assert sum(record.rows for record in about.files) == 1_000_000
    assert {record.name for record in about.files} == {"first.parquet", "second.parquet"}
    assert sum(fault.n for fault in about.faults if fault.fault == "off the scale") == big.off_scale > 10_000


@pytest.mark.slow
@pytest.mark.parametrize("engine", IN_PROCESS)
def test_a_million_ratings_are_counted_as_plain_pandas_counts_them(big: Big, engine: str) -> None:
    needed(find_spec(engine), engine)
    assert_counted(*count_folder(big.folder, engine_of(engine)), big)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )


def spark_needed() -> None:
    needed(find_spec("pyspark"), "pyspark")
    needed(shutil.which("java") or os.environ.get("JAVA_HOME"), "Java")


@pytest.mark.slow
def test_spark_counts_a_million_ratings_the_same(big: Big, tmp_path: Path) -> None:
    spark_needed()
    path = tmp_path / "counts.parquet"
    done = run("-m", "data", "counts", big.folder, "--output", path, "--engine", "pyspark")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"bytes, {ITEMS:,} items\n")
    assert_counted(*read_counts(path), big)
