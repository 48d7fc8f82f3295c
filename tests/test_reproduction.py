"""Printed figures against recomputed ones: every rule by made-up printed tables, and the verdicts on the real ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.agreement.icc import icc_of
from analysis.bias.inflation import inflation_table
from analysis.decisions.scores import human_table, score_intervals, score_table
from analysis.ratings.pairs import pairs, ratings_of_each, sums
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction import comparison
from analysis.reproduction.comparison import (
    narrowed,
    of_sheet,
    reproduction_table,
    unit_of,
    worst_first,
)
from analysis.reproduction.copied_row import left_out_in_turn
from analysis.reproduction.seeds import SEEDS, ends_over_seeds
from analysis.reproduction.selfcheck import checked, misprints, proofs
from analysis.reproduction.sensitivity import COUNTS, PAPER_ALONE, PARTIAL, switch_table, switched
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import from_ratings, load_snapshot
from tests.spec import counts_of, selected

PAPER = Settings.of(STUDY, "paper")


@pytest.fixture(scope="module")
def snapshot() -> pd.DataFrame:
    return load_snapshot().counts


@pytest.fixture(scope="module")
def real(snapshot: pd.DataFrame) -> pd.DataFrame:
    """The printed tables under the paper's settings; not to be changed."""
    return reproduction_table(STUDY, snapshot, PAPER)


