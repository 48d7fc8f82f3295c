"""Use verdicts: as matrices whose cells open their reasons, with their rules."""

from functools import partial

import pandas as pd
import streamlit as st

from analysis.findings.reasons import firmness, interval_in_short, reason, what_would_change, why
from analysis.findings.verdicts import hardest_first, rules
from analysis.wording import study_text
from analysis.wording.vocabulary import USE, verdict_look
from pages.components.drilldown import link_to
from pages.components.matrix import CELL, Cell, Heading, show_matrix
from pages.components.tables import show_table
from pages.components.view import View

_REASONS = ["judge", "attribute", "use", "verdict", "reason", "change"]
# As many as are read from first to last; more are looked up in a table.
_MOST_READ = 28


def show_use(view: View, verdicts: pd.DataFrame, use: str) -> None:
    """Draw the verdicts on one use, judges across and attributes down, the hardest first."""
    cells = {(row["judge"], row["attribute"]): row for _, row in verdicts[verdicts["use"] == use].iterrows()}
    judges = view.selection.every_judge
    show_matrix(
        view,
        f"verdicts {use}",
        USE[use][1],
        [Heading("Attribute"), *(_of_judge(view, judge) for judge in judges)],
        [
            (_of_attribute(attribute), [_cell(view, cells[judge, attribute]) for judge in judges])
            for attribute in hardest_first(verdicts, use)
        ],
    )


def show_card(view: View, verdicts: pd.DataFrame, rows: str) -> None:
    """Draw the verdicts of one judge or on one attribute: uses across; down what ``rows`` names, of the other."""
    cells = {(row[rows], row["use"]): row for _, row in verdicts.iterrows()}
    heading = partial(_of_judge, view) if rows == "judge" else _of_attribute
    show_matrix(
        view,
        "verdicts",
        "Verdicts on every use",
        [Heading(rows.capitalize()), *(Heading(label) for label, _, _ in USE.values())],
        [(heading(key), [_cell(view, cells[key, use]) for use in USE]) for key in dict.fromkeys(verdicts[rows])],
    )


def looked_at(view: View) -> tuple[str, str] | None:
    """Return the judge and attribute whose cell is chosen, or that are alone on screen; else None."""
    chosen = view.selection
    judge, attribute = (st.query_params.get(name) for name in CELL)
    if len(chosen.every_judge) == len(chosen.attributes) == 1:
        return chosen.every_judge[0], chosen.attributes[0]
    return (judge, attribute) if judge in chosen.every_judge and attribute in chosen.attributes else None


def show_why(view: View, verdicts: pd.DataFrame, judge: str, attribute: str) -> None:
    """Say why one judge has its verdicts on one attribute, and what would change them."""
    rows = verdicts[(verdicts["judge"] == judge) & (verdicts["attribute"] == attribute)]
    st.subheader(f"Why: {view.study.rater(judge)} on {attribute}")
    st.markdown(why(view.study, rows, view.settings))
    link_to(view, {"cell_judge": judge, "cell_attribute": attribute})


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


def show_thresholds(view: View) -> None:
    """Offer the rules of the verdicts with their bounds, and where these come from."""
    with st.expander("The thresholds, and where they come from", icon=":material/rule_settings:"):
        st.markdown(rules(view.settings))
        st.markdown(study_text(view.study, "overview", "thresholds"))
        st.markdown(f"**How the figures behind verdicts are made:** {'; '.join(view.choices())}.")


def _line(view: View, row: pd.Series) -> str:
    """Say a verdict and all that stands behind it as an item of a list."""
    about = f"{view.study.rater(row['judge'])} on {row['attribute']}, {USE[row['use']][0].lower()}"
    return f"- **{about}: {verdict_look(row['verdict']).word}.** {row['reason']} {row['change']}".rstrip()


def _cell(view: View, row: pd.Series) -> Cell:
    seen = verdict_look(row["verdict"])
    judge, attribute = row["judge"], row["attribute"]
    name = (
        f"{seen.word}. {view.study.rater(judge)} on {attribute}, {USE[row['use']][0].lower()}: "
        f"{interval_in_short(row)}. {firmness(row)}"
    )
    cell = tuple(zip(CELL, (judge, attribute), strict=True))
    return Cell(seen, row["verdict"], name, cell, looked_at(view) == (judge, attribute))


def _of_judge(view: View, judge: str) -> Heading:
    return Heading(view.study.rater(judge), "one_judge", (("cell_judge", judge),))


def _of_attribute(attribute: str) -> Heading:
    return Heading(attribute, "one_attribute", (("cell_attribute", attribute),))
