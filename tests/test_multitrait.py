"""Halo and the multitrait-multimethod matrix: by hand, by numpy on the workbooks, by resampled rows, by made judges."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.__main__ import main
from analysis.agreement.multitrait import (
    COLUMNS,
    correlation_matrix,
    general_factor,
    halo_table,
    margin,
    mean_correlation,
    multitrait_matrix,
    of_judges,
)
from analysis.findings.multitrait import apart_finding, factor_finding, halo_finding
from analysis.inference.bootstrap import weights
from analysis.ratings.needs import NeedsAttributesError, NeedsWholeRepliesError
from analysis.ratings.settings import Selection, Settings
from data.__main__ import main as data
from data.contexts import DIFFERENT
from data.counts import count_pairs
from data.mentalalign import JUDGE_OF_FILE, STUDY, SUFFIX
from data.moments import sum_moments
from data.ratings import Ratings
from data.remote.progress import Progress
from data.sources import load
from data.study import HUMAN, Study
from tests.made_study import make_study, write_study
from tests.pages import OpenPage, charted, from_command_line, said
from tests.snapshot import EVERYTHING, RECOMMENDED, snapshot, table
from tests.spec import ratings_of

ONE = "gpt-4o"
ESTIMATES = [name for name in COLUMNS if not name.endswith(("_low", "_high")) and name not in COLUMNS[:2]]


def study_of(*names: str, judges: tuple[str, ...] = (ONE,)) -> Study:
    """Take the published study with other attributes."""
    kept = tuple(replace(STUDY.attributes[0], name=name) for name in names)
    return replace(STUDY.with_judges(judges), attributes=kept, groups=(), headlines=(), published=None)


def ratings(study: Study, human: Any, **judges: Any) -> Ratings:
    """Make single ratings of arrays (reply, attribute), the replies of one system to a conversation each."""
    given = {HUMAN: human, **{name.replace("_", "-"): values for name, values in judges.items()}}
    arrays = {name: np.asarray(values, dtype=float) for name, values in given.items()}
    reply, attribute = (place.ravel() for place in np.indices(arrays[HUMAN].shape))
    rows = {
        "conversation": reply,
        "model": STUDY.system_keys[-2],
        "attribute": np.array(study.attribute_names)[attribute],
    }
    return ratings_of(study, pd.DataFrame({**rows, **{name: values.ravel() for name, values in arrays.items()}}))


def made(single: Ratings, **choices: Any) -> pd.DataFrame:
    """Make the table of single ratings."""
    study = single.study
    settings = Settings.of(study, **{"resamples": 40, "exclude": "none", **choices})
    return halo_table(study, count_pairs(single), sum_moments(single), settings, Selection.of(study))


# A case by hand

# Each attribute parts the replies in two halves, each pair of them in quarters: no correlation but with itself.
EXPERTS = np.array([[1, 1, 1], [1, 3, 3], [3, 1, 3], [3, 3, 1]])
# The judge's second attribute is the experts' first.
MIXED = EXPERTS[:, [0, 0, 2]]


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return made(ratings(study_of("Warmth", "Tact", "Depth"), EXPERTS, gpt_4o=MIXED)).set_index("attribute")


def test_own_correlations_and_the_best_others_of_the_case_by_hand(by_hand: pd.DataFrame) -> None:
    assert by_hand["n_whole"].tolist() == [4, 4, 4]
    assert by_hand["validity"].tolist() == pytest.approx([1, 0, 1])
    # What the judge calls tact is the experts' warmth, of which it is a copy.
    assert by_hand.loc["Tact", "other_attribute"] == "Warmth"
    assert by_hand["other_r"].tolist() == pytest.approx([0, 1, 0])
    assert by_hand["discrimination"].tolist() == pytest.approx([1, -1, 1])


def test_campbell_and_fiskes_margins_of_the_case_by_hand(by_hand: pd.DataFrame) -> None:
    # In its column, warmth is as much the judge's tact as its warmth; within the judge both are one.
    assert by_hand["heteromethod"].tolist() == pytest.approx([0, -1, 1])
    assert by_hand["monomethod"].tolist() == pytest.approx([0, -1, 1])


def test_halo_of_the_case_by_hand(by_hand: pd.DataFrame) -> None:
    row = of_judges(by_hand.reset_index()).iloc[0]
    # One of four replies has 1, 1, 1 from the experts; two of the judge's are alike throughout.
    assert (row["same_human"], row["same_judge"], row["same_difference"]) == (0.25, 0.5, 0.25)
    # No two of the experts' attributes go together; of the judge's three pairs one is the same twice.
    assert (row["mean_r_human"], row["mean_r_judge"]) == pytest.approx((0, 1 / 3))
    # Eigenvalues 1, 1, 1 and 2, 1, 0, of 3.
    assert (row["factor_human"], row["factor_judge"]) == pytest.approx((1 / 3, 2 / 3))
    assert (row["mean_r_difference"], row["factor_difference"]) == pytest.approx((1 / 3, 1 / 3))


def test_the_whole_matrix_of_the_case_by_hand() -> None:
    study = study_of("Warmth", "Tact", "Depth")
    single = ratings(study, EXPERTS, gpt_4o=MIXED)
    settings = Settings.of(study, resamples=40)
    rows = multitrait_matrix(study, count_pairs(single), sum_moments(single), settings, Selection.of(study))
    cells = {
        part: of.pivot(index="attribute", columns="other_attribute", values="r") for part, of in rows.groupby("part")
    }
    order = list(study.attribute_names)
    between = cells["between"].loc[order, order]
    assert_allclose(between, [[1, 0, 0], [1, 0, 0], [0, 0, 1]], atol=1e-12)
    assert cells["judge"].loc["Warmth", "Tact"] == cells["judge"].loc["Tact", "Warmth"] == pytest.approx(1)
    assert np.isnan(cells["judge"].loc["Warmth", "Warmth"])
    assert_allclose(rows.loc[rows["part"] == "human", "r"], [0] * 6, atol=1e-12)


# Formulas


@pytest.mark.parametrize(("k", "r"), [(3, 0.0), (3, 0.5), (7, 0.8), (4, 1.0), (3, -0.3)])
def test_general_factor_of_equal_correlations_is_the_closed_form(k: int, r: float) -> None:
    matrix = np.full((k, k), r)
    np.fill_diagonal(matrix, 1)
    expected = (1 + (k - 1) * r) / k if r >= 0 else (1 - r) / k
    assert general_factor(matrix) == pytest.approx(expected, abs=1e-12)
    assert mean_correlation(matrix) == pytest.approx(r)


@hypothesis.given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=3, max_size=20))
def test_correlations_of_sums_are_numpys(rows: list[list[int]]) -> None:
    values = np.array(rows, dtype=float)
    row, column = np.triu_indices(4)
    sums = np.concatenate([[len(values)], values.sum(0), (values[:, row] * values[:, column]).sum(0)])
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.corrcoef(values.T)
    constant = np.ptp(values, axis=0) == 0
    expected[constant] = expected[:, constant] = np.nan
    assert_allclose(correlation_matrix(sums[:, None], 4)[0], expected, atol=1e-9)


def test_a_margin_is_over_the_largest_other_and_its_upper_end_minds_the_choice() -> None:
    draws = np.arange(101) / 100
    own = np.concatenate([[0.5], np.full(101, 0.5)])[None]
    others = np.stack([np.concatenate([[0.1], draws]), np.concatenate([[0.3], draws]), np.full(102, np.nan)])[None]
    value, (low, high) = margin(own, others, clusters=9)
    # The largest defined one; 0.5 less the draws' 97.5th percentile, and less their 100 x 0.05 / 2 / 3 from below.
    assert value == pytest.approx([0.2])
    assert low == pytest.approx([0.5 - 0.975])
    assert high == pytest.approx([0.5 - 0.05 / 2 / 3])
    assert np.isnan(margin(own, others, clusters=1)[1]).all()


# Made judges


@pytest.fixture(scope="module")
def replies() -> np.ndarray:
    """Give the experts' ratings of 300 replies on three attributes, each with something of a common impression."""
    draw = np.random.default_rng(3)
    common = draw.normal(0, 1, (300, 1))
    return np.clip(np.rint(3 + common + draw.normal(0, 1, (300, 3))), 1, 5)


