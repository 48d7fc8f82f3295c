"""Intervals over conversations, systems fixed, of every table that is made of pairs: values from endless ratings."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.agreement import generalizability, icc, ordinal
from analysis.bias import bland_altman, calibration, false_reassurance, inflation
from analysis.column import Column
from analysis.decisions import criteria, ranking
from analysis.ratings.pairs import sums
from analysis.ratings.settings import CONFIDENCE, Settings
from data.study import Study
from tests.bench.simulated.line import Line, seeded
from tests.bench.simulated.models import RESAMPLES, SHARE_SECTION
from tests.bench.simulated.ratings import (
    CLEAR,
    COSTLY_TIE,
    ENDLESS,
    TIES,
    TOGETHER,
    WORLDS,
    World,
    in_blocks,
    pairs_of,
    rated,
    said,
    study_of,
)

SIMULATIONS = 2000
CONVERSATIONS = (100, 1000)
# As few as a small study has.
FEW = 20
MEANS = "Mean: t, clustered"
DRAWN = "Percentile bootstrap over conversations"
RANKS = "Order of systems: percentile bootstrap over conversations"
ICCS = "ICC over conversations"
CRITERIA = "Criteria of verdicts"
# The section of an interval, by the term that explains it.
SECTION = {
    "clustered": MEANS,
    "equivalence": MEANS,
    "clustered_share": SHARE_SECTION,
    "resampled": DRAWN,
    "bootstrap-conversations": DRAWN,
    "conversations_resampled": DRAWN,
    "bootstrap": DRAWN,
    "interval": DRAWN,
    "margin_interval": "Margin over the largest of several correlations",
    "clustered_slope": "Slope on length: t, clustered (CR1)",
}
NOMINAL = {"equivalence": 90}
Tables = dict[str, pd.DataFrame]


class Made(NamedTuple):
    """A table of pairs, and the columns that it declares."""

    make: Callable[[pd.DataFrame, Settings], pd.DataFrame]
    declared: tuple[Column, ...]


_STUDY: Study = study_of(1, 1)
OF_PAIRS = {
    "inflation": Made(lambda frame, _: inflation.inflation_table(frame), inflation.DECLARED),
    "agreement-limits": Made(bland_altman.agreement_limits, bland_altman.DECLARED),
    "correction": Made(calibration.correction_table, calibration.DECLARED),
    "ordinal": Made(lambda frame, settings: ordinal.ordinal_table(_STUDY, frame, settings), ordinal.DECLARED),
    "reassurance": Made(false_reassurance.reassurance_table, false_reassurance.DECLARED),
    "generalisability": Made(generalizability.generalisability_table, generalizability.DECLARED),
}


def intervals_of(declared: tuple[Column, ...]) -> Iterator[tuple[Column, Column]]:
    """Pair the ends of each interval that a table declares."""
    lower, upper = ([column for column in declared if column.role == role] for role in ("lower", "upper"))
    yield from zip(lower, upper, strict=True)


def of_tables() -> Iterator[Line]:
    """Every interval of the tables that are made of pairs."""
    for world in WORLDS:
        endless = endless_pairs(world)
        truth = _tables(endless, _settings(0, resamples=2), single=True)
        for conversations in (FEW, *CONVERSATIONS):
            ways = {False: [], True: []} if conversations == CONVERSATIONS[-1] else {False: []}
            corrected = []
            for seed, frame in enumerate(studies(world, conversations)):
                corrected.append(_corrected(frame, endless))
                for blocks, found in ways.items():
                    given = in_blocks(frame) if blocks else frame
                    found.append(_tables(given, _settings(seed), single=not blocks))
            for blocks, found in ways.items():
                what = said(world, conversations, blocks)
                for name in found[0]:
                    rows = pd.concat([tables[name] for tables in found], ignore_index=True)
                    values = _values(truth, name, conversations, corrected)
                    yield from _lines(name, rows, values, what)


def _tables(frame: pd.DataFrame, settings: Settings, *, single: bool) -> Tables:
    """Make the tables; that of variance components takes single conversations."""
    names = [name for name in OF_PAIRS if single or name != "generalisability"]
    return {name: OF_PAIRS[name].make(frame, settings) for name in names}


def _values(truth: Tables, name: str, conversations: int, corrected: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the true values: one row, or one for each row of the table."""
    if name == "correction":
        return pd.concat(corrected, ignore_index=True)
    if name == "generalisability":
        planned = generalizability.decision_study(truth[name], (conversations,))
        return truth[name].assign(g=planned["g"].to_numpy(), phi=planned["phi"].to_numpy())
    return truth[name]


