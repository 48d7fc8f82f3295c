"""A report as a file of either form."""

from collections.abc import Sequence
from datetime import date

from analysis.outputs.view import View
from analysis.report.document import Document


def report_file(view: View, chosen: Sequence[str], address: str, day: date, form: str) -> bytes:
    """Make a report as ``pdf`` or ``html``; see :func:`analysis.report.contents.report` for the rest."""
    from analysis.report.contents import report

    return in_form(report(view, chosen, address, day), form)


def in_form(document: Document, form: str) -> bytes:
    """Write a document as ``pdf`` or ``html``."""
    if form == "pdf":
        from analysis.report.pdf import to_pdf

        return to_pdf(document)
    from analysis.report.html import to_html

    return to_html(document).encode()
