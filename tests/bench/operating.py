"""How often judges of known quality get each verdict: ``python tests/bench/operating.py [--output]``.

Ratings are simulated from known judges and given to the product's own rules; the share of each verdict is printed as a
Markdown table beside the true figure of each criterion. ``--output`` writes ``docs/operating-characteristics.md``. Each
line has its own stream of random numbers.

Experts rate replies of systems whose levels spread over the scale; a judge sees what the experts see, less or more a
shift that it has for all replies, one of its own for each system, a spread that it narrows, and an error for each
reply. All ratings are whole numbers from 1 to 5.
"""

import argparse
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis.agreement.anova import coefficients, squares_of_models, squares_of_replies
from analysis.decisions.criteria import CRITERIA, Evidence, bounds
from analysis.decisions.verdicts import USES, VERDICTS, criteria_of, verdict_table
from analysis.ratings.pairs import Sums
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY

OUTPUT = Path(__file__).parents[2] / "docs" / "operating-characteristics.md"
SIMULATIONS = 400
TOGETHER = 50
RESAMPLES = 1000
SEED = 0
# A share of fewer studies of a judge is not looked at.
FEWEST = 50
# Conversations, and systems, whose ratings give the true figures where no formula does.
ENDLESS = 5_000
MANY_SYSTEMS = 400


@dataclass(frozen=True)
class Made:
    """A judge of known quality, and the study that it is tried in.

    Attributes
    ----------
    bias
        What it adds to every reply.
    one_system
        What it adds to the replies of the first system alone.
    system_spread
        Standard deviation of what it adds to all replies of a system.
    error
        Standard deviation of what it adds to a single reply.
    narrowing
        The part of the distance from the middle of the scale that it leaves out.
    systems, conversations
        Of the study.
    """

    bias: float = 0.0
    one_system: float = 0.0
    system_spread: float = 0.0
    error: float = 0.5
    narrowing: float = 0.0
    systems: int = 9
    conversations: int = 300


LINES: dict[str, tuple[str, tuple[float, ...]]] = {
    "bias": ("bias of every reply", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)),
    "one_system": ("bias on one system only", (0.25, 0.5, 0.75, 1.0)),
    "error": ("error of a single reply, SD", (0.0, 0.25, 0.75, 1.0, 1.5, 2.0)),
    "system_spread": ("bias that differs by system, SD", (0.1, 0.2, 0.3, 0.5, 0.8)),
    "narrowing": ("part of the spread left out", (0.25, 0.5, 0.75)),
    "systems": ("number of systems", (5, 15, 30)),
    "conversations": ("number of conversations", (50, 100, 1000)),
}
# Of judges that are good and poor otherwise.
POOR = Made(bias=0.4, system_spread=0.4, error=1.0)


def seeded(*what: object) -> np.random.Generator:
    """Give a line its own stream, whatever other lines there are."""
    return np.random.default_rng([SEED, zlib.crc32(repr(what).encode())])


@dataclass(frozen=True)
class Systems:
    """Levels of systems, and what the judge adds to each, of several studies: shape (studies, systems, 1)."""

    level: np.ndarray
    shift: np.ndarray


def systems_of(random: np.random.Generator, made: Made, studies: int) -> Systems:
    """Draw the systems of studies."""
    level = random.normal(3.3, 0.7, (studies, made.systems, 1))
    shift = random.normal(0, 1, level.shape) * made.system_spread + made.bias
    shift[:, 0] += made.one_system
    return Systems(level, shift)


