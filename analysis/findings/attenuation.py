"""What agreement on single replies would be under an assumed reliability of the experts' ratings, in sentences."""

import pandas as pd

from analysis.findings.phrases import listed, span
from data.study import Study

# From the best to what is still something.
_REACHED = {"supported": "supported", "human-checks": "supported with human checks"}
_BEYOND = ("within-error", "yes")


def attenuation_finding(study: Study, table: pd.DataFrame, judge: str) -> str:
    """Say of one judge what agreement would be at the lowest reliability, and what its criterion would be at each."""
    rows = table.dropna(subset="assumed_a1")
    who = study.rater(judge)
    if rows.empty:
        return f"Nothing can be said of {who}: no ICC can be computed on single replies."
    return " ".join(f"{said}." for said in (_lowest(who, rows), _criterion(rows), _contradiction(rows)) if said)


def _lowest(who: str, rows: pd.DataFrame) -> str:
    """Say what agreement would be at the lowest reliability that the ratings do not contradict on any attribute."""
    beyond = rows.loc[rows["contradicted"].isin(_BEYOND), "assumed_reliability"]
    possible = rows if beyond.empty else rows[rows["assumed_reliability"] > beyond.max()]
    least = possible["assumed_reliability"].min()
    if not least < 1:
        return ""
    as_it_is, assumed = (rows[rows["assumed_reliability"] == each]["assumed_a1"] for each in (1, least))
    values = f"ICC(A,1) of {who} with the replies' values would be {span(assumed)} instead of {span(as_it_is)}"
    return f"If the experts' rating of a reply had a reliability of only {least:g}, {values}"


def _criterion(rows: pd.DataFrame) -> str:
    """Say up to which assumed reliability agreement would be supported, and supported with human checks."""
    known = rows.dropna(subset="would_be")
    if known.empty:
        return "Too few replies were rated to hold agreement against a threshold"
    said = []
    for would_be, words in _REACHED.items():
        reached = known[known["would_be"] == would_be].groupby("attribute", sort=False)["assumed_reliability"].max()
        if would_be == "supported" and reached.empty:
            said.append(f"at none of the reliabilities tried would agreement on single replies be {words}")
        elif len(reached):
            named = [
                f"on {listed(list(some.index))} {_from(float(most))}"
                for most, some in reached.groupby(reached, sort=False)
            ]
            said.append(f"agreement would be {words} {', and '.join(named)}")
    first = "; ".join(said)
    return f"{first[0].upper()}{first[1:]}"


def _from(most: float) -> str:
    return "as the ratings are" if most == 1 else f"if it were {most:g} or less"


def _contradiction(rows: pd.DataFrame) -> str:
    """Say which assumptions the ratings contradict."""
    beyond = rows[rows["contradicted"].isin(_BEYOND)]
    if beyond.empty:
        return ""
    most = beyond.groupby("attribute", sort=False)["assumed_reliability"].max()
    named = listed([f"{name} at {float(each):g} or less" for name, each in most.items()])
    within = "" if (beyond["contradicted"] == "yes").any() else ", though by no more than sampling error"
    return f"The correlation would exceed 1 on {named}: so low a reliability contradicts the ratings{within}"
