"""A cell gives the ratings that are written in it, names every error, and never gives a rating that is not there."""

import json
import math
import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.mentalalign import STUDY
from data.ratings import OFF_SCALE
from data.released.cells import Cell, CellReader, DataError
from tests.made_release import JUDGE_MALFORMED, REASON, REFUSAL, fence, judge_cell, malformed

READER = CellReader(STUDY.attribute_names, STUDY.scale)
SEVEN = (5, 4, 3, 2, 1, 5, 4)
NONE = (math.nan,) * 7
MEGABYTE = 1_000_000


def written(**changes: object) -> str:
    """Write a strict cell rated ``SEVEN``, with some attributes changed; ``...`` leaves one out."""
    values = {**dict(zip(STUDY.attribute_names, SEVEN, strict=True)), **changes}
    return json.dumps({name: value for name, value in values.items() if value is not ...})


def said(**changes: str) -> str:
    """Write the same as prose, one attribute to a line."""
    values = {**dict(zip(STUDY.attribute_names, map(str, SEVEN), strict=True)), **changes}
    return "In short:\n" + "\n".join(f"{name}: {value}" for name, value in values.items())


def guidance(cell: Cell) -> tuple[float, bool, list[tuple[str, str]]]:
    """Take the first attribute's number, whether it was recovered, and the cell's data errors as (kind, raw)."""
    return cell.ratings[0], cell.recovered[0], [(error.kind, error.raw) for error in cell.data_errors]


def assert_ratings(cell: Cell, expected: tuple[float, ...]) -> None:
    np.testing.assert_array_equal(cell.ratings, expected)


@pytest.mark.parametrize(
    ("raw", "fenced"),
    [
        (judge_cell(SEVEN), False),
        (f"\n {judge_cell(SEVEN)} \t\n", False),
        (fence(judge_cell(SEVEN)), True),
        (f"```{judge_cell(SEVEN)}```", True),
        (f"```JSON\n{judge_cell(SEVEN)}\n```", True),
        (json.loads(judge_cell(SEVEN)), False),
    ],
    ids=["text", "spaces around", "fence", "fence on one line", "fence in capitals", "mapping"],
)
def test_a_clean_cell_has_seven_ratings_a_reason_and_no_data_error(raw: object, fenced: bool) -> None:
    assert READER.read(raw) == Cell(SEVEN, (False,) * 7, REASON, fenced, ())


@pytest.mark.parametrize("raw", [None, math.nan, "", " \n\t ", " " * MEGABYTE])
def test_an_empty_cell_is_empty(raw: object) -> None:
    cell = READER.read(raw)
    assert_ratings(cell, NONE)
    assert cell.data_errors == (DataError("", "empty", ""),)


@pytest.mark.parametrize("kind", [kind for kind in JUDGE_MALFORMED.values() if kind != "a refusal"])
def test_a_malformed_cell_is_recovered_whole(kind: str) -> None:
    raw = malformed(kind, SEVEN)
    cell = READER.read(raw)
    assert_ratings(cell, SEVEN)
    assert cell.recovered == (True,) * 7
    assert cell.data_errors == (DataError("", "malformed", raw),)
    assert cell.explanation.replace('"', "").startswith(REASON)


@pytest.mark.parametrize("raw", [REFUSAL, "4", "[4, 4, 4, 4, 4, 4, 4]", "true", "{}", '{"Overall": 4}', "```", "`" * 6])
def test_a_cell_that_names_no_attribute_has_no_rating(raw: str) -> None:
    cell = READER.read(raw)
    assert_ratings(cell, NONE)
    assert cell.data_errors == (DataError("", "malformed", raw),)


