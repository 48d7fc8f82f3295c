"""ICC(C,1) and ICC(A,1) are those of pingouin, of R and of the textbook, and behave as such coefficients must."""

import itertools
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.agreement.anova import MeanSquares, coefficients, exact_f, squares_of_means, squares_of_replies
from analysis.agreement.icc import COLUMNS, icc_table
from analysis.bias.inflation import inflation_table
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from tests.spec import counts_of, example, grid, selected

R = Path(__file__).parent / "r"
FIGURES = ["icc_c1", "icc_c1_low", "icc_c1_high", "icc_a1", "icc_a1_low", "icc_a1_high"]
EXACT = Settings.of(STUDY, "paper", "response", interval="exact-f", exclude="none")
EVERY_INTERVAL = [
    Settings.of(STUDY, "paper", level, interval=interval, exclude="none", resamples=50)
    for level in ("model", "response")
    for interval in ("exact-f", "bootstrap-models", "bootstrap-conversations")
]


def figures(human: np.ndarray, judge: np.ndarray) -> list[float]:
    """Both coefficients of one table of targets with their exact-F intervals, in the order of ``FIGURES``."""
    squares = squares_of_means(human, judge, np.ones(len(human)))
    (c1, a1), (c1_interval, a1_interval) = coefficients(squares), exact_f(squares)
    return [float(value) for value in (c1, *c1_interval, a1, *a1_interval)]


def from_sums(human: np.ndarray, judge: np.ndarray) -> MeanSquares:
    """Mean squares of the same targets as single replies."""
    parts = (np.ones_like(human), human, judge, human**2, judge**2, human * judge)
    return squares_of_replies(np.array([part.sum() for part in parts]))


def two_way_anova(human: np.ndarray, judge: np.ndarray) -> tuple[float, float, float]:
    """Mean squares of targets, raters and error by their definition, from deviations of every single rating."""
    ratings = np.column_stack([human, judge])
    n, k = ratings.shape
    grand = ratings.mean()
    rows, columns = ratings.mean(axis=1, keepdims=True), ratings.mean(axis=0, keepdims=True)
    between = k * ((rows - grand) ** 2).sum() / (n - 1)
    raters = n * ((columns - grand) ** 2).sum() / (k - 1)
    error = ((ratings - rows - columns + grand) ** 2).sum() / ((n - 1) * (k - 1))
    return between, raters, error


def textbook(human: np.ndarray, judge: np.ndarray) -> tuple[float, float]:
    """ICC(C,1) and ICC(A,1) by McGraw & Wong's formulas for k = 2; NaN where nothing varies."""
    n, k = len(human), 2
    if n < 2:
        return np.nan, np.nan
    msr, msc, mse = two_way_anova(human, judge)
    if msr + mse < 1e-12:
        return np.nan, np.nan
    below = msr + (k - 1) * mse + k * (msc - mse) / n
    return (msr - mse) / (msr + (k - 1) * mse), (msr - mse) / below if abs(below) > 1e-12 else np.nan


def one_row(frame: pd.DataFrame, settings: Settings = EXACT) -> pd.Series:
    """Make the table of a frame with one judge and attribute, and take its only row."""
    table = icc_table(frame, settings)
    assert len(table) == 1
    return table.iloc[0]


# Against pingouin

SHAPES = {
    "three targets": (3, 0.6, 0.8, 0.3, 0.2),
    "nine targets": (9, 0.6, 0.8, 0.3, 0.2),
    "negative": (9, 0.5, -0.9, 0.2, 0.1),
    "no relation": (9, 0.5, 0.0, 0.5, 0.0),
    "large shift": (9, 0.4, 0.9, 0.1, 3.0),
    "large shift down": (30, 0.4, 0.9, 0.1, -3.0),
    "many targets": (300, 0.8, 0.7, 0.5, 0.4),
}


