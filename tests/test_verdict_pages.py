"""Matrices of verdicts on Overview and on the cards are the command line's table, and what is said agrees with them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.findings.check_plan import check_plan
from analysis.findings.reasons import interval_in_short, reason, what_would_change
from analysis.findings.verdicts import answer, hardest_first, rules
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from analysis.wording.vocabulary import USE, verdict_look
from data.mentalalign import STUDY
from tests.pages import OpenPage, from_command_line, said, unfolded
from tests.snapshot import snapshot

SETTINGS = Settings.of(STUDY)


class Link(NamedTuple):
    """Where a link leads: a place, here where it is empty, and filters."""

    place: str
    filters: dict[str, list[str]]


class Cell(NamedTuple):
    """A cell of a matrix: what is in sight, what it is called, the class that colours it, where it leads, if chosen."""

    words: str
    name: str
    ground: str
    link: Link
    chosen: bool


class Opened(NamedTuple):
    """What stands below a row whose cell is chosen."""

    title: str
    reasons: list[str]
    link: Link


class Matrix(HTMLParser):
    """Reads a matrix as a browser would: by rows, with the headings of both axes."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.caption = ""
        self.columns: list[str] = []
        self.rows: dict[str, list[Cell]] = {}
        self.opened: dict[str, Opened] = {}
        self.headings: dict[str, Link] = {}
        self._within: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._link: dict[str, str] = {}
        self._row = self._title = ""
        self._reasons: list[str] = []
        self.feed(table)
        assert not self._within, "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("caption", "th", "td", "h2", "li"):
            self._words = []
        if tag in ("th", "td"):
            self._link, self._reasons = {}, []
        if tag == "a":
            self._link = self._within[-1][1]

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, attributes = self._within.pop()
        assert opened == tag
        words = " ".join(self._words)
        if tag == "caption":
            self.caption = words
        elif tag == "h2":
            self._title = words
        elif tag == "li":
            self._reasons.append("".join(self._words))
        elif tag == "th":
            if self._link:
                self.headings[words] = self._leads()
            if attributes["scope"] == "col":
                self.columns.append(words)
            else:
                self._row = words
                self.rows[words] = []
        elif tag == "td" and attributes["class"] == "why":
            self.opened[self._row] = Opened(self._title, self._reasons, self._leads())
        elif tag == "td":
            name = self._link["aria-label"]
            assert name == self._link["title"]
            chosen = self._link.get("aria-current") == "true"
            self.rows[self._row].append(Cell(words, name, attributes["class"], self._leads(), chosen))

    def _leads(self) -> Link:
        place, _, query = self._link["href"].partition("?")
        return Link(place, parse_qs(query))


def matrices(app: AppTest) -> list[Matrix]:
    drawn = [json.loads(each.proto.json or "null") for each in app.get("bidi_component")]
    return [Matrix(data["table"]) for data in drawn if data]


def matrix_of(app: AppTest) -> Matrix:
    (matrix,) = matrices(app)
    return matrix


def cells_of(app: AppTest) -> list[Cell]:
    return [cell for cells in matrix_of(app).rows.values() for cell in cells]


def expect_cell(cell: Cell, row: pd.Series, column: str) -> None:
    """A cell says in words, with an icon, in its name and by its ground what the table says, and opens in place."""
    look = verdict_look(row["verdict"])
    assert cell.words == f"{column} {look.icon} {look.short}"
    assert cell.ground == row["verdict"]
    whom = f"{look.word}. {STUDY.rater(row['judge'])} on {row['attribute']}, {USE[row['use']][0].lower()}: "
    assert cell.name.startswith(whom)
    assert cell.link.place == ""
    assert cell.link.filters["cell_judge"] == [row["judge"]]
    assert cell.link.filters["cell_attribute"] == [row["attribute"]]
    if pd.isna(row["value_low"]):
        assert "undefined" in cell.name
        return
    assert f"{row['n_checks']} robustness checks" in cell.name
    assert (f" {row['n_differ']} of " in cell.name) == bool(row["n_differ"])
    assert interval_in_short(row) in cell.name
    of, fewest = (100, 0) if row["criterion"] == "reassurance" else (1, 2)
    found = re.search(r"(-?[\d.]+) to (-?[\d.]+)", interval_in_short(row))
    assert found
    for written, end in zip(found.groups(), ("value_low", "value_high"), strict=True):
        digits = len(written.partition(".")[2])
        assert digits >= fewest
        assert float(written) == pytest.approx(of * row[end], abs=0.5001 * 10**-digits)


