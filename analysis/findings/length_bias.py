"""What can be said of judges and the length of replies."""

import numpy as np
import pandas as pd

from analysis.bias.length_bias import FEWEST_CONVERSATIONS, FEWEST_LENGTHS
from analysis.findings.phrases import author, in_points, listed, pair, part
from analysis.findings.ranking import SIGNIFICANT
from data.study import Study


def length_finding(study: Study, table: pd.DataFrame) -> str:
    """Say in how many pairs of judge and attribute a judge grows kinder with length than the experts, and where most.

    ``table`` has the rows over all models.
    """
    rows = table.dropna(subset="length_slope")
    if rows.empty:
        return (
            f"No slope on length can be computed: it takes at least {FEWEST_LENGTHS} replies that differ in length, to "
            f"{FEWEST_CONVERSATIONS} {study.item.many} or more."
        )
    top = rows.loc[rows["length_slope"].abs().idxmax()]
    if len(rows) == 1:
        return f"{pair(study, top)}: {_moves(top)} {_beside(top)} {_between(top)}"
    clear = rows[rows["p_adjusted"] < SIGNIFICANT]
    kinder, harsher = clear[clear["length_slope"] > 0], clear[clear["length_slope"] < 0]
    who = [study.rater(judge) for judge in kinder["judge"].unique()]
    named = f" ({listed(who)})" if who else ""
    tests = int(rows["p_adjusted"].notna().sum())
    return (
        f"Judges favour longer replies of the same model more than the experts do in "
        f"{part(len(kinder), len(rows))} pairs of judge and attribute{named}, and less in {len(harsher) or 'none'} "
        f"(adjusted for {tests} tests). The slope is steepest for {pair(study, top)}: {_moves(top)} {_between(top)}"
    )


def known_finding(study: Study, lengths: pd.DataFrame, conversations: int) -> str:
    """Say of how many replies the length is known, and to how many of the conversations."""
    there = lengths["conversation"].nunique()
    to = f"every {study.item.one}" if there == conversations else f"{there:,} of {study.counted(conversations)}"
    return f"The length of {len(lengths):,} replies is known, to {to}."


def model_length_finding(study: Study, table: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say of one judge and attribute within whose replies it is clear, and where it is steepest."""
    rows = table.dropna(subset="length_slope")
    cell = f"{study.rater(judge)} on {attribute}"
    if rows.empty:
        return (
            f"{cell}: within no single model's replies can a slope be computed. It takes at least {FEWEST_LENGTHS} of "
            "them that differ in length."
        )
    top = rows.loc[rows["length_slope"].abs().idxmax()]
    if len(rows) == 1:
        return f"{cell}, within replies by {author(study, top['model'])}: {_moves(top)} {_beside(top)}"
    above, below = int((rows["length_slope_low"] > 0).sum()), int((rows["length_slope_high"] < 0).sum())
    return (
        f"{cell}: the interval lies above zero within the replies of {part(above, len(rows))} models, and below it "
        f"within those of {part(below, len(rows))}. It is steepest for {author(study, top['model'])}: {_moves(top)}"
    )


def _moves(row: pd.Series) -> str:
    """Say how the bias moves: ``rises by 0.12 of a point per doubling (95% interval ...)``."""
    size, low, high = (f"{row[name]:+z.2f}" for name in ("length_slope", "length_slope_low", "length_slope_high"))
    if float(size) == 0:
        return f"the bias stays level as replies double in length (95% interval {low} to {high})."
    way = "rises" if row["length_slope"] > 0 else "falls"
    return (
        f"the bias {way} by {in_points(row['length_slope'])} per doubling of the length (95% interval {low} to {high})."
    )


def _beside(row: pd.Series) -> str:
    """Say the experts' own slope and the judge's."""
    human, judge = (f"{row[name]:+z.2f}" for name in ("human_length_slope", "judge_length_slope"))
    return f"The experts' own slope is {human}, and the judge's {judge}."


def _between(row: pd.Series) -> str:
    """Say what that makes between a short reply and a long one, by the quartiles."""
    short, long = row["words_q1"], row["words_q3"]
    if not short < long:
        return "Half of the replies are of one length."
    made = in_points(row["length_slope"] * np.log2(long / short))
    return f"Between the quartiles, {short:,.0f} and {long:,.0f} words, that makes {made}."
