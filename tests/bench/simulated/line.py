"""One line of the table of coverage: an interval, what it should hold, and how often it did."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

SEED = 0
# A line falls short where it holds its value in so many fewer of 100 than it should.
SHORT_BY = 5
# With fewer intervals nothing is counted: there is none in a setting, or it is held back.
FEWEST_INTERVALS = 100
# Figures that are equal can differ in the last digits.
_ROUNDING = 1e-9


def seeded(*what: object) -> np.random.Generator:
    """Give a line its own stream, whatever other lines there are."""
    return np.random.default_rng([SEED, zlib.crc32(repr(what).encode())])


@dataclass(frozen=True)
class Line:
    """An interval in one setting.

    Attributes
    ----------
    construction
        How the interval is made: the section that the line stands in.
    figure
        What it is an interval of: table and column where it is one of a table.
    simulated
        The ratings that it was made of.
    value
        What it should hold: one number, or one for each simulation.
    low, high
        The intervals, one a simulation; NaN where there is none, infinite where an end is not looked at.
    nominal
        In how many of 100 it should hold the value.
    shown
        Whether the product shows it in this setting.
    """

    construction: str
    figure: str
    simulated: str
    value: float | np.ndarray
    low: np.ndarray
    high: np.ndarray
    nominal: int = 95
    shown: bool = True

    @property
    def usable(self) -> np.ndarray:
        """Which simulations have an interval."""
        return ~(np.isnan(self.low) | np.isnan(self.high))

    @property
    def intervals(self) -> int:
        """How many simulations have an interval."""
        return int(self.usable.sum())

    @property
    def held(self) -> float:
        """In how many of 100 the interval holds the value."""
        inside = (self.low <= self.value + _ROUNDING) & (self.value - _ROUNDING <= self.high)
        return float(100 * inside[self.usable].mean())

    @property
    def error(self) -> float:
        """Return the Monte-Carlo standard error of :attr:`held`."""
        return float(np.sqrt(self.held * (100 - self.held) / self.intervals))

    @property
    def short(self) -> bool:
        """Whether it holds the value far too seldom."""
        return self.held < self.nominal - SHORT_BY

    def __str__(self) -> str:
        width = np.median((self.high - self.low)[self.usable])
        mark = "**short**" if self.short and self.shown else "short" if self.short else ""
        marks = filter(None, (mark, "" if self.shown else "not shown"))
        cells = (
            self.figure,
            self.simulated,
            f"{np.mean(self.value):z.3f}",
            f"{self.nominal}",
            f"{self.held:.1f} ± {self.error:.1f}",
            f"{width:.2f}" if np.isfinite(width) else "one end",
            f"{self.intervals:,}",
            ", ".join(marks),
        )
        return f"| {' | '.join(cells)} |"


def table(lines: Iterable[Line]) -> list[str]:
    """Write lines as a Markdown table."""
    head = ("figure", "what was simulated", "true value", "nominal", "holds it", "median width", "intervals", "")
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(str(line) for line in lines)]
