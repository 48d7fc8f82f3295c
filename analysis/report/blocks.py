"""Tables, charts and verdicts of the analysis as blocks of a report."""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.charts.drawing import Chart
from analysis.findings.reasons import interval_in_short
from analysis.outputs.sheets import heading, in_words, sheet
from analysis.ratings.settings import Selection
from analysis.report.document import Block, Cell, Figure, Head, Matrix, Notice, Table, plain
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study


def table_of(study: Study, frame: pd.DataFrame, caption: str, widths: Sequence[int] = ()) -> Block:
    """Make a table of known columns, numbers in words; without rows a notice that says so."""
    if frame.empty:
        return Notice(plain(f"{caption}: nothing on screen fits the filters."))
    numbers = set(sheet(study, frame).select_dtypes("number"))
    said = in_words(study, frame)
    heads = tuple(Head(heading(study, name).label, heading(study, name).term, name in numbers) for name in said)
    rows = tuple(tuple(map(plain, row)) for row in said.itertuples(index=False))
    return Table(caption, heads, rows, tuple(widths))


def figure_of(
    draw: Callable[..., Chart],
    study: Study,
    frame: pd.DataFrame,
    *choices: object,
    finding: str,
    data: pd.DataFrame | None = None,
) -> Block:
    """Draw one of the dashboard's charts; where there is nothing to draw, its finding alone says so.

    ``data`` holds the figures in the chart where ``frame`` has others beside them.
    """
    figures = (frame if data is None else data).select_dtypes("float")
    if figures.dropna(how="all").empty:
        return Notice(plain(finding))
    spec = draw(study, frame, *choices).to_dict(validate=False)
    # The look is the page's that it is printed on; what the library would set is for a page of its own.
    spec.pop("config", None)
    return Figure(finding, spec)


def matrix_of(study: Study, verdicts: pd.DataFrame, use: str, chosen: Selection) -> Matrix:
    """Lay out the verdicts on one use, judges across and attributes down."""
    rows = {(row["judge"], row["attribute"]): row for _, row in verdicts[verdicts["use"] == use].iterrows()}
    judges = chosen.every_judge
    return Matrix(
        caption=f"{USE[use][0]}: verdict on each judge and attribute, with the interval that decides",
        heads=("Attribute", *(study.rater(judge) for judge in judges)),
        rows=tuple(
            (attribute, tuple(_cell(rows[judge, attribute]) for judge in judges)) for attribute in chosen.attributes
        ),
    )


def _cell(row: pd.Series) -> Cell:
    seen = verdict_look(row["verdict"])
    return Cell(seen.icon, seen.short, interval_in_short(row), seen.colour)
