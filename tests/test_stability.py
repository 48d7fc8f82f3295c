"""How robust readings are: probabilities against plain loops, and figures that are known from the release."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.agreement import stability
from analysis.agreement.bands import band, band_places, paper_tier, tier_places
from analysis.agreement.icc import icc_table
from analysis.agreement.levels import levels_table
from analysis.agreement.stability import BANDS, COLUMNS, TIERS, stability_table
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY
from tests.snapshot import PAPER, snapshot_pairs, table
from tests.spec import grid


def test_probabilities_of_each_scale_add_up_to_one() -> None:
    assert_allclose(table("stability")[list(BANDS)].sum(axis=1), 1, atol=1e-12)
    assert_allclose(table("stability")[list(TIERS)].sum(axis=1), 1, atol=1e-12)
    assert list(table("stability").columns) == list(COLUMNS)
    assert len(table("stability")) == 28


def test_between_two_seeds_about_five_of_the_papers_tiers_change() -> None:
    """The figure that the design names; measured over other draws than the product's, too."""
    settings = [Settings.of(STUDY, "paper", seed=seed) for seed in range(1, 13)]
    frame = snapshot_pairs(PAPER)
    readings = [tuple(icc_table(frame, each)["reading"]) for each in settings]
    pairs_of_seeds = [(a, b) for at, a in enumerate(readings) for b in readings[:at]]
    changed = np.mean([sum(x != y for x, y in zip(a, b, strict=True)) for a, b in pairs_of_seeds])
    assert changed == pytest.approx(table("stability")["seed_flip_rate"].sum(), abs=1.5)
    assert 3.5 < table("stability")["seed_flip_rate"].sum() < 6.5


def test_a_tier_that_never_changes_has_the_most_likely_tier_on_screen() -> None:
    """A cell far from every cut-off: the same reading whatever the seed."""
    steady = table("stability")[table("stability")["seed_flip_rate"] == 0]
    first, second = (
        icc_table(snapshot_pairs(PAPER), Settings.of(STUDY, "paper", seed=seed)).loc[steady.index, "reading"]
        for seed in (101, 202)
    )
    assert (first == second).mean() > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("interval", ["bootstrap-models", "bootstrap-conversations", "bootstrap-both"])
def test_bands_are_shares_of_the_resamples_behind_the_interval(interval: str) -> None:
    """Percentiles and shares describe the same resamples: at most 2.5% of them lie below the interval's lower end."""
    settings = Settings.of(STUDY, "recommended", interval=interval, resamples=400)
    frame = snapshot_pairs(settings)
    table, icc = stability_table(frame, settings), icc_table(frame, settings)
    for name, end in (("poor", 0.5), ("moderate", 0.75)):
        below = table["p_poor"] if name == "poor" else table["p_poor"] + table["p_moderate"]
        assert (below[icc["icc_c1_low"] > end] <= 0.026).all()
        assert (below[icc["icc_c1_high"] < end] >= 0.974).all()
        inside = (icc["icc_c1_low"] < end) & (icc["icc_c1_high"] > end)
        assert below[inside].between(0.024, 0.976).all()


@pytest.mark.slow
def test_tiers_of_resampled_studies_equal_a_plain_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw models, and from what was drawn draw again, 300 times; the shares agree within the simulation's error."""
    monkeypatch.setattr(stability, "PAPER_RESAMPLES", 300)
    monkeypatch.setattr(stability, "STUDIES", 400)
    rng = np.random.default_rng(5)
    human = rng.normal(4, 0.6, 6)
    judge = human + rng.normal(0.3, 0.35, 6)
    row = stability_table(grid(human[:, None], judge[:, None]), PAPER).iloc[0]
    found = {"GR": 0, "MR": 0, "PR": 0}
    for _ in range(400):
        study = rng.integers(6, size=6)
        values = [c1_of(human[draw], judge[draw]) for draw in study[rng.integers(6, size=(300, 6))]]
        used = [value for value in values if np.isfinite(value)]
        if used:
            found[paper_tier(*np.percentile(used, [2.5, 97.5]))] += 1
    shares = np.array(list(found.values())) / sum(found.values())
    assert_allclose([row[name] for name in TIERS], shares, atol=0.09)
    assert shares.min() > 0


def c1_of(human: np.ndarray, judge: np.ndarray) -> float:
    between, error = np.var(human + judge, ddof=1) / 2, np.var(judge - human, ddof=1) / 2
    return (between - error) / (between + error) if between + error > 1e-12 else np.nan


def test_the_error_of_the_simulation_stands_beside_each_probability() -> None:
    for name in (*BANDS, *TIERS, "seed_flip_rate"):
        low, high = table("stability")[f"{name}_low"], table("stability")[f"{name}_high"]
        assert ((low <= table("stability")[name]) & (table("stability")[name] <= high)).all()
        assert (high > low).all()
    assert (table("stability")["p_gr_high"] - table("stability")["p_gr_low"]).max() < 0.22


def test_undefined_stays_undefined() -> None:
    two = stability_table(grid(np.array([[1.0], [3]]), np.array([[2.0], [5]])), PAPER).iloc[0]
    assert two[[*TIERS, *BANDS, "seed_flip_rate"]].isna().all()
    same = stability_table(grid(np.full((4, 1), 3.0), np.full((4, 1), 3.0)), PAPER).iloc[0]
    assert same[[*TIERS, *BANDS, "seed_flip_rate"]].isna().all()


def test_places_are_those_of_the_readings() -> None:
    values = np.array([-0.2, 0.4999, 0.5, 0.7499999999999, 0.75, 0.9, 1.0])
    assert [list(BANDS.values())[place] for place in band_places(values)] == [band(value) for value in values]
    ends = np.array([[0.0, 0.355], [0.1, 0.455], [0.331, 0.891], [0.0, 0.5601], [0.2, 0.9]])
    places = tier_places(ends[:, 0], ends[:, 1])
    assert [list(TIERS.values())[place] for place in places] == [paper_tier(*pair) for pair in ends]
    assert list(band_places(np.array([np.nan]))) == [-1]
    assert list(tier_places(np.array([np.nan]), np.array([1.0]))) == [-1]


@pytest.mark.parametrize("preset", ["paper", "recommended"])
@pytest.mark.parametrize("level", ["model", "response"])
def test_both_levels_stand_with_their_own_intervals(preset: str, level: str) -> None:
    frame = snapshot_pairs(Settings.of(STUDY, preset))
    table = levels_table(frame, Settings.of(STUDY, preset, level))
    for each in ("model", "response"):
        rows = table[table["level"] == each].reset_index(drop=True)
        expected = icc_table(frame, Settings.of(STUDY, preset, each))
        assert_allclose(rows["icc_a1"], expected["icc_a1"], atol=1e-12)
        assert_allclose(rows["icc_a1_low"], expected["icc_a1_low"], atol=1e-12)
