"""Every page under the app's own test runner: the figures on it are the analysis's, and every choice ends in words."""

import json
from typing import Any

import pandas as pd
import pytest

from analysis.outputs.sheets import sheet
from analysis.wording.vocabulary import CHOICE, choice_label, look
from data.mentalalign import STUDY
from pages.components.frame import PAGES
from tests.pages import PAPER, ROOT, OpenPage, charted, from_command_line, said


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_cold_and_says_what_is_on_screen(open_page: OpenPage, page: str) -> None:
    app = open_page(page)

    assert len(app.title) == 1
    shown = "Recommended settings · model level · 4 judges · 10 models · 7 attributes · Bundled snapshot"
    assert shown in app.caption[0].value
    assert "03cfc4be2b7c" in app.caption[0].value


@pytest.mark.slow
def test_overview_shows_the_icc_of_every_cell_with_its_reading(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "icc", *PAPER)

    app = open_page(matrix="readings", preset="paper")
    drawn = charted(app)[0]

    assert len(drawn) == 28
    assert drawn["icc_c1"].tolist() == pytest.approx(expected["icc_c1"].tolist())
    assert drawn["word"].tolist() == [look(reading).word for reading in expected["reading"]]
    assert "9 models (a judge's own is left out). Koo & Li (2016) advise at least 30" in said(app)
    assert "of 28 tiers on screen are not the printed ones" in said(app)
    assert "printed ones" not in said(open_page(preset="paper", ratings="valid", matrix="readings"))


@pytest.mark.slow
def test_reliability_table_is_the_command_lines_table(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "icc", "--preset", "recommended", "--level", "response", "--judge", "o4-mini")

    app = open_page("reliability", preset="recommended", level="response", judge="o4-mini")
    table = app.dataframe[0].value

    for column in ("icc_c1", "icc_a1", "ci_width", "n_targets", "n_pairs"):
        assert table[column].tolist() == pytest.approx(expected[column].tolist()), column
    for column in ("icc_c1_interval", "icc_a1_interval"):
        assert table[column].tolist() == sheet(STUDY, expected)[column].tolist(), column
    assert set(table["judge"]) == {"o4-mini"}
    assert table["reading"].str.split(" ", n=1).str[1].tolist() == expected["reading"].tolist()


@pytest.mark.slow
def test_reliability_sets_both_levels_side_by_side(open_page: OpenPage, capsys: Any) -> None:
    options = ("--preset", "recommended", "--judge", "o4-mini")
    replies = from_command_line(capsys, "icc", *options, "--level", "response")
    models = from_command_line(capsys, "icc", *options)

    app = open_page("reliability", preset="recommended", cell_judge="o4-mini", coefficient="icc_a1")
    drawn = next(rows for rows in charted(app) if "kind" in rows)

    assert drawn["icc_a1"].tolist() == pytest.approx([*models["icc_a1"], *replies["icc_a1"]])
    assert "o4-mini follows the experts better on models than on single replies on 5 of 7 attributes" in said(app)
    assert "o4-mini follows" not in said(open_page("reliability", judge="gpt-4o"))


@pytest.mark.slow
def test_overview_keeps_cells_without_a_reading(open_page: OpenPage) -> None:
    app = open_page(preset="recommended", model=["gpt-4o", "original"], matrix="readings")
    assert any("undefined" in line for line in charted(app)[0]["line1"])
    assert "GPT-4o has no ICC on" in said(app)


@pytest.mark.slow
def test_the_papers_readings_stand_alone(open_page: OpenPage) -> None:
    assert "reading_a1" not in open_page("reliability", preset="paper").dataframe[0].value
    assert "reading_a1" in open_page("reliability").dataframe[0].value


