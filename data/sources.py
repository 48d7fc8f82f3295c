"""Where ratings come from: one function for every source, and what it was that came."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from data import mentalalign
from data.counts import count_pairs, in_stretches
from data.counts_file import BUNDLED, read_counts, record_of
from data.data_errors import ErrorCount, count_errors
from data.errors import ReleaseError, SourceError
from data.folder import read_folder
from data.moments import sum_moments
from data.moments_file import moments_beside, read_moments
from data.own.judges import Added, Own, add_judge
from data.own.naming import is_published
from data.ratings import FileRecord, Ratings
from data.remote import github
from data.remote.progress import Progress
from data.repeats import told_repeats
from data.study import Study

# A file with a judge's ratings: where it lies, or its name and what is in it.
JudgeFile = Path | tuple[str, bytes]


@dataclass(frozen=True)
class Provenance:
    """Where the ratings on screen come from.

    Attributes
    ----------
    source
        ``hub``, ``github``, ``snapshot``, ``folder`` or ``counts``.
    of
        The source in words, without the judges that were added.
    revision
        The commit, or a digest of the files when they are no known commit.
    files
        What was read, with hashes.
    conversations
        How many there are.
    cluster
        What intervals are clustered by: one conversation, or a block of them.
    data_errors, repeats
        How many errors of each kind the files have, and which conversations of the experts are copies of which.
    bundled
        The file of counts that stands for them, where they were not read themselves.
    notices
        What the reader should know: sources that did not answer, files that were passed over or changed.
    private
        Whether a reader's own upload is among the ratings, so that nothing made of them outlives the session.
    replies
        The file that the length of replies was taken from, where it is none of those with ratings.
    added
        What the judges are called that a reader has added to the source.
    """

    source: str
    of: str
    revision: str
    files: tuple[FileRecord, ...]
    conversations: int
    cluster: str
    data_errors: tuple[ErrorCount, ...] = ()
    repeats: tuple[tuple[str, str], ...] = ()
    bundled: FileRecord | None = None
    notices: tuple[str, ...] = ()
    private: bool = False
    replies: FileRecord | None = None
    added: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The source in words: ``Folder release with A, B and C``."""
        if not self.added:
            return self.of
        *others, last = self.added
        return f"{self.of} with {' and '.join(filter(None, (', '.join(others), last)))}"

    @property
    def short_revision(self) -> str:
        """The first digits of the revision, or of the hash that stands for it."""
        return self.revision.removeprefix("sha256:")[:12]

    @property
    def every_file(self) -> tuple[FileRecord, ...]:
        """The files with the ratings, the bundled one that stands for them, and that of the replies."""
        return (*self.files, *(each for each in (self.bundled, self.replies) if each))

    @property
    def single_conversations(self) -> bool:
        """Whether each conversation is a cluster of its own, numbered in the order of the file."""
        return self.bundled is None


@dataclass(frozen=True)
class Dataset:
    """A study with its ratings as counts, where they come from, and single ratings where these were read.

    ``stretches`` are the counts by stretches of neighbours, as :func:`data.counts.in_stretches` makes them; None where
    the order of the conversations is not known. ``summed`` reads the sums over attributes that lie beside counts.
    """

    study: Study
    counts: pd.DataFrame
    provenance: Provenance
    ratings: Ratings | None = None
    stretches: pd.DataFrame | None = None
    summed: Callable[[], pd.DataFrame | None] | None = None

    @property
    def new_systems(self) -> tuple[str, ...]:
        """The systems that judges rated and no expert did; none where the source gives counts only."""
        return () if self.ratings is None else self.ratings.new_system_keys

    @property
    def moments(self) -> pd.DataFrame | None:
        """Sums over the attributes of replies, see :func:`data.moments.sum_moments`; None where the source has none.

        One table needs them, so that they are made, or read, when it does.
        """
        if self.ratings is not None:
            return sum_moments(self.ratings)
        return self.summed() if self.summed is not None else None


