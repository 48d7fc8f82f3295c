"""Every layout of a release gives the same ratings, and every data error in it stands in the ledger."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import ReleaseError
from data.mentalalign import STUDY, SUFFIX
from data.ratings import LEDGER_COLUMNS, OFF_SCALE, Ratings
from data.released.reading import read_release
from data.study import HUMAN
from tests.made_release import (
    CONTEXT_SHIFTED,
    CONTEXT_UNKNOWN,
    REASON,
    Made,
    file_table,
    make_release,
    write_joined,
    write_separate,
    write_table,
    write_workbooks,
)

SMALL = make_release(32, seed=2)
GPT = "gpt-4o_llm_judge.csv"
ALIKE = make_release(32, seed=2, contexts_differ=False)


def grids(release: Ratings, column: str = "as_released") -> dict[str, np.ndarray]:
    """Take each rater's ratings as an array of (conversation, model, attribute)."""
    return {
        str(rater): rows[column].to_numpy().reshape(-1, len(STUDY.system_keys), len(STUDY.attribute_names))
        for rater, rows in release.long.groupby("rater", observed=True)
    }


def assert_ratings(release: Ratings, made: Made) -> None:
    """Compare ratings under either policy with those that were made."""
    as_released, valid = grids(release), grids(release, "valid")
    assert list(as_released) == [rater for rater in STUDY.raters if rater in made.ratings]
    for rater in as_released:
        np.testing.assert_array_equal(as_released[rater], strict(made, rater))
        np.testing.assert_array_equal(valid[rater], on_scale(made, rater))


def strict(made: Made, rater: str) -> np.ndarray:
    """Take every number that strict JSON gives."""
    return np.where(made.recovered[rater], np.nan, made.ratings[rater])


def on_scale(made: Made, rater: str) -> np.ndarray:
    """Take every number from 1 to 5, those recovered from malformed cells among them."""
    numbers = made.ratings[rater]
    return np.where(np.isin(numbers, (1, 2, 3, 4, 5)), numbers, np.nan)


def different_of(release: Ratings) -> dict[str, frozenset[object]]:
    return {judge: release.different(judge) for judge in release.study.judge_keys}


def only(made: Made, *raters: str) -> Made:
    """Leave out the other raters."""
    return replace(
        made,
        ratings={rater: made.ratings[rater] for rater in STUDY.raters if rater in raters},
        data_errors=tuple(placed for placed in made.data_errors if placed.rater in raters),
    )


def expected_ledger(made: Made, names: dict[str, str], *, contexts: bool = True) -> Counter:
    return Counter(
        (
            *(names[placed.rater], placed.rater, placed.conversation, placed.model, placed.attribute),
            *(placed.error, placed.raw, placed.as_released, placed.valid),
        )
        for placed in made.data_errors
        if contexts or not placed.error.startswith("context")
    )


def ledger_of(release: Ratings) -> Counter:
    """Give what the ledger says of each data error, whatever place in a file it has."""
    return Counter(release.ledger.drop(columns=["row", "column", "cell"]).itertuples(index=False, name=None))


def sheet_of(path: Path) -> dict[tuple[int, str], object]:
    """Read a file once more by other means: what stands at each row's number and heading."""
    if path.suffix == ".xlsx":
        rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    else:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=object)
        rows = [tuple(table.columns), *table.astype(object).where(table.notna(), None).itertuples(index=False)]
    names = [str(name).strip() for name in rows[0]]
    return {
        (number, name): cell
        for number, row in enumerate(rows[1:], start=2)
        for name, cell in zip(names, row, strict=False)
    }


def assert_places(release: Ratings, folder: Path) -> None:
    """Look every entry of the ledger up in its file."""
    sheets = {record.name: sheet_of(folder / record.name) for record in release.files}
    assert len(release.ledger)
    for entry in release.ledger.itertuples():
        sheet = sheets[entry.file]
        number = sheet.get((entry.row, "ConvID"), entry.conversation)
        assert int(str(number)) == entry.conversation
        if entry.error.startswith(("context", "row:")):
            assert entry.column == "context"
            assert entry.cell == ""
            assert sheet[entry.row, "context"]
        else:
            assert entry.cell == (sheet[entry.row, entry.column] or "")
            assert entry.raw in entry.cell
            if entry.attribute:
                assert str(json.loads(entry.cell)[entry.attribute]).replace("None", "null") == entry.raw


