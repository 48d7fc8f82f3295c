"""The alternative annotator test is what direct loops over replies give, clustered where replies hang together."""

import math
import re
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.decisions.annotator_test import annotator_test, annotator_test_by_expert, by_discovery_rate
from analysis.findings.experts import annotator_finding
from analysis.outputs.registry import VIEWS
from analysis.ratings.needs import NeedsMoreExpertsError
from analysis.ratings.settings import Selection, Settings, SettingsError
from analysis.wording import text
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load
from tests.made_study import EXPERTS, JUDGES, MINIMAL, make_study, write_study

SETTINGS = Settings.of(STUDY)
NO_RESULT = ["n_won", "winning_rate", "advantage", "advantage_low", "advantage_high", "may_replace"]


def frames(experts: np.ndarray, judge: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tidy ratings: experts by ([attribute,] expert, cluster, model), the judge without experts; NaN is none."""
    if experts.ndim == 3:
        experts, judge = experts[None], judge[None]
    raters = [f"expert {number}" for number in range(experts.shape[1])]
    both = np.concatenate([experts, judge[:, None]], axis=1)
    attribute, rater, cluster, model = (axis.ravel() for axis in np.indices(both.shape))
    frame = pd.DataFrame(
        {
            "rater": np.array([*raters, "o4-mini"])[rater],
            "model": pd.Categorical(model),
            "attribute": pd.Categorical(attribute),
            "cluster": pd.Categorical(cluster),
            "rating": both.ravel(),
        }
    ).dropna()
    judged = frame["rater"] == "o4-mini"
    single, paired = frame[~judged], frame[judged]
    return (
        single.assign(expert=pd.Categorical(single["rater"], raters)),
        paired.assign(judge=pd.Categorical(paired["rater"], ["o4-mini"])),
    )


def summary(experts: np.ndarray, judge: np.ndarray, settings: Settings = SETTINGS) -> pd.Series:
    return annotator_test(*frames(experts, judge), settings).iloc[0]


def against_each(experts: np.ndarray, judge: np.ndarray, settings: Settings = SETTINGS) -> pd.DataFrame:
    return annotator_test_by_expert(*frames(experts, judge), settings).set_index("expert")


# By hand

# Three experts on three replies; each is repeated in ten conversations, so that there are thirty of each expert.
BY_HAND = np.array([[1.0, 3, 5], [1, 4, 5], [2, 4, 3]])
JUDGE_BY_HAND = np.array([1.0, 5, 5])


def repeated(ratings: np.ndarray, times: int) -> np.ndarray:
    return np.repeat(ratings[..., None, :], times, axis=-2)


def test_who_is_nearer_by_hand() -> None:
    """Judge and expert on the three replies, and the other two experts.

    ========= ========== ========= ========= ====================================
    left out  others     expert    judge     as near
    ========= ========== ========= ========= ====================================
    first     1 2, 4 4,  1, 3, 5   1, 5, 5   tie, tie (1 away), tie
              5 3
    second    1 2, 3 4,  1, 4, 5   1, 5, 5   tie, expert (4 is nearer to 3.5), tie
              5 3
    third     1 1, 3 4,  2, 4, 3   1, 5, 5   judge, expert, judge
              5 5
    ========= ========== ========= ========= ====================================
    """
    table = against_each(repeated(BY_HAND, 10), repeated(JUDGE_BY_HAND, 10))
    assert table["n_compared"].tolist() == [30, 30, 30]
    assert table["judge_near"].tolist() == pytest.approx([1, 2 / 3, 2 / 3])
    assert table["expert_near"].tolist() == pytest.approx([1, 1, 1 / 3])
    assert table["ahead"].tolist() == pytest.approx([0, 1 / 3, -1 / 3])
    # Every conversation is the same, so that only the mean decides.
    assert table["p_annotator"].tolist() == [0, 1, 0]
    assert table["won"].tolist() == ["yes", "no", "yes"]
    row = summary(repeated(BY_HAND, 10), repeated(JUDGE_BY_HAND, 10))
    assert (row["n_won"], row["winning_rate"], row["may_replace"]) == (2, pytest.approx(2 / 3), "yes")
    assert row["advantage"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)


def test_a_scale_in_tenths_ties_where_its_points_do() -> None:
    """0.2 above and 0.2 below the others' mean are as near, though 2.3 - 2.1 and 2.1 - 1.9 differ in floating point."""
    experts = repeated(np.array([[1.9], [2.1], [2.1]]), 30)
    row = against_each(experts, repeated(np.array([2.3]), 30)).iloc[0]
    assert (row["judge_near"], row["expert_near"]) == (1, 1)


# By loops


def looped(experts: np.ndarray, judge: np.ndarray, epsilon: float) -> pd.DataFrame:
    """The test as the paper words it, reply by reply, with t tests of scipy and of sums over conversations."""
    rows = []
    for left_out in range(len(experts)):
        d, cluster, near = [], [], []
        for conversation, model in product(*map(range, judge.shape)):
            mine, the_judges = experts[left_out, conversation, model], judge[conversation, model]
            others = [
                experts[k, conversation, model]
                for k in range(len(experts))
                if k != left_out and not math.isnan(experts[k, conversation, model])
            ]
            if not others or math.isnan(mine) or math.isnan(the_judges):
                continue
            score = {
                whose: -math.sqrt(sum((rating - other) ** 2 for other in others) / len(others))
                for whose, rating in (("judge", the_judges), ("expert", mine))
            }
            d.append(int(score["expert"] >= score["judge"]) - int(score["judge"] >= score["expert"]))
            near.append(score["judge"] >= score["expert"])
            cluster.append(conversation)
        plain = stats.ttest_1samp(d, epsilon, alternative="less").pvalue
        sums = pd.DataFrame({"d": d, "n": 1}).groupby(cluster).sum()
        mean, size, groups = np.mean(d), len(d), len(sums)
        error = math.sqrt(groups / (groups - 1) * (((sums["d"] - mean * sums["n"]) / size) ** 2).sum())
        rows.append(
            {
                "n_compared": size,
                "judge_near": np.mean(near),
                "ahead": mean,
                "p_annotator": stats.t.cdf((mean - epsilon) / error, groups - 1),
                "p_unclustered": plain,
            }
        )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("epsilon", [0.1, 0.2])
@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_that_of_loops(seed: int, epsilon: float) -> None:
    random = np.random.default_rng(seed)
    quality = random.integers(1, 6, (25, 4))
    raters = np.clip(quality + random.integers(-2, 3, (5, 25, 4)), 1, 5).astype(float)
    raters[random.random(raters.shape) < 0.2] = np.nan
    *experts, judge = raters
    settings = Settings.of(STUDY, epsilon=epsilon)
    ours, theirs = against_each(np.array(experts), judge, settings), looped(np.array(experts), judge, epsilon)
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-9, err_msg=name)
    adjusted = stats.false_discovery_control(theirs["p_annotator"], method="by")
    np.testing.assert_allclose(ours["p_discovery"], adjusted, rtol=1e-9)
    row = summary(np.array(experts), judge, settings)
    assert row["n_won"] == (adjusted <= 0.05).sum()
    plain = stats.false_discovery_control(theirs["p_unclustered"], method="by")
    assert row["n_won_unclustered"] == (plain <= 0.05).sum()
    assert row["may_replace"] == ("yes" if row["n_won"] >= 2 else "no")
    assert row["advantage"] == pytest.approx(theirs["judge_near"].mean())
    assert row["advantage_low"] < row["advantage"] < row["advantage_high"]


