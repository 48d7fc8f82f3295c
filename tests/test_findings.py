"""Findings say what the figures say: all above, all below, mixed, one judge, one cell, nothing."""

import math

import pandas as pd
import pytest

from analysis.findings import icc, inflation, scores
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY

MODEL_LEVEL = Settings.of(STUDY, "paper")
RESPONSE_LEVEL = Settings.of(STUDY, "recommended", "response")


def bias(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["judge", "attribute", "bias", "bias_low", "bias_high"])


def cells(*rows: tuple[str, str, float, float, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["judge", "attribute", "icc_c1", "icc_a1", "n_targets"])
    ends = {
        f"icc_{form}_{end}": frame[f"icc_{form}"] + by
        for form in ("c1", "a1")
        for end, by in (("low", -0.1), ("high", 0.1))
    }
    return frame.assign(**ends)


def test_judges_that_all_score_above() -> None:
    table = bias(("gpt-4o", "Safety", 0.2, 0.1, 0.3), ("o4-mini", "Empathy", 0.5, 0.4, 0.6))
    said = inflation.inflation_finding(STUDY, table)
    assert said == (
        "Judges score clearly above the experts in both pairs of judge and attribute. The largest gap is o4-mini on "
        "Empathy, 0.50 of a point above them on the 1-5 scale (95% interval +0.40 to +0.60, same experts)."
    )


def test_a_largest_gap_below_is_called_below() -> None:
    table = bias(("gpt-4o", "Safety", 0.2, 0.1, 0.3), ("o4-mini", "Empathy", -0.5, -0.6, -0.4))
    said = inflation.inflation_finding(STUDY, table)
    assert "clearly above the experts in 1 of 2 pairs of judge and attribute, clearly below in 1" in said
    assert "o4-mini on Empathy, 0.50 of a point below them" in said


def test_an_interval_that_holds_zero_is_clearly_nothing() -> None:
    table = bias(("gpt-4o", "Safety", 0.02, -0.1, 0.1), ("o4-mini", "Safety", 0.01, -0.1, 0.1))
    assert "clearly above the experts in none of 2" in inflation.inflation_finding(STUDY, table)


def test_one_cell_is_said_without_counting() -> None:
    said = inflation.inflation_finding(STUDY, bias(("gpt-4o", "Safety", 0.2, math.nan, math.nan)))
    assert said == "GPT-4o on Safety scores 0.20 of a point above the experts on the 1-5 scale (bias +0.20)."


def test_nothing_to_compare_is_said() -> None:
    nothing = bias(("gpt-4o", "Safety", math.nan, math.nan, math.nan))
    assert inflation.inflation_finding(STUDY, nothing).startswith("No bias can be computed")
    assert inflation.dumbbell_finding(STUDY, nothing).startswith("No means can be compared")
    undefined = cells(("gpt-4o", "Safety", math.nan, math.nan, 1))
    assert icc.reliability_finding(STUDY, undefined, MODEL_LEVEL) == (
        "There is no ICC that can be computed from what is on screen."
    )


def test_kindest_and_nearest_judge() -> None:
    table = bias(("gpt-4o", "Safety", 0.4, 0.3, 0.5), ("o4-mini", "Safety", -0.1, -0.2, 0.0))
    said = inflation.dumbbell_finding(STUDY, table)
    assert "GPT-4o scores highest against the experts, 0.40 of a point above them on average" in said
    assert "o4-mini comes nearest, 0.10 of a point below them" in said


def test_best_and_least_attribute() -> None:
    table = cells(
        ("gpt-4o", "Safety", 0.3, 0.2, 9), ("o4-mini", "Safety", 0.1, 0.1, 9), ("gpt-4o", "Guidance", 0.9, 0.5, 9)
    )
    assert icc.reliability_finding(STUDY, table, MODEL_LEVEL) == (
        "Judges follow how the experts rank models best on Guidance (ICC(C,1) 0.90) and least on Safety (0.10 to 0.30)."
    )
    one = icc.reliability_finding(STUDY, table.head(1), RESPONSE_LEVEL)
    assert one == "GPT-4o follows how the experts rate single replies on Safety with ICC(C,1) 0.30."


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        (1, "it needs at least two models that differ, and 1 is left."),
        (3, "Only 3 models are compared: too few"),
        (9, "Each figure compares 9 models (a judge's own is left out: GPT-4o for GPT-4o). Koo & Li (2016) advise at"),
    ],
)
def test_too_few_targets_are_said(targets: int, sentence: str) -> None:
    value = math.nan if targets == 1 else 0.5
    (said, *_) = icc.cautions(STUDY, cells(("gpt-4o", "Safety", value, value, targets)), MODEL_LEVEL)
    assert sentence in said


def test_single_replies_are_enough_and_yet_of_the_same_models_and_experts() -> None:
    (said,) = icc.cautions(STUDY, cells(("gpt-4o", "Safety", 0.4, 0.4, 9000)), RESPONSE_LEVEL)
    assert said.endswith("not other models or other experts.")