@pytest.mark.parametrize(
    ("value", "number", "recovered", "data_errors"),
    [
        (4, 4, False, []),
        (4.0, 4, False, []),
        (0, 0, False, [(OFF_SCALE, "0")]),
        (6, 6, False, [(OFF_SCALE, "6")]),
        (-4, -4, False, [(OFF_SCALE, "-4")]),
        (4.5, 4.5, False, [(OFF_SCALE, "4.5")]),
        (None, math.nan, False, [("null", "null")]),
        (..., math.nan, False, [("absent", "")]),
        ("4", 4, True, [("not a number", "4")]),
        (" 4/5 ", 4, True, [("not a number", " 4/5 ")]),
        ("4 out of 5", 4, True, [("not a number", "4 out of 5")]),
        ("4.0", 4, True, [("not a number", "4.0")]),
        ("4-5", math.nan, False, [("not a number", "4-5")]),
        ("4,5", math.nan, False, [("not a number", "4,5")]),
        ("4/10", math.nan, False, [("not a number", "4/10")]),
        ("0", math.nan, False, [("not a number", "0")]),
        ("6", math.nan, False, [("not a number", "6")]),
        ("four", math.nan, False, [("not a number", "four")]),
        ("\N{FULLWIDTH DIGIT FOUR}", math.nan, False, [("not a number", "\N{FULLWIDTH DIGIT FOUR}")]),
        ("", math.nan, False, [("not a number", "")]),
        (True, math.nan, False, [("not a number", "true")]),
        ([4], math.nan, False, [("not a number", "[...]")]),
        ({"score": 4}, math.nan, False, [("not a number", "{...}")]),
    ],
)
def test_one_attribute_of_a_strict_cell(
    value: object, number: float, recovered: bool, data_errors: list[tuple[str, str]]
) -> None:
    cell = READER.read(written(Guidance=value))
    assert guidance(cell) == (pytest.approx(number, nan_ok=True), recovered, data_errors)
    assert all(error.attribute == "Guidance" for error in cell.data_errors)
    assert cell.ratings[1:] == SEVEN[1:]


@pytest.mark.parametrize("value", ["4", '"4"', "4.", "4.0", "4/5", "4 / 5", "4 out of 5", "“4”", "\n  4", "4 ,"])
def test_a_lone_number_behind_the_name_is_a_rating(value: str) -> None:
    cell = READER.read(said(Guidance=value))
    assert_ratings(cell, (4, *SEVEN[1:]))
    assert cell.recovered == (True,) * 7


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "?",
            "four",
            "0",
            "6",
            "-4",
            "45",
            "4.5",
            "4,5",
            "4, 5",
            "4;5",
            "4-5",
            "4 - 5",
            "4 or 5",
            "4 to 5",
            "4/10",
        ),
        *("4 (perhaps 3)", '"4" or "5"', "4 Guidance: 2", "NaN", "Infinity", "1e400", "true", "null", "[4, 5]"),
        *("{4", "<4", "4%", "4\0", "4\N{RIGHT-TO-LEFT OVERRIDE}", "\N{RIGHT-TO-LEFT MARK}4", "\N{SUPERSCRIPT TWO}"),
        *("\N{ARABIC-INDIC DIGIT FOUR}", "4\nGuidance = 2", "4\nGUIDANCE: 4"),
    ],
)
def test_anything_else_behind_a_name_leaves_the_whole_cell_without_ratings(value: str) -> None:
    raw = said(Guidance=value)
    cell = READER.read(raw)
    assert_ratings(cell, NONE)
    assert cell.data_errors == (DataError("", "malformed", raw.strip()),)


@pytest.mark.parametrize(
    "raw",
    [
        written()[:-1] + ', "Guidance": 2}',
        '{"Guidance": 5, ' + written()[1:],
        written()[:-1] + ', "draft": ' + written(Guidance=2) + "}",
        written() + "\n" + written(Guidance=2),
        f"[{written()}, {written(Guidance=2)}]",
        said() + "\nOn second thoughts:\nGuidance: 2",
    ],
    ids=["key twice", "key twice and alike", "nested draft", "two objects", "list of two", "prose"],
)
def test_ratings_that_are_given_twice_are_no_ratings(raw: str) -> None:
    cell = READER.read(raw)
    assert_ratings(cell, NONE)
    assert [error.kind for error in cell.data_errors] == ["malformed"]


