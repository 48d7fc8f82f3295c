"""The tables as a program: names, options, columns, exit codes, messages, and what is written."""

import csv
import io
import json
import os
import subprocess
import sys
from functools import partial
from itertools import groupby
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import commands
from analysis.__main__ import main
from analysis.agreement.icc import icc_table
from analysis.column import Column
from analysis.findings.reasons import reason, what_would_change
from analysis.options import OPTIONS, options_of
from analysis.options import commands as every_command
from analysis.outputs.registry import table_of
from analysis.outputs.tables import TAKEN
from analysis.outputs.writing import UnwritableError, table_file, table_text
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.errors import SourceError
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.made_release import file_table, make_release, write_table, write_workbooks
from tests.made_study import EXPERTS, make_study, write_study
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
    "data-errors": "judge attribute score figure error released with_fix shift",
}
SNAPSHOT = ["--source", "snapshot"]
FEW = [*SNAPSHOT, "--resamples", "100"]
CELL = ["icc", *SNAPSHOT, "--judge", "gpt-4o", "--attribute", "Safety"]


def quickly(table: str) -> list[str]:
    """Ask for a table of the snapshot with few resamples, where it draws any."""
    return [table, *(FEW if "resamples" in TAKEN[table].settings else SNAPSHOT)]


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
    answer = Answer(capsys, *quickly(table), "--format", form)
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
    plain, table = (Answer(capsys, "inflation", *SNAPSHOT, *form).out for form in ([], ["--format", "table"]))
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


def test_one_line_says_what_the_figures_come_from_unless_more_or_none_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["reassurance", *SNAPSHOT, "--low", "1", "--exclude", "family"]
    usual, full, none = (Answer(capsys, *argv, *telling) for telling in ([], ["--verbose"], ["--quiet"]))
    assert usual.out == full.out == none.out
    (line,) = usual.err.splitlines()
    assert line.startswith("source: Bundled snapshot, revision 03cfc4be")
    assert line.endswith(", 1,000 conversations; settings: preset recommended, exclude family, low 1.0")
    assert none.err == ""
    beginnings = [said.partition(":")[0] for said in full.err.splitlines()]
    assert beginnings == ["source", *["file"] * 6, "software", "settings"]
    assert "sha256" in full.err
    assert "reassured_supported 0.1" in full.err


@pytest.mark.slow
def test_verdicts_obey_the_preset_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    recommended, paper = (
        Answer(capsys, "verdicts", *FEW, "--judge", "gpt-4o", "--preset", preset) for preset in ("recommended", "paper")
    )
    assert recommended.out != paper.out
    assert "settings: preset paper, resamples 100" in paper.err


@pytest.mark.parametrize("form", ["table", "csv"])
def test_reasons_of_verdicts_are_those_of_the_dashboard(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["verdicts", *FEW, "--judge", "gpt-4o", "--attribute", "Safety", "--quiet", "--format", form]
    bare, told = Answer(capsys, *asked), Answer(capsys, *asked, "--reasons")
    assert told.out == bare.out
    assert bare.err == ""
    dataset, settings = load_snapshot(), Settings.of(STUDY, resamples=100)
    table = table_of("verdicts", dataset, settings, Selection.of(STUDY, ["gpt-4o"], attributes=["Safety"]))
    lines = told.err.splitlines()
    assert len(lines) == len(table) == 3
    for line, (_, row) in zip(lines, table.iterrows(), strict=True):
        assert reason(STUDY, row, settings) in line
        assert line.endswith(what_would_change(STUDY, row))
    assert [line.split(". ")[0] for line in lines] == [
        "GPT-4o on Safety, rank systems: undecided",
        "GPT-4o on Safety, report scores: not supported",
        "GPT-4o on Safety, rate a single reply: not supported",
    ]


@pytest.mark.slow
def test_the_checks_of_a_verdict_stand_together_and_verdicts_in_their_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = [*FEW, "--judge", "gpt-4o", "--judge", "o4-mini", "--attribute", "Safety", "--attribute", "Empathy"]
    verdicts, checks = (
        [tuple(row[name] for name in ("judge", "attribute", "use")) for row in ask(capsys, table, *argv)]
        for table in ("verdicts", "verdict-checks")
    )
    assert len(checks) > len(verdicts) == 12
    assert [key for key, _ in groupby(checks)] == verdicts


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
    rows = ask(capsys, "icc", *SNAPSHOT, "--exclude", "none", *chosen.split())
    assert [(row["judge"], row["attribute"]) for row in rows] == [
        ("gpt-4o", "Guidance"),
        ("gpt-4o", "Empathy"),
        ("o4-mini", "Guidance"),
        ("o4-mini", "Empathy"),
    ]
    assert {row["n_targets"] for row in rows} == {2}
    scores = ask(capsys, "scores", *SNAPSHOT, "--exclude", "none", *chosen.split())
    assert [(row["rater"], row["model"]) for row in scores] == [
        (rater, model) for rater in ("human", "gpt-4o", "o4-mini") for model in ("gpt-4o", "original")
    ]
    assert all(row["css"] is None and row["Safety"] is None and row["Guidance"] is not None for row in scores)


def test_everything_is_chosen_when_nothing_is(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, "inflation", *SNAPSHOT)
    assert [(row["judge"], row["attribute"]) for row in rows] == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]
    assert {row["model"] for row in ask(capsys, "scores", *SNAPSHOT)} == set(STUDY.system_keys)


