"""Verdicts as a visitor meets them: matrices read by name, cells followed, thresholds moved, questions answered."""

import io
import re

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from analysis.wording.vocabulary import USE, verdict_look
from data.mentalalign import STUDY
from tests.browser import HEADINGS, NewVisitor, Visitor
from tests.test_browser import computed

pytestmark = pytest.mark.browser

RANK, SCORE, REPLY = (question for _, question, _ in USE.values())


def matrix(visitor: Visitor, name: str) -> Locator:
    """Find a matrix by its caption, as assistive software does."""
    return visitor.main.get_by_role("table", name=name, exact=True)


def cell(visitor: Visitor, question: str, judge: str, attribute: str) -> Locator:
    """Find the link of a cell by the headings of its row and column."""
    table = matrix(visitor, question)
    expect(table).to_be_visible()
    columns = table.get_by_role("columnheader").all_inner_texts()
    row = table.get_by_role("row").filter(has=visitor.page.get_by_role("rowheader", name=attribute, exact=True))
    return row.get_by_role("cell").nth(columns.index(judge) - 1).get_by_role("link")


def verdict(link: Locator) -> str:
    """Give the verdict that a link's accessible name begins with."""
    return (link.get_attribute("aria-label") or "").partition(".")[0]


def test_every_cell_can_be_read_by_its_headings_and_its_name(visitor: Visitor) -> None:
    visitor.go("/")
    table = computed("verdicts")
    judges = [STUDY.rater(judge) for judge in STUDY.judge_keys]
    for use, (_, question, _) in USE.items():
        drawn = matrix(visitor, question)
        expect(drawn).to_be_visible()
        assert drawn.get_by_role("columnheader").all_inner_texts() == ["Attribute", *judges]
        assert drawn.get_by_role("rowheader").all_inner_texts() == list(STUDY.attribute_names)
        rows = table[table["use"] == use].set_index(["attribute", "judge"])
        for attribute in STUDY.attribute_names:
            line = drawn.get_by_role("row").filter(
                has=visitor.page.get_by_role("rowheader", name=attribute, exact=True)
            )
            names = (
                line.get_by_role("cell")
                .get_by_role("link")
                .evaluate_all("all => all.map(link => link.getAttribute('aria-label'))")
            )
            for judge, name in zip(STUDY.judge_keys, names, strict=True):
                word = verdict_look(rows.loc[(attribute, judge), "verdict"]).word
                assert name.startswith(f"{word}. {STUDY.rater(judge)} on {attribute}, {USE[use][0].lower()}: ")


def expect_card(visitor: Visitor, judge: str, attribute: str) -> None:
    expect(visitor.heading).to_have_text(HEADINGS["/judge"])
    expect(visitor.main.get_by_role("heading", name=f"What {judge} is good for")).to_be_visible()
    expect(visitor.main.get_by_role("heading", name=f"Why: {judge} on {attribute}")).to_be_visible()
    visitor.settle()


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_a_cell_leads_to_the_card_with_the_filters_kept_and_back_to_the_same_view(visitor: Visitor, by: str) -> None:
    filters = {"judge": ["gpt-4o", "o4-mini"], "attribute": ["Guidance", "Safety"], "icc_supported": ["0.9"]}
    query = "&".join(f"{name}={value}" for name, values in filters.items() for value in values)
    visitor.go(f"/?{query}")
    link = cell(visitor, RANK, "o4-mini", "Guidance")
    assert verdict(link) == "Only with human checks"
    if by == "click":
        link.click()
    else:
        link.focus()
        visitor.page.keyboard.press("Enter")
    expect_card(visitor, "o4-mini", "Guidance")
    assert visitor.filters() == {**filters, "cell_judge": ["o4-mini"], "cell_attribute": ["Guidance"]}
    assert visitor.chosen("Judges") == ["GPT-4o", "o4-mini"]
    assert (
        verdict(matrix(visitor, "Verdicts on every use").get_by_role("cell").get_by_role("link").first)
        == "Only with human checks"
    )

    visitor.page.go_back()
    expect(visitor.heading).to_have_text(HEADINGS["/"])
    visitor.settle()
    assert visitor.filters() == filters
    assert matrix(visitor, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "GPT-4o", "o4-mini"]
    assert verdict(cell(visitor, RANK, "o4-mini", "Guidance")) == "Only with human checks"


