"""Every page under the app's own test runner: the figures on it are the analysis's, and every choice ends in words."""

import json
from typing import Any

import pandas as pd
import pytest

from analysis.findings.icc import cautions, printed_finding
from analysis.findings.stability import influence_finding, levels_finding, seed_finding
from analysis.outputs.sheets import sheet
from analysis.ratings.settings import Settings
from analysis.reproduction.printed import printed_icc
from analysis.wording import study_text
from analysis.wording.vocabulary import CHOICE, choice_label, look
from data.mentalalign import STUDY
from pages.components.places import PLACES
from tests.pages import (
    OF_CONVERSATIONS,
    PAGES,
    PAPER,
    ROOT,
    OpenPage,
    charted,
    from_command_line,
    pressed,
    said,
    unfolded,
)
from tests.slow import slow_but

LOAD = "Load the ratings from GitHub"
NEEDED = study_text(STUDY, "shared", "needs-conversations")
# One of them at least is on every page.
KINDS = ("vega_lite_chart", "arrow_data_frame", "bidi_component", "expander", "header", "button")

# In the default run.
QUICK = {"overview", "judges", "reliability", "inflation", "scores", "methods/data_errors"}


@pytest.mark.parametrize("page", slow_but(QUICK, PAGES))
def test_every_page_opens_cold_and_says_what_is_on_screen(open_page: OpenPage, page: str) -> None:
    app = open_page(page)

    assert len(app.title) == 1
    shown = "Recommended settings · ICC over models · 4 judges · 10 models · 7 attributes · Bundled snapshot"
    assert shown in app.caption[0].value
    assert "03cfc4b" in app.caption[0].value
    # Only what is open is drawn, and never nothing.
    place, _, tab = page.partition("/")
    tabs = PLACES[place].tabs
    if len(tabs) > 1:
        opened = [(each.label, each) for each in app.tabs if each.children]
        assert [label for label, _ in opened] == [next(each.label for each in tabs if each.key == (tab or tabs[0].key))]
        assert any(opened[0][1].get(kind) for kind in KINDS)
    offers = [button.label for button in app.main.button].count(LOAD)
    assert offers == [each.value for each in app.main.info].count(NEEDED) == (page in OF_CONVERSATIONS)


@pytest.mark.slow
def test_a_tab_that_is_not_there_is_named_with_those_that_are(open_page: OpenPage) -> None:
    app = open_page("reliability/nowhere")
    (warning,) = (each.value.replace("\\", "") for each in app.warning if "nowhere" in each.value)
    assert all(tab.key in warning for tab in PLACES["reliability"].tabs)
    assert [tab.label for tab in app.tabs if tab.children] == ["Coefficients"]
    assert not any("tab=" in link.proto.query_string for link in app.get("page_link"))


@pytest.mark.slow
def test_judges_are_compared_by_the_icc_of_every_cell_with_its_reading(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "icc", *PAPER)
    bias = from_command_line(capsys, "inflation", *PAPER)

    app = open_page("judges/compare", preset="paper")
    drawn, inflated, gap = charted(app)

    assert len(drawn) == 28
    assert drawn["icc_c1"].tolist() == pytest.approx(expected["icc_c1"].tolist())
    assert drawn["word"].tolist() == [look(reading).word for reading in expected["reading"]]
    assert inflated["bias"].tolist() == pytest.approx(bias["bias"].tolist())
    assert sorted(gap["value"]) == pytest.approx(sorted([*expected["icc_c1"], *expected["icc_a1"]]))
    warnings = [each.value for each in app.warning]
    assert set(cautions(STUDY, expected, Settings.of(STUDY, "paper"))) <= set(warnings)
    printed = printed_finding(STUDY, expected, printed_icc(STUDY))
    assert printed in said(app)
    assert printed not in said(open_page("judges/compare", preset="paper", ratings="valid"))


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
    assert levels_finding(STUDY, pd.concat([models, replies]), "icc_a1", "o4-mini") in said(app)
    alone = next(rows for rows in charted(open_page("reliability", judge="gpt-4o")) if "kind" in rows)
    assert set(alone["judge"]) == {"GPT-4o"}


