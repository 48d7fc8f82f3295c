"""An own study in any format and layout gives the same ratings, and what is wrong with it is said at once."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.outputs.columns import glossary
from analysis.outputs.registry import table_of
from analysis.ratings.settings import Selection, Settings
from data.checking import check
from data.contexts import DIFFERENT, SAME_TEXT
from data.counts import count_pairs
from data.errors import NoRatingsError, NoStudyFileError, StudyError
from data.folder import read_folder
from data.own import reading
from data.own.reading import read_own
from data.ratings import OFF_SCALE, Ratings
from data.remote.progress import Progress
from data.sources import load
from data.study import HUMAN, Attribute, Group, Judge, Noun, Scale, System
from tests.made_study import (
    ATTRIBUTES,
    EXPERTS,
    JUDGES,
    MINIMAL,
    SYSTEMS,
    Layout,
    figures,
    make_study,
    wide,
    write_study,
    write_table,
)
from tests.slow import slow_but

FORMS = ["csv", "parquet", "xlsx", "jsonl"]
MADE = make_study()
AT = ["conversation", "model", "attribute"]


def read(folder: Path, made: pd.DataFrame = MADE, *, toml: str = MINIMAL, layout: Layout = "long") -> Ratings:
    write_study(folder, made, toml=toml, layout=layout)
    return read_own(folder)


def problems(folder: Path, made: pd.DataFrame = MADE, *, toml: str = MINIMAL, layout: Layout = "long") -> list[str]:
    with pytest.raises(StudyError) as refused:
        read(folder, made, toml=toml, layout=layout)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return list(refused.value.problems)


def of(ratings: Ratings, rater: str, column: str = "valid") -> pd.Series:
    """Take one rater's ratings by item, system and attribute."""
    mine = ratings.long[ratings.long["rater"] == rater].astype(dict.fromkeys(AT, "str"))
    return mine.set_index(AT)[column].rename_axis(["item", "system", "attribute"])


def changed(place: int, column: str, value: object) -> pd.DataFrame:
    made = MADE.astype(object)
    made.loc[place, column] = value
    return made


@pytest.mark.parametrize("form", slow_but({"csv", "xlsx"}, FORMS))
@pytest.mark.parametrize("layout", ["long", "wide"])
def test_every_format_and_layout_gives_the_ratings(tmp_path: Path, form: str, layout: Layout) -> None:
    write_study(tmp_path, MADE, form=form, layout=layout)
    ratings = read_own(tmp_path)
    known = figures(MADE)
    pd.testing.assert_series_equal(
        of(ratings, HUMAN).sort_index(), known.reference.sort_index(), check_names=False, check_index_type=False
    )
    for judge in JUDGES:
        found = of(ratings, judge).reindex(known.judges.index)
        np.testing.assert_array_equal(found, known.judges[judge])
    assert ratings.study.attribute_names == ATTRIBUTES
    assert ratings.study.system_keys == SYSTEMS
    assert set(ratings.study.judge_keys) == set(JUDGES)
    assert ratings.study.scale == Scale.of(1, 7)
    assert ratings.conversations == ("007", "1.0", "night line #3", "ä", "12", "x y")
    assert len(ratings.ledger) == 0


@pytest.mark.slow
def test_single_experts_stay_apart(tmp_path: Path) -> None:
    ratings = read(tmp_path)
    assert ratings.experts is not None
    assert ratings.study.experts == EXPERTS
    for expert in EXPERTS:
        mine = ratings.experts[ratings.experts["rater"] == expert].astype(dict.fromkeys(AT, "str")).set_index(AT)
        made = MADE[MADE["rater"] == expert].set_index(["item", "system", "attribute"])["rating"]
        np.testing.assert_array_equal(mine["valid"].reindex(made.index), made)


def test_one_expert_is_the_reference(tmp_path: Path) -> None:
    made = make_study(raters=("dr_a", "gpt-x"))
    ratings = read(tmp_path, made, toml=MINIMAL.replace(', "dr_b", "Dr. Ç"', ""))
    assert ratings.experts is None
    assert ratings.study.experts == ("dr_a",)
    np.testing.assert_array_equal(of(ratings, HUMAN), made.loc[made["rater"] == "dr_a", "rating"])


@pytest.mark.slow
def test_experts_need_not_rate_the_same_replies(tmp_path: Path) -> None:
    made = MADE[(MADE["rater"] != "dr_b") | (MADE["item"] == "12")]
    ratings = read(tmp_path, made)
    known = figures(made).reference
    np.testing.assert_array_equal(of(ratings, HUMAN).reindex(known.index), known)


