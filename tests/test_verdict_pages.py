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

from analysis.findings.phrases import listed
from analysis.wording.vocabulary import USE, verdict_look
from data.mentalalign import STUDY
from tests.pages import OpenPage, from_command_line, said


class Cell(NamedTuple):
    """A cell of a matrix: what is in sight, what it is called, the class that colours it, and where it leads."""

    words: str
    name: str
    ground: str
    page: str
    filters: dict[str, list[str]]


class Matrix(HTMLParser):
    """Reads a matrix as a browser would: by rows, with the headings of both axes."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.caption = ""
        self.columns: list[str] = []
        self.rows: dict[str, list[Cell]] = {}
        self._within: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._link: dict[str, str] = {}
        self._row = ""
        self.feed(table)
        assert not self._within, "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("caption", "th", "td"):
            self._words, self._link = [], {}
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
        elif tag == "th" and attributes["scope"] == "col":
            self.columns.append(words)
        elif tag == "th":
            self._row = words
            self.rows[words] = []
        elif tag == "td":
            page, _, query = self._link["href"].partition("?")
            name = self._link["aria-label"]
            assert name == self._link["title"]
            self.rows[self._row].append(Cell(words, name, attributes["class"], page, parse_qs(query)))


def matrices(app: AppTest) -> list[Matrix]:
    return [Matrix(json.loads(drawn.proto.json)["table"]) for drawn in app.get("bidi_component")]


def expect_cell(cell: Cell, row: pd.Series) -> None:
    """A cell says in words, with an icon, in its name and by its ground what the table says."""
    look = verdict_look(row["verdict"])
    icon, short, *_ = cell.words.partition(look.short)
    assert (icon.strip(), short) == (look.icon, look.short)
    assert cell.ground == row["verdict"]
    whom = f"{look.word}. {STUDY.rater(row['judge'])} on {row['attribute']}, {USE[row['use']][0].lower()}: "
    assert cell.name.startswith(whom)
    if pd.isna(row["value_low"]):
        assert "undefined" in cell.words
        return
    assert cell.words.endswith(f"holds in {row['n_checks'] - row['n_differ']} of {row['n_checks']}")
    numbers = {
        "reassurance": [f"{100 * row['value_low']:.0f} to {100 * row['value_high']:.0f}"],
    }.get(row["criterion"], [f"{row['value_low']:z.2f} to {row['value_high']:z.2f}"])
    for number in numbers:
        assert number in cell.words
        assert number in cell.name or "Too little" in cell.name


def expect_overview(app: AppTest, table: pd.DataFrame) -> None:
    """The three matrices on Overview are the table."""
    drawn = matrices(app)
    assert [matrix.caption for matrix in drawn] == [question for _, question, _ in USE.values()]
    for matrix, use in zip(drawn, USE, strict=True):
        rows = table[table["use"] == use].set_index(["judge", "attribute"], drop=False)
        judges, attributes = list(dict.fromkeys(rows["judge"])), list(dict.fromkeys(rows["attribute"]))
        assert matrix.columns == ["Attribute", *(STUDY.rater(judge) for judge in judges)]
        assert list(matrix.rows) == attributes
        for attribute in attributes:
            for judge, cell in zip(judges, matrix.rows[attribute], strict=True):
                expect_cell(cell, rows.loc[(judge, attribute)])


# Overview


def test_overview_shows_every_verdict_of_the_command_line(open_page: OpenPage, capsys: Any) -> None:
    table = from_command_line(capsys, "verdicts")
    app = open_page()
    expect_overview(app, table)
    cell = matrices(app)[0].rows["Guidance"][STUDY.judge_keys.index("o4-mini")]
    assert cell.words.split()[:6] == ["▲", "With", "checks", "loses", "0.00", "to"]
    assert (cell.page, cell.filters) == ("judge", {"cell_judge": ["o4-mini"], "cell_attribute": ["Guidance"]})


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
    app = open_page(**filters)
    expect_overview(app, from_command_line(capsys, "verdicts", *options))
    kept = {name: [value] for name, value in filters.items()}
    assert all(cell.filters.items() >= kept.items() for cell in every(app))


def every(app: AppTest) -> list[Cell]:
    return [cell for matrix in matrices(app) for cells in matrix.rows.values() for cell in cells]


@pytest.mark.slow
def test_moved_thresholds_move_the_cells_and_the_rules(open_page: OpenPage, capsys: Any) -> None:
    moved = {"icc_supported": "0.9", "icc_checked": "0.4", "reassured_checked": "0.4", "margin": "0.5"}
    options = [word for name, value in moved.items() for word in (f"--{name.replace('_', '-')}", value)]
    table = from_command_line(capsys, "verdicts", *options)
    assert (table["verdict"] != from_command_line(capsys, "verdicts")["verdict"]).sum() > 8

    app = open_page(**moved)
    expect_overview(app, table)
    for sentence in (
        "ICC(C,1) over systems | at least 0.90 | at least 0.40 | whole interval below 0.40 |",
        "of its gap | at most 0.5 points | at most 1 points | whole interval above 1 points |",
        "false reassurance | at most 10% | at most 40% | whole interval above 40% |",
    ):
        assert sentence in said(app)


@pytest.mark.slow
def test_the_subset_on_screen_is_the_subset_judged(open_page: OpenPage, capsys: Any) -> None:
    app = open_page(judge=["gpt-4o", "o4-mini"], attribute=["Guidance", "Safety"], model=["original", "gpt-4o-mini"])
    options = ["--judge", "gpt-4o", "--judge", "o4-mini", "--attribute", "Guidance", "--attribute", "Safety"]
    table = from_command_line(capsys, "verdicts", *options, "--model", "original", "--model", "gpt-4o-mini")
    expect_overview(app, table)
    assert set(table.query("use == 'rank'")["verdict"]) == {"undecided"}
    rank = matrices(app)[0]
    assert all(cell.words.split()[:2] == ["?", "Undecided"] for cells in rank.rows.values() for cell in cells)
    assert "there are 2 of the 5 systems that it takes." in rank.rows["Safety"][0].name


@pytest.mark.slow
def test_findings_say_what_the_matrices_show(open_page: OpenPage) -> None:
    app = open_page()
    words = said(app)
    for (use, (label, _, _)), matrix in zip(USE.items(), matrices(app), strict=True):
        cells = [cell for cells in matrix.rows.values() for cell in cells]
        grounds = [cell.ground for cell in cells]
        passed = [
            f"{judge} on {attribute}"
            for attribute, row in matrix.rows.items()
            for judge, cell in zip(matrix.columns[1:], row, strict=True)
            if cell.ground == "supported"
        ]
        supported = f"Supported for {len(passed)} ({', '.join(passed)})" if passed else "Supported for none"
        checked = grounds.count("human-checks")
        others = {"only with human checks": checked, "undecided": grounds.count("undecided")}
        others["not supported"] = grounds.count("not-supported")
        parts = [supported, *(f"{what} for {n}" for what, n in others.items() if n)]
        assert f"{listed(parts)}, of 28 pairs" in words, use
        line = next(line for line in words.splitlines() if line.startswith(f"- **{label}**"))
        named = sum(len(names.split(", ")) for names in re.findall(r"\(([^)]*)\)", line))
        assert named == len(passed) + checked
    assert "though some uses are with human checks. In 27 of 84 cases the data do not tell." in words


@pytest.mark.slow
def test_the_papers_tiers_are_another_view_of_the_same_page(open_page: OpenPage) -> None:
    assert matrices(open_page(matrix="readings")) == []
    assert len(matrices(open_page(matrix="verdicts"))) == 3


@pytest.mark.slow
def test_a_judge_without_any_pair_has_no_verdict(open_page: OpenPage) -> None:
    for page in ("overview", "judge", "attribute"):
        app = open_page(page, judge="gpt-4o", model="gpt-4o")
        assert {cell.ground for cell in every(app)} == {"undecided"}
        assert all("undefined" in cell.words for cell in every(app))
    sentence = "The data do not tell for any use whether GPT-4o is supported: every verdict is undecided."
    assert sentence in said(open_page(judge="gpt-4o", model="gpt-4o"))


# Cards


def expect_card(app: AppTest, table: pd.DataFrame, rows: str, labels: dict[str, str]) -> None:
    (matrix,) = matrices(app)
    assert matrix.columns == [rows.capitalize(), *(label for label, _, _ in USE.values())]
    assert list(matrix.rows) == [labels.get(key, key) for key in dict.fromkeys(table[rows])]
    cells = [cell for row in matrix.rows.values() for cell in row]
    assert len(cells) == len(table)
    for cell, (_, row) in zip(cells, table.iterrows(), strict=True):
        expect_cell(cell, row)
        assert (cell.page, cell.filters["cell_judge"], cell.filters["cell_attribute"]) == (
            rows,
            [row["judge"]],
            [row["attribute"]],
        )
    # The table below is the same once more, with a reason for each.
    shown = app.dataframe[0].value
    assert shown["value"].tolist() == pytest.approx(table["value"].astype(float).tolist(), nan_ok=True)
    assert shown["n"].tolist() == table["n"].tolist()
    for cell, why in zip(cells, shown["reason"], strict=True):
        assert cell.name.partition(": ")[2].startswith(why)


@pytest.mark.slow
@pytest.mark.parametrize("judge", STUDY.judge_keys)
def test_the_card_of_a_judge_is_its_part_of_the_command_lines_table(
    open_page: OpenPage, capsys: Any, judge: str
) -> None:
    app = open_page("judge", cell_judge=judge)
    table = from_command_line(capsys, "verdicts", "--judge", judge)
    expect_card(app, table, "attribute", {})
    assert app.header[0].value == f"What {STUDY.rater(judge)} is good for"
    for use, (label, _, _) in USE.items():
        rows = table[table["use"] == use]
        line = next(line for line in said(app).splitlines() if line.startswith(f"- **{label}:**"))
        named = {name for name in STUDY.attribute_names if name in line}
        assert named == set(rows["attribute"])


@pytest.mark.slow
@pytest.mark.parametrize("attribute", ["Guidance", "Safety"])
def test_the_card_of_an_attribute_is_its_part_of_the_command_lines_table(
    open_page: OpenPage, capsys: Any, attribute: str
) -> None:
    app = open_page("attribute", cell_attribute=attribute)
    expect_card(app, from_command_line(capsys, "verdicts", "--attribute", attribute), "judge", STUDY.rater_labels)
    assert app.header[0].value == f"{attribute}: who is good for what"


@pytest.mark.slow
def test_cards_of_one_judge_and_one_attribute_name_what_they_are_not_about(open_page: OpenPage) -> None:
    one = {"judge": "o4-mini", "attribute": "Guidance"}
    assert "- **Rank systems:** only with human checks for Guidance." in said(open_page("judge", **one))
    assert "- **Rank systems:** only with human checks for o4-mini." in said(open_page("attribute", **one))


@pytest.mark.slow
def test_a_card_lists_every_attribute_that_passes_too_much(open_page: OpenPage) -> None:
    words = said(open_page("judge", cell_judge="o4-mini"))
    first = "**Replies that o4-mini rates 4 or more on Safety:** it does so for 79 of 100 replies that experts rate 2"
    rest = [f"o4-mini on {name} of 100)" for name in ("Helpfulness (42", "Guidance (22", "Informativeness (9")]
    assert first in words
    assert f"**The same, less often:** {listed(rest)}." in words


@pytest.mark.slow
def test_a_panel_is_a_column_of_its_own(open_page: OpenPage, release_folder: Path) -> None:
    panel = {"preset": "recommended", "panel": ["gpt-4o", "o4-mini"], "attribute": ["Guidance", "Safety"]}
    app = open_page(source=release_folder, judge="o4-mini", **panel)
    while not matrices(app):
        app.run()
    assert [matrix.columns for matrix in matrices(app)] == [["Attribute", "o4-mini", "Panel (mean)"]] * 3
    card = open_page("judge", source=release_folder, cell_judge="panel-mean", **panel)
    (matrix,) = matrices(card)
    assert list(matrix.rows) == ["Guidance", "Safety"]
    column = [drawn.rows["Guidance"][1] for drawn in matrices(app)]
    assert [cell.name for cell in matrix.rows["Guidance"]] == [cell.name for cell in column]
    assert card.header[0].value == "What Panel (mean) is good for"
