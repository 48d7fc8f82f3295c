"""Colours: far enough from their grounds, far enough from each other, and never alone in saying something."""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.charts.bland_altman import DEPTH
from analysis.charts.drawing import DIVERGING, EDGE, GUIDE
from analysis.wording import vocabulary as look
from data.mentalalign import STUDY
from data.study import Judge
from tests.test_charts import CHARTS, drawn

ROOT = Path(__file__).parents[1]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
FOCUS = (ROOT / "pages" / "components" / "style.css").read_text(encoding="utf-8")
PARTS = ("backgroundColor", "secondaryBackgroundColor")
GROUNDS = {(name, part): THEME[name][part] for name in ("light", "dark") for part in PARTS}
# As many judges as there are colours for.
MANY = replace(STUDY, judges=tuple(Judge(f"judge {place}", f"Judge {place}") for place in range(8)))
# By day, by night.
LETTERS = {"light": look.INK, "dark": look.LIGHT_INK}
MARKS = {**{key: mark.colour for key, mark in look.rater_marks(MANY).items()}, "edge": EDGE["stroke"]}
FILLS = {
    **{key: seen.colour for key, seen in {**look.VERDICT, **look.READING}.items()},
    **{f"part {place}": colour for place, colour in enumerate(look.ERROR_PART_COLOUR)},
    **{f"component {place}": colour for place, colour in enumerate(look.COMPONENT_COLOUR)},
    **{f"diverging {place}": colour for place, colour in enumerate(DIVERGING)},
}
# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# Two colours at a distance of 2.3 in CIE Lab are just told apart side by side; small marks need several times that.
APART = 10.0


def linear(colour: str) -> np.ndarray:
    """Give the linear RGB of a colour such as ``#0b5394``."""
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Lay a colour over a ground, not wholly opaque."""
    parts = [(int(colour[place : place + 2], 16), int(ground[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in parts)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Give CIE Lab (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb, 0.0089, None) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, blindness: str) -> float:
    seen = [lab(np.clip(np.array(BLINDNESS[blindness]) @ linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_contrast_and_distance_of_known_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert mixed("#000000", "#ffffff", 0.6) == "#666666"
    assert lab(np.ones(3))[0] == pytest.approx(100, abs=0.1)
    assert distance("#ff0000", "#00ff00", "deuteranopia") < np.linalg.norm(
        lab(linear("#ff0000")) - lab(linear("#00ff00"))
    )


@pytest.mark.parametrize("ground", GROUNDS)
def test_words_can_be_read_on_every_ground(ground: tuple[str, str]) -> None:
    theme, colour = THEME[ground[0]], GROUNDS[ground]
    assert contrast(theme["textColor"], colour) >= 7
    assert contrast(theme["linkColor"], colour) >= 4.5
    # Captions are text at 60%.
    assert contrast(mixed(theme["textColor"], colour, 0.6), colour) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_borders_and_what_is_chosen_can_be_seen(ground: tuple[str, str]) -> None:
    theme, colour = THEME[ground[0]], GROUNDS[ground]
    assert contrast(theme["borderColor"], colour) >= 3
    assert contrast(theme["primaryColor"], colour) >= 3


@pytest.mark.parametrize("fill", FILLS)
def test_dark_letters_can_be_read_on_every_fill(fill: str) -> None:
    assert contrast(look.INK, FILLS[fill]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("mark", MARKS)
def test_marks_can_be_seen(mark: str, name: str) -> None:
    assert contrast(MARKS[mark], THEME[name]["backgroundColor"]) >= 3


@pytest.mark.parametrize("name", LETTERS)
def test_words_of_charts_and_lines_that_guide_the_eye_can_be_seen(name: str) -> None:
    letters, ground = LETTERS[name], THEME[name]["backgroundColor"]
    assert contrast(letters, ground) >= 7
    assert contrast(mixed(letters, ground, GUIDE["opacity"]), ground) >= 3
    # Words and lines on the cells of a Bland-Altman chart.
    assert contrast(letters, mixed(letters, ground, max(DEPTH))) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_is_chosen_is_said_in_its_colour_and_read_on_it(ground: tuple[str, str]) -> None:
    """Tabs, pills and the values of sliders are written in it; a primary button is written on it, by ``style.css``."""
    primary = THEME[ground[0]]["primaryColor"]
    on_it = {"light": "#ffffff", "dark": "#10161d"}
    assert contrast(primary, GROUNDS[ground]) >= 4.5
    assert contrast(primary, on_it[ground[0]]) >= 4.5
    assert f"light-dark({on_it['light']}, {on_it['dark']})" in FOCUS


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_verdicts_stay_apart_for_colour_blind_readers(blindness: str) -> None:
    fills = [seen.colour for seen in look.VERDICT.values()]
    assert min(distance(*pair, blindness) for pair in combinations(fills, 2)) >= APART
    assert len({seen.icon for seen in look.VERDICT.values()}) == len(look.VERDICT)


def layers(spec: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for layer in spec.get("layer", [spec]):
        yield from layers(layer) if "layer" in layer else [layer]


@pytest.mark.parametrize("chart", CHARTS)
def test_no_chart_tells_anything_by_colour_alone(chart: str) -> None:
    """Wherever a colour stands for a category, a shape, a word, or a place of its own stands for it too."""
    every = list(layers(drawn(chart)))
    colours = [layer.get("encoding", {}).get("color", {}) for layer in every]
    coloured = {
        colour["field"] for colour in colours if colour.get("type") == "nominal" and len(colour["scale"]["domain"]) > 1
    }
    channels = ("x", "y", "xOffset", "yOffset", "shape", "text", "row", "column", "facet", "strokeDash")
    said = {
        layer["encoding"][channel]["field"]
        for layer in every
        for channel in channels
        if "field" in layer.get("encoding", {}).get(channel, {})
    }
    # The words of a heatmap's cells say what its colours say.
    in_words = any(layer["mark"].get("type") == "text" for layer in every if isinstance(layer["mark"], dict))
    assert coloured <= said or in_words


@pytest.mark.parametrize("chart", CHARTS)
def test_raters_have_the_same_colour_and_order_everywhere(chart: str) -> None:
    known = {mark.label: mark.colour for mark in look.rater_marks(STUDY).values()}
    order = list(known)
    for layer in layers(drawn(chart)):
        scale = layer.get("encoding", {}).get("color", {}).get("scale", {})
        raters = [name for name in scale.get("domain", []) if name in known]
        assert raters == sorted(raters, key=order.index)
        assert [scale["range"][scale["domain"].index(name)] for name in raters] == [known[name] for name in raters]


@pytest.mark.parametrize("chart", CHARTS)
def test_attributes_and_judges_stand_in_the_same_order_everywhere(chart: str) -> None:
    orders = [list(STUDY.attribute_names), list(STUDY.rater_labels.values())]
    for layer in layers(drawn(chart)):
        for channel in layer.get("encoding", {}).values():
            names = channel.get("sort") if isinstance(channel, dict) else None
            for order in orders:
                if isinstance(names, list) and set(names) <= set(order):
                    assert names == sorted(names, key=order.index)
