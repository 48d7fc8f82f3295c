"""Every choice an analysis makes, in one frozen dataclass, with the two presets."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, cast, get_args

from data.study import PANEL, Rule, Scale, Study

Preset = Literal["recommended", "paper"]
RatingPolicy = Literal["as-released", "valid"]
Level = Literal["model", "response"]
ContextPolicy = Literal["kept", "left-out"]
RepeatPolicy = Literal["kept", "left-out"]
Exclusion = Literal["none", "own", "family"]
Original = Literal["counted", "left-out"]
Interval = Literal["bootstrap-models", "bootstrap-conversations", "bootstrap-both", "exact-f"]
Multiplicity = Literal["none", "holm"]
Discard = Literal["nothing", "outside-0-1"]
Readings = Literal["paper-tiers", "koo-li"]

CHOICES: dict[str, tuple[str, ...]] = {
    "preset": get_args(Preset),
    "level": get_args(Level),
    "ratings": get_args(RatingPolicy),
    "repeated": get_args(RepeatPolicy),
    "contexts": get_args(ContextPolicy),
    "exclude": get_args(Exclusion),
    "original": get_args(Original),
    "interval": get_args(Interval),
    "discard": get_args(Discard),
    "multiplicity": get_args(Multiplicity),
}

RESAMPLES_ALLOWED = range(1, 100_001)
SEEDS_ALLOWED = range(2**32)
# How many seeds a printed interval is compared with: it lies beyond the furthest of 200 in about 1 of 100 cases.
SEEDS_TRIED = 200
CONFIDENCE = 0.95

_PRESETS: dict[str, dict[str, Any]] = {
    "paper": {
        "ratings": "as-released",
        "contexts": "kept",
        "exclude": "own",
        "original": "counted",
        "resamples": 1000,
    },
    "recommended": {
        "ratings": "valid",
        "contexts": "left-out",
        "exclude": "own",
        "original": "counted",
        "resamples": 2000,
    },
}
# Choices that no preset differs in.
_COMMON: dict[str, Any] = {
    "repeated": "left-out",
    "discard": "nothing",
    "multiplicity": "none",
    "seed": 0,
    "icc_supported": 0.75,
    "icc_checked": 0.5,
    "reassured_supported": 0.1,
    "reassured_checked": 0.25,
    "epsilon": 0.2,
}
# What a reader judges by: no preset differs in them, and none is a choice of how a figure is made up from ratings.
LIMITS = (
    "margin",
    "loss_supported",
    "loss_checked",
    "low",
    "high",
    *(name for name in _COMMON if name not in ("seed", *CHOICES)),
)
# A plan: how many replies of a system the experts would rate, and how many more the judge alone. No preset differs in
# it, and no figure of the ratings at hand depends on it.
_PLAN = {"labelled": 100, "unlabelled": 1000}
PLAN = tuple(_PLAN)
# Points as a part of the scale: a quarter of a point, and a tenth of one, where it has five.
_MARGIN = 1 / 16
_LOSS = 1 / 40
_INTERVAL: dict[tuple[str, str], Interval] = {
    ("paper", "model"): "bootstrap-models",
    ("recommended", "model"): "exact-f",
    ("paper", "response"): "bootstrap-conversations",
    ("recommended", "response"): "bootstrap-conversations",
}

LABELLED_ALLOWED = range(2, 1_000_001)
UNLABELLED_ALLOWED = range(1, 1_000_000_001)
_WHOLE_NUMBERS = {
    "resamples": RESAMPLES_ALLOWED,
    "seed": SEEDS_ALLOWED,
    "labelled": LABELLED_ALLOWED,
    "unlabelled": UNLABELLED_ALLOWED,
}
_SHARES = ("icc_supported", "icc_checked", "reassured_supported", "reassured_checked", "epsilon")


class SettingsError(ValueError):
    """A choice that does not exist; the message names it and what is allowed."""


@dataclass(frozen=True)
class Settings:
    """The choices behind a table; make one with :meth:`of`.

    Attributes
    ----------
    preset
        Where the choices that were not made by hand come from.
    level
        ``model``: targets are models, each rating a mean over conversations. ``response``: targets are single replies.
    ratings
        ``as-released`` keeps every number; ``valid`` keeps those on the scale and recovers malformed cells.
    repeated
        What becomes of conversations whose row in the experts' file is a copy of another's.
    contexts
        What becomes of conversations that are another in the judge's file than in the experts'.
    exclude
        Which models a judge is not compared on: none, its own, or all of its maker's.
    original
        Whether replies that people wrote count as one of the models.
    interval
        How intervals of the ICC are made.
    resamples, seed
        Of the bootstrap.
    discard
        Which bootstrap values of an ICC are discarded: none, or those outside [0, 1], as the study's own script does.
    multiplicity
        Whether verdicts and tests allow for how many are looked at: not, or by Holm's procedure over those on screen.
    margin
        The bias, in points of the scale, below which a judge's scores count as equivalent to the experts'.
    loss_supported, loss_checked
        What may be lost, in points by the experts, where a judge chooses among systems, for the use to be supported,
        and with human checks.
    low, high
        False reassurance: the experts rate a reply ``low`` or less, the judge ``high`` or more.
    icc_supported, icc_checked
        What the lower end of an ICC's interval must reach for a use to be supported, and for a use with human checks.
    reassured_supported, reassured_checked
        The share of false reassurance (0-1) that the upper end of its interval must not pass for the same.
    labelled, unlabelled
        A plan: how many replies of a system the experts rate, and how many more of it the judge alone.
    epsilon
        The alternative annotator test: how much less often (0-1) a judge may be at least as near to the other experts
        as the expert that it would replace.
    """

    preset: Preset
    level: Level
    ratings: RatingPolicy
    repeated: RepeatPolicy
    contexts: ContextPolicy
    exclude: Exclusion
    original: Original
    interval: Interval
    resamples: int
    seed: int
    discard: Discard
    multiplicity: Multiplicity
    margin: float
    loss_supported: float
    loss_checked: float
    low: float
    high: float
    icc_supported: float
    icc_checked: float
    reassured_supported: float
    reassured_checked: float
    epsilon: float
    labelled: int = _PLAN["labelled"]
    unlabelled: int = _PLAN["unlabelled"]

    @classmethod
    def of(cls, study: Study, preset: str = "recommended", level: str = "model", **choices: Any) -> "Settings":
        """Take a preset and change it by the choices that are not None.

        The scale of the study says what counts as poor, as good and as a bias that does not matter, unless that is
        chosen. The preset ``paper`` is the procedure of a published study, for that study alone.

        The interval follows preset and level when it is not chosen. Replies to one message are dependent, so at
        response level both presets resample conversations; the paper gives no interval there.

        Raises
        ------
        SettingsError
            A choice is not among those allowed.
        """
        if preset == "paper" and not study.published:
            raise SettingsError(
                "preset: 'paper' is the procedure of the published study, and this is another; allowed is recommended"
            )
        _check("preset", preset)
        _check("level", level)
        made = {name: value for name, value in choices.items() if value is not None}
        scale = study.scale
        usual = {
            "margin": _MARGIN * scale.width,
            "loss_supported": round(_LOSS * scale.width, 9),
            "loss_checked": _MARGIN * scale.width,
            "low": scale.poor,
            "high": scale.good,
        }
        settings = {**_PRESETS[preset], **_COMMON, **_PLAN, **usual, "interval": _INTERVAL[preset, level], **made}
        for name in CHOICES.keys() & settings.keys():
            _check(name, settings[name])
        _check_numbers(scale, settings)
        return cls(**{"preset": preset, "level": level, **settings})

    def at(self, level: str) -> "Settings":
        """Give these settings at a level; where that is another one, with the interval of the preset there."""
        if level == self.level:
            return self
        return replace(self, level=cast(Level, level), interval=_INTERVAL[self.preset, level])

    def but(self, **choices: Any) -> "Settings":
        """Return these settings with other values of some choices, which are allowed ones."""
        return replace(self, **choices)

    @property
    def limits(self) -> dict[str, Any]:
        """What a reader judges by, as :meth:`of` takes it."""
        return {name: getattr(self, name) for name in LIMITS}

    @property
    def readings(self) -> Readings:
        """What intervals are read by.

        The paper's tiers cut the widths of its own intervals: model level, resampled over models. On any other interval
        they mean nothing, and Koo & Li's bands are used.
        """
        on_the_papers_ground = self.level == "model" and self.interval == "bootstrap-models"
        return "paper-tiers" if self.preset == "paper" and on_the_papers_ground else "koo-li"

    def differences_to(self, other: "Settings") -> dict[str, tuple[object, object]]:
        """Choices in which two settings differ, as name to (this one's, the other's)."""
        pairs = {field.name: (getattr(self, field.name), getattr(other, field.name)) for field in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and name != "preset"}


# Every choice by name; the preset is where those come from that are not made.
SETTINGS = tuple(each.name for each in fields(Settings) if each.name != "preset")


@dataclass(frozen=True)
class Selection:
    """The subset on show: judges, models and attributes by key, each in the study's order; make one with :meth:`of`.

    ``panel`` names the members of a panel of judges, which counts as one more judge; ``rule`` combines their ratings.
    """

    judges: tuple[str, ...]
    models: tuple[str, ...]
    attributes: tuple[str, ...]
    panel: tuple[str, ...] = ()
    rule: Rule = "mean"

    @classmethod
    def of(
        cls, study: Study, judges: Iterable[str] = (), models: Iterable[str] = (), attributes: Iterable[str] = ()
    ) -> "Selection":
        """Choose some of a study; where nothing is chosen it is all.

        Raises
        ------
        SettingsError
            The study has no such judge, model or attribute.
        """
        return cls(
            _chosen("judge", judges, study.judge_keys),
            _chosen("model", models, study.system_keys),
            _chosen("attribute", attributes, study.attribute_names),
        )

    def with_panel(self, study: Study, members: Iterable[str], rule: Rule) -> "Selection":
        """Give the selection with a panel of judges; with none where it has no members.

        Raises
        ------
        SettingsError
            The study has no such judge, or the rule does not exist.
        """
        _check("rule", rule, tuple(PANEL))
        chosen = tuple(members)
        return replace(self, panel=_chosen("panel", chosen, study.judge_keys) if chosen else (), rule=rule)

    @property
    def every_judge(self) -> tuple[str, ...]:
        """The judges, and last the panel if there is one."""
        return (*self.judges, PANEL[self.rule]) if self.panel else self.judges

    def of_judge(self, judge: str) -> "Selection":
        """Give the selection with one judge (or the panel) only."""
        judges = (judge,) if judge in self.judges else ()
        return replace(self, judges=judges, panel=() if judges else self.panel)

    def of_attribute(self, attribute: str) -> "Selection":
        """Give the selection with one attribute only."""
        return replace(self, attributes=(attribute,))

    def cell(self, judge: str, attribute: str) -> "Selection":
        """Give the selection with one judge (or the panel) and one attribute only."""
        return self.of_judge(judge).of_attribute(attribute)

    @property
    def members(self) -> tuple[str, ...]:
        """Who would sit on a panel: the chosen panel, or else the judges."""
        return self.panel or self.judges


def resamples_of(preset: Preset) -> int:
    """Return how many resamples a preset draws, of any study."""
    return int(_PRESETS[preset]["resamples"])


def presets_of(study: Study) -> tuple[str, ...]:
    """Return the presets that a study can be looked at under: the paper's procedure is for the study of the paper."""
    return tuple(name for name in CHOICES["preset"] if name != "paper" or study.published)


