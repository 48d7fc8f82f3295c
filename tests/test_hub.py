"""Ratings from Hugging Face: every way the Hub can answer, or not, met with the real client."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data.errors import SourceError
from data.mentalalign import REPOSITORY
from data.remote import hub as hub_source
from data.remote.hub import PROBE_SECONDS, fetch_ratings, fetch_replies
from data.remote.progress import Progress
from data.sources import load
from tests.standin_hub import Manner, StandinHub, expect_no_wait, ratings_files

HUMAN = "MentalAlign-70k/Human_judge.xlsx"
O4_MINI = "MentalAlign-70k/o4-mini_llm_judge.xlsx"
GPT_4O = "MentalAlign-70k/gpt-4o_llm_judge.csv"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandinHub]:
    """Give a stand-in that holds ratings, with empty caches; nobody waits long for it."""
    monkeypatch.setattr(hub_source, "PROBE_SECONDS", 1)
    monkeypatch.setattr(hub_source, "SILENCE_SECONDS", 1)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DOWNLOAD_TIMEOUT", 2)
    with StandinHub(ratings_files()) as standin:
        standin.use(monkeypatch, tmp_path)
        yield standin


def kept_file(caches: Path, name: str) -> Path:
    """Find a file in the client's cache, behind the link that stands for it."""
    (link,) = (caches / "hub").glob(f"datasets--*/snapshots/*/{name}")
    return link.resolve()


def whole_files(caches: Path) -> set[str]:
    """Name the files that the client's cache gives out."""
    links = (caches / "hub").glob("datasets--*/snapshots/*/*/*")
    return {"/".join(link.parts[-2:]) for link in links if link.exists()}


def note(caches: Path) -> Path:
    return caches / "xdg" / "mentalbench-explorer" / "hub-ratings.json"


def test_the_standin_speaks_to_the_real_client(hub: StandinHub) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RevisionNotFoundError

    api = HfApi(endpoint=hub.url)
    assert api.dataset_info(REPOSITORY, revision="main").sha == hub.revision
    listed = {entry.path for entry in api.list_repo_tree(REPOSITORY, repo_type="dataset", recursive=True)}
    assert listed == {*hub.files, "MentalAlign-70k"}
    with pytest.raises(RevisionNotFoundError):
        api.dataset_info(REPOSITORY, revision="0" * 40)


def test_ratings_are_fetched_at_the_commit_that_the_hub_names(hub: StandinHub) -> None:
    fetched = fetch_ratings(Progress())
    assert fetched.revision == hub.revision
    assert fetched.names == (HUMAN, O4_MINI, GPT_4O)
    assert fetched.notice == ""
    assert {name: (fetched.folder / name).read_bytes() for name in fetched.names} == hub.files
    assert {line.split("/resolve/")[1].split("/")[0] for line in hub.asked if "/resolve/" in line} == {hub.revision}


def test_ratings_from_the_hub_become_counts(hub: StandinHub) -> None:
    dataset = load("hub", Progress())
    assert dataset.provenance.source == "hub"
    assert dataset.provenance.revision == hub.revision
    assert dataset.provenance.conversations == 4
    told = dataset.counts.groupby("judge", observed=True)[["human", "rating"]].mean()
    assert told.loc["o4-mini"].tolist() == [4, 5]
    assert told.loc["gpt-4o"].tolist() == [4, 3]


def test_a_full_cache_asks_the_hub_only_which_commit_is_current(hub: StandinHub) -> None:
    fetch_ratings(Progress())
    hub.asked.clear()
    fetch_ratings(Progress())
    assert hub.asked == [f"GET /api/datasets/{REPOSITORY}"]


def test_a_new_commit_is_fetched_and_what_did_not_change_is_not(hub: StandinHub) -> None:
    first = fetch_ratings(Progress())
    hub.files = {**hub.files, GPT_4O: hub.files[GPT_4O].replace(b"p", b"q")}
    hub.asked.clear()
    second = fetch_ratings(Progress())
    assert second.revision == hub.revision != first.revision
    assert hub.fetched() == [GPT_4O]


def test_the_endpoint_may_end_in_a_slash(hub: StandinHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}/")
    assert fetch_ratings(Progress()).revision == hub.revision


def test_a_repository_with_replies_only_has_no_ratings(hub: StandinHub) -> None:
    hub.files = {"README.md": b"# MentalBench", "MentalBench-Align.csv": b"context,response\n"}
    with pytest.raises(SourceError, match=rf"^Hugging Face holds no files with ratings in {REPOSITORY}$"):
        load("hub", Progress())
    assert hub.fetched() == []
    assert fetch_replies(Progress()).names == ("MentalBench-Align.csv",)


def test_ratings_of_one_side_only_are_named_as_such(hub: StandinHub) -> None:
    del hub.files[O4_MINI], hub.files[GPT_4O]
    with pytest.raises(SourceError, match=rf"^Hugging Face holds no usable ratings in {REPOSITORY} \(M") as caught:
        load("hub", Progress())
    assert "snapshots" not in str(caught.value)


