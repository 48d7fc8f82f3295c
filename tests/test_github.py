"""The workbooks from GitHub: fetched once by the real client, checked by their hashes, and never waited for long."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.errors import SourceError
from data.remote import github
from data.remote.github import fetch_workbooks
from data.remote.progress import Progress
from tests.standin_hub import Manner, StandinHub, expect_no_wait, ratings_files

FIRST, SECOND, LARGE = ratings_files()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandinHub]:
    """Give a server of three pinned files, with an empty cache; nobody waits long for it."""
    monkeypatch.setattr(github, "PROBE_SECONDS", 1)
    monkeypatch.setattr(github, "SILENCE_SECONDS", 1)
    with StandinHub(ratings_files()) as standin:
        standin.use(monkeypatch, tmp_path)
        monkeypatch.setattr(github, "BASE_URL", standin.files_url)
        pin(monkeypatch, standin, *standin.files)
        yield standin


def pin(monkeypatch: pytest.MonkeyPatch, server: StandinHub, *names: str) -> None:
    monkeypatch.setattr(github, "WORKBOOKS", {name: hashlib.sha256(server.files[name]).hexdigest() for name in names})


def test_the_pinned_files_are_fetched_into_the_cache(server: StandinHub, tmp_path: Path) -> None:
    heard: list[str] = []
    folder = fetch_workbooks(Progress(report=heard.append))
    assert folder.is_relative_to(tmp_path)
    assert {name: (folder / name).read_bytes() for name in server.files} == server.files
    assert heard == [
        "Fetching Human_judge.xlsx from GitHub (1 of 3)",
        "Fetching o4-mini_llm_judge.xlsx from GitHub (2 of 3)",
        "Fetching gpt-4o_llm_judge.csv from GitHub (3 of 3)",
    ]


def test_a_second_call_asks_nobody(server: StandinHub) -> None:
    folder = fetch_workbooks(Progress())
    server.asked.clear()
    assert fetch_workbooks(Progress()) == folder
    assert server.asked == []
    server.close()
    assert fetch_workbooks(Progress()) == folder


def test_a_cached_file_that_was_altered_is_fetched_anew(server: StandinHub) -> None:
    folder = fetch_workbooks(Progress())
    (folder / SECOND).write_bytes(b"not a workbook")
    server.asked.clear()
    fetch_workbooks(Progress())
    assert server.fetched() == [SECOND]
    assert (folder / SECOND).read_bytes() == server.files[SECOND]


def test_a_file_with_another_hash_is_not_used(server: StandinHub, tmp_path: Path) -> None:
    server.manner = Manner.WRONG_CONTENT
    with pytest.raises(SourceError) as caught:
        fetch_workbooks(Progress())
    assert str(caught.value) == f"GitHub sent {FIRST} with a SHA-256 other than the pinned one; it was not used"
    assert not [path for path in (tmp_path / "xdg").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("manner", "status"), [(Manner.MISSING, 404), (Manner.FORBIDS, 403), (Manner.FAILS, 500)])
def test_a_refusal_is_quoted_at_once(server: StandinHub, manner: Manner, status: int) -> None:
    server.manner = manner
    with pytest.raises(SourceError) as caught:
        fetch_workbooks(Progress())
    assert str(caught.value) == f"GitHub refused {FIRST} (status {status})"
    assert server.fetched() == [FIRST]


def test_a_connection_that_breaks_off_leaves_no_file(server: StandinHub, tmp_path: Path) -> None:
    server.manner = Manner.BREAKS_OFF
    with pytest.raises(SourceError, match=r"^GitHub could not be reached or broke off \(\w+\)$"):
        fetch_workbooks(Progress())
    assert server.fetched() == [FIRST]
    assert not [path for path in (tmp_path / "xdg").rglob("*") if path.is_file()]


@pytest.mark.slow
@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.STALLS])
def test_a_silent_server_is_given_up(server: StandinHub, manner: Manner) -> None:
    server.manner = manner
    start = time.monotonic()
    with pytest.raises(SourceError, match=r"^GitHub (brought nothing new|could not be reached)"):
        fetch_workbooks(Progress())
    assert time.monotonic() - start < 3


def test_a_server_that_is_gone_is_named(server: StandinHub) -> None:
    server.close()
    with pytest.raises(SourceError, match=r"^GitHub could not be reached or broke off \(ConnectionError\)$"):
        fetch_workbooks(Progress())


def test_where_no_file_can_be_kept_the_sentence_says_so(
    server: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").write_text("a file where a folder is needed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "occupied"))
    with pytest.raises(SourceError, match=rf"^{FIRST} from GitHub cannot be kept in .* \(NotADirectoryError\)$"):
        fetch_workbooks(Progress())


@pytest.mark.slow
def test_a_slow_line_is_not_taken_for_silence(server: StandinHub, monkeypatch: pytest.MonkeyPatch) -> None:
    server.manner, server.pause = Manner.SLOW, 0.25
    pin(monkeypatch, server, LARGE)
    start = time.monotonic()
    fetch_workbooks(Progress())
    assert time.monotonic() - start > github.SILENCE_SECONDS


def test_a_reader_who_gives_up_in_the_middle_of_a_file_waits_no_longer(
    server: StandinHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "SILENCE_SECONDS", 30)
    server.manner = Manner.STALLS
    pin(monkeypatch, server, LARGE)
    expect_no_wait(fetch_workbooks)
