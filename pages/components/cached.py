"""Tables of the analysis, kept per settings and selection so that a filter used before answers at once.

They are kept as they are, without a copy for each redraw: pandas copies what is written to, so that nobody who takes
columns or rows of a table changes the table itself.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

import pandas as pd
import streamlit as st

from analysis.decisions.aim import Aim
from analysis.decisions.plan import Plans
from analysis.outputs.checking import TableCheck, checked_dataset
from analysis.outputs.planning import plans_of
from analysis.outputs.registry import VIEWS
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction.comparison import unit_of
from analysis.reproduction.selfcheck import checked, proofs
from data.sources import Dataset
from pages.components.memory import give_back

# What several visitors ask for is no sooner done side by side, and takes the memory of all at once.
_one_at_a_time = Lock()


def name_of(dataset: Dataset) -> tuple[str, str, str]:
    """Tell ratings apart in the key of a cache, without a look at the counts: by source, revision and replies."""
    came = dataset.provenance
    return came.source, came.revision, came.replies.sha256 if came.replies else ""


def whole_table(name: str, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Give a table of the analysis by name, computed once for each source, settings and widened selection.

    What is made of a reader's own upload is kept for the session of that reader alone.
    """
    made = _of_session if dataset.provenance.private else _of_everyone
    return made(name, dataset, settings, selection)


def _whole(name: str, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    with _one_at_a_time:
        made = VIEWS[name].whole(dataset, settings, selection)
        give_back()
    return made


@st.cache_data(max_entries=8, show_spinner="Making every table", hash_funcs={Dataset: name_of}, scope="session")
def check_of(dataset: Dataset) -> tuple[dict[str, tuple[str, ...]], tuple[TableCheck, ...]] | None:
    """Check the ratings on screen: sentences by part, and every table; None without single ratings."""
    checked = checked_dataset(dataset)
    return None if checked is None else (checked.parts, checked.tables)


def plans_for(seen: View, aim: Aim) -> Plans:
    """Give the plans of a view, made once for each source, settings, selection and aim; see :func:`plans_of`."""
    made = _plans_of_session if seen.dataset.provenance.private else _plans_of_everyone
    return made(seen.dataset, seen.settings, seen.selection, aim)


def _plans(dataset: Dataset, settings: Settings, selection: Selection, aim: Aim) -> Plans:
    with _one_at_a_time:
        return plans_of(View(dataset, settings, selection), aim)


# Streamlit would look at every field of a dataclass by itself.
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {Dataset: name_of, Settings: repr, Selection: repr}
_PLANNING: dict[str, Any] = {"show_spinner": "Drawing studies", "hash_funcs": {**_KEYS, Aim: repr}}
_plans_of_everyone = st.cache_resource(max_entries=128, **_PLANNING)(_plans)
_plans_of_session = st.cache_resource(max_entries=32, scope="session", **_PLANNING)(_plans)
_of_everyone = st.cache_resource(max_entries=512, show_spinner=False, hash_funcs=_KEYS)(_whole)
_of_session = st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=_KEYS, scope="session")(_whole)


@st.cache_data(max_entries=64, show_spinner=False)
def against_themselves(printed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold printed figures against their own rows, and prove misprints; the same figures come with every filter."""
    return checked(printed, unit_of(printed)), proofs(printed)
