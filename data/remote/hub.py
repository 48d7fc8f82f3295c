"""The benchmarks on Hugging Face: which files they are, fetched at a pinned commit and checked against its hashes."""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pooch
from httpx2 import HTTPError
from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)
from huggingface_hub.utils.tqdm import tqdm

from data.errors import GivenUpError, SourceError
from data.mentalalign import REPOSITORY
from data.released.files import FORMATS
from data.remote.progress import Advance, Progress

PROBE_SECONDS = 3
SILENCE_SECONDS = 10

# The client reports once a chunk, and its 10 MB are more than a slow line brings before it would be taken for silent.
constants.DOWNLOAD_CHUNK_SIZE = 64 * 1024

_RATING_FILE = re.compile(r"judge|human|rating|mental[-_ ]?align", re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True)
class HubFile:
    """A file of the repository and the hash that its content must have, as (algorithm, hex digits)."""

    name: str
    size: int
    digest: tuple[str, str]


@dataclass(frozen=True)
class Fetched:
    """Files of one commit in the local cache; ``notice`` says why the Hub was not asked, if it was not."""

    folder: Path
    names: tuple[str, ...]
    revision: str
    notice: str


def fetch_ratings(progress: Progress) -> Fetched:
    """Fetch the files whose names speak of ratings; whether they hold any is told by their columns.

    Raises
    ------
    SourceError
        The Hub does not answer, refuses, has no such file, or sends something else than it promised, and no earlier
        download is in the cache.
    """
    return _fetch("ratings", _is_rating_file, "files with ratings", progress)


def fetch_replies(progress: Progress) -> Fetched:
    """Fetch the tables that are not rating files, among which MentalBench-100k is told by its columns."""
    return _fetch("replies", lambda name: not _is_rating_file(name), "tables of replies", progress)


def _is_rating_file(name: str) -> bool:
    return _RATING_FILE.search(Path(name).name) is not None


def _fetch(kind: str, wanted: Callable[[str], bool], what: str, progress: Progress) -> Fetched:
    progress.say("Asking Hugging Face")
    try:
        revision, files = _list_files(progress)
        files = [file for file in files if Path(file.name).suffix.lower() in FORMATS and wanted(file.name)]
        if not files:
            raise SourceError(f"Hugging Face holds no {what} in {REPOSITORY}")
        folder = _download(files, revision, progress)
    except SourceError as error:
        kept = _from_cache(kind, reason=str(error))
        if kept is None:
            raise
        return kept
    _remember(kind, revision, files)
    return Fetched(folder, tuple(file.name for file in files), revision, "")


def _endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).rstrip("/")


def _list_files(progress: Progress) -> tuple[str, list[HubFile]]:
    """Ask for the current commit and its files; never waits longer than the probe's few seconds."""
    api = HfApi(endpoint=_endpoint())
    ask = partial(api.dataset_info, REPOSITORY, timeout=PROBE_SECONDS, files_metadata=True)
    info = progress.within(PROBE_SECONDS, "Hugging Face", lambda _: _asking(ask))
    if info.sha is None:
        raise SourceError(f"Hugging Face names no commit of {REPOSITORY}")
    files = []
    for sibling in info.siblings or ():
        digest = ("sha256", sibling.lfs.sha256) if sibling.lfs else ("sha1", sibling.blob_id or "")
        files.append(HubFile(sibling.rfilename, sibling.size or 0, digest))
    return info.sha, files


def _download(files: list[HubFile], revision: str, progress: Progress) -> Path:
    """Fetch the files that the client's cache does not hold whole, and return the folder they all lie in."""
    folder = Path()
    for file in files:
        path = _kept(file, revision)
        if path is None:
            progress.say(f"Fetching {Path(file.name).name} from Hugging Face")
            progress.within(SILENCE_SECONDS, "Hugging Face", partial(_download_one, file, revision))
            path = _kept(file, revision)
        if path is None:
            raise SourceError(f"Hugging Face sent {file.name} with a hash other than its own; it was not used")
        folder = _root(path, file)
    return folder


