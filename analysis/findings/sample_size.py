"""What it would take to know a judge better, and what would not help."""

import math

import pandas as pd

from analysis.agreement.generalizability import COMPONENTS, WANTED_G
from analysis.findings.phrases import NO_PAIRS, in_points, listed, pair, part, percent, span
from analysis.wording.filling import filled
from analysis.wording.vocabulary import STATISTIC_LABEL, component_labels
from data.study import Study

_NO_COMPONENTS = "no {item} on screen has two models or more that were all rated by both"


def planning_finding(study: Study, row: pd.Series, wished: float) -> str:
    """Say how many conversations it takes to know one judge's bias on one attribute."""
    if pd.isna(row["bias_needed"]):
        return f"How much would have to be rated for {pair(study, row)} cannot be told: its bias has no interval."
    about = study.counted(_rounded(row["bias_needed"]))
    replies = "one reply" if row["n_models"] == 1 else f"{row['n_models']} replies"
    enough = "no more than" if row["bias_needed"] <= row["n_conversations"] else "more than"
    return (
        f"To know the bias of {pair(study, row)} within plus or minus {in_points(wished / 2, 'g')}, the same "
        "experts would "
        f"have to rate about {about}, each with {replies}. That is {enough} the {row['n_conversations']:,} that were "
        "rated."
    )


def needed_finding(study: Study, table: pd.DataFrame, statistic: str, wished: float) -> str:
    """Say over all judges and attributes how many conversations one statistic takes, and where most."""
    name, needed = f"{statistic}_needed", table[f"{statistic}_needed"].dropna()
    if needed.empty:
        return f"How much would have to be rated cannot be told: {NO_PAIRS}, or there is no interval."
    most = table.loc[needed.idxmax()]
    what = f"For an interval {wished:g} wide of {STATISTIC_LABEL[statistic].replace('Bias', 'the bias')}"
    if len(needed) == 1:
        return f"{what}, {pair(study, most)} takes about {study.counted(_rounded(most[name]))}."
    ends = list(dict.fromkeys(f"{_rounded(end):,}" for end in (needed.min(), needed.max())))
    about = f"{' to '.join(ends)} {study.item.one if ends == ['1'] else study.item.many}"
    inside = int((needed <= table.loc[needed.index, "n_conversations"]).sum())
    return (
        f"{what}, the same experts would have to rate about {about}, "
        f"most for {pair(study, most)}. With these experts, what was rated is enough in "
        f"{part(inside, len(needed))} pairs of judge and attribute."
    )


def width_finding(study: Study, widths: pd.DataFrame, models_width: float) -> str:
    """Say what more conversations narrow, and what they do not."""
    rows = widths[widths["statistic"] == "bias"].dropna(subset="width")
    if rows.empty:
        return "No interval can be computed from what is on screen."
    few, many = rows.loc[rows["conversations"].idxmin()], rows.loc[rows["conversations"].idxmax()]
    said = (
        f"The interval of the bias of {pair(study, few)} is {in_points(few['width'])} wide with "
        f"{few['conversations']:,.0f} "
        f"{study.item.many} and {in_points(many['width'])} with {many['conversations']:,.0f} {study.item.many}. Four "
        "times as many halve it."
    )
    if math.isnan(models_width):
        return said
    return (
        f"{said} The interval of ICC(C,1) over models stays {models_width:.2f} wide however many {study.item.many} are "
        "rated: that takes more models."
    )


