"""Sheets on which experts rate replies: a workbook for each, with the rubric, which a study reads as it comes back."""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.own.describing import slug
from data.study import Scale, Study, System

# What tells whose a reply is, or how the judge rated it, is there to be read back and not to be seen.
HIDDEN = ("system", "rater", "probability")
SHOWN = ("item", "message", "reply")
RUBRIC, RATINGS = "Rubric", "Ratings"
# The most signs that a cell of Excel holds.
LONGEST = 32_767
# A scale of more points is given by its ends.
_MOST_LISTED = 25
_WIDTHS = {"item": 12, "message": 60, "reply": 80}
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_TOP = Alignment(wrap_text=True, vertical="top")


def assigned(replies: pd.DataFrame, experts: Sequence[str], each: int, seed: int) -> dict[str, pd.DataFrame]:
    """Share replies out in an order of chance: each to so many experts, those with fewest of them so far.

    Of experts with as many, those go together who have had fewest replies in common, so that all can be compared.
    ``each`` is at most the number of experts. Returned by expert, rows in the order in which they are to be rated.
    """
    shuffled = replies.iloc[np.random.default_rng(seed).permutation(len(replies))].reset_index(drop=True)
    load, common = np.zeros(len(experts)), np.zeros((len(experts), len(experts)))
    mine: list[list[int]] = [[] for _ in experts]
    for place in range(len(shuffled)):
        chosen: list[int] = []
        for _ in range(each):
            # What is in common decides between those alone who have as many.
            price = load + common[chosen].sum(0) / (1 + common.sum())
            price[chosen] = np.inf
            chosen.append(int(price.argmin()))
        for expert in chosen:
            mine[expert].append(place)
        load[chosen] += 1
        common[np.ix_(chosen, chosen)] += 1
    return {expert: shuffled.iloc[at].reset_index(drop=True) for expert, at in zip(experts, mine, strict=True)}


def workbook(study: Study, replies: pd.DataFrame, expert: str) -> bytes:
    """Write the workbook of one expert.

    Parameters
    ----------
    study
        Its attributes with their meanings, and its scale.
    replies
        ``item, system, message, reply``, and ``probability`` where replies were drawn; a row each.
    expert
        Stands in the column ``rater``.
    """
    book = Workbook()
    _write_rubric(book.active, study, len(replies))
    _write_ratings(book.create_sheet(RATINGS), study, replies.assign(rater=expert))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def study_file(study: Study, experts: Sequence[str], systems: Sequence[str]) -> str:
    """Write the ``study.toml`` that the sheets are read with; ``systems`` are those with replies on the sheets."""
    scale = study.scale
    lines = [
        f"title = {_quoted(study.title)}",
        "",
        "[scale]",
        *(f"{name} = {getattr(scale, name):g}" for name in ("low", "high", "poor", "good", "step")),
        "",
        "[experts]",
        f"raters = [{', '.join(map(_quoted, experts))}]",
        "",
        "[item]",
        f"one = {_quoted(study.item.one)}",
        f"many = {_quoted(study.item.many)}",
    ]
    for each in study.attributes:
        lines += ["", "[[attributes]]", f"name = {_quoted(each.name)}", f"meaning = {_quoted(each.meaning)}"]
    for key in systems:
        known = next((each for each in study.systems if each.key == key), System(key, key))
        lines += ["", "[[systems]]", f"key = {_quoted(key)}", f"label = {_quoted(known.label)}"]
        lines += [f"maker = {_quoted(known.maker)}"] if known.maker else []
        lines += ["by_people = true"] if known.by_people else []
    return "\n".join([*lines, ""])


def file_names(experts: Sequence[str]) -> Iterator[str]:
    """Name the workbook of each expert, no two alike."""
    taken: set[str] = set()
    for expert in experts:
        name = stem = f"ratings_{slug(expert)}"
        number = 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        yield f"{name}.xlsx"


def rubric_lines(study: Study, replies: int) -> list[tuple[str, ...]]:
    """Return the lines of the rubric, of one cell or of two."""
    scale = study.scale
    return [
        ("How to rate",),
        (f"Rate {replies:,} {'reply' if replies == 1 else 'replies'} on the sheet “{RATINGS}”, a row each.",),
        (f"Rate each attribute by itself, in {scale.points}: {scale.low:g} is the worst, {scale.high:g} the best.",),
        ("Rate what the reply says. How long it is, and who may have written it, do not count.",),
        ("Leave a cell empty where you cannot tell. Do not discuss a reply before all have rated it.",),
        ("",),
        ("What is rated", "What it asks of a reply"),
        *((each.name, each.meaning) for each in study.attributes),
    ]


def _write_rubric(sheet: Worksheet, study: Study, replies: int) -> None:
    sheet.title = RUBRIC
    for row, line in enumerate(rubric_lines(study, replies), start=1):
        for column, text in enumerate(line, start=1):
            _put(sheet.cell(row, column), text)
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[7]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 90
    sheet.column_dimensions["B"].width = 70
    sheet.protection.sheet = True


def _write_ratings(sheet: Worksheet, study: Study, replies: pd.DataFrame) -> None:
    names = [*SHOWN, *study.attribute_names, *(name for name in HIDDEN if name in replies)]
    for column, name in enumerate(names, start=1):
        head = sheet.cell(1, column)
        _put(head, name)
        head.font, head.fill = Font(bold=True), _HEAD
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = _WIDTHS.get(name, 16), name in HIDDEN
    first = len(SHOWN) + 1
    for row, reply in enumerate(replies.to_dict("records"), start=2):
        for column, name in enumerate(names, start=1):
            cell = sheet.cell(row, column)
            if name in study.attribute_names:
                cell.protection = Protection(locked=False)
                cell.alignment = Alignment(horizontal="center", vertical="top")
            else:
                _put(cell, reply[name])
    last = sheet.cell(len(replies) + 1, first + len(study.attributes) - 1).coordinate
    allowed = _allowed(study.scale)
    allowed.add(f"{sheet.cell(2, first).coordinate}:{last}")
    sheet.add_data_validation(allowed)
    sheet.freeze_panes = sheet.cell(2, 2)
    sheet.protection.sheet = True


def _allowed(scale: Scale) -> DataValidation:
    """Allow the points of the scale, and empty cells."""
    if scale.whole and len(scale.values) <= _MOST_LISTED:
        listed = ",".join(f"{value:g}" for value in scale.values)
        made = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
    else:
        kind = "whole" if scale.whole and scale.step == 1 else "decimal"
        made = DataValidation(kind, operator="between", formula1=f"{scale.low:g}", formula2=f"{scale.high:g}")
        made.allow_blank = True
    made.showErrorMessage, made.errorTitle = True, "Not on the scale"
    made.error = f"Allowed are {scale.points}, or an empty cell."
    return made


def _put(cell: Cell, value: object) -> None:
    """Put a value into a cell; a text stays a text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = None if pd.isna(value) else value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:LONGEST]
    cell.data_type = "s"
    # Otherwise Excel takes it for a formula as soon as the cell is edited.
    cell.style = "Normal"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    cell.alignment = _TOP


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
