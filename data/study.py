"""A study: everything that is known of it beside its ratings.

Every module asks the study that travels with the ratings; none knows by itself which judges, attributes, systems or
points of a scale there are.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from data.names import plain_name

# The rater that the experts are: their one rating of a reply, or the mean of several experts' ratings.
HUMAN = "human"

Rule = Literal["mean", "median", "majority"]
# What a panel of judges is called, by the rule that combines its members' ratings.
PANEL: dict[str, str] = {rule: f"panel-{rule}" for rule in get_args(Rule)}

# What stands for all systems together where a table has rows of each, too.
ALL_SYSTEMS = "all"

# Sums of a step may miss a point of the scale by rounding, and by no more.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Scale:
    """What a rating can be: from ``low`` to ``high`` by ``step``.

    Attributes
    ----------
    poor
        A reply that the experts rate so, or lower, is poor; a quarter up the scale unless the study says otherwise.
    good
        A judge that rates a reply so, or higher, reassures; a quarter down the scale unless the study says otherwise.
    """

    low: float
    high: float
    poor: float
    good: float
    step: float = 1.0

    @classmethod
    def of(
        cls, low: float, high: float, *, poor: float | None = None, good: float | None = None, step: float = 1.0
    ) -> "Scale":
        """Make a scale; what is not given is a quarter of it away from either end."""
        quarter = (high - low) / 4
        return cls(low, high, low + quarter if poor is None else poor, high - quarter if good is None else good, step)

    @cached_property
    def values(self) -> tuple[float, ...]:
        """Every rating that can be given, ascending."""
        points = math.floor((self.high - self.low) / self.step + ROUNDING)
        return tuple(round(self.low + place * self.step, 9) for place in range(points + 1))

    def top(self, ratings: np.ndarray) -> np.ndarray:
        """Return which ratings are the top rating: at the high end of the scale, or above it as released."""
        return np.asarray(ratings) >= self.high

    @property
    def width(self) -> float:
        """How far its ends are apart."""
        return self.high - self.low

    @property
    def whole(self) -> bool:
        """Whether all its points are whole numbers."""
        return float(self.low).is_integer() and float(self.step).is_integer()

    @property
    def label(self) -> str:
        """Its ends: ``1-5``, ``-3 to 3``."""
        return f"{self.low:g} to {self.high:g}" if self.low < 0 else f"{self.low:g}-{self.high:g}"

    @property
    def points(self) -> str:
        """What is allowed, in words: ``whole numbers from 1 to 5``, ``numbers from 1 to 5 in steps of 0.5``."""
        ends = f"from {self.low:g} to {self.high:g}"
        return f"whole numbers {ends}" if self.whole and self.step == 1 else f"numbers {ends} in steps of {self.step:g}"

    def holds(self, ratings: np.ndarray) -> np.ndarray:
        """Mark the ratings that are on the scale; NaN is not."""
        steps = (ratings - self.low) / self.step
        with np.errstate(invalid="ignore"):
            on_a_point = np.abs(steps - np.rint(steps)) < ROUNDING
            return on_a_point & (ratings >= self.low - ROUNDING) & (ratings <= self.high + ROUNDING)


@dataclass(frozen=True)
class Noun:
    """What one of several things is called, and several of them."""

    one: str
    many: str


@dataclass(frozen=True)
class Attribute:
    """A rated attribute: its name, what it asks of a reply, and what replies rated low and high on it are called."""

    name: str
    meaning: str = ""
    poor: str = "poor"
    good: str = "good"


@dataclass(frozen=True)
class Group:
    """A score: the plain mean of the means of its attributes."""

    key: str
    label: str
    attributes: tuple[str, ...]
    name: str = ""

    @property
    def meaning(self) -> str:
        """What it is, in a line: its name and its attributes."""
        return f"{self.name or self.label}: {', '.join(self.attributes)}"


@dataclass(frozen=True)
class System:
    """An author of replies; ``by_people`` marks people, ``access`` of a model is ``closed``, ``open`` or empty."""

    key: str
    label: str
    maker: str = ""
    access: str = ""
    by_people: bool = False


@dataclass(frozen=True)
class Judge:
    """A judge; ``own`` are the systems that it is not compared on, because they are its own."""

    key: str
    label: str
    maker: str = ""
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """What a study printed of its own ratings.

    Attributes
    ----------
    folder
        Below ``data/published``.
    judges, systems
        Whom the printed figures are of: what the tables call them, and their keys; who is rated beside them is not in.
    attributes
        What they are on.
    """

    folder: str
    judges: tuple[tuple[str, str], ...]
    systems: tuple[tuple[str, str], ...]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """Everything that is known of one study beside its ratings.

    Attributes
    ----------
    key, title
        What the study is called in files and addresses, and in sentences.
    scale
        What a rating can be.
    attributes, systems, judges
        What was rated, who wrote the replies, and who judged them, in the order that every table and chart keeps.
    experts
        The raters whose mean is the reference; one of them where the study has one pooled rating, or one expert.
    pooled
        Whether the one rating stands for several experts who are not told apart.
    groups
        Scores made of attributes.
    item
        What the replies answer: conversations, cases, questions.
    headlines
        The attributes that summaries name: on which a wrong rating does most harm, and on which judges are kindest.
    published
        The study's own printed tables, if it has any.
    reference, licence
        How the study is cited, and what its ratings may be used for; empty where nothing is known.
    """

    key: str
    title: str
    scale: Scale
    attributes: tuple[Attribute, ...]
    systems: tuple[System, ...]
    judges: tuple[Judge, ...]
    experts: tuple[str, ...] = (HUMAN,)
    pooled: bool = False
    groups: tuple[Group, ...] = ()
    item: Noun = Noun("item", "items")
    headlines: tuple[str, ...] = ()
    published: Published | None = None
    reference: str = ""
    licence: str = ""

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """The names of the attributes."""
        return tuple(attribute.name for attribute in self.attributes)

    @cached_property
    def system_keys(self) -> tuple[str, ...]:
        """The keys of the systems."""
        return tuple(system.key for system in self.systems)

    @cached_property
    def judge_keys(self) -> tuple[str, ...]:
        """The keys of the judges."""
        return tuple(judge.key for judge in self.judges)

    @property
    def raters(self) -> tuple[str, ...]:
        """The experts as one rater, and the judges, by key."""
        return (HUMAN, *self.judge_keys)

    @cached_property
    def rater_labels(self) -> dict[str, str]:
        """What every rater is called, by key: the experts, the judges, and the panels that judges can form."""
        panels = {key: f"Panel ({rule})" for rule, key in PANEL.items()}
        judges = {judge.key: plain_name(judge.label) for judge in self.judges}
        return {HUMAN: "Human experts", **judges, **panels}

    @cached_property
    def expert_labels(self) -> dict[str, str]:
        """What every expert is called, by key."""
        return {expert: plain_name(expert) for expert in self.experts}

    @cached_property
    def system_labels(self) -> dict[str, str]:
        """What every system is called, by key."""
        return {system.key: plain_name(system.label) for system in self.systems}

    @cached_property
    def by_people(self) -> frozenset[str]:
        """The systems whose replies people wrote."""
        return frozenset(system.key for system in self.systems if system.by_people)

    @property
    def harmful(self) -> str:
        """The attribute on which a wrong rating does most harm: the first of the headlines, or of all."""
        return (*self.headlines, *self.attribute_names)[0]

    @property
    def kindest(self) -> str:
        """The attribute that summaries of inflation name: the last of the headlines, or the first of all."""
        return self.headlines[-1] if self.headlines else self.attribute_names[0]

    def rater(self, key: object) -> str:
        """Return what a rater is called."""
        return self.rater_labels[str(key)]

    def expert(self, key: object) -> str:
        """Return what an expert is called."""
        return self.expert_labels[str(key)]

    def system(self, key: object) -> str:
        """Return what a system is called."""
        return self.system_labels[str(key)]

    def judge(self, key: str) -> Judge | None:
        """Return a judge; None for the experts and for panels."""
        return next((judge for judge in self.judges if judge.key == key), None)

    def attribute(self, name: str) -> Attribute:
        """Return an attribute."""
        return next(attribute for attribute in self.attributes if attribute.name == name)

    def access(self, key: str) -> str:
        """Return how a system's replies came about: closed or open models, or people."""
        system = next(system for system in self.systems if system.key == key)
        return "human" if system.by_people else system.access

    def family(self, judge: Judge) -> frozenset[str]:
        """Return the systems of a judge's own maker, its own among them; a maker that is not known has none."""
        of_maker = {system.key for system in self.systems if judge.maker and system.maker == judge.maker}
        return frozenset(of_maker | set(judge.own))

    def group_of(self, attribute: str) -> str:
        """Return the labels of the groups that an attribute belongs to; empty where there is none."""
        return ", ".join(group.label for group in self.groups if attribute in group.attributes)

    @property
    def unjudged(self) -> str:
        """What stands against comparing judges with experts, in a sentence; empty where there is a judge."""
        if self.judges:
            return ""
        return (
            f"{self.title} has the experts' ratings only, and at least one judge is needed; add one (--add-judge FILE, "
            "or MENTALBENCH_JUDGES=FILE for the dashboard), or let a model rate the replies: python -m data judge"
        )

    def with_judges(self, keys: Iterable[str]) -> "Study":
        """Return the study with only these judges, in its order."""
        kept = set(keys)
        return replace(self, judges=tuple(judge for judge in self.judges if judge.key in kept))

    def counted(self, number: int) -> str:
        """Count items: ``1 conversation``, ``1,000 conversations``."""
        return f"{number:,} {self.item.one if number == 1 else self.item.many}"
