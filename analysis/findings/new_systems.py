"""Systems that no expert rated, in sentences."""

from collections.abc import Sequence

import pandas as pd

from analysis.decisions.verdicts import CHECKED, SUPPORTED
from analysis.findings.phrases import listed, span
from data.names import plain_name
from data.study import ALL_SYSTEMS, Study

# More names than these are counted, not listed.
_MOST_NAMED = 3


def unrated_notice(systems: Sequence[str]) -> str:
    """Say on every page which systems no expert has rated, and where alone they are; empty where there are none."""
    if not systems:
        return ""
    names = [plain_name(name) for name in systems]
    said = listed(names) if len(names) <= _MOST_NAMED else f"{len(names)} systems of added files"
    return (
        f"No expert has rated {said}. What judges give {'it' if len(names) == 1 else 'them'} stands under Scores, New "
        "systems, and in no other figure."
    )


def new_systems_finding(study: Study, table: pd.DataFrame) -> str:
    """Say what each judge gives each new system, and whether that tells it apart from the study's systems."""
    against_all = table[table["compared_with"] == ALL_SYSTEMS]
    if against_all.empty:
        return "No rating of a new system is left under these settings."
    said = [
        _of_system(study.rater(judge), plain_name(str(system)), rows)
        for (judge, system), rows in against_all.groupby(["judge", "new_system"], sort=False)
    ]
    ranking = [
        _of_judge(study.rater(judge), rows.drop_duplicates("attribute"))
        for judge, rows in against_all.groupby("judge", sort=False)
    ]
    return " ".join([*said, *ranking])


def _of_system(judge: str, system: str, rows: pd.DataFrame) -> str:
    what, on = ("a mean", rows["attribute"].iloc[0]) if len(rows) == 1 else ("means", f"{len(rows)} attributes")
    means = f"{judge} gives {system} {what} of {span(rows['new_mean'])} on {on}."
    known = rows[rows["beyond_error"].notna()]
    if known.empty:
        return f"{means} How far that is from the systems of the study is not known."
    apart = [
        f"{word} than the study's systems on {_named(names)}"
        for word, there in (("higher", known["new_ahead"] > 0), ("lower", known["new_ahead"] < 0))
        if len(names := known.loc[there & (known["beyond_error"] == "yes"), "attribute"].tolist())
    ]
    if not apart:
        return (
            f"{means} That tells it apart from the study's systems on no attribute: no difference is surely larger "
            "than the judge's largest error between systems of the study."
        )
    beyond = f"By more than the judge's largest error between systems of the study, {system} stands {listed(apart)}."
    return f"{means} {beyond}{' Elsewhere it is not told apart.' if (rows['beyond_error'] != 'yes').any() else ''}"


def _of_judge(judge: str, rows: pd.DataFrame) -> str:
    may = rows[rows["verdict"].isin([SUPPORTED, CHECKED])]
    if may.empty:
        return f"{judge} is supported for ranking the study's own systems on no attribute here."
    checked = (may["verdict"] == CHECKED).all(), (may["verdict"] == CHECKED).any()
    how = {(True, True): ", only with human checks", (False, True): ", in part only with human checks"}.get(checked, "")
    return f"{judge} may rank the study's own systems on {_named(may['attribute'].tolist())}{how}."


def _named(attributes: list[str]) -> str:
    return listed(attributes) if len(attributes) <= _MOST_NAMED else f"{len(attributes)} attributes"
