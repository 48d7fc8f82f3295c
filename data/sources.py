"""Where ratings come from: one function for every source, and what it was that came."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from data.counts import count_pairs
from data.errors import ReleaseError, SourceError
from data.mentalalign import REPOSITORY
from data.released.files import FileRecord
from data.released.release import FaultCount, Release, count_faults, read_release
from data.remote import github
from data.remote.progress import Progress
from data.snapshot import BLOCK, BUNDLED, faults_of, files_of, read_snapshot

NAMED = ("auto", "hub", "github", "snapshot")
# What a cluster is called where each conversation is one.
CONVERSATION = "conversation"


@dataclass(frozen=True)
class Provenance:
    """Where the ratings on screen come from.

    Attributes
    ----------
    source
        ``hub``, ``github``, ``snapshot`` or ``folder``.
    title
        The source in words.
    revision
        The commit, or a digest of the files when they are no known commit.
    files
        What was read, with hashes.
    conversations
        How many there are.
    cluster
        What intervals are clustered by: ``conversation`` or a block of them.
    faults
        How many faults of each kind the files have.
    bundled
        The bundled file that stands for them, where they were not read themselves.
    notices
        What the reader should know: sources that did not answer, files that were passed over.
    """

    source: str
    title: str
    revision: str
    files: tuple[FileRecord, ...]
    conversations: int
    cluster: str
    faults: tuple[FaultCount, ...] = ()
    bundled: FileRecord | None = None
    notices: tuple[str, ...] = ()

    @property
    def every_file(self) -> tuple[FileRecord, ...]:
        """The files with the ratings, and the bundled one that stands for them."""
        return (*self.files, *([self.bundled] if self.bundled else []))

    @property
    def single_conversations(self) -> bool:
        """Whether each conversation is a cluster of its own, numbered in the order of the file."""
        return self.cluster == CONVERSATION


@dataclass(frozen=True)
class Dataset:
    """The ratings as counts, where they come from, and the release itself where it was read."""

    counts: pd.DataFrame
    provenance: Provenance
    release: Release | None


def load(source: str, progress: Progress) -> Dataset:
    """Bring the ratings in.

    Parameters
    ----------
    source
        ``auto`` (the others in turn until one gives ratings), ``hub``, ``github``, ``snapshot``, or a folder's path.

    Raises
    ------
    SourceError
        The source cannot be reached; never under ``auto``, which ends on the snapshot.
    ReleaseError
        The folder is not a copy of the release.
    """
    if source == "auto":
        return _first_that_answers(progress)
    if source in _LOADERS:
        return _LOADERS[source](progress)
    return _from_folder(Path(source), "folder", f"Folder {Path(source).resolve().name}", progress)


def load_snapshot(notices: tuple[str, ...] = ()) -> Dataset:
    """Read the bundled snapshot."""
    counts, about = read_snapshot()
    provenance = Provenance(
        source="snapshot",
        title="Bundled snapshot",
        revision=str(about["revision"]),
        files=files_of(about),
        conversations=int(str(about["conversations"])),
        cluster=f"block of {BLOCK} conversations",
        faults=faults_of(about),
        bundled=FileRecord(BUNDLED.name, hashlib.sha256(BUNDLED.read_bytes()).hexdigest(), len(counts), ()),
        notices=notices,
    )
    return Dataset(counts, provenance, None)


def revision_of(files: tuple[FileRecord, ...]) -> str:
    """Name the pinned commit when these are its five workbooks and no others; else a digest of the files' hashes."""
    hashes = sorted(record.sha256 for record in files)
    if hashes == sorted(github.WORKBOOKS.values()):
        return github.COMMIT
    return "sha256:" + hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _first_that_answers(progress: Progress) -> Dataset:
    notices = []
    for source in ("hub", "github"):
        try:
            found = _LOADERS[source](progress)
        except (SourceError, ReleaseError) as error:
            notices.append(str(error))
        else:
            return _with_notices(found, tuple(notices))
    return load_snapshot(tuple(notices))


def _from_hub(progress: Progress) -> Dataset:
    # Imported where it is used: the client takes a third of a second that the snapshot need not wait for.
    from data.remote.hub import fetch_ratings

    fetched = fetch_ratings(progress)
    try:
        found = _from_folder(fetched.folder, "hub", f"Hugging Face {REPOSITORY}", progress, fetched.revision)
    except ReleaseError as error:
        reason = str(error).replace(str(fetched.folder), "it")
        raise SourceError(f"Hugging Face holds no usable ratings in {REPOSITORY} ({reason})") from error
    return _with_notices(found, (fetched.notice,) if fetched.notice else ())


def _from_github(progress: Progress) -> Dataset:
    folder = github.fetch_workbooks(progress)
    return _from_folder(folder, "github", f"GitHub {github.REPOSITORY}", progress, github.COMMIT)


def _from_folder(folder: Path, source: str, title: str, progress: Progress, revision: str = "") -> Dataset:
    release = read_release(folder, report=progress.say)
    provenance = Provenance(
        source=source,
        title=title,
        revision=revision or revision_of(release.files),
        files=release.files,
        conversations=int(release.ratings["conversation"].nunique()),
        cluster=CONVERSATION,
        faults=count_faults(release),
        notices=release.notes,
    )
    return Dataset(count_pairs(release), provenance, release)


def _with_notices(dataset: Dataset, notices: tuple[str, ...]) -> Dataset:
    known = dataset.provenance
    return replace(dataset, provenance=replace(known, notices=(*notices, *known.notices)))


_LOADERS: dict[str, Callable[[Progress], Dataset]] = {
    "hub": _from_hub,
    "github": _from_github,
    "snapshot": lambda _: load_snapshot(),
}
