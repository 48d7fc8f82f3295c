"""Pass on what is on screen: a board summary to print, a link, a citation, and a paragraph for a methods section."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from analysis.outputs import view as analysed
from analysis.outputs.citing import citation, methods_paragraph
from analysis.outputs.manifest import manifest_file
from analysis.report import SECTION_NAMES
from analysis.report.files import report_file
from analysis.wording import sections_of, study_text
from pages.components.view import View

FORMS = {"pdf": ("PDF", "application/pdf"), "html": ("HTML", "text/html")}


def offer_to_share(view: View) -> None:
    """Offer the link, a report, and what else a reader would copy, each with a button that copies it."""
    share = st.popover("Share, cite or print", icon=":material/share:", key="share", on_change="rerun")
    if not share.open:
        return
    with share:
        _offer_words("Link to this view", view.address)
        st.caption("Board summary to print")
        _offer_report(view, "Board summary", ())
        _offer_annexes(view)
        _offer_manifest(view)
        _offer_words("Citation", citation(view, datetime.now(UTC).date()))
        _offer_words("Paragraph for a methods section", methods_paragraph(view))


def offer_summary(view: View) -> None:
    """Offer the board summary as a PDF, by one button."""
    _button(view, "Board summary (PDF, two pages)", (), "pdf", key="summary first")


def _offer_words(label: str, words: str) -> None:
    st.caption(label)
    st.code(words, language=None, wrap_lines=True)


def _offer_annexes(view: View) -> None:
    """Offer the summary with annexes once any is chosen."""
    titles = sections_of(view.study, "sections")
    chosen = st.pills(
        "Annexes to the summary",
        SECTION_NAMES,
        selection_mode="multi",
        key="report parts",
        format_func=lambda name: titles[name].title,
        help=study_text(view.study, "report", "parts"),
    )
    if chosen:
        _offer_report(view, "Summary with annexes", chosen)


def _offer_report(view: View, label: str, chosen: Sequence[str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for form, (name, _) in FORMS.items():
            _button(view, f"{label} ({name})", chosen, form, key=f"{label} {form}")


def _button(view: View, label: str, chosen: Sequence[str], form: str, *, key: str) -> None:
    """Offer a report as a file; nothing is made until the button is pressed."""
    kept = _kept(view)
    st.download_button(
        label,
        data=partial(report_file, kept, chosen, kept.link(view.page), datetime.now(UTC).date(), form),
        file_name=f"mentalbench-report.{form}",
        mime=FORMS[form][1],
        key=key,
        on_click="ignore",
        icon=":material/print:",
    )


def _offer_manifest(view: View) -> None:
    """Offer the figures of every table with what it takes to recompute them."""
    kept, address = _kept(view), view.address
    st.caption("Figures to keep and to verify")
    st.download_button(
        "Manifest (JSON)",
        data=lambda: manifest_file(kept, address, datetime.now(UTC).date()),
        file_name="mentalbench-manifest.json",
        mime="application/json",
        key="manifest",
        on_click="ignore",
        icon=":material/verified:",
        help=study_text(view.study, "shared", "manifest"),
    )


def _kept(view: View) -> analysed.View:
    """Give the view without its page: what is made after the page has run must not depend on what the page keeps."""
    return analysed.View(view.dataset, view.settings, view.selection)
