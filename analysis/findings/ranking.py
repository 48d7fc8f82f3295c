"""What a judge's choice of a model costs, whom it favours, and what a panel gains."""

import pandas as pd

from analysis.findings.phrases import NO_PAIRS, author, in_points, listed, pair, part, percent
from data.study import Study

TOO_FEW_MODELS = "it takes at least two models that both the experts and a judge rate"
SIGNIFICANT = 0.05
_ORDER = {
    "tau": ("tau-b with the experts' order of models", ".2f"),
    "pairwise": ("pairs of models in the experts' order", ".0%"),
}


def choice_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how often the judge would have chosen another model than the experts, and what that costs."""
    rows = table.dropna(subset="loss")
    if rows.empty:
        return f"No choice can be compared: {TOO_FEW_MODELS}."
    if len(rows) == 1:
        return _one_choice(study, rows.iloc[0])
    other = rows[rows["same_best_now"] != "yes"]
    if other.empty:
        return (
            f"In {part(len(rows), len(rows))} pairs of judge and attribute the judge would have chosen a model that "
            "the experts put first too, at no cost."
        )
    worst = rows.loc[rows["loss"].idxmax()]
    return (
        f"Judges would have chosen another model than the experts in {part(len(other), len(rows))} pairs of judge and "
        f"attribute. By the experts' ratings that costs {in_points(rows['loss'].mean())} of the {study.scale.label} "
        f"scale on average over all pairs, at most {in_points(worst['loss'])} ({pair(study, worst)})."
    )


def _one_choice(study: Study, row: pd.Series) -> str:
    judges, experts = (_named(study, row[name]) for name in ("best_judge", "best_human"))
    if row["same_best_now"] == "yes":
        return f"{pair(study, row)} puts {judges} first, and so do the experts."
    return (
        f"{pair(study, row)} puts {judges} first where the experts put {experts}. By the experts' ratings that costs "
        f"{in_points(row['loss'])} of the {study.scale.label} scale."
    )


def order_finding(study: Study, table: pd.DataFrame, measure: str) -> str:
    """Say how far judges order models as the experts do, by ``tau`` or ``pairwise``."""
    rows = table.dropna(subset=measure)
    if rows.empty:
        return f"No order can be compared: {TOO_FEW_MODELS}, and not all of them tied."
    least, most = rows.loc[rows[measure].idxmin()], rows.loc[rows[measure].idxmax()]
    what, form = _ORDER[measure]
    if len(rows) > 1 and least[measure] == most[measure]:
        every = f"{part(len(rows), len(rows))} pairs of judge and attribute"
        return f"{what[0].upper()}{what[1:]}: {most[measure]:{form}} in {every}."
    if len(rows) == 1:
        return (
            f"{pair(study, most)} orders models with {most[measure]:{form}}{_interval(most, measure, form)} of {what}."
        )
    return (
        f"{what[0].upper()}{what[1:]}, by judge and attribute: from {least[measure]:{form}} ({pair(study, least)}) to "
        f"{most[measure]:{form}} ({pair(study, most)})."
    )


def cost_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how often, over resampled conversations, the judge chooses as the experts, and what it then loses."""
    rows = table.dropna(subset=["same_best", "expected_loss"])
    if rows.empty:
        return f"No loss can be computed: {TOO_FEW_MODELS}, and at least two {study.item.many}."
    worst = rows.loc[rows["expected_loss"].idxmax()]
    if len(rows) == 1:
        return (
            f"With resampled {study.item.many}, {pair(study, worst)} chooses as the experts in "
            f"{percent(worst['same_best'])} of draws and loses {in_points(worst['expected_loss'])} on average."
        )
    return (
        f"With resampled {study.item.many}, judges choose as the experts in {percent(rows['same_best'].mean())} of "
        f"draws. They lose {in_points(rows['expected_loss'].mean())} on average"
        + (f", {pair(study, worst)} most: {in_points(worst['expected_loss'])}." if worst["expected_loss"] else ".")
    )


