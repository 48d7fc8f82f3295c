"""A folder with ratings, whatever its layout: an own study, or files like those of the release."""

from collections.abc import Callable
from pathlib import Path

from data.errors import NoRatingsError, NoStudyFileError, ReleaseError
from data.mentalalign import STUDY
from data.own import FILE
from data.ratings import Ratings
from data.released.reading import read_release


def read_folder(folder: Path, *, report: Callable[[str], object] = str) -> Ratings:
    """Read the ratings of a folder.

    A folder with a ``study.toml`` is an own study. Any other is read as a copy of the release.

    Raises
    ------
    ReleaseError
        The folder is missing, or what it holds cannot be used; of tables without a ``study.toml`` the message has the
        lines that it needs.
    """
    if not folder.is_dir():
        raise ReleaseError(f"{folder} is not a folder; name a folder that holds ratings")
    # Imported where they are used: the library that checks the file takes longer to import than a snapshot to read.
    if (folder / FILE).is_file():
        from data.own.reading import read_own

        return read_own(folder, report=report)
    try:
        return read_release(folder, STUDY, report=report)
    except NoRatingsError as error:
        from data.own.proposal import propose

        if proposal := propose(folder):
            raise NoStudyFileError(proposal) from error
        raise