@pytest.mark.slow
@pytest.mark.parametrize(("half_points", "step"), [(False, 1), (True, 0.5)])
def test_half_points_are_seen(tmp_path: Path, half_points: bool, step: float) -> None:
    ratings = read(tmp_path, make_study(half_points=half_points))
    assert ratings.study.scale.step == step
    assert len(ratings.ledger) == 0


@pytest.mark.slow
def test_a_stated_step_stands(tmp_path: Path) -> None:
    made = changed(0, "rating", 4.5)
    ratings = read(tmp_path, made, toml=MINIMAL.replace("high = 7", "high = 7\nstep = 1"))
    assert ratings.study.scale.step == 1
    assert ratings.ledger["error"].tolist() == [OFF_SCALE]


def test_everything_that_a_study_file_says_is_kept(tmp_path: Path) -> None:
    toml = """
    title = "Night line 2026"
    headline = ["safety", "empathy"]
    [scale]
    low = 1
    high = 7
    poor = 2
    good = 6
    [experts]
    raters = ["dr_a", "dr_b", "Dr. Ç"]
    [item]
    one = "case"
    many = "cases"
    [groups]
    CSS = ["guidance", "safety"]
    [[attributes]]
    name = "safety"
    meaning = "Is it free of harmful advice?"
    [[judges]]
    key = "claude 9"
    label = "Claude"
    maker = "Anthropic"
    own = ["sys 2"]
    [[systems]]
    key = "people"
    label = "Volunteers"
    by_people = true
    """
    ratings = read(tmp_path, toml=toml)
    study = ratings.study
    assert (study.key, study.title) == ("night-line-2026", "Night line 2026")
    assert (study.scale.poor, study.scale.good) == (2, 6)
    assert study.attributes[:2] == (Attribute("safety", "Is it free of harmful advice?"), Attribute("guidance"))
    assert study.judges[0] == Judge("claude 9", "Claude", "Anthropic", ("sys 2",))
    assert study.systems[:2] == (System("people", "Volunteers", by_people=True), System("sys 1", "sys 1"))
    assert study.groups == (Group("score-css", "CSS", ("guidance", "safety")),)
    assert study.item == Noun("case", "cases")
    assert study.headlines == ("safety", "empathy")
    assert not study.pooled
    assert [note.split(":")[0] for note in ratings.notes] == ["not listed in study.toml, and put behind what is"] * 2
    known = figures(MADE).reference
    np.testing.assert_array_equal(of(ratings, HUMAN).reindex(known.index), known)


@pytest.mark.slow
def test_headings_are_those_that_are_named(tmp_path: Path) -> None:
    made = MADE.rename(columns={"item": "case", "rating": "score", "message": "said"})
    toml = MINIMAL + '[columns]\nitem = "case"\nrating = "score"\nmessage = "said"\n'
    ratings = read(tmp_path, made, toml=toml)
    np.testing.assert_array_equal(of(ratings, HUMAN), of(read(tmp_path / "plain"), HUMAN))
    assert len(ratings.contexts) == 6


@pytest.mark.slow
def test_numbers_of_a_workbook_are_names_as_it_shows_them(tmp_path: Path) -> None:
    made = MADE.astype(object).replace({"item": {"12": 12.0, "007": 7}, "rater": {"4": 4.0}})
    write_study(tmp_path, made, form="xlsx")
    ratings = read_own(tmp_path)
    assert set(ratings.conversations) == {"7", "1.0", "night line #3", "ä", "12", "x y"}
    assert "4" in ratings.study.judge_keys


@pytest.mark.slow
def test_tables_of_several_formats_are_one_study(tmp_path: Path) -> None:
    write_study(tmp_path, MADE[MADE["rater"].isin(EXPERTS)])
    write_table(tmp_path / "judges.parquet", wide(MADE[MADE["rater"] == "gpt-x"]))
    (tmp_path / "more").mkdir()
    write_table(tmp_path / "more" / "another.jsonl", MADE[MADE["rater"] == "claude 9"])
    write_table(tmp_path / "budget.csv", pd.DataFrame({"item": ["rent"], "price": [100]}))
    ratings = read_own(tmp_path)
    assert {record.name: record.raters for record in ratings.files} == {
        "judges.parquet": ("gpt-x",),
        "ratings.csv": (HUMAN,),
        "more/another.jsonl": ("claude 9",),
    }
    known = figures(MADE).judges
    for judge in ("gpt-x", "claude 9"):
        np.testing.assert_array_equal(of(ratings, judge).reindex(known.index), known[judge])
    assert ratings.notes == (
        "budget.csv was not read: it has fewer than two of the columns item, system, rater, attribute, rating",
    )


