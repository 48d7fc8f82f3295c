"""Charts of what readings and coefficients rest on."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    attributes_in,
    diverging,
    heading_axis,
    interval_tooltip,
    judge_cells,
    labelled,
    models_in,
    row_axis,
    text_cells,
)
from analysis.wording.vocabulary import READING
from data.study import Study


def firmness_heatmap(study: Study, table: pd.DataFrame, names: dict[str, str]) -> alt.LayerChart:
    """Judge x attribute: the most likely reading over resampled studies, and how likely it is.

    ``names`` maps the table's columns of probabilities to the readings that they are of.
    """
    known = table.dropna(subset=list(names))
    likely = known[list(names)].idxmax(axis=1).map(names)
    looks = likely.map(READING)
    frame = labelled(study, known).assign(
        word=[look.short for look in looks],
        line1=[f"{look.icon} {look.short}" for look in looks],
        line2=known[list(names)].max(axis=1).map("{:.0%}".format),
    )
    words = {READING[reading].short: READING[reading].colour for reading in names.values()}
    colour = alt.Color("word:N", scale=alt.Scale(domain=list(words), range=list(words.values())), legend=None)
    shares = [
        alt.Tooltip(f"{column}:Q", title=READING[reading].word, format=".0%") for column, reading in names.items()
    ]
    return judge_cells(
        study,
        table,
        frame,
        colour=colour,
        tooltip=[*CELL_TOOLTIP, *shares],
        lines=2,
    )


def influence_heatmap(study: Study, table: pd.DataFrame, coefficient: str) -> alt.LayerChart:
    """Model x attribute: how one judge's coefficient moves without that model."""
    shift = f"shift_{coefficient.removeprefix('icc_')}"
    rows = table.dropna(subset=shift).rename(columns={"left_out": "model"})
    models, attributes = models_in(study, rows), attributes_in(study, rows)
    frame = labelled(study, rows).assign(line1=(rows[shift].round(2) + 0.0).map("{:+.2f}".format))
    return text_cells(
        frame,
        x=alt.X("attribute:N", sort=attributes, title=None, axis=heading_axis(attributes)),
        y=alt.Y("model:N", sort=models, axis=row_axis()),
        colour=diverging(shift, 0.5),
        rows=len(models),
        tooltip=[
            alt.Tooltip("model:N", title="Left out"),
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip(f"{coefficient}:Q", title="Without it", format=".2f"),
            *interval_tooltip(f"{coefficient}_low", f"{coefficient}_high", ".2f"),
            alt.Tooltip(f"{shift}:Q", title="Moves by", format="+.2f"),
        ],
    )
