"""Accessibility by axe-core: nothing that Streamlit's own widgets do not do, and nothing serious."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.axe import VIEWS, Found, come, examine, stock
from tests.browser import Server, Visitor

pytestmark = pytest.mark.browser

HARMLESS = {"minor", "moderate"}


@pytest.fixture(scope="module")
def of_stock(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Give the rules that a stock app breaks; it is no yardstick unless it breaks one that is looked for."""
    log: Path = tmp_path_factory.mktemp("stock") / "log"
    rules = {violation.rule for found in stock(browser, log) for violation in found.violations}
    assert "color-contrast" in rules
    return rules


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_breaks_no_rule_that_a_stock_app_keeps_and_none_that_is_serious(
    browser: Browser, server: Server, of_stock: set[str], view: str
) -> None:
    with Visitor(browser, server) as visitor:
        come(visitor, view)
        seen = list(examine(visitor))
    assert [(found.scheme, found.width) for found in seen] == [
        ("light", 1280),
        ("dark", 1280),
        ("light", 390),
        ("dark", 390),
    ]
    assert [_said(found) for found in seen if not {each.rule for each in found.violations} <= of_stock] == []
    assert [_said(found) for found in seen if not {each.impact for each in found.violations} <= HARMLESS] == []


def _said(found: Found) -> str:
    return f"{found.scheme} {found.width}: {'; '.join(' '.join(map(str, each)) for each in found.violations)}"