# pingouin 0.7 drops columns in place, which pandas 3.1 warns of.
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(8))
def test_equals_pingouin(shape: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)
    n, spread, relation, noise, shift = SHAPES[shape]
    random = np.random.default_rng(seed)
    human = 4 + spread * random.standard_normal(n)
    judge = 4 + relation * (human - 4) + noise * random.standard_normal(n) + shift
    long = pd.DataFrame({"target": [*range(n)] * 2, "rater": np.repeat(["h", "j"], n), "value": [*human, *judge]})
    theirs = pingouin.intraclass_corr(long, "target", "rater", "value").set_index("Type")
    expected = [[theirs.loc[kind, "ICC"], *theirs.loc[kind, "CI95"]] for kind in ("ICC(C,1)", "ICC(A,1)")]
    assert_allclose(figures(human, judge), np.ravel(expected), rtol=0, atol=1e-9)
    assert_allclose(coefficients(from_sums(human, judge)), np.array(expected)[:, 0], rtol=0, atol=1e-9)


# Against R


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    return pd.read_csv(R / "targets.csv")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return pd.read_csv(R / "icc.csv")


@pytest.mark.parametrize("method", ["psych", "formula"])
def test_equals_r(method: str, targets: pd.DataFrame, answers: pd.DataFrame) -> None:
    by_table = answers[answers["method"] == method].set_index("table")[FIGURES]
    assert len(by_table) == 9 + 28
    for name, rows in targets.groupby("table"):
        ours = figures(rows["human"].to_numpy(), rows["judge"].to_numpy())
        assert_allclose(ours, by_table.loc[name], rtol=0, atol=1e-6, err_msg=str(name))


def test_table_of_the_release_equals_r(answers: pd.DataFrame) -> None:
    """From the bundled counts to the last column, against psych on the 28 tables of model means."""
    settings = Settings.of(STUDY, "paper", interval="exact-f", repeated="kept")
    table = icc_table(pairs(STUDY, load_snapshot().counts, settings, Selection.of(STUDY)), settings)
    by_table = answers[answers["method"] == "psych"].set_index("table")[FIGURES]
    expected = by_table.loc[table["judge"] + " " + table["attribute"]]
    assert len(table) == 28
    assert_allclose(table[FIGURES], expected, rtol=0, atol=1e-6)


def test_r_still_gives_these_answers(tmp_path: Path, answers: pd.DataFrame) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed; tests/r/icc.csv stands for it")
    has_psych = [rscript, "-e", 'quit(status = !requireNamespace("psych", quietly = TRUE))']
    if subprocess.run(has_psych, check=False, capture_output=True).returncode:
        pytest.skip("R has no package psych; tests/r/icc.csv stands for it")
    again = tmp_path / "icc.csv"
    subprocess.run([rscript, R / "icc.R", R / "targets.csv", again], check=True, capture_output=True)
    fresh = pd.read_csv(again)
    assert fresh[["table", "method"]].equals(answers[["table", "method"]])
    assert_allclose(fresh[FIGURES], answers[FIGURES], rtol=0, atol=1e-9)


# Worked examples


@pytest.mark.parametrize(
    "title",
    ["Same order, one point higher", "The order turned around", "A judge that always gives five"],
)
def test_worked_example(title: str) -> None:
    counts, (expected,) = example(title)[0], example(title)[1].to_dict("records")
    frame = pairs(STUDY, counts, EXACT, selected(("gpt-4o",), STUDY.system_keys, ("Safety",)))
    row = {**one_row(frame), **inflation_table(frame).iloc[0]}
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, abs=5e-4, nan_ok=True), name


def test_worked_example_of_the_two_levels() -> None:
    counts, expected = example("Models and single replies")
    for row in expected.to_dict("records"):
        settings = Settings.of(STUDY, "paper", row["Level"], interval="exact-f")
        ours = one_row(pairs(STUDY, counts, settings, selected(("gpt-4o",), STUDY.system_keys, ("Safety",))), settings)
        assert ours["level"] == row["Level"]
        assert ours["n_targets"] == row["n_targets"]
        assert ours["n_pairs"] == 6
        assert ours[["icc_c1", "icc_a1"]].tolist() == pytest.approx([row["icc_c1"], row["icc_a1"]], abs=5e-4)


