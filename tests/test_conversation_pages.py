"""The page Conversations on a made release: tables, search, one conversation down to its texts, and every way out."""

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis.evidence.conversations import in_order, messages_of
from analysis.outputs.registry import TABLES
from analysis.ratings.settings import Selection, Settings
from analysis.wording import study_text
from data.errors import ReleaseError
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load
from data.study import HUMAN
from pages.components import replies as shelf
from tests.made_release import CONTEXT_SHIFTED, REASON, make_release, write_workbooks
from tests.pages import OF_CONVERSATIONS, OpenPage, charted, said, turned, unfolded

LOAD = "Load the ratings from GitHub"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    write_workbooks(made, make_release())
    return made


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return load(str(folder), Progress())


@pytest.fixture
def open_page(open_page: OpenPage, folder: Path) -> Iterator[OpenPage]:
    """Open the page, cold, with everything kept, on the made release unless told another source."""
    st.cache_resource.clear()
    yield partial(open_page, "conversations", source=folder, preset="paper")
    st.cache_resource.clear()


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.main.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def unfold(app: AppTest, label: str) -> AppTest:
    """Open a fold, as the reader's browser tells it."""
    fold = next(each for each in app.main.expander if each.label.startswith(label))
    app.session_state[fold.proto.id.split("-", 2)[-1]] = True
    return app.run()


def numbers(app: AppTest) -> list[int]:
    return app.main.dataframe[0].value["conversation"].tolist()


def expected(dataset: Dataset, order: str, chosen: Selection | None = None) -> pd.DataFrame:
    return in_order(
        TABLES["conversations"].make(dataset, Settings.of(STUDY, "paper"), chosen or Selection.of(STUDY)), order
    )


@pytest.mark.slow
def test_the_snapshot_holds_none_and_says_how_to_load_them(open_page: OpenPage) -> None:
    app = open_page(source="snapshot")

    assert study_text(STUDY, "shared", "needs-conversations") in [each.value for each in app.main.info]
    assert not app.main.dataframe
    assert LOAD in [button.label for button in app.main.button]
    # How often each rating was given is known all the same.
    assert charted(app)[0]["share"].sum() == pytest.approx(2)


@pytest.mark.slow
def test_the_reader_of_a_session_can_ask_for_the_release(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    from data.remote import github

    asked = []

    def fetch(progress: Progress) -> Path:
        asked.append(progress)
        return folder

    monkeypatch.setattr(github, "fetch_workbooks", fetch)
    app = press(open_page(source="snapshot"), LOAD)
    for _ in range(50):
        if app.main.dataframe:
            break
        app.run()

    assert len(asked) == 1
    assert "GitHub" in app.caption[0].value
    assert len(numbers(app)) == 48
    # They are there for the rest of the session, and for nobody else.
    for page in OF_CONVERSATIONS:
        turned(app, page)
        assert LOAD not in [button.label for button in app.main.button], page
    assert "Bundled snapshot" in open_page(source="snapshot").caption[0].value


@pytest.mark.slow
def test_ratings_that_do_not_come_are_said_where_they_were_asked_for(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    from data.remote import github

    came = iter([ReleaseError("GitHub does not answer"), folder])

    def fetch(progress: Progress) -> Path:
        found = next(came)
        if isinstance(found, ReleaseError):
            raise found
        return found

    monkeypatch.setattr(github, "fetch_workbooks", fetch)
    app = press(open_page(source="snapshot"), LOAD)
    for _ in range(50):
        if app.main.error:
            break
        app.run()
    (said,) = [each.value for each in app.main.error]
    assert said.startswith("GitHub does not answer.")
    assert "Without a network" in said
    assert "Bundled snapshot" in app.caption[0].value

    press(app, "Try again")
    for _ in range(50):
        if app.main.dataframe:
            break
        app.run()
    assert len(numbers(app)) == 48
    assert not app.main.error


@pytest.mark.slow
def test_all_conversations_are_there_by_their_disagreement(open_page: OpenPage, dataset: Dataset) -> None:
    table = expected(dataset, "disagreement")

    app = open_page()

    shown = app.main.dataframe[0].value
    for column in ("conversation", "disagreement", "n_reassured", "judges_apart"):
        assert shown[column].tolist() == pytest.approx(table[column].tolist()), column
    assert "All 48 conversations are on screen." in said(app)
    assert f"furthest apart in conversation {table['conversation'][0]}" in said(app)
    assert not app.main.text


@pytest.mark.slow
@pytest.mark.parametrize("order", ["reassured", "judges", "number"])
def test_the_order_is_the_one_in_the_address(open_page: OpenPage, dataset: Dataset, order: str) -> None:
    assert numbers(open_page(sort=order)) == expected(dataset, order)["conversation"].tolist()


@pytest.mark.slow
def test_picks_narrow_the_figures_to_what_a_cell_rests_on(open_page: OpenPage, dataset: Dataset) -> None:
    chosen = Selection(("gpt-4o",), ("qwen-3-4b",), ("Safety",))
    table = expected(dataset, "disagreement", chosen)

    app = open_page(cell_judge="gpt-4o", cell_attribute="Safety", cell_model="qwen-3-4b")

    assert numbers(app) == table["conversation"].tolist()
    assert app.main.dataframe[0].value["disagreement"].tolist() == pytest.approx(table["disagreement"].tolist())
    assert set(table["n_pairs"]) == {1}


@pytest.mark.slow
def test_picks_and_filters_that_are_not_known_are_said(open_page: OpenPage) -> None:
    app = open_page(cell_judge="nobody", kind="odd", judge="gpt-4o")
    warnings = "\n".join(each.value for each in app.warning)
    assert "cell_judge “nobody”, which is not known; All on screen is shown" in warnings
    assert "kind “odd”, which is not known; any is shown" in warnings
    assert len(numbers(app)) == 48


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"kind": "another"}, {25, 30}),
        ({"kind": "small-difference"}, {20}),
        ({"reasons": "none"}, set()),
    ],
)
def test_filters_of_the_address_narrow_the_table(open_page: OpenPage, filters: dict[str, str], kept: set[int]) -> None:
    app = open_page(**filters)
    if kept:
        assert set(numbers(app)) == kept
        assert f"{len(kept)} of 48 conversations" in said(app)
    else:
        assert "None of 48 conversations fits." in said(app)
        assert not app.main.dataframe


