"""A reader's own judge is matched with a study in any layout, and changes nothing of the other judges."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.checking import check
from data.contexts import DIFFERENT
from data.counts import count_pairs
from data.data_errors import with_kinds
from data.errors import ReleaseError
from data.folder import read_folder
from data.mentalalign import STUDY, SUFFIX
from data.own.judges import Added, add_judge
from data.own.reading import read_own
from data.ratings import OFF_SCALE, Ratings
from data.study import HUMAN
from tests.made_release import (
    fence,
    file_table,
    make_release,
    write_separate,
)
from tests.made_release import write_table as write_columns
from tests.made_study import MINIMAL, SYSTEMS, make_study, wide, write_study, write_table
from tests.slow import slow_but

RELEASE = make_release(32, seed=4)
MADE = make_study()
# What a judge that is added gives, by item, system and attribute.
NEW = MADE[MADE["rater"] == "gpt-x"].drop(columns="rater").assign(rating=lambda rows: 8 - rows["rating"])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Ratings:
    folder = tmp_path_factory.mktemp("release")
    write_separate(folder, RELEASE, form="parquet")
    return read_folder(folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Ratings:
    folder = tmp_path_factory.mktemp("study")
    write_study(folder, MADE)
    return read_own(folder)


def grid(ratings: Ratings, rater: str, column: str = "as_released") -> np.ndarray:
    mine = ratings.long.loc[ratings.long["rater"] == rater, column].to_numpy()
    return mine.reshape(len(ratings.conversations), len(ratings.study.systems), len(ratings.study.attributes))


def pairs_of(ratings: Ratings, judges: tuple[str, ...]) -> pd.DataFrame:
    counts = count_pairs(ratings)
    return counts[counts["judge"].isin(judges)].astype({"judge": "str"}).reset_index(drop=True)


def assert_others_unchanged(before: Ratings, after: Ratings) -> None:
    judges = before.study.judge_keys
    pd.testing.assert_frame_equal(pairs_of(before, judges), pairs_of(after, judges))
    for name in ("ledger", "differing", "contexts", "explanations"):
        old, new = getattr(before, name), getattr(after, name)
        pd.testing.assert_frame_equal(old, new.iloc[: len(old)], check_dtype=len(old) > 0)


def added(ratings: Ratings, path: Path | tuple[str, bytes], *, name: str | None = None) -> Added:
    """Add a judge, and see that nothing else has changed."""
    judges, rows = ratings.study.judge_keys, len(ratings.long)
    found = add_judge(ratings, path, name=name)
    assert (ratings.study.judge_keys, len(ratings.long)) == (judges, rows)
    assert found.ratings.study.judge_keys == judges + found.judges
    assert_others_unchanged(ratings, found.ratings)
    return found


def refused(ratings: Ratings, path: Path | tuple[str, bytes], *, name: str | None = None) -> str:
    with pytest.raises(ReleaseError) as error:
        add_judge(ratings, path, name=name)
    return str(error.value)


def expected(ratings: Ratings, rows: pd.DataFrame) -> np.ndarray:
    """Lay rows out by item, system and attribute with plain pandas."""
    index = pd.MultiIndex.from_product(
        [ratings.conversations, ratings.study.system_keys, ratings.study.attribute_names]
    )
    laid = rows.set_index(["item", "system", "attribute"])["rating"].reindex(index)
    return laid.to_numpy().reshape(len(ratings.conversations), len(ratings.study.systems), -1)


# The layout of the release


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "csv", "parquet"])
def test_a_new_name_is_a_new_judge_beside_the_others_and_added(tmp_path: Path, form: str) -> None:
    write_separate(tmp_path, RELEASE)
    alone = read_folder(tmp_path)
    table = file_table(RELEASE, "o4-mini")
    path = tmp_path / f"claude-4-opus_llm_judge.{form}"
    write_columns(path, table)
    beside, found = read_folder(tmp_path), added(alone, path)
    assert found.judges == ("claude-4-opus",)
    assert beside.study.judge_keys == (*STUDY.judge_keys, "claude-4-opus")
    assert beside.study.judge("claude-4-opus") == found.ratings.study.judge("claude-4-opus")
    pd.testing.assert_frame_equal(pairs_of(alone, STUDY.judge_keys), pairs_of(beside, STUDY.judge_keys))
    for column in ("as_released", "valid"):
        np.testing.assert_array_equal(
            grid(beside, "claude-4-opus", column), grid(found.ratings, "claude-4-opus", column)
        )
        np.testing.assert_array_equal(grid(beside, "claude-4-opus", column), grid(alone, "o4-mini", column))
    assert beside.different("claude-4-opus") == found.ratings.different("claude-4-opus") == alone.different("o4-mini")
    data_errors = {error.kind: error.n for error in found.files[0].data_errors}
    mine = with_kinds(alone.ledger[alone.ledger["rater"] == "o4-mini"])
    assert data_errors == mine["kind"].value_counts().to_dict()
    assert (found.files[0].replies, found.files[0].matched) == (32 * 10 - 2, 32 * 10 - 2)


@pytest.mark.slow
def test_rows_that_are_not_the_studys_are_counted(tmp_path: Path, release: Ratings) -> None:
    table = file_table(RELEASE, "gpt-4o")
    table["ConvID"][:2] = [900, 901]
    table["judge_response_mistral"] = table["judge_response_claude"]
    write_columns(tmp_path / "new_llm_judge.csv", table)
    found = added(release, tmp_path / "new_llm_judge.csv").files[0]
    assert found.unmatched.to_numpy().tolist() == [
        ["new_llm_judge.csv", "item", "900", 11],
        ["new_llm_judge.csv", "item", "901", 11],
    ]
    assert found.new_systems == {"mistral": 30}
    assert "new rates 30 of 32 conversations" in found.notes
    assert "2 items not in the study, in 22 replies: '900', '901'" in found.sentences


@pytest.mark.slow
@pytest.mark.parametrize("shuffle", [None, 3])
def test_a_file_without_numbers_is_matched_by_its_messages(
    tmp_path: Path, release: Ratings, shuffle: int | None
) -> None:
    names = write_separate(tmp_path, RELEASE, raters=["gpt-4o"], with_ids=False, shuffle=shuffle)
    (tmp_path / names["gpt-4o"]).rename(tmp_path / "new_llm_judge.csv")
    found = added(release, tmp_path / "new_llm_judge.csv")
    assert found.files[0].paired_by == "message"
    # Three messages differ; one of them is the same but for small things, and is matched.
    same = [place for place in range(32) if place not in (23, 24, 29)]
    np.testing.assert_array_equal(grid(found.ratings, "new")[same], grid(release, "gpt-4o")[same])
    assert set(found.files[0].unmatched["what"]) == {"message"}


@pytest.mark.slow
def test_shuffled_messages_of_one_judge_leave_the_others_alone(tmp_path: Path, release: Ratings) -> None:
    made = replace(RELEASE, contexts={**RELEASE.contexts, "gpt-4o": RELEASE.contexts["gpt-4o"][::-1]})
    write_separate(tmp_path, made)
    shuffled = read_folder(tmp_path)
    others = tuple(judge for judge in STUDY.judge_keys if judge != "gpt-4o")
    pd.testing.assert_frame_equal(pairs_of(release, others), pairs_of(shuffled, others))
    assert len(shuffled.different("gpt-4o")) > 25


def scaled_to_seven(cell: str | None) -> str | None:
    if cell is None or "{" not in cell:
        return cell
    try:
        found = json.loads(cell.removeprefix("```json\n").removesuffix("\n```"))
    except json.JSONDecodeError:
        return cell
    return json.dumps(
        {name: min(7, value + 2) if name in STUDY.attribute_names else value for name, value in found.items()}
    )


def test_ratings_from_1_to_7_are_refused_with_their_scale(tmp_path: Path, release: Ratings) -> None:
    table = file_table(RELEASE, "gpt-4o")
    for suffix in SUFFIX:
        table[f"judge_response_{suffix}"] = list(map(scaled_to_seven, table[f"judge_response_{suffix}"]))
    write_columns(tmp_path / "new_llm_judge.csv", table)
    sentence = refused(release, tmp_path / "new_llm_judge.csv")
    assert "not on the study's scale, whole numbers from 1 to 5; they seem to be on a scale of 1 to 7" in sentence
    write_separate(tmp_path, RELEASE, raters=[HUMAN])
    with pytest.raises(ReleaseError, match="they seem to be on a scale of 1 to 7"):
        read_folder(tmp_path)


def with_tone(cell: str | None) -> str | None:
    """Add an eighth attribute to a clean cell."""
    try:
        found = json.loads((cell or "").removeprefix("```json\n").removesuffix("\n```"))
    except json.JSONDecodeError:
        return cell
    text = json.dumps({**found, "Tone": 4})
    return fence(text) if (cell or "").startswith("```") else text


def test_an_eighth_attribute_in_the_cells_is_an_attribute(tmp_path: Path) -> None:
    cells = {
        rater: {model: list(map(with_tone, column)) for model, column in models.items()}
        for rater, models in RELEASE.cells.items()
    }
    write_separate(tmp_path, replace(RELEASE, cells=cells))
    ratings = read_folder(tmp_path)
    assert ratings.study.attribute_names == (*STUDY.attribute_names, "Tone")
    assert ratings.study.group_of("Tone") == ""
    tone = grid(ratings, "o4-mini")[:, :, 7]
    assert set(tone[~np.isnan(tone)]) == {4}


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("gpt-4o_llm_judge.csv", "the study has a judge called 'gpt-4o' already; give the judge another name"),
        ("human_llm_judge.csv", "'human' stands for the experts or a panel"),
        ("panel-mean_llm_judge.csv", "'panel-mean' stands for the experts or a panel"),
    ],
)
def test_a_name_that_is_taken_is_refused(tmp_path: Path, release: Ratings, file: str, sentence: str) -> None:
    write_columns(tmp_path / file, file_table(RELEASE, "gpt-4o"))
    assert refused(release, tmp_path / file).startswith(f"{file}: {sentence}")
    assert added(release, tmp_path / file, name="mine").judges == ("mine",)


def test_a_released_judge_that_is_lacking_is_known_by_its_file_alone(tmp_path: Path) -> None:
    write_separate(tmp_path, RELEASE, raters=[HUMAN, "o4-mini"])
    ratings = read_folder(tmp_path)
    table = file_table(RELEASE, "claude-3.7-sonnet")
    write_columns(tmp_path / "claude_llm_judge.csv", table)
    write_columns(tmp_path / "claude-3.7-sonnet.csv", table)
    found = added(ratings, tmp_path / "claude_llm_judge.csv")
    assert found.ratings.study.judges[-1].own == ("claude-3.5-haiku",)
    assert found.ratings.files[-1].changed
    assert "is a judge of the published study" in refused(ratings, tmp_path / "claude-3.7-sonnet.csv")


def test_a_file_of_experts_is_no_judges(tmp_path: Path, release: Ratings) -> None:
    write_columns(tmp_path / "new_llm_judge.csv", file_table(RELEASE, HUMAN))
    assert "holds no judge's ratings" in refused(release, tmp_path / "new_llm_judge.csv")


@pytest.mark.slow
def test_an_own_study_takes_a_file_in_the_layout_of_the_release(tmp_path: Path, study: Ratings) -> None:
    items = list(study.conversations)
    cells = {
        reply: json.dumps(dict(zip(rows["attribute"], rows["rating"], strict=True)))
        for reply, rows in NEW.groupby(["item", "system"])
    }
    columns = {f"judge_response_{system}": [cells[item, system] for item in items] for system in SYSTEMS}
    write_columns(tmp_path / "mine_llm_judge.csv", {"ConvID": items, **columns})
    found = added(study, tmp_path / "mine_llm_judge.csv")
    assert found.judges == ("mine",)
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(study, NEW))


# Long and wide tables


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "jsonl"])
@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("by", slow_but({"item"}, ["item", "message"]))
def test_any_format_and_layout_is_matched(tmp_path: Path, study: Ratings, form: str, layout: str, by: str) -> None:
    table = NEW if layout == "long" else wide(NEW)
    path = write_table(tmp_path / f"mine.{form}", table if by == "item" else table.drop(columns="item"))
    found = added(study, path)
    assert found.judges == ("mine",)
    (file,) = found.files
    assert (file.layout, file.paired_by, file.replies, file.matched) == (layout, by, 72, 72)
    assert len(file.unmatched) == 0
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(study, NEW))


def test_headings_and_names_may_be_in_other_capitals(tmp_path: Path, study: Ratings) -> None:
    table = NEW.rename(columns={"item": "ConvID", "system": "MODEL", "rating": "Score", "attribute": "Attribute"})
    table = table.assign(Attribute=table["Attribute"].str.title(), MODEL=table["MODEL"].str.upper())
    found = added(study, write_table(tmp_path / "mine.csv", table))
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(study, NEW))


@pytest.mark.slow
def test_the_studys_own_headings_are_known(tmp_path: Path) -> None:
    toml = MINIMAL + '[columns]\nitem = "case"\nrating = "points"\n'
    renames = {"item": "case", "rating": "points"}
    write_study(tmp_path, MADE.rename(columns=renames), toml=toml)
    ratings = read_own(tmp_path)
    found = added(ratings, write_table(tmp_path / "mine.csv", NEW.rename(columns=renames)))
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(ratings, NEW))


def test_a_column_of_raters_may_hold_several_judges(tmp_path: Path, study: Ratings) -> None:
    table = pd.concat([NEW.assign(rater="one"), NEW.assign(rater="two", rating=3)])
    path = write_table(tmp_path / "mine.csv", table)
    found = added(study, path)
    assert found.judges == ("one", "two")
    np.testing.assert_array_equal(grid(found.ratings, "one"), expected(study, NEW))
    assert set(grid(found.ratings, "two").ravel()) == {3}
    assert found.files[0].replies == 144
    assert "one name cannot stand for all" in refused(study, path, name="mine")


def test_what_is_not_the_studys_is_counted_and_shown(tmp_path: Path, study: Ratings) -> None:
    table = NEW.replace({"item": {"12": "13"}, "system": {"sys 3": "sys 33"}, "attribute": {"tone": "colour"}})
    found = added(study, write_table(tmp_path / "mine.csv", table))
    (file,) = found.files
    assert file.unmatched[["what", "name", "n"]].to_numpy().tolist() == [
        ["item", "13", 12],
        ["attribute", "colour", 72],
    ]
    assert (file.replies, file.matched, file.new_systems) == (72, 55, {"sys 33": 5})
    assert file.notes == (
        "mine rates 5 of 6 items",
        "mine has no ratings of the systems sys 3",
        "mine has no ratings of the attributes tone",
    )
    known = NEW[(NEW["item"] != "12") & (NEW["system"] != "sys 3") & (NEW["attribute"] != "tone")]
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(study, known))


@pytest.mark.slow
def test_the_nth_reply_to_a_message_is_the_nth_item_with_it(tmp_path: Path) -> None:
    twice = MADE.assign(message=MADE["message"].where(~MADE["item"].isin(["007", "12"]), "Said, twice!"))
    write_study(tmp_path, twice)
    ratings = read_own(tmp_path)
    mine = NEW.assign(message=NEW["message"].where(~NEW["item"].isin(["007", "12"]), "said twice"))
    again = mine[mine["item"] == "007"]
    path = write_table(tmp_path / "mine.csv", pd.concat([mine, again]).drop(columns="item"))
    found = added(ratings, path)
    np.testing.assert_array_equal(grid(found.ratings, "mine"), expected(ratings, NEW))
    assert found.files[0].unmatched[["what", "name", "n"]].to_numpy().tolist() == [["message", "said twice", 12]]


def test_messages_beside_items_are_compared_with_the_experts(tmp_path: Path, study: Ratings) -> None:
    other = NEW["message"].mask(NEW["item"] == "12", "Quite another thing, of which nothing was said")
    found = added(study, write_table(tmp_path / "mine.csv", NEW.assign(message=other)))
    assert found.ratings.different("mine") == {"12"}
    assert found.files[0].different == 1
    (entry,) = found.ratings.ledger.itertuples()
    assert (entry.file, entry.column, entry.error, entry.conversation) == ("mine.csv", "message", DIFFERENT, "12")


def test_ratings_off_the_scale_and_reasons_are_kept(tmp_path: Path, study: Ratings) -> None:
    table = NEW.reset_index(drop=True).assign(explanation="because")
    table.loc[0, "rating"] = 9
    found = added(study, write_table(tmp_path / "mine.csv", table)).ratings
    assert found.ledger[["rater", "row", "error", "raw"]].to_numpy().tolist() == [["mine", 2, OFF_SCALE, "9.0"]]
    assert grid(found, "mine")[0, 0, 0] == 9
    assert np.isnan(grid(found, "mine", "valid")[0, 0, 0])
    assert found.explanations["rater"].tolist() == ["mine"] * 72


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows.assign(rater="gpt-x"), "mine.csv: the study has a judge called 'gpt-x' already"),
        (lambda rows: rows.assign(rater="dr_a"), "mine.csv: 'dr_a' is an expert of the study"),
        (lambda rows: rows.assign(rater="human"), "mine.csv: 'human' stands for the experts or a panel"),
        (lambda rows: rows.assign(item="none"), "mine.csv: none of its 12 replies is one of "),
        (lambda rows: rows.assign(rating=rows["rating"] * 10), "mine.csv, rater mine: 576 of 576 ratings are not on"),
        (lambda rows: rows.assign(rating="good"), "mine.csv: 576 of 576 ratings of mine are no numbers ('good' in r"),
        (
            lambda rows: pd.concat([rows, rows.iloc[[0]]]),
            "mine.csv, rows 2, 578, column rating: item 007, system sys 1",
        ),
        (lambda rows: rows.assign(system=rows["system"].mask(rows.index == 24)), "mine.csv, row 2: the rating has no"),
        (lambda rows: rows.drop(columns="system"), "mine.csv has no column system; its columns are item, attribute,"),
        (lambda rows: rows.drop(columns=["item", "message"]), "mine.csv has no column item; its columns are system, "),
        (lambda rows: rows[["rating"]], "mine.csv does not look like a judge's ratings; expected are columns"),
    ],
)
def test_what_cannot_be_matched_is_refused(
    tmp_path: Path, study: Ratings, change: Callable[[pd.DataFrame], pd.DataFrame], sentence: str
) -> None:
    table = change(NEW.loc[:, ["item", "system", "attribute", "rating", "message"]])
    assert refused(study, write_table(tmp_path / "mine.csv", table)).startswith(sentence)


@pytest.mark.slow
def test_an_upload_and_a_folder_are_added(tmp_path: Path, study: Ratings) -> None:
    path = write_table(tmp_path / "mine.xlsx", NEW)
    upload = added(study, ("mine.xlsx", path.read_bytes()))
    np.testing.assert_array_equal(grid(upload.ratings, "mine"), expected(study, NEW))
    write_table(tmp_path / "more.csv", wide(NEW))
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    found = added(study, tmp_path)
    assert found.judges == ("mine", "more")
    assert [file.layout for file in found.files] == ["long", "wide"]
    assert "is no file" in refused(study, tmp_path / "nowhere.csv")
    assert "mine.txt is not a table" in refused(study, ("mine.txt", b""))


def test_all_that_is_wrong_with_a_file_is_said_at_once(tmp_path: Path, study: Ratings) -> None:
    held = NEW.astype({"rating": object})
    held.iloc[:40, held.columns.get_loc("rating")] = "n/a"
    held.iloc[50, held.columns.get_loc("system")] = None
    held = pd.concat([held, held.tail(1)])
    said = refused(study, write_table(tmp_path / "gpt-x.csv", held)).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "gpt-x.csv, row 52",
        "gpt-x.csv, rows 577, 578, column rating",
        "gpt-x.csv",
        "gpt-x.csv",
    ]
    assert "40 of 576 ratings of gpt-x are no numbers ('n/a' in row 2, column rating, 'n/a' in row 3" in said[2]
    assert "and 37 more)" in said[2]
    assert "the study has a judge called 'gpt-x' already" in said[3]


def test_every_broken_line_is_said_at_once(tmp_path: Path, study: Ratings) -> None:
    path = write_table(tmp_path / "mine.jsonl", NEW.head(20))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1::4] = ["{", "[1]", "7", "{]", "nothing"]
    path.write_text("\n".join(lines), encoding="utf-8")
    said = refused(study, path).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        *(f"mine.jsonl, line {number}" for number in (2, 6, 10)),
        "mine.jsonl, 2 more lines",
    ]
    assert said[1] == "mine.jsonl, line 6: it is no object; write one JSON object a line"


def test_errors_of_single_ratings_are_told_with_their_places(tmp_path: Path, study: Ratings) -> None:
    held = NEW.astype({"rating": object})
    held.iloc[[3, 7, 11, 15], held.columns.get_loc("rating")] = ["a", "b", "c", "d"]
    held.iloc[20, held.columns.get_loc("rating")] = 9
    said = added(study, write_table(tmp_path / "mine.csv", held)).sentences
    places = "row 5, column rating; row 9, column rating; row 13, column rating; and 1 more"
    assert f"4 ratings that are no number: {places}" in said
    assert "1 other number off the scale: row 22, column rating" in said


def test_a_file_of_a_name_that_the_study_has_is_told_apart(tmp_path: Path, study: Ratings) -> None:
    found = added(study, ("ratings.csv", NEW.to_csv(index=False).encode()))
    assert [record.name for record in found.ratings.files] == ["ratings.csv", "ratings.csv (2)"]
    assert found.judges == ("ratings",)


# Checking


def test_a_check_of_a_file_tells_what_it_matches(tmp_path: Path, release: Ratings) -> None:
    write_columns(tmp_path / "new_llm_judge.csv", file_table(RELEASE, "gpt-4o"))
    found = check(tmp_path / "new_llm_judge.csv", release)
    assert found.usable
    assert found.kind == "judge"
    assert found.matched == ("318 of 318 replies matched by item",)
    assert found.replies[["judge", "different"]].to_numpy().tolist() == [["new", 2]]
    assert set(found.data_errors["kind"]) == {"malformed", "empty", "different", "same-text"}
    assert found.ratings is not None
    assert found.facts is not None
    assert (found.facts.judges, found.facts.items, found.facts.experts) == (5, 32, 1)


def test_without_a_study_the_names_of_the_published_one_are_compared(tmp_path: Path) -> None:
    write_columns(tmp_path / "new_llm_judge.csv", file_table(RELEASE, "gpt-4o"))
    found = check(tmp_path / "new_llm_judge.csv")
    assert found.usable
    assert found.facts is None
    assert found.notes[-1].startswith("no study was read, and names alone were compared; to match the ratings, name")


def test_a_check_of_a_file_that_fits_no_study_tells_its_layout(tmp_path: Path, release: Ratings) -> None:
    found = check(write_table(tmp_path / "mine.csv", NEW.assign(rater="x")), release)
    assert not found.usable
    assert found.recognised == ("mine.csv: long, 576 rows, ratings of x",)
    assert found.problems[0].startswith("mine.csv: 'x' rates no system of MentalAlign-70k but 'sys 1'")
    assert "not on the study's scale" in found.problems[1]


@pytest.mark.slow
def test_the_real_files_take_one_of_them_under_another_name(tmp_path: Path, release_folder: Path) -> None:
    ratings = read_folder(release_folder)
    shutil.copy(release_folder / "gemini_llm_judge.xlsx", tmp_path / "claude-4-opus_llm_judge.xlsx")
    found = add_judge(ratings, tmp_path / "claude-4-opus_llm_judge.xlsx")
    np.testing.assert_array_equal(grid(found.ratings, "claude-4-opus"), grid(ratings, "gemini-2.5-flash"))
    assert found.ratings.different("claude-4-opus") == ratings.different("gemini-2.5-flash")
    assert found.files[0].different == 19
