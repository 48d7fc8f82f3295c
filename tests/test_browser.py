"""The places as a visitor meets them: cold links, Back, odd links, files, telephones, keyboards, no network."""

import io
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from analysis.__main__ import main
from pages.components.places import PLACES
from tests.browser import FIRST, HEADINGS, PATIENCE, NewVisitor, Server, Visitor, Windows
from tests.standin_hub import Manner, StandinHub

pytestmark = pytest.mark.browser

ATTRIBUTES = ["Guidance", "Informativeness", "Relevance", "Safety", "Empathy", "Helpfulness", "Understanding"]
ICC_TABLE = "Intraclass correlations of judges with experts"
BIAS_TABLE = "Inflation of judges against experts"
SCORE_TABLE = "Means of every rater and model"
# Pixels in height of the window that a visitor has.
SCREEN = 900
# Filters that say where a reader is, and nothing of the figures.
OF_PLACES = ("tab", "use")


def computed(table: str, query: str = "") -> pd.DataFrame:
    """Give a table of the command line; its options have the names of the filters."""
    options = [word for name, value in parse_qsl(query) if name not in OF_PLACES for word in (f"--{name}", value)]
    with redirect_stdout(io.StringIO()) as printed:
        assert main([table, "--source", "snapshot", *options, "--format", "json"]) == 0
    return pd.DataFrame(json.loads(printed.getvalue()))


def in_table(title: str, heading: str, of: int = 1) -> Callable[[Visitor], list[float]]:
    """Look into a column; shares are shown of 100."""
    return lambda visitor: [number / of for number in visitor.numbers(title, heading)]


def in_first_chart(visitor: Visitor) -> list[float]:
    return [float(word) for word in visitor.words(visitor.charts.first) if re.fullmatch(r"\d\.\d\d", word)]


class Link(NamedTuple):
    """A deep link, what the place must say it shows, and where its figures are and should come from."""

    place: str
    query: str
    in_short: str
    judges: list[str]
    attributes: list[str]
    figures: Callable[[Visitor], list[float]] | None = None
    table: str = ""
    column: str = ""

    @property
    def address(self) -> str:
        """What is asked for."""
        return f"{self.place}?{self.query}"


LINKS = [
    Link(
        "/",
        "use=score&judge=o4-mini&judge=gpt-4o&attribute=Guidance&attribute=Safety",
        "Recommended settings · ICC over models · 2 judges · 10 models · 2 attributes",
        ["GPT-4o", "o4-mini"],
        ["Guidance", "Safety"],
    ),
    Link(
        "/judges",
        "tab=compare&judge=o4-mini&judge=gpt-4o&attribute=Guidance",
        "Recommended settings · ICC over models · 2 judges · 10 models · 1 attribute",
        ["GPT-4o", "o4-mini"],
        ["Guidance"],
        in_first_chart,
        *("icc", "icc_c1"),
    ),
    Link(
        "/reliability",
        "judge=gpt-4o&attribute=Safety&attribute=Empathy&level=response",
        "Recommended settings · ICC over replies · 1 judge · 10 models · 2 attributes",
        ["GPT-4o"],
        ["Safety", "Empathy"],
        in_table(ICC_TABLE, "ICC(C,1)"),
        *("icc", "icc_c1"),
    ),
    Link(
        "/inflation",
        "judge=claude-3.7-sonnet&model=gpt-4o&model=original&preset=paper&ratings=valid",
        "The paper's settings · ICC over models · 1 judge · 2 models · 7 attributes",
        ["Claude-3.7-Sonnet"],
        [],
        in_table(BIAS_TABLE, "Bias"),
        *("inflation", "bias"),
    ),
    Link(
        "/scores",
        "judge=gemini-2.5-flash&model=qwen-3-4b&model=llama-3.1-8b&exclude=none",
        "Recommended settings · ICC over models · 1 judge · 2 models · 7 attributes",
        ["Gemini-2.5-Flash"],
        [],
        in_table(SCORE_TABLE, "CSS"),
        *("scores", "css"),
    ),
    Link(
        "/methods",
        "judge=o4-mini&attribute=Safety&level=response",
        "Recommended settings · ICC over replies · 1 judge · 10 models · 1 attribute",
        ["o4-mini"],
        ["Safety"],
    ),
]


