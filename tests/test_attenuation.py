"""Agreement under an assumed reliability is what it would be with known values, and contradictions are said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.agreement.attenuation import COLUMNS, RELIABILITIES, attenuation_table
from analysis.agreement.icc import icc_table
from analysis.charts.attenuation import assumed_agreement
from analysis.findings.attenuation import attenuation_finding
from analysis.outputs.registry import table_of
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import from_ratings
from tests.snapshot import snapshot, snapshot_pairs
from tests.spec import grid

SETTINGS = Settings.of(STUDY, resamples=100)
FORMS = ("pearson", "c1", "a1")


def of(human: Any, judge: Any, settings: Settings = SETTINGS) -> pd.DataFrame:
    """The rows of one cell by assumed reliability; ratings by (model, conversation)."""
    return (
        attenuation_table(grid(np.atleast_2d(human), np.atleast_2d(judge)), settings)
        .query("attribute == 'Safety'")
        .set_index("assumed_reliability")
    )


def test_a_tiny_study_by_hand() -> None:
    """Experts say 1 2 3 4 5 and the judge 2 2 3 5 5.

    The variances are 2.5 and 2.3, the covariance 2.25, and the judge is 0.4 above. With a reliability of 0.9 the values
    vary by 2.25: the correlation is 2.25 / sqrt(2.3 x 2.25), ICC(C,1) 2 x 2.25 / (2.3 + 2.25).
    """
    row = of([1, 2, 3, 4, 5], [2, 2, 3, 5, 5]).loc[0.9]
    assert row["assumed_pearson"] == pytest.approx(2.25 / np.sqrt(2.3 * 2.25))
    assert row["assumed_c1"] == pytest.approx(4.5 / 4.55)
    # The mean difference of 0.4, less what its square has by chance: Var(J - H) is 2.5 + 2.3 - 4.5 = 0.3.
    assert row["assumed_a1"] == pytest.approx(4.5 / (4.55 + 0.4**2 - 0.3 / 5))
    assert row["contradicted"] == "no"
    assert row["would_be"] is None


def test_without_error_the_figures_are_those_of_the_ratings() -> None:
    frame, settings = snapshot_pairs(SETTINGS), SETTINGS.at("response")
    table = attenuation_table(frame, settings)
    assert tuple(table) == COLUMNS
    assert len(table) == 28 * len(RELIABILITIES)
    ours = table[table["assumed_reliability"] == 1].reset_index(drop=True)
    theirs = icc_table(frame, settings)
    assert (ours["n_pairs"] == theirs["n_pairs"]).all()
    for form in ("c1", "a1"):
        for end in ("", "_low", "_high"):
            np.testing.assert_allclose(ours[f"assumed_{form}{end}"], theirs[f"icc_{form}{end}"], rtol=1e-9)


def test_pearson_is_corrected_by_the_root_of_the_reliability(released: Ratings) -> None:
    """Straight from single ratings, by pandas."""
    dataset = from_ratings(released, "folder", "release")
    table = table_of("attenuation", dataset, SETTINGS, Selection.of(STUDY, ["o4-mini"], attributes=["Guidance"]))
    long = released.long[released.long["attribute"] == "Guidance"]
    left_out = released.different("o4-mini")
    long = long[~long["conversation"].isin(left_out) & (long["model"] != "gpt-4o-mini")]
    wide = long.pivot(index=["conversation", "model"], columns="rater", values="valid")[["human", "o4-mini"]].dropna()
    human, judge = wide["human"], wide["o4-mini"]
    assert (table["n_pairs"] == len(wide)).all()
    root = np.sqrt(table["assumed_reliability"])
    np.testing.assert_allclose(table["assumed_pearson"], human.corr(judge) / root, rtol=1e-9)
    spread = judge.var() + table["assumed_reliability"] * human.var()
    np.testing.assert_allclose(table["assumed_c1"], 2 * human.cov(judge) / spread, rtol=1e-9)
    away = (judge - human).mean() ** 2 - (judge - human).var() / len(wide)
    np.testing.assert_allclose(table["assumed_a1"], 2 * human.cov(judge) / (spread + away), rtol=1e-9)


@pytest.mark.slow
def test_a_correct_assumption_gives_back_agreement_with_the_values() -> None:
    """Values with SD 1, experts' errors that leave a reliability of 0.7, a judge with error and a bias of 0.3."""
    random, found, known = np.random.default_rng(6), [], []
    for _ in range(60):
        value = random.normal(size=(4, 250))
        human = value + np.sqrt(3 / 7) * random.normal(size=value.shape)
        judge = 0.3 + 0.8 * value + 0.5 * random.normal(size=value.shape)
        found.append(of(human, judge, replace(SETTINGS, resamples=2)).loc[0.7, [f"assumed_{form}" for form in FORMS]])
        known.append(of(value, judge, replace(SETTINGS, resamples=2)).loc[1.0, [f"assumed_{form}" for form in FORMS]])
    np.testing.assert_allclose(np.mean(found, 0), np.mean(known, 0), atol=0.01)
    uncorrected = 0.8 / np.sqrt((1 / 0.7) * 0.89)
    assert np.mean(known, 0)[0] - uncorrected > 0.1


