"""Leaving one model out is what it says, and names what the figures rest on."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.agreement.icc import icc_table
from analysis.agreement.influence import COLUMNS, influence_table
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.spec import grid, selected

COUNTS = load_snapshot().counts
SETTINGS = [
    Settings.of(STUDY, "paper", resamples=200),
    Settings.of(STUDY, "recommended"),
    Settings.of(STUDY, "paper", "response", resamples=50),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=["paper", "exact", "replies"])
@pytest.mark.parametrize("model", ["original", "qwen-2.5-7b"])
def test_without_a_model_is_the_table_of_the_others(settings: Settings, model: str) -> None:
    table = influence_table(pairs(STUDY, COUNTS, settings, Selection.of(STUDY)), settings).query("left_out == @model")
    others = selected(models=tuple(key for key in STUDY.system_keys if key != model))
    expected = icc_table(pairs(STUDY, COUNTS, settings, others), settings)
    both = table.merge(expected, on=["judge", "attribute"], suffixes=("", "_expected"))
    assert len(both) == 28
    for name in ("icc_c1", "icc_a1", "icc_c1_low", "icc_c1_high", "icc_a1_low", "icc_a1_high", "n_targets"):
        assert_allclose(both[name].astype(float), both[f"{name}_expected"].astype(float), rtol=0, atol=1e-9)


def test_the_original_reply_is_a_point_of_leverage() -> None:
    """The figures that the design names: GPT-4o on Safety, 0.48 with the original reply and 0.75 without."""
    table = influence_table(pairs(STUDY, COUNTS, SETTINGS[0], Selection.of(STUDY)), SETTINGS[0])
    row = table.query("judge == 'gpt-4o' and attribute == 'Safety' and left_out == 'original'").iloc[0]
    assert row["icc_c1"] == pytest.approx(0.746, abs=0.005)
    assert row["icc_c1"] - row["shift_c1"] == pytest.approx(0.485, abs=0.005)


def test_shifts_are_without_less_with() -> None:
    human, judge = np.array([[1.0], [2], [3], [5]]), np.array([[2.0], [2], [4], [4]])
    settings = Settings.of(STUDY, "recommended")
    whole = icc_table(grid(human, judge), settings).iloc[0]
    table = influence_table(grid(human, judge), settings)
    assert list(table.columns) == list(COLUMNS)
    assert list(table["left_out"]) == list(STUDY.system_keys[:4])
    assert_allclose(table["shift_c1"], table["icc_c1"] - whole["icc_c1"], atol=1e-12)
    assert_allclose(table["shift_a1"], table["icc_a1"] - whole["icc_a1"], atol=1e-12)


def test_only_models_that_a_judge_is_compared_on_are_left_out() -> None:
    settings = Settings.of(STUDY, "recommended")
    table = influence_table(pairs(STUDY, COUNTS, settings, selected(judges=("gpt-4o",))), settings)
    assert "gpt-4o" not in set(table["left_out"])
    assert len(table) == 9 * 7


def test_of_two_models_none_can_be_left_out_and_of_none_there_is_no_row() -> None:
    two = influence_table(grid(np.array([[1.0], [3]]), np.array([[2.0], [5]])), Settings.of(STUDY, "recommended"))
    assert two[["icc_c1", "icc_a1", "shift_c1", "shift_a1"]].isna().all(axis=None)
    nothing = np.full((2, 1), np.nan)
    empty = influence_table(grid(nothing, nothing), Settings.of(STUDY, "recommended"))
    assert empty.empty
    assert list(empty.columns) == list(COLUMNS)


@pytest.mark.slow
def test_the_frame_is_not_changed() -> None:
    frame = pairs(STUDY, COUNTS, SETTINGS[1], Selection.of(STUDY))
    before = frame.copy()
    influence_table(frame, SETTINGS[1])
    pd.testing.assert_frame_equal(frame, before)
