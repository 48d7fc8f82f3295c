"""Intervals that hold their value in fewer than 90 of 100 simulations somewhere, and in how many they do.

``tests/bench/coverage.py`` counts them, ``docs/coverage.md`` has every line, and a test holds what stands here to it.
Whatever shows such an interval says so in words from :mod:`analysis.wording.shortfall`.
"""

from typing import NamedTuple

from analysis.ratings.settings import Interval, Level


class Held(NamedTuple):
    """In how many of 100 simulations an interval holds its value, at least and at most, over what was simulated."""

    least: int
    most: int


# Intervals of the ICC by kind and level, and the coefficients that they fall short for.
SHORT_ICC: dict[tuple[Interval, Level], dict[str, Held]] = {
    ("bootstrap-models", "model"): {"icc_c1": Held(90, 95), "icc_a1": Held(84, 94)},
    ("bootstrap-models", "response"): {"icc_c1": Held(78, 78), "icc_a1": Held(79, 79)},
    ("bootstrap-conversations", "model"): {"icc_c1": Held(70, 91)},
    ("exact-f", "response"): {"icc_c1": Held(65, 91), "icc_a1": Held(87, 100)},
}
# Intervals of other tables: table and estimate.
SHORT: dict[tuple[str, str], Held] = {
    ("correction", "icc_a1"): Held(89, 95),
    ("generalisability", "conversation"): Held(90, 95),
}