@pytest.mark.slow
@pytest.mark.parametrize(
    "write",
    [
        lambda folder: write_workbooks(folder, SMALL, spaced_headers=False),
        lambda folder: write_workbooks(folder, SMALL, spaced_headers=True),
        lambda folder: write_workbooks(folder, SMALL, subfolders=True),
        lambda folder: write_workbooks(folder, SMALL, shuffle=5),
        lambda folder: write_separate(folder, SMALL, form="csv"),
        lambda folder: write_separate(folder, SMALL, form="parquet", shuffle=6),
    ],
    ids=["workbooks", "headers with spaces", "subfolders", "shuffled", "csv", "parquet"],
)
def test_a_file_for_each_rater_gives_all_ratings_and_the_whole_ledger(
    tmp_path: Path, write: Callable[[Path], dict[str, str]]
) -> None:
    names = write(tmp_path)
    release = read_release(tmp_path, STUDY)
    assert_ratings(release, SMALL)
    assert ledger_of(release) == expected_ledger(SMALL, names)
    assert different_of(release) == {judge: {CONTEXT_SHIFTED, CONTEXT_UNKNOWN} for judge in STUDY.judge_keys}
    assert release.different_anywhere == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}
    assert release.fenced == {names[rater]: number for rater, number in SMALL.fenced.items()}
    assert release.notes == ()
    assert_places(release, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize(("with_ids", "shuffle"), [(True, None), (True, 7), (False, None)])
def test_joined_files_give_the_same(tmp_path: Path, form: str, with_ids: bool, shuffle: int | None) -> None:
    names = write_joined(tmp_path, SMALL, form=form, with_ids=with_ids, shuffle=shuffle)
    release = read_release(tmp_path, STUDY)
    assert_ratings(release, SMALL)
    assert ledger_of(release) == expected_ledger(SMALL, names, contexts=False)
    assert release.different_anywhere == frozenset()
    assert [record.raters for record in release.files if HUMAN in record.raters] == [
        (HUMAN, judge) for judge in ("claude-3.7-sonnet", "gemini-2.5-flash", "gpt-4o", "o4-mini")
    ]
    assert_places(release, tmp_path)


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: write_joined(folder, ALIKE, form="csv", shuffle=8),
        lambda folder: write_separate(folder, ALIKE, form="parquet", with_ids=False, shuffle=9),
        lambda folder: (
            write_separate(folder, ALIKE, raters=[HUMAN], shuffle=10),
            write_separate(folder, ALIKE, raters=STUDY.judge_keys, with_ids=False, shuffle=11),
        ),
        lambda folder: (
            write_separate(folder, ALIKE, raters=[HUMAN, "gpt-4o"], with_ids=False, shuffle=12),
            write_separate(folder, ALIKE, raters=["o4-mini", "claude-3.7-sonnet"], shuffle=13),
            write_separate(folder, ALIKE, raters=["gemini-2.5-flash"], with_contexts=False),
        ),
    ],
    ids=["joined", "separate", "only the experts' file has numbers", "only some judges' files have numbers"],
)
def test_rows_without_numbers_are_matched_by_their_context(tmp_path: Path, write: Callable[[Path], object]) -> None:
    write(tmp_path)
    release = read_release(tmp_path, STUDY)
    experts = release.contexts[release.contexts["rater"] == HUMAN].set_index("conversation")["context"].sort_index()
    order = [ALIKE.contexts[HUMAN].index(text) for text in experts]
    assert sorted(order) == list(range(32))
    for rater, ratings in grids(release, "valid").items():
        np.testing.assert_array_equal(ratings, on_scale(ALIKE, rater)[order])
    for rater, ratings in grids(release).items():
        np.testing.assert_array_equal(ratings, strict(ALIKE, rater)[order])
    assert ledger_of(release).total() == len(ALIKE.data_errors)


@pytest.mark.parametrize("judge", STUDY.judge_keys)
def test_one_judge_is_enough(tmp_path: Path, judge: str) -> None:
    names = write_workbooks(tmp_path, SMALL, raters=[HUMAN, judge])
    release = read_release(tmp_path, STUDY)
    assert_ratings(release, only(SMALL, HUMAN, judge))
    assert ledger_of(release) == expected_ledger(only(SMALL, HUMAN, judge), names)


