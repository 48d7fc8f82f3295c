"""The bundled figures, and every table of them: read and computed once, when a test first asks; not to be changed."""

from functools import cache

import pandas as pd

from analysis.outputs.registry import VIEWS
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import Dataset, load_snapshot

PAPER, RECOMMENDED = (Settings.of(STUDY, preset) for preset in ("paper", "recommended"))
EVERYTHING = Selection.of(STUDY)


@cache
def snapshot() -> Dataset:
    """Read the bundled figures."""
    return load_snapshot()


@cache
def snapshot_pairs(settings: Settings = PAPER) -> pd.DataFrame:
    """Pair experts and judges."""
    return pairs(STUDY, snapshot().counts, settings, EVERYTHING)


@cache
def table(name: str, settings: Settings = PAPER) -> pd.DataFrame:
    """Compute a table as pages have it, for all judges, systems and attributes."""
    return VIEWS[name].whole(snapshot(), settings, EVERYTHING)
