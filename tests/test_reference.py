"""The reference of columns says what their declarations say."""

from pathlib import Path

import pytest

from analysis.outputs.reference import main, reference
from analysis.outputs.registry import TABLES
from data.mentalalign import STUDY

REFERENCE = Path(__file__).parents[1] / "docs" / "columns.md"


def test_the_reference_is_what_the_declarations_say() -> None:
    """``python -m analysis.outputs.reference --output docs/columns.md`` writes it."""
    assert REFERENCE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("table", TABLES)
def test_the_reference_has_a_row_for_every_column(table: str) -> None:
    section = reference().split(f"\n## `{table}`\n")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert [row[0] for row in rows] == [f"| `{name}`" for name in TABLES[table].columns(STUDY)]
    assert all(len(row) == 5 and len(row[-1]) > len(" |") for row in rows)


def test_a_column_is_explained_where_it_first_stands() -> None:
    text = reference()
    assert text.count("Does the judge put targets in the same order") == 1
    assert "| `icc_c1` | ICC(C,1) | estimate | up to 1 | As under [`icc`](#icc). |" in text.split("## `influence`")[1]


def test_the_reference_is_written_or_said_not_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == reference()
    assert main(["--output", str(tmp_path / "columns.md")]) == 0
    assert (tmp_path / "columns.md").read_text(encoding="utf-8") == reference()
    assert main(["--output", str(tmp_path / "none" / "columns.md")]) == 2
    assert "argument --output" in capsys.readouterr().err
