"""How judges stand beside each other, use by use: on how many attributes each verdict was found.

The order is by what was shown: more attributes supported, then more supported at least with human checks, then fewer
not supported. One that is supported nowhere has no place. It is no test that one judge is better than another.
"""

import pandas as pd

from analysis.column import Column, names
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED, UNSUPPORTED, USE_COLUMN, verdict_table
from analysis.ratings.columns import JUDGE_COLUMN
from analysis.ratings.settings import Settings

COUNTED = {
    SUPPORTED: Column.count("n_supported", "Supported", "n_verdicts", ".0f"),
    CHECKED: Column.count("n_human_checks", "With checks", "n_verdicts", ".0f"),
    UNDECIDED: Column.count("n_undecided", "Undecided", "n_verdicts", ".0f"),
    UNSUPPORTED: Column.count("n_not_supported", "Not supported", "n_verdicts", ".0f"),
}
PLACE = Column.count("place", "Place", "place", ".0f", note="Judges with the same counts share the better place.")
# What a row is about comes first, so that it stays in sight on a narrow screen.
DECLARED = (USE_COLUMN, JUDGE_COLUMN, PLACE, *COUNTED.values())
COLUMNS = names(DECLARED)


def leaderboard(criteria: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Count the verdicts of each judge on each use.

    Parameters
    ----------
    criteria
        As :func:`analysis.decisions.verdicts.criteria_table` gives them, of the attributes that are chosen.
    settings
        ``multiplicity``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each use and judge, the judges of a use in their order.
    """
    verdicts = verdict_table(criteria, settings)
    keys = [verdicts[name] for name in ("use", "judge")]
    counts = pd.DataFrame(
        {
            column.name: (verdicts["verdict"] == verdict).groupby(keys, sort=False, observed=True).sum()
            for verdict, column in COUNTED.items()
        }
    ).reset_index()
    rank = _order(counts).groupby(counts["use"], sort=False).rank(method="min", ascending=False)
    fit = counts[[COUNTED[verdict].name for verdict in (SUPPORTED, CHECKED)]].sum(axis=1) > 0
    table = counts.assign(place=rank.where(fit), rank=rank, use=pd.Categorical(counts["use"], counts["use"].unique()))
    ordered = table.sort_values(["use", "rank"], kind="stable")[list(COLUMNS)]
    return ordered.astype({"use": "str"}).reset_index(drop=True)


def _order(counts: pd.DataFrame) -> pd.Series:
    """Give one number that judges are ordered by, the better the larger."""
    supported, checked, _, unfit = (counts[column.name] for column in COUNTED.values())
    more = counts[[column.name for column in COUNTED.values()]].sum(axis=1).max() + 1
    return (supported * more + supported + checked) * more - unfit
