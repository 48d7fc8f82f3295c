"""What is told of a reply without reading it: its words, and whether it is empty, cut off, or tagged."""

import datasets
import numpy as np
import pyarrow as pa
import pytest

from data.remote.progress import Progress
from data.replies.traits import count_words, kinds_of, read_traits, texts

WHOLE = [
    "Take care.",
    "Will you?",
    "Take care!",
    "I wonder…",
    "I wonder...",
    "“Take care.”",
    "(Take care.)",
    "**Take care.**",
    "Take care. 😊",
    "Take care. ❤️ 👍🏽",
    "Take care.\n\n",
    "```Take care.```",
    "保重。",
    "Take care.\x00",
    "[See a doctor.]",
]
CUT_OFF = [
    "Take",
    "Take care,",
    "First:",
    "**Take care**",
    "Take care 😊",
    "<think>Hmm.</think>",
    "1. Rest\n2",
    "and (then",
]


def kinds(text: str) -> set[str]:
    return {kind for kind, of_it in kinds_of(pa.chunked_array([[text]])).items() if of_it[0]}


@pytest.mark.parametrize("text", WHOLE)
def test_a_closing_sign_ends_a_reply_whatever_quotes_marks_or_emoji_follow(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("text", CUT_OFF)
def test_a_reply_without_a_closing_sign_counts_as_cut_off(text: str) -> None:
    assert "cut-off" in kinds(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...", "—", "**", "😊", "\x00"])
def test_a_reply_without_a_letter_or_digit_is_empty_and_not_cut_off(text: str) -> None:
    assert kinds(text) == {"empty"}


@pytest.mark.parametrize(
    "text",
    [
        "<think>Well.</think> Rest.",
        "Well. </think> Rest.",
        "<THINK>\nWell.",
        "<thinking>Well.",
        "<reasoning effort='low'>Well.",
        "< / reasoning >Well.",
        "<thought>Well.",
        "<reflection>Well.",
        "<scratchpad>Well.",
    ],
)
def test_a_tag_of_reasoning_models_is_seen_wherever_it_stands(text: str) -> None:
    assert "tagged" in kinds(text)


@pytest.mark.parametrize(
    "text", ["I think so.", "a < think > b.".replace(" >", ""), "<b>think</b>.", "<thinker>.", "<br>."]
)
def test_other_tags_and_plain_words_are_no_reasoning(text: str) -> None:
    assert kinds(text) == set()


def test_words_are_counted_between_spaces_of_any_kind() -> None:
    column = pa.chunked_array(
        [["one two", " one\n\ntwo\tthree ", "", "  ", "don't — stop", "one\u00a0two", "w" * 100_000]]
    )
    assert count_words(column).tolist() == [2, 3, 0, 0, 3, 2, 1]


def test_a_blank_column_read_as_no_texts_holds_empty_ones() -> None:
    assert texts(pa.chunked_array([pa.nulls(2)])).to_pylist() == ["", ""]
    assert texts(pa.chunked_array([[1, None]])).to_pylist() == ["1", ""]


def test_traits_stand_by_row_and_model_over_several_batches() -> None:
    rows = 2500
    table = datasets.Dataset.from_dict(
        {
            "context": ["two words"] * rows,
            "gpt-4o": ["Yes."] * (rows - 1) + [None],
            "original": ["a b c" if row % 2 else "Done." for row in range(rows)],
        }
    )
    traits = read_traits(table, Progress())
    assert traits.models == ("gpt-4o", "original")
    assert set(traits.message_words) == {2}
    assert traits.words[-2:].tolist() == [[1, 1], [0, 3]]
    assert np.flatnonzero(traits.kinds["empty"][:, 0]).tolist() == [rows - 1]
    assert np.flatnonzero(traits.kinds["cut-off"][:, 1]).tolist() == list(range(1, rows, 2))
    assert not traits.kinds["tagged"].any()