def test_a_judge_that_copies_one_attribute_everywhere_has_nothing_but_a_halo(replies: np.ndarray) -> None:
    rows = made(ratings(study_of("Warmth", "Tact", "Depth"), replies, gpt_4o=replies[:, [0, 0, 0]]), resamples=400)
    row = of_judges(rows).iloc[0]
    assert (row["same_judge"], row["factor_judge"], row["mean_r_judge"]) == pytest.approx((1, 1, 1))
    assert (row["factor_judge_low"], row["factor_judge_high"]) == pytest.approx((1, 1))
    assert row["same_judge_low"] > 0.98
    assert row["same_difference_low"] > 0.5
    assert rows["told_apart"].tolist() == ["yes", "no", "no"]
    assert rows["other_attribute"].tolist()[1:] == ["Warmth", "Warmth"]
    assert rows["campbell_fiske"].tolist()[1:] == ["no", "no"]


def test_a_judge_that_copies_the_experts_has_their_halo_and_tells_all_apart(replies: np.ndarray) -> None:
    rows = made(ratings(study_of("Warmth", "Tact", "Depth"), replies, gpt_4o=replies), resamples=400)
    row = of_judges(rows).iloc[0]
    for stem in ("same", "mean_r", "factor"):
        ends = row[[f"{stem}_difference", f"{stem}_difference_low", f"{stem}_difference_high"]]
        assert ends.tolist() == pytest.approx([0, 0, 0], abs=1e-12)
        assert row[f"{stem}_judge"] == row[f"{stem}_human"]
    assert rows["validity"].tolist() == pytest.approx([1, 1, 1])
    assert rows["told_apart"].tolist() == rows["campbell_fiske"].tolist() == ["yes"] * 3


