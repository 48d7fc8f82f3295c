"""Why a judge has a verdict on a use, with the number that decides, what would change it, and how robust it is."""

import operator

import pandas as pd

from analysis.column import Column
from analysis.decisions.criteria import CRITERIA, MOST_SYSTEMS
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED
from analysis.findings.phrases import at_least, at_most, author, counted, of_100
from analysis.ratings.needs import FEWEST_REPLIES, FEWEST_SYSTEMS
from analysis.ratings.settings import Settings
from analysis.wording.vocabulary import verdict_look
from data.study import Study

REASONS = (
    Column.text("reason", "Reason", "criterion", sentences=True),
    Column.text("change", "What would change it", "more", sentences=True),
)
# More data than so many times those at hand are no plan.
MOST_TIMES = 20
# Beyond those that are usual.
_MORE_DIGITS = 2


def reason(study: Study, row: pd.Series, settings: Settings) -> str:
    """Say in one sentence, with its number, why a criterion has the verdict that it has.

    Parameters
    ----------
    row
        Of :func:`analysis.decisions.verdicts.verdict_table` or :func:`analysis.decisions.verdicts.criteria_table`.
    settings
        Those that the verdicts are made under.
    """
    if row["verdict"] == UNDECIDED and (too_little := _too_little(row)):
        return too_little
    match row["criterion"]:
        case "consistency":
            said = f"On {row['n']:,} systems it keeps the experts' order with ICC(C,1) {_icc(row)}"
        case "choice_loss":
            said = _choice_loss(study, row)
        case "system_bias":
            said = (
                f"Its mean for {author(study, row['system'])} is {row['value']:z.2f} points off the experts', the "
                f"largest gap of all systems (90% interval {_ends(row)}); the interval of every system may reach "
                f"{_asked(row)}."
            )
        case "reply_agreement":
            said = f"On {row['n']:,} single replies it gives the experts' ratings with ICC(A,1) {_icc(row)}"
        case _:
            said = (
                f"Of 100 replies that experts rate {at_most(study, settings.low)}, it gives "
                f"{at_least(study, settings.high)} to {of_100(row['value'])} (95% interval "
                f"{_ends(row)}); the interval may reach "
                f"{of_100(row['supported_at'])}, or {of_100(row['checked_at'])} with human checks."
            )
    return f"{said} {_across(row)}" if row["verdict"] == UNDECIDED else said


def other_criteria(study: Study, criteria: pd.DataFrame, row: pd.Series, settings: Settings) -> str:
    """Say how a use stands by its criteria beside the one that decides, all of the same judge and attribute."""
    others = criteria[(criteria["use"] == row["use"]) & (criteria["criterion"] != row["criterion"])]
    return " ".join(
        f"By the other criterion alone: {verdict_look(other['verdict']).word.lower()}. {reason(study, other, settings)}"
        for _, other in others.iterrows()
    )


def interval_in_short(row: pd.Series) -> str:
    """Give the interval that decides, short: of an ICC, of a loss or a gap, or of falsely reassured replies of 100."""
    if pd.isna(row["value_low"]):
        return "undefined"
    if row["criterion"] == "reassurance":
        return f"passes {_ends(row)} of 100"
    what = {"choice_loss": "loses", "system_bias": "off by"}.get(row["criterion"], "ICC")
    return f"{what} {_ends(row)}"


def what_would_change(study: Study, row: pd.Series) -> str:
    """Say what would change the verdict of the criterion that decides, and in how many checks it changes."""
    return " ".join(filter(None, [_more_data(study, row), robustness(row)]))


def robustness(row: pd.Series) -> str:
    """Say in how many checks a verdict changes; empty where none were made."""
    n = row.get("n_checks", 0)
    if pd.isna(n) or not n:
        return ""
    changed = int(row["n_differ"])
    if not changed:
        return f"It holds in all {int(n)} robustness checks."
    return f"It would change in {changed} of {int(n)} robustness checks."


def _more_data(study: Study, row: pd.Series) -> str:
    match row["verdict"]:
        case "supported":
            return "There is no better verdict. Stricter thresholds, or other systems, could take it away."
        case "not-supported":
            return "More data would not change it: by these thresholds the judge is shown to be unfit for this."
        case "human-checks":
            return _to_be_supported(study, row)
    return _to_tell(study, row)


def _to_be_supported(study: Study, row: pd.Series) -> str:
    if pd.isna(row["more"]):
        return f"More data would not make it “{verdict_look(SUPPORTED).word}”: the figure itself falls short."
    said = f"it would be “{verdict_look(row['with_more']).word}”, if the figure stayed as it is"
    return f"With {_more(study, row)} {said}."


