"""The command line: its commands, the options that each takes, and what these may be.

Nothing here takes a frame or a table, so that help and a wrong option answer at once.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from analysis.decisions.aim import EXPERTS_ALLOWED, SYSTEMS_ALLOWED, USES
from analysis.outputs.tables import PLAN as OF_PLANS
from analysis.outputs.tables import SUBSET, TAKEN, Taken
from analysis.ratings.settings import (
    CHOICES,
    LABELLED_ALLOWED,
    RESAMPLES_ALLOWED,
    SEEDS_ALLOWED,
    SETTINGS,
    UNLABELLED_ALLOWED,
    Selection,
    Settings,
)
from analysis.report import SECTION_NAMES
from data import SOURCES
from data.paths import file_to_read, file_to_write
from data.study import Study

PROGRAM = "python -m analysis"
REPORT = "report"
ALL_SECTIONS = "all"
CERTIFY = "certify"
MANIFEST = "manifest"
VERIFY = "verify"
CHECK = "check"
PLAN = "plan"
HOME = "http://localhost:8501"
FORMATS = ("table", "csv", "json")
# What a file is written as, by the ending of its name.
TABLE_ENDINGS = (".csv", ".json", ".parquet", ".xlsx")
REPORT_ENDINGS = (".pdf", ".html")
CERTIFICATE_ENDINGS = (".json", *REPORT_ENDINGS)

_EVERY = Taken("", (*SETTINGS,), (*SUBSET,))
_AIM = ("use", "width", "power", "experts", "systems")
_ADDING = ("add-judge", "own")
_TELLING = ("verbose", "quiet")
_WITH_REASONS = "verdicts"
# What compares ratings that other versions of a judge may have given.
_OF_VERSIONS = "new-systems"
# An option that more commands take is not one to be told where it belongs.
_MOST_NAMED = 4


class UsageError(ValueError):
    """An argument that cannot be used; the message names it, its value, and what is allowed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        says_what_is_allowed = "choose from" in message or "allowed" in message
        raise UsageError(message if says_what_is_allowed else f"{message}; allowed is what --help lists")


def commands() -> dict[str, str]:
    """Name every command, with a line that says what it does."""
    return {
        **{name: taken.meaning for name, taken in TAKEN.items()},
        REPORT: "a view as a summary of two pages to print, PDF or HTML, with annexes if asked",
        MANIFEST: "every table of a view with its settings and the SHA-256 of its files, to be verified later",
        CERTIFY: "what one judge may be used for and who it is, PDF, HTML, or JSON to be verified later",
        VERIFY: "whether the files of a manifest are the same, and its figures come out again",
        PLAN: OF_PLANS.meaning,
        CHECK: "what a folder or a file of ratings holds, what does not fit, and which tables are possible",
    }


def options_of(command: str) -> tuple[str, ...]:
    """Name the options that a command takes."""
    if command == VERIFY:
        return ("source", *_ADDING, "identity")
    if command == CHECK:
        return ("source",)
    taken = OF_PLANS if command == PLAN else TAKEN.get(command, _EVERY)
    last = {REPORT: ("sections", "app"), MANIFEST: ("app",), CERTIFY: ("identity", "app")}.get(command, ("format",))
    # A certificate is of one judge, which it names first.
    subset = tuple(name for name in taken.subset if (command, name) != (CERTIFY, "judge"))
    return (
        "source",
        # A judge that is added is in no table that no judge is in.
        *(_ADDING if "judge" in taken.subset else ()),
        "preset",
        *(_AIM if command == PLAN else ()),
        *subset,
        *(_option(name) for name in SETTINGS if name in taken.settings),
        *(("replies",) if taken.replies else ()),
        *(("identity",) if command == _OF_VERSIONS else ()),
        *last,
        "output",
        *(("reasons",) if command == _WITH_REASONS else ()),
        *_TELLING,
    )


