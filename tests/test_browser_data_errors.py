"""The data errors in Chromium: from a cold link to one raw cell, and to a file that can be sent to the authors."""

import io
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser import HEADINGS, Server, Visitor, Windows
from tests.made_release import FILE_NAMES, REFUSAL, Made, write_workbooks

pytestmark = pytest.mark.browser

FILE = f"{FILE_NAMES['o4-mini']}.xlsx"


def test_from_a_link_to_one_cell_and_to_a_file_for_the_authors(windows: Windows, made: Made, tmp_path: Path) -> None:
    write_workbooks(tmp_path / "made", made)
    with (
        Server(tmp_path / "log", MENTALBENCH_SOURCE=str(tmp_path / "made")) as server,
        Visitor(windows, server) as visitor,
    ):
        visitor.go("/methods?tab=data_errors&error_rater=o4-mini")
        expect(visitor.heading).to_have_text(HEADINGS["/methods"])
        assert set(visitor.column("Ledger of data errors", "Rater")) == {"o4-mini"}

        choose(visitor, "Kind", "Malformed cell")
        visitor.wait_for(lambda: set(visitor.column("Ledger of data errors", "Data error")), {"Malformed cell"})
        assert visitor.filters()["error_kind"] == ["malformed"]

        choose(visitor, "One entry", f"{FILE}, row 23, judge_response_qwen_3")
        visitor.wait_for(lambda: visitor.filters().get("entry"), [f"{FILE}:23:judge_response_qwen_3"])
        text = visitor.main.get_by_text(REFUSAL, exact=True)
        assert text.count() == 0
        visitor.press_until(visitor.main.get_by_text("The raw cell", exact=True), text)

        name, content = visitor.download(visitor.main.locator(".st-key-csv-ledger").get_by_role("button"))
        assert name == "ledger.csv"
        sent = content.decode()
        assert REFUSAL not in sent
        assert f"# File: {FILE}; sha256 " in sent
        table = pd.read_csv(io.StringIO(sent), comment="#", keep_default_na=False)
        assert list(table) == [
            *("file", "row", "column", "kind", "raw", "conversation", "rater", "model", "attribute"),
            *("as_released", "valid"),
        ]
        assert table["row"].tolist() == [15, 16, 17, 19, 22, 23]
        assert table["valid"].tolist() == [*["recovered"] * 5, "dropped"]


def choose(visitor: Visitor, label: str, option: str) -> None:
    """Pick an option of a list by its label."""
    visitor.main.get_by_role("combobox", name=label).click()
    visitor.page.get_by_role("option", name=option, exact=True).click()
    visitor.settle()
