"""Conversations as a visitor meets them: cold links, the way through a table, words kept private, hostile text."""

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from data.mentalalign import REPLIES_COLUMN, STUDY
from pages.components.plain_text import CUT, visible
from tests.browser import HEADINGS, NewVisitor, Server, Visitor, Windows
from tests.made_release import Made, judge_cell, make_release, write_separate
from tests.standin_hub import StandinHub

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 2\"><svg onload='window.ran = 3'></svg>\n"
    "[a link](https://example.org) ![a picture](https://example.org/a.png) <https://example.org> https://example.org\n"
    "# heading **bold** `code` $x^2$ $$y$$ :material/home: :red[red] :red-badge[badge] <b>bold</b> &lt;\n"
    "invoice\u202efdp.exe\u202c \u200b\u2066 NUL\x00 \x1b[31m \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"
)
HUGE = "w" * 1_000_000
ATTACKED, ENDLESS = 1, 2
TITLE = "Conversations: 40 of 40, order: number"


@pytest.fixture(scope="module")
def made() -> Made:
    """A release with hostile text in the first conversation, and a word without end in the second."""
    made = make_release(40, data_errors=False, contexts_differ=False)
    for texts in made.contexts.values():
        texts[ATTACKED - 1], texts[ENDLESS - 1] = HOSTILE, HUGE
    made.cells["gpt-4o"]["qwen-3-4b"][ATTACKED - 1] = judge_cell([3] * 7, HOSTILE)
    made.cells["gpt-4o"]["qwen-3-4b"][ENDLESS - 1] = judge_cell([3] * 7, HUGE)
    return made


