"""An interval is read as the paper reads it, and as Koo & Li do, edges included."""

import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.agreement.bands import band, koo_li, paper_tier, read
from tests.spec import tables_of

PUBLISHED = Path(__file__).parents[1] / "data" / "published" / "mentalalign-70k" / "icc.csv"


@pytest.mark.parametrize("row", tables_of("Reading an interval")[0].to_dict("records"), ids=str)
def test_worked_example(row: dict[str, object]) -> None:
    low, high = pd.Series([row["Low"]]), pd.Series([row["High"]])
    assert read(low, high, "paper-tiers") == [row["Paper"]]
    assert read(low, high, "koo-li") == [row["Koo & Li"]]


def test_tiers_of_the_published_intervals_are_the_published_tiers() -> None:
    published = pd.read_csv(PUBLISHED)
    assert len(published) == 28
    assert read(published["icc_c1_low"], published["icc_c1_high"], "paper-tiers") == published["tier"].tolist()


@pytest.mark.parametrize(
    ("low", "high", "tier"),
    [
        (0.5, 0.5, "GR"),
        (0.0, 0.355, "GR"),
        (0.0, 0.3551, "MR"),
        (0.0, 0.560, "MR"),
        (0.0, 0.5601, "PR"),
        (-0.5, 1.0, "PR"),
    ],
)
def test_edges_of_the_papers_tiers(low: float, high: float, tier: str) -> None:
    assert paper_tier(low, high) == tier


def test_a_width_of_exactly_an_edge_is_within_it_wherever_it_lies() -> None:
    """To the computer 0.891 - 0.331 is a trifle more than 0.56, or less, depending on the two numbers."""
    for place in range(440):
        widths = (355, 356, 560, 561)
        tiers = [paper_tier(place / 1000, (place + width) / 1000) for width in widths]
        assert tiers == ["GR", "MR", "MR", "PR"], place


def test_a_value_of_exactly_an_edge_is_above_it_whatever_it_was_computed_from() -> None:
    assert 0.7 + 0.1 + 0.1 < 0.9
    assert band(0.7 + 0.1 + 0.1) == "excellent"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (-1.4, "poor"),
        (0.0, "poor"),
        (0.4999, "poor"),
        (0.5, "moderate"),
        (0.7499, "moderate"),
        (0.75, "good"),
        (0.8999, "good"),
        (0.9, "excellent"),
        (1.0, "excellent"),
    ],
)
def test_edges_of_koo_and_lis_bands(value: float, name: str) -> None:
    assert band(value) == name
    assert koo_li(value, value) == name


def test_an_undefined_interval_has_no_reading() -> None:
    low, high = pd.Series([math.nan, 0.2, math.nan]), pd.Series([math.nan, math.nan, 0.3])
    assert read(low, high, "koo-li") == [None, None, None]
    assert read(low, high, "paper-tiers") == [None, None, None]
