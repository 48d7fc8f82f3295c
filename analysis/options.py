"""The options of the command line: what they are called, what they may be, and what they choose."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from analysis.outputs.registry import OF_REPLIES, TABLES
from analysis.outputs.writing import FORMATS
from analysis.ratings.settings import (
    CHOICES,
    LABELLED_ALLOWED,
    LIMITS,
    PLAN,
    RESAMPLES_ALLOWED,
    SEEDS_ALLOWED,
    UNLABELLED_ALLOWED,
    Selection,
    Settings,
)
from analysis.report import SECTION_NAMES
from data.sources import NAMED
from data.study import Study

REPORT = "report"
REPORT_ENDINGS = (".pdf", ".html")
MANIFEST = "manifest"
VERIFY = "verify"
CHECK = "check"
HOME = "http://localhost:8501"
_OF_TABLES = ("format",)
_OF_REPORTS = ("section",)
_OF_VIEWS = ("app",)
_FROM_REPLIES = ("replies",)


_BOUNDS = {
    "loss-supported": ("POINTS", "what a judge's choice of a system may lose for the use to be supported"),
    "loss-checked": ("POINTS", "the same with human checks"),
    "icc-supported": ("ICC", "what the lower end of an ICC must reach for a use to be supported"),
    "icc-checked": ("ICC", "the same with human checks"),
    "reassured-supported": ("SHARE", "false reassurance that a use may have to be supported, 0 to 1"),
    "reassured-checked": ("SHARE", "the same with human checks"),
    "epsilon": ("SHARE", "how much less often than an expert a judge may be as near to the others, to replace one"),
}

_PLANNED = {
    "labelled": (LABELLED_ALLOWED, "worth: replies of a system that the experts would rate (n); 100 unless given"),
    "unlabelled": (UNLABELLED_ALLOWED, "worth: further replies of it that the judge alone would rate (N); 1000"),
}


class UsageError(ValueError):
    """An argument that cannot be used; the message names it, its value, and what is allowed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        says_what_is_allowed = "choose from" in message or "allowed" in message
        raise UsageError(message if says_what_is_allowed else f"{message}; allowed is what --help lists")


def read_options(argv: list[str]) -> argparse.Namespace:
    """Read the command line.

    Raises
    ------
    UsageError
        An argument cannot be used.
    """
    if argv[:1] == [VERIFY]:
        return _verifying().parse_args(argv[1:])
    if argv[:1] == [CHECK]:
        return _checking().parse_args(argv[1:])
    options = parser().parse_args(argv)
    of_tables, of_views = (_OF_TABLES, tuple(TABLES)), (_OF_VIEWS, (REPORT, MANIFEST))
    for names, allowed in (of_tables, (_OF_REPORTS, (REPORT,)), of_views, (_FROM_REPLIES, OF_REPLIES)):
        for name in names:
            if options.table not in allowed and (given := getattr(options, name)) is not None:
                with_what = "a table" if allowed == tuple(TABLES) else " and ".join(allowed)
                raise UsageError(
                    f"argument --{name}: {_shown(given)!r} is not for {options.table}; allowed with {with_what}"
                )
    if options.table == MANIFEST and options.output is None:
        raise UsageError("argument --output: is missing; allowed is a file that the manifest is written to")
    if options.table == REPORT and (options.output is None or options.output.suffix.lower() not in REPORT_ENDINGS):
        given = "is missing" if options.output is None else f"{str(options.output)!r} is no form of a report"
        raise UsageError(f"argument --output: {given}; allowed are files that end in {' or '.join(REPORT_ENDINGS)}")
    return options


def _shown(given: object) -> object:
    return str(given) if isinstance(given, Path) else given


def settings_of(options: argparse.Namespace, study: Study) -> Settings:
    """Give the settings that were asked for; see :meth:`analysis.ratings.settings.Settings.of` for errors."""
    chosen = (
        "ratings",
        "repeated",
        "contexts",
        "exclude",
        "interval",
        "discard",
        "multiplicity",
        "resamples",
        "seed",
        *LIMITS,
        *PLAN,
    )
    return Settings.of(study, options.preset, options.level, **{name: getattr(options, name) for name in chosen})