def test_a_judge_that_always_gives_five_is_undefined_where_it_does_not_vary(replies: np.ndarray) -> None:
    study = study_of("Warmth", "Tact", "Depth")
    rows = made(ratings(study, replies, gpt_4o=np.full_like(replies, 5)))
    assert (rows["same_judge"] == 1).all()
    undefined = ["validity", "discrimination", "heteromethod", "monomethod", "mean_r_judge", "factor_judge"]
    assert rows[undefined].isna().all(axis=None)
    assert rows[["other_attribute", "told_apart", "campbell_fiske"]].isna().all(axis=None)
    assert rows["factor_human"].notna().all()
    assert "100 of 100 replies" in halo_finding(study, rows)
    assert "vary on every attribute" in factor_finding(study, rows)
    assert "do not vary" in apart_finding(study, rows, ONE)


def test_one_attribute_that_does_not_vary_leaves_the_others_defined(replies: np.ndarray) -> None:
    study = study_of("Warmth", "Tact", "Depth")
    judge = replies.copy()
    judge[:, 1] = 4
    rows = made(ratings(study, replies, gpt_4o=judge), resamples=400).set_index("attribute")
    assert rows["told_apart"].fillna("").tolist() == ["yes", "", "yes"]
    assert rows.loc["Warmth", ["heteromethod", "monomethod"]].notna().all()
    assert rows["factor_judge"].isna().all()
    assert "For Tact it cannot be told" in apart_finding(study, rows.reset_index(), ONE)


@pytest.mark.slow
def test_attributes_that_the_judge_cannot_tell_apart_are_rarely_said_to_be_worse_or_better() -> None:
    """Under a tie of all the experts' attributes, either claim is made of at most 2.5 in 100 attributes."""
    study = study_of("Warmth", "Tact", "Depth", "Wit")
    said_so = {"yes": 0, "no": 0}
    draw = np.random.default_rng(11)
    studies = 60
    for _ in range(studies):
        common = draw.normal(0, 1, (150, 1))
        human, judge = (np.clip(np.rint(3 + common + draw.normal(0, 1, (150, 4))), 1, 5) for _ in range(2))
        read = made(ratings(study, human, gpt_4o=judge), resamples=200)["told_apart"]
        for verdict in said_so:
            said_so[verdict] += int((read == verdict).sum())
    # 240 attributes, with room for chance.
    assert said_so["yes"] <= 12
    assert said_so["no"] <= 12


# What counts


def test_only_replies_that_both_rated_on_everything_count() -> None:
    human, judge = EXPERTS.astype(float), MIXED.astype(float)
    human = np.vstack([human, [5, 5, np.nan], [5, 5, 5]])
    judge = np.vstack([judge, [5, 5, 5], [np.nan, 5, 5]])
    study = study_of("Warmth", "Tact", "Depth")
    whole, part = (made(ratings(study, a, gpt_4o=b)) for a, b in ((EXPERTS, MIXED), (human, judge)))
    assert part["n_whole"].tolist() == [4, 4, 4]
    pd.testing.assert_frame_equal(part[ESTIMATES], whole[ESTIMATES])


