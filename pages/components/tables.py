"""Tables on screen and as CSV, with where they come from."""

from itertools import takewhile
from typing import Any

import pandas as pd
import streamlit as st

from analysis.column import Column
from analysis.outputs.columns import glossary
from analysis.outputs.sheets import UNDEFINED, heading, sheet
from analysis.wording import meaning, study_text
from data.study import Study
from pages.components.drilldown import CONVERSATION, TELLING, cell_of, link_to
from pages.components.view import View

# Pixels: a sentence of a table takes at most five lines of this width.
_SENTENCE, _LINES = 300, 116
# A table of so many rows stands in full: four judges on seven attributes. Longer ones scroll.
_IN_FULL = 28
# The grid makes a column as wide as its first rows are. Pixels: a letter, and what stands around a word.
_LOOKED_AT, _LETTER, _AROUND = 10, 7, 24
# Letters of the longest words that a column makes room for.
_LONGEST = 40


def show_table(frame: pd.DataFrame, view: View, title: str, *, name: str) -> None:
    """Draw a table that can be sorted, and under it its download with where it comes from.

    What a row is about stays in sight when the table is scrolled. A chosen cell offers the conversations behind it, and
    does not go there by itself: who walks through the table by keyboard chooses every cell on the way.

    Parameters
    ----------
    frame
        Columns of the glossary, numbers unrounded.
    title
        What the table is, for readers and for the download.
    name
        The file's name without ending, and part of the button's key.
    """
    chosen = draw_grid(frame, view, title, key=f"table {name}", on_select="rerun", selection_mode="single-cell")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        offer_csv(frame, view, title, name=name)
        if view.of_conversations and any(name in frame for name in (*TELLING, CONVERSATION)):
            cells = chosen.selection["cells"]
            for row, column in cells:
                link_to(view, cell_of(view.study, frame.iloc[row].to_dict(), column))
            if not cells:
                st.caption(study_text(view.study, "shared", "behind"))


def draw_grid(frame: pd.DataFrame, view: View, title: str, **selecting: Any) -> Any:
    """Draw a table that can be sorted, and give what is selected in it.

    ``selecting`` is what the grid takes for cells or rows that can be selected.
    """
    seen = sheet(view.study, frame)
    heads = {column: heading(view.study, column) for column in seen}
    shares = [column for column, head in heads.items() if _is_share(head.format)]
    # The grid pins nothing where what is pinned would fill most of it.
    pinned = list(takewhile(lambda column: heads[column].role == "key", seen))[:2] or [seen.columns[0]]
    shown = seen.assign(**{column: 100 * seen[column] for column in shares})
    return st.dataframe(
        shown.assign(**{column: _unsigned(shown[column], heads[column].format) for column in shown}),
        column_config={
            column: _config(view.study, seen[column], head, pinned=column in pinned) for column, head in heads.items()
        },
        height="content" if len(seen) <= _IN_FULL else "auto",
        row_height=_LINES if any(head.sentences for head in heads.values()) else None,
        hide_index=True,
        width="stretch",
        placeholder=UNDEFINED,
        alt=title,
        **selecting,
    )


def offer_csv(frame: pd.DataFrame, view: View, title: str, *, name: str) -> None:
    """Offer a table as CSV with where it comes from; arguments as for :func:`show_table`."""
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
    known = glossary(view.study)
    about = [
        *view.trace(title),
        *(f"Column {name}: {known[name].label}. {meaning(view.study, known[name].term)}" for name in frame),
    ]
    return "".join(f"# {line}\n" for line in about) + frame.to_csv(index=False, lineterminator="\n")


def _config(study: Study, values: pd.Series, column: Column, *, pinned: bool) -> Any:
    said = meaning(study, column.term)
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(
            column.label, help=said, pinned=pinned, format=_printf(_digits(values, column.format))
        )
    width = _SENTENCE if column.sentences else _width(values, column.label)
    return st.column_config.TextColumn(column.label, help=said, pinned=pinned, width=width)


def _width(values: pd.Series, label: str) -> int | None:
    """Give the width of words, where the grid would cut the longest.

    It looks at the first rows alone, and passes over those that are more than twice as long as the average. Whole texts
    stay cut, so that what stands beside them is in sight; they open at a click.
    """
    lengths = [0 if pd.isna(value) else len(str(value)) for value in values]
    looked_at = lengths[:_LOOKED_AT]
    usual = 2 * sum(looked_at) / max(len(looked_at), 1)
    seen = max([len(label), *(length for length in looked_at if length <= usual)])
    longest = max(lengths, default=0)
    return _LETTER * longest + _AROUND if seen < longest <= _LONGEST else None


def _digits(values: pd.Series, form: str | None) -> str | None:
    """Give the format of a column; ratings that are not means are whole numbers, and look like them."""
    return ".0f" if form == ".2f" and pd.api.types.is_integer_dtype(values) else form


def _printf(form: str | None) -> str | None:
    """Translate a number's format for the grid, which knows C's formats and few names."""
    if form is None:
        return None
    if _is_share(form):
        return f"%{form.removesuffix('%')}f%%"
    return "localized" if form.startswith(",") else f"%{form}"


def _unsigned(values: pd.Series, form: str | None) -> pd.Series:
    """Take the sign from what rounds to zero, which C's formats keep."""
    if form is None or not form.endswith(("f", "%")) or not pd.api.types.is_float_dtype(values):
        return values
    digits = int(form.partition(".")[2].rstrip("f%"))
    return values.mask((values < 0) & (values.round(digits) == 0), 0.0)


def _is_share(form: str | None) -> bool:
    """Whether numbers in a format are shown of 100, which the grid does not do by itself."""
    return form is not None and form.endswith("%")