@pytest.mark.parametrize(
    ("manner", "sentence"),
    [
        (Manner.MISSING, f"Hugging Face has no public data set {REPOSITORY}"),
        (Manner.FORBIDS, "Hugging Face refused (status 403)"),
        (Manner.FAILS, "Hugging Face refused (status 500)"),
        (Manner.SIGN_IN_PAGE, "Hugging Face's answer could not be understood (JSONDecodeError)"),
    ],
)
def test_a_hub_that_says_no_is_quoted_at_once(hub: StandinHub, manner: Manner, sentence: str) -> None:
    hub.manner = manner
    with pytest.raises(SourceError) as caught:
        fetch_ratings(Progress())
    assert str(caught.value) == sentence
    assert hub.asked == [f"GET /api/datasets/{REPOSITORY}"]


def test_a_hub_that_refuses_a_file_is_quoted_too(hub: StandinHub, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = hub_source._list_files(Progress())
    monkeypatch.setattr(hub_source, "_list_files", lambda _: listed)
    hub.manner = Manner.FORBIDS
    with pytest.raises(SourceError, match=r"^Hugging Face refused \(status 403\)$"):
        fetch_ratings(Progress())


def test_a_hub_that_is_gone_is_named(hub: StandinHub) -> None:
    hub.close()
    with pytest.raises(SourceError, match=r"^Hugging Face could not be reached or broke off \(ConnectError\)$"):
        fetch_ratings(Progress())


@pytest.mark.slow
def test_a_session_that_another_thread_closed_is_no_crash(hub: StandinHub) -> None:
    from huggingface_hub import close_session, get_session

    get_session().close()
    with pytest.raises(SourceError, match=r"^Hugging Face could not be reached or broke off \(RuntimeError\)$"):
        fetch_ratings(Progress())
    close_session()
    assert fetch_ratings(Progress()).revision == hub.revision


@pytest.mark.slow
def test_a_silent_hub_is_waited_for_three_seconds(hub: StandinHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_source, "PROBE_SECONDS", PROBE_SECONDS)
    hub.manner = Manner.SILENT
    start = time.monotonic()
    with pytest.raises(SourceError, match=r"^Hugging Face (brought nothing new|could not be reached)"):
        fetch_ratings(Progress())
    assert time.monotonic() - start < 2 * PROBE_SECONDS


@pytest.mark.slow
def test_a_file_that_stops_halfway_is_given_up_by_itself(hub: StandinHub, tmp_path: Path) -> None:
    hub.manner = Manner.STALLS
    with pytest.raises(SourceError, match=r"^Hugging Face brought nothing new for 1 seconds$"):
        fetch_ratings(Progress())
    assert whole_files(tmp_path) == set()
    assert not note(tmp_path).exists()


@pytest.mark.slow
def test_a_hub_that_breaks_off_again_and_again_is_given_up(
    hub: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The client takes every byte for progress and would begin again for ever, one second after each break.
    monkeypatch.setattr(hub_source, "SILENCE_SECONDS", 2.5)
    hub.files = {GPT_4O: hub.files[GPT_4O]}
    hub.manner = Manner.BREAKS_OFF
    progress, start = Progress(), time.monotonic()
    reader = threading.Timer(10, progress.give_up)
    reader.start()
    with pytest.raises(SourceError, match="nothing new"):
        fetch_ratings(progress)
    reader.cancel()
    assert time.monotonic() - start < 8
    assert hub.fetched() in ([GPT_4O] * 2, [GPT_4O] * 3)
    assert whole_files(tmp_path) == set()
    assert not note(tmp_path).exists()


@pytest.mark.slow
def test_a_slow_line_is_not_taken_for_silence(hub: StandinHub) -> None:
    hub.manner, hub.pause = Manner.SLOW, 0.25
    start = time.monotonic()
    fetched = fetch_ratings(Progress())
    assert time.monotonic() - start > hub_source.SILENCE_SECONDS
    assert fetched.revision == hub.revision


def test_content_with_another_hash_is_removed_and_not_used(hub: StandinHub, tmp_path: Path) -> None:
    hub.manner = Manner.WRONG_CONTENT
    with pytest.raises(
        SourceError, match=f"^Hugging Face sent {HUMAN} with a hash other than its own; it was not used$"
    ):
        fetch_ratings(Progress())
    assert whole_files(tmp_path) == set()
    assert not list((tmp_path / "hub").glob("datasets--*/blobs/*"))
    assert not note(tmp_path).exists()
    hub.manner = Manner.SERVES
    assert fetch_ratings(Progress()).revision == hub.revision


def test_large_files_are_checked_as_well_as_small_ones(hub: StandinHub) -> None:
    hub.files = {GPT_4O: hub.files[GPT_4O]}
    hub.manner = Manner.WRONG_CONTENT
    with pytest.raises(SourceError, match=f"^Hugging Face sent {GPT_4O} with a hash other than its own"):
        fetch_ratings(Progress())


@pytest.mark.slow
def test_an_earlier_download_is_shown_when_the_hub_is_gone(hub: StandinHub) -> None:
    first = load("hub", Progress())
    hub.close()
    again = load("hub", Progress())
    pd.testing.assert_frame_equal(again.counts, first.counts)
    assert again.provenance.revision == first.provenance.revision
    assert again.provenance.files == first.provenance.files
    notice, *others = again.provenance.notices
    assert others == list(first.provenance.notices)
    assert notice.startswith("Hugging Face could not be reached or broke off (ConnectError); an earlier download ")


@pytest.mark.slow
def test_an_earlier_download_is_shown_when_a_newer_one_breaks_off(hub: StandinHub) -> None:
    first = fetch_ratings(Progress())
    hub.files = {**hub.files, GPT_4O: hub.files[GPT_4O].replace(b"p", b"q")}
    hub.manner = Manner.STALLS
    again = fetch_ratings(Progress())
    assert (again.revision, again.folder) == (first.revision, first.folder)
    assert again.notice.startswith("Hugging Face brought nothing new")


@pytest.mark.parametrize("name", [HUMAN, GPT_4O])
def test_a_cached_file_that_was_altered_is_not_used_and_is_fetched_anew(
    hub: StandinHub, tmp_path: Path, name: str
) -> None:
    fetch_ratings(Progress())
    kept = kept_file(tmp_path, name)
    kept.write_bytes(kept.read_bytes()[::-1])
    hub.asked.clear()
    fetched = fetch_ratings(Progress())
    assert hub.fetched() == [name]
    assert (fetched.folder / name).read_bytes() == hub.files[name]


@pytest.mark.parametrize("harm", ["altered", "deleted", "cut short"])
def test_a_cached_download_that_is_not_whole_is_not_used(hub: StandinHub, tmp_path: Path, harm: str) -> None:
    fetch_ratings(Progress())
    kept = kept_file(tmp_path, O4_MINI)
    if harm == "deleted":
        kept.unlink()
    else:
        content = kept.read_bytes()
        kept.write_bytes(content[::-1] if harm == "altered" else content[:-1])
    hub.close()
    with pytest.raises(SourceError, match=r"^Hugging Face could not be reached"):
        fetch_ratings(Progress())


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"revision": "main", "files": []}', '{"revision": 1, "files": [[1]]}']
)
def test_a_spoilt_note_of_the_cache_is_no_download(hub: StandinHub, tmp_path: Path, text: str) -> None:
    note(tmp_path).parent.mkdir(parents=True)
    note(tmp_path).write_text(text)
    hub.close()
    with pytest.raises(SourceError, match=r"^Hugging Face could not be reached"):
        fetch_ratings(Progress())


