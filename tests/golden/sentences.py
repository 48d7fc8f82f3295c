"""Write what is said of the made-up studies, ``tests/golden/sentences.txt``: ``python -m tests.golden.sentences``.

A change of wording is read there as a diff, in the words that readers get.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.cases import CASES, Tables, said_of

SENTENCES = Path(__file__).with_suffix(".txt")
# Of each finding on a case; more repeat the words with other names and numbers.
FEW = 2


def section(case: str, said: Iterable[tuple[str, str]]) -> str:
    """Write the first sentences of each finding on a case."""
    by_finding: dict[str, list[str]] = {}
    for finding, sentence in said:
        kept = by_finding.setdefault(finding, [])
        if len(kept) < FEW and sentence not in kept:
            kept.append(sentence)
    parts = [
        f"{finding}\n" + "\n".join(f"    {line}".rstrip() for each in kept for line in (each or "(silent)").split("\n"))
        for finding, kept in by_finding.items()
    ]
    return "\n".join([f"== {case}", *parts, ""])


def sections(text: str) -> dict[str, str]:
    """Take the file apart by case."""
    lines = text.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if line.startswith("== ")]
    ends = [*starts[1:], len(lines)]
    return {lines[at][3:].strip(): "".join(lines[at:end]) for at, end in zip(starts, ends, strict=True)}


if __name__ == "__main__":
    SENTENCES.write_text("".join(section(case, said_of(Tables(case))) for case in CASES), encoding="utf-8")
