"""Charts of judges beside single experts."""

import altair as alt
import pandas as pd

from analysis.agreement.left_out_expert import columns_of
from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROOMY,
    ROWS,
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
from analysis.charts.icc import COEFFICIENTS
from analysis.wording.vocabulary import expert_signs
from data.study import Study


def judge_less_expert(study: Study, table: pd.DataFrame, coefficient: str) -> Chart:
    """Draw one judge's coefficient (a key of ``icc.COEFFICIENTS``) less each left-out expert's, with intervals."""
    *_, name = columns_of(coefficient)
    frame = defined(labelled(study, table), name)
    frame = frame.assign(expert=frame["expert"].map(study.expert_labels))
    return Chart(
        _look(study, coefficient),
        {ROWS: frame},
        forest_height(table["expert"].nunique(), len(attributes_in(study, table))),
        {"x": span_of(frame, [name, f"{name}_low", f"{name}_high"], 0.0)},
    )


@kept
def _look(study: Study, coefficient: str) -> alt.LayerChart:
    judge, expert, name = columns_of(coefficient)
    signs = list(expert_signs(study).values())
    experts = [sign.label for sign in signs]
    base = alt.Chart().encode(
        y=row("attribute", study.attribute_names),
        yOffset=alt.YOffset("expert:N", sort=experts),
        color=rater_colour(study, legend=None),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("expert:N", title="Expert left out"),
            alt.Tooltip(f"{judge}:Q", title="Judge with the others", format=".2f"),
            alt.Tooltip(f"{expert}:Q", title="Expert with the others", format=".2f"),
            alt.Tooltip(f"{name}:Q", title="Difference", format="+.2f"),
            *interval_tooltip(f"{name}_low", f"{name}_high", "+.2f"),
            alt.Tooltip("n_compared:Q", title="Replies compared", format=","),
        ],
    )
    title = f"Judge less expert: {COEFFICIENTS[coefficient][0].lower()}{COEFFICIENTS[coefficient][1:]}"
    x = {"title": title, "scale": ROOMY, "axis": alt.Axis(format="+.2~f", tickCount=5)}
    marks = with_intervals(base, name, x, kind_shape("expert", experts, [sign.shape for sign in signs]))
    return layered(guide(0.0), *marks)
