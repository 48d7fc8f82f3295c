"""Charts: valid, pure, every interval drawn, every rater told by shape as well as by colour."""

import copy
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from analysis.agreement.stability import BANDS, TIERS
from analysis.charts import (
    attenuation,
    bland_altman,
    calibration,
    data_errors,
    false_reassurance,
    icc,
    inflation,
    lengths,
    multitrait,
    new_systems,
    ordinal,
    ranking,
    scores,
    stability,
    worth,
)
from analysis.charts.drawing import heading_axis
from analysis.charts.saving import saved
from analysis.decisions.scores import rank_table
from analysis.wording.vocabulary import AGREEMENT as MARKS
from analysis.wording.vocabulary import READING, look, rater_marks
from data.mentalalign import STUDY
from tests.snapshot import table

BANDS_OF_ERRORS = pd.DataFrame(
    [
        ("human", "zero", 801, 850, 3, 0.3),
        ("human", "zero", 951, 1000, 7, 0.7),
        ("gpt-4o", "different", 501, 550, 12, 1),
    ],
    columns=["rater", "kind", "first", "last", "n_cells", "share"],
)
LENGTHS = pd.DataFrame(
    [("gpt-4o", 9, 60.0, 87.0, 90.0), ("original", 9, 5.0, 9.0, 20.0)],
    columns=["model", "n_replies", "words_q1", "words_median", "words_q3"],
)
NEW_SYSTEMS = pd.DataFrame(
    [
        ("gpt-4o", "Safety", 0.4, 0.2, 0.6, 0.5, 90),
        ("gpt-4o", "Empathy", -0.1, -0.3, 0.1, 1.1, 90),
        ("o4-mini", "Safety", 0.2, 0.1, 0.3, None, 90),
    ],
    columns=["judge", "attribute", "new_ahead", "new_ahead_low", "new_ahead_high", "largest_error", "n_both"],
)
ONE_CELL = "judge == 'gpt-4o' and attribute == 'Safety'"

CHARTS: dict[str, Callable[[], Any]] = {
    "readings": lambda: icc.reading_heatmap(STUDY, table("icc")),
    "forest": lambda: icc.forest(STUDY, table("icc"), "icc_a1"),
    "one more expert": lambda: icc.forest(STUDY, table("icc").assign(further_a1=0.6), "icc_a1"),
    "intervals": lambda: icc.intervals_side_by_side(
        STUDY, table("icc").query("judge == 'o4-mini'").assign(interval="exact-f"), "icc_c1", "interval"
    ),
    "levels": lambda: icc.intervals_side_by_side(STUDY, table("icc").query("judge == 'o4-mini'"), "icc_c1", "level"),
    "bands": lambda: stability.tiers_heatmap(STUDY, table("stability"), BANDS),
    "tiers": lambda: stability.tiers_heatmap(STUDY, table("stability"), TIERS),
    "influence": lambda: stability.influence_heatmap(STUDY, table("influence").query("judge == 'gpt-4o'"), "icc_a1"),
    "gap": lambda: icc.consistency_against_agreement(STUDY, table("icc")),
    "lengths": lambda: lengths.lengths_by_model(STUDY, LENGTHS),
    "dumbbell": lambda: inflation.dumbbell(STUDY, table("inflation")),
    "bias": lambda: inflation.bias_heatmap(STUDY, table("inflation")),
    "ratings": lambda: inflation.rating_bars(STUDY, table("distribution").query(ONE_CELL), "gpt-4o"),
    "bias by model": lambda: inflation.bias_by_model(STUDY, table("inflation_by_model").query(ONE_CELL)),
    "reassurance": lambda: false_reassurance.reassurance_forest(STUDY, table("reassurance")),
    "reassurance of models": lambda: false_reassurance.reassurance_of_models(
        STUDY, table("reassurance_by_model").query(f"{ONE_CELL} and n_low > 0")
    ),
    "agreement": lambda: ordinal.agreement_of_judge(STUDY, table("ordinal").query("judge == 'gpt-4o'")),
    "equivalence": lambda: bland_altman.equivalence(STUDY, table("agreement-limits")),
    "bland-altman": lambda: bland_altman.bland_altman(
        STUDY, table("difference_density").query(ONE_CELL), table("agreement-limits").query(ONE_CELL)
    ),
    "error parts": lambda: bland_altman.error_parts_bars(STUDY, table("agreement-limits").query("judge == 'gpt-4o'")),
    "correction": lambda: calibration.before_and_after(STUDY, table("correction").query("judge == 'gpt-4o'"), "icc_a1"),
    "score": lambda: scores.score_by_model(STUDY, table("scores"), "css"),
    "attributes": lambda: scores.attribute_heatmap(STUDY, table("scores").query("rater == 'human'")),
    "shifts": lambda: data_errors.shift_heatmap(
        STUDY, table("data-errors").query("figure == 'icc_c1' and error == 'zero'"), "icc_c1"
    ),
    "data errors along files": lambda: data_errors.errors_along_files(STUDY, BANDS_OF_ERRORS),
    "bias corrected": lambda: calibration.before_and_after(
        STUDY, table("correction").query("judge == 'gpt-4o'"), "bias"
    ),
    "both scores": lambda: scores.both_scores(STUDY, table("scores"), "gpt-4o"),
    "order": lambda: ranking.order_forest(STUDY, table("ranking"), "pairwise"),
    "contrast": lambda: ranking.contrast_forest(STUDY, table("self-preference")),
    "worth": lambda: worth.gained_forest(STUDY, table("worth")),
    "assumed": lambda: attenuation.assumed_agreement(STUDY, table("attenuation").query("judge == 'gpt-4o'"), 0.75, 0.5),
    "new systems": lambda: new_systems.difference_forest(STUDY, NEW_SYSTEMS),
    "same rating": lambda: multitrait.same_rating(STUDY, table("halo")),
    "matrix": lambda: multitrait.matrix_cells(STUDY, table("multitrait").query("judge == 'gpt-4o'")),
    "ranks": lambda: scores.rank_heatmap(STUDY, rank_table(table("scores"), "average")),
}


