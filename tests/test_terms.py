"""Every term that is on screen has its meaning in plain words within reach."""

import json
import re
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analysis.wording import terms
from data.mentalalign import STUDY
from tests.pages import PAGES, SETTINGS, OpenPage, unfolded

WIDGETS = ("radio", "selectbox", "select_slider", "button_group", "multiselect")
# What a reader may not know, and the term that explains it.
TECHNICAL = {
    r"ICC": "icc",
    r"ICC\(C,1\)|[Cc]onsistency": "icc_c1",
    r"ICC\(A,1\)": "icc_a1",
    r"[Kk]appa": "kappa_quadratic",
    r"[Aa]lpha": "alpha_ordinal",
    r"AC2": "ac2_quadratic",
    r"\b[Bb]ias\b|[Ii]nflation": "bias",
    r"\bMSE\b": "mse",
    r"\bRMSE\b": "rmse",
    r"[Ii]nterval": "interval",
    r"[Bb]ootstrap|[Rr]esampl|percentile": "bootstrap",
    r"[Ee]xact F": "exact-f",
    r"[Tt]au-b": "tau",
    r"[Ee]quivalen": "equivalence",
    r"[Mm]argin\b": "margin",
    r"[Cc]luster": "cluster",
    r"[Gg]eneralisability": "generalisability",
    r"[Vv]ariance": "component",
    r"\bCSS\b": "css",
    r"\bARS\b": "ars",
    r"Koo & Li": "bands",
    r"\b[Tt]iers?\b": "tiers",
    r"[Rr]ecommended settings": "preset",
    r"[Pp]anel": "panel",
    r"[Ff]alse reassurance": "false_reassurance",
    r"\b[Ss]eeds?\b": "seed",
    r"[Ll]imits of agreement": "limits",
    r"[Pp]airwise": "pairwise",
    r"\bPhi\b": "phi",
    r"\b(?:response|model) level\b": "level",
    r"[Vv]erdict": "verdict",
    r"[Tt]hreshold": "threshold",
    r"[Ss]napshot": "snapshot",
    r"LLM": "judge",
}


@pytest.fixture
def open_page(open_page: OpenPage) -> OpenPage:
    """Open a page under the recommended preset."""
    return partial(open_page, preset="recommended")


def titles(spec: Any) -> list[str]:
    """The titles in a chart's specification: of axes, legends and the chart."""
    if isinstance(spec, dict):
        own = [value for key, value in spec.items() if key in ("title", "text") and isinstance(value, str)]
        return own + [title for key, part in spec.items() if key != "datasets" for title in titles(part)]
    return [title for part in spec for title in titles(part)] if isinstance(spec, list) else []


def columns_of(app: AppTest) -> dict[str, dict[str, Any]]:
    """The columns of all tables on a page, as the grid is told to draw them."""
    found: dict[str, dict[str, Any]] = {}
    for table in app.dataframe:
        found |= json.loads(table.proto.columns)
    return found


def words_on(app: AppTest) -> str:
    kinds = ("title", "header", "subheader", "caption", "markdown", "info", "warning")
    said = [element.value for kind in kinds for element in app.get(kind)]
    said += [title for chart in app.get("vega_lite_chart") for title in titles(json.loads(chart.proto.spec))]
    said += [element.label for kind in WIDGETS for element in app.get(kind)]
    said += [str(column.get("label", "")) for column in columns_of(app).values()]
    return "\n".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_technical_word_on_a_page_is_a_term(open_page: OpenPage, page: str) -> None:
    said = words_on(open_page(page))
    used = {word: key for word, key in TECHNICAL.items() if re.search(word, said)}
    assert used
    assert {word: key for word, key in used.items() if key not in terms(STUDY)} == {}


@pytest.mark.parametrize("key", sorted(set(TECHNICAL.values())))
def test_a_term_can_be_found_by_the_word_on_screen(key: str) -> None:
    term = terms(STUDY)[key]
    word = next(word for word, named in TECHNICAL.items() if named == key)
    assert re.search(word, f"{term.name} {term.plain}", flags=re.IGNORECASE), term


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_column_has_help(open_page: OpenPage, page: str) -> None:
    columns = columns_of(open_page(page))
    assert [name for name, column in columns.items() if name != "_index" and not column.get("help")] == []


@pytest.mark.slow
def test_every_filter_has_help(open_page: OpenPage) -> None:
    app = unfolded(open_page(), *SETTINGS)
    sidebar = [element for kind in WIDGETS for element in app.sidebar.get(kind)]
    assert len(sidebar) >= 17
    assert [element.label for element in sidebar if not element.proto.help] == []


def listed(app: AppTest) -> list[str]:
    """Name the terms that the glossary shows."""
    known = {term.name for term in terms(STUDY).values()}
    headings = [line.removeprefix("### ") for each in app.main.markdown for line in each.value.splitlines()]
    return [heading for heading in headings if heading in known]


@pytest.mark.slow
def test_the_glossary_lists_every_term_by_its_letter(open_page: OpenPage) -> None:
    app, names = open_page("methods"), []
    letters = app.main.get("button_group")[0]
    for letter in letters.options:
        app.main.get("button_group")[0].set_value(letter).run()
        assert listed(app) == sorted(listed(app), key=str.casefold)
        names += listed(app)
    assert names == sorted((term.name for term in terms(STUDY).values()), key=str.casefold)


@pytest.mark.slow
def test_a_word_narrows_the_terms_and_names_come_first(open_page: OpenPage) -> None:
    app = open_page("methods")
    app.text_input[0].set_value("kappa").run()
    assert listed(app) == ["Weighted kappa", "Ordinal alpha"]

    app.text_input[0].set_value("xyz").run()
    assert listed(app) == []
    assert "No term is called so. Try a shorter word." in [each.value for each in app.info]
