"""Charts of agreement on single replies."""

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
    kind_shape,
    labelled,
    layered,
    rater_colour,
    row,
    span_of,
    with_intervals,
)
from analysis.wording.vocabulary import AGREEMENT
from data.study import Study


def agreement_of_judge(study: Study, table: pd.DataFrame) -> Chart:
    """Draw one judge's coefficients and shares together on every attribute, each with its interval."""
    frame = pd.concat(
        [
            labelled(study, table[["judge", "attribute", "n_pairs"]]).assign(
                measure=each.label, value=table[name], low=table[f"{name}_low"], high=table[f"{name}_high"]
            )
            for name, each in AGREEMENT.items()
        ],
        ignore_index=True,
    )
    frame = defined(frame, "value")
    low, _ = span_of(frame, ["low", "value"], 0.0)
    return Chart(
        _look(study),
        {ROWS: frame},
        forest_height(len(AGREEMENT), len(attributes_in(study, table))),
        {"x": (max(-1.0, low), 1.0)},
    )


@kept
def _look(study: Study) -> alt.LayerChart:
    named, shapes = [each.label for each in AGREEMENT.values()], [each.shape for each in AGREEMENT.values()]
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("measure:N", sort=named),
        color=rater_colour(study, legend=None),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("measure:N", title="Measure"),
            alt.Tooltip("value:Q", title="Value", format=".2f"),
            *interval_tooltip("low", "high", ".2f"),
            alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
        ],
    )
    x = {
        "title": "Agreement (1 is perfect)",
        "scale": alt.Scale(nice=False, clamp=True),
        "axis": alt.Axis(format=".1f", tickCount=6),
    }
    return layered(*with_intervals(base, "value", x, kind_shape("measure", named, shapes), size=60, stem=""))
