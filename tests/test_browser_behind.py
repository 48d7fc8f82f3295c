"""From a figure down to one conversation and back: by a mark, by a cell of a table, by a link, by a verdict."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import HEADINGS, Server, Visitor, Windows
from tests.made_release import make_release, write_workbooks
from tests.test_browser import BIAS_TABLE

pytestmark = pytest.mark.browser

INFLATION = "/inflation?judge=gpt-4o&judge=o4-mini&attribute=Safety&attribute=Empathy&margin=0.3"
FILTERS = {
    "judge": ["gpt-4o", "o4-mini"],
    "attribute": ["Safety", "Empathy"],
    "margin": ["0.3"],
}
CELL = {"cell_judge": ["gpt-4o"], "cell_attribute": ["Empathy"]}
HEATMAP = 0


@pytest.fixture(scope="module")
def server(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("server")
    write_workbooks(place / "release", make_release(48, seed=3))
    with Server(place / "log", MENTALBENCH_SOURCE=str(place / "release")) as started:
        yield started


def mark(visitor: Visitor, chart: int, *said: str) -> Locator:
    """Find the mark of a chart whose accessible name says all of that."""
    marks = visitor.charts.nth(chart).locator(".role-mark [aria-label]")
    for words in said:
        marks = marks.and_(visitor.page.locator(f'[aria-label*="{words}"]'))
    return marks.first


def click(visitor: Visitor, place: Locator) -> None:
    """Click on what may lie below letters, as a mouse does."""
    place.scroll_into_view_if_needed()
    box = visitor.box(place)
    visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def expect_conversations(visitor: Visitor, filters: dict[str, list[str]]) -> None:
    expect(visitor.heading).to_have_text(HEADINGS["/conversations"])
    visitor.settle()
    assert visitor.filters() == filters
    assert visitor.chosen("Judges") == ["GPT-4o", "o4-mini"]
    assert visitor.chosen("Attributes") == ["Safety", "Empathy"]


def expect_inflation(visitor: Visitor) -> None:
    expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
    visitor.settle()
    assert visitor.filters() == FILTERS
    assert visitor.chosen("Judges") == ["GPT-4o", "o4-mini"]
    assert visitor.chosen("Attributes") == ["Safety", "Empathy"]


def test_from_the_heatmap_of_bias_to_one_conversation_and_back_with_all_filters(visitor: Visitor) -> None:
    visitor.go(INFLATION)
    click(visitor, mark(visitor, HEATMAP, "judge: GPT-4o", "attribute: Empathy"))
    expect_conversations(visitor, {**FILTERS, **CELL})
    table = visitor.main.get_by_role("region", name="Conversations: ")
    expect(table).to_be_visible()

    visitor.choose("Open a conversation", "17")
    expect(visitor.main.get_by_role("heading", level=2)).to_have_text(["Conversation 17"])
    visitor.settle()
    assert visitor.filters() == {**FILTERS, **CELL, "conversation": ["17"]}
    # One judge's ratings on one attribute, beside the experts'.
    (ratings,) = visitor.main.get_by_role("table", name="Ratings on").all()
    assert ratings.get_by_role("columnheader").all_inner_texts() == ["Model", "Human experts", "GPT-4o"]
    assert ratings.get_by_role("row").count() == 11

    visitor.page.go_back()
    expect(visitor.main.get_by_role("heading", level=2)).to_have_count(0)
    expect_conversations(visitor, {**FILTERS, **CELL})
    visitor.page.go_back()
    expect_inflation(visitor)


def test_the_same_mark_leads_there_again(visitor: Visitor) -> None:
    visitor.go(INFLATION)
    for _ in range(2):
        click(visitor, mark(visitor, HEATMAP, "judge: GPT-4o", "attribute: Empathy"))
        expect_conversations(visitor, {**FILTERS, **CELL})
        visitor.page.go_back()
        expect_inflation(visitor)


def test_a_mark_of_one_model_leads_to_its_conversations(visitor: Visitor) -> None:
    visitor.go(f"{INFLATION}&cell_judge=gpt-4o&cell_attribute=Empathy")
    click(visitor, mark(visitor, 3, "Model: LLaMA-3.1-8B", "Bias:"))
    expect_conversations(visitor, {**FILTERS, **CELL, "cell_model": ["llama-3.1-8b"]})
    assert visitor.main.get_by_role("combobox", name="Model").get_attribute("value") == "LLaMA-3.1-8B"


def test_a_cell_of_a_table_offers_its_conversations_and_does_not_go_there(visitor: Visitor) -> None:
    visitor.go(INFLATION)
    table = visitor.table(BIAS_TABLE)
    box = visitor.box(table)
    # Below the heading, the second row: GPT-4o on Empathy.
    visitor.page.mouse.click(box["x"] + 150, box["y"] + 35 * 2.5)
    link = visitor.main.get_by_role("link", name="Conversations behind GPT-4o · Empathy")
    expect(link).to_be_visible()
    assert visitor.filters() == FILTERS
    visitor.page.keyboard.press("ArrowDown")
    expect(visitor.main.get_by_role("link", name="Conversations behind o4-mini · Safety")).to_be_visible()
    expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
    visitor.page.keyboard.press("ArrowUp")
    expect(link).to_be_visible()
    link.click()
    expect_conversations(visitor, {**FILTERS, **CELL})
    visitor.page.go_back()
    expect_inflation(visitor)


def test_by_keyboard_a_link_below_a_chart_leads_there(visitor: Visitor) -> None:
    visitor.go(INFLATION)
    link = visitor.main.get_by_role("link", name="Conversations behind these figures").first
    link.focus()
    visitor.page.keyboard.press("Enter")
    expect_conversations(visitor, FILTERS)


def test_a_verdict_leads_to_its_conversations_and_back(visitor: Visitor) -> None:
    visitor.go("/?judge=gpt-4o&judge=o4-mini&attribute=Safety&attribute=Empathy&margin=0.3")
    matrix = visitor.main.get_by_role("table").first
    matrix.get_by_role("link", name="GPT-4o on Empathy").click()
    behind = visitor.main.get_by_role("link", name="Conversations behind GPT-4o · Empathy")
    behind.click()
    expect_conversations(visitor, {**FILTERS, **CELL})
    visitor.page.go_back()
    expect(visitor.heading).to_have_text(HEADINGS["/"])
    expect(behind).to_be_visible()
    visitor.settle()
    visitor.page.go_back()
    expect(behind).to_have_count(0)
    expect(visitor.heading).to_have_text(HEADINGS["/"])
    visitor.settle()
    assert visitor.filters() == FILTERS
