"""Charts of the intraclass correlations."""

import math

import altair as alt
import pandas as pd

from analysis.agreement.experts import further_of
from analysis.charts.drawing import (
    CELL_TOOLTIP,
    LEGEND,
    WORDS,
    attributes_in,
    forest_height,
    interval_tooltip,
    judge_cells,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from analysis.wording.vocabulary import CHOICE, SERIES_COLOUR, SERIES_SHAPE, TEXT, UNDEFINED, Look, choice_label, look
from data.study import Study

_NEAR_EDGE = 0.75
COEFFICIENTS = {"icc_c1": "Consistency, ICC(C,1)", "icc_a1": "Agreement, ICC(A,1)"}


def reading_heatmap(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Judge x attribute: the reading as icon and word, with ICC(C,1) under it."""
    looks = [look(reading) for reading in table["reading"].where(table["reading"].notna(), None)]
    cells = [_cell(each, value) for each, value in zip(looks, table["icc_c1"], strict=True)]
    lines = max((len(cell) for cell in cells), default=2)
    frame = labelled(study, table).assign(word=[each.word for each in looks])
    for line in range(lines):
        frame[f"line{line + 1}"] = [cell[line] if line < len(cell) else "" for cell in cells]
    known = dict.fromkeys((each.word, each.colour) for each in looks)
    colour = alt.Color(
        "word:N",
        scale=alt.Scale(domain=[word for word, _ in known], range=[colour for _, colour in known]),
        legend=None,
    )
    return judge_cells(
        study,
        table,
        frame,
        colour=colour,
        tooltip=[*_tooltip("icc_c1"), alt.Tooltip("word:N", title="Reading")],
        lines=lines,
    )


def _cell(reading: Look, value: float) -> list[str]:
    """Say a reading and its ICC in lines: a reading over several bands takes two of them."""
    if math.isnan(value):
        return [f"{UNDEFINED.icon} undefined"]
    last_band = [f"to {reading.word.split(' to ')[1]}"] if " to " in reading.word else []
    return [f"{reading.icon} {reading.short}", *last_band, f"{value:.2f}"]


def forest(study: Study, table: pd.DataFrame, coefficient: str) -> alt.LayerChart:
    """Every judge and attribute on one line, with the interval of one coefficient (a key of ``COEFFICIENTS``).

    Where the table has what one more expert would reach (``further_c1``, ``further_a1``), that is a line in each row.
    """
    judges, attributes = raters_in(study, table), attributes_in(study, table)
    low, high = f"{coefficient}_low", f"{coefficient}_high"
    frame = labelled(study, table).dropna(subset=coefficient)
    edges = [0.0, 1.0, *frame[low].dropna(), *frame[high].dropna()]
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("judge:N", sort=judges),
        color=rater_colour(study, "judge", judges),
    )
    scale = alt.Scale(domain=[max(-1.0, min(edges)), 1.0], nice=False, clamp=True)
    bars = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X(f"{low}:Q", scale=scale, title=COEFFICIENTS[coefficient], axis=alt.Axis(format=".1f", tickCount=6)),
        x2=alt.X2(f"{high}:Q"),
        tooltip=_tooltip(coefficient),
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X(f"{coefficient}:Q"), shape=rater_shape(study, "judge", judges), tooltip=_tooltip(coefficient)
    )
    further = further_of(coefficient)
    lines = _further_lines(frame, attributes, further, scale) if further in frame else ()
    return layered(frame, bars, points, *lines, height=forest_height(len(judges), len(attributes)))


def _further_lines(
    frame: pd.DataFrame, attributes: list[str], further: str, scale: alt.Scale
) -> tuple[alt.Chart, alt.Chart]:
    """Draw a line across each attribute at what one more expert would reach, the first with its name."""
    known = frame.drop_duplicates("attribute").dropna(subset=further)[["attribute", further]]
    row = {"sort": attributes, "axis": row_axis(), "scale": alt.Scale(paddingInner=0.25)}
    base = alt.Chart(known).encode(
        x=alt.X(f"{further}:Q", scale=scale),
        tooltip=[
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip(f"{further}:Q", title="One more expert", format=".2f"),
        ],
    )
    line = base.mark_rule(strokeWidth=2, strokeDash=[5, 3], color=WORDS).encode(
        y=alt.Y("attribute:N", bandPosition=0, **row), y2=alt.Y2("attribute:N", bandPosition=1)
    )
    shown = [name for name in attributes if name in set(known["attribute"])]
    # Near the right edge the words would be cut off.
    edge = bool((known.loc[known["attribute"].isin(shown[:1]), further] > _NEAR_EDGE).any())
    name = (
        base.transform_filter(alt.FieldEqualPredicate(field="attribute", equal=shown[0] if shown else ""))
        .mark_text(align="right" if edge else "center", baseline="bottom", dy=-2, fontSize=TEXT - 1, color=WORDS)
        .encode(y=alt.Y("attribute:N", bandPosition=0, **row), text=alt.value("one more expert"))
    )
    return line, name


def intervals_side_by_side(study: Study, table: pd.DataFrame, coefficient: str, by: str) -> alt.LayerChart:
    """One judge's coefficient on every attribute with its interval, a row for each value of a choice (``by``)."""
    attributes = attributes_in(study, table)
    present = set(table[by])
    names = {key: choice_label(study, by, key) for key in CHOICE[by] if key in present}
    kinds = list(names.values())
    frame = labelled(study, table).dropna(subset=coefficient).assign(kind=table[by].map(names))
    low, high = f"{coefficient}_low", f"{coefficient}_high"
    edges = [0.0, *frame[low].dropna()]
    scale = alt.Scale(domain=[max(-1.0, min(edges)), 1.0], nice=False, clamp=True)
    number = len(kinds)
    colour = alt.Color(
        "kind:N", title=None, legend=LEGEND, scale=alt.Scale(domain=kinds, range=list(SERIES_COLOUR[:number]))
    )
    shape = alt.Shape(
        "kind:N", title=None, legend=LEGEND, scale=alt.Scale(domain=kinds, range=list(SERIES_SHAPE[:number]))
    )
    tooltip = [alt.Tooltip("kind:N", title=by.capitalize()), *_tooltip(coefficient)]
    base = alt.Chart().encode(
        y=alt.Y("attribute:N", sort=attributes, axis=row_axis(), scale=alt.Scale(paddingInner=0.3)),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        color=colour,
        tooltip=tooltip,
    )
    axis = alt.Axis(format=".1f", tickCount=6)
    bars = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X(f"{low}:Q", scale=scale, title=COEFFICIENTS[coefficient], axis=axis), x2=alt.X2(f"{high}:Q")
    )
    points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X(f"{coefficient}:Q"), shape=shape)
    return layered(frame, bars, points, height=forest_height(number, len(attributes)))


