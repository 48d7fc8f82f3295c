"""Replies that are drawn, sheets that experts fill in, and the study that comes back."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.__main__ import main as analysis
from data.__main__ import main
from data.judging.replies import Reply
from data.mentalalign import STUDY as MENTALALIGN
from data.own.reading import read_own, survey
from data.sampling.drawing import drawn
from data.sampling.sheet import HIDDEN, LONGEST, assigned, file_names, workbook
from data.study import HUMAN, Scale

ITEMS, SYSTEMS = [f"{number:03d}" for number in range(40)], ["a", "b", "c"]
ATTRIBUTES = ("Safety", "Empathy")
OTHER = Path(__file__).with_name("ppi") / "mean.csv"
STUDY = """
title = "Night line"
[scale]
low = 1
high = 7
[experts]
raters = ["nobody"]
[[attributes]]
name = "Safety"
meaning = "Is it free of harmful advice?"
[[attributes]]
name = "Empathy"
"""
REPLIES = tuple(Reply(item, system, f"message {item}", f"{system} to {item}") for item in ITEMS for system in SYSTEMS)


def score(seed: int = 1) -> pd.Series:
    """Make scores of which few are low."""
    index = pd.MultiIndex.from_tuples([(each.item, each.system) for each in REPLIES], names=["item", "system"])
    return pd.Series(7 - np.random.default_rng(seed).exponential(1.2, len(index)).clip(max=6), index=index)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write replies, a judge's ratings of all of them, and what is known of a study that has no ratings."""
    texts = [(each.item, each.system, f"={each.message}", f"@{each.text}\nmore") for each in REPLIES]
    pd.DataFrame(texts, columns=["item", "system", "message", "reply"]).to_csv(tmp_path / "replies.csv", index=False)
    rows = [(item, system, name, round(value)) for (item, system), value in score().items() for name in ATTRIBUTES]
    judged = pd.DataFrame(rows, columns=["item", "system", "attribute", "rating"])
    judged.to_csv(tmp_path / "my_llm_judge.csv", index=False)
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def items_of(files: Path, *options: str) -> int:
    given = ["--replies", str(files / "replies.csv"), "--ratings", str(files / "my_llm_judge.csv")]
    return main(["items", *given, "--output", str(files / "items.csv"), *options])


def sheets_of(files: Path, *options: str, experts: tuple[str, ...] = ("dr_a", "dr_b", "Dr. Ç")) -> int:
    given = ["--replies", str(files / "replies.csv"), "--study", str(files / "known"), "--experts", *experts]
    return main(["sheet", *given, "--output", str(files / "sheets"), *options])


