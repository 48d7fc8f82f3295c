"""The coverage table on the Methods page is what the simulation prints, and the words beside it say what it says."""

import pandas as pd
import pytest

from analysis.wording import text
from tests.bench import coverage
from tests.pages import OpenPage

TABLE = text("coverage")
SAYS = " ".join(text("methods", "coverage").split())


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line[:1] == "|"]
    frame = pd.DataFrame(rows[2:], columns=["simulated", "interval", "value", "held", "width", "intervals"])
    return frame.assign(
        value=frame["value"].astype(float),
        percent=frame["held"].str.split("%").str[0].astype(float),
        intervals=frame["intervals"].str.replace(",", "").astype(int),
    )


def test_the_file_was_written_with_the_scripts_constants() -> None:
    assert TABLE.splitlines()[0] == coverage.settings_line()


@pytest.mark.slow
def test_lines_that_are_quick_to_simulate_are_in_the_file_as_they_stand() -> None:
    found = [str(line) for part in (coverage.with_random_raters, coverage.shares) for line in part()]
    assert len(found) == 9
    assert [line for line in found if line not in TABLE.splitlines()] == []


def test_every_line_is_there_with_all_its_intervals(printed: pd.DataFrame) -> None:
    assert len(printed) == 90
    assert printed["intervals"].between(0.99 * coverage.COSTLY, coverage.SIMULATIONS).all()
    assert printed["percent"].between(50, 100).all()


@pytest.mark.parametrize(
    ("interval", "simulated", "ends", "words"),
    [
        (
            r"ICC\(A,1\), bootstrap over models, as the paper does",
            "",
            (84, 94),
            "holds ICC(A,1) in {} to {} of 100 simulations",
        ),
        (
            r"ICC\(C,1\), bootstrap over models, as the paper does",
            "",
            (90, 95),
            "For ICC(C,1) it comes to {} to {}.",
        ),
        (
            r"ICC\(C,1\), bootstrap over models, nothing discarded",
            "",
            (90, 91),
            "Without the discarding of values outside 0 to 1 that is {} or {}",
        ),
        (r"ICC\(C,1\), exact F", "", (95, 95), "exact F interval holds ICC(C,1) in {} of 100"),
        (r"ICC\(A,1\), exact F", "bias 1 SD", (98, 99), "where a fixed bias is large ({} or {})"),
        (r"bootstrap over both", "", (93, 97), "conversations at once holds ICC(C,1) in {} to {}."),
        (
            r"bootstrap over (?:conversations|blocks)|t clustered|Wilson",
            "",
            (94, 96),
            "hold their values in {} to {} of 100, on blocks",
        ),
        (
            r"clustered t$|^multiplier",
            "(?:100|1,000) replies rated",
            (92, 96),
            "multipliers hold their values in {} to {} of 100.",
        ),
        (
            r"clustered t$|^multiplier",
            "^30 replies rated.*, 23% below",
            (84, 94),
            "below the top rating, they do so in {} to {}.",
        ),
        (r"t as if replies were independent", "", (74, 75), "interval of the bias would hold it in {} or {}"),
        (r"ICC\(C,1\) of replies, exact F", "", (90, 91), "exact F that of ICC(C,1) in {} or {}."),
    ],
)
def test_the_words_say_the_lowest_and_the_highest_share(
    printed: pd.DataFrame, interval: str, simulated: str, ends: tuple[int, int], words: str
) -> None:
    assert words.format(*ends) in SAYS
    rows = printed[printed["interval"].str.contains(interval) & printed["simulated"].str.contains(simulated)]
    assert abs(rows["percent"].min() - ends[0]) <= 0.5
    assert abs(rows["percent"].max() - ends[1]) <= 0.5


def test_agreement_of_random_raters_is_held_least_where_it_is_high(printed: pd.DataFrame) -> None:
    rows = printed[printed["simulated"].str.contains("two random raters")].set_index("value")["percent"]
    assert rows.index[-1] == rows.index.max()
    assert f"holds a high value in {rows.iloc[-1]:.0f}" in SAYS


def test_the_papers_interval_of_agreement_holds_less_the_higher_the_agreement_is(printed: pd.DataFrame) -> None:
    rows = printed[printed["interval"] == "ICC(A,1), bootstrap over models, as the paper does"]
    for _, alike in rows.groupby("simulated"):
        assert alike.sort_values("value")["percent"].is_monotonic_decreasing


@pytest.mark.slow
def test_the_methods_page_shows_the_words_and_the_table(open_page: OpenPage) -> None:
    words = {each.value.strip() for each in open_page("methods").markdown}
    assert {text("methods", "coverage").strip(), TABLE.strip()} <= words
