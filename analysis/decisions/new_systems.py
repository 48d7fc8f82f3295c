r"""Systems that no expert rated, by what judges rate them: no stand-in for what experts would say of them.

Of a judge and an attribute, with its ratings :math:`J_{new,i}` of the new system on item i, and those :math:`J_{s,i}`
of a system s of the study on the same items:

.. math::
    \text{difference} = \overline{J_{new,i} - J_{s,i}}

Against all systems, :math:`J_{s,i}` is replaced by the mean over the systems that the judge rated on the item.
Intervals are clustered by item.

A judge is off the experts by another amount on each system, and by how much on a new one cannot be known. The largest
gap to the experts on any system of the study (criterion ``system_bias`` of :mod:`analysis.decisions.criteria`) is what
it has been off before. A difference counts as told apart only where its whole interval lies beyond that gap, and even
this takes for granted that the judge is no further off on the new system than on those that experts rated.
"""

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.decisions.verdicts import COLUMNS as CRITERIA_COLUMNS
from analysis.decisions.verdicts import VERDICT_COLUMN, verdict_table
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.ratings.columns import CELL
from analysis.ratings.needs import NeedsNewSystemsError
from analysis.ratings.settings import Selection, Settings
from data.ratings import Ratings
from data.study import ALL_SYSTEMS

NEW_SYSTEM = Column.key("new_system", "New system", "new_system", note="Its name, as the judge's file has it.")
N_NEW = Column.count("n_new", "Its replies", "n_new")
NEW_MEAN = Estimate.of(
    "new_mean", "Its mean, by the judge", "new_mean", ".2f", "on the scale", ends="clustered", short="Its mean"
)
COMPARED_WITH = Column.key(
    "compared_with", "Compared with", "compared_with", note="The key of a system of the study, or `all` of them."
)
N_BOTH = Column.count("n_both", "Items of both", "n_both")
AHEAD = Estimate.of(
    "new_ahead",
    "Difference",
    "new_ahead",
    "+.2f",
    "points of the scale",
    ends="clustered",
    note="The new system's less theirs.",
)
LARGEST_GAP = Column.bound(
    "largest_gap",
    "Largest gap",
    "largest_gap",
    ".2f",
    "points of the scale",
    note="Null where it is not known of every system.",
)
BEYOND_GAP = Column.verdict(
    "beyond_gap",
    "Told apart",
    "beyond_gap",
    note="`yes` where the whole interval of the difference lies beyond `largest_gap` on one side, else `no`.",
)
_COMPARED = (*CELL, NEW_SYSTEM, N_NEW, *NEW_MEAN, COMPARED_WITH, N_BOTH, *AHEAD)
DECLARED = (*_COMPARED, LARGEST_GAP, BEYOND_GAP, VERDICT_COLUMN)
COLUMNS = names(DECLARED)
_CELL = ["judge", "attribute"]


