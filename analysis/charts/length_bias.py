"""Charts of how ratings move with the length of a reply."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROOMY,
    ROWS,
    Chart,
    cell_forest,
    defined,
    guide,
    interval_tooltip,
    kept,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    row,
    span_of,
    with_intervals,
)
from data.study import Study

_ROW = 30
_TITLE = "Judge minus experts, points for each doubling"
_MORE = (
    ("human_length_slope:Q", "Experts' own slope", "+.2f"),
    ("judge_length_slope:Q", "Judge's own slope", "+.2f"),
    ("p_adjusted:Q", "p, adjusted", ".3f"),
    ("words_median:Q", "Words, middle reply", ",.0f"),
    ("n_pairs:Q", "Replies", ","),
)


def length_forest(study: Study, table: pd.DataFrame) -> Chart:
    """Draw the slope on length of every judge and attribute over all models, with intervals."""
    return cell_forest(study, table, "length_slope", _TITLE, form="+.2~f", more=_MORE)


def length_of_models(study: Study, table: pd.DataFrame) -> Chart:
    """Draw the slope on length of one judge and attribute within each model's replies, with intervals."""
    frame = defined(labelled(study, table), "length_slope")
    drawn = ["length_slope", "length_slope_low", "length_slope_high"]
    return Chart(
        _of_models(study), {ROWS: frame}, _ROW * len(models_in(study, table)), {"x": span_of(frame, drawn, 0.0)}
    )


@kept
def _of_models(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("model", list(study.system_labels.values())),
        color=rater_colour(study, legend=None),
        tooltip=[
            alt.Tooltip("model:N", title="Model"),
            *CELL_TOOLTIP,
            alt.Tooltip("length_slope:Q", title=_TITLE, format="+.2f"),
            *interval_tooltip("length_slope_low", "length_slope_high", "+.2f"),
            *(alt.Tooltip(column, title=said, format=form) for column, said, form in _MORE),
        ],
    )
    x = {"title": _TITLE, "scale": ROOMY, "axis": alt.Axis(format="+.2~f", tickCount=6)}
    return layered(guide(0.0), *with_intervals(base, "length_slope", x, rater_shape(study, legend=None), size=80))
