"""Pages without a browser, under Streamlit's own test runner: opened with filters in the address, and read.

The fixture ``open_page`` opens them on a source: ``said(open_page("inflation/length", cell_judge="gpt-4o"))``.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.navigation.page import calc_hash
from streamlit.testing.v1 import AppTest

from analysis.__main__ import main
from pages.components.places import PLACES, TAB, Place, Tab

ROOT = Path(__file__).parents[1]
WORDS = ("title", "header", "subheader", "caption", "markdown", "text", "info", "warning")

# For the command line, whose preset is the recommended one unless told; pages open on the paper's.
PAPER, RECOMMENDED = (("--preset", preset) for preset in ("paper", "recommended"))

OpenPage = Callable[..., AppTest]
"""Opens a page by its key, the overview unless told; ``source`` is the snapshot unless told, the rest are filters."""


def _key(place: Place, tab: Tab) -> str:
    return place.key if tab == place.tabs[0] else f"{place.key}/{tab.key}"


# Every tab of every place, by its key; the first tab of a place goes by the place alone.
PAGES = [_key(place, tab) for place in PLACES.values() for tab in place.tabs]
# Those that are of the published study alone.
OF_THE_PUBLISHED = [_key(place, tab) for place in PLACES.values() for tab in place.tabs if tab.published]
# The folds of the sidebar.
SETTINGS = ("choices", "enough")
# Those with a part that takes single conversations, which the snapshot does not hold.
OF_CONVERSATIONS = [
    *("reliability/generalizability", "inflation/equivalence", "inflation/length", "scores/panel", "conversations"),
    *("your_study", "your_study/add_judge", "methods/data_errors"),
]


def opened(page: str = "overview", **filters: str | list[str]) -> AppTest:
    """Open a place, or one of its tabs, on the source that the environment names: ``inflation/length``."""
    return turned(AppTest.from_file(str(ROOT / "app.py"), default_timeout=120), page, **filters)


def turned(app: AppTest, page: str, **filters: str | list[str]) -> AppTest:
    """Turn to another page in the same session, which keeps its filters."""
    place, _, tab = page.partition("/")
    app.query_params.pop(TAB, None)
    for name, value in {**filters, **({TAB: tab} if tab else {})}.items():
        app.query_params[name] = value
    # Places have no files that the runner could switch to.
    app._page_hash = calc_hash("" if place == "overview" else place)
    return run(app)


def unfolded(app: AppTest, *keys: str) -> AppTest:
    """Open folds of which nothing is made before they are opened."""
    for key in keys:
        app.session_state[key] = True
    return run(app)


def pressed(app: AppTest, label: str) -> AppTest:
    """Press a button of a page, or of its sidebar."""
    next(button for button in app.button if button.label == label).click()
    return run(app)


def run(app: AppTest) -> AppTest:
    """Draw a page once more; that must not fail."""
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    """Give all words on a page outside tables and charts."""
    return "\n".join(element.value for kind in WORDS for element in app.get(kind))


def every_word(app: AppTest) -> str:
    """Give all words on a page: what it says, and what its controls, folds, links and tables are called and hold."""
    found = [said(app)]
    for kind in ("error", "success", "code"):
        found += [element.value for element in app.get(kind)]
    found += [tab.label for tab in app.tabs]
    for kind in ("selectbox", "radio", "select_slider", "pills", "button", "expander", "page_link", "file_uploader"):
        for element in app.get(kind):
            proto = element.proto
            found += [getattr(proto, "label", ""), getattr(proto, "help", "")]
            found += [str(getattr(option, "content", option)) for option in getattr(proto, "options", ())]
    for frame in app.dataframe:
        found += [" ".join(map(str, frame.value.columns)), *(" ".join(map(str, row)) for row in frame.value.to_numpy())]
    return "\n".join(found)


def charted(app: AppTest) -> list[pd.DataFrame]:
    """Give what each chart draws: the rows of its largest data set."""
    every = [chart.proto.datasets for chart in app.get("vega_lite_chart")]
    tables = [[pa.ipc.open_stream(each.data.data).read_pandas() for each in datasets] for datasets in every]
    return [max(each, key=len) for each in tables]


def from_command_line(capsys: pytest.CaptureFixture[str], table: str, *options: str) -> pd.DataFrame:
    """Give a table as the command line does, of the snapshot unless told."""
    capsys.readouterr()
    assert main([table, "--source", "snapshot", "--format", "json", *options]) == 0
    return pd.DataFrame(json.loads(capsys.readouterr().out))
