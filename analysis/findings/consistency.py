"""How a judge agrees with itself, in sentences."""

import pandas as pd

from analysis.agreement.consistency import NONE
from analysis.findings.phrases import of_100, span
from data.study import Study

# What a judge was asked with, by probe.
_WITH = {"padding": "words without content behind the reply", "order": "the reply before the message"}


def consistency_finding(study: Study, table: pd.DataFrame) -> str:
    """Say of each judge how often it changes a rating when nothing has changed, and what meaningless changes do."""
    said = [
        _of_judge(study.rater(judge), rows.reset_index(drop=True))
        for judge, rows in table.groupby("judge", sort=False, observed=True)
    ]
    return " ".join(said)


def _of_judge(name: str, rows: pd.DataFrame) -> str:
    parts = [_asked_again(name, rows[rows["probe"] == NONE])]
    for probe, probed in rows[rows["probe"] != NONE].groupby("probe", sort=False, observed=True):
        parts.append(_with_change(str(probe), probed))
    return " ".join(filter(None, parts))


def _asked_again(name: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return f"{name} was not asked twice alike."
    most = rows.loc[rows["flip_rate"].idxmax()]
    if not most["flip_rate"]:
        return f"Asked again, {name} gave no other rating on any attribute."
    said = f"Asked again, {name} gives another rating to {of_100(most['flip_rate'])} of 100 replies on"
    flips = f"{said} {most['attribute']}{', the most' if len(rows) > 1 else ''}"
    known = rows["retest_a1"].dropna()
    if known.empty:
        return f"{flips}."
    return f"{flips}; its ICC(A,1) with itself is {span(known)}, and with experts can hardly be higher."


def _with_change(probe: str, rows: pd.DataFrame) -> str:
    clear = rows[(rows["mean_change_low"] > 0) | (rows["mean_change_high"] < 0)]
    asked = _WITH.get(probe, f"the change {probe!r}")
    if clear.empty:
        return f"With {asked} no mean rating clearly moves."
    most = clear.loc[clear["mean_change"].abs().idxmax()]
    return f"With {asked} its mean rating on {most['attribute']} moves by {most['mean_change']:+.2f} points."
