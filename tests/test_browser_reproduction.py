"""Reproduction as a visitor meets it: opened cold, one setting changed, and the address carries the change."""

import pytest
from playwright.sync_api import expect

from tests.browser import HEADINGS, Server, Visitor, Windows

pytestmark = pytest.mark.browser


def test_a_changed_setting_changes_the_verdicts_and_stands_in_the_address(windows: Windows, server: Server) -> None:
    as_printed = "The ratings give 271 of 352 printed figures again"
    valid_only = "The ratings give 96 of 352 printed figures again"
    with Visitor(windows, server) as visitor:
        visitor.go("/reproduction?printed=human_means")
        expect(visitor.heading).to_have_text(HEADINGS["/reproduction"])
        expect(visitor.main).to_contain_text(as_printed)
        title = "Printed and recomputed: Experts' means"
        assert visitor.column(title, "Verdict")[0] == "▲ Misprint"

        choices = visitor.sidebar.get_by_test_id("stExpander").filter(has_text="Analysis choices")
        ratings = choices.get_by_role("combobox", name="Ratings that count")
        valid = visitor.page.get_by_role("option", name="Valid only")
        visitor.press_until(choices.locator("summary"), ratings)
        # A list that opens while the expander still unfolds is closed by it again.
        choices.evaluate("part => Promise.all(part.getAnimations({subtree: true}).map(each => each.finished))")
        visitor.press_until(ratings, valid)
        valid.click()
        expect(visitor.main).to_contain_text(valid_only)
        expect(visitor.main).to_contain_text("221 of 352 printed figures have another verdict than under the paper's.")
        visitor.settle()
        assert visitor.filters() == {"printed": ["human_means"], "ratings": ["valid"]}

        visitor.page.reload()
        expect(visitor.main).to_contain_text(valid_only)
        back = choices.get_by_role("button", name="Back to the preset")
        visitor.press_until(choices.locator("summary"), back)
        choices.evaluate("part => Promise.all(part.getAnimations({subtree: true}).map(each => each.finished))")
        back.click()
        expect(visitor.main).to_contain_text(as_printed)
        visitor.settle()
        assert visitor.filters() == {"printed": ["human_means"]}