LINKS_BEYOND = [
    Link(
        "/reliability",
        "tab=robustness&judge=gpt-4o&attribute=Safety&attribute=Empathy",
        "Recommended settings · ICC over models · 1 judge · 10 models · 2 attributes",
        ["GPT-4o"],
        ["Safety", "Empathy"],
        in_table("How stable readings are", "Good reliability", 100),
        *("stability", "p_gr"),
    ),
    Link(
        "/inflation",
        "tab=false_reassurance&judge=o4-mini&attribute=Safety",
        "Recommended settings · ICC over models · 1 judge · 10 models · 1 attribute",
        ["o4-mini"],
        ["Safety"],
        in_table("False reassurance of every judge and attribute", "False reassurance", 100),
        *("reassurance", "false_reassurance"),
    ),
    Link(
        "/inflation",
        "tab=correction&judge=gpt-4o&attribute=Guidance",
        "Recommended settings · ICC over models · 1 judge · 10 models · 1 attribute",
        ["GPT-4o"],
        ["Guidance"],
        in_table("Corrections of judges' ratings", "ICC(A,1)"),
        *("correction", "icc_a1"),
    ),
    Link(
        "/scores",
        "tab=ranking&judge=gpt-4o&judge=o4-mini&model=original&model=qwen-3-4b&model=gemini-2.0-flash",
        "Recommended settings · ICC over models · 2 judges · 3 models · 7 attributes",
        ["GPT-4o", "o4-mini"],
        [],
    ),
    Link(
        "/your_study",
        "tab=widths&judge=gemini-2.5-flash&attribute=Safety&wished=0.2",
        "Recommended settings · ICC over models · 1 judge · 10 models · 1 attribute",
        ["Gemini-2.5-Flash"],
        ["Safety"],
    ),
]


@pytest.fixture(scope="class")
def first_visits(
    request: pytest.FixtureRequest, windows: Windows, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Visitor]]:
    """Start a server and set out for each link of a class, so that all are asked for before any was computed."""
    with Server(tmp_path_factory.mktemp("cold") / "log") as server, ExitStack() as open_until_all_are_seen:
        visits = {}
        for link in request.cls.links:
            visits[link.address] = open_until_all_are_seen.enter_context(Visitor(windows, server))
            visits[link.address].set_out_for(link.address)
        yield visits


def expect_what_the_link_asks_for(visitor: Visitor, link: Link) -> None:
    visitor.settle()
    expect(visitor.heading).to_have_text(HEADINGS[link.place])
    expect(visitor.in_short).to_have_text(re.compile(f"^{re.escape(link.in_short)} · Bundled snapshot, revision "))
    assert visitor.chosen("Judges") == link.judges
    assert visitor.chosen("Attributes") == link.attributes
    assert sorted(parse_qsl(urlsplit(visitor.page.url).query)) == sorted(parse_qsl(link.query))
    if link.figures:
        digits = 0.005 if link.figures is in_first_chart else 1e-12
        figures = list(computed(link.table, link.query)[link.column])
        visitor.wait_for(lambda: link.figures(visitor), pytest.approx(figures, abs=digits))
    foot = visitor.unfold("Where these figures come from")
    expect(foot.get_by_text("intervals over replies clustered by block of 20 conversations")).to_have_count(1)


class TestFirstVisit:
    """Nobody was on the server before, and the first ones come together, by links with filters."""

    links = LINKS

    @pytest.mark.parametrize("link", LINKS, ids=lambda link: link.address.partition("&judge")[0])
    def test_shows_what_the_link_asks_for(self, first_visits: dict[str, Visitor], link: Link) -> None:
        expect_what_the_link_asks_for(first_visits[link.address], link)


class TestFirstVisitBeyondThePaper:
    """The same, on tabs of what the paper did not do."""

    links = LINKS_BEYOND

    @pytest.mark.parametrize("link", LINKS_BEYOND, ids=lambda link: link.address.partition("&judge")[0])
    def test_shows_what_the_link_asks_for(self, first_visits: dict[str, Visitor], link: Link) -> None:
        expect_what_the_link_asks_for(first_visits[link.address], link)
        assert first_visits[link.address].charts.count() > 0