@pytest.mark.parametrize(("exclude", "models"), [("none", 10), ("own", 9), ("family", 8)])
def test_exclude(exclude: str, models: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, "icc", *SNAPSHOT, "--judge", "gpt-4o", "--exclude", exclude)
    assert {row["n_targets"] for row in rows} == {models}


def test_level(capsys: pytest.CaptureFixture[str]) -> None:
    model, response = (ask(capsys, "icc", *SNAPSHOT, "--level", level)[0] for level in ("model", "response"))
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

    monkeypatch.setattr(commands, "load", pretend)
    answer = Answer(capsys, "inflation")
    assert (answer.code, asked) == (0, ["auto"])
    assert "note: Hugging Face did not answer" in answer.err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "--help")
    assert answer.code == 0
    words = " ".join(answer.out.split())
    assert all(f"{name} {meaning}" in words for name, meaning in every_command().items())


@pytest.mark.parametrize("command", every_command())
def test_help_of_a_command_lists_the_options_that_it_takes_and_no_other(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer(capsys, command, "--help")
    assert answer.code == 0
    listed = [line.split()[0] for line in answer.out.splitlines() if line.startswith("  --")]
    assert listed == [f"--{name}" for name in options_of(command)]
    # Which judges there are is the study's to say.
    assert not any(f" {key}" in answer.out for key in STUDY.judge_keys)


@pytest.mark.parametrize("command", every_command())
def test_an_option_that_changes_nothing_is_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = OPTIONS.keys() - set(options_of(command))
    for name in refused:
        flag = OPTIONS[name].get("action") == "store_true"
        answer = Answer(
            capsys, command, *(["."] if command in ("certify", "check", "verify") else []), f"--{name}", *["1"][flag:]
        )
        said = f"argument --{name}: {'' if flag else repr('1') + ' '}is not for {command}"
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(said)
        assert f"; {command} allows --source" in answer.err
        assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "tables"),
    [
        ("labelled", ["worth"]),
        ("epsilon", ["annotator-test"]),
        ("replies", ["length-bias"]),
        ("multiplicity", ["verdicts", "leaderboard", "new-systems"]),
        ("reasons", ["verdicts"]),
        ("identity", ["new-systems"]),
    ],
)
def test_an_option_is_of_the_tables_that_take_it_and_of_no_other(option: str, tables: list[str]) -> None:
    assert [name for name in TAKEN if option in options_of(name)] == tables


