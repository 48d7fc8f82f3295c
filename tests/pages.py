"""Pages without a browser, under Streamlit's own test runner: opened with filters in the address, and read.

The fixture ``open_page`` opens them on a source: ``said(open_page("judge", cell_judge="gpt-4o"))``.
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

ROOT = Path(__file__).parents[1]
WORDS = ("title", "header", "subheader", "caption", "markdown", "text", "info", "warning")

# For the command line, whose preset is the recommended one unless told; pages open on the paper's.
PAPER, RECOMMENDED = (("--preset", preset) for preset in ("paper", "recommended"))

OpenPage = Callable[..., AppTest]
"""Opens a page by its key, the overview unless told; ``source`` is the snapshot unless told, the rest are filters."""


def opened(page: str = "overview", **filters: str | list[str]) -> AppTest:
    """Open a place, or one of its tabs, on the source that the environment names: ``inflation/length``."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    place, _, tab = page.partition("/")
    for name, value in {**filters, **({"tab": tab} if tab else {})}.items():
        app.query_params[name] = value
    # Places have no files that the runner could switch to.
    app._page_hash = calc_hash("" if place == "overview" else place)
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