def expect_others(visitor: Visitor, there: bool, title: str = ICC_TABLE, heading: str = "Judge") -> None:
    """Expect judges other than GPT-4o among the rows of a table, or not."""
    visitor.wait_for(lambda: "Claude-3.7-Sonnet" in visitor.column(title, heading), there)
    assert "GPT-4o" in visitor.column(title, heading) or there


def test_the_first_visitor_of_a_server_may_come_by_a_link_to_a_tab(windows: Windows, tmp_path: Path) -> None:
    """Streamlit tells that visitor, and no other, that there is no such page; the app takes that away."""
    with Server(tmp_path / "log") as server, Visitor(windows, server) as visitor:
        told: list[str] = []
        visitor.page.on("console", lambda message: told.append(message.text))
        visitor.set_out_for("/inflation?tab=correction&judge=gpt-4o")
        visitor.wait_for(lambda: any(text.startswith(FIRST) for text in told), True)
        expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        visitor.settle()
        assert visitor.tab() == "Correction"
        assert visitor.chosen("Judges") == ["GPT-4o"]
        assert set(visitor.column("Corrections of judges' ratings", "Judge")) == {"GPT-4o"}


def test_a_filter_outlives_the_menu_back_and_reload(visitor: Visitor) -> None:
    def expect_one_judge() -> None:
        expect(visitor.in_short).to_contain_text("1 judge ·")
        visitor.settle()
        assert visitor.filters() == {"judge": ["gpt-4o"]}
        assert visitor.chosen("Judges") == ["GPT-4o"]

    visitor.go("/reliability")
    expect_others(visitor, there=True)

    visitor.pill("Judges", "GPT-4o").click()
    expect_one_judge()
    expect_others(visitor, there=False)

    visitor.follow("Scores (CSS/ARS)", HEADINGS["/scores"])
    expect_one_judge()
    expect_others(visitor, False, SCORE_TABLE, "Rater")

    visitor.page.go_back()
    expect(visitor.heading).to_have_text(HEADINGS["/reliability"])
    expect_one_judge()
    expect_others(visitor, there=False)

    visitor.page.reload()
    visitor.settle()
    expect_one_judge()
    expect_others(visitor, there=False)

    visitor.page.go_back()
    expect(visitor.in_short).to_contain_text("4 judges")
    visitor.settle()
    assert visitor.filters() == {}
    assert visitor.chosen("Judges") == []
    expect_others(visitor, there=True)


def expect_at(visitor: Visitor, place: str, tab: str, filters: dict[str, list[str]]) -> None:
    """Expect a tab of a place, with GPT-4o alone chosen, and what the address says besides."""
    expect(visitor.heading).to_have_text(HEADINGS[place])
    expect(visitor.main.get_by_role("tab", name=tab, exact=True)).to_have_attribute("aria-selected", "true")
    expect(visitor.in_short).to_contain_text("1 judge ·")
    visitor.settle()
    assert urlsplit(visitor.page.url).path == place
    assert visitor.filters() == {"judge": ["gpt-4o"], **filters}
    assert visitor.chosen("Judges") == ["GPT-4o"]
    assert visitor.chosen("Attributes") == filters.get("attribute", [])


def test_back_forward_and_reload_lead_through_tabs_and_places_with_their_filters(visitor: Visitor) -> None:
    safety = {"attribute": ["Safety"]}
    way = [
        ("/reliability", "Coefficients", {}),
        ("/reliability", "Single replies", {"tab": ["single_replies"]}),
        ("/reliability", "Single replies", {"tab": ["single_replies"], **safety}),
        ("/inflation", "Bias", safety),
        ("/inflation", "False reassurance", {"tab": ["false_reassurance"], **safety}),
    ]
    visitor.go("/reliability?judge=gpt-4o")
    expect_at(visitor, *way[0])
    visitor.open_tab("Single replies")
    expect_at(visitor, *way[1])
    visitor.pill("Attributes", "Safety").click()
    expect(visitor.in_short).to_contain_text("1 attribute ·")
    expect_at(visitor, *way[2])
    visitor.follow("Inflation", HEADINGS["/inflation"])
    expect_at(visitor, *way[3])
    visitor.open_tab("False reassurance")
    expect_at(visitor, *way[4])

    for before, tab in ((way[3], None), (way[2], None), (way[1], "7 attributes")):
        visitor.page.go_back()
        if tab:
            expect(visitor.in_short).to_contain_text(tab)
        expect_at(visitor, *before)
    visitor.page.reload()
    expect_at(visitor, *way[1])
    visitor.page.go_back()
    expect_at(visitor, *way[0])
    for place, (_, _, filters) in zip(way[1:], way[1:], strict=True):
        visitor.page.go_forward()
        expect(visitor.in_short).to_contain_text("1 attribute ·" if "attribute" in filters else "7 attributes")
        expect_at(visitor, *place)
    assert set(visitor.column("False reassurance of every judge and attribute", "Attribute")) == {"Safety"}


