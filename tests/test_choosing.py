"""The page on choosing: its sentences, its charts, and what it shows with and without single conversations."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.bias.self_preference import self_preference_table
from analysis.charts import ranking
from analysis.charts.saving import saved
from analysis.decisions.panel import panel_table
from analysis.findings.ranking import choice_finding, cost_finding, order_finding, own_finding, panel_finding
from analysis.ratings.settings import Selection, Settings
from analysis.wording.vocabulary import models_named, rater_marks
from data.mentalalign import STUDY
from data.sources import load_snapshot
from pages.components.filters import Filters
from pages.components.view import View
from tests.pages import RECOMMENDED, OpenPage, charted, from_command_line, said
from tests.snapshot import snapshot, table
from tests.spec import counts_of

SETTINGS = Settings.of(STUDY, "recommended", resamples=60)

# Four conversations, three models, two judges that are no maker of the models.
RATED = pd.DataFrame(
    {
        "conversation": [1, 2, 3, 4] * 3,
        "model": ["llama-3.1-8b"] * 4 + ["qwen-3-4b"] * 4 + ["original"] * 4,
        "human": [5, 4, 5, 3, 3, 4, 2, 3, 1, 2, 2, 1],
        "gpt-4o": [5, 5, 4, 4, 4, 4, 3, 4, 2, 2, 3, 1],
        "o4-mini": [4, 4, 5, 3, 3, 3, 2, 4, 1, 3, 2, 1],
    }
)


@cache
def of_panel() -> pd.DataFrame:
    """Compute the panel's table on those ratings."""
    chosen = Selection(("gpt-4o", "o4-mini"), STUDY.system_keys, ("Safety",))
    return panel_table(STUDY, counts_of(RATED), SETTINGS, chosen)


# Findings


