"""Small phrases that findings are made of."""

import pandas as pd

from analysis.wording.filling import reference
from data.study import Study

NO_PAIRS = "no reply on screen was rated by both the experts and a judge"


def pair(study: Study, row: pd.Series) -> str:
    """Name a judge and an attribute: ``GPT-4o on Empathy``."""
    return f"{study.rater(row['judge'])} on {row['attribute']}"


def author(study: Study, model: str) -> str:
    """Name a model within a sentence: ``GPT-4o``, ``the original reply``."""
    return f"the {study.system(model).lower()}" if model in study.by_people else study.system(model)


def span(values: pd.Series, form: str = "z.2f") -> str:
    """Give the range of values: ``0.26 to 0.69``, or one number where both ends read the same."""
    low, high = format(values.min(), form), format(values.max(), form)
    return low if low == high else f"{low} to {high}"


def experts_of(study: Study) -> str:
    """Say what the reference is: ``one pooled expert rating``, ``the mean of three experts' ratings``."""
    return "one pooled expert rating" if study.pooled else reference(study)


def listed(names: list[str]) -> str:
    """Join names: ``A``, ``A and B``, ``A, B and C``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def bias_with_interval(row: pd.Series) -> str:
    """Give the interval of a bias in brackets, and what it is for; without one, the bias with its sign.

    ``(95% interval +0.79 to +0.85, same experts)``: their ratings hang together along the files, so that with other
    experts it would be several times as wide.
    """
    if pd.isna(row["bias_low"]):
        return f"(bias {row['bias']:+z.2f})"
    return f"(95% interval {row['bias_low']:+z.2f} to {row['bias_high']:+z.2f}, same experts)"


def in_points(size: float, form: str = ".2f") -> str:
    """Say a distance on the scale: ``0.82 of a point``, ``1.20 points``."""
    said = format(abs(size), form)
    return f"{said} of a point" if float(said) < 1 else f"{said} points"


def points(bias: float) -> str:
    """Say a bias in words: ``0.82 of a point above``, ``level with``."""
    if abs(bias) < 0.005:
        return "level with"
    return f"{in_points(bias)} {'above' if bias > 0 else 'below'}"


def counted(number: int, one: str, many: str) -> str:
    """Count things: ``1 model``, ``1,000 models``."""
    return f"{number:,} {one if number == 1 else many}"


def part(number: int, whole: int) -> str:
    """Say how many of so many: ``none of 28``, ``3 of 28``, ``all 28``, ``both``."""
    if number == whole > 0:
        return "both" if whole == 2 else f"all {whole:,}"
    return f"{f'{number:,}' if number else 'none'} of {whole:,}"


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


def at_most(study: Study, rating: float) -> str:
    """Say a rating and those below it: ``2 or less``, ``1`` at the end of the scale."""
    return f"{rating:g}" if rating == study.scale.low else f"{rating:g} or less"


def at_least(study: Study, rating: float) -> str:
    """Say a rating and those above it: ``4 or more``, ``5`` at the end of the scale."""
    return f"{rating:g}" if rating == study.scale.high else f"{rating:g} or more"


def begun(words: str) -> str:
    """Begin a sentence with these words."""
    return words[:1].upper() + words[1:]