def test_a_link_of_the_menu_opens_in_a_tab_of_the_browser_with_the_filters(visitor: Visitor) -> None:
    visitor.go("/inflation?tab=length&judge=gpt-4o&judge=o4-mini&attribute=Safety&margin=0.3")
    filters = {"judge": ["gpt-4o", "o4-mini"], "attribute": ["Safety"], "margin": ["0.3"]}
    other = visitor.in_new_tab(visitor.menu.get_by_role("link", name="Judges", exact=True))
    expect(other.get_by_role("heading", level=1)).to_have_text(HEADINGS["/judges"])
    assert urlsplit(other.url).path == "/judges"
    assert parse_qs(urlsplit(other.url).query) == filters
    pressed = other.get_by_role("toolbar", name="Judges").get_by_role("button", pressed=True)
    expect(pressed).to_have_text(["GPT-4o", "o4-mini"])
    expect(visitor.heading).to_have_text(HEADINGS["/inflation"])
    assert visitor.tab() == "Length"


def test_filters_stand_in_the_first_screen_on_every_place(visitor: Visitor) -> None:
    for place in HEADINGS:
        visitor.go(place)
        for group in ("Judges", "Attributes", "Replies by"):
            box = visitor.box(visitor.sidebar.get_by_role("toolbar", name=group))
            assert 0 <= box["y"] <= box["y"] + box["height"] < SCREEN, (place, group)


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_answer_stands_in_the_first_screen(new_visitor: NewVisitor, width: int) -> None:
    visitor = new_visitor(width=width)
    visitor.go("/")
    box = visitor.box(visitor.main.get_by_role("table"))
    assert 0 <= box["y"] <= box["y"] + box["height"] <= SCREEN


def test_what_is_not_recommended_is_said_and_taken_back_by_one_button(visitor: Visitor) -> None:
    changed = visitor.notices.filter(has_text="not the recommended settings")
    visitor.go("/reliability")
    expect(changed).to_have_count(0)

    choices = visitor.unfold("Analysis choices")
    option = visitor.page.get_by_role("option", name="Left out: LLM replies only")
    visitor.press_until(choices.get_by_role("combobox", name="Original reply"), option)
    option.click()
    expect(changed).to_contain_text("Replies of language models only.")
    visitor.settle()
    assert visitor.filters() == {"original": ["left-out"]}

    visitor.sidebar.get_by_role("radiogroup", name="Settings").get_by_text("The paper's").click()
    expect(visitor.in_short).to_contain_text("The paper's settings")
    visitor.settle()
    assert visitor.filters() == {"preset": ["paper"]}
    expect(changed).to_contain_text("Every number kept as released")
    expect(changed).to_contain_text("Readings by the paper's tiers")
    expect(changed).not_to_contain_text("Replies of language models only")
    figures = list(computed("icc", "preset=paper")["icc_c1"])
    visitor.wait_for(lambda: visitor.numbers(ICC_TABLE, "ICC(C,1)")[:7], pytest.approx(figures[:7]))

    visitor.main.get_by_role("button", name="Back to recommended").click()
    expect(visitor.in_short).to_contain_text("Recommended settings")
    expect(changed).to_have_count(0)
    assert visitor.filters() == {}


