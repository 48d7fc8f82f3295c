"""The paper's settings with one of them changed, and what that does to the verdicts on its printed figures."""

import pandas as pd

from analysis.column import Column, names
from analysis.ratings.settings import CHOICES, Settings
from analysis.reproduction.comparison import KEYS
from analysis.reproduction.names import PRINTED_LABEL
from analysis.wording.vocabulary import REPRODUCED
from data.study import Study

# Keys of the table beside those of the choices: nothing changed, and what no choice gives.
PAPER_ALONE, PARTIAL = "paper", "partial-counted"
# Those that the page speaks of by themselves.
REPEATED, DISCARDED = "repeated=kept", "discard=outside-0-1"
_SWITCHED = ("repeated", "ratings", "contexts", "exclude", "original", "interval", "discard")

# Verdicts that the figures of each printed table can have.
_COUNTED = {
    "icc": ("same", "rounding", "monte-carlo", "not-reproduced"),
    "bias": ("same", "rounding", "not-reproduced"),
    "human_means": ("same", "rounding", "misprint", "not-reproduced"),
}
COUNTS = {
    f"{table}_{verdict}".replace("-", "_"): (table, verdict)
    for table, verdicts in _COUNTED.items()
    for verdict in verdicts
}
DECLARED = (
    Column.key("switch", "Changed alone", "switch"),
    Column.count("n_changed", "Verdicts changed", "switch"),
    *(
        Column.count(name, f"{PRINTED_LABEL[table]}: {REPRODUCED[verdict].word.lower()}", "verdict")
        for name, (table, verdict) in COUNTS.items()
    ),
)
COLUMNS = names(DECLARED)


def switched(study: Study) -> dict[str, Settings]:
    """Give the paper's settings, and after them these settings with each choice changed alone, by name of the switch.

    A switch is named as an address names it, ``ratings=valid``.
    """
    paper = Settings.of(study, "paper")
    made = {PAPER_ALONE: paper}
    for name in _SWITCHED:
        for value in CHOICES[name]:
            if value != getattr(paper, name):
                made[f"{name}={value}"] = Settings.of(study, "paper", **{name: value})
    return made


def switch_table(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the verdicts under each switch.

    Parameters
    ----------
    tables
        By switch, as :func:`analysis.reproduction.comparison.reproduction_table` gives them; that of the paper among
        them.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: ``n_changed`` counts figures whose verdict is another than under the paper's settings, the others
        the figures of a printed table with a verdict.
    """
    return pd.DataFrame(
        [
            {
                "switch": name,
                "n_changed": n_changed(tables[PAPER_ALONE], table),
                **{
                    column: int(((table["published_table"] == of) & (table["verdict"] == verdict)).sum())
                    for column, (of, verdict) in COUNTS.items()
                },
            }
            for name, table in tables.items()
        ],
        columns=list(COLUMNS),
    )


def n_changed(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Count figures that have another verdict in another table of the same figures."""
    both = before.merge(after, on=KEYS, suffixes=("", "_after"))
    return int((both["verdict"] != both["verdict_after"]).sum())