@cache
def drawn(name: str) -> dict[str, Any]:
    """Draw a chart once: its specification, validated against the Vega-Lite schema."""
    spec: dict[str, Any] = CHARTS[name]().to_dict()
    alt.LayerChart.from_dict(spec, validate=True)
    return spec


@pytest.fixture(params=CHARTS)
def spec(request: pytest.FixtureRequest) -> dict[str, Any]:
    return drawn(request.param)


@pytest.mark.slow
def test_every_chart_draws_as_svg_and_png_with_its_finding_and_source(spec: dict[str, Any]) -> None:
    finding = "Judges score above the experts."
    about = "Judges: GPT-4o\nCite as: a & <b> ± c"
    drawing = ET.fromstring(saved(spec, "svg", finding, "Bundled snapshot, revision 03cfc4be", about))
    words = "".join(drawing.itertext())
    assert finding in words
    assert "Bundled snapshot, revision 03cfc4be" in words
    assert drawing.findtext("{http://www.w3.org/2000/svg}desc") == about
    picture = Image.open(BytesIO(saved(spec, "png", finding, "x", about)))
    assert picture.format == "PNG"
    assert picture.info["Description"] == about


@pytest.mark.slow
def test_every_chart_answers_the_pointer_with_its_figures(spec: dict[str, Any]) -> None:
    assert any("tooltip" in layer["encoding"] for layer in spec["layer"])


@pytest.mark.parametrize(
    "name", ["forest", "dumbbell", "reassurance", "score", "gap", "equivalence", "order", "worth", "new systems"]
)
def test_raters_are_told_by_colour_and_by_shape(name: str) -> None:
    encodings = [layer["encoding"] for layer in drawn(name)["layer"]]
    points = next(encoding for encoding in encodings if "shape" in encoding)
    assert points["color"]["scale"]["domain"] == points["shape"]["scale"]["domain"]
    assert len(set(points["shape"]["scale"]["range"])) == len(points["shape"]["scale"]["domain"])


@pytest.mark.parametrize("name", ["agreement", "correction", "intervals", "levels", "assumed", "both scores"])
def test_kinds_are_told_by_shape_in_the_colour_of_their_rater(name: str) -> None:
    encodings = [layer["encoding"] for layer in drawn(name)["layer"]]
    points = next(encoding for encoding in encodings if "shape" in encoding)
    kinds = points["shape"]["scale"]["domain"]
    assert points["shape"]["field"] == points["yOffset"]["field"]
    assert len(set(points["shape"]["scale"]["range"])) == len(kinds) >= 1
    assert len(points["color"]["scale"]["domain"]) == 1


def test_colours_of_raters_mean_raters_and_nothing_else(spec: dict[str, Any]) -> None:
    colours = {mark.colour for mark in rater_marks(STUDY).values()}
    for layer in spec["layer"]:
        colour = layer["encoding"].get("color", {})
        if colour.get("field") not in ("judge", "rater"):
            assert not colours & {str(each) for each in colour.get("scale", {}).get("range", [])}
        assert not colours & {str(layer["mark"].get(name)) for name in ("color", "fill")}


@pytest.mark.parametrize("name", ["dumbbell", "score", "both scores"])
def test_an_axis_of_ratings_has_the_ends_of_the_scale(name: str) -> None:
    ends = [layer["encoding"]["x"]["scale"]["domain"] for layer in drawn(name)["layer"]]
    assert ends == [[1.0, 5.0]] * len(ends)


