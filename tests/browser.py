"""Chromium and the app: a server that nobody has visited yet, and visitors who come to it.

    with chromium() as windows, Server(tmp_path / "log") as server, Visitor(windows, server) as visitor:
        visitor.go("/reliability?judge=gpt-4o")
        assert visitor.chosen("Judges") == ["GPT-4o"]

A visitor's block ends with an error when the browser asked another host than 127.0.0.1 or wrote errors to its console.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    Playwright,
    Request,
    WebError,
    WebSocket,
    expect,
    sync_playwright,
)

from pages.components.places import PLACES

TOP = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 120.0

# Of each place by its address.
HEADINGS = {
    "/": "When can an LLM judge stand in for a clinician?",
    "/judges": "What is a judge good for?",
    "/reliability": "Does the judge follow the experts?",
    "/inflation": "How far do judges score above the experts?",
    "/scores": "What does each rater give each model?",
    "/conversations": "Which conversations are behind the figures?",
    "/your_study": "What can be made of your ratings?",
    "/methods": "How the figures are made",
}
# Every tab by its address.
TABS = [
    f"/{'' if place.key == 'overview' else place.key}{f'?tab={tab.key}' if tab != place.tabs[0] else ''}"
    for place in PLACES.values()
    for tab in place.tabs
]

# Streamlit looks for its server below the path of a page before it looks at the top; that gives two 404s on a page.
_PROBE = re.compile(r"^/\w+/_stcore/(health|host-config)$")

# What the first visitor of a server is told who comes by a link to a place; the app closes that notice.
FIRST = "The page that you have requested does not seem to exist"

# What the server says when somebody leaves before it has answered the browser's first call.
_LEFT_EARLY = re.compile(
    r'Exception in ASGI application\n(?s:.*?)WebSocketDisconnected: Cannot call "send" once a close message'
)

# Nothing runs, nothing waits to be drawn, no chart or matrix in sight is without its drawing, no fold still unfolds.
_SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const unfinished = '[data-testid="stStatusWidget"], [data-testid="stSkeleton"], [data-stale="true"],'
        + '[data-testid="stVegaLiteChart"]:not(:has(svg.marks))';
    const matrices = [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
        .filter(each => !each.closest('[class*="st-key-on-the-way"]'));
    const moving = document.getAnimations().filter(
        each => each.playState === 'running' && each.effect.getComputedTiming().endTime < Infinity);
    return app?.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
        && ![...document.querySelectorAll(unfinished)].some(each => each.checkVisibility()) && !moving.length
        && matrices.every(each => each.shadowRoot?.querySelector('table'));
}"""

_EMPTY = "about:blank"

_HEIGHT = """() => Math.max(900, ...[...document.querySelectorAll(
    '[data-testid="stMainBlockContainer"], [data-testid="stSidebarContent"]')].map(each => each.scrollHeight + 100))"""

expect.set_options(timeout=PATIENCE * 1000)


