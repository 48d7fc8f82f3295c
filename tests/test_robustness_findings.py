"""What is said about how robust figures are, in every case."""

import pandas as pd

from analysis.agreement.stability import BANDS
from analysis.findings.phrases import percent
from analysis.findings.stability import (
    influence_finding,
    levels_finding,
    seed_finding,
    stability_finding,
)
from data.mentalalign import STUDY

CELL = {"judge": "gpt-4o", "attribute": "Safety"}


def bands(*rows: tuple[str, float, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame([{**CELL, "attribute": name, **dict(zip(BANDS, p, strict=True))} for name, *p in rows])


def test_a_robust_and_a_loose_reading_are_counted_and_the_loosest_named() -> None:
    table = bands(("Safety", 0.4, 0.35, 0.25, 0.0), ("Empathy", 0.0, 0.02, 0.95, 0.03))
    assert stability_finding(STUDY, table, BANDS, "exact-f") == (
        "1 of the 2 readings is robust: 90% or more of studies with models resampled agree. Least robust is GPT-4o "
        "on Safety, where the most likely reading, poor, comes out in 40% of them."
    )
    nothing = table.assign(p_poor=float("nan"))
    assert stability_finding(STUDY, nothing, BANDS, "exact-f").startswith("The robustness of readings cannot be told")
    assert "90% or more of studies with conversations resampled agree" in stability_finding(
        STUDY, table, BANDS, "bootstrap-conversations"
    )
    shown_as_90 = bands(("Safety", 0.8985, 0.1015, 0.0, 0.0))
    assert stability_finding(STUDY, shown_as_90, BANDS, "exact-f").startswith(
        "The reading of GPT-4o on Safety is robust: "
    )


def test_the_seed_is_named_where_tiers_hang_on_it() -> None:
    rows = pd.DataFrame([{**CELL, "seed_flip_rate": 0.4}, {**CELL, "attribute": "Empathy", "seed_flip_rate": 0.0}])
    assert (
        "another tier to about 0.4 of 2 cells. Least robust is GPT-4o on Safety, which changes in 40%"
        in seed_finding(STUDY, rows)
    )
    assert seed_finding(STUDY, rows[1:]) == "No tier of the paper changed between runs that differ in the seed only."
    assert "at least three models" in seed_finding(STUDY, rows.assign(seed_flip_rate=float("nan")))


def test_influential_models_are_named_with_their_largest_move() -> None:
    rows = pd.DataFrame(
        [
            {**CELL, "left_out": "original", "icc_c1": 0.75, "shift_c1": 0.27},
            {**CELL, "left_out": "qwen-2.5-7b", "icc_c1": 0.45, "shift_c1": -0.03},
        ]
    )
    said = influence_finding(STUDY, rows, "icc_c1")
    assert said == (
        "One model alone can move ICC(C,1) by 0.1 or more: the original reply. GPT-4o on Safety moves most: ICC(C,1) "
        "is 0.48 with the original reply and 0.75 without it."
    )
    two = pd.concat([rows, rows.assign(attribute="Empathy")], ignore_index=True)
    assert "ICC(C,1) by 0.1 or more of 2 cells: the original reply (in 2)." in influence_finding(STUDY, two, "icc_c1")
    assert influence_finding(STUDY, rows[1:], "icc_c1").startswith(
        "No single model moves ICC(C,1) by 0.1 or more. GPT-4o on"
    )
    assert "by 0.1 or more in any cell." in influence_finding(STUDY, two.query("left_out != 'original'"), "icc_c1")
    assert influence_finding(STUDY, rows.assign(shift_c1=float("nan")), "icc_c1").startswith("No model can be left out")


def test_levels_are_compared_where_both_are_there() -> None:
    rows = pd.DataFrame(
        [
            {**CELL, "level": "model", "icc_a1": 0.6},
            {**CELL, "level": "response", "icc_a1": 0.4},
            {**CELL, "attribute": "Empathy", "level": "model", "icc_a1": 0.3},
            {**CELL, "attribute": "Empathy", "level": "response", "icc_a1": 0.35},
        ]
    )
    said = levels_finding(STUDY, rows, "icc_a1", "gpt-4o")
    assert "on 1 of 2 attributes, by most on Safety: ICC(A,1) is 0.60 for models and 0.40 for single replies." in said
    assert levels_finding(STUDY, rows[2:], "icc_a1", "gpt-4o").startswith(
        "GPT-4o follows the experts no better on models"
    )
    assert "cannot be compared" in levels_finding(STUDY, rows[:1], "icc_a1", "gpt-4o")


def test_a_share_is_never_said_to_be_all_or_nothing_when_it_is_not() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "0%",
        "less than 1%",
        "50%",
        "more than 99%",
        "100%",
    ]
