"""Tables, charts and verdicts of the analysis as blocks of a report."""

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from analysis.charts.drawing import Chart
from analysis.findings.false_reassurance import mixture_finding
from analysis.findings.reasons import interval_in_short
from analysis.findings.verdicts import answer, hardest_first
from analysis.outputs.matrices import ACROSS, turned
from analysis.outputs.sheets import heading, in_words, sheet
from analysis.outputs.view import View
from analysis.ratings.settings import Selection
from analysis.report.document import Block, Cell, Figure, Head, Matrix, Notice, Paragraph, Table, plain
from analysis.wording.vocabulary import USE, verdict_look
from data.study import Study


def answer_of(view: View) -> Iterator[Paragraph]:
    """Say what judges may be used for, and what decides how many poor replies they let pass."""
    said = answer(view.study, view.table("verdicts"), view.table("reassurance"), view.selection.models)
    yield Paragraph(plain(said, "strong"))
    if mixture := mixture_finding(view.study, view.table("reassurance_by_model")):
        yield Paragraph(plain(mixture))


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


def matrices_of(
    study: Study, verdicts: pd.DataFrame, chosen: Selection, uses: Sequence[str], *, with_intervals: bool
) -> tuple[Matrix, ...]:
    """Lay out the verdicts on uses, one below the other, judges across and attributes down.

    Where judges have no room across, and attributes are fewer, it is the other way round; what has no room beside the
    rest then is a matrix of its own.
    """
    rows = {(row["use"], row["judge"], row["attribute"]): row for _, row in verdicts.iterrows()}
    judges, attributes = chosen.every_judge, chosen.attributes
    down_judges = turned(len(judges), len(attributes))

    def group(use: str, across: Sequence[str]) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
        if down_judges:
            cells = {study.rater(down): [rows[use, down, name] for name in across] for down in judges}
        else:
            cells = {name: [rows[use, judge, name] for judge in across] for name in hardest_first(verdicts, use)}
        return tuple(
            (name, tuple(_cell(row, with_interval=with_intervals) for row in some)) for name, some in cells.items()
        )

    what = ", with the interval that decides" if with_intervals else ""
    parts = _beside_each_other(attributes if down_judges else judges)
    return tuple(
        Matrix(
            caption=f"Verdict on each judge and attribute{what}{f', {place} of {len(parts)}' if parts[1:] else ''}",
            heads=("Judge", *across) if down_judges else ("Attribute", *map(study.rater, across)),
            groups=tuple((f"{USE[use][1]} That is, {USE[use][2]}.", group(use, across)) for use in uses),
        )
        for place, across in enumerate(parts, start=1)
    )


def _beside_each_other(names: Sequence[str]) -> list[Sequence[str]]:
    """Part what stands across into as few stretches as have room, of nearly the same length."""
    n = -(-len(names) // ACROSS)
    return [names[len(names) * place // n : len(names) * (place + 1) // n] for place in range(n)]


def _cell(row: pd.Series, *, with_interval: bool) -> Cell:
    seen = verdict_look(row["verdict"])
    return Cell(seen.icon, seen.short, interval_in_short(row) if with_interval else "", seen.colour)
