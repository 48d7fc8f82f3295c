r"""Systems that no expert rated, by what judges rate them: no stand-in for what experts would say of them.

Of a judge and an attribute, with its ratings :math:`J_{new,i}` of the new system on item i, and those :math:`J_{s,i}`
of a system s of the study on the same items:

.. math::
    \text{difference} = \overline{J_{new,i} - J_{s,i}}

Against all systems, :math:`J_{s,i}` is replaced by the mean over the systems that the judge rated on the item.
Intervals are clustered by item.

A judge is off the experts by another amount on each system, and by how much on a new one cannot be known. Known is how
far it was off when it compared systems that experts rated: with its bias :math:`b_s` on each (the judge's mean less the
experts'), the largest error of a comparison with system c, and with all, is

.. math::
    \max_{s \ne c} |b_s - b_c|, \qquad \max_s |b_s - \overline{b_{t \ne s}}|

each system taken in turn as if it were the new one. A difference counts as told apart only where its whole interval
lies beyond that error, and even this takes for granted that the judge is no further off on the new system.
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
LARGEST_ERROR = Column.bound(
    "largest_error",
    "Largest error",
    "largest_error",
    ".2f",
    "points of the scale",
    note="Null where fewer than two systems, or not the one that is compared with, were rated by the experts too.",
)
BEYOND_ERROR = Column.verdict(
    "beyond_error",
    "Told apart",
    "beyond_error",
    note="`yes` where the whole interval of the difference lies beyond `largest_error` on one side, else `no`.",
)
_COMPARED = (*CELL, NEW_SYSTEM, N_NEW, *NEW_MEAN, COMPARED_WITH, N_BOTH, *AHEAD, LARGEST_ERROR)
DECLARED = (*_COMPARED, BEYOND_ERROR, VERDICT_COLUMN)
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


def compared(new: pd.DataFrame, rated: pd.DataFrame, biases: pd.DataFrame) -> pd.DataFrame:
    """Compare new systems with the study's on the same items, judge by judge.

    Parameters
    ----------
    new
        As :func:`new_ratings` gives them.
    rated
        As :func:`analysis.ratings.pairs.ratings_of_each` gives them, of single items.
    biases
        As :func:`analysis.bias.inflation.inflation_by_model` gives them.

    Returns
    -------
    pandas.DataFrame
        The columns of the table up to ``largest_error``: one row for each judge, attribute, new system, and system of
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
    found = pd.DataFrame(rows, columns=names((*CELL, NEW_SYSTEM, N_NEW, *NEW_MEAN, COMPARED_WITH, N_BOTH, *AHEAD)))
    return found.merge(_errors(biases), how="left", on=[*_CELL, "compared_with"])


def _errors(biases: pd.DataFrame) -> pd.DataFrame:
    """Say how far a judge was off when it compared systems that experts rated; nothing of fewer than two."""
    rows = []
    for cell, of_cell in biases.dropna(subset="bias").groupby(_CELL, sort=False):
        bias = of_cell.set_index("model")["bias"]
        if len(bias) < 2:
            continue
        others = (bias.sum() - bias) / (len(bias) - 1)
        rows.append((*cell, ALL_SYSTEMS, (bias - others).abs().max()))
        rows += [(*cell, str(system), (bias - its).abs().max()) for system, its in bias.items()]
    return pd.DataFrame(rows, columns=[*_CELL, "compared_with", "largest_error"])


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


# The criteria of ranking systems.
_RESTS_ON = ("consistency", "choice_loss")


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
        - ``largest_error``: how far the judge was off in that comparison of any system that experts rated (points).
        - ``beyond_error``: ``yes``, ``no``, or None where either is undefined.
        - ``verdict``: what the judge may be used for in ranking systems of the study.
    """
    criteria = rows[[*CRITERIA_COLUMNS, "enough"]].drop_duplicates()
    verdicts = verdict_table(criteria, settings)
    ranking = verdicts[[*_CELL, "verdict"]]
    found = rows.dropna(subset="new_system")[list(names(_COMPARED))].drop_duplicates()
    table = found.merge(ranking, on=_CELL)
    with np.errstate(invalid="ignore"):
        beyond = (table["new_ahead_low"] > table["largest_error"]) | (table["new_ahead_high"] < -table["largest_error"])
    known = table[["new_ahead_low", "new_ahead_high", "largest_error"]].notna().all(axis=1)
    table["beyond_error"] = np.where(known, np.where(beyond, "yes", "no"), np.array(None, dtype=object))
    return table[list(COLUMNS)].astype({"n_new": int, "n_both": int})


def _mean_with_interval(ratings: pd.Series) -> tuple[float, float, float]:
    """Return the mean of one value an item, and its interval; undefined without any."""
    if ratings.empty:
        return np.nan, np.nan, np.nan
    values = ratings.to_numpy(dtype=float)
    mean = values.mean()
    low, high = clustered_interval(mean, clustered_deviations(values, np.ones_like(values)), np.array(len(values)))
    return float(mean), float(low), float(high)
