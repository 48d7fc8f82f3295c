"""From a figure to the conversations behind it: what a mark or a cell is of, and the link that leads there."""

from collections.abc import Collection, Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from analysis.ratings.settings import CHOICES, LIMITS, PLAN
from data.study import Study
from pages.components.navigation import go
from pages.components.places import PLACES, TAB, page_of
from pages.components.plain_text import escaped
from pages.components.view import View

if TYPE_CHECKING:
    from analysis.charts.drawing import Chart

PLACE = "conversations"
PICKED = "behind"
# What tells one figure from another, by the names that tables give it.
TELLING = ("judge", "rater", "attribute", "model")
CONVERSATION = "conversation"

# What ends the name of a column that a chart keeps the key of a label in.
_KEY = "_key"
_OF_THE_VIEW = {*CHOICES, *LIMITS, *PLAN, "judge", "model", "attribute", "panel", "rule"}

Cell = dict[str, str]
Spec = dict[str, Any]


def cell_of(study: Study, row: Mapping[Any, Any], column: str = "") -> Cell:
    """Tell which judge, attribute and model a figure is of, as far as its row says: the address of its conversations.

    A row that names one conversation leads to that one.

    Parameters
    ----------
    study
        Names the judges, attributes and models that there are.
    row
        A row of a table, or what a chart knows of one of its marks: keys by the names in ``TELLING``.
    column
        The column that the figure stands in, which may be an attribute.
    """
    told = {str(name).removesuffix(_KEY): str(value) for name, value in row.items() if value is not None}
    judge = next((told[name] for name in ("judge", "rater") if told.get(name) in study.judge_keys), "")
    model = told["model"] if told.get("model") in study.system_keys else ""
    attribute = column if column in study.attribute_names else told.get("attribute", "")
    # Variance components have a column of that name too, of numbers that are not whole.
    found_in = row.get(CONVERSATION)
    conversation = str(found_in) if isinstance(found_in, Integral | str) else ""
    found = {"cell_judge": judge, "cell_attribute": attribute, "cell_model": model, CONVERSATION: conversation}
    return {name: value for name, value in found.items() if value}


def common(data: pd.DataFrame) -> dict[str, str]:
    """Give what is the same in every row of a table of what tells its figures apart."""
    some = {name: data[name].unique() for name in TELLING if name in data}
    return {name: str(values[0]) for name, values in some.items() if len(values) == 1}


def answering_clicks(spec: Spec, chart: "Chart") -> Spec | None:
    """Give a chart that tells which mark was clicked on, None for one whose marks are of nothing in ``TELLING``.

    ``spec`` is how ``chart`` is filled for the screen.
    """
    for place, layer in enumerate(spec["layer"]):
        if fields := _fields(chart.columns_of(place)):
            layers = [*spec["layer"]]
            layers[place] = {**layer, "params": [_click(fields)]}
            return {**spec, "layer": layers, "config": {**spec.get("config", {}), "mark": {"cursor": "pointer"}}}
    return None


def _fields(columns: Collection[str]) -> list[str]:
    """Give the columns of keys, and the attribute, among those of a part of a chart."""
    named = ((f"{name}{_KEY}", name) for name in TELLING)
    return [next(each for each in pair if each in columns) for pair in named if any(each in columns for each in pair)]


def _click(fields: list[str]) -> Spec:
    return {"name": PICKED, "select": {"type": "point", "fields": fields, "toggle": False}}


def link_to(view: View, cell: Cell) -> None:
    """Draw the link to the conversations behind a figure."""
    st.page_link(
        page_of(PLACES[PLACE]),
        label=label_of(view.study, cell),
        icon=":material/forum:",
        query_params=address_behind(view, cell),
        width="content",
    )


def lead_to(view: View, cell: Cell) -> None:
    """Go to the conversations behind a figure."""
    go(PLACE, label_of(view.study, cell), address_behind(view, cell))


def label_of(study: Study, cell: Cell) -> str:
    """Say which conversations are behind a figure."""
    if CONVERSATION in cell:
        return f"{study.item.one.capitalize()} {escaped(cell[CONVERSATION])}"
    judge, attribute, model = (cell.get(f"cell_{name}", "") for name in ("judge", "attribute", "model"))
    named = [
        study.rater_labels.get(judge, ""),
        attribute,
        f"replies of {study.system(model)}" if model else "",
    ]
    return f"{study.item.many.capitalize()} behind {' · '.join(word for word in named if word) or 'these figures'}"


def address_behind(view: View, cell: Cell) -> list[tuple[str, str]]:
    """Give the filters on screen, but with the choices that the figure was made under."""
    dropped = {*_OF_THE_VIEW, *cell, TAB}
    kept = [(name, value) for name, value in view.filters.link() if name not in dropped]
    return [*kept, *view.query(), *cell.items()]
