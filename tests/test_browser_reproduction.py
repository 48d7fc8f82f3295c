"""Reproduction as a visitor meets it: opened cold, under the paper's settings whatever is chosen elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.browser import HEADINGS, Server, Visitor, Windows

pytestmark = pytest.mark.browser


def test_printed_figures_are_compared_under_the_papers_settings_whatever_is_chosen(
    windows: Windows, server: Server
) -> None:
    with Visitor(windows, server) as visitor:
        for query in ("printed=human_means", "printed=human_means&ratings=valid&exclude=none"):
            visitor.go(f"/methods?tab=reproduction&{query}")
            expect(visitor.heading).to_have_text(HEADINGS["/methods"])
            expect(visitor.main).to_contain_text("The ratings give 271 of 352 printed figures again")
            title = "Printed and recomputed: Experts' means"
            assert visitor.column(title, "Verdict")[0] == "▲ Misprint"
            assert visitor.filters()["printed"] == ["human_means"]
