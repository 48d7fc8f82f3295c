"""Verdicts as a visitor meets them: matrices read by name, cells followed, thresholds moved, questions answered."""

import io
import re
from itertools import pairwise

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from analysis.wording.vocabulary import USE, verdict_look
from data.mentalalign import STUDY
from tests.browser import HEADINGS, NewVisitor, Visitor
from tests.test_browser import computed

pytestmark = pytest.mark.browser

RANK, REPLY = (USE[use][1] for use in ("rank", "reply"))


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


def use_of(visitor: Visitor, use: str) -> None:
    """Open the tab of a use, and wait for its matrix alone."""
    label, question, _ = USE[use]
    visitor.open_tab(label)
    expect(matrix(visitor, question)).to_be_visible()
    expect(visitor.main.get_by_role("table")).to_have_count(1)


def test_every_cell_can_be_read_by_its_headings_and_its_name(visitor: Visitor) -> None:
    visitor.go("/")
    table = computed("verdicts")
    judges = [STUDY.rater(judge) for judge in STUDY.judge_keys]
    for use, (label, question, _) in USE.items():
        use_of(visitor, use)
        assert visitor.filters() == ({} if use == "rank" else {"use": [use]})
        drawn = matrix(visitor, question)
        assert drawn.get_by_role("columnheader").all_inner_texts() == ["Attribute", *judges]
        assert sorted(drawn.get_by_role("rowheader").all_inner_texts()) == sorted(STUDY.attribute_names)
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
                assert name.startswith(f"{word}. {STUDY.rater(judge)} on {attribute}, {label.lower()}: ")


def why(visitor: Visitor, judge: str, attribute: str) -> Locator:
    """Find what opens below the row of a cell when it is chosen."""
    return visitor.main.get_by_role("heading", name=f"Why: {judge} on {attribute}", exact=True)


def chosen_cells(visitor: Visitor) -> list[str]:
    """Give the cells that are outlined, each as its judge and attribute."""
    cells = visitor.main.get_by_role("table").locator("a[aria-current]")
    assert all(each.evaluate("cell => getComputedStyle(cell).boxShadow") != "none" for each in cells.all())
    names = cells.evaluate_all("all => all.map(cell => cell.getAttribute('aria-label'))")
    return [re.sub(r"^.*?\. (.*?), .*$", r"\1", name) for name in names]


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_a_cell_opens_its_reasons_in_place_and_back_closes_them(visitor: Visitor, by: str) -> None:
    filters = {"judge": ["gpt-4o", "o4-mini"], "attribute": ["Guidance", "Safety"], "icc_supported": ["0.9"]}
    query = "&".join(f"{name}={value}" for name, values in filters.items() for value in values)
    visitor.go(f"/?{query}")
    reasons = why(visitor, "o4-mini", "Guidance")
    expect(reasons).to_have_count(0)
    assert chosen_cells(visitor) == []
    link = cell(visitor, RANK, "o4-mini", "Guidance")
    assert verdict(link) == "Only with human checks"
    if by == "click":
        link.click()
    else:
        link.focus()
        visitor.page.keyboard.press("Enter")
    expect(reasons).to_be_visible()
    expect(visitor.heading).to_have_text(HEADINGS["/"])
    visitor.settle()
    assert visitor.filters() == {**filters, "cell_judge": ["o4-mini"], "cell_attribute": ["Guidance"]}
    assert chosen_cells(visitor) == ["o4-mini on Guidance"]
    above = visitor.box(cell(visitor, RANK, "o4-mini", "Guidance"))
    assert 0 <= visitor.box(reasons)["y"] - above["y"] - above["height"] < above["height"]

    cell(visitor, RANK, "GPT-4o", "Safety").click()
    expect(why(visitor, "GPT-4o", "Safety")).to_be_visible()
    visitor.settle()
    assert chosen_cells(visitor) == ["GPT-4o on Safety"]

    # Another use of the same judge and attribute.
    use_of(visitor, "reply")
    expect(why(visitor, "GPT-4o", "Safety")).to_be_visible()
    assert chosen_cells(visitor) == ["GPT-4o on Safety"]

    for name in ("GPT-4o on Safety", "o4-mini on Guidance"):
        visitor.page.go_back()
        expect(matrix(visitor, RANK)).to_be_visible()
        expect(visitor.main.get_by_role("heading", name=f"Why: {name}", exact=True)).to_be_visible()
        visitor.settle()
        assert chosen_cells(visitor) == [name]
    visitor.page.go_back()
    expect(reasons).to_have_count(0)
    visitor.settle()
    assert visitor.filters() == filters
    assert chosen_cells(visitor) == []
    assert matrix(visitor, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "GPT-4o", "o4-mini"]
    assert verdict(cell(visitor, RANK, "o4-mini", "Guidance")) == "Only with human checks"


