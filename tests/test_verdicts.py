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
from statsmodels.stats.multitest import multipletests

from analysis.bias.false_reassurance import reassurance_table
from analysis.decisions.criteria import CRITERIA
from analysis.decisions.ranking import ranking_table
from analysis.decisions.verdicts import COLUMNS, USES, VERDICTS, criteria_table, decided, verdict_table
from analysis.inference.bootstrap import weights
from analysis.outputs.registry import TABLES, VIEWS, table_of
from analysis.ratings.needs import FEWEST_REPLIES, FEWEST_SYSTEMS
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from analysis.wording.vocabulary import CRITERION, USE, VERDICT, verdict_look
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load
from tests.snapshot import EVERYTHING, RECOMMENDED, snapshot, snapshot_pairs
from tests.spec import example, grid, selected

SETTINGS = Settings.of(STUDY)
FIGURE = ["value", "value_low", "value_high"]
CELL = ["judge", "attribute"]
WORST = dict(zip(("not-supported", "undecided", "human-checks", "supported"), range(4), strict=True))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return snapshot_pairs(SETTINGS)


@pytest.fixture(scope="module")
def criteria(frame: pd.DataFrame) -> pd.DataFrame:
    return criteria_table(frame, SETTINGS)


def of(table: pd.DataFrame, criterion: str) -> pd.DataFrame:
    return table[table["criterion"] == criterion].reset_index(drop=True)


def one(frame: pd.DataFrame, settings: Settings = SETTINGS) -> pd.DataFrame:
    """Give the criteria of a frame with one judge and one attribute, by criterion."""
    return criteria_table(frame, settings).set_index("criterion")


def verdict_of(frame: pd.DataFrame, settings: Settings = SETTINGS) -> pd.DataFrame:
    return verdict_table(criteria_table(frame, settings), settings).set_index("use")


