"""Files and folders that options name: what stands against reading or writing them, before anything is begun."""

import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

_FORBIDDEN = "its permissions forbid it"
_IN_PLAIN_WORDS: dict[type[OSError], str] = {
    IsADirectoryError: "it is a folder",
    NotADirectoryError: "there is a file where a folder is meant",
    FileExistsError: "there is a file where a folder is meant",
    FileNotFoundError: "it, or its folder, is not there",
    PermissionError: _FORBIDDEN,
}


def file_to_read(allowed: str) -> Callable[[str], Path]:
    """Return what reads the path of an option that names a file with something in it."""

    def check(value: str) -> Path:
        path = Path(value)
        if path.is_dir():
            raise ArgumentTypeError(f"{value!r} is a folder; allowed is {allowed}")
        if not path.is_file():
            raise ArgumentTypeError(f"{value!r} is no file; allowed is {allowed}")
        if not os.access(path, os.R_OK):
            raise ArgumentTypeError(f"{value!r} cannot be read ({_FORBIDDEN}); allowed is {allowed}")
        return path

    return check


def file_to_write(value: str) -> Path:
    """Read the path of an option that names a file to be written."""
    path = Path(value)
    folder = path.resolve().parent
    if path.is_dir():
        raise ArgumentTypeError(_unwritable(value, "it is a folder"))
    if not folder.is_dir():
        raise ArgumentTypeError(_unwritable(value, f"there is no folder {str(folder)!r}"))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ArgumentTypeError(_unwritable(value, _FORBIDDEN))
    return path


def file_to_write_anywhere(value: str) -> Path:
    """Read the path of an option that names a file to be written, whose folder is made where it is not there."""
    path = Path(value)
    if path.is_dir():
        raise ArgumentTypeError(_unwritable(value, "it is a folder"))
    folder_to_write(str(path.parent))
    return path


def folder_to_write(value: str) -> Path:
    """Read the path of an option that names a folder to be written into, which is made where it is not there."""
    path = Path(value)
    there = next(each for each in (path.resolve(), *path.resolve().parents) if each.exists())
    if not there.is_dir():
        raise ArgumentTypeError(f"{value!r} cannot be a folder ({str(there)!r} is a file); allowed is a folder")
    if not os.access(there, os.W_OK):
        raise ArgumentTypeError(f"{value!r} cannot be written ({_FORBIDDEN}); allowed is a folder of your own")
    return path


def reason(error: OSError) -> str:
    """Say in plain words what stood against reading or writing a file."""
    return _IN_PLAIN_WORDS.get(type(error), error.strerror or str(error))


def told(error: OSError) -> str:
    """Say which file or folder could not be used, and why."""
    if error.filename is None:
        return str(error)
    return f"{str(error.filename)!r} cannot be used ({reason(error)}); name one that can be read or written"


def _unwritable(value: str, why: str) -> str:
    return f"{value!r} cannot be written ({why}); allowed is a file in a folder that exists"
