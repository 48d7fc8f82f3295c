"""Pages while a source is asked: usable at once, and always saying what is on screen and why."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.remote import hub as hub_source
from tests.made_release import make_release, write_workbooks
from tests.pages import OpenPage, turned
from tests.standin_hub import Manner, StandinHub, ratings_files, replies_table

REPLIES = {"MentalBench-100k.csv": replies_table().to_csv(index=False).encode()}


@pytest.fixture(autouse=True)
def _nothing_loaded() -> Iterator[None]:
    """Let nothing be loaded before, nor after."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def settled(app: AppTest) -> AppTest:
    """Let the loading end, and draw the page once more."""
    until = time.monotonic() + 30
    while any("Stop loading" in button.label for button in app.button):
        assert time.monotonic() < until
        time.sleep(0.1)
        app.run()
    return app


def sidebar(app: AppTest) -> str:
    return "\n".join(
        each.value for kind in ("markdown", "caption", "warning", "info") for each in app.sidebar.get(kind)
    )


@pytest.mark.slow
def test_ratings_from_the_hub_replace_the_snapshot(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with StandinHub(ratings_files()) as hub:
        hub.use(monkeypatch, tmp_path)
        app = settled(open_page(source="hub"))

    assert "**Ratings:** Hugging Face abadawi/MentalBench-Align" in sidebar(app)
    assert hub.revision[:7] in app.caption[0].value
    assert not app.exception


@pytest.mark.slow
@pytest.mark.parametrize(
    ("manner", "sentence"),
    [
        (Manner.MISSING, "no public data set"),
        (Manner.FORBIDS, "status 403"),
        (Manner.SILENT, "Hugging Face"),
        (Manner.BREAKS_OFF, "Hugging Face"),
        (Manner.WRONG_CONTENT, "hash other than"),
    ],
)
def test_a_hub_that_fails_leaves_the_snapshot_and_says_why(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: Manner, sentence: str
) -> None:
    with StandinHub(ratings_files(), manner) as hub, monkeypatch.context() as hurry:
        hurry.setattr(hub_source, "PROBE_SECONDS", 1)
        hurry.setattr(hub_source, "SILENCE_SECONDS", 1)
        hub.use(monkeypatch, tmp_path)
        app = open_page(source="hub")
        assert "**Ratings:** Bundled snapshot" in sidebar(app)
        assert app.get("bidi_component")
        app = settled(app)

        assert "**Ratings:** Bundled snapshot" in sidebar(app)
        assert sentence in sidebar(app)
        assert "The bundled snapshot is shown instead" in sidebar(app)

        # The download that broke off holds the file's lock until its client tries once more, a second later.
        hurry.undo()
        hub.manner = Manner.SERVES
        next(button for button in app.button if button.label == "Try again").click().run()
        assert "**Ratings:** Hugging Face" in sidebar(settled(app))


@pytest.mark.slow
def test_a_hub_with_replies_only_leaves_the_snapshot_and_says_so(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with StandinHub(REPLIES) as hub:
        hub.use(monkeypatch, tmp_path)
        assert "Hugging Face holds no files with ratings" in sidebar(settled(open_page(source="hub")))


@pytest.mark.slow
def test_an_earlier_download_is_shown_when_the_hub_is_gone(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with StandinHub(ratings_files()) as hub:
        hub.use(monkeypatch, tmp_path)
        settled(open_page(source="hub"))
    st.cache_resource.clear()

    app = settled(open_page(source="hub"))

    assert "**Ratings:** Hugging Face abadawi/MentalBench-Align" in sidebar(app)
    assert "an earlier download from this machine's cache is shown" in sidebar(app)


@pytest.mark.slow
def test_loading_can_be_stopped(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub_source, "SILENCE_SECONDS", 60)
    with StandinHub(ratings_files(), Manner.SILENT_ABOUT_FILES) as hub:
        hub.use(monkeypatch, tmp_path)
        app = open_page(source="hub")
        next(button for button in app.button if button.label == "Stop loading").click().run()

        assert "Loading was stopped. The bundled snapshot is shown instead." in sidebar(settled(app))


@pytest.mark.slow
def test_a_folder_is_on_screen_at_once_with_its_own_digest(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "my ratings"
    folder.mkdir()
    write_workbooks(folder, make_release())

    app = open_page(source=folder)

    assert "**Ratings:** Folder my ratings" in sidebar(app)
    assert re.search(r"Revision [0-9a-f]{12} ·", sidebar(app))
    assert str(tmp_path) not in sidebar(app)


@pytest.mark.slow
def test_a_folder_that_is_no_release_is_named_and_the_snapshot_shown(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(source=tmp_path)

    assert "holds no rating file" in sidebar(app)
    assert "**Ratings:** Bundled snapshot" in sidebar(app)


@pytest.mark.slow
def test_the_replies_are_fetched_when_asked_for(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = turned(open_page(source="snapshot"), "conversations/mentalbench_100k")
    with StandinHub(REPLIES) as hub:
        hub.use(monkeypatch, tmp_path)
        next(button for button in app.button if button.label == "Fetch the replies").click().run()
        settled(app)

    assert not app.exception
    assert any("12 conversations, read from disk when asked for" in each.value for each in app.caption)


@pytest.mark.slow
def test_replies_that_do_not_come_are_a_sentence(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = turned(open_page(source="snapshot"), "conversations/mentalbench_100k")
    with StandinHub(ratings_files(), Manner.FAILS) as hub:
        hub.use(monkeypatch, tmp_path)
        next(button for button in app.button if button.label == "Fetch the replies").click().run()
        settled(app)

    assert not app.exception
    assert "status 500). The ratings on screen do not need the replies." in "\n".join(
        each.value for each in app.warning
    )