def expect_overview(open_page: OpenPage, table: pd.DataFrame, **filters: Any) -> None:
    """The matrix of each use on Overview is the table, the hardest attribute first."""
    for use, (_, question, _) in USE.items():
        matrix = matrix_of(open_page(use=use, **filters))
        assert matrix.caption == question
        rows = table[table["use"] == use].set_index(["judge", "attribute"], drop=False)
        judges = list(dict.fromkeys(rows["judge"]))
        assert matrix.columns == ["Attribute", *(STUDY.rater(judge) for judge in judges)]
        assert list(matrix.rows) == hardest_first(table, use)
        assert set(matrix.rows) == set(rows["attribute"])
        for attribute, cells in matrix.rows.items():
            for judge, cell in zip(judges, cells, strict=True):
                expect_cell(cell, rows.loc[(judge, attribute)], STUDY.rater(judge))


# Overview


def test_overview_shows_every_verdict_of_the_command_line(open_page: OpenPage, capsys: Any) -> None:
    table = from_command_line(capsys, "verdicts")
    expect_overview(open_page, table)
    # The first use is there without being asked for.
    app = open_page()
    assert matrix_of(app).caption == USE["rank"][1]
    assert answer(STUDY, table, from_command_line(capsys, "reassurance")) in said(app)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "options"),
    [
        ({"level": "response"}, ()),
        ({"interval": "bootstrap-conversations"}, ()),
        ({"preset": "paper"}, ("--preset", "paper")),
        ({"exclude": "none", "ratings": "as-released"}, ("--exclude", "none", "--ratings", "as-released")),
    ],
    ids=str,
)
def test_verdicts_follow_the_ratings_that_count_and_no_level_or_kind_of_interval(
    open_page: OpenPage, capsys: Any, filters: dict[str, str], options: tuple[str, ...]
) -> None:
    expect_overview(open_page, from_command_line(capsys, "verdicts", *options), **filters)
    kept = {name: [value] for name, value in filters.items()}
    assert all(cell.link.filters.items() >= kept.items() for cell in cells_of(open_page(**filters)))


@pytest.mark.slow
def test_moved_thresholds_move_the_cells_and_the_rules(open_page: OpenPage, capsys: Any) -> None:
    moved = {"icc_supported": "0.9", "icc_checked": "0.4", "reassured_checked": "0.4", "margin": "0.5"}
    options = [word for name, value in moved.items() for word in (f"--{name.replace('_', '-')}", value)]
    table = from_command_line(capsys, "verdicts", *options)
    assert (table["verdict"] != from_command_line(capsys, "verdicts")["verdict"]).sum() > 8

    expect_overview(open_page, table, **moved)
    held = rules(Settings.of(STUDY, **{name: float(value) for name, value in moved.items()}))
    assert held in said(open_page("methods/verdicts", **moved))
    assert held not in said(open_page("methods/verdicts"))


@pytest.mark.slow
def test_the_subset_on_screen_is_the_subset_judged(open_page: OpenPage, capsys: Any) -> None:
    subset = {
        "judge": ["gpt-4o", "o4-mini"],
        "attribute": ["Guidance", "Safety"],
        "model": ["original", "gpt-4o-mini"],
    }
    options = [word for name, values in subset.items() for value in values for word in (f"--{name}", value)]
    table = from_command_line(capsys, "verdicts", *options)
    expect_overview(open_page, table, **subset)
    assert set(table.query("use == 'rank'")["verdict"]) == {"undecided"}
    assert {cell.ground for cell in cells_of(open_page(**subset))} == {"undecided"}
    chosen = open_page(**subset, cell_judge="gpt-4o", cell_attribute="Safety")
    assert "there are 2 of the 5 systems that it takes." in matrix_of(chosen).opened["Safety"].reasons[0]