@pytest.mark.slow
def test_the_least_disagreement_narrows_the_table(open_page: OpenPage, dataset: Dataset) -> None:
    table = expected(dataset, "disagreement")
    assert numbers(open_page(least="0.75")) == table.query("disagreement >= 0.75")["conversation"].tolist()


@pytest.mark.slow
def test_words_find_messages_and_stand_in_no_address(open_page: OpenPage, dataset: Dataset) -> None:
    assert dataset.ratings is not None
    messages = dataset.ratings.contexts
    with_garden = set(messages.loc[messages["context"].str.contains("garden", case=False), "conversation"])
    app = open_page(sort="number")

    app.main.text_input[0].set_value("GARDEN").run()

    assert set(numbers(app)) == with_garden
    assert 0 < len(with_garden) < 48
    assert "garden" not in str(dict(app.query_params)).lower()
    links = [link.proto.query_string for link in app.get("page_link")]
    assert not any("garden" in link.lower() for link in links)
    shared = [each.value for each in unfolded(app, "share").get("code")]
    assert shared
    assert "garden" not in "\n".join(shared).lower()

    turned(turned(app, "methods/about"), "conversations")
    assert app.main.text_input[0].value == "GARDEN"
    assert set(numbers(app)) == with_garden


@pytest.mark.slow
def test_reasons_are_searched_when_asked_for(open_page: OpenPage) -> None:
    words = f'"{REASON[:25].upper()}"'
    app = open_page(sort="number")
    app.main.text_input[0].set_value(words).run()
    assert "None of 48 conversations fits." in said(app)

    app.main.selectbox(key="within").set_value("reasons").run()
    assert len(numbers(app)) == 48
    assert app.query_params["within"] in ("reasons", ["reasons"])


@pytest.mark.slow
def test_messages_stand_in_the_table_only_when_asked_for(open_page: OpenPage, dataset: Dataset) -> None:
    assert dataset.ratings is not None
    app = open_page(sort="number")
    assert "beginning" not in app.main.dataframe[0].value

    app.main.toggle[0].set_value(True).run()
    shown = app.main.dataframe[0].value.set_index("conversation")["beginning"]
    assert shown[1] == messages_of(dataset.ratings)[1]


