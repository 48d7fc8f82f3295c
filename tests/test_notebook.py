"""The worked example of ``docs/notebook.md`` gives what it says, and an opened study is never changed."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import analysis
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.settings import SettingsError
from tests.pages import ROOT, from_command_line

DOCUMENT = ROOT / "docs" / "notebook.md"
BLOCK = re.compile(r"^```(\w+)( no-run)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_block_of_the_worked_example_prints_what_stands_below_it() -> None:
    blocks = [(kind, bool(skipped), text) for kind, skipped, text in BLOCK.findall(DOCUMENT.read_text("utf-8"))]
    assert [kind for kind, skipped, _ in blocks if not skipped] == ["python", "text"] * 5
    names: dict[str, Any] = {}
    printed = io.StringIO()
    for kind, skipped, text in blocks:
        if skipped:
            continue
        if kind == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(text, names)
        else:
            assert printed.getvalue() == text


def test_a_table_is_the_command_lines(capsys: pytest.CaptureFixture[str]) -> None:
    study = analysis.open_study("snapshot")
    table = study.table("inflation", judge="o4-mini", attribute=["Empathy", "Safety"])
    expected = from_command_line(
        capsys, "inflation", "--judge", "o4-mini", "--attribute", "Empathy", "--attribute", "Safety"
    )
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_unknown_names_are_refused_with_what_is_allowed() -> None:
    study = analysis.open_study("snapshot")
    with pytest.raises(SettingsError, match="table: 'iccs' is not known; allowed are verdicts, leaderboard, verdict"):
        study.table("iccs")
    with pytest.raises(SettingsError, match="lvl: there is no such setting; allowed are preset, level"):
        study.table("icc", lvl="response")
    with pytest.raises(SettingsError, match="preset: 'papers' is not known; allowed are recommended, paper"):
        study.table("icc", preset="papers")


def test_blocks_give_no_single_ratings() -> None:
    with pytest.raises(NeedsConversationsError, match="single conversations"):
        _ = analysis.open_study("snapshot").ratings


@pytest.mark.slow
def test_the_command_line_runs_by_its_path_from_another_folder(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "analysis"),
        "icc",
        "--source",
        "snapshot",
        "--judge",
        "gpt-4o",
        "--format",
        "csv",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("judge,attribute,score,level")


def test_a_package_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / ".packaging"))
    import from_a_checkout

    with pytest.raises(SystemExit, match="is run from a checkout and is not installed as a package"):
        from_a_checkout.build_wheel("wheels")
