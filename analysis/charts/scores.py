"""Charts of CSS and ARS: what each rater alone gives each model."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    WORDS,
    attributes_in,
    forest_height,
    heading_axis,
    interval_tooltip,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
    text_cells,
)
from analysis.wording.vocabulary import RATER_COLOUR, RATER_SHAPE, TEXT
from data.study import HUMAN

_LOW, _HIGH = "#fdf3e3", "#8fc3e8"


def score_by_model(intervals: pd.DataFrame, measure: str) -> alt.LayerChart:
    """One score of every model as every rater sees it, with intervals; models in the experts' order."""
    rows = intervals[intervals["measure"] == measure]
    raters = raters_in(rows, "rater")
    experts = rows[rows["rater"] == HUMAN].sort_values("mean", ascending=False)
    models = [study.system(key) for key in experts["model"]]
    frame = labelled(rows)
    base = alt.Chart().encode(
        y=alt.Y("model:N", sort=models, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("rater:N", sort=raters),
        color=rater_colour("rater", raters),
        tooltip=_tooltip(),
    )
    start = min([5.0, *frame["low"].dropna(), *frame["mean"]]) - 0.05
    scale = alt.Scale(domain=[start, 5.0], nice=False)
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X(
            "low:Q",
            scale=scale,
            title=f"{measure_label(study, measure)} (1-5)",
            axis=alt.Axis(tickCount=6, format=".3~g"),
        ),
        x2=alt.X2("high:Q"),
    )
    points = base.mark_point(size=50, filled=True, opacity=1).encode(
        x=alt.X("mean:Q"), shape=rater_shape("rater", raters)
    )
    return layered(frame, bars, points, height=forest_height(len(raters), len(models), 12))


def score_plane(table: pd.DataFrame, rater: str) -> alt.LayerChart:
    """Models in the plane of CSS and ARS as one rater sees them, on axes that all raters of the table share."""
    span = (min([*table["css"].dropna(), *table["ars"].dropna()]) - 0.3, 5.0)
    frame = labelled(table[table["rater"] == rater])
    scale = alt.Scale(domain=list(span), nice=False)
    x = alt.X("css:Q", scale=scale, title="CSS (1-5)", axis=alt.Axis(tickCount=4))
    y = alt.Y("ars:Q", scale=scale, title="ARS (1-5)", axis=alt.Axis(tickCount=4))
    corner = pd.DataFrame({"css": list(span), "ars": list(span)})
    diagonal = alt.Chart(corner).mark_line(strokeDash=[4, 4], color="#7a8694").encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("css:Q", title="CSS", format=".2f"),
        alt.Tooltip("ars:Q", title="ARS", format=".2f"),
    ]
    base = alt.Chart().encode(x=x, y=y)
    points = base.mark_point(
        size=70, filled=True, opacity=1, color=RATER_COLOUR[rater], shape=RATER_SHAPE[rater]
    ).encode(tooltip=tooltip)
    names = (
        alt.Chart(frame.sort_values("average").head(2))
        .mark_text(align="left", dx=9, fontSize=TEXT, color=WORDS)
        .encode(x=x, y=y, text=alt.Text("model:N"))
    )
    return layered(frame, diagonal, points, names, height=300, title=study.rater(rater))


def attribute_heatmap(intervals: pd.DataFrame) -> alt.LayerChart:
    """Model x attribute means of one rater."""
    rows = intervals[~intervals["measure"].isin(["css", "ars", "average"])].rename(columns={"measure": "attribute"})
    models, attributes = models_in(rows), attributes_in(rows)
    frame = labelled(rows).assign(line1=rows["mean"].map("{:.2f}".format))
    scale = alt.Scale(domain=[2, 5], range=[_LOW, _HIGH], clamp=True)
    return text_cells(
        frame,
        x=alt.X("attribute:N", sort=attributes, title=None, axis=heading_axis(attributes)),
        y=alt.Y("model:N", sort=models, axis=row_axis()),
        colour=alt.Color("mean:Q", scale=scale, legend=None),
        rows=len(models),
        tooltip=[alt.Tooltip("attribute:N", title="Attribute"), *_tooltip()],
    )


def rank_heatmap(ranks: pd.DataFrame) -> alt.LayerChart:
    """Rank of every model under every rater; models in the experts' order."""
    experts = ranks[ranks["rater"] == HUMAN].sort_values("rank")
    models = [study.system(key) for key in experts["model"]]
    raters = raters_in(ranks, "rater")
    frame = labelled(ranks).assign(line1=ranks["rank"].astype(str))
    scale = alt.Scale(domain=[1, max(2, int(ranks["rank"].max()))], range=[_HIGH, _LOW])
    return text_cells(
        frame,
        x=alt.X("rater:N", sort=raters, title=None, axis=heading_axis(raters)),
        y=alt.Y("model:N", sort=models, axis=row_axis()),
        colour=alt.Color("rank:Q", scale=scale, legend=None),
        rows=len(models),
        tooltip=[
            alt.Tooltip("rater:N", title="Rater"),
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("rank:Q", title="Rank"),
            alt.Tooltip("ranked:Q", title="Models ranked"),
            alt.Tooltip("mean:Q", title="Mean", format=".2f"),
        ],
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("rater:N", title="Rater"),
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("mean:Q", title="Mean (1-5)", format=".2f"),
        *interval_tooltip("low", "high", ".2f"),
        alt.Tooltip("n:Q", title="Ratings", format=","),
    ]