def own_finding(study: Study, table: pd.DataFrame) -> str:
    """Say in how many pairs a judge is kinder to its own models than judges of other makers are, or less kind."""
    rows = table.dropna(subset="contrast")
    if rows.empty:
        return (
            "No judge on screen can be compared on its own models. "
            "That takes one of them and another model, both rated."
        )
    compared = rows.dropna(subset="excess")
    if compared.empty:
        return f"{_contrast(study, rows)} That alone is no proof of favour. {_NO_OTHERS}"
    top = compared.loc[compared["excess"].abs().idxmax()]
    side = "kinder" if top["excess"] > 0 else "less kind"
    largest = (
        f"{pair(study, top)} is {in_points(top['excess'])} {side} to its own models than judges of other makers are"
        f"{_interval(top, 'excess', '+z.2f')}"
    )
    left = "" if len(compared) == len(rows) else f" In {len(rows) - len(compared)} pairs the excess is undefined."
    if len(compared) == 1:
        return f"{largest}, on the same models. That is no proof of favour.{left}"
    tested = compared["p_adjusted"].notna().sum()
    clear = compared[compared["p_adjusted"] < SIGNIFICANT]
    kinder, harsher = clear[clear["excess"] > 0], clear[clear["excess"] < 0]
    who = [study.rater(judge) for judge in kinder["judge"].unique()]
    named = f" ({listed(who)})" if who else ""
    return (
        "Beyond judges of other makers on the same models, judges are clearly kinder to their own in "
        f"{part(len(kinder), len(compared))} pairs of judge and attribute{named}, and clearly less kind in "
        f"{part(len(harsher), len(compared))}. The p-values allow for {tested} tests. The excess is largest where "
        f"{largest}. It is no proof of favour.{left}"
    )


_NO_OTHERS = "How far it exceeds that of other judges is undefined: no judge is known to be of another maker."


def _contrast(study: Study, rows: pd.DataFrame) -> str:
    """Say where the contrast is largest."""
    top = rows.loc[rows["contrast"].abs().idxmax()]
    side = "kinder" if top["contrast"] > 0 else "less kind"
    said = f"{pair(study, top)} is {in_points(top['contrast'])} {side} to its own models than to the rest"
    interval = _interval(top, "contrast", "+z.2f")
    return f"{said}{interval}." if len(rows) == 1 else f"The contrast is largest where {said}{interval}."


def panel_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how often a panel agrees with the experts better than its best member."""
    # Of two members the mean is the median, and one panel.
    rows = table.dropna(subset="gain").drop_duplicates(["attribute", "gain", "gain_low", "gain_high"])
    if rows.empty:
        return f"No panel can be compared with its members: {NO_PAIRS}, or nothing varies."
    better, worse = int((rows["gain_low"] > 0).sum()), int((rows["gain_high"] < 0).sum())
    top = rows.loc[rows["gain"].idxmax()]
    gain = f"{top['gain']:+z.2f}, by {pair(study, top)} against {study.rater(top['best_member'])}"
    if len(rows) == 1:
        how = "clearly better than" if better else "clearly worse than" if worse else "about as well as"
        return f"The panel agrees with the experts {how} the best of its members: the gain in ICC(A,1) is {gain}."
    return (
        "A panel agrees with the experts clearly better than the best of its members in "
        f"{part(better, len(rows))} pairs of rule and attribute, and clearly worse in {part(worse, len(rows))}. The "
        f"highest gain in ICC(A,1) is {gain}."
    )


def _named(study: Study, models: str) -> str:
    """Name models whose keys are joined by commas, as tied ones are."""
    return listed([author(study, model) for model in models.split(", ")])


def _interval(row: pd.Series, name: str, form: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return "" if pd.isna(low) else f" (95% interval {low:{form}} to {high:{form}})"
