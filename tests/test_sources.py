"""Where ratings come from: the order of ``auto``, what the reader is told, and what the ratings are called."""

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from data.counts_file import BUNDLED
from data.errors import GivenUpError, ReleaseError, SourceError
from data.mentalalign import COMMIT, GITHUB, REPOSITORY, STUDY, WORKBOOKS
from data.ratings import FileRecord
from data.remote import github
from data.remote import hub as hub_source
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot, revision_of, source_files, with_judge
from tests.made_study import make_study, write_study
from tests.standin_hub import Manner, StandinHub, ratings_files

NO_RATINGS = f"Hugging Face holds no files with ratings in {REPOSITORY}"


@dataclass
class Net:
    """What the machine can reach: a stand-in of Hugging Face and one of GitHub's raw files."""

    hub: StandinHub
    github: StandinHub


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Net]:
    """Give both stand-ins, each with ratings, and empty caches; nobody waits long for them."""
    for source in (hub_source, github):
        monkeypatch.setattr(source, "PROBE_SECONDS", 1)
        monkeypatch.setattr(source, "SILENCE_SECONDS", 1)
    with StandinHub(ratings_files()) as hub, StandinHub(ratings_files()) as raw:
        hub.use(monkeypatch, tmp_path)
        monkeypatch.setattr(github, "BASE_URL", raw.files_url)
        pinned = {name: hashlib.sha256(content).hexdigest() for name, content in raw.files.items()}
        monkeypatch.setattr(github, "WORKBOOKS", pinned)
        # Those of the stand-ins are the released files here.
        every = [*raw.files.values(), *hub.files.values()]
        released = {str(place): hashlib.sha256(content).hexdigest() for place, content in enumerate(every)}
        monkeypatch.setattr("data.released.files.WORKBOOKS", released)
        yield Net(hub, raw)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.slow
def test_auto_takes_the_hub_first(net: Net) -> None:
    came = load("auto", Progress()).provenance
    assert (came.source, came.title, came.revision) == ("hub", f"Hugging Face {REPOSITORY}", net.hub.revision)
    assert came.notices == ()
    assert net.github.asked == []


@pytest.mark.slow
def test_auto_takes_github_when_the_hub_has_replies_only(net: Net) -> None:
    net.hub.files = {"MentalBench-100k.csv": b"context,response\n"}
    came = load("auto", Progress()).provenance
    assert (came.source, came.title, came.revision) == ("github", f"GitHub {GITHUB}", COMMIT)
    assert came.notices == (NO_RATINGS,)
    assert came.cluster == "conversation"


@pytest.mark.slow
def test_auto_ends_on_the_snapshot_and_says_why(net: Net) -> None:
    net.hub.files = {"MentalBench-100k.csv": b"context,response\n"}
    net.github.manner = Manner.FORBIDS
    came = load("auto", Progress()).provenance
    assert came.source == "snapshot"
    assert came.notices == (NO_RATINGS, f"GitHub refused {next(iter(net.github.files))} (status 403)")


@pytest.mark.slow
def test_auto_holds_nobody_when_all_is_silent(net: Net) -> None:
    net.hub.manner = net.github.manner = Manner.SILENT
    start = time.monotonic()
    came = load("auto", Progress()).provenance
    assert time.monotonic() - start < 5
    assert came.source == "snapshot"
    assert [notice.split()[0] for notice in came.notices] == ["Hugging", "GitHub"]


def test_auto_passes_over_ratings_that_are_no_release(net: Net) -> None:
    net.hub.files = {"judge.xlsx": b"not a workbook"}
    came = load("auto", Progress()).provenance
    assert came.source == "github"
    assert came.notices[0].startswith(f"Hugging Face holds no usable ratings in {REPOSITORY} (")
    assert "\n" not in came.notices[0]


def test_a_source_that_was_named_is_not_replaced_by_another(net: Net) -> None:
    net.hub.manner = net.github.manner = Manner.MISSING
    with pytest.raises(SourceError, match=r"^Hugging Face has no public data set"):
        load("hub", Progress())
    assert net.github.asked == []
    with pytest.raises(SourceError, match=r"^GitHub refused"):
        load("github", Progress())


def test_giving_up_ends_auto_and_does_not_try_the_next_source(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_source, "PROBE_SECONDS", 30)
    net.hub.manner = Manner.SILENT
    progress, start = Progress(), time.monotonic()
    threading.Timer(0.2, progress.give_up).start()
    with pytest.raises(GivenUpError):
        load("auto", progress)
    assert time.monotonic() - start < 1
    assert net.github.asked == []


@pytest.mark.slow
def test_loading_can_be_watched_from_another_thread(net: Net) -> None:
    net.hub.files = {name: net.hub.files[name] for name in reversed(net.hub.files)}
    net.hub.manner, net.hub.pause = Manner.SLOW, 0.05
    progress, came = Progress(message="Starting"), []
    worker = threading.Thread(target=lambda: came.append(load("hub", progress)))
    worker.start()
    seen: list[tuple[str, float | None]] = []
    while worker.is_alive():
        seen.append((progress.message, progress.fraction))
        time.sleep(0.005)
    messages = list(dict.fromkeys(message for message, _ in seen))
    large = next(name for name in net.hub.files if name.endswith(".csv")).rpartition("/")[2]
    fractions = [fraction for message, fraction in seen if large in message and fraction is not None]
    assert f"Fetching {large} from Hugging Face" in messages
    assert len(set(fractions)) >= 4
    assert fractions == sorted(fractions)
    assert fractions[0] > 0
    assert fractions[-1] <= 1
    assert isinstance(came[0], Dataset)


