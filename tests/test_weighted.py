"""Weighted figures: against a closed form, counted by hand, and by simulation of the draw."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.bias.inflation import inflation_table
from analysis.bias.weighted import COLUMNS, weighted_table, weights_of
from analysis.outputs.registry import table_of
from analysis.ratings.needs import NeedsProbabilitiesError
from analysis.ratings.pairs import judged_alone, pairs
from analysis.ratings.settings import Selection, Settings
from data.remote.progress import Progress
from data.sources import Dataset, load
from tests.bench.plan import weighted_coverage
from tests.made_study import make_study, write_study
from tests.pages import from_command_line

JUDGE, ATTRIBUTE = "gpt-x", "safety"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a study of drawn replies, whose judges have rated some that no expert has."""
    folder = tmp_path_factory.mktemp("drawn")
    made = make_study(40)
    replies = made[["item", "system"]].drop_duplicates().reset_index(drop=True)
    likely = replies.assign(probability=np.random.default_rng(1).choice([0.1, 0.5, 1.0], len(replies)))
    made = made.merge(likely, on=["item", "system"])
    by_judge = made["rater"].str.startswith(("gpt", "claude", "judge", "4", "ключ"))
    last = made["item"].isin(made["item"].unique()[-4:])
    write_study(folder, made[by_judge | ~last].drop(columns="message"))
    return folder


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return load(str(folder), Progress())


@pytest.fixture(scope="module")
def table(dataset: Dataset) -> pd.DataFrame:
    study = dataset.study
    return table_of("weighted", dataset, Settings.of(study), Selection.of(study))


def frames(dataset: Dataset) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, Settings]:
    study = dataset.study
    settings, chosen = Settings.of(study), Selection.of(study)
    paired = pairs(study, dataset.counts, settings, chosen)
    alone = judged_alone(study, dataset.counts, settings, chosen)
    return paired, weights_of(paired, dataset.ratings), alone, settings


def test_figures_are_those_of_counting_by_hand(dataset: Dataset, table: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)
    paired, weights, alone, settings = frames(dataset)
    mine = paired.assign(w=weights).query("judge == @JUDGE and attribute == @ATTRIBUTE")
    row = table.query("judge == @JUDGE and attribute == @ATTRIBUTE").iloc[0]
    gap = mine["rating"] - mine["human"]
    bias = np.average(gap, weights=mine["w"])
    assert row["weighted_bias"] == pytest.approx(bias)
    assert row["unweighted_bias"] == pytest.approx(gap.mean())
    assert row["weighted_mean"] == pytest.approx(np.average(mine["human"], weights=mine["w"]))
    assert row["n_effective"] == pytest.approx(mine["w"].sum() ** 2 / (mine["w"] ** 2).sum())
    poor = mine[mine["human"] <= settings.low]
    assert row["weighted_n_low"] == len(poor)
    # The error of a ratio: its deviations add up by item.
    apart = (mine["w"] * (gap - bias)).groupby(mine["cluster"].astype(int)).sum() / mine["w"].sum()
    items = len(apart)
    error = np.sqrt(items / (items - 1) * (apart**2).sum())
    assert (row["weighted_bias_high"] - row["weighted_bias_low"]) / 2 == pytest.approx(error * 2.03, rel=0.01)
    # The difference estimate: the judge's mean of all, less the weighted bias.
    others = alone.query("judge == @JUDGE and attribute == @ATTRIBUTE")["rating"]
    everything = pd.concat([mine["rating"], others])
    assert row["n_alone"] == len(others) > 0
    assert row["difference_mean"] == pytest.approx(everything.mean() - bias)
    assert row["difference_mean_low"] == pytest.approx(everything.mean() - row["weighted_bias_high"])


def test_with_one_probability_figures_are_those_without_weights(dataset: Dataset) -> None:
    paired, weights, alone, settings = frames(dataset)
    table = weighted_table(paired, weights * 0 + 4.0, alone, settings)
    plain = inflation_table(paired)
    for ours, other in (("weighted_bias", "bias"), ("weighted_bias_low", "bias_low"), ("weighted_mean", "human_mean")):
        assert_allclose(table[ours], plain[other], rtol=1e-12)
    assert_allclose(table["n_effective"], table["n_pairs"])


def test_weights_have_no_unit(dataset: Dataset, table: pd.DataFrame) -> None:
    paired, weights, alone, settings = frames(dataset)
    pd.testing.assert_frame_equal(weighted_table(paired, 7 * weights, alone, settings), table)


def test_a_reply_without_a_probability_is_left_out(dataset: Dataset) -> None:
    paired, weights, alone, settings = frames(dataset)
    first = paired["cluster"] == paired["cluster"].iloc[0]
    table = weighted_table(paired, weights.mask(first), alone, settings)
    assert table["n_pairs"].sum() == (~first).sum()


def test_a_study_that_does_not_say_how_it_was_drawn_has_no_such_table(dataset: Dataset) -> None:
    study = dataset.study
    assert dataset.ratings is not None
    without = replace(dataset, ratings=replace(dataset.ratings, probabilities=None))
    for each in (without, replace(dataset, ratings=None)):
        with pytest.raises(NeedsProbabilitiesError, match="with which probability: it takes a column probability"):
            table_of("weighted", each, Settings.of(study), Selection.of(study))


def test_the_command_line_prints_the_table_and_other_tables_say_what_they_take(
    folder: Path, table: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = from_command_line(capsys, "weighted", "--source", str(folder))
    assert printed["weighted_bias"].tolist() == pytest.approx(table["weighted_bias"].tolist())
    assert any("drawn with unequal probabilities: the table weighted" in note for note in _notes(folder))


def _notes(folder: Path) -> tuple[str, ...]:
    return load(str(folder), Progress()).provenance.notices


@pytest.mark.slow
def test_intervals_hold_what_they_should() -> None:
    for line in weighted_coverage(simulations=300):
        assert line.held >= 0.9, line
        assert abs(line.estimate - line.truth) < 0.03