def exported(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The table's download, as it is made when the button is pressed."""
    from pages.components import tables

    made: list[str] = []
    original = tables.csv
    monkeypatch.setattr(
        tables.st, "download_button", lambda *_, data, key, **__: key == "csv conversations" and made.append(data())
    )
    app.run()
    assert tables.csv is original
    return made[0]


@pytest.mark.slow
def test_the_download_is_traced_and_holds_messages_only_when_asked_for(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, dataset: Dataset
) -> None:
    assert dataset.ratings is not None
    app = open_page(sort="number", cell_judge="gpt-4o")
    without = exported(app, monkeypatch)
    assert "# Judges: GPT-4o\n" in without
    assert "# MentalBench Explorer: Conversations: 48 of 48, order: number\n" in without
    assert "Number 1:" not in without

    app.main.checkbox[0].set_value(True).run()
    table = pd.read_csv(io.StringIO(exported(app, monkeypatch)), comment="#")
    assert table["message"].tolist() == messages_of(dataset.ratings)[table["conversation"]].tolist()

    app.main.text_input[0].set_value("garden").run()
    searched = exported(app, monkeypatch)
    assert "found by words that are not written here" in searched
    assert "garden" not in searched.split("\nconversation,")[0].lower()


def test_a_message_is_no_formula_in_a_spreadsheet() -> None:
    from pages.components.conversations import _for_a_spreadsheet

    assert _for_a_spreadsheet("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _for_a_spreadsheet("a=1") == "a=1"


def test_a_conversation_opens_by_its_number_and_leads_on_and_back(open_page: OpenPage, dataset: Dataset) -> None:
    order = expected(dataset, "judges")["conversation"].tolist()
    app = open_page(sort="judges")
    app.main.selectbox(key="conversation picked").set_value(order[1]).run()
    assert app.main.header[0].value == f"Conversation {order[1]}"
    assert "2 of 48 in the order of the table." in said(app)

    press(app, "Next")
    assert app.main.header[0].value == f"Conversation {order[2]}"
    press(press(app, "Previous"), "Previous")
    assert app.main.header[0].value == f"Conversation {order[0]}"
    assert next(button for button in app.main.button if button.label == "Previous").disabled

    press(app, "Back to the table")
    assert "conversation" not in app.query_params
    assert app.query_params["sort"] in ("judges", ["judges"])
    assert numbers(app) == order


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["999", "0", "-1", "1e3", "<b>x</b>", "٣", "9" * 60])
def test_a_conversation_that_is_not_there_is_a_sentence(open_page: OpenPage, asked: str) -> None:
    app = open_page(conversation=asked)
    assert f"The link asks for conversation “{asked[:40]}”, which is not there" in said(app)
    assert "Known are 48, from 1 to 48." in said(app)
    assert len(numbers(app)) == 48


@pytest.mark.slow
def test_texts_are_sent_when_their_fold_is_opened_and_not_before(open_page: OpenPage, dataset: Dataset) -> None:
    assert dataset.ratings is not None
    app = open_page(conversation="1")
    assert not app.main.text

    unfold(app, "The message")
    assert [each.value for each in app.main.text] == [messages_of(dataset.ratings)[1]]

    unfold(app, "Qwen-3-4B: 4 reasons")
    assert [each.value for each in app.main.text][1:] == [REASON] * 4
    assert "**GPT-4o on Qwen-3-4B**" in said(app)

    press(app, "Next")
    assert not app.main.text


@pytest.mark.slow
def test_each_wording_of_a_message_names_its_files(open_page: OpenPage) -> None:
    app = open_page(conversation=str(CONTEXT_SHIFTED))
    labels = [each.label for each in app.main.expander]
    assert "The message in the files of: Human experts" in labels
    assert "The message in the files of: Claude-3.7-Sonnet, GPT-4o, Gemini-2.5-Flash, o4-mini" in labels
    assert "The files differ in this message." in said(app)


@pytest.mark.slow
def test_a_conversation_that_the_settings_leave_out_is_shown_and_said_to_be(open_page: OpenPage) -> None:
    app = open_page(conversation=str(CONTEXT_SHIFTED), preset="recommended")
    assert "so the settings leave it out" in said(app)
    assert "The filters leave this conversation out of the table." in said(app)
    assert len(app.main.table) == 7


@pytest.mark.slow
def test_ratings_stand_in_a_table_for_each_attribute(open_page: OpenPage) -> None:
    made = make_release()
    app = open_page(conversation="2", cell_attribute="Safety")

    (table,) = [each.value for each in app.main.table]
    assert table["Human experts"].tolist() == [f"{rating:g}" for rating in made.ratings[HUMAN][1, :, 3]]
    assert list(table.columns) == ["Human experts", "Claude-3.7-Sonnet", "GPT-4o", "Gemini-2.5-Flash", "o4-mini"]
    assert table.loc["GPT-4o", "GPT-4o"].endswith("left out")


@pytest.mark.slow
def test_data_errors_are_told_with_their_raw_values(open_page: OpenPage) -> None:
    app = open_page(conversation="13")
    unfold(app, "Data errors in these ratings: 1")
    assert "Human experts on GPT-4o, Guidance: off the scale." in app.main.text[0].value
    assert "The file holds: 6" in app.main.text[0].value


class Shelf:
    """Replies to conversation 1 alone, as ``Replies`` gives them."""

    def __init__(self, context: str) -> None:
        self.context = context
        self.table = [{"context": context, **{key: f"reply by {key}" for key in STUDY.system_keys}}]

    def find(self, context: str) -> int | None:
        return 0 if context == self.context else None


@pytest.mark.slow
def test_replies_stand_beside_the_reasons_when_they_are_at_hand(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, dataset: Dataset
) -> None:
    assert dataset.ratings is not None
    from pages.components import conversation

    monkeypatch.setattr(conversation, "at_hand", lambda: Shelf(messages_of(dataset.ratings)[1]))
    app = open_page(conversation="1")
    unfold(app, "Qwen-3-4B: the reply and 4 reasons")
    assert app.main.text[0].value == "reply by qwen-3-4b"

    press(app, "Next")
    missing = open_page(conversation="2")
    assert "No message of MentalBench-100k has the same words" in said(missing)


@pytest.mark.slow
def test_replies_that_are_not_at_hand_are_offered(open_page: OpenPage) -> None:
    assert shelf.at_hand() is None
    app = open_page(conversation="1")
    assert "The replies are not in the rating files." in said(app)
    assert "Fetch the replies" in [button.label for button in app.main.button]
    assert [each.label for each in app.main.expander].count("Before you read messages") == 1