def test_a_folder_is_read_where_it_lies(net: Net, tmp_path: Path) -> None:
    folder = write(tmp_path / "my copy", ratings_files())
    dataset = load(str(folder), Progress())
    came = dataset.provenance
    assert (came.source, came.title, came.conversations) == ("folder", "Folder my copy", 4)
    assert {record.name for record in came.files} == set(ratings_files())
    assert dataset.ratings is not None
    assert net.hub.asked == net.github.asked == []


def test_the_folder_at_hand_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "my copy", ratings_files()))
    assert load(".", Progress()).provenance.title == "Folder my copy"


@pytest.mark.slow
def test_the_same_files_give_the_same_counts_from_everywhere(net: Net, tmp_path: Path) -> None:
    # Workbooks carry the time of their writing, so GitHub's pinned ones are the ones to copy.
    net.hub.files = net.github.files
    folder = write(tmp_path / "copy", net.github.files)
    from_hub, from_github, from_folder = [load(source, Progress()).counts for source in ("hub", "github", str(folder))]
    pd.testing.assert_frame_equal(from_hub, from_github)
    pd.testing.assert_frame_equal(from_hub, from_folder)


@pytest.mark.parametrize("source", ["nowhere", "hubb", "/nowhere/at/all"])
def test_a_source_that_is_no_folder_is_named(source: str) -> None:
    with pytest.raises(ReleaseError, match=f"^{source} is not a folder"):
        load(source, Progress())


@pytest.mark.slow
def test_the_released_files_are_the_pinned_commit(release_folder: Path) -> None:
    came = load(str(release_folder), Progress()).provenance
    assert (came.revision, came.conversations) == (COMMIT, 1000)


def records(*hashes: str) -> tuple[FileRecord, ...]:
    return tuple(FileRecord(f"{number}.xlsx", sha256, 1, ()) for number, sha256 in enumerate(hashes))


def test_a_revision_is_the_commit_for_its_five_workbooks_in_any_order() -> None:
    assert revision_of(records(*reversed(WORKBOOKS.values()))) == COMMIT


def test_a_revision_of_other_files_tells_them_apart() -> None:
    pinned = list(WORKBOOKS.values())
    told = {revision_of(records(*hashes)) for hashes in (pinned[:2], pinned[1:], [*pinned, "0" * 64], ["0" * 64])}
    assert len(told) == 4
    assert all(revision.startswith("sha256:") for revision in told)
    assert revision_of(records("a", "b")) == revision_of(records("b", "a"))


def test_files_that_have_a_released_name_and_another_content_are_said_to_be_changed(tmp_path: Path) -> None:
    folder = write(tmp_path / "copy", ratings_files())
    notices = load(str(folder), Progress()).provenance.notices
    changed = [notice for notice in notices if notice.endswith("the name of a released file and another content")]
    named = {name for name in ratings_files() if any(notice.startswith(f"{name} is changed") for notice in changed)}
    stems = {Path(name).stem for name in WORKBOOKS}
    assert named == {name for name in ratings_files() if Path(name).stem in stems}
    assert len(changed) == len(named) > 0


@pytest.mark.slow
def test_a_file_of_counts_is_a_source(tmp_path: Path) -> None:
    path = tmp_path / "few.parquet"
    path.write_bytes(BUNDLED.read_bytes())
    ours, bundled = load(str(path), Progress()), load_snapshot()
    assert (ours.provenance.source, ours.provenance.title) == ("counts", "Counts few.parquet")
    assert not ours.provenance.single_conversations
    assert ours.provenance.bundled == replace(bundled.provenance.bundled, name="few.parquet")
    assert ours.study == bundled.study == STUDY
    pd.testing.assert_frame_equal(ours.counts, bundled.counts)


def test_a_file_that_holds_no_counts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(ReleaseError, match=r"^notes.txt is not a file of counts"):
        load(str(tmp_path / "notes.txt"), Progress())


def test_files_of_a_source_are_listed_whether_they_can_be_read_or_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "copy", {"b/two.csv": b"\xff", "one.xlsx": b"no workbook", "notes.txt": b""})
    assert source_files(str(folder)) == [folder / "b/two.csv", folder / "notes.txt", folder / "one.xlsx"]
    assert source_files(str(folder / "one.xlsx")) == [folder / "one.xlsx"]
    assert source_files("snapshot") == [BUNDLED]
    assert source_files("hub") == source_files("auto") == source_files(str(tmp_path / "nowhere")) == []


def test_the_snapshot_says_what_it_was_made_from() -> None:
    dataset = load_snapshot(("Nobody answered",))
    came = dataset.provenance
    assert (came.source, came.title, came.revision) == ("snapshot", "Bundled snapshot", COMMIT)
    assert came.conversations == 1000
    assert came.cluster == "block of 20 conversations"
    assert {record.sha256 for record in came.files} == set(WORKBOOKS.values())
    assert came.notices == ("Nobody answered",)
    assert dataset.ratings is None
    assert dataset.counts["n"].sum() > 0


def test_the_snapshot_needs_nobody(net: Net) -> None:
    assert load("snapshot", Progress()).provenance.notices == ()
    assert net.hub.asked == net.github.asked == []


def test_judges_that_are_added_one_by_one_are_listed_in_the_title(tmp_path: Path) -> None:
    study = tmp_path / "night line"
    study.mkdir()
    write_study(study, make_study(20))
    dataset = load(str(study), Progress())
    rated = make_study(20).query("rater == 'gpt-x'").drop(columns="rater")
    expected = ["Folder night line with A", "Folder night line with A and B", "Folder night line with A, B and C"]
    for name, title in zip("ABC", expected, strict=True):
        dataset, _ = with_judge(dataset, (f"{name}_llm_judge.csv", rated.to_csv(index=False).encode()))
        assert dataset.provenance.title == title
