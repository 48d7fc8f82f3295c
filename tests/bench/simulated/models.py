"""Intervals of ICCs over systems that are a random sample, and of shares of random draws: values in closed form."""

from collections.abc import Iterator

import numpy as np

from analysis.agreement.anova import coefficients, exact_f, squares_of_means, squares_of_replies
from analysis.agreement.icc_resamples import over_both, over_models
from analysis.inference.bootstrap import Interval, percentile_interval
from analysis.inference.clustering import clustered_share
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY
from tests.bench.simulated.line import SEED, Line, seeded
from tests.bench.simulated.ratings import ALONE, CONVERSATION, KINDNESS, REPLY, SYSTEMS, TOGETHER, whole

SIMULATIONS, COSTLY = 2000, 1000
RESAMPLES = 1000
SECTION = "ICC over systems"
SHARE_SECTION = "Share: Wilson, clustered"
DRAWN_SECTION = "Share of random draws: Wilson"
COEFFICIENTS = (0.3, 0.6, 0.85)
BIASES = (0.0, 1.0)
CONVERSATIONS = (100, 1000)
SHARES = (0.05, 0.3, 0.9)
DRAWS = 100
# Systems, and conversations of each, whose ratings give the true value at response level.
MANY_SYSTEMS, MANY_CONVERSATIONS = 2000, 2000


def over_few_models() -> Iterator[Line]:
    """Model level: normal means of nine models from an endless number of them, by two raters."""
    for consistency in COEFFICIENTS:
        for bias in BIASES:
            random = seeded("models", consistency, bias)
            human, judge = normal_means(random, SIMULATIONS, consistency, bias)
            exact = exact_f(squares_of_means(human, judge, np.ones_like(human)))
            drawn = over_models(moments_of(human[..., None], judge[..., None]), resampled())
            values = {"C": consistency, "A": consistency / (1 + bias**2 / 2)}
            for (form, value), by_formula, by_draw in zip(values.items(), exact, drawn, strict=True):
                if form == "C" and bias:
                    continue  # a constant added to one rater does not move ICC(C,1)
                what = f"{SYSTEMS} random systems, normal means, bias {bias:g} SD"
                yield Line(SECTION, f"ICC({form},1), exact F", what, value, *by_formula)
                for name, discard in (("outside 0 to 1 discarded", True), ("nothing discarded", False)):
                    made, _ = percentile_interval(by_draw[:, 0], discard)
                    yield Line(SECTION, f"ICC({form},1), bootstrap over models, {name}", what, value, *made)


def with_random_raters() -> Iterator[Line]:
    """The same with two raters drawn anew each time, whose difference has standard deviation 1.

    No table shows it: here a judge and the experts are fixed.
    """
    for consistency in COEFFICIENTS:
        random = seeded("raters", consistency)
        bias = random.normal(0, 1, (SIMULATIONS, 1))
        human, judge = normal_means(random, SIMULATIONS, consistency, bias)
        _, made = exact_f(squares_of_means(human, judge, np.ones_like(human)))
        what = f"{SYSTEMS} random systems, normal means, two random raters"
        yield Line(SECTION, "ICC(A,1), exact F", what, consistency / 1.5, *made, shown=False)


def over_both_at_once() -> Iterator[Line]:
    """Model level: normal ratings of random models and random conversations, the pigeonhole bootstrap."""
    conversations = 50
    for consistency in COEFFICIENTS:
        random = seeded("both", consistency)
        human, judge = normal_means(random, COSTLY, consistency, 0.0)
        shared = random.normal(0, 1, (COSTLY, SYSTEMS, conversations))
        ratings = (means[..., None] + shared + random.normal(0, 1, shared.shape) for means in (human, judge))
        what = f"{SYSTEMS} random systems, {conversations} random conversations, normal"
        for form, by_draw in zip("CA", over_both(moments_of(*ratings), resampled()), strict=True):
            made, _ = percentile_interval(by_draw[:, 0], discard_outside=False)
            yield Line(SECTION, f"ICC({form},1), bootstrap over both", what, consistency, *made)


def of_random_systems() -> Iterator[Line]:
    """Response level: whole ratings of replies by random systems."""
    endless = moments_of(*by_random_systems(seeded("random systems", "truth"), 1, MANY_SYSTEMS, MANY_CONVERSATIONS))
    values = [float(each[0, 0]) for each in coefficients(squares_of_replies(endless.sum((-1, -2))))]
    random, level = seeded("random systems"), resampled("response")
    conversations = CONVERSATIONS[0]
    parts = [by_random_systems(random, TOGETHER, SYSTEMS, conversations) for _ in range(COSTLY // TOGETHER)]
    moments = np.concatenate([moments_of(*part) for part in parts], axis=1)
    made = {
        "exact F": exact_f(squares_of_replies(moments.sum((-1, -2)))),
        **{
            f"bootstrap over {name}": [percentile_interval(each, discard_outside=False)[0] for each in draw]
            for name, draw in (("models", over_models(moments, level)), ("both", over_both(moments, level)))
        },
    }
    what = f"{SYSTEMS} random systems, {conversations} random conversations, whole ratings"
    for name, intervals in made.items():
        for form, value, ends in zip("CA", values, intervals, strict=True):
            yield Line(SECTION, f"ICC({form},1) of replies, {name}", what, value, *(end[:, 0] for end in ends))


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
            yield Line(SHARE_SECTION, "share, Wilson with effective size", what, share, *made)


def drawn_shares() -> Iterator[Line]:
    """Shares of independent draws, as robustness and the same first system are."""
    for share in SHARES:
        drawn = seeded("drawn", share).random((SIMULATIONS, DRAWS)) < share
        _, made = clustered_share(drawn.astype(float), np.ones(drawn.shape))
        yield Line(DRAWN_SECTION, "share of draws, Wilson", f"{DRAWS} independent draws", share, *made)


def normal_means(
    random: np.random.Generator, simulations: int, consistency: float, bias: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means of models by two raters, of variance 1, whose ICC(C,1) is ``consistency``; shape (simulations, models)."""
    quality = random.normal(0, np.sqrt(consistency), (simulations, SYSTEMS))
    human, judge = (quality + random.normal(0, np.sqrt(1 - consistency), quality.shape) for _ in range(2))
    return human, judge + bias


def by_random_systems(
    random: np.random.Generator, simulations: int, systems: int, conversations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ratings 1-5 of systems whose levels, and what the judge adds to them, are random."""
    shape = (simulations, systems, conversations)
    seen = random.normal(3.6, 0.5, (simulations, systems, 1)) + random.normal(0, REPLY, shape)
    seen += random.normal(0, CONVERSATION, (simulations, 1, conversations))
    off = KINDNESS + random.normal(0, 0.2, (simulations, systems, 1))
    human, judge = (whole(seen + shift + random.normal(0, ALONE, shape)) for shift in (0.0, off))
    return human, judge


def moments_of(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    """Sums as the product has them, simulations in place of judges: (6, simulations, 1, models, conversations)."""
    found = np.stack([np.ones_like(human), human, judge, human**2, judge**2, human * judge])
    return found[:, :, None]


def resampled(level: str = "model", seed: int = SEED) -> Settings:
    """Return the settings that simulations are made under."""
    return Settings.of(STUDY, "recommended", level, resamples=RESAMPLES, seed=seed)


def first(interval: Interval) -> Interval:
    """Return the intervals of the one attribute that there is."""
    return Interval(interval.low[:, 0], interval.high[:, 0])
