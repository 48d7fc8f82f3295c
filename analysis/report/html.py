"""A report as one HTML file that asks for nothing else: no script, no font, no picture of another host."""

import re
from html import escape
from pathlib import Path
from typing import Any

from analysis.report.document import Block, Contents, Document, Figure, Heading, laid_out

_TEMPLATE = Path(__file__).with_name("report.html")
_FONT = "Source Sans Pro, Arial, sans-serif"
_ID = re.compile(r'(\bid="|url\(#|href="#)')


def to_html(document: Document) -> str:
    """Write a report as HTML; all words are escaped."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    starts = [place for place, block in enumerate(document.blocks) if isinstance(block, Contents)]
    parts = [
        (place, block.words)
        for place, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.level == 1 and place > max(starts, default=place)
    ]
    blocks = [_told(block, place) for place, block in enumerate(document.blocks)]
    return template.render(document=document, parts=parts, blocks=blocks) + "\n"


def _told(block: Block, place: int) -> dict[str, Any]:
    return laid_out(block) | ({"svg": _drawn(block, place)} if isinstance(block, Figure) else {})


def _drawn(figure: Figure, place: int) -> Any:
    """Draw a chart with its finding as its name; what it names within itself is told apart from other charts'."""
    from markupsafe import Markup

    from analysis.charts.saving import printed

    drawn = _ID.sub(rf"\g<1>figure-{place}-", printed(figure.spec, _FONT))
    name = f'<svg role="img" aria-label="{escape(figure.finding, quote=True)}"'
    return Markup(drawn.replace("<svg", name, 1))  # noqa: S704 - drawn by the library, its words escaped by it
