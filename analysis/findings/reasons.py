"""Why a judge has a verdict on a use, with the number that decides, and what would change it."""

import math

import pandas as pd

from analysis.bias.false_reassurance import FEWEST_REPLIES as FEWEST_POOR
from analysis.column import Column
from analysis.decisions.verdicts import (
    CHECKED,
    CRITERIA,
    FEWEST_MODELS,
    FEWEST_REPLIES,
    MOST_MODELS,
    SUPPORTED,
    UNSUPPORTED,
)
from analysis.findings.phrases import at_least, at_most, of_100, points
from analysis.ratings.settings import Settings
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study

REASONS = (
    Column.text("reason", "Reason", "criterion", sentences=True),
    Column.text("change", "What would change it", "times", sentences=True),
)
_MODELS = ("consistency", "agreement")
_ICCS = (*_MODELS, "reply_agreement")
# Which bound the next better verdict asks for.
_BOUND = {CHECKED: "supported_at", UNSUPPORTED: "checked_at"}


def why(study: Study, rows: pd.DataFrame, settings: Settings) -> str:
    """Say for each use of one judge on one attribute the verdict, its reason, and what would change it, as a list."""
    return "\n".join(
        f"- **{USE[row['use']][0]}: {verdict_look(row['verdict']).word.lower()}.** {reason(study, row, settings)} "
        f"{what_would_change(study, row)}"
        for _, row in rows.iterrows()
    )


def reason(study: Study, row: pd.Series, settings: Settings) -> str:
    """Say in one sentence, with its number, why a criterion has the verdict that it has.

    Parameters
    ----------
    row
        Of :func:`analysis.decisions.verdicts.verdict_table` or :func:`analysis.decisions.verdicts.criteria_table`.
    settings
        Those of the verdicts, :func:`analysis.decisions.verdicts.basis`.
    """
    if not isinstance(row["verdict"], str):
        return _why_none(row)
    if row["criterion"] == "bias":
        return (
            f"Its scores are {points(row['value'])} the experts' on average (90% interval "
            f"{row['value_low']:+z.2f} to {row['value_high']:+z.2f}); the whole interval may reach "
            f"{row['supported_at']:z.2f} points, or {row['checked_at']:z.2f} with human checks."
        )
    if row["criterion"] == "reassurance":
        return (
            f"Of 100 replies that experts rate {at_most(study, settings.low)}, it gives "
            f"{at_least(study, settings.high)} to "
            f"{of_100(row['value'])} (95% interval {_span_of_100(row)}); allowed are at most "
            f"{of_100(row['supported_at'])}, or {of_100(row['checked_at'])} with human checks."
        )
    what = {
        "consistency": f"On {row['n']:,} models it keeps the experts' order with ICC(C,1)",
        "agreement": f"On {row['n']:,} models it gives the experts' means with ICC(A,1)",
        "reply_agreement": f"On {row['n']:,} single replies it gives the experts' ratings with ICC(A,1)",
    }[row["criterion"]]
    figure = f"{what} {row['value']:z.2f} (95% interval {row['value_low']:z.2f} to {row['value_high']:z.2f})"
    asked = f"{row['supported_at']:z.2f}, or {row['checked_at']:z.2f} with human checks"
    return f"{figure}; the lower end must reach {asked}."


def interval_in_short(row: pd.Series) -> str:
    """Give the interval that decides, short: of an ICC, of a bias, or of falsely reassured replies of 100."""
    low, high = row["value_low"], row["value_high"]
    if pd.isna(low):
        return "undefined"
    if row["criterion"] == "reassurance":
        return f"passes {of_100(low)} to {of_100(high)} of 100"
    return f"bias {low:+z.2f} to {high:+z.2f}" if row["criterion"] == "bias" else f"ICC {low:z.2f} to {high:z.2f}"


def what_would_change(study: Study, row: pd.Series) -> str:
    """Say what would bring the criterion that decides to the next better verdict."""
    if not isinstance(row["verdict"], str):
        return "More models or more rated replies would allow a verdict."
    if row["verdict"] == SUPPORTED:
        return "There is no better verdict. Stricter thresholds, or other systems, could take it away."
    better = verdict_look(SUPPORTED if row["verdict"] == CHECKED else CHECKED).word
    if math.isnan(row["times"]):
        return f"{_what_is_not_enough(row)} would not make it “{better}”: {_why_not(row)}."
    # The use may have another criterion that is met no better.
    it = "It" if len(CRITERIA[row["use"]]) == 1 else "By this criterion it"
    if row["criterion"] in _MODELS:
        models = math.ceil(round(row["times"] * row["n"], 6))
        return f"{it} would be “{better}” if about {models:,} models, not {row['n']:,}, gave the same figure."
    return f"{it} would be “{better}” if about {_times(row['times'])} as many {study.item.many} gave the same figure."


def _what_is_not_enough(row: pd.Series) -> str:
    return "More data of the same kind" if _falls_short(row) else f"Even {MOST_MODELS:,} models"


def _why_not(row: pd.Series) -> str:
    if _falls_short(row):
        return "the figure itself falls short"
    if row["criterion"] == "agreement":
        return "the interval allows for other raters too, which more models do not narrow"
    return "the figure only just passes what is asked"


def _falls_short(row: pd.Series) -> bool:
    """Whether the figure, not just an end of its interval, misses what the next better verdict asks for."""
    asked = row[_BOUND[row["verdict"]]]
    return bool(row["value"] <= asked) if row["criterion"] in _ICCS else bool(abs(row["value"]) >= asked)


def _times(times: float) -> str:
    """Say a multiple, rounded up: ``twice``, ``2.8 times``, ``12 times``."""
    up = math.ceil(times * 10) / 10 if times < 10 else math.ceil(times)
    return "twice" if up == 2 else f"{up:,g} times"


def _why_none(row: pd.Series) -> str:
    fewest = {"reassurance": FEWEST_POOR, "reply_agreement": FEWEST_REPLIES}.get(row["criterion"], FEWEST_MODELS)
    what = {"reassurance": "poor replies", "reply_agreement": "replies"}.get(row["criterion"], "models")
    if row["criterion"] != "bias" and row["n"] < fewest:
        are = "is" if row["n"] == 1 else "are"
        return f"No verdict: it takes at least {fewest} {what}, and on screen {are} {row['n']:,}."
    return "No verdict: the figure or its interval cannot be computed from what is on screen."


def _span_of_100(row: pd.Series) -> str:
    return f"{of_100(row['value_low'])} to {of_100(row['value_high'])}"
