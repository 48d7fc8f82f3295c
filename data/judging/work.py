"""What a model is asked for: ratings of replies, as a judge, or replies to messages, as a system."""

import argparse
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from data.errors import ReleaseError
from data.judging import replies as sources
from data.judging.anchor import Anchor
from data.judging.asking import PROBES, Asking
from data.judging.log import Log
from data.judging.options import LONGEST_RATING, LONGEST_REPLY
from data.judging.replies import Found, Reply
from data.judging.results import Rated, read_answers, write_ratings
from data.judging.rubric import answer_schema, question, read_rubric, rubric_of
from data.judging.running import Call
from data.own import FILE
from data.own.matching import means, system_names
from data.own.naming import alike_systems, checked_key, is_published
from data.own.wording import counted, some
from data.ratings import Ratings
from data.remote.progress import Progress
from data.replies.texts import load_replies, read_replies
from data.sources import load
from data.study import HUMAN, Study

# What an answer takes before any has come: tokens for each attribute, for a sentence of reason, and for a reply.
_EACH, _SENTENCE, _REPLY = 8, 60, 300
# Parameters that would change what is asked, or how an answer comes.
_FIXED = frozenset({"messages", "model", "n", "response_format", "stream", "stream_options", "tools"})
# What no name of a file may hold on every system.
_UNFIT = re.compile(r"""[/\\:*?"<>|\x00-\x1f]""")
_PROMPT = """Somebody writes to you about what troubles them. Answer with one reply to their message, and nothing else.
"""


@dataclass(frozen=True)
class Work(ABC):
    """What one command asks for.

    Attributes
    ----------
    asking, name
        Whom it asks, and what that one is called in files and tables.
    study
        What the texts are of.
    about
        What is to be known before the first call, a sentence each.
    """

    asking: Asking
    name: str
    study: Study
    about: Sequence[str]

    @property
    @abstractmethod
    def record(self) -> str:
        """What the file that says who was asked is called."""

    @property
    @abstractmethod
    def table(self) -> str:
        """What the file with all that came is called."""

    @property
    @abstractmethod
    def answer_tokens(self) -> int:
        """About how many tokens an answer has, before any has come."""

    @abstractmethod
    def calls(self, asking: Asking) -> list[Call]:
        """List every question, for whom it is asked of."""

    def lacking(self, _asking: Asking, _log: Log) -> str:
        """Say what the log lacks that the work builds on; empty where it lacks nothing."""
        return ""

    @abstractmethod
    def write(self, asking: Asking, log: Log, folder: Path) -> tuple[str, dict[str, int]]:
        """Write all that came from whom was asked; returns a sentence on it, and how many calls gave what."""


