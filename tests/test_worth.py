"""What a judge's ratings are worth: closed forms, a library's figures, sampling by brute force, and the page."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.__main__ import main
from analysis.charts.worth import gained_forest
from analysis.decisions.worth import ALL, COLUMNS, FEWEST_OTHER, worth_table
from analysis.findings.worth import corrected_finding, gained_finding, held_back_finding, worth_finding
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.inference.prediction_powered import (
    planned_variances,
    prediction_powered_mean,
    stratified_mean,
    stratified_variances,
    tuning,
)
from analysis.inference.strata import FEWEST_PAIRS, strata_of
from analysis.outputs.registry import table_of
from analysis.ratings.pairs import judged_alone, pairs
from analysis.ratings.settings import PLAN, Settings, SettingsError
from analysis.wording import terms
from data.mentalalign import STUDY, SUFFIX
from tests.pages import RECOMMENDED, OpenPage, charted, from_command_line, said
from tests.snapshot import snapshot, table
from tests.spec import counts_of, selected

SETTINGS = Settings.of(STUDY, "recommended", resamples=60)
MODEL = STUDY.system_keys[0]
PPI = Path(__file__).parent / "ppi"
AT_HAND = ["human_mean", "powered_mean", "stratified_mean", "from_average", "alone_shift", "tuning"]


def moments(human: np.ndarray, judge: np.ndarray) -> np.ndarray:
    """Sums of single pairs, each a cluster of its own, after an axis with one system."""
    one = [np.ones_like(human), human, judge, human**2, judge**2, human * judge]
    return np.stack(one)[:, None].astype(float)


def alone_of(judge: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(judge), judge, judge**2])[:, None].astype(float)


def apart(paired: np.ndarray, further: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give pairs and further replies clusters of their own."""
    many, more = paired.shape[-1], further.shape[-1]
    pad = [(0, 0)] * (paired.ndim - 1)
    return np.pad(paired, [*pad, (0, more)]), np.pad(further, [*pad[: further.ndim - 1], (many, 0)])


def made(human: np.ndarray, judge: np.ndarray, settings: Settings = SETTINGS) -> pd.DataFrame:
    """The table of one judge and attribute; shape (systems, conversations), NaN where nobody rated."""
    model, conversation = (axis.ravel() for axis in np.indices(human.shape))
    ratings = pd.DataFrame({"conversation": conversation, "model": np.array(STUDY.system_keys)[model]})
    counts = counts_of(ratings.assign(**{"human": human.ravel(), "o4-mini": judge.ravel()}))
    # Nothing is left out, and ratings need not be whole.
    valid = counts.assign(human_valid=counts["human"], rating_valid=counts["rating"])
    chosen = selected(("o4-mini",), attributes=("Safety",))
    every = replace(settings, exclude="none")
    study = STUDY.with_judges(["o4-mini"])
    return worth_table(pairs(study, valid, every, chosen), judged_alone(study, valid, every, chosen), every)


def whole(size: int | tuple[int, ...], seed: int, follows: float = 0.7) -> tuple[np.ndarray, np.ndarray]:
    """Whole ratings by experts and a judge."""
    random = np.random.default_rng(seed)
    reply = random.normal(0, 1, size)
    human, judge = (
        np.clip(np.rint(3.2 + shift + by * reply + random.normal(0, 0.7, size)), 1, 5)
        for shift, by in ((0, 1.0), (0.5, follows))
    )
    return human, judge


# Both means


def test_the_prediction_powered_mean_by_hand() -> None:
    paired, further = apart(moments(np.array([1, 2, 4, 5]), np.array([2, 2, 4, 4])), alone_of(np.array([4, 4])))
    mean, by = prediction_powered_mean(paired, further)
    # The covariance is 6/4, the variance of all six of the judge's ratings 16/15, and n/N is 2.
    assert by.item() == pytest.approx((6 / 4) / (3 * 16 / 15))
    assert mean.value.item() == pytest.approx(3 + by.item() * (4 - 3))
    residual = np.array([1, 2, 4, 5]) - by.item() * np.array([2, 2, 4, 4])
    assert mean.deviations[0].tolist() == pytest.approx([*((residual - residual.mean()) / 4), 0, 0])


