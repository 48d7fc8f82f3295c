"""Variance components are those of R, of a plain loop over cells, and on average those that ratings were made with."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from analysis.__main__ import main
from analysis.agreement.generalizability import (
    COLUMNS,
    COMPONENTS,
    CONVERSATIONS,
    WANTED_G,
    component_shares,
    decision_study,
    generalisability_table,
)
from analysis.agreement.icc import icc_table
from analysis.inference.bootstrap import resample
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import grid

R = Path(__file__).parent / "r"
NAMES = list(COMPONENTS)
FEW = Settings.of(STUDY, "recommended", resamples=60, seed=4)


def by_loop(ratings: np.ndarray) -> np.ndarray:
    """Components of ratings by (model, conversation, rater), below 0 too: every effect from its means, cell by cell."""
    p, m, r = ratings.shape
    grand = ratings.mean()
    effect: dict[str, dict[tuple[int, ...], float]] = {"p": {}, "c": {}, "r": {}, "pc": {}, "pr": {}, "cr": {}}
    for i in range(p):
        effect["p"][i,] = ratings[i].mean() - grand
    for j in range(m):
        effect["c"][j,] = ratings[:, j].mean() - grand
    for k in range(r):
        effect["r"][k,] = ratings[:, :, k].mean() - grand
    for i, j in product(range(p), range(m)):
        effect["pc"][i, j] = ratings[i, j].mean() - grand - effect["p"][i,] - effect["c"][j,]
    for i, k in product(range(p), range(r)):
        effect["pr"][i, k] = ratings[i, :, k].mean() - grand - effect["p"][i,] - effect["r"][k,]
    for j, k in product(range(m), range(r)):
        effect["cr"][j, k] = ratings[:, j, k].mean() - grand - effect["c"][j,] - effect["r"][k,]
    rest = 0.0
    for i, j, k in product(range(p), range(m), range(r)):
        mains = effect["p"][i,] + effect["c"][j,] + effect["r"][k,]
        rest += (ratings[i, j, k] - grand - mains - effect["pc"][i, j] - effect["pr"][i, k] - effect["cr"][j, k]) ** 2
    size = {"p": p, "c": m, "r": r}
    ms = {}
    for name, values in effect.items():
        others = np.prod([n for letter, n in size.items() if letter not in name])
        freedom = np.prod([size[letter] - 1 for letter in name])
        ms[name] = others * sum(value**2 for value in values.values()) / freedom
    e = rest / ((p - 1) * (m - 1) * (r - 1))
    return np.array(
        [
            (ms["p"] - ms["pc"] - ms["pr"] + e) / (m * r),
            (ms["c"] - ms["pc"] - ms["cr"] + e) / (p * r),
            (ms["r"] - ms["pr"] - ms["cr"] + e) / (p * m),
            (ms["pc"] - e) / r,
            (ms["pr"] - e) / m,
            (ms["cr"] - e) / p,
            e,
        ]
    )


def coefficients(components: np.ndarray, m: float) -> tuple[float, float]:
    p, c, r, pc, pr, cr, pcr = np.maximum(components, 0)
    relative = pr + (pc + pcr) / m
    return p / (p + relative), p / (p + relative + r + (c + cr) / m)


def made(
    sds: tuple[float, ...], models: int, conversations: int, random: np.random.Generator, *, whole: bool = False
) -> np.ndarray:
    """Ratings (model, conversation, rater) with effects of these standard deviations."""
    p, m, r = models, conversations, 2
    shapes = [(p, 1, 1), (1, m, 1), (1, 1, r), (p, m, 1), (p, 1, r), (1, m, r), (p, m, r)]
    ratings = 3 + sum(random.normal(0, sd, shape) for sd, shape in zip(sds, shapes, strict=True))
    return np.clip(np.rint(ratings), 1, 5) if whole else np.asarray(ratings)


def row_of(ratings: np.ndarray, settings: Settings = FEW) -> pd.Series:
    return generalisability_table(grid(ratings[..., 0], ratings[..., 1]), settings).iloc[0]


@pytest.fixture(scope="module")
def on_release(released: Ratings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs of the release that count under the recommended preset, and their table."""
    settings = Settings.of(STUDY, "recommended")
    frame = pairs(STUDY, count_pairs(released), settings, Selection.of(STUDY))
    return frame, generalisability_table(frame, settings)


# Against R, a loop, and known values


