"""What the page Reproduction says, and that its settings and filters are the sidebar's."""

from functools import partial

import pandas as pd
import pytest

from analysis.findings.reproduction import (
    NOTHING,
    copied_finding,
    discard_finding,
    in_turn_finding,
    misprint_findings,
    partial_finding,
    reproduction_finding,
    table_findings,
)
from analysis.reproduction.selfcheck import PROOF
from analysis.reproduction.sensitivity import DISCARDED, PAPER_ALONE, PARTIAL
from data.mentalalign import STUDY
from pages.components.drilldown import cell_of
from tests.pages import OpenPage, said


@pytest.fixture
def open_page(open_page: OpenPage) -> OpenPage:
    return partial(open_page, "methods/reproduction")


@pytest.mark.slow
def test_the_page_sums_each_printed_table_up(open_page: OpenPage) -> None:
    app = open_page()
    words = said(app)
    assert (
        "The ratings give 271 of 352 printed figures again: 270 same and 1 by rounding. 80 more rest on random draws, "
        "and lie within what 200 seeds give. The others: 1 misprint." in words
    )
    assert "**Bias**, 112 figures: 111 same and 1 by rounding." in words
    assert "**Experts' means**, 72 figures: 71 same and 1 misprint." in words
    assert (
        "the row of conversation 430 is an exact copy of 429: the message and every rating in it. With the copy left "
        "out, 167 of 168 printed coefficients, means, biases and errors of judges come out to the last digit; with it "
        "kept, 74 do." in words
    )
    assert "is printed as 3.07, and the ratings give 2.77.** The printed average of that row is 3.64." in words
    assert "Its printed figures give 3.69; with 2.77 in place of 3.07 they give 3.65." in words
    assert "all 28 widths, all 28 biases and 8 of 9 averages agree" in words
    assert "another verdict" not in words
    first = app.main.dataframe[1].value
    assert first["verdict"].iloc[0] == "✓ Same"
    assert len(first) == 56


@pytest.mark.slow
def test_settings_of_the_sidebar_leave_the_printed_figures_under_the_papers(open_page: OpenPage) -> None:
    assert "The ratings give 271 of 352 printed figures again" in said(open_page(ratings="valid", exclude="none"))


@pytest.mark.slow
def test_filters_narrow_the_figures_on_screen_and_not_what_they_are_made_of(open_page: OpenPage) -> None:
    app = open_page(judge="o4-mini", attribute="Guidance", model="qwen-3-4b", printed="human_means")
    assert "**Reliability**, 6 figures" in said(app)
    assert "**Experts' means**, 2 figures: 1 same and 1 misprint." in said(app)
    table = app.main.dataframe[1].value
    assert table["verdict"].tolist() == ["▲ Misprint", "✓ Same"]
    assert table["recomputed"].tolist() == pytest.approx([2.7655, 3.6434], abs=5e-5)
    assert "3.07" not in said(open_page(model="gpt-4o"))


@pytest.mark.slow
def test_each_sheet_shows_its_figures(open_page: OpenPage) -> None:
    ends = open_page(printed="intervals").main.dataframe[1].value
    assert len(ends) == 84
    assert ends[["lower", "upper"]].notna().all(axis=None)
    tiers = open_page(printed="tiers").main.dataframe[1].value
    assert tiers["verdict"].value_counts().to_dict() == {"✓ Same": 24, "∿ Random draws": 4}
    assert set(tiers["published_tier"]) == {"● Good reliability", "□ Moderate reliability", "○ Poor reliability"}


@pytest.mark.slow
def test_switches_are_shown_when_they_are_asked_for(open_page: OpenPage) -> None:
    assert len(open_page().main.dataframe) == 2
    app = open_page(switches="shown")
    table = app.main.dataframe[2].value
    assert table["switch"].tolist()[:2] == ["Nothing", "Copied rows: Kept"]
    assert table["n_changed"].tolist()[:2] == [0, 99]
    assert table["icc_monte_carlo"].tolist()[0] == 80
    assert "Of 72 printed means of the experts 71 come out" in said(app)
    assert "as the released script does, 3 do." in said(app)


