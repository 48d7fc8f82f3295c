"""Charts of the intraclass correlations."""

import math

import altair as alt
import pandas as pd

from analysis.agreement.experts import further_of
from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    cells_height,
    defined,
    forest_height,
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
    span_of,
    with_intervals,
)
from analysis.wording.vocabulary import CHOICE, READING, TEXT, UNDEFINED, Look, choice_label, look
from data.study import Study

_NEAR_EDGE = 0.75
COEFFICIENTS = {"icc_c1": "Consistency, ICC(C,1)", "icc_a1": "Agreement, ICC(A,1)"}
# Two lines for each judge are narrower than one would be.
_NARROW = 11
_AXIS = {"scale": alt.Scale(nice=False, clamp=True), "axis": alt.Axis(format=".1f", tickCount=6)}


def reading_heatmap(study: Study, table: pd.DataFrame) -> Chart:
    """Judge x attribute: the reading as icon and word, with ICC(C,1) and its interval under it."""
    looks = [look(reading) for reading in table["reading"].where(table["reading"].notna(), None)]
    values = zip(looks, table["icc_c1"], table["icc_c1_low"], table["icc_c1_high"], strict=True)
    cells = [_cell(*each) for each in values]
    lines = max((len(cell) for cell in cells), default=3)
    frame = labelled(study, table).assign(
        colour=[each.colour for each in looks],
        word=[each.word for each in looks],
        **{f"line{line + 1}": [cell[line] if line < len(cell) else "" for cell in cells] for line in range(lines)},
    )
    known = _readings(study, len(raters_in(study, table)), lines)
    return Chart(known, {ROWS: frame}, cells_height(len(attributes_in(study, table)), lines))


@kept
def _readings(study: Study, judges: int, lines: int) -> alt.LayerChart:
    tooltip = [*_tooltip("icc_c1"), alt.Tooltip("word:N", title="Reading")]
    colours = list(dict.fromkeys(each.colour for each in (*READING.values(), UNDEFINED)))
    # A reading over several bands has the colour of its lowest, and a word of its own.
    colour = alt.Color("colour:N", scale=alt.Scale(domain=colours, range=colours), legend=None)
    return judge_cells(study, judges, colour, tooltip, lines=lines)


def _cell(reading: Look, value: float, low: float, high: float) -> list[str]:
    """Say a reading and its ICC in lines: a reading over several bands takes two of them."""
    if math.isnan(value):
        return [f"{UNDEFINED.icon} undefined"]
    last_band = [f"to {reading.word.split(' to ')[1]}"] if " to " in reading.word else []
    interval = [] if math.isnan(low) else [f"{low:z.2f}…{high:z.2f}"]
    return [f"{reading.icon} {reading.short}", *last_band, f"{value:z.2f}", *interval]


def forest(study: Study, table: pd.DataFrame, coefficient: str) -> Chart:
    """Every judge and attribute on one line, with the interval of one coefficient (a key of ``COEFFICIENTS``).

    Where the table has what one more expert would reach (``further_c1``, ``further_a1``), that is a line in each row.
    """
    frame = defined(labelled(study, table), coefficient)
    attributes, further = attributes_in(study, table), further_of(coefficient)
    low, _ = span_of(frame, [f"{coefficient}_low", f"{coefficient}_high"], 0.0)
    rows = {ROWS: frame}
    if further in frame:
        known = defined(frame.drop_duplicates("attribute"), further)[["attribute", further]]
        # The first is named; near the right edge the words would be cut off.
        rows |= {"further": known, "named": known[known["attribute"].isin(attributes[:1])]}
    edge = "named" in rows and bool((rows["named"][further] > _NEAR_EDGE).any())
    return Chart(
        _forest(study, coefficient, further if further in frame else "", edge),
        rows,
        forest_height(len(raters_in(study, table)), len(attributes)),
        {"x": (max(-1.0, low), 1.0)},
    )


@kept
def _forest(study: Study, coefficient: str, further: str, edge: bool) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("judge:N", sort=list(study.rater_labels.values())),
        color=rater_colour(study),
        tooltip=_tooltip(coefficient),
    )
    x = {"title": COEFFICIENTS[coefficient], **_AXIS}
    lines = _further_lines(study, further, "right" if edge else "center") if further else ()
    return layered(*with_intervals(base, coefficient, x, rater_shape(study)), *lines)


