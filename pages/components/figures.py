"""Charts on screen: the finding as text above, the chart with the same words as its accessible name, then its data."""

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from analysis.wording.vocabulary import FONTS
from data.study import Study
from pages.components.drilldown import PICKED, answering_clicks, cell_of, common, lead_to, link_to
from pages.components.tables import show_table
from pages.components.view import View

if TYPE_CHECKING:
    from analysis.charts.drawing import Chart

Spec = dict[str, Any]


def show_figure(
    draw: Callable[..., "Chart"],
    frame: pd.DataFrame,
    *choices: object,
    finding: str,
    view: View,
    name: str,
    data: pd.DataFrame,
) -> None:
    """Draw a chart under its finding, with downloads of the picture and of the data behind it.

    Parameters
    ----------
    draw
        Makes the chart of the study, ``frame`` and ``choices``; what it made is kept, so that it draws once.
    finding
        What the chart shows, in a sentence that is its accessible name too.
    name
        Names the downloads and their buttons.
    data
        What the chart is made of, for the table below it.
    """
    if not _has_figures(data):
        st.info(finding)
        return
    spec = _drawn(draw, view, frame, choices)
    st.markdown(f"**{finding}**")
    _show(spec, finding, view, f"chart {name}", data)
    _downloads(spec, finding, view, name, data)


def show_panels(
    draw: Callable[..., "Chart"],
    frame: pd.DataFrame,
    panels: dict[str, str],
    *,
    finding: str,
    view: View,
    name: str,
    data: pd.DataFrame,
) -> None:
    """Draw one chart for each panel (key to label), three in a row; they are saved as one picture."""
    st.markdown(f"**{finding}**")
    specs = [_drawn(draw, view, frame, (key,)) for key in panels]
    for start in range(0, len(specs), 3):
        in_row = zip(st.columns(3), specs[start : start + 3], list(panels.items())[start : start + 3], strict=False)
        for place, spec, (key, said) in in_row:
            with place:
                _show(spec, f"{said}. {finding}", view, f"chart {name} {key}", data)
    datasets = {key: rows for spec in specs for key, rows in spec["datasets"].items()}
    together = {"$schema": specs[0]["$schema"], "concat": specs, "columns": 3, "datasets": datasets}
    _downloads(together, finding, view, name, data)


def _show(spec: Spec, said: str, view: View, key: str, data: pd.DataFrame) -> None:
    """Draw a chart; a click on a mark leads to the conversations behind it."""
    asking = answering_clicks(spec) if view.of_conversations else None
    if asking is None:
        st.vega_lite_chart(spec=spec, width="stretch", alt=said)
        return
    chosen = st.vega_lite_chart(spec=asking, width="stretch", alt=said, key=key, on_select="rerun")
    if marks := chosen.selection.get(PICKED):
        lead_to(view, cell_of(view.study, {**common(data), **marks[0]}))


def _saved(spec: Spec, form: Literal["svg", "png"], finding: str, view: View) -> bytes:
    # Imported where it is used: pages that draw no chart open without the library.
    from analysis.charts.saving import saved

    return saved(spec, form, finding, view.in_short(), "\n".join(view.trace(finding)))


def _has_figures(data: pd.DataFrame) -> bool:
    """Whether there is anything to draw: an empty chart says less than its finding does."""
    return not data.select_dtypes("float").dropna(how="all").empty


def _name_of(draw: FunctionType) -> str:
    """Tell charts of the same data apart in the key of the cache."""
    return f"{draw.__module__}.{draw.__name__}"


def _make(draw: Callable[..., "Chart"], study: Study, frame: pd.DataFrame, choices: tuple[object, ...]) -> Spec:
    spec: Spec = draw(study, frame, *choices).to_dict(validate=False)
    # The theme on screen is the app's; what the library would set is for a page of its own.
    spec["config"] = FONTS
    return spec


_KEYS: dict[Any, Callable[[Any], Any]] = {FunctionType: _name_of, Study: hash}
_of_everyone = st.cache_data(max_entries=512, show_spinner=False, hash_funcs=_KEYS)(_make)
_of_session = st.cache_data(max_entries=128, show_spinner=False, hash_funcs=_KEYS, scope="session")(_make)


def _drawn(draw: Callable[..., "Chart"], view: View, frame: pd.DataFrame, choices: tuple[object, ...]) -> Spec:
    """Draw a chart once; that of a reader's own upload is kept for the session of that reader alone."""
    made = _of_session if view.dataset.provenance.private else _of_everyone
    return made(draw, view.study, frame, choices)


def _downloads(spec: Spec, finding: str, view: View, name: str, data: pd.DataFrame) -> None:
    forms: dict[Any, str] = {"svg": "image/svg+xml", "png": "image/png"}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for form, mime in forms.items():
            st.download_button(
                form.upper(),
                data=partial(_saved, spec, form, finding, view),
                file_name=f"{name}.{form}",
                mime=mime,
                key=f"{form} {name}",
                on_click="ignore",
                icon=":material/image:",
                help=f"Download this chart as {form.upper()}, with its finding and source",
            )
        if view.of_conversations:
            link_to(view, cell_of(view.study, common(data)))
    behind = st.expander("Data behind this chart", icon=":material/table:", key=f"data {name}", on_change="rerun")
    # Tables that nobody has opened would take a third of a page's time.
    if behind.open:
        with behind:
            show_table(data, view, finding, name=f"{name}-data")
