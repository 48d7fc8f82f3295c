"""What data errors there are, where they stand, and what each does: against files fixed by hand and DESIGN."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.agreement.icc import icc_table
from analysis.bias.false_reassurance import reassurance_table
from analysis.bias.inflation import inflation_table
from analysis.evidence.data_errors import (
    ALL,
    BAND,
    FIGURES,
    FIXES,
    context_table,
    effect_table,
    entries_of,
    error_bands,
    error_counts,
    kind_table,
    totals_table,
)
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.__main__ import main
from data.data_errors import DATA_ERROR, KINDS, error_totals, with_kinds, without_cells
from data.mentalalign import STUDY
from data.ratings import OFF_SCALE
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot
from data.study import HUMAN
from tests.made_release import (
    CONTEXT_SHIFTED,
    CONTEXT_UNKNOWN,
    FILE_NAMES,
    HUMAN_SIX,
    HUMAN_ZERO,
    JUDGE_MALFORMED,
    Made,
    file_table,
    judge_cell,
    write_table,
    write_workbooks,
)
from tests.spec import selected

PAPER = Settings.of(STUDY, "paper")
EVERYTHING = Selection.of(STUDY)
CELL = ["judge", "attribute"]
# The 21 conversations whose message differs between the released files: where the judges' files have the experts'.
SAME = {42, 528}
SHIFTED = {
    **{number: number - 1 for number in (164, 165, 430, *range(501, 511), 529, 638, 647, 717)},
    401: 402,
}
NOWHERE = {535}


@pytest.fixture(scope="module")
def real(release_folder: Path) -> Dataset:
    return load(str(release_folder), Progress())


def written(folder: Path, made: Made, without: tuple[int, ...] = ()) -> Dataset:
    """Write a made release, less some conversations, and read it."""
    for rater in STUDY.raters:
        table = file_table(made, rater)
        kept = [place for place, number in enumerate(table["ConvID"]) if number not in without]
        columns = {name: [column[place] for place in kept] for name, column in table.items()}
        write_table(folder / f"{FILE_NAMES[rater]}.csv", columns)
    return load(str(folder), Progress())


def figures(dataset: Dataset, settings: Settings) -> pd.DataFrame:
    """Give the headline figures by the modules that make them for the other pages."""
    frame = pairs(STUDY, dataset.counts, settings, EVERYTHING)
    models = icc_table(frame, settings.at("model")).set_index(CELL)
    replies = icc_table(frame, settings.at("response")).set_index(CELL)
    bias = inflation_table(frame).set_index(CELL)
    rates = reassurance_table(frame, settings).set_index(CELL)
    made = {
        "icc_c1": models["icc_c1"],
        "icc_a1": models["icc_a1"],
        "reply_icc_a1": replies["icc_a1"],
        **{name: bias[name] for name in ("bias", "mse", "human_mean")},
        "false_reassurance": rates["false_reassurance"],
    }
    return pd.DataFrame(made)[list(FIGURES)]


def wide(effects: pd.DataFrame, error: str, column: str) -> pd.DataFrame:
    rows = effects[effects["error"] == error]
    return rows.pivot(index=CELL, columns="figure", values=column)[list(FIGURES)]


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected.loc[found.index], check_names=False, rtol=0, atol=1e-9)


def spared(made: Made) -> Made:
    """Copy a made release, to be fixed by hand."""
    return copy.deepcopy(made)


def no_zeros(made: Made) -> tuple[Made, tuple[int, ...]]:
    fixed = spared(made)
    for number, model in HUMAN_ZERO:
        fixed.cells[HUMAN][model][number - 1] = None
    return fixed, ()


def no_sixes(made: Made) -> tuple[Made, tuple[int, ...]]:
    fixed = spared(made)
    for number, model, attribute in HUMAN_SIX:
        cells = fixed.cells[HUMAN][model]
        cells[number - 1] = json.dumps({**json.loads(cells[number - 1] or ""), attribute: None})
    return fixed, ()


def no_malformed(made: Made) -> tuple[Made, tuple[int, ...]]:
    fixed = spared(made)
    for judge in STUDY.judge_keys:
        for (number, model), kind in JUDGE_MALFORMED.items():
            if kind != "a refusal":
                ratings = made.ratings[judge][number - 1, STUDY.system_keys.index(model)]
                fixed.cells[judge][model][number - 1] = judge_cell(ratings)
    return fixed, ()


def no_different(made: Made) -> tuple[Made, tuple[int, ...]]:
    return made, (CONTEXT_SHIFTED, CONTEXT_UNKNOWN)


BY_HAND: dict[str, Callable[[Made], tuple[Made, tuple[int, ...]]]] = {
    "zero": no_zeros,
    "off-scale": no_sixes,
    "malformed": no_malformed,
    "different": no_different,
}


@pytest.mark.slow
@pytest.mark.parametrize("error", BY_HAND)
def test_a_mend_gives_the_figures_of_files_mended_by_hand(tmp_path: Path, made: Made, error: str) -> None:
    dataset = written(tmp_path / "as-released", made)
    effects = effect_table(STUDY, dataset.counts, PAPER, EVERYTHING)
    by_hand, without = BY_HAND[error](made)
    expected = figures(written(tmp_path / "fixed", by_hand, without), PAPER)

    assert_same(wide(effects, error, "with_fix"), expected)
    assert_same(wide(effects, error, "released"), figures(dataset, PAPER))
    assert (wide(effects, error, "shift").abs() > 1e-6).any(axis=None)


def test_every_mend_is_tried_by_hand() -> None:
    assert {*BY_HAND, "repeated"} == set(FIXES)


def test_a_copied_row_is_found_and_mended_as_if_it_were_not_there(tmp_path: Path, made: Made) -> None:
    """Conversation 12 gets the message and all cells of 11 in the experts' file, and nowhere else."""
    copied = spared(made)
    for cells in copied.cells[HUMAN].values():
        cells[11] = cells[10]
    copied.contexts[HUMAN][11] = copied.contexts[HUMAN][10]
    dataset = written(tmp_path / "copied", copied)
    assert dataset.provenance.repeats == (("12", "11"),)
    effects = effect_table(STUDY, dataset.counts, PAPER, EVERYTHING)
    assert_same(wide(effects, "repeated", "with_fix"), figures(written(tmp_path / "without", copied, (12,)), PAPER))
    assert_same(wide(effects, "repeated", "released"), figures(dataset, Settings.of(STUDY, "paper", repeated="kept")))