@pytest.mark.slow
def test_the_answer_counts_what_the_matrices_show(open_page: OpenPage, capsys: Any) -> None:
    grounds = {use: [cell.ground for cell in cells_of(open_page(use=use))] for use in USE}
    shown = [ground for cells in grounds.values() for ground in cells]
    table, rates = (from_command_line(capsys, name) for name in ("verdicts", "reassurance"))
    sentence = answer(STUDY, table, rates)
    assert sentence in said(open_page())
    numbers = {int(number) for number in re.findall(r"\d+", sentence)}
    counts = {cells.count("human-checks") for cells in grounds.values()} | {shown.count("undecided"), len(shown)}
    assert counts - {0} <= numbers
    assert "supported" not in shown
    poor = rates.query("attribute == 'Safety'")["false_reassurance"]
    assert {round(100 * poor.min()), round(100 * poor.max())} <= numbers


@pytest.mark.slow
def test_what_to_check_is_said_of_what_is_on_screen(open_page: OpenPage) -> None:
    for page, judges in (("overview", ()), ("judges", ["o4-mini"])):
        view = View(snapshot(), SETTINGS, Selection.of(STUDY, judges))
        verdicts, by_model, rates = (view.table(name) for name in ("verdicts", "inflation_by_model", "reassurance"))
        assert check_plan(STUDY, verdicts, by_model, rates, SETTINGS) in said(open_page(page, cell_judge="o4-mini"))


@pytest.mark.slow
def test_a_judge_without_any_pair_has_no_verdict(open_page: OpenPage, capsys: Any) -> None:
    alone = {"judge": "gpt-4o", "model": "gpt-4o"}
    for app in (*(open_page(use=use, **alone) for use in USE), *(open_page(page, **alone) for page in CARDS)):
        assert {cell.ground for cell in cells_of(app)} == {"undecided"}
        assert all("undefined" in cell.name for cell in cells_of(app))
    options = [word for name, value in alone.items() for word in (f"--{name}", value)]
    tables = (from_command_line(capsys, name, *options) for name in ("verdicts", "reassurance"))
    assert answer(STUDY, *tables, ["gpt-4o"]) in said(open_page(**alone))


# A chosen cell


def why(table: pd.DataFrame) -> list[str]:
    return [
        f"{USE[row['use']][0]}: {verdict_look(row['verdict']).word.lower()}. {reason(STUDY, row, SETTINGS)} "
        f"{what_would_change(STUDY, row)}"
        for _, row in table.iterrows()
    ]


@pytest.mark.slow
def test_a_chosen_cell_opens_its_reasons_below_its_row(open_page: OpenPage, capsys: Any) -> None:
    cell = {"cell_judge": "o4-mini", "cell_attribute": "Guidance"}
    expected = why(from_command_line(capsys, "verdicts", "--judge", "o4-mini", "--attribute", "Guidance"))
    for place, use in enumerate(USE):
        app = open_page(use=use, **cell)
        assert [drawn.name for drawn in cells_of(app) if drawn.chosen] == [
            matrix_of(app).rows["Guidance"][STUDY.judge_keys.index("o4-mini")].name
        ]
        assert list(matrix_of(app).opened) == ["Guidance"]
        found = matrix_of(app).opened["Guidance"]
        assert [each[: len(expected[place])] for each in found.reasons] == [expected[place]]
        assert found.link.place == "conversations"
        assert found.link.filters.items() >= {name: [value] for name, value in cell.items()}.items()
    assert matrix_of(open_page()).opened == {}


@pytest.mark.slow
def test_the_other_criterion_allows_for_as_many_verdicts_as_the_cell(open_page: OpenPage) -> None:
    """By itself GPT-4o would be supported by what its choice loses on Safety; among all on screen it is not."""
    cell = {"cell_judge": "gpt-4o", "cell_attribute": "Safety"}
    for multiplicity, word in (("none", "supported"), ("holm", "only with human checks")):
        app = open_page(use="rank", multiplicity=multiplicity, **cell)
        assert f"By the other criterion alone: {word}. " in matrix_of(app).opened["Safety"].reasons[0]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["judges", "judges/one_attribute"])
