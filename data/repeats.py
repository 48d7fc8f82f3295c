"""Find conversations whose row in the experts' file is an exact copy of another conversation's row."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from data.ratings import Entry
from data.study import HUMAN

REPEATED = "row: exact copy of another"
COLUMNS = ["conversation", "copy_of"]

# With fewer ratings, or with one value throughout, two rows are easily alike without being copies.
FEWEST_RATINGS = 10


def repeated_rows(
    conversations: Sequence[object], messages: Mapping[object, str], ratings: Sequence[np.ndarray]
) -> pd.DataFrame:
    """List the conversations that repeat an earlier one: the same message, and every rating of the experts the same.

    Parameters
    ----------
    conversations
        In the order of the files.
    messages
        By conversation, as the experts' file has them; a conversation without one repeats none.
    ratings
        Of each expert: an array of (conversations, systems, attributes), NaN where there is no rating.

    Returns
    -------
    pandas.DataFrame
        ``conversation, copy_of``: each conversation that repeats one, and the first that it repeats. Rows of fewer than
        ``FEWEST_RATINGS`` ratings, and rows of a single value, are not told to be copies.
    """
    by_row = np.stack([each.reshape(len(conversations), -1) for each in ratings], axis=1)
    first: dict[str, list[int]] = {}
    found = []
    for place, number in enumerate(conversations):
        if number not in messages:
            continue
        alike = first.setdefault(messages[number], [])
        # Few messages stand in a file more than once, so that few rows are compared.
        given = by_row[place][~np.isnan(by_row[place])] if alike else ()
        if len(given) >= FEWEST_RATINGS and np.ptp(given) > 0:
            copied = [other for other in alike if np.array_equal(by_row[place], by_row[other], equal_nan=True)]
            if copied:
                found.append((number, conversations[copied[0]]))
        alike.append(place)
    return pd.DataFrame(found, columns=COLUMNS)


def told_repeats(repeats: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Write what :func:`repeated_rows` lists as values: each conversation, and the one that it copies."""
    return tuple((str(number), str(copy_of)) for number, copy_of in repeats.itertuples(index=False))


def messages_of(contexts: pd.DataFrame) -> dict[object, str]:
    """Return the experts' messages by conversation; ``contexts`` as :class:`data.ratings.Ratings` has them."""
    experts = contexts[contexts["rater"] == HUMAN]
    return dict(zip(experts["conversation"], experts["context"], strict=True))


def repeat_entries(
    repeats: pd.DataFrame, places: Mapping[tuple[object, str], tuple[str, int, str]], item: str
) -> Iterable[Entry]:
    """List repeated rows as rows of the ledger; ``places`` and ``item`` as for ``data.ratings.context_entries``."""
    for number, copy_of in repeats.itertuples(index=False):
        where = f"as {item} {copy_of}"
        yield Entry(*places[number, HUMAN], HUMAN, number, "", "", REPEATED, where, "", "kept", "left out")
