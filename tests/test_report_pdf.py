"""The report as a PDF: tagged, self-contained, on A4, and holding what the report holds."""

import io
import itertools
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymupdf
import pypdf
import pytest
from pypdf.generic import DictionaryObject, IndirectObject

from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from analysis.report import SECTION_NAMES
from analysis.report.contents import report
from analysis.report.document import Contents, Document, Figure, Heading, Matrix, Table
from analysis.report.pdf import to_pdf
from analysis.wording.vocabulary import VERDICT, rater_marks
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load, load_snapshot
from tests.made_study import ATTRIBUTES, EXPERTS, make_study, write_study
from tests.test_report import HOSTILE, hostile

pytestmark = pytest.mark.slow

SHOWN = View(load_snapshot(), Settings.of(STUDY, "recommended"), Selection.of(STUDY, ["gpt-4o", "o4-mini"]))
A4 = (595.28, 841.89)
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def document() -> Document:
    sections = ("reasons", "reliability", "inflation", "replies", "scores", "ranking", "origin", "checklists")
    return report(SHOWN, sections, SHOWN.link("http://localhost:8501"), date(2026, 1, 31))


@pytest.fixture(scope="module")
def written(document: Document) -> bytes:
    return to_pdf(document)


@pytest.fixture(scope="module")
def read(written: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written))


