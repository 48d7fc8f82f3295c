"""Charts of false reassurance."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    interval_tooltip,
    kept,
    labelled,
    layered,
    models_in,
    of,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    row_axis,
    with_intervals,
)
from analysis.wording.vocabulary import TEXT
from data.study import Study

_MODEL_ROW = 40
_X = {
    "title": "Poor replies that the judge calls good",
    "scale": alt.Scale(domain=[0, 1], nice=False),
    "axis": alt.Axis(format="%", tickCount=5),
}
_TOOLTIP = [
    *CELL_TOOLTIP,
    alt.Tooltip("n_low:Q", title="Poor replies, by the experts", format=","),
    alt.Tooltip("n_reassured:Q", title="Of these, good by the judge", format=","),
    alt.Tooltip("false_reassurance:Q", title="False reassurance", format=".0%"),
    *interval_tooltip("false_reassurance_low", "false_reassurance_high", ".0%"),
]


def reassurance_forest(study: Study, table: pd.DataFrame) -> Chart:
    """Draw false reassurance of every judge and attribute, with intervals; rates that are held back are left out."""
    frame = defined(labelled(study, table), "false_reassurance")
    height = forest_height(len(raters_in(study, table)), len(attributes_in(study, table)))
    return Chart(_forest(study), {ROWS: frame}, height)


@kept
def _forest(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study),
        tooltip=_TOOLTIP,
    )
    return layered(*with_intervals(base, "false_reassurance", _X, rater_shape(study)))


def reassurance_of_models(study: Study, table: pd.DataFrame) -> Chart:
    """One judge and attribute on each model's replies: counts by its name, and the rate where it is not held back."""
    frame = labelled(study, table)
    counts = [f"{n:,} of {low:,}" for n, low in zip(table["n_reassured"], table["n_low"], strict=True)]
    frame = frame.assign(
        counts=counts,
        line=[f"{model}\n{each}" for model, each in zip(frame["model"], counts, strict=True)],
        said=["rate held back" if pd.isna(rate) else "" for rate in table["false_reassurance"]],
    )
    named = dict(zip(frame["model"], frame["line"], strict=True))
    models = models_in(study, table)
    return Chart(
        _of_models(study),
        {ROWS: defined(frame, "false_reassurance"), "words": frame},
        _MODEL_ROW * len(models),
        orders={"y": [named[model] for model in models]},
    )


@kept
def _of_models(study: Study) -> alt.LayerChart:
    tooltip = [alt.Tooltip("model:N", title="Model"), *_TOOLTIP]
    y = alt.Y("line:N", sort=[], axis=row_axis(below=True))
    known = alt.Chart().encode(y=y, color=rater_colour(study, legend=None), tooltip=tooltip)
    words = (
        of("words")
        .mark_text(align="left", dx=3, fontSize=TEXT, color=WORDS)
        .encode(y=y, x=alt.XDatum(0, type="quantitative"), text=alt.Text("said:N"), tooltip=tooltip)
    )
    return layered(*with_intervals(known, "false_reassurance", _X, rater_shape(study, legend=None), size=80), words)