def test_the_ratings_are_one_tidy_frame(tmp_path: Path) -> None:
    write_workbooks(tmp_path, SMALL)
    ratings = read_release(tmp_path, STUDY).long
    assert list(ratings.columns) == ["conversation", "model", "attribute", "rater", "as_released", "valid"]
    assert len(ratings) == 5 * 32 * 10 * 7
    assert not ratings.duplicated(["conversation", "model", "attribute", "rater"]).any()
    assert list(ratings["model"].cat.categories) == list(STUDY.system_keys)
    assert list(ratings["attribute"].cat.categories) == list(STUDY.attribute_names)
    assert list(ratings["rater"].cat.categories) == list(STUDY.raters)


def test_contexts_and_reasons_are_kept_by_rater(tmp_path: Path) -> None:
    write_workbooks(tmp_path, SMALL)
    release = read_release(tmp_path, STUDY)
    for rater, rows in release.contexts.groupby("rater"):
        assert dict(zip(rows["conversation"], rows["context"], strict=True)) == dict(
            zip(SMALL.conversations, SMALL.contexts[str(rater)], strict=True)
        )
    reasons = release.explanations
    assert list(reasons.columns) == ["conversation", "model", "rater", "explanation"]
    # Three cells of each judge have no reason: two empty ones and a refusal.
    assert reasons["rater"].value_counts().to_dict() == dict.fromkeys(STUDY.judge_keys, 32 * 10 - 3)
    whole = reasons["explanation"] == REASON
    assert (~whole).groupby(reasons["rater"]).sum().to_dict() == dict.fromkeys(STUDY.judge_keys, 3)


def test_as_released_keeps_every_number_and_valid_recovers(tmp_path: Path) -> None:
    write_workbooks(tmp_path, SMALL)
    ratings = read_release(tmp_path, STUDY).long
    as_released, valid = ratings["as_released"].to_numpy(), ratings["valid"].to_numpy()
    recovered = np.concatenate([SMALL.recovered[rater].ravel() for rater in STUDY.raters])
    known = {policy: ~np.isnan(numbers) for policy, numbers in (("as-released", as_released), ("valid", valid))}

    cells = 5 * 32 * 10 * 7
    missing = 3 * 7 + 2 + 4 * 3 * 7
    assert known["as-released"].sum() == cells - missing - 4 * 5 * 7
    assert known["valid"].sum() == cells - missing - 2 * 7 - 2
    assert Counter(as_released[known["as-released"] & ~known["valid"]]) == {0: 14, 6: 2}
    assert set(valid[known["valid"]]) == {1, 2, 3, 4, 5}
    assert known["valid"][recovered].all()
    assert not known["as-released"][recovered].any()


