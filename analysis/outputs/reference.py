"""The reference of columns, ``docs/columns.md``, written from what tables declare.

``python -m analysis.outputs.reference --output docs/columns.md`` writes it.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from analysis.column import ROLE, Column, names
from analysis.decisions import plan
from analysis.outputs.registry import TABLES
from analysis.outputs.tables import PLAN, TAKEN
from analysis.outputs.writing import UnwritableError, write_whole
from analysis.wording import meaning, terms
from data.mentalalign import STUDY

_BEGINNING = """# Columns

Every table of the command line, `python -m analysis TABLE`, with its columns in their order. The names are stable:
exports, manifests and scripts rely on them. What is undefined is empty in CSV and null in JSON. The scale is that of
the ratings, 1 to 5 in MentalAlign-70k. A column, and a term, is explained where it first stands.

This file is written by `python -m analysis.outputs.reference --output docs/columns.md` from what each table declares.
"""
_HEADS = ("column", "heading", "role", "unit", "meaning")


def reference() -> str:
    """Return the reference as Markdown: the roles, and every table with its columns.

    A column, and a term, is explained where it first stands; from there on it leads back to that table.
    """
    stands: dict[Column | str, str] = {}
    parts = [_BEGINNING, _table(("role", "what the column holds"), ROLE.items())]
    every = {name: (TAKEN[name].meaning, table.declared(STUDY)) for name, table in TABLES.items()}
    for name, (meaning_of, declared) in {**every, "plan": (PLAN.meaning, plan.DECLARED)}.items():
        rows = [
            (f"`{column.name}`", column.label, column.role, column.unit, _meaning(column, name, stands, declared))
            for column in declared
        ]
        parts.append(f"## `{name}`\n\n{meaning_of[0].upper()}{meaning_of[1:]}.\n\n{_table(_HEADS, rows)}")
    return "\n".join(parts)


def _meaning(column: Column, table: str, stands: dict[Column | str, str], declared: tuple[Column, ...]) -> str:
    """Return what a column of a table means.

    ``stands`` holds the table that explains each column and term, and is added to; ``declared`` are the columns of this
    one.
    """
    if (before := stands.setdefault(column, table)) != table:
        return f"As under [`{before}`](#{before})."
    end = f"{ROLE[column.role].capitalize()} of `{column.of}`." if column.of else ""
    # A term that has the name of a column of the table is explained there.
    elsewhere = column.name != column.term and column.term in names(declared)
    if column.term not in stands and not elsewhere:
        stands[column.term] = table
        said = [end, meaning(STUDY, column.term), column.note]
    else:
        there = stands.get(column.term, table)
        where = "in this table" if there == table else f"under [`{there}`](#{there})"
        said = [end, column.note, f"See *{terms(STUDY)[column.term].name}* {where}."]
    return " ".join(filter(None, said)).replace("|", "\\|")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(argv: list[str]) -> int:
    """Write the reference to a file, or print it; return 0, or 2 where the file cannot be written."""
    options = argparse.ArgumentParser("python -m analysis.outputs.reference", description=reference.__doc__)
    options.add_argument("--output", type=Path, metavar="FILE", help="instead of printing")
    output = options.parse_args(argv).output
    if output is None:
        sys.stdout.write(reference())
        return 0
    try:
        write_whole(reference().encode(), output)
    except UnwritableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
