"""What all charts share: scales of raters, cells with text, and saving as SVG or PNG."""

import json
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from analysis.wording.vocabulary import INK, LETTERS, TEXT, rater_marks
from data.study import Study

# Every part of a chart would be checked against the schema when it is made, which takes longer than all the rest of a
# page; the tests check each chart as a whole.
schemapi.disable_debug_mode()


def _rows(data: pd.DataFrame) -> dict[str, Any]:
    return {"values": json.loads(data.to_json(orient="records", double_precision=15))}


# Altair's own way of writing rows down looks at each column for itself, and takes as long as the rest of a chart.
alt.data_transformers.register("rows", _rows)
alt.data_transformers.enable("rows")

Chart = alt.TopLevelMixin

# What ends the name of a column that holds the key of a label.
KEY = "_key"

ROW = 15
LINE = 15
HEADINGS = 40
# Legend, axis and its title.
FURNITURE = 90
_HEADING, _LETTER = 12, 5.7
# Words beside marks: colours of marks would be too faint for letters.
WORDS = alt.ExprRef(LETTERS)
# Below zero, zero, above.
DIVERGING = ("#8fc3e8", "#f4f5f7", "#f2a873")

# As many columns as fit: a chart on a telephone is about 220 pixels wide without its row names.
LEGEND = alt.Legend(orient="top", columns=alt.ExprRef("width < 300 ? 1 : width < 640 ? 3 : 5"), labelLimit=0)

# What a mark of one judge on one attribute says first when it is pointed at.
CELL_TOOLTIP = (alt.Tooltip("judge:N", title="Judge"), alt.Tooltip("attribute:N", title="Attribute"))


def interval_tooltip(low: str, high: str, form: str) -> tuple[alt.Tooltip, alt.Tooltip]:
    """Have a mark say the ends of an interval, two columns, when it is pointed at."""
    return (
        alt.Tooltip(f"{low}:Q", title="95% interval from", format=form),
        alt.Tooltip(f"{high}:Q", title="to", format=form),
    )


