"""What all charts share: what a chart is, scales of raters, rows with intervals, and cells with text."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from hashlib import blake2b
from typing import Any, ParamSpec, cast

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from analysis.wording.vocabulary import INK, LETTERS, SHAPES, TEXT, rater_marks
from data.study import Study

# Every part of a chart would be checked against the schema when it is made, which takes longer than all the rest of a
# page; the tests check each chart as a whole.
schemapi.disable_debug_mode()
# What a line to guide the eye is of stays where it is.
alt.data_transformers.consolidate_datasets = False

Spec = dict[str, Any]
_Choices = ParamSpec("_Choices")

# What ends the name of a column that holds the key of a label.
KEY = "_key"
# The data set that layers are of unless they name another.
ROWS = "rows"
# Channels that tell raters and kinds apart, and have a place in the legend for each.
_TELLING = ("color", "shape", "strokeDash")

ROW = 15
LINE = 15
_HEADING, _LETTER = 12, 5.4
# Words beside marks, and marks that are of no rater: dark by day, light by night.
WORDS = alt.ExprRef(LETTERS)
# Lines that guide the eye.
GUIDE = {"color": WORDS, "opacity": 0.65}
DASHED = {**GUIDE, "strokeDash": [4, 4]}
# The edge of a fill, which is pale enough for dark letters, and so too pale to end by itself on a white ground.
EDGE = {"stroke": "#7a8694", "strokeWidth": 1}
# The ground of a cell whose value is undefined, by day and by night.
NO_VALUE = "#e8ecf1"
# Of an axis whose ends follow from the rows: marks at its ends keep their distance from the edge.
ROOMY = alt.Scale(nice=False, padding=10)
# Below zero, zero, above.
DIVERGING = ("#8fc3e8", "#f4f5f7", "#f2a873")

# As many columns as fit: a chart on a telephone is about 220 pixels wide without its row names.
_LEGEND = {
    "orient": "top",
    "labelLimit": 0,
    "columns": alt.ExprRef("width < 300 ? 1 : width < 640 ? 3 : 5"),
    "symbolOpacity": 1,
}
LEGEND = alt.Legend(**_LEGEND)
FILL_LEGEND = alt.Legend(**_LEGEND, symbolStrokeWidth=1, symbolSize=140)
# Where only shapes tell kinds apart, as colours are those of judges.
SHAPE_LEGEND = alt.Legend(**_LEGEND, symbolFillColor=WORDS, symbolStrokeColor=WORDS)

# What a mark of one judge on one attribute says first when it is pointed at.
CELL_TOOLTIP = (alt.Tooltip("judge:N", title="Judge"), alt.Tooltip("attribute:N", title="Attribute"))


@dataclass(frozen=True)
class Look:
    """What a kind of chart looks like: its Vega-Lite specification without rows, and the columns that it draws."""

    spec: Spec
    columns: frozenset[str]


def kept(draw: Callable[_Choices, alt.LayerChart]) -> Callable[_Choices, Look]:
    """Draw a kind of chart once for each study and choice: that takes Altair longer than all the rest of a figure."""

    @lru_cache(maxsize=64)
    def look(*choices: Any, **named: Any) -> Look:
        spec = draw(*choices, **named).to_dict(validate=False)
        return Look(spec, frozenset(_columns(spec)))

    return cast("Callable[_Choices, Look]", wraps(draw)(look))


def _columns(part: Any) -> Iterator[str]:
    """Name the columns that a part of a specification draws, or computes from."""
    if isinstance(part, dict):
        if isinstance(part.get("field"), str):
            yield part["field"]
        for each in part.values():
            yield from _columns(each)
    elif isinstance(part, list):
        for each in part:
            yield from _columns(each)
    elif isinstance(part, str):
        yield from re.findall(r"datum\.(\w+)", part)


@dataclass(frozen=True)
class Chart:
    """A chart: the look of its kind, and the rows that it is of.

    Attributes
    ----------
    look
        What charts of this kind look like, of all raters of the study.
    rows
        A frame for each data set that the look names.
    height
        Of the drawing, in pixels, without what stands around it.
    ends, orders
        Of an axis (``x`` or ``y``): both ends, and the order of its names, where they follow from the rows.
    """

    look: Look
    rows: Mapping[str, pd.DataFrame]
    height: int
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def filled(self, write: Callable[[pd.DataFrame], bytes]) -> tuple[Spec, dict[str, bytes]]:
        """Return the specification of the chart, and its data sets by name as ``write`` writes them.

        A data set is named for what it holds, so that a browser never takes one for another.
        """
        sets, names = {}, {}
        for name, frame in self.rows.items():
            written = write(frame[[column for column in frame if self._is_told(str(column))]])
            names[name] = f"{name}-{blake2b(written, digest_size=8).hexdigest()}"
            sets[names[name]] = written
        present = cache(self._present)
        spec = {**self.look.spec, "height": self.height, **_renamed(self.look.spec, names)}
        spec["layer"] = [
            {**layer, **_renamed(layer, names), "encoding": self._narrowed(layer["encoding"], present)}
            for layer in self.look.spec["layer"]
        ]
        return spec, sets

    def to_dict(self) -> Spec:
        """Return the whole specification, rows in it."""
        spec, sets = self.filled(_as_json)
        return {**spec, "datasets": {name: json.loads(rows) for name, rows in sets.items()}}

    def columns_of(self, layer: int) -> list[str]:
        """Name the columns that the marks of a layer have, by its place."""
        name = {**self.look.spec, **self.look.spec["layer"][layer]}["data"].get("name")
        return [str(column) for column in self.rows[name] if self._is_told(str(column))] if name in self.rows else []

    def _is_told(self, column: str) -> bool:
        """Whether a column is drawn, or says what a mark is of."""
        return column in self.look.columns or column.endswith(KEY) or column == "attribute"

    def _narrowed(self, encoding: Spec, present: Callable[[str], set[object]]) -> Spec:
        """Narrow scales to what the rows hold."""
        told = {**encoding}
        for channel, ends in self.ends.items():
            if "scale" in told.get(channel, {}):
                told[channel] = {**told[channel], "scale": {**told[channel]["scale"], "domain": list(ends)}}
        for channel, order in self.orders.items():
            if "sort" in told.get(channel, {}):
                told[channel] = {**told[channel], "sort": list(order)}
        for channel in _TELLING:
            scale = told.get(channel, {}).get("scale", {})
            if isinstance(scale.get("range"), list) and told[channel].get("type") == "nominal":
                pairs = zip(scale["domain"], scale["range"], strict=True)
                known = {name: seen for name, seen in pairs if name in present(told[channel]["field"])}
                scale = {**scale, "domain": list(known), "range": list(known.values())}
                told[channel] = {**told[channel], "scale": scale}
        return told

    def _present(self, column: str) -> set[object]:
        return {value for frame in self.rows.values() if column in frame for value in frame[column].tolist()}


def _renamed(part: Spec, names: dict[str, str]) -> Spec:
    name = part.get("data", {}).get("name")
    return {"data": {"name": names[name]}} if name in names else {}


def _as_json(frame: pd.DataFrame) -> bytes:
    return frame.to_json(orient="records", double_precision=15).encode()


def interval_tooltip(low: str, high: str, form: str) -> tuple[alt.Tooltip, alt.Tooltip]:
    """Have a mark say the ends of an interval, two columns, when it is pointed at."""
    return (
        alt.Tooltip(f"{low}:Q", title="95% interval from", format=form),
        alt.Tooltip(f"{high}:Q", title="to", format=form),
    )


def labelled(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Replace keys of raters, judges and models by their labels; the keys stay in columns of their own."""
    labels = {"rater": study.rater_labels, "judge": study.rater_labels, "model": study.system_labels}
    keys = {name: frame[name].tolist() for name in labels if name in frame}
    return frame.assign(
        **{f"{name}{KEY}": some for name, some in keys.items()},
        **{name: [labels[name].get(key) for key in some] for name, some in keys.items()},
    )