def component_finding(study: Study, shares: pd.DataFrame) -> str:
    """Say for one judge how much of what ratings differ by lies in the models, and what the largest part is."""
    rows = shares.dropna(subset="variance_share")
    if rows.empty:
        return f"Variance components cannot be told: {filled(study, _NO_COMPONENTS)}."
    name = study.rater(rows["judge"].iloc[0])
    models = rows[rows["component"] == "model"].set_index("attribute")["variance_share"]
    largest = rows.sort_values("variance_share").groupby("attribute", sort=False)["component"].last()
    common = largest.value_counts()
    most = common.index[0]
    what = component_labels(study)[most].partition(": ")[2]
    if len(models) == 1:
        return (
            f"On {models.index[0]}, {percent(models.iloc[0])} of the variance of single ratings by {name} and the "
            f"experts lies in which model wrote the reply. The largest part is {what}."
        )
    return (
        f"Of the variance of single ratings by {name} and the experts, {percent(models.min())} ({models.idxmin()}) to "
        f"{percent(models.max())} ({models.idxmax()}) lies in which model wrote the reply. The largest part on "
        f"{part(int(common.iloc[0]), len(models))} attributes is {what}."
    )


def reach_finding(study: Study, table: pd.DataFrame) -> str:
    """Say with how many conversations one rater's order of models generalises, and where with none."""
    rows = table.dropna(subset="g")
    if rows.empty:
        return f"How far one rater's scores generalise cannot be told: {filled(study, _NO_COMPONENTS)}."
    reached = rows["conversations_needed"].dropna()
    never = len(rows) - len(reached)
    why = f"no number of {study.item.many} is enough, because judge and experts differ about the models themselves"
    if reached.empty:
        where = "for the pair on screen" if len(rows) == 1 else "for any pair of judge and attribute"
        return f"One rater's order of models does not reach g = {WANTED_G:g} {where}: {why}."
    fewest, most = int(reached.min()), int(reached.max())
    span_of = study.counted(most) if fewest == most else f"{fewest:,} to {most:,} {study.item.many}"
    if len(rows) == 1:
        return f"One rater's order of models reaches g = {WANTED_G:g} with {span_of}."
    return (
        f"One rater's order of models reaches g = {WANTED_G:g} in {part(len(reached), len(rows))} pairs of judge and "
        f"attribute, with {span_of}.{f' In {never:,} {why}.' if never else ''}"
    )


def study_finding(study: Study, reached: pd.DataFrame) -> str:
    """Say for one attribute what more conversations bring, judge by judge at either end."""
    rows = reached.dropna(subset="g")
    if rows.empty:
        return f"How far one rater's scores generalise cannot be told: {filled(study, _NO_COMPONENTS)}."
    few, many = (rows[rows["conversations"] == at].set_index("judge")["g"] for at in _ends(rows["conversations"]))
    said = [f"{study.rater(judge)} {few[judge]:.2f} to {many[judge]:.2f}" for judge in few.index]
    start, end = _ends(rows["conversations"])
    where = rows["attribute"].iloc[0]
    return f"With {start:,} to {end:,} {study.item.many}, g on {where} would be, by judge: {listed(said)}."


def completeness(study: Study, table: pd.DataFrame) -> str:
    """Say how many conversations count, and which estimates were set to 0."""
    rows = table[table["n_conversations"] > 0]
    if rows.empty:
        return f"No {study.item.one} counts here: {filled(study, _NO_COMPONENTS)}."
    said = (
        f"Of the {study.item.many} with any pair of ratings ({span(rows['of_conversations'], ',')}), only those count "
        f"in which judge and experts rated every reply ({span(rows['n_conversations'], ',')})."
    )
    times = {
        name: int(rows["set_to_zero"].str.split(", ").map(lambda names, n=name: n in names).sum())
        for name in COMPONENTS
    }
    below = [
        f"{component_labels(study)[name].partition(': ')[2]}{f' ({n} of {len(rows)})' if len(rows) > 1 else ''}"
        for name, n in times.items()
        if n
    ]
    if not below:
        return f"{said} No estimate was below 0."
    return f"{said} Estimates below 0 are set to 0: {listed(below)}."


def _ends(values: pd.Series) -> tuple[int, int]:
    return int(values.min()), int(values.max())


def _rounded(value: float) -> int:
    """Round to two digits: the numbers behind are no more certain."""
    return int(float(f"{value:.1e}"))
