"""Corrections are those of scikit-learn, learned and tried in a plain loop over single replies."""

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression

from analysis.agreement.icc import icc_table
from analysis.bias.calibration import COLUMNS, FOLDS, METHODS, STATISTICS, correction_table, learned
from analysis.bias.inflation import inflation_table
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from analysis.wording import text
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import grid

SETTINGS = Settings.of(STUDY, "recommended", resamples=60)
POINTS = list(STATISTICS)
ENDS = list(COLUMNS[6:])
CELLS = [("gpt-4o", "Safety"), ("claude-3.7-sonnet", "Guidance"), ("o4-mini", "Relevance")]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY))


@pytest.fixture(scope="module")
def table(frame: pd.DataFrame) -> pd.DataFrame:
    return correction_table(frame, SETTINGS)


def one_row_each(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame.index.repeat(frame["n"])].reset_index(drop=True)


def invented(seed: int, clusters: int = 15, size: int = 6) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    human = random.integers(1, 6, (size, clusters)).astype(float)
    rating = np.clip(np.rint(0.5 * human + 2.4 + random.normal(0, 0.8, human.shape)), 1, 5)
    return grid(human, rating)


def fold_of(clusters: np.ndarray, seed: int) -> dict[int, int]:
    """Deal clusters into folds as the product says it does."""
    dealt = np.random.default_rng(seed).permutation(len(clusters)) % FOLDS
    return dict(zip(clusters.tolist(), dealt.tolist(), strict=True))


def conditional_means(judge: np.ndarray, human: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    means = pd.Series(human).groupby(judge).mean()
    return np.interp(wanted, means.index.to_numpy(), means.to_numpy())


def corrected(cell: pd.DataFrame, folds: dict[int, int]) -> dict[str, np.ndarray]:
    """Corrected ratings of single replies, each by what was learned without its fold."""
    human, judge = cell["human"].to_numpy(), cell["rating"].to_numpy()
    fold = cell["cluster"].map(folds).to_numpy()
    values = {name: np.full(len(cell), np.nan) for name in METHODS}
    values["none"] = judge
    for place in range(FOLDS):
        seen, held = fold != place, fold == place
        if not held.any():
            continue
        x, y, new = judge[seen], human[seen], judge[held]
        values["offset"][held] = new - (x - y).mean()
        values["linear"][held] = LinearRegression().fit(x[:, None], y).predict(new[:, None])
        values["isotonic"][held] = IsotonicRegression(out_of_bounds="clip").fit(x, y).predict(new)
        values["ordinal"][held] = conditional_means(x, y, new)
    return values


def agreement(human: np.ndarray, judge: np.ndarray) -> float:
    """ICC(A,1) of single replies from the mean squares of a two-way table."""
    ratings, n = np.stack([human, judge], axis=1), len(human)
    targets = 2 * ratings.mean(1).var(ddof=1)
    raters = n * ratings.mean(0).var(ddof=1)
    rest = ratings - ratings.mean(1, keepdims=True) - ratings.mean(0) + ratings.mean()
    error = (rest**2).sum() / (n - 1)
    return float((targets - error) / (targets + error + 2 * (raters - error) / n))


def statistics(human: np.ndarray, judge: np.ndarray) -> list[float]:
    return [float((judge - human).mean()), float(((judge - human) ** 2).mean()), agreement(human, judge)]


@pytest.mark.parametrize(("judge", "attribute"), CELLS)
def test_points_equal_scikit_learn_in_a_plain_cross_fitting_loop(
    frame: pd.DataFrame, table: pd.DataFrame, judge: str, attribute: str
) -> None:
    cell = one_row_each(frame[(frame["judge"] == judge) & (frame["attribute"] == attribute)])
    values = corrected(cell, fold_of(np.unique(frame["cluster"]), SETTINGS.seed))
    ours = table[(table["judge"] == judge) & (table["attribute"] == attribute)].set_index("method")
    for method in METHODS:
        expected = statistics(cell["human"].to_numpy(), values[method])
        assert_allclose(ours.loc[method, POINTS].astype(float), expected, rtol=0, atol=1e-9, err_msg=method)


def test_intervals_equal_a_plain_loop_with_the_learned_maps_held_fixed() -> None:
    made, resamples, seed = invented(seed=4), 40, 11
    ours = correction_table(made, Settings.of(STUDY, "recommended", resamples=resamples, seed=seed)).set_index("method")
    clusters = np.unique(made["cluster"])
    values = corrected(made, fold_of(clusters, seed))
    random = np.random.default_rng(seed)
    drawn = clusters[random.integers(len(clusters), size=(resamples, len(clusters)))]
    rows_of = {cluster: np.flatnonzero(made["cluster"] == cluster) for cluster in clusters}
    human = made["human"].to_numpy()
    for method in METHODS:
        found = []
        for picked in drawn:
            rows = np.concatenate([rows_of[cluster] for cluster in picked])
            found.append(statistics(human[rows], values[method][rows]))
        low, high = np.quantile(found, [0.025, 0.975], axis=0)
        assert_allclose(ours.loc[method, [f"{name}_low" for name in POINTS]].astype(float), low, atol=1e-9)
        assert_allclose(ours.loc[method, [f"{name}_high" for name in POINTS]].astype(float), high, atol=1e-9)


def test_uncorrected_figures_are_those_of_the_other_tables_at_response_level_whatever_the_level(
    frame: pd.DataFrame, table: pd.DataFrame
) -> None:
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["judge"], table["attribute"], table["method"], strict=True)) == [
        (judge, attribute, method)
        for judge in STUDY.judge_keys
        for attribute in STUDY.attribute_names
        for method in METHODS
    ]
    none = table[table["method"] == "none"]
    assert_allclose(none[["bias", "mse"]], inflation_table(frame)[["bias", "mse"]], rtol=1e-12)
    response = Settings.of(STUDY, "recommended", "response", resamples=60)
    icc = icc_table(frame, response)
    assert_allclose(none[["icc_a1", "icc_a1_low", "icc_a1_high"]], icc[["icc_a1", "icc_a1_low", "icc_a1_high"]])
    assert_frame_equal(correction_table(frame, response), table)


