"""Use verdicts on a page: as matrices whose cells lead to the cards, with their reasons and their rules."""

from functools import partial

import pandas as pd
import streamlit as st

from analysis.findings.reasons import firmness, firmness_in_short, interval_in_short, reason, what_would_change, why
from analysis.findings.verdicts import rules
from analysis.wording import study_text
from analysis.wording.vocabulary import USE, verdict_look
from pages.components.drilldown import link_to
from pages.components.matrix import Cell, Heading, show_matrix
from pages.components.tables import show_table
from pages.components.view import View

_REASONS = ["judge", "attribute", "use", "verdict", "reason", "change"]
# As many as are read from first to last; more are looked up in a table.
_MOST_READ = 28


def show_use(view: View, verdicts: pd.DataFrame, use: str) -> None:
    """Draw the verdicts on one use, judges across and attributes down."""
    cells = {(row["judge"], row["attribute"]): row for _, row in verdicts[verdicts["use"] == use].iterrows()}
    judges, attributes = view.selection.every_judge, view.selection.attributes
    show_matrix(
        view,
        f"verdicts {use}",
        USE[use][1],
        [Heading("Attribute"), *(_of_judge(view, judge) for judge in judges)],
        [
            (_of_attribute(attribute), [_cell(view, cells[judge, attribute], "judge") for judge in judges])
            for attribute in attributes
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
        [(heading(key), [_cell(view, cells[key, use], rows) for use in USE]) for key in dict.fromkeys(verdicts[rows])],
    )


def show_why(view: View, verdicts: pd.DataFrame, judge: str, attribute: str) -> None:
    """Say why one judge has its verdicts on one attribute, and what would change them."""
    rows = verdicts[(verdicts["judge"] == judge) & (verdicts["attribute"] == attribute)]
    st.subheader(f"Why: {view.study.rater(judge)} on {attribute}")
    st.markdown(why(view.study, rows, view.settings))
    link_to(view, {"cell_judge": judge, "cell_attribute": attribute})


def show_reasons(view: View, verdicts: pd.DataFrame, name: str) -> None:
    """Offer the reason for each verdict with its figures, and what would change it."""
    settings = view.settings
    said = verdicts.assign(
        reason=[reason(view.study, row, settings) for _, row in verdicts.iterrows()],
        change=[what_would_change(view.study, row) for _, row in verdicts.iterrows()],
    )
    figures = [column for column in verdicts if column not in _REASONS]
    with st.expander("The reason for each verdict, and what would change it", icon=":material/help:"):
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


def _cell(view: View, row: pd.Series, leads_to: str) -> Cell:
    seen = verdict_look(row["verdict"])
    judge, attribute = (("cell_judge", row["judge"]), ("cell_attribute", row["attribute"]))
    why = reason(view.study, row, view.settings)
    name = (
        f"{seen.word}. {view.study.rater(row['judge'])} on {row['attribute']}, {USE[row['use']][0].lower()}: {why} "
        f"{firmness(row)}"
    )
    return Cell(
        seen,
        row["verdict"],
        interval_in_short(row),
        firmness_in_short(row),
        name,
        leads_to,
        (judge, attribute),
    )


def _of_judge(view: View, judge: str) -> Heading:
    return Heading(view.study.rater(judge), "judge", (("cell_judge", judge),))


def _of_attribute(attribute: str) -> Heading:
    return Heading(attribute, "attribute", (("cell_attribute", attribute),))