@pytest.mark.slow
def test_cells_without_a_reading_are_kept(open_page: OpenPage) -> None:
    app = open_page("judges/compare", preset="recommended", model=["gpt-4o", "original"])
    assert any("undefined" in line for line in charted(app)[0]["line1"])
    assert any("GPT-4o" in each.value for each in app.warning)


@pytest.mark.slow
def test_the_papers_readings_stand_alone(open_page: OpenPage) -> None:
    assert "reading_a1" not in open_page("reliability", preset="paper").dataframe[0].value
    assert "reading_a1" in open_page("reliability").dataframe[0].value


@pytest.mark.slow
def test_robustness_shows_the_command_lines_probabilities(open_page: OpenPage, capsys: Any) -> None:
    options = ("--preset", "recommended")
    stability = from_command_line(capsys, "stability", *options)
    influence = from_command_line(capsys, "influence", *options)
    mine = influence.query("judge == 'gpt-4o'")

    app = open_page("reliability/robustness", preset="recommended", scale="tiers", cell_judge="gpt-4o")
    intervals, steady, moved = charted(app)

    assert set(intervals["kind"]) == {choice_label(STUDY, "interval", key) for key in CHOICE["interval"]}
    assert steady["p_gr"].tolist() == pytest.approx(stability["p_gr"].tolist())
    assert moved["shift_c1"].tolist() == pytest.approx(mine["shift_c1"].tolist())
    everyone, alone = (influence_finding(STUDY, rows, "icc_c1") for rows in (influence, mine))
    assert everyone != alone
    for finding in (everyone, alone, seed_finding(STUDY, stability)):
        assert finding in said(app)


@pytest.mark.slow
def test_inflation_shows_the_command_lines_bias_and_the_chosen_cell(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "inflation")

    app = open_page("inflation", cell_judge="gpt-4o", cell_attribute="Safety")
    heatmap, dumbbell, bars, by_model = charted(app)

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

    app = pressed(unfolded(app, "pingouin"), "Run the check")
    assert "pingouin needs at least three targets" in said(app)


@pytest.mark.slow
def test_an_attribute_left_out_leaves_its_score_out_and_says_so(open_page: OpenPage) -> None:
    app = open_page("scores", attribute=["Empathy", "Helpfulness", "Understanding"])

    assert "CSS needs Guidance, Informativeness, Relevance, Safety" in said(app)
    assert "The experts give GPT-4o the highest ARS" in said(app)
    assert "This needs all of CSS and ARS" in said(app)


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
@pytest.mark.parametrize("page", ["overview", "judges/compare", "reliability"])
@pytest.mark.parametrize("models", [["original"], ["original", "llama-3.1-8b"]], ids=len)
def test_too_few_models_are_said(open_page: OpenPage, capsys: Any, page: str, models: list[str]) -> None:
    table = from_command_line(capsys, "icc", *(word for model in models for word in ("--model", model)))
    few = cautions(STUDY, table, Settings.of(STUDY))
    assert few
    words = said(open_page(page, model=models))
    assert [caution for caution in few if caution not in words] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_judge_whose_only_model_is_its_own_has_nothing_to_show_and_says_so(open_page: OpenPage, page: str) -> None:
    app = open_page(page, judge="gpt-4o", model="gpt-4o")
    assert "nan" not in said(app).lower().split()
    assert all(map(len, charted(app)))


@pytest.mark.slow
def test_what_cannot_be_computed_is_said(open_page: OpenPage) -> None:
    filters = {"judge": "gpt-4o", "model": "gpt-4o"}
    assert "and 0 are left" in said(open_page("reliability", **filters))
    assert "No bias can be computed: no reply on screen was rated by both" in said(open_page("inflation", **filters))
    scores = said(open_page("scores/attributes", **filters))
    assert "Ranks cannot be compared: no judge on screen rates two models" in scores


@pytest.mark.slow
def test_what_is_not_recommended_is_said_and_taken_back_by_one_button(open_page: OpenPage) -> None:
    def taken_back(app: Any) -> bool:
        return "Back to recommended" in [button.label for button in app.button]

    app = open_page("reliability", ratings="as-released")
    assert taken_back(app)
    assert any("Every number kept as released" in each.value for each in app.info)

    app.radio(key="preset").set_value("paper").run()
    assert any("Readings by the paper's tiers, not by Koo & Li's bands." in each.value for each in app.info)
    assert dict(app.query_params) == {"preset": "paper"}

    app = pressed(app, "Back to recommended")
    assert not taken_back(app)
    assert not app.query_params