@pytest.mark.parametrize("argv", ["--help", "icc --help", "check --help", "icc --epsilon 1", "icc --level x", "means"])
def test_help_and_a_wrong_option_answer_without_a_library_of_numbers(argv: str) -> None:
    program = (
        "import sys; from analysis.__main__ import main; code = main(sys.argv[1:]); "
        "assert not {'pandas', 'scipy', 'pyarrow'} & set(sys.modules), 'imported'; sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *argv.split()], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == (0 if "--help" in argv else 2), ran.stderr
    assert ran.stdout if "--help" in argv else ran.stderr.startswith("argument ")


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
        ("reassurance --source snapshot --low 0.5", ["argument --low: 0.5 is not allowed;", "from 1 to 5"]),
        ("reassurance --source snapshot --high 6", ["argument --high: 6 is not allowed;", "from 1 to 5"]),
        ("reassurance --source snapshot --low 4", ["argument --low: 4 is not allowed with high 4;", "below it"]),
        ("agreement-limits --source snapshot --margin 5", ["argument --margin: 5.0 is not allowed;", "up to 4"]),
        ("reassurance --low poor", ["--low", "'poor' is no number", "from one end of the scale to the other"]),
        ("verdicts --loss-supported x", ["--loss-supported", "'x' is no number", "above 0, up to the width"]),
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
        ("verdicts --reassured-supported 10%", ["--reassured-supported", "'10%'", "between 0 and 1"]),
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
        ("icc --res 10", ["argument --res: '10' is not for icc; icc allows --source,", "--discard", "--help"]),
        (
            "icc --epsilon=0.1",
            ["argument --epsilon: '0.1' is not for icc; allowed with annotator-test, report, manif"],
        ),
        ("icc gpt-4o", ["argument icc: 'gpt-4o' is no option of it; allowed are --source,"]),
        ("check . --verbose", ["argument --verbose: is not for check; check allows --source (see --help)"]),
        (
            "check tests --source snapshot",
            ["argument --source: 'snapshot' is not for a folder", "allowed is leaving it"],
        ),
        ("icc --verbose --quiet", ["argument --quiet: is given with --verbose; allowed is one of them"]),
        (
            "icc --output table.txt",
            ["argument --output: 'table.txt' is no form of a table", ".csv, .json, .parquet or .xlsx"],
        ),
        ("report --output table.csv", ["argument --output: 'table.csv' is no form of a report", ".pdf or .html"]),
        (
            "icc --output table.csv --format json",
            ["argument --format: 'json' contradicts --output 'table.csv'", "allowed is --output alone"],
        ),
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

    monkeypatch.setattr(commands, "load", refuse)
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


def test_counts_are_printed_as_whole_numbers_and_written_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["verdicts", *FEW, "--judge", "gpt-4o", "--attribute", "Safety"]
    rows = [row for row in Answer(capsys, *asked, "--format", "json").rows if row["more"] is not None]
    assert rows
    assert all(isinstance(row["more"], float) for row in rows)
    lines = [line.split() for line in Answer(capsys, *asked).out.splitlines()]
    place = lines[0].index("more")
    assert [line[place] for line in lines[1:]] == [f"{rows[0]['more']:.0f}", "undefined", "undefined"]
    assert "0.500" in lines[1]


def test_a_half_of_anything_but_a_count_stays_a_half() -> None:
    table = pd.DataFrame({"n": [97.0, None], "largest": [1.5, 2.0]})
    declared = [Column.count("n", "", ""), Column.estimate("largest", "", "", ".0f", "points of the scale")]
    assert table_text(table, "table", declared).split() == ["n", "largest", "97", "1.500", "undefined", "2.000"]


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
    rows = ask(capsys, *quickly(table))
    parsed = list(csv.DictReader(io.StringIO(Answer(capsys, *quickly(table), "--format", "csv").out)))
    assert len(parsed) == len(rows)
    for text, row in zip(parsed, rows, strict=True):
        for name, value in row.items():
            assert text[name] == "" if value is None else type(value)(text[name]) == value


@pytest.mark.parametrize("form", ["json", "csv"])
def test_output_writes_what_would_be_printed(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = Answer(capsys, "inflation", *SNAPSHOT, "--format", form)
    written = Answer(capsys, "inflation", *SNAPSHOT, "--output", tmp_path / f"table.{form.upper()}")
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / f"table.{form.upper()}").read_text() == printed.out
    assert names_in(tmp_path) == [f"table.{form.upper()}"]
    assert Answer(capsys, "inflation", *SNAPSHOT, "--format", form, "--output", tmp_path / f"table.{form}").code == 0


@pytest.mark.parametrize("table", slow_but({"scores"}, COLUMNS))
def test_parquet_and_excel_hold_the_values_of_json(
    table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ask(capsys, *quickly(table))
    for form, read in (("parquet", pd.read_parquet), ("xlsx", partial(pd.read_excel, engine="calamine"))):
        file = tmp_path / f"table.{form}"
        assert Answer(capsys, *quickly(table), "--output", file).code == 0
        found = read(file).astype(object)
        for row, wanted in zip(found.where(found.notna(), None).to_dict("records"), rows, strict=True):
            assert row.keys() == wanted.keys()
            # A cell of Excel holds 16 digits.
            digits = {
                name: pytest.approx(value, rel=1e-15, abs=0) for name, value in wanted.items() if _is_number(value)
            }
            assert row == {**wanted, **(digits if form == "xlsx" else {})}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def test_a_text_is_no_formula_in_excel_and_nothing_is_lost_of_it(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "plain", "bell\a", '=HYPERLINK("https://example.org")']
    table = pd.DataFrame({"=name": texts, "value": [-1.5, float("nan"), float("inf"), *range(4)]})
    file = tmp_path / "table.xlsx"
    file.write_bytes(table_file(table, "xlsx"))
    sheet = openpyxl.load_workbook(file).active
    cells = list(sheet["A"])
    assert [cell.value for cell in cells] == ["=name", *texts[:5], "bell_x0007_", texts[6]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 5 + [False, False, True]
    assert [cell.value for cell in sheet["B"]] == ["value", -1.5, None, None, 0, 1, 2, 3]
    assert [cell.data_type for cell in sheet["B"]][1:] == ["n"] * 7


def test_a_table_that_is_longer_than_a_sheet_of_excel_is_refused() -> None:
    with pytest.raises(UnwritableError, match="room for 1,048,575 rows, and the table has 1,048,576"):
        table_file(pd.DataFrame({"n": range(1_048_576)}), "xlsx")


def test_output_takes_the_place_of_an_older_file_and_writes_through_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    assert Answer(capsys, "scores", *SNAPSHOT, "--format", "csv", "--output", link).code == 0
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
    answer = Answer(capsys, "inflation", *SNAPSHOT, "--output", older)
    monkeypatch.undo()
    assert answer.code == 2
    reason = "cannot be written (No space left on device); allowed is a file in a folder that exists"
    assert answer.err.splitlines() == [f"argument --output: '{older}' {reason}"]
    assert older.read_text() == "old"
    assert names_in(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("where", ["no/such/folder/table.csv", "folder.csv", "file.txt/table.csv", "device.csv"])
def test_output_that_is_no_place_for_a_file(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    Path("file.txt").write_text("kept")
    os.mkfifo("device.csv")
    answer = Answer(capsys, "inflation", *SNAPSHOT, "--output", where)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert "argument --output" in answer.err
    assert "allowed is a file in a folder that exists" in answer.err
    assert names_in(tmp_path) == ["device.csv", "file.txt", "folder.csv"]
    assert Path("device.csv").is_fifo()


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
        (["ranking", "--resamples", "20"], "note: 20 resamples are too few for an interval to be read; take 100"),
        (["icc", "--resamples", "500"], "note: --resamples changes nothing where the interval is exact-f, which no"),
        (["data-errors", "--preset", "paper"], "note: --preset paper changes nothing in data-errors"),
        (["ranking", "--model", "gpt-4o"], "note: every figure is undefined"),
        (["icc", "--judge", "gpt-4o", "--model", "gpt-4o"], "note: every figure is undefined"),
    ],
)
def test_what_the_bare_figures_would_not_tell_is_noted(
    capsys: pytest.CaptureFixture[str], argv: list[str], note: str
) -> None:
    assert main([*argv, "--source", "snapshot", "--quiet"]) == 0
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
        (
            "mine=gpt-9",
            "argument --own: 'gpt-9' cannot be mine's own, since the systems of the study are claude-3.5-haiku",
        ),
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


@pytest.mark.slow
def test_a_check_counts_one_of_a_thing_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path, make_study(6, raters=(*EXPERTS, "gpt-x")))
    answer = Answer(capsys, "check", tmp_path)
    assert answer.code == 0
    assert "there is 1 judge where it takes 2, so 1 more would do" in answer.out
