"""Own models against the rest: the regression on an indicator with clustered errors, and Holm, by statsmodels."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests

from analysis.bias.self_preference import COLUMNS, holm, self_preference_table
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
    assert row["p"] == pytest.approx(2 * student.sf(abs(fit.params[1] / error), df), rel=1e-6, abs=1e-300)
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


def made(own: list[float], rest: list[float]) -> pd.Series:
    """One own model and one other, a conversation for each rating; the experts give 3 to all."""
    ratings = pd.DataFrame(
        {
            "conversation": [*range(len(own)), *range(len(rest))],
            "model": ["gpt-4o"] * len(own) + ["original"] * len(rest),
            "human": 3.0,
            "gpt-4o": [*own, *rest],
        }
    )
    return self_preference_table(
        STUDY, counts_of(ratings), OWN, selected(("gpt-4o",), STUDY.system_keys, ("Safety",))
    ).iloc[0]


def test_a_small_example() -> None:
    row = made([5, 4], [3, 4])
    assert row[["bias_own", "bias_rest", "contrast", "n_own", "n_rest"]].tolist() == [1.5, 0.5, 1, 2, 2]
    # Deviations of the two conversations: (0.5 / 2 - (-0.5) / 2) and its reverse, so the error is sqrt(2 x 2 x 0.25).
    assert row["contrast_high"] - 1 == pytest.approx(student.ppf(0.975, 1) * 1)
    assert row["p"] == row["p_adjusted"] == pytest.approx(2 * student.sf(1, 1))
    assert np.isnan(row["others"])
    assert np.isnan(row["excess_low"])


def test_what_is_undefined() -> None:
    for own, rest in (([], [3, 4]), ([5, 4], [])):
        row = made(own, rest)
        assert row[["contrast", "contrast_low", "p", "p_adjusted"]].isna().all()
    single = made([5], [3])
    assert single["contrast"] == 2
    assert single[["contrast_low", "contrast_high", "p", "p_adjusted"]].isna().all()
    constant = made([3, 3], [3, 3])
    assert (constant["contrast"], constant["contrast_low"], constant["contrast_high"]) == (0, 0, 0)
    assert np.isnan(constant["p"])
    assert made([4, 4], [3, 3])["p"] == 0


def test_order_of_rows_and_a_constant_move_no_contrast() -> None:
    table = self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
    shuffled = self_preference_table(STUDY, COUNTS.sample(frac=1, random_state=1), OWN, Selection.of(STUDY))
    pd.testing.assert_frame_equal(table, shuffled)
    ours, kinder = made([4, 2, 3], [1, 2, 2]), made([5, 3, 4], [2, 3, 3])
    assert kinder["bias_own"] == ours["bias_own"] + 1
    for name in ("contrast", "contrast_low", "p"):
        assert kinder[name] == pytest.approx(ours[name])


@given(st.lists(st.sampled_from([*np.linspace(0, 1, 41), np.nan]), max_size=12))
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


def test_claude_alone_is_kinder_to_its_own_model_and_o4_mini_only_against_others() -> None:
    table = self_preference_table(STUDY, COUNTS, OWN, Selection.of(STUDY))
    kinder = table[(table["p_adjusted"] < 0.05) & (table["contrast"] > 0)]
    assert set(kinder["judge"]) == {"claude-3.7-sonnet"}
    row = table.set_index(["judge", "attribute"]).loc[("o4-mini", "Guidance")]
    assert row["contrast"] == pytest.approx(-0.011, abs=0.001)
    assert row["excess"] == pytest.approx(0.198, abs=0.001)
