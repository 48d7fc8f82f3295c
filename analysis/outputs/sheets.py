"""Tables as readers see them: keys in words, numbers rounded, and both ends of an interval in one column.

What a program reads, and what exports hold, stays as the analysis made it.
"""

from numbers import Real

import pandas as pd

from analysis.outputs.columns import COLUMNS, Column
from analysis.outputs.keys import WORDS
from analysis.wording.vocabulary import Look, look, models_named, verdict_look

UNDEFINED = "undefined"
_READINGS = ("reading", "reading_a1", "published_tier", "recomputed_tier")
_TIES = ("best_human", "best_judge")


def heading(name: str) -> Column:
    """Give how a column of a sheet is called: one of ``COLUMNS``, or the one of an interval made of two of them."""
    if name in COLUMNS:
        return COLUMNS[name]
    low = COLUMNS[_end(name.removesuffix("_interval"), "low")]
    of = low.label[: -len("from")]
    return Column(f"{of}interval" if of else "Interval", low.term)


def sheet(frame: pd.DataFrame) -> pd.DataFrame:
    """Put keys into words, and the two ends of each interval into one column after what it is for.

    Parameters
    ----------
    frame
        Columns of ``COLUMNS``.

    Returns
    -------
    pandas.DataFrame
        Other numbers as they were. An interval of ``x`` is the column ``x_interval`` (of ``low`` and ``high`` alone:
        ``interval``) in words, None where it is undefined.
    """
    words = {name: frame[name].map(known) for name, known in WORDS.items() if name in frame}
    words |= {name: frame[name].map(models_named, na_action="ignore") for name in _TIES if name in frame}
    if "verdict" in frame:
        words["verdict"] = [_seen(verdict_look(verdict)) for verdict in frame["verdict"]]
    words |= {name: [_seen(look(reading)) for reading in frame[name]] for name in _READINGS if name in frame}
    result = frame.assign(**words)
    for base in _intervals(frame):
        low, high = _end(base, "low"), _end(base, "high")
        name, place = (
            _end(base, "interval"),
            list(result).index(base) + 1 if base in result else list(result).index(low),
        )
        result.insert(place, name, _both(frame[low], frame[high], COLUMNS[low].format or ""))
        result = result.drop(columns=[low, high])
    return result


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a sheet whose numbers are words too, as they are printed."""
    made = sheet(frame)
    return made.assign(**{name: [say(value, heading(name).format) for value in made[name]] for name in made})


def say(value: object, form: str | None) -> str:
    """Say a value of a table: a number in its format, ``undefined`` where there is none."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return UNDEFINED
    return _number(value, form) if form and isinstance(value, Real) else str(value)


def _intervals(frame: pd.DataFrame) -> list[str]:
    """Names of what the frame has intervals of; not every pair is one: ``n_low`` and ``n_high`` count replies."""
    names = [str(name) for name in frame]
    ends = [name for name in names if name.endswith("low") and COLUMNS[name].label.lower().endswith("from")]
    bases = [name.removesuffix("low").removesuffix("_") for name in ends]
    return [base for base in bases if _end(base, "high") in names]


def _end(base: str, end: str) -> str:
    return f"{base}_{end}" if base else end


def _both(low: pd.Series, high: pd.Series, form: str) -> list[str | None]:
    return [
        None if pd.isna(a) or pd.isna(b) else f"{_number(a, form)} to {_number(b, form)}"
        for a, b in zip(low, high, strict=True)
    ]


def _number(value: Real, form: str) -> str:
    """Write a number; what rounds to zero has no sign."""
    sign, digits = ("+", form[1:]) if form.startswith("+") else ("", form)
    return format(float(value), f"{sign}z{digits}")


def _seen(seen: Look) -> str:
    return f"{seen.icon} {seen.word}"
