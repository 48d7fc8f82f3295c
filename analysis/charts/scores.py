"""Charts of scores: what each rater alone gives each model."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    ROWS,
    Chart,
    attributes_in,
    cells_height,
    forest_height,
    heading_axis,
    interval_tooltip,
    kept,
    kind_shape,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    row_axis,
    span_of,
    text_cells,
    with_intervals,
)
from analysis.wording.vocabulary import measure_label
from data.study import HUMAN, Study

_LOW, _HIGH = "#fdf3e3", "#8fc3e8"
_ROW = 12
# Below this width the intervals of a heatmap's cells would run into each other.
_ROOMY = 560
# As many raters leave room for two words beside each other on a telephone.
_ROOM_FOR_WORDS = 5


def score_by_model(study: Study, intervals: pd.DataFrame, measure: str) -> Chart:
    """One score of every model as every rater sees it, with intervals; models in the experts' order."""
    rows = intervals[intervals["measure"] == measure]
    frame = labelled(study, rows)
    models = _in_order_of_experts(study, rows)
    return Chart(
        _by_model(study, measure),
        {ROWS: frame},
        forest_height(len(raters_in(study, rows, "rater")), len(models), _ROW),
        {"x": _ends(study, frame)},
        {"y": models},
    )


@kept
def _by_model(study: Study, measure: str) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("model", list(study.system_labels.values())),
        yOffset=alt.YOffset("rater:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study, "rater"),
        tooltip=_tooltip(study),
    )
    x = _x(study, measure_label(study, measure))
    return layered(*with_intervals(base, "mean", x, rater_shape(study, "rater"), size=50, stem=""))


def both_scores(study: Study, intervals: pd.DataFrame, rater: str) -> Chart:
    """Both scores of every model as one rater sees them, with intervals; models in the experts' order."""
    one, other = study.groups[:2]
    rows = intervals[intervals["measure"].isin([one.key, other.key])]
    models = _in_order_of_experts(study, rows[rows["measure"] == one.key])
    frame = labelled(study, rows[rows["rater"] == rater])
    frame = frame.assign(measure=frame["measure"].map({one.key: one.label, other.key: other.label}))
    return Chart(
        _both(study, rater),
        {ROWS: frame},
        forest_height(2, len(models), _ROW),
        {"x": _ends(study, rows)},
        {"y": models},
    )


@kept
def _both(study: Study, rater: str) -> alt.LayerChart:
    one, other = study.groups[:2]
    base = alt.Chart().encode(
        y=row("model", list(study.system_labels.values())),
        yOffset=alt.YOffset("measure:N", sort=[one.label, other.label]),
        color=rater_colour(study, "rater", None),
        tooltip=[alt.Tooltip("measure:N", title="Score"), *_tooltip(study)],
    )
    # In a row of three there is little room for each, and less for a legend.
    x = _x(study, "Mean")
    x["title"] = [x["title"], f"{one.label}: circles, {other.label}: squares"]
    shape = kind_shape("measure", [one.label, other.label], ("circle", "square"), None)
    marks = with_intervals(base, "mean", x, shape, size=50, stem="")
    return layered(*marks, title=study.rater(rater))


def attribute_heatmap(study: Study, intervals: pd.DataFrame) -> Chart:
    """Model x attribute means of one rater, with their intervals where there is room."""
    rows = intervals[intervals["measure"].isin(study.attribute_names)].rename(columns={"measure": "attribute"})
    frame = labelled(study, rows).assign(
        line1=[f"{mean:.2f}" for mean in rows["mean"]],
        line2=[
            "" if pd.isna(low) else f"{low:.2f}…{high:.2f}" for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
    )
    look = _attributes(study, len(attributes_in(study, rows)))
    return Chart(look, {ROWS: frame}, cells_height(len(models_in(study, rows)), lines=2))


@kept
def _attributes(study: Study, attributes: int) -> alt.LayerChart:
    names = list(study.attribute_names)
    scale = alt.Scale(domain=[study.scale.poor, study.scale.high], range=[_LOW, _HIGH], clamp=True, interpolate="rgb")
    return text_cells(
        alt.X("attribute:N", sort=names, title=None, axis=heading_axis(names, attributes)),
        alt.Y("model:N", sort=list(study.system_labels.values()), axis=row_axis()),
        alt.Color("mean:Q", scale=scale, legend=None),
        [alt.Tooltip("attribute:N", title="Attribute"), *_tooltip(study)],
        lines=2,
        roomy=_ROOMY,
        small=10,
    )


def rank_heatmap(study: Study, ranks: pd.DataFrame) -> Chart:
    """Rank of every model under every rater; models in the experts' order, a judge's own said to be left out."""
    experts = ranks[ranks["rater"] == HUMAN].sort_values("rank")
    models = [study.system(key) for key in experts["model"]]
    every = pd.MultiIndex.from_product([ranks["rater"].unique(), experts["model"]], names=["rater", "model"])
    cells = ranks.set_index(["rater", "model"]).reindex(every).reset_index()
    raters = len(raters_in(study, ranks, "rater"))
    left_out = "left out" if raters <= _ROOM_FOR_WORDS else "out"
    frame = labelled(study, cells).assign(
        line1=[left_out if pd.isna(rank) else f"{rank:.0f}" for rank in cells["rank"]]
    )
    look = _ranks(study, raters, max(2, int(ranks["rank"].max())))
    return Chart(look, {ROWS: frame}, cells_height(len(models)), orders={"y": models})


@kept
def _ranks(study: Study, raters: int, last: int) -> alt.LayerChart:
    labels = list(study.rater_labels.values())
    return text_cells(
        alt.X("rater:N", sort=labels, title=None, axis=heading_axis(labels, raters)),
        alt.Y("model:N", sort=list(study.system_labels.values()), axis=row_axis()),
        alt.Color("rank:Q", scale=alt.Scale(domain=[1, last], range=[_HIGH, _LOW], interpolate="rgb"), legend=None),
        [
            alt.Tooltip("rater:N", title="Rater"),
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("rank:Q", title="Rank"),
            alt.Tooltip("ranked:Q", title="Models ranked"),
            alt.Tooltip("mean:Q", title="Mean", format=".2f"),
        ],
    )


def _in_order_of_experts(study: Study, rows: pd.DataFrame) -> list[str]:
    """Labels of the models by the experts' mean, highest first."""
    experts = rows[rows["rater"] == HUMAN].sort_values("mean", ascending=False)
    return [study.system(key) for key in experts["model"]]


def _ends(study: Study, rows: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the scale, and what lies off it as released."""
    return span_of(rows, ["mean"], study.scale.low, study.scale.high)


def _x(study: Study, said: str) -> dict[str, object]:
    return {
        "title": f"{said} ({study.scale.label})",
        "scale": alt.Scale(nice=False, clamp=True),
        "axis": alt.Axis(tickCount=5, format=".3~g"),
    }


def _tooltip(study: Study) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("rater:N", title="Rater"),
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("mean:Q", title=f"Mean ({study.scale.label})", format=".2f"),
        *interval_tooltip("low", "high", ".2f"),
        alt.Tooltip("n:Q", title="Ratings", format=","),
    ]
