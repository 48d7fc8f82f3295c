"""MentalBench-100k on its page: what it holds by model, a list by words and filters, one row with its ratings."""

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis.evidence.conversation import wide_ratings
from analysis.evidence.lengths import lengths_table
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.released.reading import read_release
from data.remote.progress import Progress
from data.replies.texts import load_replies
from data.sources import load_snapshot
from data.study import HUMAN
from pages.components.filters import Filters
from pages.components.tables import csv
from pages.components.view import RepliesView, View
from tests.made_release import make_release, write_workbooks
from tests.made_replies import PAIR, RARE, MadeReplies, make_replies
from tests.pages import OpenPage, said
from tests.standin_hub import StandinHub

CONVERSATIONS, RATED = 120, 48
FIRST_RATED = 60
HERE = {"tab": "mentalbench_100k"}


@pytest.fixture(scope="module")
def texts() -> MadeReplies:
    """Make a small library in which the rated messages stand from row 61, with other signs between their words."""
    made = make_replies(CONVERSATIONS)
    for place, context in enumerate(make_release(contexts_differ=False).contexts[HUMAN]):
        made.texts["context"][FIRST_RATED + place] = context.upper().replace(" ", "\n")
    return made


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, make_release(contexts_differ=False))
    return folder


@pytest.fixture(scope="module")
def hub(texts: MadeReplies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandinHub]:
    content = {"MentalBench-100k.parquet": texts.parquet()}
    with pytest.MonkeyPatch.context() as patch, StandinHub(content) as standin:
        standin.use(patch, tmp_path_factory.mktemp("caches"))
        yield standin


@pytest.fixture
def open_page(open_page: OpenPage, hub: StandinHub) -> Iterator[OpenPage]:
    """Open the page, cold, and fetch the replies unless told not to."""

    def go(*, fetch: bool = True, **filters: object) -> AppTest:
        app = open_page("conversations/mentalbench_100k", **filters)
        if fetch and (offers := [button for button in app.button if button.label == "Fetch the replies"]):
            offers[0].click().run()
            until = time.monotonic() + 30
            while any(button.label == "Stop loading" for button in app.button) and time.monotonic() < until:
                time.sleep(0.1)
                app.run()
        assert not app.exception, app.exception
        return app

    for cache in (st.cache_resource, st.cache_data):
        cache.clear()
    yield go
    for cache in (st.cache_resource, st.cache_data):
        cache.clear()


def listed_rows(app: AppTest) -> list[str]:
    """Labels of the buttons in the list."""
    return [button.label for button in app.main.button if button.label.startswith("Row ")]


def marks(app: AppTest) -> list[str]:
    """What is said beside each button of the list."""
    return [caption.value for caption in app.main.caption if caption.value.startswith("message of ")]


def look_for(app: AppTest, words: str) -> AppTest:
    return app.text_input(key="reply words").set_value(words).run()


def show_texts(app: AppTest) -> AppTest:
    return app.toggle(key="texts shown").set_value(True).run()


@pytest.mark.slow
def test_without_the_replies_the_page_says_what_it_will_show_and_offers_them(open_page: OpenPage) -> None:
    app = open_page(fetch=False)
    assert "You can search them, and read two side by side" in " ".join(said(app).split())
    assert [button.label for button in app.main.button if "Fetch" in button.label] == ["Fetch the replies"]
    assert "Before you read messages" in [each.label for each in app.expander]


@pytest.mark.slow
def test_lengths_and_shares_are_those_of_the_texts(open_page: OpenPage, texts: MadeReplies, hub: StandinHub) -> None:
    app = open_page()
    table = app.dataframe[0].value.set_index("model")
    assert table["n_replies"].tolist() == [CONVERSATIONS] * 10
    for name in ("empty", "cut_off", "tagged"):
        expected = [100 * len(getattr(texts, name)[key]) / CONVERSATIONS for key in STUDY.system_keys]
        assert table[name].tolist() == pytest.approx(expected)
    shares = lengths_table(load_replies(Progress()).traits, STUDY.system_keys)
    assert table["cut_off_interval"].tolist() == [
        f"{low:.2%} to {high:.2%}" for low, high in zip(shares["cut_off_low"], shares["cut_off_high"], strict=True)
    ]
    longest = shares.loc[shares["words_median"].idxmax()]
    (chart,) = app.get("vega_lite_chart")
    assert f"half of them have at least {longest['words_median']:.0f} words" in said(app)
    assert json.loads(chart.proto.spec)["layer"]
    assert "Replies: Hugging Face abadawi/MentalBench-Align, file MentalBench-100k.parquet" in said(app)


