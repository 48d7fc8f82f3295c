"""What halo and the multitrait-multimethod matrix say: whether a judge's attributes mean several things."""

import pandas as pd

from analysis.agreement.multitrait import FEWEST_ATTRIBUTES, NO, UNDECIDED, YES, of_judges
from analysis.findings.phrases import begun, counted, listed, of_100, pair, part, span
from analysis.wording.filling import in_words
from data.study import Study


def too_few_attributes(study: Study) -> str:
    """Say of a study with too few attributes why nothing is shown; empty where there are enough."""
    there = len(study.attributes)
    if there >= FEWEST_ATTRIBUTES:
        return ""
    has = counted(there, "attribute", "attributes")
    return (
        f"Whether attributes are told apart takes at least {in_words(FEWEST_ATTRIBUTES)} of them; this study has {has}."
    )


def halo_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how many replies judges and experts rate the same on all attributes: the judge that does so most, and least.

    ``table`` is that of :func:`analysis.agreement.multitrait.halo_table`.
    """
    judges = of_judges(table)
    if not judges["n_whole"].any():
        return f"Halo cannot be told: no reply on screen was rated by the experts and a judge {_on_all(study)}."
    known = judges.dropna(subset="same_difference_low")
    if known.empty:
        return f"Halo cannot be told: replies to at least two {study.item.many} must be rated {_on_all(study)}."
    most = known.loc[known["same_difference"].idxmax()]
    nearest = known.loc[known["same_difference"].abs().idxmin()]
    said = (
        f"{study.rater(most['judge'])} gives {of_100(most['same_judge'])} of 100 replies the same rating "
        f"{_on_all(study)}, and the experts {of_100(most['same_human'])} of 100 of the same replies "
        f"({_difference(most)})"
    )
    if nearest["judge"] != most["judge"]:
        said += (
            f". {study.rater(nearest['judge'])} comes nearest to the experts, with {of_100(nearest['same_judge'])} "
            f"against {of_100(nearest['same_human'])} of 100 ({_difference(nearest)})"
        )
    return f"{said}."


def factor_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how much one general impression explains, and for which judges more than for the experts."""
    judges = of_judges(table)
    known = judges.dropna(subset="factor_difference_low")
    if known.empty:
        takes = f"it takes a judge, and experts, that vary on every attribute, over at least two {study.item.many}"
        return f"How much one overall impression explains cannot be told: {takes}."
    more, unsure, less = (
        [study.rater(judge) for judge in known.loc[where, "judge"]]
        for where in (
            known["factor_difference_low"] > 0,
            ~((known["factor_difference_low"] > 0) | (known["factor_difference_high"] < 0)),
            known["factor_difference_high"] < 0,
        )
    )
    whose = "these judges'" if len(known) > 1 else f"{study.rater(known['judge'].iloc[0])}'s"
    judges_share, experts_share = (span(100 * known[f"factor_{rater}"], ".0f") for rater in ("judge", "human"))
    explained = f"One overall impression explains {judges_share}% of the variance of {whose} ratings {_on_all(study)}"
    said = [f"{explained}, and {experts_share}% of the experts'."]
    if more:
        said.append(f"It explains more of {_whose(more)} ratings than of the experts'.")
    if less:
        said.append(f"It explains less of {_whose(less)} ratings than of the experts'.")
    if unsure:
        said.append(f"For {listed(unsure)} the data do not tell whether it is more.")
    if constant := [study.rater(judge) for judge in judges["judge"] if judge not in set(known["judge"])]:
        said.append(f"For {listed(constant)} it cannot be told: ratings on some attribute do not vary.")
    return " ".join(said)


