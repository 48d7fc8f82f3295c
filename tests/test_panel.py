"""Panels: rules by plain loops over replies, one more judge in every table, gain by a loop over resamples."""

import json
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path
from statistics import mean, median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.__main__ import main
from analysis.agreement.icc import icc_table
from analysis.bias.inflation import inflation_table
from analysis.decisions.panel import COLUMNS, panel_table
from analysis.decisions.scores import score_intervals, score_table
from analysis.inference.bootstrap import percentile_interval, weights
from analysis.ratings.excluded import excluded_models
from analysis.ratings.needs import NeedsConversationsError, NeedsJudgesError
from analysis.ratings.pairs import pairs, ratings_of_each
from analysis.ratings.settings import Selection, Settings
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from data.study import HUMAN, PANEL, Rule
from tests.spec import counts_of, selected

SETTINGS = Settings.of(STUDY, "recommended", resamples=40)
RULES: tuple[Rule, ...] = ("mean", "median", "majority")
THREE = ("claude-3.7-sonnet", "gpt-4o", "o4-mini")


@pytest.fixture(scope="module")
def counts(released: Ratings) -> pd.DataFrame:
    return count_pairs(released)


def by_rule(ratings: list[float], rule: Rule) -> float:
    if rule == "majority":
        times = Counter(ratings)
        return min(rating for rating in times if times[rating] == max(times.values()))
    return {"mean": mean, "median": median}[rule](ratings)


def of_members(
    counts: pd.DataFrame, members: tuple[str, ...], attribute: str
) -> dict[tuple, list[tuple[float, float]]]:
    """Every reply's pairs of ratings by the members that may rate it."""
    rows = pairs(STUDY, counts, SETTINGS, selected(members, attributes=(attribute,)))
    replies = defaultdict(list)
    for model, cluster, human, rating in rows[["model", "cluster", "human", "rating"]].itertuples(index=False):
        replies[model, cluster].append((human, rating))
    return replies


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_a_reply_gets_what_the_rule_makes_of_the_members_that_rate_it(counts: pd.DataFrame, rule: Rule) -> None:
    chosen = selected((), attributes=("Empathy",), panel=THREE, rule=rule)
    frame = pairs(STUDY, counts, SETTINGS, chosen)
    replies = of_members(counts, THREE, "Empathy")
    assert len(frame) == len(replies)
    for model, cluster, human, rating, n in frame[["model", "cluster", "human", "rating", "n"]].itertuples(index=False):
        known = replies[model, cluster]
        assert n == 1
        assert {pair[0] for pair in known} == {human}
        assert rating == pytest.approx(by_rule([pair[1] for pair in known], rule), abs=1e-12)


@given(st.lists(st.lists(st.sampled_from([1.0, 2, 3, 4, 5, np.nan]), min_size=3, max_size=3), min_size=1, max_size=6))
def test_rules_on_any_ratings(ratings: list[list[float]]) -> None:
    rows = pd.DataFrame(ratings, columns=["claude-3.7-sonnet", "gpt-4o", "gemini-2.5-flash"])
    counts = counts_of(rows.assign(conversation=range(len(rows)), model="original", human=4.0))
    for rule in RULES:
        frame = pairs(STUDY, counts, SETTINGS, selected((), STUDY.system_keys, ("Safety",), tuple(rows), rule))
        expected = {
            place: by_rule([rating for rating in row if not np.isnan(rating)], rule)
            for place, row in enumerate(ratings)
            if not np.isnan(row).all()
        }
        assert dict(zip(frame["cluster"], frame["rating"], strict=True)) == pytest.approx(expected)


def test_the_panel_is_the_last_judge_and_changes_no_other(counts: pd.DataFrame) -> None:
    chosen = selected(panel=("gpt-4o", "o4-mini"), rule="median")
    alone, both = pairs(STUDY, counts, SETTINGS, Selection.of(STUDY)), pairs(STUDY, counts, SETTINGS, chosen)
    assert list(both["judge"].cat.categories) == [*STUDY.judge_keys, "panel-median"] == list(chosen.every_judge)
    others = both[both["judge"] != "panel-median"].reset_index(drop=True)
    assert others.astype({"judge": alone["judge"].dtype}).equals(alone.reset_index(drop=True))
    assert Selection.of(STUDY).every_judge == STUDY.judge_keys
    icc = icc_table(both, SETTINGS)
    assert icc["judge"].unique().tolist() == list(chosen.every_judge)
    pd.testing.assert_frame_equal(icc.head(28), icc_table(alone, SETTINGS))


def test_a_panel_need_not_be_of_judges_on_show(counts: pd.DataFrame) -> None:
    frame = pairs(STUDY, counts, SETTINGS, selected(("gpt-4o",), panel=("o4-mini",)))
    assert frame["judge"].value_counts().to_dict() == {
        judge: len(pairs(STUDY, counts, SETTINGS, selected((key,))))
        for judge, key in (("gpt-4o", "gpt-4o"), ("panel-mean", "o4-mini"))
    }


