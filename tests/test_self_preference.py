"""Own models against the rest: the regression on an indicator with clustered errors, and Holm, by statsmodels."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import kstest
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests

from analysis.bias.self_preference import COLUMNS, self_preference_table
from analysis.inference.multiplicity import holm
from analysis.outputs.registry import table_of
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import counts_of, selected

MAKER = {system.key: system.maker for system in STUDY.systems}

OWN = Settings.of(STUDY, "recommended")
FAMILY = Settings.of(STUDY, "recommended", exclude="family")
ALL = Settings.of(STUDY, "recommended", exclude="none")
COUNTS = load_snapshot().counts
FIGURES = ["human_own", "human_rest", "bias_own", "bias_rest", "contrast", "others", "excess"]


def rows_of(judge: str, attribute: str, *, own_alone: bool, rater: str | None = None) -> pd.DataFrame:
    """Single rows, ``own`` being 1 for the own models of ``judge`` and 0 for the rest, as ``rater`` rates them."""
    frame = pairs(STUDY, COUNTS, ALL, selected((rater or judge,), attributes=(attribute,)))
    of_maker = frame["model"].map(lambda key: MAKER[key]).astype(str) == STUDY.judge(judge).maker
    own = frame["model"].isin(STUDY.judge(judge).own) if own_alone else of_maker
    frame = frame.assign(own=own.astype(float), difference=frame["rating"] - frame["human"])[own | ~of_maker]
    return frame.loc[frame.index.repeat(frame["n"])]


@pytest.mark.parametrize("own_alone", [True, False])
@pytest.mark.parametrize(("judge", "attribute"), [*product(STUDY.judge_keys, ["Safety"]), ("o4-mini", "Empathy")])
def test_contrast_is_the_regression_on_an_indicator(judge: str, attribute: str, own_alone: bool) -> None:
    table = self_preference_table(STUDY, COUNTS, OWN if own_alone else FAMILY, Selection.of(STUDY)).set_index(
        ["judge", "attribute"]
    )
    rows, row = rows_of(judge, attribute, own_alone=own_alone), table.loc[(judge, attribute)]
    groups = {"groups": rows["cluster"].to_numpy()}
    model = sm.OLS(rows["difference"].to_numpy(), sm.add_constant(rows["own"].to_numpy()))
    fit = model.fit(cov_type="cluster", cov_kwds=groups, use_t=True)
    # statsmodels also corrects for the degrees of freedom of two coefficients; means of ratings have no such term.
    error = fit.bse[1] * np.sqrt((len(rows) - 2) / (len(rows) - 1))
    df = rows["cluster"].nunique() - 1
    half = student.ppf(0.975, df) * error
    assert tuple(row[["contrast", "contrast_low", "contrast_high"]]) == pytest.approx(
        (fit.params[1], fit.params[1] - half, fit.params[1] + half), abs=1e-10
    )
    assert (row["n_own"], row["n_rest"]) == ((rows["own"] == 1).sum(), (rows["own"] == 0).sum())
    for group, name in ((1, "own"), (0, "rest")):
        side = rows[rows["own"] == group]
        assert row[f"bias_{name}"] == pytest.approx(side["difference"].mean(), abs=1e-10)
        assert row[f"human_{name}"] == pytest.approx(side["human"].mean(), abs=1e-10)


@pytest.mark.parametrize("judge", STUDY.judge_keys)
def test_others_are_the_judges_of_other_makers_on_the_same_models(judge: str) -> None:
    """The excess over one other judge is the interaction of own models with the judge, in one regression."""
    row = (
        self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
        .set_index(["judge", "attribute"])
        .loc[(judge, "Guidance")]
    )
    others = [other for other in STUDY.judge_keys if STUDY.judge(other).maker != STUDY.judge(judge).maker]
    contrasts = []
    for other in others:
        means = rows_of(judge, "Guidance", own_alone=True, rater=other).groupby("own")["difference"].mean()
        contrasts.append(means[1.0] - means[0.0])
    assert row["others"] == pytest.approx(np.mean(contrasts), abs=1e-10)
    assert row["excess"] == pytest.approx(row["contrast"] - np.mean(contrasts), abs=1e-10)

    two = self_preference_table(STUDY, COUNTS, OWN, selected((judge, others[0]))).set_index(["judge", "attribute"])
    rows = pd.concat([rows_of(judge, "Guidance", own_alone=True, rater=rater) for rater in (judge, others[0])])
    mine = (rows["judge"].astype(str) == judge).to_numpy(float)
    own = rows["own"].to_numpy()
    model = sm.OLS(rows["difference"].to_numpy(), np.column_stack([np.ones_like(own), own, mine, own * mine]))
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": rows["cluster"].to_numpy()})
    error = fit.bse[3] * np.sqrt((len(rows) - 4) / (len(rows) - 1))
    half = student.ppf(0.975, rows["cluster"].nunique() - 1) * error
    found = two.loc[(judge, "Guidance")]
    assert tuple(found[["excess_low", "excess_high"]]) == pytest.approx(
        (fit.params[3] - half, fit.params[3] + half), abs=1e-10
    )
    t = abs(fit.params[3] / error)
    assert found["p"] == pytest.approx(2 * student.sf(t, rows["cluster"].nunique() - 1), rel=1e-6, abs=1e-300)


def test_one_row_for_each_judge_and_attribute_and_no_panel() -> None:
    table = self_preference_table(STUDY, COUNTS, OWN, selected(panel=("gpt-4o",)))
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["judge"], table["attribute"], strict=True)) == list(
        product(STUDY.judge_keys, STUDY.attribute_names)
    )
    assert self_preference_table(STUDY, COUNTS, OWN, selected(judges=(), panel=("gpt-4o",))).empty


def test_who_is_own_follows_what_is_excluded_and_own_models_are_always_compared() -> None:
    safety = selected(("o4-mini",), attributes=("Safety",))
    rows = {each.exclude: self_preference_table(STUDY, COUNTS, each, safety).iloc[0] for each in (OWN, FAMILY, ALL)}
    assert rows["own"]["n_own"] == 981
    assert rows["family"]["n_own"] == rows["none"]["n_own"] == 981 + 979
    assert rows["own"]["n_rest"] == rows["family"]["n_rest"] == rows["none"]["n_rest"]
    with_original, without = (
        self_preference_table(STUDY, COUNTS, Settings.of(STUDY, "recommended", original=original), safety).iloc[0]
        for original in ("counted", "left-out")
    )
    assert with_original["n_rest"] > without["n_rest"]
    assert with_original["n_own"] == without["n_own"]


def made(own: list[float], rest: list[float], others: tuple[list[float], list[float]] | None = None) -> pd.Series:
    """One own model and one other, a conversation for each rating; the experts give 3 to all.

    ``others`` are the ratings of the same replies by a judge of another maker.
    """
    ratings = pd.DataFrame(
        {
            "conversation": [*range(len(own)), *range(len(rest))],
            "model": ["gpt-4o"] * len(own) + ["original"] * len(rest),
            "human": 3.0,
            "gpt-4o": [*own, *rest],
        }
    )
    judges: tuple[str, ...] = ("gpt-4o",)
    if others:
        ratings["claude-3.7-sonnet"] = [*others[0], *others[1]]
        judges = ("claude-3.7-sonnet", "gpt-4o")
    table = self_preference_table(
        STUDY, counts_of(ratings), OWN, selected(judges, STUDY.system_keys, ("Safety",))
    ).set_index("judge")
    return table.loc["gpt-4o"]


def test_a_small_example() -> None:
    row = made([5, 4], [3, 4])
    assert row[["bias_own", "bias_rest", "contrast", "n_own", "n_rest"]].tolist() == [1.5, 0.5, 1, 2, 2]
    # Deviations of the two conversations: (0.5 / 2 - (-0.5) / 2) and its reverse, so the error is sqrt(2 x 2 x 0.25).
    assert row["contrast_high"] - 1 == pytest.approx(student.ppf(0.975, 1) * 1)


def test_p_is_of_the_excess_alone() -> None:
    alone, beside = made([5, 4], [3, 4]), made([5, 4], [3, 4], ([4, 4], [3, 3]))
    assert alone["contrast"] == beside["contrast"] == 1
    # Without a judge of another maker there is no excess, and so no test, however large the contrast.
    assert alone[["others", "excess", "excess_low", "excess_high", "p", "p_adjusted"]].isna().all()
    # The other judge's contrast is 1 in both conversations, and adds no error.
    assert (beside["others"], beside["excess"], beside["p"], beside["p_adjusted"]) == (1, 0, 1, 1)
    lower = made([5, 4], [3, 4], ([3, 3], [3, 3]))
    assert (lower["others"], lower["excess"]) == (0, 1)
    assert lower["p"] == pytest.approx(2 * student.sf(1, 1))


def test_what_is_undefined() -> None:
    for own, rest in (([], [3, 4]), ([5, 4], [])):
        row = made(own, rest, ([3.0] * len(own), [3.0] * len(rest)))
        assert row[["contrast", "contrast_low", "excess", "p", "p_adjusted"]].isna().all()
    single = made([5], [3], ([3], [3]))
    assert (single["contrast"], single["excess"]) == (2, 2)
    assert single[["contrast_low", "contrast_high", "excess_low", "p", "p_adjusted"]].isna().all()
    constant = made([3, 3], [3, 3], ([4, 4], [4, 4]))
    assert (constant["contrast"], constant["contrast_low"], constant["contrast_high"]) == (0, 0, 0)
    assert np.isnan(constant["p"])
    assert made([4, 4], [3, 3], ([3, 3], [3, 3]))["p"] == 0


@pytest.mark.parametrize("judges", [("o4-mini",), ("gpt-4o", "claude-3.7-sonnet"), ()])
def test_p_stays_and_is_adjusted_for_the_rows_that_are_chosen(judges: tuple[str, ...]) -> None:
    every = table_of("self-preference", load_snapshot(), OWN, Selection.of(STUDY)).set_index(["judge", "attribute"])
    chosen = Selection.of(STUDY, judges, attributes=("Guidance", "Helpfulness"))
    some = table_of("self-preference", load_snapshot(), OWN, chosen).set_index(["judge", "attribute"])
    assert len(some) == 2 * (len(judges) or 4)
    pd.testing.assert_series_equal(some["p"], every.loc[some.index, "p"], check_exact=True)
    assert_allclose(some["p_adjusted"], multipletests(some["p"], method="holm")[1], rtol=1e-12)
    assert_allclose(every["p_adjusted"], multipletests(every["p"], method="holm")[1], rtol=1e-12)
    if judges:
        assert (some["p_adjusted"] < every.loc[some.index, "p_adjusted"]).any()


def null_ratings(draw: np.random.Generator, conversations: int = 40) -> pd.DataFrame:
    """Two judges as kind to every model as each other, both kinder to GPT-4o by half a point; replies hang together."""
    models = ("gpt-4o", "original", "qwen-3-4b")
    frames = []
    for attribute in STUDY.attribute_names:
        of_conversation = draw.normal(0, 0.5, conversations)
        frame = pd.DataFrame(
            {
                "conversation": np.tile(np.arange(conversations), len(models)),
                "model": np.repeat(models, conversations),
                "attribute": attribute,
                "human": 3.0,
            }
        )
        for judge in ("claude-3.7-sonnet", "gpt-4o"):
            own = draw.normal(0, 0.5, conversations)
            frame[judge] = (
                3.0
                + 0.5 * (frame["model"] == "gpt-4o")
                + np.tile(of_conversation + own, len(models))
                + np.where(frame["model"] == "gpt-4o", np.tile(draw.normal(0, 0.5, conversations), len(models)), 0)
                + draw.normal(0, 0.5, len(frame))
            )
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


@pytest.mark.slow
def test_p_of_the_excess_is_uniform_where_there_is_none() -> None:
    """1,400 tests of a true null: the contrast is half a point for both judges, the excess zero."""
    draw, settings = np.random.default_rng(11), Settings.of(STUDY, "paper", contexts="left-out")
    found = []
    for _ in range(200):
        table = self_preference_table(STUDY, counts_of(null_ratings(draw)), settings, Selection.of(STUDY))
        found.append(table[table["judge"] == "gpt-4o"])
    every = pd.concat(found)
    assert len(every) == 1400
    assert kstest(every["p"], "uniform").pvalue > 0.01
    # Three Monte-Carlo errors around 5%.
    assert (every["p"] < 0.05).mean() == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 1400))
    # A test of the contrast would find favour where there is none.
    assert (every["contrast_low"] > 0).mean() > 0.9


def test_order_of_rows_and_a_constant_move_no_contrast() -> None:
    table = self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
    shuffled = self_preference_table(STUDY, COUNTS.sample(frac=1, random_state=1), OWN, Selection.of(STUDY))
    pd.testing.assert_frame_equal(table, shuffled)
    others = ([3.0, 3.0, 2.0], [3.0, 2.0, 2.0])
    ours, kinder = made([4, 2, 3], [1, 2, 2], others), made([5, 3, 4], [2, 3, 3], others)
    assert kinder["bias_own"] == ours["bias_own"] + 1
    for name in ("contrast", "contrast_low", "excess", "p"):
        assert kinder[name] == pytest.approx(ours[name])


@given(st.lists(st.sampled_from([*np.linspace(0, 1, 41), np.nan]), max_size=12))
@pytest.mark.slow
def test_holm_is_that_of_statsmodels(values: list[float]) -> None:
    p = np.array(values, dtype=float)
    known = np.isfinite(p)
    found = holm(p)
    assert np.isnan(found[~known]).all()
    if known.any():
        assert_allclose(found[known], multipletests(p[known], method="holm")[1], rtol=1e-12)


def test_snapshot_and_release_have_the_same_figures(released: Ratings) -> None:
    table = self_preference_table(STUDY, count_pairs(released), OWN, Selection.of(STUDY))
    ours = self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
    assert_allclose(table[[*FIGURES, "n_own", "n_rest"]], ours[[*FIGURES, "n_own", "n_rest"]], atol=1e-12)
    assert not np.allclose(table["contrast_low"], ours["contrast_low"])


def test_claude_exceeds_other_judges_on_its_own_model_everywhere_and_o4_mini_on_four_attributes() -> None:
    table = self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
    kinder = table[(table["p_adjusted"] < 0.05) & (table["excess"] > 0)]
    assert kinder.groupby("judge").size().to_dict() == {"claude-3.7-sonnet": 7, "o4-mini": 4, "gemini-2.5-flash": 2}
    row = table.set_index(["judge", "attribute"]).loc[("o4-mini", "Guidance")]
    assert row["contrast"] == pytest.approx(-0.011, abs=0.001)
    assert row["excess"] == pytest.approx(0.198, abs=0.001)
