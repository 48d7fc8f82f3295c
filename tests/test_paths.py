"""Files and folders that options name are refused in one sentence before anything is begun."""

import os
from pathlib import Path

import pytest

from analysis.__main__ import main as analyse
from data.__main__ import main
from data.paths import reason, told

MODEL = ["--model", "m", "--endpoint", "http://127.0.0.1:9/v1"]
SHEET = ["sheet", "--replies", "r.csv", "--experts", "a"]


def refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    try:
        code = analyse(argv[1:]) if argv[0] == "analysis" else main(argv)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Errno" not in line
    return line


@pytest.mark.parametrize(
    "argv",
    [
        ["analysis", "icc", "--add-judge", "HERE"],
        ["analysis", "length-bias", "--replies", "HERE"],
        ["analysis", "certify", "gpt-4o", "--identity", "HERE"],
        ["analysis", "icc", "--output", "HERE"],
        ["judge", *MODEL, "--output", "out", "--anchor", "HERE"],
        ["judge", *MODEL, "--output", "out", "--rubric", "HERE"],
        ["judge", *MODEL, "--output", "out", "--replies", "HERE"],
        ["generate", *MODEL, "--output", "out", "--prompt", "HERE"],
        ["anchor", "--output", "HERE"],
        ["items", "--replies", "r.csv", "--number", "3", "--output", "i.csv", "--ratings", "HERE"],
        [*SHEET, "--output", "out", "--items", "HERE"],
        [*SHEET, "--output", "out", "--ratings", "HERE"],
        ["counts", "study", "--output", "HERE"],
        ["ledger", "study", "--output", "HERE"],
        ["card", "--output", "HERE"],
    ],
)
def test_a_folder_is_no_file(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("HERE").mkdir()
    said = refused(argv, capsys)
    assert f"argument {argv[argv.index('HERE') - 1]}: 'HERE'" in said
    assert "is a folder" in said
    assert "allowed is" in said
    assert [path.name for path in tmp_path.iterdir()] == ["HERE"]


@pytest.mark.parametrize("argv", [["judge", *MODEL], SHEET])
@pytest.mark.parametrize("where", ["file.csv", "file.csv/below"])
def test_a_file_is_no_folder(
    argv: list[str], where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_text("kept")
    assert f"'{where}' cannot be a folder" in refused([*argv, "--output", where], capsys)
    assert Path("file.csv").read_text() == "kept"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["card", "--output", "none/card.md"], "cannot be written (there is no folder "),
        (["counts", "none", "--output", "closed/counts"], "'closed' cannot be a folder ("),
        (["card", "--output", "closed"], "cannot be written (its permissions forbid it); allowed is a file in a "),
        (["judge", *MODEL, "--output", "new"], "cannot be written (its permissions forbid it); allowed is a folder "),
        (["analysis", "icc", "--add-judge", "closed"], "cannot be read (its permissions forbid it); allowed is a file"),
        (["analysis", "icc", "--add-judge", "none"], "'none' is no file; allowed is a file with a judge's ratings"),
    ],
)
def test_what_is_missing_or_closed_is_said(
    argv: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("closed").write_text("kept")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert said in refused(argv, capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["closed"]


def test_what_goes_wrong_later_is_said_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", closed)
        said = refused(["card", "--output", str(tmp_path / "card.md")], capsys)
    expected = f"'{tmp_path / 'card.md'}' cannot be used (its permissions forbid it); name one that can be read or "
    assert said.startswith(f"python -m data card: {expected}")
    (tmp_path / "study.toml").write_text("")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", closed)
        said = refused(["analysis", "icc", "--source", str(tmp_path)], capsys)
    assert said.startswith(f"'{tmp_path / 'study.toml'}' cannot be used (its permissions forbid it); ")
    assert reason(OSError(28, "No space left on device")) == "No space left on device"
    assert told(OSError("the disk is gone")) == "the disk is gone"
