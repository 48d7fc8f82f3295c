"""What a service should have its own experts rate before it lets a judge stand in for them."""

import math
from collections.abc import Iterator

import pandas as pd

from analysis.decisions.check_plan import POWER, plan_table
from analysis.decisions.criteria import CRITERIA
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED, UNSUPPORTED
from analysis.findings.phrases import at_least, at_most, counted, of_100, part
from analysis.ratings.settings import Settings
from data.study import Study

_EACH_TIME = (
    "**Each time.** Sample at random from the service's own replies, and let experts rate without seeing the judge's "
    "ratings. Repeat it when the judge, its prompt or a system changes."
)


def check_plan(
    study: Study, verdicts: pd.DataFrame, bias: pd.DataFrame, rates: pd.DataFrame, settings: Settings
) -> str:
    """Say in at most five lines of Markdown what experts should rate, the attribute that harms most first.

    Parameters
    ----------
    verdicts
        As :func:`analysis.decisions.verdicts.verdict_table` gives them.
    bias
        By system, as :func:`analysis.bias.inflation.inflation_by_model` gives it.
    rates
        As :func:`analysis.bias.false_reassurance.reassurance_table` gives them.
    settings
        Those of the verdicts.
    """
    plan = plan_table(bias, rates, settings)
    judges, names = plan["judge"].unique(), list(plan["attribute"].unique())
    first = study.harmful if study.harmful in names else names[0]
    who = study.rater(judges[0]) if len(judges) == 1 else "the judge"
    by_use = dict(list(verdicts.groupby("use")))
    collected = _collected(study, plan, who, settings)
    then = ", then other attributes" if len(names) > 1 else ""
    until = _until(by_use["reply"], "experts read every reply")
    lines = [
        f"**Single replies on {first}{then}.** {collected}{until}",
        f"**Or sampled at random.** {_sampled(plan, first, who)}",
        *_scores(plan, first, who, settings, _until(by_use["score"], "report the experts' means")),
        *_order(by_use["rank"], who),
        _EACH_TIME,
    ]
    return "\n".join(f"- {line}" for line in lines)


def _collected(study: Study, plan: pd.DataFrame, who: str, settings: Settings) -> str:
    # Both depend on the settings alone.
    n, allowed = plan["poor_needed"].iloc[0], plan["poor_allowed"].iloc[0]
    most = f"at most {allowed:,} of them" if allowed else "none of them"
    return (
        f"Collect {n:,} replies that experts rate {at_most(study, settings.low)}, and let {who} rate them. If it calls "
        f"{most} good ({at_least(study, settings.high)}), it passes no more than "
        f"{of_100(settings.reassured_supported)} of 100 such replies (exact 95% bound)."
    )


def _sampled(plan: pd.DataFrame, first: str, who: str) -> str:
    """Say the same of replies that the judge calls good, among which poor ones are rare."""
    rows = plan.dropna(subset="good_needed")
    here, rest = (rows[(rows["attribute"] == first) == there] for there in (True, False))
    if here.empty:
        return (
            f"No reply in these ratings is that poor on {first}, or none is called good, and how many replies a "
            "random sample takes is unknown."
        )
    elsewhere = f" On other attributes it takes {_ends(rest['good_needed'])} such replies." if len(rest) else ""
    rare, many = _share(here["poor_share"].median()), f"{_rounded(here['good_needed'].max()):,}"
    return (
        f"About {rare} of replies here are that poor on {first}. To show as much, experts rate about {many} replies "
        f"that {who} calls good, and find none of them poor.{elsewhere}"
    )


def _scores(plan: pd.DataFrame, first: str, who: str, settings: Settings, until: str) -> Iterator[str]:
    rows = plan.dropna(subset="each_needed")
    if rows.empty:
        return
    most = rows.groupby("attribute", sort=False)["each_needed"].max()
    known = first if first in most else str(most.index[0])
    rest = most.drop(known)
    elsewhere = f", and {_ends(rest)} replies on other attributes" if len(rest) else ""
    systems = int(rows["systems"].max())
    replies = f"replies of each of up to {systems:,} systems" if systems > 1 else "replies of the system"
    yield (
        f"**Scores.** Have experts rate {_rounded(most[known]):,} {replies} on {known}{elsewhere}. If "
        f"{who} gives the same means, that shows every gap to be within {settings.margin:g} points (two one-sided "
        f"tests at 5%, power {POWER:.0%}).{until}"
    )


def _order(rows: pd.DataFrame, who: str) -> Iterator[str]:
    """Say what more systems would settle of the orders, up to twice those that were rated."""
    if (rows["verdict"] == SUPPORTED).all():
        return
    if rows["verdict"].isin([SUPPORTED, UNSUPPORTED]).all():
        yield "**Order of systems.** More data would not change a verdict: let experts put systems in order."
        return
    unsettled = rows[rows["verdict"].isin([UNDECIDED, CHECKED])]
    told = unsettled[unsettled["with_more"].notna()]
    of_systems = told["criterion"].isin([name for name, each in CRITERIA.items() if each.unit == "systems"])
    near = told[of_systems & (told["more"] <= told["units"])]
    every = f"any of {len(unsettled)} orders" if len(unsettled) > 1 else "the order"
    if near.empty:
        said = f"Twice as many systems would not settle {every}."
    else:
        more = counted(int(near["more"].max()), "more system", "more systems")
        which = f"{part(len(near), len(unsettled))} orders of systems" if len(unsettled) > 1 else "the order"
        said = f"Ratings of {more} would settle {which}, if the figures stayed as they are."
    yield f"**Order of systems.** {said} Until then let experts rate again the systems that {who} puts first."


def _until(rows: pd.DataFrame, what: str) -> str:
    """Say what to do meanwhile, unless a use is supported by itself for every judge and attribute."""
    return "" if (rows["verdict"] == SUPPORTED).all() else f" Until then {what}."


def _ends(numbers: pd.Series) -> str:
    return " to ".join(dict.fromkeys(f"{_rounded(end):,}" for end in (numbers.min(), numbers.max())))


def _share(share: float) -> str:
    """Say a share in percent, of a small one the first two digits."""
    return f"{100 * share:.2g}%" if share < 0.1 else f"{share:.0%}"


def _rounded(number: float) -> int:
    """Round up to two digits: what numbers rest on is no more certain."""
    step = 10 ** max(math.floor(math.log10(number)) - 1, 0)
    return math.ceil(number / step) * step
