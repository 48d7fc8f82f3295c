"""Counts are the same by whichever engine: those of the ratings in memory, and those of plain pandas."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
from data.data_errors import count_errors
from data.errors import ReleaseError
from data.own.reading import read_own
from data.remote.progress import Progress
from data.sources import load, revision_of
from tests.made_study import EXPERTS, JUDGES, MINIMAL, Layout, make_study, wide, write_study, write_table

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
        ).assign(judge=judge, different=False, repeated=False, partial=False)
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
    assert sum(error.n for error in about.data_errors if error.kind in ("off-scale", "zero")) == big.off_scale > 10_000


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
@pytest.mark.parametrize("big", [0.5], indirect=True, ids=["halves"])
def test_spark_counts_a_million_ratings_the_same(big: Big, tmp_path: Path) -> None:
    spark_needed()
    path = tmp_path / "counts.parquet"
    done = run("-m", "data", "counts", big.folder, "--output", path, "--engine", "pyspark")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"bytes, {ITEMS:,} items\n")
    counts, about, _ = read_counts(path)
    assert_counted(counts, about, big)


MADE = make_study()


def with_gaps(made: pd.DataFrame) -> pd.DataFrame:
    """Take ratings out, some with their rows; put others off the scale; let one item be rated by judges alone."""
    random = np.random.default_rng(8)
    rating = made["rating"].mask(random.random(len(made)) < 0.05)
    rating = rating.mask(rating.notna() & (random.random(len(made)) < 0.01), 9)
    alone = made["item"].eq("x y") & made["rater"].isin(EXPERTS)
    kept = (random.random(len(made)) >= 0.05) & ~alone
    return made.assign(rating=rating)[kept].reset_index(drop=True)


def assert_as_in_memory(folder: Path, engine: str) -> About:
    ratings = read_own(folder)
    counts, about = count_folder(folder, engine_of(engine))
    assert_same(counts, count_pairs(ratings, blocks=min(BLOCKS, len(ratings.conversations))))
    assert about.conversations == about.blocks == len(ratings.conversations)
    in_order = [replace(record, raters=tuple(sorted(record.raters))) for record in ratings.files]
    assert [replace(record, raters=tuple(sorted(record.raters))) for record in about.files] == in_order
    assert about.revision == revision_of(ratings.files)
    assert about.data_errors == count_errors(ratings.ledger)
    assert (about.study.scale, about.study.experts) == (ratings.study.scale, ratings.study.experts)
    return about


@pytest.mark.slow
@pytest.mark.parametrize("engine", IN_PROCESS)
@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_tables_of_every_form_are_counted_as_in_memory(tmp_path: Path, form: str, layout: Layout, engine: str) -> None:
    needed(find_spec(engine), engine)
    write_study(tmp_path, with_gaps(MADE), form=form, layout=layout)
    about = assert_as_in_memory(tmp_path, engine)
    assert about.study.judge_keys == tuple(sorted(JUDGES))
    assert {error.kind for error in about.data_errors} == {"empty", "off-scale"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", IN_PROCESS)
def test_tables_of_several_forms_are_one_study(tmp_path: Path, engine: str) -> None:
    needed(find_spec(engine), engine)
    made = with_gaps(MADE)
    for rater, form in zip(made["rater"].unique(), ["csv", "parquet", "jsonl"] * 3, strict=False):
        mine = made[made["rater"] == rater]
        write_study(tmp_path / form / rater.replace("/", "-"), wide(mine) if form == "csv" else mine, form=form)
    (tmp_path / "study.toml").write_text(MINIMAL, encoding="utf-8")
    assert_as_in_memory(tmp_path, engine)


@pytest.mark.slow
@pytest.mark.parametrize("engine", IN_PROCESS)
def test_cells_as_people_type_them_are_read_as_in_memory(tmp_path: Path, engine: str) -> None:
    """Spaces around names, empty rows, semicolons, text in place of numbers, and notes over several lines."""
    needed(find_spec(engine), engine)
    typed = MADE.astype({"rating": "str"}).assign(note='said: "no;\nnot now"')
    typed.loc[::7, "rater"] = " " + typed["rater"] + "  "
    typed.loc[[3, 500], "rating"] = ["+4", " .5e1 "]
    typed.loc[[11, 12, 13], "rating"] = ["n/a", "", "4,5"]
    lines = [*typed.to_csv(index=False, sep=";").splitlines(keepends=True), ";;;;;;\n"]
    (tmp_path / "study.toml").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "ratings.csv").write_text("\ufeff" + "".join(lines), encoding="utf-8")
    about = assert_as_in_memory(tmp_path, engine)
    assert {error.kind: error.n for error in about.data_errors} == {"empty": 1, "no-number": 2}


@pytest.mark.slow
@pytest.mark.parametrize("engine", IN_PROCESS)
def test_numbers_and_categories_are_names_too(tmp_path: Path, engine: str) -> None:
    needed(find_spec(engine), engine)
    numbered = {name: float(place) for place, name in enumerate(MADE["item"].unique())}
    made = MADE.assign(item=MADE["item"].map(numbered), rater=pd.Categorical(MADE["rater"]))
    made["rating"] = made["rating"].astype("int8")
    write_study(tmp_path, made, form="parquet")
    assert_as_in_memory(tmp_path, engine)


@pytest.mark.slow
def test_columns_of_a_wide_table_without_ratings_are_no_attributes(tmp_path: Path) -> None:
    table = wide(MADE).assign(note="a note", seconds=np.nan)
    write_table(tmp_path / "ratings.parquet", table)
    (tmp_path / "study.toml").write_text(MINIMAL, encoding="utf-8")
    about = assert_as_in_memory(tmp_path, "duckdb")
    assert "note" not in about.study.attribute_names


def test_what_the_study_lists_comes_first(tmp_path: Path) -> None:
    toml = MINIMAL + '[[judges]]\nkey = "ключ"\nlabel = "Key"\n[[attributes]]\nname = "tone"\n'
    write_study(tmp_path, MADE, toml=toml, form="parquet")
    study = count_folder(tmp_path, engine_of("duckdb"))[1].study
    assert study.judge_keys == ("ключ", "4", "claude 9", "gpt-x", "judge/3")
    assert study.attribute_names[:3] == ("tone", "clarity", "empathy")
    assert study.rater("ключ") == "Key"


def refusal(folder: Path, made: pd.DataFrame, toml: str = MINIMAL) -> str:
    write_study(folder, made, toml=toml, form="parquet")
    with pytest.raises(ReleaseError) as refused:
        count_folder(folder, engine_of("duckdb"))
    return str(refused.value)


def changed(column: str, value: object, rows: slice = slice(None)) -> pd.DataFrame:
    made = MADE.astype({column: object})
    made.loc[made.index[rows], column] = value
    return made


def test_ratings_given_again_are_refused(tmp_path: Path) -> None:
    again = MADE[MADE["rater"].isin(["dr_a", "4"])][::100]
    assert refusal(tmp_path, pd.concat([MADE, again])).startswith(f"{len(again)} ratings are given again: ")


@pytest.mark.slow
def test_what_cannot_be_counted_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a", changed("item", None, slice(2))) == (
        "ratings.parquet: 2 ratings lack their item, system, rater or attribute; fill the cells"
    )
    assert refusal(tmp_path / "b", MADE.assign(rating="high")).count("576 of 576 ratings are no numbers; ") == 8
    assert (
        refusal(tmp_path / "c", MADE.assign(rating=MADE["rating"] * 10)).count("seem to be on a scale of 10 to 70") == 8
    )
    assert refusal(tmp_path / "d", MADE[MADE["rater"] != "dr_b"]).startswith(
        "study.toml: experts.raters names 'dr_b', "
    )
    assert "at least one judge is needed" in refusal(tmp_path / "e", MADE[MADE["rater"].isin(EXPERTS)])
    assert refusal(tmp_path / "f", MADE, "[scale]\nlow = 1\n").startswith("study.toml: scale.high is missing")
    assert refusal(tmp_path / "g", MADE.drop(columns="system")).startswith("ratings.parquet has no column system; ")
    assert refusal(tmp_path / "h", MADE.rename(columns=str.upper)[["MESSAGE"]]).endswith(
        "item, system, rater, attribute, rating"
    )
    assert refusal(tmp_path / "i", changed("rating", pd.Timestamp(0))).startswith(
        "the column rating holds values of type "
    )


@pytest.mark.parametrize("engine", IN_PROCESS)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_damaged_file_is_refused_by_the_name_of_the_engine(tmp_path: Path, form: str, engine: str) -> None:
    needed(find_spec(engine), engine)
    path = write_study(tmp_path, MADE, form=form)
    path.write_bytes(path.read_bytes() + b'\xff\xfe{]"\n')
    with pytest.raises(ReleaseError, match=rf"^{engine} cannot read the tables of .*\(.+\)$"):
        count_folder(tmp_path, engine_of(engine))


def test_ratings_without_a_scale_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.counting.survey.MOST_KINDS", 500)
    assert refusal(tmp_path, MADE).startswith("500 or more different rows of rater, system, attribute and rating; ")


ENGINE_TABLES: dict[str, Callable[[pa.Table], Any]] = {
    "duckdb": duckdb.from_arrow,
    "polars": lambda table: pl.DataFrame(table).lazy(),
    "pandas": pa.Table.to_pandas,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENGINE_TABLES)
def test_a_table_of_ones_own_engine_is_counted(tmp_path: Path, name: str) -> None:
    toml = MINIMAL + '[columns]\nitem = "case"\n'
    made = with_gaps(MADE).rename(columns={"item": "case"})
    write_study(tmp_path, made, toml=toml)
    bring = ENGINE_TABLES[name]
    counts, about = count_table(bring(pa.Table.from_pandas(made)), tmp_path, bring, revision="night 12")
    assert_same(counts, count_pairs(read_own(tmp_path), blocks=6))
    assert (about.revision, about.files, about.conversations) == ("night 12", (), 6)
    assert {(error.file, error.kind) for error in about.data_errors} == {("ratings", "empty"), ("ratings", "off-scale")}


@pytest.mark.slow
def test_the_command_writes_counts_that_are_a_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path / "night line", MADE, form="parquet")
    path = tmp_path / "new" / "counts.parquet"
    assert main(["counts", str(tmp_path / "night line"), "--output", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: {path.stat().st_size:,} bytes, 6 items\n"
    dataset = load(str(path), Progress())
    assert_same(dataset.counts, count_pairs(read_own(tmp_path / "night line"), blocks=6))
    assert (dataset.study.title, dataset.provenance.conversations) == ("night line", 6)
    again = tmp_path / "again.parquet"
    assert main(["counts", str(tmp_path / "night line"), "--output", str(again), "--engine", "polars"]) == 0
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_command_counts_workbooks_in_memory(tmp_path: Path) -> None:
    write_study(tmp_path / "books", MADE, form="xlsx")
    path = tmp_path / "counts.parquet"
    assert main(["counts", str(tmp_path / "books"), "--output", str(path)]) == 0
    pd.testing.assert_frame_equal(read_counts(path)[0], count_pairs(read_own(tmp_path / "books"), blocks=6))


def said_by(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["counts", *map(str, arguments)]) == 2
    return capsys.readouterr().err.removeprefix("python -m data counts: ")


@pytest.mark.slow
def test_the_command_refuses_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = ("--output", tmp_path / "counts.parquet")
    nowhere = tmp_path / "nowhere"
    assert said_by(capsys, nowhere, *output).startswith(f"{nowhere} is not a folder; ")
    write_study(tmp_path / "books", MADE, form="xlsx")
    assert said_by(capsys, tmp_path / "books", *output, "--engine", "duckdb") == (
        "--engine duckdb is for a folder with a study.toml and .parquet, .csv, .jsonl tables; "
        f"{tmp_path / 'books'} is not one\n"
    )
    write_study(tmp_path / "tables", MADE)
    within = tmp_path / "tables" / "counts.parquet"
    assert said_by(capsys, tmp_path / "tables", "--output", within) == (
        f"--output {within} lies in {tmp_path / 'tables'}, where it would be read as ratings; write it elsewhere\n"
    )
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "polars" else find_spec(name))
    assert said_by(capsys, tmp_path / "tables", *output, "--engine", "polars") == (
        "the engine polars is not installed; install it with: pip install polars\n"
    )
    with pytest.raises(SystemExit, match="2"):
        main(["counts", str(tmp_path), "--output", "x", "--engine", "excel"])
    assert "invalid choice: 'excel' (choose from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [(["duckdb", "polars", "pyspark"], "duckdb"), (["polars", "pyspark"], "polars"), (["pyspark"], "pyarrow")],
)
def test_the_engine_is_the_first_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, installed: list[str], chosen: str
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: name in (*installed, "pyarrow") or None)
    assert engine_of().name == chosen


def test_an_engine_that_is_not_known_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"^no engine excel; known are duckdb, polars, pyspark, pyarrow$"):
        engine_of("excel")


@pytest.mark.slow
def test_the_example_for_ones_own_cluster_runs(tmp_path: Path) -> None:
    spark_needed()
    example = (ROOT / "docs" / "large-studies.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    made = with_gaps(MADE)
    write_study(tmp_path / "my-study", made)
    made.to_parquet(tmp_path / "my-ratings")
    done = run("-c", f"import os, sys\nsys.path.append(os.getcwd())\nos.chdir({str(tmp_path)!r})\n{example}")
    assert done.returncode == 0, done.stderr
    counts, about, _ = read_counts(tmp_path / "counts.parquet")
    assert_same(counts, count_pairs(read_own(tmp_path / "my-study"), blocks=6))
    assert about.revision == "ratings of night 12"
