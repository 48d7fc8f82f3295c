"""The report: its contents are the analysis's, hold for every view, and are shown as they stand."""

import itertools
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest

from analysis.__main__ import main
from analysis.outputs.view import View, software
from analysis.ratings.settings import Selection, Settings
from analysis.report import SECTION_NAMES
from analysis.report.contents import report
from analysis.report.document import (
    Bullets,
    Cell,
    Contents,
    Document,
    Figure,
    Head,
    Heading,
    Link,
    Matrix,
    Notice,
    Paragraph,
    Table,
    Words,
    plain,
)
from analysis.report.html import to_html
from analysis.report.prose import blocks, inline
from analysis.report.sections import SECTIONS
from analysis.wording import sections, sections_of, text
from analysis.wording.vocabulary import verdict_look
from data.counts_file import BUNDLED, read_counts
from data.data_errors import DATA_ERROR, with_kinds
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.remote.progress import Progress
from data.sources import load, load_snapshot
from tests.pages import OpenPage, unfolded

DAY = date(2026, 1, 31)
HOME = "https://judges.example.org"
DATASET = load_snapshot()
SUMMARY = ["What may each judge be used for?", "What is not known", "What to check before use", "Source"]


def view(preset: str = "recommended", level: str = "model", selection: Selection | None = None, **choices: Any) -> View:
    return View(DATASET, Settings.of(STUDY, preset, level, **choices), selection or Selection.of(STUDY))


def made(shown: View, chosen: tuple[str, ...] = SECTION_NAMES) -> Document:
    return report(shown, chosen, shown.link(HOME), DAY)


def of_kind(document: Document, kind: Any) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


def words(text: tuple[Words, ...]) -> str:
    return "".join(part.words for part in text)


def cells(table: Table) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in table.rows]


def table_named(document: Document, caption: str) -> Table:
    return next(table for table in of_kind(document, Table) if caption in table.caption)


def verdicts_in(matrix: Matrix, uses: tuple[str, ...]) -> dict[tuple[str, str, str], str]:
    """Give the word of each cell by use, judge and attribute."""
    return {
        (use, judge, attribute): cell.word
        for use, (_, rows) in zip(uses, matrix.groups, strict=True)
        for attribute, row in rows
        for judge, cell in zip(matrix.heads[1:], row, strict=True)
    }


def said(document: Document) -> str:
    """All words of a report outside tables and charts."""
    lines = [words(block.text) for block in of_kind(document, (Paragraph, Notice))]
    lines += [words(item) for block in of_kind(document, Bullets) for item in block.items]
    return "\n".join([*lines, *(figure.finding for figure in of_kind(document, Figure))])


def from_command_line(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict[str, Any]]:
    assert main([*argv, "--source", "snapshot", "--format", "json"]) == 0
    return list(json.loads(capsys.readouterr().out))


@pytest.fixture(scope="module")
def whole() -> Document:
    return made(view())


# Contents


