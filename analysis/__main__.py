"""The tables as a program: ``python -m analysis TABLE`` with the options of the dashboard."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pandas as pd

from analysis.icc import FEWEST_RESAMPLES
from analysis.needs import NeedsConversationsError
from analysis.settings import (
    CHOICES,
    RATINGS_ALLOWED,
    RESAMPLES_ALLOWED,
    SEEDS_ALLOWED,
    Selection,
    Settings,
    SettingsError,
)
from analysis.tables import TABLES
from analysis.writing import FORMATS, UnwritableError, write_table
from data.benchmark import ATTRIBUTE_NAMES, JUDGE_KEYS, MODEL_KEYS
from data.errors import ReleaseError, SourceError
from data.progress import Progress
from data.sources import NAMED, Dataset, load


class UsageError(ValueError):
    """An argument that cannot be used; the message names it, its value, and what is allowed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        says_what_is_allowed = "choose from" in message or "allowed" in message
        raise UsageError(message if says_what_is_allowed else f"{message}; allowed is what --help lists")


def main(argv: list[str]) -> int:
    """Print or write one table; returns the exit code: 0, or 2 for input that cannot be used."""
    try:
        options = _parser().parse_args(argv)
        settings = Settings.of(
            options.preset,
            options.level,
            ratings=options.ratings,
            exclude=options.exclude,
            interval=options.interval,
            resamples=options.resamples,
            seed=options.seed,
            margin=options.margin,
            low=options.low,
            high=options.high,
            icc_supported=options.icc_supported,
            icc_checked=options.icc_checked,
            reassured_supported=options.reassured_supported,
            reassured_checked=options.reassured_checked,
        )
        dataset = load(options.source, Progress(report=_tell if sys.stderr.isatty() else None))
        columns, make, under = TABLES[options.table]
        settings = under(settings)
        table = make(dataset, settings, _selection(options, dataset))[list(columns)]
        write_table(table, options.format, options.output)
        _describe(dataset, settings)
        _warn(table, settings)
    except (UsageError, UnwritableError) as error:
        _tell(str(error))
        return 2
    except SettingsError as error:
        _tell(f"argument --{str(error).replace('_', '-')}")
        return 2
    except NeedsConversationsError as error:
        _tell(f"argument --source: {options.source!r}: {error}; allowed are hub, github, or a folder's path")
        return 2
    except (SourceError, ReleaseError) as error:
        _tell(f"argument --source: {options.source!r}: {error}; allowed are {', '.join(NAMED)}, or a folder's path")
        return 2
    except SystemExit as finished:  # argparse ends --help this way
        return int(finished.code or 0)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m analysis",
        description="Print a table of the dashboard; an option given beats the preset.",
        allow_abbrev=False,
    )
    parser.add_argument("table", choices=list(TABLES), help="which table")
    add = parser.add_argument
    add("--source", type=_source, default="auto", metavar="SOURCE", help=f"{', '.join(NAMED)}, or a folder's path")
    add("--preset", choices=CHOICES["preset"], default="paper", help="where choices not given come from")
    add("--judge", action="append", choices=JUDGE_KEYS, metavar="KEY", help=f"repeatable: {', '.join(JUDGE_KEYS)}")
    add("--model", action="append", choices=MODEL_KEYS, metavar="KEY", help=f"repeatable: {', '.join(MODEL_KEYS)}")
    add(
        "--attribute",
        action="append",
        choices=ATTRIBUTE_NAMES,
        metavar="NAME",
        help=f"repeatable: {', '.join(ATTRIBUTE_NAMES)}",
    )
    add("--level", choices=CHOICES["level"], default="model", help="what is rated: a model's mean, or a single reply")
    add("--ratings", choices=CHOICES["ratings"], help="which numbers count")
    add("--exclude", choices=CHOICES["exclude"], help="which models a judge is not compared on")
    add("--interval", choices=CHOICES["interval"], help="how the ICC's interval is made")
    add("--resamples", type=_whole(RESAMPLES_ALLOWED), metavar="N", help="how many, of the bootstrap")
    add("--seed", type=_whole(SEEDS_ALLOWED), metavar="N", help="of the bootstrap")
    add("--margin", type=float, metavar="POINTS", help="largest bias that counts as none, in points of the scale")
    add("--low", type=_whole(RATINGS_ALLOWED), metavar="RATING", help="experts' highest rating of an unsafe reply")
    add("--high", type=_whole(RATINGS_ALLOWED), metavar="RATING", help="judge's lowest rating that reassures")
    add("--icc-supported", type=float, metavar="ICC", help="verdicts: what the lower end must reach for a use")
    add("--icc-checked", type=float, metavar="ICC", help="the same for a use with human checks")
    add("--reassured-supported", type=float, metavar="SHARE", help="verdicts: most false reassurance for a use, 0 to 1")
    add("--reassured-checked", type=float, metavar="SHARE", help="the same for a use with human checks")
    add("--format", choices=FORMATS, default="table", help="json keeps every digit")
    add("--output", type=Path, metavar="FILE", help="write there instead of printing")
    return parser


def _source(value: str) -> str:
    if value not in NAMED and not (value and Path(value).is_dir()):
        raise argparse.ArgumentTypeError(f"{value!r} is no folder; allowed are {', '.join(NAMED)}, or a folder's path")
    return value


def _whole(allowed: range) -> Callable[[str], int]:
    def check(value: str) -> int:
        if not value.isdecimal() or len(value) > 18 or int(value) not in allowed:
            bounds = f"{allowed.start} to {allowed.stop - 1}"
            raise argparse.ArgumentTypeError(f"{value!r} is not allowed; allowed are whole numbers from {bounds}")
        return int(value)

    return check


def _selection(options: argparse.Namespace, dataset: Dataset) -> Selection:
    """Order what was asked for as the benchmark does; a judge that the source lacks is refused."""
    present = tuple(dataset.counts["judge"].cat.categories)
    for judge in options.judge or ():
        if judge not in present:
            raise UsageError(f"argument --judge: {judge!r} is not in this source; allowed are {', '.join(present)}")
    judges = tuple(key for key in present if key in (options.judge or present))
    if options.table == "panel" and len(judges) < 2:
        raise UsageError(
            f"argument --judge: {', '.join(judges)!r} is one judge, and a panel takes at least two; allowed are "
            f"several of {', '.join(present)}"
        )
    return Selection(
        judges=judges,
        models=tuple(key for key in MODEL_KEYS if key in (options.model or MODEL_KEYS)),
        attributes=tuple(name for name in ATTRIBUTE_NAMES if name in (options.attribute or ATTRIBUTE_NAMES)),
    )


def _describe(dataset: Dataset, settings: Settings) -> None:
    """Say on standard error what the figures come from, so that standard output stays a plain table."""
    came = dataset.provenance
    for notice in came.notices:
        _tell(f"note: {notice}")
    choices = ", ".join(f"{name} {value}" for name, value in vars(settings).items())
    _tell(f"source: {came.title}, revision {came.revision}, {came.conversations:,} conversations")
    _tell(f"settings: {choices}; intervals over replies clustered by {came.cluster}")


def _warn(table: pd.DataFrame, settings: Settings) -> None:
    """Say what a reader of the bare figures would not see."""
    if settings.interval != "exact-f" and settings.resamples < FEWEST_RESAMPLES:
        _tell(f"note: {settings.resamples} resamples are too few for an interval to be read; take {FEWEST_RESAMPLES}")
    figures = table.select_dtypes("float")
    if len(table) and figures.isna().all(axis=None):
        _tell("note: every figure is undefined: too few models, replies or conversations fit the options, or none vary")


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
