"""Charts of how ratings move with the length of a reply."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    FURNITURE,
    cell_forest,
    interval_tooltip,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from data.study import Study

_ROW = 30
_TITLE = "Judge minus experts, points for each doubling"


def length_forest(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw the slope on length of every judge and attribute over all models, with intervals."""
    return cell_forest(study, table, "length_slope", _TITLE, at=0.0, form="+.2~f", more=_more())


def length_of_models(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw the slope on length of one judge and attribute within each model's replies, with intervals."""
    judges, models = raters_in(study, table), models_in(study, table)
    frame = labelled(study, table).dropna(subset="length_slope")
    tooltip = [
        alt.Tooltip("model:N", title="Model"),
        *CELL_TOOLTIP,
        alt.Tooltip("length_slope:Q", title=_TITLE, format="+.2f"),
        *interval_tooltip("length_slope_low", "length_slope_high", "+.2f"),
        *_more(),
    ]
    zero = (
        alt.Chart(pd.DataFrame({"length_slope": [0.0]}))
        .mark_rule(strokeDash=[4, 4], color="#7a8694")
        .encode(x=alt.X("length_slope:Q"))
    )
    base = alt.Chart().encode(
        y=alt.Y("model:N", sort=models, axis=row_axis()),
        color=rater_colour(study, "judge", judges).legend(None),
        tooltip=tooltip,
    )
    x = alt.X("length_slope_low:Q", title=_TITLE, axis=alt.Axis(format="+.2~f", tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("length_slope_high:Q"))
    points = base.mark_point(size=80, filled=True, opacity=1).encode(
        x=alt.X("length_slope:Q"), shape=rater_shape(study, "judge", judges).legend(None)
    )
    return layered(frame, zero, bars, points, height=_ROW * len(models) + FURNITURE)


def _more() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("human_length_slope:Q", title="Experts' own slope", format="+.2f"),
        alt.Tooltip("judge_length_slope:Q", title="Judge's own slope", format="+.2f"),
        alt.Tooltip("p_adjusted:Q", title="p, adjusted", format=".3f"),
        alt.Tooltip("words_median:Q", title="Words, middle reply", format=",.0f"),
        alt.Tooltip("n_pairs:Q", title="Replies", format=","),
    ]