def test_the_stratified_mean_by_hand() -> None:
    # The judge gives 2 to replies that the experts give 1 and 2, and 4 to those of 4 and 5 and to two more.
    human = np.zeros((2, 1, 6))
    human[0, 0, :2], human[1, 0, 2:4] = (1, 2), (4, 5)
    alone = np.zeros((2, 1, 6))
    alone[1, 0, 4:] = 1
    mean = stratified_mean(np.stack([(human > 0).astype(float), human]), alone)
    assert mean.value.item() == pytest.approx(2 / 6 * 1.5 + 4 / 6 * 4.5)
    assert mean.deviations.sum() == pytest.approx(0)


@pytest.mark.parametrize("name", pd.read_csv(PPI / "mean.csv")["table"])
def test_mean_lambda_and_interval_are_those_of_the_library(name: str) -> None:
    """``tests/ppi/mean.py`` wrote them; its interval is normal, with sums of squares divided by n."""
    rows, expected = (pd.read_csv(PPI / f"{file}.csv").groupby("table").get_group(name) for file in ("ratings", "mean"))
    paired = rows["human"].notna()
    human, judge, alone = rows.loc[paired, "human"], rows.loc[paired, "judge"], rows.loc[~paired, "judge"]
    mean, by = prediction_powered_mean(*apart(moments(human.to_numpy(), judge.to_numpy()), alone_of(alone.to_numpy())))
    half = 1.959963984540054 * np.sqrt((mean.deviations**2).sum())
    found = [by.item(), mean.value.item(), mean.value.item() - half, mean.value.item() + half]
    assert_allclose(found, expected[["tuning", "mean", "low", "high"]].iloc[0].astype(float), rtol=1e-12, atol=1e-12)


def test_without_further_ratings_both_means_are_the_experts() -> None:
    human, judge = whole(200, 1)
    paired = moments(human, judge)
    powered, by = prediction_powered_mean(paired, np.zeros((3, 1, 200)))
    strata = np.stack([[judge == point, human * (judge == point)] for point in range(1, 6)], axis=1)[:, :, None]
    stratified = stratified_mean(strata.astype(float), np.zeros((5, 1, 200)))
    assert by.item() == 0
    for mean in (powered, stratified):
        assert mean.value.item() == pytest.approx(human.mean(), abs=1e-12)
        assert_allclose(mean.deviations, clustered_deviations(paired[1], paired[0]), atol=1e-12)


@pytest.mark.parametrize(("correlation", "expected"), [(0.9, 1.0), (0.3, 0.3), (-0.4, 0.0)])
def test_lambda_is_clipped(correlation: float, expected: float) -> None:
    scale = 0.5 if correlation == 0.9 else 1.0
    found = tuning(np.array(correlation * scale), np.array(scale**2), 1e-9)
    assert found == pytest.approx(expected, abs=1e-6)
    assert tuning(np.array(0.0), np.array(0.0), 0.1) == 0


@pytest.mark.slow
def test_both_variances_are_those_of_repeated_samples() -> None:
    """Draw n and N of a large population again and again; also strata within what the judge rated, as Cochran does."""
    human, judge = whole(200_000, 2)
    n, further, draws = 100, 400, 4000
    random, found = np.random.default_rng(3), []
    experts, powered = (each.item() for each in planned_variances(moments(human, judge).sum(-1), n, further))
    sums = np.stack(
        [[(judge == k).sum(), human[judge == k].sum(), (human[judge == k] ** 2).sum()] for k in range(1, 6)]
    )
    _, proportional, neyman = stratified_variances(sums.T[..., None].astype(float), n, further)
    by = tuning(np.cov(human, judge)[0, 1], judge.var(), n / further)
    share = np.bincount(judge.astype(int), minlength=6)[1:] / judge.size
    spread = np.array([human[judge == k].std() for k in range(1, 6)])
    for _ in range(draws):
        drawn = random.integers(human.size, size=n + further)
        rated, shown = human[drawn], judge[drawn]
        means = [rated[:n].mean(), rated[:n].mean() + by * (shown[n:].mean() - shown[:n].mean())]
        for parts in (share, share * spread):
            at = np.maximum(np.rint(n * parts / parts.sum()), 2).astype(int)
            strata = [rated[shown == k][:size] for k, size in zip(range(1, 6), at, strict=True)]
            weights = [(shown == k).mean() for k in range(1, 6)]
            means.append(sum(w * each.mean() for w, each in zip(weights, strata, strict=True) if len(each)))
        found.append(means)
    simulated = np.var(found, axis=0)
    assert_allclose(simulated, [experts, powered, proportional.item(), neyman.item()], rtol=4 * math.sqrt(2 / draws))
    assert simulated[1] < 0.8 * simulated[0]


