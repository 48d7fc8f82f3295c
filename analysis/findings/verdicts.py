"""What a judge may be used for, in sentences that are made up from the verdicts alone."""

from collections.abc import Sequence

import pandas as pd

from analysis.decisions.criteria import CRITERIA, bounds
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED, UNSUPPORTED, VERDICTS
from analysis.findings.false_reassurance import passed_finding
from analysis.findings.phrases import begun, listed, pair, part
from analysis.ratings.settings import Settings
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study

# More names than these are counted, not listed.
MOST_NAMED = 4


def use_finding(study: Study, table: pd.DataFrame, use: str) -> str:
    """Count the verdicts on one use, and name the pairs that are supported."""
    rows = table[table["use"] == use]
    n = {verdict: int((rows["verdict"] == verdict).sum()) for verdict in VERDICTS}
    of = f"of {len(rows)} pairs of judge and attribute"
    if len(rows) == 1:
        return f"{verdict_look(rows['verdict'].iloc[0]).word} for {pair(study, rows.iloc[0])}."
    if n[SUPPORTED] == len(rows):
        return f"Supported for {part(len(rows), len(rows))} pairs of judge and attribute."
    if n[UNSUPPORTED] == len(rows):
        return f"Not supported for any {of}."
    if n[UNDECIDED] == len(rows):
        return f"Undecided for each {of}: the data do not tell."
    named = _named(study, rows[rows["verdict"] == SUPPORTED])
    parts = [
        f"supported for {n[SUPPORTED]}{f' ({named})' if named else ''}" if n[SUPPORTED] else "supported for none",
        *([f"only with human checks for {n[CHECKED]}"] if n[CHECKED] else []),
        *([f"undecided for {n[UNDECIDED]}"] if n[UNDECIDED] else []),
        *([f"not supported for {n[UNSUPPORTED]}"] if n[UNSUPPORTED] else []),
    ]
    return f"{begun(listed(parts))}, {of}."


def answer(study: Study, table: pd.DataFrame, rates: pd.DataFrame, systems: Sequence[str] | None = None) -> str:
    """Answer in three sentences: what judges may do by themselves, what with human checks, and what they let pass.

    ``systems`` are those whose replies are on screen, where they are not all.
    """
    return " ".join([overview_finding(study, table, systems), _with_checks(study, table), passed_finding(study, rates)])


def overview_finding(study: Study, table: pd.DataFrame, systems: Sequence[str] | None = None) -> str:
    """Say for a board what the judges on screen may be used for by themselves, naming what it is about."""
    of, (every, no) = _replies_by(study, systems), _who(study, table)
    where = f"{_where(study, table)}{of}"
    supported = table[table["verdict"] == SUPPORTED]
    if len(supported) == len(table):
        return _sentence(study, f"{where}{every} supported for every use.")
    if (table["verdict"] == UNDECIDED).all():
        return _sentence(study, f"{where}the data do not tell for any use whether {every} supported.")
    if supported.empty:
        return _sentence(study, f"{where}{no} supported for any use by itself.")
    if len(supported) > MOST_NAMED:
        return _sentence(study, f"{where}{_in_cases(study, table, supported)}")
    named = [f"{pair(study, row)}, to {USE[row['use']][0].lower()}" for _, row in supported.iterrows()]
    return _sentence(
        study, f"{of}{'; '.join(named)}, {'is' if len(named) == 1 else 'are'} supported without human checks."
    )


def _in_cases(study: Study, table: pd.DataFrame, supported: pd.DataFrame) -> str:
    """Count the cases that are supported, and name their judges where these are few of several."""
    judges, fit = (list(dict.fromkeys(rows["judge"])) for rows in (table, supported))
    few = len(fit) < len(judges) and len(fit) <= MOST_NAMED
    who = listed([study.rater(judge) for judge in fit]) if few or len(judges) == 1 else "judges"
    of = table["judge"].isin(fit).sum() if few else len(table)
    cases = f"{'judge, ' if len(fit) > 1 else ''}attribute and use"
    others = ", and no other judge in any" if few else ""
    are = "is" if len(fit) == 1 else "are"
    return f"{who} {are} supported without human checks in {len(supported)} of {of} cases of {cases}{others}."


def _sentence(study: Study, said: str) -> str:
    """Begin a sentence with a capital, but for the name of a judge, which is written as it is."""
    return said if said.startswith(tuple(study.rater_labels.values())) else begun(said)


