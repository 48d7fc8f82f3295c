"""The product's own texts, which are Markdown, as blocks of a report.

Only what those texts use is known: paragraphs, lists, tables; strong, emphasised and code words. Of data only names get
here, and no sign in them is markup.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from analysis.report.document import Block, Bullets, Form, Head, Paragraph, Table, Text, Words

_INLINE = re.compile(r"\*\*(?P<strong>.+?)\*\*|(?<!\w)\*(?P<emphasis>[^*]+)\*|`(?P<code>[^`]+)`")
_FORMS: tuple[Form, ...] = ("strong", "emphasis", "code")


def inline(text: str) -> Text:
    """Read the words of a line or a paragraph."""
    parts, end = [], 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            parts.append(Words(text[end : match.start()]))
        form = next(form for form in _FORMS if match[form])
        parts.append(Words(match[form], form))
        end = match.end()
    if end < len(text):
        parts.append(Words(text[end:]))
    return tuple(parts)


def blocks(text: str, caption: str = "") -> tuple[Block, ...]:
    """Read a text; ``caption`` names a table in it."""
    return tuple(
        _block(kind, list(lines), caption) for kind, lines in groupby(_joined(text), key=_kind) if kind != "none"
    )


def _joined(text: str) -> Iterator[str]:
    """Give each paragraph, item and row as one line, and an empty one between paragraphs."""
    so_far = ""
    for line in [*text.splitlines(), ""]:
        if so_far and (not line.strip() or line.startswith(("- ", "|"))):
            yield so_far
            so_far = ""
        if not line.strip():
            yield ""
        so_far = f"{so_far} {line.strip()}".strip()


def _kind(line: str) -> str:
    if not line:
        return "none"
    return "bullets" if line.startswith("- ") else "table" if line.startswith("|") else f"paragraph {line}"


def _block(kind: str, lines: list[str], caption: str) -> Block:
    if kind == "bullets":
        return Bullets(tuple(inline(line.removeprefix("- ")) for line in lines))
    if kind == "table":
        head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
        return Table(caption, tuple(map(Head, head)), tuple(tuple(map(inline, row)) for row in rows))
    return Paragraph(inline(lines[0]))
