"""A matrix of verdicts: a table of links, each of which chooses its cell, drawn by the browser as HTML.

Where its columns have no room, as on a telephone, each row is a card. Names from data stand in it as text: every word
is escaped.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from analysis.wording.vocabulary import INK, VERDICT, Look
from pages.components.filters import set_some
from pages.components.navigation import go
from pages.components.places import address_of
from pages.components.view import View

# What an address says of the cell that is looked at closely.
CELL = ("cell_judge", "cell_attribute")

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
table {{ border-collapse: separate; border-spacing: 3px; width: 100%; table-layout: fixed; }}
caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
th {{ font-weight: 600; color: var(--st-text-color); padding: 0.3rem; overflow-wrap: anywhere; hyphens: auto; }}
thead th {{ text-align: center; vertical-align: bottom; }}
tbody th, thead th:first-child {{ text-align: left; }}
thead th:first-child {{ width: 20%; }}
th a {{ color: var(--st-link-color); }}
td {{ padding: 0; border-radius: 0.3rem; text-align: center; color: {INK}; height: 1px; }}
td a {{ color: inherit; text-decoration: none; display: block; height: 100%; box-sizing: border-box; }}
td a {{ padding: 0.3rem 0.2rem; border-radius: 0.3rem; font-weight: 600; }}
td a:hover, td a[aria-current] {{ text-decoration: underline; }}
td a[aria-current] {{ box-shadow: inset 0 0 0 3px {INK}; }}
a:focus-visible {{ outline: 3px solid var(--st-primary-color); outline-offset: 1px; border-radius: 0.3rem; }}
td.why {{ text-align: left; color: var(--st-text-color); padding: 0.3rem 0.8rem 1rem; line-height: 1.5; }}
td.why {{ border-left: 3px solid var(--st-primary-color); border-radius: 0; }}
td.why h2 {{ font-size: 1rem; margin: 0.3rem 0; }}
td.why ul {{ margin: 0; padding-left: 1.1rem; }}
td.why li {{ margin-bottom: 0.4rem; }}
td.why a {{ display: inline; padding: 0; font-weight: 400; color: var(--st-link-color); text-decoration: underline; }}
td i, td em {{ font-style: normal; }}
td i {{ margin-right: 0.35em; }}
td em {{ display: none; }}
{_GROUND}
#matrix {{ container-type: inline-size; }}
"""
_CARDS = """
#matrix {
  table, tbody, tr, th, td { display: block; width: auto; }
  thead { display: none; }
  tbody th { padding: 0.9rem 0 0.3rem; }
  td { height: auto; margin-bottom: 3px; }
  td a { display: flex; justify-content: space-between; padding: 0.5rem 0.7rem; }
  td.why a { display: inline; padding: 0; }
  td em { display: inline; font-weight: 400; }
}
"""
# Pixels: what a verdict takes, and what four columns of them take on a telephone held across.
_WORD, _FEWEST = 124, 608
_component = st.components.v2.component("verdict_matrix", html='<div id="matrix"></div>', css=_STYLE, js=_FOLLOW)


class Heading(NamedTuple):
    """The heading of a row or a column: its words, and the tab of Judges and the filters that it leads to, if any."""

    words: str
    tab: str = ""
    filters: tuple[tuple[str, str], ...] = ()


class Opened(NamedTuple):
    """What stands below a row whose cell is chosen: its title, reasons with what each is for, and a link."""

    title: str
    reasons: Sequence[tuple[str, str]]
    label: str
    address: str


class Cell(NamedTuple):
    """What a cell says in sight, what it is called in full, what chooses it, and whether it is chosen."""

    look: Look
    key: str
    name: str
    filters: tuple[tuple[str, str], ...]
    chosen: bool


class Row(NamedTuple):
    """A row: its heading, its cells, and what a chosen one among them opens."""

    heading: Heading
    cells: Sequence[Cell]
    opened: Opened | None


def show_matrix(view: View, key: str, caption: str, columns: Sequence[Heading], rows: Sequence[Row]) -> None:
    """Draw a matrix; a cell is chosen and opened in place, a heading leads to the place Judges."""
    head = "".join(f'<th scope="col" role="columnheader">{_linked(view, each)}</th>' for each in columns)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{_linked(view, row.heading)}</th>'
        f"{''.join(_cell(view, cell, column.words) for cell, column in zip(row.cells, columns[1:], strict=True))}</tr>"
        f"{_opened(row.opened, len(columns)) if row.opened else ''}"
        for row in rows
    )
    cards = f"@container (max-width: {max(_FEWEST, _WORD * (len(columns) - 1))}px) {{{_CARDS}}}"
    # A card is no part of a table for assistive software, unless it is told so.
    table = (
        f'<style>{cards}</style><table role="table"><caption>{escape(caption)}</caption><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )
    result = _component(key=key, data={"table": table}, on_followed_change=partial(_choose, key))
    if result.followed and not result.followed.startswith("?"):
        place, _, query = str(result.followed).partition("?")
        go(place, caption, parse_qsl(query))


def _choose(key: str) -> None:
    """Choose the cell whose link was followed."""
    followed = st.session_state[key].followed
    if followed and followed.startswith("?"):
        set_some([pair for pair in parse_qsl(followed[1:]) if pair[0] in CELL])


def _cell(view: View, cell: Cell, column: str) -> str:
    names = {name for name, _ in cell.filters}
    link = urlencode([*(pair for pair in view.filters.link() if pair[0] not in names), *cell.filters])
    name = escape(cell.name, quote=True)
    return (
        f'<td role="cell" class="{cell.key}"><a href="?{escape(link, quote=True)}" aria-label="{name}" title="{name}"'
        f'{" aria-current=true" if cell.chosen else ""}><em>{escape(column)}</em><span><i aria-hidden="true">'
        f"{cell.look.icon}</i>{escape(cell.look.short)}</span></a></td>"
    )


def _opened(opened: Opened, columns: int) -> str:
    reasons = "".join(f"<li><b>{escape(what)}</b> {escape(why)}</li>" for what, why in opened.reasons)
    return (
        f'<tr role="row"><td role="cell" colspan="{columns}" class="why"><h2>{escape(opened.title)}</h2>'
        f'<ul>{reasons}</ul><a href="{escape(opened.address, quote=True)}">{escape(opened.label)}</a></td></tr>'
    )


def _linked(view: View, heading: Heading) -> str:
    words = escape(heading.words)
    if not heading.tab:
        return words
    return f'<a href="{escape(address_of(view, "judges", heading.tab, heading.filters), quote=True)}">{words}</a>'
