"""Many tests at once.

References
----------
Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6(2),
65-70.
"""

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values for how many there are; NaN are not counted and stay."""
    order = np.argsort(p)[: np.isfinite(p).sum()]
    adjusted = np.full(len(p), np.nan)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted
