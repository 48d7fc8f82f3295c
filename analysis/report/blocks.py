"""Tables, charts and verdicts of the analysis as blocks of a report."""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.charts.drawing import Chart
from analysis.findings.false_reassurance import mixture_finding
from analysis.findings.reasons import interval_in_short
from analysis.findings.verdicts import answer, hardest_first
from analysis.outputs.sheets import heading, in_words, sheet
from analysis.outputs.view import View
from analysis.ratings.settings import Selection
from analysis.report.document import Block, Cell, Figure, Head, Matrix, Notice, Paragraph, Table, plain
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study


def answer_of(view: View) -> Paragraph:
    """Say what judges may be used for, and what decides how many poor replies they let pass."""
    said = answer(view.study, view.table("verdicts"), view.table("reassurance"))
    mixture = mixture_finding(view.study, view.table("reassurance_by_model"))
    return Paragraph((*plain(said, "strong"), *(plain(f" {mixture}") if mixture else ())))


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
    spec = draw(study, frame, *choices).to_dict()
    # The look is the page's that it is printed on; what the library would set is for a page of its own.
    spec.pop("config", None)
    return Figure(finding, spec)


def matrix_of(
    study: Study, verdicts: pd.DataFrame, chosen: Selection, uses: Sequence[str], *, with_intervals: bool
) -> Matrix:
    """Lay out the verdicts on uses, one below the other, judges across and attributes down."""
    rows = {(row["use"], row["judge"], row["attribute"]): row for _, row in verdicts.iterrows()}
    judges = chosen.every_judge

    def group(use: str) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
        return tuple(
            (name, tuple(_cell(rows[use, judge, name], with_interval=with_intervals) for judge in judges))
            for name in hardest_first(verdicts, use)
        )

    what = ", with the interval that decides" if with_intervals else ""
    return Matrix(
        caption=f"Verdict on each judge and attribute{what}",
        heads=("Attribute", *(study.rater(judge) for judge in judges)),
        groups=tuple((f"{USE[use][1]} That is, {USE[use][2]}.", group(use)) for use in uses),
    )


def _cell(row: pd.Series, *, with_interval: bool) -> Cell:
    seen = verdict_look(row["verdict"])
    return Cell(seen.icon, seen.short, interval_in_short(row) if with_interval else "", seen.colour)
