"""Experts among themselves, and judges beside one of them, are what other software, plain loops and simulation give."""

from dataclasses import replace
from pathlib import Path

import hypothesis
import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import strategies as st

from analysis.__main__ import main
from analysis.agreement.anova import coefficients, further_rater, squares_of_replies, squares_of_sums
from analysis.agreement.experts import COLUMNS, expert_table
from analysis.agreement.left_out_expert import left_out_table
from analysis.outputs.registry import VIEWS, table_of
from analysis.ratings.experts import means_of_others, single_experts
from analysis.ratings.needs import NeedsExpertsError, NeedsSingleExpertsError
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot
from tests.golden.make import OF_SINGLE_EXPERTS
from tests.made_study import ATTRIBUTES, EXPERTS, MINIMAL, make_study, write_study

MADE = make_study(12)
REPLY = ["item", "system"]
BESIDE_EXPERTS = (*OF_SINGLE_EXPERTS, "annotator_test_by_expert")


def opened(folder: Path, made: pd.DataFrame, toml: str = MINIMAL) -> Dataset:
    write_study(folder, made, toml=toml)
    return load(str(folder), Progress())


def made_table(name: str, dataset: Dataset, **choices: object) -> pd.DataFrame:
    settings = Settings.of(dataset.study, **{"resamples": 60, **choices})
    return table_of(name, dataset, settings, Selection.of(dataset.study))


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return opened(tmp_path_factory.mktemp("complete"), MADE)


GAPPED = MADE[np.random.default_rng(5).random(len(MADE)) > 0.3].reset_index(drop=True)


