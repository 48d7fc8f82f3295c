"""How robust a use verdict is: the same rule with each system left out, other experts in mind, other rating policies.

A verdict that changes where nothing but one system, or a choice of how ratings are treated, is another rests on that
system or that choice. Each check changes one thing and leaves all others:

- ``without=SYSTEM``: each system that the judge is compared on left out in turn;
- ``stretches``: intervals clustered by stretches of neighbours in the order of the files, as if experts had taken turns
  and others would rate otherwise;
- ``ratings=...``, ``repeated=...``, ``contexts=...``: the other treatment of numbers off the scale and malformed cells,
  of the experts' copied rows, and of rows whose message differs.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis.column import Column, names
from analysis.decisions.criteria import evidence
from analysis.decisions.verdicts import VERDICT_COLUMN, WITHOUT, criteria_of, verdict_table
from analysis.ratings.columns import CELL
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import CHOICES, Selection, Settings
from data.study import Study

STRETCHES = "stretches"
POLICIES = ("ratings", "repeated", "contexts")
DECLARED = (
    *CELL,
    Column.key("use", "Use", "use", note="In this order `rank`, `score`, `reply`."),
    Column.key(
        "check",
        "Check",
        "check",
        note="`without=` a system, `stretches`, or another treatment of ratings: `ratings=`, `repeated=`, `contexts=`.",
    ),
    VERDICT_COLUMN,
    Column.verdict("changed", "Changed", "check", note="`yes` where the verdict is another than with everything."),
)
COLUMNS = names(DECLARED)
COUNTS = (
    Column.count("n_checks", "Checks", "check"),
    Column.count("n_differ", "Checks that change it", "check"),
)
_KEYS = ["judge", "attribute", "use"]


def checked_criteria(
    study: Study, counts: pd.DataFrame, stretches: pd.DataFrame | None, settings: Settings, selection: Selection
) -> pd.DataFrame:
    """Make the criteria with everything, and under each check.

    Parameters
    ----------
    study
        Whose ratings these are.
    counts, stretches
        As :func:`data.counts.count_pairs` and :func:`data.counts.in_stretches` give them; without stretches that check
        is not made.
    settings
        Those of the verdicts.
    selection
        Judges, models and attributes. A panel is not clustered by stretches, since it needs single conversations.

    Returns
    -------
    pandas.DataFrame
        As :func:`analysis.decisions.verdicts.criteria_table` gives them, with ``check``, empty where nothing is
        changed; a judge has no row for a system that it is not compared on.
    """
    made = _made(study, counts, stretches, settings, selection)
    return pd.concat(made, ignore_index=True).drop(columns=WITHOUT)


def robustness_table(criteria: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give the verdict on every use under each check.

    Each check is held against its bounds by itself, whatever ``multiplicity`` says.

    Parameters
    ----------
    criteria
        As :func:`checked_criteria` gives them.
    settings
        Those of the verdicts.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute, use and check: the checks of a verdict together, and verdicts in
        the order of :func:`analysis.decisions.verdicts.verdict_table`.
    """
    alone = replace(settings, multiplicity="none")
    made = verdict_table(criteria, alone, by=["check"])[[*_KEYS, "check", "verdict"]]
    whole = made[made["check"] == ""].rename(columns={"verdict": "with_all"}).drop(columns="check")
    table = whole.merge(made[made["check"] != ""], on=_KEYS)
    same = table["verdict"] == table["with_all"]
    return table.assign(changed=same.map({True: "no", False: "yes"}))[list(COLUMNS)]


def with_checks(criteria: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Take the criteria with everything of :func:`checked_criteria`, and count the checks that change each verdict."""
    table = robustness_table(criteria, settings)
    changed = (table["changed"] == "yes").groupby([table[name] for name in _KEYS], sort=False)
    counted = changed.agg(n_checks="size", n_differ="sum").reset_index()
    return criteria[criteria["check"] == ""].drop(columns="check").merge(counted, "left")


def _made(
    study: Study, counts: pd.DataFrame, stretches: pd.DataFrame | None, settings: Settings, selection: Selection
) -> Iterator[pd.DataFrame]:
    """Make the criteria with everything, ``check`` being empty, and under each check."""
    frame = pairs(study, counts, settings, selection)
    systems = [key for key in frame["model"].cat.categories if (frame["model"] == key).any()]
    every = criteria_of(evidence(frame, settings), settings, ["", *systems])
    yield every.assign(check=every[WITHOUT].map(lambda key: f"{WITHOUT}={key}" if key else ""))
    if stretches is not None:
        apart = pairs(study, stretches, settings, replace(selection, panel=()))
        yield criteria_of(evidence(apart, settings), settings).assign(check=STRETCHES)
    for name in POLICIES:
        for value in CHOICES[name]:
            if value != getattr(settings, name):
                other = settings.but(**{name: value})
                again = pairs(study, counts, other, selection)
                yield criteria_of(evidence(again, other), other).assign(check=f"{name}={value}")
