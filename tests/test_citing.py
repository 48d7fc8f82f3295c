"""What readers copy names the version, the revision and the exact settings."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest

from analysis import VERSION
from analysis.outputs.citing import citation, methods_paragraph
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.github import COMMIT
from data.sources import load_snapshot

DATASET = load_snapshot()
PAPER = View(DATASET, Settings.of(STUDY, "paper"), Selection.of(STUDY))
NARROW = View(
    DATASET,
    Settings.of(STUDY, "recommended", "response", exclude="family", margin=0.3, reassured_checked=0.4),
    Selection(("gpt-4o",), ("original", "gpt-4o-mini"), ("Safety",)),
)


def test_a_citation_names_version_revision_day_and_study() -> None:
    assert citation(PAPER, date(2026, 3, 1)) == (
        f"MentalBench Explorer {VERSION}. Figures from Bundled snapshot, revision {COMMIT[:12]}, computed on "
        "2026-03-01. Data: MentalBench-100k and MentalAlign-70k (arXiv 2510.19032; EACL 2026, long papers, 180)."
    )


def test_the_paragraph_states_the_papers_settings() -> None:
    said = methods_paragraph(PAPER)
    assert f"revision {COMMIT}, 1,000 conversations" in said
    assert "Claude-3.7-Sonnet, GPT-4o, Gemini-2.5-Flash and o4-mini were compared" in said
    assert "on all seven attributes, for replies by all ten authors" in said
    assert "(the paper's settings): every number kept as released, also those off the scale;" in said
    assert "rows of the experts that are copies of others left out;" in said
    assert "intervals from resampling models (1,000 resamples, seed 0)" in said
    assert "have models, each with its mean over conversations, as targets" in said


def test_the_paragraph_states_a_narrow_subset_and_moved_thresholds() -> None:
    said = methods_paragraph(NARROW)
    assert "GPT-4o was compared with one pooled expert rating for each reply on Safety" in said
    assert "for replies by Original reply and GPT-4o-Mini" in said
    assert "no judge compared on any model of its maker" in said
    assert "have single replies as targets" in said
    assert "a bias within 0.3 points counts as none" in said
    assert "false reassurance must not pass 10%, or 40% with human checks" in said


def test_the_paragraph_names_a_panel_and_its_rule() -> None:
    panel = replace(PAPER, selection=replace(PAPER.selection, panel=("gpt-4o", "o4-mini"), rule="median"))
    assert "and a panel of GPT-4o and o4-mini (the median of its members' ratings) were compared" in methods_paragraph(
        panel
    )


@pytest.mark.parametrize("view", [PAPER, NARROW])
def test_nothing_is_left_to_fill_in(view: View) -> None:
    assert not re.search(r"[{}]|  ", methods_paragraph(view) + citation(view, date(2026, 3, 1)))


def test_the_address_of_a_view_holds_what_the_app_does_not_open_with() -> None:
    assert PAPER.query() == [("preset", "paper")]
    assert urlencode(NARROW.query()) == (
        "level=response&exclude=family&margin=0.3&reassured_checked=0.4&judge=gpt-4o"
        "&model=original&model=gpt-4o-mini&attribute=Safety"
    )
