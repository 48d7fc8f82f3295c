"""Intervals of tables of several judges, of several attributes, of raters alone, and of lengths."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.agreement import multitrait
from analysis.bias import length_bias, self_preference
from analysis.column import Column
from analysis.decisions import panel, scores
from analysis.ratings.settings import Selection, Settings
from data.moments import COUNTS, FLAGS, moment_names
from data.study import ALL_SYSTEMS, Study
from tests.bench.simulated.line import Line, seeded
from tests.bench.simulated.models import RESAMPLES
from tests.bench.simulated.ratings import (
    ALONE,
    CONVERSATION,
    ENDLESS,
    KINDNESS,
    REPLY,
    SYSTEMS,
    WORLDS,
    World,
    counts_of,
    pairs_of,
    rated,
    said,
    study_of,
    whole,
)
from tests.bench.simulated.replies import SECTION, intervals_of

SIMULATIONS, TOGETHER = 1000, 25
CONVERSATIONS = (100, 1000)
# Ratings of four judges are many, so that the true value is from fewer.
FEWER = ENDLESS // 4
# Fewest conversations that slopes on length are given for, and more.
FEW_OR_MORE = (length_bias.FEWEST_CONVERSATIONS, 30, *CONVERSATIONS)
_LEVELS = {world.name: world.human for world in WORLDS}
_OWN = np.where(np.arange(SYSTEMS) < 2, 0.2, 0.0)
_NONE = np.zeros(SYSTEMS)
ATTRIBUTES = 4


def of_several(name: str, settings: Settings, counts: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Make a table of several judges, and keep the rows that intervals are counted of."""
    selection = Selection(study.judge_keys, study.system_keys, study.attribute_names)
    if name == "self-preference":
        every = settings.but(exclude="none")
        table = self_preference.self_preference_table(study, counts, every, selection)
        return table[table["judge"] == study.judge_keys[0]]
    table = panel.panel_table(study, counts, settings, replace(selection, panel=study.judge_keys))
    return table[table["rule"] == "mean"]