# Degenerate tables


def pairwise(human: np.ndarray, judge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leave out what only one of the two rated."""
    both = ~np.isnan(human) & ~np.isnan(judge)
    return human[both], judge[both]


def means(human: np.ndarray, judge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of every model that has pairs, by a plain loop."""
    by_model = [pairwise(*rows) for rows in zip(human, judge, strict=True)]
    kept = [(h.mean(), j.mean()) for h, j in by_model if len(h)]
    return np.array([h for h, _ in kept]), np.array([j for _, j in kept])


TARGETS_OF = {"response": pairwise, "model": means}


@pytest.mark.parametrize("settings", EVERY_INTERVAL, ids=lambda settings: f"{settings.level} {settings.interval}")
@pytest.mark.parametrize(("models", "conversations"), [(0, 0), (1, 1)])
def test_zero_and_one_target_have_no_coefficient(models: int, conversations: int, settings: Settings) -> None:
    ratings = np.full((models, conversations), 4.0)
    row = one_row(grid(ratings, ratings + 1), settings)
    assert row["n_targets"] == row["n_pairs"] == models
    assert row[[*FIGURES, "ci_width"]].isna().all()
    assert row["reading"] is row["reading_a1"] is None


@pytest.mark.parametrize("settings", EVERY_INTERVAL, ids=lambda settings: f"{settings.level} {settings.interval}")
@pytest.mark.parametrize("gap", [0, 1])
def test_no_variance_has_no_coefficient(gap: int, settings: Settings) -> None:
    ratings = np.full((4, 5), 4.0)
    row = one_row(grid(ratings, ratings + gap), settings)
    assert row["n_pairs"] == 20
    assert row[FIGURES].isna().all()
    assert row["reading"] is None


@pytest.mark.parametrize("settings", EVERY_INTERVAL, ids=lambda settings: f"{settings.level} {settings.interval}")
def test_constant_shift_is_full_consistency_with_no_doubt(settings: Settings) -> None:
    human = np.array([[1, 2, 4], [3, 3, 1], [4, 2, 2], [1, 1, 1], [4, 4, 3]])
    row = one_row(grid(human, human + 1), settings)
    assert row[["icc_c1", "icc_c1_low", "icc_c1_high"]].tolist() == pytest.approx([1, 1, 1], abs=1e-12)
    assert row["icc_a1"] == pytest.approx(textbook(*TARGETS_OF[settings.level](human, human + 1))[1])
    assert row["icc_a1_high"] < 1


@pytest.mark.parametrize("shift", [0.1, 1 / 3, 2.7])
def test_constant_shift_of_means_that_are_no_round_numbers(shift: float) -> None:
    human = np.array([13, 14, 11, 9, 12]) / 3
    assert figures(human, human + shift)[:3] == [1, 1, 1]


def test_identical_raters_agree_with_no_doubt() -> None:
    human = np.array([[1, 2, 5], [3, 3, 1], [4, 2, 2], [5, 1, 1]])
    for settings in EVERY_INTERVAL:
        assert one_row(grid(human, human), settings)[FIGURES].tolist() == pytest.approx([1] * 6, abs=1e-12)


def test_agreement_without_a_denominator_is_undefined_and_consistency_is_not() -> None:
    """Two targets in opposite order and no bias: MSR + MSE + 2 (MSC - MSE) / n is 0."""
    settings = Settings.of(STUDY, "recommended", "response", resamples=50)
    row = one_row(grid(np.array([[1.0, 2.0]]), np.array([[2.0, 1.0]])), settings)
    assert row["icc_c1"] == row["icc_c1_low"] == -1
    assert row["discarded"] == 1
    assert row[["icc_a1", "icc_a1_low", "icc_a1_high"]].isna().all()


def test_single_cluster_has_a_coefficient_and_no_interval_over_conversations() -> None:
    human, judge = np.array([[1.0], [2], [3], [5]]), np.array([[2.0], [2], [4], [5]])
    for level in ("model", "response"):
        row = one_row(grid(human, judge), Settings.of(STUDY, "paper", level, interval="bootstrap-conversations"))
        assert row["icc_c1"] == pytest.approx(textbook(human.ravel(), judge.ravel())[0])
        assert row[["icc_c1_low", "icc_c1_high", "icc_a1_low", "icc_a1_high"]].isna().all()
        assert row["reading"] is None


def test_two_clusters_have_an_interval_over_conversations() -> None:
    human, judge = np.array([[1.0, 2], [2, 4], [3, 3], [5, 4]]), np.array([[2.0, 2], [2, 5], [4, 4], [5, 5]])
    for level in ("model", "response"):
        row = one_row(grid(human, judge), Settings.of(STUDY, "paper", level, interval="bootstrap-conversations"))
        assert row["icc_c1_low"] < row["icc_c1_high"]


@pytest.mark.parametrize("level", ["model", "response"])
def test_two_models_have_no_interval_over_models(level: str) -> None:
    """A resample of two models is often the sample itself: a width of 0 would read as good."""
    human, judge = np.array([[1.0, 2, 2], [4, 5, 3], [3, 3, 3]]), np.array([[2.0, 1, 3], [4, 5, 5], [3, 5, 4]])
    settings = Settings.of(STUDY, "paper", level, interval="bootstrap-models")
    two = one_row(grid(human[:2], judge[:2]), settings)
    assert two["icc_c1"] > 0.7
    assert two[["icc_c1_low", "icc_c1_high", "ci_width"]].isna().all()
    assert two["reading"] is None
    assert 0 < one_row(grid(human, judge), settings)["ci_width"] <= 1


def test_interval_of_a_coefficient_that_is_undefined_is_undefined_too() -> None:
    """Both models have mean 2, so there is nothing to order; resamples that draw one conversation more often differ."""
    human, judge = np.array([[1.0, 3], [3, 1]]), np.array([[2.0, 4], [4, 2]])
    row = one_row(grid(human, judge), Settings.of(STUDY, interval="bootstrap-conversations"))
    assert row["discarded"] < 1
    assert row[FIGURES].isna().all()


# Rounding


@pytest.mark.parametrize("gap", [1e-4, 1e-6, 1e-8])
def test_means_that_lie_close_together_keep_their_digits(gap: float) -> None:
    """A judge that gives nearly all fives has model means 4.9990, 4.9991, ...; they must not pass for constant."""
    human = 4.7 + gap * np.array([0, 3, 1, 4, 2, 6])
    judge = 4.9 + gap * np.array([1, 2, 1, 5, 2, 4])
    exact = textbook_in_fractions(human, judge)
    # The means themselves are only given to 1e-15, so that is as far as digits can be kept.
    assert coefficients(squares_of_means(human, judge, np.ones(6)))[0] == pytest.approx(exact, rel=1e-14 / gap)


def textbook_in_fractions(human: np.ndarray, judge: np.ndarray) -> float:
    """ICC(C,1) without any rounding of the arithmetic."""
    total = [Fraction(h) + Fraction(j) for h, j in zip(human, judge, strict=True)]
    difference = [Fraction(h) - Fraction(j) for h, j in zip(human, judge, strict=True)]
    msr, mse = (
        sum(((value - sum(values) / len(values)) ** 2 for value in values), Fraction(0))
        for values in (total, difference)
    )
    return float((msr - mse) / (msr + mse))


@pytest.mark.parametrize("n", range(2, 12))
def test_equal_ratings_that_are_no_round_numbers_do_not_vary(n: int) -> None:
    """The mean of seven times 4.1 is not quite 4.1 to the computer."""
    for human, judge in itertools.product((4.1, 2.7, 13 / 7, 10 / 3), (3.3, 4.9, 11 / 9)):
        ratings = np.full(n, human), np.full(n, judge)
        assert np.isnan(figures(*ratings)).all()
        assert np.isnan(coefficients(from_sums(*ratings))).all()


def test_lower_end_of_agreement_is_its_limit_where_f_is_past_all_bounds() -> None:
    """With three targets and no order at all v falls to 0; F then overflows, and so does the form in the books."""
    human, judge = np.array([3.6, 4.0, 4.5]), np.array([8.4, 8.0, 7.6])
    _, _, _, a1, low, high = figures(human, judge)
    n = 3
    _, msc, mse = two_way_anova(human, judge)
    assert low == pytest.approx(-n * mse / (2 * msc + (n - 2) * mse), abs=1e-3)
    assert np.isfinite([a1, low, high]).all()


# Properties

whole = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])