def new_ratings(ratings: Ratings | None, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the judges' ratings of new systems that count.

    Parameters
    ----------
    ratings
        Single ratings of the study; None where the source gives counts only.
    settings
        Rating policy, repeated rows, and items whose message differs.
    selection
        Judges and attributes.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, new_system, cluster, rating``; a cluster is the place of an item.

    Raises
    ------
    NeedsNewSystemsError
        No judge rated a system that the study does not have.
    """
    if ratings is None or ratings.new_systems.empty:
        raise NeedsNewSystemsError
    new = ratings.new_systems
    kept = new["judge"].isin(selection.judges) & new["attribute"].isin(selection.attributes)
    if settings.contexts == "left-out":
        kept &= ~new["different"].astype(bool)
    if settings.repeated == "left-out":
        kept &= ~new["conversation"].isin(ratings.repeats["conversation"])
    rating = new["valid" if settings.ratings == "valid" else "as_released"].astype(float)
    places = pd.Index(ratings.conversations).get_indexer(new["conversation"])
    frame = new[[*_CELL, "new_system"]].assign(cluster=places, rating=rating)
    return frame[kept].dropna(subset="rating").reset_index(drop=True)


def compared(new: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """Compare new systems with the study's on the same items, judge by judge.

    Parameters
    ----------
    new
        As :func:`new_ratings` gives them.
    rated
        As :func:`analysis.ratings.pairs.ratings_of_each` gives them, of single items.

    Returns
    -------
    pandas.DataFrame
        The columns of the table up to ``new_ahead_high``: one row for each judge, attribute, new system, and system of
        the study that the judge rated on any of its items; before these one with all of them, undefined without any.
    """
    known = {
        key: rows.pivot_table(index="cluster", columns="model", values="rating", observed=True)
        for key, rows in rated.groupby(["rater", "attribute"], observed=True)
    }
    rows = []
    for (judge, attribute, system), of_system in new.groupby([*_CELL, "new_system"], sort=False):
        ratings = of_system.set_index("cluster")["rating"]
        about = (judge, attribute, system, len(ratings), *_mean_with_interval(ratings))
        others = known.get((judge, attribute), pd.DataFrame()).reindex(ratings.index)
        for name, theirs in {ALL_SYSTEMS: others.mean(axis=1), **others}.items():
            ahead = (ratings - theirs).dropna()
            if name == ALL_SYSTEMS or len(ahead):
                rows.append((*about, str(name), len(ahead), *_mean_with_interval(ahead)))
    return pd.DataFrame(rows, columns=names(_COMPARED))


def with_criteria(found: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Put what judges' verdicts rest on beside each comparison, for verdicts may depend on all that are looked at.

    Parameters
    ----------
    found
        As :func:`compared` gives it.
    criteria
        As :func:`analysis.decisions.verdicts.criteria_table` gives it.

    Returns
    -------
    pandas.DataFrame
        A row for each criterion and comparison of its judge and attribute, and one for a criterion without any.
    """
    return criteria[criteria["criterion"].isin(_RESTS_ON)].merge(found, on=_CELL, how="left")


# What is known of a judge: the criteria of ranking systems, and how far it is off on each.
_RESTS_ON = ("consistency", "choice_loss", "system_bias")


def new_systems_table(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Read every difference beside what is known of the judge.

    Parameters
    ----------
    rows
        As :func:`with_criteria` gives them, of the judges and attributes that are looked at.
    settings
        ``multiplicity``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute, new system and what it is compared with:

        - ``new_mean``: the judge's mean rating of the new system over all of its ``n_new`` replies.
        - ``new_ahead``: the difference on the ``n_both`` items that both have, in points; NaN without any.
        - ``largest_gap``: how far the judge's mean is from the experts' on the system where that is most.
        - ``beyond_gap``: ``yes``, ``no``, or None where either is undefined.
        - ``verdict``: what the judge may be used for in ranking systems of the study.
    """
    criteria = rows[[*CRITERIA_COLUMNS, "enough"]].drop_duplicates()
    verdicts = verdict_table(criteria, settings)
    ranking = verdicts[verdicts["use"] == "rank"][[*_CELL, "verdict"]]
    gaps = criteria[criteria["criterion"] == "system_bias"][[*_CELL, "value"]].rename(columns={"value": "largest_gap"})
    found = rows.dropna(subset="new_system")[list(names(_COMPARED))].drop_duplicates()
    table = found.merge(gaps, on=_CELL).merge(ranking, on=_CELL)
    beyond = (table["new_ahead_low"] > table["largest_gap"]) | (table["new_ahead_high"] < -table["largest_gap"])
    known = table[["new_ahead_low", "new_ahead_high", "largest_gap"]].notna().all(axis=1)
    table["beyond_gap"] = np.where(known, np.where(beyond, "yes", "no"), np.array(None, dtype=object))
    return table[list(COLUMNS)].astype({"n_new": int, "n_both": int})


def _mean_with_interval(ratings: pd.Series) -> tuple[float, float, float]:
    """Return the mean of one value an item, and its interval; undefined without any."""
    if ratings.empty:
        return np.nan, np.nan, np.nan
    values = ratings.to_numpy(dtype=float)
    mean = values.mean()
    low, high = clustered_interval(mean, clustered_deviations(values, np.ones_like(values)), np.array(len(values)))
    return float(mean), float(low), float(high)
