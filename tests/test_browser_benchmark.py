"""MentalBench-100k at full size in a browser: fetched, searched, filtered, two models side by side, hostile texts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import HEADINGS, Server, Visitor, Windows
from tests.made_replies import HOSTILE, HOSTILE_FROM, PAIR, RARE, RARE_ROWS, MadeReplies, make_replies
from tests.standin_hub import StandinHub

pytestmark = pytest.mark.browser

PLACE = "/conversations?tab=mentalbench_100k"
TAB = {"tab": ["mentalbench_100k"]}
ASKS = "Show the message and both replies"


@pytest.fixture(scope="module")
def made() -> MadeReplies:
    return make_replies()


@pytest.fixture(scope="module")
def server(windows: Windows, made: MadeReplies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server that asks the stand-in Hub, where the first visitor has fetched the replies."""
    caches = tmp_path_factory.mktemp("caches")
    with (
        StandinHub({"MentalBench-100k.csv": made.csv()}) as hub,
        Server(
            caches / "log", HF_ENDPOINT=hub.url, HF_HOME=str(caches / "hf"), XDG_CACHE_HOME=str(caches / "xdg")
        ) as opened,
    ):
        with Visitor(windows, opened) as first:
            first.go(PLACE)
            first.main.get_by_role("button", name="Fetch the replies").click()
            expect(first.charts).to_have_count(1)
            first.settle()
        yield opened


def look_for(visitor: Visitor, words: str) -> None:
    box = visitor.main.get_by_label("Find words in messages and replies", exact=True)
    box.fill(words)
    box.press("Enter")


def rows(visitor: Visitor) -> list[str]:
    return visitor.main.get_by_role("button", name="Row ").all_inner_texts()


def show_texts(visitor: Visitor) -> None:
    visitor.main.get_by_text(ASKS).click()
    expect(visitor.main.get_by_test_id("stText")).to_have_count(3)
    visitor.settle()


def shown(visitor: Visitor) -> list[str]:
    return visitor.main.get_by_test_id("stText").all_inner_texts()


def test_words_are_found_and_stay_out_of_the_address_also_when_a_row_is_opened(visitor: Visitor) -> None:
    visitor.go(PLACE)
    look_for(visitor, RARE.upper())
    visitor.wait_for(lambda: rows(visitor), [f"Row {row + 1:,}" for row in RARE_ROWS])
    visitor.main.get_by_role("button", name="Row 1,018", exact=True).click()
    expect(visitor.main.get_by_role("heading", name="Row 1,018 of 10,000")).to_be_visible()
    visitor.wait_for(visitor.filters, {**TAB, "row": ["1018"]})
    visitor.main.get_by_role("button", name="Next", exact=True).click()
    expect(visitor.main.get_by_role("heading", name="Row 2,018 of 10,000")).to_be_visible()
    visitor.main.get_by_role("button", name="Back to the list").click()
    visitor.wait_for(lambda: rows(visitor), [f"Row {row + 1:,}" for row in RARE_ROWS])
    visitor.page.go_back()
    expect(visitor.main.get_by_role("heading", name="Row 2,018 of 10,000")).to_be_visible()
    assert RARE not in visitor.page.url.lower()
    assert RARE not in visitor.server.said.lower()


def test_words_are_still_there_after_another_place(visitor: Visitor) -> None:
    visitor.go(PLACE)
    look_for(visitor, " ".join(PAIR))
    expect(visitor.main.get_by_text("20 of 10,000 conversations")).to_be_visible()
    visitor.follow("Methods", HEADINGS["/methods"])
    visitor.follow("Conversations", HEADINGS["/conversations"])
    visitor.open_tab("MentalBench-100k")
    expect(visitor.main.get_by_label("Find words in messages and replies", exact=True)).to_have_value(" ".join(PAIR))
    expect(visitor.main.get_by_text("20 of 10,000 conversations")).to_be_visible()


def test_filters_stand_in_the_address_and_narrow_the_list(visitor: Visitor, made: MadeReplies) -> None:
    visitor.go(f"{PLACE}&model=qwen-3-4b")
    visitor.main.get_by_text("Filters", exact=True).click()
    visitor.main.get_by_text("with reasoning tags", exact=True).click()
    tagged = sorted(made.tagged["qwen-3-4b"])
    visitor.wait_for(lambda: rows(visitor), [f"Row {row + 1:,}" for row in tagged[:20]])
    visitor.wait_for(visitor.filters, {**TAB, "model": ["qwen-3-4b"], "reply_kind": ["tagged"]})


def test_a_link_opens_one_row_with_two_models_side_by_side_and_closed_texts(
    visitor: Visitor, made: MadeReplies
) -> None:
    visitor.go(f"{PLACE}&row=104&left=qwen-3-4b&right=original")
    expect(visitor.main.get_by_role("heading", name="Row 104 of 10,000")).to_be_visible()
    assert shown(visitor) == []
    assert made.texts["context"][103][:40] not in visitor.page.content()
    show_texts(visitor)
    assert shown(visitor) == [made.texts[key][103] for key in ("context", "qwen-3-4b", "original")]
    left, right = (visitor.box(visitor.main.get_by_test_id("stText").nth(place)) for place in (1, 2))
    assert left["x"] + left["width"] <= right["x"]
    visitor.page.set_viewport_size({"width": 390, "height": 900})
    visitor.settle()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("kind", ["script", "markdown", "right-to-left", "control"])
def test_hostile_text_is_shown_as_the_characters_it_is(visitor: Visitor, kind: str) -> None:
    visitor.go(f"{PLACE}&row={HOSTILE_FROM + list(HOSTILE).index(kind) + 1}&left=gpt-4o")
    show_texts(visitor)
    marked = {"\u202e": "⟨U+202E⟩", "\u202c": "⟨U+202C⟩", "\u200f": "⟨U+200F⟩", "\x00": "⟨U+0000⟩", "\x07": "⟨U+0007⟩"}
    expected = "".join(marked.get(character, character) for character in HOSTILE[kind])
    assert shown(visitor)[:2] == [expected, expected]
    assert visitor.page.title() == "Conversations · MentalBench Explorer"
    texts = visitor.main.get_by_test_id("stText")
    assert texts.locator("a, script, img, strong, h1, .katex").count() == 0


def test_a_word_of_a_megabyte_is_cut_and_does_not_widen_the_page(visitor: Visitor) -> None:
    visitor.go(f"{PLACE}&row={HOSTILE_FROM + list(HOSTILE).index('long') + 1}&left=gpt-4o")
    show_texts(visitor)
    message = shown(visitor)[0]
    assert set(message) == {"w"}
    assert len(message) < 10_000
    expect(visitor.main.get_by_text("of 1,000,000 characters are shown").first).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
