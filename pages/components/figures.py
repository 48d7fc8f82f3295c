"""Charts on screen: the finding as text above, the chart with the same words as its accessible name, then its data."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from analysis.wording.vocabulary import FONTS
from pages.components.drilldown import PICKED, answering_clicks, cell_of, common, lead_to, link_to
from pages.components.tables import show_table
from pages.components.view import View

if TYPE_CHECKING:
    from analysis.charts.drawing import Chart

Spec = dict[str, Any]
# Judges whose words fit beside each other on a telephone.
_BESIDE = 4
_ACROSS = {"type": "fit-x", "contains": "padding"}
_PADDING = {"left": 4, "right": 16, "top": 4, "bottom": 16}


def show_figure(
    draw: Callable[..., "Chart"],
    frame: pd.DataFrame,
    *choices: object,
    finding: str,
    view: View,
    name: str,
    data: pd.DataFrame,
    across_judges: bool = False,
) -> None:
    """Draw a chart under its finding, with downloads of the picture and of the data behind it.

    Parameters
    ----------
    draw
        Makes the chart of the study, ``frame`` and ``choices``.
    finding
        What the chart shows, in a sentence that is its accessible name too.
    name
        Names the downloads and their buttons.
    data
        What the chart is made of, for the table below it.
    across_judges
        Whether judges stand beside each other in it; where a narrow screen has no room for them, they stand on it in
        blocks below one another.
    """
    if not _has_figures(data):
        st.info(finding)
        return
    chart = draw(view.study, frame, *choices)
    st.markdown(f"**{finding}**")
    blocks = _blocks(view, frame) if across_judges else []
    with st.container(key=f"cells-wide-{name}") if blocks else nullcontext():
        _show(chart, finding, view, f"chart {name}", data)
    if blocks:
        with st.container(key=f"cells-narrow-{name}"):
            for place, judges in enumerate(blocks):
                # Of the whole chart are the ends of its scales, so that a colour means the same in every block.
                block = replace(draw(view.study, frame[frame["judge"].isin(judges)], *choices), ends=chart.ends)
                said = ", ".join(map(view.study.rater, judges))
                _show(block, f"{said}. {finding}", view, f"chart {name} {place}", data)
    _downloads(chart.to_dict, finding, view, name, data)


def _blocks(view: View, frame: pd.DataFrame) -> list[Sequence[str]]:
    """Part judges into as few blocks as fit a telephone, as equal as can be; none where all fit beside each other."""
    present = set(frame["judge"])
    judges = [key for key in view.study.rater_labels if key in present]
    if len(judges) <= _BESIDE:
        return []
    size = ceil(len(judges) / ceil(len(judges) / _BESIDE))
    return [judges[start : start + size] for start in range(0, len(judges), size)]


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
    charts = [draw(view.study, frame, key) for key in panels]
    for start in range(0, len(charts), 3):
        in_row = zip(st.columns(3), charts[start : start + 3], list(panels.items())[start : start + 3], strict=False)
        for place, chart, (key, said) in in_row:
            with place:
                _show(chart, f"{said}. {finding}", view, f"chart {name} {key}", data)
    _downloads(partial(_side_by_side, charts), finding, view, name, data)


def _side_by_side(charts: Sequence["Chart"]) -> Spec:
    specs = [chart.to_dict() for chart in charts]
    datasets = {key: rows for spec in specs for key, rows in spec.pop("datasets").items()}
    return {"$schema": specs[0]["$schema"], "concat": specs, "columns": 3, "datasets": datasets}


def _show(chart: "Chart", said: str, view: View, key: str, data: pd.DataFrame) -> None:
    """Draw a chart; a click on a mark leads to the conversations behind it."""
    spec, sets = chart.filled(_as_arrow)
    # The theme on screen is the app's; what the library would set is for a page of its own. Only the width is given:
    # legends and names of columns must not take their room from the marks. The last number of an axis and the edges of
    # marks reach beyond it, and would be cut.
    spec |= {"config": FONTS, "autosize": _ACROSS, "padding": _PADDING, "datasets": sets}
    asking = answering_clicks(spec, chart) if view.of_conversations else None
    if asking is None:
        st.vega_lite_chart(spec=spec, width="stretch", alt=said)
        return
    chosen = st.vega_lite_chart(spec=asking, width="stretch", alt=said, key=key, on_select="rerun")
    if marks := chosen.selection.get(PICKED):
        lead_to(view, cell_of(view.study, {**common(data), **marks[0]}))


def _as_arrow(frame: pd.DataFrame) -> bytes:
    """Write rows as they are sent to the browser."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _saved(draw: Callable[[], Spec], form: Literal["svg", "png"], finding: str, view: View) -> bytes:
    # Imported where it is used: pages that draw no chart open without the library.
    from analysis.charts.saving import saved

    return saved(draw(), form, finding, view.in_short(), "\n".join(view.trace(finding)))


def _has_figures(data: pd.DataFrame) -> bool:
    """Whether there is anything to draw: an empty chart says less than its finding does."""
    return any(pd.api.types.is_float_dtype(kind) and data[name].notna().any() for name, kind in data.dtypes.items())


def _downloads(draw: Callable[[], Spec], finding: str, view: View, name: str, data: pd.DataFrame) -> None:
    forms: dict[Any, str] = {"svg": "image/svg+xml", "png": "image/png"}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for form, mime in forms.items():
            st.download_button(
                form.upper(),
                data=partial(_saved, draw, form, finding, view),
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