def of_judges() -> Iterator[Line]:
    """A judge that favours its maker's systems beside three others; panels of judges of one quality, and of several."""
    steps = np.linspace(-0.3, 0.3, SYSTEMS)
    cases = {
        ("self-preference", ""): (_OWN, _NONE, steps, -steps),
        ("panel", ", members alike"): (_NONE, _NONE, _NONE),
        ("panel", ", one member better"): (_NONE, 2 * steps, -2 * steps),
    }
    for (table, apart), off in cases.items():
        declared = self_preference.DECLARED if table == "self-preference" else panel.DECLARED
        for name, levels in _LEVELS.items():
            world = World.of(name, levels, *off)
            human, judges = rated(seeded("several", table, apart, name), world, 1, FEWER)
            one = study_of(len(off), 1)
            truth = of_several(table, settings_of(0, resamples=2), counts_of(human, judges, one), one)
            for conversations in CONVERSATIONS:
                study, random = study_of(len(off), TOGETHER), seeded("several", table, apart, name, conversations)
                parts = []
                for seed in range(SIMULATIONS // TOGETHER):
                    counts = counts_of(*rated(random, world, TOGETHER, conversations), study)
                    parts.append(of_several(table, settings_of(seed), counts, study))
                yield from lines_of(table, declared, pd.concat(parts), truth, said(world, conversations) + apart)


def of_raters() -> Iterator[Line]:
    """Means of one system by the experts: of one attribute, and of several attributes of the same replies."""
    study = study_of(1, ATTRIBUTES)
    for name, levels in _LEVELS.items():
        for conversations in CONVERSATIONS:
            random = seeded("raters", name, conversations)
            parts = range(SIMULATIONS // TOGETHER)
            rows = pd.concat([_of_raters(study, random, levels, conversations, TOGETHER) for _ in parts])
            truth = _of_raters(study, seeded("raters", name), levels, FEWER, 1)
            for measure, what in ((study.attribute_names[0], "an attribute"), (scores.AVERAGE, "a mean of attributes")):
                mine, value = rows[rows["measure"] == measure], truth.loc[truth["measure"] == measure, "mean"].iloc[0]
                ends = (mine[end].to_numpy(float) for end in ("low", "high"))
                world = f"{conversations:,} conversations, {name}"
                yield Line(SECTION["clustered"], f"`scores` {what}", world, float(value), *ends)


def _of_raters(
    study: Study, random: np.random.Generator, levels: np.ndarray, conversations: int, simulations: int
) -> pd.DataFrame:
    """Make the table of means, simulations in place of raters."""
    human, _ = _on_several(random, levels, conversations, simulations)
    # One system, in the middle: every rater is a study of its own.
    frames = [
        pairs_of(human[:, place, :, SYSTEMS // 2][:, None], human[:, place, :, SYSTEMS // 2][:, None])
        for place in range(ATTRIBUTES)
    ]
    parts = [
        frame.assign(
            rater=frame["attribute"], attribute=pd.Categorical([name] * len(frame), list(study.attribute_names))
        )
        for name, frame in zip(study.attribute_names, frames, strict=True)
    ]
    together = pd.concat(parts, ignore_index=True)
    return scores.score_intervals(study, together)


def of_attributes() -> Iterator[Line]:
    """Halo and discriminant validity: several attributes of the same replies, a study in place of each judge."""
    for name, levels in _LEVELS.items():
        truth = _halo(seeded("halo", name), levels, FEWER, 1, settings_of(0, resamples=2))
        for conversations in CONVERSATIONS:
            random = seeded("halo", name, conversations)
            parts = [
                _halo(random, levels, conversations, TOGETHER, settings_of(seed))
                for seed in range(SIMULATIONS // TOGETHER)
            ]
            world = f"{conversations:,} conversations, {ATTRIBUTES} attributes, {name}"
            yield from lines_of("halo", multitrait.DECLARED, pd.concat(parts), truth, world)


def _halo(
    random: np.random.Generator, levels: np.ndarray, conversations: int, simulations: int, settings: Settings
) -> pd.DataFrame:
    study = study_of(simulations, ATTRIBUTES)
    human, judge = _on_several(random, levels, conversations, simulations)
    both = np.concatenate([human, judge], axis=1)
    row, column = np.triu_indices(2 * ATTRIBUTES)
    # Sums over the systems of each conversation: nothing is asked of single systems.
    products = np.einsum("sicm,sjcm->ijsc", both, both)[row, column]
    alike = [(each == each[:, :1]).all(1).sum(-1) for each in (human, judge)]
    values = [np.full_like(alike[0], SYSTEMS), *alike, *np.moveaxis(both.sum(-1), 1, 0), *products]
    place, cluster = (axis.ravel() for axis in np.indices(alike[0].shape))
    moments = pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(place, list(study.judge_keys)),
            "model": pd.Categorical.from_codes(np.zeros_like(place), list(study.system_keys)),
            "cluster": cluster,
            **dict.fromkeys(FLAGS, False),
            "policy": pd.Categorical(["both"] * len(place)),
            **{key: each.ravel() for key, each in zip((*COUNTS, *moment_names(ATTRIBUTES)), values, strict=True)},
        }
    )
    counts = pd.DataFrame({"cluster": range(conversations), "human": 1.0, "human_valid": 1.0})
    selection = Selection(study.judge_keys, study.system_keys, study.attribute_names)
    table = multitrait.halo_table(study, counts, moments, replace(settings, exclude="none"), selection)
    return table[table["attribute"] == study.attribute_names[0]]


def _on_several(
    random: np.random.Generator, levels: np.ndarray, conversations: int, simulations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rate replies on several attributes, by experts and judge: (simulations, attributes, conversations, systems)."""
    shape = (simulations, ATTRIBUTES, conversations, SYSTEMS)
    general = random.normal(0, REPLY, (simulations, 1, *shape[2:])) + random.normal(
        0, CONVERSATION, (simulations, 1, conversations, 1)
    )
    own = random.normal(0, 0.5, shape)

    def by(kindness: float, halo: float) -> np.ndarray:
        leaning = random.normal(0, CONVERSATION, (simulations, 1, conversations, 1))
        impression = halo * random.normal(0, ALONE, (simulations, 1, *shape[2:]))
        seen = levels + general + own + leaning + impression + random.normal(0, ALONE / 2, shape)
        return whole(seen + kindness)

    return by(0.0, 0.5), by(KINDNESS, 1.0)


def of_lengths() -> Iterator[Line]:
    """Slopes on length: a judge that is kinder by 0.15 of a point for each doubling."""
    for name, levels in _LEVELS.items():
        truth = _of_lengths(seeded("lengths", name), levels, FEWER, 1)
        for conversations in FEW_OR_MORE:
            random = seeded("lengths", name, conversations)
            parts = [_of_lengths(random, levels, conversations, TOGETHER) for _ in range(SIMULATIONS // TOGETHER)]
            world = f"{conversations:,} conversations, {name}"
            yield from lines_of("length-bias", length_bias.DECLARED, pd.concat(parts), truth, world)


def _of_lengths(random: np.random.Generator, levels: np.ndarray, conversations: int, simulations: int) -> pd.DataFrame:
    words = np.rint(2 ** (random.normal(7, 0.6, (SYSTEMS, conversations)) + random.normal(0, 0.3, conversations)))
    words = np.maximum(words, 1)
    off = 0.15 * (np.log2(words) - 7)
    shape = (simulations, SYSTEMS, conversations)
    seen = random.normal(0, REPLY, shape) + random.normal(0, CONVERSATION, (simulations, 1, conversations)) + 0.2 * off
    human, judge = (
        whole(levels[:, None] + seen + more + random.normal(0, ALONE, shape)) for more in (0.0, KINDNESS + off)
    )
    frame = pairs_of(human, judge)
    frame = frame.assign(cluster=frame["cluster"].astype(int))
    model, cluster = (axis.ravel() for axis in np.indices(words.shape))
    lengths = pd.DataFrame(
        {"cluster": cluster, "model": [f"system {place}" for place in model], "words": words.ravel()}
    )
    # Slopes of single systems are made in the same way, of fewer replies; those over all are counted.
    table = length_bias.length_bias_table(frame, lengths)
    return table[table["model"] == ALL_SYSTEMS]


def lines_of(
    table: str, declared: tuple[Column, ...], rows: pd.DataFrame, truth: pd.DataFrame, what: str
) -> Iterator[Line]:
    """Count the intervals that a table declares, one row a simulation, against the one row of ``truth``."""
    for low, high in intervals_of(declared):
        figure = f"`{table}` {low.name.removesuffix('_low')}"
        if table == "panel" and low.of in ("icc_c1", "icc_a1"):
            continue  # of systems, exact F: as any judge's
        value = float(truth[low.of].iloc[0])
        yield Line(SECTION[low.term], figure, what, value, *(rows[end.name].to_numpy(float) for end in (low, high)))


def settings_of(seed: int, *, resamples: int = RESAMPLES) -> Settings:
    """Return the settings that simulations are made under."""
    return Settings.of(study_of(1, 1), resamples=resamples, seed=seed)
