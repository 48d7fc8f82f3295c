"""How a judge agrees with itself, and whether it has moved away from the experts, in sentences."""

import pandas as pd

from analysis.agreement.consistency import NONE
from analysis.findings.phrases import of_100, span
from data.names import plain_name
from data.study import Study

# What a judge was asked with, by probe.
_WITH = {"padding": "words without content behind the reply", "order": "the reply before the message"}


def consistency_finding(study: Study, table: pd.DataFrame) -> str:
    """Say of each judge how often it changes a rating when nothing has changed, and what a change or time does."""
    said = [
        _of_judge(study.rater(judge), rows.reset_index(drop=True))
        for judge, rows in table.groupby("judge", sort=False, observed=True)
    ]
    return " ".join(said)


def _of_judge(name: str, rows: pd.DataFrame) -> str:
    parts = [_asked_again(name, rows[rows["probe"] == NONE])]
    for probe, probed in rows[rows["probe"] != NONE].groupby("probe", sort=False, observed=True):
        parts.append(
            _with_change(_WITH[probe], probed) if probe in _WITH else _at_another_time(plain_name(str(probe)), probed)
        )
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


def _with_change(asked: str, rows: pd.DataFrame) -> str:
    moved = _mean_moved(rows)
    return f"With {asked} {f'its {moved}' if moved else 'no mean rating clearly moves'}."


def _at_another_time(run: str, rows: pd.DataFrame) -> str:
    """Say whether the judge is still what it was in its first run."""
    flips = f"In the run {run} it gives another rating to {of_100(rows['flip_rate'].max())} of 100 replies at the most"
    moved, fallen = _mean_moved(rows), _agreement_fallen(rows)
    said = f"{flips}{f', and its {moved}' if moved else ''}. {fallen or _agreement_kept(rows)}"
    return f"{said} What was found of its first run may no longer hold." if moved or fallen else said


def _mean_moved(rows: pd.DataFrame) -> str:
    """Say where a mean rating moves most, of those that clearly do; empty where none does."""
    clear = rows[(rows["mean_change_low"] > 0) | (rows["mean_change_high"] < 0)]
    if clear.empty:
        return ""
    most = clear.loc[clear["mean_change"].abs().idxmax()]
    return f"mean rating on {most['attribute']} moves by {most['mean_change']:+.2f} points"


def _agreement_fallen(rows: pd.DataFrame) -> str:
    """Say where agreement with the experts falls most, of what clearly does; empty where none does."""
    lost = rows[rows["change_a1_high"] < 0]
    if lost.empty:
        return ""
    most = lost.loc[lost["change_a1"].idxmin()]
    ends = f"{most['change_a1_low']:+.2f} to {most['change_a1_high']:+.2f}"
    return f"Its ICC(A,1) with the experts changes by {most['change_a1']:+.2f} ({ends}) on {most['attribute']}."


def _agreement_kept(rows: pd.DataFrame) -> str:
    lowest = rows["change_a1_low"].min()
    if pd.isna(lowest):
        return "Whether it agrees less with the experts is not known."
    return f"No ICC(A,1) with the experts clearly falls; one may have fallen by up to {max(-lowest, 0.0):z.2f}."
