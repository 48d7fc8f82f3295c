"""Tables as readers see them."""

import math

import pandas as pd
import pytest

from analysis.outputs.columns import glossary
from analysis.outputs.sheets import heading, in_words, say, sheet
from data.mentalalign import STUDY
from pages.components import tables

COLUMNS = glossary(STUDY)
ICC = pd.DataFrame(
    {
        "judge": ["gpt-4o", "o4-mini"],
        "icc_c1": [0.846, math.nan],
        "icc_c1_low": [0.4567, math.nan],
        "icc_c1_high": [0.9612, math.nan],
        "n_targets": [9, 1],
        "reading": ["poor to excellent", None],
    }
)


def test_keys_become_words_and_ends_one_column_after_what_they_are_for() -> None:
    seen = sheet(STUDY, ICC)
    assert list(seen) == ["judge", "icc_c1", "icc_c1_interval", "n_targets", "reading"]
    assert seen["judge"].tolist() == ["GPT-4o", "o4-mini"]
    assert seen["icc_c1_interval"].tolist()[0] == "0.46 to 0.96"
    assert seen["icc_c1_interval"].isna().tolist() == [False, True]
    assert seen["reading"].tolist() == ["○ poor to excellent", "– no reading"]


def test_other_numbers_and_the_table_itself_stay_as_they_were() -> None:
    before = ICC.copy()
    seen = sheet(STUDY, ICC)
    pd.testing.assert_frame_equal(ICC, before)
    pd.testing.assert_series_equal(seen["icc_c1"], ICC["icc_c1"])


def test_signs_and_percentages_of_ends_are_those_of_their_column() -> None:
    table = pd.DataFrame(
        {
            "bias_low": [-0.123],
            "bias_high": [0.05],
            "false_reassurance": [0.494],
            "false_reassurance_low": [0.4],
            "false_reassurance_high": [0.5869],
        }
    )
    seen = sheet(STUDY, table)
    assert list(seen) == ["bias_interval", "false_reassurance", "false_reassurance_interval"]
    assert seen.loc[0, "bias_interval"] == "-0.12 to +0.05"
    assert seen.loc[0, "false_reassurance_interval"] == "40% to 59%"


def test_counts_of_low_and_high_replies_are_no_interval() -> None:
    table = pd.DataFrame({"n_low": [154], "n_high": [8000], "low": [1.0], "high": [2.5]})
    assert list(sheet(STUDY, table)) == ["n_low", "n_high", "interval"]
    assert sheet(STUDY, table).loc[0, "interval"] == "1.00 to 2.50"


def test_in_words_everything_is_said() -> None:
    words = in_words(STUDY, ICC)
    assert words.loc[0].tolist() == ["GPT-4o", "0.85", "0.46 to 0.96", "9", "○ poor to excellent"]
    assert words.loc[1].tolist() == ["o4-mini", "undefined", "undefined", "1", "– no reading"]


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (0.846, ".2f", "0.85"),
        (12345, ",.0f", "12,345"),
        (0.494, ".0%", "49%"),
        (math.nan, ".2f", "undefined"),
        (-0.001, "+.2f", "+0.00"),
        (-0.001, ".2f", "0.00"),
        (None, None, "undefined"),
        ("Guidance", None, "Guidance"),
        ("yes", ".2f", "yes"),
    ],
)
def test_say(value: object, form: str | None, said: str) -> None:
    assert say(value, form) == said


def test_a_p_value_is_never_zero() -> None:
    table = pd.DataFrame({"p": [0.0, 0.0004, 0.0006, 0.2, math.nan], "bias": [-0.001, 0.0, 0.0, 0.0, 0.0]})
    words = in_words(STUDY, table)
    assert words["p"].tolist() == ["<0.001", "<0.001", "0.001", "0.200", "undefined"]
    assert words["bias"].tolist()[0] == "+0.00"


@pytest.mark.parametrize(
    ("form", "value", "seen"),
    [
        (".2f", -0.001, 0.0),
        (".3f", -0.001, -0.001),
        (".0%", -0.4, 0.0),
        ("+.2f", 0.001, 0.001),
        ("g", -0.001, -0.001),
        (".1e", -0.001, -0.001),
    ],
)
def test_what_rounds_to_zero_has_no_sign_on_screen(form: str, value: float, seen: float) -> None:
    (shown,) = tables._unsigned(pd.Series([value]), form)
    assert (shown, math.copysign(1, shown)) == (seen, math.copysign(1, seen))


def test_an_interval_is_called_after_its_lower_end() -> None:
    assert heading(STUDY, "icc_c1_interval").label == "C interval"
    assert heading(STUDY, "mse_interval").label == "MSE interval"
    assert heading(STUDY, "variance_interval").label == "Interval"
    assert heading(STUDY, "interval").label == COLUMNS["interval"].label
    assert heading(STUDY, "bias_interval").term == COLUMNS["bias_low"].term


def test_every_format_of_a_column_is_one_of_python() -> None:
    for name, column in COLUMNS.items():
        assert column.format is None or format(0.5, column.format), name


@pytest.mark.parametrize(
    ("stems", "form"),
    [
        (("icc_c1", "icc_a1", "shared_icc_a1", "kappa_quadratic", "alpha_ordinal", "ac2_ordinal", "tau", "g"), ".2f"),
        (("bias", "bias_own", "contrast", "excess", "gain", "slope", "equivalence"), "+.2f"),
        (("human_mean", "judge_mean", "css", "ars", "average", "Safety", "loss", "mse", "rmse"), ".2f"),
        (("false_reassurance", "reverse", "exact", "within_one", "same_best", "p_gr", "p_poor", "share"), ".0%"),
        (("p", "p_adjusted", "p_equivalence"), ".3f"),
        (("n_targets", "n_pairs", "n_low", "n_high", "n"), ",.0f"),
    ],
)
def test_figures_of_a_kind_have_the_same_digits(stems: tuple[str, ...], form: str) -> None:
    """Coefficients and points have two digits, shares are whole percent, p has three, counts have none."""
    names = [name for stem in stems for name in (stem, f"{stem}_low", f"{stem}_high") if name in COLUMNS]
    found = {name: COLUMNS[name].format for name in names if name not in ("n_low", "n_high") or form == ",.0f"}
    assert len(found) >= len(stems)
    assert {name: each for name, each in found.items() if each != form} == {}