@pytest.mark.slow
def test_the_interval_holds_what_it_should() -> None:
    """Replies to a conversation have a part in common; 95% intervals hold the value in 91 to 98 of 100 studies."""
    random, held = np.random.default_rng(7), []
    exact = 2 * 0.8 / (0.89 + 1 + 0.3**2)
    for _ in range(300):
        common = np.sqrt(0.3) * random.normal(size=(1, 80))
        value = common + np.sqrt(0.7) * random.normal(size=(4, 80))
        human = value + np.sqrt(3 / 7) * random.normal(size=value.shape)
        judge = 0.3 + 0.8 * value + 0.5 * random.normal(size=value.shape)
        row = of(human, judge, replace(SETTINGS, resamples=200)).loc[0.7]
        held.append(row["assumed_a1_low"] <= exact <= row["assumed_a1_high"])
    assert 0.91 <= np.mean(held) <= 0.98


def noisy(error: float) -> pd.DataFrame:
    random = np.random.default_rng(8)
    human = random.normal(size=(4, 100))
    return of(human, human + error * random.normal(size=human.shape))


def test_a_reliability_that_the_ratings_contradict_is_said_and_capped() -> None:
    rows = noisy(0.1)
    assert rows["contradicted"].to_dict() == {0.6: "yes", 0.7: "yes", 0.8: "yes", 0.9: "yes", 1.0: "no"}
    assert rows.loc[0.6, ["assumed_pearson", "assumed_pearson_low", "assumed_pearson_high"]].tolist() == [1, 1, 1]
    assert rows["assumed_c1"].le(1).all()
    assert rows["would_be"].isna().tolist() == [True] * 4 + [False]
    said = attenuation_finding(STUDY, rows.reset_index(), "o4-mini")
    assert said == (
        "Agreement would be supported on Safety as the ratings are. The correlation would exceed 1 on "
        "Safety at 0.9 or less: so low a reliability contradicts the ratings."
    )


def test_a_correlation_beyond_1_by_sampling_error_is_said_to_be_so() -> None:
    rows = noisy(0.745)
    assert rows["contradicted"].to_dict() == {0.6: "within-error", **dict.fromkeys((0.7, 0.8, 0.9, 1.0), "no")}
    assert rows.loc[0.6, "assumed_pearson"] == 1
    said = attenuation_finding(STUDY, rows.reset_index(), "o4-mini")
    assert (
        "on Safety at 0.6 or less: so low a reliability contradicts the ratings, though by no more than sampling error."
        in said
    )
    assert said.startswith("If the experts' rating of a reply had a reliability of only 0.7,")