def load(source: str, progress: Progress) -> Dataset:
    """Bring the ratings in.

    Parameters
    ----------
    source
        ``auto`` (the others in turn until one gives ratings), ``hub``, ``github``, ``snapshot``, the path of a folder
        (a copy of the release, or an own study), or of a file of counts.

    Raises
    ------
    SourceError
        The source cannot be reached; never under ``auto``, which ends on the snapshot.
    ReleaseError
        The folder or file cannot be used.
    """
    if source == "auto":
        return _first_that_answers(progress)
    if source in _LOADERS:
        return _LOADERS[source](progress)
    path = Path(source)
    if path.is_file():
        return load_counts(path)
    return _from_folder(path, "folder", f"Folder {path.resolve().name}", progress)


def load_snapshot(notices: tuple[str, ...] = ()) -> Dataset:
    """Read the bundled snapshot."""
    return _from_counts(BUNDLED, "snapshot", "Bundled snapshot", notices)


def load_counts(path: Path) -> Dataset:
    """Read a file of counts."""
    return _from_counts(path, "counts", f"Counts {path.name}")


def from_ratings(ratings: Ratings, source: str, title: str, revision: str = "", notices: Sequence[str] = ()) -> Dataset:
    """Make a dataset of single ratings."""
    changed = tuple(
        f"{record.name} is changed: it has the name of a released file and another content"
        for record in ratings.files
        if record.changed
    )
    provenance = Provenance(
        source=source,
        of=title,
        revision=revision or revision_of(ratings.files),
        files=ratings.files,
        conversations=len(ratings.conversations),
        cluster=ratings.study.item.one,
        data_errors=count_errors(ratings.ledger),
        repeats=told_repeats(ratings.repeats),
        notices=(*notices, *changed, *ratings.notes),
    )
    counts = count_pairs(ratings)
    return Dataset(ratings.study, counts, provenance, ratings, in_stretches(counts, len(ratings.conversations)))


def with_judge(
    dataset: Dataset, file: JudgeFile, *, name: str | None = None, own: Own | None = None
) -> tuple[Dataset, Added]:
    """Return a dataset with one more judge, or several, and what was found in their file; the old one is unchanged.

    ``name`` and ``own`` as in :func:`data.own.judges.add_judge`.

    Raises
    ------
    ReleaseError
        The file cannot be used, or the dataset has no single ratings to match it with.
    """
    if dataset.ratings is None:
        came = dataset.provenance
        before = "".join(f"; {notice}" for notice in came.notices)
        raise ReleaseError(
            f"a judge's ratings are matched with single ratings of the experts, and {came.title} has none{before}; "
            "take the release (hub or github), or a folder with a copy of it"
        )
    added = add_judge(dataset.ratings, file, name=name, own=own)
    came = dataset.provenance
    labels = tuple(map(added.ratings.study.rater, added.judges))
    made = from_ratings(added.ratings, came.source, came.of)
    kept = tuple(notice for notice in came.notices if notice not in made.provenance.notices)
    uploaded = came.private or not isinstance(file, Path)
    known = replace(made.provenance, private=uploaded, replies=came.replies, added=(*came.added, *labels))
    return _with_notices(replace(made, provenance=known), kept), added


def with_lengths(dataset: Dataset, lengths: pd.DataFrame, file: FileRecord) -> Dataset:
    """Return a dataset that knows how long its replies are, and from which file; the old one is unchanged.

    ``lengths`` as :attr:`data.ratings.Ratings.lengths` has them. Without single ratings nothing can be told of a reply.
    """
    if dataset.ratings is None:
        return dataset
    return replace(
        dataset,
        ratings=replace(dataset.ratings, lengths=lengths),
        provenance=replace(dataset.provenance, replies=file),
    )