@dataclass(frozen=True)
class Judging(Work):
    """A model rates replies, at once or ``again`` at another time, which names the run."""

    replies: Sequence[Reply]
    repeats: int
    probes: Sequence[str]
    again: str
    source: str

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """Find the study and the replies that are meant.

        Raises
        ------
        ReleaseError
            A source, a name or a rubric cannot be used.
        """
        ratings = _study(options.study)
        study = ratings.study
        name = checked_key(study, _name(options), f"--name {_name(options)}")
        if options.anchor is not None and options.limit is not None:
            raise ReleaseError("--anchor names the replies, and --limit takes some of them; leave one of them out")
        if options.sample == "stratified" and options.limit is None:
            raise ReleaseError("--sample stratified takes --limit, the number of replies to draw")
        _check_again(options)
        found = _replies(options, ratings)
        chosen = _chosen(found.replies, study, options)
        items, systems = ({getattr(reply, what) for reply in chosen} for what in ("item", "system"))
        probes = [*dict.fromkeys(options.probe)]
        times = "once each" if options.repeats == 1 else f"{options.repeats} times each"
        times += "".join(f", and once more with the probe {probe}" for probe in probes)
        times += f", as the run {options.again}" if options.again else ""
        replies = f"{counted(len(chosen), 'reply', 'replies')} of {counted(len(systems), 'system')}"
        about = [*found.notes, f"{replies} to {study.counted(len(items))}, {times}"]
        nameless = [each.name for each in study.attributes if not each.meaning]
        if nameless and not options.rubric:
            asks = f"say what they ask of a reply with meaning under [[attributes]] of {FILE}"
            about.append(f"The rubric only names {some(nameless)}; {asks}")
        rubric = read_rubric(options.rubric) if options.rubric else rubric_of(study)
        asking = _asking(options, rubric, LONGEST_RATING, answer_schema(study))
        return cls(asking, name, study, about, chosen, options.repeats, probes, options.again or "", options.study)

    @property
    def record(self) -> str:
        """What the file that says who was asked is called."""
        return f"{self.name}_judge.json"

    @property
    def table(self) -> str:
        """What the file with the ratings is called."""
        return f"{self.name}_llm_judge.csv"

    @property
    def answer_tokens(self) -> int:
        """About how many tokens an answer has, before any has come."""
        return _EACH * len(self.study.attributes) + _SENTENCE

    def rated(self, asking: Asking) -> list[Rated]:
        """List every reply as often as it is rated: run by run, so that a run that is broken off lacks later ones."""
        runs: list[tuple[str, str, int | str]]
        runs = [(str(repeat), "", repeat) for repeat in range(1, self.repeats + 1)]
        runs += [(probe, probe, 1) for probe in self.probes]
        if self.again:
            runs = [(self.again, "", self.again)]
        return [
            Rated(asking.key(question(reply, probe), repeat), question(reply, probe), reply, run)
            for run, probe, repeat in runs
            for reply in self.replies
        ]

    def calls(self, asking: Asking) -> list[Call]:
        """List every question, for whom it is asked of."""
        return [
            Call(each.key, each.text, {"item": each.reply.item, "system": each.reply.system, "run": each.run})
            for each in self.rated(asking)
        ]

    def lacking(self, asking: Asking, log: Log) -> str:
        """Say so where these replies were never rated a first time, and a later run is asked for."""
        first = {asking.key(question(reply), 1) for reply in self.replies}
        if not self.again or first & log.answers.keys():
            return ""
        return (
            f"--again {self.again}: {log.path} has no first rating of these replies by this judge; run the command "
            "without --again first"
        )

    def write(self, asking: Asking, log: Log, folder: Path) -> tuple[str, dict[str, int]]:
        """Write the ratings, also of replies that were rated in earlier runs and are not asked for now."""
        rated = self.rated(asking)
        now = {(each.reply.item, each.reply.system, each.run) for each in rated}
        before = [
            Rated(key, "", Reply(*place, "", ""), begun.about["run"])
            for key, begun in log.begun.items()
            if begun.asking == asking.sha256 and key in log.answers
            if (*(place := (begun.about["item"], begun.about["system"])), begun.about["run"]) not in now
        ]
        read = read_answers(self.study, [*rated, *before], log.answers)
        path = write_ratings(read, folder / self.table)
        said = f"{read.sentence}; written to {path}"
        if read.table["rating"].isna().all():
            return said, read.counts
        systems, known = set(read.table["system"]), set(self.study.system_keys)
        if not systems & known:
            same = "rate the study's replies too, with the same command without --replies"
            return f"{said}. Before these can be compared with any, {same}", read.counts
        table = "consistency" if self.again else "verdicts" if systems <= known else "new-systems"
        see = f"python -m analysis {table} --source {self.source} --add-judge {path}"
        see += f" --identity {folder / self.record}" if table == "new-systems" else ""
        return f"{said}. Look at them with: {see}", read.counts


@dataclass(frozen=True)
class Writing(Work):
    """A model replies to messages."""

    messages: Sequence[tuple[str, str]]
    every_message: Sequence[tuple[str, str]]
    judging: str

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """Find the messages that are meant.

        Raises
        ------
        ReleaseError
            A source, a name or a prompt cannot be used.
        """
        ratings = _study(options.study)
        study, name = ratings.study, _name(options)
        known = system_names(study)
        if means(name, known) or list(alike_systems([name], known, "--name")):
            raise ReleaseError(f"--name {name}: the study has such a system already; give the new one another name")
        told = ratings.contexts[ratings.contexts["rater"] == HUMAN]
        if not len(told):
            raise ReleaseError(f"{study.title} holds no messages to reply to; its tables need a column message")
        every = [*zip(told["conversation"].astype(str), told["context"].astype(str), strict=True)]
        chosen = every[: options.limit]
        judging = f"python -m data judge --model MODEL --endpoint URL --output FOLDER --study {options.study}"
        prompt = read_rubric(options.prompt) if options.prompt else _PROMPT
        about = [f"a reply to each of {study.counted(len(chosen))}"]
        return cls(_asking(options, prompt, LONGEST_REPLY, {}), name, study, about, chosen, every, judging)

    @property
    def answer_tokens(self) -> int:
        """About how many tokens an answer has, before any has come."""
        return _REPLY

    @property
    def record(self) -> str:
        """What the file that says who was asked is called."""
        return f"{self.name}_system.json"

    @property
    def table(self) -> str:
        """What the file with the replies is called."""
        return f"{self.name}_replies.csv"

    def calls(self, asking: Asking) -> list[Call]:
        """List every question, for whom it is asked of."""
        return [
            Call(asking.key(message, 1), message, {"item": item, "system": self.name})
            for item, message in self.messages
        ]

    def write(self, asking: Asking, log: Log, folder: Path) -> tuple[str, dict[str, int]]:
        """Write the replies, also to messages that are not asked for now."""
        came = {item: log.answers.get(asking.key(message, 1)) for item, message in self.every_message}
        rows = [
            (item, self.name, message, answer.text)
            for item, message in self.every_message
            if (answer := came[item]) is not None and answer.status == "answered" and answer.text.strip()
        ]
        path = folder / self.table
        frame = pd.DataFrame(rows, columns=["item", "system", "message", "reply"])
        frame.to_csv(path, index=False, lineterminator="\n")
        left = sum(came[item] is None for item, _ in self.messages)
        refused = sum(answer is not None and answer.status == "refused" for answer in came.values())
        counts = {"answered": len(rows), "refused": refused, "open": left}
        said = counted(len(rows), "reply", "replies") + (f", {refused:,} refused" if refused else "")
        return f"{said}; written to {path}. Let a judge rate them with: {self.judging} --replies {path}", counts


