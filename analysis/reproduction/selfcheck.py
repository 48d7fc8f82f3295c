"""The printed tables against themselves: figures that follow from other printed figures of their row.

A printed figure was rounded by at most half a unit of its last digit. What follows from several of them may be off by
what their roundings add up to, and by no more; a row that is off by more contradicts itself.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

COLUMNS = ("judge", "model", "attribute", "figure", "published", "follows", "allowed")
PROOF = (*COLUMNS[:5], "recomputed", "result", "result_published", "from_printed", "from_recomputed")

_SLACK = 1e-9


class Rule(NamedTuple):
    """What a figure is the sum of: other figures of its row times these weights; what a row is; how many they are."""

    weights: dict[str, float]
    row: tuple[str, ...]
    parts: int


def follows(table: pd.DataFrame) -> dict[str, Rule]:
    """Name what each figure that follows from others is the sum of; an average is over all attributes of the table."""
    attributes = max(1, table.loc[table["figure"] == "mean", "attribute"].nunique())
    return {
        "ci_width": Rule({"icc_c1_high": 1, "icc_c1_low": -1}, ("judge", "attribute"), 2),
        "bias": Rule({"judge_mean": 1, "human_mean": -1}, ("judge", "attribute"), 2),
        "average": Rule({"mean": 1 / attributes}, ("model",), attributes),
    }


def checked(table: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Hold every printed figure that follows from others against them.

    Parameters
    ----------
    table
        ``judge, model, attribute, figure, published``: printed figures, one row each.
    unit
        One in the last printed digit of each.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: ``follows`` is what the other printed figures of its row make of ``figure``, ``allowed`` how far
        roundings alone may take that from the printed one. Rows of a table that lack a figure are passed over.
    """
    rows = []
    for result, weights in _rows(table):
        follows = (weights * table.loc[weights.index, "published"]).sum()
        rows.append((*table.loc[result, list(COLUMNS[:5])], follows, _allowed(result, weights, unit)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def misprints(table: pd.DataFrame, unit: pd.Series) -> pd.Series:
    """Mark printed figures that contradict their own row where the recomputed figure does not.

    A row contradicts itself when a figure that follows from others is off by more than their roundings allow. In such a
    row a figure that is not reproduced is marked when the recomputed one, put in its place with all others as printed,
    fixes the row, and when it is the only one that does: of two, nothing tells which is wrong. ``table`` as for
    :func:`checked`, with ``recomputed`` and ``verdict``.
    """
    found = pd.Series(False, index=table.index)
    moved = table["recomputed"] - table["published"]
    for result, weights in _rows(table):
        every = pd.concat([weights, pd.Series({result: -1.0})])
        gap, allowed = (every * table.loc[every.index, "published"]).sum(), _allowed(result, weights, unit)
        if abs(gap) > allowed:
            fixed = (gap + every * moved[every.index]).abs() <= allowed
            fixed &= table.loc[every.index, "verdict"] == "not-reproduced"
            found[every.index[fixed]] = fixed.sum() == 1
    return found


def proofs(table: pd.DataFrame) -> pd.DataFrame:
    """Give the figures that show each misprint of a table with verdicts.

    Returns
    -------
    pandas.DataFrame
        ``PROOF``, one row for each misprint: ``result`` is the figure of its row that follows from others,
        ``result_published`` as it is printed, ``from_printed`` as it follows from the printed figures, and
        ``from_recomputed`` with the recomputed figure in place of the misprint.
    """
    found = []
    for result, weights in _rows(table):
        every = table.loc[[*weights.index, result]]
        for place, row in every[every["verdict"] == "misprint"].iterrows():
            follows = (weights * table.loc[weights.index, "published"]).sum()
            fixed = follows + weights.get(place, 0) * (row["recomputed"] - row["published"])
            printed = table.loc[result, ["figure", "published"]]
            found.append((*row[list(COLUMNS[:5])], row["recomputed"], *printed, follows, fixed))
    return pd.DataFrame(found, columns=list(PROOF))


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, pd.Series]]:
    """Give each figure that follows from others, and the weights of those, by their places in the table."""
    for figure, rule in follows(table).items():
        members = table[table["figure"].isin([figure, *rule.weights])]
        for _, row in members.groupby(list(rule.row), sort=False):
            result = row.index[row["figure"] == figure]
            parts = row.loc[row["figure"] != figure, "figure"]
            if len(result) == 1 and len(parts) == rule.parts:
                yield result[0], parts.map(rule.weights).astype(float)


def _allowed(result: int, weights: pd.Series, unit: pd.Series) -> float:
    return float((unit[result] + (weights.abs() * unit[weights.index]).sum()) / 2 + _SLACK)
