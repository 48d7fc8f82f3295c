"""Small phrases that findings are made of."""

import pandas as pd

from analysis.vocabulary import RATER_LABEL

NO_PAIRS = "no reply on screen was rated by both the experts and a judge"


def pair(row: pd.Series) -> str:
    """Name a judge and an attribute: ``GPT-4o on Empathy``."""
    return f"{RATER_LABEL[row['judge']]} on {row['attribute']}"


def span(values: pd.Series, form: str = ".2f") -> str:
    """Give the range of values: ``0.26 to 0.69``, or one number where both ends read the same."""
    low, high = format(values.min(), form), format(values.max(), form)
    return low if low == high else f"{low} to {high}"


def listed(names: list[str]) -> str:
    """Join names: ``A``, ``A and B``, ``A, B and C``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def bias_with_interval(row: pd.Series) -> str:
    """Give a bias and its interval in brackets, and what the interval is for.

    ``(bias +0.82; 95% interval +0.79 to +0.85 with the same experts)``: their ratings hang together along the files, so
    that with other experts it would be several times as wide.
    """
    if pd.isna(row["bias_low"]):
        return f"(bias {row['bias']:+.2f})"
    ends = f"{row['bias_low']:+.2f} to {row['bias_high']:+.2f}"
    return f"(bias {row['bias']:+.2f}; 95% interval {ends} with the same experts)"


def points(bias: float) -> str:
    """Say a bias in words: ``0.82 of a point above``."""
    return f"{abs(bias):.2f} of a point {'above' if bias > 0 else 'below'}"


def percent(share: float) -> str:
    """Say a share in whole percent, but never all or nothing for what is not: ``more than 99%``, ``less than 1%``."""
    if 0 < share < 0.005:
        return "less than 1%"
    if 0.995 <= share < 1:
        return "more than 99%"
    return f"{share:.0%}"


def of_100(share: float) -> str:
    """Say a share as so many of 100: ``49``."""
    return f"{100 * share:.0f}"