@pytest.fixture(scope="module")
def server(windows: Windows, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on that release, beside a Hub whose replies to both messages are as hostile."""
    place = tmp_path_factory.mktemp("server")
    write_separate(place / "release", made, form="parquet")
    replies = {column: [HOSTILE, HUGE] for column in REPLIES_COLUMN.values()}
    table = pd.DataFrame({"context": [HOSTILE, HUGE], **replies})
    content = io.BytesIO()
    table.to_parquet(content)
    environment = {"HF_HOME": str(place / "hf"), "XDG_CACHE_HOME": str(place / "xdg")}
    with StandinHub({"MentalBench-100k.parquet": content.getvalue()}) as hub:
        environment |= {"MENTALBENCH_SOURCE": str(place / "release"), "HF_ENDPOINT": hub.url}
        with Server(place / "log", **environment) as started:
            yield started


def conversation(visitor: Visitor) -> Locator:
    return visitor.main.get_by_role("heading", level=2, name="Conversation ")


def press(visitor: Visitor, label: str) -> None:
    visitor.main.get_by_role("button", name=label, exact=True).click()
    visitor.settle()


def texts(visitor: Visitor) -> Locator:
    return visitor.main.get_by_test_id("stText")


def test_a_cold_link_opens_one_conversation_and_the_buttons_lead_on_and_back(visitor: Visitor) -> None:
    visitor.go("/conversations?conversation=3&sort=number&judge=gpt-4o&judge=o4-mini&cell_attribute=Safety")
    expect(visitor.heading).to_have_text(HEADINGS["/conversations"])
    expect(conversation(visitor)).to_have_text("Conversation 3")
    expect(visitor.main.get_by_role("table")).to_have_count(1)
    headings = visitor.main.get_by_role("table").get_by_role("columnheader").all_inner_texts()
    assert headings == ["Model", "Human experts", "GPT-4o", "o4-mini"]

    press(visitor, "Next")
    expect(conversation(visitor)).to_have_text("Conversation 4")
    for number in (3, 2):
        press(visitor, "Previous")
        expect(conversation(visitor)).to_have_text(f"Conversation {number}")
    visitor.page.go_back()
    expect(conversation(visitor)).to_have_text("Conversation 3")
    visitor.settle()

    press(visitor, "Back to the table")
    expect(conversation(visitor)).to_have_count(0)
    assert visitor.filters() == {"sort": ["number"], "judge": ["gpt-4o", "o4-mini"], "cell_attribute": ["Safety"]}
    assert visitor.numbers(TITLE, "Conversation")[:4] == [1, 2, 3, 4]


def test_a_ticked_row_opens_its_conversation(visitor: Visitor) -> None:
    visitor.go("/conversations?sort=number")
    table = visitor.table(TITLE)
    box = visitor.box(table)
    # The grid is drawn on a canvas: the box of the third row stands at its left end.
    visitor.page.mouse.click(box["x"] + 18, box["y"] + 35 * 3 + 17)
    expect(conversation(visitor)).to_have_text("Conversation 3")
    visitor.settle()
    assert visitor.filters() == {"sort": ["number"], "conversation": ["3"]}

    press(visitor, "Back to the table")
    visitor.table(TITLE)
    expect(conversation(visitor)).to_have_count(0)


def test_a_conversation_is_opened_by_its_number_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.go("/conversations?sort=number")
    visitor.choose("Open a conversation", "17")
    expect(conversation(visitor)).to_have_text("Conversation 17")
    visitor.settle()


def test_words_that_are_searched_for_stay_out_of_every_address(visitor: Visitor, made: Made) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    word = made.contexts["human"][9].split()[-1]
    found = [number for number, text in enumerate(made.contexts["human"], 1) if word in text]
    visitor.go("/conversations?sort=number")

    visitor.main.get_by_role("textbox", name="Search").fill(word)
    visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_text(f"{len(found)} of 40 conversations")).to_be_visible()
    visitor.settle()
    title = f"Conversations: {len(found)} of 40, order: number, found by words that are not written here"
    visitor.wait_for(lambda: visitor.numbers(title, "Conversation"), found)

    visitor.choose("Open a conversation", str(found[0]))
    expect(conversation(visitor)).to_have_text(f"Conversation {found[0]}")
    press(visitor, "Next")
    expect(conversation(visitor)).to_have_text(f"Conversation {found[1]}")
    assert visitor.filters() == {"sort": ["number"], "conversation": [str(found[1])]}
    assert not any(word in address for address in [*asked, visitor.page.url])
    assert word not in visitor.server.said


def test_hostile_text_is_nothing_but_characters(visitor: Visitor) -> None:
    visitor.go(f"/conversations?conversation={ATTACKED}&sort=number")
    pictures, links = visitor.main.locator("img").count(), visitor.main.locator("a").count()
    fetch = visitor.main.get_by_role("button", name="Fetch the replies")
    if fetch.is_visible():
        fetch.click()
    title = "Qwen-3-4B: the reply and 4 reasons"
    expect(visitor.main.get_by_test_id("stExpander").filter(has_text=title)).to_be_visible()
    visitor.settle()
    expect(texts(visitor)).to_have_count(0)

    visitor.unfold("The message")
    expect(texts(visitor)).to_have_count(1)
    visitor.unfold(title)
    expect(texts(visitor)).to_have_count(6)
    shown = texts(visitor).evaluate_all("all => all.map(each => each.textContent)")
    # The message, the reply, and GPT-4o's reason, the second of four judges'.
    assert [shown[0], shown[1], shown[3]] == [visible(HOSTILE)] * 3
    assert texts(visitor).locator("script, img, svg, a, b, strong, code, h1, .katex").count() == 0
    assert visitor.main.locator("img").count() == pictures
    assert visitor.main.locator("a").count() == links
    assert visitor.page.evaluate("window.ran") is None

    press(visitor, "Back to the table")
    visitor.main.get_by_text("Show how each message begins").click()
    visitor.settle()
    visitor.scroll_to(TITLE, "Message begins")
    begins = visitor.column(TITLE, "Message begins")
    assert begins[0] == visible(HOSTILE[:200])
    assert visitor.page.evaluate("window.ran") is None


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_without_end_is_cut_and_wrapped(new_visitor: NewVisitor, width: int) -> None:
    visitor = new_visitor(width=width)
    visitor.go(f"/conversations?conversation={ENDLESS}&sort=number")
    visitor.unfold("The message")
    expect(texts(visitor)).to_have_text("w" * CUT)
    expect(visitor.main.get_by_text("The first 5,000 of 1,000,000 characters are shown.")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width

    press(visitor, f"Show the rest of message 1 of conversation {ENDLESS}")
    expect(visitor.main.get_by_text("The first 5,000 of")).to_have_count(0)
    assert texts(visitor).evaluate("each => each.textContent.length") == len(HUGE)
    assert texts(visitor).evaluate("each => each.scrollWidth <= each.clientWidth")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_ratings_by_all_judges_stand_beside_each_other_on_a_telephone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390)
    visitor.go("/conversations?conversation=3")
    tables = visitor.main.get_by_role("table").all()
    assert len(tables) == len(STUDY.attribute_names)
    for table in tables:
        assert len(table.get_by_role("columnheader").all()) == 2 + len(STUDY.judge_keys)
        box = visitor.box(table)
        assert box["x"] + box["width"] <= 390


def test_the_snapshot_offers_the_release(windows: Windows, tmp_path: Path) -> None:
    with Server(tmp_path / "log") as plain, Visitor(windows, plain) as visitor:
        visitor.go("/conversations?conversation=3")
        expect(visitor.main.get_by_role("button", name="Load the ratings from GitHub")).to_be_visible()
