"""Charts of how much would have to be rated, and of what ratings differ by."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    WORDS,
    attributes_in,
    interval_tooltip,
    judge_cells,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
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
# The parts of the variance have long names.
_LONG_LEGEND = alt.Legend(orient="top", columns=alt.ExprRef("width < 400 ? 1 : width < 640 ? 2 : 3"), labelLimit=0)
_DASHES = ([1, 0], [6, 4])


def needed_heatmap(study: Study, table: pd.DataFrame, statistic: str) -> alt.LayerChart:
    """Conversations needed for one statistic (a key of ``STATISTIC_LABEL``), judge x attribute."""
    needed = table[f"{statistic}_needed"]
    frame = labelled(study, table).assign(line1=needed.map("{:,.0f}".format).where(needed.notna(), "undefined"))
    scale = alt.Scale(type="log", range=[_FEW, _MANY], interpolate="rgb")
    return judge_cells(
        study,
        table,
        frame,
        colour=alt.Color(f"{statistic}_needed:Q", scale=scale, legend=None),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip(f"{statistic}_needed:Q", title=f"{study.item.many.capitalize()} needed", format=","),
            alt.Tooltip(f"{statistic}_width:Q", title="Width of the interval now", format=".3f"),
            alt.Tooltip("n_conversations:Q", title=f"{study.item.many.capitalize()} now", format=","),
        ],
    )


def width_lines(study: Study, widths: pd.DataFrame, models_width: float) -> alt.LayerChart:
    """Width of each statistic's interval against conversations: drawn (points), by the law of the root (lines).

    The dashed line across is the interval over models, which conversations do not narrow.
    """
    labels, items = list(STATISTIC_LABEL.values()), study.item.many.capitalize()
    # Raters that never differ have an interval without width, which has no place on a logarithm's axis.
    frame = widths.assign(statistic=widths["statistic"].map(STATISTIC_LABEL))[widths["width"] > 0]
    x = alt.X(
        "conversations:Q",
        title=f"{items} rated",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format=",", values=sorted(set(frame["conversations"])), labelOverlap=True),
    )
    up = {
        "title": "Width of the 95% interval",
        "scale": alt.Scale(type="log", nice=False, padding=12),
        "axis": alt.Axis(format=".3~g", values=[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]),
    }
    y = alt.Y("width:Q", **up)
    colour = alt.Color(
        "statistic:N",
        title=None,
        legend=LEGEND,
        scale=alt.Scale(domain=labels, range=[mark.colour for mark in STATISTIC.values()]),
    )
    shape = alt.Shape(
        "statistic:N",
        title=None,
        legend=LEGEND,
        scale=alt.Scale(domain=labels, range=[mark.shape for mark in STATISTIC.values()]),
    )
    base = alt.Chart().encode(x=x, color=colour)
    law = base.mark_line(strokeWidth=1.5).encode(y=alt.Y("law:Q", **up))
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        y=y,
        shape=shape,
        tooltip=[
            alt.Tooltip("statistic:N", title="Figure"),
            alt.Tooltip("conversations:Q", title=items, format=","),
            alt.Tooltip("width:Q", title="Width, drawn", format=".3f"),
            alt.Tooltip("law:Q", title="Width by the law", format=".3f"),
        ],
    )
    across = pd.DataFrame({"width": [models_width], "says": ["ICC(C,1), interval over models"]})
    across = across[across["width"] > 0]
    over_models = alt.Chart(across).mark_rule(strokeDash=[5, 4], strokeWidth=2, color="#7a8694").encode(y=y)
    name = (
        alt.Chart(across)
        .mark_text(align="left", dx=6, dy=10, fontSize=TEXT, color=WORDS)
        .encode(x=alt.value(0), y=y, text=alt.Text("says:N"))
    )
    return layered(frame, law, points, over_models, name, height=380)


def component_bars(study: Study, shares: pd.DataFrame) -> alt.LayerChart:
    """One judge's variance of a single rating on each attribute, parted by what it comes from."""
    attributes = attributes_in(study, shares)
    labels = component_labels(study)
    frame = labelled(study, shares).dropna(subset="variance_share")
    frame = frame.assign(
        letters=frame["component"].map({key: label.partition(":")[0] for key, label in labels.items()}),
        component=frame["component"].map(labels),
        end=frame.groupby("attribute", sort=False)["variance_share"].cumsum(),
    )
    frame = frame.assign(start=frame["end"] - frame["variance_share"])
    frame["middle"] = (frame["start"] + frame["end"]) / 2
    y = alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.2))
    x = alt.X(
        "start:Q",
        title="Share of the variance of one rating",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip("component:N", title="Part"),
        alt.Tooltip("variance_share:Q", title="Share", format=".1%"),
        alt.Tooltip("variance:Q", title="Variance (points squared)", format=".3f"),
        *interval_tooltip("variance_low", "variance_high", ".3f"),
    ]
    colour = alt.Color(
        "component:N",
        title=None,
        legend=_LONG_LEGEND,
        scale=alt.Scale(domain=list(labels.values()), range=list(COMPONENT_COLOUR)),
    )
    bars = alt.Chart().mark_bar(stroke="white").encode(x=x, x2=alt.X2("end:Q"), y=y, color=colour, tooltip=tooltip)
    letters = (
        alt.Chart(frame[frame["variance_share"] >= _ROOM])
        .mark_text(color=INK, fontSize=11)
        .encode(x=alt.X("middle:Q"), y=y, text=alt.Text("letters:N"), tooltip=tooltip)
    )
    return layered(frame, bars, letters, height=30 * len(attributes) + 320)


