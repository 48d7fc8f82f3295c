"""Charts of how far judges score above the experts."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROW,
    WORDS,
    attributes_in,
    diverging,
    forest_height,
    interval_tooltip,
    judge_cells,
    labelled,
    layered,
    models_in,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from data.study import HUMAN, Study


def dumbbell(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """From the experts' mean to the judge's, for every attribute and judge."""
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    frame = labelled(study, table).dropna(subset="bias")
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
        tooltip=_tooltip(),
    )
    ends = [*frame["human_mean"], *frame["judge_mean"]] or [study.scale.low, study.scale.high]
    room = study.scale.width / 32
    domain = [max(study.scale.low, min(ends) - room), min(study.scale.high, max(ends) + room)]
    scale = alt.Scale(domain=domain, nice=False)
    x = alt.X(
        "human_mean:Q",
        scale=scale,
        title=f"Mean rating ({study.scale.label}): experts | to judge",
        axis=alt.Axis(format=".3~g", tickCount=6),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("judge_mean:Q"))
    human = base.mark_tick(thickness=3, size=ROW - 4).encode(x=x)
    judge = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("judge_mean:Q"), shape=rater_shape(study, "judge", judges)
    )
    return layered(frame, bars, human, judge, height=forest_height(len(judges), len(attributes)))


def bias_heatmap(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Bias of every judge and attribute, on colours that part at zero, with its interval under it."""
    frame = labelled(study, table).assign(
        line1=table["bias"].map("{:+.2f}".format).where(table["bias"].notna(), "undefined"),
        line2=[
            "" if pd.isna(low) else f"{low:.2f}…{high:.2f}"
            for low, high in zip(table["bias_low"], table["bias_high"], strict=True)
        ],
    )
    return judge_cells(
        study,
        table,
        frame,
        colour=diverging("bias", study.scale.width / 4),
        tooltip=_tooltip(),
        lines=2,
    )


def rating_bars(study: Study, distribution: pd.DataFrame, judge: str) -> alt.LayerChart:
    """Shares of the ratings that experts and one judge gave to the same replies, side by side."""
    raters = [study.rater(HUMAN), study.rater(judge)]
    frame = distribution.assign(
        rater=distribution["rater"].map({"human": raters[0], "judge": raters[1]}),
        rating=distribution["rating"].map("{:.3g}".format),
    )
    base = alt.Chart().encode(
        x=alt.X("rating:O", title="Rating", axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("rater:N", sort=raters),
        y=alt.Y("share:Q", title="Share of replies", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
    )
    tooltip = [
        alt.Tooltip("rater:N", title="Rater"),
        alt.Tooltip("rating:O", title="Rating"),
        alt.Tooltip("share:Q", title="Share of replies", format=".1%"),
        alt.Tooltip("n:Q", title="Replies", format=","),
    ]
    bars = base.mark_bar().encode(color=rater_colour(study, "rater", raters), tooltip=tooltip)
    shares = base.mark_text(dy=-7, fontSize=11, color=WORDS).encode(text=alt.Text("share:Q", format=".0%"))
    return layered(frame, bars, shares, height=300)


def bias_by_model(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Bias of one judge and attribute on each model's replies, with intervals."""
    judges, models = raters_in(study, table), models_in(study, table)
    frame = labelled(study, table).dropna(subset="bias")
    zero = (
        alt.Chart(pd.DataFrame({"bias": [0.0]})).mark_rule(strokeDash=[4, 4], color="#7a8694").encode(x=alt.X("bias:Q"))
    )
    base = alt.Chart().encode(
        y=alt.Y("model:N", sort=models, axis=row_axis()), color=rater_colour(study, "judge", judges).legend(None)
    )
    tooltip = [alt.Tooltip("model:N", title="Model"), *_tooltip()]
    title = f"Bias (points of the {study.scale.label} scale)"
    x = alt.X("bias_low:Q", title=title, axis=alt.Axis(format="+.3~g", tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("bias_high:Q"), tooltip=tooltip)
    points = base.mark_point(size=80, filled=True, opacity=1).encode(
        x=alt.X("bias:Q"), shape=rater_shape(study, "judge", judges).legend(None), tooltip=tooltip
    )
    return layered(frame, zero, bars, points, height=max(120, 30 * len(models)))


def _tooltip() -> list[alt.Tooltip]:
    return [
        *CELL_TOOLTIP,
        alt.Tooltip("human_mean:Q", title="Experts' mean", format=".2f"),
        alt.Tooltip("judge_mean:Q", title="Judge's mean", format=".2f"),
        alt.Tooltip("bias:Q", title="Bias", format="+.2f"),
        *interval_tooltip("bias_low", "bias_high", "+.2f"),
        alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
    ]
