"""Pairs of human and judge ratings of the same reply, and the sums that every statistic is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.ratings.combining import combined
from analysis.ratings.excluded import excluded_models
from analysis.ratings.settings import Selection, Settings
from data.counts import RATED
from data.study import HUMAN, PANEL, Study

MOMENTS = ("n", "human", "judge", "human_squared", "judge_squared", "product")


def pairs(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the pairs that count: both ratings present, the judge's excluded models left out.

    Parameters
    ----------
    study
        Whose ratings these are.
    counts
        As :func:`data.counts.count_pairs` gives them.
    settings
        Rating policy, rows whose context differs, excluded models, replies by people.
    selection
        Judges, models and attributes; the panel is one more judge.

    Returns
    -------
    pandas.DataFrame
        ``judge, model, attribute, cluster, n, human, rating``: ``n`` replies of a cluster share a pair. The categories
        of the first three are the chosen ones, with or without pairs. Those of ``cluster`` are all that hold a rating
        of the experts, so that what is drawn of them does not depend on what is chosen, nor on other judges.

    Raises
    ------
    NeedsConversationsError
        A panel is chosen and the counts are not of single conversations.
    """
    frame = _judged(study, counts, settings, selection, paired=True)
    return frame.assign(cluster=pd.Categorical(frame["cluster"], rated_clusters(counts)))


def rated_clusters(counts: pd.DataFrame) -> np.ndarray:
    """Return the clusters that hold a rating of the experts, ascending: what every bootstrap over them draws from."""
    return np.unique(counts["cluster"].to_numpy()[_rated_by_experts(counts)])


