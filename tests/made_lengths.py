"""Lengths of replies made up for ratings that come without their replies, the same each time."""

import numpy as np
import pandas as pd

from data.ratings import FileRecord, Ratings
from data.sources import Dataset, with_lengths


def made_lengths(ratings: Ratings) -> pd.DataFrame:
    """Make up how many words each reply has; every 50th has no known length."""
    index = pd.MultiIndex.from_product([ratings.conversations, ratings.study.system_keys])
    lengths = index.to_frame(index=False).set_axis(["conversation", "model"], axis=1)
    words = np.random.default_rng(0).lognormal(4.4, 0.4, len(lengths)).round().astype(int)
    return lengths.assign(words=words)[np.arange(len(lengths)) % 50 > 0].reset_index(drop=True)


def with_made_lengths(dataset: Dataset) -> Dataset:
    """Give a dataset with single ratings whose replies have made lengths."""
    assert dataset.ratings is not None
    return with_lengths(dataset, made_lengths(dataset.ratings), FileRecord("replies.csv", "0" * 64, 1, ()))
