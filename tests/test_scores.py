"""Attribute means, CSS, ARS, averages and ranks are those of plain pandas, and of tables checked by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import statsmodels.api as sm
from numpy.testing import assert_allclose

from analysis.decisions.scores import measures, rank_table, score_intervals, score_table
from analysis.outputs.registry import TABLES
from analysis.ratings.pairs import ratings_of_each
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from data.study import HUMAN
from tests.spec import KEYS, counts_of, example, selected

PARTS = measures(STUDY)
COLUMNS = TABLES["scores"].columns(STUDY)


def intervals_of(counts: pd.DataFrame, attributes: tuple[str, ...] = STUDY.attribute_names) -> pd.DataFrame:
    """Means of all raters with intervals, nothing excluded."""
    judges = tuple(counts["judge"].cat.categories)
    return score_intervals(
        STUDY,
        ratings_of_each(
            STUDY, counts, Settings.of(STUDY, "paper", exclude="none"), selected(judges, STUDY.system_keys, attributes)
        ),
    )


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return ratings_of_each(STUDY, load_snapshot().counts, Settings.of(STUDY), Selection.of(STUDY))


def by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Means of single rows by rater, model (rows) and attribute (columns), scores as means of means."""
    rows = frame.loc[frame.index.repeat(frame["n"])]
    wide = rows.groupby(["rater", "model", "attribute"], observed=True)["rating"].mean().unstack()
    for score, parts in PARTS.items():
        wide[score] = wide[list(parts)].mean(axis=1)
    return wide


# The two scores


def test_parts_of_the_scores() -> None:
    assert PARTS["css"] == ("Guidance", "Informativeness", "Relevance", "Safety")
    assert PARTS["ars"] == ("Empathy", "Helpfulness", "Understanding")
    assert set(PARTS["average"]) == {*PARTS["css"], *PARTS["ars"]}


def test_worked_example_of_the_scores() -> None:
    counts, expected = example("The two scores")
    table = score_table(STUDY, intervals_of(counts)).set_index("rater")
    for row in expected.to_dict("records"):
        ours = table.loc[KEYS[row["Rater"]], ["css", "ars", "average"]]
        assert ours.tolist() == pytest.approx([row["CSS"], row["ARS"], row["Average"]], abs=5e-4)


def test_table_equals_pandas_on_single_rows(frame: pd.DataFrame) -> None:
    table = score_table(STUDY, score_intervals(STUDY, frame))
    assert list(table.columns) == COLUMNS
    expected = by_pandas(frame)
    assert len(table) == len(expected) == 10 + 4 * 9
    for row in table.to_dict("records"):
        same = expected.loc[(row["rater"], row["model"]), COLUMNS[2:]]
        assert_allclose([row[name] for name in COLUMNS[2:]], same, rtol=1e-12)


def test_rows_stand_in_the_order_of_the_benchmark_without_excluded_models(frame: pd.DataFrame) -> None:
    table = score_table(STUDY, score_intervals(STUDY, frame))
    expected = [
        (rater, model)
        for rater, model in itertools.product((HUMAN, *STUDY.judge_keys), STUDY.system_keys)
        if rater == HUMAN or model not in STUDY.judge(rater).own
    ]
    assert list(zip(table["rater"], table["model"], strict=True)) == expected


@pytest.mark.parametrize("left_out", ["Guidance", "Empathy"])
def test_a_score_without_all_its_attributes_is_undefined(left_out: str) -> None:
    counts, _ = example("The two scores")
    attributes = tuple(name for name in STUDY.attribute_names if name != left_out)
    table = score_table(STUDY, intervals_of(counts, attributes))
    assert list(table.columns) == COLUMNS
    gone = {"Guidance": ["Guidance", "css", "average"], "Empathy": ["Empathy", "ars", "average"]}[left_out]
    assert table[gone].isna().all(axis=None)
    assert table.drop(columns=gone).notna().all(axis=None)


def test_a_score_is_undefined_for_a_model_that_lacks_ratings_on_one_attribute() -> None:
    counts, _ = example("The two scores")
    counts.loc[(counts["judge"] == "gpt-4o") & (counts["attribute"] == "Safety"), "rating"] = np.nan
    table = score_table(STUDY, intervals_of(counts)).set_index("rater")
    assert table.loc["gpt-4o", ["Safety", "css", "average"]].isna().all()
    assert table.loc["gpt-4o", "ars"] == 4
    assert table.loc[HUMAN, "css"] == 2.5


def test_without_ratings_the_table_is_empty() -> None:
    table = score_table(STUDY, intervals_of(load_snapshot().counts.iloc[:0]))
    assert table.empty
    assert list(table.columns) == COLUMNS


# Intervals


