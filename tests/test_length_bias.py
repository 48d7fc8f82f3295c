"""Length: the slope within systems is that of a regression with dummies and clustered errors, by statsmodels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import kstest
from statsmodels.stats.multitest import multipletests

from analysis.__main__ import main
from analysis.bias.length_bias import (
    COLUMNS,
    FEWEST_CONVERSATIONS,
    FEWEST_LENGTHS,
    adjusted,
    length_bias_table,
)
from analysis.charts.length_bias import length_forest, length_of_models
from analysis.findings.length_bias import length_finding, model_length_finding
from analysis.outputs.registry import TABLES, table_of
from analysis.ratings.needs import NeedsConversationsError, NeedsRepliesError
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from analysis.wording import terms
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot
from data.study import ALL_SYSTEMS
from tests.made_lengths import with_made_lengths
from tests.made_release import make_release, write_workbooks
from tests.spec import counts_of, selected

SLOPES = ["length_slope", "human_length_slope", "judge_length_slope"]
PAPER = Settings.of(STUDY, "paper")


def made_table(ratings: pd.DataFrame, *judges: str) -> pd.DataFrame:
    """Make the table of plain rows with ``words``: every number counts, own systems too."""
    settings = Settings.of(STUDY, "paper", exclude="none")
    models = tuple(key for key in STUDY.system_keys if key in set(ratings["model"]))
    chosen = selected(judges or ("gpt-4o",), models, ("Safety",))
    lengths = ratings[["conversation", "model", "words"]].rename(columns={"conversation": "cluster"}).dropna()
    return length_bias_table(pairs(STUDY, counts_of(ratings.drop(columns="words")), settings, chosen), lengths)


def over_all(ratings: pd.DataFrame) -> pd.Series:
    """Give the row over all models."""
    table = made_table(ratings)
    return table[table["model"] == ALL_SYSTEMS].iloc[0]


def replies(conversations: int = 60, seed: int = 1, models: tuple[str, ...] = STUDY.system_keys[:4]) -> pd.DataFrame:
    """Make up replies: models differ in length and quality, messages in both, and some replies are not rated."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "conversation": np.tile(np.arange(conversations), len(models)),
            "model": np.repeat(models, conversations),
        }
    )
    place = frame["model"].map({model: place for place, model in enumerate(models)}).to_numpy()
    message = draw.normal(0, 0.5, conversations)[frame["conversation"]]
    size = 4 + 0.4 * place + 0.3 * message + draw.normal(0, 0.4, len(frame))
    noise = draw.normal(0, 0.5, conversations)[frame["conversation"]]
    return frame.assign(
        words=np.exp(size).round(),
        human=3 + 0.3 * place + noise + draw.normal(0, 0.6, len(frame)),
        **{"gpt-4o": 3.5 + 0.2 * place + noise + message + 0.2 * size + draw.normal(0, 0.5, len(frame))},
    )[draw.random(len(frame)) < 0.9]


# Against known values


def test_a_small_example() -> None:
    """Two models, 20 messages: replies of 64 and of 128 words in turn. The judge adds a point to every long one."""
    long = np.tile([0, 1], 20)
    ratings = pd.DataFrame(
        {
            "conversation": np.tile(np.arange(20), 2),
            "model": ["gpt-4o"] * 20 + ["original"] * 20,
            "words": np.where(long, 128, 64),
            "human": np.repeat([2.0, 4.0], 20),
        }
    )
    ratings["gpt-4o"] = ratings["human"] + long
    row = over_all(ratings)
    assert row[["n_pairs", "n_conversations"]].tolist() == [40, 20]
    assert row[["words_q1", "words_median", "words_q3"]].tolist() == [64, 96, 128]
    # One doubling, one point; the experts tell models apart and not lengths.
    assert row[SLOPES].tolist() == pytest.approx([1, 0, 1])
    assert row["length_slope_high"] - row["length_slope_low"] == pytest.approx(0, abs=1e-12)


def test_a_judge_that_adds_points_for_each_doubling_has_that_slope() -> None:
    ratings = replies()
    ratings["gpt-4o"] = ratings["human"] + 0.3 * np.log2(ratings["words"])
    table = made_table(ratings)
    assert len(table) == 5
    assert_allclose(table["length_slope"], 0.3, atol=1e-12)
    assert_allclose(table["length_slope_high"] - table["length_slope_low"], 0, atol=1e-9)
    assert_allclose(table["judge_length_slope"] - table["human_length_slope"], 0.3, atol=1e-12)


def test_levels_of_models_are_no_slope() -> None:
    """The judge is kinder to models that write longer replies, and to none of their longer replies."""
    ratings = replies()
    longer = ratings.groupby("model")["words"].transform("mean")
    ratings["gpt-4o"] = ratings["human"] + 0.5 * np.log2(longer)
    assert over_all(ratings)["length_slope"] == pytest.approx(0, abs=1e-12)
    # A line through all replies would see one.
    assert np.polyfit(np.log2(ratings["words"]), ratings["gpt-4o"] - ratings["human"], 1)[0] > 0.1