@pytest.mark.slow
def test_the_matrices_hold_the_verdicts_of_the_command_line(
    whole: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = from_command_line(capsys, "verdicts")
    summary, *annex = of_kind(whole, Matrix)
    asked = {
        (row["use"], STUDY.rater(row["judge"]), row["attribute"]): verdict_look(row["verdict"]).short
        for row in expected
    }
    assert verdicts_in(summary, ("rank", "score", "reply")) == asked
    apart = [verdicts_in(matrix, (use,)) for matrix, use in zip(annex, ("rank", "score", "reply"), strict=True)]
    assert apart[0] | apart[1] | apart[2] == asked


@pytest.mark.slow
def test_a_cell_of_a_matrix_shows_the_interval_that_decides(
    whole: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(
        row
        for row in from_command_line(capsys, "verdicts", "--judge", "o4-mini", "--attribute", "Guidance")
        if row["use"] == "rank"
    )
    matrix = of_kind(whole, Matrix)[1]
    cell = dict(matrix.groups[0][1])["Guidance"][matrix.heads.index("o4-mini") - 1]
    assert (cell.icon, cell.word) == ("▲", "With checks")
    # The upper end does not keep to 0.1, to which it would round.
    assert cell.figure == f"loses {row['value_low']:.2f} to {row['value_high']:.3f}"


@pytest.mark.slow
def test_the_tables_are_the_command_lines_rounded(whole: Document, capsys: pytest.CaptureFixture[str]) -> None:
    icc = from_command_line(capsys, "icc")
    table = table_named(whole, "Intraclass correlations")
    heads = [head.words for head in table.heads]
    assert [row[heads.index("ICC(C,1)")] for row in cells(table)] == [f"{row['icc_c1']:.2f}" for row in icc]
    assert [row[heads.index("A interval")] for row in cells(table)] == [
        f"{row['icc_a1_low']:.2f} to {row['icc_a1_high']:.2f}" for row in icc
    ]
    bias = from_command_line(capsys, "inflation")
    table = table_named(whole, "Means of judges and experts")
    heads = [head.words for head in table.heads]
    assert [row[heads.index("Bias")] for row in cells(table)] == [f"{row['bias']:+.2f}" for row in bias]


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["recommended", "paper"])
def test_every_part_is_under_the_settings_that_are_named(preset: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = made(view(preset), ("replies", "origin"))
    rates = from_command_line(capsys, "reassurance", "--preset", preset)
    table = table_named(shown, "False reassurance of every judge")
    column = [head.words for head in table.heads].index("False reassurance")
    assert [row[column] for row in cells(table)] == [f"{row['false_reassurance']:.0%}" for row in rates]
    assert ("Differs from the recommended settings: every number" in said(shown)) == (preset == "paper")


@pytest.mark.slow
def test_all_parts_are_there_in_order_and_only_the_chosen_ones() -> None:
    titles = [sections("sections")[name].title for name in SECTION_NAMES]
    assert list(SECTION_NAMES) == list(sections_of(STUDY, "sections"))
    assert list(SECTIONS) == [name for name in SECTION_NAMES if name in SECTIONS]
    for chosen in ((), ("scores", "reasons"), SECTION_NAMES):
        found = [block.words for block in of_kind(made(view(), tuple(chosen)), Heading)]
        assert [title for title in found if title in titles] == [
            title for name, title in zip(SECTION_NAMES, titles, strict=True) if name in chosen
        ]
        assert found[:4] == SUMMARY
        assert bool(of_kind(made(view(), tuple(chosen)), Contents)) == bool(chosen)


def test_the_summary_is_what_a_board_needs(capsys: pytest.CaptureFixture[str]) -> None:
    summary = made(view(), ())
    assert [block.words for block in of_kind(summary, Heading)] == SUMMARY
    assert len(of_kind(summary, Matrix)) == 1
    assert not of_kind(summary, Table)
    assert not of_kind(summary, Figure)
    first = words(of_kind(summary, Paragraph)[0].text)
    assert 2 <= len(re.findall(r"\.(?: |$)", first)) <= 3
    rates = [row["false_reassurance"] for row in from_command_line(capsys, "reassurance", "--attribute", "Safety")]
    assert f"calls {100 * min(rates):.0f} safe (the fewest)" in first
    assert f"{100 * max(rates):.0f} (the most)" in first
    undecided = sum(row["verdict"] == "undecided" for row in from_command_line(capsys, "verdicts"))
    assert f"treat it as not supported ({undecided} of 84 verdicts)" in said(summary)
    assert "How many experts stand behind it".lower() in said(summary).lower()
    assert "Each figure compares 9 systems." in said(summary)
    assert "It gives no advice about any person and does not say that any reply is safe." in said(summary)
    for choice in [*view().choices(), *view().thresholds()]:
        assert choice in said(summary)
    assert all(record.name in said(summary) for record in DATASET.provenance.every_file)
    assert of_kind(summary, Link)[0].address == HOME


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_a_link_that_leads_nowhere_from_another_machine_is_not_printed(host: str) -> None:
    document = report(view(), ("origin", "checklists"), view().link(f"http://{host}"), DAY)
    answers = [cell for table in of_kind(document, Table) for row in cells(table) for cell in row]
    everything = "\n".join([said(document), *answers])
    assert not of_kind(document, Link)
    assert "link" not in everything.lower()
    assert "The dashboard gives every table, python -m analysis with every digit" in everything
    linked = made(view(), ("origin", "checklists"))
    answers = [cell for table in of_kind(linked, Table) for row in cells(table) for cell in row]
    assert any("The dashboard gives every table under the link of the summary" in answer for answer in answers)


def test_every_cell_of_the_summary_has_an_icon_and_a_word() -> None:
    (matrix,) = of_kind(made(view(), ()), Matrix)
    every = [cell for _, rows in matrix.groups for _, row in rows for cell in row]
    assert len(every) == 84
    assert all(cell.icon and cell.word and not cell.figure for cell in every)
    assert len({(cell.icon, cell.word) for cell in every}) == len({cell.colour for cell in every})


@pytest.mark.slow
@pytest.mark.parametrize("choices", [{}, {"preset": "paper"}, {"level": "response"}, {"ratings": "as-released"}])
def test_nothing_makes_sense_on_a_screen_alone(choices: dict[str, Any]) -> None:
    document = made(view(**choices))
    tables = [cell for table in of_kind(document, Table) for row in cells(table) for cell in row]
    everything = "\n".join([said(document), *tables, *(block.words for block in of_kind(document, Heading))])
    of_a_screen = (
        r"on screen|sidebar|\bbuttons?\b|\bclick|\bhover|\bchoose a cell|the page [A-Z]|[A-Z]\w+ page\b|"
        r"“Analysis choices”|see below|named below|see above"
    )
    assert re.findall(rf".*(?:{of_a_screen}).*", everything) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choices", "differs"),
    [
        ({}, False),
        ({"preset": "paper"}, True),
        ({"interval": "bootstrap-conversations"}, True),
        ({"level": "response"}, False),
        ({"level": "response", "interval": "exact-f"}, True),
    ],
)
def test_two_intervals_of_one_icc_are_told_apart(choices: dict[str, Any], differs: bool) -> None:
    """Verdicts have an interval of their own kind; where the tables have another, the report says so."""
    shown = view(**choices)
    of_level = {"model": ("icc_c1", "consistency"), "response": ("icc_a1", "reply_agreement")}
    name, criterion = of_level[shown.settings.level]
    verdicts = shown.table("verdicts")
    verdicts = verdicts[verdicts["criterion"] == criterion]
    both = verdicts.merge(shown.table("icc"), on=["judge", "attribute"])
    assert (both["value"] - both[name]).abs().max() < 1e-9
    assert ((both["value_low"] - both[f"{name}_low"]).abs().max() > 0.005) == differs
    notices = "\n".join(words(block.text) for block in of_kind(made(shown, ("reliability",)), Notice))
    assert ("has the interval" in notices) == differs


@pytest.mark.slow
def test_headings_never_go_down_more_than_one_level(whole: Document) -> None:
    levels = [block.level for block in of_kind(whole, Heading)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.slow
def test_source_files_and_settings_are_named(whole: Document) -> None:
    came = DATASET.provenance
    files = cells(table_named(whole, "Files that were read"))
    assert files == [[record.name, record.sha256] for record in came.every_file]
    assert f"revision {came.revision}, 1,000 conversations" in said(whole)
    assert all(f"{name} {number}" in said(whole) for name, number in software().items())
    for choice in [*view().choices(), *view().thresholds()]:
        assert choice in said(whole)
    assert text("methods", "limits").splitlines()[0].removeprefix("- ")[:60] in said(whole)


@pytest.mark.slow
def test_data_errors_are_the_ledgers_and_the_same_in_the_snapshot(released: Ratings, release_folder: Path) -> None:
    dataset = load(str(release_folder), Progress())
    counted = with_kinds(released.ledger).groupby(["file", "kind"]).size()
    expected = sorted([file, DATA_ERROR[kind].label, f"{n:,}"] for (file, kind), n in counted.items())
    for source in (dataset, DATASET):
        shown = View(source, Settings.of(STUDY), Selection.of(STUDY, ["gpt-4o"], attributes=["Safety"]))
        assert sorted(cells(table_named(made(shown, ("origin",)), "Data errors by file"))) == expected


def test_the_snapshots_data_errors_are_those_in_its_metadata() -> None:
    told = json.loads(pq.read_schema(BUNDLED).metadata[b"counts"])
    assert [list(error) for error in DATASET.provenance.data_errors] == told["data_errors"]
    assert read_counts()[1].data_errors == DATASET.provenance.data_errors


@pytest.mark.slow
def test_every_column_of_every_table_is_defined(whole: Document) -> None:
    defined = {row[0] for row in cells(table_named(whole, "The columns of the tables"))}
    used = {head.term for table in of_kind(whole, Table) for head in table.heads if head.term}
    assert {sections_of(STUDY, "terms")[term].title for term in used} == defined
    assert [row[0] for row in cells(table_named(whole, "The attributes"))] == list(STUDY.attribute_names)


@pytest.mark.slow
def test_the_checklists_have_all_their_items_answered(whole: Document) -> None:
    for caption, count in (("15 items of GRRAS", 15), ("13 items for limits", 13)):
        rows = cells(table_named(whole, caption))
        assert [int(row[0].split(".")[0]) for row in rows] == list(range(1, count + 1))
        assert all(row[1].endswith(".") and "{" not in row[1] and "nan" not in row[1] for row in rows)
    grras = {row[0]: row[1] for row in cells(table_named(whole, "GRRAS"))}
    actual = next(answer for item, answer in grras.items() if item.startswith("11."))
    assert actual.startswith("4 judges and the experts; 10 models; 8,729 to 8,740 pairs of ratings")


@pytest.mark.slow
def test_what_was_not_done_says_why(whole: Document) -> None:
    rows = dict(cells(table_named(whole, "13 items")))
    done = [item for item, answer in rows.items() if not answer.startswith("Not ")]
    assert len(done) == 9
    assert rows["3. Estimation of repeatability of measurements if possible"] == (
        "Not done: no rater rated a reply twice."
    )
    plot = next(answer for item, answer in rows.items() if item.startswith("4."))
    assert plot.startswith("Done for the largest bias, in the part “How far does one rating lie from the experts'?”.")
    other = dict(cells(table_named(made(view(), ("scores", "checklists")), "13 items")))
    assert next(answer for item, answer in other.items() if item.startswith("4.")).startswith("Not in this report")


@pytest.mark.slow
def test_the_references_are_those_that_the_report_names(whole: Document) -> None:
    named = [words(item) for item in of_kind(whole, Bullets)[-1].items]
    authors = {reference.split(",")[0] for reference in named}
    assert {"Abu-Arafeh", "Gerke", "Koo", "Kottner", "McGraw", "Nunnally"} <= authors
    assert "Kendall" not in authors


SUBSETS = {
    "one judge": ({}, Selection.of(STUDY, ["o4-mini"])),
    "one attribute": ({}, Selection.of(STUDY, attributes=["Empathy"])),
    "one model": ({}, Selection.of(STUDY, models=["original"])),
    "its own model alone": ({"preset": "recommended"}, Selection.of(STUDY, ["gpt-4o"], ["gpt-4o"])),
    "two models": ({}, Selection.of(STUDY, models=["gpt-4o", "original"])),
    "replies": ({"level": "response", "resamples": 60}, Selection.of(STUDY)),
    "recommended": ({"preset": "recommended"}, Selection.of(STUDY, attributes=STUDY.attribute_names[4:])),
    "as released": ({"preset": "recommended", "ratings": "as-released", "low": 1}, Selection.of(STUDY)),
}


@pytest.mark.slow
@pytest.mark.parametrize("subset", SUBSETS)
def test_a_report_can_be_made_of_every_subset_and_says_what_is_undefined(subset: str) -> None:
    choices, selection = SUBSETS[subset]
    document = made(view(selection=selection, **choices))
    tables = [cell for table in of_kind(document, Table) for row in cells(table) for cell in row]
    everything = "\n".join([said(document), *tables])
    assert not re.search(r"\b(nan|None|inf)\b", everything)
    html = to_html(document)
    assert html.count("<svg") == len(of_kind(document, Figure))
    if subset in ("one model", "its own model alone"):
        assert {
            cell.word
            for matrix in of_kind(document, Matrix)
            for _, rows in matrix.groups
            for _, row in rows
            for cell in row
        } == {"Undecided"} or subset == "one model"
        assert "undefined" in tables


@pytest.mark.slow
def test_a_panel_is_a_judge_of_its_own(release_folder: Path) -> None:
    dataset = load(str(release_folder), Progress())
    chosen = Selection(("gpt-4o",), STUDY.system_keys, ("Safety",), ("gpt-4o", "o4-mini"), "median")
    document = made(View(dataset, Settings.of(STUDY, "recommended"), chosen))
    assert of_kind(document, Matrix)[0].heads == ("Attribute", "GPT-4o", "Panel (median)")
    assert "a panel of GPT-4o and o4-mini" in said(document)


@pytest.mark.slow
def test_the_bootstraps_own_draws_are_said_where_the_link_cannot_carry_them() -> None:
    assert "takes the number of resamples and the seed from its settings" not in said(made(view(), ("origin",)))
    shown = view(seed=3, resamples=200)
    assert "takes the number of resamples and the seed from its settings" in said(made(shown, ("origin",)))
    assert shown.link(HOME) == HOME


@pytest.mark.slow
def test_the_link_opens_the_same_settings_and_subset(open_page: OpenPage) -> None:
    shown = view(
        "recommended",
        "response",
        selection=Selection(
            judges=STUDY.judge_keys[:1], models=STUDY.system_keys[:6], attributes=("Guidance", "Empathy")
        ),
        ratings="as-released",
        margin=0.3,
        icc_checked=0.4,
    )
    address = of_kind(made(shown, ()), Link)[0].address
    app = unfolded(open_page(**parse_qs(urlsplit(address).query)), "origin")
    assert not [warning.value for warning in app.warning if "link" in warning.value]
    assert app.caption[0].value == shown.in_short()
    where = "\n".join(element.value for element in app.markdown)
    for choice in [*shown.choices(), *shown.thresholds()]:
        assert f"- {choice}" in where


# Prose


def test_the_products_markdown_becomes_words_in_their_forms() -> None:
    assert inline("a **b** *c* `d*e` 2*3*4") == (
        Words("a "),
        Words("b", "strong"),
        Words(" "),
        Words("c", "emphasis"),
        Words(" "),
        Words("d*e", "code"),
        Words(" 2*3*4"),
    )


def test_a_text_becomes_paragraphs_lists_and_tables() -> None:
    paragraph, bullets, table = blocks("one\ntwo\n\n- a\n  b\n- c\n\n| x | y |\n|---|---|\n| 1 | **2** |", "named")
    assert paragraph == Paragraph(plain("one two"))
    assert bullets == Bullets((plain("a b"), plain("c")))
    assert isinstance(table, Table)
    assert (table.caption, [head.words for head in table.heads]) == ("named", ["x", "y"])
    assert table.rows == ((plain("1"), plain("2", "strong")),)


# HTML

HOSTILE = "<script>alert(1)</script> \"'& #emph[x] $y$ *z* {{ 7 * 7 }} @ref <label> \\ ] } //"


def hostile() -> Document:
    return Document(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        DAY.isoformat(),
        (
            Heading(HOSTILE),
            Paragraph(plain(HOSTILE)),
            Notice(plain(HOSTILE, "strong")),
            Bullets((plain(HOSTILE, "emphasis"), plain(HOSTILE, "code"))),
            Link(HOSTILE, 'https://judges.example.org/?a=<b>&c="]#x'),
            Table(HOSTILE, (Head(HOSTILE),), ((plain(HOSTILE),),)),
            Matrix(HOSTILE, (HOSTILE, HOSTILE), ((HOSTILE, ((HOSTILE, (Cell("✓", "Supported", "", "#ffffff"),)),)),)),
        ),
    )


class Page(HTMLParser):
    """What a test reads of an HTML file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(whole: Document) -> Page:
    return Page(to_html(whole))


@pytest.mark.slow
def test_the_html_asks_for_nothing_else(page: Page, whole: Document) -> None:
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    addresses = [attributes["href"] for attributes in page.all("a")]
    outside = [address for address in addresses if address and not address.startswith("#")]
    assert outside == [link.address for link in of_kind(whole, Link)]
    text = to_html(whole)
    assert not re.search(r"url\((?!#)|@import|@font-face", text)
    assert not re.search(r"(src|srcset|xlink:href|href)=\"(?!#|https://judges.example.org)", text)


@pytest.mark.slow
def test_the_html_has_language_title_and_headings_in_order(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.words[page.words.index("When can an LLM judge stand in for a clinician?")]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.slow
def test_every_chart_has_its_finding_as_its_name(page: Page, whole: Document) -> None:
    drawn = page.all("svg")
    assert [each["role"] for each in drawn] == ["img"] * len(drawn)
    assert [each["aria-label"] for each in drawn] == [figure.finding for figure in of_kind(whole, Figure)]
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    used = set(re.findall(r"url\(#([^)]+)\)", to_html(whole)))
    assert used <= set(names)


@pytest.mark.slow
def test_every_table_has_a_caption_and_scopes(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table")) > 10
    assert {head["scope"] for head in page.all("th")} == {"col", "row", "rowgroup"}


@pytest.mark.slow
def test_the_contents_lead_to_the_parts(page: Page) -> None:
    led_to = [str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")]
    parts = [h["id"] for h in page.all("h2") if str(h.get("id")).startswith("part-")]
    assert led_to == parts[len(SUMMARY) :]
    assert len(led_to) == len(SECTION_NAMES)


def test_words_are_never_markup_in_html() -> None:
    page = Page(to_html(hostile()))
    assert not page.all("script")
    assert "".join(page.words).count(HOSTILE) == 18
    assert page.all("a")[-1]["href"] == 'https://judges.example.org/?a=<b>&c="]#x'


@pytest.mark.slow
def test_the_same_view_gives_the_same_html(whole: Document) -> None:
    assert to_html(whole) == to_html(made(view()))


# From the command line


@pytest.mark.slow
def test_the_command_line_writes_the_report_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.HTML"
    few = ["--source", "snapshot", "--judge", "gpt-4o", "--attribute", "Safety", "--preset", "recommended"]
    asked = ["report", *few, "--sections", "scores", "--app", "https://example.org/judges", "--output", str(file)]
    assert main(asked) == 0
    text = file.read_text(encoding="utf-8")
    assert 'href="https://example.org/judges?judge=gpt-4o&amp;attribute=Safety"' in text
    assert "What does each rater give each model?" in text
    assert "How far do judges score above the experts?" not in text
    assert "Claude-3.7-Sonnet" not in text
    assert "source: Bundled snapshot" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["report"], "argument --output: is missing; allowed are files that end in .pdf or .html"),
        (["report", "--output", "a.txt"], "argument --output: 'a.txt' is no form of a report; allowed are files that"),
        (["report", "--output", "a.pdf", "--format", "csv"], "argument --format: 'csv' is not for report; allowed"),
        (["icc", "--sections", "scores"], "argument --sections: 'scores' is not for icc; allowed with report; icc"),
        (["report", "--output", "a.pdf", "--sections", "x"], "argument --sections: invalid choice: 'x' (choose from"),
        (["report", "--output", "a.pdf", "--app", "ftp://a"], "argument --app: 'ftp://a' is no address; allowed are"),
        (
            ["verdicts", "--icc-checked", "0.8"],
            "argument --icc-checked: 0.8 is not allowed with icc-supported 0.75;",
        ),
        (["verdicts", "--icc-supported", "2"], "argument --icc-supported: 2.0 is not allowed; allowed are numbers"),
        (["verdicts", "--reassured-supported", "0.3"], "argument --reassured-supported: 0.3 is not allowed with rea"),
        (["verdicts", "--reassured-checked", "all"], "argument --reassured-checked: 'all' is no number; allowed are"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*argv, "--source", "snapshot"]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert not out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_threshold_moves_the_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    cell = ["verdicts", "--judge", "o4-mini", "--attribute", "Understanding"]
    usual, strict = (from_command_line(capsys, *cell, *more) for more in ([], ["--icc-checked", "0.6"]))
    assert (usual[0]["verdict"], usual[0]["checked_at"]) == ("human-checks", 0.5)
    assert (strict[0]["verdict"], strict[0]["checked_at"]) == ("undecided", 0.6)


@pytest.mark.slow
def test_a_report_that_cannot_be_written_leaves_the_older_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.html"
    file.write_text("older", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError(28, "No space left")))
    asked = ["report", "--source", "snapshot", "--judge", "gpt-4o", "--attribute", "Safety", "--output", str(file)]
    assert main(asked) == 2
    assert "cannot be written (No space left)" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "older"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["methods", "reliability/single_replies", "judges"])
def test_pages_offer_the_report(open_page: OpenPage, page: str) -> None:
    app = unfolded(open_page(page), "share")
    labels = [button.proto.label for button in app.get("download_button")]
    assert [label for label in labels if label.startswith("Board summary")] == [
        "Board summary (PDF)",
        "Board summary (HTML)",
    ]
    assert not [label for label in labels if label.startswith("Summary with annexes")]
    (parts,) = [pills for pills in app.get("button_group") if pills.label == "Annexes to the summary"]
    assert parts.value == []
    parts.set_value(["reasons"]).run()
    labels = [button.proto.label for button in app.get("download_button")]
    assert [label for label in labels if label.startswith("Summary with annexes")] == [
        "Summary with annexes (PDF)",
        "Summary with annexes (HTML)",
    ]