def figure(table: pd.DataFrame, name: str, **where: str) -> pd.Series:
    """Take the one row of a figure."""
    rows = table[table["figure"] == name]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def verdicts(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    return {name: rows["verdict"].value_counts().to_dict() for name, rows in table.groupby("published_table")}


# The real tables


def test_every_printed_figure_is_there_once(real: pd.DataFrame) -> None:
    assert real.groupby("published_table").size().to_dict() == {"icc": 28 * 6, "bias": 28 * 4, "human_means": 63 + 9}
    assert not real.duplicated(comparison.KEYS).any()


def test_verdicts_on_the_real_tables(real: pd.DataFrame) -> None:
    """238 of the 240 figures without random draws are the same; one is a misprint, one was cut off, not rounded."""
    assert verdicts(real) == {
        "icc": {"monte-carlo": 80, "same": 88},
        "bias": {"same": 111, "rounding": 1},
        "human_means": {"same": 71, "misprint": 1},
    }
    exact = real[real["lower"].isna() & (real["figure"] != "tier")]
    assert exact["verdict"].value_counts().to_dict() == {"same": 238, "rounding": 1, "misprint": 1}
    cut = figure(real, "mse", judge="claude-3.7-sonnet", attribute="Relevance")
    assert (cut["verdict"], cut["published"]) == ("rounding", 0.999)
    assert cut["recomputed"] == pytest.approx(0.99989, abs=5e-6)


@pytest.mark.slow
def test_with_the_copied_row_most_figures_are_off_in_the_third_digit(snapshot: pd.DataFrame) -> None:
    table = reproduction_table(STUDY, snapshot, Settings.of(STUDY, "paper", repeated="kept"))
    figures = table[table["figure"].isin(["icc_c1", "icc_a1", "human_mean", "judge_mean", "bias", "mse"])]
    assert len(figures) == 168
    assert figures["verdict"].value_counts()["same"] == 74
    assert figures["difference"].abs().max() == pytest.approx(0.0038, abs=5e-5)


@pytest.mark.slow
def test_of_all_conversations_only_the_copied_row_brings_the_figures_back(released: Ratings) -> None:
    dataset = from_ratings(released, "folder", "release")
    assert dataset.provenance.repeats == (("430", "429"),)
    table = left_out_in_turn(dataset)
    assert len(table) == 1000
    assert table.nlargest(3, "n_same").to_numpy().tolist() == [[430, 167, 168], [228, 115, 168], [429, 102, 168]]
    # One of them by the way that leads through files, settings and pairs.
    without = replace(released, repeats=pd.DataFrame({"conversation": [228], "copy_of": [227]}))
    again = reproduction_table(STUDY, count_pairs(without), PAPER)
    figures = again[again["figure"].isin(["icc_c1", "icc_a1", "human_mean", "judge_mean", "bias", "mse"])]
    assert (figures["verdict"] == "same").sum() == 115


@pytest.mark.slow
def test_release_and_snapshot_give_the_same_verdicts(released: Ratings, real: pd.DataFrame) -> None:
    table = reproduction_table(STUDY, count_pairs(released), PAPER)
    pd.testing.assert_frame_equal(table, real, rtol=0, atol=1e-9)


@pytest.mark.slow
def test_the_misprint_is_proved_by_its_row(real: pd.DataFrame) -> None:
    (proof,) = proofs(real).to_dict("records")
    assert (proof["model"], proof["attribute"], proof["result"]) == ("qwen-3-4b", "Guidance", "average")
    assert proof["published"] == 3.07
    assert proof["recomputed"] == pytest.approx(2.766, abs=5e-4)
    assert proof["result_published"] == 3.64
    assert proof["from_printed"] == pytest.approx(3.6886, abs=5e-5)
    assert proof["from_recomputed"] == pytest.approx(3.6451, abs=5e-5)


@pytest.mark.slow
def test_other_printed_figures_agree_with_their_rows(real: pd.DataFrame) -> None:
    checks = checked(real, unit_of(real))
    assert checks["figure"].value_counts().to_dict() == {"ci_width": 28, "bias": 28, "average": 9}
    off = checks[(checks["published"] - checks["follows"]).abs() > checks["allowed"]]
    assert off["model"].tolist() == ["qwen-3-4b"]


def test_printed_tiers_are_those_of_the_printed_widths() -> None:
    printed = comparison.printed_icc(STUDY)
    by_width = pd.cut(printed["ci_width"], [0, 0.355, 0.560, 9], labels=["GR", "MR", "PR"])
    assert by_width.tolist() == printed["tier"].tolist()


@pytest.mark.slow
def test_experts_means_are_over_complete_replies(snapshot: pd.DataFrame) -> None:
    """Leaving a reply with any missing rating out whole gives every expert's mean but the misprint."""
    counted = reproduction_table(STUDY, snapshot, PAPER, partial=True)
    assert verdicts(counted)["human_means"] == {"same": 65, "rounding": 6, "misprint": 1}


def test_a_reply_is_partial_where_some_ratings_are_there_and_others_are_not(snapshot: pd.DataFrame) -> None:
    mine = snapshot[snapshot["judge"] == STUDY.judge_keys[0]]
    partial = mine[mine["partial"]]
    # Ten nulls in cells of the experts, and what else stands in these cells.
    assert partial.loc[partial["human"].isna(), "n"].sum() == 10
    replies = partial["n"].sum() / len(STUDY.attribute_names)
    assert replies == round(replies) <= 10


@pytest.mark.slow
def test_the_scripts_filter_leaves_three_printed_ends_unexplained(snapshot: pd.DataFrame, real: pd.DataFrame) -> None:
    drawn = real[real["lower"].notna()]
    assert len(drawn) == 84
    assert set(drawn["verdict"]) == {"same", "monte-carlo"}
    table = reproduction_table(STUDY, snapshot, Settings.of(STUDY, "paper", discard="outside-0-1"))
    missed = table[table["verdict"] == "not-reproduced"]
    assert missed[["judge", "attribute", "figure"]].to_numpy().tolist() == [
        ["gemini-2.5-flash", "Relevance", "icc_c1_low"],
        ["o4-mini", "Relevance", "icc_c1_low"],
        ["gemini-2.5-flash", "Relevance", "ci_width"],
    ]


# Seeds


def test_the_range_over_seeds_is_that_of_the_table_with_each_seed(snapshot: pd.DataFrame, real: pd.DataFrame) -> None:
    total = sums(pairs(STUDY, snapshot, PAPER, Selection.of(STUDY)))
    ends = ends_over_seeds(total, PAPER, range(5, 8))
    for place, seed in enumerate(range(5, 8)):
        table = icc_of(total, replace(PAPER, seed=seed))
        assert ends.low[place].ravel() == pytest.approx(table["icc_c1_low"].to_numpy())
        assert ends.high[place].ravel() == pytest.approx(table["icc_c1_high"].to_numpy())
        width = figure(real, "ci_width", judge="gpt-4o", attribute="Empathy")
        cell = table.query("judge == 'gpt-4o' and attribute == 'Empathy'").iloc[0]
        assert width["lower"] <= cell["ci_width"] <= width["upper"]
    assert len(SEEDS) == 200


@pytest.mark.slow
def test_the_share_of_a_tier_counts_seeds(snapshot: pd.DataFrame, real: pd.DataFrame) -> None:
    ends = ends_over_seeds(sums(pairs(STUDY, snapshot, PAPER, Selection.of(STUDY))), PAPER)
    width = (ends.high - ends.low)[:, 1, STUDY.attribute_names.index("Empathy")]
    tier = figure(real, "tier", judge="gpt-4o", attribute="Empathy")
    assert tier["published_tier"] == "MR"
    assert tier["recomputed_tier"] == "PR"
    assert tier["tier_share"] == ((width > 0.355) & (width <= 0.560)).mean()
    assert tier["verdict"] == "monte-carlo"


@pytest.mark.slow
def test_an_exact_interval_has_no_range_over_seeds(snapshot: pd.DataFrame) -> None:
    table = reproduction_table(STUDY, snapshot, Settings.of(STUDY, "paper", interval="exact-f"))
    assert table[["lower", "upper", "tier_share"]].isna().all(axis=None)
    assert "monte-carlo" not in set(table["verdict"])


# The rules, on made-up printed tables


@pytest.fixture(scope="module")
def planted(snapshot: pd.DataFrame) -> pd.DataFrame:
    """Print what the ratings give, but for one figure of each kind."""
    everyone = Selection.of(STUDY)
    frame = pairs(STUDY, snapshot, PAPER, everyone)
    icc = icc_of(sums(frame), PAPER).round(3).rename(columns={"reading": "tier"})
    bias = inflation_table(frame).round(3)
    rated = ratings_of_each(STUDY, snapshot[~snapshot["partial"]], replace(PAPER, repeated="kept"), everyone)
    means = human_table(STUDY, score_table(STUDY, score_intervals(STUDY, rated))).round(2)
    cell = (icc["judge"] == "gpt-4o") & (icc["attribute"] == "Empathy")
    icc.loc[cell, "icc_c1_low"] = 0.3
    icc.loc[cell, "ci_width"] = 0.1
    icc.loc[cell, "tier"] = "MR"
    icc.loc[(icc["judge"] == "gpt-4o") & (icc["attribute"] == "Safety"), "tier"] = "GR"
    off = (bias["judge"] == "o4-mini") & (bias["attribute"] == "Safety")
    bias.loc[off, "mse"] += 0.004
    near = (bias["judge"] == "o4-mini") & (bias["attribute"] == "Empathy")
    exact = inflation_table(frame).loc[near, "mse"].iloc[0]
    bias.loc[near, "mse"] = np.floor(exact * 1000) / 1000 if exact * 1000 % 1 > 0.5 else np.ceil(exact * 1000) / 1000
    means.loc[means["model"] == "gpt-4o", "Relevance"] -= 0.5
    means.loc[means["model"] == "llama-3.1-8b", "Relevance"] -= 0.02
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "printed_icc", lambda _: icc)
        patch.setattr(comparison, "printed_bias", lambda _: bias)
        patch.setattr(comparison, "printed_human_means", lambda _: means)
        return reproduction_table(STUDY, snapshot, PAPER)


