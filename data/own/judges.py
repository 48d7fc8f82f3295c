"""Judges of a reader's own."""

from dataclasses import dataclass
from pathlib import Path

from data.ratings import Ratings


@dataclass(frozen=True)
class Added:
    """Stub."""

    ratings: Ratings
    judges: tuple[str, ...]


def add_judge(ratings: Ratings, path: Path | tuple[str, bytes], *, name: str | None = None) -> Added:
    """Stub."""
    raise NotImplementedError(ratings, path, name)
