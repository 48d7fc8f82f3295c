"""Long work can be watched, given up, and is left behind when it hangs."""

import threading
import time

import pytest

from data.errors import GivenUpError, SourceError
from data.remote.progress import Advance, Progress


def test_work_gives_its_result_and_its_own_error() -> None:
    progress = Progress()
    assert progress.within(1, "The kitchen", lambda _: "soup") == "soup"

    def burn(_: Advance) -> None:
        raise KeyError("salt")

    with pytest.raises(KeyError, match="salt"):
        progress.within(1, "The kitchen", burn)


def test_a_new_step_is_named_and_forgets_how_far_the_last_one_was() -> None:
    heard: list[str] = []
    progress = Progress(report=heard.append)
    progress.say("Peeling")
    progress.within(1, "The kitchen", lambda advance: advance(0.5))
    assert (progress.message, progress.fraction) == ("Peeling", 0.5)
    progress.say("Boiling")
    assert (progress.message, progress.fraction) == ("Boiling", None)
    assert heard == ["Peeling", "Boiling"]


def test_silent_work_is_left_behind_and_may_not_speak_for_the_next() -> None:
    progress, wake, ended = Progress(), threading.Event(), threading.Event()

    def sleep(advance: Advance) -> None:
        wake.wait(10)
        try:
            advance(0.9)
        finally:
            ended.set()

    with pytest.raises(SourceError, match=r"^The kitchen brought nothing new for 0\.2 seconds$"):
        progress.within(0.2, "The kitchen", sleep)
    progress.say("Asking the bakery")
    wake.set()
    assert ended.wait(2)
    assert (progress.message, progress.fraction) == ("Asking the bakery", None)


@pytest.mark.slow
def test_slow_work_is_waited_for_as_long_as_it_gets_on() -> None:
    def simmer(advance: Advance) -> str:
        for tenth in range(10):
            advance(tenth / 10)
            time.sleep(0.1)
        return "stew"

    assert Progress().within(0.5, "The kitchen", simmer) == "stew"


@pytest.mark.slow
def test_work_that_begins_again_and_again_brings_nothing_new() -> None:
    def drop_the_pan(advance: Advance) -> None:
        for step in range(500):
            advance(step % 5 / 10)
            time.sleep(0.01)

    progress, start = Progress(), time.monotonic()
    with pytest.raises(SourceError, match="nothing new"):
        progress.within(0.3, "The kitchen", drop_the_pan)
    assert time.monotonic() - start < 1.5
    assert progress.fraction == 0.4


def test_a_reader_who_gives_up_waits_no_longer() -> None:
    progress, start = Progress(), time.monotonic()
    threading.Timer(0.1, progress.give_up).start()
    with pytest.raises(GivenUpError):
        progress.within(60, "The kitchen", lambda _: time.sleep(1))
    assert time.monotonic() - start < 0.6
    with pytest.raises(GivenUpError):
        progress.say("Serving")