def coefficient_lines(study: Study, reached: pd.DataFrame, table: pd.DataFrame) -> alt.LayerChart:
    """Each judge's g and Phi on one attribute against conversations, with the intervals at those that were rated."""
    judges, items = raters_in(study, reached), study.item.many.capitalize()
    keys = ["judge", "attribute"]
    names = {"g": "g, generalizability", "phi": "Phi, dependability"}
    long = reached.melt([*keys, "conversations"], list(names), "coefficient", "value").dropna(subset="value")
    ends = pd.concat(
        table[[*keys, "n_conversations", f"{name}_low", f"{name}_high"]]
        .set_axis([*keys, "conversations", "low", "high"], axis=1)
        .assign(coefficient=name)
        for name in names
    ).dropna(subset="low")
    long, ends = (labelled(study, frame.assign(coefficient=frame["coefficient"].map(names))) for frame in (long, ends))
    x = alt.X(
        "conversations:Q",
        title=f"{items}, each rated by one rater",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format=",", values=sorted(set(long["conversations"])), labelOverlap=True),
    )
    up = {"title": "g and Phi", "scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format=".1f")}
    y = alt.Y("value:Q", **up)
    dash = alt.StrokeDash(
        "coefficient:N",
        title=None,
        legend=LEGEND,
        scale=alt.Scale(domain=list(names.values()), range=[list(each) for each in _DASHES]),
    )
    base = alt.Chart().encode(x=x, color=rater_colour(study, "judge", judges))
    lines = base.mark_line(strokeWidth=2).encode(y=y, strokeDash=dash)
    points = base.mark_point(size=50, filled=True, opacity=1).encode(
        y=y,
        shape=rater_shape(study, "judge", judges),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("coefficient:N", title="Coefficient"),
            alt.Tooltip("conversations:Q", title=items, format=","),
            alt.Tooltip("value:Q", title="Value", format=".2f"),
        ],
    )
    intervals = (
        alt.Chart(ends)
        .mark_rule(strokeWidth=3)
        .encode(
            x=x,
            y=alt.Y("low:Q", **up),
            y2=alt.Y2("high:Q"),
            color=rater_colour(study, "judge", judges),
            tooltip=[
                *CELL_TOOLTIP,
                alt.Tooltip("coefficient:N", title="Coefficient"),
                *interval_tooltip("low", "high", ".2f"),
                alt.Tooltip("conversations:Q", title=items, format=","),
            ],
        )
    )
    return layered(long, lines, intervals, points, height=380)