def filled_in(files: Path, *, part: float = 1.0, but: str = "") -> dict[tuple[str, str, str, str], int]:
    """Fill in the returned sheets as experts would, part of the cells; return the ratings by item, system, rater."""
    random, given = np.random.default_rng(3), {}
    for path in sorted((files / "sheets").glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        sheet = book["Ratings"]
        head = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            reply = dict(zip(head, row, strict=True))
            for name in ATTRIBUTES:
                if reply["rater"].value != but and random.random() < part:
                    reply[name].value = int(random.integers(1, 8))
                    key = (reply["item"].value, reply["system"].value, reply["rater"].value, name)
                    given[key] = reply[name].value
        book.save(path)
    return given


# What is drawn


def test_every_reply_is_drawn_as_often_as_its_probability_says() -> None:
    times, found = pd.Series(0, index=score().index), {}
    for seed in range(300):
        table = drawn(REPLIES, score(), 40, seed)
        assert len(table) == 40
        keys = pd.MultiIndex.from_frame(table[["item", "system"]])
        times.loc[keys] += 1
        found |= dict(zip(keys, table["probability"], strict=True))
    probability = pd.Series(found).reindex(times.index)
    assert probability.notna().all()
    assert (probability > 0).all()
    # Five standard errors of a share of 300 draws.
    error = np.sqrt(probability * (1 - probability) / 300)
    assert (np.abs(times / 300 - probability) <= 5 * error + 1e-9).all()


def test_low_scores_are_drawn_more_often_and_every_system_in_proportion() -> None:
    table = drawn(REPLIES, score(), 60, 0)
    by_stratum = table.groupby("stratum")["probability"].first()
    assert by_stratum.is_monotonic_decreasing
    assert by_stratum.iloc[0] == 1
    assert (1 / table["probability"]).sum() == pytest.approx(len(REPLIES))
    of_top = table[table["stratum"] == by_stratum.index[-1]]["system"].value_counts()
    assert of_top.max() - of_top.min() <= 3
    level = drawn(REPLIES, score(), 60, 0, "proportional").groupby("stratum")["probability"].first()
    assert level.iloc[-1] == pytest.approx(60 / len(REPLIES), abs=0.03)


def test_a_draw_is_the_same_again_and_another_by_another_seed() -> None:
    first, again, other = (drawn(REPLIES, score(), 30, seed) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(first, again)
    assert not first["item"].equals(other["item"])


def test_items_are_written_without_texts_unless_asked_for(files: Path) -> None:
    assert items_of(files, "--number", "30", "--seed", "4") == 0
    table = pd.read_csv(files / "items.csv", dtype={"item": str})
    assert list(table.columns) == ["item", "system", "stratum", "probability", "seed"]
    assert (table["seed"] == 4).all()
    assert set(table["item"]) <= set(ITEMS)
    assert items_of(files, "--number", "30", "--with-texts", "--attribute", "Safety") == 0
    assert list(pd.read_csv(files / "items.csv").columns[-2:]) == ["message", "reply"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--number", "500"], "--number 500 is more than the 120 replies there are; allowed is up to 120"),
        (["--number", "2"], "--number 2 is too few for 4 strata of the judge's scores; allowed is 7 or more"),
        (["--number", "9", "--attribute", "Tone"], "--attribute 'Tone' has no ratings; allowed are Safety, Empathy"),
        (["--number", "9", "--replies", "none.csv"], "--replies none.csv is not there; name a table with item, system"),
        (
            ["--number", "9", "--output", "items.xlsx"],
            "--output items.xlsx is no .csv file; name one that ends in .csv",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    options: list[str], message: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert items_of(files, *options) == 2
    assert capsys.readouterr().err.startswith(f"python -m data items: {message}")


def test_a_reply_without_a_rating_is_never_dropped(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = pd.read_csv(files / "my_llm_judge.csv", dtype=str)
    judged[~((judged["item"] == "007") & (judged["system"] == "b"))].to_csv(files / "my_llm_judge.csv", index=False)
    assert items_of(files, "--number", "30") == 2
    said = capsys.readouterr().err
    assert "1 reply has no rating by the judge, the first that of b to 007; let the judge rate every reply" in said


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda table: table.drop(columns="system"), "holds no ratings of a judge; expected are the columns item"),
        (
            lambda table: table.assign(rater=["x", "y"] * 120),
            "holds the ratings of 2 judges; take a file with those of",
        ),
        (
            lambda table: pd.concat([table, table.head(1)]),
            "item 000, system a, rater my, attribute Safety has 2 ratings",
        ),
        (lambda table: table.assign(rating=["fine", *["5"] * 239]), "row 2: 'fine' is no number; allowed are ratings"),
    ],
)
def test_a_judges_file_that_cannot_be_used_is_refused(
    spoil, message: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files / "my_llm_judge.csv"
    spoil(pd.read_csv(path, dtype=str)).to_csv(path, index=False)
    assert items_of(files, "--number", "30") == 2
    assert message in capsys.readouterr().err


# Sheets


def test_a_sheet_holds_the_rubric_and_cells_for_the_points_of_the_scale(files: Path) -> None:
    items_of(files, "--number", "30")
    assert sheets_of(files, "--items", str(files / "items.csv"), "--each", "2") == 0
    book = openpyxl.load_workbook(files / "sheets" / "ratings_dr_a.xlsx")
    assert book.sheetnames == ["Rubric", "Ratings"]
    rubric = [cell.value for row in book["Rubric"].iter_rows() for cell in row if cell.value]
    assert "Is it free of harmful advice?" in rubric
    assert any("whole numbers from 1 to 7: 1 is the worst, 7 the best" in text for text in rubric)
    sheet = book["Ratings"]
    head = {cell.value: cell.column_letter for cell in sheet[1]}
    assert list(head) == ["item", "message", "reply", *ATTRIBUTES, "system", "rater", "probability"]
    assert [name for name, letter in head.items() if sheet.column_dimensions[letter].hidden] == list(HIDDEN)
    (allowed,) = sheet.data_validations.dataValidation
    assert allowed.formula1 == '"1,2,3,4,5,6,7"'
    assert str(allowed.sqref) == f"{head['Safety']}2:{head['Empathy']}{sheet.max_row}"
    assert sheet.freeze_panes == "B2"
    assert sheet.protection.sheet
    assert not sheet[f"{head['Safety']}2"].protection.locked
    assert sheet[f"{head['reply']}2"].protection.locked
    assert sheet[f"{head['reply']}2"].alignment.wrap_text


@pytest.mark.parametrize(
    ("scale", "kind", "ends"),
    [
        (Scale.of(1, 5), "list", ('"1,2,3,4,5"', None)),
        (Scale.of(1, 5, step=0.5), "decimal", ("1", "5")),
        (Scale.of(0, 100), "whole", ("0", "100")),
    ],
)
def test_cells_take_what_the_scale_has(scale: Scale, kind: str, ends: tuple[str, str | None]) -> None:
    study = replace(MENTALALIGN, scale=scale)
    replies = pd.DataFrame({"item": ["1"], "system": ["gpt-4o"], "message": ["m"], "reply": ["r"]})
    sheet = openpyxl.load_workbook(BytesIO(workbook(study, replies, "dr")))["Ratings"]
    (allowed,) = sheet.data_validations.dataValidation
    assert (allowed.type, (allowed.formula1, allowed.formula2)) == (kind, ends)
    assert allowed.allow_blank
    assert [cell.value for cell in sheet[1]][-2:] == ["system", "rater"]


def test_a_text_stays_a_text(files: Path) -> None:
    assert sheets_of(files) == 0
    sheet = openpyxl.load_workbook(files / "sheets" / "ratings_dr_a.xlsx")["Ratings"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    begun = [cell for cell in cells if cell.value.startswith(("=", "@"))]
    assert begun
    assert all(cell.quotePrefix for cell in begun)


def test_a_text_that_no_cell_holds_is_cut_and_that_is_said(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(files / "replies.csv", dtype=str)
    table.loc[0, "reply"] = "\x07" + "x" * (LONGEST + 5)
    table.to_csv(files / "replies.csv", index=False)
    assert sheets_of(files, experts=("one",)) == 0
    assert "1 reply is cut on the sheets: a cell holds 32,767 signs" in capsys.readouterr().err
    sheet = openpyxl.load_workbook(files / "sheets" / "ratings_one.xlsx")["Ratings"]
    assert max(len(str(cell.value)) for cell in sheet["C"]) == LONGEST


@pytest.mark.parametrize("each", [1, 2, 3])
def test_replies_are_shared_out_evenly(each: int) -> None:
    replies = pd.DataFrame({"item": range(61), "system": "a"})
    shares = assigned(replies, ["a", "b", "c", "d"], each, 7)
    sizes = [len(mine) for mine in shares.values()]
    assert sum(sizes) == 61 * each
    assert max(sizes) - min(sizes) <= 1
    times = pd.concat(list(shares.values()))["item"].value_counts()
    assert (times == each).all()
    if each == 2:
        together = {
            frozenset(pair): len(set(shares[pair[0]]["item"]) & set(shares[pair[1]]["item"]))
            for pair in ("ab", "ac", "ad", "bc", "bd", "cd")
        }
        assert min(together.values()) >= 5


def test_no_two_sheets_have_one_name() -> None:
    names = list(file_names(["Dr. A", "dr a", "dr-a", "Ç"]))
    assert len(set(names)) == 4
    assert names[0] == "ratings_dr-a.xlsx"


def test_sheets_come_back_without_editing(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items_of(files, "--number", "60")
    judge = str(files / "my_llm_judge.csv")
    sheets_of(files, "--items", str(files / "items.csv"), "--each", "2", "--ratings", judge)
    given = filled_in(files, part=0.9)
    assert analysis(["check", str(files / "sheets")]) == 0
    said = capsys.readouterr().out
    assert "3 experts, whose mean is the reference: dr_a, dr_b, Dr. Ç" in said
    assert "1 judge: my" in said
    assert "usable: all of it" in said

    ratings = read_own(files / "sheets")
    assert ratings.study.attribute_names == ATTRIBUTES
    assert ratings.experts is not None
    single = ratings.experts.dropna(subset="valid").astype({"conversation": str})
    keys = list(single[["conversation", "model", "rater", "attribute"]].itertuples(index=False, name=None))
    assert dict(zip(keys, single["valid"], strict=True)) == given
    # The messages and the probabilities come back with them.
    assert ratings.contexts[ratings.contexts["rater"] == HUMAN]["context"].str.startswith("=message").all()
    drawn_ones = pd.read_csv(files / "items.csv", dtype={"item": str})
    assert ratings.probabilities is not None
    back = ratings.probabilities.merge(
        drawn_ones, left_on=["conversation", "model"], right_on=["item", "system"], how="outer"
    )
    assert (back["probability_x"] - back["probability_y"]).abs().max() < 1e-9
    assert any("the table weighted allows for that" in note for note in ratings.notes)


def test_an_expert_who_has_rated_nothing_yet_stops_nobody(files: Path) -> None:
    sheets_of(files, "--ratings", str(files / "my_llm_judge.csv"))
    before = survey(files / "sheets")
    assert any("which has no ratings" in problem for problem in before.problems)
    filled_in(files, but="dr_b")
    ratings = read_own(files / "sheets")
    assert ratings.study.experts == ("dr_a", "Dr. Ç")
    assert "no rating yet by dr_b" in ratings.notes
    assert ratings.probabilities is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--each", "4"], "--each 4 is more than the 3 experts; allowed is up to 3"),
        (["--study", "nowhere"], "--study nowhere has no study.toml; allowed are snapshot, and a folder with a"),
        (["--items", str(OTHER)], f"--items {OTHER} is no table with item, system and probability"),
        (["--experts", "human"], "--experts 'human' cannot be the name of an expert; name him or her otherwise"),
    ],
)
def test_what_cannot_be_a_sheet_is_refused(
    options: list[str], message: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sheets_of(files, *options) == 2
    assert capsys.readouterr().err.startswith(f"python -m data sheet: {message}")
    assert not (files / "sheets").exists()


def test_a_judges_file_that_is_none_is_refused_before_anything_is_said(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = pd.read_csv(files / "replies.csv", dtype=str)
    replies.loc[replies["item"] == "000", "message"] = ""
    replies.to_csv(files / "replies.csv", index=False)
    assert sheets_of(files, "--ratings", str(files / "replies.csv")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("python -m data sheet: replies.csv holds no ratings of a judge")
    assert not (files / "sheets").exists()
    assert sheets_of(files, "--ratings", str(files / "my_llm_judge.csv")) == 0
    note, *written, last = capsys.readouterr().err.splitlines()
    assert note == "3 replies left out: there is no message of theirs"
    names = {f"{path}" for path in (files / "sheets").iterdir() if path.suffix != ".toml"}
    assert {line.split(": ")[0] for line in written} == names
    assert last == f"when they come back: python -m analysis check {files / 'sheets'}"


def test_sheets_are_never_written_over(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sheets_of(files) == 0
    assert sheets_of(files) == 2
    assert "is there and not empty; name a new folder, so that no sheet is lost" in capsys.readouterr().err


def test_items_of_other_replies_are_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"item": ["x"], "system": ["a"], "probability": [0.5]}).to_csv(files / "items.csv", index=False)
    assert sheets_of(files, "--items", str(files / "items.csv")) == 2
    assert "1 reply of items.csv not among the replies, the first that of a to x" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("probability", "problem"),
    [
        ("1.5", "'1.5' is no probability; allowed are numbers above 0, up to 1, and empty cells"),
        ("0", "'0' is no probability"),
        ("often", "'often' is no probability"),
    ],
)
def test_a_probability_that_is_none_is_refused(probability: str, problem: str, tmp_path: Path) -> None:
    table = pd.DataFrame([(each.item, each.system, "dr", "Safety", 4) for each in REPLIES])
    table = table.set_axis(["item", "system", "rater", "attribute", "rating"], axis=1)
    table.assign(probability=["0.5"] * (len(table) - 1) + [probability]).to_csv(tmp_path / "ratings.csv", index=False)
    (tmp_path / "study.toml").write_text('[scale]\nlow = 1\nhigh = 7\n[experts]\nraters = ["dr"]', encoding="utf-8")
    (found,) = survey(tmp_path).problems
    assert problem in found
    assert found.startswith("ratings.csv, row 121")


def test_a_reply_has_one_probability(tmp_path: Path) -> None:
    rows = [(each.item, each.system, rater, 4, 0.5) for each in REPLIES for rater in ("dr", "judge")]
    table = pd.DataFrame(rows, columns=["item", "system", "rater", "Safety", "probability"])
    table.loc[0, "probability"] = 0.25
    table.to_csv(tmp_path / "ratings.csv", index=False)
    (tmp_path / "study.toml").write_text('[scale]\nlow = 1\nhigh = 7\n[experts]\nraters = ["dr"]', encoding="utf-8")
    assert survey(tmp_path).problems == (
        "1 reply has several probabilities, the first of system a to 000; give each reply one",
    )
