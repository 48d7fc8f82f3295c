"""Charts of halo and of the multitrait-multimethod matrix."""

import altair as alt
import pandas as pd

from analysis.agreement.multitrait import BETWEEN, of_judges
from analysis.charts.drawing import (
    EDGE,
    LINE,
    ROWS,
    Chart,
    attributes_in,
    defined,
    diverging,
    heading_axis,
    interval_tooltip,
    kept,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row,
    row_axis,
    with_intervals,
)
from analysis.wording.vocabulary import INK
from data.study import HUMAN, Study

_ROW = 46
# Correlations of single replies are rarely larger.
# A narrower chart has no room for intervals within cells.
_ROOMY = 500
_FULL = 0.75


def same_rating(study: Study, table: pd.DataFrame) -> Chart:
    """Draw how often each judge, and the experts with it, rate a reply the same on all attributes, with intervals."""
    judges = defined(of_judges(table), "same_difference")
    shares = ("same", "same_low", "same_high")
    parts = [
        judges[["judge", "n_whole"]].assign(
            whose=whose,
            rater=HUMAN if whose == "human" else judges["judge"],
            **{name: judges[name.replace("same", f"same_{whose}", 1)] for name in shares},
        )
        for whose in ("human", "judge")
    ]
    frame = labelled(study, pd.concat(parts, ignore_index=True))
    return Chart(_same(study), {ROWS: frame}, _ROW * max(1, len(raters_in(study, judges))))


@kept
def _same(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("judge", list(study.rater_labels.values())),
        yOffset=alt.YOffset("whose:N", sort=["human", "judge"]),
        # Rows are named, and a legend would take more room on a telephone than the rows.
        color=rater_colour(study, "rater", None),
        tooltip=[
            alt.Tooltip("rater:N", title="Rater"),
            alt.Tooltip("same:Q", title="Same rating on all", format=".0%"),
            *interval_tooltip("same_low", "same_high", ".0%"),
            alt.Tooltip("n_whole:Q", title="Replies", format=","),
        ],
    )
    x = {
        "title": ["Replies rated the same", "on all attributes", "(grey crosses: the experts)"],
        "scale": alt.Scale(domain=[0, 1], nice=False),
        "axis": alt.Axis(format="%", tickCount=5),
    }
    return layered(*with_intervals(base, "same", x, rater_shape(study, "rater", None), size=80))


def matrix_cells(study: Study, table: pd.DataFrame) -> Chart:
    """Draw one judge's attributes (rows) against the experts' (columns): validity outlined, a row's largest in bold."""
    between = defined(table[table["part"] == BETWEEN], "r")
    largest = between.groupby("attribute")["r"].transform("max") == between["r"]
    frame = labelled(study, between).assign(
        said=[f"{value:z.2f}" for value in between["r"]],
        interval=[
            "" if pd.isna(low) else f"{low:z.2f}…{high:z.2f}"
            for low, high in zip(between["r_low"], between["r_high"], strict=True)
        ],
        validity=between["attribute"] == between["other_attribute"],
        largest=largest,
    )
    columns = len(attributes_in(study, between, "other_attribute"))
    look = _matrix(study, columns, " and ".join(raters_in(study, between)))
    return Chart(look, {ROWS: frame}, (2 * LINE + 6) * len(attributes_in(study, between)))


@kept
def _matrix(study: Study, columns: int, judges: str) -> alt.LayerChart:
    names = list(study.attribute_names)
    base = alt.Chart().encode(
        x=alt.X("other_attribute:N", sort=names, axis=_titled(heading_axis(names, columns), study.rater(HUMAN))),
        y=alt.Y("attribute:N", sort=names, axis=_titled(row_axis(), judges)),
        tooltip=[
            alt.Tooltip("judge:N", title="Judge"),
            alt.Tooltip("attribute:N", title="Judge's attribute"),
            alt.Tooltip("other_attribute:N", title="Experts' attribute"),
            alt.Tooltip("r:Q", title="Correlation", format=".2f"),
            *interval_tooltip("r_low", "r_high", ".2f"),
        ],
    )
    inside = alt.RelativeBandSize(band=0.93)
    cells = base.mark_rect(**EDGE).encode(color=diverging("r", _FULL))
    outline = base.transform_filter("datum.validity").mark_rect(
        filled=False, stroke=INK, strokeWidth=2, width=inside, height=inside
    )
    narrow = f"width < {_ROOMY}"
    words = [
        base.transform_filter(f"{sign}datum.largest")
        .mark_text(
            color=INK,
            fontSize=alt.ExprRef("width < 300 ? 10 : 14"),
            fontWeight=weight,
            baseline="middle",
            dy=alt.ExprRef(f"{narrow} ? 0 : {-LINE / 2}"),
        )
        .encode(text="said:N")
        for sign, weight in (("", "bold"), ("!", "normal"))
    ]
    intervals = base.mark_text(
        color=INK, fontSize=alt.ExprRef(f"{narrow} ? 0 : 12"), baseline="middle", dy=LINE / 2
    ).encode(text="interval:N")
    return layered(cells, outline, *words, intervals)


def _titled(axis: alt.Axis, title: str) -> alt.Axis:
    """Say above or beside the names of attributes whose they are."""
    axis["title"] = title
    return axis
