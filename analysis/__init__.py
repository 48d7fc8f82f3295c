"""Agreement between experts and LLM judges: the statistics and their charts, without any user interface.

In a notebook: ``analysis.open_study("snapshot").table("icc")``; see ``docs/notebook.md``.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.notebook import OpenStudy

VERSION = "0.2.0"


def open_study(source: str | Path = "snapshot") -> "OpenStudy":
    """Open a study by its source; see :func:`analysis.notebook.open_study`."""
    # Imported where it is used: the version alone should cost nothing.
    from analysis import notebook

    return notebook.open_study(source)
