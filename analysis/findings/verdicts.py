"""What a judge may be used for, in sentences that are made up from the verdicts alone."""

import pandas as pd

from analysis.bias.false_reassurance import FEWEST_REPLIES as FEWEST_POOR
from analysis.decisions.verdicts import CHECKED, CHECKED_MARGINS, SUPPORTED, VERDICTS
from analysis.findings.phrases import at_least, at_most, listed, of_100, pair, part, percent
from analysis.ratings.settings import Settings
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study

# More names than these are counted, not listed.
MOST_NAMED = 4


def use_finding(study: Study, table: pd.DataFrame, use: str) -> str:
    """Count the verdicts on one use, and name the pairs that are supported."""
    rows = table[table["use"] == use]
    count = rows["verdict"].value_counts()
    supported, checked, unsupported = (int(count.get(verdict, 0)) for verdict in VERDICTS)
    none = len(rows) - supported - checked - unsupported
    of = f"of {len(rows)} pairs of judge and attribute"
    if none == len(rows):
        return "No verdict can be given: too little is on screen."
    if len(rows) == 1:
        return f"{verdict_look(rows['verdict'].iloc[0]).word} for {pair(study, rows.iloc[0])}."
    if supported == len(rows):
        return f"Supported for {part(supported, supported)} pairs of judge and attribute."
    if unsupported == len(rows):
        return f"Not supported for any {of}."
    named = _named(study, rows[rows["verdict"] == SUPPORTED])
    parts = [
        f"supported for {supported}{f' ({named})' if named else ''}" if supported else "supported for none",
        *([f"only with human checks for {checked}"] if checked else []),
        *([f"not supported for {unsupported}"] if unsupported else []),
        *([f"without a verdict for {none}"] if none else []),
    ]
    said = listed(parts)
    return f"{said[0].upper()}{said[1:]}, {of}."


def overview_finding(study: Study, table: pd.DataFrame) -> str:
    """Say for a board what the judges on screen may be used for by themselves."""
    if table["verdict"].isna().all():
        return "No verdict can be given on what is on screen: too few models or replies are left."
    judges = list(table["judge"].unique())
    several = len(judges) > 1
    supported = table[table["verdict"] == SUPPORTED]
    if len(supported) == len(table):
        who = "Every judge on screen is" if several else f"{study.rater(judges[0])} is"
        return f"{who} supported for every use on every attribute on screen."
    unknown = int(table["verdict"].isna().sum())
    rest = f" In {unknown} of {len(table)} cases no verdict can be given." if unknown else ""
    if supported.empty:
        who = "No judge on screen is" if several else f"{study.rater(judges[0])} is not"
        checked = ", though some uses are with human checks" if (table["verdict"] == CHECKED).any() else ""
        return f"{who} supported for any use by itself{checked}.{rest}"
    if len(supported) > MOST_NAMED:
        who, are = ("Judges", "are") if several else (study.rater(judges[0]), "is")
        cases = "judge, attribute and use" if several else "attribute and use"
        return f"{who} {are} supported without human checks in {len(supported)} of {len(table)} cases of {cases}.{rest}"
    named = [f"{pair(study, row)}, to {USE[row['use']][0].lower()}" for _, row in supported.iterrows()]
    only = "Only " if len(supported) < len(table) / 2 else ""
    return f"{only}{'; '.join(named)}, {'is' if len(named) == 1 else 'are'} supported without human checks.{rest}"


def uses_in_short(study: Study, table: pd.DataFrame) -> str:
    """Name for each use what is supported and what is with human checks, as a list in Markdown."""
    lines = []
    for use, (label, _, _) in USE.items():
        rows = table[table["use"] == use]
        if rows["verdict"].isna().all():
            lines.append(f"- **{label}**, no verdict can be given.")
            continue
        supported, checked = (_by_judge(study, rows[rows["verdict"] == verdict]) for verdict in (SUPPORTED, CHECKED))
        said = f"supported: {supported or 'none'}{f'. With human checks: {checked}' if checked else ''}"
        lines.append(f"- **{label}**, {said}{_without(rows)}.")
    return "\n".join(lines)


def _without(rows: pd.DataFrame) -> str:
    none = int(rows["verdict"].isna().sum())
    return f". Without a verdict: {none} of {len(rows)}" if none else ""


def good_for(study: Study, table: pd.DataFrame, named: str) -> str:
    """Say for each use what is supported, as a list; ``named`` is the column of what is named: judges or attributes."""
    lines = []
    for use, (label, _, _) in USE.items():
        rows = table[table["use"] == use]
        names = {
            verdict: [study.rater_labels.get(key, key) for key in some[named]]
            for verdict, some in rows.groupby("verdict", sort=False)
        }
        said = [f"{verdict_look(key).word.lower()} for {listed(names[key])}" for key in VERDICTS[:2] if key in names]
        lines.append(f"- **{label}:** {'; '.join(said) or _nothing(rows)}.")
    return "\n".join(lines)