@pytest.mark.slow
def test_a_filter_is_written_into_the_address_and_followed_to_the_next_place(open_page: OpenPage) -> None:
    app = open_page("reliability/halo")
    app.sidebar.get("button_group")[0].set_value(["gpt-4o", "o4-mini"]).run()
    assert dict(app.query_params) == {"judge": ["gpt-4o", "o4-mini"], "tab": "halo"}

    links = [link.proto for link in app.get("page_link")]
    assert all("judge=gpt-4o&judge=o4-mini" in link.query_string for link in links)
    assert not any("tab=" in link.query_string for link in links)


@pytest.mark.slow
def test_the_menu_has_every_place_for_a_wide_screen_and_once_opened_for_a_narrow_one(open_page: OpenPage) -> None:
    def menu(app: Any) -> list[str]:
        return [link.proto.label for link in app.get("page_link")]

    app = open_page("methods")
    places = [place.label for place in PLACES.values()]
    assert menu(app) == places
    assert menu(unfolded(app, "menu of methods")) == places * 2


@pytest.mark.slow
@pytest.mark.parametrize("page", ["judges", "judges/one_attribute", "inflation", "your_study/widths"])
def test_what_is_looked_at_closely_is_chosen_where_there_is_a_choice(open_page: OpenPage, page: str) -> None:
    def offered(app: Any) -> list[str]:
        return [each.key for each in app.main.selectbox if each.key in ("cell_judge", "cell_attribute")]

    picks = offered(open_page(page, cell_judge="o4-mini", cell_attribute="Empathy"))
    assert picks
    chosen = {"cell_judge": "o4-mini", "cell_attribute": "Empathy"}
    alone = open_page(page, judge="gpt-4o", attribute="Safety", **chosen)
    assert offered(alone) == []
    # What another filter has taken off the screen is no mistake of the reader.
    away = open_page(page, judge=["gpt-4o", "gemini-2.5-flash"], attribute=["Safety", "Guidance"], **chosen)
    assert offered(away) == picks
    for app in (alone, away):
        assert not any("which is not known" in each.value for each in app.warning)


@pytest.mark.slow
def test_nothing_chosen_is_everything_and_one_click_restricts(open_page: OpenPage) -> None:
    app = open_page("reliability")
    judges, attributes, *_ = app.sidebar.get("button_group")
    assert (judges.value, attributes.value) == ([], [])
    assert len(app.dataframe[0].value) == 28

    attributes.set_value(["Safety"]).run()
    assert dict(app.query_params) == {"attribute": "Safety"}
    assert set(app.dataframe[0].value["attribute"]) == {"Safety"}

    app = pressed(app, "Show all again")
    assert not app.query_params
    assert len(app.dataframe[0].value) == 28


@pytest.mark.slow
def test_score_groups_choose_their_attributes(open_page: OpenPage) -> None:
    app = pressed(open_page("inflation"), "ARS only")

    assert app.query_params["attribute"] == ["Empathy", "Helpfulness", "Understanding"]
    assert set(app.dataframe[-1].value["attribute"]) == {"Empathy", "Helpfulness", "Understanding"}


# pingouin 0.7 still uses a keyword that pandas 3.1 deprecates.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_pingouin_agrees_on_the_page(open_page: OpenPage) -> None:
    app = pressed(unfolded(open_page("reliability", judge="gpt-4o"), "pingouin"), "Run the check")

    assert "Largest difference over 7 cells" in said(app)
    check = next(each.value for each in app.dataframe if "pingouin_c1" in each.value)
    assert check["pingouin_difference"].max() < 1e-9


def test_a_column_of_words_is_as_wide_as_its_longest(open_page: OpenPage) -> None:
    shown = next(table for table in open_page("reliability/halo").dataframe if "told_apart" in table.value)
    columns = json.loads(shown.proto.columns)
    assert shown.value["told_apart"].str.len().max() == len("The data do not tell")
    assert columns["told_apart"]["width"] >= 7 * len("The data do not tell")
    assert "width" not in columns["other_attribute"]
