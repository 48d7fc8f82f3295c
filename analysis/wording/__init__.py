"""Texts of the pages and of the report, in Markdown files beside this one: one file for each page.

A file begins with the page's first words. What follows a heading that ends in a key, ``## Heading {key}``, is a
section, asked for by that key.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_HEADING = re.compile(r"^## (?P<title>.+) \{(?P<key>[\w-]+)\}$", re.MULTILINE)


class Section(NamedTuple):
    """A section of a text: its heading, and what stands below it."""

    title: str
    body: str


class Term(NamedTuple):
    """A term: its name, its meaning in plain words, and whatever follows (formula, source)."""

    name: str
    plain: str
    rest: str


@cache
def text(name: str, section: str | None = None) -> str:
    """Give the first words of a text, or one section of it."""
    if section is not None:
        return sections(name)[section].body
    whole = _read(name)
    first = _HEADING.search(whole)
    return whole[: first.start()].strip() if first else whole


@cache
def sections(name: str) -> dict[str, Section]:
    """Give the sections of a text by key, in their order."""
    whole = _read(name)
    found = list(_HEADING.finditer(whole))
    bounds = [*(match.start() for match in found), len(whole)]
    return {
        match["key"]: Section(match["title"], whole[match.end() : end].strip())
        for match, end in zip(found, bounds[1:], strict=True)
    }


@cache
def terms() -> dict[str, Term]:
    """Give every term that is on a page, by key."""
    result = {}
    for key, (name, body) in sections("terms").items():
        plain, _, rest = body.partition("\n\n")
        result[key] = Term(name, plain.replace("\n", " "), rest)
    return result


def meaning(key: str) -> str:
    """Give what a term means in plain words."""
    return terms()[key].plain


def _read(name: str) -> str:
    return (_HERE / f"{name}.md").read_text(encoding="utf-8")
