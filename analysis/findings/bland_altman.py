"""What margins, limits of agreement and the parts of the error say."""

import pandas as pd

from analysis.bias.neighbours import FEWEST_BLOCKS, NEIGHBOURS
from analysis.findings.phrases import NO_PAIRS, in_points, listed, pair, part, span
from data.study import Study


def equivalence_finding(study: Study, table: pd.DataFrame) -> str:
    """Say for how many pairs of judge and attribute the bias is within the margin with its whole interval."""
    rows = table.dropna(subset="bias")
    if rows.empty:
        return f"No bias can be held against a margin: {NO_PAIRS}."
    tested = rows.dropna(subset="equivalent")
    if tested.empty:
        return f"No bias can be held against a margin: that needs at least two {study.item.many} (or blocks of them)."
    margin = in_points(tested["margin"].iloc[0], "g")
    passed = tested[tested["equivalent"] == "yes"]
    if len(tested) == 1:
        row = tested.iloc[0]
        does = "lies" if len(passed) else "does not lie"
        ends = f"{row['equivalence_low']:+z.2f} to {row['equivalence_high']:+z.2f}"
        return f"{pair(study, row)}: the 90% interval of the bias ({ends}, same experts) {does} within {margin}."
    names = f": {listed([pair(study, row) for _, row in passed.iterrows()])}" if 0 < len(passed) <= 4 else ""
    return (
        f"In {part(len(passed), len(tested))} pairs of judge and attribute the 90% interval of the bias (same experts) "
        f"lies within {margin}{names}."
    )


def neighbours_finding(study: Study, table: pd.DataFrame, margin: float) -> str:
    """Say how much wider intervals are by blocks of neighbours, and what that does to the margin."""
    rows = table.dropna(subset=["ratio", "neighbours_low"])
    if rows.empty:
        return (
            f"No interval can be clustered by neighbours: that needs at least {FEWEST_BLOCKS} blocks of {NEIGHBOURS} "
            f"{study.item.many}."
        )
    within = (rows["neighbours_low"] > -margin) & (rows["neighbours_high"] < margin)
    before = (rows["bias_low"] > -margin) & (rows["bias_high"] < margin)
    wide = (
        f"Clustered by {NEIGHBOURS} neighbouring {study.item.many}, the 95% interval of the bias is "
        f"{span(rows['ratio'], '.1f')} times as wide."
    )
    if len(rows) == 1:
        was, now = ("lies" if held.iloc[0] else "does not lie" for held in (before, within))
        return f"{wide} It {now} within {in_points(margin, 'g')}; clustered by single {study.item.many} it {was} there."
    return (
        f"{wide} It lies within {in_points(margin, 'g')} in {part(int(within.sum()), len(rows))} pairs of judge and "
        f"attribute; clustered by single {study.item.many} it does in {part(int(before.sum()), len(rows))}."
    )


def limits_finding(study: Study, row: pd.Series) -> str:
    """Say between which ends single ratings of a judge differ from the experts', and how that changes with the mean."""
    if pd.isna(row["bias"]):
        return f"No reply on screen was rated by both the experts and {pair(study, row)}."
    if pd.isna(row["limit_lower"]):
        return (
            f"{pair(study, row)} has no limits of agreement: they need at least two {study.item.many} "
            "(or blocks of them)."
        )
    said = (
        f"{pair(study, row)}: about 95 of 100 single ratings lie between {_by(row['limit_lower'])} and "
        f"{_by(row['limit_upper'])} the experts'"
    )
    if pd.isna(row["slope"]):
        return f"{said}."
    if pd.isna(row["slope_low"]) or row["slope_low"] <= 0 <= row["slope_high"]:
        return f"{said}. Whether the difference changes with the rating is open (slope {row['slope']:+z.2f})."
    change = "shrinks" if row["slope"] < 0 else "grows"
    spread = "less" if row["slope"] < 0 else "more"
    return (
        f"{said}. The difference {change} by {in_points(row['slope'])} for each point that a reply is rated "
        f"higher, as it does when a judge's ratings spread {spread} than the experts'."
    )


def parts_finding(study: Study, table: pd.DataFrame, judge: str) -> str:
    """Say how much of a judge's error is bias, how much spread, and how much neither."""
    rows = table[(table["judge"] == judge) & (table["mse"] > 0)]
    name = study.rater(judge)
    if rows.empty:
        return f"{name} has no error to take apart on the replies on screen."
    bias, scale, rest = (rows[f"mse_{part}"] / rows["mse"] for part in ("bias", "scale", "unexplained"))
    return (
        f"Of the mean squared error of {name}, {span(bias, '.0%')} is bias and {span(scale, '.0%')} a difference in "
        f"spread. {span(rest, '.0%')} is scatter that neither explains."
    )


def _by(difference: float) -> str:
    return f"{abs(difference):.1f} points {'above' if difference > 0 else 'below'}"
