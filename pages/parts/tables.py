"""Tables on screen and as CSV, with where they come from."""

from typing import Any

import pandas as pd
import streamlit as st

from analysis.vocabulary import look, models_named
from pages.parts.columns import COLUMNS, WORDS, Column
from pages.parts.view import View
from pages.parts.wording import meaning

UNDEFINED = "undefined"


def show_table(frame: pd.DataFrame, view: View, title: str, *, name: str, pinned: tuple[str, ...] = ()) -> None:
    """Draw a table that can be sorted, and under it its download with where it comes from.

    Parameters
    ----------
    frame
        Columns of ``COLUMNS``, numbers unrounded.
    title
        What the table is, for readers and for the download.
    name
        The file's name without ending, and part of the button's key.
    pinned
        Columns that stay in sight when the table is scrolled.
    """
    config = {column: _config(frame[column], COLUMNS[column], pinned=column in pinned) for column in frame.columns}
    st.dataframe(
        _in_words(frame), column_config=config, hide_index=True, width="stretch", placeholder=UNDEFINED, alt=title
    )
    st.download_button(
        "Download table (CSV)",
        data=lambda: csv(frame, view, title),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv {name}",
        on_click="ignore",
        icon=":material/download:",
    )


def csv(frame: pd.DataFrame, view: View, title: str) -> str:
    """Write a table with leading comment lines: source, revision, filters, settings, and what the columns mean."""
    about = [
        *view.trace(title),
        *(f"Column {name}: {COLUMNS[name].label}. {meaning(COLUMNS[name].term)}" for name in frame),
    ]
    return "".join(f"# {line}\n" for line in about) + frame.to_csv(index=False, lineterminator="\n")


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    words = {name: frame[name].map(known) for name, known in WORDS.items() if name in frame}
    for name in ("best_human", "best_judge"):
        if name in frame:
            words[name] = frame[name].map(models_named, na_action="ignore")
    for name in ("reading", "reading_a1"):
        if name in frame:
            looks = [look(reading) for reading in frame[name].astype(object).where(frame[name].notna(), None)]
            words[name] = pd.Series([f"{each.icon} {each.word}" for each in looks], index=frame.index)
    return frame.assign(**words)


def _config(values: pd.Series, column: Column, *, pinned: bool) -> Any:
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(
            column.label, help=meaning(column.term), pinned=pinned, format=column.format
        )
    return st.column_config.TextColumn(column.label, help=meaning(column.term), pinned=pinned)
