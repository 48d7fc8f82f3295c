"""What a plan comes to, in sentences."""

from collections.abc import Iterator

import pandas as pd

from analysis.decisions.aim import Aim
from analysis.decisions.power import MOST_ITEMS, NARROWED
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED, UNSUPPORTED
from analysis.findings.phrases import begun, counted, in_points, listed, of_100, pair
from data.study import Study

_TO = {
    "rank": "to rank systems",
    "score": "to report scores",
    "reply": "to rate single replies",
}
# What the interval of a use is of, whose width is planned.
FIGURE = {
    "choice_loss": "the loss by the judge's choice",
    "system_bias": "the largest gap of a system",
    "reply_agreement": "ICC(A,1) of single replies",
}
# Why no number of items is enough, and what would help.
_WHY = {
    "width": "ask for a wider interval",
    "power": "a figure lies near its threshold, or depends on which systems there are",
}
_SHOWN = {SUPPORTED: "fit", CHECKED: "fit with human checks", UNSUPPORTED: "unfit"}


def plan_finding(study: Study, row: pd.Series, aim: Aim) -> str:
    """Say for one judge and attribute how many ratings it takes, of what, by how many."""
    who, to = pair(study, row), _TO[aim.use]
    if pd.isna(row["systems_planned"]):
        return f"What it takes to certify {who} {to} cannot be told: the ratings at hand are too few, or do not vary."
    if row["aim"] == UNDECIDED:
        return f"No number of {study.item.many} settles whether {who} is fit {to}: {_systems(row)}"
    if pd.isna(row["items_needed"]):
        lacking = [name for name in _WHY if pd.isna(row[f"items_for_{name}"])]
        what = listed([f"the {'verdict' if name == 'power' else name}" for name in lacking])
        why = "; ".join(_WHY[name] for name in lacking)
        return (
            f"Not even with {study.counted(MOST_ITEMS)} {'is' if len(lacking) == 1 else 'are'} {what} reached in "
            f"{of_100(aim.power)} of 100 studies of {who}, {to}: {why}."
        )
    shown = f"To show that {who} is {_SHOWN[row['aim']]} {to}"
    if row["aim"] == UNSUPPORTED:
        shown = f"As its figures stand, {who} is not fit {to}. To show that"
    return (
        f"{shown}, with an interval as narrow as asked for, experts would have to rate "
        f"{study.counted(int(row['items_needed']))} with "
        f"{counted(int(row['systems_planned']), 'reply', 'replies')} each{_by(row)}: "
        f"{row['ratings_needed']:,.0f} ratings."
    )


def certainty(study: Study, row: pd.Series, aim: Aim) -> str:
    """Say what is promised, and which of both takes more."""
    figure = NARROWED[aim.use]
    wide = f"{aim.width:g} wide" if figure == "reply_agreement" else f"{in_points(aim.width, 'g')} wide"
    said = f"In {of_100(aim.power)} of 100 studies like this, the interval of {FIGURE[figure]} is then at most {wide}"
    if row["aim"] == UNDECIDED:
        return f"{said}." if pd.notna(row["items_for_width"]) else ""
    if pd.isna(row["items_needed"]):
        return ""
    alone = [study.counted(int(row[name])) for name in ("items_for_width", "items_for_power")]
    return f"{said}, and in as many the verdict is reached. The width takes {alone[0]}, the verdict {alone[1]}."


def saved_finding(study: Study, row: pd.Series, unlabelled: int) -> str:
    """Say what the judge's ratings would save of the experts' where their means are wanted, not a verdict."""
    if pd.isna(row["items_with_judge"]):
        return ""
    fewer = int(row["items_needed"] - row["items_with_judge"])
    if fewer < 1:
        return "For the experts' means of systems, the judge's ratings would save none of these."
    return (
        f"For the experts' means of systems, not for a verdict, the judge's ratings of {unlabelled:,} further replies "
        f"each would save {fewer:,} of these {study.item.many} (prediction-powered inference)."
    )


def split_finding(study: Study, rows: pd.DataFrame) -> str:
    """Say what other numbers of experts of a reply take, where a study tells what a second one adds."""
    known = rows.dropna(subset=["ratings_needed", "experts_each"])
    if len(known) < 2:
        return ""
    said = [
        f"{row['ratings_needed']:,.0f} ratings with {counted(int(row['experts_each']), 'expert', 'experts')} of each "
        f"reply show it {_SHOWN[row['aim']]}"
        for _, row in known.iterrows()
    ]
    return (
        f"{begun(', '.join(said))}. Let two or more rate part of the {study.item.many} in any case: only then is their "
        "own agreement known."
    )


def assumptions(study: Study, table: pd.DataFrame) -> Iterator[str]:
    """Say what a plan takes for granted."""
    yield (
        f"The plan takes your replies, experts and judge to be like those of {study.title}. Others need a plan of "
        f"their own, from a pilot of {study.counted(50)} or more."
    )
    if table["experts_each"].isna().all():
        yield (
            "Experts are not told apart in these ratings: each reply is planned to be rated once, as it was there, and "
            "what a second expert adds is not known."
        )


def _by(row: pd.Series) -> str:
    if pd.isna(row["experts_each"]):
        return ", rated once"
    return f", rated by {counted(int(row['experts_each']), 'expert', 'experts')} each"


def _systems(row: pd.Series) -> str:
    if pd.isna(row["systems_needed"]):
        return "its ICC(C,1) lies so near a threshold that even 1,000 systems would not tell."
    return f"it takes about {row['systems_needed']:,.0f} systems, and there are {row['systems_planned']:,.0f}."


def curve_finding(study: Study, curves: pd.DataFrame, figure: str) -> str:
    """Say what the fewest and the most items that were tried would bring; ``figure`` is a column of the curves."""
    rows = curves[curves["experts_each"].isna() | (curves["experts_each"] == curves["experts_each"].min())]
    rows = rows.dropna(subset=figure)
    if rows.empty:
        return "No interval can be told from these ratings."
    first, last = rows.iloc[0], rows.iloc[-1]
    sizes = [study.counted(int(row["items_tried"])) for row in (first, last)]
    if figure == "power":
        shares = [of_100(row["power"]) for row in (first, last)]
        return f"With {sizes[0]}, {shares[0]} of 100 studies reach the verdict, and with {sizes[1]}, {shares[1]} do."
    widths = [f"{row['assured_width']:.2f}" for row in (first, last)]
    return f"With {sizes[0]} the interval is at most {widths[0]} wide, and with {sizes[1]} at most {widths[1]}."
