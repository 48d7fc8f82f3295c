"""What can be said of the replies of MentalBench-100k without reading them."""

import pandas as pd

from analysis.findings.phrases import author, listed
from data.study import Study

_MANY = {
    "empty": "Empty replies",
    "cut_off": "Replies without a closing sign",
    "tagged": "Replies with reasoning tags",
}


def lengths_finding(study: Study, table: pd.DataFrame) -> str:
    """Say whose replies are longest and shortest."""
    rows = table.dropna(subset="words_median")
    if rows.empty:
        return "No length can be given: no reply on screen holds a word."
    longest, shortest = (rows.loc[rows["words_median"].agg(place)] for place in ("idxmax", "idxmin"))
    if longest["words_median"] == shortest["words_median"]:
        who = author(study, longest["model"]) if len(rows) == 1 else "each author on screen"
        return f"Half of the replies by {who} have at least {_words(longest)}."
    return (
        f"Replies by {author(study, longest['model'])} are longest: half of them have at least "
        f"{_words(longest)}. Those by "
        f"{author(study, shortest['model'])} are shortest: half of them have at most {_words(shortest)}."
    )


def shares_finding(study: Study, table: pd.DataFrame) -> str:
    """Say by whom replies are most often empty, cut off or tagged."""
    rows = table.dropna(subset="empty")
    if rows.empty:
        return "There is no reply to look at."
    return " ".join(_most(study, rows, share) for share in _MANY)


def _most(study: Study, rows: pd.DataFrame, share: str) -> str:
    name, top = _MANY[share], rows[share].max()
    if top == 0:
        return f"{name} are not among these."
    most = rows.loc[rows[share] == top, "model"]
    if len(rows) == 1:
        return f"{name} are {_part(top)} of those by {author(study, most.iloc[0])}."
    if len(most) == len(rows):
        return f"{name} are as frequent by every author, {_part(top)} of replies."
    return f"{name} come most often from {listed([author(study, model) for model in most])}, {_part(top)} of replies."


def _part(share: float) -> str:
    """Say a share to a tenth of a percent, but never all or nothing for what is not."""
    if share < 0.0005:
        return "less than 0.1%"
    if share >= 0.9995:
        return "more than 99.9%" if share < 1 else "100%"
    return f"{share:.1%}"


def _words(row: pd.Series) -> str:
    return f"{row['words_median']:,.0f} word{'' if round(row['words_median']) == 1 else 's'}"