def defined(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the rows that have a value in every one of some columns."""
    known = frame[list(columns)].notna().to_numpy().all(axis=1)
    return frame if known.all() else frame[known]


def raters_in(study: Study, frame: pd.DataFrame, column: str = "judge") -> list[str]:
    """Labels of the raters of a frame with keys, in the order that all charts keep."""
    present = set(frame[column].tolist())
    return [label for key, label in study.rater_labels.items() if key in present]


def attributes_in(study: Study, frame: pd.DataFrame, column: str = "attribute") -> list[str]:
    """Attributes of a frame in the order that all charts keep."""
    present = set(frame[column].tolist())
    return [name for name in study.attribute_names if name in present]


def models_in(study: Study, frame: pd.DataFrame) -> list[str]:
    """Labels of the models of a frame with keys, in the order of the study."""
    present = set(frame["model"].tolist())
    return [study.system(key) for key in study.system_keys if key in present]


def span_of(frame: pd.DataFrame, columns: Sequence[str], *values: float) -> tuple[float, float]:
    """Return the ends of an axis that holds some values, and all that is in some columns of a frame."""
    found = frame[list(columns)].to_numpy(float).ravel()
    known = [*values, *found[~np.isnan(found)].tolist()]
    return min(known), max(known)


def rater_colour(study: Study, column: str = "judge", legend: alt.Legend | None = LEGEND) -> alt.Color:
    """Colour by rater, the same rater the same colour on every chart, and nothing else in that colour."""
    marks = rater_marks(study).values()
    scale = alt.Scale(domain=[mark.label for mark in marks], range=[mark.colour for mark in marks])
    return alt.Color(f"{column}:N", scale=scale, title=None, legend=legend)


def rater_shape(study: Study, column: str = "judge", legend: alt.Legend | None = LEGEND) -> alt.Shape:
    """Shape by rater, the second channel beside colour; shares the legend of :func:`rater_colour`."""
    marks = rater_marks(study).values()
    scale = alt.Scale(domain=[mark.label for mark in marks], range=[mark.shape for mark in marks])
    return alt.Shape(f"{column}:N", scale=scale, title=None, legend=legend)


def kind_shape(
    column: str, kinds: Sequence[str], shapes: Sequence[str] = SHAPES, legend: alt.Legend | None = SHAPE_LEGEND
) -> alt.Shape:
    """Shape by what is told apart within one judge's marks, which are of one colour."""
    scale = alt.Scale(domain=list(kinds), range=[shapes[place % len(shapes)] for place in range(len(kinds))])
    return alt.Shape(f"{column}:N", scale=scale, title=None, legend=legend)


def diverging(column: str, widest: float) -> alt.Color:
    """Colours that part at zero and are full at ``widest``; the number in the cell says it too."""
    scale = alt.Scale(domain=[-widest, 0, widest], range=list(DIVERGING), clamp=True, interpolate="rgb")
    return alt.Color(f"{column}:Q", scale=scale, legend=None)


def layered(*layers: alt.Chart, **properties: Any) -> alt.LayerChart:
    """Draw layers over one another; those that name no data of their own are of ``ROWS``."""
    return alt.layer(*layers, data=alt.NamedData(name=ROWS), **properties)


def of(name: str) -> alt.Chart:
    """Begin a layer that has data of its own, by the name that :class:`Chart` has for it."""
    return alt.Chart(alt.NamedData(name=name))


def row(column: str, names: Sequence[str], padding: float = 0.25, **place: Any) -> alt.Y:
    """Give each name a row, in their order; ``place`` is where in its row a mark stands."""
    return alt.Y(f"{column}:N", sort=list(names), axis=row_axis(), scale=alt.Scale(paddingInner=padding), **place)


def with_intervals(
    base: alt.Chart, name: str, x: dict[str, Any], shape: alt.Shape, *, size: int = 70, stem: str | None = None
) -> tuple[alt.Chart, alt.Chart]:
    """Draw a figure as a mark on its interval; ``x`` is how its axis looks, ``stem`` what its ends are called after."""
    low, high = (f"{name if stem is None else stem}_{end}".lstrip("_") for end in ("low", "high"))
    bars = base.mark_rule(strokeWidth=2.5).encode(x=alt.X(f"{low}:Q", **x), x2=alt.X2(f"{high}:Q"))
    points = base.mark_point(size=size, filled=True, opacity=1).encode(x=alt.X(f"{name}:Q", **x), shape=shape)
    return bars, points


def guide(value: float, **look: Any) -> alt.Chart:
    """Draw a line down the chart at a value that means something, which the chart's own words name."""
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_rule(aria=False, **(look or DASHED))
        .encode(x=alt.XDatum(value, type="quantitative"))
    )