class Windows:
    """Windows of Chromium, with nothing in common but the program.

    A window that a visitor leaves is emptied for the next one who wants the same looks: in a new one the app's scripts
    are compiled anew, which takes longer than most pages do.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._empty: dict[str, list[Page]] = {}

    def open(self, looks: dict[str, Any]) -> Page:
        """Give an empty window."""
        empty = self._empty.get(repr(looks), [])
        return empty.pop() if empty else self.browser.new_context(**looks).new_page()

    def leave(self, page: Page, looks: dict[str, Any]) -> None:
        """Take a window back, and empty it."""
        if page.url != _EMPTY:
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.context.clear_cookies()
        page.goto(_EMPTY)
        page.set_viewport_size(looks["viewport"])
        page.emulate_media(color_scheme=looks.get("color_scheme", "light"))
        self._empty.setdefault(repr(looks), []).append(page)


@contextmanager
def chromium() -> Iterator[Windows]:
    """Start Chromium; a machine without it skips the test, but not in CI."""
    with sync_playwright() as playwright:
        found = _find(playwright)
        if found is None:
            reason = f"no browser: none of {', '.join(NAMES)} is installed, and Playwright has none of its own"
            if os.environ.get("CI") == "true":
                pytest.fail(f"{reason}; there must be one in CI")
            pytest.skip(reason)
        browser = playwright.chromium.launch(executable_path=found, args=QUIET.split())
        yield Windows(browser)
        browser.close()


def _find(playwright: Playwright) -> str | None:
    own = playwright.chromium.executable_path
    installed = [path for path in map(shutil.which, NAMES) if path]
    return next(iter(installed), own if Path(own).exists() else None)


class Server:
    """The app on a free port of 127.0.0.1, in a process of its own; ``environment`` is added to this one's.

    Another ``app`` is run beside its log, where the theme of this one does not reach it.
    """

    def __init__(self, log: Path, app: Path = TOP / "app.py", **environment: str) -> None:
        self.log = log
        self._app = app
        self._environment = {**os.environ, "MENTALBENCH_SOURCE": "snapshot", **environment}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self) -> Self:
        options = {"port": self.port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
        command = [sys.executable, "-m", "streamlit", "run", str(self._app)]
        command += [word for name, value in options.items() for word in (f"--server.{name}", str(value))]
        with self.log.open("wb") as log:
            folder = TOP if self._app.parent == TOP else self.log.parent
            self._process = subprocess.Popen(command, cwd=folder, env=self._environment, stdout=log, stderr=log)
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._stop()
        if failed is None:
            said = _LEFT_EARLY.sub("", self.said)
            assert "Traceback" not in said, said

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def peak_memory(self) -> float:
        """The most memory that its process has had, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    @property
    def said(self) -> str:
        """What it wrote to its log."""
        return self.log.read_text(encoding="utf-8")

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.said}")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Visitor:
    """One session in a browser of its own, so to speak: nothing kept from, and nothing shared with, other visitors.

    ``hosts`` holds whom the browser asked, ``complaints`` what its console called an error. Nobody comes to the window
    of a visitor ``apart``, whatever is done to it.
    """

    def __init__(
        self, windows: Windows, server: Server, *, width: int = 1280, apart: bool = False, **looks: Any
    ) -> None:
        self.server = server
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self._windows = windows
        self._apart = apart
        self._looks = {"viewport": {"width": width, "height": 900}, **looks}
        self.page = windows.open(self._looks)
        self.page.set_default_timeout(PATIENCE * 1000)
        self._noted = (
            (self.page.context, "request", self._note_request),
            (self.page.context, "console", self._note_complaint),
            (self.page.context, "weberror", self._note_error),
            (self.page, "websocket", self._note_request),
        )
        for place, event, note in self._noted:
            place.on(event, note)
        self.main = self.page.get_by_test_id("stMain")
        self.sidebar = self.page.get_by_test_id("stSidebar")
        self.heading = self.main.get_by_role("heading", level=1)
        self.in_short = self.main.get_by_test_id("stCaptionContainer").first
        self.menu = self.main.locator(".st-key-menu-wide")
        self.charts = self.main.get_by_test_id("stVegaLiteChart")
        self.notices = self.main.get_by_test_id("stAlert")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        for place, event, note in self._noted:
            place.remove_listener(event, note)
        if failed or self._apart:
            self.page.context.close()
        else:
            self._windows.leave(self.page, self._looks)
        if failed is None:
            assert self.hosts == {"127.0.0.1"}, f"asked were {self.hosts}"
            assert not self.complaints, self.complaints

    def go(self, path: str) -> None:
        """Come by a link, and wait until the page stands."""
        self.set_out_for(path)
        self.settle()

    def set_out_for(self, path: str) -> None:
        """Come by a link, and do not wait."""
        self.page.goto(self.server.url + path, wait_until="commit")

    def settle(self) -> None:
        """Wait until nothing runs any more."""
        self.page.wait_for_function(_SETTLED)

    def unroll(self, width: int) -> None:
        """Make the window as wide as told and as high as the page, so that all of it is on screen at once."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.settle()
        height = self.page.evaluate(_HEIGHT)
        self.page.set_viewport_size({"width": width, "height": height})
        self.settle()

    def open_sharing(self) -> None:
        """Open what a page offers to share."""
        button = self.main.get_by_role("button", name="Share, cite or print")
        self.press_until(button, self.page.get_by_test_id("stPopoverBody").get_by_role("button").first)

    def follow(self, label: str, heading: str) -> None:
        """Use the menu."""
        self.menu.get_by_role("link", name=label, exact=True).click()
        expect(self.heading).to_have_text(heading)
        self.settle()

    def open_tab(self, label: str) -> None:
        """Open a tab of the place."""
        tab = self.main.get_by_role("tab", name=label, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        self.settle()

    def in_new_tab(self, link: Locator) -> Page:
        """Open a link in a new tab of the browser, and wait until the page stands."""
        with self.page.context.expect_page() as opened:
            link.click(button="middle")
        opened.value.wait_for_function(_SETTLED)
        return opened.value

    def tab(self) -> str:
        """Give the label of the tab of the place that is open."""
        return self.main.get_by_role("tab", selected=True).first.inner_text()

    def unfold(self, label: str) -> Locator:
        """Open a fold, wait for what the server sends into it, and give it."""
        # The name of the fold's icon stands before its label.
        summary = self.page.locator("summary").filter(has_text=re.compile(f"{re.escape(label)}$"))
        fold = self.page.get_by_test_id("stExpander").filter(has=summary)
        summary.click()
        expect(fold.get_by_test_id("stExpanderDetails").get_by_test_id("stElementContainer").first).to_be_visible()
        self.settle()
        return fold

    def pill(self, group: str, label: str) -> Locator:
        """Find a pill of a filter."""
        return self.sidebar.get_by_role("toolbar", name=group).get_by_role("button", name=label, exact=True)

    def chosen(self, group: str) -> list[str]:
        """Give the labels of the pills that are pressed."""
        pressed = self.sidebar.get_by_role("toolbar", name=group).get_by_role("button", pressed=True)
        return pressed.all_inner_texts()

    def filters(self) -> dict[str, list[str]]:
        """Give what the address says."""
        return parse_qs(urlsplit(self.page.url).query)

    def said(self) -> list[str]:
        """Give the notices on the page, without the names of their icons."""
        return [text.rpartition("\n")[2] for text in self.notices.all_inner_texts()]

    def table(self, title: str) -> Locator:
        """Find a table, scrolled to, with its rows drawn."""
        table = self.main.get_by_role("region", name=title, exact=True)
        table.scroll_into_view_if_needed()
        # The grid is drawn on a canvas; what assistive software reads is a table inside it.
        expect(table.locator("tbody tr").first).to_be_attached()
        return table

    def headings(self, table: Locator) -> list[str]:
        """Give the headings that are in sight, with an arrow where the table is sorted by them."""
        return table.locator("th").all_text_contents()

    def scroll_to(self, title: str, heading: str) -> None:
        """Scroll a table sideways until a column is in sight."""
        table = self.table(title)
        end = time.monotonic() + PATIENCE
        while heading not in self._unsorted_headings(table) and time.monotonic() < end:
            table.hover()
            self.page.mouse.wheel(400, 0)
            self.page.wait_for_timeout(50)

    def column(self, title: str, heading: str) -> list[str]:
        """Give the cells of a column, as far as the table is in sight: words, and numbers unrounded."""
        table = self.table(title)
        place = self._unsorted_headings(table).index(heading)
        return table.locator(f"tbody td:nth-child({place + 1})").all_text_contents()

    def numbers(self, title: str, heading: str) -> list[float]:
        """Give the cells of a column of numbers; an undefined one is not a number."""
        return [float(cell or "nan") for cell in self.column(title, heading)]

    def words(self, chart: Locator) -> list[str]:
        """Give what is written among the marks of a chart."""
        return chart.locator(".role-mark text").all_text_contents()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list by typing, as one does on a keyboard."""
        picker = self.main.get_by_role("combobox", name=label)
        first = self.page.get_by_role("option").first
        end = time.monotonic() + PATIENCE
        while not first.is_visible() and time.monotonic() < end:
            picker.focus()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(option)
            # The list narrows a moment after the word is there; where the page moves below it, it closes.
            with suppress(AssertionError):
                expect(first).to_have_text(option, timeout=3000)
        expect(first).to_have_text(option)
        self.page.keyboard.press("Enter")

    def wait_for(self, look: Callable[[], object], expected: object) -> None:
        """Look until what is seen is what is expected; for what Playwright's own ``expect`` cannot see."""
        end = time.monotonic() + PATIENCE
        while (seen := look()) != expected and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        assert seen == expected, f"{seen} is seen where {expected} is expected"

    def press_until(self, button: Locator, there: Locator) -> None:
        """Press a button until what it opens is there: on a busy machine a page may still be moving."""
        end = time.monotonic() + PATIENCE
        while not there.is_visible() and time.monotonic() < end:
            button.click()
            with suppress(AssertionError):
                expect(there).to_be_visible(timeout=3000)

    def download(self, button: Locator) -> tuple[str, bytes]:
        """Press a button, and give the name and the content of the file that it sends."""
        self.settle()
        with self.page.expect_download() as sent:
            button.click()
        return sent.value.suggested_filename, sent.value.path().read_bytes()

    def box(self, place: Locator) -> FloatRect:
        """Tell where on the screen something lies."""
        found = place.bounding_box()
        assert found is not None, f"{place} is not on the screen"
        return found

    def _unsorted_headings(self, table: Locator) -> list[str]:
        return [text.lstrip("↑↓ ") for text in self.headings(table)]

    def _note_request(self, asked: Request | WebSocket) -> None:
        host = urlsplit(asked.url).hostname
        if host is not None:  # none in data: and blob: addresses
            self.hosts.add(host)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        address = urlsplit(str(message.location["url"]))
        if message.type == "error" and not _PROBE.match(address.path) and not message.text.startswith(FIRST):
            self.complaints.append(f"{message.text} ({address.path})")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))


NewVisitor = Callable[..., Visitor]
"""Makes a visitor with looks of its own."""