def test_the_average_of_a_model_leads_to_the_conversations_on_all_attributes() -> None:
    assert cell_of(STUDY, {"model": "qwen-3-4b", "attribute": ""}, "recomputed") == {"cell_model": "qwen-3-4b"}
    assert cell_of(STUDY, {"model": "qwen-3-4b", "attribute": "Safety"})["cell_attribute"] == "Safety"


# Sentences


def rows(*verdicts: str, **columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "published_table": "bias",
            "judge": "gpt-4o",
            "model": None,
            "attribute": [f"attribute {place}" for place in range(len(verdicts))],
            "figure": "mse",
            "recomputed": 1.0,
            "difference": 0.002,
            "lower": float("nan"),
            "verdict": verdicts,
            **columns,
        }
    )


def test_nothing_on_screen_is_said() -> None:
    nothing = rows("same").iloc[:0]
    assert reproduction_finding(nothing) == NOTHING
    assert table_findings(nothing) == []
    assert discard_finding({PAPER_ALONE: nothing, DISCARDED: nothing}).startswith("No end or width")


def test_one_figure_is_spoken_of_as_one() -> None:
    assert reproduction_finding(rows("same")) == "The one printed figure on screen: same."
    assert table_findings(rows("not-reproduced")) == [
        "**Bias**, 1 figure: 1 not reproduced. Those without random draws are off by at most 0.0020."
    ]
    beyond = rows("not-reproduced", figure="ci_width", lower=0.1)
    assert table_findings(beyond)[0].endswith("1 end or width of an interval lies beyond what 200 seeds give.")
    undefined = rows("not-reproduced", recomputed=float("nan"), difference=float("nan"))
    assert table_findings(undefined)[0].endswith("1 not reproduced. 1 cannot be recomputed.")


def test_partial_replies_are_spoken_of_by_what_becomes_of_the_experts_means() -> None:
    tables = {PAPER_ALONE: rows("same", "same", figure="mean"), PARTIAL: rows("rounding", "same", figure="mean")}
    assert partial_finding(tables).startswith("Of 2 printed means of the experts 2 come out")
    assert partial_finding(tables).endswith("and 1 where such replies are counted.")
    assert partial_finding({PAPER_ALONE: rows("same"), PARTIAL: rows("same")}) == "No mean of the experts is on screen."


def test_the_story_of_a_copied_row_in_words() -> None:
    kept, left = rows("same", "rounding"), rows("same", "same")
    assert copied_finding(STUDY, (), kept, left) == "No row of the experts' file is a copy of another."
    assert copied_finding(STUDY, (("7", "3"),), kept, left) == (
        "In the experts' file the row of conversation 7 is an exact copy of 3: the message and every rating in it. "
        "With the copy left out, 2 of 2 printed coefficients, means, biases and errors of judges come out to the last "
        "digit; with it kept, 1 do."
    )
    turns = pd.DataFrame({"conversation": [3, 7, 8], "n_same": [4, 9, 5], "n_figures": 10})
    assert in_turn_finding(STUDY, turns) == (
        "Each of the 3 conversations was left out in turn: without 7 9 of 10 figures come out, without the next best, "
        "8, 5."
    )


def test_a_misprint_of_any_table_is_proved_in_words() -> None:
    of_result = ("gpt-4o", None, "Safety", "bias", 0.6, 0.5, "bias", 0.6, 0.5, 0.5)
    of_part = ("gpt-4o", None, "Safety", "judge_mean", 4.1, 4.0, "bias", 0.5, 0.6, 0.5)
    of_average = (None, "gpt-4o", None, "average", 4.5, 4.4, "average", 4.5, 4.4, 4.4)
    said = misprint_findings(STUDY, pd.DataFrame([of_result, of_part, of_average], columns=list(PROOF)))
    assert said[0] == (
        "**Bias of GPT-4o on Safety is printed as 0.600, and the ratings give 0.500.** "
        "The other printed figures of its row give 0.500."
    )
    assert said[1].startswith(
        "**Judge's mean of GPT-4o on Safety is printed as 4.100, and the ratings give 4.000.** The"
    )
    assert said[1].endswith(
        "bias of that row is 0.500. Its printed figures give 0.600; with 4.000 in place of 4.100 they give 0.500."
    )
    assert said[2].startswith("**The average of GPT-4o is printed as 4.50, and the ratings give 4.40.** The other")