def test_policies_and_conversations_that_differ_choose_replies() -> None:
    study = study_of("Warmth", "Tact", "Depth")
    human = np.vstack([EXPERTS, [0, 0, 0], [2, 2, 2]])
    single = ratings(study, human, gpt_4o=np.vstack([MIXED, [4, 4, 4], [2, 2, 2]]))
    moments = sum_moments(single)
    assert moments["policy"].value_counts().to_dict() == {"both": 5, "as-released": 1, "valid": 0}
    assert made(single)["n_whole"].tolist() == [5, 5, 5]
    assert made(single, ratings="as-released")["n_whole"].tolist() == [6, 6, 6]
    last = single.conversations[-1]
    differing = pd.DataFrame([(last, ONE, DIFFERENT, "")], columns=["conversation", "rater", "error", "stands_at"])
    marked = replace(single, differing=differing)
    assert made(marked)["n_whole"].tolist() == [4, 4, 4]
    assert made(marked, contexts="kept")["n_whole"].tolist() == [5, 5, 5]


def test_own_systems_of_a_judge_are_left_out_for_both() -> None:
    every, own = (of_judges(table("halo", replace(RECOMMENDED, exclude=exclude))) for exclude in ("none", "own"))
    assert (own["n_whole"] < every["n_whole"]).all()
    assert (own["same_human"] != every["same_human"]).all()


def test_the_table_has_a_row_for_every_judge_and_attribute() -> None:
    rows = table("halo", RECOMMENDED)
    assert tuple(rows.columns) == COLUMNS
    assert list(zip(rows["judge"], rows["attribute"], strict=True)) == [
        (judge, attribute) for judge in STUDY.judge_keys for attribute in STUDY.attribute_names
    ]


def test_figures_are_over_all_attributes_whatever_is_chosen() -> None:
    chosen = Selection.of(STUDY, [ONE], (), ["Safety", "Empathy"])
    bundled = snapshot()
    rows = halo_table(STUDY, bundled.counts, bundled.moments, RECOMMENDED, chosen)
    whole = table("halo", RECOMMENDED).query("judge == @ONE").reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, whole)


def test_adding_a_constant_or_stretching_a_judges_scale_changes_no_correlation(replies: np.ndarray) -> None:
    study = study_of("Warmth", "Tact", "Depth")
    human, judge = np.clip(replies, 1, 2), np.clip(replies[::-1], 1, 2)
    before, after = (made(ratings(study, human, gpt_4o=each)) for each in (judge, 2 * judge + 1))
    kept = [name for name in ESTIMATES if not name.startswith("same") and before[name].dtype.kind == "f"]
    assert_allclose(after[kept], before[kept], atol=1e-9)


@pytest.mark.slow
def test_intervals_are_those_of_resampled_rows(replies: np.ndarray) -> None:
    """Each resample is put together reply by reply and handed to numpy."""
    study = study_of("Warmth", "Tact", "Depth")
    judge = np.clip(np.rint((replies + replies.mean(1, keepdims=True)) / 2), 1, 5)
    human, judge = replies[:40], judge[:40]
    rows = made(ratings(study, human, gpt_4o=judge), resamples=60, seed=3)
    factors, own, less = [], [], []
    for times in next(weights(40, 60, 3)):
        drawn = np.repeat(np.arange(40), times.astype(int))
        matrix = np.corrcoef(np.hstack([human, judge])[drawn].T)
        factors.append([np.linalg.eigvalsh(matrix[at, at]).max() / 3 for at in (slice(0, 3), slice(3, 6))])
        own.append(matrix[3, 0])
        less.append([matrix[3, 0] - matrix[3, 1], matrix[3, 0] - matrix[3, 2]])
    for place, rater in enumerate(("human", "judge")):
        ends = np.quantile([each[place] for each in factors], [0.025, 0.975])
        assert rows.loc[0, [f"factor_{rater}_low", f"factor_{rater}_high"]].tolist() == pytest.approx(ends)
    assert rows.loc[0, ["validity_low", "validity_high"]].tolist() == pytest.approx(np.quantile(own, [0.025, 0.975]))
    # The lower end of each difference; the upper end of each with half the error.
    low = np.quantile(less, 0.025, axis=0).min()
    high = np.quantile(less, 1 - 0.0125, axis=0).min()
    assert rows.loc[0, ["discrimination_low", "discrimination_high"]].tolist() == pytest.approx([low, high])