CROSSED = pd.read_csv(R / "crossed.csv")
BY_R = pd.read_csv(R / "generalisability.csv").set_index(["table", "method"])


@pytest.mark.parametrize("name", CROSSED["table"].unique())
def test_components_are_those_of_r(name: str) -> None:
    wide = CROSSED[CROSSED["table"] == name].pivot(index="model", columns="conversation")
    row = row_of(np.stack([wide["human"].to_numpy(), wide["judge"].to_numpy()], axis=-1))
    expected = BY_R.loc[(name, "aov"), NAMES].astype(float)
    assert_allclose(row[NAMES].astype(float), np.maximum(expected, 0), rtol=1e-9)
    negative = [component for component in NAMES if expected[component] < 0]
    assert row["set_to_zero"] == ", ".join(negative)
    assert bool(negative) == (name == "a component below 0")
    if not negative:  # only then REML gives what the mean squares give, up to where its search stops
        assert_allclose(row[NAMES].astype(float), BY_R.loc[(name, "lme4"), NAMES].astype(float), rtol=2e-5)


@pytest.mark.parametrize("seed", range(4))
def test_table_and_intervals_equal_a_plain_loop_over_complete_conversations(seed: int) -> None:
    random = np.random.default_rng(seed)
    ratings = made((0.8, 0.3, 0.5, 0.4, 0.3, 0.3, 0.6), 4, 14, random, whole=True)
    ratings[random.random(ratings.shape) < 0.03] = np.nan
    ratings[1, 5, 1] = np.nan
    complete = ~np.isnan(ratings).any((0, 2))
    settings = Settings.of(STUDY, "recommended", resamples=40, seed=seed)
    row = row_of(ratings, settings)
    assert (row["n_models"], row["n_conversations"], row["of_conversations"]) == (4, complete.sum(), 14)
    expected = by_loop(ratings[:, complete])
    assert_allclose(row[NAMES].astype(float), np.maximum(expected, 0), atol=1e-12)
    assert tuple(row[["g", "phi"]]) == pytest.approx(coefficients(expected, complete.sum()))

    drawn = []
    for counts in resample(lambda weights: weights.T, 14, 40, seed).T.astype(int):
        copies = np.repeat(ratings, counts, axis=1)
        copies = copies[:, ~np.isnan(copies).any((0, 2))]
        components = by_loop(copies)
        drawn.append([*np.maximum(components, 0), *coefficients(components, copies.shape[1])])
    ends = np.percentile(drawn, [2.5, 97.5], axis=0)
    for end, values in zip(("low", "high"), ends, strict=True):
        found = row[[f"{name}_{end}" for name in (*NAMES, "g", "phi")]].astype(float)
        assert_allclose(found, values, rtol=1e-7, atol=1e-10)


@pytest.mark.slow
def test_components_are_on_average_those_that_the_ratings_were_made_with() -> None:
    random = np.random.default_rng(0)
    sds = (0.8, 0.5, 0.6, 0.5, 0.4, 0.5, 0.7)
    found = np.array(
        [row_of(made(sds, 8, 25, random), Settings.of(STUDY, resamples=1))[NAMES] for _ in range(250)], float
    )
    truth = np.square(sds)
    error = found.std(axis=0) / np.sqrt(len(found))
    # No component is near 0 but that of two raters, whose estimate is often below it; without the cut it is unbiased.
    kept = [i for i, name in enumerate(NAMES) if name != "rater"]
    assert (np.abs(found.mean(axis=0) - truth)[kept] < 3.5 * error[kept]).all()
    assert (error[kept] < 0.12 * truth[kept]).all()


@pytest.mark.slow
def test_the_interval_holds_known_components_of_conversations() -> None:
    """What only conversations decide: their own variance and that of single ratings."""
    random = np.random.default_rng(1)
    sds = (0.8, 0.5, 0.6, 0.5, 0.4, 0.5, 0.7)
    rows = [row_of(made(sds, 9, 150, random), Settings.of(STUDY, resamples=200)) for _ in range(150)]
    for name, sd in (("residual", 0.7), ("model_conversation", 0.5), ("conversation_rater", 0.5)):
        held = np.mean([row[f"{name}_low"] <= sd**2 <= row[f"{name}_high"] for row in rows])
        assert 0.87 <= held <= 0.995, (name, held)


