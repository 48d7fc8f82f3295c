"""Ordinal agreement is scikit-learn's kappa, krippendorff's alpha, R's kappa, Gwet's printed examples, and a loop."""

from pathlib import Path

import hypothesis
import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import cohen_kappa_score

from analysis.agreement.ordinal import (
    COLUMNS,
    MEASURES,
    gwet_ac2,
    ordinal_alpha,
    ordinal_table,
    ordinal_weights,
    quadratic_kappa,
    quadratic_weights,
)
from analysis.inference.bootstrap import weights
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.spec import grid

R = Path(__file__).parent / "r"
SETTINGS = Settings.of(STUDY, "recommended")
FEW = Settings.of(STUDY, "recommended", resamples=20)
INTERVALS = [f"{measure}_{end}" for measure in MEASURES for end in ("low", "high")]

# Gwet (2014): 100 pregnancies by two abstractors, 223 patients by two diagnoses. What irrCAC gives for them is printed
# in its documentation (AC1 and weighted kappa of the first in seven digits) and held in the tests of its Python port.
ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]], dtype=float)
DIAGNOSES = np.array([[40, 6, 4, 15], [4, 25, 1, 5], [4, 2, 21, 9], [17, 13, 12, 45]], dtype=float)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY))


@pytest.fixture(scope="module")
def table(frame: pd.DataFrame) -> pd.DataFrame:
    return ordinal_table(STUDY, frame, FEW)


