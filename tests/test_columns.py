"""A column is declared once, where it is computed, and everything that names it follows."""

from dataclasses import replace
from typing import get_args

import pytest

from analysis.agreement.generalizability import COMPONENTS
from analysis.column import ROLE, Column, Ends, Estimate, Role, names
from analysis.outputs.columns import WIDE, collected, glossary
from analysis.outputs.registry import TABLES
from data.mentalalign import STUDY

COLUMNS = glossary(STUDY)
BIAS = Estimate.of("bias", "Bias", "bias", "+.2f", "points of the scale", ends="clustered")


def test_an_estimate_stands_before_both_ends_of_its_interval() -> None:
    assert names(BIAS) == ("bias", "bias_low", "bias_high")
    assert [column.label for column in BIAS] == ["Bias", "Bias from", "Bias to"]
    assert [column.role for column in BIAS] == ["estimate", "lower", "upper"]
    assert [column.of for column in BIAS] == ["", "bias", "bias"]
    assert {column.interval for column in BIAS.ends} == {"Bias interval"}
    assert {(column.format, column.unit) for column in BIAS} == {("+.2f", "points of the scale")}
    assert [column.term for column in BIAS] == ["bias", "clustered", "clustered"]


def test_an_interval_without_a_name_of_its_own() -> None:
    low, high = Ends.of(BIAS.value, "", "", "clustered")
    assert (low.name, low.label, high.name, high.label) == ("low", "From", "high", "To")
    assert low.interval == high.interval == "Interval"


def test_one_name_has_one_declaration() -> None:
    assert collected([*BIAS, *BIAS]) == {column.name: column for column in BIAS}
    with pytest.raises(ValueError, match="'bias' is declared twice"):
        collected([*BIAS, replace(BIAS.value, label="Inflation")])


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_a_table_mean_what_they_mean_in_the_glossary(table: str) -> None:
    others = {column.name for column in TABLES[table].declared(STUDY) if COLUMNS.get(column.name) != column}
    # Variances are called after what they are variances of; sheets show them one below the other.
    variances = {f"{name}{end}" for name in COMPONENTS for end in ("", "_low", "_high")}
    assert others == (variances if table == WIDE else set())


def test_every_end_has_its_estimate_and_its_other_end() -> None:
    lower, upper = (
        {(column.of, column.interval): column for column in COLUMNS.values() if column.role == role}
        for role in ("lower", "upper")
    )
    assert len(lower) == sum(column.role == "lower" for column in COLUMNS.values())
    assert lower.keys() == upper.keys()
    for key, low in lower.items():
        estimate, high = COLUMNS[low.of], upper[key]
        assert estimate.role == "estimate", low
        assert {(each.unit, each.format) for each in (low, high)} == {(estimate.unit, estimate.format)}, low
        assert low.term == high.term
    # Counts of poor and of good replies, and the range over seeds, are no intervals.
    assert {COLUMNS[name].role for name in ("n_low", "n_high")} == {"count"}
    assert {COLUMNS[name].role for name in ("lower", "upper")} == {"estimate"}


def test_roles_units_and_formats_fit() -> None:
    assert set(ROLE) == set(get_args(Role))
    for name, column in COLUMNS.items():
        measured = column.role in ("count", "estimate", "lower", "upper", "p", "bound")
        assert (column.format is not None) >= measured, name
        assert (column.unit != "") == (measured and name != "rank"), name
        assert (column.unit == "count") == (column.role == "count"), name
        assert column.unit == "0 to 1" or not str(column.format).endswith("%"), name


def test_a_declaration_stays_as_it_is() -> None:
    with pytest.raises(AttributeError):
        Column.key("judge", "Judge", "judge").label = "Rater"  # type: ignore[misc]
