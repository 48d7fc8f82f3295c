"""The ledger of data errors on screen: counted, along the files, and entry by entry down to the raw cell."""

import pandas as pd
import streamlit as st

from analysis.charts.data_errors import errors_along_files
from analysis.evidence.data_errors import context_table, entries_of, error_bands, error_counts
from analysis.findings.data_errors import contexts_finding, where_finding
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import ERROR_LABEL
from data.data_errors import without_cells
from pages.components.content_notice import offer_care
from pages.components.drilldown import link_to
from pages.components.figures import show_figure
from pages.components.plain_text import show_plain
from pages.components.source import offer_ratings
from pages.components.tables import show_table
from pages.components.view import View

EVERY = "every"
NONE = "none"
COUNTED_BY = {"kind": "Kind", "file": "File", "rater": "Rater", "model": "Model", "attribute": "Attribute"}
# What a source without single entries knows of its files.
KNOWN_OF_FILES = ("kind", "file", "rater")
_COLUMNS = ["file", "row", "column", "kind", "raw", "conversation", "rater", "model", "attribute"]
_DONE = ["as_released", "valid"]


def show_counts(view: View, totals: pd.DataFrame) -> None:
    """Count the data errors by what the reader picks."""
    ratings = view.dataset.ratings
    offered = list(COUNTED_BY) if ratings else KNOWN_OF_FILES
    by = view.filters.one(
        "count_by",
        "Count by",
        offered,
        "file",
        say=COUNTED_BY.__getitem__,
        explained=meaning(view.study, "n_cells"),
        form="row",
    )
    title = f"Data errors by {COUNTED_BY[by].lower()}"
    if ratings:
        counts = error_counts(entries_of(ratings.ledger, view.selection), by)
    else:
        counts = totals.groupby(by, sort=False)["n"].sum().reset_index()
    show_table(counts, view, title, name="error-counts")


def show_ledger(view: View) -> None:
    """Show where data errors stand, and every entry; where the source has none, say how to get them."""
    ratings = view.dataset.ratings
    if ratings is None:
        offer_ratings(view.study)
        return
    entries = entries_of(ratings.ledger, view.selection)
    st.header("Where do they stand?")
    bands = error_bands(entries, ratings.conversations)
    show_figure(
        errors_along_files, bands, finding=where_finding(view.study, bands), view=view, name="where", data=bands
    )
    st.markdown(study_text(view.study, "data-errors", "where"))

    st.header(f"{view.study.item.many.capitalize()} that differ between files")
    differing = context_table(ratings, view.selection)
    st.markdown(f"**{contexts_finding(view.study, differing)}**")
    show_table(differing, view, "Conversations that differ between files", name="differing")
    st.markdown(study_text(view.study, "data-errors", "contexts"))

    st.header("Every data error")
    st.markdown(study_text(view.study, "data-errors", "ledger"))
    offer_care(view.study)
    narrowed = _narrow(view, entries)
    with_cells = st.checkbox("With the whole text of each cell", help=meaning(view.study, "raw"))
    listed = narrowed if with_cells else without_cells(narrowed)
    columns = [*_COLUMNS, *(["cell"] if with_cells else []), *_DONE]
    show_table(listed[columns], view, "Ledger of data errors", name="ledger")
    _show_entry(view, entries, narrowed)


def _narrow(view: View, entries: pd.DataFrame) -> pd.DataFrame:
    """Let the reader narrow the ledger by kind, file, rater and model."""
    study = view.study
    narrowed_by: dict[str, dict[str, str]] = {
        "kind": ERROR_LABEL,
        "file": {},
        "rater": study.rater_labels,
        "model": study.system_labels,
    }
    for (name, words), column in zip(narrowed_by.items(), st.columns(len(narrowed_by)), strict=True):
        there = set(entries[name]) - {""}
        known = [key for key in words if key in there] or sorted(there)
        with column:
            chosen = view.filters.one(
                f"error_{name}",
                COUNTED_BY[name],
                [EVERY, *known],
                EVERY,
                say=({EVERY: "All"} | {key: words.get(key, key) for key in known}).__getitem__,
                reset=("entry",),
            )
        if chosen != EVERY:
            entries = entries[entries[name] == chosen]
    return entries


def _show_entry(view: View, entries: pd.DataFrame, narrowed: pd.DataFrame) -> None:
    """Let the reader go down to one cell; its text is closed until it is opened."""
    places = entries["file"] + ":" + entries["row"].astype(str) + ":" + entries["column"]
    offered = dict.fromkeys(places[narrowed.index])
    # An entry that a link asks for is shown whatever the filters leave.
    asked = st.query_params.get("entry")
    if asked in set(places):
        offered.setdefault(asked)
    picked = view.filters.one(
        "entry", "One entry", [NONE, *offered], NONE, say=_said, explained=meaning(view.study, "sheet_row")
    )
    if picked == NONE:
        return
    found = entries[places == picked]
    show_table(without_cells(found)[[*_COLUMNS, *_DONE]], view, "Entries at this place", name="entry")
    first = found.iloc[0]
    if first["kind"] in ("same-text", "different"):
        st.info(study_text(view.study, "data-errors", "context-entry"))
    else:
        opened = st.expander("The raw cell", icon=":material/article:", key="raw cell", on_change="rerun")
        if opened.open:
            with opened:
                show_plain(first["cell"] or "The cell is empty.", f"the cell at {_said(picked)}")
    link_to(view, {"conversation": str(first["conversation"])})


def _said(place: str) -> str:
    if place == NONE:
        return "None"
    file, row, column = place.rsplit(":", 2)
    return f"{file}, row {row}, {column}"
