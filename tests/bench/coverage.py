"""How often each 95% interval holds the value it estimates: ``python tests/bench/coverage.py [--output FILE]``.

Ratings are simulated from known values and given to the product's own functions; the share of intervals that hold the
value is printed as a Markdown table, with its Monte-Carlo error. Each line has its own stream of random numbers.
"""

import argparse
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis.agreement.anova import coefficients, exact_f, squares_of_means, squares_of_replies
from analysis.agreement.icc_resamples import over_both, over_clusters, over_models
from analysis.inference.bootstrap import Interval, percentile_interval
from analysis.inference.bootstrap import over_clusters as bootstrap
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_share
from analysis.inference.prediction_powered import (
    Mean,
    planned_variances,
    prediction_powered_mean,
    stratified_mean,
    stratified_variances,
)
from analysis.ratings.settings import CONFIDENCE, Settings
from data.mentalalign import STUDY

SIMULATIONS = 2000
COSTLY = 1000
SEED = 0
MODELS = 9
COEFFICIENTS = (0.3, 0.6, 0.85)
BIASES = (0.0, 1.0)
CONVERSATIONS = (100, 1000)
SHARES = (0.05, 0.3, 0.9)
# Conversations whose ratings give the true value where no formula does.
ENDLESS = 200_000
TOGETHER = 50
BLOCK = 20
# Rated by experts, and further by the judge alone; the experts' level, at which few ratings or many are below the top.
LABELLED, FURTHER = (30, 100, 1000), 1000
LEVELS = (3.6, 5.2)
PLANNED = (100, 1000)
COEFFICIENT_NAMES = ("icc_c1", "icc_a1")


class Line(NamedTuple):
    """One line of the table: what was simulated, the interval, the value it should hold, and the intervals made."""

    simulated: str
    interval: str
    value: float
    made: Interval

    def __str__(self) -> str:
        low, high = self.made
        usable = np.isfinite(low) & np.isfinite(high)
        held = ((low <= self.value) & (self.value <= high))[usable].mean()
        error = np.sqrt(held * (1 - held) / usable.sum())
        width = np.median((high - low)[usable])
        return (
            f"| {self.simulated} | {self.interval} | {self.value:.3f} | {held:.1%} ± {error:.1%} | {width:.2f} | "
            f"{usable.sum():,} |"
        )


def settings_line() -> str:
    """Say what holds for all lines."""
    resamples = Settings.of(STUDY, "paper").resamples
    return (
        f"{SIMULATIONS:,} simulations a line, {COSTLY:,} where models and conversations are drawn at once and where "
        f"a judge rates on alone; "
        f"{resamples:,} resamples; seed {SEED}. After ± stands the Monte-Carlo standard error of the share."
    )


def seeded(*what: object) -> np.random.Generator:
    """Give a line its own stream, whatever other lines there are."""
    return np.random.default_rng([SEED, zlib.crc32(repr(what).encode())])


def over_few_models() -> Iterator[Line]:
    """Model level: normal means of nine models from an endless number of them, by two raters."""
    for consistency in COEFFICIENTS:
        for bias in BIASES:
            random = seeded("models", consistency, bias)
            human, judge = normal_means(random, SIMULATIONS, consistency, bias)
            exact = exact_f(squares_of_means(human, judge, np.ones_like(human)))
            drawn = over_models(moments_of(human[..., None], judge[..., None]), _resampled())
            values = {"C": consistency, "A": consistency / (1 + bias**2 / 2)}
            for (form, value), by_formula, by_draw in zip(values.items(), exact, drawn, strict=True):
                if form == "C" and bias:
                    continue  # a constant added to one rater does not move ICC(C,1)
                what = f"{MODELS} random models, normal means, bias {bias:g} SD"
                yield Line(what, f"ICC({form},1), exact F", value, by_formula)
                for name, discard in (("as the paper does", True), ("nothing discarded", False)):
                    made, _ = percentile_interval(by_draw[:, 0], discard)
                    yield Line(what, f"ICC({form},1), bootstrap over models, {name}", value, made)