def test_less_reliable_experts_make_every_judge_better_and_never_worse() -> None:
    table = attenuation_table(snapshot_pairs(SETTINGS), SETTINGS)
    order = ["supported", "human-checks", "undecided", "not-supported"]
    for _, rows in table.groupby(["judge", "attribute"], observed=True):
        for form in FORMS:
            for end in ("", "_low", "_high"):
                assert rows[f"assumed_{form}{end}"].is_monotonic_decreasing
        assert [order.index(each) for each in rows["would_be"]] == sorted(
            order.index(each) for each in rows["would_be"]
        )


def test_the_criterion_follows_the_thresholds_that_are_asked_for() -> None:
    frame = snapshot_pairs(SETTINGS)
    for bounds in ((0.75, 0.5), (0.6, 0.3)):
        settings = Settings.of(STUDY, resamples=100, icc_supported=bounds[0], icc_checked=bounds[1])
        table = attenuation_table(frame, settings)
        low, high = table["assumed_a1_low"], table["assumed_a1_high"]
        expected = np.select(
            [low >= bounds[0], low >= bounds[1], high < bounds[1]],
            ["supported", "human-checks", "not-supported"],
            "undecided",
        )
        assert table["would_be"].tolist() == expected.tolist()
    assert set(expected) == {"supported", "human-checks", "undecided", "not-supported"}


def test_a_judge_that_says_one_thing_has_no_correlation_and_no_agreement() -> None:
    random = np.random.default_rng(9)
    rows = of(random.integers(1, 6, (4, 40)), np.full((4, 40), 5))
    assert rows["assumed_pearson"].isna().all()
    assert rows["contradicted"].isna().all()
    assert (rows["assumed_c1"] == 0).all()
    assert (rows["would_be"] == "not-supported").all()


def test_nothing_follows_from_nothing() -> None:
    empty = pairs(STUDY, snapshot().counts.iloc[:0], SETTINGS, Selection.of(STUDY))
    table = attenuation_table(empty, SETTINGS)
    assert len(table) == 28 * len(RELIABILITIES)
    assert table.filter(regex="^assumed_[pca]").isna().all(axis=None)
    assert table["would_be"].isna().all()
    assert attenuation_finding(STUDY, table, "o4-mini").startswith("Nothing can be said of o4-mini")
    flat = of(np.full((2, 30), 4), np.full((2, 30), 4))
    assert flat.filter(regex="^assumed_").isna().all(axis=None)


def test_replies_to_one_conversation_have_figures_and_no_intervals() -> None:
    frame = grid(np.arange(1, 6)[:, None], np.array([2, 2, 3, 5, 5])[:, None])
    row = attenuation_table(frame, SETTINGS).query("attribute == 'Safety'").iloc[-1]
    assert not np.isnan(row["assumed_a1"])
    assert row.filter(regex="_(low|high)$").isna().all()


def test_the_chart_draws_intervals_and_both_thresholds() -> None:
    rows = attenuation_table(snapshot_pairs(SETTINGS), SETTINGS).query("judge == 'gpt-4o'")
    spec = assumed_agreement(STUDY, rows, 0.8, 0.4).to_dict()
    bounds = [layer for layer in spec["layer"] if "datum" in layer["encoding"]["x"]]
    assert [layer["encoding"]["x"]["datum"] for layer in bounds] == [0.4, 0.8, 0.4, 0.8]
    said = [layer["encoding"].get("text", {}).get("value") for layer in bounds]
    assert said == [None, None, "with checks", "supported"]
    bars = next(layer for layer in spec["layer"] if layer["encoding"]["x"].get("field") == "assumed_a1_low")
    assert "x2" in bars["encoding"]
    points = next(layer for layer in spec["layer"] if "shape" in layer["encoding"])
    assert points["encoding"]["shape"]["scale"]["domain"] == [
        *(f"reliability {each}" for each in (0.6, 0.7, 0.8, 0.9)),
        "reliability 1, as it is",
    ]
