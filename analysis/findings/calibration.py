"""What corrections of a judge's ratings do."""

import pandas as pd

from analysis.findings.phrases import in_points, pair, part, span
from analysis.wording.vocabulary import CORRECTION_LABEL
from data.study import Study


def _undefined(study: Study) -> str:
    """Say that there is no correction."""
    return (
        f"No correction can be tried: it needs ratings of both in at least five {study.item.many} (or blocks of them)."
    )


def remaining_bias_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how much bias is left by the correction with the smallest error of each judge and attribute."""
    rows = _best(table)
    if rows.empty:
        return _undefined(study)
    worst = rows.loc[rows["bias"].abs().idxmax()]
    return (
        f"After the correction with the smallest error, tried on other {study.item.many}, the bias left is "
        f"{_at_most(abs(worst['bias']))} ({pair(study, worst)}). The 95% intervals reach from "
        f"{rows['bias_low'].min():+z.2f} to {rows['bias_high'].max():+z.2f} points."
    )


def correction_finding(study: Study, table: pd.DataFrame, judge: str, measure: str) -> str:
    """Say what the corrections do to one measure of one judge, over the attributes on screen."""
    rows = table[table["judge"] == judge].dropna(subset=measure)
    if rows.empty:
        return _undefined(study)
    wide = rows.pivot_table(index="attribute", columns="method", values=measure, observed=True)
    return {"bias": _bias, "mse": _mse, "icc_a1": _agreement}[measure](wide, study.rater(judge))


def _bias(wide: pd.DataFrame, name: str) -> str:
    left = wide.drop(columns="none").abs().max(axis=None)
    return (
        f"As {name} rates, its bias is {span(wide['none'], '+z.2f')} points. Every correction brings it to "
        f"{_at_most(left)} on either side, for these experts."
    )


def _mse(wide: pd.DataFrame, name: str) -> str:
    best = wide.drop(columns="none").min(axis=1) / wide["none"].where(wide["none"] > 0)
    if best.isna().all():
        return f"{name} makes no error on the replies on screen: there is nothing to correct."
    return (
        f"The best correction leaves {span(best.dropna(), '.0%')} of the mean squared error of {name} on an attribute: "
        "scatter of single ratings, which no such correction repairs."
    )


def _agreement(wide: pd.DataFrame, name: str) -> str:
    raised, lowered = (wide["offset"] > wide["none"]).sum(), (wide["linear"] < wide["none"]).sum()
    why = ", because it draws ratings together" if lowered else ""
    what = f"the agreement of {name} on single replies, ICC(A,1)"
    line = f"{CORRECTION_LABEL['linear'].lower()} correction"
    if len(wide) == 1:
        raises, lowers = ("raises" if raised else "does not raise"), ("lowers" if lowered else "does not lower")
        return f"On {wide.index[0]}, subtracting the bias {raises} {what}. The {line} {lowers} it{why}."
    return (
        f"Subtracting the bias raises {what}, on {part(int(raised), len(wide))} attributes. The {line} lowers it on "
        f"{part(int(lowered), len(wide))}{why}."
    )


def _at_most(size: float) -> str:
    return "less than 0.001 of a point" if size < 0.001 else f"at most {in_points(size, '.3f')}"


def _best(table: pd.DataFrame) -> pd.DataFrame:
    """Give each judge's and attribute's row of the correction with the smallest error."""
    rows = table[table["method"] != "none"].dropna(subset="mse")
    return rows.loc[rows.groupby(["judge", "attribute"], sort=False)["mse"].idxmin()]