def _to_tell(study: Study, row: pd.Series) -> str:
    if _decides_alone(row):
        return "How much more data that takes is not computed."
    if pd.isna(row["more"]):
        return (
            f"Not even {MOST_SYSTEMS:,} systems would tell."
            if _of_systems(row)
            else "More data of this kind are needed."
        )
    if not isinstance(row["with_more"], str):
        return f"It takes {_more(study, row)} for anything to be said."
    or_better = ", or better" if row["with_more"] == CHECKED else ""
    return (
        f"With {_more(study, row)} the data would tell: “{verdict_look(row['with_more']).word}”{or_better}, if the "
        "figure stayed as it is."
    )


def _more(study: Study, row: pd.Series) -> str:
    """Say how much more data: ``about 12 more systems``, ``more than 100 times as many conversations``."""
    more = int(row["more"])
    if _of_systems(row):
        return f"about {counted(more, 'more system', 'more systems')}"
    if more > MOST_TIMES * row["units"]:
        return f"more than {MOST_TIMES} times as many {study.item.many}"
    return f"about {more:,} more {study.item.one if more == 1 else study.item.many}"


def _of_systems(row: pd.Series) -> bool:
    return CRITERIA[row["criterion"]].unit == "systems"


def _decides_alone(row: pd.Series) -> bool:
    """Whether an interval lies on one side of the second bound, so that it is the allowance that leaves it open."""
    lowest, highest, bound = row["value_low"], row["value_high"], row["checked_at"]
    return bool(not _too_little(row) and (lowest > bound or highest < bound))


def _across(row: pd.Series) -> str:
    """Say what leaves a criterion open: its interval, or the allowance for how many are looked at."""
    if _decides_alone(row):
        return "The interval by itself would decide; with the allowance for all on screen the data do not tell."
    return f"The interval reaches across {_bound(row, 'checked_at')}: the data do not tell."


def _bound(row: pd.Series, which: str) -> str:
    return f"{of_100(row[which])} of 100" if row["criterion"] == "reassurance" else f"{row[which]:z.2f}"


def _icc(row: pd.Series) -> str:
    return (
        f"{row['value']:z.2f} (95% interval {_ends(row)}); the whole interval must reach "
        f"{row['supported_at']:z.2f}, or {row['checked_at']:z.2f} with human checks."
    )


def _choice_loss(study: Study, row: pd.Series) -> str:
    first = author(study, row["system"]) if isinstance(row["system"], str) else "one of several"
    far = f"{row['value']:z.2f} points below the best by the experts' means" if row["value"] else "as the experts do"
    return f"It puts {first} first, {far} (90% interval of its loss {_ends(row)}); it may lose {_asked(row)}."


def _ends(row: pd.Series) -> str:
    """Write both ends of an interval, with more digits where one would round to a threshold that it does not keep."""
    of, fewest = (100, 0) if row["criterion"] == "reassurance" else (1, 2)
    keeps = operator.ge if CRITERIA[row["criterion"]].larger else operator.le

    def written(end: float) -> str:
        said = [f"{of * end:z.{digits}f}" for digits in range(fewest, fewest + _MORE_DIGITS + 1)]
        bounds = [row["supported_at"], row["checked_at"]]
        alike = (each for each in said if all(keeps(float(each), of * to) == keeps(end, to) for to in bounds))
        return next(alike, said[0])

    return f"{written(row['value_low'])} to {written(row['value_high'])}"


def _asked(row: pd.Series) -> str:
    return f"{row['supported_at']:z.2f} points, or {row['checked_at']:z.2f} with human checks"


def _too_little(row: pd.Series) -> str:
    """Say that a criterion rests on too little, or is undefined; empty where its interval is what leaves it open."""
    fewest, what = {
        "consistency": (FEWEST_SYSTEMS, "systems"),
        "choice_loss": (FEWEST_REPLIES, "replies of every system"),
        "system_bias": (FEWEST_REPLIES, "replies of every system"),
        "reply_agreement": (FEWEST_REPLIES, "replies"),
        "reassurance": (FEWEST_REPLIES, "replies that the experts find poor"),
    }[row["criterion"]]
    if row["n"] < fewest:
        are = "is" if row["n"] == 1 else "are"
        return f"Too little to tell: there {are} {row['n']:,} of the {fewest} {what} that it takes."
    if pd.isna(row["value_low"]):
        return "The figure or its interval cannot be computed from what is on screen."
    return ""
