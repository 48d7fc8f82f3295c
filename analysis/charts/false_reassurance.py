"""Charts of false reassurance."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    FURNITURE,
    WORDS,
    attributes_in,
    forest_height,
    interval_tooltip,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from analysis.wording.vocabulary import TEXT
from data.study import Study

_MODEL_ROW = 40
_X = alt.X(
    "false_reassurance_low:Q",
    scale=alt.Scale(domain=[0, 1], nice=False),
    title="Poor replies that the judge calls good",
    axis=alt.Axis(format="%", tickCount=5),
)


def reassurance_forest(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Give false reassurance of every judge and attribute, with intervals; rates that are held back are left out."""
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    frame = labelled(study, table).dropna(subset="false_reassurance")
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
        tooltip=_tooltip(),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(x=_X, x2=alt.X2("false_reassurance_high:Q"))
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("false_reassurance:Q"), shape=rater_shape(study, "judge", judges)
    )
    return layered(frame, bars, points, height=forest_height(len(judges), len(attributes)))


def reassurance_of_models(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """One judge and attribute on each model's replies: counts by its name, and the rate where it is not held back."""
    judges = raters_in(study, table)
    models = models_in(study, table)
    frame = labelled(study, table).assign(
        counts=[f"{n:,} of {low:,}" for n, low in zip(table["n_reassured"], table["n_low"], strict=True)],
        said=["rate held back" if pd.isna(rate) else "" for rate in table["false_reassurance"]],
    )
    tooltip = [alt.Tooltip("model:N", title="Model"), *_tooltip()]
    named = {model: [model, counts] for model, counts in zip(frame["model"], frame["counts"], strict=True)}
    y = alt.Y("model:N", sort=models, axis=row_axis(named))
    colour = rater_colour(study, "judge", judges).legend(None)
    known = alt.Chart().encode(y=y, color=colour, tooltip=tooltip)
    bars = known.mark_rule(strokeWidth=2.5).encode(x=_X, x2=alt.X2("false_reassurance_high:Q"))
    points = known.mark_point(size=80, filled=True, opacity=1).encode(
        x=alt.X("false_reassurance:Q"), shape=rater_shape(study, "judge", judges).legend(None)
    )
    words = (
        alt.Chart(frame)
        .mark_text(align="left", dx=3, fontSize=TEXT, color=WORDS)
        .encode(y=y, x=alt.datum(0), text=alt.Text("said:N"), tooltip=tooltip)
    )
    rated = frame.dropna(subset="false_reassurance")
    return layered(rated, bars, points, words, height=_MODEL_ROW * len(models) + FURNITURE)


def _tooltip() -> list[alt.Tooltip]:
    return [
        *CELL_TOOLTIP,
        alt.Tooltip("n_low:Q", title="Poor replies, by the experts", format=","),
        alt.Tooltip("n_reassured:Q", title="Of these, good by the judge", format=","),
        alt.Tooltip("false_reassurance:Q", title="False reassurance", format=".0%"),
        *interval_tooltip("false_reassurance_low", "false_reassurance_high", ".0%"),
    ]
