"""Charts of margins, limits of agreement and the parts of the error."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    WORDS,
    attributes_in,
    forest_height,
    interval_tooltip,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from analysis.wording.vocabulary import ERROR_PART, ERROR_PART_COLOUR, INK, TEXT
from data.study import Study

_BAND, _LINE = "#7a8694", "#c8501e"
# Cells below this share are drawn without a number: it would be read as more than a handful of replies.
_SAID = 0.005


def equivalence(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Bias with its 90% interval, a row for each judge and attribute, against the band of the margin."""
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    frame = labelled(study, table).dropna(subset="bias")
    margin = float(table["margin"].iloc[0])
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip("bias:Q", title="Bias", format="+.2f"),
        alt.Tooltip("equivalence_low:Q", title="90% interval from", format="+.2f"),
        alt.Tooltip("equivalence_high:Q", title="to", format="+.2f"),
        alt.Tooltip("p_equivalence:Q", title="p against the margin", format=".3f"),
        alt.Tooltip("equivalent:N", title="Within the margin"),
    ]
    band = alt.Chart(pd.DataFrame({"low": [-margin], "high": [margin]})).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    edges = band.mark_rect(color=_BAND, opacity=0.22)
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
        tooltip=tooltip,
    )
    title = f"Bias (points); the band is the margin of {margin:g}"
    x = alt.X("equivalence_low:Q", title=title, axis=alt.Axis(format="+.3~g", tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("equivalence_high:Q"))
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("bias:Q"), shape=rater_shape(study, "judge", judges)
    )
    return layered(frame, edges, bars, points, height=forest_height(len(judges), len(attributes)))


def bland_altman(study: Study, density: pd.DataFrame, limits: pd.DataFrame) -> alt.LayerChart:
    """Show how often each mean of both ratings of a reply came with each difference, with bias and limits as lines.

    ``density`` is one judge's and attribute's, ``limits`` its row of the table of limits.
    """
    step, points = study.scale.step, study.scale.values
    frame = density.assign(
        left=density["mean"] - step / 4,
        right=density["mean"] + step / 4,
        bottom=density["difference"] - step / 2,
        top=density["difference"] + step / 2,
        said=[f"{share:.0%}" if share >= _SAID else "" for share in density["share"]],
    )
    tooltip = [
        alt.Tooltip("mean:Q", title="Mean of both ratings", format="g"),
        alt.Tooltip("difference:Q", title="Judge minus experts", format="+.2~f"),
        alt.Tooltip("share:Q", title="Share of replies", format=".1%"),
        alt.Tooltip("n:Q", title="Replies", format=","),
    ]
    half = study.scale.width / 2 + step / 2
    reach = max(half, float(frame["top"].max()), -float(frame["bottom"].min())) if len(frame) else half
    ends = [float(value) for value in (*frame["left"], *frame["right"], points[0] - step / 4, points[-1] + step / 4)]
    x = alt.X(
        "left:Q",
        title="Mean of the experts' and the judge's rating",
        scale=alt.Scale(domain=[min(ends), max(ends)], nice=False),
        axis=alt.Axis(tickMinStep=step, format="~g", grid=False),
    )
    y = alt.Y(
        "bottom:Q",
        title="Judge minus experts",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(format="+~g", tickMinStep=step, grid=False),
    )
    colour = alt.Color("share:Q", scale=alt.Scale(type="sqrt", range=["#eef3f8", "#5aafd0"]), legend=None)
    cells = (
        alt.Chart()
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(x=x, x2=alt.X2("right:Q"), y=y, y2=alt.Y2("top:Q"), color=colour, tooltip=tooltip)
    )
    words = (
        alt.Chart()
        .mark_text(color=INK, fontSize=10)
        .encode(x=alt.X("mean:Q"), y=alt.Y("difference:Q"), text=alt.Text("said:N"))
    )
    lines = _lines(limits)
    ranges = alt.Chart(lines).mark_rect(color=_LINE, opacity=0.25).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    rules = (
        alt.Chart(lines)
        .mark_rule(color=_LINE, strokeWidth=1.5)
        .encode(
            y=alt.Y("value:Q"),
            strokeDash=alt.StrokeDash(
                "dash:N", scale=alt.Scale(domain=["bias", "limit"], range=[[1, 0], [6, 4]])
            ).legend(None),
        )
    )
    named = alt.Chart(lines).encode(y=alt.Y("value:Q"), x=alt.value(0), text=alt.Text("line:N"))
    place = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -2, "fontSize": TEXT}
    # Names run over cells and over what is between them; by night only the latter is dark.
    ground = named.mark_text(stroke=alt.ExprRef("background"), strokeWidth=4, strokeJoin="round", aria=False, **place)
    names = named.mark_text(color=WORDS, **place)
    return layered(frame, cells, words, ranges, rules, ground, names, height=380)


def error_parts_bars(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw the mean squared error of one judge on every attribute as a bar of its parts: bias, spread, scatter."""
    attributes = attributes_in(study, table)
    parts = list(ERROR_PART)
    frame = labelled(study, table).dropna(subset="mse")
    ends = frame[parts].cumsum(axis=1)
    long = pd.concat(
        [
            frame[["judge", "attribute", "mse"]].assign(
                part=ERROR_PART[name],
                start=ends[name] - frame[name],
                end=ends[name],
                low=frame[f"{name}_low"],
                high=frame[f"{name}_high"],
                size=frame[name],
            )
            for name in parts
        ],
        ignore_index=True,
    )
    widest = frame["mse"].max() if len(frame) else 0.0
    long["said"] = [f"{size:.2f}" if size > 0.11 * widest else "" for size in long["size"]]
    colour = alt.Color(
        "part:N",
        title=None,
        legend=LEGEND,
        scale=alt.Scale(domain=list(ERROR_PART.values()), range=list(ERROR_PART_COLOUR)),
    )
    tooltip = [
        alt.Tooltip("attribute:N", title="Attribute"),
        alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("size:Q", title="Squared points", format=".2f"),
        *interval_tooltip("low", "high", ".2f"),
        alt.Tooltip("mse:Q", title="MSE", format=".2f"),
    ]
    base = alt.Chart().encode(y=alt.Y("attribute:N", sort=attributes, axis=row_axis()), tooltip=tooltip)
    x = alt.X(
        "start:Q", title="MSE (squared points): bias | spread | scatter", axis=alt.Axis(format=".2~f", tickCount=6)
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(x=x, x2=alt.X2("end:Q"), color=colour)
    words = base.transform_calculate(middle="(datum.start + datum.end) / 2").mark_text(color=INK, fontSize=11)
    return layered(
        long, bars, words.encode(x=alt.X("middle:Q"), text=alt.Text("said:N")), height=34 * len(attributes) + 110
    )


def _lines(limits: pd.DataFrame) -> pd.DataFrame:
    """Lay out bias and both limits as lines with the ends of their intervals, less what is undefined."""
    lines = {"bias": "bias", "limit_upper": "upper limit", "limit_lower": "lower limit"}
    rows = [
        {
            "line": f"{label} {row[name]:+.2f}",
            "dash": "bias" if name == "bias" else "limit",
            "value": row[name],
            "low": row[f"{name}_low"],
            "high": row[f"{name}_high"],
        }
        for _, row in limits.iterrows()
        for name, label in lines.items()
    ]
    return pd.DataFrame(rows, columns=["line", "dash", "value", "low", "high"]).dropna(subset="value")