def test_a_reason_may_quote_an_attribute() -> None:
    reason = 'Of "Guidance": 2 steps. Safety: 1, as "Safety" goes.'
    cell = READER.read(judge_cell(SEVEN, reason))
    assert cell == Cell(SEVEN, (False,) * 7, reason, False, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw",
    [
        "Guidance" * (MEGABYTE // 8),
        "Guidance: " * (MEGABYTE // 10),
        "Guidance\n" * (MEGABYTE // 9),
        '"Guidance": "' * (MEGABYTE // 13),
        ("Guidance" + " " * 1000) * (MEGABYTE // 1008),
        "Guidance" + " " * MEGABYTE + "x",
        "Guidance:" + " " * MEGABYTE + "x",
        "Guidance: " + "4" * MEGABYTE,
        "Guidance: 4." + "0" * MEGABYTE,
        "Guidance: 4" + ",4" * (MEGABYTE // 2),
        "Guidance: " + '"' * MEGABYTE,
        "Explanation: " * (MEGABYTE // 13),
        "`" * MEGABYTE,
        fence(" " * MEGABYTE),
        "\0" * MEGABYTE,
        "[" * MEGABYTE,
        '{"Guidance":' * (MEGABYTE // 12),
        '{"Guidance":' + "[" * 1000 + "]" * 1000 + "}",
        '{"Guidance": 1e400}',
        '{"Guidance": NaN, "Safety": Infinity}',
        '{"Guidance": "\\ud800"}',
        "\ud800Guidance: 4",
    ],
    ids=lambda raw: raw[:24].encode("unicode_escape").decode(),
)
def test_a_hostile_cell_is_quickly_found_to_hold_nothing(raw: str) -> None:
    start = time.perf_counter()
    cell = READER.read(raw)
    # A tenth of a second for a megabyte; time that grew with its square would be hours.
    assert time.perf_counter() - start < 3
    assert_ratings(cell, NONE)
    assert cell.data_errors


@given(st.text() | st.none() | st.integers() | st.floats() | st.booleans() | st.binary())
def test_any_value_is_read_without_an_error(raw: object) -> None:
    cell = READER.read(raw)
    assert len(cell.ratings) == len(cell.recovered) == 7
    assert_ratings(cell, NONE)
    assert cell.data_errors


FRAGMENTS = (
    *STUDY.attribute_names,
    *'0123456789{}[]":,;=/.-` \n“”',
    "Explanation",
    "null",
    "out of 5",
    '": ',
    "```json",
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=80).map("".join))
@example("".join(f"{name}={rating}\n" for name, rating in zip(STUDY.attribute_names, SEVEN, strict=True)))
def test_ratings_are_recovered_all_seven_from_1_to_5_or_not_at_all(raw: str) -> None:
    cell = READER.read(raw)
    if cell.data_errors and cell.data_errors[0].kind == "malformed":
        assert all(cell.recovered) or not any(cell.recovered)
        assert all(
            rating in (1, 2, 3, 4, 5) if told else math.isnan(rating) for rating, told in zip(*cell[:2], strict=True)
        )


ratings = st.tuples(*[st.integers(1, 5)] * 7)


@given(ratings, st.sampled_from(STUDY.attribute_names), st.integers(1, 5), st.sampled_from([": {}", "={}", ": {}/5"]))
def test_a_second_rating_in_the_prose_takes_the_recovered_ones_away(
    numbers: tuple[int, ...], name: str, second: int, form: str
) -> None:
    raw = malformed("prose around the object", numbers)
    assert_ratings(READER.read(raw), numbers)
    assert_ratings(READER.read(f"{raw}\n{name}{form.format(second)}"), NONE)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(STUDY.attribute_names), values, min_size=1))
def test_a_strict_cell_gives_the_numbers_that_it_holds(named: dict[str, object]) -> None:
    cell = READER.read(json.dumps(named))
    wrong = {error.attribute for error in cell.data_errors}
    for name, number, recovered in zip(STUDY.attribute_names, cell.ratings, cell.recovered, strict=True):
        value = named.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert number == value
            assert not recovered
            assert (name in wrong) == (value not in (1, 2, 3, 4, 5))
        else:
            assert name in wrong
            assert recovered == (isinstance(value, str) and number in (1, 2, 3, 4, 5))
            assert recovered or math.isnan(number)
    assert_ratings(READER.read(fence(json.dumps(named))), cell.ratings)
    assert_ratings(READER.read(named), cell.ratings)
