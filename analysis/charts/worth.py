"""Chart of what a judge's ratings are worth."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    attributes_in,
    forest_height,
    interval_tooltip,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from analysis.decisions.worth import ALL
from data.study import Study


def gained_forest(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw the expert ratings gained by judge and attribute, with intervals; small marks are single systems."""
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    known = labelled(study, table).dropna(subset="gained")
    single = table["model"].loc[known.index] != ALL
    x_axis = {"title": "Expert ratings gained for each system", "axis": alt.Axis(tickCount=5, format=",.0f")}
    x = alt.X("gained:Q", scale=alt.Scale(domainMin=0), **x_axis)
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
    )
    figures = [
        alt.Tooltip("gained:Q", title="Expert ratings gained", format=",.1f"),
        alt.Tooltip("multiplier:Q", title="Multiplier", format=".2f"),
        *interval_tooltip("gained_low", "gained_high", ",.1f"),
    ]
    systems = (
        base.mark_tick(thickness=1.5, size=9, opacity=0.75)
        .encode(x=x, tooltip=[*CELL_TOOLTIP, alt.Tooltip("model:N", title="Model"), *figures])
        .properties(data=known[single])
    )
    overall = base.encode(tooltip=[*CELL_TOOLTIP, *figures])
    bars = overall.mark_rule(strokeWidth=2.5).encode(x=alt.X("gained_low:Q", **x_axis), x2=alt.X2("gained_high:Q"))
    points = overall.mark_point(size=70, filled=True, opacity=1).encode(x=x, shape=rater_shape(study, "judge", judges))
    return layered(
        known[~single].drop(columns=["model", "model_key"]),
        bars,
        points,
        systems,
        height=forest_height(len(judges), len(attributes)),
    )