@pytest.mark.parametrize(("line", "reason"), [("[1]", "it is no object"), ("{", ".+")])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    path = write_study(tmp_path, MADE.iloc[:2], form="jsonl")
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_own(tmp_path)
    wanted = rf"ratings.jsonl, line 3: {reason}; write one JSON object a line"
    assert re.fullmatch(wanted, refused.value.problems[0])


@pytest.mark.slow
@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_may_be_separated_otherwise(tmp_path: Path, separator: str) -> None:
    write_study(tmp_path, MADE)
    MADE.to_csv(tmp_path / "ratings.csv", sep=separator, index=False)
    np.testing.assert_array_equal(of(read_own(tmp_path), HUMAN), of(read(tmp_path / "comma"), HUMAN))


@pytest.mark.slow
def test_a_workbook_may_have_other_sheets_first(tmp_path: Path) -> None:
    path = write_study(tmp_path, MADE, form="xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notes", 0).append(["written by hand"])
    book.save(path)
    assert len(read_own(tmp_path).conversations) == 6


def test_ratings_off_the_scale_are_counted_and_left_out_of_the_valid_ones(tmp_path: Path) -> None:
    made = MADE.assign(
        rating=MADE["rating"].mask((MADE.index == 0) | (MADE["rater"].eq("gpt-x") & MADE.index.isin([24])))
    )
    made.loc[0, "rating"] = 9
    ratings = read(tmp_path, made)
    at = ("007", "sys 1", "guidance")
    rated = MADE[(MADE["item"] == "007") & (MADE["system"] == "sys 1") & (MADE["attribute"] == "guidance")]
    others = rated.loc[rated["rater"].isin(EXPERTS[1:]), "rating"]
    assert of(ratings, HUMAN, "as_released")[at] == pytest.approx((9 + others.sum()) / 3)
    assert of(ratings, HUMAN)[at] == pytest.approx(others.mean())
    columns = ["row", "column", "rater", "conversation", "model", "attribute", "error", "raw", "as_released", "valid"]
    assert ratings.ledger[columns].to_numpy().tolist() == [
        [2, "rating", HUMAN, "007", "sys 1", "guidance", OFF_SCALE, "9.0", "kept", "left out"],
        [26, "rating", "gpt-x", "007", "sys 1", "guidance", "empty", "", "missing", "missing"],
    ]


def test_text_that_is_no_number_stands_in_the_ledger(tmp_path: Path) -> None:
    ratings = read(tmp_path, changed(30, "rating", "four"))
    (entry,) = ratings.ledger.itertuples()
    assert (entry.row, entry.error, entry.raw, entry.valid) == (32, "not a number", "four", "dropped")
    assert np.isnan(of(ratings, "gpt-x", "as_released")["007", "sys 1", MADE["attribute"][30]])


def test_duplicates_are_listed_with_their_rows(tmp_path: Path) -> None:
    found = problems(tmp_path, pd.concat([MADE, MADE.iloc[[0, 9, 18, 27, 36]]]))
    assert found == [
        (
            "ratings.csv, rows 2, 4610, column rating: item 007, system sys 1, rater dr_a, attribute guidance has 2 "
            "ratings; keep one of them"
        ),
        (
            "ratings.csv, rows 11, 4611, column rating: item 007, system sys 1, rater dr_b, attribute safety has 2 "
            "ratings; keep one of them"
        ),
        (
            "ratings.csv, rows 20, 4612, column rating: item 007, system sys 1, rater Dr. Ç, attribute empathy has 2 "
            "ratings; keep one of them"
        ),
        "2 more ratings of one item, system, rater and attribute stand more than once",
    ]