@pytest.fixture(scope="module")
def tags(read: pypdf.PdfReader) -> list[tuple[str, DictionaryObject]]:
    """Every structure element in reading order, with its type."""
    found: list[tuple[str, DictionaryObject]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]), node))
            walk(node.get("/K", []))

    walk(read.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def words_of(read: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def figures_in(document: Document) -> list[str]:
    """Every figure of the report's tables and matrices that a reader could look up."""
    of_tables = [
        "".join(part.words for part in cell)
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell, head in zip(row, block.heads, strict=True)
        if head.figures
    ]
    of_matrices = [
        cell.figure
        for block in document.blocks
        if isinstance(block, Matrix)
        for _, rows in block.groups
        for _, row in rows
        for cell in row
    ]
    return [*of_tables, *of_matrices]


def test_the_text_holds_every_figure_of_the_tables(read: pypdf.PdfReader, document: Document) -> None:
    text = words_of(read)
    figures = figures_in(document)
    assert len(figures) > 300
    assert {figure for figure in figures if figure not in text} == set()


def test_every_verdict_is_a_word_and_an_icon_that_show(read: pypdf.PdfReader) -> None:
    text = words_of(read)
    for verdict, look in VERDICT.items():
        # No judge of the study is supported for a use by itself.
        assert (f"{look.icon} {look.short}" in text) == (verdict != "supported")
    assert re.search("[●◕◑○] (good|moderate|poor|excellent)", text)
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert "\0" not in text


def test_it_is_tagged_and_says_its_title_and_language(read: pypdf.PdfReader) -> None:
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert read.metadata is not None
    assert read.metadata.title == "When can an LLM judge stand in for a clinician?"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


def test_headings_are_tagged_in_order(tags: list[tuple[str, DictionaryObject]], document: Document) -> None:
    levels = [int(kind[2:]) for kind, _ in tags if re.fullmatch(r"/H[1-6]", kind)]
    own = [block.level for block in document.blocks if isinstance(block, Heading)]
    # The list of annexes has a heading of its own, which the report does not list.
    before = next(place for place, block in enumerate(document.blocks) if isinstance(block, Contents))
    first = sum(isinstance(block, Heading) for block in document.blocks[:before])
    assert levels == [*own[:first], 1, *own[first:]]


def test_every_chart_has_its_finding_as_alternative(
    tags: list[tuple[str, DictionaryObject]], document: Document
) -> None:
    findings = [block.finding for block in document.blocks if isinstance(block, Figure)]
    assert len(findings) == 7
    assert [str(node.get("/Alt")) for kind, node in tags if kind == "/Figure"] == findings


def test_tables_have_heads_and_captions(tags: list[tuple[str, DictionaryObject]], document: Document) -> None:
    kinds = [kind for kind, _ in tags]
    tables = [block for block in document.blocks if isinstance(block, Table | Matrix)]
    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/Caption") == len(tables)
    groups = [block.groups if isinstance(block, Matrix) else () for block in tables]
    assert kinds.count("/TH") == sum(len(block.heads) + len(some) for block, some in zip(tables, groups, strict=True))
    rows = [1 + len(block.rows) for block in tables if isinstance(block, Table)]
    assert kinds.count("/TR") == sum(rows) + sum(1 + sum(1 + len(each) for _, each in some) for some in groups if some)


def test_all_fonts_are_embedded(read: pypdf.PdfReader) -> None:
    names = set()
    for page in read.pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            for descendant in font.get("/DescendantFonts", [font]):
                descriptor = descendant.get_object()["/FontDescriptor"]
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
                names.add(str(font["/BaseFont"]).split("+")[-1].split("-")[0])
    assert names == {"SourceSansPro", "DejaVuSansMono"}


def test_pages_are_a4_and_numbered_with_the_source(read: pypdf.PdfReader) -> None:
    for number, page in enumerate(read.pages, start=1):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)
        text = " ".join(page.extract_text().split())
        assert f"{number} / {len(read.pages)}" in text
        assert "Bundled snapshot, revision 03cfc4be2b7c · 2026-01-31" in text
    assert len(read.pages) <= 20


def test_the_head_of_a_table_is_repeated_on_its_next_page(read: pypdf.PdfReader) -> None:
    pages = [" ".join(page.extract_text().split()) for page in read.pages]
    assert sum("Item Answer for this report" in text for text in pages) > 1


def test_no_page_is_blank_and_nothing_stands_in_the_margins(written: bytes) -> None:
    colours = set()
    with pymupdf.open(stream=written) as opened:
        for page in opened:
            for x0, y0, x1, y1, *_ in page.get_text("words"):
                assert x0 >= 20 * MILLIMETRE - 1, page
                assert x1 <= A4[0] - 20 * MILLIMETRE + 1, page
                assert y0 >= 15 * MILLIMETRE, page
                assert y1 <= A4[1] - 8 * MILLIMETRE, page
            pixels = page.get_pixmap(dpi=60)
            seen = np.frombuffer(pixels.samples, dtype=np.uint8).reshape(pixels.height, pixels.width, 3)
            assert (pixels.width, pixels.height) == (497, 702)
            # A single line below the head is three in a thousand.
            assert (seen < 200).any(-1).mean() > 0.0025, page
            packed = np.unique(seen.reshape(-1, 3).astype(int) @ [1 << 16, 1 << 8, 1])
            colours |= {(int(each) >> 16, int(each) >> 8 & 255, int(each) & 255) for each in packed}

    def near(hexadecimal: str) -> bool:
        wanted = [int(hexadecimal[place : place + 2], 16) for place in (1, 3, 5)]
        return any(max(abs(a - b) for a, b in zip(wanted, colour, strict=True)) <= 6 for colour in colours)

    looked_for = [
        *(rater_marks(STUDY)[key].colour for key in ("gpt-4o", "o4-mini")),
        *(look.colour for verdict, look in VERDICT.items() if verdict != "supported"),
    ]
    assert [colour for colour in looked_for if not near(colour)] == []


def filled(page: pymupdf.Page) -> float:
    """Return how far down a page its words and tables reach, without its foot (0-1)."""
    foot = A4[1] - 18 * MILLIMETRE
    ends = [word[3] for word in page.get_text("words")] + [each["rect"].y1 for each in page.get_drawings()]
    return float(max((end for end in ends if end < foot), default=0) / A4[1])


def pages_of(shown: View, chosen: tuple[str, ...] = ()) -> list[float]:
    made = to_pdf(report(shown, chosen, shown.link("http://localhost:8501"), date(2026, 1, 31)))
    with pymupdf.open(stream=made) as opened:
        return [filled(page) for page in opened]


@pytest.mark.parametrize(
    ("judges", "attributes", "pages"), [((), (), 2), (("gpt-4o",), ("Safety",), 1), (("o4-mini",), (), 2)]
)
def test_the_summary_has_two_pages_at_most(judges: tuple[str, ...], attributes: tuple[str, ...], pages: int) -> None:
    chosen = Selection.of(STUDY, judges, attributes=attributes)
    for preset in ("recommended", "paper"):
        assert len(pages_of(View(load_snapshot(), Settings.of(STUDY, preset), chosen))) == pages


@pytest.mark.parametrize(("judges", "attributes"), [(6, 10), (5, 8), (2, 3)])
def test_the_summary_of_another_study_has_two_pages_at_most(judges: int, attributes: int, tmp_path: Path) -> None:
    made = make_study(raters=(*EXPERTS, *(f"A judge of a long name {number}" for number in range(judges))))
    parts = [
        made[made["attribute"] == ATTRIBUTES[number % len(ATTRIBUTES)]].assign(attribute=f"Attribute number {number}")
        for number in range(attributes)
    ]
    write_study(tmp_path, pd.concat(parts, ignore_index=True))
    dataset = load(str(tmp_path), Progress())
    settings = Settings.of(dataset.study, resamples=40)
    assert len(dataset.study.judges) == judges
    assert len(pages_of(View(dataset, settings, Selection.of(dataset.study)))) <= 2


def a_study_of(folder: Path, judges: list[str], attributes: list[str]) -> View:
    made = make_study(40, raters=(*EXPERTS, *judges))
    parts = [
        made[made["attribute"] == ATTRIBUTES[place % len(ATTRIBUTES)]].assign(attribute=name)
        for place, name in enumerate(attributes)
    ]
    write_study(folder, pd.concat(parts, ignore_index=True))
    dataset = load(str(folder), Progress())
    return View(dataset, Settings.of(dataset.study, resamples=40), Selection.of(dataset.study))


LONG = ["Llama-3.3-70b-instruct-2026", "a_name_without_any_space_at_all", "Donaudampfschifffahrtsgesellschaft"]


@pytest.mark.parametrize(("judges", "attributes"), [(1, 7), (5, 7), (6, 7), (7, 7), (8, 7), (11, 7), (11, 12), (16, 3)])
def test_no_word_of_a_matrix_is_printed_over_another_or_beside_its_cell(
    judges: int, attributes: int, tmp_path: Path
) -> None:
    names = [*LONG, *(f"judge-{number}" for number in range(judges))][:judges]
    asked = ["Informativeness", "Understanding", *(f"Attribute {number}" for number in range(attributes))][:attributes]
    view = a_study_of(tmp_path, names, asked)
    document = report(view, ("reasons",), view.link("http://localhost:8501"), date(2026, 1, 31))
    matrices = [block for block in document.blocks if isinstance(block, Matrix)]
    assert max(len(block.heads) for block in matrices) <= 8
    shown = [(row, head) for block in matrices[:1] for row, _ in block.groups[0][1] for head in block.heads[1:]]
    down = [judge for judge, _ in shown] if judges > max(7, attributes) else [judge for _, judge in shown]
    assert set(down) <= set(names)
    with pymupdf.open(stream=to_pdf(replace(document, blocks=tuple(matrices)))) as opened:
        for page in opened:
            words = [pymupdf.Rect(word[:4]) for word in page.get_text("words")]
            cells = [each["rect"] for each in page.get_drawings() if each["type"] == "f"]
            assert max(word.x1 for word in words) <= A4[0] - 20 * MILLIMETRE + 1
            for word in words:
                within = [cell for cell in cells if cell.intersects(word)]
                assert all(cell.x0 - 1 <= word.x0 and word.x1 <= cell.x1 + 1 for cell in within), word
            for one, other in itertools.combinations(words, 2):
                both = one & other
                assert both.is_empty or min(both.width, both.height) < 3, (one, other)


@pytest.mark.parametrize("judges", [(), ("o4-mini",)])
@pytest.mark.parametrize("preset", ["recommended", "paper"])
def test_no_page_of_all_annexes_is_mostly_blank(judges: tuple[str, ...], preset: str) -> None:
    shown = View(load_snapshot(), Settings.of(STUDY, preset), Selection.of(STUDY, judges))
    *pages, _ = pages_of(shown, SECTION_NAMES)
    assert len(pages) > 10
    assert [place for place, reach in enumerate(pages, start=1) if reach < 0.5] == []


def test_words_are_never_markup_in_the_pdf() -> None:
    read = pypdf.PdfReader(io.BytesIO(to_pdf(hostile())))
    assert read.metadata is not None
    assert read.metadata.title == HOSTILE
    assert "".join(words_of(read).split()).count("".join(HOSTILE.split())) == 17


def test_the_same_report_gives_the_same_bytes(written: bytes, document: Document) -> None:
    assert to_pdf(document) == written
