"""Means of systems that experts rate in part and a judge in whole, and what the judge's ratings are worth."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from analysis.decisions.worth import FEWEST_OTHER
from analysis.inference.bootstrap import over_clusters as bootstrap
from analysis.inference.clustering import clustered_interval
from analysis.inference.prediction_powered import (
    Mean,
    planned_variances,
    prediction_powered_mean,
    stratified_mean,
    stratified_variances,
)
from tests.bench.simulated.line import Line, seeded
from tests.bench.simulated.models import COSTLY, resampled
from tests.bench.simulated.ratings import ALONE, CONVERSATION, ENDLESS, KINDNESS, REPLY, whole

SECTION = "With a judge's further ratings: t, clustered, and bootstrap"
# Rated by experts, and further by the judge alone; the experts' level, at which few ratings or many are below the top.
LABELLED, FURTHER = (30, 100, 1000), 1000
LEVELS = (3.6, 5.2)
PLANNED = (100, 1000)


def prediction_powered() -> Iterator[Line]:
    """Means of two systems that experts rate in part and a judge in whole: ratings 1-5, conversations shared."""
    for level in LEVELS:
        human, judge = (rated[0] for rated in ratings_by_both(seeded("worth", level), 1, ENDLESS, level))
        means, below = human.mean(-1), (human[0] < human.max()).mean()
        other = 1 - np.bincount(human[0].astype(int)).max() / ENDLESS
        for labelled in LABELLED:
            random = seeded("worth", level, labelled)
            rated = ratings_by_both(random, COSTLY, labelled + FURTHER, level)
            paired, alone = [each[..., :labelled] for each in rated], rated[1][..., labelled:]
            what = f"{labelled:,} replies rated by experts, {FURTHER:,} by the judge alone, {below:.0%} below the top"
            # With fewer other ratings than that, figures are held back.
            shown = other * labelled >= FEWEST_OTHER
            yield from _of_means(what, (*paired, alone), means, shown)
            yield from _of_multipliers(what, *(each[:, 0] for each in paired), human[0], judge[0], shown=shown)


def _of_means(what: str, rated: tuple[np.ndarray, ...], means: np.ndarray, shown: bool) -> Iterator[Line]:
    """Compute intervals of means and of a difference; each of ``rated`` by simulation, system and conversation."""
    human, judge, alone = rated
    labelled, pad = human.shape[-1], [(0, 0)] * 3
    clusters = np.full(len(human), labelled)
    moments = np.pad(_sums_of_both(human, judge), [*pad, (0, alone.shape[-1])])
    further = np.pad(np.stack([np.ones_like(alone), alone, alone**2]), [*pad, (labelled, 0)])
    mean, _ = prediction_powered_mean(moments, further)
    yield Line(SECTION, "`worth` powered_mean", what, means[0], *_first_of(mean, clusters), shown=shown)
    apart = Mean(mean.value[:, :1] - mean.value[:, 1:], mean.deviations[:, :1] - mean.deviations[:, 1:])
    yield Line(SECTION, "`worth` from_average", what, means[0] - means[1], *_first_of(apart, clusters), shown=shown)
    here, there = _strata(judge[:, 0]), _strata(alone[:, 0])
    strata = np.pad(np.stack([here, here * human[:, 0]]), [*pad, (0, alone.shape[-1])])
    stratified = stratified_mean(strata, np.pad(there, [*pad[1:], (labelled, 0)]))
    made = clustered_interval(stratified.value, stratified.deviations, clusters)
    yield Line(SECTION, "`worth` stratified_mean", what, means[0], *made, shown=shown)


def _of_multipliers(
    what: str,
    human: np.ndarray,
    judge: np.ndarray,
    every_human: np.ndarray,
    every_judge: np.ndarray,
    *,
    shown: bool,
) -> Iterator[Line]:
    """Compute intervals of multipliers, whose values are those of every rating."""
    clusters = np.full(len(human), human.shape[-1])
    moments = _sums_of_both(human, judge)
    value = float(_multiplier(_sums_of_both(every_human, every_judge).sum(-1)))
    made = bootstrap(moments, _multiplier, clusters, resampled())
    yield Line(SECTION, "`worth` multiplier", what, value, *made, shown=shown)
    ours, every = (_by_stratum(*rated) for rated in ((human, judge), (every_human, every_judge)))
    made = bootstrap(ours, partial(_stratified, resampled=True), clusters, resampled())
    for place, name in enumerate(("stratified", "neyman")):
        value = float(_stratified(every.sum(-1), resampled=False)[place])
        yield Line(SECTION, f"`worth` {name}", what, value, made.low[place], made.high[place], shown=shown)


def _multiplier(sums: np.ndarray) -> np.ndarray:
    experts, powered = planned_variances(sums, *PLANNED)
    with np.errstate(invalid="ignore"):
        return experts / powered


def _stratified(sums: np.ndarray, *, resampled: bool) -> np.ndarray:
    experts, *allocated = stratified_variances(sums, *PLANNED, resampled=resampled)
    with np.errstate(invalid="ignore"):
        return np.stack([experts / variance for variance in allocated])


def _strata(judge: np.ndarray) -> np.ndarray:
    """Mark each stratum of the judge's ratings, on a new first axis; ratings of 1 to 3 are one."""
    return np.stack([np.maximum(judge, 3) == point for point in range(3, 6)]).astype(float)


def _by_stratum(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    """Sums of the experts' ratings, first axis as :func:`stratified_variances` takes it."""
    return np.stack([_strata(judge) * part for part in (1, human, human**2)])


def _first_of(mean: Mean, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of the first system's mean."""
    return clustered_interval(mean.value[:, 0], mean.deviations[:, 0], clusters)


def _sums_of_both(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(human), human, judge, human**2, judge**2, human * judge])


def ratings_by_both(
    random: np.random.Generator, simulations: int, conversations: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ratings 1-5 of two systems by experts and a kinder judge, shape (simulations, systems, conversations)."""
    shape = (simulations, 2, conversations)
    reply = random.normal(0, REPLY, shape) + random.normal(0, CONVERSATION, (simulations, 1, conversations))
    levels = level + np.array([0.0, 0.3])[:, None]
    human, judge = (whole(levels + shift + reply + random.normal(0, ALONE, shape)) for shift in (0.0, KINDNESS))
    return human, judge