@pytest.mark.parametrize("name", ["bias by model", "equivalence", "bias corrected", "contrast", "order", "new systems"])
def test_an_axis_of_differences_has_a_line_at_what_means_nothing(name: str) -> None:
    layers = drawn(name)["layer"]
    low, high = layers[-1]["encoding"]["x"]["scale"]["domain"]
    (line,) = [layer["encoding"]["x"]["datum"] for layer in layers if "datum" in layer["encoding"].get("x", {})]
    assert line == (0.5 if name == "order" else 0)
    assert low <= line <= high


def test_every_fill_that_is_too_pale_for_a_white_ground_has_an_edge(spec: dict[str, Any]) -> None:
    for layer in spec["layer"]:
        fills = [each for each in layer["encoding"].get("color", {}).get("scale", {}).get("range", []) if "#" in each]
        pale = [fill for fill in fills if min(contrast(fill, ground) for ground in ("#ffffff", "#10161d")) < 3]
        if pale:
            edge = layer["mark"]["stroke"]
            assert min(contrast(edge, ground) for ground in ("#ffffff", "#10161d")) >= 3


def test_a_look_is_made_once_and_stays_as_it_was() -> None:
    one = icc.forest(STUDY, table("icc").query("judge == 'gpt-4o'"), "icc_a1")
    before = copy.deepcopy(one.look.spec)
    two = icc.forest(STUDY, table("icc").query(ONE_CELL), "icc_a1")
    assert one.look is two.look
    first, second = one.to_dict(), two.to_dict()
    assert one.look.spec == before
    for spec in (first, second):
        assert spec["layer"][1]["encoding"]["shape"]["scale"]["domain"] == ["GPT-4o"]
    assert first["height"] > second["height"]


def test_a_data_set_is_named_for_what_it_holds() -> None:
    names = [
        set(icc.forest(STUDY, table("icc").query(f"judge == {judge!r}"), "icc_a1").to_dict()["datasets"])
        for judge in ("gpt-4o", "gpt-4o", "o4-mini")
    ]
    assert names[0] == names[1]
    assert not names[0] & names[2]


@pytest.mark.parametrize(
    ("name", "low"),
    [
        ("forest", "icc_a1_low"),
        ("bias by model", "bias_low"),
        ("reassurance", "false_reassurance_low"),
        ("reassurance of models", "false_reassurance_low"),
        ("agreement", "low"),
        ("equivalence", "equivalence_low"),
        ("correction", "icc_a1_low"),
        ("score", "low"),
    ],
)
def test_intervals_are_drawn(name: str, low: str) -> None:
    rules = [layer for layer in drawn(name)["layer"] if layer["mark"].get("type") == "rule"]
    assert any(rule["encoding"].get("x", {}).get("field") == low and "x2" in rule["encoding"] for rule in rules)


@pytest.mark.slow
def test_drawing_changes_no_frame() -> None:
    names = ("icc", "inflation", "reassurance", "ordinal", "scores", "agreement-limits", "correction")
    before = {name: table(name).copy() for name in names}
    for draw in CHARTS.values():
        draw()
    for name, kept in before.items():
        pd.testing.assert_frame_equal(table(name), kept)


def test_cells_say_reading_and_value_in_words() -> None:
    spec = drawn("readings")
    rows = pd.DataFrame(max(spec["datasets"].values(), key=len))
    cell = rows[(rows["judge"] == "GPT-4o") & (rows["attribute"] == "Safety")].iloc[0]
    assert (cell["line1"], cell["line2"]) == ("○ Poor", "0.48")


def test_the_lines_of_a_bland_altman_chart_are_bias_and_limits_with_their_intervals() -> None:
    spec = drawn("bland-altman")
    row = table("agreement-limits").query(ONE_CELL).iloc[0]
    lines = next(pd.DataFrame(rows) for rows in spec["datasets"].values() if "line" in rows[0]).set_index("dash")
    bias, limits = row[["bias", "bias_low", "bias_high"]], row[["limit_upper", "limit_lower"]]
    assert lines.loc["bias", ["value", "low", "high"]].tolist() == pytest.approx(bias.tolist(), rel=1e-12)
    assert lines.loc["limit", "value"].tolist() == pytest.approx(limits.tolist(), rel=1e-12)
    cells = next(pd.DataFrame(rows) for rows in spec["datasets"].values() if "share" in rows[0])
    assert cells["share"].sum() == pytest.approx(1)
    assert "81%" in cells["said"].tolist()


