"""Two texts are told to be one conversation or two, and a text that stands elsewhere is found."""

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contexts import DIFFERENT, SAME_TEXT, compare, is_same_conversation, plain

ROSE = "The rose by the gate has yellow leaves and I wonder how often to water it."
OVEN = "My oven heats unevenly, so one side of the bread is dark before the other is done."


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  The rose,\nby the gate! ", "the rose by the gate"),
        ("THE ROSE BY THE GATE", "the rose by the gate"),
        ("the\N{NO-BREAK SPACE}rose — by “the” gate", "the rose by the gate"),
        ("STRASSE straße", "strasse strasse"),
        ("\N{LATIN SMALL LIGATURE FI}ne", "fine"),
        ("...", ""),
    ],
)
def test_only_words_count(text: str, folded: str) -> None:
    assert plain(text) == folded


@pytest.mark.parametrize(
    "other",
    [
        ROSE,
        ROSE.upper(),
        ROSE.replace(" ", "\n"),
        ROSE.replace("rose", "tulip"),
        ROSE.replace("by the", "bythe"),
        ROSE + " Thank you.",
        " ".join(reversed(ROSE.split())),
    ],
    ids=["equal", "capitals", "line breaks", "another word", "a lost space", "two words more", "another order"],
)
def test_a_small_difference_is_the_same_conversation(other: str) -> None:
    assert is_same_conversation(ROSE, other)
    assert is_same_conversation(other, ROSE)


@pytest.mark.parametrize("other", [OVEN, "", "the the the the the", ROSE[:30], f"{ROSE} {OVEN}"])
def test_another_text_is_another_conversation(other: str) -> None:
    assert not is_same_conversation(ROSE, other)
    assert not is_same_conversation(other, ROSE)


def test_four_words_in_five_are_enough() -> None:
    assert is_same_conversation("a b c d e", "a b c d x")
    assert not is_same_conversation("a b c d", "a b c x")
    assert not is_same_conversation("a a a a", "a b c d")


@given(st.text(), st.text())
def test_neither_side_is_special(one: str, other: str) -> None:
    assert is_same_conversation(one, one)
    assert is_same_conversation(one, other) == is_same_conversation(other, one)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def contexts(**raters: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(number, rater, text) for rater, texts in raters.items() for number, text in enumerate(texts, start=1)],
        columns=["conversation", "rater", "context"],
    )


def differing(frame: pd.DataFrame) -> list[tuple]:
    return list(compare(frame, "human").itertuples(index=False, name=None))


def test_equal_contexts_do_not_differ() -> None:
    found = compare(contexts(human=[ROSE, OVEN], judge=[ROSE, OVEN]), "human")
    assert list(found.columns) == ["conversation", "rater", "error", "stands_at"]
    assert found.empty


def test_each_difference_is_named_with_where_the_text_stands() -> None:
    frame = contexts(
        human=[ROSE, OVEN, "third text here", "fourth text of another kind"],
        one=[ROSE + "!", ROSE, OVEN, "nowhere to be seen"],
        two=[ROSE, OVEN, "third text here", "fourth text of another kind"],
    )
    assert differing(frame) == [
        (1, "one", SAME_TEXT, 0),
        (2, "one", DIFFERENT, 3),
        (3, "one", DIFFERENT, 0),
        (4, "one", DIFFERENT, 0),
    ]


def test_a_text_that_stands_twice_is_found_at_its_first_place() -> None:
    frame = contexts(human=["x", "y", ROSE], judge=[ROSE.upper(), ROSE, OVEN])
    assert (3, "judge", DIFFERENT, 1) in differing(frame)
    assert sorted(differing(frame.iloc[::-1])) == differing(frame)


def test_conversations_that_a_file_lacks_are_no_difference() -> None:
    frame = contexts(human=[ROSE, OVEN], judge=[ROSE])
    assert differing(frame) == []
    assert differing(frame[frame["rater"] == "judge"]) == []
    assert differing(frame.iloc[:0]) == []


def test_long_texts_are_compared_quickly() -> None:
    start = time.perf_counter()
    assert not is_same_conversation("word " * 200_000, "\N{RIGHT-TO-LEFT MARK}" * 1_000_000)
    assert not is_same_conversation("w" * 1_000_000, " " * 1_000_000)
    assert time.perf_counter() - start < 5
