"""Limits, margins and parts of the error are those of statsmodels, of R, and of plain loops over single replies."""

from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from analysis.bias.bland_altman import BOOTSTRAPPED, COLUMNS, agreement_limits, difference_density
from analysis.bias.equivalence import two_one_sided_tests
from analysis.bias.inflation import inflation_table
from analysis.bias.neighbours import bias_by_neighbours
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import grid, selected

R = Path(__file__).parent / "r"
SETTINGS = Settings.of(STUDY, "recommended", resamples=60)
PARTS = ["mse_bias", "mse_scale", "mse_unexplained"]
CELL = "judge == 'o4-mini' and attribute == 'Safety'"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY))


@pytest.fixture(scope="module")
def table(frame: pd.DataFrame) -> pd.DataFrame:
    return agreement_limits(frame, SETTINGS)


@pytest.fixture(scope="module")
def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The same pairs, one row each."""
    single = frame.loc[frame.index.repeat(frame["n"])].reset_index(drop=True)
    return single.assign(difference=single["rating"] - single["human"], mean=(single["rating"] + single["human"]) / 2)


def one_cell(human: list[float], rating: list[float], cluster: list[int]) -> pd.DataFrame:
    """Pairs of one judge and attribute."""
    return grid(np.array([human]), np.array([rating])).assign(cluster=cluster)


def invented(seed: int, clusters: int = 12) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), random.integers(1, 7, clusters))
    human = random.integers(1, 6, len(cluster)).astype(float)
    rating = np.clip(np.rint(human * 0.6 + 1.8 + random.normal(0, 0.7, len(cluster))), 1, 5)
    return one_cell(list(human), list(rating), list(cluster))


def plain(rows: pd.DataFrame) -> np.ndarray:
    """Give ``BOOTSTRAPPED`` of single replies, step by step."""
    human, judge = rows["human"].to_numpy(), rows["rating"].to_numpy()
    difference, mean = judge - human, (judge + human) / 2
    slope = np.polyfit(mean, difference, 1)[0]
    groups = [difference[rows["cluster"] == each] for each in pd.unique(rows["cluster"])]
    sizes = np.array([len(group) for group in groups])
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (len(difference) - len(groups))
    between = sum(len(group) * (group.mean() - difference.mean()) ** 2 for group in groups) / (len(groups) - 1)
    size = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(groups) - 1)
    reach = 1.96 * np.sqrt(within + max(0, (between - within) / size))
    correlation = np.corrcoef(human, judge)[0, 1]
    return np.array(
        [
            slope,
            difference.mean() - reach,
            difference.mean() + reach,
            difference.mean() ** 2,
            (judge.std() - human.std()) ** 2,
            2 * judge.std() * human.std() * (1 - correlation),
        ]
    )


@pytest.mark.slow
def test_points_equal_a_plain_computation_on_single_replies(table: pd.DataFrame, rows: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["judge"], table["attribute"], strict=True)) == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]
    expected = np.stack([plain(cell) for _, cell in rows.groupby(["judge", "attribute"], observed=True)])
    assert_allclose(table[list(BOOTSTRAPPED)], expected, rtol=1e-9, atol=1e-12)
    assert_allclose(table["mse"], inflation_table(rows.assign(n=1))["mse"], rtol=1e-12)


def test_bias_and_its_tests_equal_statsmodels(table: pd.DataFrame, rows: pd.DataFrame) -> None:
    for place, (_, cell) in enumerate(rows.groupby(["judge", "attribute"], observed=True)):
        ours = table.iloc[place]
        values = cell["difference"].to_numpy()
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": cell["cluster"].to_numpy()}, use_t=True
        )
        assert_allclose(ours[["bias_low", "bias_high"]].astype(float), fit.conf_int()[0], atol=1e-9)
        assert_allclose(
            ours[["equivalence_low", "equivalence_high"]].astype(float), fit.conf_int(alpha=0.1)[0], atol=1e-9
        )
        # statsmodels gives two-sided p; each test is one-sided.
        above, below = fit.t_test(([[1.0]], -0.25)), fit.t_test(([[1.0]], 0.25))
        sides = [
            float(test.pvalue) / 2 if sign * float(np.squeeze(test.tvalue)) > 0 else 1 - float(test.pvalue) / 2
            for sign, test in ((1, above), (-1, below))
        ]
        assert ours["p_equivalence"] == pytest.approx(max(sides), abs=1e-9)
        assert ours["equivalent"] == ("yes" if max(sides) < 0.05 else "no")


def test_slope_equals_the_regression_of_statsmodels(table: pd.DataFrame, rows: pd.DataFrame) -> None:
    cell = rows.query(CELL)
    fit = sm.OLS(cell["difference"].to_numpy(), sm.add_constant(cell["mean"].to_numpy())).fit()
    assert table.query(CELL)["slope"].item() == pytest.approx(fit.params[1], rel=1e-9)


@pytest.mark.parametrize("name", ["balanced", "few", "unequal"])
def test_limits_equal_r(name: str) -> None:
    given = pd.read_csv(R / "differences.csv").query("table == @name")
    differences = given["difference"].to_numpy()
    made = one_cell([5.0] * len(given), list(5.0 + differences), given["cluster"].tolist())
    ours = agreement_limits(made, SETTINGS).iloc[0]
    answers = pd.read_csv(R / "limits.csv").query("table == @name").set_index("method")
    for method, tolerance in (("aov", 1e-10), ("lme4", 1e-6)):
        if method in answers.index:
            found = answers.loc[method, ["lower", "upper"]].astype(float)
            assert_allclose(ours[["limit_lower", "limit_upper"]].astype(float), found, atol=tolerance)
    assert ("lme4" in answers.index) == (name != "unequal")


@pytest.mark.slow
def test_intervals_equal_a_plain_loop_over_resamples() -> None:
    made, resamples = invented(seed=3), 40
    ours = agreement_limits(made, Settings.of(STUDY, "recommended", resamples=resamples, seed=7)).iloc[0]
    groups = [rows for _, rows in made.groupby("cluster")]
    random = np.random.default_rng(7)
    drawn = random.integers(len(groups), size=(resamples, len(groups)))
    values = np.array(
        [
            plain(pd.concat([groups[at].assign(cluster=place) for place, at in enumerate(picked)]))
            for picked in drawn.tolist()
        ]
    )
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    assert_allclose(ours[[f"{name}_low" for name in BOOTSTRAPPED]].astype(float), low, rtol=1e-9, atol=1e-12)
    assert_allclose(ours[[f"{name}_high" for name in BOOTSTRAPPED]].astype(float), high, rtol=1e-9, atol=1e-12)


def test_from_release_and_snapshot_points_are_equal_and_limits_near(released: Ratings) -> None:
    ours, theirs = (
        agreement_limits(pairs(STUDY, counts, SETTINGS, Selection.of(STUDY)), SETTINGS)
        for counts in (count_pairs(released), load_snapshot().counts)
    )
    same = ["n_pairs", "bias", "slope", "mse", *PARTS]
    assert_allclose(ours[same], theirs[same], rtol=1e-12, atol=1e-15)
    limits = ["limit_lower", "limit_upper"]
    assert_allclose(ours[limits], theirs[limits], rtol=0, atol=0.01)
    assert not np.allclose(ours[limits], theirs[limits], rtol=0, atol=1e-9)


ratings = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 4)), min_size=2, max_size=40)


@hypothesis.given(ratings)
def test_parts_add_up_and_none_is_negative(given: list[tuple[int, int, int]]) -> None:
    human, judge, cluster = (list(each) for each in zip(*given, strict=True))
    row = agreement_limits(one_cell(human, judge, cluster), Settings.of(STUDY, "recommended", resamples=5)).iloc[0]
    assert row[PARTS].sum() == pytest.approx(row["mse"], abs=1e-12)
    assert (row[PARTS] >= 0).all()
    assert row["mse"] == pytest.approx(np.mean((np.array(judge) - human) ** 2), abs=1e-12)


@hypothesis.given(ratings, st.randoms(use_true_random=False))
def test_order_of_rows_moves_nothing_and_counts_are_repeated_rows(
    given: list[tuple[int, int, int]], lot: object
) -> None:
    settings = Settings.of(STUDY, "recommended", resamples=20)
    made = one_cell(*(list(each) for each in zip(*given, strict=True)))
    expected = agreement_limits(made, settings)
    shuffled = made.sample(frac=1, random_state=lot.randrange(1000))
    assert_frame_equal(agreement_limits(shuffled, settings), expected, rtol=0, atol=1e-12)
    twice = pd.concat([made, made])
    assert_frame_equal(
        agreement_limits(made.assign(n=2), settings), agreement_limits(twice, settings), rtol=0, atol=1e-12
    )


def test_a_constant_added_moves_bias_and_limits_and_no_spread() -> None:
    made = invented(seed=1)
    before, after = (
        agreement_limits(each, SETTINGS).iloc[0] for each in (made, made.assign(rating=made["rating"] + 2))
    )
    moved = ["bias", "bias_low", "bias_high", "limit_lower", "limit_upper", "limit_lower_low", "limit_upper_high"]
    assert_allclose(after[moved].astype(float), before[moved].astype(float) + 2, atol=1e-9)
    same = ["slope", "slope_low", "mse_scale", "mse_unexplained", "mse_unexplained_high"]
    assert_allclose(after[same].astype(float), before[same].astype(float), atol=1e-9)


def test_identical_raters_have_no_error_and_are_equivalent() -> None:
    made = invented(seed=2)
    row = agreement_limits(made.assign(rating=made["human"]), SETTINGS).iloc[0]
    for name in ("bias", "slope", "limit_lower", "limit_upper_high", "mse", *PARTS, "p_equivalence"):
        assert row[name] == 0, name
    assert row["equivalent"] == "yes"


@pytest.mark.parametrize(("spread", "sign"), [(0.5, -1), (2.0, 1)])
def test_slope_has_the_sign_of_the_difference_in_spread(spread: float, sign: int) -> None:
    human = np.array([2.0, 3, 4, 2, 3, 4])
    row = agreement_limits(one_cell(list(human), list(3 + spread * (human - 3)), [0, 0, 0, 1, 1, 1]), SETTINGS).iloc[0]
    assert np.sign(row["slope"]) == sign
    assert row["bias"] == 0


def test_replies_each_in_a_conversation_of_their_own_have_plain_limits() -> None:
    human, judge = [1.0, 3, 4, 5], [2.0, 3, 5, 3]
    row = agreement_limits(one_cell(human, judge, [0, 1, 2, 3]), SETTINGS).iloc[0]
    difference = np.subtract(judge, human)
    assert row["limit_upper"] == pytest.approx(difference.mean() + 1.96 * difference.std(ddof=1))


def test_a_single_cluster_has_points_and_neither_intervals_nor_limits() -> None:
    row = agreement_limits(one_cell([1, 3, 4], [2, 3, 5], [4, 4, 4]), SETTINGS).iloc[0]
    assert row[["bias", "slope", "mse", *PARTS]].notna().all()
    assert row[[*COLUMNS[7:11], "limit_lower", "limit_upper", "bias_low", "slope_low", "mse_bias_high"]].isna().all()


def test_without_pairs_everything_is_undefined() -> None:
    table = agreement_limits(pairs(STUDY, load_snapshot().counts.iloc[:0], SETTINGS, Selection.of(STUDY)), SETTINGS)
    assert len(table) == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert table["n_pairs"].eq(0).all()
    assert table["margin"].eq(0.25).all()
    assert table.drop(columns=["judge", "attribute", "n_pairs", "margin"]).isna().all(axis=None)


def test_the_slope_is_undefined_where_the_mean_of_both_never_varies() -> None:
    row = agreement_limits(one_cell([1, 5, 2, 3], [5, 1, 4, 3], [0, 0, 1, 1]), SETTINGS).iloc[0]
    assert row[["slope", "slope_low", "slope_high"]].isna().all()
    assert row["mse_unexplained"] == pytest.approx(row["mse"] - row["bias"] ** 2)


@pytest.mark.slow
def test_computing_changes_no_input(frame: pd.DataFrame) -> None:
    before = frame.copy()
    agreement_limits(frame, SETTINGS)
    difference_density(frame)
    bias_by_neighbours(frame)
    assert_frame_equal(frame, before)


# Equivalence


@pytest.mark.parametrize(
    ("bias", "error", "p", "verdict"), [(0.1, 0.0, 0, "yes"), (0.25, 0.0, 1, "no"), (-0.3, 0.0, 1, "no")]
)
def test_without_scatter_the_bias_decides(bias: float, error: float, p: float, verdict: str) -> None:
    tests = two_one_sided_tests(np.array(bias), np.array(error), np.array(9), 0.25)
    assert (tests.p, tests.verdict) == (p, verdict)


@hypothesis.given(st.floats(-1, 1), st.floats(0.001, 1), st.integers(2, 50), st.floats(0.05, 1))
def test_the_verdict_is_that_of_the_interval(bias: float, error: float, clusters: int, margin: float) -> None:
    tests = two_one_sided_tests(np.array(bias), np.array(error), np.array(clusters), margin)
    nearest = min(tests.interval.low + margin, margin - tests.interval.high)
    hypothesis.assume(abs(nearest) > 1e-9)
    assert tests.verdict == ("yes" if nearest > 0 else "no")


def test_the_margin_is_that_of_the_settings(frame: pd.DataFrame) -> None:
    wide = agreement_limits(frame, Settings.of(STUDY, "recommended", resamples=5, margin=4.0))
    narrow = agreement_limits(frame, Settings.of(STUDY, "recommended", resamples=5, margin=0.01))
    assert wide["equivalent"].eq("yes").all()
    assert narrow["equivalent"].eq("no").all()
    assert set(wide["margin"]) == {4.0}


# Density and neighbours


def test_density_counts_every_pair_once(frame: pd.DataFrame, rows: pd.DataFrame) -> None:
    density = difference_density(frame)
    assert list(density.columns) == ["judge", "attribute", "mean", "difference", "n", "share"]
    assert_allclose(density.groupby(["judge", "attribute"])["share"].sum(), 1)
    expected = rows.query(CELL).groupby(["mean", "difference"]).size()
    ours = density.query(CELL).set_index(["mean", "difference"])["n"]
    assert ours.to_dict() == expected.to_dict()


def test_neighbours_are_clusters_of_twenty_conversations_in_the_order_of_the_file(released: Ratings) -> None:
    frame = pairs(STUDY, count_pairs(released), SETTINGS, selected(("o4-mini",), attributes=("Safety",)))
    row = bias_by_neighbours(frame).iloc[0]
    for names, clusters in (
        (["bias_low", "bias_high"], frame["cluster"]),
        (["neighbours_low", "neighbours_high"], frame["cluster"].astype(int) // 20),
    ):
        values = (frame["rating"] - frame["human"]).to_numpy()
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": clusters.to_numpy()}, use_t=True
        )
        assert_allclose(row[names].astype(float), fit.conf_int()[0], atol=1e-9)
    assert row["ratio"] == pytest.approx(
        (row["neighbours_high"] - row["neighbours_low"]) / (row["bias_high"] - row["bias_low"])
    )


def test_neighbours_widen_every_interval_of_the_release(released: Ratings) -> None:
    table = bias_by_neighbours(pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY)))
    assert table["ratio"].between(1.7, 4.1).all()
    assert_allclose(
        table["bias"], inflation_table(pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY)))["bias"]
    )


def test_a_few_blocks_of_neighbours_have_no_interval() -> None:
    row = bias_by_neighbours(invented(seed=1)).iloc[0]
    assert row[["bias", "bias_low"]].notna().all()
    assert row[["neighbours_low", "neighbours_high", "ratio"]].isna().all()