@pytest.mark.slow
def test_all_mends_together_are_the_recommended_data_choices(real: Dataset) -> None:
    effects = effect_table(STUDY, real.counts, PAPER, EVERYTHING)
    recommended = Settings.of(STUDY, "paper", ratings="valid", contexts="left-out", repeated="left-out")
    assert_same(wide(effects, ALL, "with_fix"), figures(real, recommended))
    assert_same(wide(effects, ALL, "released"), figures(real, Settings.of(STUDY, "paper", repeated="kept")))
    difference = wide(effects, ALL, "with_fix") - wide(effects, ALL, "released")
    assert_same(wide(effects, ALL, "shift"), difference)


@pytest.mark.slow
def test_the_preset_does_not_move_where_effects_start(real: Dataset) -> None:
    recommended = Settings.of(STUDY, "recommended")
    pd.testing.assert_frame_equal(
        effect_table(STUDY, real.counts, recommended, EVERYTHING), effect_table(STUDY, real.counts, PAPER, EVERYTHING)
    )


def test_zeros_lift_the_consistency_of_gpt_4o_on_safety(real: Dataset) -> None:
    effects = effect_table(STUDY, real.counts, PAPER, EVERYTHING.cell("gpt-4o", "Safety"))
    row = effects.query("figure == 'icc_c1' and error == 'zero'").iloc[0]
    assert (row["released"], row["with_fix"]) == pytest.approx((0.484, 0.369), abs=0.0005)
    assert row["shift"] == row["with_fix"] - row["released"]
    assert len(effects) == len(FIGURES) * (len(FIXES) + 1)