def _lines(name: str, rows: pd.DataFrame, values: pd.DataFrame, what: str) -> Iterator[Line]:
    groups = dict(list(rows.groupby("method", sort=False))) if "method" in rows else {"": rows}
    for group, mine in groups.items():
        its = values[values["method"] == group] if group else values
        for low, high in intervals_of(OF_PAIRS[name].declared):
            value = its[low.of].to_numpy(float)
            figure = f"`{name}` {low.name.removesuffix('_low')}{f', {group}' if group else ''}"
            yield Line(
                # What is left after a correction is drawn as a whole, its bias too.
                DRAWN if name == "correction" else SECTION[low.term],
                figure,
                what,
                float(value[0]) if len(value) == 1 else value,
                mine[low.name].to_numpy(float),
                mine[high.name].to_numpy(float),
                NOMINAL.get(low.term, 95),
            )


def _corrected(frame: pd.DataFrame, endless: pd.DataFrame) -> pd.DataFrame:
    """Compute what the corrections that were learned here do on endless replies: one row for each study and method."""
    points = np.arange(1.0, 6.0)
    paired = np.zeros((5, 5))
    np.add.at(paired, tuple(endless[name].to_numpy(int) - 1 for name in ("human", "rating")), 1 / len(endless))
    study, rating = frame["attribute"].cat.codes.to_numpy(int), frame["rating"].to_numpy(int) - 1
    place, studies_here = study * 5 + rating, len(frame["attribute"].cat.categories)
    n, human = (np.bincount(place, weight, studies_here * 5).reshape(-1, 5) for weight in (frame["n"], frame["human"]))
    value = calibration.learned(n, human, points)[..., None, :]
    mean_human, mean_judge = (paired * points[:, None]).sum(), (paired * value).sum((-1, -2))
    human_variance = (paired * (points[:, None] - mean_human) ** 2).sum()
    judge_variance = (paired * (value - mean_judge[..., None, None]) ** 2).sum((-1, -2))
    product = (paired * (points[:, None] - mean_human) * (value - mean_judge[..., None, None])).sum((-1, -2))
    bias = mean_judge - mean_human
    found = {
        "bias": bias,
        "mse": human_variance + judge_variance - 2 * product + bias**2,
        "icc_a1": 2 * product / (human_variance + judge_variance + bias**2),
    }
    methods = np.repeat(calibration.METHODS, studies_here)
    return pd.DataFrame({"method": methods, **{name: values.ravel() for name, values in found.items()}})


def of_order() -> Iterator[Line]:
    """Order and choice of systems: far apart, nearer, and nearly tied."""
    for world in (CLEAR, WORLDS[0], TIES, COSTLY_TIE):
        truth = ranking.ranking_table(endless_pairs(world), _settings(0, resamples=2))
        for conversations in CONVERSATIONS:
            made = [ranking.ranking_table(frame, _settings(seed)) for seed, frame in _numbered(world, conversations)]
            rows = pd.concat(made, ignore_index=True)
            for low, high in intervals_of(ranking.DECLARED):
                if low.of != "same_best":  # its ends are of the simulation alone
                    value = float(truth[low.of].iloc[0])
                    ends = (rows[end.name].to_numpy(float) for end in (low, high))
                    yield Line(RANKS, f"`ranking` {low.of}", said(world, conversations), value, *ends)


