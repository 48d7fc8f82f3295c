"""Whether a plan keeps what it promises: ``python tests/bench/plan.py [--output]``, nominal against actual.

Made pilot studies are given to the product's own planning; studies of the planned number of items are then drawn from
the same systems, judge and experts, and the product's own rules say how wide their intervals are and what the verdicts.
Systems, judges and experts are those of ``tests/bench/operating.py``, which has other components than the planning
takes ratings apart into: levels and errors are cut to whole ratings from 1 to 5 at equal distances.

The estimates afterwards (``weighted``) are simulated too: replies drawn by the judge's score with unequal
probabilities, and whether intervals of the weighted figures hold those of all replies. ``--output`` writes both tables
into ``docs/planning.md``.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis.bias.weighted import weighted_table
from analysis.decisions.aim import Aim
from analysis.decisions.plan import plans
from analysis.decisions.power import NARROWED
from analysis.decisions.verdicts import CHECKED, SUPPORTED, UNSUPPORTED, criteria_of, verdict_table
from analysis.ratings.settings import Settings
from data.judging.replies import Reply
from data.mentalalign import STUDY
from data.sampling.drawing import drawn
from tests.bench.operating import Made, Systems, evidence_of, seeded, systems_of
from tests.bench.simulated.ratings import pairs_of

OUTPUT = Path(__file__).parents[2] / "docs" / "planning.md"
HEADING = "## Nominal against actual"
# Pilots that a plan is made from, and their items: one that leaves little to chance, and some that people would make.
KNOWN, SMALL = (1, 5_000), (8, 300)
STUDIES, TOGETHER = 400, 50
RESAMPLES = 1000
POWER = 0.8
# Replies are drawn from those of so many items, and so many of them.
POPULATION, DRAWN, WEIGHTED = 1_000, 400, 1_000
# Of what experts see each by himself.
ALONE = 0.4
_SETTINGS = Settings.of(STUDY, resamples=RESAMPLES)
_REACHED = {SUPPORTED: (SUPPORTED,), CHECKED: (CHECKED, SUPPORTED), UNSUPPORTED: (UNSUPPORTED,)}


@dataclass(frozen=True)
class Scenario:
    """A judge, the use that it is planned for, the width, and how many experts rate a reply; 0: they are one rating."""

    said: str
    made: Made
    use: str
    width: float
    experts: int = 0


SCENARIOS = (
    Scenario("good", Made(error=0.5), "reply", 0.05),
    Scenario("middling error", Made(error=1.2), "reply", 0.1),
    Scenario("unfit", Made(error=2.3), "reply", 0.2),
    Scenario("good", Made(error=0.5), "score", 0.15),
    Scenario("bias of 0.35", Made(bias=0.35), "score", 0.4),
    Scenario("bias of 0.7", Made(bias=0.7), "score", 0.4),
    Scenario("good", Made(error=0.5), "rank", 0.1),
    Scenario("good, 1 expert of each reply", Made(error=0.5), "reply", 0.05, 1),
    Scenario("good, 2 experts of each reply", Made(error=0.5), "reply", 0.05, 2),
    Scenario("good, 3 experts of each reply", Made(error=0.5), "reply", 0.05, 3),
)


def rated(
    random: np.random.Generator, made: Made, systems: Systems, items: int, experts: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rate replies by experts (experts, studies, systems, items) and by the judge (studies, systems, items)."""
    shape = (*systems.level.shape[:2], items)
    seen = systems.level + random.normal(0, 1, shape)
    judged = 3 + (seen - 3) * (1 - made.narrowing) + systems.shift + random.normal(0, 1, shape) * made.error
    alone = ALONE if experts else 0.0
    human = np.stack([seen + alone * random.normal(0, 1, shape) for _ in range(max(experts, 1))])
    return np.clip(np.rint(human), 1, 5), np.clip(np.rint(judged), 1, 5)


def single_of(human: np.ndarray) -> pd.DataFrame:
    """Lay single experts' ratings out as :func:`analysis.ratings.experts.single_experts` does."""
    parts = [pairs_of(each, each).assign(expert=f"expert {place}") for place, each in enumerate(human)]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(expert=frame["expert"].astype("category"))[
        ["expert", "model", "attribute", "cluster", "rating"]
    ]


