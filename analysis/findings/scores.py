"""What each rater's own scores say."""

import pandas as pd

from analysis.findings.phrases import author, listed, part
from analysis.wording.vocabulary import measure_label
from data.study import HUMAN, Study


def score_finding(study: Study, intervals: pd.DataFrame, measure: str) -> str:
    """Say whom the experts rate best, and how many judges put the same model first."""
    rows = intervals[intervals["measure"] == measure]
    best = {rater: each.loc[each["mean"].idxmax()] for rater, each in rows.groupby("rater", sort=False)}
    top = best.pop(HUMAN)
    if (rows["rater"] == HUMAN).sum() == 1:
        return (
            f"By {measure_label(study, measure)}, the experts give {author(study, top['model'])} "
            f"{top['mean']:.2f} of {study.scale.high:g}."
        )
    said = (
        f"The experts give {author(study, top['model'])} the highest {measure_label(study, measure)}, "
        f"{top['mean']:.2f} of {study.scale.high:g}"
    )
    rating_it = set(rows.loc[rows["model"] == top["model"], "rater"]) - {HUMAN}
    if not rating_it:
        return f"{said}."
    agree = sum(best[judge]["model"] == top["model"] for judge in rating_it)
    if len(rating_it) == 1:
        return f"{said}. {study.rater(rating_it.pop())} {'puts it first too' if agree else 'puts another first'}."
    puts = "puts" if agree == 1 else "put"
    who = f"{part(agree, len(rating_it))} judges that rate it {puts} it first too"
    return f"{said}; {who}."


def plane_finding(study: Study, table: pd.DataFrame) -> str:
    """Say for how many models each rater puts the second score of the study above the first."""
    one, other = study.groups[:2]
    rows = table.dropna(subset=[one.key, other.key])
    above = (rows[other.key] > rows[one.key]).groupby(rows["rater"], sort=False).agg(["sum", "size"])
    each = [f"{study.rater(str(rater))} {_of_models(row['sum'], row['size'])}" for rater, row in above.iterrows()]
    return f"How many models each rater gives a higher {other.label} than {one.label}: {listed(each)}."


def _of_models(number: int, whole: int) -> str:
    if whole == 1:
        return "the only one" if number else "none"
    return f"{part(number, whole)} models"


def attribute_finding(study: Study, intervals: pd.DataFrame, rater: str) -> str:
    """Say which cell of a rater's model x attribute table is highest and which lowest."""
    if intervals.empty:
        return f"{study.rater(rater)}: no rating of what is on screen."
    top, bottom = (intervals.loc[place] for place in (intervals["mean"].idxmax(), intervals["mean"].idxmin()))
    return (
        f"{study.rater(rater)}: lowest for {author(study, bottom['model'])} on {bottom['measure']} "
        f"({bottom['mean']:.2f} "
        f"of {study.scale.high:g}), highest for {author(study, top['model'])} on {top['measure']} "
        f"({top['mean']:.2f} of {study.scale.high:g})."
    )


def rank_finding(study: Study, ranks: pd.DataFrame, measure: str) -> str:
    """Say which model's rank differs most between the experts and a judge, ranks taken among the same models."""
    means = ranks.pivot(index="model", columns="rater", values="mean")
    moves = []
    for judge in means.columns.drop(HUMAN):
        both = means[[HUMAN, judge]].dropna().rank(ascending=False, method="min").astype(int)
        moves += [(abs(its - theirs), model, judge, theirs, its, len(both)) for model, theirs, its in both.itertuples()]
    if not any(among > 1 for *_, among in moves):
        return "Ranks cannot be compared: no judge on screen rates two models that the experts rate too."
    move, model, judge, theirs, its, among = max(moves, key=lambda each: each[0])
    by = f"By {measure_label(study, measure)}"
    if move == 0:
        who = "every judge on screen" if means.shape[1] > 2 else study.rater(judge)
        return f"{by}, {who} ranks the models exactly as the experts do."
    return (
        f"{by}, the rank that differs most is that of {author(study, model)}. Among the models that both rate, it is "
        f"number {theirs} of {among} for the experts and number {its} of {among} for {study.rater(judge)}. (The chart "
        "ranks all models that each rates.)"
    )
