"""What each rater alone gives each model: attribute means, the scores of the study, and the overall average.

A score (CSS and ARS of MentalAlign-70k) is the plain mean of the means of its attributes, the average that of all.
"""

import itertools

import numpy as np
import pandas as pd

from analysis.column import Column, Ends, names
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.ratings.columns import MODEL_COLUMN, RATER_COLUMN, N
from analysis.ratings.pairs import add_up
from data.study import HUMAN, Study

# The mean over all attributes, beside those of the study's groups.
AVERAGE = "average"

_MEAN = Column.estimate("mean", "Mean", "mean", ".2f", "on the scale")
# Of the same one below the other with intervals, of ranks, and of the table that the paper prints.
DETAILS = (
    Column.key("measure", "Measure", "score"),
    _MEAN,
    *Ends.of(_MEAN, "", "", "clustered"),
    N,
    Column.estimate("rank", "Rank", "rank", ".0f", ""),
    Column.count("ranked", "Of", "ranked", ".0f"),
    Column.key("access", "Access", "model"),
)


def declared(study: Study) -> tuple[Column, ...]:
    """Declare the columns of :func:`score_table`: the attributes, the scores of the study, and the average."""
    return (
        RATER_COLUMN,
        MODEL_COLUMN,
        *map(of_attribute, study.attribute_names),
        *(of_score(group.key, group.label, "score") for group in study.groups),
        of_score(AVERAGE, "Average", AVERAGE),
    )


def of_attribute(name: str) -> Column:
    """Declare the column of an attribute in a table that has a column for each.

    It begins with a capital, as no other column does: an attribute may be called ``rank`` or ``bias``.
    """
    note = "In the table of scores: the mean over every reply that the rater rated."
    return Column.estimate(name[:1].upper() + name[1:], name, "attribute", ".2f", "on the scale", note=note)


def of_score(name: str, label: str, term: str) -> Column:
    """Declare the column of a mean over attributes."""
    note = "Undefined where one of its attributes is left out."
    return Column.estimate(name, label, term, ".2f", "on the scale", note=note)


def measures(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the attributes that each score is the mean of: those of each group by key, and all for the average."""
    return {**{group.key: group.attributes for group in study.groups}, AVERAGE: study.attribute_names}


def score_intervals(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Means of every rater and model with intervals, one row for each attribute and score.

    Parameters
    ----------
    study
        Names the scores and their attributes.
    frame
        Ratings of each rater alone, as :func:`analysis.ratings.pairs.ratings_of_each` gives them.

    Returns
    -------
    pandas.DataFrame
        ``rater, model, measure, mean, low, high, n``; ``measure`` is an attribute, a score or ``average``. A
        score appears when all its attributes are in the frame, a rater and model when it has ratings. ``n`` counts
        ratings. Intervals have 95% confidence, are clustered by conversation (or the source's blocks), and are NaN with
        a single cluster.
    """
    axes = ("rater", "model", "attribute")
    raters, models, attributes = (list(frame[name].cat.categories) for name in axes)
    weight, rating = frame["n"].to_numpy(), frame["rating"].to_numpy()
    n, totals = add_up(frame, axes, (lambda: weight, lambda: weight * rating))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = totals.sum(-1) / n.sum(-1)
    deviations = clustered_deviations(totals, n)
    made = {name: (name,) for name in attributes} | {
        name: parts for name, parts in measures(study).items() if set(parts) <= set(attributes)
    }
    rater, model = (axis.ravel() for axis in np.indices(means.shape[:2]))
    frames = []
    for name, parts in made.items():
        columns = [attributes.index(part) for part in parts]
        mean = means[:, :, columns].mean(-1)
        present = (n[:, :, columns] > 0).any(2).sum(-1)
        low, high = clustered_interval(mean, deviations[:, :, columns].mean(2), present)
        frames.append(
            pd.DataFrame(
                {
                    "rater": [raters[i] for i in rater],
                    "model": [models[i] for i in model],
                    "measure": name,
                    "mean": mean.ravel(),
                    "low": low.ravel(),
                    "high": high.ravel(),
                    "n": n[:, :, columns].sum((-2, -1)).astype(int).ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True).dropna(subset="mean").reset_index(drop=True)


def score_table(study: Study, intervals: pd.DataFrame) -> pd.DataFrame:
    """Means of :func:`score_intervals`, wide: columns as :func:`declared`, NaN for what is not in them."""
    parts = [*study.attribute_names, *(group.key for group in study.groups), AVERAGE]
    wide = intervals.pivot(index=["rater", "model"], columns="measure", values="mean").reindex(columns=parts)
    wide.columns = pd.Index(names(declared(study))[2:])
    present = [pair for pair in itertools.product(study.rater_labels, study.system_keys) if pair in wide.index]
    return wide.reindex(present).rename_axis(columns=None).reset_index()


def rank_table(intervals: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rank models under each rater by one measure of :func:`score_intervals`: ``rater, model, mean, rank, ranked``.

    Rank 1 is the highest mean; ties share the better rank. ``ranked`` is how many models the rater ranks: one fewer for
    a judge that leaves its own model out.
    """
    rows = intervals[intervals["measure"] == measure]
    # Means of means that are equal can differ in the last digit, by the order they were added in.
    by_rater = rows["mean"].round(9).groupby(rows["rater"], sort=False)
    return rows[["rater", "model", "mean"]].assign(
        rank=by_rater.rank(ascending=False, method="min").astype(int), ranked=by_rater.transform("size")
    )


def human_table(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Take the experts' means of the language models out of :func:`score_table`, laid out as the paper prints them.

    Returns
    -------
    pandas.DataFrame
        ``model, access``, the attributes, ``average``; highest average first.
    """
    rows = table[(table["rater"] == HUMAN) & ~table["model"].isin(study.by_people)]
    access = rows["model"].map({system.key: system.access for system in study.systems})
    shown = ["model", "access", *study.attribute_names, AVERAGE]
    return rows.assign(access=access)[shown].sort_values(AVERAGE, ascending=False, ignore_index=True)