def test_an_interval_that_holds_its_value_too_seldom_says_so() -> None:
    row = cells(("gpt-4o", "Safety", 0.4, 0.4, 9))
    *_, said = icc.cautions(STUDY, row, MODEL_LEVEL)
    assert said.startswith(
        "In simulations, intervals for means of models by the bootstrap over models hold the true ICC(C,1) in 90 to 95 "
        "of 100 and the true ICC(A,1) in 84 to 94 of 100, not in 95. Few models"
    )
    assert len(icc.cautions(STUDY, row, Settings.of(STUDY))) == 1
    undefined = cells(("gpt-4o", "Safety", math.nan, math.nan, 1))
    assert len(icc.cautions(STUDY, undefined, MODEL_LEVEL)) == 1


def test_only_the_kinds_and_the_coefficient_on_screen_are_flagged() -> None:
    kinds = ["exact-f", "bootstrap-conversations"]
    table = pd.concat([cells(("gpt-4o", "Safety", 0.4, 0.4, 9)).assign(interval=kind) for kind in kinds])
    said = icc.shortfall_finding(STUDY, table.assign(level="model"), "icc_c1")
    assert said.startswith("In simulations, intervals for means of models by the bootstrap over conversations hold")
    assert said.count("In simulations") == 1
    assert icc.shortfall_finding(STUDY, table.assign(level="model"), "icc_a1") == ""
    assert "exact F hold the true ICC(A,1)" in icc.shortfall_finding(STUDY, table.assign(level="response"), "icc_a1")


def test_the_gap_between_order_and_values() -> None:
    table = cells(("gpt-4o", "Empathy", 0.83, 0.29, 9), ("o4-mini", "Empathy", 0.5, 0.48, 9))
    said = icc.gap_finding(STUDY, table)
    assert (
        "In 1 of 2 pairs of judge and attribute the judge orders clearly better than it scores (consistency at" in said
    )
    assert "widest for GPT-4o on Empathy: consistency 0.83, agreement 0.29" in said


def test_tiers_that_are_not_the_printed_ones_are_named() -> None:
    table = pd.DataFrame({"judge": ["gpt-4o", "o4-mini"], "attribute": "Empathy", "reading": ["PR", "MR"]})
    printed = table.drop(columns="reading").assign(tier=["MR", "MR"])
    said = icc.printed_finding(STUDY, table, printed)
    assert said.endswith(
        "1 of 2 tiers on screen is not the printed one: the paper prints Moderate for GPT-4o on Empathy."
    )
    assert icc.printed_finding(STUDY, table.tail(1), printed) == "The tier on screen is the printed one."


def means(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["rater", "model", "mean"]).assign(measure="css", rank=1)


def test_a_best_model_that_no_judge_may_name_is_not_counted_against_them() -> None:
    rows = means(("human", "gpt-4o", 4.8), ("human", "qwen-3-4b", 3.6), ("gpt-4o", "qwen-3-4b", 4.1))
    assert scores.score_finding(STUDY, rows, "css") == "The experts give GPT-4o the highest CSS, 4.80 of 5."


def test_judges_that_agree_on_the_best_model_are_counted() -> None:
    rows = means(
        ("human", "gpt-4o", 4.8),
        ("human", "qwen-3-4b", 3.6),
        ("o4-mini", "gpt-4o", 4.9),
        ("o4-mini", "qwen-3-4b", 4.0),
        ("claude-3.7-sonnet", "gpt-4o", 4.0),
        ("claude-3.7-sonnet", "qwen-3-4b", 4.1),
    )
    assert scores.score_finding(STUDY, rows, "css").endswith("1 of 2 judges that rate it puts it first too.")


def test_ranks_are_compared_among_the_models_that_both_rate() -> None:
    rows = means(
        ("human", "gpt-4o", 4.9),
        ("human", "qwen-3-4b", 3.0),
        ("human", "original", 2.0),
        ("gpt-4o", "qwen-3-4b", 3.0),
        ("gpt-4o", "original", 4.0),
    )
    assert (
        "the original reply. Among the models that both rate, it is number 2 of 2 for the experts and number 1 of"
        in scores.rank_finding(STUDY, rows, "css")
    )
    one = rows[rows["model"] != "original"]
    assert scores.rank_finding(STUDY, one, "css").startswith(
        "Ranks cannot be compared: no judge on screen rates two models"
    )


def test_the_same_ranks_are_called_the_same() -> None:
    rows = means(
        ("human", "gpt-4o", 4.9), ("human", "qwen-3-4b", 3.0), ("o4-mini", "gpt-4o", 4.5), ("o4-mini", "qwen-3-4b", 4.4)
    )
    assert scores.rank_finding(STUDY, rows, "css") == "By CSS, o4-mini ranks the models exactly as the experts do."


def test_widths_are_said_from_the_narrowest_to_the_widest_of_each_kind() -> None:
    table = pd.DataFrame(
        {
            "interval": ["exact-f", "exact-f", "bootstrap-models"],
            "icc_c1_low": [0.1, 0.2, 0.3],
            "icc_c1_high": [0.9, 0.5, 0.4],
        }
    )
    assert icc.interval_finding(STUDY, table.assign(judge="gpt-4o"), "icc_c1", "gpt-4o") == (
        "Width of the intervals of GPT-4o: Exact F 0.30 to 0.80 and Bootstrap over models 0.10."
    )
    nothing = table.assign(icc_c1_low=math.nan)
    assert icc.interval_finding(STUDY, nothing, "icc_c1", "gpt-4o").startswith("No interval can be computed for GPT-4o")