def test_discovery_rates_are_scipys_whatever_is_not_tested() -> None:
    p = np.random.default_rng(0).random((6, 7)) ** 3
    p[3:, [1, 4]] = np.nan
    for mine, found in zip(p, by_discovery_rate(p), strict=True):
        known = ~np.isnan(mine)
        np.testing.assert_allclose(found[known], stats.false_discovery_control(mine[known], method="by"))
        assert np.isnan(found[~known]).all()


# What it takes


def test_an_expert_with_fewer_than_thirty_replies_is_not_tested() -> None:
    random = np.random.default_rng(1)
    experts = random.integers(1, 6, (4, 15, 2)).astype(float)
    experts[3, 0, 0] = np.nan
    judge = random.integers(1, 6, (15, 2)).astype(float)
    table = against_each(experts, judge)
    assert table["n_compared"].tolist() == [30, 30, 30, 29]
    assert table["p_annotator"].notna().tolist() == [True, True, True, False]
    assert table["won"].isna().tolist() == [False, False, False, True]
    row = summary(experts, judge)
    assert (row["n_experts"], row["n_tested"], row["lacking"]) == (4, 3, None)


def test_fewer_than_three_experts_tested_give_a_sentence_and_no_result() -> None:
    random = np.random.default_rng(1)
    experts = random.integers(1, 6, (3, 15, 2)).astype(float)
    experts[2, 0, 0] = np.nan
    judge = random.integers(1, 6, (15, 2)).astype(float)
    row = summary(experts, judge)
    assert row[NO_RESULT].isna().all()
    assert row["lacking"] == (
        "The test takes 3 experts with 30 replies each that the judge and another expert rated too; there are 2."
    )
    table = against_each(experts, judge)
    assert table[["judge_near", "ahead", "p_annotator", "p_discovery", "p_unclustered", "won"]].isna().all(axis=None)