def read_options(argv: list[str]) -> argparse.Namespace:
    """Read the command line.

    Returns
    -------
    argparse.Namespace
        ``table`` (the command), and an attribute for each option that it takes; of a table also ``form``, what it is
        written as.

    Raises
    ------
    UsageError
        An argument cannot be used.
    """
    if argv and argv[0] in ("-h", "--help"):
        _overview().parse_args(argv[:1])
    if not argv or argv[0] not in commands():
        given = f"{argv[0]!r} is not known" if argv else "is missing"
        raise UsageError(f"argument table: {given}; allowed are {', '.join(commands())}, which --help explains")
    command = argv[0]
    options, others = parser(command).parse_known_args(argv[1:])
    if others:
        raise UsageError(_not_taken(command, others))
    options.table = command
    if command in (*TAKEN, PLAN):
        options.form = _form(options)
    elif command == MANIFEST and options.output is None:
        raise UsageError("argument --output: is missing; allowed is a file that the manifest is written to")
    elif command == REPORT:
        _check_ending(options.output, REPORT_ENDINGS, "a report")
    elif command == CERTIFY:
        _check_ending(options.output, CERTIFICATE_ENDINGS, "a certificate")
    elif command == CHECK and options.source is not None and options.path.is_dir():
        raise UsageError(
            f"argument --source: {options.source!r} is not for a folder, which is a source itself; allowed is leaving "
            "it out, or a file with a judge's ratings as PATH"
        )
    if command == PLAN and options.use is None:
        raise UsageError(f"argument --use: is missing; allowed are {', '.join(USES)}")
    if getattr(options, "verbose", False) and options.quiet:
        raise UsageError("argument --quiet: is given with --verbose; allowed is one of them")
    return options


def _not_taken(command: str, others: list[str]) -> str:
    """Say that a command does not take what stands first, an option with its value or a word."""
    name, _, value = others[0].partition("=")
    if not name.startswith("-"):
        return f"argument {command}: {name!r} is no option of it; allowed are {_listed(command)}"
    if not value and others[1:] and not others[1].startswith("--"):
        value = others[1]
    given = f"{value!r} " if value else ""
    with_it = [each for each in commands() if name.removeprefix("--") in options_of(each)]
    elsewhere = ""
    if [each for each in with_it if each != PLAN] == list(TAKEN):
        elsewhere = " allowed with a table;"
    elif 0 < len(with_it) <= _MOST_NAMED:
        elsewhere = f" allowed with {' and '.join(filter(None, (', '.join(with_it[:-1]), with_it[-1])))};"
    return f"argument {name}: {given}is not for {command};{elsewhere} {command} allows {_listed(command)} (see --help)"


def _listed(command: str) -> str:
    return ", ".join(f"--{name}" for name in options_of(command))


def _form(options: argparse.Namespace) -> str:
    """Tell what a table is written as: by the ending of its file, or as ``--format`` says where it is printed."""
    if options.output is None:
        return str(options.format or "table")
    form = _check_ending(options.output, TABLE_ENDINGS, "a table")
    if options.format not in (None, form):
        raise UsageError(
            f"argument --format: {options.format!r} contradicts --output {str(options.output)!r}, which is written by "
            "its ending; allowed is --output alone"
        )
    return form


def _check_ending(output: Path | None, endings: tuple[str, ...], what: str) -> str:
    if output is None or output.suffix.lower() not in endings:
        given = "is missing" if output is None else f"{str(output)!r} is no form of {what}"
        allowed = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(f"argument --output: {given}; allowed are files that end in {allowed}")
    return output.suffix.lower().removeprefix(".")


def settings_of(options: argparse.Namespace, study: Study) -> Settings:
    """Give the settings that were asked for; see :meth:`analysis.ratings.settings.Settings.of` for errors."""
    made = {name: value for name in SETTINGS if (value := getattr(options, name, None)) is not None}
    return Settings.of(study, options.preset, **made)


def selection_of(options: argparse.Namespace, study: Study) -> Selection:
    """Order what was asked for as the study does; see :meth:`analysis.ratings.settings.Selection.of` for errors."""
    chosen = Selection.of(study, *(getattr(options, name, None) or () for name in SUBSET))
    if options.table == "panel" and len(chosen.judges) < 2:
        raise UsageError(
            f"argument --judge: {', '.join(chosen.judges)!r} is one judge, and a panel takes at least two; allowed are "
            f"several of {', '.join(study.judge_keys)}"
        )
    return chosen


