"""Charts of scores: what each rater alone gives each model."""

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
from analysis.wording.vocabulary import TEXT, measure_label, rater_marks
from data.study import HUMAN, Study

_LOW, _HIGH = "#fdf3e3", "#8fc3e8"


def score_by_model(study: Study, intervals: pd.DataFrame, measure: str) -> alt.LayerChart:
    """One score of every model as every rater sees it, with intervals; models in the experts' order."""
    rows = intervals[intervals["measure"] == measure]
    raters = raters_in(study, rows, "rater")
    experts = rows[rows["rater"] == HUMAN].sort_values("mean", ascending=False)
    models = [study.system(key) for key in experts["model"]]
    frame = labelled(study, rows)
    base = alt.Chart().encode(
        y=alt.Y("model:N", sort=models, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("rater:N", sort=raters),
        color=rater_colour(study, "rater", raters),
        tooltip=_tooltip(study),
    )
    start = min([study.scale.high, *frame["low"].dropna(), *frame["mean"]]) - study.scale.width / 80
    scale = alt.Scale(domain=[start, study.scale.high], nice=False)
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X(
            "low:Q",
            scale=scale,
            title=f"{measure_label(study, measure)} ({study.scale.label})",
            axis=alt.Axis(tickCount=6, format=".3~g"),
        ),
        x2=alt.X2("high:Q"),
    )
    points = base.mark_point(size=50, filled=True, opacity=1).encode(
        x=alt.X("mean:Q"), shape=rater_shape(study, "rater", raters)
    )
    return layered(frame, bars, points, height=forest_height(len(raters), len(models), 12))


def score_plane(study: Study, table: pd.DataFrame, rater: str) -> alt.LayerChart:
    """Models in the plane of both scores as one rater sees them, on axes that all raters of the table share."""
    one, other = study.groups[:2]
    lowest = min([*table[one.key].dropna(), *table[other.key].dropna()]) - 0.075 * study.scale.width
    span, mark = (lowest, study.scale.high), rater_marks(study)[rater]
    frame = labelled(study, table[table["rater"] == rater])
    scale = alt.Scale(domain=list(span), nice=False)
    x = alt.X(f"{one.key}:Q", scale=scale, title=f"{one.label} ({study.scale.label})", axis=alt.Axis(tickCount=4))
    y = alt.Y(f"{other.key}:Q", scale=scale, title=f"{other.label} ({study.scale.label})", axis=alt.Axis(tickCount=4))
    corner = pd.DataFrame({one.key: list(span), other.key: list(span)})
    diagonal = alt.Chart(corner).mark_line(strokeDash=[4, 4], color="#7a8694").encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip(f"{one.key}:Q", title=one.label, format=".2f"),
        alt.Tooltip(f"{other.key}:Q", title=other.label, format=".2f"),
    ]
    base = alt.Chart().encode(x=x, y=y)
    points = base.mark_point(size=70, filled=True, opacity=1, color=mark.colour, shape=mark.shape).encode(
        tooltip=tooltip
    )
    names = (
        alt.Chart(frame.sort_values("average").head(2))
        .mark_text(align="left", dx=9, fontSize=TEXT, color=WORDS)
        .encode(x=x, y=y, text=alt.Text("model:N"))
    )
    return layered(frame, diagonal, points, names, height=300, title=study.rater(rater))


def attribute_heatmap(study: Study, intervals: pd.DataFrame) -> alt.LayerChart:
    """Model x attribute means of one rater."""
    rows = intervals[intervals["measure"].isin(study.attribute_names)].rename(columns={"measure": "attribute"})
    models, attributes = models_in(study, rows), attributes_in(study, rows)
    frame = labelled(study, rows).assign(line1=rows["mean"].map("{:.2f}".format))
    scale = alt.Scale(domain=[study.scale.poor, study.scale.high], range=[_LOW, _HIGH], clamp=True)
    return text_cells(
        frame,
        x=alt.X("attribute:N", sort=attributes, title=None, axis=heading_axis(attributes)),
        y=alt.Y("model:N", sort=models, axis=row_axis()),
        colour=alt.Color("mean:Q", scale=scale, legend=None),
        rows=len(models),
        tooltip=[alt.Tooltip("attribute:N", title="Attribute"), *_tooltip(study)],
    )


def rank_heatmap(study: Study, ranks: pd.DataFrame) -> alt.LayerChart:
    """Rank of every model under every rater; models in the experts' order."""
    experts = ranks[ranks["rater"] == HUMAN].sort_values("rank")
    models = [study.system(key) for key in experts["model"]]
    raters = raters_in(study, ranks, "rater")
    frame = labelled(study, ranks).assign(line1=ranks["rank"].astype(str))
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


def _tooltip(study: Study) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("rater:N", title="Rater"),
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("mean:Q", title=f"Mean ({study.scale.label})", format=".2f"),
        *interval_tooltip("low", "high", ".2f"),
        alt.Tooltip("n:Q", title="Ratings", format=","),
    ]