@pytest.mark.slow
def test_firmness_shows_the_command_lines_probabilities(open_page: OpenPage, capsys: Any) -> None:
    options = ("--preset", "recommended")
    stability = from_command_line(capsys, "stability", *options)
    influence = from_command_line(capsys, "influence", *options, "--judge", "gpt-4o")

    app = open_page("firmness", preset="recommended", scale="tiers", cell_judge="gpt-4o")
    intervals, firm, moved = charted(app)

    assert set(intervals["kind"]) == {choice_label(STUDY, "interval", key) for key in CHOICE["interval"]}
    assert firm["p_gr"].tolist() == pytest.approx(stability["p_gr"].tolist())
    assert moved["shift_c1"].tolist() == pytest.approx(influence["shift_c1"].tolist())
    assert "so a third of" in said(app)
    named = [words for words in said(app).splitlines() if "can move ICC(C,1) by 0.1 or more" in words]
    assert all("the original reply in " in words for words in named)
    assert "Of the 28 cells" in named[0]
    assert "Of the 7 cells" in named[1]
    assert "GPT-4o on" in named[1]


@pytest.mark.slow
def test_inflation_shows_the_command_lines_bias_and_the_chosen_cell(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "inflation")

    app = open_page("inflation", cell_judge="gpt-4o", cell_attribute="Safety")
    dumbbell, heatmap, bars, by_model, *_ = charted(app)

    assert dumbbell["judge_mean"].tolist() == pytest.approx(expected["judge_mean"].tolist())
    assert heatmap["bias"].tolist() == pytest.approx(expected["bias"].tolist())
    assert set(bars["rater"]) == {"Human experts", "GPT-4o"}
    assert bars.groupby("rater")["share"].sum().tolist() == pytest.approx([1, 1])
    assert len(by_model) == 9
    assert "GPT-4o" not in set(by_model["model"])
    whole = next(each.value for each in app.dataframe if "mse" in each.value and "score" in each.value)
    assert whole["mse"].tolist() == pytest.approx(expected["mse"].tolist())


@pytest.mark.slow
def test_scores_shows_the_command_lines_means(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "scores")

    app = open_page("scores")
    table = next(
        each.value for each in app.dataframe if "css" in each.value and "rater" in each.value and "Safety" in each.value
    )

    assert table["css"].tolist() == pytest.approx(expected["css"].tolist())
    assert table["average"].tolist() == pytest.approx(expected["average"].tolist())
    assert len([chart for chart in app.get("vega_lite_chart") if "title" in json.loads(chart.proto.spec)]) == 5


@pytest.mark.slow
def test_scores_lays_out_the_experts_table_as_the_paper_prints_it(open_page: OpenPage) -> None:
    printed = pd.read_csv(ROOT / "data" / "published" / "mentalalign-70k" / "human_scores.csv")

    table = open_page("scores", preset="paper").dataframe[-1].value

    assert table["model"].tolist()[:4] == printed["model"].tolist()[:4]
    difference = table.set_index("model")["Guidance"] - printed.set_index("model")["Guidance"]
    assert difference.drop("Qwen-3-4B").abs().max() < 0.011
    assert difference["Qwen-3-4B"] == pytest.approx(-0.31, abs=0.005)


# pingouin 0.7 still uses a keyword that pandas 3.1 deprecates.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_two_models_have_a_coefficient_without_an_interval_and_no_check(open_page: OpenPage) -> None:
    app = open_page("reliability", preset="paper", judge="o4-mini", model=["gpt-4o", "original"])
    assert app.dataframe[0].value["icc_c1"].notna().all()
    assert app.dataframe[0].value["icc_c1_interval"].isna().all()

    app.button(key="crosscheck").click().run()
    assert not app.exception
    assert "pingouin needs at least three targets" in said(app)


@pytest.mark.slow
def test_an_attribute_left_out_leaves_its_score_out_and_says_so(open_page: OpenPage) -> None:
    app = open_page("scores", attribute=["Empathy", "Helpfulness", "Understanding"])

    assert "CSS needs Guidance, Informativeness, Relevance, Safety" in said(app)
    assert "The experts give GPT-4o the highest ARS" in said(app)
    assert "The plane needs all of CSS and ARS" in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_unknown_values_in_the_address_are_named_with_what_is_known(open_page: OpenPage, page: str) -> None:
    app = open_page(page, judge=["gpt-4o", "<b>nobody</b>"], preset="secret", level="moon")

    # What an address asks for is shown as it stands, which Markdown needs told.
    warnings = "\n".join(warning.value for warning in app.warning).replace("\\", "")
    assert "judge “<b>nobody</b>”, which is not known; the others are shown. Known are: claude-3.7-sonnet" in warnings
    assert "preset “secret”, which is not known; Recommended is shown. Known are: recommended, paper" in warnings
    assert "1 judge" in app.caption[0].value


