"""Exports carry where their figures come from, and every digit."""

import io
from datetime import UTC, datetime

import pandas as pd

from analysis.agreement.icc import icc_table
from analysis.outputs.citing import citation, methods_paragraph
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.github import COMMIT, WORKBOOKS
from data.sources import load_snapshot
from pages.components.filters import Filters
from pages.components.tables import csv
from pages.components.view import View

DATASET = load_snapshot()
SELECTION = Selection.of(STUDY, ["gpt-4o"], attributes=["Safety", "Empathy"])


def view(preset: str = "paper", level: str = "model", **choices: str) -> View:
    return View(DATASET, Settings.of(STUDY, preset, level, **choices), SELECTION, Filters())


def test_a_table_tells_its_source_files_settings_subset_and_columns() -> None:
    shown = view("paper", ratings="valid")
    frame = icc_table(pairs(STUDY, DATASET.counts, shown.settings, SELECTION), shown.settings)

    text = csv(frame, shown, "Intraclass correlations")
    about = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]

    assert about[0] == "MentalBench Explorer: Intraclass correlations"
    assert f"Source: Bundled snapshot; revision {COMMIT}; 1000 conversations" in about
    assert sum(sha in line for line in about for sha in WORKBOOKS.values()) == 5
    assert any(line.startswith("Settings: paper, model level; ") for line in about)
    assert any("1,000 resamples, seed 0" in line and "whole numbers from 1 to 5 only" in line for line in about)
    assert "Judges: GPT-4o" in about
    assert "Attributes: Safety, Empathy" in about
    assert [line for line in about if line.startswith(("Link: ", "Cite as: ", "Methods: "))] == [
        f"Link: {shown.address}",
        f"Cite as: {citation(shown, datetime.now(UTC).date())}",
        f"Methods: {methods_paragraph(shown)}",
    ]
    assert {line.split()[1].rstrip(":") for line in about if line.startswith("Column ")} == set(frame)
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(text), comment="#"), frame)


def test_a_view_says_in_a_line_what_is_on_screen() -> None:
    assert view().in_short() == (
        "The paper's settings · ICC over models · 1 judge · 10 models · 2 attributes · "
        f"Bundled snapshot, revision {COMMIT[:7]}"
    )


def test_recommended_settings_differ_in_nothing_from_themselves() -> None:
    assert view("recommended").changes() == []
    assert view("recommended", level="response").changes() == []


def test_what_is_not_recommended_is_said() -> None:
    assert view().changes() == [
        "every number kept as released, also those off the scale",
        "conversations that differ between the files kept",
        "intervals from resampling models",
        "readings by the paper's tiers, not by Koo & Li's bands",
    ]
    changed = view("recommended", interval="bootstrap-models", discard="outside-0-1").changes()
    assert "resampled values outside 0 to 1 discarded" in changed


def test_the_choices_of_a_view_name_what_its_intervals_are_clustered_by() -> None:
    assert "intervals over replies clustered by block of 20 conversations" in view().choices()
    assert "resampled values outside 0 to 1 discarded" not in view().choices()
    assert "resampled values outside 0 to 1 discarded" in view(discard="outside-0-1").choices()
    assert not any("resamples" in choice for choice in view("recommended").choices())
