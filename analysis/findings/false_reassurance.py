"""What false reassurance says: how many replies that experts found poor a judge calls good."""

import pandas as pd

from analysis.findings.phrases import author, of_100, percent, span
from analysis.ratings.needs import FEWEST_REPLIES
from analysis.ratings.settings import Settings
from data.study import Study

# Of the poor replies: a model with as many decides the rate.
LARGE_PART = 0.25


def reassurance_finding(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Say it for a board: on the attribute where a wrong rating does most harm, or else on the first on screen."""
    attribute = _most_harmful(study, table)
    rows = table[table["attribute"] == attribute]
    found, called = _words(study, attribute, settings)
    known = rows.dropna(subset="false_reassurance")
    if known.empty:
        left = span(rows["n_low"], ",")
        return (
            f"No rate can be given for the replies {found}: {left} of them {'is' if left == '1' else 'are'} on screen, "
            f"and a rate needs at least {FEWEST_REPLIES} replies."
        )
    most, least = (known.loc[known["false_reassurance"].agg(place)] for place in ("idxmax", "idxmin"))
    does = called.format(of_100(most["false_reassurance"]))
    said = f"Of every 100 replies {found}, {study.rater(most['judge'])} {does}{_known(most)}"
    if len(known) > 1 and most["false_reassurance"] > least["false_reassurance"]:
        fewest = of_100(least["false_reassurance"])
        said += f". {study.rater(least['judge'])} does so least, for about {fewest} of 100{_known(least)}"
    return f"{said}."


def mixture_finding(study: Study, by_model: pd.DataFrame) -> str:
    """Say what the rates of :func:`passed_finding` are without the model that most poor replies are of.

    Empty where no model has ``LARGE_PART`` of them, or where too few are left without it.
    """
    attribute = _most_harmful(study, by_model)
    rows = by_model[by_model["attribute"] == attribute]
    poor = rows.groupby("model", sort=False)["n_low"].sum()
    if not poor.sum() or poor.max() / poor.sum() < LARGE_PART:
        return ""
    top = poor.idxmax()
    rest = rows[rows["model"] != top].groupby("judge", sort=False)[["n_low", "n_reassured"]].sum()
    rest = rest[rest["n_low"] >= FEWEST_REPLIES]
    if rest.empty:
        return ""
    rates = span(100 * rest["n_reassured"] / rest["n_low"], ".0f")
    share, good, found = percent(poor.max() / poor.sum()), study.attribute(attribute).good, _found(study, attribute)
    who = "judges call" if len(rest) > 1 else f"{study.rater(str(rest.index[0]))} calls"
    return (
        f"{share} of the replies found {found} are {author(study, str(top))}'s; of the others {who} {rates} of 100 "
        f"{good} ({span(rest['n_low'], ',')} replies)."
    )


def behind_finding(study: Study, table: pd.DataFrame) -> str:
    """Say for every attribute together where judges reassure falsely most and least, and how sure that is."""
    rows = table.dropna(subset="false_reassurance")
    if rows.empty:
        return f"No rate is shown: the experts rated fewer than {FEWEST_REPLIES} replies low on every attribute."
    means = rows.groupby("attribute", sort=False)["false_reassurance"].mean()
    most, least = means.idxmax(), means.idxmin()
    spans = {
        name: span(rows.loc[rows["attribute"] == name, "false_reassurance"] * 100, ".0f") for name in (most, least)
    }
    judges = list(rows["judge"].unique())
    who = "Judges call" if len(judges) > 1 else f"{study.rater(judges[0])} calls"
    behind = f"Each rate is over {span(rows['n_low'], ',')} poor replies"
    if most == least:
        return f"{who} {spans[most]} of 100 poor replies on {most} good. {behind}."
    return (
        f"{who} a poor reply good most often on {most} ({spans[most]} of 100) and least often on {least} "
        f"({spans[least]} of 100). {behind}."
    )


def model_reassurance_finding(study: Study, table: pd.DataFrame, judge: str, attribute: str) -> str:
    """Say on which models' replies one judge reassures falsely, and for how many models no rate is shown."""
    name = study.rater(judge)
    known = table.dropna(subset="false_reassurance")
    poor = table[table["n_low"] > 0]
    held_back = poor[poor["n_low"] < FEWEST_REPLIES]
    if poor.empty:
        return f"The experts rated no reply on screen low on {attribute} that {name} rated too."
    if known.empty:
        return (
            f"No model has the {FEWEST_REPLIES} poor replies on {attribute} that a rate needs. All models together "
            f"have {poor['n_low'].sum():,} of them, and {name} calls {poor['n_reassured'].sum() or 'none'} of these "
            "good."
        )
    order = known.sort_values("false_reassurance", kind="stable")
    ends = [
        f"{row['n_reassured']:,} of {row['n_low']:,} ({study.system(row['model'])})"
        for _, row in order.iloc[[0, -1]].drop_duplicates("model").iterrows()
    ]
    said = f"Of the poor replies on {attribute}, {name} calls good {' to '.join(ends)}"
    if held_back.empty:
        return f"{said}."
    some = "one model" if len(held_back) == 1 else f"{len(held_back)} models"
    return f"{said}. No rate is shown for {some} with fewer than {FEWEST_REPLIES} such replies."


def passed_finding(study: Study, table: pd.DataFrame) -> str:
    """Say in one sentence what judges let pass on the attribute where that does most harm, or the first on screen."""
    attribute = _most_harmful(study, table)
    good, found = study.attribute(attribute).good, _found(study, attribute)
    known = table[table["attribute"] == attribute].dropna(subset="false_reassurance")
    if known.empty:
        return f"Too few replies were found {found} to say how many of them pass."
    known = known.sort_values("false_reassurance", kind="stable")
    least, most = known.iloc[0], known.iloc[-1]
    said = f"{study.rater(least['judge'])} calls {of_100(least['false_reassurance'])} {good}"
    if len(known) > 1:
        said += f" (the fewest) and {study.rater(most['judge'])} {of_100(most['false_reassurance'])} (the most)"
    else:
        low, high = (of_100(least[f"false_reassurance_{end}"]) for end in ("low", "high"))
        said += f" (95% interval {low} to {high})"
    return f"Of every 100 replies that experts found {found}, {said}."


def _most_harmful(study: Study, table: pd.DataFrame) -> str:
    """Name the attribute where a wrong rating does most harm, or else the first on screen."""
    names = list(table["attribute"])
    return study.harmful if study.harmful in names else str(names[0])


def _found(study: Study, attribute: str) -> str:
    """Say what experts found replies that are poor on an attribute: ``unsafe``, ``poor on Empathy``."""
    named = study.attribute(attribute).poor
    return named if named != "poor" else f"poor on {attribute}"


def _words(study: Study, attribute: str, settings: Settings) -> tuple[str, str]:
    """Say which replies are meant, and what the judge does with so many of them."""
    named, top = study.attribute(attribute), f"{study.scale.high:g}"
    return (
        f"that the experts found {_found(study, attribute)} ({settings.low:g} or less of {top})",
        f"calls about {{}} of them {named.good}, {settings.high:g} or more of {top}",
    )


def _known(row: pd.Series) -> str:
    low, high = (f"{100 * row[f'false_reassurance_{end}']:.0f}" for end in ("low", "high"))
    return f" (95% interval {low} to {high}; {row['n_low']:,} replies)"
