"""The README says what the code does."""

import re
from pathlib import Path

from analysis.options import parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_options_are_those_of_the_command_line() -> None:
    options = {option for action in parser()._actions for option in action.option_strings if option.startswith("--")}
    section = README.split("## Command line")[1].split("## ")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `--")]
    named = {option for row in rows for option in re.findall(r"--[\w-]+", row)}
    assert named == options - {"--help"}


def test_the_data_dictionary_is_linked_to() -> None:
    section = README.split("## Data dictionary")[1].split("## ")[0]
    linked = re.findall(r"\]\(([^)]+)\)", section)
    assert "docs/columns.md" in linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_two_commands_stand_as_they_are_run() -> None:
    assert ".venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run app.py" in README
    assert ".venv/bin/pip install -r tests/requirements.txt && .venv/bin/python -m pytest" in README
    assert (ROOT / ".github" / "overview.png").exists()