def parser(command: str) -> argparse.ArgumentParser:
    """Make the parser of one command."""
    about = commands()[command]
    made = _Parser(
        prog=f"{PROGRAM} {command}",
        description=f"{about[:1].upper()}{about[1:]}.",
        epilog="An option given beats the preset." if "preset" in options_of(command) else None,
        allow_abbrev=False,
    )
    if command == VERIFY:
        made.add_argument("manifest", type=Path, metavar="MANIFEST", help="a file that the dashboard or manifest wrote")
    if command == CERTIFY:
        made.add_argument("judge", nargs=1, metavar="JUDGE", help="one judge of the study")
    if command == CHECK:
        help_ = "a folder with a study, or a file with a judge's ratings"
        made.add_argument("path", type=_path, metavar="PATH", help=help_)
    for name in options_of(command):
        made.add_argument(f"--{name}", **OPTIONS[name])
    if command in (VERIFY, CHECK):
        made.set_defaults(source=None)
    return made


def _overview() -> argparse.ArgumentParser:
    """Make the parser that only lists the commands."""
    made = _Parser(prog=PROGRAM, description="Print a table of the dashboard, or write it to a file.")
    listed = made.add_subparsers(title="tables, and other commands", metavar="TABLE")
    for name, meaning in commands().items():
        listed.add_parser(name, help=meaning)
    made.epilog = "TABLE --help lists the options of each."
    return made


def _option(setting: str) -> str:
    return setting.replace("_", "-")


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


_SOURCES = f"{', '.join(SOURCES)}, a folder's path, or a file of counts"


def _source(value: str) -> str:
    if value not in SOURCES and not (value and Path(value).exists()):
        raise argparse.ArgumentTypeError(f"{value!r} is no folder; allowed are {_SOURCES}")
    return value


def _path(value: str) -> Path:
    if not Path(value).exists():
        raise argparse.ArgumentTypeError(f"{value!r} is not there; allowed is a folder, or a file with ratings")
    return Path(value)


def _whole(allowed: range) -> Callable[[str], int]:
    def check(value: str) -> int:
        if not value.isdecimal() or len(value) > 18 or int(value) not in allowed:
            bounds = f"{allowed.start} to {allowed.stop - 1}"
            raise argparse.ArgumentTypeError(f"{value!r} is not allowed; allowed are whole numbers from {bounds}")
        return int(value)

    return check


def _number(allowed: str) -> Callable[[str], float]:
    """Read a number; its range depends on the scale of a study, so that the settings check it."""

    def check(value: str) -> float:
        try:
            return float(value)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{value!r} is no number; allowed are {allowed}") from None

    return check


def _choice(name: str, meaning: str) -> dict[str, Any]:
    return {"choices": CHOICES[name], "help": meaning}


def _several(name: str, metavar: str) -> dict[str, Any]:
    return {"action": "append", "metavar": metavar, "help": f"one {name} of the study; repeatable"}


def _points(meaning: str) -> dict[str, Any]:
    allowed = "numbers above 0, up to the width of the scale"
    return {"type": _number(allowed), "metavar": "POINTS", "help": f"{meaning}, in points of the scale"}


def _rating(meaning: str) -> dict[str, Any]:
    return {"type": _number("ratings from one end of the scale to the other"), "metavar": "RATING", "help": meaning}


def _share(meaning: str, metavar: str = "SHARE") -> dict[str, Any]:
    return {"type": _number("numbers between 0 and 1"), "metavar": metavar, "help": f"{meaning}, between 0 and 1"}