@pytest.mark.slow
def test_the_snapshot_agrees_with_the_release(real: Dataset) -> None:
    snapshot = load_snapshot()
    pd.testing.assert_frame_equal(
        effect_table(STUDY, snapshot.counts, PAPER, EVERYTHING),
        effect_table(STUDY, real.counts, PAPER, EVERYTHING),
        atol=1e-9,
    )
    pd.testing.assert_frame_equal(
        error_totals(snapshot.provenance.data_errors), error_totals(real.provenance.data_errors)
    )
    one = selected(judges=("gpt-4o",))
    pd.testing.assert_frame_equal(totals_table(snapshot, one), totals_table(real, one))
    assert set(totals_table(snapshot, one)["rater"]) == {HUMAN, "gpt-4o"}


def test_totals_are_those_that_are_known_of_the_release(real: Dataset) -> None:
    kinds = kind_table(error_totals(real.provenance.data_errors)).set_index("kind")
    assert kinds["n"].to_dict() == {
        "zero": 231,
        "off-scale": 8,
        "empty": 57 + 8,
        "null": 10,
        "malformed": 11,
        "different": 4 * 19,
        "repeated": 1,
        "same-text": 4 * 2,
    }
    assert kinds["n_fixed"].to_dict() == {
        "zero": 231,
        "off-scale": 8,
        "malformed": 10,
        "different": 4 * 19,
        "repeated": 1,
        "empty": 0,
        "null": 0,
        "same-text": 0,
    }
    assert (kinds["n_left"] == kinds["n"] - kinds["n_fixed"]).all()
    assert kinds.loc["zero", "remedy"].startswith("left out")


def test_each_of_the_21_differing_conversations_is_classed(real: Dataset) -> None:
    assert real.ratings is not None
    table = context_table(real.ratings, EVERYTHING).set_index("conversation")
    assert set(table.index) == SAME | set(SHIFTED) | NOWHERE
    assert len(table) == 21
    assert set(table.index[table["kind"] == "same-text"]) == SAME
    assert table.loc[sorted(SHIFTED), "stands_at"].astype(int).to_dict() == SHIFTED
    assert table.loc[sorted(SHIFTED), "away"].abs().tolist() == [1] * 18
    assert table.loc[sorted(NOWHERE), ["stands_at", "away"]].isna().all(axis=None)
    assert table.loc[sorted(SAME), "away"].tolist() == [0, 0]
    assert (table["row"] == table.index + 1).all()
    assert set(table["n_cells"]) == {4}


def test_every_kind_of_the_ledger_has_its_words(made: Made, tmp_path: Path) -> None:
    write_workbooks(tmp_path, made)
    dataset = load(str(tmp_path), Progress())
    assert dataset.ratings is not None
    entries = with_kinds(dataset.ratings.ledger)
    assert set(KINDS) == set(DATA_ERROR)
    assert {"zero", "off-scale", "malformed", "different", "same-text", "empty", "null"} == set(entries["kind"])
    assert entries.groupby("kind")["fixed"].agg(["min", "max"]).to_dict("index") == {
        **{kind: {"min": True, "max": True} for kind in ("zero", "off-scale", "different")},
        **{kind: {"min": False, "max": False} for kind in ("empty", "null", "same-text")},
        "malformed": {"min": False, "max": True},
    }


@pytest.mark.parametrize(
    ("raw", "rater", "kind"),
    [("0", HUMAN, "zero"), ("0.0", HUMAN, "zero"), ("6", HUMAN, "off-scale"), ("0", "gpt-4o", "off-scale")],
)
def test_only_an_experts_0_counts_as_no_reply(raw: str, rater: str, kind: str) -> None:
    said = {"error": OFF_SCALE, "rater": rater, "raw": raw, "as_released": "kept", "valid": "left out"}
    assert with_kinds(pd.DataFrame([said]))["kind"].tolist() == [kind]


