"""Adjusting p-values for how many tests are looked at together.

References
----------
Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6(2),
65-70.
"""

import numpy as np
import pandas as pd


def holm(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted for how many there are, by Holm's rule; NaN are not counted and stay.

    The i-th smallest of m is multiplied by m - i + 1, and is at least the one before it and at most 1.
    """
    order = np.argsort(p)[: np.isfinite(p).sum()]
    adjusted = np.full(len(p), np.nan)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def adjusted(table: pd.DataFrame, family: pd.Series | None = None) -> pd.DataFrame:
    """Return a table with ``p_adjusted``: its column ``p``, adjusted for how many rows have one.

    What a reader looks at together counts together: the registry adjusts again whenever rows are chosen, and ``p``
    stays what it is.

    Parameters
    ----------
    table
        With a column ``p`` (0-1), NaN where a test is undefined.
    family
        For each row the family that it is adjusted within; all rows are one family unless given.
    """
    p = table["p"].to_numpy(dtype=float)
    of = np.zeros(len(p)) if family is None else family.to_numpy()
    found = np.full(len(p), np.nan)
    for each in np.unique(of):
        found[of == each] = holm(p[of == each])
    return table.assign(p_adjusted=found)
