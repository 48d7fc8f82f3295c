"""What can be said of the replies of MentalBench-100k without reading them."""

import pandas as pd

from analysis.findings.words import author, percent

_SEEN = {
    "empty": ("is empty", "No reply is empty"),
    "cut_off": ("ends without a closing sign", "Every reply ends with a closing sign"),
    "tagged": ("holds a reasoning tag", "No reply holds a reasoning tag"),
}


def lengths_finding(table: pd.DataFrame) -> str:
    """Say whose replies are longest and shortest."""
    rows = table.dropna(subset="words_median")
    if rows.empty:
        return "No length can be given: no reply on screen holds a word."
    longest, shortest = (rows.loc[rows["words_median"].agg(place)] for place in ("idxmax", "idxmin"))
    if longest["words_median"] == shortest["words_median"]:
        who = author(longest["model"]) if len(rows) == 1 else "each author on screen"
        return f"Half of the replies by {who} have more than {_words(longest)}."
    return (
        f"Replies by {author(longest['model'])} are longest, half of them with more than {_words(longest)}. Those by "
        f"{author(shortest['model'])} are shortest, half of them with more than {_words(shortest)}."
    )


def shares_finding(table: pd.DataFrame) -> str:
    """Say by whom replies are most often empty, cut off or tagged."""
    rows = table.dropna(subset="empty")
    if rows.empty:
        return "There is no reply to look at."
    return " ".join(_most(rows, share) for share in _SEEN)


def _most(rows: pd.DataFrame, share: str) -> str:
    what, none = _SEEN[share]
    top = rows.loc[rows[share].idxmax()]
    if top[share] == 0:
        return f"{none}."
    least = f"{percent(top[share])} of replies"
    one = f"One reply {what} most often" if len(rows) > 1 else f"A reply {what}"
    return f"{one} among those by {author(top['model'])}, {least}."


def _words(row: pd.Series) -> str:
    return f"{row['words_median']:,.0f} words"
