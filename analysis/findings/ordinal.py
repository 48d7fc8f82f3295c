"""What agreement on single replies says, with ratings as ordered categories."""

import pandas as pd

from analysis.findings.phrases import NO_PAIRS, pair, percent, span
from data.study import Study


def ordinal_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how often ratings are the same, and how much of that chance does not explain."""
    rows = table[table["n_pairs"] > 0]
    if rows.empty:
        return f"Single ratings cannot be compared: {NO_PAIRS}."
    judges = list(rows["judge"].unique())
    who = "Judges give" if len(judges) > 1 else f"{study.rater(judges[0])} gives"
    kappa = rows["kappa_quadratic"].dropna()
    beyond = (
        f"Weighted kappa, which takes chance off, is {span(kappa)}"
        if len(kappa)
        else "Weighted kappa is undefined, because neither rater tells replies apart"
    )
    return (
        f"{who} a reply the experts' own rating in {span(100 * rows['exact'], '.0f')} of 100 cases, and one at most a "
        f"point away in {span(100 * rows['within_one'], '.0f')} of 100. {beyond}."
    )


def paradox_finding(study: Study, table: pd.DataFrame, judge: str) -> str:
    """Say where kappa and AC2 of one judge are furthest apart."""
    gap = (table["ac2_quadratic"] - table["kappa_quadratic"]).dropna()
    if gap.empty:
        return f"Kappa and AC2 of {study.rater(judge)} cannot be compared: kappa is undefined on what is on screen."
    top = table.loc[gap.abs().idxmax()]
    return (
        f"Kappa and AC2 are furthest apart for {pair(study, top)}: kappa {top['kappa_quadratic']:z.2f}, AC2 "
        f"{top['ac2_quadratic']:z.2f}. There {percent(top['exact'])} of ratings are the same, and the experts give "
        f"{study.scale.high:g} of {study.scale.high:g} to {percent(top['human_ceiling'])} of replies."
    )


def always_five_finding(
    study: Study, table: pd.DataFrame, distribution: pd.DataFrame, judge: str, attribute: str
) -> str:
    """Say how often a judge gives the experts' own rating, and how often one would that gives all the top rating.

    Both are of the one judge and attribute: a row of :func:`analysis.agreement.ordinal.ordinal_table`, and the rows of
    :func:`analysis.bias.inflation.rating_distribution`.
    """
    if distribution.empty:
        return f"No reply on screen was rated by both the experts and {study.rater(judge)} on {attribute}."
    top = study.scale.high
    fives = distribution.query("rater == 'human' and rating == @top")["share"].sum()
    return (
        f"On {attribute}, {study.rater(judge)} gives the experts' own rating to {table['exact'].iloc[0]:.1%} of "
        f"replies. A judge that gave {top:g} of {top:g} to everything, unread, would do so for {fives:.1%}."
    )