def rated(models: int, conversations: int, *, shift: float = 0.0, noise: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Pairs of one judge with experts who spread the models over the scale; whole ratings from 1 to 5."""
    random = np.random.default_rng(seed)
    level = np.linspace(1.5, 4.5, models)[:, None]
    human = level + random.normal(0, 0.7, (models, conversations))
    judge = human + shift + random.normal(0, noise, human.shape)
    return grid(*(np.clip(np.rint(values), 1, 5) for values in (human, judge)))


# Shape


def test_rows_are_judges_then_attributes_then_uses_in_the_studys_order(criteria: pd.DataFrame) -> None:
    assert tuple(criteria.columns) == (*COLUMNS, "enough")
    expected = [
        (judge, attribute, each.use, name)
        for judge in STUDY.judge_keys
        for attribute in STUDY.attribute_names
        for name, each in CRITERIA.items()
    ]
    assert list(criteria[[*CELL, "use", "criterion"]].itertuples(index=False, name=None)) == expected
    verdicts = verdict_table(criteria, SETTINGS)
    assert tuple(verdicts.columns) == COLUMNS
    assert verdicts["use"].tolist() == list(USES) * 28


def test_every_use_criterion_and_verdict_has_words() -> None:
    assert tuple(USE) == USES == ("rank", "score", "reply")
    assert set(CRITERIA) == set(CRITERION)
    assert set(VERDICTS) == set(VERDICT)


@pytest.mark.slow
def test_a_panel_is_one_more_judge(release_folder: object) -> None:
    chosen = selected(("o4-mini",), attributes=("Guidance", "Safety"), panel=("gpt-4o", "o4-mini"))
    table = table_of("verdicts", load(str(release_folder), Progress()), Settings.of(STUDY), chosen)
    assert table["judge"].tolist() == ["o4-mini"] * 6 + ["panel-mean"] * 6
    assert table["use"].tolist() == list(USE) * 4
    panel = table[table["judge"] == "panel-mean"].set_index(["attribute", "use"])
    # Ten systems and three treatments of ratings: a panel needs single conversations, and stretches are none.
    assert (panel["n_checks"] == 13).all()


@pytest.mark.slow
def test_the_ratings_given_stay_as_they_were(frame: pd.DataFrame, criteria: pd.DataFrame) -> None:
    before, held = frame.copy(deep=True), criteria.copy(deep=True)
    verdict_table(criteria_table(frame, SETTINGS), Settings.of(STUDY, multiplicity="holm"))
    assert_frame_equal(frame, before)
    verdict_table(criteria, Settings.of(STUDY, multiplicity="holm"))
    assert_frame_equal(criteria, held)


# Figures


# pingouin 0.7 drops columns in place, which pandas 3.1 warns of.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
def test_consistency_is_pingouins(frame: pd.DataFrame, criteria: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)
    rows = frame.loc[frame.index.repeat(frame["n"])]
    ours = of(criteria, "consistency").set_index(CELL)
    for cell, mine in rows.groupby(CELL, observed=True):
        means = mine.groupby("model", observed=True)[["human", "rating"]].mean()
        long = means.reset_index().astype({"model": str}).melt("model", var_name="rater")
        theirs = pingouin.intraclass_corr(long, "model", "rater", "value").set_index("Type").loc["ICC(C,1)"]
        assert_allclose(ours.loc[cell, FIGURE].astype(float), [theirs["ICC"], *theirs["CI95"]], atol=1e-9)
        assert ours.loc[cell, "n"] == ours.loc[cell, "units"] == len(means) == 9


@pytest.mark.slow
def test_loss_is_that_of_the_ranking_with_a_90_interval_of_the_same_resamples(
    frame: pd.DataFrame, criteria: pd.DataFrame
) -> None:
    ours = of(criteria, "choice_loss").set_index(CELL)
    ranking = ranking_table(frame, SETTINGS).set_index(CELL)
    assert ours["value"].tolist() == ranking["loss"].tolist()
    firsts = ranking["best_judge"].mask(ranking["best_judge"].str.contains(","))
    assert ours["system"].fillna("").tolist() == firsts.fillna("").tolist()
    cell = ("gemini-2.5-flash", "Informativeness")
    mine = frame[(frame["judge"] == cell[0]) & (frame["attribute"] == cell[1])]
    clusters = frame["cluster"].cat.categories
    losses = []
    for drawn in np.concatenate(list(weights(len(clusters), SETTINGS.resamples, SETTINGS.seed)))[:400]:
        n = mine["n"] * drawn[mine["cluster"].cat.codes]
        by = [(n * mine[name]).groupby(mine["model"], observed=True).sum() for name in ("human", "rating")]
        human, judge = (total / n.groupby(mine["model"], observed=True).sum() for total in by)
        losses.append(human.max() - human[judge.idxmax()])
    short = criteria_table(frame, Settings.of(STUDY, resamples=400))
    ends = of(short, "choice_loss").set_index(CELL).loc[cell, ["value_low", "value_high"]]
    assert_allclose(ends.astype(float), np.quantile(losses, [0.05, 0.95]), atol=1e-9)
    assert of(short, "choice_loss").set_index(CELL).loc[cell, "p_checked"] == np.mean(np.array(losses) > 0.25)


@pytest.mark.slow
def test_gaps_are_those_of_a_clustered_regression_with_bonferroni(frame: pd.DataFrame, criteria: pd.DataFrame) -> None:
    ours = of(criteria, "system_bias").set_index(CELL)
    rows = frame.loc[frame.index.repeat(frame["n"])]
    for cell, mine in rows.groupby(CELL, observed=True):
        gaps = []
        for system, its in mine.groupby("model", observed=True):
            difference = (its["rating"] - its["human"]).to_numpy()
            fit = sm.OLS(difference, np.ones(len(difference))).fit(
                cov_type="cluster", cov_kwds={"groups": its["cluster"].to_numpy()}, use_t=True
            )
            # Two-sided at 10% over 9 systems: each end a one-sided test at 5% of 9.
            low, high = fit.conf_int(alpha=0.1 / 9)[0]
            gaps.append((abs(fit.params[0]), (high - low) / 2, system))
        expected = [max(g for g, _, _ in gaps), max(*(g - h for g, h, _ in gaps), 0), max(g + h for g, h, _ in gaps)]
        assert_allclose(ours.loc[cell, FIGURE].astype(float), expected, atol=1e-9)
        assert ours.loc[cell, "system"] == max((g - h, s) for g, h, s in gaps)[1]


def test_agreement_on_replies_and_false_reassurance_are_those_of_their_tables(
    frame: pd.DataFrame, criteria: pd.DataFrame
) -> None:
    printed = TABLES["icc"].make(snapshot(), Settings.of(STUDY, "recommended", "response"), EVERYTHING)
    ours = of(criteria, "reply_agreement")
    assert_allclose(ours[FIGURE], printed[["icc_a1", "icc_a1_low", "icc_a1_high"]], rtol=1e-12)
    assert ours["n"].tolist() == printed["n_targets"].tolist()
    ours, table = of(criteria, "reassurance"), reassurance_table(frame, SETTINGS)
    assert_allclose(ours[FIGURE], table[[f"false_reassurance{end}" for end in ("", "_low", "_high")]], rtol=1e-12)
    assert ours["n"].tolist() == table["n_low"].tolist()


def test_thresholds_of_the_reader_reach_the_figures(frame: pd.DataFrame) -> None:
    moved = {"margin": 0.4, "loss_supported": 0.05, "icc_supported": 0.9, "reassured_checked": 0.3, "low": 1, "high": 5}
    table = criteria_table(frame, Settings.of(STUDY, **moved))
    asked = table.groupby("criterion")[["supported_at", "checked_at"]].agg(["min", "max"])
    for criterion, (supported, checked) in {
        "consistency": (0.9, 0.5),
        "choice_loss": (0.05, 0.25),
        "system_bias": (0.4, 0.8),
        "reply_agreement": (0.9, 0.5),
        "reassurance": (0.1, 0.3),
    }.items():
        assert asked.loc[criterion].tolist() == [supported, supported, checked, checked]
    fives = reassurance_table(frame, Settings.of(STUDY, low=1, high=5))
    shown = fives["false_reassurance"].notna()
    assert of(table, "reassurance")["value"][shown].tolist() == pytest.approx(fives["false_reassurance"][shown])


# Rules


def read_plainly(row: pd.Series) -> str:
    """Read one criterion by the rules, as they are written."""
    low, high = row["value_low"], row["value_high"]
    if math.isnan(low) or not row["enough"]:
        return "undecided"
    larger = row["criterion"] in ("consistency", "reply_agreement")
    for word, bound in (("supported", row["supported_at"]), ("human-checks", row["checked_at"])):
        if (low >= bound) if larger else (high <= bound):
            return word
    unfit = high < row["checked_at"] if larger else low > row["checked_at"]
    return "not-supported" if unfit else "undecided"


LIMITS = st.fixed_dictionaries(
    {
        "margin": st.floats(0.05, 2.0),
        "loss_supported": st.floats(0.01, 0.2),
        "loss_checked": st.floats(0.21, 1.0),
        "icc_supported": st.floats(0.51, 0.99),
        "icc_checked": st.floats(0.01, 0.5),
        "reassured_supported": st.floats(0.01, 0.3),
        "reassured_checked": st.floats(0.31, 0.99),
    }
)
RATED = st.builds(
    rated,
    st.integers(1, 10),
    st.sampled_from([1, 2, 12, 60]),
    shift=st.floats(-1.5, 1.5),
    noise=st.sampled_from([0.0, 0.3, 1.0, 3.0]),
    seed=st.integers(0, 10_000),
)
FEW_DRAWS = {"resamples": 200}


def settings_of(**choices: object) -> Settings:
    """Settings of verdicts with fewer resamples, so that many examples are tried."""
    return Settings.of(STUDY, **FEW_DRAWS, **choices)


@hypothesis.given(RATED, LIMITS)
def test_a_plain_reading_of_the_rules_gives_the_same_words(made: pd.DataFrame, limits: dict[str, float]) -> None:
    settings = settings_of(**limits)
    table, verdicts = one(made, settings).reset_index(), verdict_of(made, settings)
    assert table["verdict"].tolist() == [read_plainly(row) for _, row in table.iterrows()]
    for use, rows in table.groupby("use", sort=False):
        worst = min(rows["verdict"], key=WORST.__getitem__)
        assert verdicts.loc[use, "verdict"] == worst
        assert verdicts.loc[use, "criterion"] in rows.loc[rows["verdict"] == worst, "criterion"].tolist()


@hypothesis.given(RATED, LIMITS)
def test_p_values_say_what_intervals_say(made: pd.DataFrame, limits: dict[str, float]) -> None:
    table = one(made, settings_of(**limits))
    for name, row in table[table["value_low"].notna()].iterrows():
        larger, tail = CRITERIA[str(name)].larger, (1 - CRITERIA[str(name)].confidence) / 2
        worst, best = (row["value_low"], row["value_high"])[:: 1 if larger else -1]
        for p, end, bound in (
            ("p_supported", worst, row["supported_at"]),
            ("p_checked", worst, row["checked_at"]),
            ("p_unfit", best, row["checked_at"]),
        ):
            # Ends of a bootstrap lie between two resamples; on the bound both words are right.
            if abs(end - bound) < 0.02 or 0 < abs(row[p] - tail) < 1.5 / FEW_DRAWS["resamples"]:
                continue
            beyond = (end > bound) == (larger == (p != "p_unfit"))
            assert (row[p] <= tail) == beyond, (name, p, row)


def test_of_two_criteria_met_as_badly_the_one_that_takes_more_data_decides(criteria: pd.DataFrame) -> None:
    cell = "judge == 'o4-mini' and attribute == 'Guidance' and use == 'reply'"
    both = criteria.query(cell).set_index("criterion")
    assert both["verdict"].tolist() == ["human-checks"] * 2
    assert both["more"].isna().all()
    assert verdict_table(criteria, SETTINGS).query(cell)["criterion"].item() == "reply_agreement"
    cell = "judge == 'gemini-2.5-flash' and attribute == 'Safety' and use == 'rank'"
    both = criteria.query(cell).set_index("criterion")
    assert both["verdict"].tolist() == ["undecided", "supported"]


@pytest.mark.parametrize(
    ("criterion", "end", "limit"),
    [
        ("consistency", "value_low", "icc_supported"),
        ("system_bias", "value_high", "margin"),
        ("reply_agreement", "value_low", "icc_supported"),
        ("reassurance", "value_high", "reassured_supported"),
    ],
)
def test_an_end_on_its_bound_meets_it_and_one_just_beyond_does_not(criterion: str, end: str, limit: str) -> None:
    made = rated(10, 60, shift=0.3, noise=0.6)
    at = float(one(made).loc[criterion, end])
    assert 0 < at < 1
    rest = {"icc_checked": 0.01} if limit == "icc_supported" else {"reassured_checked": 0.999}
    step = math.nextafter(at, 1.0 if limit == "icc_supported" else 0.0)
    met, missed = (one(made, Settings.of(STUDY, **rest, **{limit: bound})) for bound in (at, step))
    assert met.loc[criterion, "verdict"] == "supported"
    assert missed.loc[criterion, "verdict"] == "human-checks"


# Holm's procedure


@pytest.mark.slow
def test_holm_is_that_of_statsmodels_over_the_cells_on_screen(criteria: pd.DataFrame) -> None:
    asked = Settings.of(STUDY, multiplicity="holm")
    shown = criteria[criteria["judge"].isin(["gpt-4o", "o4-mini"])].reset_index(drop=True)
    adjusted = decided(shown, asked)
    for name in ("p_supported", "p_checked", "p_unfit"):
        for criterion in CRITERIA:
            _, expected, _, _ = multipletests(of(shown, criterion)[name], method="holm")
            assert_allclose(of(adjusted, criterion)[name].astype(float), expected, atol=1e-12)
    moved = adjusted["verdict"] != shown["verdict"]
    assert moved.any()
    assert adjusted.loc[moved, ["more", "with_more"]].isna().all(axis=None)
    told = ["p_supported", "p_checked", "p_unfit", "verdict"]
    assert adjusted[~moved].drop(columns=told).equals(shown[~moved].drop(columns=told))
    assert adjusted[["value", "value_low", "value_high"]].equals(shown[["value", "value_low", "value_high"]])


def test_holm_only_ever_makes_a_verdict_undecided_or_more_cautious(criteria: pd.DataFrame) -> None:
    alone, together = (decided(criteria, Settings.of(STUDY, multiplicity=each))["verdict"] for each in ("none", "holm"))
    order = {"supported": 2, "human-checks": 1, "undecided": 0, "not-supported": 0}
    assert all(order[late] <= order[early] for early, late in zip(alone, together, strict=True))
    assert set(together[alone == "not-supported"]) <= {"not-supported", "undecided"}
    assert (alone != together).any()


def test_of_one_cell_holm_changes_nothing(criteria: pd.DataFrame) -> None:
    cell = criteria.query("judge == 'o4-mini' and attribute == 'Guidance'").reset_index(drop=True)
    assert decided(cell, Settings.of(STUDY, multiplicity="holm"))["verdict"].tolist() == cell["verdict"].tolist()


# What more data would bring


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
def test_with_so_many_systems_the_data_tell_and_with_one_fewer_they_do_not(
    criteria: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pingouin.options, "round.column.CI95", None)

    def ends(value: float, systems: int) -> list[float]:
        """Ends for so many systems whose ICC(C,1) is just this."""
        pattern = np.linspace(-1, 1, systems)
        other = pattern**2 - (pattern**2).mean()
        pattern, other = pattern / pattern.std(), other / other.std()
        table = pd.DataFrame({"a": pattern * (1 + value) ** 0.5 + other * (1 - value) ** 0.5})
        table["b"] = pattern * (1 + value) ** 0.5 - other * (1 - value) ** 0.5
        long = table.reset_index().melt("index", var_name="rater")
        found = pingouin.intraclass_corr(long, "index", "rater", "value").set_index("Type").loc["ICC(C,1)"]
        assert found["ICC"] == pytest.approx(value, abs=1e-9)
        return list(found["CI95"])

    needed = of(criteria, "consistency")
    needed = needed[needed["more"].notna()]
    assert set(needed["with_more"]) == {"supported", "human-checks", "not-supported"}
    for _, row in needed.iterrows():
        bound = row["supported_at"] if row["verdict"] == "human-checks" else row["checked_at"]
        systems = int(row["n"] + row["more"])
        (low, high), (low_before, high_before) = (ends(row["value"], n) for n in (systems, systems - 1))
        assert (high < bound) if row["with_more"] == "not-supported" else (low >= bound)
        assert low_before < bound <= high_before


def replicated(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """Take every conversation as many times over, each copy for one of its own."""
    step = frame["cluster"].max() + 1
    return pd.concat([frame.assign(cluster=frame["cluster"] + copy * step) for copy in range(times)], ignore_index=True)


@pytest.mark.parametrize(
    ("criterion", "end", "limit", "near"),
    [
        ("system_bias", "value_high", "margin", 0.1),
        ("reassurance", "value_high", "reassured_supported", 0.1),
        # Ends of a bootstrap move a little with the draw.
        ("reply_agreement", "value_low", "icc_supported", 0.3),
    ],
)
def test_so_many_more_conversations_bring_the_end_near_the_bound(
    criterion: str, end: str, limit: str, near: float
) -> None:
    made = rated(9, 60, shift=0.4, noise=0.7)
    bound = float(one(replicated(made, 4)).loc[criterion, end])
    rest = {"icc_checked": 0.01} if limit == "icc_supported" else {"reassured_checked": 0.999}
    row = one(made, Settings.of(STUDY, **rest, **{limit: bound})).loc[criterion]
    assert (row["verdict"], row["with_more"]) == ("human-checks", "supported")
    assert row["more"] == pytest.approx(3 * 60, rel=near)


@hypothesis.given(RATED, LIMITS)
def test_more_data_are_asked_for_only_where_they_help(made: pd.DataFrame, limits: dict[str, float]) -> None:
    table = criteria_table(made, settings_of(**limits))
    asked = table[table["more"].notna()]
    assert (asked["more"] >= 1).all()
    assert set(asked["verdict"]) <= {"human-checks", "undecided"}
    assert set(asked.loc[asked["verdict"] == "human-checks", "with_more"]) <= {"supported"}


# Too little to tell


@pytest.mark.parametrize("models", [FEWEST_SYSTEMS - 1, FEWEST_SYSTEMS])
def test_of_few_systems_nothing_is_said_about_order(models: int) -> None:
    row = one(rated(models, 60)).loc["consistency"]
    assert (row["verdict"] == "supported") == row["enough"] == (models >= FEWEST_SYSTEMS)
    if models < FEWEST_SYSTEMS:
        assert (row["verdict"], row["more"], row["with_more"]) == ("undecided", 1, "supported")
    assert row[FIGURE].notna().all()


@pytest.mark.parametrize("conversations", [FEWEST_REPLIES - 1, FEWEST_REPLIES])
def test_of_few_replies_of_a_system_nothing_is_said_about_scores_or_choice(conversations: int) -> None:
    table = one(rated(6, conversations))
    enough = conversations >= FEWEST_REPLIES
    assert table.loc[["choice_loss", "system_bias"], "enough"].tolist() == [enough] * 2
    assert table.loc["choice_loss", "verdict"] == ("supported" if enough else "undecided")
    if not enough:
        assert table.loc["choice_loss", ["more", "with_more"]].tolist() == [1, "supported"]


@pytest.mark.parametrize(("poor", "verdict"), [(FEWEST_REPLIES - 1, "undecided"), (FEWEST_REPLIES, "supported")])
def test_of_few_poor_replies_nothing_is_said_about_reassurance(poor: int, verdict: str) -> None:
    ratings = np.repeat([1.0, 5.0], [poor, 60])
    row = one(grid(ratings[None], ratings[None])).loc["reassurance"]
    assert (row["n"], row["verdict"]) == (poor, verdict)


def test_of_one_conversation_nothing_is_decided() -> None:
    table = one(rated(9, 1))
    assert table.loc[["choice_loss", "system_bias", "reassurance", "reply_agreement"], "verdict"].eq("undecided").all()
    assert verdict_of(rated(9, 1))["verdict"].eq("undecided").all()


def test_without_variance_there_is_no_coefficient_and_a_gap_all_the_same() -> None:
    table = one(grid(np.full((6, 60), 4.0), np.full((6, 60), 5.0)))
    assert table.loc[["consistency", "reply_agreement"], "verdict"].tolist() == ["undecided"] * 2
    assert table.loc["system_bias", ["value", "verdict"]].tolist() == [1, "not-supported"]


@pytest.mark.slow
def test_without_pairs_every_use_is_undecided() -> None:
    chosen = selected(("gpt-4o",), models=("gpt-4o",), attributes=("Safety",))
    table = table_of("verdicts", snapshot(), Settings.of(STUDY), chosen)
    assert table["use"].tolist() == list(USE)
    assert table["verdict"].eq("undecided").all()
    assert table[FIGURE].isna().all(axis=None)
    assert table["n"].tolist() == [0, 0, 0]


# What moves verdicts, and what does not


@hypothesis.given(RATED, LIMITS, st.floats(0.01, 0.9))
def test_stricter_thresholds_never_give_a_better_verdict(
    made: pd.DataFrame, limits: dict[str, float], by: float
) -> None:
    up = {name: limits[name] + by * (1 - limits[name]) / 2 for name in ("icc_supported", "icc_checked")}
    hard = {name: value * (1 - by / 2) for name, value in limits.items()} | up
    hypothesis.assume(hard["icc_checked"] < hard["icc_supported"])
    hypothesis.assume(hard["reassured_supported"] < hard["reassured_checked"])
    hypothesis.assume(hard["loss_supported"] < hard["loss_checked"])
    before, after = (verdict_of(made, settings_of(**asked))["verdict"] for asked in (limits, hard))
    assert all(WORST[late] <= WORST[early] for early, late in zip(before, after, strict=True))


@hypothesis.given(RATED, st.floats(-2, 2))
@pytest.mark.slow
def test_a_constant_does_not_move_the_verdict_on_order(made: pd.DataFrame, constant: float) -> None:
    before, after = (
        one(each, settings_of()).loc[["consistency", "choice_loss"]]
        for each in (made, made.assign(rating=made["rating"] + constant))
    )
    assert_allclose(after[FIGURE].astype(float), before[FIGURE].astype(float), atol=1e-6)


# Snapshot and release


def test_verdicts_on_the_bundled_figures() -> None:
    table = VIEWS["verdicts"].read(VIEWS["verdicts"].whole(snapshot(), RECOMMENDED, EVERYTHING), RECOMMENDED)
    counted = table.groupby("use")["verdict"].value_counts().to_dict()
    assert counted == {
        ("rank", "human-checks"): 8,
        ("rank", "undecided"): 20,
        ("score", "not-supported"): 22,
        ("score", "undecided"): 6,
        ("reply", "human-checks"): 3,
        ("reply", "undecided"): 1,
        ("reply", "not-supported"): 24,
    }


@pytest.mark.slow
def test_snapshot_and_release_agree_on_all_but_one_verdict(release_folder: object) -> None:
    release = load(str(release_folder), Progress())
    ours, theirs = (
        table_of("verdicts", each, Settings.of(STUDY), Selection.of(STUDY)) for each in (snapshot(), release)
    )
    assert_allclose(ours["value"], theirs["value"], rtol=1e-9)
    assert ours["criterion"].tolist() == theirs["criterion"].tolist()
    differ = ours[ours["verdict"] != theirs["verdict"]]
    # Blocks of conversations leave a gap of 0.58 a little narrower than single ones do: 0.511 against 0.494, and 0.5.
    assert differ[[*CELL, "use", "verdict"]].to_numpy().tolist() == [
        ["gemini-2.5-flash", "Safety", "score", "not-supported"]
    ]
    counted = theirs.groupby("use")["verdict"].value_counts()
    assert counted["score"].to_dict() == {"not-supported": 21, "undecided": 7}
    assert counted["rank"].to_dict() == {"undecided": 20, "human-checks": 8}
    assert counted["reply"].to_dict() == {"not-supported": 24, "human-checks": 3, "undecided": 1}
    checked = theirs[(theirs["use"] == "reply") & (theirs["verdict"] == "human-checks")]
    assert checked[CELL].to_numpy().tolist() == [
        ["claude-3.7-sonnet", "Informativeness"],
        ["o4-mini", "Guidance"],
        ["o4-mini", "Informativeness"],
    ]


# Worked example


def test_worked_example() -> None:
    counts, expected = example("From ratings to a verdict")
    chosen = selected(("gpt-4o", "o4-mini"), attributes=("Safety",))
    table = criteria_table(pairs(STUDY, counts, SETTINGS, chosen), SETTINGS)
    assert expected["Judge"].tolist() == [STUDY.rater(judge) for judge in table["judge"]]
    assert expected["Use"].tolist() == [USE[use][0] for use in table["use"]]
    assert expected["Figure"].tolist() == [CRITERION[criterion] for criterion in table["criterion"]]
    assert expected["Verdict"].tolist() == [verdict_look(verdict).word for verdict in table["verdict"]]
    assert_allclose(expected[FIGURE].astype(float), table[FIGURE], atol=0.0005)