def text_cells(
    x: alt.X,
    y: alt.Y,
    colour: alt.Color,
    tooltip: Sequence[alt.Tooltip],
    *,
    lines: int = 1,
    roomy: int = 0,
    small: int = 11,
) -> alt.LayerChart:
    """Draw a heatmap whose cells say their value in dark letters on a light ground.

    The columns ``line1``, ``line2`` and so on hold what each line of a cell says; the first is written larger. On a
    chart less wide than ``roomy`` only the first is written. ``small`` is its size on a telephone.
    """
    base = alt.Chart().encode(x=x, y=y)
    ground = base.mark_rect(color=NO_VALUE, aria=False)
    cells = base.mark_rect(**EDGE).encode(color=colour, tooltip=list(tooltip))
    words = []
    for line in range(lines):
        down = LINE * (line - (lines - 1) / 2)
        size = f"width < 300 ? {small} : 14" if line == 0 else f"width < {roomy} ? 0 : width < 300 ? 10 : 12"
        words.append(
            base.mark_text(
                color=INK,
                fontSize=alt.ExprRef(size),
                baseline="middle",
                dy=alt.ExprRef(f"width < {roomy} ? 0 : {down}") if roomy else down,
            ).encode(text=alt.Text(f"line{line + 1}:N"), tooltip=list(tooltip))
        )
    return layered(ground, cells, *words)


