"""What ``python -m data judge``, ``generate`` and ``anchor`` are told."""

import argparse
import json
import math
from typing import Any

from data.judging.asking import PROBES
from data.paths import file_to_read, file_to_write, folder_to_write

# A model that writes as one would talk ends a sentence of reason, and its ratings, well within this.
LONGEST_RATING, LONGEST_REPLY = 1000, 2000
_TEXT = file_to_read("a text file in UTF-8")


def add_commands(commands: Any) -> None:
    """Add the commands to a parser."""
    judge = commands.add_parser("judge", help="let a model rate replies, as a judge that a study takes")
    _common(judge, "the judge, in files and tables", LONGEST_RATING)
    judge.add_argument("--rubric", type=_TEXT, metavar="FILE", help="what the judge is told, in place of the study's")
    judge.add_argument(
        "--sample",
        choices=("first", "stratified"),
        default="first",
        help="which replies --limit takes (default: first)",
    )
    judge.add_argument("--seed", type=seed, default=0, metavar="N", help="of --sample stratified (default: 0)")
    judge.add_argument(
        "--repeats", type=positive, default=1, metavar="K", help="how often each reply is rated (default: once)"
    )
    judge.add_argument(
        "--probe",
        action="append",
        default=[],
        choices=PROBES,
        help="rate each reply once more with a change that means nothing; repeatable",
    )
    frozen = file_to_read("what python -m data anchor has written")
    judge.add_argument("--anchor", type=frozen, metavar="FILE", help="rate the replies of an anchor set")
    judge.add_argument(
        "--again", type=_named, metavar="NAME", help="rate them again, as a run called so, as in 2027-05"
    )
    anchor = commands.add_parser("anchor", help="freeze a sample of replies, to be rated again later")
    anchor.add_argument("--number", type=positive, default=300, metavar="N", help="about so many (default: 300)")
    anchor.add_argument("--seed", type=seed, default=0, metavar="N", help="of the sample (default: 0)")
    where = "where to write it, as JSON"
    anchor.add_argument("--output", type=file_to_write, required=True, metavar="FILE", help=where)
    write = commands.add_parser("generate", help="let a model reply to the messages of a study, as a new system")
    _common(write, "the system, in files and tables", LONGEST_REPLY)
    write.add_argument("--prompt", type=_TEXT, metavar="FILE", help="what the system is told")
    for command in (judge, anchor, write):
        command.add_argument(
            "--study",
            default="github",
            metavar="SOURCE",
            help="hub, github, or a folder with a study (default: github)",
        )
    replies = "a table with item, system, message and reply, or MentalBench-100k"
    for command in (judge, anchor):
        command.add_argument(
            "--replies",
            type=file_to_read(replies),
            metavar="FILE",
            help=replies,
        )


def _common(parser: argparse.ArgumentParser, named: str, longest_answer: int) -> None:
    parser.add_argument("--model", required=True, metavar="NAME", help="the model, as its endpoint calls it")
    parser.add_argument("--endpoint", required=True, metavar="URL", help="as in https://api.example.org/v1")
    where = "of the log and of what comes out"
    parser.add_argument("--output", type=folder_to_write, required=True, metavar="FOLDER", help=where)
    parser.add_argument("--name", metavar="NAME", help=f"what to call {named} (default: the model's name)")
    parser.add_argument("--key-from", default="", metavar="VARIABLE", help="the environment's variable with the key")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_parameter,
        metavar="NAME=VALUE",
        help=f"of each request, repeatable; null takes one out (default: temperature=0, max_tokens={longest_answer})",
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="at most so many replies")
    parser.add_argument("--concurrency", type=positive, default=8, metavar="N", help="calls at once (default: 8)")
    parser.add_argument("--price-in", type=_money, metavar="PRICE", help="of a million tokens sent")
    parser.add_argument("--price-out", type=_money, metavar="PRICE", help="of a million tokens answered")
    parser.add_argument("--cap", type=_money, metavar="AMOUNT", help="spend no more than this, earlier runs included")
    parser.add_argument("--yes", action="store_true", help="do not ask before the first call")


def _parameter(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=VALUE, as in temperature=0.7")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def seed(text: str) -> int:
    """Read the seed of a draw."""
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed; allowed are whole numbers from 0 to 4294967295")
    return int(text)


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the run is empty; name it by its time, as 2027-05")
    return text.strip()


def positive(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _money(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount, as in 0.15")
    return number