def single(frame: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Single replies of every judge and attribute."""
    rows = frame.loc[frame.index.repeat(frame["n"])]
    return {
        (str(judge), str(name)): cell for (judge, name), cell in rows.groupby(["judge", "attribute"], observed=True)
    }


def by_loop(human: np.ndarray, judge: np.ndarray, categories: list[float]) -> dict[str, float]:
    """Both AC2, as Gwet writes them down, and the shares, reply by reply."""
    replies = list(zip(human, judge, strict=True))
    size, q = len(replies), len(categories)
    shares = [sum(int(x == c) + int(y == c) for x, y in replies) / (2 * size) for c in categories]
    found = {}
    for name in ("ac2_quadratic", "ac2_ordinal"):

        def weight(x: float, y: float, name: str = name) -> float:
            if name == "ac2_quadratic":
                return 1 - (x - y) ** 2 / (categories[-1] - categories[0]) ** 2
            places = abs(categories.index(x) - categories.index(y)) + 1
            return 1 - (places * (places - 1) / 2) / (q * (q - 1) / 2)

        seen = sum(weight(x, y) for x, y in replies) / size
        total = sum(weight(x, y) for x in categories for y in categories)
        chance = total * sum(share * (1 - share) for share in shares) / (q * (q - 1))
        found[name] = (seen - chance) / (1 - chance)
    return found | {
        "exact": sum(x == y for x, y in replies) / size,
        "within_one": sum(abs(x - y) <= 1 for x, y in replies) / size,
        "human_ceiling": sum(x >= 5 for x, _ in replies) / size,
        "judge_ceiling": sum(y >= 5 for _, y in replies) / size,
    }


def by_others(human: np.ndarray, judge: np.ndarray, categories: list[float]) -> dict[str, float]:
    """Every measure, by other people's software where there is any."""
    alpha = krippendorff.alpha(reliability_data=np.stack([human, judge]), level_of_measurement="ordinal")
    kappa = cohen_kappa_score(human.astype(int), judge.astype(int), weights="quadratic")
    return {"kappa_quadratic": kappa, "alpha_ordinal": alpha, **by_loop(human, judge, categories)}


@pytest.mark.parametrize(
    ("counts", "nominal", "ordinal", "quadratic"),
    [(ABSTRACTORS, 0.8493305, 0.925, 0.940), (DIAGNOSES, 0.456, 0.324, 0.299)],
)
def test_ac2_is_what_gwets_examples_print(counts: np.ndarray, nominal: float, ordinal: float, quadratic: float) -> None:
    values = np.arange(1.0, len(counts) + 1)
    for weight, printed in (
        (np.eye(len(counts)), nominal),
        (ordinal_weights(len(counts)), ordinal),
        (quadratic_weights(values), quadratic),
    ):
        assert gwet_ac2(counts[..., None], weight)[0] == pytest.approx(printed, abs=5.1e-4)
        assert gwet_ac2(counts.T[..., None], weight)[0] == pytest.approx(printed, abs=5.1e-4)


def test_first_example_in_all_its_digits() -> None:
    assert gwet_ac2(ABSTRACTORS[..., None], np.eye(3))[0] == pytest.approx(0.8493305, abs=5e-8)
    assert quadratic_kappa(ABSTRACTORS[..., None], np.arange(3.0))[0] == pytest.approx(0.8921569, abs=5e-8)


def test_weights_are_those_that_irrcac_prints() -> None:
    assert_allclose(ordinal_weights(3), [[1, 2 / 3, 0], [2 / 3, 1, 2 / 3], [0, 2 / 3, 1]])
    assert_allclose(quadratic_weights(np.arange(1.0, 4)), [[1, 0.75, 0], [0.75, 1, 0.75], [0, 0.75, 1]])


@pytest.mark.slow
@pytest.mark.parametrize("ratings", ["valid", "as-released"])
def test_every_cell_is_what_other_software_and_a_loop_give(ratings: str) -> None:
    settings = Settings.of(STUDY, "recommended", ratings=ratings, resamples=2)
    frame = pairs(STUDY, load_snapshot().counts, settings, Selection.of(STUDY))
    table = ordinal_table(STUDY, frame, settings)
    categories = [float(value) for value in (range(1, 6) if ratings == "valid" else range(7))]
    assert len(table) == 28
    for cell, row in zip(single(frame).values(), table.to_dict("records"), strict=True):
        human, judge = cell["human"].to_numpy(), cell["rating"].to_numpy()
        assert row["n_pairs"] == len(human)
        expected = by_others(human, judge, categories)
        assert {name: row[name] for name in MEASURES} == pytest.approx(expected, abs=1e-9)


def test_kappa_is_rs(table: pd.DataFrame) -> None:
    answers = pd.read_csv(R / "kappa.csv").set_index("table")
    ours = table.set_index(table["judge"] + " " + table["attribute"])["kappa_quadratic"]
    assert len(ours) == len(answers) == 28
    for way in ("psych", "definition"):
        assert_allclose(ours, answers.loc[ours.index, way], rtol=0, atol=1e-12)


def test_alpha_of_krippendorffs_definition_by_loops() -> None:
    """Values, their frequencies and the ordinal metric written down as in Krippendorff (2011), with no ranks."""
    random = np.random.default_rng(5)
    counts = random.integers(0, 6, (5, 5)).astype(float)
    coincidence = counts + counts.T
    frequency = coincidence.sum(0)
    seen = chance = 0.0
    for c in range(5):
        for k in range(c + 1, 5):
            metric = (frequency[c : k + 1].sum() - (frequency[c] + frequency[k]) / 2) ** 2
            seen += coincidence[c, k] * metric
            chance += frequency[c] * frequency[k] * metric
    expected = 1 - (frequency.sum() - 1) * seen / chance
    assert ordinal_alpha(counts[..., None])[0] == pytest.approx(expected, abs=1e-12)


def test_table_has_a_row_for_every_judge_and_attribute(frame: pd.DataFrame, table: pd.DataFrame) -> None:
    assert tuple(table.columns) == COLUMNS
    assert COLUMNS[:11] == (
        *("judge", "attribute", "n_pairs", "kappa_quadratic", "alpha_ordinal", "ac2_quadratic", "ac2_ordinal"),
        *("exact", "within_one", "human_ceiling", "judge_ceiling"),
    )
    assert list(zip(table["judge"], table["attribute"], strict=True)) == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]