def test_a_cells_own_address_opens_cold_in_another_session(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.go("/?margin=0.5")
    address = cell(one, REPLY, "Claude-3.7-Sonnet", "Safety").get_attribute("href")
    assert address
    other.go(f"/{address}")
    expect_card(other, "Claude-3.7-Sonnet", "Safety")
    assert other.filters() == {
        "margin": ["0.5"],
        "cell_judge": ["claude-3.7-sonnet"],
        "cell_attribute": ["Safety"],
    }
    expect(other.in_short).to_contain_text("Recommended settings")


def test_a_threshold_moved_in_the_sidebar_moves_the_matrix_of_one_session_only(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.go("/?judge=o4-mini")
    other.go("/?judge=o4-mini&judge=gpt-4o")
    assert verdict(cell(one, RANK, "o4-mini", "Understanding")) == "Only with human checks"
    limits = one.sidebar.get_by_test_id("stExpander").filter(has_text="What counts as good enough")
    slider = limits.get_by_role("slider", name="ICC needed with human checks")
    one.press_until(limits.locator("summary"), slider)
    slider.focus()
    one.page.keyboard.press("ArrowRight")
    one.wait_for(lambda: one.filters().get("icc_checked"), ["0.6"])
    one.wait_for(lambda: verdict(cell(one, RANK, "o4-mini", "Understanding")), "Undecided")
    rules = one.main.get_by_test_id("stExpander").filter(has_text="The thresholds, and where they come from")
    expect(rules.locator("tbody tr").first).to_have_text(re.compile("at least 0.75.*at least 0.60"))
    one.settle()

    other.pill("Attributes", "Understanding").click()
    expect(other.in_short).to_contain_text("1 attribute ·")
    other.settle()
    assert verdict(cell(other, RANK, "o4-mini", "Understanding")) == "Only with human checks"
    assert matrix(other, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "GPT-4o", "o4-mini"]
    assert matrix(one, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "o4-mini"]


def test_reasons_are_downloaded_with_the_settings_that_they_rest_on(visitor: Visitor) -> None:
    visitor.go("/judge?cell_judge=o4-mini&cell_attribute=Guidance")
    reasons = visitor.main.get_by_test_id("stExpander").filter(has_text="The reason for each verdict")
    button = reasons.get_by_role("button", name="Download table (CSV)", exact=True).locator("visible=true").first
    visitor.press_until(reasons.locator("summary"), button)
    name, content = visitor.download(button)
    table = pd.read_csv(io.StringIO(content.decode()), comment="#")
    expected = computed("verdicts", "judge=o4-mini")
    assert name == "verdicts-o4-mini.csv"
    pd.testing.assert_frame_equal(table[list(expected)], expected, rtol=1e-12, check_dtype=False)
    assert "# Preset: recommended; level: model" in content.decode()


def test_a_newcomer_finds_four_answers(visitor: Visitor) -> None:
    visitor.go("/")
    rank = matrix(visitor, RANK)
    may = [
        judge for judge in STUDY.rater_labels.values() if judge in rank.get_by_role("columnheader").all_inner_texts()
    ]
    checked = [judge for judge in may if verdict(cell(visitor, RANK, judge, "Guidance")) == "Only with human checks"]
    assert checked == ["Claude-3.7-Sonnet", "o4-mini"]
    assert {verdict(cell(visitor, REPLY, judge, "Safety")) for judge in may} == {"Not supported"}
    expect(visitor.main.get_by_text("On Empathy, all 4 judges score clearly above the experts")).to_contain_text(
        "GPT-4o is furthest from them, 0.81 of a point above them"
    )
    expect(visitor.sidebar.get_by_text("Ratings: Bundled snapshot")).to_be_visible()
    foot = visitor.main.get_by_test_id("stExpander").filter(has_text="Where these figures come from")
    source = foot.get_by_text("revision 03cfc4be2b7c181232652af304dc96d9bbcc5f8a")
    visitor.press_until(foot.locator("summary"), source)


def test_the_cells_are_reached_by_the_keyboard_in_reading_order(visitor: Visitor) -> None:
    visitor.go("/judge?attribute=Guidance&attribute=Safety&cell_judge=gpt-4o")
    visitor.main.get_by_role("link", name="Guidance", exact=True).focus()
    names = []
    for _ in range(3):
        visitor.page.keyboard.press("Tab")
        focused = "document.activeElement.shadowRoot?.activeElement ?? document.activeElement"
        names.append(visitor.page.evaluate(f"({focused}).getAttribute('aria-label')"))
    assert [name.split(": ")[0].rpartition(", ")[2] for name in names] == [
        label.lower() for label, _, _ in USE.values()
    ]
    assert all("GPT-4o on Guidance" in name for name in names)
