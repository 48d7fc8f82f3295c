"""Answers to the reporting guidelines of the field, made up from the view and its tables."""

import pandas as pd

from analysis.findings.icc import reliability_finding
from analysis.findings.inflation import inflation_finding
from analysis.findings.phrases import listed, pair, percent, span
from analysis.findings.verdicts import overview_finding
from analysis.outputs.view import View, software
from analysis.report.document import Head, Table, plain
from analysis.report.prose import inline
from analysis.report.sections import of_limits, title_of
from analysis.wording import open_sections
from analysis.wording.filling import FIELDS
from data.study import Study

_UNKNOWN = "undefined"


def grras(view: View, *, linked: bool) -> Table:
    """Answer the 15 items of GRRAS for a view; ``linked`` is whether its summary has a link to the dashboard."""
    icc, chosen, came = view.table("icc"), view.selection, view.dataset.provenance
    study = view.study
    judges, models = [study.rater(judge) for judge in chosen.every_judge], [study.system(key) for key in chosen.models]
    access = {kind: [study.system(key) for key in chosen.models if study.access(key) == kind] for kind in _ACCESS}
    return _answered(
        study,
        "grras",
        "The 15 items of GRRAS",
        judges=listed(judges),
        makers=listed([_with_maker(view.study, judge) for judge in chosen.every_judge]),
        attributes=listed(list(chosen.attributes)),
        models=listed(models),
        access="; ".join(f"{_ACCESS[kind]}: {listed(some)}" for kind, some in access.items() if some),
        study=study.reference or study.title,
        conversations=study.counted(came.conversations),
        choices="; ".join(view.choices()),
        n_judges=_count(len(judges), "judge"),
        n_models=_count(len(models), "model"),
        pairs=span(icc["n_pairs"], ","),
        reliability=reliability_finding(view.study, icc, view.settings),
        bias=inflation_finding(view.study, view.table("inflation")),
        overview=overview_finding(view.study, view.table("verdicts")),
        where=" under the link of the summary" if linked else "",
        revision=came.revision,
    )


def bland_altman(view: View, chosen: tuple[str, ...]) -> Table:
    """Answer the 13 items for limits of agreement; ``chosen`` are the sections that the report has."""
    limits, came = of_limits(view), view.dataset.provenance
    there = "limits" in chosen
    part = f"the part “{title_of(view.study, 'limits')}”"
    slopes = limits["slope"].dropna()
    return _answered(
        view.study,
        "bland-altman",
        "The 13 items for limits of agreement",
        margin=f"{view.settings.margin:g}",
        conversations=view.study.counted(came.conversations),
        cluster=came.cluster,
        plotted=f"Done for the largest bias, in {part}."
        if there
        else f"Not in this report, because {part} was not chosen.",
        slopes=f"{span(slopes, '+z.2f')} points for each point of mean" if len(slopes) else _UNKNOWN,
        bias=inflation_finding(view.study, view.table("inflation")),
        limits=_widest(view.study, limits),
        with_limits=", beside each limit" if there else "; they are in the dashboard and on the command line",
        ceiling=_ceiling(view.study, view.table("distribution")),
        software=listed([f"{name} {number}" for name, number in software().items()]),
    )


_ACCESS = {"closed": "closed", "open": "open", "human": "written by people", "": "closed or open is not said"}


def _answered(study: Study, name: str, caption: str, /, **words: str) -> Table:
    known = {field: fill(study) for field, fill in FIELDS.items()} | words
    rows = [
        (plain(f"{number}. {item}"), inline(" ".join(answer.format(**known).split())))
        for number, (item, answer) in enumerate(open_sections(study, name).values(), start=1)
    ]
    return Table(caption, (Head("Item"), Head("Answer for this report")), tuple(rows), (38, 62))


def _with_maker(study: Study, key: str) -> str:
    judge = study.judge(key)
    return f"{study.rater(key)} ({judge.maker})" if judge and judge.maker else study.rater(key)


def _widest(study: Study, limits: pd.DataFrame) -> str:
    known = limits.dropna(subset=["limit_lower", "limit_upper"])
    if known.empty:
        return "Not done, because no limits can be computed from what is on screen."
    width = known["limit_upper"] - known["limit_lower"]
    ends = {place: known.loc[width.agg(place)] for place in ("idxmin", "idxmax")}
    said = [
        f"{row['limit_lower']:+z.2f} to {row['limit_upper']:+z.2f} points ({pair(study, row)})"
        for row in (ends["idxmin"], ends["idxmax"])
    ]
    return f"The limits are {said[0]}." if len(known) == 1 else f"From {said[0]}, the narrowest, to {said[1]}."


def _ceiling(study: Study, distribution: pd.DataFrame) -> str:
    """Say how much of the experts' ratings is the highest, from the attribute with least to the one with most."""
    top = study.scale.top(distribution["rating"].to_numpy())
    rows = distribution[(distribution["rater"] == "human") & top]
    if rows.empty:
        return "What share of ratings is at the end of the scale is undefined for what is on screen."
    # What the experts gave differs a little by judge, with the replies that the judge rated.
    by_cell = rows.groupby(["judge", "attribute"], sort=False, observed=True)["share"].sum()
    shares = by_cell.groupby("attribute", sort=False, observed=True).max()
    least, most = shares.idxmin(), shares.idxmax()
    said = f"{percent(shares[most])} on {most}"
    if least != most:
        said = f"{percent(shares[least])} on {least} to {said}"
    return f"Ratings pile up at one end of the scale: the experts give {study.scale.high:g} to {said} of replies."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