def test_the_multiplier_of_normal_ratings_is_the_published_formula() -> None:
    random = np.random.default_rng(5)
    for correlation in (0.2, 0.5, 0.8):
        human = random.normal(0, 1, 400_000)
        judge = 3 + correlation * human + math.sqrt(1 - correlation**2) * random.normal(0, 1, human.size)
        experts, powered = planned_variances(moments(human, judge).sum(-1), 100, 1000)
        assert (experts / powered).item() == pytest.approx(1 / (1 - correlation**2 / 1.1), rel=0.01)


# Strata


def test_neighbouring_ratings_are_one_stratum_until_it_holds_enough() -> None:
    judge = np.repeat([1, 2, 3, 4, 5], [4, 6, 30, 9, 3])
    frame = pd.DataFrame({"judge": pd.Categorical(["a"] * 52), "attribute": pd.Categorical(["b"] * 52)})
    frame = frame.assign(model=pd.Categorical(["c"] * 52), rating=judge.astype(float), n=1)
    alone = frame.iloc[:1].assign(rating=4.5)
    found, further = strata_of(frame, alone)
    assert [set(np.asarray(found)[judge == point]) for point in range(1, 6)] == [{0}, {0}, {1}, {2}, {2}]
    assert np.asarray(further).tolist() == [2]
    (shared, _) = strata_of(frame, alone, share=0.5)
    assert np.unique(np.asarray(shared)).tolist() == [0]
    fine = frame.assign(rating=np.arange(52.0))
    assert np.bincount(np.asarray(strata_of(fine, alone)[0])).min() >= FEWEST_PAIRS


# The table


def test_a_copy_of_the_experts_is_worth_what_it_rates() -> None:
    human, _ = whole((3, 200), 7)
    rows = made(human, human)
    assert tuple(rows.columns) == COLUMNS
    assert rows["model"].tolist() == [*STUDY.system_keys[:3], ALL]
    for name in ("multiplier", "multiplier_low", "multiplier_high", "stratified", "neyman"):
        assert_allclose(rows[name], 1 + 1000 / 100)
    assert_allclose(rows["gained"], 1000)
    assert_allclose(rows["half_width_experts"] / rows["half_width"], math.sqrt(11))
    assert_allclose(rows["correlation"][:3], 1)


def test_a_constant_judge_is_worth_nothing_and_an_unrelated_one_next_to_nothing() -> None:
    human, _ = whole((3, 300), 8)
    constant = made(human, np.full_like(human, 4))
    for name in ("multiplier", "multiplier_low", "multiplier_high", "stratified"):
        assert (constant[name] == 1).all()
    assert constant["correlation"].isna().all()
    other = made(human, whole((3, 300), 9)[1])
    assert other["multiplier"].between(1, 1.03).all()
    assert (other["multiplier_low"] >= 1).all()
    assert (made(human, 6 - human)["multiplier"] == 1).all()
    assert (made(human, 6 - human)["stratified"] > 5).all()


