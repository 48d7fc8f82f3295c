"""Charts of what corrections do to a judge's ratings."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    ROOMY,
    ROWS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    guide,
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
from analysis.wording.vocabulary import CORRECTION_LABEL, CORRECTION_SHAPE
from data.study import Study

MEASURES = {
    "bias": "Bias (points of the scale)",
    "mse": "Mean squared error (squared points)",
    "icc_a1": "Agreement on single replies, ICC(A,1)",
}
_ROW = 13


def before_and_after(study: Study, table: pd.DataFrame, measure: str) -> Chart:
    """One judge's measure (a key of ``MEASURES``) on every attribute, uncorrected and after each correction."""
    frame = defined(labelled(study, table), measure)
    drawn = [measure, f"{measure}_low", f"{measure}_high"]
    return Chart(
        _look(study, measure),
        {ROWS: frame.assign(method=frame["method"].map(CORRECTION_LABEL))},
        forest_height(len(CORRECTION_LABEL), len(attributes_in(study, table)), _ROW),
        {"x": span_of(frame, drawn, 0.0, *([1.0] if measure == "icc_a1" else []))},
    )


@kept
def _look(study: Study, measure: str) -> alt.LayerChart:
    methods = list(CORRECTION_LABEL.values())
    form = "+.2f" if measure == "bias" else ".2f"
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("method:N", sort=methods),
        color=rater_colour(study, legend=None),
        tooltip=[
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip("method:N", title="Correction"),
            alt.Tooltip(f"{measure}:Q", title=MEASURES[measure], format=form),
            *interval_tooltip(f"{measure}_low", f"{measure}_high", form),
        ],
    )
    x = {"title": MEASURES[measure], "scale": ROOMY, "axis": alt.Axis(format=".2~f", tickCount=6)}
    marks = with_intervals(base, measure, x, kind_shape("method", methods, CORRECTION_SHAPE), size=60)
    return layered(guide(0.0), *marks)