@pytest.mark.slow
def test_from_release_and_snapshot_uncorrected_points_are_equal_and_corrected_ones_near(released: Ratings) -> None:
    ours, theirs = (
        correction_table(pairs(STUDY, counts, SETTINGS, Selection.of(STUDY)), SETTINGS)
        for counts in (count_pairs(released), load_snapshot().counts)
    )
    none = ours["method"] == "none"
    assert_allclose(ours.loc[none, POINTS], theirs.loc[none, POINTS], rtol=1e-12)
    assert_allclose(ours[POINTS], theirs[POINTS], rtol=0, atol=0.01)


def test_on_the_release_taking_off_the_bias_agrees_best_and_other_corrections_err_less(released: Ratings) -> None:
    table = correction_table(pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY)), SETTINGS)
    wide = table.pivot_table(index=["judge", "attribute"], columns="method", values=POINTS)
    assert (wide["icc_a1"].idxmax(axis=1) == "offset").all()
    assert wide["mse"].idxmin(axis=1).isin(["linear", "isotonic", "ordinal"]).all()
    assert (wide["icc_a1"]["linear"] < wide["icc_a1"]["none"]).sum() == 21


def test_what_the_page_says_of_other_stretches_of_the_file_is_so(released: Ratings) -> None:
    frame = pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY))
    by_lot = np.random.default_rng(SETTINGS.seed).permutation(1000) % FOLDS
    left = {}
    for name, fold in (("stretches", np.arange(1000) // 200), ("lot", by_lot)):
        placed = frame.assign(fold=fold[frame["cluster"]], difference=frame["rating"] - frame["human"])
        groups = placed.groupby(["judge", "attribute", "fold"], observed=True)["difference"]
        sums, sizes = groups.sum(), groups.size()
        rest, rest_size = (each.groupby(level=[0, 1], observed=True).transform("sum") - each for each in (sums, sizes))
        left[name] = (sums / sizes - rest / rest_size).abs().mean()
    assert {name: round(value, 2) for name, value in left.items()} == {"stretches": 0.26, "lot": 0.03}
    words = " ".join(text("correction", "limits").split())
    assert "a bias of 0.26 of a point" in words
    assert "With random fifths it is 0.03 of a point" in words


@pytest.mark.slow
def test_what_the_page_says_of_the_order_of_models_is_so(released: Ratings) -> None:
    frame = pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY))
    values, turned, compared = np.arange(1.0, 6.0), [], 0
    for _, cell in frame.groupby(["judge", "attribute"], observed=True):
        by_rating = cell.groupby("rating")["human"]
        maps = learned(by_rating.size().to_numpy(dtype=float), by_rating.sum().to_numpy(), values)
        ratings = cell["rating"].to_numpy().astype(int) - 1
        means = np.array(
            [pd.Series(each[ratings]).groupby(cell["model"].astype(str).to_numpy()).mean() for each in maps]
        )
        gaps = (means[:, :, None] - means[:, None, :])[:, *np.triu_indices(means.shape[1], 1)]
        compared += gaps.shape[1]
        turned.append(
            [
                (method, abs(gaps[0][at]))
                for method in range(1, 5)
                for at in np.flatnonzero(gaps[0] * gaps[method] < -1e-12)
            ]
        )
    every = pd.DataFrame([each for cell in turned for each in cell], columns=["method", "gap"])
    assert every["method"].value_counts().to_dict() == {METHODS.index("ordinal"): 18, METHODS.index("isotonic"): 17}
    assert compared == 1008
    assert 0.14 < every["gap"].max() < 0.15
    words = " ".join(text("correction", "limits").split())
    assert "at most 18 of 1,008 pairs of models, none of them more than 0.15 of a point apart" in words


