"""A matrix of verdicts: a table of links that lead to what stands behind each cell, drawn by the browser as HTML.

Names from data stand in it as text: every word is escaped.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from analysis.wording.vocabulary import INK, VERDICT, Look
from pages.components.navigation import go
from pages.components.view import View

_FOLLOW = """
export default function ({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector("#matrix");
  place.innerHTML = data.table;
  place.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("followed", link.getAttribute("href"));
  };
}
"""
_GROUND = "\n".join(f".{key} {{ background: {seen.colour}; }}" for key, seen in VERDICT.items())
_STYLE = f"""
#matrix {{ overflow-x: auto; }}
table {{ border-collapse: separate; border-spacing: 3px; width: 100%; table-layout: fixed; }}
caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
th {{ font-weight: 600; color: var(--st-text-color); padding: 0.35rem 0.3rem; overflow-wrap: anywhere; }}
thead th {{ text-align: center; vertical-align: bottom; }}
tbody th, thead th:first-child {{ text-align: left; }}
thead th:first-child {{ width: 24%; }}
th a {{ color: var(--st-link-color); }}
td {{ padding: 0; border-radius: 0.3rem; text-align: center; color: {INK}; height: 1px; }}
td a {{ color: inherit; text-decoration: none; display: block; height: 100%; box-sizing: border-box; }}
td a {{ padding: 0.4rem 0.2rem; }}
td a:hover b, td a:focus-visible b {{ text-decoration: underline; }}
a:focus-visible {{ outline: 3px solid var(--st-primary-color); outline-offset: 1px; border-radius: 0.3rem; }}
b {{ font-weight: 600; display: block; }}
b span {{ margin-right: 0.3em; }}
small {{ font-size: 0.8rem; display: block; }}
{_GROUND}
@media (max-width: 640px) {{
  table {{ font-size: 0.72rem; border-spacing: 2px; min-width: 22rem; }}
  small {{ font-size: 0.68rem; }}
  b span {{ display: block; margin: 0; }}
  th {{ padding: 0.3rem 0.1rem; }}
}}
"""
_component = st.components.v2.component("verdict_matrix", html='<div id="matrix"></div>', css=_STYLE, js=_FOLLOW)


class Heading(NamedTuple):
    """The heading of a row or a column: its words, and the page and filters that it leads to, if any."""

    words: str
    page: str | None = None
    filters: tuple[tuple[str, str], ...] = ()


class Cell(NamedTuple):
    """What a cell says in sight, how firm that is, what it is called in full, and where it leads to."""

    look: Look
    key: str
    figure: str
    firm: str
    name: str
    page: str
    filters: tuple[tuple[str, str], ...]


def show_matrix(
    view: View, key: str, caption: str, columns: Sequence[Heading], rows: Sequence[tuple[Heading, Sequence[Cell]]]
) -> None:
    """Draw a matrix, and follow the link that the reader chooses."""
    head = "".join(f'<th scope="col">{_linked(view, each)}</th>' for each in columns)
    body = "".join(
        f'<tr><th scope="row">{_linked(view, each)}</th>{"".join(_cell(view, cell) for cell in cells)}</tr>'
        for each, cells in rows
    )
    table = f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    result = _component(key=key, data={"table": table}, on_followed_change=lambda: None)
    if result.followed:
        page, _, query = str(result.followed).partition("?")
        go(f"pages/{page}.py", caption, parse_qsl(query))


def _cell(view: View, cell: Cell) -> str:
    link = _address(view, cell.page, cell.filters)
    icon, name = f'<span aria-hidden="true">{cell.look.icon}</span>', escape(cell.name, quote=True)
    firm = f"<small>{escape(cell.firm)}</small>" if cell.firm else ""
    seen = f"<b>{icon}{escape(cell.look.short)}</b><small>{escape(cell.figure)}</small>{firm}"
    return f'<td class="{cell.key}"><a href="{link}" aria-label="{name}" title="{name}">{seen}</a></td>'


def _linked(view: View, heading: Heading) -> str:
    words = escape(heading.words)
    return f'<a href="{_address(view, heading.page, heading.filters)}">{words}</a>' if heading.page else words


def _address(view: View, page: str, filters: tuple[tuple[str, str], ...]) -> str:
    named = dict(filters)
    kept = [(name, value) for name, value in view.filters.link() if name not in named]
    return escape(f"{page}?{urlencode([*kept, *filters])}", quote=True)
