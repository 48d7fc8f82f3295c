"""Charts of agreement on single replies under an assumed reliability of the experts' ratings."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    WORDS,
    attributes_in,
    forest_height,
    interval_tooltip,
    labelled,
    layered,
    row_axis,
)
from analysis.wording.vocabulary import ASSUMED_COLOUR, ASSUMED_SHAPE, TEXT, WOULD_BE
from data.study import Study

_ROW = 13


def assumed_agreement(study: Study, table: pd.DataFrame, supported: float, checked: float) -> alt.LayerChart:
    """Draw one judge's ICC(A,1) at each assumed reliability, with intervals and both thresholds of the criterion."""
    attributes = attributes_in(study, table)
    frame = labelled(study, table).dropna(subset="assumed_a1")
    said = {each: f"reliability {each:g}{', as it is' if each == 1 else ''}" for each in frame["assumed_reliability"]}
    kinds = [said[each] for each in sorted(said)]
    frame = frame.assign(kind=frame["assumed_reliability"].map(said), criterion=frame["would_be"].map(WOULD_BE))
    edges = [0.0, *frame["assumed_a1_low"].dropna(), *frame["assumed_a1"]]
    scale = alt.Scale(domain=[max(-1.0, min(edges)), 1.0], nice=False, clamp=True)
    colour, shape = (
        channel(
            "kind:N",
            title=None,
            legend=LEGEND,
            scale=alt.Scale(domain=kinds, range=[looks[place % len(looks)] for place in range(len(kinds))]),
        )
        for channel, looks in ((alt.Color, ASSUMED_COLOUR), (alt.Shape, ASSUMED_SHAPE))
    )
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=colour,
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("assumed_reliability:Q", title="Assumed reliability", format=".1f"),
            alt.Tooltip("assumed_a1:Q", title="ICC(A,1), if so", format=".2f"),
            *interval_tooltip("assumed_a1_low", "assumed_a1_high", ".2f"),
            alt.Tooltip("criterion:N", title="Criterion would be"),
        ],
    )
    x = alt.X(
        "assumed_a1_low:Q",
        scale=scale,
        title="Agreement on single replies, ICC(A,1), if so",
        axis=alt.Axis(format=".1f", tickCount=6),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("assumed_a1_high:Q"))
    points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X("assumed_a1:Q"), shape=shape)
    bounds = pd.DataFrame({"bound": [checked, supported], "said": ["with checks", "supported"]})
    place = alt.X("bound:Q", scale=scale)
    lines = alt.Chart(bounds).mark_rule(strokeDash=[4, 4], color=WORDS).encode(x=place)
    # Either name stands on its own side of the lines: on a telephone there is no room between them.
    words = [
        alt.Chart(bounds.iloc[[row]])
        .mark_text(align=align, baseline="bottom", dy=-3, fontSize=TEXT - 1, color=WORDS)
        .encode(x=place, y=alt.value(0), text=alt.Text("said:N"))
        for row, align in enumerate(("right", "left"))
    ]
    return layered(frame, lines, bars, points, *words, height=forest_height(len(kinds), len(attributes), _ROW))
