"""Charts of what readings and coefficients rest on."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    Chart,
    attributes_in,
    cells_height,
    defined,
    diverging,
    heading_axis,
    interval_tooltip,
    judge_cells,
    kept,
    labelled,
    models_in,
    raters_in,
    row_axis,
    text_cells,
)
from analysis.wording.vocabulary import READING
from data.study import Study


def tiers_heatmap(study: Study, table: pd.DataFrame, names: dict[str, str]) -> Chart:
    """Judge x attribute: the most likely reading over resampled studies, and how likely it is.

    ``names`` maps the table's columns of probabilities to the readings that they are of.
    """
    known = defined(table, *names)
    likely = known[list(names)].idxmax(axis=1).map(names)
    looks = likely.map(READING)
    frame = labelled(study, known).assign(
        word=[look.short for look in looks],
        line1=[f"{look.icon} {look.short}" for look in looks],
        line2=known[list(names)].max(axis=1).map("{:.0%}".format),
    )
    look = _tiers(study, len(raters_in(study, table)), tuple(names.items()))
    return Chart(look, {ROWS: frame}, cells_height(len(attributes_in(study, table)), lines=2))


@kept
def _tiers(study: Study, judges: int, names: tuple[tuple[str, str], ...]) -> alt.LayerChart:
    words = {READING[reading].short: READING[reading].colour for _, reading in names}
    colour = alt.Color("word:N", scale=alt.Scale(domain=list(words), range=list(words.values())), legend=None)
    shares = [alt.Tooltip(f"{column}:Q", title=READING[reading].word, format=".0%") for column, reading in names]
    return judge_cells(study, judges, colour, [*CELL_TOOLTIP, *shares], lines=2)


def influence_heatmap(study: Study, table: pd.DataFrame, coefficient: str) -> Chart:
    """Model x attribute: how one judge's coefficient moves without that model."""
    shift = f"shift_{coefficient.removeprefix('icc_')}"
    rows = defined(table, shift).rename(columns={"left_out": "model"})
    frame = labelled(study, rows).assign(line1=[f"{value:+z.2f}" for value in rows[shift]])
    look = _influence(study, coefficient, shift, len(attributes_in(study, rows)))
    return Chart(look, {ROWS: frame}, cells_height(len(models_in(study, rows))))


@kept
def _influence(study: Study, coefficient: str, shift: str, attributes: int) -> alt.LayerChart:
    names = list(study.attribute_names)
    return text_cells(
        alt.X("attribute:N", sort=names, title=None, axis=heading_axis(names, attributes)),
        alt.Y("model:N", sort=list(study.system_labels.values()), axis=row_axis()),
        diverging(shift, 0.5),
        [
            alt.Tooltip("model:N", title="Left out"),
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip(f"{coefficient}:Q", title="Without it", format=".2f"),
            *interval_tooltip(f"{coefficient}_low", f"{coefficient}_high", ".2f"),
            alt.Tooltip(f"{shift}:Q", title="Moves by", format="+.2f"),
        ],
        small=10,
    )
