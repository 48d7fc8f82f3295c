"""How long replies are: from a column of an own study, and from MentalBench-100k for the published one."""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from statsmodels.stats.multitest import multipletests
from streamlit.testing.v1 import AppTest

from analysis.__main__ import main
from analysis.findings.length_bias import known_finding
from analysis.notebook import open_study
from analysis.outputs.checking import checked
from analysis.outputs.registry import table_of
from analysis.ratings.settings import Selection, Settings
from data.errors import ReleaseError
from data.mentalalign import STUDY
from data.own.reading import read_own, survey
from data.ratings import Ratings
from data.released.reading import read_release
from data.remote.progress import Progress
from data.replies.lengths import lengths_of
from data.replies.texts import read_replies
from data.sources import load, load_snapshot, with_judge, with_replies
from data.study import HUMAN
from tests.made_release import make_release, write_workbooks
from tests.made_replies import MadeReplies, make_replies
from tests.made_study import EXPERTS, MINIMAL, Layout, make_study, write_study, write_table
from tests.made_study import with_replies as replied
from tests.pages import OpenPage, charted, from_command_line, said
from tests.standin_hub import StandinHub

FIRST_RATED = 60
MADE = replied(make_study(3))
WORDS = {
    (item, system): len(text.split())
    for item, system, text in MADE[["item", "system", "reply"]].drop_duplicates().itertuples(index=False)
}


def known(ratings: Ratings) -> dict[tuple[str, str], int]:
    assert ratings.lengths is not None
    return {(row.conversation, row.model): row.words for row in ratings.lengths.itertuples()}


# Own studies


@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "jsonl"])
def test_lengths_are_those_of_the_texts(tmp_path: Path, layout: Layout, form: str) -> None:
    write_study(tmp_path, MADE, form=form, layout=layout)
    assert known(read_own(tmp_path)) == WORDS


def test_the_column_may_be_called_otherwise(tmp_path: Path) -> None:
    toml = f'{MINIMAL}\n[columns]\nreply = "answer"\n'
    write_study(tmp_path, MADE.rename(columns={"reply": "answer"}), toml=toml)
    assert known(read_own(tmp_path)) == WORDS


def test_texts_of_replies_are_not_kept(tmp_path: Path) -> None:
    made = MADE.assign(reply=lambda frame: frame["reply"].str.replace("word", "sesame"))
    write_study(tmp_path, made)
    found = survey(tmp_path)
    held = [found.rows, *(each for each in vars(found.ratings()).values() if isinstance(each, pd.DataFrame))]
    assert not any("sesame" in each.to_csv() for each in held)
    assert not any(
        "sesame" in str(list(each[name].cat.categories)) for each in held for name in each.select_dtypes("category")
    )
    assert known(found.ratings()) == WORDS


def test_a_study_without_replies_has_no_lengths(tmp_path: Path) -> None:
    write_study(tmp_path, make_study(2))
    assert read_own(tmp_path).lengths is None
    write_study(tmp_path, make_study(2).assign(reply=None))
    assert read_own(tmp_path).lengths is None


def test_a_reply_without_a_text_has_no_length_and_another_text_leaves_it_open(tmp_path: Path) -> None:
    first = (MADE["item"] == "007") & (MADE["system"] == "sys 1")
    second = (MADE["item"] == "007") & (MADE["system"] == "sys 2")
    replies = MADE["reply"].mask(first, "").mask(second & (MADE["rater"] == "gpt-x"), "three words here or five")
    write_study(tmp_path, MADE.assign(reply=replies))
    ratings = read_own(tmp_path)
    assert known(ratings) == {key: n for key, n in WORDS.items() if key not in (("007", "sys 1"), ("007", "sys 2"))}
    assert "1 reply has texts of different lengths in the tables; how long it is stays open" in ratings.notes