def test_buttons_choose_the_attributes_of_a_score_and_show_all_again(visitor: Visitor) -> None:
    visitor.go("/inflation?judge=o4-mini")
    for button, attributes in {"CSS only": ATTRIBUTES[:4], "ARS only": ATTRIBUTES[4:]}.items():
        visitor.sidebar.get_by_role("button", name=button, exact=True).click()
        expect(visitor.in_short).to_contain_text(f"{len(attributes)} attributes")
        visitor.settle()
        assert visitor.chosen("Attributes") == visitor.filters()["attribute"] == attributes
        assert visitor.chosen("Judges") == ["o4-mini"]
        visitor.wait_for(lambda: visitor.column(BIAS_TABLE, "Attribute"), attributes)
    visitor.sidebar.get_by_role("button", name="Show all again").click()
    expect(visitor.in_short).to_contain_text("4 judges · 10 models · 7 attributes")
    visitor.settle()
    assert visitor.filters() == {}


def test_two_clicks_in_a_row_both_count_on_a_slow_line(new_visitor: NewVisitor) -> None:
    """The second click leaves before the answer to the first has arrived."""
    visitor = new_visitor(apart=True)
    answers: list[bytes | str] = []
    line: list[WebSocketRoute] = []

    def hold_answers(route: WebSocketRoute) -> None:
        line.append(route)
        route.connect_to_server().on_message(lambda answer: answers.append(answer) if held else route.send(answer))

    held = False
    visitor.page.route_web_socket(re.compile("stream"), hold_answers)
    visitor.go("/inflation")
    held = True
    visitor.pill("Judges", "GPT-4o").click()
    while not any(b"judge=gpt-4o" in bytes(answer) for answer in answers if isinstance(answer, bytes)):
        visitor.page.wait_for_timeout(20)
    visitor.pill("Attributes", "Safety").click()
    held = False
    for answer in answers:
        line[-1].send(answer)
    expect(visitor.in_short).to_contain_text("1 attribute ·")
    visitor.settle()
    assert visitor.filters() == {"judge": ["gpt-4o"], "attribute": ["Safety"]}
    expect(visitor.in_short).to_contain_text("1 judge ·")


def expect_no_empty_chart(visitor: Visitor) -> None:
    """Every chart has marks for figures, not just axes and lines to guide the eye."""
    for chart in visitor.charts.all():
        marks = chart.locator(".mark-symbol.role-mark > *, .mark-rect.role-mark > *")
        assert marks.count() > 0, f"an empty chart on {visitor.page.url}: {chart.get_attribute('aria-label')}"


def expect_a_sentence(visitor: Visitor, sentence: str) -> None:
    assert any(sentence in said for said in visitor.said()), (visitor.page.url, visitor.said())
    expect(visitor.page.get_by_test_id("stException")).to_have_count(0)
    expect(visitor.page.get_by_text("Traceback")).to_have_count(0)
    expect_no_empty_chart(visitor)


def test_an_unknown_value_is_named_and_left_behind(visitor: Visitor) -> None:
    for link, sentence, left in (
        ("/?judge=nobody", "The link asks for judge “nobody”, which is not known; all are shown.", ""),
        ("/scores?preset=x&level=response", "The link asks for preset “x”, which is not known", "level=response"),
        ("/methods?attribute=Kindness&attribute=Safety", "the others are shown", "attribute=Safety"),
        (
            "/scores?tab=robustness&model=gpt-4o",
            "The link asks for tab “robustness”, which is not known",
            "model=gpt-4o",
        ),
        ("/?use=none", "The link asks for use “none”, which is not known", ""),
        ("/judges?cell_judge=nobody", "The link asks for cell_judge “nobody”, which is not known", ""),
    ):
        visitor.go(link)
        expect_a_sentence(visitor, sentence)
        visitor.follow("Inflation", HEADINGS["/inflation"])
        assert urlsplit(visitor.page.url).query == left
        expect(visitor.notices.filter(has_text="The link asks for")).to_have_count(0)


def test_with_one_model_there_is_no_icc_but_still_a_bias(visitor: Visitor) -> None:
    visitor.go("/?model=gpt-4o")
    expect(visitor.main.get_by_text("it needs at least two models that differ").first).to_be_visible()
    visitor.go("/reliability?model=gpt-4o")
    expect_a_sentence(visitor, "No interval can be computed from what is on screen.")
    visitor.go("/inflation?model=gpt-4o")
    figures = list(computed("inflation", "model=gpt-4o")["bias"])
    visitor.wait_for(lambda: visitor.numbers(BIAS_TABLE, "Bias")[:7], pytest.approx(figures[:7]))
    expect_no_empty_chart(visitor)
    visitor.go("/scores?model=gpt-4o")
    expect_no_empty_chart(visitor)