def test_the_parts_of_an_error_bar_reach_from_zero_to_the_whole() -> None:
    rows = pd.DataFrame(max(drawn("error parts")["datasets"].values(), key=len))
    ends = rows.groupby("attribute").agg(start=("start", "min"), end=("end", "max"), size=("size", "sum"))
    whole = table("agreement-limits").query("judge == 'gpt-4o'").set_index("attribute")["mse"]
    assert ends["start"].abs().max() == pytest.approx(0, abs=1e-12)
    assert ends["end"].to_dict() == pytest.approx(whole.to_dict())
    assert ends["size"].to_dict() == pytest.approx(whole.to_dict())


def test_the_band_of_the_margin_is_the_margin() -> None:
    spec = bland_altman.equivalence(STUDY, table("agreement-limits").assign(margin=0.4)).to_dict()
    assert [{"low": -0.4, "high": 0.4}] in list(spec["datasets"].values())


def test_a_cell_without_a_coefficient_says_undefined() -> None:
    empty = table("icc").assign(reading=None, icc_c1=float("nan"))
    rows = pd.DataFrame(max(icc.reading_heatmap(STUDY, empty).to_dict()["datasets"].values(), key=len))
    assert set(rows["line1"]) == {"– undefined"}


def test_a_rate_that_is_held_back_is_drawn_as_its_counts_alone() -> None:
    spec = drawn("reassurance of models")
    names = [layer.get("data", spec["data"])["name"] for layer in spec["layer"]]
    bars, _, words = (pd.DataFrame(spec["datasets"][name]) for name in names)
    said = words.set_index("line")["said"]
    assert said["Qwen-2.5-7B\n2 of 73"] == ""
    assert said["DeepSeek-LLaMA-8B\n5 of 6"] == "rate held back"
    assert set(words.loc[words["said"] != "", "model"]) == set(words["model"]) - set(bars["model"])
    assert spec["layer"][0]["encoding"]["y"]["sort"] == words["line"].tolist()


def test_marks_of_measures_are_told_apart() -> None:
    assert len({each.shape for each in MARKS.values()}) == len(MARKS)


def test_a_reading_over_several_bands_looks_like_its_lowest() -> None:
    assert look("poor to good").colour == READING["poor"].colour
    assert look("poor to good").word == "poor to good"
    assert look(None).word == "no reading"


def test_headings_keep_whole_words_in_reach() -> None:
    expression = heading_axis(["Claude-3.7-Sonnet", "o4-mini"], 2).to_dict()["labelExpr"]
    assert json.dumps(["Claude", "3.7-Sonnet"]) in expression


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["#ffffff", "#10161d"])
def test_marks_stand_out_from_light_and_dark_ground(ground: str) -> None:
    marks = rater_marks(STUDY)
    contrasts = {rater: contrast(mark.colour, ground) for rater, mark in marks.items()}
    assert {rater: found for rater, found in contrasts.items() if found < 3} == {}
    assert len({mark.shape for mark in marks.values()}) == len(marks)


def test_words_in_cells_can_be_read() -> None:
    assert {key: each.colour for key, each in READING.items() if contrast(each.colour, "#1b2530") < 4.5} == {}


def test_data_errors_are_drawn_in_the_middle_of_their_band_and_never_told_by_colour_alone() -> None:
    spec = drawn("data errors along files")
    rows = next(iter(spec["datasets"].values()))
    assert [row["middle"] for row in rows] == [825.5, 975.5, 525.5]
    assert [row["line"] for row in rows] == ["Human experts\nExperts' 0"] * 2 + ["GPT-4o\nAnother conversation"]
    circles, numbers = (layer["encoding"] for layer in spec["layer"])
    assert circles["size"]["field"] == numbers["text"]["field"] == "n_cells"


def test_a_shift_says_from_what_to_what() -> None:
    rows = next(iter(drawn("shifts")["datasets"].values()))
    cell = next(row for row in rows if (row["judge"], row["attribute"]) == ("GPT-4o", "Safety"))
    assert (cell["line1"], cell["line2"]) == ("-0.115", "0.48 → 0.37")


def test_what_is_left_out_fits_the_cells_of_many_raters() -> None:
    ranks = rank_table(table("scores"), "average")
    assert "left out" in set(scores.rank_heatmap(STUDY, ranks).rows["rows"]["line1"])
    judges = [*STUDY.judges, *(replace(STUDY.judges[0], key=f"j{number}", label=f"j{number}") for number in range(3))]
    many = replace(STUDY, judges=tuple(judges))
    more = [ranks[ranks["rater"] == "o4-mini"].assign(rater=f"j{number}") for number in range(3)]
    chart = scores.rank_heatmap(many, pd.concat([ranks, *more], ignore_index=True))
    words = set(chart.rows["rows"]["line1"])
    assert "out" in words
    assert "left out" not in words
