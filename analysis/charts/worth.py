"""Chart of what a judge's ratings are worth."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    interval_tooltip,
    kept,
    labelled,
    layered,
    of,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    with_intervals,
)
from analysis.decisions.worth import ALL
from data.study import Study


def gained_forest(study: Study, table: pd.DataFrame) -> Chart:
    """Draw the expert ratings gained by judge and attribute, with intervals; small marks are single systems."""
    known = defined(table, "gained")
    single = (known["model"] != ALL).to_numpy()
    return Chart(
        _look(study),
        {ROWS: labelled(study, known[~single].drop(columns="model")), "systems": labelled(study, known[single])},
        forest_height(len(raters_in(study, table)), len(attributes_in(study, table))),
    )


@kept
def _look(study: Study) -> alt.LayerChart:
    encoding = {
        "y": row("attribute", study.attribute_names),
        "yOffset": alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        "color": rater_colour(study),
    }
    x = {
        "title": ["Expert ratings gained for each system", "(ticks: single systems)"],
        "scale": alt.Scale(domainMin=0),
        "axis": alt.Axis(tickCount=5, format=",.0f"),
    }
    figures = [
        alt.Tooltip("gained:Q", title="Expert ratings gained", format=",.1f"),
        alt.Tooltip("multiplier:Q", title="Multiplier", format=".2f"),
        *interval_tooltip("gained_low", "gained_high", ",.1f"),
    ]
    systems = (
        of("systems")
        .mark_tick(thickness=1.5, size=9, opacity=0.75)
        .encode(
            x=alt.X("gained:Q", **x),
            tooltip=[*CELL_TOOLTIP, alt.Tooltip("model:N", title="Model"), *figures],
            **encoding,
        )
    )
    overall = alt.Chart().encode(tooltip=[*CELL_TOOLTIP, *figures], **encoding)
    return layered(*with_intervals(overall, "gained", x, rater_shape(study)), systems)
