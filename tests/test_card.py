"""The data card is what the code writes, and its counts are the data's."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from data.__main__ import main
from data.card import CARD, data_card
from data.counts import COLUMNS
from data.counts_file import read_counts
from data.data_errors import DATA_ERROR
from data.mentalalign import STUDY, WORKBOOKS
from data.remote.progress import Progress
from data.sources import load
from tests.made_release import Made, write_workbooks
from tests.pages import ROOT, OpenPage, unfolded
from tests.snapshot import snapshot


@cache
def bundled() -> str:
    """Write the card of the bundled figures."""
    return data_card(snapshot())


def line(card: str, error: str, side: str) -> str:
    """Give the line of a kind of data error."""
    ending = rf" {re.escape(DATA_ERROR[error].many)}\*\* in the files of the {side}\."
    found = [each for each in card.splitlines() if re.search(ending, each)]
    assert len(found) == 1, found
    return found[0]


def test_the_committed_card_is_what_the_code_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert CARD.read_text(encoding="utf-8") == bundled()
    assert main(["card"]) == 0
    assert capsys.readouterr().out == bundled()
    assert main(["card", "--output", str(tmp_path / "card.md")]) == 0
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == bundled()


@pytest.mark.parametrize(
    ("error", "side", "n", "fixed"),
    [
        ("zero", "experts", 231, 231),
        ("off-scale", "experts", 8, 8),
        ("empty", "experts", 57, 0),
        ("null", "experts", 10, 0),
        ("malformed", "judges", 11, 10),
        ("empty", "judges", 8, 0),
        ("different", "judges", 4 * 19, 4 * 19),
        ("same-text", "judges", 4 * 2, 0),
    ],
)
def test_its_data_errors_are_those_of_the_released_files(error: str, side: str, n: int, fixed: int) -> None:
    words = DATA_ERROR[error]
    assert line(bundled(), error, side) == (
        f"- **{n} {words.many}** in the files of the {side}. Paper: {words.released}. Recommended: {words.remedy}. "
        f"Fixed: {fixed}."
    )


def test_it_names_every_file_with_its_hash_and_every_bundled_column() -> None:
    for name, sha256 in WORKBOOKS.items():
        assert re.search(rf"^- `{re.escape(Path(name).name)}`: 1,000 rows, .+ `{sha256}`$", bundled(), re.MULTILINE)
    named = set(re.findall(r"`([\w.-]+)`", bundled()))
    published = {
        column
        for path in (ROOT / "data" / "published" / STUDY.key).glob("*.csv")
        for column in pd.read_csv(path, nrows=0)
    }
    assert {*COLUMNS, *published} - named == set()
    counts, _, stretches = read_counts()
    assert stretches is not None
    assert f"{len(counts) + len(stretches):,} rows" in bundled()


def test_its_sizes_are_counted_from_the_ratings(made: Made, tmp_path: Path) -> None:
    write_workbooks(tmp_path, made, raters=("human", "gpt-4o"))
    dataset = load(str(tmp_path), Progress())
    card = data_card(dataset)
    # Of 48 conversations x 10 x 7 the experts leave three cells and two attributes empty; the judge leaves two cells
    # empty, and six of its cells are malformed.
    assert f"{48 * 70 * 2:,} places" in card
    assert f"fill\n{48 * 70 - 3 * 7 - 2:,} of theirs and the judges {48 * 70 - 8 * 7:,}, counting" in card
    assert line(card, "malformed", "judges").startswith("- **6 ")
    assert dataset.provenance.revision in card
    assert "$" not in card


@pytest.mark.slow
def test_methods_shows_the_card_of_the_source_on_screen(open_page: OpenPage, made: Made, tmp_path: Path) -> None:
    write_workbooks(tmp_path, made, raters=("human", "o4-mini"))
    for source, card in (("snapshot", bundled()), (tmp_path, data_card(load(str(tmp_path), Progress())))):
        st.cache_resource.clear()
        words = unfolded(open_page("methods/about", source=source), "card").markdown
        shown = next(each.value for each in words if "### Known data errors" in each.value)
        assert shown == card.partition("\n")[2].replace("\n## ", "\n### ").strip()
    st.cache_resource.clear()