def cells_height(rows: int, lines: int = 1) -> int:
    """Height of :func:`text_cells`."""
    return (LINE * lines + 14) * rows


def judge_cells(
    study: Study, judges: int, colour: alt.Color, tooltip: Sequence[alt.Tooltip], *, lines: int = 1
) -> alt.LayerChart:
    """Draw :func:`text_cells` of attributes by so many judges."""
    labels = list(study.rater_labels.values())
    return text_cells(
        alt.X("judge:N", sort=labels, title=None, axis=heading_axis(labels, judges)),
        alt.Y("attribute:N", sort=list(study.attribute_names), axis=row_axis()),
        colour,
        tooltip,
        lines=lines,
    )


def heading_axis(names: Sequence[str], shown: int) -> alt.Axis:
    """Axis of a heatmap's columns, of which so many are shown.

    It stands above them, long names on two lines, aslant where the chart is too narrow for that.
    """
    broken = {name: _two_lines(name) for name in names}
    longest = max((len(line) for lines in broken.values() for line in lines), default=0)
    narrow = f"width < {(longest * _LETTER + 2) * shown:.0f}"
    return alt.Axis(
        orient="top",
        # Aslant to the left, above the names of rows, where there is room; to the right the last would be cut.
        labelAngle=alt.ExprRef(f"{narrow} ? 55 : 0"),
        labelAlign=alt.ExprRef(f"{narrow} ? 'right' : 'center'"),
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


def row_axis(*, below: bool = False) -> alt.Axis:
    """Axis of rows with names: never cut, none left out, without a line; lines of a name stand ``below`` each other."""
    # The middle of the first line would stand at the row, not that of all lines.
    several = {"labelExpr": "split(datum.label, '\\n')", "labelOffset": -TEXT / 2} if below else {}
    return alt.Axis(
        labelLimit=0, labelFlush=False, labelOverlap=False, domain=False, ticks=False, title=None, **several
    )


def forest_height(series: int, rows: int, step: int = ROW) -> int:
    """Height of a chart with rows of names, each with a line for every series."""
    return max(step * (series + 1), 24) * max(rows, 1)


@kept
def _cell_forest(
    study: Study,
    name: str,
    title: str,
    *,
    at: float,
    form: str,
    more: tuple[tuple[str, str, str], ...],
    tick: tuple[str, str] | None,
) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip(f"{name}:Q", title=title, format=".2f"),
            *interval_tooltip(f"{name}_low", f"{name}_high", ".2f"),
            *(
                alt.Tooltip(column, title=said, **({"format": written} if written else {}))
                for column, said, written in more
            ),
        ],
    )
    said = [title, f"(ticks: {tick[1]})"] if tick else title
    x = {"title": said, "scale": ROOMY, "axis": alt.Axis(format=form, tickCount=6)}
    ticks = [base.mark_tick(thickness=3, size=ROW - 3, opacity=1).encode(x=alt.X(f"{tick[0]}:Q", **x))] if tick else []
    bars, points = with_intervals(base, name, x, rater_shape(study))
    return layered(guide(at), bars, *ticks, points)


def cell_forest(
    study: Study,
    table: pd.DataFrame,
    name: str,
    title: str,
    *,
    form: str,
    more: Sequence[tuple[str, str, str]],
    at: float = 0.0,
    tick: tuple[str, str] | None = None,
    span: tuple[float, float] = (0.0, 0.0),
) -> Chart:
    """Draw a figure with its interval for every judge and attribute, and a second one as ticks (column, name).

    The dashed line stands ``at`` the value that means nothing; the axis holds it, and all of ``span``. Each of ``more``
    is a column with its type, its name and its format for who points at a mark.
    """
    frame = defined(labelled(study, table), name)
    drawn = [name, f"{name}_low", f"{name}_high", *([tick[0]] if tick else [])]
    return Chart(
        _cell_forest(study, name, title, at=at, form=form, more=tuple(more), tick=tick),
        {ROWS: frame},
        forest_height(len(raters_in(study, table)), len(attributes_in(study, table))),
        {"x": span_of(frame, drawn, *span, at)},
    )