def test_the_mean_of_systems_adds_up_their_variances() -> None:
    human, judge = whole((3, 250), 10)
    rows = made(human, judge).set_index("model")
    systems, every = rows.drop(ALL), rows.loc[ALL]
    experts, planned = (systems[name] ** 2 for name in ("half_width_experts", "half_width"))
    assert every["multiplier"] == pytest.approx(experts.sum() / planned.sum())
    for name in ("human_mean", "powered_mean", "stratified_mean"):
        assert every[name] == pytest.approx(systems[name].mean())
    assert systems["from_average"].sum() == pytest.approx(0)
    assert np.isnan(every["from_average"])
    assert (every["n_pairs"], every["n_other"]) == (750, systems["n_other"].sum())


def test_further_ratings_correct_means_and_a_shift_is_seen() -> None:
    human, judge = whole((2, 3000), 11)
    gone = np.zeros(human.shape, dtype=bool)
    gone[0, 1000:] = True
    # Of the second system the experts left out what the judge rates low.
    gone[1] = judge[1] <= 2
    rows = made(np.where(gone, np.nan, human), judge).set_index("model")
    fair, picked = (rows.loc[key] for key in STUDY.system_keys[:2])
    assert (fair["n_pairs"], fair["n_alone"]) == (1000, 2000)
    paired, further = apart(moments(human[0, :1000], judge[0, :1000]), alone_of(judge[0, 1000:]))
    mean, by = prediction_powered_mean(paired, further)
    ends = clustered_interval(mean.value, mean.deviations, np.array([1000]))
    found = fair[["powered_mean", "powered_mean_low", "powered_mean_high", "tuning"]].astype(float)
    assert_allclose(found, [mean.value[0], *(end[0] for end in ends), by[0]])
    at_hand = human[0, :1000]
    levels = [(judge[0] == point, at_hand[judge[0, :1000] == point]) for point in range(1, 6)]
    assert all(len(level) >= FEWEST_PAIRS for _, level in levels)
    assert fair["stratified_mean"] == pytest.approx(sum(there.mean() * level.mean() for there, level in levels))
    assert fair["alone_shift_low"] < 0 < fair["alone_shift_high"]
    assert picked["alone_shift_high"] < 0
    said_of_both = corrected_finding(STUDY, made(np.where(gone, np.nan, human), judge))
    assert "for 1 system the judge rates them clearly apart" in said_of_both
    assert STUDY.system(STUDY.system_keys[1]) in said_of_both


@pytest.mark.parametrize(("other", "shown"), [(FEWEST_OTHER - 1, False), (FEWEST_OTHER, True)])
def test_figures_of_a_system_whose_ratings_hardly_differ_are_held_back(other: int, shown: bool) -> None:
    human = np.where(np.arange(300) < other, 3.0, 5.0)[None]
    rows = made(human, whole((1, 300), 12)[1])
    assert rows["n_other"].iloc[0] == other
    assert rows["multiplier"].notna().eq(shown).all()
    assert rows["powered_mean"].notna().eq(shown).all()
    assert (held_back_finding(rows) == "") is True
    assert ("cannot be told" in worth_finding(STUDY, rows, SETTINGS)) is not shown
    assert str(FEWEST_OTHER) in terms(STUDY)["n_other"].plain


def test_means_of_several_experts_have_many_values_and_are_counted_right() -> None:
    human, judge = whole((10, 150), 13)
    mean = np.mean([human, judge, *(whole((10, 150), seed)[0] for seed in (14, 15, 16))], axis=0).round(6)
    rows = made(mean, judge).set_index("model").drop(ALL)
    assert np.unique(mean).size * 9 > 127
    expected = [150 - pd.Series(ratings).value_counts().max() for ratings in mean]
    assert rows["n_other"].tolist() == expected
    assert rows["multiplier"].between(1, 11).all()


@hypothesis.given(st.integers(2, 500), st.integers(1, 5000), st.integers(0, 50))
@pytest.mark.slow
def test_the_plan_moves_what_is_planned_and_nothing_at_hand(labelled: int, unlabelled: int, seed: int) -> None:
    human, judge = whole((2, 120), seed)
    human[:, 100:] = np.nan
    usual = made(human, judge, replace(SETTINGS, resamples=5))
    rows = made(human, judge, replace(SETTINGS, resamples=5, labelled=labelled, unlabelled=unlabelled))
    pd.testing.assert_frame_equal(rows[AT_HAND], usual[AT_HAND])
    assert (rows["multiplier"].between(1, 1 + unlabelled / labelled + 1e-9)).all()
    assert (rows["stratified"] >= 1 - 1e-12).all()
    assert (rows["neyman"] >= rows["stratified"] - 1e-12).all()
    assert_allclose(rows["gained"], labelled * (rows["multiplier"] - 1), atol=1e-9)
    assert (rows["half_width"] <= rows["half_width_experts"] + 1e-12).all()


