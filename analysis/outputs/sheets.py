"""Tables as readers see them: keys in words, numbers rounded, and both ends of an interval in one column.

What a program reads, and what exports hold, stays as the analysis made it.
"""

import math
from functools import lru_cache, partial
from numbers import Real
from typing import Any

import pandas as pd

from analysis.column import Column
from analysis.outputs.columns import glossary
from analysis.outputs.keys import words_of
from analysis.wording.vocabulary import Look, look, models_named, verdict_look
from data.study import Study

UNDEFINED = "undefined"
_READINGS = ("reading", "reading_a1", "published_tier", "recomputed_tier")
_VERDICTS = ("verdict", "aim")
_LEAST_P = 0.001
_TIES = ("best_human", "best_judge")


@lru_cache(maxsize=16)
def _intervals(study: Study) -> dict[str, tuple[Column, Column]]:
    """Return both ends of every interval, by the name of the one column that a sheet makes of them."""
    columns = glossary(study)
    high = {(column.of, column.interval): column for column in columns.values() if column.role == "upper"}
    return {
        f"{column.name.removesuffix('low')}interval": (column, high[column.of, column.interval])
        for column in columns.values()
        if column.role == "lower"
    }


def heading(study: Study, name: str) -> Column:
    """Return how a column of a sheet is called: one of the glossary, or that of an interval made of two of them."""
    known = glossary(study)
    if name in known:
        return known[name]
    low, _ = _intervals(study)[name]
    return Column.text(name, low.interval, low.term)


def sheet(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Put keys into words, and the two ends of each interval into one column after what it is for.

    Parameters
    ----------
    study
        Names what the keys stand for.
    frame
        Columns of :func:`analysis.outputs.columns.glossary`.

    Returns
    -------
    pandas.DataFrame
        Other numbers as they were. An interval of ``x`` is the column ``x_interval`` (of ``low`` and ``high`` alone:
        ``interval``) in words, None where it is undefined.
    """
    words: dict[str, Any] = {
        name: [known.get(key) for key in frame[name]] for name, known in words_of(study).items() if name in frame
    }
    words |= {
        name: frame[name].map(partial(models_named, study), na_action="ignore") for name in _TIES if name in frame
    }
    words |= {name: [_seen(verdict_look(each)) for each in frame[name]] for name in _VERDICTS if name in frame}
    words |= {name: [_seen(look(reading)) for reading in frame[name]] for name in _READINGS if name in frame}
    have = set(frame)
    intervals = {name: ends for name, ends in _intervals(study).items() if {end.name for end in ends} <= have}
    # An estimate's own interval stands beside it, any other where its ends are.
    own = {low.of: name for name, (low, _) in intervals.items() if name == f"{low.of}_interval" and low.of in have}
    other = {low.name: name for name, (low, _) in intervals.items() if name not in own.values()}
    ends = {end.name for pair in intervals.values() for end in pair}
    made: dict[str, Any] = {}
    for column in frame:
        if column not in ends:
            made[column] = words.get(column, frame[column])
        for name in (own.get(column), other.get(column)):
            if name is not None:
                low, high = intervals[name]
                made[name] = _both(frame[low.name], frame[high.name], low.format or "")
    return pd.DataFrame(made, index=frame.index)


def in_words(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a sheet whose numbers are words too, as they are printed."""
    made = sheet(study, frame)
    heads = {name: heading(study, name) for name in made}
    return made.assign(
        **{name: [say(value, head.format, p=head.role == "p") for value in made[name]] for name, head in heads.items()}
    )


def say(value: object, form: str | None, *, p: bool = False) -> str:
    """Say a value of a table: a number in its format, ``undefined`` where there is none; no p-value is zero."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return UNDEFINED
    if p and isinstance(value, Real) and float(value) < _LEAST_P / 2:
        return f"<{_LEAST_P}"
    return _number(value, form) if form and isinstance(value, Real) else str(value)


def _both(low: pd.Series, high: pd.Series, form: str) -> list[str | None]:
    return [
        None if math.isnan(a) or math.isnan(b) else f"{_number(a, form)} to {_number(b, form)}"
        for a, b in zip(low.tolist(), high.tolist(), strict=True)
    ]


def _number(value: Real, form: str) -> str:
    """Write a number; what rounds to zero has no sign."""
    sign, digits = ("+", form[1:]) if form.startswith("+") else ("", form)
    return format(float(value), f"{sign}z{digits}")


def _seen(seen: Look) -> str:
    return f"{seen.icon} {seen.word}"