_WITH_CHECKS = "the same for a use with human checks"
OPTIONS: dict[str, dict[str, Any]] = {
    "source": {"type": _source, "default": "auto", "metavar": "SOURCE", "help": _SOURCES},
    "add-judge": {
        "action": "append",
        "type": file_to_read("a file with a judge's ratings"),
        "default": [],
        "metavar": "FILE",
        "help": "a file with one more judge's ratings of the same replies; repeatable",
    },
    "own": {
        "action": "append",
        "type": _owned,
        "default": [],
        "metavar": "JUDGE=SYSTEM",
        "help": "a system that an added judge is itself, or its model's, and is not compared on; repeatable",
    },
    "preset": {**_choice("preset", "where choices not given come from"), "default": "recommended"},
    "use": {"choices": USES, "help": "what the judge is to be certified for"},
    "width": {
        "type": _number("numbers above 0"),
        "metavar": "WIDTH",
        "help": "of the interval from end to end: points of the scale, or of the ICC for reply; 0.2 unless given",
    },
    "power": {
        "type": _number("numbers from 0.5 to 0.99"),
        "metavar": "SHARE",
        "help": "in which share of studies the width is kept and the verdict reached; 0.8 unless given",
    },
    "experts": {
        "type": _whole(EXPERTS_ALLOWED),
        "metavar": "N",
        "help": "who rate each reply; each number that the study tells of unless given",
    },
    "systems": {
        "type": _whole(SYSTEMS_ALLOWED),
        "metavar": "N",
        "help": "to be compared; as many as in the study unless given",
    },
    "judge": _several("judge", "KEY"),
    "model": _several("model", "KEY"),
    "attribute": _several("attribute", "NAME"),
    "level": _choice("level", "what is rated: a model's mean (unless chosen), or a single reply"),
    "ratings": _choice("ratings", "which numbers count"),
    "repeated": _choice("repeated", "rows of the experts that are copies of others"),
    "contexts": _choice("contexts", "rows whose message is another in the judge's file"),
    "exclude": _choice("exclude", "which models a judge is not compared on"),
    "original": _choice("original", "whether replies that people wrote count as a model"),
    "interval": _choice("interval", "how the ICC's interval is made"),
    "resamples": {"type": _whole(RESAMPLES_ALLOWED), "metavar": "N", "help": "how many, of the bootstrap"},
    "seed": {"type": _whole(SEEDS_ALLOWED), "metavar": "N", "help": "of the bootstrap"},
    "discard": _choice("discard", "resampled values of an ICC that are not used"),
    "multiplicity": _choice("multiplicity", "whether verdicts allow for how many there are"),
    "margin": _points("largest bias that counts as none"),
    "loss-supported": _points("what a judge's choice of a system may lose for the use to be supported"),
    "loss-checked": _points(_WITH_CHECKS),
    "low": _rating("experts' highest rating of a poor reply"),
    "high": _rating("judge's lowest rating that reassures"),
    "icc-supported": _share("what the lower end of an ICC must reach for a use to be supported", "ICC"),
    "icc-checked": _share(_WITH_CHECKS, "ICC"),
    "reassured-supported": _share("what the upper end of false reassurance must not pass for a use to be supported"),
    "reassured-checked": _share(_WITH_CHECKS),
    "epsilon": _share("how much less often than an expert a judge may be as near to the others, to replace one"),
    "labelled": {
        "type": _whole(LABELLED_ALLOWED),
        "metavar": "N",
        "help": "replies of a system that the experts would rate (n); 100 unless given",
    },
    "unlabelled": {
        "type": _whole(UNLABELLED_ALLOWED),
        "metavar": "N",
        "help": "further replies of it that the judge alone would rate (N); 1000 unless given",
    },
    "replies": {
        "type": file_to_read("MentalBench-100k as CSV or Parquet"),
        "metavar": "FILE",
        "help": "MentalBench-100k as a file; fetched from Hugging Face unless given",
    },
    "sections": {
        "action": "extend",
        "nargs": "+",
        "choices": (*SECTION_NAMES, ALL_SECTIONS),
        "default": [],
        "metavar": "NAME",
        "help": f"annexes to the two pages of the report: {', '.join(SECTION_NAMES)}, or {ALL_SECTIONS}",
    },
    "identity": {
        "type": file_to_read("NAME_judge.json, which python -m data judge writes"),
        "metavar": "FILE",
        "help": "who the judge is: NAME_judge.json, which python -m data judge writes",
    },
    "app": {
        "type": _address,
        "metavar": "URL",
        "help": f"where the link to the dashboard leads; {HOME} unless given, which a report does not print",
    },
    "format": {"choices": FORMATS, "help": "of what is printed: table, unless chosen; json keeps every digit"},
    "output": {
        "type": file_to_write,
        "metavar": "FILE",
        "help": "write there instead of printing, in the form that the file's ending names",
    },
    "reasons": {"action": "store_true", "help": "say on standard error why each verdict is as it is"},
    "verbose": {"action": "store_true", "help": "say on standard error also each file, the software, every setting"},
    "quiet": {"action": "store_true", "help": "say on standard error only what a reader of the figures must know"},
}
