"""The tables that a study prints of its own ratings, as bundled in ``data/published/``."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

import data
from analysis.ratings.needs import NothingPrintedError
from data.study import Published, Study

_FOLDER = Path(data.__file__).parent / "published"


def printed_icc(study: Study) -> pd.DataFrame:
    """Give the printed intraclass correlations: ``judge`` (key), ``attribute``, coefficients, width and ``tier``."""
    published = published_of(study)
    return _with_keys(published, "icc", "judge", published.judges)


def printed_bias(study: Study) -> pd.DataFrame:
    """Give the printed bias: ``judge`` (key), ``attribute``, ``human_mean, judge_mean, bias, mse``."""
    published = published_of(study)
    return _with_keys(published, "bias", "judge", published.judges)


def printed_human_means(study: Study) -> pd.DataFrame:
    """Give the experts' printed means: ``model`` (key), ``access``, the attributes, ``average``."""
    published = published_of(study)
    return _with_keys(published, "human_scores", "model", published.systems)


def published_of(study: Study) -> Published:
    """Return what a study printed.

    Raises
    ------
    NothingPrintedError
        The study has no printed tables.
    """
    if study.published is None:
        raise NothingPrintedError
    return study.published


def as_printed(study: Study) -> Study:
    """Return the study with only the judges, systems and attributes that its printed tables are of."""
    published = published_of(study)
    systems = {key for _, key in published.systems}
    return replace(
        study.with_judges(key for _, key in published.judges),
        systems=tuple(system for system in study.systems if system.key in systems),
        attributes=tuple(attribute for attribute in study.attributes if attribute.name in published.attributes),
    )


def _with_keys(published: Published, name: str, column: str, keys: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    table = _read(published.folder, name)
    return table.assign(**{column: table[column].map(dict(keys))})


@cache
def _read(folder: str, name: str) -> pd.DataFrame:
    return pd.read_csv(_FOLDER / folder / f"{name}.csv")
