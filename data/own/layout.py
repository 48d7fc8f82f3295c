"""How a table holds ratings: one rating a row (long), or one reply a row and one column an attribute (wide)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from data.errors import ReleaseError
from data.own import FILE
from data.own.wording import some
from data.ratings import Headings
from data.tables import Table

Role = Literal[
    "item", "system", "rater", "attribute", "rating", "message", "explanation", "reply", "run", "probability"
]
ROLES: tuple[Role, ...] = get_args(Role)
# What tells of a table that it may hold ratings.
KEY_ROLES: tuple[Role, ...] = ("item", "system", "rater", "attribute", "rating")
# A table of another kind may well have one of these headings.
_FEWEST_TELLING = 2
# A column of a wide table with fewer numbers among its filled cells holds no ratings.
_MOSTLY = 1 / 2

# What each column may be called, the first that is there.
Accepted = Mapping[Role, Sequence[str]]

# A number as text.
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"


@dataclass(frozen=True)
class Layout:
    """Where a table holds what.

    Attributes
    ----------
    kind
        ``long`` or ``wide``.
    places
        The column of each role that is there.
    attributes
        Of a wide table: the column of each attribute.
    passed_over
        Of a wide table: columns that hold no ratings, as a sentence each.
    """

    kind: Literal["long", "wide"]
    places: Mapping[Role, int]
    attributes: Mapping[str, int]
    passed_over: tuple[str, ...] = ()

    def lacking(self, roles: Iterable[Role]) -> list[Role]:
        """Return those of the roles that have no column."""
        return [role for role in roles if role not in self.places]

    @property
    def holds_ratings(self) -> bool:
        """Whether there is any column with ratings, or with what they are of."""
        return self.kind == "long" or bool(self.attributes)


def exactly(headings: Headings) -> Accepted:
    """Accept the headings of a study, and no others."""
    return {role: (getattr(headings, role),) for role in ROLES}


def is_telling(names: Sequence[str], accepted: Accepted, roles: Sequence[Role] = KEY_ROLES) -> bool:
    """Whether headings are likely those of ratings: they name at least two of the roles."""
    folded = {name.casefold() for name in names}
    found = [role for role in roles if not folded.isdisjoint(map(str.casefold, accepted[role]))]
    return len(found) >= _FEWEST_TELLING


def places_of(names: Sequence[str], name: str, accepted: Accepted) -> dict[Role, int]:
    """Find the column of each role that a table has, by the names of its columns.

    Raises
    ------
    ReleaseError
        A column stands twice.
    """
    return {role: place for role in ROLES if (place := _place(names, name, accepted[role])) is not None}


def recognise(table: Table, name: str, accepted: Accepted, listed: Iterable[str] = ()) -> Layout:
    """Tell how a table holds ratings.

    It is long when it has a column of attributes or of ratings, and wide otherwise; then every other column is an
    attribute whose cells are mostly numbers, or that is listed.

    Raises
    ------
    ReleaseError
        A column stands twice.
    """
    places = places_of(table.names, name, accepted)
    if "attribute" in places or "rating" in places:
        return Layout("long", places, {})
    known = set(listed)
    attributes: dict[str, int] = {}
    passed_over = []
    for place, heading in enumerate(table.names):
        if place in places.values() or not heading:
            continue
        filled, n = _numbers(table, place)
        if heading in known or (n and n >= _MOSTLY * filled):
            if heading in attributes:
                raise _twice(name, heading)
            attributes[heading] = place
        else:
            passed_over.append(f"{name}: column {heading} was not read; {n:,} of its {filled:,} cells are numbers")
    return Layout("wide", places, attributes, tuple(passed_over))


def layout_problem(layout: Layout, names: Sequence[object], name: str, headings: Headings) -> str:
    """Say which columns a table of ratings lacks; empty where it lacks none."""
    needed = KEY_ROLES if layout.kind == "long" else KEY_ROLES[:3]
    lacking = layout.lacking(needed)
    if not lacking and (layout.kind == "long" or layout.attributes):
        return ""
    columns = ", ".join(getattr(headings, role) for role in lacking)
    lacks = f"no column{'s' if len(lacking) > 1 else ''} {columns}" if lacking else "no column with ratings"
    keys = ", ".join(getattr(headings, role) for role in KEY_ROLES[:3])
    return (
        f"{name} has {lacks}; its columns are {some(names, 12)}. A long table has {keys}, {headings.attribute}, "
        f"{headings.rating}; a wide one {keys} and a column for each attribute. If they are called otherwise, say so "
        f"in [columns] of {FILE}"
    )


def numbers(texts: pd.Categorical) -> np.ndarray:
    """Read texts as numbers, NaN where one is missing or no number."""
    found = pd.Series(texts.categories, dtype="str")
    read = pd.to_numeric(found.where(found.str.fullmatch(NUMBER))).to_numpy(dtype=float, na_value=np.nan)
    # The last is what the code -1 of a missing text leads to.
    return np.append(np.where(np.isinf(read), np.nan, read), np.nan)[texts.codes]


def _numbers(table: Table, place: int) -> tuple[int, int]:
    """Count the filled cells of a column, and the numbers among them."""
    texts = table.texts(place)
    return int((texts.codes >= 0).sum()), int((~np.isnan(numbers(texts))).sum())


def _place(columns: Sequence[str], name: str, headings: Sequence[str]) -> int | None:
    """Find the column that has the first of these headings that is there; in other capitals only if none has it so."""
    for fold in (str, str.casefold):
        names = [fold(each) for each in columns]
        for heading in map(fold, headings):
            if names.count(heading) > 1:
                raise _twice(name, heading)
            if heading in names:
                return names.index(heading)
    return None


def _twice(name: str, heading: str) -> ReleaseError:
    return ReleaseError(f"{name} has the column {heading} twice; a table has it once")