def test_the_note_names_the_commit_and_every_hash(hub: StandinHub, tmp_path: Path) -> None:
    fetch_ratings(Progress())
    kept = json.loads(note(tmp_path).read_text())
    assert kept["revision"] == hub.revision
    assert [(name, size, algorithm) for name, size, algorithm, _ in kept["files"]] == [
        (HUMAN, len(hub.files[HUMAN]), "sha1"),
        (O4_MINI, len(hub.files[O4_MINI]), "sha1"),
        (GPT_4O, len(hub.files[GPT_4O]), "sha256"),
    ]


def test_where_no_note_can_be_written_the_ratings_still_come(
    hub: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").write_text("a file where a folder is needed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "occupied"))
    assert fetch_ratings(Progress()).revision == hub.revision


def test_where_no_file_can_be_kept_the_sentence_says_so(
    hub: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").write_text("a file where a folder is needed")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "occupied"))
    with pytest.raises(SourceError, match=r"\((NotADirectoryError|FileExistsError)\)$"):
        fetch_ratings(Progress())


def test_a_reader_who_gives_up_in_the_middle_of_a_file_waits_no_longer(
    hub: StandinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_source, "SILENCE_SECONDS", 30)
    hub.files = {GPT_4O: hub.files[GPT_4O]}
    hub.manner = Manner.STALLS
    expect_no_wait(fetch_ratings)
    assert whole_files(tmp_path) == set()
    assert not note(tmp_path).exists()


@pytest.mark.slow
def test_a_client_that_hangs_is_left_behind_and_does_not_keep_the_program(hub: StandinHub, tmp_path: Path) -> None:
    # A program of its own: the client goes on asking for minutes, and closes the session that all its threads share.
    hub.manner = Manner.SILENT_ABOUT_FILES
    program = """
from data.remote import hub
from data.errors import SourceError
from data.remote.progress import Progress
hub.SILENCE_SECONDS = 1
try:
    hub.fetch_ratings(Progress())
except SourceError as error:
    print(error)
"""
    surroundings = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "xdg")}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **surroundings},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == "Hugging Face brought nothing new for 1 seconds"
    assert any(line.startswith("HEAD") for line in hub.asked)
    assert time.monotonic() - start < 10
