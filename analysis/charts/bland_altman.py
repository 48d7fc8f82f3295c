"""Charts of margins, limits of agreement and the parts of the error."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    EDGE,
    FILL_LEGEND,
    ROOMY,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    guide,
    interval_tooltip,
    kept,
    labelled,
    layered,
    of,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    span_of,
    with_intervals,
)
from analysis.wording.vocabulary import ERROR_PART, ERROR_PART_COLOUR, INK, TEXT
from data.study import Study

# Cells below this share are drawn without a number: it would be read as more than a handful of replies.
_SAID = 0.005
_BAR = 34
# How far from the ground the rarest and the most frequent cells stand out, so that words on them can be read.
DEPTH = [0.06, 0.35]


def equivalence(study: Study, table: pd.DataFrame) -> Chart:
    """Bias with its 90% interval, a row for each judge and attribute, against the band of the margin."""
    margin = float(table["margin"].iloc[0])
    frame = defined(labelled(study, table), "bias")
    drawn = ["bias", "equivalence_low", "equivalence_high"]
    return Chart(
        _equivalence(study, margin),
        {ROWS: frame, "band": pd.DataFrame({"low": [-margin], "high": [margin]})},
        forest_height(len(raters_in(study, table)), len(attributes_in(study, table))),
        {"x": span_of(frame, drawn, -margin, margin)},
    )


@kept
def _equivalence(study: Study, margin: float) -> alt.LayerChart:
    x = {
        "title": f"Bias (points); the band is the margin of {margin:g}",
        "scale": ROOMY,
        "axis": alt.Axis(format="+.3~g", tickCount=6),
    }
    band = of("band").mark_rect(fill=WORDS, fillOpacity=0.12, **EDGE).encode(x=alt.X("low:Q", **x), x2=alt.X2("high:Q"))
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("bias:Q", title="Bias", format="+.2f"),
            alt.Tooltip("equivalence_low:Q", title="90% interval from", format="+.2f"),
            alt.Tooltip("equivalence_high:Q", title="to", format="+.2f"),
            alt.Tooltip("p_equivalence:Q", title="p against the margin", format=".3f"),
            alt.Tooltip("equivalent:N", title="Within the margin"),
        ],
    )
    return layered(band, guide(0.0), *with_intervals(base, "bias", x, rater_shape(study), stem="equivalence"))


def bland_altman(study: Study, density: pd.DataFrame, limits: pd.DataFrame) -> Chart:
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
    half = study.scale.width / 2 + step / 2
    lowest, highest = span_of(frame, ["bottom", "top"], -half, half)
    reach = max(-lowest, highest)
    ends = span_of(frame, ["left", "right"], points[0] - step / 4, points[-1] + step / 4)
    return Chart(_bland_altman(study), {ROWS: frame, "lines": _lines(limits)}, 340, {"x": ends, "y": (-reach, reach)})


@kept
def _bland_altman(study: Study) -> alt.LayerChart:
    step = study.scale.step
    x = {
        "title": "Mean of the experts' and the judge's rating",
        "scale": alt.Scale(nice=False),
        "axis": alt.Axis(tickMinStep=step, format="~g", grid=False),
    }
    y = {
        "title": "Judge minus experts",
        "scale": alt.Scale(nice=False),
        "axis": alt.Axis(format="+~g", tickMinStep=step, grid=False),
    }
    cells = (
        alt.Chart()
        .mark_rect(fill=WORDS, **EDGE)
        .encode(
            x=alt.X("left:Q", **x),
            x2=alt.X2("right:Q"),
            y=alt.Y("bottom:Q", **y),
            y2=alt.Y2("top:Q"),
            fillOpacity=alt.FillOpacity("share:Q", scale=alt.Scale(type="sqrt", range=DEPTH), legend=None),
            tooltip=[
                alt.Tooltip("mean:Q", title="Mean of both ratings", format="g"),
                alt.Tooltip("difference:Q", title="Judge minus experts", format="+.2~f"),
                alt.Tooltip("share:Q", title="Share of replies", format=".1%"),
                alt.Tooltip("n:Q", title="Replies", format=","),
            ],
        )
    )
    ranges = of("lines").mark_rect(color=WORDS, opacity=0.25).encode(y=alt.Y("low:Q", **y), y2=alt.Y2("high:Q"))
    dashes = alt.Scale(domain=["bias", "limit"], range=[[1, 0], [6, 4]])
    rules = (
        of("lines")
        .mark_rule(color=WORDS, strokeWidth=1.5)
        .encode(y=alt.Y("value:Q", **y), strokeDash=alt.StrokeDash("dash:N", scale=dashes, legend=None))
    )
    shares = alt.Chart().encode(x=alt.X("mean:Q", **x), y=alt.Y("difference:Q", **y), text=alt.Text("said:N"))
    named = of("lines").encode(y=alt.Y("value:Q", **y), x=alt.value(0), text=alt.Text("line:N"))
    beside = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -5, "fontSize": TEXT}
    small = {"fontSize": alt.ExprRef("width < 300 ? 9 : 11")}
    return layered(cells, ranges, rules, *_on_lines(shares, small), *_on_lines(named, beside))


def _on_lines(words: alt.Chart, place: dict[str, object]) -> tuple[alt.Chart, alt.Chart]:
    """Write words that lines run under, on a ground of their own."""
    ground = words.mark_text(stroke=alt.ExprRef("background"), strokeWidth=4, strokeJoin="round", aria=False, **place)
    return ground, words.mark_text(color=WORDS, **place)


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
        for row in limits.to_dict("records")
        for name, label in lines.items()
    ]
    return defined(pd.DataFrame(rows, columns=["line", "dash", "value", "low", "high"]), "value")


def error_parts_bars(study: Study, table: pd.DataFrame) -> Chart:
    """Draw the mean squared error of one judge on every attribute as a bar of its parts: bias, spread, scatter."""
    parts = list(ERROR_PART)
    frame = defined(labelled(study, table), "mse")
    ends = frame[parts].cumsum(axis=1)
    long = pd.concat(
        [
            frame[["judge", "judge_key", "attribute", "mse"]].assign(
                part=ERROR_PART[name],
                start=ends[name] - frame[name],
                middle=ends[name] - frame[name] / 2,
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
    long = long.assign(said=[f"{size:.2f}" if size > 0.11 * widest else "" for size in long["size"]])
    return Chart(_parts(study), {ROWS: long}, _BAR * max(1, len(attributes_in(study, table))))


@kept
def _parts(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names, 0.2),
        tooltip=[
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip("part:N", title="Part"),
            alt.Tooltip("size:Q", title="Squared points", format=".2f"),
            *interval_tooltip("low", "high", ".2f"),
            alt.Tooltip("mse:Q", title="MSE", format=".2f"),
        ],
    )
    scale = alt.Scale(domain=list(ERROR_PART.values()), range=list(ERROR_PART_COLOUR))
    x = {"title": "MSE (squared points): bias | spread | scatter", "axis": alt.Axis(format=".2~f", tickCount=6)}
    bars = base.mark_bar(**EDGE).encode(
        x=alt.X("start:Q", **x),
        x2=alt.X2("end:Q"),
        color=alt.Color("part:N", title=None, legend=FILL_LEGEND, scale=scale),
    )
    words = base.mark_text(color=INK, fontSize=11).encode(x=alt.X("middle:Q", **x), text=alt.Text("said:N"))
    return layered(bars, words)
