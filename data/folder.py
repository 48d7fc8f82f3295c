"""A folder with ratings, whatever its layout: an own study, or files like those of the release."""

from collections.abc import Callable
from pathlib import Path

from data.errors import ReleaseError
from data.mentalalign import STUDY
from data.own.reading import FILE, read_own
from data.ratings import Ratings
from data.released.reading import read_release


def read_folder(folder: Path, *, report: Callable[[str], object] = str) -> Ratings:
    """Read the ratings of a folder.

    A folder with a ``study.toml`` is an own study. Any other is read as a copy of the release.

    Raises
    ------
    ReleaseError
        The folder is missing, or what it holds cannot be used.
    """
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is not a folder; name a folder that holds ratings")
    if (folder / FILE).is_file():
        return read_own(folder, report=report)
    return read_release(folder, STUDY, report=report)
