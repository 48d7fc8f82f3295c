"""What pages keep: tables that nobody changes by what is taken of them, and memory that is looked through once."""

import gc

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from pages.components.cached import whole_table
from pages.components.filters import Filters
from pages.components.memory import settle
from pages.components.view import View

DATASET = load_snapshot()
SETTINGS = Settings.of(STUDY)


@pytest.mark.parametrize("name", ["icc", "inflation", "reassurance", "verdicts"])
@pytest.mark.parametrize("judges", [[], ["gpt-4o"]], ids=["all", "one"])
def test_what_is_done_to_the_rows_of_a_view_is_not_done_to_the_table_that_is_kept(name: str, judges: list[str]) -> None:
    view = View(DATASET, SETTINGS, Selection.of(STUDY, judges), Filters())
    before = view.table(name).copy(deep=True)
    taken = view.table(name)
    for place in range(taken.shape[1]):
        taken.iloc[:, place] = taken.iloc[::-1, place].to_numpy()
    taken["judge"] = "nobody"
    assert_frame_equal(view.table(name), before)


def test_a_table_is_kept_without_a_copy() -> None:
    first, again = (whole_table("icc", DATASET, SETTINGS, Selection.of(STUDY)) for _ in range(2))
    assert first is again
    other = whole_table("icc", DATASET, Settings.of(STUDY, "paper"), Selection.of(STUDY))
    assert not pd.DataFrame.equals(first, other)


def test_what_is_loaded_is_not_looked_through_again() -> None:
    settle()
    frozen = gc.get_freeze_count()
    assert frozen > len(gc.get_objects())
    settle()
    assert gc.get_freeze_count() <= frozen