def of_criteria() -> Iterator[Line]:
    """What verdicts rest on, both ends and each by itself: a claim is made of one."""
    for world in (*WORLDS, TIES, COSTLY_TIE):
        truth = _criteria(endless_pairs(world), _settings(0, resamples=2))
        for conversations in CONVERSATIONS:
            made = [_criteria(frame, _settings(seed)) for seed, frame in _numbered(world, conversations)]
            for name in ("choice_loss", "system_bias", "reply_agreement", "reassurance"):
                value = float(truth[name].value[0])
                low, high = (np.concatenate([getattr(each[name], end) for each in made]) for end in ("low", "high"))
                nominal = round(100 * criteria.CRITERIA[name].confidence)
                one_sided, what = (100 + nominal) // 2, said(world, conversations)
                yield Line(CRITERIA, f"`verdicts` {name}", what, value, low, high, nominal)
                if nominal == 90:
                    below = np.where(np.isnan(low), np.nan, -np.inf)
                    yield Line(CRITERIA, f"`verdicts` {name}, upper end", what, value, below, high, one_sided)
                    yield Line(CRITERIA, f"`verdicts` {name}, lower end", what, value, low, -below, one_sided)


def _criteria(frame: pd.DataFrame, settings: Settings) -> dict[str, criteria.Figures]:
    return next(criteria.figures_of_judge(criteria.evidence(frame, settings), 0, settings))


def of_icc() -> Iterator[Line]:
    """ICCs of replies and of fixed systems, conversations drawn anew, and what taking replies for independent does."""
    for world in WORLDS:
        endless = endless_pairs(world)
        for level, interval, of in (
            ("response", "bootstrap-conversations", "of replies, bootstrap over"),
            ("model", "bootstrap-conversations", "of fixed systems, bootstrap over"),
            ("response", "exact-f", "of replies, exact F, by"),
        ):
            truth = icc.icc_table(endless, _settings(0, level, resamples=2, interval=interval))
            for conversations in CONVERSATIONS:
                for blocks in (False, True) if conversations > CONVERSATIONS[0] and interval != "exact-f" else (False,):
                    made = [
                        icc.icc_table(in_blocks(frame) if blocks else frame, _settings(seed, level, interval=interval))
                        for seed, frame in _numbered(world, conversations)
                    ]
                    rows = pd.concat(made, ignore_index=True)
                    clusters = "blocks" if blocks else "conversations"
                    for name, form in (("icc_c1", "C"), ("icc_a1", "A")):
                        ends = (rows[f"{name}_{end}"].to_numpy(float) for end in ("low", "high"))
                        figure = f"ICC({form},1) {of} {clusters}"
                        value = float(truth[name].iloc[0])
                        yield Line(ICCS, figure, said(world, conversations, blocks), value, *ends)


def without_clusters() -> Iterator[Line]:
    """The bias as if replies were independent: what clustering is for. No table shows it."""
    for world in WORLDS:
        value = float(inflation.inflation_table(endless_pairs(world))["bias"].iloc[0])
        for conversations in CONVERSATIONS:
            parts = [sums(frame).moments.sum((-1, -2))[:, 0] for frame in studies(world, conversations)]
            n, human, judge, human_squared, judge_squared, product = np.concatenate(parts, axis=1)
            bias = (judge - human) / n
            variance = (human_squared + judge_squared - 2 * product - n * bias**2) / (n - 1)
            half = stdtrit(n - 1, (1 + CONFIDENCE) / 2) * np.sqrt(variance / n)
            what = said(world, conversations)
            figure = "bias, t as if replies were independent"
            yield Line(MEANS, figure, what, value, bias - half, bias + half, shown=False)


def endless_pairs(world: World) -> pd.DataFrame:
    """Rate more conversations than anybody has."""
    human, judges = rated(seeded("truth", world.name), world, 1, ENDLESS)
    return pairs_of(human, judges[0])


def studies(world: World, conversations: int) -> Iterator[pd.DataFrame]:
    """Simulate studies, some at a time; the same ones for every table."""
    random = seeded("studies", world.name, conversations)
    for _ in range(SIMULATIONS // TOGETHER):
        human, judges = rated(random, world, TOGETHER, conversations)
        yield pairs_of(human, judges[0])


def _numbered(world: World, conversations: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Number the parts: each has resamples of its own, so that no error of the draws is shared by all."""
    return enumerate(studies(world, conversations))


def _settings(seed: int, level: str = "model", *, resamples: int = RESAMPLES, interval: str | None = None) -> Settings:
    return Settings.of(_STUDY, "recommended", level, resamples=resamples, seed=seed, interval=interval)