def test_a_system_cannot_be_called_as_all_of_them_are(tmp_path: Path) -> None:
    write_study(tmp_path, MADE.replace({"system": {"sys 1": "all"}}))
    (problem,) = survey(tmp_path).problems
    assert problem == "a system is called 'all', which stands for all systems together; give it another name"


def test_an_added_judge_leaves_lengths_as_they_are(tmp_path: Path) -> None:
    write_study(tmp_path, MADE)
    mine = MADE[MADE["rater"] == "gpt-x"].assign(rater="mine", reply="of two")
    dataset, _ = with_judge(load(str(tmp_path), Progress()), write_table(tmp_path.parent / "mine.csv", mine))
    assert dataset.ratings is not None
    assert "mine" in dataset.study.judge_keys
    assert known(dataset.ratings) == WORDS


def test_the_program_makes_the_table_of_a_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = replied(make_study(12))
    write_study(tmp_path, made)
    assert main(["length-bias", "--source", str(tmp_path), "--judge", "gpt-x", "--format", "json"]) == 0
    rows = pd.DataFrame(json.loads(capsys.readouterr().out))
    assert len(rows) == 8 * 13
    whole = rows[rows["model"] == "all"].set_index("attribute")
    # By plain pandas: the slope of deviations from each system's means.
    ratings = made.assign(x=np.log2(made["reply"].str.split().str.len()))
    for attribute, of_it in ratings.groupby("attribute"):
        experts = of_it[of_it["rater"].isin(EXPERTS)].groupby(["item", "system", "x"])["rating"].mean()
        judge = of_it[of_it["rater"] == "gpt-x"].set_index(["item", "system", "x"])["rating"]
        rows_of = (judge - experts).rename("y").reset_index()
        within = rows_of[["x", "y"]] - rows_of.groupby("system")[["x", "y"]].transform("mean")
        slope = (within["x"] * within["y"]).sum() / (within["x"] ** 2).sum()
        assert whole.loc[attribute, "length_slope"] == pytest.approx(slope, abs=1e-10)


