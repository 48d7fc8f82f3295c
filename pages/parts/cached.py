"""Tables of the analysis, kept per settings and selection so that a filter used before answers at once."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.icc import icc_table
from analysis.inflation import inflation_by_model, inflation_table, rating_distribution
from analysis.pairs import pairs, ratings_of_each
from analysis.scores import score_intervals
from analysis.settings import Selection, Settings
from data.sources import Dataset

_TABLES: dict[str, Callable[[pd.DataFrame, Settings, Selection], pd.DataFrame]] = {
    "icc": lambda counts, settings, chosen: icc_table(pairs(counts, settings, chosen), settings),
    "inflation": lambda counts, settings, chosen: inflation_table(pairs(counts, settings, chosen)),
    "inflation_by_model": lambda counts, settings, chosen: inflation_by_model(pairs(counts, settings, chosen)),
    "distribution": lambda counts, settings, chosen: rating_distribution(pairs(counts, settings, chosen)),
    "scores": lambda counts, settings, chosen: score_intervals(ratings_of_each(counts, settings, chosen)),
}


def table(name: str, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Give a table of the analysis by name, computed once for each source, settings and selection."""
    came = dataset.provenance
    return _computed(name, (came.source, came.revision), settings, selection, dataset)


@st.cache_data(max_entries=512, show_spinner=False)
def _computed(
    name: str,
    source: tuple[str, str],  # noqa: ARG001 - part of the key; the counts themselves are never hashed
    settings: Settings,
    selection: Selection,
    _dataset: Dataset,
) -> pd.DataFrame:
    return _TABLES[name](_dataset.counts, settings, selection)
