"""The tables as a program: names, options, columns, exit codes, messages, and what is written."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import __main__ as command
from analysis.__main__ import main
from analysis.agreement.icc import icc_table
from analysis.outputs.writing import table_text
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.errors import SourceError
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.made_release import file_table, make_release, write_table, write_workbooks
from tests.slow import slow_but

ROOT = Path(__file__).parents[1]
COLUMNS = {
    "verdicts": "judge attribute use verdict criterion value value_low value_high supported_at checked_at system "
    "more with_more n units p_supported p_checked p_unfit n_checks n_differ",
    "verdict-checks": "judge attribute use check verdict changed",
    "icc": "judge attribute score level n_targets n_pairs icc_c1 icc_c1_low icc_c1_high icc_a1 icc_a1_low icc_a1_high "
    "ci_width reading",
    "inflation": "judge attribute score n_pairs human_mean judge_mean bias bias_low bias_high mse rmse",
    "agreement-limits": "judge attribute n_pairs bias bias_low bias_high margin equivalence_low equivalence_high "
    "p_equivalence equivalent slope slope_low slope_high limit_lower limit_lower_low limit_lower_high limit_upper "
    "limit_upper_low limit_upper_high mse mse_bias mse_bias_low mse_bias_high mse_scale mse_scale_low mse_scale_high "
    "mse_unexplained mse_unexplained_low mse_unexplained_high",
    "correction": "judge attribute method bias mse icc_a1 bias_low bias_high mse_low mse_high icc_a1_low icc_a1_high",
    "scores": "rater model Guidance Informativeness Relevance Safety Empathy Helpfulness Understanding css ars average",
    "reproduction": "published_table judge model attribute figure published recomputed difference lower upper "
    "published_tier recomputed_tier tier_share verdict",
    "ranking": "judge attribute n_models best_human best_judge same_best_now same_best tau tau_low tau_high pairwise "
    "pairwise_low pairwise_high loss loss_low loss_high expected_loss n_pairs same_best_low same_best_high",
    "self-preference": "judge attribute n_own n_rest human_own human_rest bias_own bias_own_low bias_own_high "
    "bias_rest bias_rest_low bias_rest_high contrast contrast_low contrast_high others others_low others_high "
    "excess excess_low excess_high p p_adjusted",
    "faults": "judge attribute score figure fault released with_mend shift",
}
FEW = ["--source", "snapshot", "--resamples", "100"]
CELL = ["icc", *FEW, "--judge", "gpt-4o", "--attribute", "Safety"]


class Answer:
    """What the command printed and returned."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: object) -> None:
        capsys.readouterr()
        self.code = main([str(part) for part in argv])
        self.out, self.err = capsys.readouterr()

    @property
    def rows(self) -> list[dict[str, object]]:
        """The rows of JSON output, which must be JSON by the letter."""
        assert self.code == 0, self.err
        rows: list[dict[str, object]] = json.loads(self.out, parse_constant=pytest.fail)
        return rows


