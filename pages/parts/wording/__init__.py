"""Texts of the pages, in Markdown files beside this one."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_HEADING = re.compile(r"^## (?P<name>.+) \{(?P<key>[\w-]+)\}$", re.MULTILINE)


class Term(NamedTuple):
    """A term: its name, its meaning in plain words, and whatever follows (formula, source)."""

    name: str
    plain: str
    rest: str


@cache
def text(name: str) -> str:
    """Give the text of a page or a part of one."""
    return (_HERE / f"{name}.md").read_text(encoding="utf-8")


@cache
def terms() -> dict[str, Term]:
    """Give every term that is on a page, by key."""
    found = list(_HEADING.finditer(text("terms")))
    ends = [match.start() for match in found[1:]] + [len(text("terms"))]
    result = {}
    for match, end in zip(found, ends, strict=True):
        plain, _, rest = text("terms")[match.end() : end].strip().partition("\n\n")
        result[match["key"]] = Term(match["name"], plain.replace("\n", " "), rest)
    return result


def meaning(key: str) -> str:
    """Give what a term means in plain words."""
    return terms()[key].plain
