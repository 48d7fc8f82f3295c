"""The tables of coverage are what the simulations print, and what is said of intervals is what they show."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.inference.coverage import SHORT_DRAWN, SHORT_ICC, SHORT_LOSS, Held
from analysis.outputs.registry import TABLES
from analysis.ratings.settings import Interval, Level
from analysis.wording import simulations, study_text, terms, text
from analysis.wording.filling import filled
from analysis.wording.shortfall import few_items, icc_shortfall, loss_shortfall
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load
from tests.bench import coverage
from tests.bench.simulated.line import FEWEST_INTERVALS, SHORT_BY, Line
from tests.bench.simulated.replies import DRAWN
from tests.made_study import make_study, write_study
from tests.pages import OpenPage, said, unfolded

WHOLE, SUMMARY = coverage.OUTPUT.read_text(encoding="utf-8"), simulations("coverage")
SAYS = " ".join(text("methods", "coverage").split())
HEADS = ["figure", "simulated", "value", "nominal", "held", "width", "intervals", "mark"]
# Intervals that are made as others are: of the same figure, or of the same sum.
MADE_ALIKE = {
    "`icc` icc_c1": "ICC(C,1), exact F",
    "`icc` icc_a1": "ICC(A,1), exact F",
    "`influence` icc_c1": "ICC(C,1), exact F",
    "`influence` icc_a1": "ICC(A,1), exact F",
    "`panel` icc_c1": "ICC(C,1), exact F",
    "`panel` icc_a1": "ICC(A,1), exact F",
    "`verdicts` value": "`verdicts` choice_loss",
    "`worth` gained": "`worth` multiplier",
    "`worth` human_mean": "`scores` an attribute",
    "`worth` alone_shift": "`scores` an attribute",
    "`consistency` flip_rate": "`reassurance` reverse",
    "`consistency` mean_change": "`inflation` bias",
    "`consistency` retest_a1": "`attenuation` assumed_a1",
    "`new-systems` new_mean": "`scores` an attribute",
    "`new-systems` new_ahead": "`inflation` bias",
    "`consistency` change_a1": "`panel` gain",
    # Weighted sums over clusters; with unequal weights they are simulated in ``tests/bench/plan.py``.
    "`weighted` weighted_bias": "`inflation` bias",
    "`weighted` weighted_mean": "`scores` an attribute",
    "`weighted` weighted_reassurance": "`reassurance` reverse",
    "`weighted` difference_mean": "`inflation` bias",
    "`ranking` same_best": "share of draws, Wilson",
}


def rows_of(markdown: str) -> list[list[str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r" \| ?", line.strip("|"))] for line in lines]


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    parts = []
    for section in WHOLE.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        parts.append(pd.DataFrame(rows_of(body)[1:], columns=HEADS).assign(construction=title))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(
        nominal=frame["nominal"].astype(int),
        percent=frame["held"].str.split(" ").str[0].astype(float),
        intervals=frame["intervals"].str.replace(",", "").astype(int),
        shown=~frame["mark"].str.contains("not shown"),
        short=frame["mark"].str.contains("short"),
    )


def picked(printed: pd.DataFrame, figure: str, simulated: str = "") -> pd.DataFrame:
    return printed[printed["figure"].str.contains(figure) & printed["simulated"].str.contains(simulated)]


def spread(rows: pd.DataFrame) -> Held:
    return Held(*(round(float(end)) for end in (rows["percent"].min(), rows["percent"].max())))


def test_a_line_counts_what_lies_inside_and_says_what_falls_short() -> None:
    low, high = np.array([0.0, 0.2, 0.6, np.nan]), np.array([0.5, 0.9, 0.9, np.nan])
    line = Line("made", "figure", "here", 0.5, low, high)
    assert (line.intervals, round(line.held, 1), round(line.error, 1)) == (3, 66.7, 27.2)
    assert str(line) == "| figure | here | 0.500 | 95 | 66.7 ± 27.2 | 0.50 | 3 | **short** |"
    assert not Line("made", "figure", "here", np.array([0.5, 0.5, 0.6, 0.0]), low, high).short
    beyond = Line("made", "figure", "here", 0.5, np.full(4, -np.inf), high, 60)
    assert (beyond.held, beyond.short) == (100.0, False)
    assert "one end" in str(beyond)


def test_the_files_were_written_with_the_scripts_constants() -> None:
    assert coverage.settings_line() in WHOLE
    assert SUMMARY.splitlines()[0] == coverage.settings_line()


@pytest.mark.slow
def test_lines_that_are_quick_to_simulate_are_in_the_file_as_they_stand() -> None:
    quick = ("over_few_models", "with_random_raters", "of_random_systems", "shares", "drawn_shares", "of_raters")
    found = list(map(str, coverage.lines_of(quick)))
    assert len(found) == 53
    assert [line for line in found if line not in WHOLE.splitlines()] == []


def test_every_line_has_its_intervals_and_its_mark(printed: pd.DataFrame) -> None:
    assert len(printed) > 600
    assert printed["intervals"].between(FEWEST_INTERVALS, 2000).all()
    assert printed["percent"].between(50, 100).all()
    far = printed["percent"] - (printed["nominal"] - SHORT_BY)
    assert (far[printed["short"]] <= 0.05).all()
    assert (far[~printed["short"]] >= -0.05).all()


@pytest.mark.parametrize("table", [name for name in TABLES if name != "stability"])
def test_every_interval_of_a_table_is_counted(printed: pd.DataFrame, table: str) -> None:
    """Those of robustness say how well a simulation knows a share, and are counted as such."""
    ends = [column.name for column in TABLES[table].declared(STUDY) if column.role == "lower"]
    figures = [f"`{table}` {name.removesuffix('_low')}" for name in ends]
    known = set(printed["figure"].str.partition(",")[0]) | set(printed["figure"])
    assert [each for each in figures if MADE_ALIKE.get(each, each) not in known] == []


def test_the_summary_is_of_the_lines(printed: pd.DataFrame) -> None:
    shown = printed[printed["shown"]]
    summary, _, short = SUMMARY.partition("These are short:")
    rows = rows_of(summary)[1:]
    assert len(rows) == len(shown.groupby(["construction", "nominal"]))
    for construction, number, nominal, least, _, most, falling in rows:
        mine = shown[(shown["construction"] == construction) & (shown["nominal"] == int(nominal))]
        found = [len(mine), mine["percent"].min(), mine["percent"].max(), int(mine["short"].sum())]
        assert found == [int(number), float(least), float(most), int(falling)]
    assert len(rows_of(short)) - 1 == shown["short"].sum()
    assert all(line in WHOLE.splitlines() for line in short.splitlines() if line.startswith("| `"))


# What is flagged

ICC_LINES: dict[tuple[Interval, Level], str] = {
    ("bootstrap-models", "model"): r"\({},1\), bootstrap over models",
    ("bootstrap-models", "response"): r"\({},1\) of replies, bootstrap over models",
    ("bootstrap-conversations", "model"): r"\({},1\) of fixed systems, bootstrap",
    ("exact-f", "response"): r"\({},1\) of replies, exact F",
}


@pytest.mark.parametrize("kind", SHORT_ICC)
def test_flags_of_iccs_are_the_lowest_and_the_highest_share(
    printed: pd.DataFrame, kind: tuple[Interval, Level]
) -> None:
    for name, held in SHORT_ICC[kind].items():
        assert spread(picked(printed, ICC_LINES[kind].format(name[-2].upper()))) == held


def test_flags_of_percentile_intervals_are_the_lowest_and_the_highest_share(printed: pd.DataFrame) -> None:
    drawn = printed[printed["construction"] == DRAWN]
    for items, held in SHORT_DRAWN.items():
        assert spread(drawn[drawn["simulated"].str.startswith(f"{items:,} conversations")]) == held


def test_nothing_that_is_shown_falls_short_without_a_flag(printed: pd.DataFrame) -> None:
    short = printed[printed["short"] & printed["shown"]]
    assert len(short) > 20
    flagged = short["construction"] == DRAWN
    for kind, held in SHORT_ICC.items():
        for name in held:
            flagged |= short["figure"].str.contains(ICC_LINES[kind].format(name[-2].upper()))
    flagged |= short["figure"].str.contains("loss")
    assert short.loc[~flagged, ["figure", "simulated", "held"]].to_numpy().tolist() == []


def test_a_flag_stands_in_the_terms_that_explain_intervals() -> None:
    known = terms(STUDY)
    every = known["interval"].rest
    for kind, held in SHORT_ICC.items():
        for name, (least, most) in held.items():
            said = f"{least}" if least == most else f"{least} to {most}"
            assert f"({name[-2].upper()},1) {said}" in every
            assert f"({name[-2].upper()},1) in {said} of 100" in icc_shortfall(*kind)
    for term in ("resampled", "bootstrap-conversations", "conversations_resampled"):
        assert f"in {SHORT_DRAWN[20].least} to {SHORT_DRAWN[20].most} of 100 with 20" in known[term].rest
        assert "oo narrow with few conversations" in known[term].plain
    assert icc_shortfall("exact-f", "model") == icc_shortfall("bootstrap-both", "response") == ""
    assert icc_shortfall("bootstrap-conversations", "model", "icc_a1") == ""


def test_few_items_are_said_before_any_figure() -> None:
    assert few_items(100) == ""
    assert few_items(40).startswith("Intervals from resampled {items} are too narrow with 40 of them.")


# What the page says


@pytest.mark.parametrize(
    ("figure", "simulated", "ends", "words"),
    [
        (r"ICC\(A,1\), bootstrap over models", "", (84, 94), "holds ICC(C,1) in 90 to 95 and ICC(A,1) in {} to {}"),
        (r"ICC\(C,1\), bootstrap over models", "", (90, 95), "The bootstrap over models holds ICC(C,1) in {} to {}"),
        (r"ICC\(C,1\), exact F", "", (95, 95), "Exact F holds ICC(C,1) in {} of 100"),
        (r"ICC\(A,1\), exact F", "bias 1 SD", (98, 99), "ICC(A,1) in {} or {} where a fixed bias is large"),
        (r"bootstrap over both", "", (91, 97), "Resampling conversations too holds both in {} to {}"),
        (r"of replies, bootstrap over (?:conv|blocks)", "", (94, 95), "over conversations holds both ICCs in {} or {}"),
        (r"\(C,1\) of replies, exact F, by", "", (79, 90), "exact F holds ICC(C,1) in {} to {}."),
        (r"of replies, bootstrap over models", "", (78, 79), "that over nine models in {} or {}"),
        (r"t as if replies were independent", "", (76, 82), "the bias in {} to {} if replies"),
        (r"\(C,1\) of fixed systems", "^100 conv", (69, 76), "ICC(C,1) of models is held in {} to {} with 100"),
        (r"\(C,1\) of fixed systems", "^1,000|^50", (89, 92), "in {} to {} with 1,000"),
        (r"choice_loss, upper", "first two nearly tied", (76, 83), "at or above it in {} to {}, not in 95"),
        (r"`worth`", "(?:100|1,000) replies rated", (92, 96), "values are held in {} to {};"),
        (r"`worth`", "^30 replies rated.*, 23% below", (84, 94), "are below the top, in {} to {}."),
    ],
)
def test_the_words_say_the_lowest_and_the_highest_share(
    printed: pd.DataFrame, figure: str, simulated: str, ends: tuple[int, int], words: str
) -> None:
    assert words.format(*ends) in SAYS
    rows = picked(printed, figure, simulated)
    assert abs(rows["percent"].min() - ends[0]) <= 0.5
    assert abs(rows["percent"].max() - ends[1]) <= 0.5


def test_cautious_intervals_are_called_so(printed: pd.DataFrame) -> None:
    assert "Tau, pairwise accuracy and the largest gap are held in 98 or more" in SAYS
    for figure in ("`ranking` (?:tau|pairwise)", "system_bias$"):
        assert picked(printed, figure)["percent"].min() >= 97.5


def test_means_and_shares_hold_their_values(printed: pd.DataFrame) -> None:
    assert "shares by Wilson hold their values in 94 to 97" in SAYS
    rows = printed[printed["construction"].str.startswith(("Mean:", "Share")) & (printed["nominal"] == 95)]
    assert spread(rows[rows["shown"]]) == Held(94, 97)


def test_flags_of_a_loss_are_those_of_the_worst_case(printed: pd.DataFrame) -> None:
    for name, figure in (("loss", "`ranking` loss"), ("choice_loss", "choice_loss, upper end")):
        assert spread(picked(printed, figure, "first two nearly tied")) == SHORT_LOSS[name]


def test_the_papers_interval_of_agreement_holds_less_the_higher_the_agreement_is(printed: pd.DataFrame) -> None:
    rows = picked(printed, r"ICC\(A,1\), bootstrap over models, outside")
    for _, alike in rows.groupby("simulated"):
        assert alike.sort_values("value")["percent"].is_monotonic_decreasing


@pytest.mark.slow
def test_pages_flag_the_intervals_that_they_show(open_page: OpenPage) -> None:
    def warned(page: str, **filters: str) -> list[str]:
        return [each.value for each in open_page(page, **filters).warning]

    by_models = icc_shortfall("bootstrap-models", "model")
    assert by_models in warned("reliability", preset="paper")
    assert not any("In simulations" in each for each in warned("reliability", preset="recommended"))
    (both,) = (each for each in warned("reliability/robustness", preset="recommended") if "In simulations" in each)
    assert both.count("In simulations") == 2
    choosing = open_page("scores/ranking", preset="recommended")
    assert any(loss_shortfall("loss") in each.value for each in choosing.markdown)


@pytest.mark.slow
def test_every_page_of_a_small_study_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    write_study(tmp_path, make_study(20))
    warnings = [each.value for each in open_page("inflation", source=tmp_path).warning]
    assert filled(load(str(tmp_path), Progress()).study, few_items(20)) in warnings
    assert not any("are too narrow with" in each.value for each in open_page("inflation").warning)


@pytest.mark.slow
def test_the_methods_page_shows_the_words_and_offers_the_table(open_page: OpenPage) -> None:
    app = open_page("methods/verdicts")
    assert study_text(STUDY, "methods", "coverage").strip() in {each.value.strip() for each in app.markdown}
    tables = [simulations("operating-characteristics"), simulations("coverage")]
    assert not any(table in said(app) for table in tables)
    assert all(table in said(unfolded(app, "judges", "simulations")) for table in tables)
