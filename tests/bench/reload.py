"""How long a reload takes in Chromium: ``python -m tests.bench.reload [TIMES]`` prints medians and ratios.

In turns with a stock page of three Altair charts and a table, at the top of its server and as a page of a router: below
the top, Streamlit's browser side first looks for its server where there is none. A page is there when its script has
run and nothing on it waits to be drawn.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.bench.load import STOCK
from tests.browser import TABS, Server, chromium

TIMES = 9
ROUTER = """
import streamlit as st

st.navigation([st.Page("stock.py", default=True), st.Page("stock.py", title="Deep", url_path="deep")]).run()
"""
# Milliseconds since the reload began, noted in the first frame in which the page is there.
_NOTE = """
const note = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const unfinished = '[data-testid="stSkeleton"], [data-stale="true"],'
        + '[data-testid="stVegaLiteChart"]:not(:has(svg.marks, canvas)),'
        + '[data-testid="stDataFrame"]:not(:has(canvas))';
    if (app?.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
            && !document.querySelector(unfinished)) {
        window.thereAfter = performance.now();
    } else {
        requestAnimationFrame(note);
    }
};
requestAnimationFrame(note);
"""


def reloaded(page: Page) -> float:
    """Reload, and give the seconds until the page is there."""
    page.reload(wait_until="commit")
    page.wait_for_function("() => window.thereAfter !== undefined")
    return page.evaluate("() => window.thereAfter") / 1000


def main(times: int) -> None:
    """Measure every tab beside the stock pages; a first reload, which finds nothing cached, is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "stock.py").write_text(STOCK, encoding="utf-8")
        (place / "router.py").write_text(ROUTER, encoding="utf-8")
        with (
            chromium() as windows,
            Server(place / "stock.log", place / "router.py") as stock,
            Server(place / "log") as app,
        ):
            pages = [windows.open({"viewport": {"width": 1280, "height": 900}}) for _ in range(3)]
            for page in pages:
                page.add_init_script(_NOTE)
            for page, path in zip(pages, ("/", "/deep"), strict=False):
                page.goto(stock.url + path)
            for tab in TABS:
                pages[2].goto(app.url + tab)
                spent = [[reloaded(page) for page in pages] for _ in range(times + 1)][1:]
                top, deep, ours = map(statistics.median, zip(*spent, strict=True))
                print(
                    f"{tab}: {ours:.2f} s; stock page {top:.2f} s, {ours / top:.2f} times; "
                    f"stock page of a router {deep:.2f} s, {ours / deep:.2f} times",
                    flush=True,
                )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] or [str(TIMES)]))