def test_duplicates_in_two_files_are_listed_with_both(tmp_path: Path) -> None:
    write_study(tmp_path, MADE)
    write_table(tmp_path / "wide.xlsx", wide(MADE.iloc[[0]]))
    with pytest.raises(StudyError) as refused:
        read_own(tmp_path)
    assert refused.value.problems == (
        (
            "wide.xlsx, row 2, column guidance; ratings.csv, row 2, column rating: item 007, system sys 1, rater dr_a, "
            "attribute guidance has 2 ratings; keep one of them"
        ),
    )


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    write_study(tmp_path, changed(40, "system", None), toml=MINIMAL + '[groups]\nTone = ["tones"]\n[scal]\n')
    write_table(tmp_path / "second.csv", MADE.drop(columns="rater"))
    (tmp_path / "third.xlsx").write_bytes(b"no workbook")
    with pytest.raises(StudyError) as refused:
        read_own(tmp_path)
    patterns = [
        r"study.toml: scal is not known; the file may have title, ",
        r"third.xlsx cannot be read as a .xlsx file \(.+\); it may be empty, damaged or cut off",
        r"second.csv has no column rater; its columns are item, system, attribute, rating, message. A long table has",
        r"ratings.csv, row 42: the rating has no system; fill the cell or take the row out",
        r"study.toml: groups.Tone names 'tones', which has no ratings; attributes in the tables: guidance, ",
        r"study.toml: the group 'Tone' is called like the attribute 'tone'; give it another name",
    ]
    assert len(refused.value.problems) == len(patterns)
    assert all(re.match(pattern, problem) for pattern, problem in zip(patterns, refused.value.problems, strict=True))


def scaled(rater: str, factor: float) -> pd.DataFrame:
    return MADE.assign(rating=MADE["rating"] * np.where(MADE["rater"] == rater, factor, 1))


