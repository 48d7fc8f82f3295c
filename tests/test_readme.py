"""The README says what the code does."""

import re
from pathlib import Path

from analysis.options import parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tree() -> set[str]:
    """Read the paths of the tree in the README."""
    block = README.split("## What is where")[1].split("```")[1]
    paths, folders = set(), [""]
    for line in block.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        paths.add(folders[depth] + name)
        if name.endswith("/"):
            folders[depth + 1 :] = [folders[depth] + name]
    return paths


def test_the_tree_names_every_module_and_nothing_else() -> None:
    named = tree()
    assert {path for path in named if not (ROOT / path).exists()} == set()
    folders = tuple(
        path for path in named if path.endswith("/") and path.count("/") > 1 and path != "pages/components/"
    )
    paths = [path for top in ("analysis", "data", "pages") for path in (ROOT / top).rglob("*.py")]
    modules = {path.relative_to(ROOT).as_posix() for path in paths}
    unnamed = {path for path in modules - named if not path.startswith(folders) and not path.endswith("__init__.py")}
    assert unnamed == set()


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
