"""Ratings of a system that no expert rated, by judges of a study: ``new_system(dataset, judges)``."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.sources import Dataset

NEW = "writer"


def new_system(dataset: Dataset, judges: Sequence[str], system: str = NEW, seed: int = 8) -> pd.DataFrame:
    """Make ``item, system, rater, attribute, rating``; every 40th rating leaves the scale."""
    assert dataset.ratings is not None
    scale, study = dataset.study.scale, dataset.study
    keys = {"item": list(map(str, dataset.ratings.conversations)), "system": [system], "rater": judges}
    index = pd.MultiIndex.from_product([*keys.values(), study.attribute_names], names=[*keys, "attribute"])
    rating = np.random.default_rng(seed).integers(scale.low + 1, scale.high + 1, len(index))
    rating[::40] = scale.high + 1
    return pd.DataFrame({"rating": rating}, index=index).reset_index()
