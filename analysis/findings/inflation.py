"""What the differences between judges and experts say."""

import pandas as pd

from analysis.findings.phrases import NO_PAIRS, author, bias_with_interval, pair, part, percent, points
from data.study import Study


def inflation_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how often judges score above the experts, and where most."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No bias can be computed: {NO_PAIRS}."
    top = rows.loc[rows["bias"].abs().idxmax()]
    if len(rows) == 1:
        return (
            f"{pair(study, top)} scores {points(top['bias'])} the experts on the {study.scale.label} scale "
            f"{bias_with_interval(top)}."
        )
    if abs(top["bias"]) < 0.005:
        return (
            f"In {part(len(rows), len(rows))} pairs of judge and attribute the judge's mean is level with the experts'."
        )
    above, below = int((rows["bias_low"] > 0).sum()), int((rows["bias_high"] < 0).sum())
    judges = rows["judge"].unique()
    who, where, of = "Judges score", "in", "pairs of judge and attribute"
    if len(judges) == 1:
        who, where, of = f"{study.rater(judges[0])} scores", "on", "attributes"
    clearly = f"clearly above the experts {where} {part(above, len(rows))} {of}"
    return (
        f"{who} {clearly}{f', clearly below {where} {below}' if below else ''}. The largest gap is "
        f"{pair(study, top)}, "
        f"{points(top['bias'])} them on the {study.scale.label} scale {bias_with_interval(top)}."
    )


def attribute_bias_finding(study: Study, table: pd.DataFrame) -> str:
    """Say for a board how far judges score from the experts on the attribute that the study names, or the first."""
    names = list(table["attribute"])
    attribute = study.kindest if study.kindest in names else names[0]
    rows = table[table["attribute"] == attribute].dropna(subset="bias")
    if rows.empty:
        return f"No bias can be computed on {attribute}: {NO_PAIRS}."
    top, least = (rows.loc[rows["bias"].abs().agg(place)] for place in ("idxmax", "idxmin"))
    name, most = study.rater(top["judge"]), f"{points(top['bias'])} them {bias_with_interval(top)}"
    if len(rows) == 1:
        return f"On {attribute}, compared with the experts, {name} scores {most}."
    kinder, harsher = int((rows["bias_low"] > 0).sum()), int((rows["bias_high"] < 0).sum())
    below = f", and {harsher} clearly below" if harsher else ""
    return (
        f"On {attribute}, {part(kinder, len(rows))} judges score clearly above the experts{below}. {name} is furthest "
        f"from them, {most}. {study.rater(least['judge'])} comes nearest, {points(least['bias'])} them."
    )


def judge_bias_finding(study: Study, table: pd.DataFrame) -> str:
    """Say of one judge where it scores above the experts, where most, and where it comes nearest."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No bias can be computed: {NO_PAIRS}."
    name = study.rater(rows["judge"].iloc[0])
    top, least = (rows.loc[rows["bias"].abs().agg(place)] for place in ("idxmax", "idxmin"))
    if len(rows) == 1:
        return f"{name} scores {points(top['bias'])} the experts on {top['attribute']} {bias_with_interval(top)}."
    above, below = int((rows["bias_low"] > 0).sum()), int((rows["bias_high"] < 0).sum())
    return (
        f"{name} scores clearly above the experts on {part(above, len(rows))} attributes"
        f"{f' and clearly below on {below}' if below else ''}. It is furthest off on {top['attribute']}, "
        f"{points(top['bias'])} them {bias_with_interval(top)}, and nearest on {least['attribute']}, "
        f"{points(least['bias'])} them."
    )


def dumbbell_finding(study: Study, table: pd.DataFrame) -> str:
    """Say which judge is kindest and which is nearest, over the attributes on screen."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No means can be compared: {NO_PAIRS}."
    means = rows.groupby("judge", sort=False)["bias"].mean()
    kindest, nearest = means.idxmax(), means.abs().idxmin()
    where = "Over the attributes on screen"
    if len(means) == 1:
        return f"{where} {study.rater(kindest)} scores {points(means[kindest])} the experts on average."
    highest = f"{where} {study.rater(kindest)} scores highest against the experts"
    if kindest == nearest:
        return f"{highest} and comes nearest to them, {points(means[kindest])} them on average."
    return (
        f"{highest}, {points(means[kindest])} them on average. {study.rater(nearest)} comes nearest, "
        f"{points(means[nearest])} them."
    )


def distribution_finding(study: Study, distribution: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say how much of the ratings are at the top of the scale, and how much are poor."""
    name = study.rater(judge)
    if distribution.empty:
        return f"No reply on screen was rated by both the experts and {name} on {attribute}."
    by_rater = {rater: rows.set_index("rating")["share"] for rater, rows in distribution.groupby("rater")}
    scale = study.scale
    top = {rater: shares[scale.top(shares.index.to_numpy())].sum() for rater, shares in by_rater.items()}
    low = {rater: shares[shares.index <= scale.poor].sum() for rater, shares in by_rater.items()}
    return (
        f"On {attribute}, {name} gives the top rating, {scale.high:g} of {scale.high:g}, to {percent(top['judge'])} of "
        f"replies, and the experts to {percent(top['human'])}. It gives {scale.poor:g} or less to "
        f"{percent(low['judge'])}, and they to {percent(low['human'])}."
    )


def model_bias_finding(study: Study, table: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say for which models a judge's bias is highest and lowest."""
    name = study.rater(judge)
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No model's replies on screen were rated by both the experts and {name} on {attribute}."
    top, bottom = rows.loc[rows["bias"].idxmax()], rows.loc[rows["bias"].idxmin()]
    if len(rows) == 1:
        return (
            f"On {attribute}, {name} scores {author(study, top['model'])} {points(top['bias'])} the experts "
            f"{bias_with_interval(top)}."
        )
    return (
        f"On {attribute}, {name} scores highest against the experts for {author(study, top['model'])}, "
        f"{points(top['bias'])} "
        f"them, and lowest for {author(study, bottom['model'])}, {points(bottom['bias'])} them."
    )
