"""Take the README's screenshot from the running app: ``python tests/screenshot.py [URL]``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parents[1] / ".github" / "overview.png"
RUNNING = "http://localhost:8501"


def main(url: str) -> None:
    """Save the overview as a reader sees it on a wide screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.get_by_role("table").first.wait_for()
        page.wait_for_timeout(1000)
        TARGET.parent.mkdir(exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else RUNNING)
