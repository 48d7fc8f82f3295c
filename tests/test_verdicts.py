"""Verdicts follow their written rules: figures are those of other software, words those of a plain reading."""

import math

import hypothesis
import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from analysis.agreement.anova import MeanSquares
from analysis.bias.false_reassurance import reassurance_table
from analysis.decisions.verdicts import (
    COLUMNS,
    CRITERIA,
    FEWEST_MODELS,
    FEWEST_REPLIES,
    _models_needed,
    basis,
    criteria_table,
    verdict_table,
)
from analysis.outputs.registry import TABLES, table_of
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from analysis.wording.vocabulary import CRITERION, USE, verdict_look
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot
from tests.spec import example, grid, selected

SETTINGS = basis(STUDY, Settings.of(STUDY))
FIGURE = ["value", "value_low", "value_high"]
CELL = ["judge", "attribute"]


@pytest.fixture(scope="module")
def snapshot() -> Dataset:
    return load_snapshot()


@pytest.fixture(scope="module")
def frame(snapshot: Dataset) -> pd.DataFrame:
    return pairs(STUDY, snapshot.counts, SETTINGS, Selection.of(STUDY))


@pytest.fixture(scope="module")
def criteria(frame: pd.DataFrame) -> pd.DataFrame:
    return criteria_table(frame, SETTINGS)


def of(table: pd.DataFrame, criterion: str) -> pd.DataFrame:
    return table[table["criterion"] == criterion].reset_index(drop=True)


def one(frame: pd.DataFrame, settings: Settings = SETTINGS) -> pd.DataFrame:
    """Give the criteria of a frame with one judge and one attribute, by criterion."""
    return criteria_table(frame, settings).set_index("criterion")


def verdict_of(frame: pd.DataFrame, settings: Settings = SETTINGS) -> pd.DataFrame:
    return verdict_table(frame, settings).set_index("use")


