"""The tables that the paper prints, as bundled in ``data/published/``."""

from functools import cache
from pathlib import Path

import pandas as pd

import data
from data.mentalalign import JUDGES, MODELS

_FOLDER = Path(data.__file__).parent / "published"
_JUDGE = {judge.label: judge.key for judge in JUDGES}
_MODEL = {model.label: model.key for model in MODELS}


@cache
def printed_icc() -> pd.DataFrame:
    """Give the printed intraclass correlations: ``judge`` (key), ``attribute``, coefficients, width and ``tier``."""
    return _with_keys("icc", "judge", _JUDGE)


@cache
def printed_bias() -> pd.DataFrame:
    """Give the printed bias: ``judge`` (key), ``attribute``, ``human_mean, judge_mean, bias, mse``."""
    return _with_keys("bias", "judge", _JUDGE)


@cache
def printed_human_means() -> pd.DataFrame:
    """Give the experts' printed means: ``model`` (key), ``access``, the seven attributes, ``average``."""
    return _with_keys("human_scores", "model", _MODEL)


def _with_keys(name: str, column: str, keys: dict[str, str]) -> pd.DataFrame:
    table = pd.read_csv(_FOLDER / f"{name}.csv")
    return table.assign(**{column: table[column].map(keys)})