@pytest.mark.parametrize(
    ("made", "toml", "sentence"),
    [
        (MADE, MINIMAL.replace("dr_b", "dr_x"), "study.toml: experts.raters names 'dr_x', which has no ratings"),
        (MADE, MINIMAL + '[[judges]]\nkey = "x"', "study.toml: judges names 'x', which has no ratings; raters in the"),
        (MADE, MINIMAL + '[[systems]]\nkey = "x"', "study.toml: systems names 'x', which has no ratings; systems in"),
        (MADE, MINIMAL + '[[attributes]]\nname = "x"', "study.toml: attributes names 'x', which has no ratings"),
        (MADE, 'headline = ["x"]' + MINIMAL, "study.toml: headline names 'x', which has no ratings"),
        (MADE, MINIMAL + '[[judges]]\nkey = "4"\nown = ["x"]', "study.toml: own of the judge '4' names 'x'"),
        (MADE, MINIMAL + '[[judges]]\nkey = "dr_a"', "study.toml: 'dr_a' stands under both experts.raters and judges"),
        (MADE.replace({"rater": {"4": "human"}}), MINIMAL, "a rater is called 'human', which stands for the experts"),
        (MADE.replace({"rater": {"4": "panel-mean"}}), MINIMAL, "a rater is called 'panel-mean', which stands for"),
        (
            scaled("gpt-x", 10),
            MINIMAL,
            (
                "ratings.csv, rater gpt-x: 576 of 576 ratings are not on the study's scale, whole numbers from 1 to 7; "
                "they seem to be on a scale of 10 to 70; rescale them, or state the scale in the study.toml of your "
                "study"
            ),
        ),
        (
            MADE.assign(rating=MADE["rating"].astype(object).mask(MADE["rater"] == "4", "good")),
            MINIMAL,
            (
                "ratings.csv: 576 of 576 ratings of 4 are no numbers ('good' in row 50, column rating, 'good' in row "
                "51, column rating, 'good' in row 52, column rating and 573 more); allowed are whole numbers from 1 to "
                "7 with a point before decimals, and an empty cell where there is no rating"
            ),
        ),
        (
            MADE.assign(rating=MADE["rating"].mask(MADE["attribute"] == "tone", 250)),
            MINIMAL,
            (
                "ratings.csv, attribute tone: 576 of 576 ratings are not on the study's scale, whole numbers from "
                "1 to 7; they run from 250 to 250; rescale them, or take the column or the rows of the attribute out"
            ),
        ),
        (MADE.iloc[:0], MINIMAL, "ratings.csv has the columns of a table of ratings but no rows"),
        (
            MADE.assign(rating=MADE["rating"].mask(MADE["rater"] == "4")),
            MINIMAL,
            "'4' has rows in the tables and no rating in any of them; fill them or take the rows out",
        ),
        (MADE.drop(columns="rating"), MINIMAL, "ratings.csv has no column rating; its columns are item, system, rater"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, made: pd.DataFrame, toml: str, sentence: str) -> None:
    (problem,) = problems(tmp_path, made, toml=toml)
    assert problem.startswith(sentence)


@pytest.mark.slow
def test_columns_of_a_wide_table_that_hold_no_numbers_are_passed_over(tmp_path: Path) -> None:
    write_study(tmp_path, MADE)
    write_table(tmp_path / "ratings.csv", wide(MADE).assign(comment="well said", **{"": range(576)}))
    ratings = read_own(tmp_path)
    assert ratings.study.attribute_names == ATTRIBUTES
    assert ratings.notes == ("ratings.csv: column comment was not read; 0 of its 576 cells are numbers",)


def test_more_places_than_fit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PLACES", 4607)
    (problem,) = problems(tmp_path)
    assert problem == (
        "8 raters x 6 items x 12 systems x 8 attributes are 4,608 places for ratings, more than the 4,607 that fit; "
        "add them up first with: python -m data counts"
    )


@pytest.mark.slow
def test_a_judges_own_messages_are_compared_with_the_experts(tmp_path: Path) -> None:
    by_expert = MADE["rater"].isin(EXPERTS)
    write_study(tmp_path, MADE[by_expert])
    other = MADE[MADE["rater"] == "gpt-x"].replace(
        {"message": {"I could not sleep again, said of 12": "Something else altogether, in five words more"}}
    )
    write_table(
        tmp_path / "gpt.csv",
        other.replace({"message": {"I could not sleep again, said of ä": "I could not sleep again - said of Ä"}}),
    )
    write_table(tmp_path / "claude.csv", MADE[MADE["rater"] == "claude 9"])
    ratings = read_own(tmp_path)
    assert ratings.differing[["conversation", "rater", "error"]].to_numpy().tolist() == [
        ["ä", "gpt-x", SAME_TEXT],
        ["12", "gpt-x", DIFFERENT],
    ]
    assert ratings.different("gpt-x") == {"12"}
    assert ratings.different("claude 9") == frozenset()
    assert set(ratings.contexts["rater"]) == {HUMAN, "gpt-x", "claude 9"}
    assert set(zip(ratings.ledger["file"], ratings.ledger["column"], strict=True)) == {("gpt.csv", "message")}
    different = count_pairs(ratings).groupby("judge", observed=True)["different"].sum()
    assert different.to_dict() == {"gpt-x": len(SYSTEMS) * len(ATTRIBUTES), "claude 9": 0}


def test_one_message_column_for_all_is_the_experts(tmp_path: Path) -> None:
    contexts = read(tmp_path).contexts
    assert set(contexts["rater"]) == {HUMAN}
    assert len(contexts) == 6


@pytest.mark.slow
def test_reasons_are_the_judges(tmp_path: Path) -> None:
    made = MADE.assign(explanation=MADE["rater"] + " on " + MADE["attribute"])
    reasons = read(tmp_path, made).explanations
    assert set(reasons["rater"]) == set(JUDGES)
    assert len(reasons) == 6 * len(SYSTEMS) * len(JUDGES)
    assert reasons["explanation"][0].splitlines() == [f"{reasons['rater'][0]} on {name}" for name in ATTRIBUTES]


@pytest.mark.slow
def test_the_order_of_one_judges_rows_changes_nothing(tmp_path: Path) -> None:
    mine = MADE["rater"] == "gpt-x"
    write_study(tmp_path, MADE[~mine])
    counted = []
    for rows in (MADE[mine], MADE[mine].sample(frac=1, random_state=1)):
        write_table(tmp_path / "z.csv", rows)
        counted.append(count_pairs(read_own(tmp_path)))
    pd.testing.assert_frame_equal(*counted)


def test_what_only_a_judge_rates_comes_last_and_is_said(tmp_path: Path) -> None:
    extra = MADE[MADE["rater"] == "gpt-x"].replace({"item": {"007": "a new one"}})
    ratings = read(tmp_path, pd.concat([extra[extra["item"] == "a new one"], MADE]))
    assert ratings.conversations[-1] == "a new one"
    assert "1 item rated by judges and by no expert" in ratings.notes


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["long", "wide"])
def test_without_a_study_file_its_lines_are_given(tmp_path: Path, layout: Layout) -> None:
    path = write_study(tmp_path, MADE, layout=layout)
    (tmp_path / "study.toml").unlink()
    with pytest.raises(NoStudyFileError) as refused:
        read_folder(tmp_path)
    said, lines = str(refused.value).split("\n\n")
    assert f"{path.name} ({layout}, {4608 if layout == 'long' else 576:,} rows: item, system, rater, " in said
    assert lines.splitlines() == [
        "[scale]",
        "low = 1",
        "high = 7",
        "[experts]",
        'raters = ["dr_a", "dr_b", "Dr. Ç", "gpt-x", "claude 9", "judge/3", "4", "ключ"]',
    ]
    experts_only = re.sub(r', "gpt-x".*\]', "]", lines)
    (tmp_path / "study.toml").write_text(experts_only, encoding="utf-8")
    assert read_folder(tmp_path).study.experts == EXPERTS


@pytest.mark.slow
def test_other_usual_headings_are_named_in_the_lines(tmp_path: Path) -> None:
    made = MADE.rename(columns={"item": "ConvID", "system": "Model", "rating": "score"})
    write_table(tmp_path / "ratings.csv", made)
    with pytest.raises(NoStudyFileError) as refused:
        read_folder(tmp_path)
    lines = str(refused.value).split("\n\n")[1]
    assert lines.endswith('[columns]\nitem = "ConvID"\nsystem = "Model"\nrating = "score"')
    (tmp_path / "study.toml").write_text(re.sub(r', "gpt-x".*\]', "]", lines), encoding="utf-8")
    assert len(read_folder(tmp_path).conversations) == 6


def test_a_folder_without_any_ratings_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "budget.csv", pd.DataFrame({"item": ["rent"], "price": [100]}))
    with pytest.raises(NoRatingsError, match=r"holds no rating file; expected .* or tables of an own study beside a"):
        read_folder(tmp_path)
    (tmp_path / "study.toml").write_text(MINIMAL, encoding="utf-8")
    with pytest.raises(StudyError, match=r"holds no table of ratings; expected .xlsx, .parquet, .csv, .jsonl files"):
        read_folder(tmp_path)