@st.composite
def two_raters(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Ratings by the experts and by a judge of up to 6 models on up to 6 conversations, some of them missing."""
    shape = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    size = shape[0] * shape[1]
    human, judge = (
        np.reshape(draw(st.lists(whole | st.just(np.nan), min_size=size, max_size=size)), shape) for _ in range(2)
    )
    return human, judge


@hypothesis.given(two_raters())
def test_sums_give_the_two_way_anova(ratings: tuple[np.ndarray, np.ndarray]) -> None:
    for level, taken in TARGETS_OF.items():
        targets = taken(*ratings)
        row = one_row(grid(*ratings), Settings.of(STUDY, "paper", level, interval="exact-f"))
        assert row["n_targets"] == len(targets[0])
        assert row["n_pairs"] == len(pairwise(*ratings)[0])
        assert_allclose(row[["icc_c1", "icc_a1"]].astype(float), textbook(*targets), rtol=0, atol=1e-9)


@hypothesis.given(two_raters(), st.sampled_from([-2.0, -0.25, 0.5, 1.0, 3.0]))
def test_a_constant_added_to_the_judge_moves_agreement_and_bias_only(
    ratings: tuple[np.ndarray, np.ndarray], constant: float
) -> None:
    human, judge = ratings
    for level, taken in TARGETS_OF.items():
        targets = taken(human, judge)
        settings = Settings.of(STUDY, "paper", level, interval="exact-f")
        before, after = one_row(grid(human, judge), settings), one_row(grid(human, judge + constant), settings)
        consistency = ["icc_c1", "icc_c1_low", "icc_c1_high"]
        assert_allclose(after[consistency].astype(float), before[consistency].astype(float), rtol=0, atol=1e-9)
        if len(targets[0]) >= 2 and not np.isnan(before["icc_c1"]):
            msr, _, mse = two_way_anova(*targets)
            n, shift = len(targets[0]), (targets[1] - targets[0]).mean() + constant
            below = msr + mse + 2 * (n * shift**2 / 2 - mse) / n
            if abs(below) > 1e-9:
                assert after["icc_a1"] == pytest.approx((msr - mse) / below, abs=1e-9)
    bias = [inflation_table(grid(human, values))["bias"].iloc[0] for values in (judge, judge + constant)]
    assert bias[1] == pytest.approx(bias[0] + constant, abs=1e-12, nan_ok=True)


@hypothesis.given(two_raters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_moves_nothing(ratings: tuple[np.ndarray, np.ndarray], random: object) -> None:
    frame = grid(*ratings)
    order = list(range(len(frame)))
    random.shuffle(order)
    for choice in EVERY_INTERVAL:
        pd.testing.assert_frame_equal(icc_table(frame.iloc[order], choice), icc_table(frame, choice), rtol=1e-12)
    pd.testing.assert_frame_equal(inflation_table(frame.iloc[order]), inflation_table(frame), rtol=1e-12)


@hypothesis.given(two_raters())
def test_identical_raters_give_one(ratings: tuple[np.ndarray, np.ndarray]) -> None:
    human, _ = ratings
    for level, taken in TARGETS_OF.items():
        row = one_row(grid(human, human), Settings.of(STUDY, "paper", level, interval="exact-f"))
        varies = len(set(taken(human, human)[0].tolist())) > 1
        assert row[FIGURES].astype(float).tolist() == pytest.approx(
            [1 if varies else np.nan] * 6, abs=1e-12, nan_ok=True
        )


@hypothesis.given(two_raters())
def test_swapping_the_raters_leaves_both_coefficients(ratings: tuple[np.ndarray, np.ndarray]) -> None:
    human, judge = ratings
    for choice in EVERY_INTERVAL:
        one, other = one_row(grid(human, judge), choice), one_row(grid(judge, human), choice)
        assert_allclose(one[FIGURES].astype(float), other[FIGURES].astype(float), rtol=0, atol=1e-9)


@hypothesis.given(
    st.lists(st.tuples(whole, whole, st.integers(0, 3), st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12)
)
def test_counts_equal_the_rows_that_they_stand_for(rows: list[tuple[float, float, int, int, int]]) -> None:
    ratings = pd.DataFrame(rows, columns=["human", "o4-mini", "place", "conversation", "n"])
    ratings["model"] = [STUDY.system_keys[place] for place in ratings.pop("place")]
    expanded = ratings.loc[ratings.index.repeat(ratings["n"])].assign(n=1)
    selection = selected(("o4-mini",), STUDY.system_keys, ("Safety",))
    counted, single = (pairs(STUDY, counts_of(each), EXACT, selection) for each in (ratings, expanded))
    assert len(single) == ratings["n"].sum()
    for choice in EVERY_INTERVAL:
        pd.testing.assert_frame_equal(icc_table(counted, choice), icc_table(single, choice), rtol=1e-12)
    pd.testing.assert_frame_equal(inflation_table(counted), inflation_table(single), rtol=1e-12)


# The table


def test_table_has_a_row_for_every_judge_and_attribute_chosen_with_or_without_pairs() -> None:
    chosen = selected(("gpt-4o", "o4-mini"), ("gpt-4o",), ("Safety", "Empathy"))
    table = icc_table(pairs(STUDY, load_snapshot().counts, Settings.of(STUDY), chosen), Settings.of(STUDY))
    assert list(table.columns) == [*(name for name in COLUMNS if name != "score"), "reading_a1", "discarded"]
    assert table[["judge", "attribute"]].to_numpy().tolist() == [
        ["gpt-4o", "Safety"],
        ["gpt-4o", "Empathy"],
        ["o4-mini", "Safety"],
        ["o4-mini", "Empathy"],
    ]
    assert table["n_targets"].tolist() == [0, 0, 1, 1]


def test_agreement_is_read_by_koo_and_lis_bands_also_where_consistency_is_read_by_the_papers_tiers() -> None:
    paper = Settings.of(STUDY, "paper")
    table = icc_table(pairs(STUDY, load_snapshot().counts, paper, Selection.of(STUDY)), paper)
    assert set(table["reading"]) == {"GR", "MR", "PR"}
    assert {"poor", "poor to moderate"} < set(table["reading_a1"])


def test_exact_intervals_discard_nothing() -> None:
    table = icc_table(
        pairs(STUDY, load_snapshot().counts, Settings.of(STUDY), Selection.of(STUDY)),
        Settings.of(STUDY, interval="exact-f"),
    )
    assert table["discarded"].eq(0).all()


@pytest.mark.slow
def test_table_does_not_change_the_frame() -> None:
    frame = pairs(STUDY, load_snapshot().counts, Settings.of(STUDY), Selection.of(STUDY))
    before = frame.copy(deep=True)
    icc_table(frame, Settings.of(STUDY))
    pd.testing.assert_frame_equal(frame, before)


def test_fewer_than_a_hundred_resamples_are_not_read() -> None:
    counts = load_snapshot().counts
    for resamples, is_read in ((99, False), (100, True)):
        settings = Settings.of(STUDY, "paper", resamples=resamples)
        table = icc_table(pairs(STUDY, counts, settings, Selection.of(STUDY)), settings)
        assert table["ci_width"].notna().all()
        assert table["reading"].notna().all() == is_read
    exact = Settings.of(STUDY, "recommended", resamples=1)
    assert icc_table(pairs(STUDY, counts, exact, Selection.of(STUDY)), exact)["reading"].notna().all()