# The release, whose 430th row of the experts is a copy

COPIED = 429


def cells_of(path: Path) -> dict[str, dict[int, list[float] | None]]:
    """Read one workbook with pandas alone, by model and row: seven numbers where strict JSON gives them all."""
    sheet = pd.read_excel(path, engine="openpyxl")
    sheet.columns = [str(name).strip() for name in sheet.columns]
    found: dict[str, dict[int, list[float] | None]] = {}
    for suffix, model in SUFFIX.items():
        column = next(name for name in sheet if re.fullmatch(rf"(human|judge)_response_{suffix}", name))
        found[model] = {row: seven(cell) for row, cell in enumerate(sheet[column])}
    return found


def seven(cell: object) -> list[float] | None:
    try:
        parsed = json.loads(re.sub(r"^\s*```(?:json)?|```\s*$", "", str(cell)))
        return [float(parsed[name]) for name in STUDY.attribute_names]
    except (ValueError, TypeError, KeyError):
        return None


@pytest.mark.release
@pytest.mark.slow
def test_the_release_gives_numpys_correlations_and_shares(release_folder: Path) -> None:
    dataset = load(str(release_folder), Progress())
    paper = Settings.of(STUDY, "paper", resamples=20)
    rows = halo_table(STUDY, dataset.counts, dataset.moments, paper, EVERYTHING)
    human = cells_of(release_folder / "Human_judge.xlsx")
    for judge in STUDY.judges:
        file = next(stem for stem, key in JUDGE_OF_FILE.items() if key == judge.key)
        given = cells_of(release_folder / f"{file}.xlsx")
        both = [
            [*human[model][row], *cell]
            for model, cells in given.items()
            if model not in judge.own
            for row, cell in cells.items()
            if cell is not None and human[model][row] is not None and row != COPIED
        ]
        values = np.array(both)
        mine = rows[rows["judge"] == judge.key].reset_index(drop=True)
        assert mine["n_whole"].tolist() == [len(values)] * 7
        matrix = np.corrcoef(values.T)
        between = matrix[7:, :7]
        off = between - 9 * np.eye(7)
        assert_allclose(mine["validity"], np.diag(between), rtol=0, atol=1e-10)
        assert_allclose(mine["other_r"], off.max(1), rtol=0, atol=1e-10)
        assert mine["other_attribute"].tolist() == [STUDY.attribute_names[place] for place in off.argmax(1)]
        assert_allclose(mine["heteromethod"], np.diag(between) - np.maximum(off.max(1), off.max(0)), atol=1e-10)
        within = [(matrix[at, at] - 9 * np.eye(7)).max(1) for at in (slice(0, 7), slice(7, 14))]
        assert_allclose(mine["monomethod"], np.diag(between) - np.maximum(*within), rtol=0, atol=1e-10)
        for rater, at in (("human", slice(0, 7)), ("judge", slice(7, 14))):
            of = matrix[at, at]
            assert mine.loc[0, f"factor_{rater}"] == pytest.approx(np.linalg.eigvalsh(of).max() / 7, abs=1e-10)
            assert mine.loc[0, f"mean_r_{rater}"] == pytest.approx(of[np.triu_indices(7, 1)].mean(), abs=1e-10)
            same = (np.ptp(values[:, at], axis=1) == 0).mean()
            assert mine.loc[0, f"same_{rater}"] == pytest.approx(same, abs=1e-12)


@pytest.mark.release
@pytest.mark.slow
@pytest.mark.parametrize("preset", ["paper", "recommended"])
def test_the_snapshot_gives_the_figures_of_the_release_and_intervals_as_wide(release_folder: Path, preset: str) -> None:
    settings = Settings.of(STUDY, preset)
    release = load(str(release_folder), Progress())
    single, blocks = (
        halo_table(STUDY, each.counts, each.moments, settings, EVERYTHING) for each in (release, snapshot())
    )
    numbers = [name for name in ESTIMATES if single[name].dtype.kind == "f"]
    assert_allclose(blocks[numbers], single[numbers], rtol=0, atol=1e-9)
    assert blocks["other_attribute"].tolist() == single["other_attribute"].tolist()
    for name in numbers:
        wide, other = (each[f"{name}_high"] - each[f"{name}_low"] for each in (blocks, single))
        # Fifty blocks tell a width to about ten in a hundred.
        assert 0.65 < (wide / other).median() < 1.5, name