def test_a_judge_with_only_its_own_model_has_nothing_to_judge(visitor: Visitor) -> None:
    sentences = {
        "/": "GPT-4o has no ICC on",
        "/reliability": "GPT-4o has no ICC on",
        "/inflation": "no reply on screen was rated by both the experts and a judge",
    }
    for page, sentence in sentences.items():
        visitor.go(f"{page}?judge=gpt-4o&model=gpt-4o")
        expect(visitor.main.get_by_text(sentence).first).to_be_visible()
        expect(visitor.charts).to_have_count(0)
    visitor.go("/scores?judge=gpt-4o&model=gpt-4o")
    expect_no_empty_chart(visitor)


def download_button(visitor: Visitor, label: str) -> Locator:
    """Find the first of the buttons that are there for the mouse; each has a twin for touch, hidden by style."""
    return visitor.main.get_by_role("button", name=label, exact=True).locator("visible=true").first


def test_the_table_as_csv_holds_the_figures_of_the_command_line(visitor: Visitor) -> None:
    visitor.go("/reliability")
    name, content = visitor.download(download_button(visitor, "Download table (CSV)"))
    text = content.decode()
    comments = [line for line in text.splitlines() if line.startswith("#")]
    table = pd.read_csv(io.StringIO(text), comment="#")
    expected = computed("icc")

    assert name == "icc.csv"
    assert set(expected) <= set(table)
    pd.testing.assert_frame_equal(table[list(expected)], expected, rtol=1e-12)
    for said in (
        "Source: Bundled snapshot; revision 03cfc4be2b7c181232652af304dc96d9bbcc5f8a",
        "Settings: recommended, model level; ",
        "exact F intervals",
        *(f"Column {column}: " for column in table),
    ):
        assert any(said in line for line in comments), said


def test_a_chart_is_saved_with_its_finding(visitor: Visitor) -> None:
    visitor.go("/inflation?judge=gpt-4o")
    finding = visitor.charts.first.get_attribute("aria-label")
    assert finding

    name, content = visitor.download(download_button(visitor, "SVG"))
    drawing = ET.fromstring(content)
    written = "".join("".join(drawing.itertext()).split())
    assert (name, drawing.tag) == ("bias.svg", "{http://www.w3.org/2000/svg}svg")
    assert "".join(finding.split()) in written
    assert "Bundledsnapshot,revision03cfc4be2b7c" in written

    name, content = visitor.download(download_button(visitor, "PNG"))
    assert (name, content[:8]) == ("bias.png", b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(content[start : start + 4]) for start in (16, 20))
    assert width > 1280
    assert height > 600


def test_two_visitors_do_not_meet(new_visitor: NewVisitor) -> None:
    one, other = new_visitor(), new_visitor()
    one.go("/inflation?preset=paper&judge=gpt-4o")
    other.go("/inflation")
    one.pill("Attributes", "Safety").click()
    other.pill("Judges", "GPT-4o").click()
    expect(one.in_short).to_contain_text("The paper's settings · ICC over models · 1 judge · 10 models · 1 attribute ·")
    expect(other.in_short).to_contain_text(
        "Recommended settings · ICC over models · 1 judge · 10 models · 7 attributes"
    )
    safety = "Safety" in one.chosen("Attributes"), "Safety" in other.chosen("Attributes")
    assert safety == (True, False)
    one.wait_for(lambda: set(one.column(BIAS_TABLE, "Judge")), {"GPT-4o"})
    other.wait_for(lambda: set(other.column(BIAS_TABLE, "Attribute")), set(ATTRIBUTES))


def test_a_request_to_another_host_would_be_seen(windows: Windows, server: Server) -> None:
    """No visitor of this file may cause one; this one does, on purpose."""
    with pytest.raises(AssertionError, match=r"elsewhere\.test"), Visitor(windows, server) as visitor:
        visitor.page.evaluate("fetch('http://elsewhere.test/').catch(() => null)")


