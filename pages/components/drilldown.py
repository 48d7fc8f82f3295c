"""From a figure to the conversations behind it: what a mark or a cell is of, and the link that leads there."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import pandas as pd
import streamlit as st

from analysis.ratings.settings import CHOICES, LIMITS
from pages.components.navigation import go
from pages.components.view import View

PAGE = "pages/conversations.py"
PICKED = "behind"
# What tells one figure from another, by the names that tables give it.
TELLING = ("judge", "rater", "attribute", "model")
CONVERSATION = "conversation"

# A judge and a model may have one label, so each is looked up among its own.
_KEY = {
    "judge": {label: key for key, label in view.study.rater_labels.items()},
    "model": {label: key for key, label in view.study.system_labels.items()},
}
_NAMES = {"judge": ("judge", "rater"), "model": ("model",)}
_KNOWN = {"judge": view.study.judge_keys, "model": view.study.system_keys}
_OF_THE_VIEW = {*CHOICES, *LIMITS, "judge", "model", "attribute", "panel", "rule"}

Cell = dict[str, str]
Spec = dict[str, Any]


def cell_of(row: Mapping[Any, Any], column: str = "") -> Cell:
    """Tell which judge, attribute and model a figure is of, as far as its row says: the address of its conversations.

    A row that names one conversation leads to that one.

    Parameters
    ----------
    row
        A row of a table, or what a chart knows of one of its marks: keys or labels by the names in ``TELLING``.
    column
        The column that the figure stands in, which may be an attribute.
    """
    told = {name: str(value) for name, value in row.items() if name in TELLING and value is not None}
    judge, model = (_of(told, kind) for kind in ("judge", "model"))
    attribute = column if column in view.study.attribute_names else told.get("attribute", "")
    # Variance components have a column of that name too, of numbers that are not whole.
    number = row.get(CONVERSATION)
    conversation = str(number) if isinstance(number, Integral) else ""
    found = {"cell_judge": judge, "cell_attribute": attribute, "cell_model": model, CONVERSATION: conversation}
    return {name: value for name, value in found.items() if value}


def common(data: pd.DataFrame) -> dict[str, str]:
    """Give what is the same in every row of a table of what tells its figures apart."""
    some = {name: data[name].unique() for name in TELLING if name in data}
    return {name: str(values[0]) for name, values in some.items() if len(values) == 1}


def answering_clicks(spec: Spec) -> Spec | None:
    """Give a chart that tells which mark was clicked on, None for one whose marks are of nothing in ``TELLING``."""
    for place, layer in enumerate(spec.get("layer", [])):
        fields = _fields(layer, spec)
        if fields:
            layers = [*spec["layer"]]
            layers[place] = {**layer, "params": [_click(fields)]}
            return {**spec, "layer": layers, "config": _pointing(spec)}
    fields = [] if "layer" in spec else _fields(spec, spec)
    return {**spec, "params": [_click(fields)], "config": _pointing(spec)} if fields else None


def _fields(part: Spec, whole: Spec) -> list[str]:
    """Give the names in ``TELLING`` that the rows of a part of a chart have."""
    name = (part.get("data") or whole.get("data") or {}).get("name")
    rows = whole.get("datasets", {}).get(name) or [{}]
    return [name for name in TELLING if name in rows[0]]


def _click(fields: list[str]) -> Spec:
    return {"name": PICKED, "select": {"type": "point", "fields": fields, "toggle": False}}


def _pointing(spec: Spec) -> Spec:
    return {**spec.get("config", {}), "mark": {"cursor": "pointer"}}


def link_to(view: View, cell: Cell) -> None:
    """Draw the link to the conversations behind a figure."""
    st.page_link(
        PAGE,
        label=_label(cell),
        icon=":material/forum:",
        query_params=_address(view, cell),
        width="content",
    )


def lead_to(view: View, cell: Cell) -> None:
    """Go to the conversations behind a figure."""
    go(PAGE, _label(cell), _address(view, cell))


def _of(told: dict[str, str], kind: str) -> str:
    """Give the key of the judge or of the model that a row names, none for the experts and for panels."""
    named = (told.get(name, "") for name in _NAMES[kind])
    keys = (_KEY[kind].get(name, name) for name in named)
    return next((key for key in keys if key in _KNOWN[kind]), "")


def _label(cell: Cell) -> str:
    if CONVERSATION in cell:
        return f"Conversation {cell[CONVERSATION]}"
    judge, attribute, model = (cell.get(f"cell_{name}", "") for name in ("judge", "attribute", "model"))
    named = [view.study.rater_labels.get(judge, ""), attribute, f"replies of {view.study.system(model)}" if model else ""]
    return f"Conversations behind {' · '.join(word for word in named if word) or 'these figures'}"


def _address(view: View, cell: Cell) -> list[tuple[str, str]]:
    """Give the filters of the page, but with the choices that the figure was made under."""
    kept = [(name, value) for name, value in view.filters.link() if name not in _OF_THE_VIEW and name not in cell]
    return [*kept, *view.query(), *cell.items()]
