"""Tables of ratings as one frame with a row for every rating, and what is wrong with its rows."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from data.own.layout import Layout, Role, numbers
from data.own.wording import FEW, at_rows, counted, some
from data.ratings import FIRST_RUN, LEDGER_COLUMNS, MOST_OUTSIDE, OFF_SCALE
from data.replies.traits import count_words
from data.study import HUMAN, Scale
from data.tables import Table

KEYS = ["item", "system", "rater", "attribute"]
# Every two runs are compared.
MOST_RUNS = 20
NOT_A_NUMBER = "not a number"
EMPTY = "empty"

_TEXTS: tuple[Role, ...] = ("item", "system", "rater", "attribute", "message", "explanation", "run", "probability")


def rating_rows(table: Table, layout: Layout, name: str) -> pd.DataFrame:
    """Return a row for every rating that a table has a cell for.

    Returns
    -------
    pandas.DataFrame
        ``item, system, rater, attribute, message, explanation, run, probability`` as text, missing where the table has
        none;
        ``raw``, the rating as it is written, missing where the cell is empty; ``rating``, the number, NaN where there
        is none; ``words``, how many the reply has, 0 where the table has none of its text, which goes no further than
        here; ``file``, ``row`` (as a spreadsheet shows it) and ``column`` (the heading).
    """
    if layout.kind == "long":
        return _rows(table, layout, name, layout.places.get("rating"), None)
    parts = [_rows(table, layout, name, place, attribute) for attribute, place in layout.attributes.items()]
    return joined(parts)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put rows of several tables together, in order."""
    if len(parts) < 2:
        return parts[0] if parts else _rows(Table([], [], np.empty(0, int)), Layout("long", {}, {}), "", None, None)
    columns = {
        name: union_categoricals([part[name] for part in parts])
        if isinstance(parts[0][name].dtype, pd.CategoricalDtype)
        else np.concatenate([part[name].to_numpy() for part in parts])
        for name in parts[0].columns
    }
    return pd.DataFrame(columns)


def always(text: str | None, size: int) -> pd.Categorical:
    """Return a column with one text in every row, or with none at all."""
    texts = pd.Index([] if text is None else [text], dtype="str")
    return pd.Categorical.from_codes(np.full(size, -1 if text is None else 0, dtype=np.int8), texts)


def _rows(table: Table, layout: Layout, name: str, rating: int | None, attribute: str | None) -> pd.DataFrame:
    """Return the rows of one column of ratings."""
    size = len(table.rows)
    found: dict[str, object] = {
        role: table.texts(layout.places[role]) if role in layout.places else always(None, size) for role in _TEXTS
    }
    if attribute is not None:
        found["attribute"] = always(attribute, size)
    raw = always(None, size) if rating is None else table.texts(rating)
    heading = "" if rating is None else table.names[rating]
    placed = {"file": always(name, size), "row": table.rows, "column": always(heading, size)}
    words = np.zeros(size, dtype=np.uint32) if (at := layout.places.get("reply")) is None else _words(table.texts(at))
    return pd.DataFrame({**found, "raw": raw, "rating": numbers(raw), "words": words, **placed})


def _words(texts: pd.Categorical) -> np.ndarray:
    """Count the words of each text, 0 where there is none."""
    counted = count_words(pa.chunked_array([pa.array(texts.categories, pa.string())]))
    # The last is what the code -1 of a missing text leads to.
    return np.append(counted, 0).astype(np.uint32)[texts.codes]


def without_keys(rows: pd.DataFrame, keys: Mapping[str, str]) -> Iterator[str]:
    """Say which ratings lack their item, system, rater or attribute; ``keys`` has the columns and what they are."""
    given = rows[rows["raw"].notna()]
    for column, key in keys.items():
        for file, lacking in given[given[column].isna()].groupby("file", observed=True):
            places = at_rows(lacking["row"].drop_duplicates().tolist())
            yield f"{file}, {places}: the rating has no {key}; fill the cell or take the row out"


