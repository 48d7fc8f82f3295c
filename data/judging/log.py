"""The log of calls: a file that is only ever added to, so that no break loses an answer and none is paid for twice."""

import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import orjson
from filelock import FileLock, Timeout

from data.errors import ReleaseError
from data.judging.asking import Asking

NAME = "calls.jsonl"
_MILLION = 1_000_000

# ``answered`` has a text, which may be unreadable; ``refused`` is what the model or the endpoint would not answer.
Status = Literal["answered", "refused"]


@dataclass(frozen=True)
class Answer:
    """What came of one call.

    Attributes
    ----------
    key
        Of the call, see :meth:`data.judging.asking.Asking.key`.
    status, text
        Whether it was answered, and what was said, as it came.
    model, fingerprint
        What the endpoint calls the version that answered; empty where it names none.
    ended
        Why the answer ended: ``stop``, ``length``, ``content_filter``.
    input_tokens, output_tokens
        What it used; None where the endpoint does not say.
    tries
        How often the endpoint was asked until it answered.
    """

    key: str
    status: Status
    text: str
    model: str = ""
    fingerprint: str = ""
    ended: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    tries: int = 1


class Most(NamedTuple):
    """The most tokens that a call can take: a token for every byte that is sent, and the longest answer."""

    sent: int
    answered: int


class Prices(NamedTuple):
    """What a million tokens cost, in and out, in whatever money the user counts in."""

    input: float
    output: float

    def of(self, input_tokens: float, output_tokens: float) -> float:
        """Return the cost of so many tokens."""
        return (self.input * input_tokens + self.output * output_tokens) / _MILLION


class Begun(NamedTuple):
    """A call that was begun.

    Attributes
    ----------
    asking, about
        Who was asked, and which item, system and run it is about.
    most
        The most that it can take.
    prices
        Those that were stated when it was made; None where none were.
    """

    asking: str
    about: Mapping[str, Any]
    most: Most
    prices: Prices | None = None


class Log:
    """The calls of a folder. Used as a context, it is kept from other programs until it is closed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.answers: dict[str, Answer] = {}
        self.begun: dict[str, Begun] = {}
        # Calls that were begun and not ended, which an endpoint may have charged for; and of those that were begun
        # again, the first try.
        self.broken_off: set[str] = set()
        self.lost: list[Begun] = []
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._alone = FileLock(folder / f".{NAME}.lock")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._alone.acquire(timeout=0)
        except Timeout:
            raise ReleaseError(f"another run is writing to {self.path}; wait for it, or name another folder") from None
        try:
            self._read()
        except ReleaseError:
            self._alone.release()
            raise
        self._file = self.path.open("ab")
        if self.path.stat().st_size and not self.path.read_bytes().endswith(b"\n"):
            # A run was stopped in the middle of a line; what it said of that call is lost, and the line is no event.
            self._file.write(b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._alone.release()

    def knows(self, asking: Asking) -> bool:
        """Whether a model was asked so, and has answered."""
        return asking.sha256 in self._known

    def begin(self, key: str, begun: Begun) -> None:
        """Write down that a call begins, before anything is sent."""
        with self._lock:
            self.begun[key] = begun
        numbers = {"most": [*begun.most], "prices": begun.prices and [*begun.prices]}
        self._add({"event": "begun", "key": key, **begun._asdict(), **numbers})

    def end(self, answer: Answer, asking: Asking) -> None:
        """Write down what came of a call, and who was asked where it is the first of theirs."""
        with self._lock:
            first = asking.sha256 not in self._known
            self._known.add(asking.sha256)
            self.answers[answer.key] = answer
        if first:
            self._add({"event": "asking", "sha256": asking.sha256, **asking.identity})
        self._add({"event": "ended", **asdict(answer)})

    def not_taken(self, key: str) -> None:
        """Write down that the endpoint did not take a call, which costs nothing."""
        self._add({"event": "not taken", "key": key})

    def _add(self, event: dict[str, Any]) -> None:
        line = orjson.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **event}) + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()
            if event["event"] == "ended":
                os.fsync(self._file.fileno())

    def _read(self) -> None:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    self._take(orjson.loads(line))
                except orjson.JSONDecodeError:
                    # Only what was being written when a run was stopped may be no event.
                    continue
                except (KeyError, TypeError):
                    problem = f"{self.path}, line {number} is no call of a run; name another folder"
                    raise ReleaseError(problem) from None

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] == "asking":
            self._known.add(event["sha256"])
        elif event["event"] == "begun":
            if event["key"] in self.broken_off:
                self.lost.append(self.begun[event["key"]])
            self.broken_off.add(event["key"])
            prices = Prices(*event["prices"]) if event.get("prices") else None
            self.begun[event["key"]] = Begun(event["asking"], event["about"], Most(*event["most"]), prices)
        elif event["event"] == "not taken":
            self.broken_off.discard(event["key"])
        else:
            self.broken_off.discard(event["key"])
            found = Answer(**{name: event[name] for name in Answer.__dataclass_fields__})
            self.answers[found.key] = found
