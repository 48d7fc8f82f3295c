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
    ("bootstrap-conversations", "model"): {"icc_c1": Held(69, 92)},
    ("exact-f", "response"): {"icc_c1": Held(65, 90), "icc_a1": Held(87, 100)},
}
# The percentile bootstrap over items, whatever else the figure is of, by how many items there are.
SHORT_DRAWN: dict[int, Held] = {20: Held(79, 98), 100: Held(89, 98), 1000: Held(92, 97)}
# What a judge's first choice loses, where the judge holds two systems nearly alike and the experts do not: the 95%
# interval of the table ``ranking``, and the upper end of the 90% one that verdicts rest on, which should hold in 95.
SHORT_LOSS = {"loss": Held(86, 90), "choice_loss": Held(76, 83)}
# With fewer items, what the bootstrap over them does is said before any figure.
ENOUGH_ITEMS = 100
