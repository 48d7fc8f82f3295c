"""Charts of what corrections do to a judge's ratings."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import LEGEND, attributes_in, forest_height, interval_tooltip, labelled, layered, row_axis
from analysis.wording.vocabulary import CORRECTION_COLOUR, CORRECTION_LABEL, CORRECTION_SHAPE
from data.study import Study

MEASURES = {
    "bias": "Bias (points of the scale)",
    "mse": "Mean squared error (squared points)",
    "icc_a1": "Agreement on single replies, ICC(A,1)",
}
_ROW = 13


def before_and_after(study: Study, table: pd.DataFrame, measure: str) -> alt.LayerChart:
    """One judge's measure (a key of ``MEASURES``) on every attribute, uncorrected and after each correction."""
    attributes, methods = attributes_in(study, table), list(CORRECTION_LABEL.values())
    frame = labelled(study, table).dropna(subset=measure)
    frame["method"] = frame["method"].map(CORRECTION_LABEL)
    low, high = f"{measure}_low", f"{measure}_high"
    form = "+.2f" if measure == "bias" else ".2f"
    tooltip = [
        alt.Tooltip("attribute:N", title="Attribute"),
        alt.Tooltip("method:N", title="Correction"),
        alt.Tooltip(f"{measure}:Q", title=MEASURES[measure], format=form),
        *interval_tooltip(low, high, form),
    ]
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("method:N", sort=methods),
        color=alt.Color(
            "method:N", title=None, legend=LEGEND, scale=alt.Scale(domain=methods, range=list(CORRECTION_COLOUR))
        ),
        tooltip=tooltip,
    )
    x = alt.X(f"{low}:Q", title=MEASURES[measure], axis=alt.Axis(format=".2~f", tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2(f"{high}:Q"))
    shape = alt.Shape(
        "method:N", title=None, legend=LEGEND, scale=alt.Scale(domain=methods, range=list(CORRECTION_SHAPE))
    )
    points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X(f"{measure}:Q"), shape=shape)
    return layered(frame, bars, points, height=forest_height(len(methods), len(attributes), _ROW))
