"""Strata of replies: neighbouring ratings of a judge taken together until enough replies have them.

References
----------
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapters 5 and 5A. Wiley.
"""

import numpy as np
import pandas as pd

# A mean of fewer ratings says little, and its scatter less.
FEWEST_PAIRS = 10
# More strata add next to nothing (section 5A.8).
_MOST = 10
_AXES = ("judge", "attribute", "model")


def strata_of(paired: pd.DataFrame, alone: pd.DataFrame, share: float = 0.0) -> tuple[pd.Categorical, pd.Categorical]:
    """Return the stratum of each pair and of each rating of a judge alone, numbered from the lowest rating.

    Parameters
    ----------
    paired, alone
        As :func:`analysis.ratings.pairs.pairs` and :func:`analysis.ratings.pairs.judged_alone` give them. Strata are of
        each judge, attribute and system.
    share
        Each stratum has at least this share of the pairs (0-1), and at least ``FEWEST_PAIRS`` of them, or is the only
        one. Where there are more than ten different ratings, each has at least a tenth of the pairs.
    """
    ratings = np.union1d(paired["rating"], alone["rating"])
    shape = (*(len(paired[axis].cat.categories) for axis in _AXES), len(ratings))

    def places(frame: pd.DataFrame) -> np.ndarray:
        codes = (frame[axis].cat.codes.to_numpy(np.int64) for axis in _AXES)
        return np.ravel_multi_index((*codes, np.searchsorted(ratings, frame["rating"])), shape)

    both = [places(frame) for frame in (paired, alone)]
    pairs = np.bincount(both[0], paired["n"], int(np.prod(shape))).reshape(-1, max(len(ratings), 1))
    given = np.zeros(pairs.shape, dtype=bool)
    given.ravel()[np.concatenate(both)] = True
    strata = np.zeros(pairs.shape, dtype=int)
    for row in np.flatnonzero(given.any(1)):
        strata[row, given[row]] = _pooled(pairs[row, given[row]], share)
    every = pd.CategoricalDtype(range(int(strata.max(initial=0)) + 1))
    found, alone_found = (pd.Categorical.from_codes(strata.ravel()[place], dtype=every) for place in both)
    return found, alone_found


def _pooled(pairs: np.ndarray, share: float) -> np.ndarray:
    """Return the stratum of each rating, from the pairs that have it, lowest rating first."""
    least = max(share, 1 / _MOST if len(pairs) > _MOST else 0.0)
    fewest = max(FEWEST_PAIRS, least * pairs.sum())
    strata, current, held = np.zeros(len(pairs), dtype=int), 0, 0.0
    for place, number in enumerate(pairs):
        strata[place] = current
        held += number
        if held >= fewest:
            current, held = current + 1, 0.0
    # What is left over at the top belongs to the last stratum that is full.
    return np.minimum(strata, max(current - 1, 0))
