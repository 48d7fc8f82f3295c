"""Long work that can be watched, given up, and is never waited for without end."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from data.errors import GivenUpError, SourceError

Advance = Callable[[float | None], None]

T = TypeVar("T")

_LOOK_SECONDS = 0.05


@dataclass
class Progress:
    """What long work is doing; ``fraction`` is 0-1, or None while the size is unknown.

    One thread works and reports; any other may read ``message`` and ``fraction``, and call :meth:`give_up`.
    """

    message: str = ""
    fraction: float | None = None
    report: Callable[[str], None] | None = None
    _given_up: threading.Event = field(default_factory=threading.Event)

    def say(self, message: str) -> None:
        """Name the step that begins; ends the worker when the reader has given up."""
        self._stop_if_given_up()
        self.message, self.fraction = message, None
        if self.report is not None:
            self.report(message)

    def give_up(self) -> None:
        """Ask the worker to stop at its next step."""
        self._given_up.set()

    def within(self, patience: float, who: str, work: Callable[[Advance], T]) -> T:
        """Do work that may hang, in a thread that is left behind when it does.

        Parameters
        ----------
        patience
            How many seconds may pass without anything new.
        who
            Whom the work waits for, as the error is to name it.
        work
            Is given the function to report the fraction done with. A fraction that was reached before is nothing new,
            so work that begins again and again does not go on for ever. Called in a thread that was left behind, the
            function ends that thread.

        Raises
        ------
        SourceError
            The work brought nothing new for ``patience`` seconds.
        GivenUpError
            The reader gave up.
        """
        outcome: list[T] = []
        trouble: list[Exception] = []
        left_behind = threading.Event()
        furthest, last_sign = -1.0, time.monotonic()

        def advance(fraction: float | None) -> None:
            nonlocal furthest, last_sign
            if left_behind.is_set():
                raise GivenUpError("nobody waits for this any more")
            if fraction is None or fraction > furthest:
                self.fraction, last_sign = fraction, time.monotonic()
                furthest = furthest if fraction is None else fraction

        def run() -> None:
            try:
                outcome.append(work(advance))
            except Exception as error:  # noqa: BLE001 - raised again in the caller's thread below
                trouble.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_LOOK_SECONDS)
                self._stop_if_given_up()
                if thread.is_alive() and time.monotonic() - last_sign > patience:
                    raise SourceError(f"{who} brought nothing new for {patience:g} seconds")
        finally:
            left_behind.set()
        if trouble:
            raise trouble[0]
        return outcome[0]

    def _stop_if_given_up(self) -> None:
        if self._given_up.is_set():
            raise GivenUpError("given up")