def duplicates(rows: pd.DataFrame) -> Iterator[str]:
    """Say which ratings stand more than once, where the first few of them stand, and how many more there are."""
    given = rows[rows["raw"].notna()].dropna(subset=KEYS)
    repeated = given[given.duplicated(KEYS, keep=False)]
    groups = repeated.groupby(KEYS, observed=True, sort=False)
    more = groups.ngroups - FEW
    for place, (key, group) in enumerate(groups):
        if place == FEW:
            yield f"{counted(more, 'more rating')} of one item, system, rater and attribute stand more than once"
            return
        where = "; ".join(
            f"{file}, {at_rows(rows_of['row'].tolist())}, column {rows_of['column'].iloc[0]}"
            for file, rows_of in group.groupby("file", observed=True, sort=False)
        )
        named = ", ".join(f"{name} {value}" for name, value in zip(KEYS, key, strict=True))
        yield f"{where}: {named} has {len(group)} ratings; keep one of them"


def first_runs(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the ratings of each rater's first run, or only one, from those of its later ones."""
    later = (rows["run"].notna() & (rows["run"] != FIRST_RUN)).to_numpy()
    return rows[~later], rows[later]


def run_problems(later: pd.DataFrame, first: pd.DataFrame) -> Iterator[str]:
    """Say what is wrong with later runs: ratings that stand twice in one, and raters without a first."""
    for _, run in later.groupby("run", observed=True, sort=False):
        yield from duplicates(run)
    n = later["run"].nunique() + 1
    if n > MOST_RUNS:
        yield f"there are {n:,} runs; at most {MOST_RUNS} are compared, so leave the others out"
    for rater in set(later["rater"].dropna()) - set(first["rater"].dropna()):
        runs = some([repr(run) for run in later.loc[later["rater"] == rater, "run"].drop_duplicates()])
        yield f"{rater} has runs called {runs} and none called {FIRST_RUN!r}, the first; call it so"


def no_numbers(rows: pd.DataFrame, scale: Scale) -> Iterator[str]:
    """Say which raters have more than one in 20 ratings that are no number."""
    for rater, given in rows[rows["raw"].notna()].groupby("rater", observed=True, sort=False):
        texts = given[given["rating"].isna()]
        if len(texts) > MOST_OUTSIDE * len(given):
            cells = zip(texts["row"], texts["column"], texts["raw"], strict=True)
            shown = some([f"{raw!r} in row {row}, column {column}" for row, column, raw in cells])
            files = some(texts["file"].drop_duplicates().tolist())
            yield (
                f"{files}: {len(texts):,} of {len(given):,} ratings of {rater} are no numbers ({shown}); "
                f"allowed are {scale.points} with a point before decimals, and an empty cell where there is no rating"
            )


def row_errors(rows: pd.DataFrame, scale: Scale, experts: Sequence[str]) -> pd.DataFrame:
    """List what is wrong with single ratings, as the ledger has it.

    Ratings of experts stand in it as those of ``human``, as everywhere else; file and row tell whose they are.
    """
    rating = rows["rating"].to_numpy()
    kinds = {
        EMPTY: (rows["raw"].isna(), ("missing", "missing")),
        NOT_A_NUMBER: (rows["raw"].notna() & np.isnan(rating), ("dropped", "dropped")),
        OFF_SCALE: (~np.isnan(rating) & ~scale.holds(rating), ("kept", "left out")),
    }
    return pd.concat(
        [_ledger(rows[mask], error, done, experts) for error, (mask, done) in kinds.items()], ignore_index=True
    ).sort_values(["file", "row"], kind="stable", ignore_index=True)


def _ledger(rows: pd.DataFrame, error: str, done: tuple[str, str], experts: Sequence[str]) -> pd.DataFrame:
    written = rows["raw"].astype("str").fillna("")
    rater = rows["rater"].astype("str")
    columns = {
        **{name: rows[name].astype("str") for name in ("file", "column", "attribute")},
        "row": rows["row"],
        "rater": rater.mask(rater.isin(list(experts)), HUMAN),
        "conversation": rows["item"].astype("str"),
        "model": rows["system"].astype("str"),
        "error": error,
        "raw": written,
        "cell": written,
        "as_released": done[0],
        "valid": done[1],
    }
    return pd.DataFrame(columns, index=rows.index)[LEDGER_COLUMNS]