@pytest.mark.parametrize("outcome", SLOPES)
@pytest.mark.parametrize("model", [ALL_SYSTEMS, *STUDY.system_keys[:4]])
def test_slopes_are_those_of_statsmodels(outcome: str, model: str) -> None:
    ratings = replies()
    row = made_table(ratings).set_index("model").loc[model]
    rows = ratings if model == ALL_SYSTEMS else ratings[ratings["model"] == model]
    judge, human = rows["gpt-4o"], rows["human"]
    y = {SLOPES[0]: judge - human, SLOPES[1]: human, SLOPES[2]: judge}[outcome]
    data = pd.DataFrame({"y": y, "x": np.log2(rows["words"]), "model": rows["model"]})
    formula = "y ~ x + C(model)" if model == ALL_SYSTEMS else "y ~ x"
    groups = rows["conversation"].to_numpy()
    fit = smf.ols(formula, data).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    low, high = fit.conf_int().loc["x"]
    found = row[[outcome, f"{outcome}_low", f"{outcome}_high"]].tolist()
    assert found == pytest.approx([fit.params["x"], low, high], abs=1e-10)
    if outcome == SLOPES[0]:
        assert row["p"] == pytest.approx(fit.pvalues["x"], rel=1e-8)
    assert (row["n_pairs"], row["n_conversations"]) == (len(rows), rows["conversation"].nunique())
    assert row["words_q3"] == np.quantile(rows["words"], 0.75)


@pytest.mark.slow
@pytest.mark.release
def test_a_cell_of_the_release_is_that_of_statsmodels(release_folder: Path) -> None:
    """The ratings are the released ones, the lengths are made up: the replies are no part of the release."""
    dataset = with_made_lengths(load(str(release_folder), Progress()))
    assert dataset.ratings is not None
    table = table_of("length-bias", dataset, Settings.of(STUDY), Selection.of(STUDY))
    row = table.set_index(["judge", "attribute", "model"]).loc[("o4-mini", "Empathy", ALL_SYSTEMS)]
    long = dataset.ratings.long.query("attribute == 'Empathy'").astype({"model": str, "rater": str})
    wide = long.pivot_table(index=["conversation", "model"], columns="rater", values="valid", observed=True)
    wide = wide[["human", "o4-mini"]].dropna().reset_index()
    different = dataset.ratings.different("o4-mini")
    wide = wide[~wide["conversation"].isin(different) & (wide["model"] != "gpt-4o-mini")]
    assert dataset.ratings.lengths is not None
    rows = wide.merge(dataset.ratings.lengths, on=["conversation", "model"])
    data = rows.assign(y=rows["o4-mini"] - rows["human"], x=np.log2(rows["words"]))
    fit = smf.ols("y ~ x + C(model)", data).fit(
        cov_type="cluster", cov_kwds={"groups": rows["conversation"].to_numpy()}, use_t=True
    )
    assert row["n_pairs"] == len(rows)
    ends = row[["length_slope_low", "length_slope_high"]].tolist()
    assert ends == pytest.approx(fit.conf_int().loc["x"].tolist(), abs=1e-9)
    assert row["p"] == pytest.approx(fit.pvalues["x"], rel=1e-6)


# What is undefined


def one_model(words: list[float], conversations: list[int]) -> pd.Series:
    draw = np.random.default_rng(2)
    frame = pd.DataFrame({"conversation": conversations, "model": "original", "words": words, "human": 3.0})
    return over_all(frame.assign(**{"gpt-4o": draw.integers(1, 6, len(frame)).astype(float)}))


def test_too_few_replies_or_conversations_have_no_slope() -> None:
    enough = one_model([50 + place for place in range(FEWEST_LENGTHS)], [*range(FEWEST_LENGTHS)])
    assert enough[SLOPES].notna().all()
    few = one_model([50 + place for place in range(FEWEST_LENGTHS - 1)], [*range(FEWEST_LENGTHS - 1)])
    assert few[[*SLOPES, "length_slope_low", "p", "p_adjusted"]].isna().all()
    assert (few["n_pairs"], few["words_q1"]) == (FEWEST_LENGTHS - 1, 57)
    many = replies(FEWEST_CONVERSATIONS, models=STUDY.system_keys[:5])
    assert over_all(many)[SLOPES].notna().all()
    assert over_all(many[many["conversation"] > 0])[SLOPES].isna().all()


def test_replies_of_one_length_have_no_slope() -> None:
    """Logarithms of 73 differ from their mean by a rounding, which is no difference in length."""
    assert one_model([73] * 40, [*range(40)])[[*SLOPES, "p"]].isna().all()
    ratings = replies()
    ratings["words"] = ratings.groupby("model")["words"].transform("first")
    assert over_all(ratings)[SLOPES].isna().all()