def test_data_errors_of_rows_stand_in_the_ledger(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    table = file_table(made, "gpt-4o")
    table["ConvID"][39] = 39
    write_table(tmp_path / GPT, {name: column[:45] for name, column in table.items()})
    release = read_release(tmp_path, STUDY)
    rows = release.ledger[release.ledger["error"].isin(["number repeated", "no row"])]

    repeated = rows[rows["error"] == "number repeated"]
    done = ("first row kept",) * 2
    assert list(repeated.itertuples(index=False, name=None)) == [
        (GPT, 41, "", "gpt-4o", 39, "", "", "number repeated", "", "", *done)
    ]
    lacking = rows[rows["error"] == "no row"]
    assert set(zip(lacking["conversation"], lacking["model"], strict=True)) == {
        (number, model) for number in (40, 46, 47, 48) for model in STUDY.system_keys
    }
    assert set(zip(lacking["as_released"], lacking["valid"], strict=True)) == {("missing", "missing")}
    assert set(lacking["row"]) == {0}
    assert set(lacking["column"]) == {f"judge_response_{suffix}" for suffix in SUFFIX}
    assert np.isnan(grids(release, "valid")["gpt-4o"][[39, 45, 46, 47]]).all()


def test_a_number_as_text_is_recovered_and_other_text_is_dropped(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    table = file_table(made, "gpt-4o")
    table["judge_response_claude"][0] = '{"Guidance": "4", "Safety": "4-5", "Empathy": 4.5, "Relevance": true}'
    write_table(tmp_path / GPT, table)
    release = read_release(tmp_path, STUDY)
    rows = release.ledger[(release.ledger["conversation"] == 1) & (release.ledger["rater"] == "gpt-4o")]
    assert rows[["attribute", "error", "raw", "as_released", "valid"]].to_numpy().tolist() == [
        ["Guidance", "not a number", "4", "dropped", "recovered"],
        ["Informativeness", "absent", "", "missing", "missing"],
        ["Relevance", "not a number", "true", "dropped", "dropped"],
        ["Safety", "not a number", "4-5", "dropped", "dropped"],
        ["Empathy", OFF_SCALE, "4.5", "kept", "left out"],
        ["Helpfulness", "absent", "", "missing", "missing"],
        ["Understanding", "absent", "", "missing", "missing"],
    ]


def test_of_joined_files_that_disagree_on_the_experts_the_first_is_kept(tmp_path: Path, made: Made) -> None:
    names = write_joined(tmp_path, made, judges=["claude-3.7-sonnet", "o4-mini"], with_ids=True)
    second = pd.read_csv(tmp_path / names["o4-mini"], dtype=object)
    other = json.dumps(dict.fromkeys(STUDY.attribute_names, 1))
    second.loc[0, "human_response_claude"] = other
    second.loc[1, "human_response_gemini"] = None
    second.loc[4, "human_response_original"] = other
    second.to_csv(tmp_path / names["o4-mini"], index=False)
    release = read_release(tmp_path, STUDY)

    made_ratings = made.ratings[HUMAN].copy()
    made_ratings[4, STUDY.system_keys.index("original")] = 1
    np.testing.assert_array_equal(grids(release)[HUMAN], made_ratings)
    ledger = ledger_of(release)
    done = ("first file kept", "first file kept")
    differs = "differs from another file"
    file = names["o4-mini"]
    added = {
        (file, HUMAN, 1, "claude-3.5-haiku", "", differs, other, *done): 1,
        (file, HUMAN, 2, "gemini-2.0-flash", "", differs, "", *done): 1,
    }
    filled = {(names[HUMAN], HUMAN, 5, "original", "", "empty", "", "missing", "missing"): 1}
    expected = expected_ledger(only(made, HUMAN, "claude-3.7-sonnet", "o4-mini"), names, contexts=False)
    assert ledger == expected + Counter(added) - Counter(filled)


def test_a_row_that_only_one_joined_file_has_is_read_from_it(tmp_path: Path, made: Made) -> None:
    names = write_joined(tmp_path, made, judges=["claude-3.7-sonnet", "o4-mini"], with_ids=True)
    first = pd.read_csv(tmp_path / names["claude-3.7-sonnet"], dtype=object)
    first.drop(index=[0]).to_csv(tmp_path / names["claude-3.7-sonnet"], index=False)
    release = read_release(tmp_path, STUDY)
    np.testing.assert_array_equal(grids(release)[HUMAN], made.ratings[HUMAN])
    lacking = release.ledger[release.ledger["error"] == "no row"]
    assert set(zip(lacking["rater"], lacking["conversation"], strict=True)) == {("claude-3.7-sonnet", 1)}


def test_contexts_that_the_experts_lack_become_conversations_of_their_own(tmp_path: Path) -> None:
    write_separate(tmp_path, ALIKE, raters=[HUMAN])
    for judge, places in (("gpt-4o", (0, 1)), ("o4-mini", (4, 6))):
        table = file_table(ALIKE, judge)
        del table["ConvID"]
        table["context"][places[0]] = "A text that both judges have"
        table["context"][places[1]] = f"A text that only {judge} has"
        write_table(tmp_path / f"{judge}_llm_judge.csv", table)
    release = read_release(tmp_path, STUDY)
    lacking = release.ledger[release.ledger["error"] == "no row"]
    assert set(zip(lacking["rater"], lacking["conversation"], strict=True)) == {
        *((HUMAN, 33), (HUMAN, 34), (HUMAN, 35)),
        *(("gpt-4o", 1), ("gpt-4o", 2), ("gpt-4o", 35)),
        *(("o4-mini", 5), ("o4-mini", 7), ("o4-mini", 34)),
    }
    ratings = grids(release)
    np.testing.assert_array_equal(ratings["gpt-4o"][[32, 33]], ALIKE.ratings["gpt-4o"][[0, 1]])
    np.testing.assert_array_equal(ratings["o4-mini"][[32, 34]], ALIKE.ratings["o4-mini"][[4, 6]])


def test_without_any_numbers_the_experts_rows_are_counted_from_1(tmp_path: Path) -> None:
    write_separate(tmp_path, ALIKE, raters=[HUMAN], with_ids=False)
    write_separate(tmp_path, ALIKE, raters=["gpt-4o"], with_ids=False, shuffle=14)
    assert_ratings(read_release(tmp_path, STUDY), only(ALIKE, HUMAN, "gpt-4o"))


def test_the_same_context_twice_is_two_conversations(tmp_path: Path) -> None:
    table, experts = (file_table(ALIKE, rater) for rater in ("gpt-4o", HUMAN))
    for columns in (table, experts):
        columns["context"][5] = columns["context"][2]
    del table["ConvID"]
    write_table(tmp_path / GPT, table)
    write_table(tmp_path / "human.csv", experts)
    assert_ratings(read_release(tmp_path, STUDY), only(ALIKE, HUMAN, "gpt-4o"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda table: table.pop("ConvID"),
            f"{GPT} has no column ConvID and no other file has both ConvID and context; its rows cannot be matched",
        ),
        (
            lambda table: table.update(context=["Nothing of the kind"] * 32, ConvID=None),
            f"{GPT} has no column ConvID and none of its contexts stands in Human_judge.csv; its rows cannot",
        ),
    ],
    ids=["nothing to match with", "nothing that matches"],
)
def test_rows_that_cannot_be_matched_are_refused(
    tmp_path: Path, change: Callable[[dict[str, list]], object], message: str
) -> None:
    write_separate(tmp_path, ALIKE, raters=[HUMAN], with_contexts="none of its" in message)
    table = file_table(ALIKE, "gpt-4o")
    change(table)
    write_table(tmp_path / GPT, {name: column for name, column in table.items() if column is not None})
    with pytest.raises(ReleaseError, match=f"^{re.escape(message)}"):
        read_release(tmp_path, STUDY)


def test_a_release_without_any_data_error_has_an_empty_ledger(tmp_path: Path) -> None:
    write_workbooks(tmp_path, make_release(8, data_errors=False, contexts_differ=False))
    release = read_release(tmp_path, STUDY)
    assert release.ledger.empty
    assert list(release.ledger.columns) == LEDGER_COLUMNS
    assert release.different_anywhere == frozenset()


def test_files_without_contexts_are_compared_by_number_alone(tmp_path: Path) -> None:
    write_separate(tmp_path, SMALL, with_contexts=False)
    release = read_release(tmp_path, STUDY)
    assert_ratings(release, SMALL)
    assert release.contexts.empty
    assert release.different_anywhere == frozenset()


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shuffle=st.integers(0, 2**32 - 1), form=st.sampled_from(["csv", "parquet"]))
def test_the_order_of_rows_changes_nothing(tmp_path: Path, shuffle: int, form: str) -> None:
    folder = tmp_path / f"{form}-{shuffle}"
    write_separate(folder, SMALL, form=form, raters=[HUMAN, "o4-mini"])
    plain = read_release(folder, STUDY)
    write_separate(folder, SMALL, form=form, raters=[HUMAN, "o4-mini"], shuffle=shuffle)
    shuffled = read_release(folder, STUDY)
    pd.testing.assert_frame_equal(shuffled.long, plain.long)
    assert ledger_of(shuffled) == ledger_of(plain)
    assert different_of(shuffled) == different_of(plain)


