"""A run: every call that is not in the log yet, several at once, until all are done or something ends it cleanly."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, Self

from data.errors import SourceError
from data.judging.asking import Asking
from data.judging.endpoint import FilteredError, NotTakenError
from data.judging.log import Answer, Begun, Log, Most, Prices

# So many texts in a row that an endpoint's filter would not take are no chance.
_MOST_FILTERED = 20
# How an answer ended that a filter kept back.
FILTERED = "content_filter"
_LOOK_SECONDS = 0.5
# What a shell calls the end of a program by Ctrl-C.
_INTERRUPTED = 130
# A token is about four letters in English; no token is less than a byte. What surrounds a text takes some, too.
_BYTES_A_TOKEN, _AROUND = 4, 300


class Asked(Protocol):
    """Whatever answers as an endpoint does."""

    def ask(self, asking: Asking, text: str, key: str) -> Answer:
        """Ask about one text."""


class Call(NamedTuple):
    """One question: its key, its text, and which item, system and run it is about."""

    key: str
    text: str
    about: Mapping[str, Any]


@dataclass
class Spending:
    """What a run has cost, and may cost.

    A call costs what it did at the prices that were stated when it was made, or else at those that are stated now;
    ``unpriced`` is how many are counted so. One that is under way counts with the most that it can cost, so that the
    cap holds whatever comes back.
    """

    prices: Prices | None = None
    cap: float | None = None
    spent: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    uncounted: int = 0
    unpriced: int = 0
    _held: float = 0.0

    @classmethod
    def of(cls, log: Log, prices: Prices | None, cap: float | None) -> Self:
        """Count what all runs of a folder have cost; a call that broke off may have been charged, at the most."""
        spending = cls(prices, cap)
        for key, answer in log.answers.items():
            spending.take(answer, log.begun[key])
        for begun in (*log.lost, *(log.begun[key] for key in log.broken_off)):
            spending.lose(begun)
        return spending

    def most(self, tokens: Most) -> float:
        """Return what so many tokens cost now."""
        return self.prices.of(*tokens) if self.prices else 0.0

    def hold(self, most: float) -> bool:
        """Set aside what a call may cost; False where the cap leaves too little."""
        if self.cap is not None and self.spent + self._held + most > self.cap:
            return False
        self._held += most
        return True

    def give_back(self, most: float) -> None:
        """Return what was set aside for a call that has ended."""
        self._held -= most

    def take(self, answer: Answer, begun: Begun) -> None:
        """Count what a call has cost; one whose usage is not told costs the most that it can."""
        self.input_tokens += answer.input_tokens or 0
        self.output_tokens += answer.output_tokens or 0
        if answer.input_tokens is None or answer.output_tokens is None:
            self.uncounted += 1
            self.lose(begun)
        else:
            self._pay(begun, answer.input_tokens, answer.output_tokens)

    def lose(self, begun: Begun) -> None:
        """Count a call that may have been charged with the most that it can cost."""
        self._pay(begun, *begun.most)

    def cost(self, begun: Begun, input_tokens: int, output_tokens: int) -> float:
        """Return what so many tokens of a call cost; nothing where no price is known."""
        prices = begun.prices or self.prices
        return prices.of(input_tokens, output_tokens) if prices else 0.0

    def _pay(self, begun: Begun, input_tokens: int, output_tokens: int) -> None:
        self.unpriced += begun.prices is None
        self.spent += self.cost(begun, input_tokens, output_tokens)


def tokens_in(asking: Asking, text: str) -> int:
    """Guess how many tokens a question has."""
    return len((asking.instructions + text).encode()) // _BYTES_A_TOKEN + _AROUND


def most_of(asking: Asking, text: str) -> Most:
    """Return the most that a call can take: a token for every byte sent, and the longest answer that was asked for."""
    sent = len((asking.instructions + text + str(dict(asking.schema))).encode()) + _AROUND
    return Most(sent, longest(asking) or 0)


def longest(asking: Asking) -> int | None:
    """Return the most tokens that an answer may have, where the parameters say so."""
    named = (asking.parameters.get(name) for name in ("max_completion_tokens", "max_tokens"))
    return next((number for number in named if isinstance(number, int)), None)


@dataclass(frozen=True)
class Outcome:
    """How a run ended: how many calls it made, and why it stopped before the last of them, if it did."""

    made: int
    left: int
    stopped: str = ""


@contextmanager
def stopping_at_signals(stop: threading.Event) -> Iterator[None]:
    """Set ``stop`` at the first Ctrl-C or SIGTERM, and end the program at the second."""

    def ask_to_stop(*_signal: object) -> None:
        if stop.is_set():
            sys.stderr.write("\nStopped at once. What came is in the log; the same command goes on where it ended.\n")
            sys.stderr.flush()
            os._exit(_INTERRUPTED)
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Run:
    """Makes every call that the log has no answer to. The first is made alone: what cannot be used is met once.

    Once ``stop`` is set, calls that are under way are waited for, and no other begins.
    """

    endpoint: Asked
    asking: Asking
    log: Log
    spending: Spending
    concurrency: int
    stop: threading.Event
    report: Callable[[Answer], object]
    _open: list[Call] = field(default_factory=list, init=False)
    _held: dict[Future[Answer], tuple[Call, float]] = field(default_factory=dict, init=False)
    _made: int = field(default=0, init=False)
    _filtered: int = field(default=0, init=False)
    _why: str = field(default="", init=False)

    def make(self, calls: Sequence[Call]) -> Outcome:
        """Make the calls, until all are answered or something ends the run cleanly.

        Raises
        ------
        SourceError
            Not even the first was answered.
        """
        # The same words to the same question have one answer. The last is taken first.
        self._open = [*{call.key: call for call in calls if call.key not in self.log.answers}.values()][::-1]
        with ThreadPoolExecutor(self.concurrency) as pool:
            while self._begin(pool):
                done, _ = wait(self._held, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    self._take(future)
        if self.stop.is_set() and self._open and not self._why:
            self._why = "it was asked to stop"
        return Outcome(self._made, len(self._open), self._why)

    def _begin(self, pool: ThreadPoolExecutor) -> bool:
        """Begin as many calls as may be under way, the first one alone; whether any is."""
        at_once = self.concurrency if self._made else 1
        while self._open and len(self._held) < at_once and not self._why and not self.stop.is_set():
            call = self._open[-1]
            tokens = most_of(self.asking, call.text)
            most = self.spending.most(tokens)
            if not self.spending.hold(most):
                # What is under way may cost less than was set aside for it.
                if not self._held:
                    left = f"is left of the cap of {self.spending.cap:g}"
                    self._why = f"the next call could cost more than {left}, which --cap raises"
                break
            self._open.pop()
            self.log.begin(call.key, Begun(self.asking.sha256, call.about, tokens, self.spending.prices))
            self._held[pool.submit(self._ask, call)] = call, most
        return bool(self._held)

    def _ask(self, call: Call) -> Answer:
        """Ask, and write the answer down before anything else can happen to it."""
        try:
            answer = self.endpoint.ask(self.asking, call.text, call.key)
        except FilteredError as error:
            answer = Answer(call.key, "refused", str(error), ended=FILTERED, input_tokens=0, output_tokens=0)
        except NotTakenError:
            self.log.not_taken(call.key)
            raise
        self.log.end(answer, self.asking)
        return answer

    def _take(self, future: Future[Answer]) -> None:
        call, most = self._held.pop(future)
        self.spending.give_back(most)
        try:
            answer = future.result()
        except SourceError as error:
            self._open.append(call)
            if not isinstance(error, NotTakenError):
                # It may have been charged for all the same.
                self.spending.spent += most
            if not self._made:
                raise
            self._why = self._why or str(error)
            return
        self.spending.take(answer, self.log.begun[call.key])
        self._made += 1
        self._filtered = self._filtered + 1 if answer.ended == FILTERED else 0
        if self._filtered == _MOST_FILTERED:
            self._why = f"the endpoint would not take {self._filtered} texts one after the other: {answer.text}"
        self.report(answer)
