"""What a report consists of, whatever form it is written in: blocks of words, tables, matrices and figures.

Words are never markup. What a block holds is shown as it stands, in every form.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal

Form = Literal["plain", "strong", "emphasis", "code"]


@dataclass(frozen=True)
class Words:
    """Words in one form."""

    words: str
    form: Form = "plain"


Text = tuple[Words, ...]


def plain(words: str, form: Form = "plain") -> Text:
    """Give words as they stand."""
    return (Words(words, form),)


@dataclass(frozen=True)
class Heading:
    """A heading; its level is 1 for a part of the report, and at most one deeper than the heading before it."""

    kind: ClassVar[str] = "heading"
    words: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    text: Text


@dataclass(frozen=True)
class Notice:
    """What a reader must know before the figures that follow."""

    kind: ClassVar[str] = "notice"
    text: Text


@dataclass(frozen=True)
class Bullets:
    """A list whose order says nothing, in small letters where it is for those who look a thing up."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Text, ...]
    small: bool = False


@dataclass(frozen=True)
class Link:
    """An address with the words before it; the address itself is printed too."""

    kind: ClassVar[str] = "link"
    words: str
    address: str


@dataclass(frozen=True)
class Contents:
    """A list of the parts that follow, with links to them."""

    kind: ClassVar[str] = "contents"


@dataclass(frozen=True)
class Head:
    """The head of a column: its words, the term that explains it if there is one, and whether figures stand below."""

    words: str
    term: str = ""
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its rows hold as many cells as it has heads.

    ``widths`` gives the columns' shares of the page where they are not for the form to find.
    """

    kind: ClassVar[str] = "table"
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: an icon, a word, the figure behind it if it is shown, and the colour of its ground."""

    icon: str
    word: str
    figure: str
    colour: str


@dataclass(frozen=True)
class Matrix:
    """A table of verdicts in groups, each under what it asks; a row is its heading and its cells."""

    kind: ClassVar[str] = "matrix"
    caption: str
    heads: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, tuple[Cell, ...]], ...]], ...]


@dataclass(frozen=True)
class Figure:
    """A chart as a Vega-Lite specification, under the finding that is its accessible name too."""

    kind: ClassVar[str] = "figure"
    finding: str
    spec: dict[str, Any]


Block = Contents | Heading | Paragraph | Notice | Bullets | Link | Table | Matrix | Figure


@dataclass(frozen=True)
class Document:
    """A report: its title, the line below it, what stands at the foot of each page, the day, and its blocks."""

    title: str
    subtitle: str
    footer: str
    day: str
    blocks: tuple[Block, ...]


def laid_out(block: Block) -> dict[str, Any]:
    """Give a block as templates read it: its kind, and what it holds."""
    return {"kind": block.kind} | {field.name: getattr(block, field.name) for field in fields(block)}


# What findings and texts say of a page in the dashboard, and what stands for it on paper.
_IN_PRINT = (
    (re.compile(r" \(see [^()]* page\)|: see the limits on the Methods page|: see Inflation(?=\.)"), ""),
    (re.compile(r", unless you move it in the sidebar| on the Methods page| On the page [A-Z][^.]*\."), ""),
    (re.compile(r"\bon screen\b"), "in this report"),
)


def in_print(made: Any) -> Any:
    """Give a block with its words as they read on paper, where there is no screen and no other page."""
    if isinstance(made, str):
        for said, instead in _IN_PRINT:
            made = said.sub(instead, made)
        return made
    if isinstance(made, tuple):
        return tuple(map(in_print, made))
    if not hasattr(made, "__dataclass_fields__"):
        return made
    return replace(made, **{field.name: in_print(getattr(made, field.name)) for field in fields(made)})