def choices(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    columns = ["judge", "attribute", "best_judge", "same_best_now", "loss"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(best_human="gpt-4o", same_best=0.25, expected_loss=frame["loss"] / 2)


def test_how_often_another_model_is_chosen_and_what_that_costs() -> None:
    table = choices(
        ("o4-mini", "Safety", "gpt-4o", "yes", 0.0),
        ("o4-mini", "Empathy", "original", "no", 0.3),
        ("gemini-2.5-flash", "Empathy", "gpt-4o, original", "partly", 0.15),
    )
    assert choice_finding(STUDY, table) == (
        "Judges would have chosen another model than the experts in 2 of 3 pairs of judge and attribute. By the "
        "experts' ratings that costs 0.15 of a point of the 1-5 scale on average over all pairs, at most 0.30 "
        "of a point (o4-mini on Empathy)."
    )
    assert choice_finding(STUDY, table.iloc[[1]]) == (
        "o4-mini on Empathy puts the original reply first where the experts put GPT-4o. By the experts' ratings that "
        "costs 0.30 of a point of the 1-5 scale."
    )
    assert choice_finding(STUDY, table.iloc[[0]]).endswith("and so do the experts.")
    assert choice_finding(STUDY, pd.concat([table.iloc[[0]]] * 2)).startswith("In both pairs of judge and attribute")
    nothing = table.assign(loss=math.nan, expected_loss=math.nan)
    assert choice_finding(STUDY, nothing).startswith("No choice can be compared: it takes at least two models")
    assert cost_finding(STUDY, nothing).startswith("No loss can be computed")


def test_what_is_lost_over_draws() -> None:
    table = choices(("o4-mini", "Safety", "gpt-4o", "yes", 0.0), ("o4-mini", "Empathy", "original", "no", 0.3))
    assert cost_finding(STUDY, table) == (
        "With resampled conversations, judges choose as the experts in 25% of draws. They lose 0.07 of a point on "
        "average, o4-mini on Empathy most: 0.15 of a point."
    )
    assert cost_finding(STUDY, table.tail(1)).endswith("in 25% of draws and loses 0.15 of a point on average.")


def test_how_alike_the_orders_are() -> None:
    assert order_finding(STUDY, table("ranking", SETTINGS), "pairwise") == (
        "Pairs of models in the experts' order, by judge and attribute: from 69% (Gemini-2.5-Flash on Safety) to 97% "
        "(o4-mini on Understanding)."
    )
    assert "from 0.39 (Gemini-2.5-Flash on Safety) to 0.94" in order_finding(STUDY, table("ranking", SETTINGS), "tau")
    assert order_finding(STUDY, table("ranking", SETTINGS).head(1), "pairwise").startswith(
        "Claude-3.7-Sonnet on Guidance orders models with 92% (95% interval "
    )
    assert order_finding(STUDY, table("ranking", SETTINGS).assign(tau=math.nan), "tau").startswith(
        "No order can be compared"
    )


def test_own_models_are_told_with_what_other_judges_show() -> None:
    said = own_finding(STUDY, table("self-preference", SETTINGS))
    assert said.startswith("Beyond judges of other makers on the same models, judges are clearly kinder to")
    assert "in 13 of 28 pairs of judge and attribute (Claude-3.7-Sonnet, Gemini-2.5-Flash and o4-mini)" in said
    assert "and clearly less kind in 13 of 28. The p-values allow for 28 tests" in said
    assert "Claude-3.7-Sonnet on Relevance is 0.27 of a point kinder to its own models than judges of other" in said
    assert said.endswith("It is no proof of favour.")
    one = own_finding(STUDY, table("self-preference", SETTINGS).head(1))
    assert one.startswith("Claude-3.7-Sonnet on Guidance is 0.11 of a point kinder to its own models than judges of")
    assert own_finding(STUDY, table("self-preference", SETTINGS).assign(contrast=math.nan)).startswith(
        "No judge on screen can be compared"
    )


def test_without_judges_of_other_makers_the_excess_is_said_to_be_undefined() -> None:
    alone = self_preference_table(STUDY, snapshot().counts, SETTINGS, Selection.of(STUDY, ["gpt-4o"]))
    said = own_finding(STUDY, alone)
    assert said.startswith("The contrast is largest where GPT-4o on Helpfulness is 0.47 of a point less kind")
    assert "That alone is no proof of favour. How far it exceeds that of other judges is undefined" in said
    assert "0.37 of a point less kind to its own models than to the rest (95% interval" in own_finding(
        STUDY, alone.head(1)
    )


def test_what_a_panel_gains() -> None:
    rows = pd.DataFrame(
        {
            "judge": ["panel-mean", "panel-median", "panel-majority"],
            "attribute": "Safety",
            "best_member": "o4-mini",
            "gain": [0.2, 0.0, -0.3],
            "gain_low": [0.1, -0.1, -0.4],
            "gain_high": [0.3, 0.1, -0.2],
        }
    )
    assert panel_finding(STUDY, rows) == (
        "A panel agrees with the experts clearly better than the best of its members in 1 of 3 pairs of rule and "
        "attribute, and clearly worse in 1 of 3. The highest gain in ICC(A,1) is +0.20, by Panel (mean) on Safety "
        "against o4-mini."
    )
    assert panel_finding(STUDY, rows.head(1)) == (
        "The panel agrees with the experts clearly better than the best of its members: the gain in ICC(A,1) is +0.20, "
        "by Panel (mean) on Safety against o4-mini."
    )
    assert "about as well as the best of its members" in panel_finding(STUDY, rows.iloc[[1]])
    assert "clearly worse than the best of its members" in panel_finding(STUDY, rows.iloc[[2]])
    assert panel_finding(STUDY, rows.assign(gain=math.nan)).startswith("No panel can be compared with its members")


def test_tied_models_are_all_named() -> None:
    assert models_named(STUDY, "gpt-4o, original") == "GPT-4o, Original reply"


# Charts

CHARTS: dict[str, Callable[[], Any]] = {
    "order": lambda: ranking.order_forest(STUDY, table("ranking", SETTINGS), "tau"),
    "loss": lambda: ranking.loss_heatmap(STUDY, table("ranking", SETTINGS)),
    "own": lambda: ranking.contrast_forest(STUDY, table("self-preference", SETTINGS)),
    "gain": lambda: ranking.gain_forest(STUDY, of_panel()),
}
FIELD = {"order": "tau", "own": "contrast", "gain": "gain"}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_valid_answer_the_pointer_and_can_be_saved(name: str) -> None:
    spec = CHARTS[name]().to_dict()
    assert any("tooltip" in layer["encoding"] for layer in spec["layer"])
    assert b"<svg" in saved(spec, "svg", "A finding.", "A source", "")


@pytest.mark.parametrize("name", FIELD)
def test_intervals_are_drawn_and_judges_are_told_by_shape_too(name: str) -> None:
    layers = CHARTS[name]().to_dict()["layer"]
    assert any(layer["encoding"].get("x", {}).get("field") == f"{FIELD[name]}_low" for layer in layers)
    point = next(layer["encoding"] for layer in layers if "shape" in layer["encoding"])
    judges = point["shape"]["scale"]["domain"]
    assert point["color"]["scale"]["domain"] == judges
    assert len(set(point["shape"]["scale"]["range"])) == len(judges) >= 3


def test_the_line_stands_where_a_figure_means_nothing() -> None:
    def line(measure: str) -> float:
        spec = ranking.order_forest(STUDY, table("ranking", SETTINGS), measure).to_dict()
        return spec["layer"][0]["encoding"]["x"]["datum"]

    assert (line("pairwise"), line("tau")) == (0.5, 0)


def test_cells_say_the_loss_and_how_often_the_choice_is_the_same() -> None:
    spec = ranking.loss_heatmap(STUDY, table("ranking", SETTINGS)).to_dict()
    rows = pd.DataFrame(max(spec["datasets"].values(), key=len)).set_index(["judge", "attribute"])
    cell = rows.loc[("GPT-4o", "Informativeness")]
    assert (cell["line1"], cell["line2"]) == ("0.00", "same 100%")
    empty = ranking.loss_heatmap(
        STUDY, table("ranking", SETTINGS).assign(expected_loss=math.nan, same_best=math.nan, best_human=None)
    ).to_dict()
    assert {row["line1"] for row in max(empty["datasets"].values(), key=len)} == {"undefined"}


def test_drawing_changes_no_frame() -> None:
    frames = (table("ranking", SETTINGS), table("self-preference", SETTINGS), of_panel())
    before = [frame.copy() for frame in frames]
    for draw in CHARTS.values():
        draw()
    for frame, kept in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


def test_each_panel_has_its_shape_and_its_label() -> None:
    assert list(STUDY.rater_labels)[-3:] == ["panel-mean", "panel-median", "panel-majority"]
    assert len({rater_marks(STUDY)[key].shape for key in STUDY.rater_labels}) == len(STUDY.rater_labels)


# The page


def with_column(app: AppTest, column: str) -> pd.DataFrame:
    """Give what the first chart with a column draws, where that is more than one row."""
    return next(rows for rows in charted(app) if column in rows and len(rows) > 1)


@pytest.mark.slow
def test_the_page_is_the_command_lines_tables(open_page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    ranking = from_command_line(capsys, "ranking", *RECOMMENDED)
    own = from_command_line(capsys, "self-preference", *RECOMMENDED)

    app = open_page("scores/ranking", preset="recommended", order_by="tau")
    kindness = open_page("scores/self_preference", preset="recommended")

    assert with_column(kindness, "contrast")["contrast"].tolist() == pytest.approx(own["contrast"].tolist())
    for name, shown, expected in (("expected_loss", "expected_loss", ranking), ("tau", "tau_low", ranking)):
        assert with_column(app, name)[shown].tolist() == pytest.approx(expected[shown].tolist())
    first = app.main.markdown[0].value
    assert first.startswith("**Judges would have chosen another model than the experts in 13 of 28 pairs of judge")
    assert "0.06 of a point of the 1-5 scale on average over all pairs" in first
    table = next(each.value for each in app.dataframe if "same_best_now" in each.value and "tau" in each.value)
    assert "Gemini-2.0-Flash, GPT-4o-Mini" in set(table["best_human"])


@pytest.mark.slow
def test_one_model_is_no_choice_and_says_so(open_page: OpenPage) -> None:
    app = open_page("scores/ranking", preset="recommended", model="original")
    assert "No choice can be compared: it takes at least two models" in said(app)
    own = open_page("scores/self_preference", preset="recommended", model="original")
    assert "No judge on screen can be compared on its own models" in said(own)
    assert not app.get("vega_lite_chart")
    assert not own.get("vega_lite_chart")


@pytest.mark.slow
def test_a_panel_from_the_address_is_one_more_judge_on_every_page(
    open_page: OpenPage, release_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = ["gpt-4o", "o4-mini"]
    chosen = {"source": str(release_folder), "preset": "recommended", "panel": members, "rule": "median"}
    asked = ["--source", str(release_folder), *(part for key in members for part in ("--judge", key))]
    expected = from_command_line(capsys, "panel", *RECOMMENDED, *asked)

    app = open_page("scores/panel", **chosen)
    assert "4 judges · panel of 2 (median)" in app.caption[0].value
    assert with_column(app, "gain")["gain"].tolist() == pytest.approx(expected["gain"].tolist())
    ranking = open_page("scores/ranking", **chosen)
    assert with_column(ranking, "expected_loss")["judge"].unique().tolist()[-1] == "Panel (median)"

    icc = open_page("reliability", cell_judge="panel-median", **chosen).dataframe[0].value
    assert icc["judge"].unique().tolist()[-1] == "Panel (median)"
    row = expected[expected["judge"] == "panel-median"]
    assert len(row) == 7
    assert icc.loc[icc["judge"] == "Panel (median)", "icc_a1"].tolist() == pytest.approx(row["icc_a1"].tolist())
    scores = open_page("scores/attributes", rater="panel-median", **chosen)
    assert "Panel (median): lowest for" in said(scores)
    inflation = open_page("inflation", cell_judge="panel-median", **chosen)
    assert "Panel (median) gives the top rating" in said(inflation)


@pytest.mark.slow
def test_a_panel_is_chosen_in_the_sidebar_and_kept_in_the_address(open_page: OpenPage, release_folder: Path) -> None:
    app = open_page("scores/panel", source=str(release_folder), preset="recommended")
    assert "Panel" not in [radio.label for radio in app.radio]
    app.sidebar.get("button_group")[-1].set_value(["o4-mini", "gpt-4o"]).run()
    assert app.query_params["panel"] == ["gpt-4o", "o4-mini"]
    app.radio(key="rule").set_value("majority").run()
    assert app.query_params["rule"] == "majority"
    assert "panel of 2 (majority)" in app.caption[0].value
    assert all("panel=gpt-4o&panel=o4-mini" in link.proto.query_string for link in app.get("page_link"))
    app.sidebar.get("button_group")[-1].set_value([]).run()
    assert "panel" not in app.query_params
    assert "panel of" not in app.caption[0].value


@pytest.mark.slow
def test_unknown_members_are_named_and_one_member_is_no_panel_to_compare(
    open_page: OpenPage, release_folder: Path
) -> None:
    source = str(release_folder)
    app = open_page("scores/panel", source=source, preset="recommended", panel="nobody")
    assert "panel “nobody”, which is not known; none is chosen" in said(app)
    one = open_page("scores/panel", source=source, preset="recommended", judge="gpt-4o")
    assert "A panel takes at least two judges." in said(one)


def test_the_trace_of_a_download_names_the_panel() -> None:
    view = View(
        load_snapshot(), SETTINGS, Selection.of(STUDY).with_panel(STUDY, ["gpt-4o", "o4-mini"], "median"), Filters()
    )
    assert "Panel: the median of its members' ratings; GPT-4o, o4-mini" in view.trace("x")
    plain = View(load_snapshot(), SETTINGS, Selection.of(STUDY), Filters())
    assert not any(line.startswith("Panel") for line in plain.trace("x"))
    assert "panel" not in plain.in_short()
