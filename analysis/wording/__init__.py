"""Texts of the pages and of the report, in Markdown files beside this one: one file for each page.

A file begins with the page's first words. What follows a heading that ends in a key, ``## Heading {key}``, is a
section, asked for by that key.

Words in braces that :mod:`analysis.wording.filling` knows are filled in from the study that is shown. Where a text
speaks of the published study, another study has the section ``key-any`` in its place (the first words: ``any``).
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from analysis.wording.filling import filled
from data.study import Study

_HERE = Path(__file__).parent
_DOCS = _HERE.parents[1] / "docs"
_HEADING = re.compile(r"^## (?P<title>.+) \{(?P<key>[\w-]+)\}$", re.MULTILINE)
# What ends the key of a section that stands for another one, for any study that has printed nothing.
_ANY = "any"


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
    """Give the first words of a text, or one section of it, as they stand in the file."""
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


@lru_cache(maxsize=256)
def open_sections(study: Study, name: str) -> dict[str, Section]:
    """Give the sections of a text for a study, not filled in, by key; one that has no words for it is left out."""
    every = sections(name)
    keys = [key for key in every if key != _ANY and not key.endswith(f"-{_ANY}")]
    found = {key: every[_version(study, name, key) or key] for key in keys}
    return {key: section for key, section in found.items() if section.body}


@lru_cache(maxsize=256)
def sections_of(study: Study, name: str) -> dict[str, Section]:
    """Give the sections of a text for a study, filled in, by key, in their order."""
    return {
        key: Section(filled(study, section.title), filled(study, section.body))
        for key, section in open_sections(study, name).items()
    }


def study_text(study: Study, name: str, section: str | None = None) -> str:
    """Give the first words of a text, or one section of it, for a study."""
    if section is not None:
        return sections_of(study, name)[section].body
    return filled(study, text(name, _version(study, name, None)))


@lru_cache(maxsize=16)
def terms(study: Study) -> dict[str, Term]:
    """Give every term that is on a page, for a study, by key."""
    result = {}
    for key, (name, body) in sections_of(study, "terms").items():
        plain, _, rest = body.partition("\n\n")
        result[key] = Term(name, plain.replace("\n", " "), rest)
    return result


def meaning(study: Study, key: str) -> str:
    """Give what a term means in plain words, for a study."""
    known = terms(study)
    # What no page of a study explains may still be a column of a table, without a figure in it.
    if key in known:
        return known[key].plain
    return filled(study, text("terms", key).partition("\n\n")[0].replace("\n", " "))


@cache
def simulations(name: str) -> str:
    """Give what a document of simulations says first, below its title: how they were made, and the tables of all."""
    whole = (_DOCS / f"{name}.md").read_text(encoding="utf-8")
    _title, _about, found = whole.partition("\n## ")[0].split("\n\n", 2)
    return found.strip()


def _version(study: Study, name: str, section: str | None) -> str | None:
    """Give the section that a study has in the place of one; the same for a published study."""
    other = _ANY if section is None else f"{section}-{_ANY}"
    return section if study.published or other not in sections(name) else other


def _read(name: str) -> str:
    return (_HERE / f"{name}.md").read_text(encoding="utf-8")