@pytest.mark.slow
def test_on_the_release_every_cell_equals_the_loops_formulas(on_release: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    frame, table = on_release
    assert table["n_models"].eq(9).all()
    assert table["of_conversations"].eq(981).all()
    for judge, attribute in (("gpt-4o", "Safety"), ("claude-3.7-sonnet", "Relevance")):
        cell = frame[(frame["judge"] == judge) & (frame["attribute"] == attribute)]
        wide = cell.pivot(index="cluster", columns="model", values=["human", "rating"]).dropna()
        ratings = np.stack([wide["human"].to_numpy().T, wide["rating"].to_numpy().T], axis=-1)
        row = table[(table["judge"] == judge) & (table["attribute"] == attribute)].iloc[0]
        assert row["n_conversations"] == len(wide)
        assert_allclose(row[NAMES].astype(float), np.maximum(by_loop(ratings), 0), rtol=1e-9, atol=1e-12)


def test_on_the_release_intervals_stand_about_the_estimates(on_release: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, table = on_release
    assert list(table.columns) == list(COLUMNS)
    for name in (*COMPONENTS, "g", "phi"):
        assert (table[f"{name}_low"] <= table[name] + 1e-12).all()
        assert (table[name] <= table[f"{name}_high"] + 1e-12).all()
    assert (table["phi"] <= table["g"]).all()
    safety = table[(table["judge"] == "gpt-4o") & (table["attribute"] == "Safety")].iloc[0]
    assert safety["n_conversations"] == 890
    assert safety["g"] == pytest.approx(0.413, abs=0.0005)


# What must hold


@pytest.mark.parametrize("seed", range(3))
def test_consistency_at_model_level_is_g_with_the_conversations_as_they_are(seed: int) -> None:
    """ICC(C,1) of models' means counts the interaction of models with these very conversations as true differences."""
    ratings = made((0.8, 0.4, 0.5, 0.6, 0.4, 0.4, 0.6), 7, 30, np.random.default_rng(seed))
    row = row_of(ratings)
    assert row["set_to_zero"] in ("", "rater")
    alike = row["model"] + row["model_conversation"] / 30
    apart = row["model_rater"] + row["residual"] / 30
    icc = icc_table(grid(ratings[..., 0], ratings[..., 1]), Settings.of(STUDY, "recommended"))["icc_c1"].iloc[0]
    assert alike / (alike + apart) == pytest.approx(icc, rel=1e-9)
    assert row["g"] < icc


whole_ratings = arrays(float, st.tuples(st.integers(2, 4), st.integers(2, 6), st.just(2)), elements=st.integers(1, 5))


@hypothesis.given(whole_ratings, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_conversations_move_nothing(ratings: np.ndarray, shuffle: Any) -> None:
    frame = grid(ratings[..., 0], ratings[..., 1])
    order = list(range(len(frame)))
    shuffle.shuffle(order)
    other = frame.iloc[order].reset_index(drop=True)
    other = other.assign(cluster=other["cluster"] * 3 + 7)
    pd.testing.assert_frame_equal(generalisability_table(other, FEW), generalisability_table(frame, FEW))


@hypothesis.given(whole_ratings)
def test_a_constant_added_to_the_judge_moves_the_raters_component_and_phi_alone(ratings: np.ndarray) -> None:
    before, after = row_of(ratings), row_of(ratings + np.array([0.0, 2.0]))
    still = [name for name in NAMES if name != "rater"]
    assert_allclose(after[still].astype(float), before[still].astype(float), atol=1e-10)
    assert_allclose(float(after["g"]), float(before["g"]), atol=1e-9)


@hypothesis.given(whole_ratings)
def test_raters_that_are_the_same_differ_by_nothing(ratings: np.ndarray) -> None:
    ratings[..., 1] = ratings[..., 0]
    row = row_of(ratings)
    assert row[["rater", "model_rater", "conversation_rater", "residual"]].eq(0).all()
    assert row["phi"] <= row["g"] or np.isnan(row["g"])


def test_an_estimate_below_zero_is_zero_and_named() -> None:
    """Every model is best in one conversation and worst in the other: their means are the same by more than chance."""
    ratings = np.repeat(np.array([[1.0, 5], [5, 1], [3, 3]])[..., None], 2, axis=-1)
    ratings[0, 0, 1] = 2
    row = row_of(ratings)
    assert by_loop(ratings)[0] < 0
    assert row["model"] == row["g"] == 0
    assert "model" in row["set_to_zero"].split(", ")


def test_nothing_to_tell_apart_is_undefined() -> None:
    one_model = row_of(made((1,) * 7, 1, 6, np.random.default_rng(0)))
    one_conversation = row_of(made((1,) * 7, 5, 1, np.random.default_rng(0)))
    for row in (one_model, one_conversation):
        assert row[[*NAMES, "g", "phi", "g_low", "model_low", "conversations_needed"]].isna().all()
        assert row["set_to_zero"] == ""
    constant = row_of(np.full((4, 6, 2), 5.0))
    assert constant[NAMES].eq(0).all()
    assert constant[["g", "g_low", "phi", "phi_high", "conversations_needed"]].isna().all()


def test_without_pairs_every_cell_has_its_row() -> None:
    table = generalisability_table(
        pairs(STUDY, load_snapshot().counts.iloc[:0], Settings.of(STUDY), Selection.of(STUDY)), FEW
    )
    assert len(table) == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert table["n_conversations"].eq(0).all()
    assert table[NAMES].isna().all(axis=None)
    assert decision_study(table)["g"].isna().all()
    assert component_shares(table)["variance_share"].isna().all()


# The decision study


def test_decision_study_is_the_formula_at_each_number_and_the_table_at_its_own() -> None:
    ratings = made((0.8, 0.4, 0.5, 0.6, 0.4, 0.4, 0.6), 6, 20, np.random.default_rng(2))
    table = generalisability_table(grid(ratings[..., 0], ratings[..., 1]), FEW)
    before = table.copy()
    study = decision_study(table)
    assert list(study.columns) == ["judge", "attribute", "conversations", "g", "phi"]
    assert tuple(study["conversations"]) == CONVERSATIONS
    for row in study.itertuples():
        assert (row.g, row.phi) == pytest.approx(coefficients(table[NAMES].iloc[0].to_numpy(float), row.conversations))
    assert study["g"].is_monotonic_increasing
    own = decision_study(table, (20,)).iloc[0]
    assert own["g"] == pytest.approx(table["g"].iloc[0])
    assert own["phi"] == pytest.approx(table["phi"].iloc[0])
    pd.testing.assert_frame_equal(table, before)


def test_the_conversations_needed_are_the_fewest_that_are_enough(
    on_release: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    _, table = on_release
    reached = table.dropna(subset="conversations_needed")
    assert 0 < len(reached) < len(table)
    for _, row in reached.iterrows():
        components = row[NAMES].to_numpy(float)
        assert coefficients(components, row["conversations_needed"])[0] >= WANTED_G
        if row["conversations_needed"] > 1:
            assert coefficients(components, row["conversations_needed"] - 1)[0] < WANTED_G
    for _, row in table[table["conversations_needed"].isna()].iterrows():
        assert coefficients(row[NAMES].to_numpy(float), 1e12)[0] < WANTED_G


def test_shares_are_of_the_sum_of_the_components(on_release: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, table = on_release
    shares = component_shares(table)
    assert len(shares) == 28 * 7
    assert shares["component"].tolist() == NAMES * 28
    assert shares.groupby(["judge", "attribute"])["variance_share"].sum().to_numpy() == pytest.approx(1)
    assert shares["variance"].iloc[:7].tolist() == table.loc[0, NAMES].tolist()


# Blocks of conversations


def test_blocks_of_conversations_are_refused() -> None:
    frame = pairs(STUDY, load_snapshot().counts, FEW, Selection.of(STUDY))
    with pytest.raises(NeedsConversationsError, match="single conversations"):
        generalisability_table(frame, FEW)


def test_the_command_line_ends_with_a_sentence_on_the_snapshot(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generalisability", "--source", "snapshot"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "argument --source: 'snapshot': this table needs single conversations, and the source gives only blocks of "
        "them; allowed are hub, github, and a folder with the ratings\n"
    )


@pytest.mark.slow
def test_the_command_line_prints_the_table(
    release_folder: Path, capsys: pytest.CaptureFixture[str], on_release: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    argv = ["generalisability", "--source", str(release_folder), "--preset", "recommended", "--format", "json"]
    assert main(argv) == 0
    printed = pd.DataFrame(json.loads(capsys.readouterr().out))
    assert list(printed.columns) == list(COLUMNS)
    assert printed["g_low"].tolist() == pytest.approx(on_release[1]["g_low"].tolist())