def labelled(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Replace keys of raters, judges and models by their labels; the keys stay in columns of their own."""
    labels = {"rater": study.rater_labels, "judge": study.rater_labels, "model": study.system_labels}
    named = {name: known for name, known in labels.items() if name in frame}
    return frame.assign(
        **{f"{name}{KEY}": frame[name].astype(str) for name in named},
        **{name: frame[name].map(known) for name, known in named.items()},
    )


def raters_in(study: Study, frame: pd.DataFrame, column: str = "judge") -> list[str]:
    """Labels of the raters of a frame with keys, in the order that all charts keep."""
    present = set(frame[column])
    return [label for key, label in study.rater_labels.items() if key in present]


def attributes_in(study: Study, frame: pd.DataFrame) -> list[str]:
    """Attributes of a frame in the order that all charts keep."""
    present = set(frame["attribute"])
    return [name for name in study.attribute_names if name in present]


def models_in(study: Study, frame: pd.DataFrame) -> list[str]:
    """Labels of the models of a frame with keys, in the order of the study."""
    present = set(frame["model"])
    return [study.system(key) for key in study.system_keys if key in present]


def rater_colour(study: Study, field: str, raters: list[str]) -> alt.Color:
    """Colour by rater, the same rater the same colour on every chart."""
    colours = {mark.label: mark.colour for mark in rater_marks(study).values()}
    scale = alt.Scale(domain=raters, range=[colours[rater] for rater in raters])
    return alt.Color(f"{field}:N", scale=scale, title=None, legend=LEGEND)


def rater_shape(study: Study, field: str, raters: list[str]) -> alt.Shape:
    """Shape by rater, the second channel beside colour; shares the legend of :func:`rater_colour`."""
    shapes = {mark.label: mark.shape for mark in rater_marks(study).values()}
    scale = alt.Scale(domain=raters, range=[shapes[rater] for rater in raters])
    return alt.Shape(f"{field}:N", scale=scale, title=None, legend=LEGEND)


def diverging(field: str, widest: float) -> alt.Color:
    """Colours that part at zero and are full at ``widest``; the number in the cell says it too."""
    scale = alt.Scale(domain=[-widest, 0, widest], range=list(DIVERGING), clamp=True, interpolate="rgb")
    return alt.Color(f"{field}:Q", scale=scale, legend=None)


def layered(frame: pd.DataFrame, *layers: alt.Chart, **properties: Any) -> alt.LayerChart:
    """Draw layers over one another; those without data of their own are of ``frame``.

    Were it given to every layer, it would be copied and compared for each, which takes longer than all the rest.
    """
    return alt.layer(*layers, data=frame, **properties)


def text_cells(
    frame: pd.DataFrame, *, x: alt.X, y: alt.Y, colour: alt.Color, rows: int, tooltip: list[alt.Tooltip], lines: int = 1
) -> alt.LayerChart:
    """Draw a heatmap whose cells say their value in dark letters on a light ground.

    The columns ``line1``, ``line2`` and so on hold what each line of a cell says; the first is written larger.
    """
    base = alt.Chart().encode(x=x, y=y)
    first = alt.ExprRef("width < 300 ? 12 : 14")
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour, tooltip=tooltip)
    words = [
        base.mark_text(
            color=INK, fontSize=first if line == 0 else 12, baseline="middle", dy=LINE * (line - (lines - 1) / 2)
        ).encode(text=alt.Text(f"line{line + 1}:N"), tooltip=tooltip)
        for line in range(lines)
    ]
    return layered(frame, cells, *words, height=(LINE * lines + 14) * rows + HEADINGS)


def judge_cells(
    study: Study,
    table: pd.DataFrame,
    frame: pd.DataFrame,
    *,
    colour: alt.Color,
    tooltip: list[alt.Tooltip],
    lines: int = 1,
) -> alt.LayerChart:
    """Draw :func:`text_cells` of judges and attributes: ``frame`` is ``table`` with labels and what the cells say."""
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    return text_cells(
        frame,
        x=alt.X("judge:N", sort=judges, title=None, axis=heading_axis(judges)),
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis()),
        colour=colour,
        rows=len(attributes),
        tooltip=tooltip,
        lines=lines,
    )


def heading_axis(names: list[str]) -> alt.Axis:
    """Axis of a heatmap's columns: above it, long names on two lines, aslant where the chart is too narrow for that."""
    broken = {name: _two_lines(name) for name in names}
    longest = max((len(line) for lines in broken.values() for line in lines), default=0)
    narrow = f"width < {(longest * _LETTER + 4) * len(names):.0f}"
    return alt.Axis(
        orient="top",
        labelAngle=alt.ExprRef(f"{narrow} ? -55 : 0"),
        labelAlign=alt.ExprRef(f"{narrow} ? 'left' : 'center'"),
        labelExpr=f"{narrow} ? datum.label : ({json.dumps(broken)})[datum.label]",
        labelPadding=alt.ExprRef(f"{narrow} ? 4 : {18 if any(len(lines) > 1 for lines in broken.values()) else 6}"),
        labelFontSize=_HEADING,
        labelLimit=0,
        labelOverlap=False,
        labelFlush=False,
        domain=False,
        ticks=False,
        title=None,
    )


def _two_lines(name: str) -> list[str]:
    mark = next((mark for mark in (" ", "-") if mark in name), None)
    return name.split(mark, 1) if mark and len(name) > 9 else [name]


def row_axis(lines: dict[str, list[str]] | None = None) -> alt.Axis:
    """Axis of rows with names, or with ``lines`` for each name: never cut, none left out, without a line."""
    # The middle of the first line would stand at the row, not that of all lines.
    several = {} if lines is None else {"labelExpr": f"({json.dumps(lines)})[datum.label]", "labelOffset": -TEXT / 2}
    return alt.Axis(
        labelLimit=0, labelFlush=False, labelOverlap=False, domain=False, ticks=False, title=None, **several
    )


def forest_height(series: int, rows: int, row: int = ROW) -> int:
    """Height of a chart with rows of names, each with a line for every series, its legend and axis among it."""
    return FURNITURE + max(row * (series + 1), 24) * rows


def cell_forest(
    study: Study,
    table: pd.DataFrame,
    name: str,
    title: str,
    *,
    at: float,
    form: str,
    more: list[alt.Tooltip],
    tick: str = "",
) -> alt.LayerChart:
    """Draw a figure with its interval for every judge and attribute, and as ticks a second one if it is named.

    The dashed line stands ``at`` the value that means nothing.
    """
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    low, high = f"{name}_low", f"{name}_high"
    frame = labelled(study, table).dropna(subset=name)
    line = alt.Chart(pd.DataFrame({name: [at]}))
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip(f"{name}:Q", title=title, format=".2f"),
        *interval_tooltip(low, high, ".2f"),
        *more,
    ]
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
        tooltip=tooltip,
    )
    scale = alt.Scale(zero=False)
    x = alt.X(f"{low}:Q", title=title, scale=scale, axis=alt.Axis(format=form, tickCount=6))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2(f"{high}:Q"))
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X(f"{name}:Q"), shape=rater_shape(study, "judge", judges)
    )
    ticks = [base.mark_tick(thickness=3, size=ROW - 3, opacity=1).encode(x=alt.X(f"{tick}:Q"))] if tick else []
    rule = line.mark_rule(strokeDash=[4, 4], color="#7a8694").encode(x=alt.X(f"{name}:Q"))
    return layered(frame, rule, bars, *ticks, points, height=forest_height(len(judges), len(attributes)))
