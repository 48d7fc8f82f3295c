"""A report as a PDF: A4, tagged for screen readers (PDF/UA-1), its fonts embedded, the same bytes on every machine."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.report.document import Document, Figure, Table, laid_out

_TEMPLATE = Path(__file__).with_name("report.typ")
# What the layout uses; DejaVu Sans Mono, which comes with the typesetter, has the icons that this family lacks.
_FACES = ("Regular", "It", "Semibold", "Bold")
_FONT = "Source Sans Pro, DejaVu Sans Mono"
# About so many letters of 9 points stand side by side on a page, less the room between columns.
_LETTERS, _BETWEEN, _SIZE = 118, 2, 9.0
_PAGE_OF_CHART = 0.94
# A chart as wide as the page may be so many times as high; a higher one is made smaller, but stays legible.
_HIGHEST, _SMALLEST = 0.7, 0.66
_SIZE_OF_CHART = re.compile(r'<svg[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"')


def to_pdf(document: Document) -> bytes:
    """Typeset a report; nothing but its day says when that was done."""
    import typst

    told = {
        "title": document.title,
        "subtitle": document.subtitle,
        "footer": document.footer,
        "blocks": [_told(block) for block in document.blocks],
    }
    with _fonts() as folder:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])
        return typst.compile(
            _TEMPLATE.read_bytes(),
            font_paths=fonts,
            sys_inputs={"report": json.dumps(told, default=vars)},
            pdf_standards=["1.7", "ua-1"],
            timestamp=datetime.fromisoformat(document.day).replace(tzinfo=UTC),
        )


def _told(block: Any) -> dict[str, Any]:
    """Give a block as the layout reads it: charts drawn, tables with the widths of their columns."""
    told = laid_out(block)
    if isinstance(block, Figure):
        from analysis.charts.saving import printed

        _let_charts_use_fonts()
        del told["spec"]
        drawn = printed(block.spec, _FONT)
        return told | {"svg": drawn, "share": _PAGE_OF_CHART * _smaller(drawn)}
    if isinstance(block, Table):
        widths = block.widths or _widths(block)
        room = sum(widths) + _BETWEEN * len(widths)
        return told | {"widths": widths, "size": _SIZE * (1.0 if block.widths else min(1.0, _LETTERS / room))}
    return told


def _smaller(drawn: str) -> float:
    """Return the part of its width that a chart keeps, so that no page stays half empty before a high one."""
    size = _SIZE_OF_CHART.search(drawn)
    assert size is not None
    width, height = map(float, size.groups())
    return min(1.0, max(_HIGHEST * width / height, _SMALLEST))


def _widths(table: Table) -> tuple[int, ...]:
    """Give each column's width in letters: room for its longest word, and as far as the page allows for its cells."""
    columns = list(
        zip(
            *[[head.words for head in table.heads], *([_words(cell) for cell in row] for row in table.rows)],
            strict=True,
        )
    )
    least = [max(len(word) for said in column for word in said.split() or [""]) + 1 for column in columns]
    longest = [max(map(len, cells), default=0) for _, *cells in columns]
    for bound in range(_LETTERS, 0, -1):
        widths = [max(word, min(cell, bound)) for word, cell in zip(least, longest, strict=True)]
        if sum(widths) + _BETWEEN * len(widths) <= _LETTERS:
            break
    return tuple(widths)


def _words(cell: Any) -> str:
    return "".join(part.words for part in cell)


def _folder() -> Path:
    import font_source_sans_pro

    return Path(font_source_sans_pro.font_directory)


@contextmanager
def _fonts() -> Iterator[Path]:
    """Give a folder with the faces in use alone: of the same face in two formats either could be taken."""
    with TemporaryDirectory() as folder:
        for face in _FACES:
            shutil.copy(_folder() / f"SourceSansPro-{face}.ttf", folder)
        yield Path(folder)


@cache
def _let_charts_use_fonts() -> None:
    from analysis.charts.saving import use_fonts

    use_fonts(_folder())
