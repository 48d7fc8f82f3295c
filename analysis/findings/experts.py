"""What single experts' ratings say: how well experts agree, and how judges stand beside one of them."""

import pandas as pd

from analysis.agreement.experts import further_of
from analysis.agreement.left_out_expert import columns_of
from analysis.decisions.annotator_test import FEWEST_EXPERTS
from analysis.findings.phrases import counted, listed, pair, part, span
from analysis.ratings.settings import Settings
from analysis.wording.filling import in_words
from data.study import Study

# More names than these are counted, not listed.
MOST_NAMED = 4


def why_not_finding(study: Study) -> str:
    """Say why experts cannot be compared with one another where their single ratings are not at hand."""
    cannot = "How well the experts agree among themselves, and whether a judge may replace one of them, cannot be told"
    if len(study.experts) > 1:
        return f"{cannot}: the source gives only the mean of their ratings."
    has = "one pooled rating of the experts" if study.pooled else "the rating of one expert"
    return (
        f"{cannot}. Each reply has {has}; the first takes at least two experts who are told apart, the second at least "
        f"{in_words(FEWEST_EXPERTS)}."
    )


def too_few_finding(study: Study) -> str:
    """Say what the annotator test takes where experts are told apart and are too few."""
    return (
        "Whether a judge may replace one of the experts cannot be tested: that takes at least "
        f"{in_words(FEWEST_EXPERTS)} experts, and there are {in_words(len(study.experts))}."
    )


def experts_finding(table: pd.DataFrame) -> str:
    """Say on which attributes experts agree best and least, and what one more of them would reach."""
    rows = table.dropna(subset="experts_c1")
    if rows.empty:
        alpha = table["experts_alpha"].dropna()
        known = f" Over replies that at least two rated, ordinal alpha is {span(alpha)}." if len(alpha) else ""
        return f"No ICC among the experts can be computed: too few replies were rated by all of them.{known}"
    best, least = (rows.loc[rows["experts_c1"].agg(end)] for end in ("idxmax", "idxmin"))
    who = counted(int(rows["n_experts"].max()), "expert", "experts")
    on = (
        f"on {best['attribute']} with ICC(C,1) {_figure(best, 'experts_c1')}"
        if len(rows) == 1
        else f"best on {best['attribute']} (ICC(C,1) {_figure(best, 'experts_c1')}). They do least on "
        f"{least['attribute']} ({_figure(least, 'experts_c1')})"
    )
    return (
        f"Among {who}, any two agree on the order of single replies {on}. One more expert like them would reach "
        f"ICC(C,1) {span(rows['further_c1'])} with their mean, and ICC(A,1) {span(rows['further_a1'])}."
    )


def further_finding(study: Study, table: pd.DataFrame, coefficient: str) -> str:
    """Say how judges on single replies stand to one more expert.

    ``table`` holds one coefficient (``icc_c1`` or ``icc_a1``) over replies, with what one more expert would reach.
    """
    further = further_of(coefficient)
    rows = table.dropna(subset=[f"{coefficient}_low", further])
    if rows.empty:
        return "Judges cannot be held against one more expert: no ICC of both can be computed."
    below, above = rows[f"{coefficient}_high"] < rows[further], rows[f"{coefficient}_low"] > rows[further]
    if len(rows) == 1:
        lies = "lies below" if below.any() else "lies above" if above.any() else "holds"
        return f"The interval of {pair(study, rows.iloc[0])} {lies} what one more expert would reach."
    return (
        f"In {part(int(below.sum()), len(rows))} pairs of judge and attribute the whole interval lies below what one "
        f"more expert would reach, in {part(int(above.sum()), len(rows))} above it."
    )


def left_out_finding(study: Study, table: pd.DataFrame, coefficient: str, judge: str) -> str:
    """Say of one judge how often it agrees with the other experts clearly less, or better, than the one left out."""
    *_, name = columns_of(coefficient)
    rows = table.dropna(subset=f"{name}_low")
    who = study.rater(judge)
    if rows.empty:
        return f"{who} cannot be compared with single experts: it and two of them rated too few replies."
    less, more = int((rows[f"{name}_high"] < 0).sum()), int((rows[f"{name}_low"] > 0).sum())
    worst = rows.loc[rows[name].idxmin()]
    said = (
        f"With the mean of the other experts, {who} agrees clearly less than the expert left out in "
        f"{part(less, len(rows))} comparisons, and clearly better in {part(more, len(rows))}"
    )
    return (
        f"{said}. It is furthest behind {study.expert(worst['expert'])} on {worst['attribute']} "
        f"({worst[name]:+z.2f}; 95% interval {worst[f'{name}_low']:+z.2f} to {worst[f'{name}_high']:+z.2f})."
        if worst[name] < 0
        else f"{said}."
    )


def annotator_finding(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Say which judges may take the place of an expert, by the annotator test, or what it lacks."""
    rows = table.dropna(subset="may_replace")
    if rows.empty:
        return f"The alternative annotator test gives no result. {_lacking(table)}"
    passed = rows[rows["may_replace"] == "yes"]
    plain = int((rows["may_replace_unclustered"] == "yes").sum())
    by = f"By the alternative annotator test with epsilon {settings.epsilon:g}"
    if len(rows) == 1:
        row = rows.iloc[0]
        may = "may" if len(passed) else "may not"
        said = (
            f"{by}, {pair(study, row)} {may} replace one of the experts: it wins against "
            f"{row['n_won']:.0f} of {row['n_tested']} experts"
        )
    else:
        named = [pair(study, row) for _, row in passed.iterrows()] if len(passed) <= MOST_NAMED else []
        said = (
            f"{by}, a judge may replace one of the experts in {part(len(passed), len(rows))} pairs of judge "
            f"and attribute{f' ({listed(named)})' if named else ''}"
        )
    other = (
        f" Taking replies for independent, as published, it may in {counted(plain, 'pair', 'pairs')}."
        if plain != len(passed)
        else ""
    )
    missing = table[table["may_replace"].isna()]
    rest = f" In {len(missing)} of {len(table)} there is no result. {_lacking(missing)}" if len(missing) else ""
    return f"{said}.{other}{rest}"


def _lacking(table: pd.DataFrame) -> str:
    return " ".join(table["lacking"].dropna().drop_duplicates())


def _figure(row: pd.Series, name: str) -> str:
    """Say a figure with its interval: ``0.62, 0.58 to 0.66``."""
    if pd.isna(row[f"{name}_low"]):
        return f"{row[name]:z.2f}"
    return f"{row[name]:z.2f}, 95% interval {row[f'{name}_low']:z.2f} to {row[f'{name}_high']:z.2f}"
