r"""How wide the intervals of a study would be, and how often its verdict would be reached, by its number of items.

Studies are drawn from components (:mod:`analysis.inference.graded_ratings`), and the rules themselves
(:mod:`analysis.decisions.verdicts`) are applied to each. With items 1 to n of every drawn study:

- the *assured width* is what the interval of a criterion does not pass in a share of studies (the power asked for);
- the *power* is the share of studies with the verdict that the components lead to, or with a better one.

A study with few items is the beginning of one with more, so that both curves are smooth. Of the studies drawn, a few
more than the share asked for must do it, so that chance in drawing them makes no plan too small (:func:`surely`).

References
----------
Kelley, K., & Rausch, J. R. (2006). Sample size planning for the standardized mean difference: accuracy in parameter
estimation via narrow confidence intervals. Psychological Methods, 11(4), 363-385. (Assurance of a width.)
Arnold, B. F., Hogan, D. R., Colford, J. M., & Hubbard, A. E. (2011). Simulation methods to estimate design power: an
overview for applied research. BMC Medical Research Methodology, 11, 94.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.special import fdtri, ndtri

from analysis.decisions.aim import Aim
from analysis.decisions.criteria import CRITERIA, MOST_SYSTEMS, Evidence, bounds
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNDECIDED, UNSUPPORTED, criteria_of, verdict_table
from analysis.inference.graded_ratings import Components
from analysis.ratings.needs import FEWEST_SYSTEMS
from analysis.ratings.pairs import Sums
from analysis.ratings.settings import CONFIDENCE, Settings

STUDIES = 400
# Of each drawn study: an end of an interval then lies where 2,000 resamples would put it, but for a tenth of its width.
RESAMPLES = 300
SIZES = (20, 30, 45, 70, 100, 150, 220, 320, 470, 700, 1000, 1500, 2200, 3200, 4700)
MOST_ITEMS = SIZES[-1]
# How many numbers of items are tried between the two sizes that a plan lies between.
_BETWEEN = 4
# Items are added up in so many clusters at most: an interval over them is as wide as one over items, and made sooner.
_CLUSTERS = 200
# Numbers held in memory together.
_AT_ONCE = 2_000_000
# Items whose figures stand for those of endless ones.
_ENDLESS = 20_000
# The criterion of each use that more items narrow, and whose width is planned.
NARROWED = {"rank": "choice_loss", "score": "system_bias", "reply": "reply_agreement"}
_ORDER = (UNSUPPORTED, UNDECIDED, CHECKED, SUPPORTED)


def power_curve(
    components: Components,
    aim: Aim,
    verdict: str,
    settings: Settings,
    sizes: Sequence[int] = SIZES,
    *,
    experts: int,
    systems: int,
) -> Iterator[pd.Series]:
    """Compute assured width and power with more and more items.

    Parameters
    ----------
    components
        What ratings are made of.
    aim
        The use, and what the width is assured with.
    verdict
        That is to be reached, as :func:`aimed_verdict` gives it.
    settings
        Bounds, and the seed of what is drawn.
    sizes
        The numbers of items, ascending.
    experts, systems
        Of each reply, and of each study. Where there are other systems than the components have, each study has new
        ones, whose levels are normal as those are.

    Yields
    ------
    pandas.Series
        ``items``, ``width`` (of the criterion in ``NARROWED``, as the figure; NaN where it has no interval) and
        ``power`` (0-1; NaN where no verdict is to be reached).
    """
    random = np.random.default_rng([settings.seed, systems, experts])
    reached = (UNSUPPORTED,) if verdict == UNSUPPORTED else _ORDER[_ORDER.index(verdict) :]
    drawn = _of_studies(random, components, systems)
    quick = settings.but(resamples=RESAMPLES, multiplicity="none")
    total = np.zeros((8, 1, STUDIES, systems, _CLUSTERS))
    before = 0
    for items in sizes:
        _add(total, drawn, random, range(before, items), experts=experts, settings=settings)
        before = items
        found = criteria_of(_evidence(total[..., : min(items, _CLUSTERS)]), quick)
        found = found[found["use"] == aim.use]
        of_criterion = found[found["criterion"] == NARROWED[aim.use]]
        widths = (of_criterion["value_high"] - of_criterion["value_low"]).to_numpy(dtype=float)
        verdicts = verdict_table(found, quick)["verdict"]
        width = np.nan if np.isnan(widths).any() else float(np.quantile(widths, surely(aim.power)))
        share = np.nan if verdict == UNDECIDED else float(verdicts.isin(reached).mean())
        yield pd.Series({"items": items, "width": width, "power": share})


def surely(power: float) -> float:
    """Return what share of the drawn studies shows, one-sided at 5%, that at least the power is reached."""
    return float(power + ndtri(CONFIDENCE) * np.sqrt(power * (1 - power) / STUDIES))


def aimed_verdict(figures: dict[str, float], use: str, settings: Settings, systems: int) -> str:
    """Return the verdict that endless items lead to, by the true figures; undecided where it takes more systems."""
    order = [_aimed(name, figures[name], settings, systems) for name, each in CRITERIA.items() if each.use == use]
    return min(order, key=_ORDER.index)


def true_figures(components: Components, settings: Settings, experts: int) -> dict[str, float]:
    """Return the figure of each criterion with endless items, from so many drawn ones that little is left to chance."""
    one = components.of_systems(components.levels[None])
    total = np.zeros((8, 1, 1, components.systems, _CLUSTERS))
    random = np.random.default_rng(settings.seed)
    _add(total, one, random, range(_ENDLESS), experts=experts, settings=settings)
    made = criteria_of(_evidence(total), settings.but(resamples=2)).set_index("criterion")["value"]
    return {str(name): float(value) for name, value in made.items()}


def systems_needed(consistency: float, settings: Settings) -> float:
    """Return how many systems settle the order of systems, its ICC(C,1) being what it is; NaN where 1,000 do not."""
    for systems in range(FEWEST_SYSTEMS, MOST_SYSTEMS + 1):
        if _aimed("consistency", consistency, settings, systems) != UNDECIDED:
            return float(systems)
    return float("nan")


def between(sizes: np.ndarray, values: np.ndarray, wanted: float) -> set[int]:
    """Return a few numbers of items between the two sizes at which a rising curve comes to pass what is wanted."""
    reached = np.flatnonzero(values >= wanted)
    if not reached.size or reached[0] == 0:
        return set()
    low, high = sizes[reached[0] - 1 : reached[0] + 1]
    return {round(each) for each in np.geomspace(low, high, _BETWEEN + 2)[1:-1]} - {int(low), int(high)}


def crossing(sizes: np.ndarray, values: np.ndarray, wanted: float) -> float:
    """Return the number of items at which a rising curve reaches what is wanted, between two sizes on a log scale.

    NaN where it does not.
    """
    reached = np.flatnonzero(values >= wanted)
    if not reached.size:
        return float("nan")
    after = int(reached[0])
    if after == 0:
        return float(sizes[0])
    low, high = values[after - 1], values[after]
    part = 1.0 if np.isnan(low) else (wanted - low) / (high - low)
    return float(np.ceil(np.exp(np.interp(part, (0, 1), np.log(sizes[after - 1 : after + 1]))) - 1e-6))


def _aimed(name: str, value: float, settings: Settings, systems: int) -> str:
    """Return the verdict on a figure that is known but for the choice of systems."""
    first, second = bounds(settings)[name]
    low = high = value
    if name == "consistency" and abs(value) < 1:
        ratio = (1 + value) / (1 - value)
        quantile = fdtri(systems - 1, systems - 1, (1 + CONFIDENCE) / 2) if systems >= FEWEST_SYSTEMS else np.inf
        low, high = ((each - 1) / (each + 1) for each in (ratio / quantile, min(ratio * quantile, 1e12)))
    sign = 1 if CRITERIA[name].larger else -1
    worst, best = sorted((sign * low, sign * high))
    if worst >= sign * first:
        return SUPPORTED
    if worst >= sign * second:
        return CHECKED
    return UNSUPPORTED if best < sign * second else UNDECIDED


def _of_studies(random: np.random.Generator, components: Components, systems: int) -> Components:
    """Return the components of every drawn study: shape (studies, systems) of both levels."""
    levels = components.levels
    if systems == components.systems:
        return components.of_systems(np.broadcast_to(levels, (STUDIES, *levels.shape)))
    new = random.multivariate_normal(levels.mean(0), np.cov(levels.T), (STUDIES, systems), method="eigh")
    return components.of_systems(new)


def _add(
    total: np.ndarray,
    drawn: Components,
    random: np.random.Generator,
    items: range,
    *,
    experts: int,
    settings: Settings,
) -> None:
    """Add items of every study to its sums: number, ratings, squares and product, and poor replies."""
    studies, systems = total.shape[2:4]
    step = max(1, _AT_ONCE // (studies * systems))
    for start in range(items.start, items.stop, step):
        n = min(step, items.stop - start)
        human, judge = drawn.drawn(random, n, experts)
        poor = human <= settings.low
        values = (
            np.ones_like(human),
            human,
            judge,
            human**2,
            judge**2,
            human * judge,
            poor & (judge >= settings.high),
            poor,
        )
        place = np.arange(start, start + n) % _CLUSTERS
        for at, value in enumerate(values):
            for cluster in range(min(n, _CLUSTERS)):
                total[at, 0, :, :, place[cluster]] += value[..., cluster::_CLUSTERS].sum(-1)


def _evidence(total: np.ndarray) -> Evidence:
    """Lay sums out as those of one judge on as many attributes as there are studies."""
    studies, systems = (tuple(map(str, range(size))) for size in total.shape[2:4])
    return Evidence(Sums(("judge",), studies, systems, total[:6]), total[6:])