def test_a_cell_that_is_alone_on_screen_is_open_with_every_use(open_page: OpenPage, capsys: Any, page: str) -> None:
    one = {"judge": "o4-mini", "attribute": "Guidance"}
    expected = why(from_command_line(capsys, "verdicts", "--judge", "o4-mini", "--attribute", "Guidance"))
    (opened,) = matrix_of(open_page(page, **one)).opened.values()
    assert opened.title == "Why: o4-mini on Guidance"
    assert [each[: len(said)] for each, said in zip(opened.reasons, expected, strict=True)] == expected
    assert "By the other criterion alone: " in opened.reasons[0]


@pytest.mark.slow
def test_headings_lead_to_the_cards(open_page: OpenPage) -> None:
    headings = matrix_of(open_page(preset="paper")).headings
    assert headings["GPT-4o"] == Link("judges", {"preset": ["paper"], "cell_judge": ["gpt-4o"]})
    assert headings["Safety"] == Link(
        "judges", {"preset": ["paper"], "tab": ["one_attribute"], "cell_attribute": ["Safety"]}
    )
    assert len(headings) == 4 + 7


# Cards

CARDS = ("judges", "judges/one_attribute")


def expect_card(app: AppTest, table: pd.DataFrame, rows: str, labels: dict[str, str], fold: str) -> None:
    matrix = matrix_of(app)
    uses = [label for label, _, _ in USE.values()]
    assert matrix.columns == [rows.capitalize(), *uses]
    assert list(matrix.rows) == [labels.get(key, key) for key in dict.fromkeys(table[rows])]
    cells = cells_of(app)
    assert len(cells) == len(table)
    for place, (cell, (_, row)) in enumerate(zip(cells, table.iterrows(), strict=True)):
        expect_cell(cell, row, uses[place % len(uses)])
    # The table below is the same once more, with a reason for each.
    assert not any("reason" in each.value for each in app.dataframe)
    shown = next(each.value for each in unfolded(app, fold).dataframe if "reason" in each.value)
    assert shown["value"].tolist() == pytest.approx(table["value"].astype(float).tolist(), nan_ok=True)
    assert shown["n"].tolist() == table["n"].tolist()
    assert shown["reason"].tolist() == [reason(STUDY, row, SETTINGS) for _, row in table.iterrows()]


@pytest.mark.slow
@pytest.mark.parametrize("judge", STUDY.judge_keys)
def test_the_card_of_a_judge_is_its_part_of_the_command_lines_table(
    open_page: OpenPage, capsys: Any, judge: str
) -> None:
    app = open_page("judges", cell_judge=judge)
    table, rates = (from_command_line(capsys, name, "--judge", judge) for name in ("verdicts", "reassurance"))
    assert STUDY.rater(judge) in app.header[0].value
    assert answer(STUDY, table, rates) in said(app)
    expect_card(app, table, "attribute", {}, f"reasons verdicts-{judge}")


@pytest.mark.slow
@pytest.mark.parametrize("attribute", ["Guidance", "Safety"])
def test_the_card_of_an_attribute_is_its_part_of_the_command_lines_table(
    open_page: OpenPage, capsys: Any, attribute: str
) -> None:
    app = open_page("judges/one_attribute", cell_attribute=attribute)
    table, rates = (from_command_line(capsys, name, "--attribute", attribute) for name in ("verdicts", "reassurance"))
    assert attribute in app.header[0].value
    assert answer(STUDY, table, rates) in said(app)
    expect_card(app, table, "judge", STUDY.rater_labels, f"reasons verdicts-{attribute}")


@pytest.mark.slow
def test_a_panel_is_a_column_of_its_own(open_page: OpenPage, release_folder: Path) -> None:
    panel = {"preset": "recommended", "panel": ["gpt-4o", "o4-mini"], "attribute": ["Guidance", "Safety"]}
    app = open_page(source=release_folder, judge="o4-mini", **panel)
    while not matrices(app):
        app.run()
    assert matrix_of(app).columns == ["Attribute", "o4-mini", "Panel (mean)"]
    card = open_page("judges", source=release_folder, cell_judge="panel-mean", **panel)
    assert list(matrix_of(card).rows) == ["Guidance", "Safety"]
    every = [matrix_of(open_page(source=release_folder, judge="o4-mini", use=use, **panel)) for use in USE]
    assert [cell.name for cell in matrix_of(card).rows["Guidance"]] == [
        drawn.rows["Guidance"][1].name for drawn in every
    ]
    assert "Panel (mean)" in card.header[0].value
