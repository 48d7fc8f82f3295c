"""What the differences between judges and experts say."""

import pandas as pd

from analysis.findings.words import NO_PAIRS, bias_with_interval, pair, points
from analysis.vocabulary import MODEL_LABEL, RATER_LABEL


def inflation_finding(table: pd.DataFrame) -> str:
    """Say how often judges score above the experts, and where most."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No bias can be computed: {NO_PAIRS}."
    top = rows.loc[rows["bias"].abs().idxmax()]
    if len(rows) == 1:
        return f"{pair(top)} scores {points(top['bias'])} the experts on the 1-5 scale {bias_with_interval(top)}."
    above, below = int((rows["bias_low"] > 0).sum()), int((rows["bias_high"] < 0).sum())
    clearly = f"clearly above the experts in {above} of {len(rows)} pairs of judge and attribute"
    return (
        f"Judges score {clearly}{f', clearly below in {below}' if below else ''}; the largest gap is {pair(top)}, "
        f"{points(top['bias'])} them on the 1-5 scale {bias_with_interval(top)}."
    )


def dumbbell_finding(table: pd.DataFrame) -> str:
    """Say which judge is kindest and which is nearest, over the attributes on screen."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No means can be compared: {NO_PAIRS}."
    means = rows.groupby("judge", sort=False)["bias"].mean()
    kindest, nearest = means.idxmax(), means.abs().idxmin()
    where = "Over the attributes on screen"
    if len(means) == 1:
        return f"{where} {RATER_LABEL[kindest]} scores {points(means[kindest])} the experts on average."
    return (
        f"{where} {RATER_LABEL[kindest]} scores highest against the experts, {points(means[kindest])} them on average; "
        f"{RATER_LABEL[nearest]} comes nearest, {points(means[nearest])} them."
    )


def distribution_finding(distribution: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say how much of the ratings are fives, and how much are ones and twos."""
    name = RATER_LABEL[judge]
    if distribution.empty:
        return f"No reply on screen was rated by both the experts and {name} on {attribute}."
    by_rater = {rater: rows.set_index("rating")["share"] for rater, rows in distribution.groupby("rater")}
    top = {rater: shares.get(5.0, 0.0) for rater, shares in by_rater.items()}
    low = {rater: shares[shares.index <= 2].sum() for rater, shares in by_rater.items()}
    return (
        f"On {attribute}, {name} gives the top rating, 5, to {top['judge']:.0%} of replies where the experts give it "
        f"to {top['human']:.0%}, and 2 or less to {low['judge']:.0%} where they give that to {low['human']:.0%}."
    )


def model_bias_finding(table: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say for which models a judge's bias is highest and lowest."""
    name = RATER_LABEL[judge]
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No model's replies on screen were rated by both the experts and {name} on {attribute}."
    top, bottom = rows.loc[rows["bias"].idxmax()], rows.loc[rows["bias"].idxmin()]
    if len(rows) == 1:
        return f"{name} scores {MODEL_LABEL[top['model']]} {points(top['bias'])} the experts {bias_with_interval(top)}."
    return (
        f"The bias of {name} on {attribute} runs from {bottom['bias']:+.2f} ({MODEL_LABEL[bottom['model']]}) to "
        f"{top['bias']:+.2f} ({MODEL_LABEL[top['model']]})."
    )
