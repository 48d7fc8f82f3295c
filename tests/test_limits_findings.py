"""Findings on margins, limits and corrections say what the figures say, of any selection."""

import math

import pandas as pd
import pytest

from analysis.findings import bland_altman, calibration
from data.mentalalign import STUDY

NAN = math.nan


def margins(*rows: tuple[str, float, float, object]) -> pd.DataFrame:
    names = ["attribute", "equivalence_low", "equivalence_high", "equivalent"]
    frame = pd.DataFrame(rows, columns=names).assign(judge="gpt-4o", margin=0.25)
    return frame.assign(bias=(frame["equivalence_low"] + frame["equivalence_high"]) / 2)


def test_equivalence_counts_and_names_a_few() -> None:
    table = margins(("Safety", 0.1, 0.2, "yes"), ("Empathy", 0.2, 0.3, "no"), ("Relevance", 0.0, 0.1, "yes"))
    assert bland_altman.equivalence_finding(STUDY, table) == (
        "In 2 of 3 pairs of judge and attribute the 90% interval of the bias (same experts) lies within 0.25 of a "
        "point: GPT-4o on Safety and GPT-4o on Relevance."
    )
    assert bland_altman.equivalence_finding(STUDY, table.assign(equivalent="no")).endswith(
        "lies within 0.25 of a point."
    )


@pytest.mark.parametrize(("verdict", "words"), [("yes", "lies"), ("no", "does not lie")])
def test_equivalence_of_one_cell(verdict: str, words: str) -> None:
    said = bland_altman.equivalence_finding(STUDY, margins(("Safety", 0.1, 0.2, verdict)))
    assert said == (
        f"GPT-4o on Safety: the 90% interval of the bias (+0.10 to +0.20, same experts) {words} within 0.25 of a point."
    )


def test_equivalence_without_pairs_or_with_one_cluster() -> None:
    assert "no reply on screen" in bland_altman.equivalence_finding(STUDY, margins(("Safety", NAN, NAN, NAN)))
    single = margins(("Safety", NAN, NAN, NAN)).assign(bias=0.2)
    assert "at least two conversations" in bland_altman.equivalence_finding(STUDY, single)


def test_neighbours_count_what_stays_within_the_margin() -> None:
    table = pd.DataFrame(
        {
            "bias_low": [0.1, 0.3],
            "bias_high": [0.2, 0.4],
            "neighbours_low": [0.0, 0.2],
            "neighbours_high": [0.3, 0.5],
            "ratio": [3.0, 2.0],
        }
    )
    said = bland_altman.neighbours_finding(STUDY, table, 0.25)
    assert "2.0 to 3.0 times as wide. It lies within 0.25 of a point in none of 2 pairs" in said
    assert said.endswith("by single conversations it does in 1 of 2.")
    one = bland_altman.neighbours_finding(STUDY, table.head(1), 0.25)
    assert one.endswith("It does not lie within 0.25 of a point; clustered by single conversations it lies there.")
    assert "at least 10 blocks of 20" in bland_altman.neighbours_finding(
        STUDY, table.assign(neighbours_low=NAN, ratio=NAN), 0.25
    )


def cell(**values: float) -> pd.Series:
    rest = {"bias": 0.2, "limit_lower": -1.0, "limit_upper": 1.4, "slope": -0.5, "slope_low": -0.6, "slope_high": -0.4}
    return pd.Series({"judge": "gpt-4o", "attribute": "Safety", **rest, **values})


def test_limits_say_ends_and_slope() -> None:
    assert bland_altman.limits_finding(STUDY, cell()) == (
        "GPT-4o on Safety: about 95 of 100 single ratings lie between 1.0 points below and 1.4 points above the "
        "experts'. The difference shrinks by 0.50 of a point for each point that a reply is rated higher, as it does "
        "when a judge's ratings spread less than the experts'."
    )
    grows = bland_altman.limits_finding(STUDY, cell(slope=0.5, slope_low=0.4, slope_high=0.6))
    assert "grows by 0.50" in grows
    assert "spread more" in grows
    assert "is open (slope -0.50)" in bland_altman.limits_finding(STUDY, cell(slope_high=0.1))
    assert "slope" not in bland_altman.limits_finding(STUDY, cell(slope=NAN))
    assert "no limits of agreement" in bland_altman.limits_finding(STUDY, cell(limit_lower=NAN))
    assert "No reply on screen was rated by both" in bland_altman.limits_finding(STUDY, cell(bias=NAN))


def test_parts_are_shares_of_the_error() -> None:
    table = pd.DataFrame(
        {
            "judge": "gpt-4o",
            "mse": [1.0, 2.0],
            "mse_bias": [0.5, 0.5],
            "mse_scale": [0.1, 0.2],
            "mse_unexplained": [0.4, 1.3],
        }
    )
    said = bland_altman.parts_finding(STUDY, table, "gpt-4o")
    assert "of GPT-4o, 25% to 50% is bias and 10% a difference in spread. 40% to 65% is scatter" in said
    assert "no error to take apart" in bland_altman.parts_finding(STUDY, table.assign(mse=0.0), "gpt-4o")
    assert "no error to take apart" in bland_altman.parts_finding(STUDY, table, "o4-mini")


def corrections(**changes: dict[str, float]) -> pd.DataFrame:
    made = {
        "none": {"bias": 0.5, "mse": 1.0, "icc_a1": 0.4},
        "offset": {"bias": 0.001, "mse": 0.75, "icc_a1": 0.5},
        "linear": {"bias": -0.002, "mse": 0.6, "icc_a1": 0.3},
    } | changes
    frame = pd.DataFrame(made).T.rename_axis("method").reset_index().assign(judge="gpt-4o", attribute="Safety")
    return frame.assign(bias_low=frame["bias"] - 0.02, bias_high=frame["bias"] + 0.02)


def test_what_is_left_of_the_bias_is_that_of_the_correction_with_the_smallest_error() -> None:
    said = calibration.remaining_bias_finding(STUDY, corrections())
    assert "at most 0.002 of a point (GPT-4o on Safety). The 95% intervals reach from -0.02 to +0.02 points." in said
    tiny = calibration.remaining_bias_finding(STUDY, corrections(linear={"bias": 0.0004, "mse": 0.6, "icc_a1": 0.3}))
    assert "the bias left is less than 0.001 of a point (GPT-4o on Safety)" in tiny
    nothing = corrections().assign(mse=NAN)
    assert "at least five conversations" in calibration.remaining_bias_finding(STUDY, nothing)


def test_corrections_say_each_measure() -> None:
    table = corrections()
    said = {
        measure: calibration.correction_finding(STUDY, table, "gpt-4o", measure)
        for measure in ("bias", "mse", "icc_a1")
    }
    assert (
        "GPT-4o rates, its bias is +0.50 points. Every correction brings it to at most 0.002 of a point on"
        in said["bias"]
    )
    assert "leaves 60% of the mean squared error of GPT-4o" in said["mse"]
    assert "On Safety, subtracting the bias raises the agreement of GPT-4o" in said["icc_a1"]
    assert "The linear correction lowers it, because it draws" in said["icc_a1"]
    kept = corrections(linear={"bias": 0.0, "mse": 0.6, "icc_a1": 0.45})
    assert calibration.correction_finding(STUDY, kept, "gpt-4o", "icc_a1").endswith(
        "The linear correction does not lower it."
    )
    right = calibration.correction_finding(STUDY, table.assign(mse=0.0), "gpt-4o", "mse")
    assert "there is nothing to correct" in right
    assert "at least five conversations" in calibration.correction_finding(STUDY, table, "o4-mini", "bias")
