"""Long work in the background, so that a page never waits for a network."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from data.errors import GivenUpError, ReleaseError, SourceError
from data.remote.progress import Progress

T = TypeVar("T")


class Loading(Generic[T]):
    """One attempt to load something, begun when it is made.

    Attributes
    ----------
    progress
        What it is doing; ``progress.give_up()`` ends it.
    result
        What came, None until then and when nothing came.
    trouble
        Why nothing came, in a sentence without its full stop.
    """

    def __init__(self, load: Callable[[Progress], T]) -> None:
        self.progress = Progress(message="Starting")
        self.result: T | None = None
        self.trouble = ""
        self._load = load
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._load(self.progress)
        except (SourceError, ReleaseError) as error:
            self.trouble = str(error)
        except GivenUpError:
            self.trouble = "Loading was stopped"
        except Exception as error:  # noqa: BLE001 - whatever it was, the page must say that nothing came
            self.trouble = f"Loading failed in a way that was not foreseen ({type(error).__name__})"

    def wait(self, seconds: float) -> None:
        """Wait for the end, but no longer than this."""
        self._thread.join(seconds)

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return not self._thread.is_alive()
