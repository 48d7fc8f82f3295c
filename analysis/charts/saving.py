"""Charts as pictures: saved as SVG or PNG with where they come from, or drawn for a page of a report."""

from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

import vl_convert
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.wording.vocabulary import FONTS


def saved(spec: dict[str, Any], form: Literal["svg", "png"], title: str, source: str, about: str) -> bytes:
    """Save a chart's Vega-Lite specification on a white ground, its finding above, where it comes from below that.

    ``about`` goes along unseen, as the description that both forms of picture have room for.
    """
    sized = _on_paper(spec, "Liberation Sans, DejaVu Sans, sans-serif", 640) | {
        "title": {
            "text": _wrapped(title),
            "subtitle": _wrapped(source),
            "subtitleColor": "#4a5665",
            "anchor": "start",
            "offset": 16,
            "fontSize": 14,
        },
        "padding": 16,
    }
    if form == "svg":
        root, rest = vl_convert.vegalite_to_svg(sized).split(">", 1)
        return f"{root}><desc>{escape(about)}</desc>{rest}".encode()
    return _described(vl_convert.vegalite_to_png(sized, scale=2), about)


def _described(picture: bytes, about: str) -> bytes:
    note = PngInfo()
    note.add_itxt("Description", about)
    written = BytesIO()
    Image.open(BytesIO(picture)).save(written, "png", pnginfo=note)
    return written.getvalue()


def printed(spec: dict[str, Any], font: str) -> str:
    """Draw a chart's Vega-Lite specification as SVG for a page that has its finding beside it."""
    return vl_convert.vegalite_to_svg(_on_paper(spec, font, 560) | {"padding": 0})


def use_fonts(folder: Path) -> None:
    """Let charts be drawn in the fonts of a folder, beside those of the system."""
    vl_convert.register_font_directory(str(folder))


def _on_paper(spec: dict[str, Any], font: str, width: int) -> dict[str, Any]:
    """Give a specification that was made for a page on screen a width and a white ground of its own."""
    sized = {key: value for key, value in spec.items() if key != "width"}
    if "concat" in spec:
        sized["concat"] = [{**panel, "width": width // 2 - 60} for panel in spec["concat"]]
    else:
        sized["width"] = width
    look = {**FONTS, "font": font, "view": {"stroke": None}, "axis": {**FONTS["axis"], "gridColor": "#e3e7ec"}}
    return sized | {"background": "white", "config": look}


def _wrapped(text: str, width: int = 96) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