@pytest.mark.parametrize("rule", RULES)
def test_a_panel_of_one_is_that_judge(counts: pd.DataFrame, rule: Rule) -> None:
    frame = pairs(STUDY, counts, SETTINGS, selected(("gpt-4o",), panel=("gpt-4o",), rule=rule))
    for table in (icc_table(frame, SETTINGS), inflation_table(frame)):
        judge, panel = (rows.drop(columns="judge").reset_index(drop=True) for _, rows in table.groupby("judge"))
        pd.testing.assert_frame_equal(judge, panel)


def test_own_models_are_left_out_for_their_member_alone(counts: pd.DataFrame) -> None:
    frame = pairs(STUDY, counts, SETTINGS, selected((), panel=("gpt-4o", "o4-mini")))
    assert set(frame["model"].unique()) == set(STUDY.system_keys)
    rated = frame[(frame["model"] == "gpt-4o") & (frame["attribute"] == "Safety")].set_index("cluster")["rating"]
    mini = pairs(STUDY, counts, SETTINGS, selected(("o4-mini",), ("gpt-4o",), ("Safety",))).set_index("cluster")[
        "rating"
    ]
    pd.testing.assert_series_equal(rated.sort_index(), mini.sort_index())
    family = Settings.of(STUDY, "recommended", exclude="family")
    assert set(STUDY.system_keys) - set(
        pairs(STUDY, counts, family, selected((), panel=("gpt-4o", "o4-mini")))["model"]
    ) == {*("gpt-4o", "gpt-4o-mini")}
    assert excluded_models(STUDY, "panel-mean", SETTINGS) == frozenset()
    assert excluded_models(STUDY, "panel-mean", Settings.of(STUDY, "recommended", original="left-out")) == {"original"}


def test_each_rater_alone_has_the_panel_and_scores_keep_it(counts: pd.DataFrame) -> None:
    chosen = selected(panel=THREE, rule="majority")
    frame = ratings_of_each(STUDY, counts, SETTINGS, chosen)
    assert list(frame["rater"].cat.categories) == [HUMAN, *STUDY.judge_keys, "panel-majority"]
    without = ratings_of_each(STUDY, counts, SETTINGS, Selection.of(STUDY)).reset_index(drop=True)
    rest = frame[frame["rater"] != "panel-majority"].reset_index(drop=True)
    assert rest.astype({"rater": without["rater"].dtype}).equals(without)
    # Replies that the experts did not rate have a rating by the panel too.
    alone = frame[frame["rater"] == "panel-majority"]
    assert len(alone) > len(pairs(STUDY, counts, SETTINGS, selected((), panel=THREE, rule="majority")))
    table = score_table(STUDY, score_intervals(STUDY, frame))
    assert table["rater"].unique().tolist() == [HUMAN, *STUDY.judge_keys, "panel-majority"]
    row = table[(table["rater"] == "panel-majority") & (table["model"] == "original")].iloc[0]
    mine = alone[(alone["model"] == "original") & (alone["attribute"] == "Safety")]
    assert row["Safety"] == pytest.approx(mine["rating"].mean())


def test_counts_by_blocks_make_no_panel_and_without_ratings_it_is_empty() -> None:
    blocks = load_snapshot().counts
    with pytest.raises(NeedsConversationsError, match="single conversations"):
        pairs(STUDY, blocks, SETTINGS, selected(panel=("gpt-4o",)))
    with pytest.raises(NeedsConversationsError):
        ratings_of_each(STUDY, blocks, SETTINGS, selected(panel=("gpt-4o",)))
    nothing = pairs(STUDY, blocks.iloc[:0], SETTINGS, selected(panel=("gpt-4o",)))
    assert nothing.empty
    assert list(nothing["judge"].cat.categories) == [*STUDY.judge_keys, "panel-mean"]


def test_combining_changes_no_counts(counts: pd.DataFrame) -> None:
    before = counts.copy()
    pairs(STUDY, counts, SETTINGS, selected(panel=THREE))
    panel_table(STUDY, counts, SETTINGS, selected(THREE, attributes=("Safety",)))
    assert counts.equals(before)


# The table


def agreement(human: np.ndarray, judge: np.ndarray) -> float:
    """ICC(A,1) by the analysis of variance, written out."""
    table = np.column_stack([human, judge])
    n, grand = len(table), table.mean()
    targets = 2 * ((table.mean(1) - grand) ** 2).sum() / (n - 1)
    raters = n * ((table.mean(0) - grand) ** 2).sum()
    rest = table - table.mean(1, keepdims=True) - table.mean(0, keepdims=True) + grand
    error = (rest**2).sum() / (n - 1)
    return (targets - error) / (targets + error + 2 * (raters - error) / n)