def _further_lines(study: Study, further: str, align: str) -> tuple[alt.Chart, alt.Chart]:
    """Draw a line across each attribute at what one more expert would reach, the first with its name."""
    top = row("attribute", study.attribute_names, bandPosition=0)
    tooltip = [
        alt.Tooltip("attribute:N", title="Attribute"),
        alt.Tooltip(f"{further}:Q", title="One more expert", format=".2f"),
    ]
    x = alt.X(f"{further}:Q", scale=_AXIS["scale"])
    line = (
        of("further")
        .mark_rule(strokeWidth=2, strokeDash=[5, 3], color=WORDS)
        .encode(x=x, y=top, y2=alt.Y2("attribute:N", bandPosition=1), tooltip=tooltip)
    )
    name = (
        of("named")
        .mark_text(align=align, baseline="bottom", dy=-2, fontSize=TEXT - 1, color=WORDS)
        .encode(x=x, y=top, text=alt.value("one more expert"), tooltip=tooltip)
    )
    return line, name


def intervals_side_by_side(study: Study, table: pd.DataFrame, coefficient: str, by: str) -> Chart:
    """One judge's coefficient on every attribute with its interval, a row for each value of a choice (``by``)."""
    names = {key: choice_label(study, by, key) for key in CHOICE[by]}
    frame = defined(labelled(study, table).assign(kind=table[by].map(names)), coefficient)
    low, _ = span_of(frame, [f"{coefficient}_low"], 0.0)
    return Chart(
        _side_by_side(study, coefficient, by),
        {ROWS: frame},
        forest_height(table[by].nunique(), len(attributes_in(study, table))),
        {"x": (max(-1.0, low), 1.0)},
    )


@kept
def _side_by_side(study: Study, coefficient: str, by: str) -> alt.LayerChart:
    kinds = [choice_label(study, by, key) for key in CHOICE[by]]
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=rater_colour(study, legend=None),
        tooltip=[alt.Tooltip("kind:N", title=by.capitalize()), *_tooltip(coefficient)],
    )
    x = {"title": COEFFICIENTS[coefficient], **_AXIS}
    return layered(*with_intervals(base, coefficient, x, kind_shape("kind", kinds), size=60))


def consistency_against_agreement(study: Study, table: pd.DataFrame) -> Chart:
    """ICC(C,1) above ICC(A,1) of every judge and attribute, each with its interval.

    Where they part, a judge ranks better than it scores.
    """
    frame = defined(labelled(study, table), "icc_c1", "icc_a1")
    long = pd.concat(
        [
            frame.assign(
                coefficient=COEFFICIENTS[name],
                line=frame["judge"] + name,
                value=frame[name],
                low=frame[f"{name}_low"],
                high=frame[f"{name}_high"],
            )
            for name in COEFFICIENTS
        ],
        ignore_index=True,
    )
    low, _ = span_of(long, ["value", "low"], 0.0)
    return Chart(
        _both(study),
        {ROWS: long},
        forest_height(2 * len(raters_in(study, table)), len(attributes_in(study, table)), _NARROW),
        {"x": (max(-1.0, low), 1.0)},
    )


@kept
def _both(study: Study) -> alt.LayerChart:
    lines = [f"{label}{name}" for label in study.rater_labels.values() for name in COEFFICIENTS]
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("line:N", sort=lines),
        color=rater_colour(study),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("coefficient:N", title="Coefficient"),
            alt.Tooltip("value:Q", title="Value", format=".2f"),
            *interval_tooltip("low", "high", ".2f"),
            *_COUNTS,
        ],
    )
    x = {"title": ["Consistency, ICC(C,1): open marks", "Agreement, ICC(A,1): full marks"], **_AXIS}
    bars, points = with_intervals(base, "value", x, rater_shape(study), size=60, stem="")
    # Open marks let the interval through; the ground of the chart fills them.
    opened = points.transform_filter(
        alt.FieldEqualPredicate(field="coefficient", equal=COEFFICIENTS["icc_c1"])
    ).mark_point(size=45, filled=False, fill=alt.ExprRef("background"), strokeWidth=2, opacity=1)
    return layered(bars, points, opened)


_COUNTS = (
    alt.Tooltip("n_targets:Q", title="Targets", format=","),
    alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
)


def _tooltip(coefficient: str) -> list[alt.Tooltip]:
    return [
        *CELL_TOOLTIP,
        alt.Tooltip(f"{coefficient}:Q", title=COEFFICIENTS[coefficient], format=".2f"),
        *interval_tooltip(f"{coefficient}_low", f"{coefficient}_high", ".2f"),
        *_COUNTS,
    ]
