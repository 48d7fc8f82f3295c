"""One command from the question whether to begin to the files that it leaves."""

import argparse
import hashlib
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tqdm import tqdm

from data.errors import ReleaseError
from data.judging.asking import FORMS, Asking
from data.judging.endpoint import Endpoint, FormError
from data.judging.log import Answer, Log, Prices
from data.judging.results import read_json, record, run_of, version_of, write_json
from data.judging.running import (
    Outcome,
    Run,
    Spending,
    longest,
    stopping_at_signals,
    tokens_in,
)
from data.judging.work import Judging, Work, Writing
from data.own.wording import counted

COMMANDS: dict[str, type[Judging] | type[Writing]] = {"judge": Judging, "generate": Writing}
# Beside 0 for all done and 2 for what cannot be used: calls are left to make, or no answer can be used.
LEFT = 3


def command(options: argparse.Namespace) -> int:
    """Run a command; returns 0 when all is done, 2 when nothing was begun, and ``LEFT`` when calls or answers lack."""
    prices = _prices(options)
    work: Work = COMMANDS[options.command].of(options)
    if options.cap is not None and longest(work.asking) is None:
        raise ReleaseError("--cap takes --parameter max_tokens=N (or max_completion_tokens), the longest answer")
    with Endpoint(options.endpoint, options.key_from, _say) as endpoint, Log(options.output) as log:
        session = _Session(options, work, endpoint, log, prices)
        if not session.agreed():
            return 2
        outcome = session.run()
        rated = session.write()
    if outcome.stopped:
        stopped = f"Stopped with {counted(outcome.left, 'call')} to make: {outcome.stopped}"
        _say(f"{stopped}. The same command goes on where it ended.")
    return LEFT if outcome.left or not rated else 0