def selection_of(options: argparse.Namespace, study: Study) -> Selection:
    """Order what was asked for as the study does; see :meth:`analysis.ratings.settings.Selection.of` for errors."""
    chosen = Selection.of(study, options.judge or (), options.model or (), options.attribute or ())
    if options.table == "panel" and len(chosen.judges) < 2:
        raise UsageError(
            f"argument --judge: {', '.join(chosen.judges)!r} is one judge, and a panel takes at least two; allowed are "
            f"several of {', '.join(study.judge_keys)}"
        )
    return chosen


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    made = _Parser(
        prog="python -m analysis",
        description="Print a table of the dashboard; an option given beats the preset.",
        epilog=f"{VERIFY} MANIFEST: recompute the figures of a manifest and say whether they hold ({VERIFY} --help). "
        f"{CHECK} PATH: say what a folder or a file of ratings holds and what can be made of it ({CHECK} --help).",
        allow_abbrev=False,
    )
    made.add_argument("table", choices=[*TABLES, REPORT, MANIFEST], help="which table, a report, or a manifest")
    add = made.add_argument
    _add_source(made, "auto")
    add("--preset", choices=CHOICES["preset"], default="recommended", help="where choices not given come from")
    for name, metavar in (("judge", "KEY"), ("model", "KEY"), ("attribute", "NAME")):
        add(f"--{name}", action="append", metavar=metavar, help=f"one {name} of the study; repeatable")
    add("--level", choices=CHOICES["level"], default="model", help="what is rated: a model's mean, or a single reply")
    add("--ratings", choices=CHOICES["ratings"], help="which numbers count")
    add("--repeated", choices=CHOICES["repeated"], help="rows of the experts that are copies of others")
    add("--contexts", choices=CHOICES["contexts"], help="rows whose message is another in the judge's file")
    add("--exclude", choices=CHOICES["exclude"], help="which models a judge is not compared on")
    add("--interval", choices=CHOICES["interval"], help="how the ICC's interval is made")
    add("--discard", choices=CHOICES["discard"], help="resampled values of an ICC that are not used")
    add(
        "--multiplicity",
        choices=CHOICES["multiplicity"],
        help="whether verdicts and tests allow for how many there are",
    )
    add("--resamples", type=_whole(RESAMPLES_ALLOWED), metavar="N", help="how many, of the bootstrap")
    add("--seed", type=_whole(SEEDS_ALLOWED), metavar="N", help="of the bootstrap")
    add("--margin", type=float, metavar="POINTS", help="largest bias that counts as none, in points of the scale")
    add("--low", type=float, metavar="RATING", help="experts' highest rating of a poor reply")
    add("--high", type=float, metavar="RATING", help="judge's lowest rating that reassures")
    for name, (metavar, explained) in _BOUNDS.items():
        add(f"--{name}", type=float, metavar=metavar, help=explained)
    for name, (allowed, explained) in _PLANNED.items():
        add(f"--{name}", type=_whole(allowed), metavar="N", help=explained)
    add("--format", choices=FORMATS, help="table, unless chosen; json keeps every digit")
    add("--output", type=Path, metavar="FILE", help="write there instead of printing; a report ends in .pdf or .html")
    add(
        "--section",
        action="append",
        choices=SECTION_NAMES,
        metavar="NAME",
        help=f"of a report; repeatable: {', '.join(SECTION_NAMES)}",
    )
    add(
        "--replies",
        type=_replies_file,
        metavar="FILE",
        help=f"of {', '.join(OF_REPLIES)}: MentalBench-100k as a file; fetched from Hugging Face unless given",
    )
    add("--app", type=_address, metavar="URL", help=f"of a report: where its link leads; {HOME} unless given")
    return made


def _verifying() -> argparse.ArgumentParser:
    made = _Parser(
        prog=f"python -m analysis {VERIFY}",
        description="Say whether the files of a manifest are the same, and whether its figures come out again.",
        allow_abbrev=False,
    )
    made.set_defaults(table=VERIFY)
    made.add_argument("manifest", type=Path, metavar="MANIFEST", help="a file that the dashboard or manifest wrote")
    _add_source(made, None)
    return made


def _checking() -> argparse.ArgumentParser:
    made = _Parser(
        prog=f"python -m analysis {CHECK}",
        description="Say what a folder or a file of ratings holds, what does not fit, and which tables are possible.",
        allow_abbrev=False,
    )
    made.set_defaults(table=CHECK)
    made.add_argument(
        "path", type=_path, metavar="PATH", help="a folder with a study, or a file with a judge's ratings"
    )
    _add_source(made, None)
    return made


def _add_source(made: argparse.ArgumentParser, default: str | None) -> None:
    known = f"{', '.join(NAMED)}, a folder's path, or a file of counts"
    made.add_argument("--source", type=_source, default=default, metavar="SOURCE", help=known)
    made.add_argument(
        "--add-judge",
        action="append",
        type=_file,
        default=[],
        metavar="FILE",
        help="a file with one more judge's ratings of the same replies; repeatable",
    )
    made.add_argument(
        "--own",
        action="append",
        type=_owned,
        default=[],
        metavar="JUDGE=SYSTEM",
        help="a system that is an added judge itself, or its model's, and that it is not compared on; repeatable",
    )


def _owned(value: str) -> tuple[str, str]:
    judge, equals, system = value.rpartition("=")
    if not (judge and equals and system):
        raise argparse.ArgumentTypeError(f"{value!r} names no system of a judge; allowed is JUDGE=SYSTEM")
    return judge, system


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{value!r} is no address; allowed are http:// or https:// with a host")
    return value


def _source(value: str) -> str:
    if value not in NAMED and not (value and Path(value).exists()):
        raise argparse.ArgumentTypeError(
            f"{value!r} is no folder; allowed are {', '.join(NAMED)}, a folder's path, or a file of counts"
        )
    return value


def _path(value: str) -> Path:
    if not Path(value).exists():
        raise argparse.ArgumentTypeError(f"{value!r} is not there; allowed is a folder, or a file with ratings")
    return Path(value)


def _file(value: str) -> Path:
    if not Path(value).is_file():
        raise argparse.ArgumentTypeError(f"{value!r} is no file; allowed is a file with a judge's ratings")
    return Path(value)


def _replies_file(value: str) -> Path:
    if not Path(value).is_file():
        raise argparse.ArgumentTypeError(f"{value!r} is no file; allowed is MentalBench-100k as CSV or Parquet")
    return Path(value)


def _whole(allowed: range) -> Callable[[str], int]:
    def check(value: str) -> int:
        if not value.isdecimal() or len(value) > 18 or int(value) not in allowed:
            bounds = f"{allowed.start} to {allowed.stop - 1}"
            raise argparse.ArgumentTypeError(f"{value!r} is not allowed; allowed are whole numbers from {bounds}")
        return int(value)

    return check