def _download_one(file: HubFile, revision: str, advance: Advance) -> None:
    fetch = partial(
        hf_hub_download,
        REPOSITORY,
        file.name,
        repo_type="dataset",
        revision=revision,
        etag_timeout=PROBE_SECONDS,
        endpoint=_endpoint(),
        tqdm_class=_bar(advance, file.size),
    )
    _asking(fetch)


def _kept(file: HubFile, revision: str) -> Path | None:
    """Give a file from the client's cache if it is there and whole; one with another content is removed."""
    found = try_to_load_from_cache(REPOSITORY, file.name, repo_type="dataset", revision=revision)
    if not isinstance(found, str):
        return None
    path = Path(found)
    with contextlib.suppress(OSError):
        if _has_digest(path, file.digest):
            return path
        path.resolve().unlink()
        path.unlink(missing_ok=True)
    return None


def _root(path: Path, file: HubFile) -> Path:
    return path.parents[len(Path(file.name).parts) - 1]


def _asking(ask: Callable[[], T]) -> T:
    """Ask the Hub, and say in a sentence what went wrong."""
    try:
        return ask()
    except GivenUpError:
        raise
    # The client's threads share one session, and any of them may close it: the others then meet a RuntimeError.
    except (OSError, HTTPError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise SourceError(_sentence(error)) from error


def _sentence(error: BaseException) -> str:
    """Say what kept the Hub from giving what it was asked for."""
    if isinstance(error, LocalEntryNotFoundError) and error.__cause__ is not None:
        return _sentence(error.__cause__)
    if isinstance(error, GatedRepoError):
        return f"Hugging Face gives {REPOSITORY} only to people it has let in"
    if isinstance(error, RepositoryNotFoundError):
        return f"Hugging Face has no public data set {REPOSITORY}"
    if isinstance(error, HfHubHTTPError):
        return f"Hugging Face refused (status {error.response.status_code})"
    if isinstance(error, ValueError | KeyError | TypeError):
        return f"Hugging Face's answer could not be understood ({type(error).__name__})"
    return f"Hugging Face could not be reached or broke off ({type(error).__name__})"


def _has_digest(path: Path, digest: tuple[str, str]) -> bool:
    algorithm, expected = digest
    content = path.read_bytes()
    # Git names a small file by the SHA-1 of its content behind a header; Git LFS names a large one by its SHA-256.
    header = b"blob %d\0" % len(content) if algorithm == "sha1" else b""
    return hashlib.new(algorithm, header + content, usedforsecurity=False).hexdigest() == expected


def _bar(advance: Advance, size: int) -> Any:
    """Make the progress bar class that the client drives; it draws nothing and reports to ``advance``."""

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})
            self.done = 0.0

        def update(self, n: float | None = 1) -> None:
            self.done += n or 0
            advance(min(self.done / size, 1.0) if size else None)

    return Bar


def _memory(kind: str) -> Path:
    return Path(pooch.os_cache("mentalbench-explorer")) / f"hub-{kind}.json"


def _remember(kind: str, revision: str, files: Iterable[HubFile]) -> None:
    """Note which commit is complete in the cache; a download that broke off leaves no such note."""
    note = {"revision": revision, "files": [[file.name, file.size, *file.digest] for file in files]}
    path = _memory(kind)
    # Where nothing can be written, the files at hand are still good: only the next visit needs the Hub again.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(note))


def _from_cache(kind: str, reason: str) -> Fetched | None:
    """Give the last complete download, if it is still whole."""
    try:
        note = json.loads(_memory(kind).read_text())
        files = [HubFile(name, size, (algorithm, digest)) for name, size, algorithm, digest in note["files"]]
        paths = [_kept(file, note["revision"]) for file in files]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = [path for path in paths if path is not None]
    if not whole or len(whole) < len(files):
        return None
    notice = f"{reason}; an earlier download from this machine's cache is shown"
    return Fetched(_root(whole[0], files[0]), tuple(file.name for file in files), note["revision"], notice)
