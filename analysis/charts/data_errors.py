"""Charts of the data errors in the files: where they stand, and what fixing them does."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    cells_height,
    diverging,
    judge_cells,
    kept,
    labelled,
    layered,
    rater_colour,
    raters_in,
    row_axis,
)
from analysis.evidence.data_errors import BAND
from analysis.wording.vocabulary import ERROR_LABEL, FIGURE_LABEL
from data.study import Study

_ROW = 38
# Full colour at a shift that would change what a reader makes of the figure.
_WIDEST = 0.15


def errors_along_files(study: Study, bands: pd.DataFrame) -> Chart:
    """Wrong places of every file and kind along the conversations, as circles by their number."""
    present = set(zip(bands["rater"], bands["kind"], strict=True))
    lines = [
        f"{study.rater(rater)}\n{ERROR_LABEL[kind]}"
        for rater in study.rater_labels
        for kind in ERROR_LABEL
        if (rater, kind) in present
    ]
    frame = labelled(study, bands).assign(kind=bands["kind"].map(ERROR_LABEL), middle=bands["first"] + (BAND - 1) / 2)
    frame = frame.assign(line=frame["rater"] + "\n" + frame["kind"])
    last = float(bands["last"].max()) if len(bands) else 1.0
    return Chart(_along(study), {ROWS: frame}, _ROW * len(lines), {"x": (0.0, last)}, {"y": lines})


@kept
def _along(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        x=alt.X(
            "middle:Q",
            title=f"{study.item.one.capitalize()}, in steps of {BAND}",
            scale=alt.Scale(nice=False),
            axis=alt.Axis(tickCount=5, format=",d"),
        ),
        y=alt.Y("line:N", sort=[], axis=row_axis(below=True)),
        tooltip=[
            alt.Tooltip("rater:N", title="File of"),
            alt.Tooltip("kind:N", title="Data error"),
            alt.Tooltip("first:Q", title=f"From {study.item.one}", format=","),
            alt.Tooltip("last:Q", title=f"To {study.item.one}", format=","),
            alt.Tooltip("n_cells:Q", title="Places", format=","),
        ],
    )
    size = alt.Size("n_cells:Q", scale=alt.Scale(domain=[0, 15], range=[0, 260]), legend=None)
    circles = base.mark_circle(opacity=1).encode(size=size, color=rater_colour(study, "rater", None))
    # On a telephone the numbers would run into each other; the table below says them.
    numbers = base.mark_text(
        align="left", dx=9, color=WORDS, fontSize=alt.ExprRef("width < 480 ? 0 : 12"), baseline="middle"
    ).encode(text=alt.Text("n_cells:Q"))
    return layered(circles, numbers)


def shift_heatmap(study: Study, effects: pd.DataFrame, figure: str) -> Chart:
    """Shift of one figure by one fix for every judge and attribute, from and to which value under it."""
    frame = labelled(study, effects).assign(
        line1=["undefined" if pd.isna(shift) else f"{shift:+z.3f}" for shift in effects["shift"]],
        line2=[
            "" if pd.isna(shift) else f"{released:.2f} → {fixed:.2f}"
            for released, fixed, shift in zip(effects["released"], effects["with_fix"], effects["shift"], strict=True)
        ],
    )
    look = _shifts(study, len(raters_in(study, effects)), figure)
    return Chart(look, {ROWS: frame}, cells_height(len(attributes_in(study, effects)), lines=2))


@kept
def _shifts(study: Study, judges: int, figure: str) -> alt.LayerChart:
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip("released:Q", title=f"{FIGURE_LABEL[figure]}, as released", format=".3f"),
        alt.Tooltip("with_fix:Q", title="Fixed", format=".3f"),
        alt.Tooltip("shift:Q", title="Shift", format="+.3f"),
    ]
    return judge_cells(study, judges, diverging("shift", _WIDEST), tooltip, lines=2)