@pytest.mark.slow
def test_only_the_chosen_models_are_described(open_page: OpenPage) -> None:
    table = open_page(model=["gpt-4o", "original"]).dataframe[0].value
    assert table["model"].tolist() == ["GPT-4o", "Original reply"]


@pytest.mark.slow
def test_conversations_are_listed_by_number_a_page_at_a_time(open_page: OpenPage, texts: MadeReplies) -> None:
    app = open_page()
    assert listed_rows(app) == [f"Row {row}" for row in range(1, 21)]
    assert marks(app) == [f"message of {len(texts.texts['context'][row].split())} words" for row in range(20)]
    assert listed_rows(open_page(reply_page="6"))[-1] == "Row 120"
    assert "120 of 120 conversations, on this page 101 to 120" in said(open_page(reply_page="6"))


@pytest.mark.slow
def test_a_word_is_found_and_the_text_that_holds_it_named(open_page: OpenPage) -> None:
    app = look_for(open_page(), RARE.upper())
    assert [said.partition("words, ")[2] for said in marks(app)] == ["found in the message and GPT-4o"]
    assert listed_rows(app) == ["Row 18"]
    assert listed_rows(look_for(app, " ".join(PAIR)))[0] == "Row 41"
    assert "No conversation on screen is so." in said(look_for(app, "nowhere"))


@pytest.mark.slow
def test_words_never_get_into_the_address(open_page: OpenPage) -> None:
    app = look_for(open_page(reply_kind="cut-off"), RARE)
    app.selectbox(key="reply_from").set_value("25").run()
    assert dict(app.query_params) == {**HERE, "reply_kind": "cut-off", "reply_from": "25"}
    assert RARE not in str([link.proto for link in app.get("page_link")])


@pytest.mark.slow
def test_a_new_search_begins_at_the_first_page_with_nothing_opened(open_page: OpenPage) -> None:
    app = look_for(open_page(reply_page="4"), "a")
    assert "reply_page" not in app.query_params
    assert "row" not in look_for(open_page(row="5"), "a").query_params


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [("empty", "empty"), ("cut-off", "cut_off"), ("tagged", "tagged")])
def test_a_kind_of_reply_by_a_chosen_model_narrows_the_list(
    open_page: OpenPage, texts: MadeReplies, kind: str, name: str
) -> None:
    listed = listed_rows(open_page(reply_kind=kind, model="original"))
    rows = sorted(getattr(texts, name)["original"])
    assert listed == [f"Row {row + 1}" for row in rows]


@pytest.mark.slow
def test_one_conversation_is_opened_by_its_row_with_its_texts_closed(open_page: OpenPage, texts: MadeReplies) -> None:
    app = open_page(row="18", left="qwen-3-4b", right="original")
    assert "Row 18 of 120" in said(app)
    for key in ("context", "qwen-3-4b", "original"):
        assert texts.texts[key][17] not in said(app)
    app = show_texts(app)
    shown = [each.value for each in app.main.get("text")]
    assert shown == [texts.texts[key][17] for key in ("context", "qwen-3-4b", "original")]
    assert f"**Qwen-3-4B**  \n{len(texts.texts['qwen-3-4b'][17].split())} words" in said(app)


@pytest.mark.slow
def test_a_reply_that_is_cut_off_is_said_to_be(open_page: OpenPage) -> None:
    assert "cut off (no closing sign)" in said(open_page(row="102", left="claude-3.5-haiku"))
    assert "cut off" not in said(open_page(row="103", left="claude-3.5-haiku", right="gpt-4o"))


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.main.button if button.label == label).click().run()