@pytest.mark.slow
def test_a_figure_does_not_depend_on_what_else_is_chosen() -> None:
    one, every = (
        table_of("worth", snapshot(), SETTINGS, selected(judges=judges, attributes=attributes))
        for judges, attributes in ((("gpt-4o",), ("Safety",)), (STUDY.judge_keys, STUDY.attribute_names))
    )
    rows = every.query("judge == 'gpt-4o' and attribute == 'Safety'").reset_index(drop=True)
    pd.testing.assert_frame_equal(one, rows)


def test_a_reply_with_a_rating_off_the_scale_was_not_left_out_by_the_experts() -> None:
    ratings = pd.DataFrame({"conversation": range(4), "model": MODEL, "human": [3, np.nan, 0, np.nan], "o4-mini": 4})
    ratings = ratings.assign(different=[False, False, False, True])
    counts = counts_of(ratings)
    study = STUDY.with_judges(["o4-mini"])
    found = judged_alone(study, counts, SETTINGS, selected(("o4-mini",)))
    assert found["cluster"].tolist() == [1]
    kept = replace(SETTINGS, contexts="kept")
    assert judged_alone(study, counts, kept, selected(("o4-mini",)))["cluster"].tolist() == [1, 3]


# The release


def cells(folder: Path, file: str, prefix: str, attribute: str) -> pd.DataFrame:
    """Ratings of one attribute by row and column, by pandas and strict JSON alone."""
    book = pd.read_excel(folder / file, engine="calamine")
    book.columns = book.columns.str.strip()

    def rating(cell: object) -> float:
        try:
            value = json.loads(re.sub(r"^```(?:json)?|```$", "", str(cell).strip()))[attribute]
            return np.nan if value is None else float(value)
        except (ValueError, KeyError, TypeError):
            return np.nan

    found = pd.DataFrame({key: book[f"{prefix}_{suffix}"].map(rating) for suffix, key in SUFFIX.items()})
    # The experts' row of conversation 430 is a copy of the one before it.
    return found.drop(index=429)