def kept(scenario: Scenario, pilots: int, items: int) -> dict[str, float]:
    """Return what was planned from pilots of so many items, and what studies carried out so came to; over pilots."""
    made, aim = scenario.made, Aim(scenario.use, scenario.width, POWER, scenario.experts or None)
    random, systems = seeded("plan", scenario, items), systems_of(seeded("systems of plans"), made, 1)
    of_pilots, of_studies = (
        Systems(*(np.broadcast_to(each, (n, *each.shape[1:])) for each in (systems.level, systems.shift)))
        for n in (pilots, TOGETHER)
    )
    # A pilot has three experts, whatever number is planned.
    human, judge = rated(random, made, of_pilots, items, 3 if scenario.experts else 0)
    single = single_of(human) if scenario.experts else None
    table = plans(pairs_of(human.mean(0), judge), single, _SETTINGS, aim).table
    found = [_carried_out(random, scenario, of_studies, row, STUDIES // pilots) for _, row in table.iterrows()]
    width, power = np.nanmean(found, axis=0)
    return {
        "figure": float(table["figure_planned"].median()),
        "for_width": float(table["items_for_width"].median()),
        "for_power": float(table["items_for_power"].median()),
        "width": width,
        "power": power,
    }


def _carried_out(
    random: np.random.Generator, scenario: Scenario, systems: Systems, row: pd.Series, studies: int
) -> tuple[float, float]:
    """Return the share of studies with no wider an interval, and with the verdict, at the items that each takes."""
    if row["aim"] not in _REACHED or row[["items_for_width", "items_for_power"]].isna().any():
        return np.nan, np.nan
    shares = []
    for place, name in enumerate(("items_for_width", "items_for_power")):
        rounds = max(1, studies // TOGETHER)
        found = [_kept(random, scenario, systems, row, items=int(row[name])) for _ in range(rounds)]
        shares.append(float(np.mean([each[place] for each in found])))
    return shares[0], shares[1]


def _kept(
    random: np.random.Generator, scenario: Scenario, systems: Systems, row: pd.Series, *, items: int
) -> tuple[pd.Series, pd.Series]:
    """Draw studies, and tell which have no wider an interval than planned, and which the verdict planned for."""
    human, judge = rated(random, scenario.made, systems, items, scenario.experts)
    criteria = criteria_of(evidence_of(human.mean(0), judge, _SETTINGS), _SETTINGS)
    criteria = criteria[criteria["use"] == scenario.use]
    planned = criteria[criteria["criterion"] == NARROWED[scenario.use]]
    narrow = planned["value_high"] - planned["value_low"] <= scenario.width + 1e-9
    return narrow, verdict_table(criteria, _SETTINGS)["verdict"].isin(_REACHED[row["aim"]])


@dataclass(frozen=True)
class Held:
    """A weighted figure: its truth among all replies, its mean over draws, the sample's without weights, coverage."""

    figure: str
    truth: float
    plain: float
    estimate: float
    held: float


def weighted_coverage(simulations: int = WEIGHTED) -> list[Held]:
    """Draw replies by a judge's score again and again, and tell how often intervals hold the figures of all replies."""
    random = seeded("weighted")
    made = Made(bias=0.3, error=1.0)
    systems = systems_of(random, made, 1)
    human, judge = (each.squeeze() for each in rated(random, made, systems, POPULATION, 0))
    poor = human <= _SETTINGS.low
    truth = {
        "weighted_bias": (judge - human).mean(),
        "weighted_mean": human.mean(),
        "weighted_reassurance": (poor & (judge >= _SETTINGS.high)).sum() / poor.sum(),
        "difference_mean": human.mean(),
    }
    every = pairs_of(human[None], judge[None])
    replies = [
        Reply(str(item), str(system), "", "") for item, system in zip(every["cluster"], every["model"], strict=True)
    ]
    index = pd.MultiIndex.from_arrays([[each.item for each in replies], [each.system for each in replies]])
    score = pd.Series(every["rating"].to_numpy(), index=index)
    place = pd.Series(range(len(every)), index=index)
    tables = []
    for seed in range(simulations):
        chosen = drawn(replies, score, DRAWN, seed)
        at = place.loc[pd.MultiIndex.from_frame(chosen[["item", "system"]])].to_numpy()
        paired = every.iloc[at].assign(cluster=lambda frame: frame["cluster"].cat.remove_unused_categories())
        weights = pd.Series(1 / chosen["probability"].to_numpy(), index=paired.index)
        alone = every.drop(index=every.index[at])
        tables.append(weighted_table(paired, weights, alone, _SETTINGS).assign(plain_mean=paired["human"].mean()))
    found = pd.concat(tables)
    plain = {"weighted_bias": found["unweighted_bias"].mean(), "weighted_mean": found["plain_mean"].mean()}
    return [
        Held(
            name,
            float(value),
            float(plain.get(name, np.nan)),
            float(found[name].mean()),
            float(found[f"{name}_low"].le(value).mul(found[f"{name}_high"].ge(value)).mean()),
        )
        for name, value in truth.items()
    ]


def lines() -> Iterator[str]:
    """Write a line of the table for each scenario."""
    for each in SCENARIOS:
        known, small = (kept(each, *pilots) for pilots in (KNOWN, SMALL))
        yield (
            f"| {each.said} | {each.use} | {known['figure']:.2f} | {each.width:g} | {known['for_width']:,.0f} | "
            f"{100 * known['width']:.0f} | {100 * small['width']:.0f} | {known['for_power']:,.0f} | "
            f"{100 * known['power']:.0f} | {100 * small['power']:.0f} |"
        )


def weighted_lines() -> Iterator[str]:
    """Write a line of the table for each weighted figure."""
    for each in weighted_coverage():
        plain = "" if np.isnan(each.plain) else f"{each.plain:.2f}"
        yield f"| `{each.figure}` | {each.truth:.2f} | {each.estimate:.2f} | {plain} | {100 * each.held:.1f} |"


def markdown() -> str:
    """Write both tables, with what they are of."""
    heads = ["judge", "use", "figure", "width", "items for it", "kept", "kept, small pilots"]
    heads += ["items for the verdict", "reached", "reached, small pilots"]
    weighted = ["figure", "of all replies", "mean of the estimates", "without weights", "intervals that hold, of 100"]
    planned = (
        f"Nominal is {100 * POWER:.0f} of 100. Plans are made from a pilot of {KNOWN[1]:,} items with 9 systems, which "
        f"leaves little to chance,\nand from {SMALL[0]} pilots of {SMALL[1]}; about {STUDIES} studies are then carried "
        f"out with the items planned, and the shares of 100\nwhich keep the width and reach the verdict are counted "
        f"(Monte-Carlo standard error {100 * np.sqrt(POWER * (1 - POWER) / STUDIES):.0f}). Written by\n"
        "`python tests/bench/plan.py --output`."
    )
    sampled = (
        "A verdict on single replies waits for 50 poor replies, and most studies have them at once: shares then jump "
        f"past nominal.\n\n{WEIGHTED:,} times {DRAWN} of {9 * POPULATION:,} replies are drawn by the judge's rating "
        "(even allocation); intervals are of 95%."
    )
    of_plans, of_draws = _table(heads, lines()), _table(weighted, weighted_lines())
    return "\n".join([HEADING, "", planned, "", *of_plans, "", sampled, "", *of_draws, ""])


def _table(heads: list[str], rows: Iterator[str]) -> list[str]:
    return [f"| {' | '.join(heads)} |", f"|{'|'.join(['---'] * len(heads))}|", *rows]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", action="store_true", help=f"write them into docs/{OUTPUT.name} instead of printing")
    if parser.parse_args().output:
        before = OUTPUT.read_text(encoding="utf-8").partition(HEADING)[0]
        OUTPUT.write_text(before + markdown(), encoding="utf-8")
    else:
        print(markdown())
