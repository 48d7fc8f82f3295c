"""Charts of halo and of the multitrait-multimethod matrix."""

import altair as alt
import pandas as pd

from analysis.agreement.multitrait import BETWEEN, of_judges
from analysis.charts.drawing import (
    FURNITURE,
    HEADINGS,
    LINE,
    attributes_in,
    diverging,
    heading_axis,
    interval_tooltip,
    labelled,
    layered,
    rater_colour,
    rater_shape,
    raters_in,
    row_axis,
)
from analysis.wording.vocabulary import INK
from data.study import HUMAN, Study

_ROW = 46
# Correlations of single replies are rarely larger.
_FULL = 0.75


def same_rating(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw how often each judge, and the experts with it, rate a reply the same on all attributes, with intervals."""
    judges = of_judges(table).dropna(subset="same_difference")
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
    order, raters = raters_in(study, judges), [study.rater(HUMAN), *raters_in(study, judges)]
    base = alt.Chart().encode(
        y=alt.Y("judge:N", sort=order, axis=row_axis(), scale=alt.Scale(paddingInner=0.25)),
        yOffset=alt.YOffset("whose:N", sort=["human", "judge"]),
        # Rows are named, and a legend would take more room on a telephone than the rows.
        color=rater_colour(study, "rater", raters).legend(None),
        tooltip=[
            alt.Tooltip("rater:N", title="Rater"),
            alt.Tooltip("same:Q", title="Same rating on all", format=".0%"),
            *interval_tooltip("same_low", "same_high", ".0%"),
            alt.Tooltip("n_whole:Q", title="Replies", format=","),
        ],
    )
    x = alt.X(
        "same_low:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        title=["Replies with the same rating on all attributes", "(grey crosses: the experts)"],
        axis=alt.Axis(format="%", tickCount=5),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(x=x, x2=alt.X2("same_high:Q"))
    points = base.mark_point(size=80, filled=True, opacity=1).encode(
        x=alt.X("same:Q"), shape=rater_shape(study, "rater", raters).legend(None)
    )
    return layered(frame, bars, points, height=_ROW * len(order) + FURNITURE)


def matrix_cells(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw one judge's attributes (rows) against the experts' (columns): validity outlined, a row's largest in bold."""
    between = table[table["part"] == BETWEEN].dropna(subset="r")
    rows = attributes_in(study, between)
    present = set(between["other_attribute"])
    columns = [name for name in study.attribute_names if name in present]
    largest = between.groupby("attribute")["r"].transform("max") == between["r"]
    frame = labelled(study, between).assign(
        said=between["r"].map("{:z.2f}".format),
        validity=between["attribute"] == between["other_attribute"],
        largest=largest,
    )
    base = alt.Chart().encode(
        x=alt.X("other_attribute:N", sort=columns, axis=_titled(heading_axis(columns), study.rater(HUMAN))),
        y=alt.Y("attribute:N", sort=rows, axis=_titled(row_axis(), " and ".join(raters_in(study, between)))),
        tooltip=[
            alt.Tooltip("judge:N", title="Judge"),
            alt.Tooltip("attribute:N", title="Judge's attribute"),
            alt.Tooltip("other_attribute:N", title="Experts' attribute"),
            alt.Tooltip("r:Q", title="Correlation", format=".2f"),
            *interval_tooltip("r_low", "r_high", ".2f"),
        ],
    )
    inside = alt.RelativeBandSize(band=0.93)
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(color=diverging("r", _FULL))
    outline = base.transform_filter("datum.validity").mark_rect(
        filled=False, stroke=INK, strokeWidth=2, width=inside, height=inside
    )
    words = [
        base.transform_filter(f"{sign}datum.largest")
        .mark_text(color=INK, fontSize=alt.ExprRef("width < 300 ? 11 : 14"), fontWeight=weight, baseline="middle")
        .encode(text="said:N")
        for sign, weight in (("", "bold"), ("!", "normal"))
    ]
    return layered(frame, cells, outline, *words, height=(2 * LINE + 6) * len(rows) + HEADINGS + LINE)


def _titled(axis: alt.Axis, title: str) -> alt.Axis:
    """Say above or beside the names of attributes whose they are."""
    axis["title"] = title
    return axis
