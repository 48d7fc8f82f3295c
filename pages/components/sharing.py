"""Pass on what is on screen: a report to print, a link, a citation, and a paragraph for a methods section."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from analysis.outputs import view as analysed
from analysis.outputs.citing import citation, methods_paragraph
from analysis.outputs.manifest import manifest_file
from analysis.report import SECTION_NAMES, USUAL_SECTIONS
from analysis.report.files import report_file
from analysis.wording import sections_of, study_text
from pages.components.view import View

FORMS = {"pdf": ("PDF", "application/pdf"), "html": ("HTML", "text/html")}


def offer_to_share(view: View) -> None:
    """Offer a report, and what a reader would copy, each with a button that copies it."""
    with st.popover("Share, cite or print", icon=":material/share:"):
        _offer_report(view)
        _offer_manifest(view)
        for label, words in (
            ("Link to this view", view.address),
            ("Citation", citation(view, datetime.now(UTC).date())),
            ("Paragraph for a methods section", methods_paragraph(view)),
        ):
            st.caption(label)
            st.code(words, language=None, wrap_lines=True)


def offer_summary(view: View) -> None:
    """Offer the summary for a board."""
    kept = _kept(view)
    st.download_button(
        "Board summary (PDF)",
        data=lambda: report_file(kept, (), kept.link(view.page), datetime.now(UTC).date(), "pdf"),
        file_name="mentalbench-summary.pdf",
        mime="application/pdf",
        key="summary",
        on_click="ignore",
        icon=":material/print:",
    )


def _offer_report(view: View) -> None:
    """Offer the view as a report; nothing is made until a button is pressed."""
    st.caption("Report to print")
    titles = sections_of(view.study, "sections")
    chosen = st.pills(
        "Parts of the report",
        SECTION_NAMES,
        selection_mode="multi",
        default=USUAL_SECTIONS,
        key="report parts",
        format_func=lambda name: titles[name].title,
        help=study_text(view.study, "report", "parts"),
    )
    kept = _kept(view)
    with st.container(horizontal=True, gap="small"):
        for form, (label, mime) in FORMS.items():
            st.download_button(
                f"Report ({label})",
                data=partial(report_file, kept, chosen, kept.link(view.page), datetime.now(UTC).date(), form),
                file_name=f"mentalbench-report.{form}",
                mime=mime,
                key=f"report {form}",
                on_click="ignore",
                icon=":material/print:",
            )


def _offer_manifest(view: View) -> None:
    """Offer the figures of every table with what it takes to make them anew."""
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
