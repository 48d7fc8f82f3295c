"""Charts of how far judges score above the experts."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROOMY,
    ROW,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    cells_height,
    defined,
    diverging,
    forest_height,
    guide,
    interval_tooltip,
    judge_cells,
    kept,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    span_of,
    with_intervals,
)
from data.study import HUMAN, Study

_MODEL_ROW = 30
_TOOLTIP = [
    *CELL_TOOLTIP,
    alt.Tooltip("human_mean:Q", title="Experts' mean", format=".2f"),
    alt.Tooltip("judge_mean:Q", title="Judge's mean", format=".2f"),
    alt.Tooltip("bias:Q", title="Bias", format="+.2f"),
    *interval_tooltip("bias_low", "bias_high", "+.2f"),
    alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
]


def dumbbell(study: Study, table: pd.DataFrame) -> Chart:
    """From the experts' mean to the judge's, for every attribute and judge; the broad end is the bias's interval."""
    frame = defined(labelled(study, table), "bias")
    frame = frame.assign(low=frame["human_mean"] + frame["bias_low"], high=frame["human_mean"] + frame["bias_high"])
    return Chart(
        _dumbbell(study),
        {ROWS: frame},
        forest_height(len(raters_in(study, table)), len(attributes_in(study, table))),
        # As released, ratings may lie off the scale.
        {"x": span_of(frame, ["human_mean", "judge_mean"], study.scale.low, study.scale.high)},
    )


@kept
def _dumbbell(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study),
        tooltip=_TOOLTIP,
    )
    x = {
        "title": [f"Mean rating ({study.scale.label}): experts | to judge", "(broad: 95% interval of the difference)"],
        "scale": alt.Scale(nice=False, clamp=True),
        "axis": alt.Axis(format=".3~g", tickCount=6),
    }
    bars = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("human_mean:Q", **x), x2=alt.X2("judge_mean:Q"))
    ends = base.mark_rule(strokeWidth=7, opacity=0.45).encode(x=alt.X("low:Q", **x), x2=alt.X2("high:Q"))
    human = base.mark_tick(thickness=3, size=ROW - 4).encode(x=alt.X("human_mean:Q", **x))
    judge = base.mark_point(size=55, filled=True, opacity=1).encode(
        x=alt.X("judge_mean:Q", **x), shape=rater_shape(study)
    )
    return layered(bars, ends, human, judge)


def bias_heatmap(study: Study, table: pd.DataFrame) -> Chart:
    """Bias of every judge and attribute, on colours that part at zero, with its interval under it."""
    frame = labelled(study, table).assign(
        line1=["undefined" if pd.isna(bias) else f"{bias:+z.2f}" for bias in table["bias"]],
        line2=[
            "" if pd.isna(low) else f"{low:z.2f}…{high:z.2f}"
            for low, high in zip(table["bias_low"], table["bias_high"], strict=True)
        ],
    )
    look = _biases(study, len(raters_in(study, table)))
    return Chart(look, {ROWS: frame}, cells_height(len(attributes_in(study, table)), lines=2))


@kept
def _biases(study: Study, judges: int) -> alt.LayerChart:
    return judge_cells(study, judges, diverging("bias", study.scale.width / 4), _TOOLTIP, lines=2)


def rating_bars(study: Study, distribution: pd.DataFrame, judge: str) -> Chart:
    """Shares of the ratings that experts and one judge gave to the same replies, side by side."""
    raters = {"human": study.rater(HUMAN), "judge": study.rater(judge)}
    frame = distribution.assign(
        rater=distribution["rater"].map(raters), rating=distribution["rating"].map("{:.3g}".format)
    )
    return Chart(_bars(study, judge), {ROWS: frame}, 240)


@kept
def _bars(study: Study, judge: str) -> alt.LayerChart:
    raters = [study.rater(HUMAN), study.rater(judge)]
    base = alt.Chart().encode(
        x=alt.X("rating:O", title=f"Rating ({study.scale.label})", axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("rater:N", sort=raters),
        y=alt.Y("share:Q", title="Share of replies", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
    )
    tooltip = [
        alt.Tooltip("rater:N", title="Rater"),
        alt.Tooltip("rating:O", title="Rating"),
        alt.Tooltip("share:Q", title="Share of replies", format=".1%"),
        alt.Tooltip("n:Q", title="Replies", format=","),
    ]
    bars = base.mark_bar().encode(color=rater_colour(study, "rater"), tooltip=tooltip)
    shares = base.mark_text(dy=-7, fontSize=alt.ExprRef("width < 300 ? 9 : 12"), color=WORDS).encode(
        text=alt.Text("share:Q", format=".0%")
    )
    return layered(bars, shares)


def bias_by_model(study: Study, table: pd.DataFrame) -> Chart:
    """Bias of one judge and attribute on each model's replies, with intervals."""
    frame = defined(labelled(study, table), "bias")
    return Chart(
        _by_model(study),
        {ROWS: frame},
        _MODEL_ROW * max(1, len(models_in(study, table))),
        {"x": span_of(frame, ["bias", "bias_low", "bias_high"], 0.0)},
    )


@kept
def _by_model(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("model", list(study.system_labels.values()), 0),
        color=rater_colour(study, legend=None),
        tooltip=[alt.Tooltip("model:N", title="Model"), *_TOOLTIP],
    )
    x = {
        "title": f"Bias (points of the {study.scale.label} scale)",
        "scale": ROOMY,
        "axis": alt.Axis(format="+.3~g", tickCount=6),
    }
    return layered(guide(0.0), *with_intervals(base, "bias", x, rater_shape(study, legend=None), size=80))