def by_conversation(seed: int) -> pd.DataFrame:
    """Invented ratings of one model in 30 conversations on all attributes, those of a conversation alike."""
    random = np.random.default_rng(seed)
    rows = [
        (conversation, "qwen-3-4b", attribute, rating)
        for conversation in range(30)
        for attribute, rating in zip(
            STUDY.attribute_names, np.clip(np.rint(random.normal(3, 1) + random.normal(0, 0.7, 7)), 1, 5), strict=True
        )
    ]
    ratings = pd.DataFrame(rows, columns=["conversation", "model", "attribute", "human"])
    return ratings.assign(**{"gpt-4o": ratings["human"]})


@pytest.mark.parametrize("measure", ["Safety", *PARTS])
def test_interval_is_that_of_the_mean_over_conversations(measure: str) -> None:
    """With every attribute rated, a score is the mean over conversations of each conversation's mean."""
    ratings = by_conversation(seed=3)
    table = intervals_of(counts_of(ratings))
    row = table[(table["rater"] == HUMAN) & (table["measure"] == measure)].iloc[0]
    wide = ratings.pivot(index="conversation", columns="attribute", values="human")
    means = wide[list(PARTS.get(measure, (measure,)))].mean(axis=1).to_numpy()
    fit = sm.OLS(means, np.ones(30)).fit()
    assert row["mean"] == pytest.approx(means.mean())
    assert_allclose(row[["low", "high"]].astype(float), fit.conf_int()[0], rtol=0, atol=1e-9)
    assert row["n"] == 30 * len(PARTS.get(measure, (measure,)))


def test_interval_of_a_score_rests_on_the_conversations_with_any_of_its_attributes() -> None:
    """Safety is rated in 20 of 30 conversations: its deviations are of 20, those of CSS of 30."""
    ratings = by_conversation(seed=4)
    ratings.loc[(ratings["attribute"] == "Safety") & (ratings["conversation"] >= 20), "human"] = np.nan
    table = intervals_of(counts_of(ratings)).set_index(["rater", "measure"]).loc[HUMAN]
    wide = ratings.pivot(index="conversation", columns="attribute", values="human")[list(PARTS["css"])]
    deviations = ((wide - wide.mean()) / wide.count()).fillna(0).mean(axis=1)
    half = scipy.stats.t.ppf(0.975, 29) * np.sqrt(30 / 29 * (deviations**2).sum())
    assert table.loc["css", "mean"] == pytest.approx(wide.mean().mean())
    assert tuple(table.loc["css", ["low", "high"]]) == pytest.approx(
        (wide.mean().mean() - half, wide.mean().mean() + half)
    )
    safety = wide["Safety"].dropna().to_numpy()
    assert_allclose(
        table.loc["Safety", ["low", "high"]].astype(float), sm.OLS(safety, np.ones(20)).fit().conf_int()[0], atol=1e-9
    )


def test_a_single_conversation_has_means_and_no_intervals() -> None:
    table = intervals_of(example("The two scores")[0])
    assert table["mean"].notna().all()
    assert table[["low", "high"]].isna().all(axis=None)


# Ranks


def test_worked_example_of_ranks() -> None:
    counts, expected = example("Ranks")
    ranks = rank_table(intervals_of(counts, ("Safety",)), "Safety").set_index(["rater", "model"])
    assert len(ranks) == len(expected)
    for row in expected.to_dict("records"):
        assert ranks.loc[(KEYS[row["Rater"]], KEYS[row["Model"]]), ["rank", "ranked"]].tolist() == [
            row["Rank"],
            row["ranked"],
        ]


def test_equal_scores_tie_whatever_order_they_were_added_in() -> None:
    """Sums of the same three numbers forwards and backwards can differ in the last digit."""
    means = {"qwen-3-4b": (1.0, 1.2, 1.6), "qwen-2.5-7b": (1.6, 1.2, 1.0), "llama-3.1-8b": (1.0, 1.0, 1.0)}
    assert len({float(np.mean(values)) for values in means.values()}) == 3
    rows = [
        (1, model, attribute, value)
        for model, values in means.items()
        for attribute, value in zip(PARTS["ars"], values, strict=True)
    ]
    ratings = pd.DataFrame(rows, columns=["conversation", "model", "attribute", "human"])
    ranks = rank_table(intervals_of(counts_of(ratings.assign(**{"gpt-4o": 3})), PARTS["ars"]), "ars")
    assert ranks.loc[ranks["rater"] == HUMAN].set_index("model")["rank"].to_dict() == {
        "qwen-3-4b": 1,
        "qwen-2.5-7b": 1,
        "llama-3.1-8b": 3,
    }


def test_a_judge_ranks_one_model_fewer_when_its_own_is_left_out(frame: pd.DataFrame) -> None:
    ranks = rank_table(score_intervals(STUDY, frame), "average")
    assert ranks.groupby("rater")["ranked"].first().to_dict() == {HUMAN: 10, **dict.fromkeys(STUDY.judge_keys, 9)}
    assert ranks.groupby("rater")["rank"].max().eq(ranks.groupby("rater")["ranked"].first()).all()


def test_ranks_of_a_score_that_is_undefined_are_none() -> None:
    counts, _ = example("Ranks")
    assert rank_table(intervals_of(counts, ("Safety",)), "css").empty
