"""The plan of what experts should check: against the exact distributions, and moved by the thresholds."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.decisions.check_plan import COLUMNS, POWER, acceptance, equivalence_replies, none_of, plan_table
from analysis.findings.check_plan import check_plan
from analysis.outputs.view import View
from analysis.ratings.needs import FEWEST_REPLIES
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot

SETTINGS = Settings.of(STUDY)
BIAS = pd.DataFrame(
    {
        "judge": ["gpt-4o"] * 3,
        "attribute": ["Safety"] * 3,
        "model": ["original", "gpt-4o-mini", "qwen-3-4b"],
        "n_pairs": [401, 401, 0],
        "bias": [0.3, 0.0, math.nan],
        "mse": [0.3**2 + 0.6**2 * 400 / 401, 0.25, math.nan],
    }
)
RATES = pd.DataFrame({"judge": ["gpt-4o"], "attribute": ["Safety"], "n_low": [20], "n_high": [500]})


def upper(events: int, n: int) -> float:
    """Clopper and Pearson's exact one-sided 95% bound."""
    return float(stats.beta.ppf(0.95, events + 1, n - events))


def test_the_rule_of_three() -> None:
    assert {limit: none_of(limit) for limit in (0.05, 0.1, 0.01)} == {0.05: 59, 0.1: 29, 0.01: 299}
    assert none_of(0.99) == 1


@given(st.floats(0.001, 0.94))
def test_no_event_in_so_many_trials_and_in_no_fewer_shows_the_limit(limit: float) -> None:
    n = none_of(limit)
    assert upper(0, n) <= limit + 1e-9
    assert n == 1 or upper(0, n - 1) > limit - 1e-9


@given(st.floats(0.01, 0.9), st.integers(1, 200))
def test_the_events_that_may_happen_are_the_most_with_which_the_exact_bound_holds(limit: float, fewest: int) -> None:
    n, allowed = acceptance(limit, fewest)
    assert n == max(fewest, none_of(limit))
    assert stats.binom.cdf(allowed, n, limit) <= 0.05 + 1e-9
    assert stats.binom.cdf(allowed + 1, n, limit) > 0.05 - 1e-9
    assert upper(allowed, n) <= limit + 1e-9


def test_the_replies_of_two_one_sided_tests_have_the_power() -> None:
    deviation, margin, systems = 0.6, 0.25, 9
    n = equivalence_replies(pd.Series([deviation]), margin, pd.Series([systems]))[0]

    def power(replies: float) -> float:
        error = deviation / math.sqrt(replies)
        return float(2 * stats.norm.cdf(margin / error - stats.norm.ppf(1 - 0.05 / systems)) - 1)

    assert power(n) >= POWER > power(n - 1)


def test_a_plan_by_hand() -> None:
    row = plan_table(BIAS, RATES, SETTINGS).iloc[0]
    assert tuple(row.index) == COLUMNS
    assert (row["poor_needed"], row["poor_allowed"]) == (FEWEST_REPLIES, 1)
    assert row["poor_share"] == 20 / 802
    # A tenth of 20 poor replies are 2 of the 500 that the judge calls good.
    assert row["good_needed"] == none_of(2 / 500) == 748
    z = stats.norm.ppf(1 - 0.05 / 2) + stats.norm.ppf(0.95)
    assert (row["systems"], row["each_needed"]) == (2, math.ceil((z * 0.6 / 0.25) ** 2))


def test_thresholds_move_the_plan_and_nothing_is_changed() -> None:
    before = BIAS.copy(), RATES.copy()
    strict = plan_table(BIAS, RATES, SETTINGS.but(reassured_supported=0.01, margin=0.1)).iloc[0]
    usual = plan_table(BIAS, RATES, SETTINGS).iloc[0]
    assert (strict["poor_needed"], strict["poor_allowed"]) == (299, 0)
    assert strict["good_needed"] > usual["good_needed"]
    assert strict["each_needed"] == pytest.approx(6.25 * usual["each_needed"], rel=0.02)
    pd.testing.assert_frame_equal(BIAS, before[0])
    pd.testing.assert_frame_equal(RATES, before[1])


def test_what_has_no_number_is_undefined() -> None:
    nothing = plan_table(BIAS.assign(n_pairs=0), RATES.assign(n_low=0), SETTINGS).iloc[0]
    assert nothing[["poor_share", "good_needed", "systems", "each_needed"]].isna().all()


@pytest.mark.slow
@pytest.mark.parametrize("judges", [(), ("gpt-4o",)])
@pytest.mark.parametrize("attributes", [(), ("Safety",), ("Empathy",)])
def test_the_plan_has_at_most_five_lines_and_begins_with_what_harms_most(
    judges: tuple[str, ...], attributes: tuple[str, ...]
) -> None:
    view = View(load_snapshot(), SETTINGS, Selection.of(STUDY, judges, attributes=attributes))
    tables = (view.table(name) for name in ("verdicts", "inflation_by_model", "reassurance"))
    lines = check_plan(STUDY, *tables, SETTINGS).splitlines()
    assert len(lines) <= 5
    assert all(line.startswith("- **") and len(line) < 330 for line in lines)
    assert lines[0].startswith(f"- **Single replies on {'Empathy' if attributes == ('Empathy',) else 'Safety'}")
    assert ("GPT-4o" in lines[0]) == bool(judges)
    assert ("other attributes" in lines[0]) == (not attributes)


def test_the_plan_in_words() -> None:
    view = View(load_snapshot(), SETTINGS, Selection.of(STUDY))
    tables = [view.table(name) for name in ("verdicts", "inflation_by_model", "reassurance")]
    said = check_plan(STUDY, *tables, SETTINGS)
    assert (
        "Collect 50 replies that experts rate 2 or less, and let the judge rate them. If it calls at most 1 of them "
        "good (4 or more), it passes no more than 10 of 100 such replies (exact 95% bound)."
    ) in said
    assert (
        "To show as much, experts rate about 1,700 replies that the judge calls good, and find none of them poor."
        in said
    )
    assert (
        "Ratings of 7 more systems would settle 8 of 28 orders of systems, if the figures stayed as they are." in said
    )
    stricter = check_plan(STUDY, *tables, SETTINGS.but(reassured_supported=0.01))
    assert "Collect 299 replies" in stricter
    assert "If it calls none of them good" in stricter
