"""An own study as ratings: its ``study.toml`` and the tables beside it."""

from collections.abc import Callable
from pathlib import Path

from data.ratings import Ratings

FILE = "study.toml"


def read_own(folder: Path, *, report: Callable[[str], object] = str) -> Ratings:
    """Read an own study."""
    raise NotImplementedError(folder, report)
