"""Judges that a reader adds by upload: kept in the memory of the session, and nowhere else."""

import hashlib
from typing import NamedTuple

import streamlit as st

from data.errors import ReleaseError
from data.own.judges import Added, Own, add_judge
from data.ratings import Ratings
from data.sources import Dataset, with_judge

FORMS = ("csv", "parquet", "xlsx", "jsonl", "json", "eval")
# Where a session keeps the files by name, and the ratings with them.
FILES, _MADE = "judges added", "ratings with judges added"


class Upload(NamedTuple):
    """A file of one judge, or of several, and the systems that are stated to be theirs."""

    content: bytes
    own: tuple[str, ...]


def uploads() -> dict[str, Upload]:
    """Return the files that this session has added, by name."""
    files: dict[str, Upload] = st.session_state.setdefault(FILES, {})
    return files


def with_uploads(dataset: Dataset) -> Dataset:
    """Give the ratings with the judges that this session has added; made once.

    A file that cannot be used any more, as the ratings on screen are others or lack what it needs, is left out whole.
    """
    files = uploads()
    if not files or dataset.ratings is None:
        return dataset
    digests = tuple((hashlib.sha256(upload.content).hexdigest(), upload.own) for upload in files.values())
    key = (dataset.provenance.source, dataset.provenance.revision, digests)
    kept = st.session_state.get(_MADE)
    if kept is None or kept[0] != key:
        left_out = {}
        for name, upload in files.items():
            try:
                dataset, _ = with_judge(dataset, (name, upload.content), own=_own(dataset.ratings, name, upload))
            except ReleaseError as error:
                left_out[name] = tuple(str(error).splitlines())
        st.session_state[_MADE] = kept = (key, dataset, left_out)
    made: Dataset = kept[1]
    return made


def left_out() -> dict[str, tuple[str, ...]]:
    """Return what stands against the files that are added and cannot be used, by name."""
    kept = st.session_state.get(_MADE)
    found: dict[str, tuple[str, ...]] = kept[2] if kept and uploads() else {}
    return found


def tried(ratings: Ratings, name: str, upload: Upload) -> tuple[Added | None, tuple[str, ...]]:
    """Try a file on the ratings: what was found in it, or what stands against it in sentences."""
    try:
        file = (name, upload.content)
        return add_judge(ratings, file, own=_own(ratings, name, upload)), ()
    except ReleaseError as error:
        return None, tuple(str(error).splitlines())


def add(name: str, upload: Upload) -> None:
    """Add a file for this session."""
    uploads()[name] = upload


def remove(name: str) -> None:
    """Take a file away again."""
    uploads().pop(name, None)


def _own(ratings: Ratings | None, name: str, upload: Upload) -> Own:
    """Give what is stated of a file to each judge in it."""
    if ratings is None or not upload.own:
        return {}
    return dict.fromkeys(add_judge(ratings, (name, upload.content)).judges, upload.own)
