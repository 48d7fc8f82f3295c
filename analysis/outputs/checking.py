"""What a folder or a file of ratings holds, and which tables can be made of it."""

from dataclasses import dataclass
from pathlib import Path

from data.sources import Dataset


@dataclass(frozen=True)
class Checked:
    """What is to be said of it, and whether all of it can be used."""

    said: tuple[str, ...]
    usable: bool


def checked(path: Path, dataset: Dataset | None) -> Checked:
    """Check a folder or a file."""
    raise NotImplementedError(path, dataset)
