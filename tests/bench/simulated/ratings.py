"""Ratings 1-5 by experts and judges, alike within conversations, of systems whose levels are known."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.mentalalign import STUDY
from data.study import Attribute, Judge, Study, System

SYSTEMS = 9
TOGETHER = 50
BLOCK = 20
# Conversations whose ratings give the true value where no formula does.
ENDLESS = 200_000
# What a judge adds to each system's replies beside its kindness.
_OFF = np.array([0.15, -0.1, 0.0, -0.2, 0.1, 0.0, -0.15, 0.2, -0.2])
KINDNESS = 0.4
# Standard deviations: what both raters see in a reply and in a conversation, and what each sees alone.
REPLY, CONVERSATION, ALONE = 0.6, 0.4, 0.6


@dataclass(frozen=True)
class World:
    """Levels of the systems, by the experts and by each judge, before ratings are rounded."""

    name: str
    human: np.ndarray
    judges: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, name: str, levels: np.ndarray, *off: np.ndarray) -> "World":
        """Make a world of judges that are kind by the same amount, and off by another for each system."""
        return cls(name, levels, tuple(levels + KINDNESS + each for each in off))


MIDDLE = World.of("ratings spread over the scale", np.linspace(2.8, 4.4, SYSTEMS), _OFF)
CEILING = World.of("ratings mostly at the top", np.linspace(4.6, 5.4, SYSTEMS), _OFF)
CLEAR = World.of("systems far apart, one order", np.linspace(2.4, 4.4, SYSTEMS), np.zeros(SYSTEMS))
TIES = World.of("systems nearly tied", np.linspace(3.6, 3.76, SYSTEMS), _OFF / 2)
# The judge puts first, by a hair, what the experts find worse by half a point.
_FIRSTS = np.array([*np.linspace(2.4, 3.4, SYSTEMS - 2), 3.7, 4.2])
COSTLY_TIE = World.of(
    "the judge's first two nearly tied, the experts' apart", _FIRSTS, np.where(_FIRSTS == 3.7, 0.52, 0.0)
)
WORLDS = (MIDDLE, CEILING)


def rated(
    random: np.random.Generator, world: World, simulations: int, conversations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rate replies: experts (simulations, systems, conversations), and judges with an axis more in front.

    Each rater has its own leaning on a conversation, so that differences within a conversation are alike.
    """
    shape = (simulations, SYSTEMS, conversations)
    seen = random.normal(0, REPLY, shape) + random.normal(0, CONVERSATION, (simulations, 1, conversations))

    def by(levels: np.ndarray) -> np.ndarray:
        leaning = random.normal(0, CONVERSATION, (simulations, 1, conversations))
        return whole(levels[:, None] + seen + leaning + random.normal(0, ALONE, shape))

    return by(world.human), np.stack([by(levels) for levels in world.judges])


def whole(seen: np.ndarray) -> np.ndarray:
    """Round to whole ratings from 1 to 5."""
    return np.clip(np.rint(seen), 1, 5)


def said(world: World, conversations: int, blocks: bool = False) -> str:
    """Say what was simulated."""
    what = f"{conversations:,} conversations"
    if blocks:
        what = f"{conversations // BLOCK} blocks of {BLOCK} conversations"
    return f"{what}, {world.name}"


def pairs_of(human: np.ndarray, judge: np.ndarray) -> pd.DataFrame:
    """Lay ratings out as :func:`analysis.ratings.pairs.pairs` does, simulations in place of attributes."""
    simulations, systems, conversations = human.shape
    attribute, model, cluster = (axis.ravel() for axis in np.indices(human.shape, dtype=np.int32))
    return pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(np.zeros(human.size, dtype=np.int8), ["judge"]),
            "model": pd.Categorical.from_codes(model, [f"system {place}" for place in range(systems)]),
            "attribute": pd.Categorical.from_codes(attribute, [f"study {place}" for place in range(simulations)]),
            "cluster": pd.Categorical.from_codes(cluster, range(conversations)),
            "n": 1.0,
            "human": human.ravel(),
            "rating": judge.ravel(),
        }
    )


def in_blocks(frame: pd.DataFrame) -> pd.DataFrame:
    """Take neighbouring conversations together, as a source does that gives no single ones."""
    return frame.assign(cluster=pd.Categorical(frame["cluster"].cat.codes.astype(int) // BLOCK))


def counts_of(human: np.ndarray, judges: np.ndarray, study: Study) -> pd.DataFrame:
    """Lay ratings of several judges out as :func:`data.counts.count_pairs` does."""
    frames = [pairs_of(human, judge) for judge in judges]
    counts = pd.concat(frames, ignore_index=True)
    judge = np.repeat(np.arange(len(judges), dtype=np.int8), len(frames[0]))
    return counts.assign(
        judge=pd.Categorical.from_codes(judge, list(study.judge_keys)),
        cluster=counts["cluster"].cat.codes.astype("int32"),
        human_valid=counts["human"],
        rating_valid=counts["rating"],
        different=False,
        repeated=False,
        partial=False,
    )


def study_of(judges: int, attributes: int) -> Study:
    """Make a study of 9 systems: the first two are by the first judge's maker, and the next one by each next one's."""
    makers = [0, *range(SYSTEMS - 1)]
    return replace(
        STUDY,
        key="simulated",
        systems=tuple(
            System(f"system {place}", f"System {place}", f"maker {maker}") for place, maker in enumerate(makers)
        ),
        judges=tuple(Judge(f"judge {place}", f"Judge {place}", f"maker {place}") for place in range(judges)),
        attributes=tuple(Attribute(f"study {place}") for place in range(attributes)),
        groups=(),
        headlines=(),
        published=None,
    )