@pytest.mark.parametrize(
    ("name", "where", "verdict"),
    [
        ("icc_c1_low", {"judge": "gpt-4o", "attribute": "Empathy"}, "monte-carlo"),
        ("ci_width", {"judge": "gpt-4o", "attribute": "Empathy"}, "not-reproduced"),
        ("tier", {"judge": "gpt-4o", "attribute": "Empathy"}, "monte-carlo"),
        ("tier", {"judge": "gpt-4o", "attribute": "Safety"}, "not-reproduced"),
        ("mse", {"judge": "o4-mini", "attribute": "Safety"}, "not-reproduced"),
        ("mse", {"judge": "o4-mini", "attribute": "Empathy"}, "rounding"),
        ("mean", {"model": "gpt-4o", "attribute": "Relevance"}, "misprint"),
        ("mean", {"model": "llama-3.1-8b", "attribute": "Relevance"}, "not-reproduced"),
    ],
)
def test_a_planted_figure_has_its_verdict(
    planted: pd.DataFrame, name: str, where: dict[str, str], verdict: str
) -> None:
    assert figure(planted, name, **where)["verdict"] == verdict


def test_all_figures_but_the_planted_ones_are_the_same(planted: pd.DataFrame) -> None:
    assert planted["verdict"].value_counts().to_dict() == {
        "same": 352 - 8,
        "not-reproduced": 4,
        "monte-carlo": 2,
        "rounding": 1,
        "misprint": 1,
    }


def row_of_bias(judge_mean: float, human_mean: float, bias: float, /, **recomputed: float) -> pd.DataFrame:
    """Print one row of bias; figures that are not recomputed otherwise come out as printed."""
    printed = {"human_mean": human_mean, "judge_mean": judge_mean, "bias": bias}
    table = pd.DataFrame(
        {
            "judge": "gpt-4o",
            "model": None,
            "attribute": "Safety",
            "figure": list(printed),
            "published": list(printed.values()),
            "recomputed": [recomputed.get(name, value) for name, value in printed.items()],
        }
    )
    off = (table["recomputed"] - table["published"]).abs() > 0.001
    return table.assign(verdict=np.where(off, "not-reproduced", "same"))