def _nothing(rows: pd.DataFrame) -> str:
    if rows["verdict"].isna().all():
        return "no verdict can be given"
    return f"supported for none{'; for some no verdict can be given' if rows['verdict'].isna().any() else ''}"


def by_hand(study: Study, table: pd.DataFrame, bias: pd.DataFrame, rates: pd.DataFrame, settings: Settings) -> str:
    """Say what people should check by hand where these judges rate these attributes, the most harmful first.

    Parameters
    ----------
    table
        Verdicts, as :func:`analysis.decisions.verdicts.verdict_table` gives them.
    bias
        As :func:`analysis.bias.inflation.inflation_table` gives it.
    rates
        As :func:`analysis.bias.false_reassurance.reassurance_table` gives them.
    settings
        Those of the verdicts.
    """
    passed, given = at_least(study, settings.high), at_most(study, settings.low)
    lines = []
    held = rates.dropna(subset="false_reassurance")
    worst = held[held["false_reassurance_high"] > settings.reassured_supported]
    worst = worst.sort_values("false_reassurance", ascending=False, kind="stable")
    for _, row in worst[:MOST_NAMED].iterrows():
        said = f"it does so for {of_100(row['false_reassurance'])} of 100 replies that experts rate {given}"
        lines.append(f"**Replies that {study.rater(row['judge'])} rates {passed} on {row['attribute']}:** {said}.")
    lines += _less_often(study, worst[MOST_NAMED:])
    for judge, rows in rates[rates["false_reassurance"].isna()].groupby("judge", sort=False):
        said = f"experts rated fewer than {FEWEST_POOR} replies so low, so that how often it passes them is unknown"
        lines.append(f"**What {study.rater(str(judge))} passes on {listed(list(rows['attribute']))}:** {said}.")
    for judge, rows in bias[bias["bias"].abs() > settings.margin].groupby("judge", sort=False):
        named = listed([f"{row['attribute']} ({row['bias']:+.2f} points)" for _, row in rows.iterrows()])
        said = f"more than {settings.margin:g} points from the experts'; have experts rate a sample before you report"
        lines.append(f"**Means of {study.rater(str(judge))} on {named}:** {said}.")
    checked = table[(table["use"] == "rank") & (table["verdict"] == CHECKED)]
    for judge, rows in checked.groupby("judge", sort=False):
        said = "models whose means lie close together may change places; have experts rate those again"
        lines.append(f"**Orders by {study.rater(str(judge))} on {listed(list(rows['attribute']))}:** {said}.")
    return "\n".join(f"- {line}" for line in lines or [_nothing_stands_out(table)])


def _nothing_stands_out(table: pd.DataFrame) -> str:
    if (table["verdict"] == SUPPORTED).all():
        return "**Nothing stands out** under these thresholds. Have experts rate a sample all the same."
    return (
        "**No bias and no false reassurance stands out** under these thresholds, and still not every use is supported: "
        "have experts rate a sample."
    )


def _less_often(study: Study, rest: pd.DataFrame) -> list[str]:
    """Name what is left of a list that begins with the worst, or count it where it is long."""
    if len(rest) > MOST_NAMED:
        rates = f"{of_100(rest['false_reassurance'].min())} to {of_100(rest['false_reassurance'].max())} of 100"
        return [f"**The same, less often:** {len(rest)} more pairs of judge and attribute, {rates}."]
    named = [f"{pair(study, row)} ({of_100(row['false_reassurance'])} of 100)" for _, row in rest.iterrows()]
    return [f"**The same, less often:** {listed(named)}."] if named else []


def rules(settings: Settings) -> str:
    """Say the rules of the verdicts with their bounds, as a table in Markdown."""
    icc = (f"{settings.icc_supported:z.2f}", f"{settings.icc_checked:z.2f}")
    margin = tuple(f"{times * settings.margin:g} of a point" for times in (1, CHECKED_MARGINS))
    share = (percent(settings.reassured_supported), percent(settings.reassured_checked))
    rows = [
        ("rank", "Lower end of ICC(C,1) over models", "at least", icc),
        ("score", "Whole 90% interval of the bias", "within", margin),
        ("score", "Lower end of ICC(A,1) over models", "at least", icc),
        ("reply", "Upper end of false reassurance", "at most", share),
        ("reply", "Lower end of ICC(A,1) over single replies", "at least", icc),
    ]
    head = "| Use | What must hold | Supported | Only with human checks |\n|---|---|---|---|\n"
    return head + "\n".join(
        f"| {USE[use][0]} | {what} | {how} {at} | {how} {checked} |" for use, what, how, (at, checked) in rows
    )


def _named(study: Study, rows: pd.DataFrame) -> str:
    return listed([pair(study, row) for _, row in rows.iterrows()]) if 0 < len(rows) <= MOST_NAMED else ""


def _by_judge(study: Study, rows: pd.DataFrame) -> str:
    """Name pairs by judge, attributes in their order: ``o4-mini (Guidance)``; empty without any."""
    judges = rows.groupby("judge", sort=False)["attribute"].agg(", ".join)
    return listed([f"{study.rater(str(judge))} ({names})" for judge, names in judges.items()]) if len(judges) else ""