def judged_alone(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the judges' ratings of replies that the experts did not rate.

    A reply that the experts gave a number which does not count, off the scale or malformed, was rated: it is neither
    here nor in :func:`pairs`.

    Returns
    -------
    pandas.DataFrame
        ``judge, model, attribute, cluster, n, rating``, categories of the first three as in :func:`pairs`.
    """
    unrated = counts[~_rated_by_experts(counts)]
    return _judged(study, unrated, settings, selection, paired=False).drop(columns="human")


def ratings_of_each(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take each rater's ratings alone, paired or not: the experts' and each chosen judge's.

    A judge's excluded models are left out for that judge, never for the experts, and so are conversations that are
    another in its file; copied rows of the experts and replies by people are left out for all when the settings say so.

    Returns
    -------
    pandas.DataFrame
        ``rater, model, attribute, cluster, n, rating``, categories of the first three as in :func:`pairs`.
    """
    # The counts of any judge carry all the experts' ratings; the first judge's stand for them.
    everyone = replace(selection, judges=(counts["judge"].cat.categories[0],), panel=())
    every_file = replace(settings, contexts="kept")
    experts = _within(counts[_chosen(study, counts, every_file, everyone, rater=HUMAN)], selection)
    judged = _judged(study, counts, settings, selection, paired=False)
    raters = pd.CategoricalDtype([HUMAN, *judged["judge"].cat.categories])
    columns = ["model", "attribute", "cluster", "n"]
    return pd.concat(
        [
            experts[columns].assign(
                rater=pd.Categorical([HUMAN] * len(experts), dtype=raters),
                rating=experts[RATED[settings.ratings][0]],
            ),
            judged[[*columns, "rating"]].assign(rater=judged["judge"].astype(raters)),
        ],
        ignore_index=True,
    ).dropna(subset="rating")


def _rated_by_experts(counts: pd.DataFrame) -> np.ndarray:
    """Mark the rows that hold a rating of the experts, whether or not it counts."""
    return (counts["human"].notna() | counts["human_valid"].notna()).to_numpy()


def _judged(
    study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection, *, paired: bool
) -> pd.DataFrame:
    """Take the ratings of the judges and of the panel that count; ``paired`` those that the experts gave too."""
    human, rating = (counts[name].to_numpy() for name in RATED[settings.ratings])
    there = ~(np.isnan(rating) | np.isnan(human)) if paired else ~np.isnan(rating)

    def of(judges: tuple[str, ...]) -> pd.DataFrame:
        kept = _chosen(study, counts, settings, replace(selection, judges=judges)) & there
        frame = counts.loc[kept, ["judge", "model", "attribute", "cluster", "n"]]
        return frame.assign(human=human[kept], rating=rating[kept])

    judges = [judge for judge in counts["judge"].cat.categories if judge in selection.judges]
    frame = of(selection.judges)
    frame["judge"] = frame["judge"].cat.set_categories(judges)
    if selection.panel:
        panel = combined(of(selection.panel), selection.rule)
        every = pd.CategoricalDtype([*judges, PANEL[selection.rule]])
        frame = pd.concat([each.astype({"judge": every}) for each in (frame, panel)], ignore_index=True)
    return _within(frame, selection)


def _within(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Give models and attributes the chosen ones as categories."""
    chosen = {"model": selection.models, "attribute": selection.attributes}
    return frame.assign(**{name: frame[name].cat.set_categories(list(keys)) for name, keys in chosen.items()})


def _chosen(
    study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection, rater: str | None = None
) -> np.ndarray:
    """Mark the rows of the selection, less each judge's excluded models (or those of ``rater``)."""
    judges, models = counts["judge"].cat.categories, counts["model"].cat.categories
    wanted = np.zeros((len(judges), len(models)), dtype=bool)
    for row, judge in enumerate(judges):
        if judge in selection.judges:
            wanted[row] = models.isin(set(selection.models) - excluded_models(study, rater or judge, settings))
    attributes = counts["attribute"].cat.categories.isin(selection.attributes)
    kept = wanted[counts["judge"].cat.codes, counts["model"].cat.codes] & attributes[counts["attribute"].cat.codes]
    for policy, flag in ((settings.contexts, "different"), (settings.repeated, "repeated")):
        if policy == "left-out":
            kept &= ~counts[flag].to_numpy()
    return kept


@dataclass(frozen=True)
class Sums:
    """Sums over pairs, for each cell (judge and attribute), model and cluster.

    ``moments`` has shape (moment, judge, attribute, model, cluster), moments in the order of ``MOMENTS``: the number of
    pairs, the sums of the experts' and the judge's ratings, of their squares, and of their product.
    """

    judges: tuple[str, ...]
    attributes: tuple[str, ...]
    models: tuple[str, ...]
    moments: np.ndarray


def sums(frame: pd.DataFrame) -> Sums:
    """Add up the pairs of :func:`pairs`."""
    n, human, judge = (frame[name].to_numpy() for name in ("n", "human", "rating"))
    moments = (
        lambda: n,
        lambda: n * human,
        lambda: n * judge,
        lambda: n * human**2,
        lambda: n * judge**2,
        lambda: n * human * judge,
    )
    axes = ("judge", "attribute", "model")
    judges, attributes, models = (tuple(frame[name].cat.categories) for name in axes)
    return Sums(judges, attributes, models, add_up(frame, axes, moments))


def add_up(frame: pd.DataFrame, axes: tuple[str, ...], values: Sequence[Callable[[], np.ndarray]]) -> np.ndarray:
    """Add up values of rows by categorical columns (``axes``) and cluster: shape (values, each axis, clusters).

    Every cluster among the categories has its place, with or without a row; of clusters that are mere numbers only
    those with a row. Values are made one at a time, since all of them would not fit into memory at a hundred times the
    ratings.
    """
    cluster = frame["cluster"].astype("category").cat
    place, shape = np.zeros(len(frame), dtype=np.int64), []
    for name in axes:
        shape.append(len(frame[name].cat.categories))
        place *= shape[-1]
        place += frame[name].cat.codes.to_numpy()
    shape.append(len(cluster.categories))
    place *= shape[-1]
    place += cluster.codes.to_numpy()
    total = np.empty((len(values), int(np.prod(shape))))
    for row, value in zip(total, values, strict=True):
        row[:] = np.bincount(place, value(), len(row))
    return total.reshape(len(values), *shape)


@dataclass(frozen=True)
class Joint:
    """How often each pair of ratings was given, for each attribute and cluster.

    ``counts`` has shape (attribute, expert's rating, judge's rating, cluster); ``values`` holds the ratings on both
    rating axes: the points of the scale, and what else was given.
    """

    values: np.ndarray
    counts: np.ndarray


def joint(frame: pd.DataFrame, points: Sequence[float]) -> Joint:
    """Count the pairs of one judge, as :func:`pairs` gives them, by both ratings; ``points`` are those of the scale."""
    values = np.union1d(np.union1d(frame["human"], frame["rating"]), np.asarray(points, dtype=float))
    human, rating = (
        pd.Categorical.from_codes(np.searchsorted(values, frame[name].to_numpy()), values)
        for name in ("human", "rating")
    )
    placed = frame.assign(human=human, rating=rating)
    return Joint(values, add_up(placed, ("attribute", "human", "rating"), (frame["n"].to_numpy,))[0])
