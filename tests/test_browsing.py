"""Which conversations are listed: by words, length and kind of reply, by model, and one after the other."""

import datasets
import numpy as np
import pytest

from data.remote.progress import Progress
from data.replies.browsing import Found, Request, browse
from data.replies.searching import search, wanted
from data.replies.texts import Replies
from data.replies.traits import read_traits

TABLE = datasets.Dataset.from_dict(
    {
        "context": ["I feel low", "My dog died", "I cannot sleep", "I feel LOW again"],
        "gpt-4o": ["I am sorry you feel low.", "Rest, and walk", "", "Low? Rest."],
        "original": ["Rest.", "I am so sorry to hear that.", "<think>Low mood</think> Rest.", "Walk."],
    }
)
BOTH = ("gpt-4o", "original")


@pytest.fixture(scope="module")
def replies() -> Replies:
    return Replies(
        TABLE, "made.csv", "0" * 64, "0" * 40, "", np.zeros(4, dtype=np.uint64), read_traits(TABLE, Progress())
    )


def listed(replies: Replies, asked: str, **request: object) -> list[int]:
    return browse(replies, Request(wanted(asked), **{"place": "both", "models": BOTH, **request})).rows.tolist()


@pytest.mark.parametrize(
    ("asked", "pieces"),
    [
        ("low rest", ("low", "rest")),
        ('"feel low" rest', ("feel low", "rest")),
        ("“feel low”", ("feel low",)),
        ('"feel low', ("feel", "low")),
        ("low low", ("low",)),
        ('  "" " " ', ()),
        ("[.*", ("[.*",)),
        ("a.b* (c", ("a.b*", "(c")),
    ],
)
def test_what_is_asked_for_is_taken_apart(asked: str, pieces: tuple[str, ...]) -> None:
    assert wanted(asked) == pieces


def test_all_words_must_stand_in_the_same_text() -> None:
    found = search(TABLE, ("low", "rest"), ["context", *BOTH])
    assert {name: np.flatnonzero(held).tolist() for name, held in found.items()} == {
        "context": [],
        "gpt-4o": [3],
        "original": [2],
    }


def test_signs_are_taken_as_they_stand() -> None:
    assert search(TABLE, (".",), ["gpt-4o"])["gpt-4o"].tolist() == [True, False, False, True]
    assert not search(TABLE, ("[.*",), ["gpt-4o"])["gpt-4o"].any()


def test_nothing_asked_for_is_in_every_text_and_nowhere_to_look_finds_nothing() -> None:
    assert search(TABLE, (), ["context"])["context"].all()
    assert search(TABLE, ("low",), []) == {}


def test_words_are_looked_for_in_messages_in_replies_or_in_both(replies: Replies) -> None:
    assert listed(replies, "low", place="messages") == [0, 3]
    assert listed(replies, "low", place="replies") == [0, 2, 3]
    assert listed(replies, "low sorry") == [0]
    assert listed(replies, "sleep") == [2]


def test_only_the_chosen_models_replies_count(replies: Replies) -> None:
    assert listed(replies, "sorry", models=("gpt-4o",)) == [0]
    assert listed(replies, "sorry", models=("original",)) == [1]
    assert listed(replies, "", models=()) == []
    assert listed(replies, "sorry", models=("gpt-4o", "qwen-3-4b")) == [0]


def test_lengths_hold_at_both_ends(replies: Replies) -> None:
    assert listed(replies, "", shortest=6) == [0, 1]
    assert listed(replies, "", shortest=7) == [1]
    assert listed(replies, "", models=("gpt-4o",), longest=2) == [2, 3]
    assert listed(replies, "", models=("gpt-4o",), shortest=2, longest=3) == [1, 3]


def test_a_kind_of_reply_narrows_the_list_and_the_search(replies: Replies) -> None:
    assert listed(replies, "", kind="empty") == [2]
    assert listed(replies, "", kind="cut-off") == [1]
    assert listed(replies, "", kind="tagged") == [2]
    assert listed(replies, "died", kind="cut-off") == [1]
    assert listed(replies, "low", kind="cut-off") == []


def test_rows_can_be_told(replies: Replies) -> None:
    assert listed(replies, "", rows=(1, 3)) == [1, 3]
    assert listed(replies, "low", rows=(1, 3)) == [3]


def test_a_list_is_gone_through_in_parts_and_one_by_one() -> None:
    found = Found(np.array([2, 5, 9]), np.zeros(12, dtype=bool), {})
    assert [found.part(number, 2) for number in (1, 2, 3)] == [[2, 5], [9], []]
    assert found.beside(5) == (2, 9)
    assert found.beside(2) == (None, 5)
    assert found.beside(7) == (5, 9)
    assert found.beside(11) == (9, None)