@pytest.mark.slow
def test_what_a_study_lacks_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path, make_study(3))
    assert main(["length-bias", "--source", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "this table needs the length of replies: of an own study a column with their texts (reply)" in error
    tables = {table.table: table for table in checked(tmp_path).tables}
    assert tables["length-bias"].possible == "no"
    write_study(tmp_path, MADE)
    tables = {table.table: table for table in checked(tmp_path).tables}
    assert "30 replies of different length" in tables["length-bias"].lacking
    assert tables["length-bias"].possible == "no"
    write_study(tmp_path, replied(make_study(12)))
    assert {table.table: table.possible for table in checked(tmp_path).tables}["length-bias"] == "in part"


# The published study


@pytest.fixture(scope="module")
def texts() -> MadeReplies:
    """Make a small library in which the rated messages stand from row 61, with other signs between their words."""
    made = make_replies(120)
    for place, context in enumerate(make_release(contexts_differ=False).contexts[HUMAN]):
        made.texts["context"][FIRST_RATED + place] = context.upper().replace(" ", "\n")
    made.texts["gpt-4o"][FIRST_RATED + 1] = " ... "
    # The third message stands in another row too: with replies as long, and one longer.
    for key, column in made.texts.items():
        column[3] = column[FIRST_RATED + 2]
        if key == "original":
            column[3] += " More words."
    return made


@pytest.fixture(scope="module")
def file(texts: MadeReplies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replies") / "MentalBench-100k.parquet"
    path.write_bytes(texts.parquet())
    return path


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, make_release(contexts_differ=False))
    return folder


@pytest.fixture(scope="module")
def hub(texts: MadeReplies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandinHub]:
    with pytest.MonkeyPatch.context() as patch, StandinHub({"MentalBench-100k.parquet": texts.parquet()}) as standin:
        standin.use(patch, tmp_path_factory.mktemp("caches"))
        yield standin


def expected(texts: MadeReplies) -> dict[tuple[int, str], int]:
    """Count the words of the rated replies by hand."""
    rated = range(len(make_release(contexts_differ=False).contexts[HUMAN]))
    words = {
        (place + 1, model): len(texts.texts[model][FIRST_RATED + place].split())
        for place in rated
        for model in STUDY.system_keys
    }
    return {key: n for key, n in words.items() if key not in ((2, "gpt-4o"), (3, "original")) and n}


def test_rated_messages_are_looked_up_word_for_word(texts: MadeReplies, file: Path, release: Path) -> None:
    lengths = lengths_of(read_release(release, STUDY), read_replies(file, Progress()))
    found = {(row.conversation, row.model): row.words for row in lengths.itertuples()}
    empty = {key for key in expected(texts) if key[0] + FIRST_RATED - 1 in texts.empty.get(str(key[1]), set())}
    assert found == {key: n for key, n in expected(texts).items() if key not in empty}


def test_messages_that_are_not_there_have_no_lengths_and_no_slope(release: Path, tmp_path: Path) -> None:
    other = tmp_path / "MentalBench-100k.parquet"
    other.write_bytes(make_replies(120, seed=1).parquet())
    dataset = with_replies(load(str(release), Progress()), Progress(), other)
    assert dataset.ratings is not None
    assert dataset.ratings.lengths is not None
    assert dataset.ratings.lengths.empty
    table = table_of("length-bias", dataset, Settings.of(STUDY), Selection.of(STUDY))
    assert len(table) == 4 * 7 * 11
    assert table["n_pairs"].eq(0).all()
    assert table["length_slope"].isna().all()
    assert known_finding(STUDY, dataset.ratings.lengths, 48) == (
        "The length of 0 replies is known, to 0 of 48 conversations."
    )


def test_the_file_is_named_where_figures_come_from(
    file: Path, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["length-bias", "--source", str(release), "--replies", str(file), "--judge", "gpt-4o", "--format", "json"]
    assert main([*argv, "--verbose"]) == 0
    answer = capsys.readouterr()
    rows = pd.DataFrame(json.loads(answer.out))
    assert len(rows) == 7 * 11
    assert rows.loc[rows["model"] == "all", "length_slope"].notna().all()
    assert "file: MentalBench-100k.parquet, sha256 " in answer.err
    notebook = open_study(release).with_replies(file).table("length-bias", judge="gpt-4o")
    assert notebook["length_slope"].tolist() == pytest.approx(rows["length_slope"].astype(float).tolist(), nan_ok=True)


@pytest.mark.slow
def test_without_a_file_hugging_face_is_asked(
    hub: StandinHub, file: Path, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for more in ([], ["--replies", str(file)]):
        assert main(["length-bias", "--source", str(release), "--format", "csv", *more]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert any("MentalBench-100k.parquet" in asked for asked in hub.asked)


def test_nothing_is_fetched_for_another_table(hub: StandinHub, release: Path) -> None:
    before = list(hub.asked)
    assert main(["inflation", "--source", str(release)]) == 0
    assert hub.asked == before


@pytest.fixture
def named(file: Path, release: Path, tmp_path: Path) -> dict[str, Path]:
    """Give what the command line below names."""
    write_study(tmp_path / "own", make_study(2))
    other = write_table(tmp_path / "other.csv", make_study(1))
    return {"FILE": file, "OWN": tmp_path / "own", "RELEASE": release, "TABLE": other}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("inflation --replies FILE", ["is not for inflation", "allowed with length-bias"]),
        ("length-bias --replies nowhere.csv", ["'nowhere.csv' is no file", "CSV or Parquet"]),
        ("length-bias --source OWN --replies FILE", ["this is another", "column with the texts"]),
        ("length-bias --source RELEASE --replies TABLE", ["has not the columns of MentalBench-100k"]),
    ],
)
def test_replies_that_cannot_be_used_are_refused(
    argv: str, words: list[str], named: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(named.get(part, part)) for part in argv.split()]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("argument --replies")
    assert all(word in error for word in words), error


def test_where_nobody_answers_the_file_is_asked_for(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StandinHub({}) as gone:
        gone.use(monkeypatch, tmp_path)
    assert main(["length-bias", "--source", str(release)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("argument --replies: is missing: Hugging Face")
    assert "allowed is MentalBench-100k as CSV or Parquet" in error


def test_counts_and_other_studies_stay_as_they_are(file: Path) -> None:
    snapshot = load_snapshot()
    assert with_replies(snapshot, Progress(), file) is snapshot
    with pytest.raises(ReleaseError, match="not the columns of MentalBench-100k; allowed is a file that ends in"):
        read_replies(Path(__file__), Progress())


# The page


@pytest.fixture
def length_page(open_page: OpenPage, hub: StandinHub) -> Iterator[OpenPage]:
    """Open the page on length, cold, under the recommended preset; the replies come from the stand-in alone."""
    for cache in (st.cache_resource, st.cache_data):
        cache.clear()
    yield partial(open_page, "inflation/length", preset="recommended")
    for cache in (st.cache_resource, st.cache_data):
        cache.clear()


def slopes_on(app: AppTest) -> list[pd.DataFrame]:
    return [rows for rows in charted(app) if "length_slope" in rows]


@pytest.mark.slow
def test_of_an_own_study_the_page_shows_the_programs_figures(
    length_page: OpenPage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(tmp_path, replied(make_study(40)))
    rows = from_command_line(capsys, "length-bias", "--source", str(tmp_path))
    app = length_page(source=tmp_path, cell_judge="gpt-x", cell_attribute="tone")
    assert "The length of 480 replies is known, to every item." in said(app)
    whole, single = slopes_on(app)
    expected = rows[rows["model"] == "all"]
    assert whole["length_slope"].tolist() == pytest.approx(expected["length_slope"].tolist())
    here = rows.query("judge == 'gpt-x' and attribute == 'tone' and model != 'all'")
    assert single["length_slope_high"].tolist() == pytest.approx(here["length_slope_high"].tolist())
    table = next(each.value for each in app.dataframe if "length_slope" in each.value)
    assert table["p_adjusted"].tolist() == pytest.approx(expected["p_adjusted"].tolist())
    few = length_page(source=tmp_path, judge="gpt-x", attribute=["tone", "safety"])
    shown = next(each.value for each in few.dataframe if "length_slope" in each.value)
    p = expected.query("judge == 'gpt-x' and attribute in ['tone', 'safety']")["p"]
    assert shown["p_adjusted"].tolist() == pytest.approx(multipletests(p, method="holm")[1].tolist())


@pytest.mark.slow
def test_without_replies_the_page_says_what_it_takes(length_page: OpenPage, tmp_path: Path) -> None:
    write_study(tmp_path, make_study(12))
    app = length_page(source=tmp_path)
    assert "Put the replies into a column `reply`" in said(app)
    assert not [button for button in app.main.button if button.label == "Fetch the replies"]
    assert not slopes_on(app)
    snapshot = length_page()
    assert "This part needs single conversations" in said(snapshot)
    assert not slopes_on(snapshot)


@pytest.mark.slow
def test_of_the_published_study_the_replies_are_offered_and_then_used(
    length_page: OpenPage, release: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = length_page(source=release, cell_judge="gpt-4o", cell_attribute="Safety")
    assert "The replies are part of MentalBench-100k" in said(app)
    next(button for button in app.main.button if button.label == "Fetch the replies").click().run()
    until = time.monotonic() + 30
    while any(button.label == "Stop loading" for button in app.button) and time.monotonic() < until:
        time.sleep(0.1)
        app.run()
    assert not app.exception, app.exception
    rows = from_command_line(capsys, "length-bias", "--source", str(release), "--replies", str(file))
    whole, _ = slopes_on(app)
    expected = rows.loc[rows["model"] == "all", "length_slope"]
    assert whole["length_slope"].tolist() == pytest.approx(expected.tolist())
    assert "file MentalBench-100k.parquet" in said(app)