@dataclass
class _Session:
    options: argparse.Namespace
    work: Work
    endpoint: Endpoint
    log: Log
    prices: Prices | None
    asking: Asking = field(init=False)
    spending: Spending = field(init=False)

    def __post_init__(self) -> None:
        in_words = replace(self.work.asking, form="words")
        known = not self.log.knows(self.work.asking) and self.log.knows(in_words)
        self.asking = in_words if known else self.work.asking
        self.spending = Spending.of(self.log, self.prices, self.options.cap)
        self._check_name()
        if lacking := self.work.lacking(self.asking, self.log):
            raise ReleaseError(lacking)

    def _check_name(self) -> None:
        """Refuse to write over what another model, or the same one asked otherwise, has left under this name."""
        path = self.options.output / self.work.record
        if not path.exists():
            return
        kept = read_json(path)
        known = {replace(self.work.asking, form=form).sha256 for form in FORMS}
        if not any(kept.get("calls", {}).get(kind) for kind in ("answered", "refused", "unreadable")):
            return
        if (kept.get("sha256"), kept.get("study")) not in {(each, self.work.study.key) for each in known}:
            raise ReleaseError(
                f"{path} is of another model, or of one that was asked otherwise (endpoint, rubric, parameters or "
                "study); give this one another --name, or name another folder"
            )

    def agreed(self) -> bool:
        """Say what will be sent where and what it may cost, and ask whether to go on."""
        calls = {call.key: call for call in self.work.calls(self.asking)}
        left = [call for key, call in calls.items() if key not in self.log.answers]
        came = [self.log.answers[key].output_tokens for key in calls if key in self.log.answers]
        known = [tokens for tokens in came if tokens is not None]
        sent = sum(tokens_in(self.asking, call.text) for call in left)
        answered = len(left) * (sum(known) / len(known) if known else self.work.answer_tokens)
        ids = f"instructions {self.asking.rubric_sha256[:12]}, with model and parameters {self.asking.sha256[:12]}"
        _say(f"{self.work.name} is {self.asking.model} at {self.endpoint.host}; {ids}:\n\n{self.asking.instructions}")
        for sentence in self.work.about:
            _say(sentence)
        tokens = f"about {sent:,} tokens to send and {answered:,.0f} to receive, at four letters a token"
        _say(f"{counted(len(left), 'call')} to make, {len(calls) - len(left):,} made before; {tokens}")
        if broken := len(self.log.broken_off & calls.keys()):
            _say(f"{counted(broken, 'call')} broke off before, may have been charged, and will be made again")
        if self.prices:
            cap = "" if self.options.cap is None else f"; it stops before {self.options.cap:g} is passed"
            paid = f"{money(self.spending.spent)} paid before in this folder"
            _say(f"About {money(self.prices.of(sent, answered))} to pay, {paid}{cap}")
            if self.spending.unpriced:
                calls_before = counted(self.spending.unpriced, "call was", "calls were")
                _say(f"{calls_before} kept without a price, and what was paid counts them at the present prices")
        else:
            _say("What it costs is not known; --price-in and --price-out give a guess, and --cap a limit")
        _say(f"Texts are sent to {self.endpoint.host} and nowhere else; raw answers are kept in {self.log.path}")
        if not left or self.options.yes:
            return True
        if not sys.stdin.isatty():
            raise ReleaseError("nobody can be asked whether to go on; say so with --yes")
        sys.stderr.write("Go on? [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def run(self) -> Outcome:
        """Make the calls; in words where the endpoint takes no schema."""
        try:
            return self._run()
        except FormError as error:
            _say(f"{self.endpoint.host} takes no schema ({error}); it is asked in words, and read tolerantly")
            self.asking = replace(self.asking, form="words")
            return self._run()

    def _run(self) -> Outcome:
        calls = self.work.calls(self.asking)
        keys = {call.key for call in calls}
        done, refused, stop = len(keys & self.log.answers.keys()), 0, threading.Event()
        with tqdm(total=len(keys), initial=done, unit="call", desc=self.work.name) as bar, stopping_at_signals(stop):

            def report(answer: Answer) -> None:
                nonlocal refused
                refused += answer.status == "refused"
                spent = {"paid": money(self.spending.spent)} if self.prices else {}
                bar.set_postfix({"refused": refused, **spent}, refresh=False)
                bar.update()

            making = Run(self.endpoint, self.asking, self.log, self.spending, self.options.concurrency, stop, report)
            return making.make(calls)

    def write(self) -> bool:
        """Write what came, and who gave it; whether any of it can be used."""
        said, counts = self.work.write(self.asking, self.log, self.options.output)
        of_this = [key for key, begun in self.log.begun.items() if begun.asking == self.asking.sha256]
        answers = [
            (run_of(self.log.begun[key].about, self.work.study), self.log.answers[key])
            for key in of_this
            if key in self.log.answers
        ]
        found = record(self.asking, self.work.study, answers, self._cost(of_this))
        table = self.options.output / self.work.table
        told = {"file": table.name, "file_sha256": hashlib.sha256(table.read_bytes()).hexdigest(), "calls": counts}
        write_json(self.options.output / self.work.record, {**found, **told})
        _say(said)
        named = [*dict.fromkeys(version_of(each) for each in found["versions"])]
        if len(named) > 1:
            _say(f"{self.endpoint.host} answered as several versions: {', '.join(named)}. They are not one judge.")
        used = f"{self.spending.input_tokens:,} tokens sent and {self.spending.output_tokens:,} received in this folder"
        if self.spending.uncounted:
            used += f", not counting {counted(self.spending.uncounted, 'call')} of which the endpoint told none"
        _say(f"{used}; {money(self.spending.spent)} paid" if self.prices else used)
        return counts["answered"] > 0

    def _cost(self, keys: Iterable[str]) -> float | None:
        """Return what answers have cost as far as the endpoint told; None where the price of one is not known."""
        calls = [(self.log.begun[key], self.log.answers[key]) for key in keys if key in self.log.answers]
        if not all(begun.prices or self.prices for begun, _ in calls):
            return None
        return sum(
            self.spending.cost(begun, answer.input_tokens or 0, answer.output_tokens or 0) for begun, answer in calls
        )


def _prices(options: argparse.Namespace) -> Prices | None:
    given = (options.price_in, options.price_out)
    if None not in given:
        return Prices(*given)
    if given != (None, None) or options.cap is not None:
        raise ReleaseError("--cap, and a guess of the cost, take both --price-in and --price-out, of a million tokens")
    return None


def money(amount: float) -> str:
    """Write an amount: to two decimals, or to two digits where it is small."""
    return f"{amount:.2f}" if amount >= 1 or not amount else f"{amount:.2g}"


def _say(text: str) -> None:
    """Say something beside the bar that shows how far a run is, if there is one."""
    tqdm.write(text, file=sys.stderr)
    sys.stderr.flush()