def test_entries_follow_the_selection(real: Dataset) -> None:
    assert real.ratings is not None
    ledger = real.ratings.ledger
    assert len(entries_of(ledger, EVERYTHING)) == len(ledger)
    one = entries_of(ledger, selected(judges=("o4-mini",), models=("qwen-2.5-7b",), attributes=("Safety",)))
    assert set(one["rater"]) == {HUMAN, "o4-mini"}
    # Messages concern every model, and empty cells every attribute.
    assert set(one["model"]) == {"", "qwen-2.5-7b"}
    assert set(one["attribute"]) == {"", "Safety"}
    assert (one["kind"] == "empty").sum() == 39


def test_entries_are_counted_by_place_and_by_conversation(real: Dataset) -> None:
    assert real.ratings is not None
    entries = entries_of(real.ratings.ledger, EVERYTHING)
    by_kind = error_counts(entries, "kind").set_index("kind")
    assert by_kind.loc["zero"].to_dict() == {"n": 231, "n_cells": 33, "n_conversations": 33}
    assert by_kind.loc["different"].to_dict() == {"n": 76, "n_cells": 76, "n_conversations": 19}
    empty = entries[(entries["kind"] == "empty") & (entries["rater"] == HUMAN)]
    assert error_counts(empty, "model").set_index("model")["n"].to_dict() == {
        "qwen-2.5-7b": 39,
        "qwen-3-4b": 16,
        "claude-3.5-haiku": 1,
        "original": 1,
    }
    by_attribute = error_counts(entries[entries["kind"] == "zero"], "attribute")
    assert by_attribute.set_index("attribute")["n"].to_dict() == dict.fromkeys(STUDY.attribute_names, 33)


def test_bands_hold_every_place_once_and_show_runs(real: Dataset) -> None:
    assert real.ratings is not None
    entries = entries_of(real.ratings.ledger, EVERYTHING)
    bands = error_bands(entries, real.ratings.conversations)
    places = error_counts(entries, "kind").set_index("kind")["n_cells"]
    assert bands.groupby("kind")["n_cells"].sum().to_dict() == places.to_dict()
    assert (bands["last"] - bands["first"] == BAND - 1).all()
    assert ((bands["first"] - 1) % BAND == 0).all()
    zeros = bands[bands["kind"] == "zero"].set_index("first")
    assert zeros["n_cells"].to_dict() == {801: 3, 851: 8, 901: 9, 951: 13}
    assert zeros["share"].sum() == pytest.approx(1)


def test_the_ledger_without_cells_holds_no_sentence_of_a_judge(real: Dataset) -> None:
    assert real.ratings is not None
    ledger = real.ratings.ledger
    bare = without_cells(with_kinds(ledger))
    assert "cell" not in bare
    assert set(bare.loc[bare["error"] == "malformed", "raw"]) == {""}
    assert set(bare.loc[bare["error"] == OFF_SCALE, "raw"]) == {"0", "6"}
    assert bare.loc[bare["kind"] == "different", "raw"].str.contains("stands at").sum() == 4 * 18


@pytest.mark.parametrize("cells", [[], ["--with-cells"]])
def test_the_ledger_is_printed_as_csv(
    tmp_path: Path, made: Made, capsys: pytest.CaptureFixture[str], cells: list[str]
) -> None:
    write_workbooks(tmp_path / "made", made)
    output = tmp_path / "ledger.csv"
    assert main(["ledger", str(tmp_path / "made"), *cells]) == 0
    printed = capsys.readouterr().out
    assert main(["ledger", str(tmp_path / "made"), *cells, "--output", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == printed
    table = pd.read_csv(output, keep_default_na=False)
    assert len(table) == len(made.data_errors)
    assert ("cell" in table) == bool(cells)
    assert ("assessment" in printed) == bool(cells)
    malformed = table[table["error"] == "malformed"]
    assert malformed["raw"].str.len().gt(0).all() == bool(cells)
    assert (table["row"] == table["conversation"] + 1).all()


def test_the_ledger_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith(f"python -m data ledger: {tmp_path / 'nowhere'} is not a folder")
