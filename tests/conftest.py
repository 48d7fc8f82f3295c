"""What tests share: their order, the real files, where they are present, a made release, pages, and visitors."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from streamlit.testing.v1 import AppTest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from data.mentalalign import STUDY
from data.ratings import Ratings
from data.released.reading import read_release
from tests.browser import NewVisitor, Server, Visitor, Windows, chromium
from tests.made_release import Made, make_release

if TYPE_CHECKING:
    from tests.pages import OpenPage

# An example may take long on a busy machine, which says nothing about the product.
hypothesis.settings.register_profile("contributor", deadline=None, max_examples=15)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=50)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "contributor")

RELEASE = Path(__file__).parents[2] / "shared" / "release"


class ByFile(LoadFileScheduling):
    """Gives workers the files one by one, and all that drive Chromium to one of them: two would hinder each other."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if _drives(nodeid) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives Chromium and what reads the workbooks, and begin with what takes longest.

    What drives Chromium gets a second try: a click on a canvas may come before the browser listens to it. Pytest's
    summary counts the second tries.
    """
    for item in items:
        if _drives(item.nodeid):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
        if {"release_folder", "released"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.release)
    items.sort(key=lambda item: not _drives(item.nodeid))


def pytest_collection_finish() -> None:
    """Look for garbage only among what tests leave: modules and the tests themselves are too many to go through."""
    gc.freeze()


def _drives(nodeid: str) -> bool:
    return nodeid.startswith("tests/test_browser")


@pytest.fixture(scope="session")
def release_folder() -> Path:
    """Give the folder with the five released workbooks, ``../shared/release`` from the top of the repository."""
    if not RELEASE.is_dir():
        reason = f"the released workbooks are not at {RELEASE}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; they must be there in CI")
        pytest.skip(reason)
    return RELEASE


@pytest.fixture(scope="session")
def released(release_folder: Path) -> Ratings:
    """Read the released workbooks once; not to be changed."""
    return read_release(release_folder, STUDY)


@pytest.fixture(scope="session")
def made() -> Made:
    """Make a release with every data error once; not to be changed."""
    return make_release()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> "OpenPage":
    """Open pages on the snapshot, or on another source, with filters in their address."""
    # Imported where it is used: what Streamlit says of it would stand below the runner's last line.
    from tests.pages import opened

    def go(page: str = "overview", *, source: object = "snapshot", **filters: str | list[str]) -> AppTest:
        monkeypatch.setenv("MENTALBENCH_SOURCE", str(source))
        return opened(page, **filters)

    return go


@pytest.fixture(scope="session")
def windows() -> Iterator[Windows]:
    """Start Chromium once."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def server(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the app on the bundled snapshot, for tests that do not care who came before; not without a browser."""
    with Server(tmp_path_factory.mktemp("server") / "log") as started:
        yield started


@pytest.fixture
def new_visitor(windows: Windows, server: Server) -> Iterator[NewVisitor]:
    """Let visitors come, each with looks of its own; all leave when the test ends."""
    with ExitStack() as visitors:
        yield lambda **looks: visitors.enter_context(Visitor(windows, server, **looks))


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """Let one visitor come, with the usual looks."""
    return new_visitor()