def _chosen(name: str, asked: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = list(asked)
    for key in wanted:
        _check(name, key, known)
    return tuple(key for key in known if key in wanted) if wanted else known


def _check_numbers(scale: Scale, settings: dict[str, Any]) -> None:
    for name, allowed in _WHOLE_NUMBERS.items():
        if settings[name] not in allowed:
            raise SettingsError(
                f"{name}: {settings[name]!r} is not allowed; allowed are whole numbers from "
                f"{allowed.start:,} to {allowed.stop - 1:,}"
            )
    for name in ("margin", "loss_supported", "loss_checked"):
        if not 0 < settings[name] <= scale.width:
            raise SettingsError(
                f"{name}: {settings[name]!r} is not allowed; allowed are numbers above 0, up to {scale.width:g}"
            )
    for name in ("low", "high"):
        if not scale.low <= settings[name] <= scale.high:
            ends = f"{scale.low:g} to {scale.high:g}"
            raise SettingsError(f"{name}: {settings[name]:g} is not allowed; allowed are ratings from {ends}")
    if settings["low"] >= settings["high"]:
        raise SettingsError(
            f"low: {settings['low']:g} is not allowed with high {settings['high']:g}; allowed are ratings below it"
        )
    for name in _SHARES:
        if not 0 < settings[name] < 1:
            raise SettingsError(f"{name}: {settings[name]!r} is not allowed; allowed are numbers between 0 and 1")
    for name, other in (
        ("icc_checked", "icc_supported"),
        ("loss_supported", "loss_checked"),
        ("reassured_supported", "reassured_checked"),
    ):
        if settings[name] >= settings[other]:
            raise SettingsError(
                f"{name}: {settings[name]!r} is not allowed with {other} {settings[other]!r}; "
                "allowed are numbers below it"
            )


def _check(name: str, value: object, allowed: tuple[str, ...] | None = None) -> None:
    known = CHOICES[name] if allowed is None else allowed
    if value not in known:
        raise SettingsError(f"{name}: {value!r} is not known; allowed are {', '.join(known)}")