def test_replies_that_one_expert_alone_rated_do_not_count() -> None:
    random = np.random.default_rng(1)
    experts = random.integers(1, 6, (3, 20, 2)).astype(float)
    experts[:, 18:] = np.nan
    experts[0, 18:] = 3
    table = against_each(experts, random.integers(1, 6, (20, 2)).astype(float))
    assert table["n_compared"].tolist() == [36, 36, 36]


def test_one_conversation_is_no_test() -> None:
    random = np.random.default_rng(1)
    row = summary(random.integers(1, 6, (3, 1, 10)).astype(float).repeat(4, axis=2), np.ones((1, 40)))
    assert row[NO_RESULT].isna().all()


def test_two_experts_are_too_few(tmp_path: Path) -> None:
    made = make_study(6, raters=("dr_a", "dr_b", "gpt-x"))
    write_study(tmp_path, made, toml=MINIMAL.replace(', "Dr. Ç"', ""))
    dataset = load(str(tmp_path), Progress())
    with pytest.raises(NeedsMoreExpertsError, match="takes at least 3 experts, and the study has 2"):
        VIEWS["annotator-test"].make(dataset, Settings.of(dataset.study), Selection.of(dataset.study))


@pytest.mark.parametrize("epsilon", [0, 1, -0.1])
def test_epsilon_is_a_share(epsilon: float) -> None:
    with pytest.raises(SettingsError, match=r"epsilon: .* allowed are numbers between 0 and 1"):
        Settings.of(STUDY, epsilon=epsilon)


# What must hold


def test_a_judge_that_repeats_an_expert_wins_against_that_expert() -> None:
    random = np.random.default_rng(2)
    experts = random.integers(1, 6, (3, 30, 3)).astype(float)
    table = against_each(experts, experts[1])
    assert (table.iloc[1]["ahead"], table.iloc[1]["p_annotator"], table.iloc[1]["won"]) == (0, 0, "yes")


def test_a_smaller_epsilon_asks_more() -> None:
    random = np.random.default_rng(3)
    quality = random.normal(3, 1, (60, 3))
    *experts, judge = np.clip(np.rint(quality + random.normal(0, 0.8, (4, 60, 3))), 1, 5)
    won = [summary(np.array(experts), judge, Settings.of(STUDY, epsilon=each))["n_won"] for each in (0.01, 0.1, 0.3)]
    assert won == sorted(won)
    assert won[0] < won[-1]


def drawn(random: np.random.Generator, raters: int, conversations: int) -> np.ndarray:
    """Ratings from 1 to 5 of five replies to each conversation in 100 studies, by raters who err alike."""
    quality = random.normal(3, 1, (100, 1, conversations, 5))
    return np.clip(np.rint(quality + random.normal(0, 0.7, (100, raters, conversations, 5))), 1, 5)


