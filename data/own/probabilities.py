"""With which probability each reply was drawn to be rated, where a study's tables say so."""

from collections.abc import Iterator

import pandas as pd

from data.own.layout import numbers
from data.own.wording import at_rows, counted

_REPLY = ["item", "system"]


def probabilities_of(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Return ``conversation, model, probability`` of each reply that has one; None where no reply has."""
    known = _stated(rows).drop_duplicates(_REPLY)
    if known.empty:
        return None
    made = known.astype(dict.fromkeys(_REPLY, "str"))[[*_REPLY, "number"]]
    return made.set_axis(["conversation", "model", "probability"], axis=1).reset_index(drop=True)


def probability_problems(rows: pd.DataFrame) -> Iterator[str]:
    """Say which probabilities are none, or are not the same in all rows of a reply."""
    stated = _stated(rows)
    wrong = stated[~stated["number"].between(0, 1, inclusive="right")]
    for file, those in wrong.groupby("file", observed=True):
        first = those.iloc[0]
        yield (
            f"{file}, {at_rows(those['row'].drop_duplicates().tolist())}: {first['probability']!r} is no probability; "
            "allowed are numbers above 0, up to 1, and empty cells"
        )
    several = stated.drop_duplicates([*_REPLY, "number"])
    several = several[several.duplicated(_REPLY, keep=False)]
    if len(several):
        item, system = several.iloc[0][_REPLY]
        replies = counted(len(several.drop_duplicates(_REPLY)), "reply has", "replies have")
        yield f"{replies} several probabilities, the first of system {system} to {item}; give each reply one"


def probability_notes(found: pd.DataFrame | None, rated: int) -> Iterator[str]:
    """Say what becomes of probabilities, where they are not all the same; ``rated`` replies were rated."""
    if found is None:
        return
    if len(found) < rated:
        yield f"{counted(rated - len(found), 'rated reply has', 'rated replies have')} no probability of being drawn"
    if found["probability"].min() < found["probability"].max():
        yield (
            "replies were drawn with unequal probabilities: the table weighted allows for that, and every other table "
            "takes the replies as they are"
        )


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["probability"].notna()]
    return rows.assign(number=numbers(pd.Categorical(rows["probability"])))
