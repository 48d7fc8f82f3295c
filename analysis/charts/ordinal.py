"""Charts of agreement on single replies."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    ROW,
    attributes_in,
    interval_tooltip,
    labelled,
    layered,
    row_axis,
)
from analysis.wording.vocabulary import AGREEMENT
from data.study import Study


def agreement_of_judge(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw one judge's coefficients and shares together on every attribute, each with its interval."""
    attributes = attributes_in(study, table)
    named = [each.label for each in AGREEMENT.values()]
    frame = pd.concat(
        [
            labelled(study, table[["judge", "attribute", "n_pairs"]]).assign(
                measure=each.label, value=table[name], low=table[f"{name}_low"], high=table[f"{name}_high"]
            )
            for name, each in AGREEMENT.items()
        ],
        ignore_index=True,
    ).dropna(subset="value")
    scale = alt.Scale(domain=[max(-1.0, min([0.0, *frame["low"].dropna(), *frame["value"]])), 1.0], nice=False)
    colour, shape = (
        kind("measure:N", title=None, legend=LEGEND, scale=alt.Scale(domain=named, range=looks))
        for kind, looks in (
            (alt.Color, [each.colour for each in AGREEMENT.values()]),
            (alt.Shape, [each.shape for each in AGREEMENT.values()]),
        )
    )
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("measure:N", sort=named),
        color=colour,
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("measure:N", title="Measure"),
            alt.Tooltip("value:Q", title="Value", format=".2f"),
            *interval_tooltip("low", "high", ".2f"),
            alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
        ],
    )
    x = alt.X("low:Q", scale=scale, title="1 is perfect", axis=alt.Axis(format=".1f", tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("high:Q"))
    points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X("value:Q"), shape=shape)
    return layered(frame, bars, points, height=max(140, ROW * (len(named) + 1) * len(attributes)))
