"""What an interval is read as: the paper's tiers of width, and Koo & Li's bands.

References
----------
Koo, T. K., & Li, M. Y. (2016). A guideline of selecting and reporting intraclass correlation coefficients for
reliability research. Journal of Chiropractic Medicine, 15(2), 155-163.
"""

import math

import numpy as np
import pandas as pd

from analysis.ratings.settings import Readings

# The tertiles of the paper's 28 interval widths: a third of its cells is PR by construction.
PAPER_TIERS = (("GR", 0.355), ("MR", 0.560), ("PR", math.inf))
KOO_LI_BANDS = (("poor", 0.50), ("moderate", 0.75), ("good", 0.90), ("excellent", math.inf))

# On which side of an edge a figure lies must not hang on the last digits of the computer: 0.891 - 0.331 is 0.56.
_DIGITS = 9


def read(low: pd.Series, high: pd.Series, scale: Readings) -> list[str | None]:
    """Read intervals on a scale; None where the interval is undefined."""
    one = paper_tier if scale == "paper-tiers" else koo_li
    return [None if math.isnan(a) or math.isnan(b) else one(a, b) for a, b in zip(low, high, strict=True)]


def paper_tier(low: float, high: float) -> str:
    """Give the paper's tier of an interval: GR up to a width of 0.355, MR up to 0.560, PR above."""
    return next(tier for tier, widest in PAPER_TIERS if round(high - low, _DIGITS) <= widest)


def koo_li(low: float, high: float) -> str:
    """Give the bands that an interval reaches, such as ``good`` or ``poor to moderate``."""
    first, last = band(low), band(high)
    return first if first == last else f"{first} to {last}"


def band(value: float) -> str:
    """Give Koo & Li's band of one value: poor below 0.5, moderate below 0.75, good below 0.9, excellent from there."""
    return next(name for name, end in KOO_LI_BANDS if round(value, _DIGITS) < end)


def band_places(values: np.ndarray) -> np.ndarray:
    """Place of each value's band in ``KOO_LI_BANDS``; -1 where it is undefined."""
    ends = [end for _, end in KOO_LI_BANDS[:-1]]
    return np.where(np.isfinite(values), np.digitize(np.round(values, _DIGITS), ends), -1)


def tier_places(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Place of each interval's tier in ``PAPER_TIERS``; -1 where it is undefined."""
    widest = [width for _, width in PAPER_TIERS[:-1]]
    width = high - low
    return np.where(np.isfinite(width), np.digitize(np.round(width, _DIGITS), widest, right=True), -1)