def with_replies(dataset: Dataset, progress: Progress, file: Path | None = None) -> Dataset:
    """Return a dataset with the length of the replies that MentalBench-100k holds; the old one is unchanged.

    Parameters
    ----------
    dataset
        Of the published study, with single ratings; any other is returned as it is.
    progress
        Is told what is being read.
    file
        MentalBench-100k on this machine; fetched from Hugging Face unless given.

    Raises
    ------
    SourceError
        Hugging Face cannot be reached, or holds no such file.
    ReleaseError
        The file is not MentalBench-100k.
    """
    if dataset.ratings is None or not is_published(dataset.study):
        return dataset
    # Imported where it is used: the library is large, and few tables need the replies.
    from data.replies.lengths import lengths_of
    from data.replies.texts import load_replies, read_replies

    replies = load_replies(progress) if file is None else read_replies(file, progress)
    return with_lengths(dataset, lengths_of(dataset.ratings, replies), replies.record)


def judged(dataset: Dataset) -> Dataset:
    """Return a dataset that has a judge.

    Raises
    ------
    ReleaseError
        It has none.
    """
    if problem := dataset.study.unjudged:
        raise ReleaseError("; ".join([problem, *dataset.provenance.notices]))
    return dataset


def with_judges(dataset: Dataset, files: Iterable[JudgeFile]) -> Dataset:
    """Return a dataset with the judges of several files, one after the other; see :func:`with_judge`."""
    for file in files:
        dataset, _ = with_judge(dataset, file)
    return dataset


def source_files(source: str) -> list[Path]:
    """List the files that a source on this machine consists of, read or not; none of a source that is elsewhere."""
    if source == "snapshot":
        return [BUNDLED]  # which names the sums beside it by their SHA-256
    path = Path(source)
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    return [path] if path.is_file() else []


def revision_of(files: tuple[FileRecord, ...]) -> str:
    """Name the pinned commit when these are its five workbooks and no others; else a digest of the files' hashes."""
    hashes = sorted(record.sha256 for record in files)
    if hashes == sorted(mentalalign.WORKBOOKS.values()):
        return mentalalign.COMMIT
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


def _from_counts(path: Path, source: str, title: str, notices: tuple[str, ...] = ()) -> Dataset:
    counts, about, stretches = read_counts(path)
    provenance = Provenance(
        source=source,
        of=title,
        revision=about.revision,
        files=about.files,
        conversations=about.conversations,
        cluster=about.cluster,
        data_errors=about.data_errors,
        repeats=about.repeats,
        bundled=record_of(path, counts),
        notices=notices,
    )
    summed = partial(read_moments, moments_beside(path), about.study, about.moments)
    return Dataset(about.study, counts, provenance, stretches=stretches, summed=summed)


def _from_hub(progress: Progress) -> Dataset:
    # Imported where it is used: the client takes a third of a second that the snapshot need not wait for.
    from data.remote.hub import fetch_ratings

    fetched = fetch_ratings(progress)
    title = f"Hugging Face {mentalalign.REPOSITORY}"
    try:
        found = judged(_from_folder(fetched.folder, "hub", title, progress, fetched.revision))
    except ReleaseError as error:
        reason = str(error).replace(str(fetched.folder), "it")
        raise SourceError(f"Hugging Face holds no usable ratings in {mentalalign.REPOSITORY} ({reason})") from error
    return _with_notices(found, (fetched.notice,) if fetched.notice else ())


def _from_github(progress: Progress) -> Dataset:
    folder = github.fetch_workbooks(progress)
    return _from_folder(folder, "github", f"GitHub {mentalalign.GITHUB}", progress, mentalalign.COMMIT)


def _from_folder(folder: Path, source: str, title: str, progress: Progress, revision: str = "") -> Dataset:
    return from_ratings(read_folder(folder, report=progress.say), source, title, revision)


def _with_notices(dataset: Dataset, notices: tuple[str, ...]) -> Dataset:
    known = dataset.provenance
    return replace(dataset, provenance=replace(known, notices=(*notices, *known.notices)))


_LOADERS: dict[str, Callable[[Progress], Dataset]] = {
    "hub": _from_hub,
    "github": _from_github,
    "snapshot": lambda _: load_snapshot(),
}
