"""Ratings of a judge that was asked three times, twice alike and once with padding: ``write_runs(path, dataset)``."""

from pathlib import Path

import numpy as np
import pandas as pd

from data.sources import Dataset

RUNS = ("1", "2", "padding")


def made_runs(dataset: Dataset, seed: int = 5) -> pd.DataFrame:
    """Make ``item, system, attribute, run, rating``: the second run flips some and leaves the scale, padding lifts."""
    assert dataset.ratings is not None
    random, scale = np.random.default_rng(seed), dataset.study.scale
    keys = {"item": list(map(str, dataset.ratings.conversations)), "system": dataset.study.system_keys}
    index = pd.MultiIndex.from_product([*keys.values(), dataset.study.attribute_names], names=[*keys, "attribute"])
    first = random.integers(scale.low, scale.high + 1, len(index))
    said = {
        "1": first,
        "2": first + random.choice([-1, 0, 0, 0, 1], len(index)),
        "padding": first + random.choice([0, 0, 1], len(index)),
    }
    parts = [
        pd.DataFrame({"rating": np.clip(said[run], scale.low, scale.high)}, index=index).assign(run=run) for run in RUNS
    ]
    table = pd.concat(parts).reset_index()
    table.loc[len(index) : 2 * len(index) : 50, "rating"] = scale.high + 1
    return table


def write_runs(path: Path, dataset: Dataset) -> None:
    """Write them as a judge's file."""
    made_runs(dataset).to_csv(path, index=False)
