"""Use verdicts: as matrices whose cells open their reasons, with their rules."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from analysis.findings.reasons import interval_in_short, other_criteria, reason, robustness, what_would_change
from analysis.findings.verdicts import hardest_first
from analysis.outputs.matrices import turned
from analysis.ratings.settings import Selection
from analysis.wording.vocabulary import USE, verdict_look
from pages.components.drilldown import address_behind, label_of
from pages.components.matrix import CELL, Cell, Heading, Opened, Row, show_matrix
from pages.components.pickers import rows_of
from pages.components.tables import show_table
from pages.components.view import View

_REASONS = ["judge", "attribute", "use", "verdict", "reason", "change"]
# As many as are read from first to last; more are looked up in a table.
_MOST_READ = 28


def show_use(view: View, verdicts: pd.DataFrame, use: str) -> None:
    """Draw the verdicts on one use, judges across and attributes down, the hardest first.

    Where judges have no room across, and attributes are fewer, it is the other way round.
    """
    of_use = verdicts[verdicts["use"] == use]
    cells = {(row["judge"], row["attribute"]): row for _, row in of_use.iterrows()}
    judges, attributes = view.selection.every_judge, hardest_first(verdicts, use)
    down_judges = turned(len(judges), len(attributes))
    headings: dict[str, Callable[[str], Heading]] = {"judge": partial(_of_judge, view), "attribute": _of_attribute}
    down, across = ("judge", "attribute") if down_judges else ("attribute", "judge")
    names = {"judge": judges, "attribute": attributes}
    show_matrix(
        view,
        f"verdicts {use}",
        USE[use][1],
        [Heading(down.capitalize()), *(headings[across](name) for name in names[across])],
        [
            Row(
                headings[down](name),
                [_cell(view, cells[(name, other) if down_judges else (other, name)]) for other in names[across]],
                _opened(view, rows_of(of_use, **{down: name}), view.selection),
            )
            for name in names[down]
        ],
    )


def show_card(view: View, chosen: Selection, rows: str) -> None:
    """Draw the verdicts of one judge or on one attribute: uses across; down what ``rows`` names, of the other."""
    verdicts = view.table("verdicts", chosen)
    cells = {(row[rows], row["use"]): row for _, row in verdicts.iterrows()}
    heading = partial(_of_judge, view) if rows == "judge" else _of_attribute
    show_matrix(
        view,
        "verdicts",
        "Verdicts on every use",
        [Heading(rows.capitalize()), *(Heading(label) for label, _, _ in USE.values())],
        [
            Row(
                heading(key),
                [_cell(view, cells[key, use]) for use in USE],
                _opened(view, rows_of(verdicts, **{rows: key}), chosen),
            )
            for key in dict.fromkeys(verdicts[rows])
        ],
    )


def show_reasons(view: View, verdicts: pd.DataFrame, name: str) -> None:
    """Offer the reason for each verdict with its figures, and what would change it."""
    every = st.expander(
        "The reason for each verdict, and what would change it",
        icon=":material/help:",
        key=f"reasons {name}",
        on_change="rerun",
    )
    if not every.open:
        return
    settings = view.settings
    said = verdicts.assign(
        reason=[reason(view.study, row, settings) for _, row in verdicts.iterrows()],
        change=[what_would_change(view.study, row) for _, row in verdicts.iterrows()],
    )
    figures = [column for column in verdicts if column not in _REASONS]
    with every:
        if len(said) <= _MOST_READ:
            st.markdown("\n".join(_line(view, row) for _, row in said.iterrows()))
        show_table(
            said[[*_REASONS, *figures]],
            view,
            "Use verdicts and their reasons",
            name=name,
        )


def _line(view: View, row: pd.Series) -> str:
    """Say a verdict and all that stands behind it as an item of a list."""
    about = f"{view.study.rater(row['judge'])} on {row['attribute']}, {USE[row['use']][0].lower()}"
    return f"- **{about}: {verdict_look(row['verdict']).word}.** {row['reason']} {row['change']}".rstrip()


def _looked_at(view: View) -> tuple[str, str] | None:
    """Return the judge and attribute whose cell is chosen, or that are alone on screen; else None."""
    chosen = view.selection
    judge, attribute = (st.query_params.get(name) for name in CELL)
    if len(chosen.every_judge) == len(chosen.attributes) == 1:
        return chosen.every_judge[0], chosen.attributes[0]
    return (judge, attribute) if judge in chosen.every_judge and attribute in chosen.attributes else None


def _opened(view: View, rows: pd.DataFrame, chosen: Selection) -> Opened | None:
    """Return the reasons for those of some verdicts that are of the chosen cell, if any.

    ``chosen`` is what the verdicts allow for, where they allow for how many are looked at.
    """
    looked_at = _looked_at(view)
    if looked_at is None:
        return None
    judge, attribute = looked_at
    found = rows_of(rows, judge=judge, attribute=attribute)
    if found.empty:
        return None
    cell = dict(zip(CELL, looked_at, strict=True))
    criteria = rows_of(view.table("criteria", chosen), judge=judge, attribute=attribute)
    return Opened(
        f"Why: {view.study.rater(judge)} on {attribute}",
        [
            (
                f"{USE[row['use']][0]}: {verdict_look(row['verdict']).word.lower()}.",
                f"{reason(view.study, row, view.settings)} {what_would_change(view.study, row)} "
                f"{other_criteria(view.study, criteria, row, view.settings)}".rstrip(),
            )
            for _, row in found.iterrows()
        ],
        label_of(view.study, cell),
        f"conversations?{urlencode(address_behind(view, cell))}",
    )


def _cell(view: View, row: pd.Series) -> Cell:
    seen = verdict_look(row["verdict"])
    judge, attribute = row["judge"], row["attribute"]
    name = (
        f"{seen.word}. {view.study.rater(judge)} on {attribute}, {USE[row['use']][0].lower()}: "
        f"{interval_in_short(row)}. {robustness(row)}"
    )
    cell = tuple(zip(CELL, (judge, attribute), strict=True))
    return Cell(seen, row["verdict"], name, cell, _looked_at(view) == (judge, attribute))


def _of_judge(view: View, judge: str) -> Heading:
    return Heading(view.study.rater(judge), "one_judge", (("cell_judge", judge),))


def _of_attribute(attribute: str) -> Heading:
    return Heading(attribute, "one_attribute", (("cell_attribute", attribute),))