def with_random_raters() -> Iterator[Line]:
    """The same with two raters drawn anew each time, whose difference has standard deviation 1."""
    for consistency in COEFFICIENTS:
        random = seeded("raters", consistency)
        bias = random.normal(0, 1, (SIMULATIONS, 1))
        human, judge = normal_means(random, SIMULATIONS, consistency, bias)
        _, made = exact_f(squares_of_means(human, judge, np.ones_like(human)))
        what = f"{MODELS} random models, normal means, two random raters"
        yield Line(what, "ICC(A,1), exact F", consistency / 1.5, made)


def over_conversations() -> Iterator[Line]:
    """Response level: whole ratings 1-5 of conversations that share a level, models fixed."""
    values = true_values()
    for conversations in CONVERSATIONS:
        random = seeded("conversations", conversations)
        # Models are added up at once: they are fixed, and single replies would not go into memory.
        parts = (whole_ratings(random, TOGETHER, conversations) for _ in range(SIMULATIONS // TOGETHER))
        moments = np.concatenate([moments_of(*part).sum(-2, keepdims=True) for part in parts], axis=1)
        what = f"{conversations:,} random conversations, {MODELS} fixed models, ratings rounded to 1-5"
        yield from _of_replies(what, "conversations", moments, values)
        replies = moments.sum((-1, -2))
        for form, name, made in zip("CA", COEFFICIENT_NAMES, exact_f(squares_of_replies(replies)), strict=True):
            yield Line(what, f"ICC({form},1) of replies, exact F", values[name], _first(made))
        yield Line(what, "bias, t as if replies were independent", values["bias"], _naive(replies[:, :, 0]))
    blocks = moments.reshape(*moments.shape[:-1], -1, BLOCK).sum(-1)
    yield from _of_replies(what, f"blocks of {BLOCK}", blocks, values)


def _of_replies(what: str, clusters: str, moments: np.ndarray, values: dict[str, float]) -> Iterator[Line]:
    drawn = over_clusters(moments, _resampled("response"))
    for form, name, by_draw in zip("CA", COEFFICIENT_NAMES, drawn, strict=True):
        made, _ = percentile_interval(by_draw[:, 0], discard_outside=False)
        yield Line(what, f"ICC({form},1) of replies, bootstrap over {clusters}", values[name], made)
    n, human, judge = moments[:3].sum(-2)
    bias = (judge - human).sum(-1) / n.sum(-1)
    ends = clustered_interval(bias, clustered_deviations(judge - human, n), (n > 0).sum(-1))
    yield Line(what, f"bias, t clustered by {clusters}", values["bias"], _first(Interval(*ends)))


def _naive(replies: np.ndarray) -> Interval:
    """Give the interval of a mean difference that takes every reply for independent."""
    n, human, judge, human_squared, judge_squared, product = replies
    bias = (judge - human) / n
    variance = (human_squared + judge_squared - 2 * product - n * bias**2) / (n - 1)
    half = stdtrit(n - 1, (1 + CONFIDENCE) / 2) * np.sqrt(variance / n)
    return Interval(bias - half, bias + half)


def shares() -> Iterator[Line]:
    """Shares of replies with an event whose chance differs between conversations (beta, correlation 0.2)."""
    correlation, replies = 0.2, 9
    for conversations in CONVERSATIONS:
        for share in SHARES:
            random = seeded("share", conversations, share)
            spread = (1 - correlation) / correlation
            chance = random.beta(share * spread, (1 - share) * spread, (SIMULATIONS, conversations))
            events = random.binomial(replies, chance).astype(float)
            _, made = clustered_share(events, np.full_like(events, replies))
            what = f"{conversations:,} conversations of {replies} replies, events alike within them"
            yield Line(what, "share, Wilson with effective size", share, made)


def over_both_at_once() -> Iterator[Line]:
    """Model level: normal ratings of random models and random conversations, the pigeonhole bootstrap."""
    conversations = 50
    for consistency in COEFFICIENTS:
        random = seeded("both", consistency)
        human, judge = normal_means(random, COSTLY, consistency, 0.0)
        shared = random.normal(0, 1, (COSTLY, MODELS, conversations))
        ratings = (means[..., None] + shared + random.normal(0, 1, shared.shape) for means in (human, judge))
        drawn = over_both(moments_of(*ratings), _resampled())
        made, _ = percentile_interval(drawn[0][:, 0], discard_outside=False)
        what = f"{MODELS} random models, {conversations} random conversations, normal"
        yield Line(what, "ICC(C,1) at model level, bootstrap over both", consistency, made)


def prediction_powered() -> Iterator[Line]:
    """Means of two systems that experts rate in part and a judge in whole: ratings 1-5, conversations shared."""
    for level in LEVELS:
        human, judge = (rated[0] for rated in ratings_by_both(seeded("worth", level), 1, ENDLESS, level))
        means, below = human.mean(-1), (human[0] < human.max()).mean()
        for labelled in LABELLED:
            random = seeded("worth", level, labelled)
            rated = ratings_by_both(random, COSTLY, labelled + FURTHER, level)
            paired, alone = [each[..., :labelled] for each in rated], rated[1][..., labelled:]
            what = f"{labelled:,} replies rated by experts, {FURTHER:,} by the judge alone, {below:.0%} below the top"
            yield from _of_means(what, (*paired, alone), means)
            yield from _of_multipliers(what, *(each[:, 0] for each in paired), human[0], judge[0])


def _of_means(what: str, rated: tuple[np.ndarray, ...], means: np.ndarray) -> Iterator[Line]:
    """Compute intervals of means and of a difference; each of ``rated`` by simulation, system and conversation."""
    human, judge, alone = rated
    labelled, pad = human.shape[-1], [(0, 0)] * 3
    clusters = np.full(len(human), labelled)
    moments = np.pad(_sums_of_both(human, judge), [*pad, (0, alone.shape[-1])])
    further = np.pad(np.stack([np.ones_like(alone), alone, alone**2]), [*pad, (labelled, 0)])
    mean, _ = prediction_powered_mean(moments, further)
    yield Line(what, "prediction-powered mean, clustered t", means[0], _first_of(mean, clusters))
    apart = Mean(mean.value[:, :1] - mean.value[:, 1:], mean.deviations[:, :1] - mean.deviations[:, 1:])
    yield Line(what, "difference of two such means, clustered t", means[0] - means[1], _first_of(apart, clusters))
    here, there = _strata(judge[:, 0]), _strata(alone[:, 0])
    strata = np.pad(np.stack([here, here * human[:, 0]]), [*pad, (0, alone.shape[-1])])
    stratified = stratified_mean(strata, np.pad(there, [*pad[1:], (labelled, 0)]))
    made = Interval(*clustered_interval(stratified.value, stratified.deviations, clusters))
    yield Line(what, "stratified mean, clustered t", means[0], made)


def _of_multipliers(
    what: str, human: np.ndarray, judge: np.ndarray, every_human: np.ndarray, every_judge: np.ndarray
) -> Iterator[Line]:
    """Compute intervals of multipliers, whose values are those of every rating."""
    clusters = np.full(len(human), human.shape[-1])
    moments = _sums_of_both(human, judge)
    value = float(_multiplier(_sums_of_both(every_human, every_judge).sum(-1)))
    yield Line(what, "multiplier, bootstrap", value, bootstrap(moments, _multiplier, clusters, _resampled()))
    ours, every = (_by_stratum(*rated) for rated in ((human, judge), (every_human, every_judge)))
    made = bootstrap(ours, partial(_stratified, resampled=True), clusters, _resampled())
    for place, name in enumerate(("stratified", "Neyman")):
        value = float(_stratified(every.sum(-1), resampled=False)[place])
        ends = Interval(made.low[place], made.high[place])
        yield Line(what, f"multiplier, {name}, bootstrap", value, ends)


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


def _first_of(mean: Mean, clusters: np.ndarray) -> Interval:
    """Return the interval of the first system's mean."""
    return Interval(*clustered_interval(mean.value[:, 0], mean.deviations[:, 0], clusters))


def _sums_of_both(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(human), human, judge, human**2, judge**2, human * judge])


def ratings_by_both(
    random: np.random.Generator, simulations: int, conversations: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ratings 1-5 of two systems by experts and a kinder judge, shape (simulations, systems, conversations)."""
    shape = (simulations, 2, conversations)
    reply = random.normal(0, 0.6, shape) + random.normal(0, 0.4, (simulations, 1, conversations))
    levels = level + np.array([0.0, 0.3])[:, None]
    human, judge = (
        np.clip(np.rint(levels + shift + reply + random.normal(0, 0.6, shape)), 1, 5) for shift in (0.0, 0.4)
    )
    return human, judge


def normal_means(
    random: np.random.Generator, simulations: int, consistency: float, bias: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means of models by two raters, of variance 1, whose ICC(C,1) is ``consistency``; shape (simulations, models)."""
    quality = random.normal(0, np.sqrt(consistency), (simulations, MODELS))
    human, judge = (quality + random.normal(0, np.sqrt(1 - consistency), quality.shape) for _ in range(2))
    return human, judge + bias


def whole_ratings(random: np.random.Generator, simulations: int, conversations: int) -> tuple[np.ndarray, np.ndarray]:
    """Ratings 1-5 by experts and judge, shape (simulations, models, conversations).

    Each rater has its own leaning on a conversation, so that differences within a conversation are alike.
    """
    shape = (simulations, MODELS, conversations)
    quality = np.linspace(2.8, 4.4, MODELS)[:, None]
    reply = random.normal(0, 0.6, shape) + random.normal(0, 0.4, (simulations, 1, conversations))
    leanings = random.normal(0, 0.4, (2, simulations, 1, conversations))
    human, judge = (
        np.clip(np.rint(quality + shift + reply + leaning + random.normal(0, 0.6, shape)), 1, 5)
        for shift, leaning in ((0.0, leanings[0]), (0.4, leanings[1]))
    )
    return human, judge


def true_values() -> dict[str, float]:
    """Bias and coefficients of the whole ratings, from a number of conversations that leaves next to no error."""
    random = seeded("truth")
    moments = moments_of(*whole_ratings(random, TOGETHER, ENDLESS // TOGETHER)).sum((1, -1, -2))[:, 0]
    consistency, agreement = coefficients(squares_of_replies(moments))
    n, human, judge = moments[:3]
    return {"icc_c1": float(consistency), "icc_a1": float(agreement), "bias": float((judge - human) / n)}


def moments_of(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    """Sums as the product has them, simulations in place of judges: (6, simulations, 1, models, conversations)."""
    found = np.stack([np.ones_like(human), human, judge, human**2, judge**2, human * judge])
    return found[:, :, None]


def _resampled(level: str = "model") -> Settings:
    return Settings.of(STUDY, "recommended", level, resamples=Settings.of(STUDY, "paper").resamples, seed=SEED)


def _first(interval: Interval) -> Interval:
    return Interval(interval.low[:, 0], interval.high[:, 0])


PARTS = (over_few_models, with_random_raters, over_conversations, shares, over_both_at_once, prediction_powered)


def markdown(parts: tuple[Callable[[], Iterator[Line]], ...] = PARTS) -> str:
    """Write the settings and the table."""
    heading = "| what was simulated | 95% interval | true value | holds it | median width | intervals |"
    lines = [str(line) for part in parts for line in part()]
    return "\n".join([settings_line(), "", heading, "|---|---|---|---|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    output = parser.parse_args().output
    print(markdown(), end="") if output is None else output.write_text(markdown(), encoding="utf-8")