cells = (
    st.none() | st.text(max_size=30) | st.sampled_from([" " * 1_000_000, "[" * 100_000, "\0", "\u202e4", "NaN", "4"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile=st.lists(cells, min_size=10, max_size=10))
def test_hostile_cells_end_in_the_ledger_and_nowhere_else(
    tmp_path_factory: pytest.TempPathFactory, hostile: list[str | None]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    write_separate(folder, SMALL, form="parquet", raters=[HUMAN])
    table = file_table(SMALL, "o4-mini")
    for column, cell in zip([name for name in table if name.startswith("judge_")], hostile, strict=True):
        table[column][0] = cell
    write_table(folder / "o4-mini_llm_judge.parquet", table)
    release = read_release(folder, STUDY)
    for column, expected in (("as_released", strict(SMALL, "o4-mini")), ("valid", on_scale(SMALL, "o4-mini"))):
        read = grids(release, column)["o4-mini"]
        assert np.isnan(read[0]).all()
        np.testing.assert_array_equal(read[1:], expected[1:])
    rows = release.ledger[(release.ledger["rater"] == "o4-mini") & (release.ledger["conversation"] == 1)]
    assert len(rows) == 10
    assert set(rows["error"]) <= {"empty", "malformed"}


def count(release: Ratings, error: str, side: str) -> int:
    ledger = release.ledger
    experts = ledger["rater"] == HUMAN
    return int(((ledger["error"] == error) & (experts if side == "experts" else ~experts)).sum())


def test_real_files_are_all_read(released: Ratings) -> None:
    assert {record.name: (record.rows, record.raters) for record in released.files} == {
        "Human_judge.xlsx": (1000, (HUMAN,)),
        "claude_llm_judge.xlsx": (1000, ("claude-3.7-sonnet",)),
        "gemini_llm_judge.xlsx": (1000, ("gemini-2.5-flash",)),
        "gpt-4o_llm_judge.xlsx": (1000, ("gpt-4o",)),
        "o4-mini_llm_judge.xlsx": (1000, ("o4-mini",)),
    }
    assert released.notes == ()
    assert len(released.long) == 5 * 1000 * 10 * 7
    assert set(released.long["conversation"]) == set(range(1, 1001))


def test_real_experts_left_cells_empty(released: Ratings) -> None:
    ledger = released.ledger
    empty = ledger[(ledger["error"] == "empty") & (ledger["rater"] == HUMAN)]
    assert empty["model"].value_counts().to_dict() == {
        "qwen-2.5-7b": 39,
        "qwen-3-4b": 16,
        "claude-3.5-haiku": 1,
        "original": 1,
    }
    assert count(released, "null", "experts") == 10


def test_real_experts_gave_0_and_6(released: Ratings) -> None:
    ledger = released.ledger
    off = ledger[ledger["error"] == OFF_SCALE]
    assert set(off["rater"]) == {HUMAN}
    assert off["raw"].value_counts().to_dict() == {"0": 231, "6": 8}
    zeros = off[off["raw"] == "0"].groupby(["conversation", "model"]).size()
    assert zeros.tolist() == [7] * 33
    assert set(zip(off["as_released"], off["valid"], strict=True)) == {("kept", "left out")}


def test_real_judges_left_8_cells_empty_and_11_malformed(released: Ratings) -> None:
    ledger = released.ledger
    judges = ledger[ledger["rater"] != HUMAN]
    empty = judges[judges["error"] == "empty"]
    assert empty["file"].value_counts().to_dict() == {"gemini_llm_judge.xlsx": 7, "o4-mini_llm_judge.xlsx": 1}
    malformed = judges[judges["error"] == "malformed"]
    assert malformed.groupby(["file", "valid"]).size().to_dict() == {
        ("claude_llm_judge.xlsx", "recovered"): 6,
        ("claude_llm_judge.xlsx", "dropped"): 1,
        ("gemini_llm_judge.xlsx", "recovered"): 1,
        ("o4-mini_llm_judge.xlsx", "recovered"): 3,
    }
    recovered = released.long["valid"].notna() & released.long["as_released"].isna()
    assert recovered.sum() == 10 * len(STUDY.attribute_names)


def test_real_files_differ_in_21_contexts(released: Ratings) -> None:
    ledger = released.ledger
    differing = ledger[ledger["error"].str.startswith("context")]
    by_judge = differing.groupby("rater")["conversation"].agg(list)
    assert list(by_judge.index) == sorted(STUDY.judge_keys)
    assert all(conversations == by_judge.iloc[0] for conversations in by_judge)

    one = differing[differing["rater"] == STUDY.judge_keys[0]]
    assert one["error"].value_counts().to_dict() == {
        "context: different conversation": 19,
        "context: same text, small difference": 2,
    }
    different = one[one["error"] == "context: different conversation"]
    assert different_of(released) == dict.fromkeys(STUDY.judge_keys, frozenset(different["conversation"]))
    stands_at = different["raw"].str.extract(r"stands at conversation (\d+)$")[0].astype(float)
    away = (stands_at - different["conversation"]).abs()
    assert (away == 1).sum() == 18
    assert away.isna().sum() == 1


def test_every_data_error_of_the_real_files_stands_where_the_ledger_says(
    released: Ratings, release_folder: Path
) -> None:
    assert_places(released, release_folder)
    assert len(released.ledger) == 57 + 10 + 239 + 8 + 11 + 4 * 21 + 1


def test_real_ledger_holds_no_other_data_error_and_no_context(released: Ratings) -> None:
    assert set(released.ledger["error"]) == {
        *("empty", "null", OFF_SCALE, "malformed"),
        *("context: different conversation", "context: same text, small difference", "row: exact copy of another"),
    }
    contexts = set(released.contexts["context"])
    assert not contexts & set(released.ledger["raw"])


def test_real_judges_fence_their_cells(released: Ratings) -> None:
    assert released.fenced == {
        "Human_judge.xlsx": 0,
        "claude_llm_judge.xlsx": 2314,
        "gpt-4o_llm_judge.xlsx": 9971,
        "gemini_llm_judge.xlsx": 9993,
        "o4-mini_llm_judge.xlsx": 126,
    }
