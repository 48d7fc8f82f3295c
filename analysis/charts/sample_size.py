"""Charts of how much would have to be rated, and of what ratings differ by."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    DASHED,
    EDGE,
    FILL_LEGEND,
    LEGEND,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    cells_height,
    defined,
    interval_tooltip,
    judge_cells,
    kept,
    kind_shape,
    labelled,
    layered,
    of,
    rater_colour,
    rater_shape,
    raters_in,
    row,
)
from analysis.wording.vocabulary import (
    COMPONENT_COLOUR,
    INK,
    STATISTIC,
    STATISTIC_LABEL,
    TEXT,
    component_labels,
)
from data.study import Study

_FEW, _MANY = "#e8f1f8", "#f2b88f"
# Below this share a part of a bar is too short for its letters.
_ROOM = 0.07
_BAR = 34
_LINES = 300
# The parts of the variance have long names.
_LONG_LEGEND = alt.Legend(
    **{**FILL_LEGEND.to_dict(), "columns": alt.ExprRef("width < 400 ? 1 : width < 640 ? 2 : 3")},
)
_DASHES = ([1, 0], [6, 4], [2, 3])
_COEFFICIENT = {"g": "g, generalizability", "phi": "Phi, dependability"}


def needed_heatmap(study: Study, table: pd.DataFrame, statistic: str) -> Chart:
    """Conversations needed for one statistic (a key of ``STATISTIC_LABEL``), judge x attribute."""
    needed = table[f"{statistic}_needed"]
    frame = labelled(study, table).assign(
        line1=["undefined" if pd.isna(number) else f"{number:,.0f}" for number in needed]
    )
    look = _needed(study, len(raters_in(study, table)), statistic)
    known = needed.dropna()
    ends = {"color": (float(known.min()), float(known.max()))} if len(known) else {}
    return Chart(look, {ROWS: frame}, cells_height(len(attributes_in(study, table))), ends)


@kept
def _needed(study: Study, judges: int, statistic: str) -> alt.LayerChart:
    scale = alt.Scale(type="log", range=[_FEW, _MANY], interpolate="rgb")
    items = study.item.many.capitalize()
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip(f"{statistic}_needed:Q", title=f"{items} needed", format=","),
        alt.Tooltip(f"{statistic}_width:Q", title="Width of the interval now", format=".3f"),
        alt.Tooltip("n_conversations:Q", title=f"{items} now", format=","),
    ]
    return judge_cells(study, judges, alt.Color(f"{statistic}_needed:Q", scale=scale, legend=None), tooltip)


def width_lines(study: Study, widths: pd.DataFrame, models_width: float) -> Chart:
    """Width of each statistic's interval against conversations: drawn (points), by the law of the root (lines).

    The dashed line across is the interval over models, which conversations do not narrow.
    """
    # Raters that never differ have an interval without width, which has no place on a logarithm's axis.
    names = widths["statistic"].map(STATISTIC_LABEL)
    # By a name of its own for the lines, the legend has the shapes alone.
    frame = labelled(study, widths.assign(statistic=names, line=names)[widths["width"] > 0])
    across = pd.DataFrame({"width": [models_width]})
    look = _widths(study, tuple(sorted(set(frame["conversations"].tolist()))))
    return Chart(look, {ROWS: frame, "across": across[across["width"] > 0]}, _LINES)


@kept
def _widths(study: Study, conversations: tuple[float, ...]) -> alt.LayerChart:
    labels, items = list(STATISTIC_LABEL.values()), study.item.many.capitalize()
    x = {"title": f"{items} rated", **_logarithm(conversations)}
    y = {
        "title": "Width of the 95% interval",
        "scale": alt.Scale(type="log", nice=False, padding=12),
        "axis": alt.Axis(format=".3~g", values=[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]),
    }
    dash = alt.Scale(domain=labels, range=[list(each) for each in _DASHES])
    base = alt.Chart().encode(x=alt.X("conversations:Q", **x), color=rater_colour(study, legend=None))
    law = base.mark_line(strokeWidth=1.5).encode(
        y=alt.Y("law:Q", **y), strokeDash=alt.StrokeDash("line:N", scale=dash, legend=None)
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        y=alt.Y("width:Q", **y),
        shape=kind_shape("statistic", labels, [sign.shape for sign in STATISTIC.values()]),
        tooltip=[
            alt.Tooltip("statistic:N", title="Figure"),
            alt.Tooltip("conversations:Q", title=items, format=","),
            alt.Tooltip("width:Q", title="Width, drawn", format=".3f"),
            alt.Tooltip("law:Q", title="Width by the law", format=".3f"),
        ],
    )
    over_models = of("across").mark_rule(strokeWidth=2, **DASHED).encode(y=alt.Y("width:Q", **y))
    name = (
        of("across")
        .mark_text(align="left", dx=6, dy=10, fontSize=TEXT, color=WORDS)
        .encode(x=alt.value(0), y=alt.Y("width:Q", **y), text=alt.value("ICC(C,1), interval over models"))
    )
    return layered(law, points, over_models, name)


def component_bars(study: Study, shares: pd.DataFrame) -> Chart:
    """One judge's variance of a single rating on each attribute, parted by what it comes from."""
    labels = component_labels(study)
    frame = defined(labelled(study, shares), "variance_share")
    frame = frame.assign(
        letters=frame["component"].map({key: label.partition(":")[0] for key, label in labels.items()}),
        component=frame["component"].map(labels),
        end=frame.groupby("attribute", sort=False)["variance_share"].cumsum(),
    )
    frame = frame.assign(
        start=frame["end"] - frame["variance_share"], middle=frame["end"] - frame["variance_share"] / 2
    )
    lettered = frame[frame["variance_share"] >= _ROOM]
    return Chart(
        _components(study), {ROWS: frame, "lettered": lettered}, _BAR * max(1, len(attributes_in(study, shares)))
    )