def consistency_against_agreement(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """ICC(C,1) against ICC(A,1): below the diagonal a judge ranks better than it scores."""
    judges = raters_in(study, table)
    frame = labelled(study, table).dropna(subset=["icc_c1", "icc_a1"])
    frame["gap"] = frame["icc_c1"] - frame["icc_a1"]
    widest = frame.nlargest(1, "gap")
    start = min(0.0, *frame["icc_c1"], *frame["icc_a1"]) if len(frame) else 0.0
    scale = alt.Scale(domain=[start, 1.0], nice=False)
    diagonal = (
        alt.Chart(pd.DataFrame({"x": [start, 1.0], "y": [start, 1.0]}))
        .mark_line(strokeDash=[4, 4], color="#7a8694")
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
    )
    x = alt.X("icc_c1:Q", scale=scale, title=COEFFICIENTS["icc_c1"], axis=alt.Axis(tickCount=5, format=".1f"))
    y = alt.Y("icc_a1:Q", scale=scale, title=COEFFICIENTS["icc_a1"], axis=alt.Axis(tickCount=5, format=".1f"))
    points = (
        alt.Chart()
        .mark_point(size=90, filled=True, opacity=0.9)
        .encode(
            x=x,
            y=y,
            color=rater_colour(study, "judge", judges),
            shape=rater_shape(study, "judge", judges),
            tooltip=[*_tooltip("icc_c1"), alt.Tooltip("icc_a1:Q", title=COEFFICIENTS["icc_a1"], format=".2f")],
        )
    )
    names = (
        alt.Chart(widest)
        .mark_text(align="right", dx=-9, fontSize=TEXT, color=WORDS)
        .encode(x=x, y=y, text=alt.Text("attribute:N"))
    )
    return layered(frame, diagonal, points, names, height=420)


def _tooltip(coefficient: str) -> list[alt.Tooltip]:
    return [
        *CELL_TOOLTIP,
        alt.Tooltip(f"{coefficient}:Q", title=COEFFICIENTS[coefficient], format=".2f"),
        *interval_tooltip(f"{coefficient}_low", f"{coefficient}_high", ".2f"),
        alt.Tooltip("n_targets:Q", title="Targets", format=","),
        alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=","),
    ]
