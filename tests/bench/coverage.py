"""How often each interval holds the value it estimates: ``python tests/bench/coverage.py [--output] [--part NAME]``.

Ratings are simulated from known values and given to the product's own functions; the share of intervals that hold the
value is printed as Markdown, with its Monte-Carlo error: a line for each construction with those that fall short, then
every line. ``--output`` writes ``docs/coverage.md``. Each line has its own stream of random numbers. The whole takes
about 13 minutes on one core.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.simulated import experts, models, replies, several, worth
from tests.bench.simulated.line import FEWEST_INTERVALS, SEED, SHORT_BY, Line, table

OUTPUT = Path(__file__).parents[2] / "docs" / "coverage.md"
PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    part.__name__: part
    for part in (
        models.over_few_models,
        models.with_random_raters,
        models.over_both_at_once,
        models.of_random_systems,
        models.shares,
        models.drawn_shares,
        replies.of_icc,
        replies.of_tables,
        replies.without_clusters,
        replies.of_order,
        replies.of_criteria,
        several.of_judges,
        several.of_raters,
        several.of_attributes,
        several.of_lengths,
        experts.of_experts,
        worth.prediction_powered,
    )
}


def settings_line() -> str:
    """Say what holds for all lines."""
    return (
        f"{models.SIMULATIONS:,} simulations a line, {several.SIMULATIONS:,} where both models and conversations are "
        f"drawn, of several judges or attributes, and where a judge rates on alone; {models.RESAMPLES:,} resamples; "
        f"seed {SEED}. After ± stands the Monte-Carlo standard error. An interval is short where it holds its value "
        f"in more than {SHORT_BY} of 100 fewer than it should."
    )


def lines_of(parts: Iterable[str] = PARTS) -> list[Line]:
    """Simulate the lines of parts, by section; those that have intervals."""
    found = [line for part in parts for line in PARTS[part]() if line.intervals >= FEWEST_INTERVALS]
    order = list(dict.fromkeys(line.construction for line in found))
    return sorted(found, key=lambda line: order.index(line.construction))


def summary(lines: list[Line]) -> list[str]:
    """Write a line for each construction, and every line of the product that falls short."""
    head = "| construction | lines | nominal | least | median | most | short |"
    rows = []
    for (name, nominal), each in groupby(
        sorted((line for line in lines if line.shown), key=lambda line: (line.construction, line.nominal)),
        key=lambda line: (line.construction, line.nominal),
    ):
        mine = sorted(each, key=lambda line: line.held)
        held = (mine[0].held, mine[len(mine) // 2].held, mine[-1].held)
        shares = " | ".join(f"{share:.1f}" for share in held)
        rows.append(f"| {name} | {len(mine)} | {nominal} | {shares} | {sum(line.short for line in mine)} |")
    short = [line for line in lines if line.short and line.shown]
    return [head, "|---|---|---|---|---|---|---|", *rows, "", "These are short:", "", *table(short)]


def markdown(lines: list[Line]) -> str:
    """Write the summary, then every line in sections."""
    parts = [
        "# Coverage of intervals",
        "",
        "How often each interval that is shown holds the value that it estimates, where that is known. This file is",
        "written by `python tests/bench/coverage.py --output`.",
        "",
        settings_line(),
        "",
        *summary(lines),
    ]
    for name, mine in groupby(lines, key=lambda line: line.construction):
        parts += ["", f"## {name}", "", *table(mine)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", action="store_true", help="write docs/coverage.md instead of printing")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these, printed; repeatable")
    options = parser.parse_args()
    simulated = lines_of(options.part or PARTS)
    if options.output and not options.part:
        OUTPUT.write_text(markdown(simulated), encoding="utf-8")
    else:
        print(markdown(simulated), end="")