def test_what_the_release_says_of_halo() -> None:
    rows = table("halo", RECOMMENDED)
    judges = of_judges(rows).set_index("judge")
    assert judges.loc[ONE, ["same_judge", "same_human"]].tolist() == pytest.approx([0.5545, 0.1333], abs=5e-5)
    assert (judges["same_difference_low"] > 0).all()
    assert (judges["factor_difference_low"] > 0).all()
    # As found, four of seven go with another attribute for every judge; the intervals bear two or three of them out.
    assert (rows["discrimination"] < 0).groupby(rows["judge"]).sum().tolist() == [4, 4, 4, 4]
    assert rows.query("told_apart == 'no'").groupby("judge")["attribute"].count().between(1, 3).all()
    assert set(rows["campbell_fiske"]) == {"no"}


# What it takes


def test_two_attributes_are_too_few() -> None:
    single = ratings(study_of("Warmth", "Tact"), EXPERTS[:, :2], gpt_4o=MIXED[:, :2])
    with pytest.raises(NeedsAttributesError, match="it takes 3, and the study has 2"):
        made(single)


def test_counts_of_each_attribute_by_itself_are_too_little() -> None:
    with pytest.raises(NeedsWholeRepliesError, match="only counts of each attribute by itself"):
        halo_table(STUDY, snapshot().counts, None, RECOMMENDED, EVERYTHING)


def test_the_command_line_says_what_own_counts_lack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(tmp_path / "own", make_study(6))
    assert data(["counts", str(tmp_path / "own"), "--output", str(tmp_path / "own.parquet")]) == 0
    capsys.readouterr()
    assert main(["halo", "--source", str(tmp_path / "own.parquet")]) == 2
    told = capsys.readouterr().err
    assert "the source gives only counts of each attribute by itself" in told
    assert told.count("\n") == 1
    # The ratings themselves give it.
    assert main(["halo", "--source", str(tmp_path / "own"), "--resamples", "20", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 5 * 8


# The page


@pytest.mark.slow
def test_the_page_shows_the_figures_of_the_command_line(
    open_page: OpenPage, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = from_command_line(capsys, "halo")
    app = open_page("reliability/halo", preset="recommended", cell_judge=ONE)
    assert halo_finding(STUDY, printed) in said(app)
    assert apart_finding(STUDY, printed[printed["judge"] == ONE], ONE) in said(app)
    shown = next(each.value for each in app.dataframe if "Told apart" in each.value or "told_apart" in each.value)
    assert shown["validity"].tolist() == pytest.approx(printed["validity"].tolist())
    assert shown["told_apart"].replace({"Yes": "yes", "No": "no"}).tolist()[0] == "yes"
    matrix = next(each for each in charted(app) if "validity" in each and "other_attribute" in each)
    assert len(matrix) == 49
    diagonal = matrix[matrix["validity"].astype(bool)].set_index("attribute")["r"]
    expected = printed[printed["judge"] == ONE].set_index("attribute")["validity"]
    assert_allclose(diagonal.loc[expected.index], expected)


def test_a_filter_of_attributes_chooses_rows_of_the_section(open_page: OpenPage) -> None:
    app = open_page("reliability/halo", preset="recommended", judge="o4-mini", attribute=["Safety", "Empathy"])
    shown = next(each.value for each in app.dataframe if "told_apart" in each.value)
    whole = table("halo", RECOMMENDED).query("judge == 'o4-mini'").set_index("attribute")
    assert shown["attribute"].tolist() == ["Safety", "Empathy"]
    assert shown["validity"].tolist() == pytest.approx(whole.loc[["Safety", "Empathy"], "validity"].tolist())
    assert "on all seven attributes" in said(app)


@pytest.mark.slow
def test_a_study_of_two_attributes_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    rows = make_study(6)
    write_study(tmp_path / "two", rows[rows["attribute"].isin(["guidance", "safety"])])
    app = open_page("reliability/halo", source=tmp_path / "two")
    assert "takes at least three of them; this study has 2 attributes" in said(app)


@pytest.mark.slow
def test_counts_without_sums_say_what_is_missing(
    open_page: OpenPage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_study(tmp_path / "own", make_study(6))
    assert data(["counts", str(tmp_path / "own"), "--output", str(tmp_path / "own.parquet")]) == 0
    app = open_page("reliability/halo", source=tmp_path / "own.parquet")
    assert "the source only counts each attribute by itself" in " ".join(said(app).split())