def test_the_menu_of_a_telephone_is_closed_and_opens_by_a_touch(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390, has_touch=True)
    visitor.go("/?judge=o4-mini")
    menu = visitor.main.locator(".st-key-menu-narrow")
    expect(visitor.menu).to_be_hidden()
    expect(visitor.sidebar).to_have_attribute("data-collapsed", "true")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.locator("summary").tap()
    expect(menu.get_by_role("link")).to_have_count(len(HEADINGS))
    visitor.settle()
    menu.get_by_role("link", name="Scores (CSS/ARS)").tap()
    expect(visitor.heading).to_have_text(HEADINGS["/scores"])
    expect(menu.get_by_role("link")).to_have_count(0)
    expect(visitor.in_short).to_contain_text("1 judge ")
    visitor.settle()
    assert visitor.filters() == {"judge": ["o4-mini"]}


def test_every_tab_of_a_place_is_in_sight_on_a_telephone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390)
    visitor.go("/scores?tab=panel")
    tabs = visitor.main.get_by_role("tab").all()
    assert len(tabs) == len(PLACES["scores"].tabs)
    boxes = [visitor.box(tab) for tab in tabs]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert visitor.tab() == "Panel"


def test_filters_of_a_telephone_open_by_a_touch(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=390, has_touch=True)
    visitor.go("/scores")
    visitor.page.get_by_role("button", name="Expand sidebar").tap()
    expect(visitor.sidebar).to_have_attribute("data-collapsed", "false")
    visitor.settle()
    visitor.pill("Judges", "o4-mini").tap()
    expect(visitor.in_short).to_contain_text("1 judge ")
    visitor.settle()
    assert visitor.filters() == {"judge": ["o4-mini"]}


def test_a_table_sorts_by_a_click_on_a_heading(visitor: Visitor) -> None:
    """The grid is a canvas: the heading is found by trying from left to right, and the grid's hidden table tells."""
    visitor.go("/reliability?judge=o4-mini&judge=gpt-4o&attribute=Safety&attribute=Empathy&attribute=Relevance")
    before = visitor.numbers(ICC_TABLE, "ICC(C,1)")
    assert before != sorted(before)
    table = visitor.table(ICC_TABLE)
    box = visitor.box(table.get_by_test_id("data-grid-canvas"))
    menu = visitor.page.get_by_test_id("stDataFrameColumnMenu")
    for x in range(20, int(box["width"]), 30):
        headings = visitor.headings(table)
        if "↑ ICC(C,1)" in headings:
            break
        visitor.page.mouse.click(box["x"] + x, box["y"] + 15)
        for _ in range(8):
            visitor.page.wait_for_timeout(50)
            if visitor.headings(table) != headings:
                break
            if menu.is_visible():  # which a click on the right end of a heading opens
                visitor.page.keyboard.press("Escape")
    visitor.wait_for(lambda: visitor.numbers(ICC_TABLE, "ICC(C,1)"), sorted(before))


def focused(visitor: Visitor) -> str:
    """Tell what the keyboard is on."""
    name: str = visitor.page.evaluate(
        "(at => at.getAttribute('aria-label') ?? at.innerText.split('\\n').at(-1))(document.activeElement)"
    )
    return name


def tab_to(visitor: Visitor, name: str) -> list[str]:
    """Press Tab until something with this name is reached, and give what was passed."""
    passed: list[str] = []
    while not passed or passed[-1] != name:
        assert len(passed) < 80, f"{name} is not reached: {passed}"
        visitor.page.keyboard.press("Tab")
        passed.append(focused(visitor))
    return passed