@pytest.mark.slow
@pytest.mark.parametrize("page", ["overview", "reliability"])
def test_too_few_models_are_said_before_any_figure(open_page: OpenPage, page: str) -> None:
    one = "\n".join(warning.value for warning in open_page(page, model="original").warning)
    assert "GPT-4o has no ICC on Guidance, Informativeness" in one
    assert "it needs at least two models that differ, and 1 is left" in one

    two = "\n".join(warning.value for warning in open_page(page, model=["original", "llama-3.1-8b"]).warning)
    assert "Only 2 models are compared: too few to tell a good judge from a poor one" in two


@pytest.mark.slow
def test_a_judge_whose_only_model_is_its_own_has_nothing_to_show_and_says_so(open_page: OpenPage) -> None:
    filters = {"judge": "gpt-4o", "model": "gpt-4o"}

    assert "and 0 are left" in said(open_page("reliability", **filters))
    assert "No bias can be computed: no reply on screen was rated by both" in said(open_page("inflation", **filters))
    scores = said(open_page("scores", **filters))
    assert "Ranks cannot be compared: no judge on screen rates two models" in scores
    for page in ("overview", "reliability", "inflation", "scores"):
        app = open_page(page, **filters)
        assert "nan" not in said(app).split()
        assert all(map(len, charted(app))), page


@pytest.mark.slow
def test_what_is_not_recommended_is_said_and_taken_back_by_one_button(open_page: OpenPage) -> None:
    app = open_page("reliability", ratings="as-released")
    assert "not the recommended settings. Every number kept as released" in said(app)

    app.radio(key="preset").set_value("paper").run()
    assert "Readings by the paper's tiers, not by Koo & Li's bands." in said(app)
    assert dict(app.query_params) == {"preset": "paper"}

    next(button for button in app.button if button.label == "Back to recommended").click().run()
    assert "not the recommended settings" not in said(app)
    assert not app.query_params


@pytest.mark.slow
def test_a_filter_is_written_into_the_address_and_followed_on_the_next_page(open_page: OpenPage) -> None:
    app = open_page("reliability")
    app.sidebar.get("button_group")[0].set_value(["gpt-4o", "o4-mini"]).run()
    assert app.query_params["judge"] == ["gpt-4o", "o4-mini"]

    links = [link.proto for link in app.get("page_link")]
    assert all("judge=gpt-4o&judge=o4-mini" in link.query_string for link in links)


@pytest.mark.slow
def test_nothing_chosen_is_everything_and_one_click_restricts(open_page: OpenPage) -> None:
    app = open_page("reliability")
    judges, attributes, *_ = app.sidebar.get("button_group")
    assert (judges.value, attributes.value) == ([], [])
    assert len(app.dataframe[0].value) == 28

    attributes.set_value(["Safety"]).run()
    assert dict(app.query_params) == {"attribute": "Safety"}
    assert set(app.dataframe[0].value["attribute"]) == {"Safety"}

    next(button for button in app.button if button.label == "Show all again").click().run()
    assert not app.query_params
    assert len(app.dataframe[0].value) == 28


@pytest.mark.slow
def test_score_groups_choose_their_attributes(open_page: OpenPage) -> None:
    app = open_page("inflation")
    next(button for button in app.button if button.label == "ARS only").click().run()

    assert app.query_params["attribute"] == ["Empathy", "Helpfulness", "Understanding"]
    assert set(app.dataframe[-1].value["attribute"]) == {"Empathy", "Helpfulness", "Understanding"}


# pingouin 0.7 still uses a keyword that pandas 3.1 deprecates.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_pingouin_agrees_on_the_page(open_page: OpenPage) -> None:
    app = open_page("reliability", judge="gpt-4o")
    app.button(key="crosscheck").click().run()

    assert not app.exception
    assert "Largest difference over 7 cells" in said(app)
    check = next(each.value for each in app.dataframe if "pingouin_c1" in each.value)
    assert check["pingouin_difference"].max() < 1e-9