def test_replies_without_a_word_or_without_a_length_are_left_out() -> None:
    ratings = replies()
    without = ratings.assign(words=ratings["words"].where(ratings["conversation"] > 5, 0))
    unknown = ratings.assign(words=ratings["words"].where(ratings["conversation"] > 5))
    rest = ratings[ratings["conversation"] > 5]
    for some in (without, unknown):
        pd.testing.assert_frame_equal(made_table(some), made_table(rest))


def test_a_copy_of_the_experts_has_no_slope_and_no_p() -> None:
    ratings = replies()
    row = over_all(ratings.assign(**{"gpt-4o": ratings["human"]}))
    assert row[["length_slope", "length_slope_low", "length_slope_high"]].tolist() == [0, 0, 0]
    assert np.isnan(row["p"])
    assert row["human_length_slope"] == pytest.approx(row["judge_length_slope"])
    assert row["human_length_slope"] != 0


def test_without_pairs_everything_is_undefined() -> None:
    frame = pairs(STUDY, load_snapshot().counts.iloc[:0], PAPER, Selection.of(STUDY))
    table = length_bias_table(frame, pd.DataFrame({"cluster": [0], "model": ["original"], "words": [5]}))
    assert list(table) == list(COLUMNS)
    assert len(table) == 4 * 7 * 11
    assert table["n_pairs"].eq(0).all()
    assert table[[*SLOPES, "words_median", "p"]].isna().all(axis=None)
    assert table[SLOPES].dtypes.eq(float).all()


# Properties


@given(times=st.integers(2, 9), shift=st.integers(-2, 2), seed=st.integers(0, 99))
def test_unit_of_length_order_of_rows_and_a_constant_move_no_slope(times: int, shift: int, seed: int) -> None:
    ratings = replies(20, seed)
    other = ratings.sample(frac=1, random_state=seed).assign(words=lambda frame: frame["words"] * times)
    other["gpt-4o"] += shift
    before, after = made_table(ratings), made_table(other)
    figures = [name for name in COLUMNS if "slope" in name or name.startswith("p")]
    assert_allclose(after[figures], before[figures], rtol=1e-7, atol=1e-9)
    assert_allclose(before["length_slope"], before["judge_length_slope"] - before["human_length_slope"], atol=1e-9)


def test_single_models_and_all_of_them_are_adjusted_apart() -> None:
    table = made_table(replies())
    single = table["model"] != ALL_SYSTEMS
    assert table.loc[~single, "p_adjusted"].tolist() == table.loc[~single, "p"].tolist()
    expected = multipletests(table.loc[single, "p"], method="holm")[1]
    assert_allclose(table.loc[single, "p_adjusted"], expected, rtol=1e-12)
    pd.testing.assert_frame_equal(adjusted(table), table)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("made")
    write_workbooks(folder, make_release())
    return with_made_lengths(load(str(folder), Progress()))


def test_filters_choose_rows_and_p_is_adjusted_for_these(dataset: Dataset) -> None:
    keys, settings = ["judge", "attribute", "model"], Settings.of(STUDY)
    every = table_of("length-bias", dataset, settings, Selection.of(STUDY)).set_index(keys)
    chosen = Selection.of(STUDY, ["o4-mini"], attributes=["Safety", "Empathy", "Guidance"])
    some = table_of("length-bias", dataset, settings, chosen).set_index(keys)
    assert len(some) == 3 * 11
    same = [name for name in some if name != "p_adjusted"]
    pd.testing.assert_frame_equal(some[same], every.loc[some.index, same], check_exact=True)
    whole = some[some.index.get_level_values("model") == ALL_SYSTEMS]
    assert_allclose(whole["p_adjusted"], multipletests(whole["p"], method="holm")[1], rtol=1e-12)


def test_own_systems_settings_and_panels_are_as_in_every_table(dataset: Dataset) -> None:
    of_judge = Selection.of(STUDY, ["gpt-4o"], attributes=["Safety"])
    n = {
        policy: table_of("length-bias", dataset, Settings.of(STUDY, exclude=policy), of_judge).set_index("model")[
            "n_pairs"
        ]
        for policy in ("none", "own", "family")
    }
    assert n["none"]["gpt-4o"] > 0
    assert n["own"]["gpt-4o"] == 0 < n["own"]["gpt-4o-mini"]
    assert n["family"][["gpt-4o", "gpt-4o-mini"]].eq(0).all()
    kept = table_of("length-bias", dataset, Settings.of(STUDY, contexts="kept"), of_judge).set_index("model")
    assert kept.loc[ALL_SYSTEMS, "n_conversations"] > n["own"].size
    assert kept.loc["original", "n_pairs"] > n["own"]["original"]
    panel = of_judge.with_panel(STUDY, ["gpt-4o", "o4-mini"], "mean")
    assert "panel-mean" in set(TABLES["length-bias"].make(dataset, Settings.of(STUDY), panel)["judge"])