counted = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 9)), min_size=1, max_size=30)


@hypothesis.given(counted)
def test_where_it_was_learned_each_map_errs_no_more_than_the_simpler_one(given: list[tuple[int, int, int]]) -> None:
    """In training only; on other replies the more flexible map may err more."""
    human, judge, n = (np.array(each, dtype=float) for each in zip(*given, strict=True))
    values = np.arange(1.0, 6.0)
    times = np.array([n[judge == value].sum() for value in values])
    totals = np.array([(n * human)[judge == value].sum() for value in values])
    maps = learned(times, totals, values)
    error = [float((n * (each[judge.astype(int) - 1] - human) ** 2).sum() / n.sum()) for each in maps]
    none, offset, linear, isotonic, ordinal = error
    assert offset <= none + 1e-9
    assert linear <= offset + 1e-9
    assert ordinal <= isotonic + 1e-9
    assert ordinal <= linear + 1e-9
    # A line that falls is no rising map; one that does not fall is one of them.
    if maps[2][-1] >= maps[2][0]:
        assert isotonic <= linear + 1e-9
    assert (np.diff(maps[3]) >= -1e-12).all()


def test_a_rating_not_seen_in_training_lies_between_its_neighbours() -> None:
    values = np.arange(1.0, 6.0)
    maps = learned(np.array([0.0, 4, 0, 2, 0]), np.array([0.0, 8, 0, 9, 0]), values)
    for each in maps[3:]:
        assert_allclose(each, [2, 2, 3.25, 4.5, 4.5])


def test_where_means_fall_the_rising_map_levels_them() -> None:
    values = np.arange(1.0, 4.0)
    maps = learned(np.array([1.0, 3, 1]), np.array([1.0, 12, 2]), values)
    assert_allclose(maps[4], [1, 4, 2])
    assert_allclose(maps[3], [1, 3.5, 3.5])