def test_a_judge_like_a_fourth_expert_mostly_passes_and_a_random_one_never() -> None:
    random = np.random.default_rng(4)
    raters = drawn(random, 4, 40)
    experts, fourth = raters[:, :3], raters[:, 3]
    judges = {
        "fourth": fourth,
        "random": random.integers(1, 6, fourth.shape).astype(float),
        "reversed": 6 - fourth,
        "always 3": np.full(fourth.shape, 3.0),
    }
    passed = {
        name: (annotator_test(*frames(experts, judge), SETTINGS)["may_replace"] == "yes").sum()
        for name, judge in judges.items()
    }
    assert passed["fourth"] >= 85
    assert (passed["random"], passed["reversed"]) == (0, 0)


def test_where_most_ratings_are_at_the_top_a_judge_that_gives_the_top_to_all_may_pass() -> None:
    """The page says so, with these figures."""
    random = np.random.default_rng(4)
    quality = random.normal(4.6, 0.8, (100, 1, 40, 5))
    experts = np.clip(np.rint(quality + random.normal(0, 0.7, (100, 3, 40, 5))), 1, 5)
    passed = annotator_test(*frames(experts, np.full((100, 40, 5), 5.0)), SETTINGS)["may_replace"] == "yes"
    assert 0.5 < (experts == 5).mean() < 0.6
    said = re.search(r"in (\d+) of 100 simulated studies", " ".join(text("experts", "annotator").split()))
    assert said
    assert passed.sum() == int(said[1])


def test_the_clustered_test_keeps_its_level_and_the_published_one_does_not() -> None:
    """A judge that is behind the first expert by just epsilon wins against it in 5 of 100 studies, not in 13.

    The others say 3 each. Who is nearer hangs on a normal draw of which a fifth is common to a conversation: the expert
    in 45 of 100 replies, the judge in 25, so that d is 0.2 in the mean.
    """
    random, studies = np.random.default_rng(5), 1500
    common, own = random.normal(size=(studies, 20, 1)), random.normal(size=(studies, 20, 10))
    place = np.sqrt(0.2) * common + np.sqrt(0.8) * own
    judge, expert = place > stats.norm.ppf(0.55), place < stats.norm.ppf(0.25)
    experts = np.stack([3.0 + expert, *np.full((2, *place.shape), 3.0)], axis=1)
    table = annotator_test_by_expert(*frames(experts, 3.0 + judge), SETTINGS)
    p = table.loc[table["expert"] == "expert 0", ["p_annotator", "p_unclustered"]]
    clustered, published = (p <= 0.05).mean()
    assert 0.03 < clustered < 0.065
    assert published > 0.1


# In words


def results(*rows: tuple[str, str | None, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["attribute", "may_replace", "may_replace_unclustered", "lacking"])
    return frame.assign(judge="gpt-4o", n_won=2.0, n_tested=3)


def test_what_is_said_of_the_published_test_and_of_what_is_lacking() -> None:
    table = results(
        ("Safety", "yes", "yes", None), ("Empathy", "no", "yes", None), ("Guidance", None, None, "There is 1 expert.")
    )
    assert annotator_finding(STUDY, table, SETTINGS) == (
        "By the alternative annotator test with epsilon 0.2, a judge may replace one of the experts in 1 of "
        "2 pairs of judge and attribute (GPT-4o on Safety). Taking replies for independent, as published, it may in 2 "
        "pairs. In 1 of 3 there is no result. There is 1 expert."
    )
    assert annotator_finding(STUDY, table.tail(1), SETTINGS) == (
        "The alternative annotator test gives no result. There is 1 expert."
    )


# On a study


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("seven")
    write_study(folder, make_study(12))
    return load(str(folder), Progress())


def test_rows_are_of_every_judge_attribute_and_expert(seven: Dataset) -> None:
    settings, everything = Settings.of(seven.study), Selection.of(seven.study)
    tests, rows = (
        VIEWS[name].make(seven, settings, everything) for name in ("annotator-test", "annotator_test_by_expert")
    )
    assert len(tests) == 5 * 8
    assert len(rows) == 5 * 8 * 3
    assert set(rows["expert"]) == set(EXPERTS)
    assert set(tests["judge"]) == set(JUDGES)
    won = (rows["won"] == "yes").groupby([rows["judge"], rows["attribute"]]).sum()
    keys = pd.MultiIndex.from_frame(tests[["judge", "attribute"]])
    assert won.loc[keys].tolist() == tests["n_won"].tolist()