def ask(capsys: pytest.CaptureFixture[str], *argv: object) -> list[dict[str, object]]:
    return Answer(capsys, *argv, "--format", "json").rows


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release of invented ratings by the experts and two judges."""
    folder = tmp_path_factory.mktemp("made")
    write_workbooks(folder, make_release(), raters=("human", "gpt-4o", "o4-mini"))
    return folder


# Tables and columns


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("form", slow_but({"csv"}, ["json", "csv", "table"]))
def test_columns(table: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, table, *FEW, "--format", form)
    assert answer.code == 0
    names = COLUMNS[table].split()
    if form == "json":
        assert len(answer.rows) >= 28
        assert all(list(row) == names for row in answer.rows)
    elif form == "csv":
        assert answer.out.splitlines()[0].split(",") == names
    else:
        assert answer.out.splitlines()[0].split() == names


def test_table_is_what_is_printed_unless_another_form_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    plain, table = (Answer(capsys, "inflation", *FEW, *form).out for form in ([], ["--format", "table"]))
    assert plain == table
    assert "gpt-4o" in plain
    assert "0.8" in plain


def test_what_the_figures_come_from_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "icc", *FEW, "--seed", "7")
    assert "Bundled snapshot" not in answer.out
    assert "source: Bundled snapshot, revision 03cfc4be" in answer.err
    assert "preset recommended" in answer.err
    assert "1,000 conversations" in answer.err
    assert "seed 7" in answer.err


@pytest.mark.slow
def test_verdicts_follow_the_settings_that_are_asked_for_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["verdicts", "--source", "snapshot", "--icc-supported", "0.9"]
    plain, released = Answer(capsys, *options), Answer(capsys, *options, "--ratings", "as-released")
    assert plain.out != released.out
    assert "settings: preset recommended, level model, ratings valid" in plain.err
    assert "settings: preset recommended, level model, ratings as-released" in released.err
    assert "icc_supported 0.9" in plain.err


def test_icc_rows_are_those_of_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings.of(STUDY, "recommended", "response", seed=3, resamples=60, exclude="family")
    expected = icc_table(pairs(STUDY, load_snapshot().counts, settings, Selection.of(STUDY)), settings)
    argv = ["icc", "--source", "snapshot", "--preset", "recommended", "--level", "response"]
    rows = ask(capsys, *argv, "--seed", "3", "--resamples", "60", "--exclude", "family")
    assert [row["icc_a1_low"] for row in rows] == expected["icc_a1_low"].tolist()
    assert [row["reading"] for row in rows] == expected["reading"].tolist()


# Options


def test_judge_model_and_attribute_are_repeatable_and_come_in_the_order_of_the_benchmark(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = "--judge o4-mini --judge gpt-4o --attribute Empathy --attribute Guidance --model original --model gpt-4o"
    rows = ask(capsys, "icc", *FEW, "--exclude", "none", *chosen.split())
    assert [(row["judge"], row["attribute"]) for row in rows] == [
        ("gpt-4o", "Guidance"),
        ("gpt-4o", "Empathy"),
        ("o4-mini", "Guidance"),
        ("o4-mini", "Empathy"),
    ]
    assert {row["n_targets"] for row in rows} == {2}
    scores = ask(capsys, "scores", *FEW, "--exclude", "none", *chosen.split())
    assert [(row["rater"], row["model"]) for row in scores] == [
        (rater, model) for rater in ("human", "gpt-4o", "o4-mini") for model in ("gpt-4o", "original")
    ]
    assert all(row["css"] is None and row["Safety"] is None and row["Guidance"] is not None for row in scores)


def test_everything_is_chosen_when_nothing_is(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, "inflation", *FEW)
    assert [(row["judge"], row["attribute"]) for row in rows] == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]
    assert {row["model"] for row in ask(capsys, "scores", *FEW)} == set(STUDY.system_keys)


@pytest.mark.parametrize(("exclude", "models"), [("none", 10), ("own", 9), ("family", 8)])
def test_exclude(exclude: str, models: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, "icc", *FEW, "--judge", "gpt-4o", "--exclude", exclude)
    assert {row["n_targets"] for row in rows} == {models}


def test_level(capsys: pytest.CaptureFixture[str]) -> None:
    model, response = (ask(capsys, "icc", *FEW, "--level", level)[0] for level in ("model", "response"))
    assert (model["level"], model["n_targets"]) == ("model", 9)
    assert response["level"] == "response"
    assert response["n_targets"] == response["n_pairs"] == model["n_pairs"]


@pytest.mark.slow
def test_an_option_beats_the_preset(capsys: pytest.CaptureFixture[str]) -> None:
    (paper,), (recommended,) = (ask(capsys, *CELL, "--preset", preset) for preset in ("paper", "recommended"))
    assert paper["n_pairs"] == 8932
    assert paper["reading"] in {"GR", "MR", "PR"}
    assert recommended["n_pairs"] == 8738
    assert recommended["reading"] == "poor to good"
    (released,) = ask(capsys, *CELL, "--preset", "recommended", "--ratings", "as-released")
    assert released["n_pairs"] == 8771
    (valid,) = ask(capsys, *CELL, "--preset", "paper", "--ratings", "valid", "--interval", "exact-f")
    assert valid["n_pairs"] == 8899
    assert valid["icc_c1_low"] == pytest.approx(-0.34, abs=0.01)
    (bootstrap,) = ask(capsys, *CELL, "--preset", "recommended", "--interval", "bootstrap-models")
    assert bootstrap["icc_c1"] == recommended["icc_c1"]
    assert bootstrap["icc_c1_low"] != recommended["icc_c1_low"]
    assert " to " in str(bootstrap["reading"])


def test_same_seed_same_interval(capsys: pytest.CaptureFixture[str]) -> None:
    cell = ["icc", "--source", "snapshot", "--preset", "paper", "--judge", "gpt-4o", "--format", "csv"]
    first, again = (Answer(capsys, *cell, "--seed", "5", "--resamples", "300").out for _ in range(2))
    assert first == again
    assert first != Answer(capsys, *cell, "--seed", "6", "--resamples", "300").out
    assert first != Answer(capsys, *cell, "--seed", "5", "--resamples", "301").out


@pytest.mark.slow
def test_a_folder_is_a_source(made_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "inflation", "--source", made_folder, "--format", "json")
    assert [row["judge"] for row in answer.rows] == ["gpt-4o"] * 7 + ["o4-mini"] * 7
    assert "source: Folder made" in answer.err
    assert "48 conversations" in answer.err


def test_auto_is_the_source_when_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def pretend(source: str, progress: object) -> object:
        asked.append(source)
        return load_snapshot(("Hugging Face did not answer",))

    monkeypatch.setattr(command, "load", pretend)
    answer = Answer(capsys, "inflation")
    assert (answer.code, asked) == (0, ["auto"])
    assert "note: Hugging Face did not answer" in answer.err


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "--help")
    assert answer.code == 0
    options = "source add-judge preset judge model attribute level ratings exclude interval resamples seed margin low"
    assert all(f"--{option}" in answer.out for option in f"{options} high format output section app".split())
    assert all(key in answer.out for key in COLUMNS)
    # Which judges there are is the study's to say.
    assert not any(key in answer.out for key in STUDY.judge_keys)


# Bad input


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        ("", ["table", "--help"]),
        ("means", ["table", "'means'", "icc", "inflation", "scores"]),
        ("icc --source snapshot --judge gpt-5", ["argument --judge: 'gpt-5' is not known;", *STUDY.judge_keys]),
        ("icc --source snapshot --model gpt4o", ["argument --model: 'gpt4o' is not known;", *STUDY.system_keys]),
        (
            "icc --source snapshot --attribute safety",
            ["argument --attribute: 'safety' is not known;", *STUDY.attribute_names],
        ),
        ("icc --source snapshot --low 0.5", ["argument --low: 0.5 is not allowed;", "from 1 to 5"]),
        ("icc --source snapshot --high 6", ["argument --high: 6 is not allowed;", "from 1 to 5"]),
        ("icc --source snapshot --low 4", ["argument --low: 4 is not allowed with high 4;", "below it"]),
        ("icc --source snapshot --margin 5", ["argument --margin: 5.0 is not allowed;", "up to 4"]),
        ("icc --low poor", ["--low", "'poor'"]),
        ("icc --add-judge nowhere.csv", ["--add-judge", "'nowhere.csv' is no file;", "a judge's ratings"]),
        ("panel --source snapshot --judge gpt-4o", ["--judge", "'gpt-4o' is one judge", "two", *STUDY.judge_keys]),
        ("icc --judge", ["--judge", "--help"]),
        ("icc --level reply", ["--level", "'reply'", "model", "response"]),
        ("icc --preset papr", ["--preset", "'papr'", "paper", "recommended"]),
        ("icc --ratings all", ["--ratings", "'all'", "as-released", "valid"]),
        ("icc --exclude all", ["--exclude", "'all'", "none", "own", "family"]),
        ("icc --interval f", ["--interval", "'f'", "bootstrap-models", "bootstrap-conversations", "exact-f"]),
        ("verdicts --source snapshot --icc-supported 2", ["--icc-supported", "2.0", "between 0 and 1"]),
        ("verdicts --source snapshot --icc-supported 0.5", ["--icc-checked", "icc-supported 0.5", "below it"]),
        ("verdicts --reassured-supported 10%", ["--reassured-supported", "'10%'"]),
        (
            "verdicts --source snapshot --reassured-checked 0.05",
            ["--reassured-supported: 0.1", "reassured-checked 0.05"],
        ),
        ("icc --format xml", ["--format", "'xml'", "table", "csv", "json"]),
        ("icc --resamples 0", ["--resamples", "'0'", "1 to 100000"]),
        ("icc --resamples 1e3", ["--resamples", "'1e3'", "1 to 100000"]),
        ("icc --resamples 100001", ["--resamples", "'100001'", "1 to 100000"]),
        ("icc --seed -1", ["--seed", "'-1'", "0 to 4294967295"]),
        ("icc --seed 4294967296", ["--seed", "'4294967296'", "0 to 4294967295"]),
        ("icc --seed 1.5", ["--seed", "'1.5'", "0 to 4294967295"]),
        ("icc --source nowhere", ["--source", "'nowhere'", "auto", "hub", "github", "snapshot", "folder"]),
        (
            "icc --source pyproject.toml",
            ["--source", "'pyproject.toml'", "is not a file of counts", "folder"],
        ),
        ("icc --verbose", ["--verbose", "--help"]),
        ("icc --res 10", ["--res", "--help"]),
    ],
)
def test_bad_input_is_named_in_one_line(
    argv: str, named: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    answer = Answer(capsys, *argv.split())
    assert answer.code == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert all(part in answer.err for part in named), answer.err


def test_an_empty_source_is_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "icc", "--source", "")
    assert (answer.code, answer.out) == (2, "")
    assert "argument --source: '' is no folder; allowed are auto" in answer.err


def test_a_folder_that_is_not_the_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    answer = Answer(capsys, "icc", "--source", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert f"argument --source: '{tmp_path}'" in answer.err
    assert "human_response_" in answer.err


def test_a_folder_without_the_experts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_workbooks(tmp_path, make_release(), raters=("gpt-4o",))
    answer = Answer(capsys, "icc", "--source", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "experts" in answer.err


def test_a_source_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(source: str, progress: object) -> object:
        raise SourceError("Hugging Face did not answer within 3 seconds")

    monkeypatch.setattr(command, "load", refuse)
    answer = Answer(capsys, "icc", "--source", "hub")
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    said = "argument --source: 'hub': Hugging Face did not answer within 3 seconds; without a network there are"
    assert said in answer.err


def test_a_judge_that_the_source_lacks(made_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "icc", "--source", made_folder, "--judge", "gemini-2.5-flash")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == ["argument --judge: 'gemini-2.5-flash' is not known; allowed are gpt-4o, o4-mini"]


# Undefined figures


def test_json_is_null_where_undefined(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ask(capsys, *CELL, "--model", "original")
    assert row["n_targets"] == 1
    undefined = [name for name in row if row[name] is None]
    assert undefined == COLUMNS["icc"].split()[6:]


def test_csv_is_empty_and_the_table_says_so_where_undefined(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = csv.DictReader(io.StringIO(Answer(capsys, *CELL, "--model", "original", "--format", "csv").out))
    assert [row[name] for name in COLUMNS["icc"].split()[6:]] == [""] * 8
    assert Answer(capsys, *CELL, "--model", "original").out.split()[-8:] == ["undefined"] * 8


def test_a_table_without_rows_says_so() -> None:
    nothing = pd.DataFrame(columns=["rater", "model"])
    assert table_text(nothing, "table").startswith("no rows")
    assert table_text(nothing, "csv") == "rater,model\n"
    assert json.loads(table_text(nothing, "json")) == []


# Output


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("table", COLUMNS)
def test_csv_parses_back_to_the_numbers_of_json(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, table, *FEW)
    parsed = list(csv.DictReader(io.StringIO(Answer(capsys, table, *FEW, "--format", "csv").out)))
    assert len(parsed) == len(rows)
    for text, row in zip(parsed, rows, strict=True):
        for name, value in row.items():
            assert text[name] == "" if value is None else type(value)(text[name]) == value


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_output_writes_what_would_be_printed(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = Answer(capsys, "inflation", *FEW, "--format", form)
    written = Answer(capsys, "inflation", *FEW, "--format", form, "--output", tmp_path / "table.txt")
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "table.txt").read_text() == printed.out
    assert names_in(tmp_path) == ["table.txt"]


def test_output_takes_the_place_of_an_older_file_and_writes_through_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    assert Answer(capsys, "scores", *FEW, "--format", "csv", "--output", link).code == 0
    assert link.is_symlink()
    assert real.read_text().startswith("rater,model,")


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_output_that_fails_half_way_leaves_the_older_file(
    step: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "table.csv"
    older.write_text("old")
    really_write = Path.write_text

    def disk_full(path: Path, *args: object, **kwargs: object) -> None:
        really_write(path, "judge,attr")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, step, disk_full)
    answer = Answer(capsys, "inflation", *FEW, "--output", older)
    monkeypatch.undo()
    assert answer.code == 2
    reason = "cannot be written (No space left on device); allowed is a file in a folder that exists"
    assert answer.err.splitlines() == [f"argument --output: '{older}' {reason}"]
    assert older.read_text() == "old"
    assert names_in(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("where", ["no/such/folder/table.csv", "", "folder", "file.txt/table.csv", "device"])
def test_output_that_is_no_place_for_a_file(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file.txt").write_text("kept")
    os.mkfifo("device")
    answer = Answer(capsys, "inflation", *FEW, "--output", where)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert "argument --output" in answer.err
    assert "allowed is a file in a folder that exists" in answer.err
    assert names_in(tmp_path) == ["device", "file.txt", "folder"]
    assert Path("device").is_fifo()


# As a program of its own


@pytest.mark.slow
def test_python_dash_m_analysis(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["icc", *FEW, "--judge", "gpt-4o", "--format", "json"]
    program = [sys.executable, "-W", "error", "-m", "analysis"]
    ran = subprocess.run([*program, *argv], check=False, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, Answer(capsys, *argv).out)
    refused = subprocess.run([*program, "icc", "--seed", "x"], check=False, cwd=ROOT, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("argv", "note"),
    [
        (
            ["icc", "--preset", "paper", "--resamples", "20"],
            "note: 20 resamples are too few for an interval to be read; take 100",
        ),
        (["ranking", "--model", "gpt-4o"], "note: every figure is undefined"),
        (["icc", "--judge", "gpt-4o", "--model", "gpt-4o"], "note: every figure is undefined"),
    ],
)
def test_what_the_bare_figures_would_not_tell_is_noted(
    capsys: pytest.CaptureFixture[str], argv: list[str], note: str
) -> None:
    assert main([*argv, "--source", "snapshot"]) == 0
    assert note in capsys.readouterr().err
    assert main(["icc", "--source", "snapshot"]) == 0
    assert "note:" not in capsys.readouterr().err


@pytest.mark.slow
def test_an_added_judge_is_named_where_its_file_is_wrong_and_noted_where_it_fits_in_part(
    made_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["item,system,attribute,rating", "1,gpt-4o,Saftey,3", "1,gpt-4o,Empathy,3", "2,gpt-4o,Empathy,4"]
    file = tmp_path / "mine.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    answer = Answer(capsys, "inflation", "--source", str(made_folder), "--add-judge", str(file))
    assert answer.code == 0
    assert "note: mine.csv: 1 attribute not in the study, in 1 reply: 'Saftey' (is it 'Safety'?)" in answer.err
    assert "which systems are mine's own is not known" in answer.err
    checked = Answer(capsys, "check", str(file), "--source", str(made_folder))
    assert (checked.code, checked.out.splitlines()[-1]) == (2, "usable in part: see what is not matched")

    file.write_text("\n".join([*rows, rows[-1]]), encoding="utf-8")
    answer = Answer(capsys, "inflation", "--source", str(made_folder), "--add-judge", str(file))
    assert answer.code == 2
    assert answer.err.startswith(f"argument --add-judge: {str(file)!r}: mine.csv, rows 4, 5")
    assert "allowed are auto" not in answer.err


def test_systems_of_an_added_judge_are_left_out_where_they_are_stated(
    made_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make_release()
    file = tmp_path / "mine_llm_judge.csv"
    write_table(file, file_table(made, "o4-mini"))
    asked = ("inflation", "--source", made_folder, "--format", "json", "--add-judge", file)
    stated, whole = Answer(capsys, *asked, "--own", "mine=gpt-4o-mini"), Answer(capsys, *asked)
    figures = ("attribute", "n_pairs", "bias", "bias_low")
    of = {
        judge: [tuple(row[name] for name in figures) for row in answer.rows if row["judge"] == key]
        for judge, answer, key in (("o4", stated, "o4-mini"), ("stated", stated, "mine"), ("whole", whole, "mine"))
    }
    assert of["stated"] == of["o4"] != of["whole"]
    assert "is not known" in whole.err
    assert "is not known" not in stated.err


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("mine", "argument --own: 'mine' names no system of a judge; allowed is JUDGE=SYSTEM"),
        ("other=gpt-4o", "argument --own: 'other' is no judge that was added; allowed are those of --add-judge: mine"),
        ("o4-mini=gpt-4o", "argument --own: 'o4-mini' is no judge that was added"),
        ("mine=gpt-9", "'gpt-9' cannot be mine's own, since the systems of the study are claude-3.5-haiku"),
    ],
)
def test_what_cannot_be_a_judges_own_is_refused(
    made_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], own: str, said: str
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("item,system,attribute,rating\n1,gpt-4o,Empathy,3\n", encoding="utf-8")
    answer = Answer(capsys, "icc", "--source", made_folder, "--add-judge", file, "--own", own)
    assert answer.code == 2
    assert said in answer.err
