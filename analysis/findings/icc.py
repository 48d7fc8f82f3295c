"""What the intraclass correlations say, and what to know before reading them."""

import pandas as pd

from analysis.findings.phrases import counted, listed, pair, part, span
from analysis.ratings.settings import Settings
from analysis.wording.filling import filled
from analysis.wording.shortfall import icc_shortfall
from analysis.wording.vocabulary import READING, choice_label, look
from data.study import Study

ENOUGH_TARGETS = 30
TOO_FEW_TARGETS = 5
WIDE_GAP = 0.1
# Ends that differ by less read the same.
_SAME = 0.005

TARGETS = {"model": "models", "response": "single replies"}
NO_ICC = "no ICC that can be computed from what is on screen"


def cautions(study: Study, table: pd.DataFrame, settings: Settings) -> list[str]:
    """Say what a reader must know first: undefined cells, too few targets, intervals that hold too seldom."""
    said = []
    targets = TARGETS[settings.level]
    for judge, rows in table[table["icc_c1"].isna()].groupby("judge", sort=False):
        left = span(rows["n_targets"], ",")
        said.append(
            f"{study.rater(str(judge))} has no ICC on {listed(list(rows['attribute']))}: it needs at least two "
            f"{targets} that differ, and {left} {'is' if left == '1' else 'are'} left."
        )
    compared = table.loc[table["icc_c1"].notna(), "n_targets"]
    if compared.empty:
        return said
    if few := few_targets(table, settings):
        said.append(few)
    elif compared.min() < ENOUGH_TARGETS:
        said.append(
            f"Each figure compares {span(compared, ',')} {targets}{_own(study, table, settings)}. Koo & Li (2016) "
            f"advise at least {ENOUGH_TARGETS}: read the interval."
        )
    if settings.level == "response":
        said.append(
            "Intervals here cover other messages to the same models, rated by the same experts, not other models or "
            "other experts."
        )
    if table["icc_c1_low"].notna().any() and (short := icc_shortfall(settings.interval, settings.level)):
        said.append(filled(study, short))
    return said


def few_targets(table: pd.DataFrame, settings: Settings) -> str:
    """Say that too few targets are compared to tell judges apart; empty where there are enough, or none."""
    compared = table.loc[table["icc_c1"].notna(), "n_targets"]
    few = compared[compared < TOO_FEW_TARGETS]
    if few.empty:
        return ""
    where = "" if len(few) == len(compared) else " in some figures"
    return (
        f"Only {span(few, ',')} {TARGETS[settings.level]} are compared{where}: too few to tell a good judge from a "
        "poor one."
    )


def two_intervals_finding(study: Study, table: pd.DataFrame, verdicts: pd.DataFrame, settings: Settings) -> str:
    """Say that verdicts rest on other intervals of an ICC than those of the table; empty where both are the same.

    Verdicts have their own kind of interval (:mod:`analysis.decisions.criteria`), the table has that of the settings.
    """
    criterion, name, kind = {
        "model": ("consistency", "icc_c1", "exact F"),
        "response": ("reply_agreement", "icc_a1", "a bootstrap over {items}"),
    }[settings.level]
    both = verdicts[verdicts["criterion"] == criterion].merge(table, on=["judge", "attribute"])
    away = sum((both[f"{name}_{end}"] - both[f"value_{end}"]).abs() for end in ("low", "high"))
    if not (away >= _SAME).any():
        return ""
    row = both.loc[away.idxmax()]
    here, there = (f"{row[f'{each}_low']:z.2f} to {row[f'{each}_high']:z.2f}" for each in (name, "value"))
    return filled(
        study,
        f"The interval of an ICC is here that of the settings, and in the verdicts always {kind}. So "
        f"{pair(study, row)} has the interval {here} here and {there} in the verdicts.",
    )


