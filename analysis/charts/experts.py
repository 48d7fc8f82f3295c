"""Charts of judges beside single experts."""

import altair as alt
import pandas as pd

from analysis.agreement.left_out_expert import columns_of
from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    attributes_in,
    forest_height,
    interval_tooltip,
    labelled,
    layered,
    row_axis,
)
from analysis.charts.icc import COEFFICIENTS
from analysis.wording.vocabulary import expert_marks
from data.study import Study


def judge_less_expert(study: Study, table: pd.DataFrame, coefficient: str) -> alt.LayerChart:
    """Draw one judge's coefficient (a key of ``icc.COEFFICIENTS``) less each left-out expert's, with intervals."""
    attributes, marks = attributes_in(study, table), expert_marks(study)
    present = set(table["expert"])
    names = [mark.label for key, mark in marks.items() if key in present]
    judge, expert, name = columns_of(coefficient)
    low, high = f"{name}_low", f"{name}_high"
    frame = labelled(study, table).dropna(subset=name)
    frame = frame.assign(expert=frame["expert"].map({key: mark.label for key, mark in marks.items()}))
    edges = [0.0, *frame[low].dropna(), *frame[high].dropna(), *frame[name]]
    colour, shape = (
        channel("expert:N", title=None, legend=LEGEND, scale=alt.Scale(domain=names, range=looks))
        for channel, looks in (
            (alt.Color, [mark.colour for key, mark in marks.items() if key in present]),
            (alt.Shape, [mark.shape for key, mark in marks.items() if key in present]),
        )
    )
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("expert:N", sort=names),
        color=colour,
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("expert:N", title="Expert left out"),
            alt.Tooltip(f"{judge}:Q", title="Judge with the others", format=".2f"),
            alt.Tooltip(f"{expert}:Q", title="Expert with the others", format=".2f"),
            alt.Tooltip(f"{name}:Q", title="Difference", format="+.2f"),
            *interval_tooltip(low, high, "+.2f"),
            alt.Tooltip("n_compared:Q", title="Replies compared", format=","),
        ],
    )
    scale = alt.Scale(domain=[min(edges), max(edges)], nice=True)
    title = f"Judge less expert: {COEFFICIENTS[coefficient][0].lower()}{COEFFICIENTS[coefficient][1:]}"
    x = alt.X(f"{low}:Q", scale=scale, title=title, axis=alt.Axis(format="+.2~f", tickCount=5))
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#7a8694").encode(x=alt.X("zero:Q"))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2(f"{high}:Q"))
    points = base.mark_point(size=70, filled=True, opacity=1).encode(x=alt.X(f"{name}:Q"), shape=shape)
    return layered(frame, zero, bars, points, height=forest_height(len(names), len(attributes)))
