"""Intervals of tables of several experts, who stay the same, and of figures under an assumed reliability."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.agreement import attenuation, experts, left_out_expert
from analysis.column import Column
from analysis.decisions import annotator_test
from analysis.ratings.settings import Settings
from tests.bench.simulated.line import Line, seeded
from tests.bench.simulated.ratings import SYSTEMS, WORLDS, World, pairs_of, rated, said
from tests.bench.simulated.replies import FEW
from tests.bench.simulated.several import CONVERSATIONS, FEWER, SIMULATIONS, TOGETHER, lines_of, settings_of

EXPERTS = ("expert 0", "expert 1", "expert 2")
RELIABILITY = 0.8
DECLARED: dict[str, tuple[Column, ...]] = {
    "experts": experts.DECLARED,
    "left-out": left_out_expert.DECLARED,
    "annotator-test": annotator_test.DECLARED,
    "annotator-test by expert": annotator_test.DETAILS,
    "attenuation": attenuation.DECLARED,
}


def of_experts() -> Iterator[Line]:
    """Three experts of different kindness, and a judge."""
    steps = np.linspace(-0.3, 0.3, SYSTEMS)
    for known in WORLDS:
        world = World.of(known.name, known.human, -steps, np.zeros(SYSTEMS), steps - 0.3, steps)
        truth = _tables(seeded("experts", world.name), world, FEWER, 1, settings_of(0, resamples=2))
        for conversations in (FEW, *CONVERSATIONS):
            random = seeded("experts", world.name, conversations)
            made = [
                _tables(random, world, conversations, TOGETHER, settings_of(seed))
                for seed in range(SIMULATIONS // TOGETHER)
            ]
            for name, declared in DECLARED.items():
                rows = pd.concat([tables[name] for tables in made])
                yield from lines_of(name, declared, rows, truth[name], f"{said(world, conversations)}, three experts")


def _tables(
    random: np.random.Generator, world: World, conversations: int, simulations: int, settings: Settings
) -> dict[str, pd.DataFrame]:
    _, raters = rated(random, world, simulations, conversations)
    frame = pairs_of(raters[:-1].mean(0), raters[-1])
    parts = [
        pairs_of(each, each).assign(expert=pd.Categorical([name] * each.size, EXPERTS))
        for name, each in zip(EXPERTS, raters[:-1], strict=True)
    ]
    single = pd.concat(parts, ignore_index=True)
    beside, by_expert = (
        make(single, frame, settings)
        for make in (left_out_expert.left_out_table, annotator_test.annotator_test_by_expert)
    )
    assumed = attenuation.attenuation_table(frame, settings)
    return {
        "experts": experts.expert_table(single, settings),
        "left-out": beside[beside["expert"] == EXPERTS[0]],
        "annotator-test": annotator_test.annotator_test(single, frame, settings),
        "annotator-test by expert": by_expert[by_expert["expert"] == EXPERTS[0]],
        "attenuation": assumed[assumed["assumed_reliability"] == RELIABILITY],
    }