def anchor_of(options: argparse.Namespace) -> Anchor:
    """Draw an anchor set from the replies of a study that experts have rated.

    Raises
    ------
    ReleaseError
        The source or the replies cannot be used.
    """
    ratings = _study(options.study)
    known = [reply for reply in _replies(options, ratings).replies if reply.system in ratings.study.system_keys]
    return Anchor.of(ratings.study.key, sources.sampled(known, options.number, options.seed), options.seed)


def _study(source: str) -> Ratings:
    ratings = load(source, Progress()).ratings
    if ratings is None:
        raise ReleaseError(f"--study {source} has no single ratings; allowed is hub, github, or a folder with a study")
    return ratings


def _replies(options: argparse.Namespace, ratings: Ratings) -> Found:
    """Find the replies: in a table, beside the study, or in MentalBench-100k."""
    published = is_published(ratings.study)
    if options.replies is not None and published and not sources.is_table(options.replies):
        return sources.of_benchmark(ratings, read_replies(options.replies, Progress()))
    if options.replies is not None:
        return sources.of_study(sources.of_table(options.replies), ratings)
    if published:
        return sources.of_benchmark(ratings, load_replies(Progress()))
    return sources.of_folder(Path(options.study))


def _check_again(options: argparse.Namespace) -> None:
    if options.again and (options.again.isdecimal() or options.again in PROBES or options.again == "none"):
        raise ReleaseError(
            f"--again {options.again}: numbers and probes name other runs; name it by its time, as 2027-05"
        )
    if options.again and (options.repeats > 1 or options.probe):
        raise ReleaseError("--again asks once, as the first run did; leave out --repeats and --probe")


def _chosen(replies: Sequence[Reply], study: Study, options: argparse.Namespace) -> Sequence[Reply]:
    if options.anchor is not None:
        anchor = Anchor.read(options.anchor)
        if anchor.study != study.key:
            raise ReleaseError(f"--anchor {options.anchor} is of the study {anchor.study!r}, and this is {study.key!r}")
        return anchor.taken(replies)
    if options.limit is not None and options.sample == "stratified":
        return sources.sampled(replies, options.limit, options.seed)
    return replies[: options.limit]


def _asking(options: argparse.Namespace, told: str, longest: int, schema: Mapping[str, Any]) -> Asking:
    given = dict(options.parameter)
    if fixed := given.keys() & _FIXED:
        raise ReleaseError(f"--parameter {min(fixed)}: this is for the command to set; leave it out")
    limit = {} if "max_completion_tokens" in given else {"max_tokens": longest}
    parameters = {name: value for name, value in {"temperature": 0, **limit, **given}.items() if value is not None}
    return Asking(options.model, options.endpoint.rstrip("/"), told, schema, parameters)


def _name(options: argparse.Namespace) -> str:
    """Take the name that is given, or that of the model; it names files as well."""
    if options.name is None:
        return _UNFIT.sub("-", options.model.rstrip("/").rsplit("/", 1)[-1])
    if _UNFIT.search(options.name) or options.name != options.name.strip(" ."):
        raise ReleaseError(f"--name {options.name!r} cannot name a file; leave out slashes, colons and the like")
    return str(options.name)