def _with_checks(study: Study, table: pd.DataFrame) -> str:
    """Count by use what is supported only with human checks, and what is undecided."""
    n = {use: int(((table["use"] == use) & (table["verdict"] == CHECKED)).sum()) for use in USE}
    judges = list(table["judge"].unique())
    they = "judges" if len(judges) > 1 else study.rater(judges[0])
    on, cases = ("in", "cases of judge and attribute") if len(judges) > 1 else ("on", "attributes")
    pairs, undecided = len(table) // len(USE), int((table["verdict"] == UNDECIDED).sum())
    are = "is" if undecided == 1 else "are"
    open_ones = f"; {undecided} of {len(table)} verdicts {are} undecided, as the data do not tell" if undecided else ""
    if not any(n.values()):
        further = "further use" if (table["verdict"] == SUPPORTED).any() else "use either"
        return f"With human checks {they} {'are' if len(judges) > 1 else 'is'} supported for no {further}{open_ones}."
    if pairs == 1:
        return f"With human checks {they} may {listed([USE[use][0].lower() for use in USE if n[use]])}{open_ones}."
    first, *rest = (f"{USE[use][0].lower()} {on} {count}" for use, count in n.items() if count)
    return f"With human checks {they} may {listed([f'{first} of {pairs} {cases}', *rest])}{open_ones}."


def hardest_first(table: pd.DataFrame, use: str) -> list[str]:
    """Order attributes by the verdicts on one use, the worst first; equals stay in their order."""
    worst = {verdict: place for place, verdict in enumerate((UNSUPPORTED, UNDECIDED, CHECKED, SUPPORTED))}
    rows = table[table["use"] == use]
    rank = rows["verdict"].map(worst).groupby(rows["attribute"], sort=False).mean()
    return list(rank.sort_values(kind="stable").index)


def _where(study: Study, table: pd.DataFrame) -> str:
    """Name the attributes that a sentence is about, where they are not all of the study's."""
    attributes = [name for name in study.attribute_names if (table["attribute"] == name).any()]
    if len(attributes) == len(study.attributes):
        return ""
    few = len(attributes) <= MOST_NAMED
    return f"on {listed(attributes) if few else f'{len(attributes)} of {len(study.attributes)} attributes'}, "


def _replies_by(study: Study, systems: Sequence[str] | None) -> str:
    """Name the systems whose replies a sentence is about, where they are not all of the study's."""
    if systems is None or len(systems) == len(study.systems):
        return ""
    named = listed([study.system(key) for key in systems])
    few = 0 < len(systems) <= MOST_NAMED
    return f"for replies by {named if few else f'{len(systems)} of {len(study.systems)} systems'}, "


def _who(study: Study, table: pd.DataFrame) -> tuple[str, str]:
    """Name the judges that a sentence is about: what is said of every one, and of none."""
    judges = list(table["judge"].unique())
    if len(judges) == 1:
        return f"{study.rater(judges[0])} is", f"{study.rater(judges[0])} is not"
    if set(judges) >= set(study.judge_keys):
        return "every judge is", "no judge is"
    named = listed([study.rater(judge) for judge in judges])
    return f"each of {named} is", f"none of {named} is"


def rules(settings: Settings) -> str:
    """Say the rules of the verdicts with their bounds, as a table in Markdown."""
    held = bounds(settings)
    icc = "Lower end of the 95% interval of"
    what = {
        "consistency": (f"{icc} ICC(C,1) over systems", "at least", "z.2f", ""),
        "choice_loss": ("Upper end of the 90% interval of what its first choice loses", "at most", "g", " points"),
        "system_bias": ("For every system, upper end of the 90% interval of its gap", "at most", "g", " points"),
        "reply_agreement": (f"{icc} ICC(A,1) over single replies", "at least", "z.2f", ""),
        "reassurance": ("Upper end of the 95% interval of false reassurance", "at most", ".0%", ""),
    }
    head = "| Use | What must hold | Supported | Only with human checks | Not supported |\n|---|---|---|---|---|\n"
    lines = []
    used = ""
    for name, (said, how, form, unit) in what.items():
        first, second = (f"{format(bound, form)}{unit}" for bound in held[name])
        bad = "whole interval below" if CRITERIA[name].larger else "whole interval above"
        use = USE[CRITERIA[name].use][0]
        both = "and for the same" if use == used else use
        lines.append(f"| {both} | {said} | {how} {first} | {how} {second} | {bad} {second} |")
        used = use
    return head + "\n".join(lines)


def _named(study: Study, rows: pd.DataFrame) -> str:
    return listed([pair(study, row) for _, row in rows.iterrows()]) if 0 < len(rows) <= MOST_NAMED else ""