def rated(models: int, conversations: int, *, shift: float = 0.0, noise: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Pairs of one judge with experts who spread the models over the scale; whole ratings from 1 to 5."""
    random = np.random.default_rng(seed)
    level = np.linspace(1.5, 4.5, models)[:, None]
    human = level + random.normal(0, 0.7, (models, conversations))
    judge = human + shift + random.normal(0, noise, human.shape)
    return grid(*(np.clip(np.rint(values), 1, 5) for values in (human, judge)))


# Shape


@pytest.mark.slow
def test_rows_are_judges_then_attributes_then_uses_in_the_benchmarks_order(snapshot: Dataset) -> None:
    chosen = selected(("gpt-4o", "o4-mini"), attributes=("Guidance", "Empathy"))
    for table, uses in (
        ("verdicts", [(use, None) for use in USE]),
        ("criteria", [(use, criterion) for use, several in CRITERIA.items() for criterion in several]),
    ):
        made = pairs(STUDY, snapshot.counts, SETTINGS, chosen)
        rows = (verdict_table if table == "verdicts" else criteria_table)(made, SETTINGS)
        assert tuple(rows.columns) == COLUMNS
        assert list(zip(rows["judge"], rows["attribute"], rows["use"], strict=True)) == [
            (judge, attribute, use) for judge in chosen.judges for attribute in chosen.attributes for use, _ in uses
        ]
        if table == "criteria":
            assert rows["criterion"].tolist() == [criterion for _, criterion in uses] * 4


def test_every_use_and_criterion_has_words() -> None:
    assert tuple(CRITERIA) == tuple(USE)
    assert {criterion for several in CRITERIA.values() for criterion in several} == set(CRITERION)


@pytest.mark.slow
def test_a_panel_is_one_more_judge(release_folder: object) -> None:
    chosen = selected(("o4-mini",), attributes=("Guidance", "Safety"), panel=("gpt-4o", "o4-mini"))
    table = TABLES["verdicts"].make(load(str(release_folder), Progress()), Settings.of(STUDY), chosen)
    assert table["judge"].tolist() == ["o4-mini"] * 6 + ["panel-mean"] * 6
    assert table["use"].tolist() == list(USE) * 4
    panel = table[table["judge"] == "panel-mean"].set_index(["attribute", "use"])
    assert panel.loc[("Guidance", "rank"), "n"] == 10
    assert panel["verdict"].notna().all()


@pytest.mark.slow
def test_the_ratings_given_stay_as_they_were(frame: pd.DataFrame) -> None:
    before = frame.copy(deep=True)
    verdict_table(frame, SETTINGS)
    assert_frame_equal(frame, before)


# Figures


# pingouin 0.7 drops columns in place, which pandas 3.1 warns of.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
def test_iccs_of_models_are_pingouins(
    frame: pd.DataFrame, criteria: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)
    rows = frame.loc[frame.index.repeat(frame["n"])]
    for criterion, kind in (("consistency", "ICC(C,1)"), ("agreement", "ICC(A,1)")):
        ours = of(criteria, criterion).set_index(CELL)
        for cell, mine in rows.groupby(CELL, observed=True):
            means = mine.groupby("model", observed=True)[["human", "rating"]].mean()
            long = means.reset_index().astype({"model": str}).melt("model", var_name="rater")
            theirs = pingouin.intraclass_corr(long, "model", "rater", "value").set_index("Type").loc[kind]
            assert_allclose(ours.loc[cell, FIGURE].astype(float), [theirs["ICC"], *theirs["CI95"]], atol=1e-9)
            assert ours.loc[cell, "n"] == len(means) == 9


def test_icc_of_replies_is_that_of_the_command_line(snapshot: Dataset, criteria: pd.DataFrame) -> None:
    asked = Settings.of(STUDY, "recommended", "response")
    printed = TABLES["icc"].make(snapshot, asked, Selection.of(STUDY))
    ours = of(criteria, "reply_agreement")
    assert ours["value"].tolist() == printed["icc_a1"].tolist()
    assert ours["value_low"].tolist() == printed["icc_a1_low"].tolist()
    assert ours["n"].tolist() == printed["n_targets"].tolist()


def test_iccs_and_biases_are_those_of_the_command_line(snapshot: Dataset, criteria: pd.DataFrame) -> None:
    icc = TABLES["icc"].make(snapshot, Settings.of(STUDY, "recommended"), Selection.of(STUDY))
    for criterion, name in (("consistency", "icc_c1"), ("agreement", "icc_a1")):
        printed = icc[[name, f"{name}_low", f"{name}_high"]]
        assert_allclose(of(criteria, criterion)[FIGURE], printed, rtol=0, atol=0)
    inflation = TABLES["inflation"].make(snapshot, Settings.of(STUDY, "recommended"), Selection.of(STUDY))
    assert_allclose(of(criteria, "bias")["value"], inflation["bias"], rtol=1e-12)
    assert of(criteria, "bias")["n"].tolist() == inflation["n_pairs"].tolist()


@pytest.mark.slow
def test_bias_and_its_verdict_are_two_one_sided_tests_of_statsmodels(
    frame: pd.DataFrame, criteria: pd.DataFrame
) -> None:
    ours = of(criteria, "bias").set_index(CELL)
    rows = frame.loc[frame.index.repeat(frame["n"])]
    for cell, mine in rows.groupby(CELL, observed=True):
        difference = (mine["rating"] - mine["human"]).to_numpy()
        fit = sm.OLS(difference, np.ones(len(difference))).fit(
            cov_type="cluster", cov_kwds={"groups": mine["cluster"].to_numpy()}, use_t=True
        )
        assert_allclose(ours.loc[cell, FIGURE].astype(float), [fit.params[0], *fit.conf_int(alpha=0.1)[0]], atol=1e-9)

        def within(margin: float, fit: sm.regression.linear_model.RegressionResultsWrapper = fit) -> bool:
            tests = [(1, fit.t_test(([[1.0]], -margin))), (-1, fit.t_test(([[1.0]], margin)))]
            t = [sign * float(np.squeeze(test.tvalue)) for sign, test in tests]
            two_sided = [float(np.squeeze(test.pvalue)) for _, test in tests]
            return all(at > 0 and p / 2 < 0.05 for at, p in zip(t, two_sided, strict=True))

        expected = "supported" if within(0.25) else "human-checks" if within(0.5) else "not-supported"
        assert ours.loc[cell, "verdict"] == expected


def test_false_reassurance_is_a_count_with_the_interval_of_its_table(
    frame: pd.DataFrame, criteria: pd.DataFrame
) -> None:
    ours = of(criteria, "reassurance")
    table = reassurance_table(frame, SETTINGS)
    assert_allclose(ours[FIGURE], table[[f"false_reassurance{end}" for end in ("", "_low", "_high")]], atol=0)
    rows = frame.loc[frame.index.repeat(frame["n"])]
    for place, (_, mine) in enumerate(rows.groupby(CELL, observed=True)):
        poor = mine[mine["human"] <= 2]
        assert ours.loc[place, "value"] == pytest.approx((poor["rating"] >= 4).mean(), rel=1e-12)
        assert ours.loc[place, "n"] == len(poor)


@pytest.mark.slow
def test_thresholds_of_the_reader_reach_the_figures(frame: pd.DataFrame) -> None:
    moved = basis(STUDY, Settings.of(STUDY, margin=0.4, low=1, high=5, icc_supported=0.9, reassured_checked=0.3))
    table = criteria_table(frame, moved)
    asked = table.groupby("criterion")[["supported_at", "checked_at"]].agg(["min", "max"])
    for criterion, (supported, checked) in {
        "consistency": (0.9, 0.5),
        "agreement": (0.9, 0.5),
        "reply_agreement": (0.9, 0.5),
        "bias": (0.4, 0.8),
        "reassurance": (0.1, 0.3),
    }.items():
        assert asked.loc[criterion].tolist() == [supported, supported, checked, checked]
    fives = reassurance_table(frame, Settings.of(STUDY, low=1, high=5))
    assert of(table, "reassurance")["value"].tolist() == pytest.approx(fives["false_reassurance"], nan_ok=True)


# Rules


def read_plainly(row: pd.Series) -> str | None:
    """Read one criterion by the rules, as they are written."""
    if math.isnan(row["value_low"]):
        return None
    if row["criterion"] in ("consistency", "agreement") and row["n"] < 5:
        return None
    if row["criterion"] == "reply_agreement" and row["n"] < 30:
        return None
    for word, bound in (("supported", row["supported_at"]), ("human-checks", row["checked_at"])):
        if row["criterion"] == "bias":
            met = -bound <= row["value_low"] and row["value_high"] <= bound
        elif row["criterion"] == "reassurance":
            met = row["value_high"] <= bound
        else:
            met = row["value_low"] >= bound
        if met:
            return word
    return "not-supported"


def decide_plainly(words: list[str | None]) -> str | None:
    """A use that one criterion rules out is ruled out; of the others one unknown leaves it open."""
    if "not-supported" in words:
        return "not-supported"
    if None in words:
        return None
    return "human-checks" if "human-checks" in words else "supported"


LIMITS = st.fixed_dictionaries(
    {
        "margin": st.floats(0.05, 2.0),
        "icc_supported": st.floats(0.51, 0.99),
        "icc_checked": st.floats(0.01, 0.5),
        "reassured_supported": st.floats(0.01, 0.3),
        "reassured_checked": st.floats(0.31, 0.99),
    }
)
RATED = st.builds(
    rated,
    st.integers(1, 10),
    st.integers(1, 12),
    shift=st.floats(-1.5, 1.5),
    noise=st.sampled_from([0.0, 0.3, 1.0, 3.0]),
    seed=st.integers(0, 10_000),
)


@hypothesis.given(RATED, LIMITS)
def test_a_plain_reading_of_the_rules_gives_the_same_words(made: pd.DataFrame, limits: dict[str, float]) -> None:
    settings = basis(STUDY, Settings.of(STUDY, **limits))
    table, verdicts = one(made, settings).reset_index(), verdict_of(made, settings)
    assert [verdict or None for verdict in table["verdict"]] == [read_plainly(row) for _, row in table.iterrows()]
    for use, rows in table.groupby("use", sort=False):
        decided = verdicts.loc[use]
        assert decided["verdict"] == decide_plainly(rows["verdict"].tolist())
        deciding = rows[[verdict == decided["verdict"] for verdict in rows["verdict"]]].set_index("criterion")
        assert decided["criterion"] in deciding.index
        assert_allclose(
            decided[FIGURE].astype(float), deciding.loc[decided["criterion"], FIGURE].astype(float), rtol=0, atol=0
        )


@pytest.mark.slow
def test_the_plain_reading_holds_on_the_release(release_folder: object) -> None:
    made = pairs(STUDY, load(str(release_folder), Progress()).counts, SETTINGS, Selection.of(STUDY))
    table, verdicts = criteria_table(made, SETTINGS), verdict_table(made, SETTINGS)
    words = table.assign(word=[read_plainly(row) for _, row in table.iterrows()])
    expected = words.groupby([*CELL, "use"], sort=False)["word"].agg(lambda each: decide_plainly(list(each)))
    assert verdicts["verdict"].tolist() == expected.tolist()
    assert verdicts["verdict"].value_counts().to_dict() == {"not-supported": 68, "human-checks": 15, "supported": 1}


@pytest.mark.slow
def test_of_two_criteria_met_as_badly_the_one_that_more_data_would_not_mend_decides(
    frame: pd.DataFrame, criteria: pd.DataFrame
) -> None:
    cell = "judge == 'gemini-2.5-flash' and attribute == 'Guidance' and use == 'score'"
    both = criteria.query(cell).set_index("criterion")
    assert both["verdict"].tolist() == ["not-supported"] * 2
    assert both.loc["bias", "times"] > 1
    assert math.isnan(both.loc["agreement", "times"])
    assert verdict_table(frame, SETTINGS).query(cell)["criterion"].item() == "agreement"


@pytest.mark.parametrize(
    ("criterion", "end", "limit"),
    [
        ("consistency", "value_low", "icc_supported"),
        ("agreement", "value_low", "icc_supported"),
        ("reply_agreement", "value_low", "icc_supported"),
        ("bias", "value_high", "margin"),
        ("reassurance", "value_high", "reassured_supported"),
    ],
)
def test_an_end_on_its_bound_meets_it_and_one_just_beyond_does_not(criterion: str, end: str, limit: str) -> None:
    made = rated(10, 30, shift=0.3, noise=0.6)
    at = float(one(made).loc[criterion, end])
    assert 0 < at < 1
    rest = {"icc_checked": 0.01} if limit == "icc_supported" else {"reassured_checked": 0.999}
    step = math.nextafter(at, 1.0 if limit == "icc_supported" else 0.0)
    met, missed = (one(made, basis(STUDY, Settings.of(STUDY, **rest, **{limit: bound}))) for bound in (at, step))
    assert met.loc[criterion, "verdict"] == "supported"
    assert missed.loc[criterion, "verdict"] == "human-checks"


# What more data would bring


def means(squares: MeanSquares) -> pd.DataFrame:
    """Make as many models' means as the mean squares say, with just these mean squares."""
    targets, raters, error, n = squares
    pattern = np.linspace(-1, 1, int(n))
    pattern /= pattern.std(ddof=1)
    total, difference = 8 + math.sqrt(2 * targets) * pattern, math.sqrt(2 * raters / n) + math.sqrt(2 * error) * pattern
    return pd.DataFrame({"human": (total - difference) / 2, "rating": (total + difference) / 2})


def squares_of(table: pd.DataFrame) -> MeanSquares:
    """Mean squares of two columns, by the analysis of variance as it is taught."""
    n, grand = len(table), table.to_numpy().mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    rest = table.to_numpy() - rows.to_numpy()[:, None] - columns.to_numpy() + grand
    raters = n * ((columns - grand) ** 2).sum()
    return MeanSquares(2 * ((rows - grand) ** 2).sum() / (n - 1), raters, (rest**2).sum() / (n - 1), n)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
def test_with_so_many_models_the_lower_end_reaches_the_bound_and_with_one_fewer_it_does_not(
    frame: pd.DataFrame, criteria: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)

    def low(squares: MeanSquares, models: int, kind: str) -> tuple[float, float]:
        raters = squares.error + (squares.raters - squares.error) * models / squares.n
        table = means(MeanSquares(squares.targets, max(raters, 0.0), squares.error, models))
        long = table.reset_index().melt("index", var_name="rater")
        found = pingouin.intraclass_corr(long, "index", "rater", "value").set_index("Type").loc[kind]
        return found["ICC"], found["CI95"][0]

    rows = frame.loc[frame.index.repeat(frame["n"])]
    needed = criteria[criteria["criterion"].isin(["consistency", "agreement"]) & criteria["times"].notna()]
    assert set(needed["criterion"]) == {"consistency", "agreement"}
    for _, row in needed.iterrows():
        mine = rows[(rows["judge"] == row["judge"]) & (rows["attribute"] == row["attribute"])]
        squares = squares_of(mine.groupby("model", observed=True)[["human", "rating"]].mean())
        bound = row["supported_at"] if row["verdict"] == "human-checks" else row["checked_at"]
        kind = {"consistency": "ICC(C,1)", "agreement": "ICC(A,1)"}[row["criterion"]]
        models = round(row["times"] * row["n"])
        assert models == pytest.approx(row["times"] * row["n"], abs=1e-9)
        value, reached = low(squares, models, kind)
        assert value == pytest.approx(row["value"], abs=0.01)
        assert models > row["n"]
        assert reached >= bound > low(squares, models - 1, kind)[1]


def test_models_that_would_never_be_enough_are_not_named(criteria: pd.DataFrame) -> None:
    def needed(squares: tuple[float, float, float, float], bound: float, *, consistency: bool) -> float:
        parts = MeanSquares(*(np.array([part]) for part in squares))
        return float(_models_needed(parts, np.array([bound]), consistency=consistency)[0])

    # ICC(C,1) = 0.8, and ICC(A,1) = 0.8 / 1.2 with a shift between judge and experts.
    assert needed((0.9, 0.1, 0.1, 9.0), 0.81, consistency=True) == pytest.approx(math.nan, nan_ok=True)
    assert needed((0.9, 0.1, 0.1, 9.0), 0.7, consistency=True) < 1000
    assert needed((0.9, 1.0, 0.1, 9.0), 0.5, consistency=False) == pytest.approx(math.nan, nan_ok=True)
    # Two raters with nothing but error between them: more models do narrow the interval.
    assert needed((0.9, 0.1, 0.1, 9.0), 0.5, consistency=False) < 100
    # Raters closer to one another than error alone would bring them: no mean square is below 0.
    assert needed((0.9, 0.0, 0.1, 9.0), 0.7, consistency=False) < 1000
    far = of(criteria, "agreement").query("judge == 'o4-mini' and attribute == 'Guidance'")
    assert far["value"].item() > far["checked_at"].item() > far["value_low"].item()
    assert far["times"].isna().all()


def replicated(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """Take every conversation as many times over, each copy for one of its own."""
    step = frame["cluster"].max() + 1
    return pd.concat([frame.assign(cluster=frame["cluster"] + copy * step) for copy in range(times)], ignore_index=True)


@pytest.mark.parametrize(
    ("criterion", "end", "limit", "near"),
    [
        ("bias", "value_high", "margin", 0.05),
        ("reassurance", "value_high", "reassured_supported", 0.05),
        # Ends of a bootstrap move a little with the draw.
        ("reply_agreement", "value_low", "icc_supported", 0.25),
    ],
)
def test_so_many_times_the_conversations_bring_the_end_near_the_bound(
    criterion: str, end: str, limit: str, near: float
) -> None:
    made = rated(9, 60, shift=0.4, noise=0.7)
    bound = float(one(replicated(made, 4)).loc[criterion, end])
    rest = {"icc_checked": 0.01} if limit == "icc_supported" else {"reassured_checked": 0.999}
    row = one(made, basis(STUDY, Settings.of(STUDY, **rest, **{limit: bound}))).loc[criterion]
    assert row["verdict"] == "human-checks"
    assert row["times"] == pytest.approx(4, rel=near)


@hypothesis.given(RATED, LIMITS)
def test_more_data_are_asked_for_only_where_they_help(made: pd.DataFrame, limits: dict[str, float]) -> None:
    table = criteria_table(made, basis(STUDY, Settings.of(STUDY, **limits)))
    asked = table[table["times"].notna()]
    assert (asked["times"] > 1).all()
    assert set(asked["verdict"]) <= {"human-checks", "not-supported"}


# Too little to tell


@pytest.mark.slow
def test_of_few_models_nothing_is_said_about_order() -> None:
    for models, given in ((FEWEST_MODELS - 1, False), (FEWEST_MODELS, True)):
        table = one(rated(models, 40))
        assert table.loc[["consistency", "agreement"], "verdict"].notna().tolist() == [given] * 2
        assert table.loc[["consistency", "agreement"], "n"].tolist() == [models] * 2
        assert table.loc["consistency", FIGURE].notna().all()
        verdicts = verdict_of(rated(models, 40))
        assert verdicts.loc["rank", "verdict"] == ("supported" if given else None)
        assert verdicts.loc["score", "verdict"] == ("supported" if given else None)
        assert verdict_of(rated(models, 40, shift=1.5)).loc["score", "verdict"] == "not-supported"


@pytest.mark.parametrize("conversations", [5, 6])
def test_of_few_replies_nothing_is_said_about_single_ones(conversations: int) -> None:
    made = rated(5, conversations)
    row = one(made).loc["reply_agreement"]
    assert row["n"] == 5 * conversations
    assert pd.notna(row["verdict"]) == (row["n"] >= FEWEST_REPLIES)
    assert pd.notna(row["value_low"])


@pytest.mark.slow
@pytest.mark.parametrize(("poor", "verdict"), [(19, None), (20, "supported")])
def test_of_few_poor_replies_nothing_is_said_about_reassurance(poor: int, verdict: str | None) -> None:
    ratings = np.repeat([1.0, 5.0], [poor, 60])
    settings = basis(STUDY, Settings.of(STUDY, reassured_supported=0.2))
    row = one(grid(ratings[None], ratings[None]), settings).loc["reassurance"]
    assert row["n"] == poor
    assert row["verdict"] == verdict
    use = verdict_of(grid(ratings[None], ratings[None]), settings).loc["reply"]
    assert (use["verdict"], use["criterion"]) == (verdict, "reassurance")
    against = verdict_of(grid(ratings[None], 6 - ratings[None]), settings).loc["reply"]
    assert against["verdict"] == "not-supported"


def test_of_one_conversation_only_the_order_of_models_is_judged() -> None:
    table = one(rated(9, 1))
    unknown = table.loc[["bias", "reassurance", "reply_agreement"]]
    assert unknown["verdict"].isna().all()
    assert unknown[["value_low", "value_high", "times"]].isna().all(axis=None)
    assert table.loc["consistency", "verdict"] == "supported"


def test_without_variance_there_is_no_coefficient_and_a_bias_all_the_same() -> None:
    table = one(grid(np.full((6, 10), 4.0), np.full((6, 10), 5.0)))
    assert table.loc[["consistency", "agreement", "reply_agreement"], "verdict"].isna().all()
    assert table.loc["bias", [*FIGURE, "verdict"]].tolist() == [1, 1, 1, "not-supported"]
    verdicts = verdict_of(grid(np.full((6, 10), 4.0), np.full((6, 10), 4.0)))
    assert verdicts["verdict"].isna().all()
    assert verdicts.loc["score", "criterion"] == "agreement"


def test_without_pairs_there_are_rows_and_no_verdicts(snapshot: Dataset) -> None:
    chosen = selected(("gpt-4o",), models=("gpt-4o",), attributes=("Safety",))
    table = TABLES["verdicts"].make(snapshot, Settings.of(STUDY), chosen)
    assert table["use"].tolist() == list(USE)
    assert table["verdict"].isna().all()
    assert table[FIGURE].isna().all(axis=None)
    assert table["n"].tolist() == [0, 0, 0]


# What moves verdicts, and what does not


def stricter(limits: dict[str, float], by: float) -> dict[str, float]:
    """Ask more everywhere."""
    up = {name: limits[name] + by * (1 - limits[name]) / 2 for name in ("icc_supported", "icc_checked")}
    down = {name: limits[name] * (1 - by / 2) for name in ("margin", "reassured_supported", "reassured_checked")}
    return {**up, **down}


@hypothesis.given(RATED, LIMITS, st.floats(0.01, 0.9))
def test_stricter_thresholds_never_give_a_better_verdict(
    made: pd.DataFrame, limits: dict[str, float], by: float
) -> None:
    hard = stricter(limits, by)
    hypothesis.assume(hard["icc_checked"] < hard["icc_supported"])
    hypothesis.assume(hard["reassured_supported"] < hard["reassured_checked"])
    worse = {"supported": 0, "human-checks": 1, None: 1.5, "not-supported": 2}
    before, after = (verdict_of(made, basis(STUDY, Settings.of(STUDY, **asked)))["verdict"] for asked in (limits, hard))
    assert [worse[verdict] for verdict in after] >= [worse[verdict] for verdict in before]
    assert all(worse[late] >= worse[early] for early, late in zip(before, after, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        {"preset": "paper"},
        {"level": "response"},
        {"preset": "recommended", "exclude": "family", "original": "left-out"},
        {"ratings": "as-released", "contexts": "kept"},
        {"interval": "bootstrap-both", "resamples": 7, "seed": 9, "discard_outside": True},
    ],
    ids=str,
)
def test_what_the_tables_show_does_not_move_a_verdict(snapshot: Dataset, asked: dict[str, object]) -> None:
    chosen = selected(("o4-mini",))
    plain, other = (table_of("verdicts", snapshot, Settings.of(STUDY, **some), chosen) for some in ({}, asked))
    assert_frame_equal(plain, other)
    assert basis(STUDY, Settings.of(STUDY, **asked)) == Settings.of(STUDY, "recommended")


def test_a_judge_that_is_kinder_by_a_constant_still_ranks_and_no_longer_scores() -> None:
    made = rated(9, 40, noise=0.4)
    kinder = made.assign(rating=made["rating"] + 1)
    before, after = verdict_of(made), verdict_of(kinder)
    assert before["verdict"].tolist()[:2] == ["supported", "supported"]
    assert after["verdict"].tolist()[:2] == ["supported", "not-supported"]
    assert_allclose(after.loc["rank", FIGURE].astype(float), before.loc["rank", FIGURE].astype(float), atol=1e-9)


@hypothesis.given(RATED, st.floats(-2, 2))
def test_a_constant_does_not_move_the_verdict_on_order(made: pd.DataFrame, constant: float) -> None:
    before, after = (one(each).loc["consistency"] for each in (made, made.assign(rating=made["rating"] + constant)))
    assert_allclose(after[FIGURE].astype(float), before[FIGURE].astype(float), atol=1e-6)
    assert after["verdict"] == before["verdict"]


# Snapshot and release


@pytest.mark.slow
def test_snapshot_and_release_agree_on_every_verdict(snapshot: Dataset, release_folder: object) -> None:
    release = load(str(release_folder), Progress())
    ours, theirs = (
        TABLES["verdicts"].make(each, Settings.of(STUDY), Selection.of(STUDY)) for each in (snapshot, release)
    )
    assert len(ours) == len(STUDY.judge_keys) * len(STUDY.attribute_names) * len(USE) == 84
    named = ["judge", "attribute", "use", "verdict", "criterion", "n"]
    assert_frame_equal(ours[named], theirs[named])
    assert_allclose(ours["value"], theirs["value"], rtol=1e-9)
    # Of intervals over conversations the snapshot knows blocks.
    assert_allclose(ours[["value_low", "value_high"]], theirs[["value_low", "value_high"]], atol=0.015)


# Worked example


def test_worked_example() -> None:
    counts, expected = example("From ratings to a verdict")
    chosen = selected(("gpt-4o", "o4-mini"), attributes=("Safety",))
    table = verdict_table(pairs(STUDY, counts, SETTINGS, chosen), SETTINGS)
    assert expected["Judge"].tolist() == [STUDY.rater(judge) for judge in table["judge"]]
    assert expected["Use"].tolist() == [USE[use][0] for use in table["use"]]
    assert expected["Verdict"].tolist() == [verdict_look(verdict).word for verdict in table["verdict"]]
    assert_allclose(expected[FIGURE].astype(float), table[FIGURE], atol=0.0005)
    figures = {"consistency": "ICC(C,1) of models", "bias": "Bias", "reassurance": "False reassurance"}
    assert expected["Figure"].tolist() == [figures[criterion] for criterion in table["criterion"]]