def found(table: pd.DataFrame) -> list[str]:
    return table.loc[misprints(table, pd.Series(0.001, table.index)), "figure"].tolist()


def test_a_figure_that_contradicts_its_row_is_a_misprint_when_the_recomputed_one_mends_it() -> None:
    assert found(row_of_bias(4.0, 3.5, 0.6, bias=0.5)) == ["bias"]
    assert found(row_of_bias(4.0, 3.5, 0.6, human_mean=3.4)) == ["human_mean"]


def test_a_row_that_agrees_with_itself_has_no_misprint() -> None:
    assert found(row_of_bias(4.0, 3.5, 0.5, bias=0.6)) == []
    # Three figures rounded to 0.001 may be 0.0015 apart and no more.
    assert found(row_of_bias(4.0, 3.5, 0.501, bias=0.503)) == []
    assert found(row_of_bias(4.0, 3.5, 0.502, bias=0.5)) == ["bias"]


def test_a_figure_that_leaves_the_row_broken_is_no_misprint() -> None:
    assert found(row_of_bias(4.0, 3.5, 0.6, bias=0.9)) == []


def test_of_two_figures_that_would_mend_a_row_neither_is_called_a_misprint() -> None:
    assert found(row_of_bias(4.0, 3.5, 0.6, bias=0.5, human_mean=3.4)) == []


# What is on screen


def test_a_subset_chooses_figures_and_does_not_change_them(real: pd.DataFrame) -> None:
    few = narrowed(real, selected(judges=("gpt-4o",), models=("qwen-3-4b",), attributes=("Guidance", "Safety")))
    assert few.groupby("published_table").size().to_dict() == {"icc": 12, "bias": 8, "human_means": 3}
    same = real.merge(few, on=comparison.KEYS, suffixes=("", "_few"))
    assert same["recomputed"].equals(same["recomputed_few"])
    assert len(narrowed(real, selected(models=("original",)))) == 28 * 10


def test_what_comes_out_worst_stands_first(real: pd.DataFrame) -> None:
    seen = of_sheet(real, "human_means")
    assert seen.iloc[0]["verdict"] == "misprint"
    assert seen["verdict"].tolist() == ["misprint"] + ["same"] * 71
    assert seen["attribute"].eq("").sum() == 9
    units = worst_first(real).query("verdict == 'not-reproduced'")["difference"].abs() / 0.001
    assert units.is_monotonic_decreasing


@pytest.mark.slow
def test_ratings_of_one_judge_give_its_figures_and_undefined_ones_are_not_reproduced() -> None:
    ratings = pd.DataFrame(
        {"model": STUDY.system_keys[:2], "conversation": 0, "attribute": "Safety", "human": 5.0, "gpt-4o": 4.0}
    )
    study = STUDY.with_judges(("gpt-4o",))
    table = reproduction_table(study, counts_of(ratings), Settings.of(study, "paper"))
    assert set(table["judge"].dropna()) == {"gpt-4o"}
    assert figure(table, "icc_c1", attribute="Safety")[["verdict"]].tolist() == ["not-reproduced"]
    assert np.isnan(figure(table, "icc_c1", attribute="Safety")["recomputed"])
    assert figure(table, "bias", attribute="Safety")["recomputed"] == -1


# Switches


def test_each_switch_changes_one_choice_of_the_papers() -> None:
    made = switched(STUDY)
    assert made.pop(PAPER_ALONE) == PAPER
    assert [len(PAPER.differences_to(settings)) for settings in made.values()] == [1] * len(made)
    assert list(made) == [
        "repeated=kept",
        "ratings=valid",
        "contexts=left-out",
        "exclude=none",
        "exclude=family",
        "original=left-out",
        "interval=bootstrap-conversations",
        "interval=bootstrap-both",
        "interval=exact-f",
        "discard=outside-0-1",
    ]


def test_the_switch_table_counts_verdicts_and_changes(real: pd.DataFrame) -> None:
    other = real.assign(verdict=real["verdict"].replace("rounding", "same"))
    table = switch_table({PAPER_ALONE: real, PARTIAL: other}).set_index("switch")
    assert table["n_changed"].to_dict() == {PAPER_ALONE: 0, PARTIAL: 1}
    counted = table.loc[PARTIAL, ["icc_same", "icc_rounding", "bias_same", "human_means_same"]]
    assert counted.tolist() == [88, 0, 112, 71]
    assert table[list(COUNTS)].sum(axis=1).tolist() == [352, 352]
