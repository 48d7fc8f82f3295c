"""Charts of agreement on single replies under an assumed reliability of the experts' ratings."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    DASHED,
    ROWS,
    WORDS,
    Chart,
    attributes_in,
    defined,
    forest_height,
    guide,
    interval_tooltip,
    kept,
    kind_shape,
    labelled,
    layered,
    rater_colour,
    row,
    span_of,
    with_intervals,
)
from analysis.wording.vocabulary import ASSUMED_SHAPE, TEXT, WOULD_BE
from data.study import Study

_ROW = 13


def assumed_agreement(study: Study, table: pd.DataFrame, supported: float, checked: float) -> Chart:
    """Draw one judge's ICC(A,1) at each assumed reliability, with intervals and both thresholds of the criterion."""
    frame = defined(labelled(study, table), "assumed_a1")
    said = {
        each: f"reliability {each:g}{', as it is' if each == 1 else ''}" for each in set(frame["assumed_reliability"])
    }
    kinds = tuple(said[each] for each in sorted(said))
    frame = frame.assign(kind=frame["assumed_reliability"].map(said), criterion=frame["would_be"].map(WOULD_BE))
    low, _ = span_of(frame, ["assumed_a1_low", "assumed_a1"], 0.0)
    return Chart(
        _look(study, kinds, supported, checked),
        {ROWS: frame},
        forest_height(len(kinds), len(attributes_in(study, table)), _ROW),
        {"x": (max(-1.0, low), 1.0)},
    )


@kept
def _look(study: Study, kinds: tuple[str, ...], supported: float, checked: float) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("kind:N", sort=list(kinds)),
        color=rater_colour(study, legend=None),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("assumed_reliability:Q", title="Assumed reliability", format=".1f"),
            alt.Tooltip("assumed_a1:Q", title="ICC(A,1), if so", format=".2f"),
            *interval_tooltip("assumed_a1_low", "assumed_a1_high", ".2f"),
            alt.Tooltip("criterion:N", title="Criterion would be"),
        ],
    )
    x = {
        "title": "Agreement on single replies, ICC(A,1), if so",
        "scale": alt.Scale(nice=False, clamp=True),
        "axis": alt.Axis(format=".1f", tickCount=6),
    }
    marks = with_intervals(base, "assumed_a1", x, kind_shape("kind", kinds, ASSUMED_SHAPE), size=60)
    # Either name stands on its own side of the lines: on a telephone there is no room between them.
    names = [
        guide(bound)
        .mark_text(align=align, baseline="bottom", dy=-3, fontSize=TEXT - 1, color=WORDS)
        .encode(y=alt.value(0), text=alt.value(said))
        for bound, align, said in ((checked, "right", "with checks"), (supported, "left", "supported"))
    ]
    return layered(guide(checked, **DASHED), guide(supported, **DASHED), *marks, *names)