@pytest.fixture(scope="module")
def gapped(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The same study with three in ten ratings missing."""
    return opened(tmp_path_factory.mktemp("gapped"), GAPPED)


def by_expert(made: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """One row for each reply, one column for each expert."""
    rows = made[(made["attribute"] == attribute) & made["rater"].isin(EXPERTS)]
    return rows.pivot(index=REPLY, columns="rater", values="rating")[list(EXPERTS)]


def pingouins(wide: pd.DataFrame) -> pd.Series:
    long = wide.reset_index(drop=True).rename_axis("reply").reset_index().melt("reply", var_name="rater")
    return pingouin.intraclass_corr(long, "reply", "rater", "value").set_index("Type")["ICC"]


# A tiny table that can be followed by hand


def test_mean_squares_of_three_raters_by_hand() -> None:
    """Three replies, rated 1 2 3, 2 3 4 and 4 5 6: raters differ by a constant and replies by 1 and 2."""
    ratings = np.array([[1.0, 2, 4], [2, 3, 5], [3, 4, 6]])
    totals = ratings.sum(0)
    squares = squares_of_sums(np.array(3.0), ratings.sum(1), np.array((totals**2).sum()), np.array((ratings**2).sum()))
    # Means of replies 2, 3, 5 about 10/3: sum of squares 14/3, times three raters, over two degrees of freedom.
    assert squares.targets == pytest.approx(7)
    # Means of raters 7/3, 10/3, 13/3: sum of squares 2, times three replies, over two.
    assert squares.raters == pytest.approx(3)
    assert squares.error == 0
    c1, a1 = coefficients(squares, 3)
    assert c1 == 1
    assert a1 == pytest.approx(7 / (7 + 3 * 3 / 3))


def test_two_raters_are_a_case_of_many() -> None:
    random = np.random.default_rng(0)
    human, judge = random.integers(1, 6, (2, 50)).astype(float)
    moments = np.array([50, human.sum(), judge.sum(), human @ human, judge @ judge, human @ judge])
    many = squares_of_sums(
        np.array(50.0),
        np.array([human.sum(), judge.sum()]),
        np.array(((human + judge) ** 2).sum()),
        np.array(human @ human + judge @ judge),
    )
    np.testing.assert_allclose(squares_of_replies(moments), many, rtol=1e-12)


def test_means_of_others_leave_the_expert_out() -> None:
    single = np.array([[1.0, 2, np.nan], [3, np.nan, 4], [5, np.nan, np.nan]])
    expected = [[4, np.nan, 4], [3, 2, np.nan], [2, 2, 4]]
    np.testing.assert_array_equal(means_of_others(single), expected)


# Against other software


# pingouin 0.7 drops columns in place, which pandas 3.1 warns of.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("which", ["complete", "gapped"])
def test_iccs_are_pingouins_and_alpha_is_krippendorffs(which: str, request: pytest.FixtureRequest) -> None:
    made = {"complete": MADE, "gapped": GAPPED}[which]
    table = made_table("experts", request.getfixturevalue(which)).set_index("attribute")
    assert set(table.index) == set(ATTRIBUTES)
    assert (table["n_complete"] == 12 * 12).all() == (which == "complete")
    for attribute in ATTRIBUTES:
        wide, row = by_expert(made, attribute), table.loc[attribute]
        whole, given = wide.dropna(), wide.notna().sum(axis=1)
        assert row[["n_experts", "n_complete", "n_several"]].tolist() == [3, len(whole), (given > 1).sum()]
        theirs = pingouins(whole)
        ours = row[["experts_c1", "experts_a1", "experts_ak"]].tolist()
        assert ours == pytest.approx([theirs[f"ICC({form})"] for form in ("C,1", "A,1", "A,k")], abs=1e-9)
        alpha = krippendorff.alpha(wide.to_numpy().T, level_of_measurement="ordinal")
        assert row["experts_alpha"] == pytest.approx(alpha, abs=1e-9)


def test_intervals_are_those_of_drawn_items(gapped: Dataset) -> None:
    """Items are drawn by plain pandas, with the same draws, and every coefficient is computed of them anew."""
    row = made_table("experts", gapped, resamples=25).set_index("attribute").loc["tone"]
    wide = by_expert(GAPPED, "tone")
    draws = np.random.default_rng(0).integers(12, size=(25, 12))
    # Items in the order of the study.
    parts = [wide[wide.index.get_level_values("item") == item].to_numpy() for item in gapped.ratings.conversations]
    drawn = []
    for draw in draws:
        ratings = np.concatenate([parts[item] for item in draw])
        whole = ratings[~np.isnan(ratings).any(1)]
        grand, n, k = whole.mean(), *whole.shape
        msr = k * ((whole.mean(1) - grand) ** 2).sum() / (n - 1)
        msc = n * ((whole.mean(0) - grand) ** 2).sum() / (k - 1)
        mse = ((whole - whole.mean(1)[:, None] - whole.mean(0) + grand) ** 2).sum() / ((n - 1) * (k - 1))
        drawn.append(
            [
                (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
                krippendorff.alpha(ratings.T, level_of_measurement="ordinal"),
            ]
        )
    for name, values in zip(("experts_a1", "experts_alpha"), np.transpose(drawn), strict=True):
        assert row[[f"{name}_low", f"{name}_high"]].tolist() == pytest.approx(np.quantile(values, [0.025, 0.975]))


@pytest.mark.filterwarnings("ignore")
def test_judge_and_expert_are_compared_with_the_same_mean_on_the_same_replies(gapped: Dataset) -> None:
    table = made_table("left-out", gapped).set_index(["judge", "attribute", "expert"])
    assert len(table) == 5 * len(ATTRIBUTES) * 3
    for judge, attribute, expert in [("gpt-x", "tone", "dr_b"), ("4", "safety", "Dr. Ç"), ("judge/3", "tone", "dr_a")]:
        wide = by_expert(GAPPED, attribute)
        judged = GAPPED[(GAPPED["attribute"] == attribute) & (GAPPED["rater"] == judge)].set_index(REPLY)["rating"]
        others = wide.drop(columns=expert).mean(axis=1)
        rows = pd.DataFrame({"others": others, "judge": judged, "expert": wide[expert]}).dropna()
        found = table.loc[(judge, attribute, expert)]
        assert found["n_compared"] == len(rows)
        for form in ("C,1", "A,1"):
            of_judge, of_expert = (pingouins(rows[["others", side]])[f"ICC({form})"] for side in ("judge", "expert"))
            name = form.replace(",", "").lower()
            ours = found[[f"judge_{name}", f"expert_{name}", f"difference_{name}"]].tolist()
            assert ours == pytest.approx([of_judge, of_expert, of_judge - of_expert], abs=1e-9)
            assert found[f"difference_{name}_low"] < found[f"difference_{name}"] < found[f"difference_{name}_high"]


# By simulation


def drawn_experts(random: np.random.Generator, replies: int, experts: int) -> np.ndarray:
    """Ratings of replies that differ with SD 1, by experts that differ with SD 0.5 and err with SD 0.8."""
    raters = 0.5 * random.normal(size=experts)
    return random.normal(size=replies)[:, None] + raters + 0.8 * random.normal(size=(replies, experts))


def of_two(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    moments = np.array([len(one), one.sum(), other.sum(), one @ one, other @ other, one @ other])
    return np.array(coefficients(squares_of_replies(moments)))


def test_one_more_expert_reaches_what_is_expected_of_one() -> None:
    random = np.random.default_rng(1)
    expected, reached = [], []
    for _ in range(600):
        ratings = drawn_experts(random, 300, 4)
        three = ratings[:, :3]
        squares = squares_of_sums(
            np.array(300.0), three.sum(0), np.array((three.sum(1) ** 2).sum()), np.array((three**2).sum())
        )
        expected.append(further_rater(squares, 3))
        reached.append(of_two(three.mean(1), ratings[:, 3]))
    np.testing.assert_allclose(np.mean(expected, 0), np.mean(reached, 0), atol=0.015)
    # Of the variances themselves; the coefficients of two single experts are far lower.
    known = [2 / (2 + 4 / 3 * 0.64), 2 / (2 + 4 / 3 * (0.64 + 0.25))]
    np.testing.assert_allclose(np.mean(reached, 0), known, atol=0.02)
    assert known[0] - 1 / (1 + 0.64) > 0.08


@pytest.mark.slow
@pytest.mark.parametrize(("items", "held"), [(20, 0.90), (200, 0.95)])
def test_intervals_hold_what_the_page_says_of_them(items: int, held: float) -> None:
    """Ratings from 1 to 5 of five replies to an item, by three experts who stay the same, in 400 studies."""
    random = np.random.default_rng(items)
    settings = Settings.of(STUDY, resamples=400)

    def studies(number: int, size: int) -> pd.DataFrame:
        message = np.sqrt(0.3) * random.normal(size=(number, 1, size, 1))
        quality = message + np.sqrt(0.7) * random.normal(size=(number, 1, size, 5))
        away = np.array([-0.3, 0, 0.3])[:, None, None] + 0.3 * random.normal(size=(number, 3, size, 1))
        rated = quality + away + 0.7 * random.normal(size=(number, 3, size, 5))
        return several(np.clip(np.round(1.2 * rated + 3), 1, 5))

    value = expert_table(studies(1, 40_000), replace(settings, resamples=1)).iloc[0]
    made = expert_table(studies(400, items), settings)
    for name in ("experts_c1", "experts_a1", "experts_ak", "experts_alpha", "further_c1", "further_a1"):
        holds = (made[f"{name}_low"] <= value[name]) & (value[name] <= made[f"{name}_high"])
        assert holds.mean() == pytest.approx(held, abs=0.03), name


# What must hold


@hypothesis.given(st.integers(0, 10_000), st.integers(2, 5))
def test_order_of_experts_and_a_constant_added_to_all_change_nothing(seed: int, experts: int) -> None:
    random = np.random.default_rng(seed)
    ratings = random.integers(1, 5, (6, 4)) + random.integers(0, 2, (experts, 6, 4)).astype(float)
    ratings[random.random(ratings.shape) < 0.1] = np.nan
    settings = Settings.of(STUDY, resamples=20)
    table = expert_table(tidy(ratings), settings)
    other = expert_table(tidy(ratings[random.permutation(experts)] + 3), settings)
    pd.testing.assert_frame_equal(table, other, rtol=1e-9, atol=1e-9)
    known = table.filter(regex="^(experts|further)_").to_numpy(float)
    assert (known[~np.isnan(known)] <= 1 + 1e-12).all()


def test_a_mean_whose_variance_is_below_zero_has_no_agreement() -> None:
    """Two experts in exact opposition: the mean of any reply is the same, and its variance is estimated below zero."""
    ratings = np.array([[[1.0, 5], [5, 1]], [[5, 1], [1, 5]]])
    row = expert_table(tidy(ratings), Settings.of(STUDY, resamples=20)).iloc[0]
    assert row["experts_c1"] == -1
    assert np.isnan(row["experts_ak"])


def tidy(ratings: np.ndarray) -> pd.DataFrame:
    """Single ratings of one attribute, of shape (expert, cluster, model)."""
    return several(ratings[None])


def several(ratings: np.ndarray) -> pd.DataFrame:
    """Single ratings of several attributes, of shape (attribute, expert, cluster, model)."""
    attribute, expert, cluster, model = (axis.ravel() for axis in np.indices(ratings.shape))
    frame = pd.DataFrame(
        {
            "expert": pd.Categorical(expert),
            "model": pd.Categorical(model),
            "attribute": pd.Categorical(attribute),
            "cluster": pd.Categorical(cluster),
            "rating": ratings.ravel(),
        }
    )
    return frame.dropna()


def test_experts_who_share_no_reply_have_no_figures() -> None:
    ratings = np.full((3, 6, 2), np.nan)
    for expert in range(3):
        ratings[expert, 2 * expert : 2 * expert + 2] = [[1, 2], [3, 4]]
    row = expert_table(tidy(ratings), Settings.of(STUDY, resamples=20)).iloc[0]
    assert row[["n_experts", "n_complete", "n_several"]].tolist() == [3, 0, 0]
    assert row[list(COLUMNS[4:])].isna().all()


def test_an_attribute_that_all_rate_alike_has_no_figures() -> None:
    row = expert_table(tidy(np.full((3, 5, 2), 4.0)), Settings.of(STUDY, resamples=20)).iloc[0]
    assert row["n_complete"] == 10
    assert row[list(COLUMNS[4:])].isna().all()


def test_one_item_has_figures_and_no_intervals() -> None:
    random = np.random.default_rng(2)
    row = expert_table(tidy(random.integers(1, 6, (3, 1, 8)).astype(float)), Settings.of(STUDY, resamples=20)).iloc[0]
    assert not np.isnan(row["experts_c1"])
    assert row.filter(regex="_(low|high)$").isna().all()


def test_an_expert_who_never_rated_an_attribute_is_none_of_its_experts() -> None:
    ratings = np.random.default_rng(3).integers(1, 6, (3, 6, 4)).astype(float)
    ratings[2] = np.nan
    row = expert_table(tidy(ratings), Settings.of(STUDY, resamples=20)).iloc[0]
    assert row[["n_experts", "n_complete"]].tolist() == [2, 24]


@pytest.mark.parametrize("name", BESIDE_EXPERTS)
def test_a_figure_does_not_hang_on_what_else_is_chosen(name: str, complete: Dataset) -> None:
    settings, study = Settings.of(complete.study, resamples=20), complete.study
    whole = VIEWS[name].make(complete, settings, Selection.of(study))
    alone = VIEWS[name].make(complete, settings, Selection.of(study, judges=["4"], attributes=["tone"]))
    kept = whole["attribute"] == "tone"
    if "judge" in whole:
        kept &= whole["judge"] == "4"
    pd.testing.assert_frame_equal(whole[kept].reset_index(drop=True), alone, rtol=1e-9, check_dtype=False)
    assert len(alone) == (3 if "expert" in alone else 1)


def test_what_people_wrote_is_left_out_of_experts_too(tmp_path: Path) -> None:
    toml = f'{MINIMAL}\n[[systems]]\nkey = "people"\nby_people = true\n'
    dataset = opened(tmp_path, MADE, toml)
    counted, left_out = (made_table("experts", dataset, original=each) for each in ("counted", "left-out"))
    assert (counted["n_complete"] == 144).all()
    assert (left_out["n_complete"] == 132).all()


def test_ratings_off_the_scale_count_as_released_only(tmp_path: Path) -> None:
    made = MADE.copy()
    made.loc[(made["rater"] == "dr_a") & (made["item"] == "12") & (made["system"] == "sys 1"), "rating"] = 9
    dataset = opened(tmp_path, made)
    valid, released = (made_table("experts", dataset, ratings=each) for each in ("valid", "as-released"))
    assert (released["n_complete"] - valid["n_complete"]).tolist() == [1] * len(ATTRIBUTES)


# Needs


def test_tables_of_single_experts_say_what_they_need(complete: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    settings, everything = Settings.of(STUDY), Selection.of(STUDY)
    with pytest.raises(NeedsExpertsError, match="the study has one pooled rating for each reply"):
        single_experts(STUDY, None, settings, everything)
    with pytest.raises(NeedsExpertsError, match="the study has one expert's rating"):
        single_experts(replace(STUDY, pooled=False), None, settings, everything)
    with pytest.raises(NeedsSingleExpertsError, match="the source gives only the mean"):
        single_experts(complete.study, None, Settings.of(complete.study), Selection.of(complete.study))
    for name in OF_SINGLE_EXPERTS:
        assert main([name, "--source", "snapshot"]) == 2
        assert "argument --source: 'snapshot': this table compares single experts" in capsys.readouterr().err


def test_two_experts_have_a_ceiling(tmp_path: Path) -> None:
    made = MADE[MADE["rater"] != "dr_b"]
    dataset = opened(tmp_path, made, MINIMAL.replace('"dr_b", ', ""))
    assert (made_table("experts", dataset)["n_experts"] == 2).all()
    assert made_table("left-out", dataset)["difference_c1"].notna().all()


def test_the_experts_of_the_snapshot_are_pooled() -> None:
    assert load_snapshot().study.pooled


def test_no_judge_makes_an_empty_table(complete: Dataset) -> None:
    settings, everything = Settings.of(complete.study), Selection.of(complete.study)
    single = single_experts(complete.study, complete.ratings, settings, everything)
    nobody = pd.DataFrame(
        {
            "judge": pd.Categorical([], []),
            "model": pd.Categorical([], single["model"].cat.categories),
            "attribute": pd.Categorical([], single["attribute"].cat.categories),
            "cluster": pd.Categorical([], single["cluster"].cat.categories),
            "rating": np.empty(0),
        }
    )
    assert left_out_table(single, nobody, settings).empty