def test_a_cells_own_address_opens_cold_in_another_session(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.go("/?margin=0.5&use=reply")
    address = cell(one, REPLY, "Claude-3.7-Sonnet", "Safety").get_attribute("href")
    assert address
    other.go(f"/{address}")
    expect(why(other, "Claude-3.7-Sonnet", "Safety")).to_be_visible()
    assert chosen_cells(other) == ["Claude-3.7-Sonnet on Safety"]
    assert other.filters() == {
        "use": ["reply"],
        "margin": ["0.5"],
        "cell_judge": ["claude-3.7-sonnet"],
        "cell_attribute": ["Safety"],
    }
    expect(other.in_short).to_contain_text("Recommended settings")


@pytest.mark.parametrize(
    ("heading", "tab", "filters"),
    [
        ("o4-mini", "One judge", {"cell_judge": ["o4-mini"]}),
        ("Empathy", "One attribute", {"tab": ["one_attribute"], "cell_attribute": ["Empathy"]}),
    ],
)
def test_a_heading_of_the_matrix_leads_to_its_card_and_back(
    visitor: Visitor, heading: str, tab: str, filters: dict[str, list[str]]
) -> None:
    visitor.go("/?use=score&margin=0.3")
    visitor.main.get_by_role("table").get_by_role("link", name=heading, exact=True).click()
    expect(visitor.heading).to_have_text(HEADINGS["/judges"])
    expect(visitor.main.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")
    card = visitor.main.get_by_role("table", name="Verdicts on every use")
    expect(card.get_by_role("link", name=f"{heading}," if tab == "One attribute" else heading).first).to_be_visible()
    visitor.settle()
    assert visitor.filters() == {"use": ["score"], "margin": ["0.3"], **filters}

    visitor.page.go_back()
    expect(visitor.heading).to_have_text(HEADINGS["/"])
    visitor.settle()
    assert visitor.filters() == {"use": ["score"], "margin": ["0.3"]}


def test_on_a_telephone_a_row_is_a_card_and_the_matrix_still_a_table(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390, has_touch=True)
    visitor.go("/?attribute=Safety&attribute=Empathy")
    table = visitor.main.get_by_role("table")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(2)
    for row in rows.all():
        cells = row.get_by_role("cell")
        expect(cells).to_have_count(len(STUDY.judge_keys))
        boxes = [visitor.box(each) for each in cells.all()]
        assert len({box["x"] for box in boxes}) == 1
        assert all(after["y"] >= before["y"] + before["height"] for before, after in pairwise(boxes))
        assert all(box["x"] + box["width"] <= 390 for box in boxes)
        for each, judge in zip(cells.all(), STUDY.judge_keys, strict=True):
            expect(each).to_contain_text(STUDY.rater(judge))
    table.get_by_role("link", name="GPT-4o on Safety").tap()
    expect(why(visitor, "GPT-4o", "Safety")).to_be_visible()
    visitor.settle()
    assert chosen_cells(visitor) == ["GPT-4o on Safety"]


def test_a_threshold_moved_in_the_sidebar_moves_the_matrix_of_one_session_only(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.go("/?judge=o4-mini")
    other.go("/?judge=o4-mini&judge=gpt-4o")
    assert verdict(cell(one, RANK, "o4-mini", "Understanding")) == "Only with human checks"
    one.unfold("What counts as good enough").get_by_role("slider", name="ICC needed with human checks").focus()
    one.page.keyboard.press("ArrowRight")
    one.wait_for(lambda: one.filters().get("icc_checked"), ["0.6"])
    one.wait_for(lambda: verdict(cell(one, RANK, "o4-mini", "Understanding")), "Undecided")
    one.main.get_by_role("link", name="how verdicts are made").click()
    expect(one.main.get_by_role("row").nth(1)).to_have_text(re.compile("at least 0.75.*at least 0.60"))
    one.settle()
    assert one.tab() == "Verdicts"
    assert one.filters() == {"judge": ["o4-mini"], "icc_checked": ["0.6"], "tab": ["verdicts"]}
    one.page.go_back()
    expect(matrix(one, RANK)).to_be_visible()
    one.settle()

    other.pill("Attributes", "Understanding").click()
    expect(other.in_short).to_contain_text("1 attribute ·")
    other.settle()
    assert verdict(cell(other, RANK, "o4-mini", "Understanding")) == "Only with human checks"
    assert matrix(other, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "GPT-4o", "o4-mini"]
    assert matrix(one, RANK).get_by_role("columnheader").all_inner_texts() == ["Attribute", "o4-mini"]


def test_reasons_are_downloaded_with_the_settings_that_they_rest_on(visitor: Visitor) -> None:
    visitor.go("/judges?cell_judge=o4-mini&cell_attribute=Guidance")
    reasons = visitor.unfold("The reason for each verdict, and what would change it")
    button = reasons.get_by_role("button", name="Download table (CSV)", exact=True).locator("visible=true").first
    name, content = visitor.download(button)
    table = pd.read_csv(io.StringIO(content.decode()), comment="#")
    expected = computed("verdicts", "judge=o4-mini")
    assert name == "verdicts-o4-mini.csv"
    pd.testing.assert_frame_equal(table[list(expected)], expected, rtol=1e-12, check_dtype=False)
    assert "# Settings: recommended, model level; " in content.decode()


def test_a_newcomer_finds_four_answers(visitor: Visitor) -> None:
    visitor.go("/")
    rank = matrix(visitor, RANK)
    may = [
        judge for judge in STUDY.rater_labels.values() if judge in rank.get_by_role("columnheader").all_inner_texts()
    ]
    checked = [judge for judge in may if verdict(cell(visitor, RANK, judge, "Guidance")) == "Only with human checks"]
    assert checked == ["Claude-3.7-Sonnet", "o4-mini"]
    use_of(visitor, "reply")
    assert {verdict(cell(visitor, REPLY, judge, "Safety")) for judge in may} == {"Not supported"}
    visitor.go("/judges?tab=one_attribute&cell_attribute=Empathy")
    expect(visitor.main.get_by_text("On Empathy, all 4 judges score clearly above the experts")).to_contain_text(
        "GPT-4o is furthest from them, 0.81 of a point above them"
    )
    expect(visitor.sidebar.get_by_text("Ratings: Bundled snapshot")).to_be_visible()
    source = visitor.unfold("Where these figures come from")
    expect(source.get_by_text("revision 03cfc4be2b7c181232652af304dc96d9bbcc5f8a")).to_be_visible()


def test_the_cells_are_reached_by_the_keyboard_in_reading_order(visitor: Visitor) -> None:
    visitor.go("/judges?attribute=Guidance&attribute=Safety&cell_judge=gpt-4o")
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