def _own(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Name the systems that judges are not compared on because they are their own."""
    judges = [judge for judge in study.judges if judge.own and (table["judge"] == judge.key).any()]
    if settings.exclude == "none" or not judges:
        return ""
    if settings.exclude == "family":
        return " (those of a judge's own maker are left out)"
    named = [f"{listed([study.system(key) for key in judge.own])} for {judge.label}" for judge in judges]
    return f" (a judge's own is left out: {listed(named)})"


def reliability_finding(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Say on which attribute judges follow the experts best and least."""
    rows = table.dropna(subset="icc_c1")
    if rows.empty:
        return f"There is {NO_ICC}."
    if rows["n_targets"].min() < TOO_FEW_TARGETS:
        return f"Too few {TARGETS[settings.level]} are compared to say where judges follow the experts best."
    several = len(set(rows["judge"])) > 1
    who, follow = ("Judges", "follow") if several else (study.rater(rows["judge"].iloc[0]), "follows")
    what = "how the experts rank models" if settings.level == "model" else "how the experts rate single replies"
    medians = rows.groupby("attribute", sort=False)["icc_c1"].median()
    best, least = medians.idxmax(), medians.idxmin()
    spans = {name: span(rows.loc[rows["attribute"] == name, "icc_c1"]) for name in (best, least)}
    if best == least:
        return f"{who} {follow} {what} on {best} with ICC(C,1) {spans[best]}."
    return f"{who} {follow} {what} best on {best} (ICC(C,1) {spans[best]}) and least on {least} ({spans[least]})."


def reading_finding(table: pd.DataFrame, settings: Settings) -> str:
    """Count the readings of ICC(C,1), and say what they are made of."""
    readings = table["reading"].dropna()
    if readings.empty:
        return "No cell is read: there is no interval that can be computed from what is on screen."
    counts = readings.value_counts()
    order = list(READING)
    words = sorted(counts.index, key=lambda reading: order.index(reading.split(" ", 1)[0]))
    what = (
        "by the paper's tiers, from the width of the interval alone"
        if settings.readings == "paper-tiers"
        else "by Koo & Li's bands over the whole 95% interval"
    )
    if len(readings) == 1:
        return f"The one cell on screen reads: {look(words[0]).word}, {what}."
    said = listed([f"{look(word).word} in {counts[word]}" for word in words])
    return f"Of {len(readings)} cells, the reading is {said}, {what}."


def printed_finding(study: Study, table: pd.DataFrame, printed: pd.DataFrame) -> str:
    """Say which tiers on screen are not the printed ones (``judge, attribute, tier``)."""
    both = table.dropna(subset="reading").merge(printed, on=["judge", "attribute"])
    other = both[both["reading"] != both["tier"]]
    if both.empty:
        return "No tier on screen is among the printed ones."
    if other.empty:
        if len(both) == 1:
            return "The tier on screen is the printed one."
        return f"{part(len(both), len(both)).capitalize()} tiers on screen are the printed ones."
    cells = [f"{look(row['tier']).short} for {pair(study, row)}" for _, row in other.iterrows()]
    are = "is not the printed one" if len(other) == 1 else "are not the printed ones"
    return (
        "Tiers depend on random draws, which the paper does not publish. "
        f"{len(other)} of {counted(len(both), 'tier', 'tiers')} on screen {are}: the paper prints {listed(cells)}."
    )


def forest_finding(study: Study, table: pd.DataFrame, coefficient: str) -> str:
    """Say how wide the intervals of one coefficient are."""
    low, high = table[f"{coefficient}_low"], table[f"{coefficient}_high"]
    width = (high - low).dropna()
    if width.empty:
        return "No interval can be computed from what is on screen."
    widest, narrowest = table.loc[width.idxmax()], table.loc[width.idxmin()]
    if len(width) == 1:
        return f"The interval of {pair(study, widest)} is {width.iloc[0]:z.2f} wide."
    across = int(((low < 0.5) & (high >= 0.5)).sum())
    return (
        f"Intervals are {width.min():z.2f} ({pair(study, narrowest)}) to {width.max():z.2f} wide "
        f"({pair(study, widest)}). "
        f"{part(across, len(width)).capitalize()} reach across an ICC of 0.5, from poor to better."
    )


def interval_finding(study: Study, table: pd.DataFrame, coefficient: str, judge: str) -> str:
    """Say how wide each kind of interval is for one judge, from the narrowest to the widest on screen."""
    width = (table[f"{coefficient}_high"] - table[f"{coefficient}_low"]).dropna()
    if width.empty:
        return f"No interval can be computed for {study.rater(judge)} from what is on screen."
    kinds = width.groupby(table["interval"], sort=False)
    said = [f"{choice_label(study, 'interval', str(kind))} {span(widths)}" for kind, widths in kinds]
    return f"Width of the intervals of {study.rater(judge)}: {listed(said)}."


def shortfall_finding(study: Study, table: pd.DataFrame, coefficient: str) -> str:
    """Say which kinds of interval on screen hold their value too seldom; nothing where none does."""
    shown = table.dropna(subset=f"{coefficient}_low")[["interval", "level"]].drop_duplicates()
    said = (icc_shortfall(row["interval"], row["level"], coefficient) for _, row in shown.iterrows())
    return filled(study, " ".join(filter(None, said)))


def gap_finding(study: Study, table: pd.DataFrame) -> str:
    """Say where a judge ranks well but scores differently: the distance of consistency and agreement."""
    rows = table.dropna(subset=["icc_c1", "icc_a1"])
    if rows.empty:
        return f"Consistency and agreement cannot be compared: there is {NO_ICC}."
    gap = rows["icc_c1"] - rows["icc_a1"]
    top = rows.loc[gap.idxmax()]
    figures = f"consistency {top['icc_c1']:z.2f}, agreement {top['icc_a1']:z.2f}"
    if len(rows) == 1:
        how = "orders better than it scores" if gap.iloc[0] >= WIDE_GAP else "orders about as well as it scores"
        return f"{pair(study, top)} {how}: {figures}."
    wide = int((gap >= WIDE_GAP).sum())
    return (
        f"In {part(wide, len(rows))} pairs of judge and attribute the judge orders clearly better than it scores "
        f"(consistency at least {WIDE_GAP} above agreement). The gap is widest for {pair(study, top)}: {figures}."
    )