@pytest.mark.slow
def test_p_is_uniform_where_judge_and_experts_move_alike_with_length() -> None:
    """2,000 tests of a true null, as many judges: ratings hang together within messages, and so do lengths."""
    draw, models = np.random.default_rng(4), ("original", "gpt-4o", "qwen-3-4b")
    test, message, place = (axis.ravel() for axis in np.indices((2000, 30, len(models))))
    cluster = test * 30 + message
    of_message = draw.normal(0, 0.5, (2, 2000 * 30))[:, cluster]
    size = 4 + 0.4 * place + 0.6 * of_message[0] + draw.normal(0, 0.4, len(test))
    human = 3 + 0.3 * place + 0.5 * size + draw.normal(0, 0.6, len(test))
    rating = human + 0.4 - 0.2 * place + of_message[1] + draw.normal(0, 0.5, len(test))
    frame = pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(test, [f"judge {number}" for number in range(2000)]),
            "model": pd.Categorical.from_codes(place, models),
            "attribute": pd.Categorical.from_codes(np.zeros_like(test), ["Safety"]),
            "cluster": cluster,
            "n": 1,
            "human": human,
            "rating": rating,
        }
    )
    lengths = pd.DataFrame({"cluster": cluster, "model": np.take(models, place), "words": np.exp(size)})
    table = length_bias_table(frame, lengths)
    p = table.loc[table["model"] == ALL_SYSTEMS, "p"]
    assert kstest(p, "uniform").pvalue > 0.01
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 2000))


# Words and charts


def test_what_is_said() -> None:
    table = made_table(replies())
    whole, single = table[table["model"] == ALL_SYSTEMS], table[table["model"] != ALL_SYSTEMS]
    row = whole.iloc[0]
    said = length_finding(STUDY, whole)
    assert said.startswith(f"GPT-4o on Safety: the bias rises by {row['length_slope']:.2f} of a point per doubling")
    made = row["length_slope"] * np.log2(row["words_q3"] / row["words_q1"])
    assert said.endswith(f"that makes {made:.2f} of a point.")
    several = pd.concat([whole, whole.assign(judge="o4-mini", length_slope=-2.0, p_adjusted=0.2)], ignore_index=True)
    assert "in 1 of 2 pairs of judge and attribute (GPT-4o), and less in none" in length_finding(STUDY, several)
    assert "adjusted for 2 tests" in length_finding(STUDY, several)
    assert "within the replies of" in model_length_finding(STUDY, single, "gpt-4o", "Safety")


def test_what_cannot_be_said_is_said_in_words() -> None:
    table = made_table(replies()).assign(length_slope=np.nan)
    assert length_finding(STUDY, table).startswith("No slope on length can be computed: it takes at least 30 replies")
    assert "no single model's replies" in model_length_finding(STUDY, table, "gpt-4o", "Safety")


def test_the_term_names_the_least_that_it_takes() -> None:
    assert f"fewer than {FEWEST_LENGTHS} replies or {FEWEST_CONVERSATIONS} conversations" in " ".join(
        terms(STUDY)["length_slope"].rest.split()
    )


def test_charts_draw_intervals_and_a_line_at_zero() -> None:
    table = made_table(replies())
    whole, single = table[table["model"] == ALL_SYSTEMS], table[table["model"] != ALL_SYSTEMS]
    for spec, rows in ((length_forest(STUDY, whole).to_dict(), 1), (length_of_models(STUDY, single).to_dict(), 4)):
        zero, bars, points = spec["layer"]
        assert zero["encoding"]["x"]["datum"] == 0
        assert (bars["encoding"]["x"]["field"], bars["encoding"]["x2"]["field"]) == (
            "length_slope_low",
            "length_slope_high",
        )
        assert "shape" in points["encoding"]
        assert len(max(spec["datasets"].values(), key=len)) == rows


# What it needs


def test_blocks_of_conversations_are_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NeedsConversationsError):
        TABLES["length-bias"].make(load_snapshot(), PAPER, Selection.of(STUDY))
    assert main(["length-bias", "--source", "snapshot"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "argument --source: 'snapshot': this table needs single conversations" in said


def test_without_replies_it_is_said_what_it_takes(tmp_path: Path) -> None:
    write_workbooks(tmp_path, make_release(), raters=("human", "gpt-4o"))
    with pytest.raises(
        NeedsRepliesError, match=r"of an own study a column with their texts \(reply\), of the published"
    ):
        TABLES["length-bias"].make(load(str(tmp_path), Progress()), PAPER, Selection.of(STUDY))
