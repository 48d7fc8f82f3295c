"""The tables that the paper prints, as bundled in ``data/published/``."""

from functools import cache
from pathlib import Path

import pandas as pd

import data
from data.benchmark import JUDGES

_FOLDER = Path(data.__file__).parent / "published"


@cache
def printed_icc() -> pd.DataFrame:
    """Give the printed intraclass correlations: ``judge`` (key), ``attribute``, coefficients, width and ``tier``."""
    table = pd.read_csv(_FOLDER / "icc.csv")
    return table.assign(judge=table["judge"].map({judge.label: judge.key for judge in JUDGES}))