@pytest.mark.slow
def test_multipliers_of_the_release_are_the_closed_form_over_its_workbooks(
    release_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--source", str(release_folder), "--preset", "paper", "--judge", "gpt-4o", "--attribute", "Safety"]
    rows = from_command_line(capsys, "worth", *options, "--resamples", "20").set_index("model")
    experts = cells(release_folder, "Human_judge.xlsx", "human_response", "Safety")
    judge = cells(release_folder, "gpt-4o_llm_judge.xlsx", "judge_response", "Safety")
    assert set(rows.index) == {*STUDY.system_keys, ALL} - {"gpt-4o"}
    for key in set(rows.index) - {ALL}:
        both = pd.DataFrame({"human": experts[key], "judge": judge[key]}).dropna()
        assert rows.loc[key, "n_pairs"] == len(both)
        assert rows.loc[key, "n_alone"] == (experts[key].isna() & judge[key].notna()).sum()
        if both["judge"].min() == both["judge"].max():
            assert rows.loc[key, "multiplier"] == 1
            continue
        follows = max(both["human"].corr(both["judge"]), 0)
        slope = both.cov().loc["human", "judge"] / both["judge"].var() / 1.1
        if slope <= 1:
            assert rows.loc[key, "multiplier"] == pytest.approx(1 / (1 - follows**2 / 1.1), rel=1e-9)


def test_the_median_judge_on_the_snapshot_is_worth_two_ratings_of_a_hundred() -> None:
    rows = table("worth", SETTINGS)
    single = rows[rows["model"] != ALL]
    assert len(single) == 4 * 7 * 9
    assert single["multiplier"].median() == pytest.approx(1.022, abs=0.001)
    assert single["multiplier"].quantile([0.05, 0.95]).tolist() == pytest.approx([1.0, 1.68], abs=0.01)
    said_of_all = worth_finding(STUDY, rows, SETTINGS)
    assert "the judge's ratings are worth 2 further expert ratings (median of 252 combinations" in said_of_all


# Settings and the command line


def test_the_plan_is_checked_and_follows_no_preset() -> None:
    assert PLAN == ("labelled", "unlabelled")
    assert [
        (each.labelled, each.unlabelled) for each in map(partial(Settings.of, STUDY), ("paper", "recommended"))
    ] == [(100, 1000)] * 2
    with pytest.raises(
        SettingsError, match="labelled: 1 is not allowed; allowed are whole numbers from 2 to 1,000,000"
    ):
        Settings.of(STUDY, labelled=1)
    with pytest.raises(SettingsError, match="unlabelled: 0 is not allowed; allowed are whole numbers from 1 to"):
        Settings.of(STUDY, unlabelled=0)


def test_the_command_line_takes_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    cell = ["--judge", "gpt-4o", "--attribute", "Safety", "--resamples", "20"]
    rows = from_command_line(capsys, "worth", *cell, "--labelled", "50", "--unlabelled", "300")
    assert list(rows.columns) == list(COLUMNS)
    assert set(zip(rows["labelled"], rows["unlabelled"], strict=True)) == {(50, 300)}
    assert main(["worth", "--source", "snapshot", "--labelled", "1"]) == 2
    assert "argument --labelled: '1' is not allowed; allowed are whole numbers from 2" in capsys.readouterr().err


# Chart and page


def test_the_chart_draws_intervals_from_zero_and_systems_beside_them() -> None:
    rows = table("worth", SETTINGS)
    before = rows.copy()
    spec = gained_forest(STUDY, rows).to_dict()
    pd.testing.assert_frame_equal(rows, before)
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks == ["rule", "point", "tick"]
    drawn = {layer["mark"]["type"]: layer for layer in spec["layer"]}
    assert drawn["point"]["encoding"]["x"]["scale"]["domainMin"] == 0
    assert (drawn["rule"]["encoding"]["x"]["field"], drawn["rule"]["encoding"]["x2"]["field"]) == (
        "gained_low",
        "gained_high",
    )
    assert (
        drawn["point"]["encoding"]["color"]["scale"]["domain"] == drawn["point"]["encoding"]["shape"]["scale"]["domain"]
    )
    assert sorted(len(data) for data in spec["datasets"].values()) == [28, 252]


@pytest.fixture
def page(open_page: OpenPage) -> Callable[..., object]:
    return partial(open_page, "your_study/worth", preset="recommended")


@pytest.mark.slow
def test_the_page_shows_the_worth_under_the_readers_plan(page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    expected = from_command_line(capsys, "worth", *RECOMMENDED, "--labelled", "50", "--unlabelled", "3000")
    app = page(labelled="50", unlabelled="3000", cell_judge="gpt-4o", cell_attribute="Safety")
    settings = Settings.of(STUDY, labelled=50, unlabelled=3000)
    words = said(app)
    assert "With 50 expert ratings of a system and 3,000 more by the judge alone" in words
    for finding in (worth_finding, gained_finding):
        assert finding(STUDY, expected, settings) in words
    rows = expected.query("judge == 'gpt-4o' and attribute == 'Safety'")
    assert corrected_finding(STUDY, rows) in words
    single = expected.query("model != ''")["gained"]
    assert sorted(charted(app)[0]["gained"]) == pytest.approx(sorted(single))
    grid = next(frame.value for frame in app.dataframe if "powered_mean" in frame.value)
    assert grid["powered_mean"].tolist() == pytest.approx(rows["powered_mean"].tolist())
    assert grid["model"].tolist()[-1] == "All"
    assert page(labelled="51").select_slider(key="labelled").value == "100"