@pytest.mark.slow
def test_intervals_are_those_of_resampled_rows() -> None:
    """Each resample is put together reply by reply, and handed to the other software."""
    random = np.random.default_rng(1)
    human = random.integers(1, 6, (3, 25))
    judge = np.clip(human + random.integers(-1, 2, (3, 25)), 1, 5)
    frame = grid(human, judge)
    settings = Settings.of(STUDY, "recommended", resamples=60, seed=3)
    row = ordinal_table(STUDY, frame, settings).iloc[0]
    drawn = []
    for times in next(weights(25, 60, 3)):
        of_each = np.concatenate(
            [np.flatnonzero(frame["cluster"] == g) for g in np.repeat(np.arange(25), times.astype(int))]
        )
        again = frame.iloc[of_each]
        drawn.append(by_others(again["human"].to_numpy(), again["rating"].to_numpy(), [1.0, 2, 3, 4, 5]))
    for measure in MEASURES:
        ends = np.quantile([each[measure] for each in drawn], [0.025, 0.975])
        assert (row[f"{measure}_low"], row[f"{measure}_high"]) == pytest.approx(tuple(ends), abs=1e-9), measure


@pytest.mark.slow
def test_intervals_hold_the_figures_and_are_wider_on_fewer_conversations(frame: pd.DataFrame) -> None:
    whole = ordinal_table(STUDY, frame, SETTINGS)
    part = ordinal_table(STUDY, frame[frame["cluster"].astype(int) % 4 == 0], SETTINGS)
    for measure in MEASURES:
        assert (whole[f"{measure}_low"] < whole[measure]).all()
        assert (whole[measure] < whole[f"{measure}_high"]).all()
        widths = [each[f"{measure}_high"] - each[f"{measure}_low"] for each in (part, whole)]
        assert 1.4 < (widths[0] / widths[1]).median() < 2.8, measure


RATINGS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 4), st.integers(1, 3)), min_size=2, max_size=25
)


def made(rows: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    human, judge, cluster, n = (np.array(column) for column in zip(*rows, strict=True))
    return grid(human[None], judge[None]).assign(cluster=cluster, n=n)


@hypothesis.given(RATINGS, st.randoms())
def test_order_of_rows_and_shared_rows_change_nothing(rows: list[tuple[int, int, int, int]], random: object) -> None:
    frame = made(rows)
    table = ordinal_table(STUDY, frame, FEW)
    random.shuffle(rows)
    pd.testing.assert_frame_equal(ordinal_table(STUDY, made(rows), FEW), table)
    repeated = frame.loc[frame.index.repeat(frame["n"])].assign(n=1)
    pd.testing.assert_frame_equal(ordinal_table(STUDY, repeated, FEW), table)


@hypothesis.given(RATINGS)
def test_raters_that_change_places_agree_as_well(rows: list[tuple[int, int, int, int]]) -> None:
    table = ordinal_table(STUDY, made(rows), FEW)
    swapped = ordinal_table(STUDY, made([(judge, human, *rest) for human, judge, *rest in rows]), FEW)
    same = list(MEASURES[:6])
    assert_allclose(swapped[same], table[same], atol=1e-12)
    assert_array_equal(swapped["human_ceiling"], table["judge_ceiling"])


@hypothesis.given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=25), st.integers(1, 2))
def test_a_point_more_for_all_changes_no_agreement(rows: list[tuple[int, int]], more: int) -> None:
    human, judge = (np.array(column)[None] for column in zip(*rows, strict=True))
    same = list(MEASURES[:6])
    before, after = (ordinal_table(STUDY, grid(human + by, judge + by), FEW)[same] for by in (0, more))
    assert_allclose(after, before, atol=1e-9)


@hypothesis.given(st.lists(st.integers(1, 5), min_size=2, max_size=25).filter(lambda ratings: len(set(ratings)) > 1))
def test_identical_raters_agree_perfectly(ratings: list[int]) -> None:
    human = np.array(ratings)[None]
    row = ordinal_table(STUDY, grid(human, human), FEW).iloc[0]
    assert row[list(MEASURES[:6])].tolist() == pytest.approx([1.0] * 6, abs=1e-12)


