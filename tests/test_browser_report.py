"""The report as a reader gets it: downloaded from the app, of the view that is on screen."""

import io
from pathlib import Path

import pypdf
import pytest

from tests.browser import Server, Visitor, Windows

pytestmark = pytest.mark.browser


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def test_a_report_is_downloaded_in_both_forms_and_is_of_the_view_on_screen(
    windows: Windows, server: Server, tmp_path: Path
) -> None:
    with Visitor(windows, server) as visitor:
        visitor.go("/judges?judge=o4-mini&attribute=Guidance&attribute=Safety")
        page = visitor.page
        page.get_by_role("button", name="Share, cite or print").click()
        name, content = visitor.download(page.get_by_role("button", name="Board summary (PDF)"))
        assert name == "mentalbench-report.pdf"
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= 2
        parts = page.get_by_role("toolbar", name="Annexes to the summary")
        parts.get_by_role("button", name="What does each rater give each model?").click()
        parts.get_by_role("button", name="Does the judge follow the experts?").click()
        as_pdf = page.get_by_role("button", name="Summary with annexes (PDF)")
        # A choice has arrived once a report has it.
        visitor.wait_for(lambda: "What does each rater give each model?" in words_of(visitor.download(as_pdf)[1]), True)
        name, content = visitor.download(as_pdf)
        assert name == "mentalbench-report.pdf"
        assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
        text = words_of(content)
        assert "Recommended settings · ICC over models · 1 judge · 10 models · 2 attributes" in text
        assert "On Guidance and Safety, o4-mini is not supported for any use by itself." in text
        assert "GPT-4o on" not in text

        name, content = visitor.download(page.get_by_role("button", name="Summary with annexes (HTML)"))
        assert name == "mentalbench-report.html"
        file = tmp_path / name
        file.write_bytes(content)
        own = windows.browser.new_page()
        own.goto(file.as_uri())
        # This address leads nowhere on another machine.
        assert own.get_by_role("link", name="http").count() == 0
        assert own.get_by_role("img").count() >= 1
        assert own.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        own.close()
