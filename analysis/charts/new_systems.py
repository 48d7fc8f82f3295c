"""Chart of what judges give a system that no expert rated."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROOMY,
    ROWS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    guide,
    interval_tooltip,
    kept,
    labelled,
    layered,
    of,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    span_of,
    with_intervals,
)
from data.study import Study


def difference_forest(study: Study, table: pd.DataFrame) -> Chart:
    """Draw one new system's difference from all systems by judge and attribute, between ticks at the largest error."""
    frame = defined(labelled(study, table), "new_ahead")
    known = defined(frame, "largest_error")
    errors = pd.concat([known.assign(end=sign * known["largest_error"]) for sign in (-1, 1)])
    drawn = ["new_ahead", "new_ahead_low", "new_ahead_high"]
    return Chart(
        _look(study),
        {ROWS: frame, "errors": errors},
        forest_height(len(raters_in(study, table)), len(attributes_in(study, table))),
        {"x": span_of(frame, drawn, 0.0, *errors["end"])},
    )


@kept
def _look(study: Study) -> alt.LayerChart:
    encoding = {
        "y": row("attribute", study.attribute_names),
        "yOffset": alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        "color": rater_colour(study),
    }
    x = {
        "title": ["New system minus the study's, points", "(ticks: the judge's largest error)"],
        "scale": ROOMY,
        "axis": alt.Axis(format="+.2~f", tickCount=6),
    }
    figures = [
        alt.Tooltip("new_ahead:Q", title="Difference", format="+.2f"),
        *interval_tooltip("new_ahead_low", "new_ahead_high", "+.2f"),
        alt.Tooltip("largest_error:Q", title="Largest error", format=".2f"),
        alt.Tooltip("n_both:Q", title="Items", format=","),
    ]
    errors = (
        of("errors")
        .mark_tick(thickness=2, size=13)
        .encode(x=alt.X("end:Q", **x), tooltip=[*CELL_TOOLTIP, *figures], **encoding)
    )
    base = alt.Chart().encode(tooltip=[*CELL_TOOLTIP, *figures], **encoding)
    return layered(guide(0.0), *with_intervals(base, "new_ahead", x, rater_shape(study)), errors)