def test_everything_can_be_done_from_the_keyboard(visitor: Visitor) -> None:
    visitor.go("/reliability")
    tab_to(visitor, "Claude-3.7-Sonnet")
    visitor.page.keyboard.press("ArrowRight")
    assert focused(visitor) == "GPT-4o"
    visitor.page.keyboard.press("Space")
    expect(visitor.in_short).to_contain_text("1 judge ·")
    visitor.settle()
    assert visitor.chosen("Judges") == ["GPT-4o"]
    assert focused(visitor) == "GPT-4o"

    visitor.page.keyboard.press("Enter")
    expect(visitor.in_short).to_contain_text("4 judges")
    visitor.settle()

    tab_to(visitor, "Download table (CSV)")
    # On its way the focus has chosen a cell of the table, which draws the page anew.
    visitor.settle()
    with visitor.page.expect_download() as sent:
        visitor.page.keyboard.press("Enter")
    assert sent.value.suggested_filename == "icc.csv"

    visitor.page.reload()
    visitor.settle()
    menu = ["Overview", "Judges", "Reliability (ICC)", "Inflation", "Scores (CSS/ARS)"]
    passed = tab_to(visitor, menu[-1])
    assert [name for name in passed if name in menu] == menu
    visitor.page.keyboard.press("Enter")
    expect(visitor.heading).to_have_text(HEADINGS["/scores"])
    visitor.settle()


@pytest.fixture(params=["accepts and says nothing", "refuses every connection"])
def hub_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of a Hub that is no use."""
    if request.param == "accepts and says nothing":
        with StandinHub({}, Manner.SILENT) as hub:
            yield hub.url
    else:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{unused.getsockname()[1]}"


def test_a_hub_that_does_not_answer_holds_nobody(windows: Windows, hub_address: str, tmp_path: Path) -> None:
    environment = {
        "MENTALBENCH_SOURCE": "hub",
        "HF_ENDPOINT": hub_address,
        "HF_HOME": str(tmp_path / "hf"),
        "XDG_CACHE_HOME": str(tmp_path / "xdg"),
    }
    with Server(tmp_path / "log", **environment) as server, Visitor(windows, server) as visitor:
        visitor.set_out_for("/inflation?judge=gpt-4o")
        expect(visitor.charts.first).to_be_visible()
        expect(visitor.in_short).to_contain_text("1 judge · 10 models · 7 attributes · Bundled snapshot")

        notice = visitor.sidebar.get_by_test_id("stAlert")
        expect(notice).to_have_text(re.compile("Hugging Face .+ The bundled snapshot is shown instead."))
        visitor.settle()
        visitor.sidebar.get_by_role("button", name="Try again").click()
        with Visitor(windows, server) as second:
            start = time.monotonic()
            second.set_out_for("/inflation?judge=o4-mini")
            expect(second.charts.first).to_be_visible()
            assert time.monotonic() - start < 15
            expect(second.sidebar.get_by_test_id("stAlert")).to_be_visible()
            second.settle()
            second.pill("Attributes", "Safety").click()
            expect(second.in_short).to_contain_text("1 judge · 10 models · 1 attribute · Bundled snapshot")
        expect(notice).to_be_visible()
        visitor.settle()
        assert visitor.filters() == {"judge": ["gpt-4o"]}
        assert visitor.chosen("Judges") == ["GPT-4o"]


def test_ratings_that_do_not_come_are_missed_where_they_were_asked_for(windows: Windows, tmp_path: Path) -> None:
    """The only way to GitHub is a proxy that hangs up; the test answers each attempt by hand, so that it can count."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        with (
            Server(tmp_path / "log", https_proxy=address, XDG_CACHE_HOME=str(tmp_path / "xdg")) as server,
            Visitor(windows, server) as visitor,
        ):
            visitor.go("/conversations?judge=gpt-4o")
            visitor.main.get_by_role("button", name="Load the ratings").click()
            again = visitor.main.get_by_role("button", name="Try again")
            for _ in range(2):
                expect(visitor.main.get_by_role("progressbar")).to_be_visible()
                proxy.accept()[0].close()
                expect(visitor.notices.filter(has_text="GitHub could not be reached")).to_be_visible()
                visitor.settle()
                notice, button = visitor.box(visitor.notices.last), visitor.box(again)
                assert 0 <= button["y"] - notice["y"] - notice["height"] < 50
                again.click()
            proxy.accept()[0].close()
            expect(again).to_be_visible()
            expect(visitor.heading).to_have_text(HEADINGS["/conversations"])
            expect(visitor.in_short).to_contain_text("1 judge · 10 models · 7 attributes · Bundled snapshot")
            visitor.settle()
            assert visitor.filters() == {"judge": ["gpt-4o"]}
