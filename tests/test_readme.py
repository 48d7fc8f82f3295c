"""The README says what the code does."""

import re
import shlex
from pathlib import Path

import pytest

from analysis.options import CHECK, VERIFY, commands, options_of, read_options, selection_of, settings_of
from data.mentalalign import STUDY

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^python -m analysis (.+)$", README, flags=re.MULTILINE)


def test_options_that_are_named_are_those_of_the_command_line() -> None:
    options = {f"--{option}" for command in commands() for option in options_of(command)}
    rows = [row.split("|")[1] for row in COMMAND_LINE.splitlines() if row.startswith("| `--")]
    named = [option for row in rows for option in re.findall(r"--[\w-]+", row)]
    assert len(named) == len(set(named))
    assert set(named) == options


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_run(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example, comments=True)
    (tmp_path / "FOLDER").mkdir()
    for word in words:
        if Path(word).suffix:
            (tmp_path / word).touch()
    options = read_options(words)
    if options.table in (VERIFY, CHECK):
        return
    assert settings_of(options, STUDY).preset == options.preset
    assert set(selection_of(options, STUDY).judges) == set(getattr(options, "judge", None) or STUDY.judge_keys)


def test_every_link_leads_somewhere() -> None:
    linked = {path.partition("#")[0] for path in re.findall(r"\]\(([^)\s]+)\)", README)}
    files = {path for path in linked if path and "://" not in path}
    assert "docs/columns.md" in files
    assert [path for path in files if not (ROOT / path).exists()] == []


def test_the_two_commands_stand_as_they_are_run() -> None:
    assert ".venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run app.py" in README
    assert ".venv/bin/pip install -r tests/requirements.txt && .venv/bin/python -m pytest" in README
    assert (ROOT / ".github" / "overview.png").exists()
