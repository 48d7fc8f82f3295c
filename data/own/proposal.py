"""What a folder of tables without ``study.toml`` would have to say in one, with what its tables hold filled in."""

import json
from dataclasses import fields
from pathlib import Path

import pandas as pd

from data.errors import ReleaseError
from data.own import FILE
from data.own.layout import KEY_ROLES, Accepted, Layout, is_telling, recognise
from data.own.rows import joined, rating_rows
from data.own.wording import counted, some
from data.ratings import Headings
from data.tables import READERS, Table, read_table, table_files

# What columns are called where no study says it, the usual name first.
USUAL: Accepted = {
    "item": ("item", "ConvID", "conversation"),
    "system": ("system", "model"),
    "rater": ("rater", "judge"),
    "attribute": ("attribute",),
    "rating": ("rating", "score"),
    "message": ("message", "context"),
    "explanation": ("explanation",),
    "reply": ("reply",),
    "run": ("run",),
    "probability": ("probability",),
}


def propose(folder: Path) -> str:
    """Say what stands in a folder's tables, and which lines of ``study.toml`` would make a study of them.

    Empty where no table looks like ratings. Who of the raters is an expert is asked, never decided.
    """
    tables = list(_tables(folder))
    if not tables:
        return ""
    rows = joined([rating_rows(table, layout, name) for name, table, layout in tables])
    recognised = "; ".join(_recognised(table, layout, name) for name, table, layout in tables)
    raters = rows.dropna(subset=["raw"])["rater"].dropna().drop_duplicates().tolist()
    ratings = rows["rating"].dropna()
    said = [f"{folder} has tables of ratings but no {FILE}, which says what they mean. Recognised: {recognised}."]
    lacking = sorted({role for _, _, layout in tables for role in _lacking(layout)}, key=KEY_ROLES.index)
    if lacking:
        said.append(f"Not every table has a column for {' and '.join(lacking)}; name it under [columns], or add it.")
    said.append(
        f"Write {FILE} into the folder with these lines: put the ends of the scale for the lowest and the highest "
        "rating seen, and keep only those raters who are experts; every other rater is a judge."
    )
    return "\n".join([" ".join(said), "", *_lines(ratings, raters), *_columns(tables)])


def _lines(ratings: pd.Series, raters: list[str]) -> list[str]:
    low, high = (f"{ratings.min():g}", f"{ratings.max():g}") if len(ratings) else ("1", "5")
    named = ", ".join(json.dumps(rater, ensure_ascii=False) for rater in raters or ["name of an expert"])
    return ["[scale]", f"low = {low}", f"high = {high}", "[experts]", f"raters = [{named}]"]


def _columns(tables: list[tuple[str, Table, Layout]]) -> list[str]:
    """Name the headings that are not the usual ones, if all tables have the same."""
    found = {
        field.name: {
            table.names[place]
            for _, table, layout in tables
            for role, place in layout.places.items()
            if role == field.name
        }
        for field in fields(Headings)
    }
    other = [
        f"{role} = {json.dumps(min(names), ensure_ascii=False)}" for role, names in found.items() if names - {role}
    ]
    return ["[columns]", *other] if other else []


def _tables(folder: Path) -> list[tuple[str, Table, Layout]]:
    """Read the tables of a folder that look like ratings; what cannot be read is none of them."""
    found = []
    for path in table_files(folder, READERS):
        name = path.relative_to(folder).as_posix()
        try:
            table = read_table(path, name, lambda names: is_telling(names, USUAL))
            layout = table and recognise(table, name, USUAL)
        except ReleaseError:
            continue
        if table is not None and layout and layout.holds_ratings:
            found.append((name, table, layout))
    return found


def _lacking(layout: Layout) -> list[str]:
    return [*layout.lacking(KEY_ROLES if layout.kind == "long" else KEY_ROLES[:3])]


def _recognised(table: Table, layout: Layout, name: str) -> str:
    columns = [table.names[place] for place in (*layout.places.values(), *layout.attributes.values())]
    return f"{name} ({layout.kind}, {counted(len(table.rows), 'row')}: {some(columns, 12)})"
