"""MentalBench-100k at full size, made up: 10,000 messages with ten replies each, as CSV and as Parquet from a Hub."""

from collections.abc import Iterator

import numpy as np
import pytest

from analysis.evidence.lengths import lengths_table
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.replies.browsing import Request, browse
from data.replies.searching import search, wanted
from data.replies.texts import Replies, load_replies
from tests.made_replies import (
    CONVERSATIONS,
    HOSTILE,
    HOSTILE_FROM,
    PAIR,
    PAIR_ROWS,
    PHRASE,
    PHRASE_ROWS,
    RARE,
    RARE_ROWS,
    MadeReplies,
    make_replies,
)
from tests.standin_hub import StandinHub

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made() -> MadeReplies:
    return make_replies()


@pytest.fixture(scope="module", params=["csv", "parquet"])
def replies(
    request: pytest.FixtureRequest, made: MadeReplies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replies]:
    """Fetch them as a reader would."""
    content = getattr(made, request.param)()
    with pytest.MonkeyPatch.context() as patch, StandinHub({f"MentalBench-100k.{request.param}": content}) as hub:
        hub.use(patch, tmp_path_factory.mktemp("caches"))
        yield load_replies(Progress())


def rows(replies: Replies, asked: str, column: str) -> list[int]:
    return np.flatnonzero(search(replies.table, wanted(asked), [column])[column]).tolist()


def test_every_text_arrives_as_it_was_written(replies: Replies, made: MadeReplies) -> None:
    assert len(replies.table) == CONVERSATIONS
    assert set(replies.table.column_names) == {"context", *STUDY.system_keys}
    for key in ("context", "gpt-4o", "original"):
        assert [text or "" for text in replies.table.data.column(key).to_pylist()] == made.texts[key]
    assert replies.table[HOSTILE_FROM + 4]["context"] == HOSTILE["control"]


def test_texts_are_as_long_as_those_of_the_study(replies: Replies) -> None:
    assert replies.traits.message_words.mean() == pytest.approx(73, abs=1)
    assert replies.traits.words.mean() == pytest.approx(87, abs=1)


def test_words_are_what_stands_between_spaces(replies: Replies, made: MadeReplies) -> None:
    assert replies.traits.message_words.tolist() == [len(text.split()) for text in made.texts["context"]]
    for place, key in enumerate(replies.traits.models):
        assert replies.traits.words[:, place].tolist() == [len(text.split()) for text in made.texts[key]], key


@pytest.mark.parametrize(("kind", "name"), [("empty", "empty"), ("cut-off", "cut_off"), ("tagged", "tagged")])
def test_data_errors_are_found_where_they_were_put(replies: Replies, made: MadeReplies, kind: str, name: str) -> None:
    of_kind = replies.traits.kinds[kind]
    found = {key: set(np.flatnonzero(of_kind[:, place])) for place, key in enumerate(replies.traits.models)}
    assert found == getattr(made, name)


def test_shares_are_counts_over_all_replies(replies: Replies, made: MadeReplies) -> None:
    table = lengths_table(replies.traits, STUDY.system_keys).set_index("model")
    for key in STUDY.system_keys:
        shares = table.loc[key, ["empty", "cut_off", "tagged"]].tolist()
        assert shares == [len(rows[key]) / CONVERSATIONS for rows in (made.empty, made.cut_off, made.tagged)]
    assert table["n_replies"].tolist() == [CONVERSATIONS] * 10


def test_a_rare_word_is_found_in_every_text_that_holds_it(replies: Replies) -> None:
    assert rows(replies, RARE.upper(), "context") == list(RARE_ROWS)
    assert rows(replies, RARE, "gpt-4o") == list(RARE_ROWS)
    assert rows(replies, RARE, "original") == []


def test_several_words_are_found_in_any_order_and_a_phrase_in_its_own(replies: Replies) -> None:
    assert rows(replies, " ".join(PAIR), "qwen-3-4b") == list(PAIR_ROWS)
    assert rows(replies, f'"{" ".join(PAIR)}"', "qwen-3-4b") == []
    assert rows(replies, f"“{PHRASE}”", "original") == list(PHRASE_ROWS)


@pytest.mark.parametrize("asked", ["ba", "ba ce", "e.", "nowhere"])
def test_search_finds_what_reading_every_text_finds(replies: Replies, made: MadeReplies, asked: str) -> None:
    found = search(replies.table, wanted(asked), ["context", "gemini-2.0-flash"])
    for key, held in found.items():
        assert held.tolist() == [all(word in text.lower() for word in asked.split()) for text in made.texts[key]]


def test_a_conversation_is_listed_once_however_many_texts_match(replies: Replies) -> None:
    found = browse(replies, Request((RARE,), "both", STUDY.system_keys))
    assert found.rows.tolist() == list(RARE_ROWS)
    assert found.in_message[found.rows].all()
    assert {key for key, held in found.in_replies.items() if held.any()} == {"gpt-4o"}


def test_every_tenth_of_the_messages_is_found_by_its_words(replies: Replies, made: MadeReplies) -> None:
    for row in range(3, CONVERSATIONS, 500):
        assert row in replies.rows_of(made.texts["context"][row].upper().replace(" ", "\n"))