def shared_by_loop(counts: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """One row for each reply that the experts and all of ``THREE`` rate: its ratings, the panels' too."""
    replies = {key: known for key, known in of_members(counts, THREE, attribute).items() if len(known) == len(THREE)}
    order = {judge: pairs(STUDY, counts, SETTINGS, selected((judge,), attributes=(attribute,))) for judge in THREE}
    ratings = {judge: rows.set_index(["model", "cluster"])["rating"].to_dict() for judge, rows in order.items()}
    return pd.DataFrame(
        [
            {
                "model": model,
                "cluster": cluster,
                "human": known[0][0],
                **{judge: ratings[judge][model, cluster] for judge in THREE},
                **{PANEL[rule]: by_rule([ratings[judge][model, cluster] for judge in THREE], rule) for rule in RULES},
            }
            for (model, cluster), known in replies.items()
        ]
    )


def coefficients(rows: pd.DataFrame, level: str, times: np.ndarray) -> dict[str, float]:
    raters = [*THREE, *PANEL.values()]
    drawn = rows.loc[rows.index.repeat(times)]
    targets = drawn.groupby("model")[["human", *raters]].mean() if level == "model" else drawn
    return {rater: agreement(targets["human"].to_numpy(), targets[rater].to_numpy()) for rater in raters}


@pytest.mark.slow
@pytest.mark.parametrize("level", ["model", "response"])
def test_gain_is_that_of_plain_loops_over_replies_and_resamples(counts: pd.DataFrame, level: str) -> None:
    chosen = Settings.of(STUDY, "recommended", level, resamples=40)
    table = panel_table(STUDY, counts, chosen, selected(THREE, attributes=("Understanding",))).set_index("judge")
    rows = shared_by_loop(counts, "Understanding")
    whole = coefficients(rows, level, np.ones(len(rows), dtype=int))
    best = max(THREE, key=whole.__getitem__)
    # All conversations that the experts rated are drawn, with or without a shared reply.
    clusters = counts.loc[counts[["human", "human_valid"]].notna().any(axis=1), "cluster"].unique()
    cluster = np.searchsorted(np.sort(clusters), rows["cluster"])
    drawn = [
        coefficients(rows, level, weight[cluster].astype(int))
        for weight in np.concatenate(list(weights(len(clusters), chosen.resamples, chosen.seed)))
    ]
    for key in PANEL.values():
        row = table.loc[key]
        assert row["n_shared"] == len(rows)
        assert (row["best_member"], row["best_icc_a1"]) == (best, pytest.approx(whole[best], abs=1e-9))
        assert row["shared_icc_a1"] == pytest.approx(whole[key], abs=1e-9)
        assert row["gain"] == pytest.approx(whole[key] - whole[best], abs=1e-9)
        values = {
            "gain": [each[key] - each[best] for each in drawn],
            "shared_icc_a1": [each[key] for each in drawn],
            "best_icc_a1": [each[best] for each in drawn],
        }
        for name, loop in values.items():
            interval, _ = percentile_interval(np.array(loop), discard_outside=False)
            assert tuple(row[[f"{name}_low", f"{name}_high"]]) == pytest.approx(tuple(map(float, interval)), abs=1e-9)
        assert row["gain_low"] < row["gain"] < row["gain_high"]


def test_models_that_a_member_leaves_out_are_not_shared(counts: pd.DataFrame) -> None:
    row = panel_table(STUDY, counts, SETTINGS, selected(THREE, attributes=("Safety",))).iloc[0]
    shared = set(STUDY.system_keys) - {model for judge in THREE for model in STUDY.judge(judge).own}
    assert len(shared) == 7
    rows = pairs(STUDY, counts, SETTINGS, selected(THREE, tuple(shared), ("Safety",)))
    assert row["n_shared"] == (rows.groupby(["model", "cluster"], observed=True).size() == 3).sum()
    assert row["n_shared"] < row["n_pairs"]


@pytest.mark.slow
def test_up_to_the_error_a_panel_has_the_figures_of_a_judge(counts: pd.DataFrame) -> None:
    table = panel_table(STUDY, counts, SETTINGS, selected(panel=THREE))
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["judge"], table["attribute"], strict=True)) == list(
        product(PANEL.values(), STUDY.attribute_names)
    )
    assert table["rule"].tolist() == [rule for rule in RULES for _ in STUDY.attribute_names]
    for rule, rows in table.groupby("rule"):
        frame = pairs(STUDY, counts, SETTINGS, selected((), panel=THREE, rule=rule))
        icc, bias = icc_table(frame, SETTINGS), inflation_table(frame)
        names = ["icc_c1", "icc_c1_low", "icc_c1_high", "icc_a1", "icc_a1_low", "icc_a1_high", "n_pairs"]
        assert_allclose(rows[names], icc[names])
        assert_allclose(rows[["bias", "bias_low", "bias_high", "mse"]], bias[["bias", "bias_low", "bias_high", "mse"]])
        cell = frame[frame["attribute"] == "Safety"]
        by_cluster = (
            ((cell["rating"] - cell["human"]) ** 2).groupby(cell["cluster"], observed=False).agg(["sum", "size"])
        )
        drawn = [
            (weight * by_cluster["sum"]).sum() / (weight * by_cluster["size"]).sum()
            for weight in np.concatenate(list(weights(len(by_cluster), SETTINGS.resamples, SETTINGS.seed)))
        ]
        interval, _ = percentile_interval(np.array(drawn), discard_outside=False)
        row = rows[rows["attribute"] == "Safety"].iloc[0]
        assert tuple(row[["mse_low", "mse_high"]]) == pytest.approx(tuple(map(float, interval)), abs=1e-9)
        assert row["mse_low"] < row["mse"] < row["mse_high"]