@kept
def _components(study: Study) -> alt.LayerChart:
    encoding = {
        "y": row("attribute", study.attribute_names, 0.2),
        "tooltip": [
            *CELL_TOOLTIP,
            alt.Tooltip("component:N", title="Part"),
            alt.Tooltip("variance_share:Q", title="Share", format=".1%"),
            alt.Tooltip("variance:Q", title="Variance (points squared)", format=".3f"),
            *interval_tooltip("variance_low", "variance_high", ".3f"),
        ],
    }
    x = {
        "title": "Share of the variance of one rating",
        "scale": alt.Scale(domain=[0, 1]),
        "axis": alt.Axis(format="%", tickCount=5),
    }
    scale = alt.Scale(domain=list(component_labels(study).values()), range=list(COMPONENT_COLOUR))
    bars = (
        alt.Chart()
        .mark_bar(**EDGE)
        .encode(
            x=alt.X("start:Q", **x),
            x2=alt.X2("end:Q"),
            color=alt.Color("component:N", title=None, legend=_LONG_LEGEND, scale=scale),
            **encoding,
        )
    )
    letters = (
        of("lettered")
        .mark_text(color=INK, fontSize=11)
        .encode(x=alt.X("middle:Q", **x), text=alt.Text("letters:N"), **encoding)
    )
    return layered(bars, letters)


def coefficient_lines(study: Study, reached: pd.DataFrame, table: pd.DataFrame) -> Chart:
    """Each judge's g and Phi on one attribute against conversations, with the intervals at those that were rated."""
    keys = ["judge", "attribute"]
    long = reached.melt([*keys, "conversations"], list(_COEFFICIENT), "coefficient", "value").dropna(subset="value")
    ends = pd.concat(
        table[[*keys, "n_conversations", f"{name}_low", f"{name}_high"]]
        .set_axis([*keys, "conversations", "low", "high"], axis=1)
        .assign(coefficient=name)
        for name in _COEFFICIENT
    ).dropna(subset="low")
    long, ends = (
        labelled(study, frame.assign(coefficient=frame["coefficient"].map(_COEFFICIENT))) for frame in (long, ends)
    )
    look = _coefficients(study, tuple(sorted(set(long["conversations"].tolist()))))
    return Chart(look, {ROWS: long, "ends": ends}, _LINES)


@kept
def _coefficients(study: Study, conversations: tuple[float, ...]) -> alt.LayerChart:
    items = study.item.many.capitalize()
    x = {"title": f"{items}, each rated by one rater", **_logarithm(conversations)}
    y = {"title": "g and Phi", "scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format=".1f")}
    scale = alt.Scale(domain=list(_COEFFICIENT.values()), range=[list(each) for each in _DASHES[:2]])
    legend = alt.Legend(**LEGEND.to_dict(), symbolStrokeColor=WORDS)
    base = alt.Chart().encode(x=alt.X("conversations:Q", **x), color=rater_colour(study))
    lines = base.mark_line(strokeWidth=2).encode(
        y=alt.Y("value:Q", **y), strokeDash=alt.StrokeDash("coefficient:N", title=None, legend=legend, scale=scale)
    )
    points = base.mark_point(size=50, filled=True, opacity=1).encode(
        y=alt.Y("value:Q", **y),
        shape=rater_shape(study),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("coefficient:N", title="Coefficient"),
            alt.Tooltip("conversations:Q", title=items, format=","),
            alt.Tooltip("value:Q", title="Value", format=".2f"),
        ],
    )
    intervals = (
        of("ends")
        .mark_rule(strokeWidth=3)
        .encode(
            x=alt.X("conversations:Q", **x),
            y=alt.Y("low:Q", **y),
            y2=alt.Y2("high:Q"),
            color=rater_colour(study),
            tooltip=[
                *CELL_TOOLTIP,
                alt.Tooltip("coefficient:N", title="Coefficient"),
                *interval_tooltip("low", "high", ".2f"),
                alt.Tooltip("conversations:Q", title=items, format=","),
            ],
        )
    )
    return layered(lines, intervals, points)


def _logarithm(conversations: tuple[float, ...]) -> dict[str, object]:
    """Return an axis on which doubling is a step, with a tick for each number of conversations."""
    return {
        "scale": alt.Scale(type="log", nice=False, padding=12),
        "axis": alt.Axis(format=",", values=list(conversations), labelOverlap=True),
    }