@pytest.mark.slow
def test_previous_and_next_stay_among_what_was_found_and_keep_the_filters(
    open_page: OpenPage, texts: MadeReplies
) -> None:
    assert sorted(texts.tagged["original"]) == [103]
    app = open_page(row="40", reply_kind="tagged", model="original")
    assert [button.label for button in app.main.button if button.disabled] == ["Previous"]
    app = press(app, "Next")
    assert "Row 104 of 120" in said(app)
    assert dict(app.query_params) == {**HERE, "row": "104", "reply_kind": "tagged", "model": "original"}
    assert [button.label for button in app.main.button if button.disabled] == ["Previous", "Next"]
    app = press(app, "Back to the list")
    assert dict(app.query_params) == {**HERE, "reply_kind": "tagged", "model": "original"}
    assert "Row 104 of 120" in said(press(app, "Row 104"))


@pytest.mark.slow
@pytest.mark.parametrize("row", ["0", "121", "-1", "x", "9" * 5000, "1.5", "٣"])
def test_a_row_that_does_not_exist_is_said(open_page: OpenPage, row: str) -> None:
    app = open_page(row=row)
    assert "which is not known; none is shown. Known are: whole numbers from 1 to 120." in said(app)
    assert len(listed_rows(app)) == 20


@pytest.mark.slow
def test_ratings_stand_with_a_message_that_was_rated(open_page: OpenPage, release: Path) -> None:
    app = open_page(source=release, row=str(FIRST_RATED + 3), left="gpt-4o", right="gemini-2.0-flash")
    table = app.dataframe[0].value
    expected = wide_ratings(
        read_release(release, STUDY), 3, Settings.of(STUDY, "paper"), ("gpt-4o", "gemini-2.0-flash")
    )
    assert table["model"].tolist() == ["GPT-4o"] * 5 + ["Gemini-2.0-Flash"] * 5
    assert table["rater"].tolist()[:2] == ["Human experts", "Claude-3.7-Sonnet"]
    for name in ("Safety", "Empathy"):
        assert table[name].tolist() == pytest.approx(expected[name].tolist(), nan_ok=True)
    assert expected["Safety"].notna().any()


@pytest.mark.slow
def test_rated_conversations_can_be_listed_alone(open_page: OpenPage, release: Path) -> None:
    app = open_page(source=release, reply_rated="rated")
    assert f"{RATED} of 120 conversations" in said(app)
    assert all(said.endswith(", rated") for said in marks(app))
    assert listed_rows(app)[0] == f"Row {FIRST_RATED + 1}"


@pytest.mark.slow
def test_a_message_that_was_not_rated_is_said_to_be_so(open_page: OpenPage, release: Path) -> None:
    assert f"This message is not among the {RATED} that were rated." in said(open_page(source=release, row="2"))


@pytest.mark.slow
def test_without_single_conversations_the_page_offers_them(open_page: OpenPage) -> None:
    assert "Load the ratings from GitHub" in [button.label for button in open_page(row="2").main.button]


def test_an_export_names_the_file_of_the_replies_and_not_that_of_the_ratings(
    open_page: OpenPage, hub: StandinHub
) -> None:
    seen = View(load_snapshot(), Settings.of(STUDY, "paper"), Selection.of(STUDY), Filters())
    replies = load_replies(Progress())
    table = lengths_table(replies.traits, ["gpt-4o"])
    about = csv(table, RepliesView.over(seen, replies), "Lengths").splitlines()
    assert about[1] == (
        f"# Source: Hugging Face abadawi/MentalBench-Align, file MentalBench-100k.parquet, revision {hub.revision}; "
        f"{CONVERSATIONS} conversations"
    )
    (content,) = hub.files.values()
    assert about[2] == f"# File: MentalBench-100k.parquet; sha256 {hashlib.sha256(content).hexdigest()}"
    assert not any("snapshot" in line or "Judges" in line for line in about)
    assert any(line.startswith("# Models: ") for line in about)
