"""Kinds of data errors in the files, how many there are of each, and which of them can be fixed."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from data.contexts import DIFFERENT, SAME_TEXT
from data.ratings import OFF_SCALE
from data.repeats import REPEATED
from data.study import HUMAN

LONGEST_VALUE = 60

_KIND = {
    "malformed": "malformed",
    DIFFERENT: "different",
    SAME_TEXT: "same-text",
    "empty": "empty",
    "null": "null",
    "absent": "absent",
    "not a number": "no-number",
    "no row": "no-row",
    REPEATED: "repeated",
    "number repeated": "same-number",
    "differs from another file": "second-file",
}


class ErrorWords(NamedTuple):
    """How a kind of data error is called: in a table, one and several of them in a sentence.

    ``released`` says what becomes of it as released, ``remedy`` under the recommended data choices.
    """

    label: str
    one: str
    many: str
    released: str
    remedy: str


class ErrorCount(NamedTuple):
    """How many errors of a kind a file has in the ratings of one rater; ``n_fixed`` as :func:`with_kinds` tells it."""

    file: str
    rater: str
    kind: str
    n: int
    n_fixed: int


_NOT_THERE = "nothing, since the rating is not in the files"
# Kinds of data errors in the files, in the order that tables keep.
DATA_ERROR = {
    "zero": ErrorWords(
        "Experts' 0",
        "experts' rating of 0",
        "experts' ratings of 0",
        "kept",
        "left out; mostly there was no reply to rate",
    ),
    "off-scale": ErrorWords(
        "Off the scale", "other number off the scale", "other numbers off the scale", "kept", "left out"
    ),
    "malformed": ErrorWords(
        "Malformed cell",
        "malformed cell",
        "malformed cells",
        "dropped",
        "recovered where every rating can be told",
    ),
    "different": ErrorWords(
        "Another conversation",
        "message of another conversation",
        "messages of another conversation",
        "kept",
        "the conversation left out",
    ),
    "repeated": ErrorWords(
        "Copied row",
        "experts' row that is a copy of another",
        "experts' rows that are copies of others",
        "kept",
        "the copy left out",
    ),
    "same-text": ErrorWords(
        "Small difference",
        "message with a small difference",
        "messages with a small difference",
        "kept",
        "no need, since it is the same message",
    ),
    "empty": ErrorWords("Empty cell", "empty cell", "empty cells", "missing", _NOT_THERE),
    "null": ErrorWords("Null rating", "rating written as null", "ratings written as null", "missing", _NOT_THERE),
    "absent": ErrorWords(
        "Rating absent", "rating that a cell leaves out", "ratings that a cell leaves out", "missing", _NOT_THERE
    ),
    "no-number": ErrorWords(
        "No number",
        "rating that is no number",
        "ratings that are no number",
        "dropped",
        "recovered where a lone digit stands there",
    ),
    "no-row": ErrorWords(
        "No row", "reply for which a file has no row", "replies for which a file has no row", "missing", _NOT_THERE
    ),
    "same-number": ErrorWords(
        "Number repeated",
        "row whose number stood before",
        "rows whose number stood before",
        "first row kept",
        "none made, since the first row is kept",
    ),
    "second-file": ErrorWords(
        "Two files differ",
        "cell that differs from another file's",
        "cells that differ from another file's",
        "first file kept",
        "none made, since the first file is kept",
    ),
}

_KEYS = ["file", "rater", "kind"]
KINDS = tuple(DATA_ERROR)


def with_kinds(ledger: pd.DataFrame) -> pd.DataFrame:
    """Tell the entries of a ledger apart by kind.

    Returns
    -------
    pandas.DataFrame
        The ledger with ``kind``, one of ``KINDS``: as ``error``, but an expert's 0, which mostly stands for no reply to
        rate, is told from all other numbers off the scale. ``fixed`` says whether the recommended data choices treat
        the entry otherwise than the release does.
    """
    kind = ledger["error"].map(_KIND).fillna("off-scale")
    zero = (ledger["error"] == OFF_SCALE) & (ledger["rater"] == HUMAN) & ledger["raw"].isin(("0", "0.0", "-0.0"))
    return ledger.assign(kind=kind.mask(zero, "zero"), fixed=ledger["as_released"] != ledger["valid"])


def without_cells(ledger: pd.DataFrame) -> pd.DataFrame:
    """Leave out the texts of cells, also where ``raw`` is the whole cell or long enough to be a sentence of it."""
    whole = (ledger["raw"] == ledger["cell"].str.strip()) | (ledger["raw"].str.len() > LONGEST_VALUE)
    return ledger.assign(raw=ledger["raw"].mask(whole, "")).drop(columns="cell")


def count_kinds(entries: pd.DataFrame) -> pd.DataFrame:
    """Count entries of :func:`with_kinds` by file and kind: ``file, rater, kind, n, n_fixed``."""
    return _in_order(entries.groupby(_KEYS)["fixed"].agg(n="size", n_fixed="sum").reset_index())


def count_errors(ledger: pd.DataFrame) -> tuple[ErrorCount, ...]:
    """Count the entries of a ledger, for what is told of files without their ratings."""
    return told_of(count_kinds(with_kinds(ledger)))


def told_of(counted: pd.DataFrame) -> tuple[ErrorCount, ...]:
    """Write a table of :func:`count_kinds` as values, in the order of tables."""
    return tuple(ErrorCount(*row[:3], *map(int, row[3:])) for row in _in_order(counted).itertuples(index=False))


def error_totals(told: Iterable[ErrorCount]) -> pd.DataFrame:
    """Return the table of :func:`count_kinds` from what is told of files."""
    return pd.DataFrame(told, columns=list(ErrorCount._fields))


def _in_order(counted: pd.DataFrame) -> pd.DataFrame:
    placed = counted.assign(kind=pd.Categorical(counted["kind"], KINDS)).sort_values(_KEYS, ignore_index=True)
    return placed[placed["n"] > 0].astype({"kind": str, "n_fixed": int}).reset_index(drop=True)