@pytest.mark.parametrize("chosen", [selected(("gpt-4o",)), selected(panel=("gpt-4o",)), selected(())])
def test_a_panel_takes_two_judges(counts: pd.DataFrame, chosen: Selection) -> None:
    with pytest.raises(NeedsJudgesError, match=r"^a panel takes at least two judges$"):
        panel_table(STUDY, counts, SETTINGS, chosen)


def test_order_of_rows_moves_nothing(counts: pd.DataFrame) -> None:
    chosen = selected(THREE, attributes=("Safety", "Empathy"))
    table = panel_table(STUDY, counts, SETTINGS, chosen)
    pd.testing.assert_frame_equal(panel_table(STUDY, counts.sample(frac=1, random_state=2), SETTINGS, chosen), table)


def test_what_is_undefined(counts: pd.DataFrame) -> None:
    one = panel_table(STUDY, counts, SETTINGS, selected(THREE, ("original",)))
    assert one["n_shared"].gt(0).all()
    assert one["best_member"].isna().all()
    assert one[["icc_c1", "icc_a1", "shared_icc_a1", "best_icc_a1", "gain", "gain_low"]].isna().all(axis=None)
    assert one[["bias", "bias_low", "mse", "mse_low"]].notna().all(axis=None)
    none = panel_table(STUDY, counts, SETTINGS, selected(THREE, ()))
    assert len(none) == 21
    assert none["n_pairs"].eq(0).all()
    assert none[["bias", "mse", "mse_low", "gain", "gain_high"]].isna().all(axis=None)
    single = counts_of(
        pd.DataFrame(
            {
                "conversation": 1,
                "model": STUDY.system_keys[1:3],
                "human": [4, 2],
                "claude-3.7-sonnet": [4, 3],
                "o4-mini": [5, 2],
            }
        )
    )
    row = panel_table(STUDY, single, SETTINGS, selected(("claude-3.7-sonnet", "o4-mini"), attributes=("Safety",))).iloc[
        0
    ]
    assert np.isfinite(row["gain"])
    assert row[["gain_low", "gain_high", "mse_low"]].isna().all()


# The command line


@pytest.mark.slow
def test_the_command_line_takes_members_by_name(release_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [
        "panel",
        "--source",
        str(release_folder),
        "--preset",
        "recommended",
        "--resamples",
        "40",
        "--format",
        "json",
    ]
    assert main([*argv, "--judge", "o4-mini", "--judge", "gpt-4o", "--judge", "claude-3.7-sonnet"]) == 0
    rows = pd.DataFrame(json.loads(capsys.readouterr().out))
    assert list(rows.columns) == list(COLUMNS)
    counts = load_from(release_folder)
    pd.testing.assert_frame_equal(rows, panel_table(STUDY, counts, SETTINGS, selected(THREE)), check_dtype=False)


def load_from(folder: Path) -> pd.DataFrame:
    from data.remote.progress import Progress
    from data.sources import load

    return load(str(folder), Progress()).counts


def test_without_single_conversations_the_command_line_says_so_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["panel", "--source", "snapshot"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "argument --source: 'snapshot': this table needs single conversations, and the source gives only blocks of "
        "them; allowed are hub, github, and a folder with the ratings\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("judges", [["gpt-4o"], ["gpt-4o", "gpt-4o"]])
def test_a_panel_of_one_is_refused(capsys: pytest.CaptureFixture[str], release_folder: Path, judges: list[str]) -> None:
    options = [word for judge in judges for word in ("--judge", judge)]
    assert main(["panel", "--source", str(release_folder), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(
        "argument --judge: 'gpt-4o' is one judge, and a panel takes at least two; allowed are several"
    )