def test_a_judge_that_always_gives_one_rating_is_mapped_to_the_experts_mean() -> None:
    made = invented(seed=6).assign(rating=1.7)
    rows = correction_table(made, SETTINGS).set_index("method")
    assert_allclose(rows.loc["linear", POINTS[:2]], rows.loc["ordinal", POINTS[:2]].astype(float), atol=1e-9)
    assert abs(rows.loc["linear", "bias"]) < 0.05


def test_identical_raters_need_no_correction() -> None:
    made = invented(seed=7)
    rows = correction_table(made.assign(rating=made["human"]), SETTINGS)
    assert_allclose(rows["bias"], 0, atol=1e-12)
    assert_allclose(rows["mse"], 0, atol=1e-12)
    assert_allclose(rows["icc_a1"], 1, atol=1e-12)


def test_a_constant_added_is_taken_off_by_every_correction() -> None:
    made = invented(seed=8)
    before, after = (
        correction_table(each, SETTINGS).set_index("method") for each in (made, made.assign(rating=made["rating"] + 1))
    )
    assert after.loc["none", "bias"] == pytest.approx(before.loc["none", "bias"] + 1)
    learned_ones = list(METHODS[1:])
    assert_allclose(after.loc[learned_ones, [*POINTS, *ENDS]], before.loc[learned_ones, [*POINTS, *ENDS]], atol=1e-9)


@hypothesis.given(st.integers(0, 10_000))
def test_order_of_rows_moves_nothing_and_counts_are_repeated_rows(seed: int) -> None:
    settings = Settings.of(STUDY, "recommended", resamples=20, seed=seed)
    made = invented(seed)
    expected = correction_table(made, settings)
    shuffled = made.sample(frac=1, random_state=seed)
    assert_frame_equal(correction_table(shuffled, settings), expected, rtol=0, atol=1e-12)
    twice = correction_table(pd.concat([made, made]), settings)
    assert_frame_equal(correction_table(made.assign(n=2), settings), twice, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("clusters", "defined"), [(4, False), (5, True)])
def test_fewer_clusters_than_folds_leave_everything_undefined(clusters: int, defined: bool) -> None:
    rows = correction_table(invented(seed=9, clusters=clusters), SETTINGS)
    assert len(rows) == len(METHODS)
    assert rows[POINTS].notna().all(axis=None) == defined
    assert rows[[*POINTS, *ENDS]].isna().all(axis=None) != defined


def test_without_pairs_everything_is_undefined() -> None:
    rows = correction_table(pairs(STUDY, load_snapshot().counts.iloc[:0], SETTINGS, Selection.of(STUDY)), SETTINGS)
    assert len(rows) == len(STUDY.judge_keys) * len(STUDY.attribute_names) * len(METHODS)
    assert rows[[*POINTS, *ENDS]].isna().all(axis=None)


def test_all_clusters_of_a_cell_in_one_fold_teach_nothing() -> None:
    made = invented(seed=10, clusters=40)
    folds = fold_of(np.arange(40), SETTINGS.seed)
    alone = made[made["cluster"].map(folds) == 0]
    assert alone["cluster"].nunique() > FOLDS
    kinds = pd.CategoricalDtype(["Safety", "Empathy"])
    both = pd.concat(
        [
            each.assign(attribute=pd.Categorical([name] * len(each), dtype=kinds))
            for name, each in (("Safety", alone), ("Empathy", made))
        ]
    )
    rows = correction_table(both, SETTINGS).set_index(["attribute", "method"])
    assert rows.loc["Empathy", POINTS].notna().all(axis=None)
    assert rows.loc["Safety", POINTS].drop("none").isna().all(axis=None)
    assert rows.loc[("Safety", "none"), POINTS].notna().all()


@pytest.mark.slow
def test_computing_changes_no_input(frame: pd.DataFrame) -> None:
    before = frame.copy()
    correction_table(frame, SETTINGS)
    assert_frame_equal(frame, before)