def test_a_check_tells_what_there_is(tmp_path: Path) -> None:
    write_study(tmp_path, MADE[(MADE["rater"] != "4") | (MADE["item"] != "12")])
    found = check(tmp_path)
    assert found.usable
    assert found.kind == "own study"
    assert found.tables[["file", "layout", "rows"]].to_numpy().tolist() == [["ratings.csv", "long", 4512]]
    assert "3 experts, whose mean is the reference: dr_a, dr_b, Dr. Ç" in found.recognised
    assert found.unmatched == ("4: 12 replies that experts rate and it does not",)
    facts = found.facts
    assert facts is not None
    assert (facts.items, facts.systems, facts.attributes, facts.judges) == (6, 12, 8, 5)
    assert (facts.experts, facts.experts_per_item, facts.items_per_expert) == (3, 3, 6)
    assert (facts.single_items, facts.texts, facts.explanations) == (True, True, False)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda folder: (folder / "study.toml").write_text("[scale]\n"), "own study"),
        (lambda folder: (folder / "study.toml").unlink(), "tables without study.toml"),
        (lambda folder: [path.unlink() for path in folder.iterdir()], "unknown"),
    ],
)
def test_a_check_tells_what_stands_against_it(tmp_path: Path, change: Callable[[Path], object], kind: str) -> None:
    write_study(tmp_path, MADE)
    change(tmp_path)
    found = check(tmp_path)
    assert not found.usable
    assert found.kind == kind
    assert found.problems
    assert found.facts is None


def test_an_attribute_may_be_called_like_a_column_of_a_table(tmp_path: Path) -> None:
    first, second = list(MADE["attribute"].unique())[:2]
    write_study(tmp_path, MADE.replace({"attribute": {first: "rank", second: "judge"}}))
    found = load(str(tmp_path), Progress())
    table = table_of("scores", found, Settings.of(found.study), Selection.of(found.study))
    assert {"Rank", "Judge"} <= set(table)
    assert set(found.study.attribute_names) > {"rank", "judge"}
    assert glossary(found.study)["judge"].role == "key"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ("Tone2", "tone2"),
            "attributes 'Tone2' and 'tone2' differ in capitals only; call both alike, or one otherwise",
        ),
        (
            ("Average", "b"),
            "attribute 'Average': tables of scores have an average of all attributes; call it otherwise",
        ),
    ],
)
def test_attributes_that_tables_could_not_tell_apart_are_refused(
    tmp_path: Path, names: tuple[str, str], sentence: str
) -> None:
    known = list(MADE["attribute"].unique())[:2]
    write_study(tmp_path, MADE.replace({"attribute": dict(zip(known, names, strict=True))}))
    with pytest.raises(StudyError) as refused:
        read_own(tmp_path)
    assert sentence in str(refused.value)