def apart_finding(study: Study, table: pd.DataFrame, judge: str) -> str:
    """Say which attributes of one judge follow the experts' same one best, which another, and which may be either."""
    name = study.rater(judge)
    known = table.dropna(subset="discrimination")
    if known.empty:
        return _undefined(study, table, name)
    read = known.dropna(subset="told_apart")
    if read.empty:
        return f"Whether {name} tells attributes apart cannot be told: it takes at least two {study.item.many}."
    own, another, open_ones = (read[read["told_apart"] == verdict] for verdict in (YES, NO, UNDECIDED))
    if len(table) == 1:
        return _of_one(name, read.iloc[0])
    which = f": {listed(list(own['attribute']))}" if len(own) else ""
    said = [f"{name} tells {part(len(own), len(read))} attributes apart{which}."]
    if len(another):
        named = [f"{row['attribute']} ({row['other_attribute']})" for _, row in another.iterrows()]
        verb = "follow" if len(named) > 1 else "follows"
        said.append(f"{listed(named)} {verb} another attribute of the experts, in brackets, more closely.")
    if len(open_ones):
        said.append(f"For {listed(list(open_ones['attribute']))} the data do not tell.")
    if constant := [attribute for attribute in table["attribute"] if attribute not in set(read["attribute"])]:
        said.append(f"For {listed(constant)} it cannot be told: the judge's or the experts' ratings do not vary there.")
    return " ".join(said)


def _of_one(name: str, row: pd.Series) -> str:
    """Say of the one attribute on screen whether a judge tells it apart."""
    attribute, other = row["attribute"], row["other_attribute"]
    ends = f"{row['discrimination_low']:+z.2f} to {row['discrimination_high']:+z.2f}"
    by = f"(correlation with the same less that with {other}: {row['discrimination']:+z.2f}; 95% interval {ends})"
    outcome = {
        YES: f"{name} tells {attribute} apart",
        NO: f"{name} does not tell {attribute} apart: it follows the experts' {other} more closely",
        UNDECIDED: f"Whether {name} tells {attribute} from {other} the data do not tell",
    }
    return f"{outcome[row['told_apart']]} {by}."


def criteria_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how many attributes of judges fulfil Campbell and Fiske's criteria, and how many a halo keeps from it."""
    known = table.dropna(subset="campbell_fiske")
    if known.empty:
        return "Campbell and Fiske's criteria cannot be judged: no correlation on screen has an interval."
    met, failed = (int((known["campbell_fiske"] == verdict).sum()) for verdict in (YES, NO))
    cells, within = len(known), int((known["monomethod_high"] < 0).sum())
    if cells == 1:
        outcome = {YES: "fulfils", NO: "does not fulfil", UNDECIDED: "may or may not fulfil"}
        row = known.iloc[0]
        said = f"{pair(study, row)} {outcome[row['campbell_fiske']]} all of Campbell and Fiske's criteria."
        return f"{said} It goes more closely with another attribute of the same rater." if within else said
    every = begun(part(met, cells))
    said = f"{every} attributes of judges {'fulfils' if met == 1 else 'fulfil'} all of Campbell and Fiske's criteria"
    said += f"; for {not_told} the data do not tell." if (not_told := cells - met - failed) else "."
    if not within:
        return said
    which = f"{begun(part(within, cells))} attributes {'goes' if within == 1 else 'go'} more closely with another"
    return f"{said} {which} attribute of the same rater than with the same attribute of the other."


def _on_all(study: Study) -> str:
    return f"on all {in_words(len(study.attributes))} attributes"


def _difference(row: pd.Series) -> str:
    """Give the difference of both shares with its interval, in points of 100, and how many replies stand behind it."""
    value, low, high = (f"{100 * row[f'same_difference{end}']:+z.1f}" for end in ("", "_low", "_high"))
    replies = counted(int(row["n_whole"]), "reply", "replies")
    return f"difference {value} of 100; 95% interval {low} to {high}; {replies}"


def _whose(names: list[str]) -> str:
    return listed([f"{name}'s" for name in names])


def _undefined(study: Study, table: pd.DataFrame, name: str) -> str:
    if not table["n_whole"].any():
        return f"No reply on screen was rated by both the experts and {name} {_on_all(study)}."
    return f"No attribute of {name} has a correlation with the experts': ratings on screen do not vary."
