"""Pairs of human and judge ratings of the same reply, and the sums that every statistic is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.ratings.combining import combined
from analysis.ratings.settings import PANEL, Selection, Settings, excluded_models
from data.counts import under_policy
from data.mentalalign import HUMAN

MOMENTS = ("n", "human", "judge", "human_squared", "judge_squared", "product")


def pairs(counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the pairs that count: both ratings present, the judge's excluded models left out.

    Parameters
    ----------
    counts
        As :func:`data.counts.count_pairs` gives them.
    settings
        Rating policy, rows whose context differs, excluded models, original reply.
    selection
        Judges, models and attributes; the panel is one more judge.

    Returns
    -------
    pandas.DataFrame
        ``judge, model, attribute, cluster, n, human, rating``: ``n`` replies of a cluster share a pair. The categories
        of the first three are the chosen ones, with or without pairs.

    Raises
    ------
    NeedsConversationsError
        A panel is chosen and the counts are not of single conversations.
    """
    return _judged(counts, settings, selection, paired=True)


def ratings_of_each(counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take each rater's ratings alone, paired or not: the experts' and each chosen judge's.

    A judge's excluded models are left out for that judge, never for the experts; the original reply is left out for all
    when the settings say so.

    Returns
    -------
    pandas.DataFrame
        ``rater, model, attribute, cluster, n, rating``, categories as in :func:`pairs`.
    """
    # The counts of any judge carry all the experts' ratings; the first judge's stand for them.
    everyone = Selection((counts["judge"].cat.categories[0],), selection.models, selection.attributes)
    experts = _within(counts[_chosen(counts, settings, everyone, rater=HUMAN)], selection)
    judged = _judged(counts, settings, selection, paired=False)
    raters = pd.CategoricalDtype([HUMAN, *judged["judge"].cat.categories])
    columns = ["model", "attribute", "cluster", "n"]
    return pd.concat(
        [
            experts[columns].assign(
                rater=pd.Categorical([HUMAN] * len(experts), dtype=raters),
                rating=under_policy(
                    experts["human"].to_numpy(), experts["human_recovered"].to_numpy(), settings.ratings
                ),
            ),
            judged[[*columns, "rating"]].assign(rater=judged["judge"].astype(raters)),
        ],
        ignore_index=True,
    ).dropna(subset="rating")


def _judged(counts: pd.DataFrame, settings: Settings, selection: Selection, *, paired: bool) -> pd.DataFrame:
    """Take the ratings of the judges and of the panel that count; ``paired`` those that the experts gave too."""
    human = under_policy(counts["human"].to_numpy(), counts["human_recovered"].to_numpy(), settings.ratings)
    rating = under_policy(counts["rating"].to_numpy(), counts["recovered"].to_numpy(), settings.ratings)
    there = ~(np.isnan(rating) | np.isnan(human)) if paired else ~np.isnan(rating)

    def of(judges: tuple[str, ...]) -> pd.DataFrame:
        kept = _chosen(counts, settings, replace(selection, judges=judges)) & there
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


def _chosen(counts: pd.DataFrame, settings: Settings, selection: Selection, rater: str | None = None) -> np.ndarray:
    """Mark the rows of the selection, less each judge's excluded models (or those of ``rater``)."""
    judges, models = counts["judge"].cat.categories, counts["model"].cat.categories
    wanted = np.zeros((len(judges), len(models)), dtype=bool)
    for row, judge in enumerate(judges):
        if judge in selection.judges:
            wanted[row] = models.isin(set(selection.models) - excluded_models(rater or judge, settings))
    attributes = counts["attribute"].cat.categories.isin(selection.attributes)
    kept = wanted[counts["judge"].cat.codes, counts["model"].cat.codes] & attributes[counts["attribute"].cat.codes]
    return kept & ~counts["different"].to_numpy() if settings.contexts == "left-out" else kept


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
    """Add up the pairs of :func:`pairs`; clusters without any pair do not appear."""
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

    Clusters are numbered from 0; those without a row do not appear. Values are made one at a time, since all of them
    would not fit into memory at a hundred times the ratings.
    """
    cluster = frame["cluster"].to_numpy()
    there = np.bincount(cluster) > 0
    place, shape = np.zeros(len(frame), dtype=np.int64), []
    for name in axes:
        shape.append(len(frame[name].cat.categories))
        place *= shape[-1]
        place += frame[name].cat.codes.to_numpy()
    shape.append(int(there.sum()))
    place *= shape[-1]
    place += (np.cumsum(there) - 1)[cluster]
    total = np.empty((len(values), int(np.prod(shape))))
    for row, value in zip(total, values, strict=True):
        row[:] = np.bincount(place, value(), len(row))
    return total.reshape(len(values), *shape)


@dataclass(frozen=True)
class Joint:
    """How often each pair of ratings was given, for each cell (judge and attribute) and cluster.

    ``counts`` has shape (judge, attribute, expert's rating, judge's rating, cluster); ``scale`` holds the ratings on
    both rating axes: 1 to 5, and what else was given.
    """

    judges: tuple[str, ...]
    attributes: tuple[str, ...]
    scale: np.ndarray
    counts: np.ndarray


def joint(frame: pd.DataFrame) -> Joint:
    """Count the pairs of :func:`pairs` by both ratings; clusters without any pair do not appear."""
    values = np.union1d(np.unique(frame["human"]), np.unique(frame["rating"]))
    values = np.union1d(values, [1.0, 2.0, 3.0, 4.0, 5.0])
    human, rating = (
        pd.Categorical.from_codes(np.searchsorted(values, frame[name].to_numpy()), values)
        for name in ("human", "rating")
    )
    placed = frame.assign(human=human, rating=rating)
    axes = ("judge", "attribute", "human", "rating")
    counts = add_up(placed, axes, (frame["n"].to_numpy,))[0]
    return Joint(tuple(frame["judge"].cat.categories), tuple(frame["attribute"].cat.categories), values, counts)