def ratings(
    random: np.random.Generator, made: Made, systems: Systems, conversations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rate replies by experts and judge: shape (studies, systems, conversations)."""
    shape = (*systems.level.shape[:2], conversations)
    seen = systems.level + random.normal(0, 1, shape)
    error = random.normal(0, 1, shape) * made.error
    judged = 3 + (seen - 3) * (1 - made.narrowing) + systems.shift + error
    human, judge = (np.clip(np.rint(each), 1, 5) for each in (seen, judged))
    return human, judge


def evidence_of(human: np.ndarray, judge: np.ndarray, settings: Settings) -> Evidence:
    """Add ratings up as the product does, studies in place of attributes."""
    moments = np.stack([np.ones_like(human), human, judge, human**2, judge**2, human * judge])[:, None]
    poor = human <= settings.low
    systems = tuple(f"system {place}" for place in range(human.shape[1]))
    studies = tuple(f"study {place}" for place in range(len(human)))
    passed = np.stack([poor & (judge >= settings.high), poor]).astype(float)[:, None]
    return Evidence(Sums(("judge",), studies, systems, moments), passed)


def true_figures(made: Made, systems: Systems) -> dict[str, np.ndarray]:
    """Compute the figures that more conversations than anybody has would give, of each study.

    That of the order is over all systems that could be drawn, and the same for every study.
    """
    random, settings = seeded("truth", made), Settings.of(STUDY)
    many = replace(made, one_system=0.0, systems=MANY_SYSTEMS)
    drawn = evidence_of(*ratings(random, many, systems_of(random, many, 1), ENDLESS // 10), settings)
    consistency = float(coefficients(squares_of_models(drawn.total.moments.sum(-1)[:, 0]))[0][0])
    human, judge = ratings(random, made, systems, ENDLESS)
    found = evidence_of(human, judge, settings)
    means = human.mean(-1), judge.mean(-1)
    chosen = np.take_along_axis(means[0], means[1].argmax(-1)[:, None], -1)[:, 0]
    passed, poor = found.poor.sum((-1, -2))[:, 0]
    return {
        "consistency": np.full(len(human), consistency),
        "choice_loss": means[0].max(-1) - chosen,
        "system_bias": np.abs(means[1] - means[0]).max(-1),
        "reply_agreement": coefficients(squares_of_replies(found.total.moments.sum((-1, -2))[:, 0]))[1],
        "reassurance": passed / poor,
    }


def simulated(made: Made, simulations: int = SIMULATIONS) -> pd.DataFrame:
    """Return the verdicts of simulated studies with the true figures: one row for each study and use."""
    random, settings = seeded("verdicts", made), Settings.of(STUDY, resamples=RESAMPLES, seed=SEED)
    parts = []
    for _ in range(simulations // TOGETHER):
        systems = systems_of(random, made, TOGETHER)
        found = evidence_of(*ratings(random, made, systems, made.conversations), settings)
        table = verdict_table(criteria_of(found, settings), settings)
        truth = pd.DataFrame(true_figures(made, systems)).assign(attribute=list(found.total.attributes))
        parts.append(table[["attribute", "use", "verdict"]].merge(truth, on="attribute"))
    return pd.concat(parts, ignore_index=True)


def line(what: str, found: pd.DataFrame) -> str:
    """Write a line of the table: the mean true figures, and the share of each verdict on each use."""
    cells = []
    for use in USES:
        share = found.loc[found["use"] == use, "verdict"].value_counts(normalize=True)
        cells.append(" / ".join(f"{100 * share.get(verdict, 0):.0f}" for verdict in VERDICTS))
    figures = " | ".join(f"{found[name].mean():z.2f}" for name in CRITERIA)
    return f"| {what} | {figures} | {' | '.join(cells)} |"


def judges() -> Iterator[tuple[str, Made]]:
    """Name the judges that are simulated."""
    yield "nothing changed", Made()
    for name, (what, values) in LINES.items():
        for value in values:
            yield f"{what}: {value:g}", replace(Made(), **{name: value})
    for conversations in (100, 300, 1000):
        yield f"poor in all, {conversations:,} conversations", replace(POOR, conversations=conversations)


def wrong(made: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Count what a rule must not do: support a judge that is not fit, and rule out one that is not unfit.

    Over all studies, and over those of the judge that fares worst.
    """
    held = bounds(Settings.of(STUDY))
    for use in USES:
        cells = []
        for bound, meets, verdict in ((0, False, "supported"), (1, True, "not-supported")):
            shares, found = [], []
            for every in made.values():
                rows = every[every["use"] == use]
                fit = np.logical_and.reduce(
                    [
                        (rows[name] >= held[name][bound]) if each.larger else (rows[name] <= held[name][bound])
                        for name, each in CRITERIA.items()
                        if each.use == use
                    ]
                )
                those = rows.loc[fit == meets, "verdict"] == verdict
                found += list(those)
                shares += [those.mean()] if len(those) >= FEWEST else []
            cells += [f"{len(found):,}", f"{100 * np.mean(found):.1f}", f"{100 * max(shares, default=np.nan):.1f}"]
        yield f"| {use} | {' | '.join(cells)} |"


def settings_line() -> str:
    """Say what holds for all lines."""
    made = Made()
    held = "; ".join(f"{name} {first:g} and {second:g}" for name, (first, second) in bounds(Settings.of(STUDY)).items())
    error = 100 * np.sqrt(0.05 * 0.95 / SIMULATIONS)
    return (
        f"{SIMULATIONS} studies a line, {RESAMPLES:,} resamples, seed {SEED}. Unless said otherwise {made.systems} "
        f"systems, {made.conversations} conversations, an error of {made.error:g} and no bias. Bounds: {held}. Shares "
        "of 100 studies stand in the order supported / with human checks / undecided / not supported; a share of 5 has "
        f"a Monte-Carlo standard error of {error:.1f}."
    )


def markdown(simulations: int = SIMULATIONS) -> str:
    """Write the settings and both tables."""
    made = {what: simulated(judge, simulations) for what, judge in judges()}
    head = ["judge", "ICC(C,1)", "loss", "largest gap", "ICC(A,1)", "reassurance", *USES]
    summary = ["use", "studies, judge not fit", "supported of 100", "of the worst judge"]
    summary += ["studies, judge not unfit", "not supported of 100", "of the worst judge"]
    return "\n".join(
        [
            "# Operating characteristics of the verdict rules",
            "",
            "How often judges of known quality get each verdict. This file is written by",
            "`python tests/bench/operating.py --output`.",
            "",
            settings_line(),
            "",
            *_table(summary, wrong(made)),
            "",
            *_table(head, (line(what, found) for what, found in made.items())),
            "",
        ]
    )


def _table(head: list[str], rows: Iterator[str]) -> list[str]:
    return [f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|", *rows]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", action="store_true", help=f"write docs/{OUTPUT.name} instead of printing")
    if parser.parse_args().output:
        OUTPUT.write_text(markdown(), encoding="utf-8")
    else:
        print(markdown(), end="")