def test_where_neither_rater_varies_kappa_is_undefined() -> None:
    row = ordinal_table(STUDY, grid(np.full((1, 4), 4), np.full((1, 4), 5)), FEW).iloc[0]
    assert np.isnan(row[["kappa_quadratic", "kappa_quadratic_low", "kappa_quadratic_high"]].astype(float)).all()
    # Krippendorff's chance comes from both raters' ratings together, and these are not all alike.
    alpha = krippendorff.alpha(reliability_data=[[4] * 4, [5] * 4], level_of_measurement="ordinal")
    assert row["alpha_ordinal"] == pytest.approx(alpha)
    assert (row["exact"], row["within_one"], row["human_ceiling"], row["judge_ceiling"]) == (0, 1, 0, 1)


def test_where_all_ratings_are_the_same_only_ac2_and_shares_are_left() -> None:
    row = ordinal_table(STUDY, grid(np.full((1, 4), 5), np.full((1, 4), 5)), FEW).iloc[0]
    assert row[["kappa_quadratic", "alpha_ordinal"]].isna().all()
    assert row[["ac2_quadratic", "ac2_ordinal", "exact", "within_one"]].tolist() == [1, 1, 1, 1]
    assert (row["exact_low"], row["exact_high"]) == (1, 1)


def test_a_judge_that_always_gives_five_has_kappa_zero_and_a_high_ac2() -> None:
    """The paradox with its bare bones: 9 of 10 replies are fives, the judge reads none, and misses the poor one."""
    human = np.array([[5] * 9 + [1]])
    row = ordinal_table(STUDY, grid(human, np.full((1, 10), 5)), FEW).iloc[0]
    assert row["kappa_quadratic"] == 0
    assert row["alpha_ordinal"] < 0.05
    assert row["exact"] == 0.9
    assert row["ac2_quadratic"] > 0.85


def test_without_pairs_everything_is_undefined() -> None:
    table = ordinal_table(STUDY, pairs(STUDY, load_snapshot().counts.iloc[:0], SETTINGS, Selection.of(STUDY)), FEW)
    assert len(table) == 28
    assert table["n_pairs"].eq(0).all()
    assert table[[*MEASURES, *INTERVALS]].isna().all(axis=None)


def test_a_single_conversation_has_no_interval() -> None:
    row = ordinal_table(STUDY, grid(np.array([[1.0], [4], [5]]), np.array([[2.0], [4], [5]])), FEW).iloc[0]
    assert row[list(MEASURES)].notna().all()
    assert row[INTERVALS].isna().all()


def test_means_of_a_panel_are_rounded_half_up_and_no_frame_is_changed() -> None:
    human = np.array([[1.0, 2, 3, 4, 5, 5]])
    panel = np.array([[1.5, 2.25, 2.5, 3.5, 4.5, 4.49]])
    frame = grid(human, panel)
    before = frame.copy()
    table = ordinal_table(STUDY, frame, FEW)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(table, ordinal_table(STUDY, grid(human, np.array([[2, 2, 3, 4, 5, 4]])), FEW))


@pytest.mark.slow
def test_snapshot_gives_the_releases_figures(released: Ratings, table: pd.DataFrame) -> None:
    ours = ordinal_table(STUDY, pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY)), FEW)
    points = ["judge", "attribute", "n_pairs", *MEASURES]
    pd.testing.assert_frame_equal(ours[points], table[points], rtol=1e-12)
    safety = ours[ours["attribute"] == "Safety"]
    # The paradox: most ratings are the same, and only AC2 is high.
    assert safety["exact"].between(0.80, 0.83).all()
    assert safety["kappa_quadratic"].between(0.18, 0.37).all()
    assert safety["alpha_ordinal"].between(-0.02, 0.19).all()
    assert safety["ac2_quadratic"].between(0.95, 0.97).all()
