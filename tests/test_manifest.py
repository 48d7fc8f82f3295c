"""A manifest holds on the ratings that it was made from, and on no others."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analysis.__main__ import main
from analysis.outputs.manifest import FORMAT, NOT_RECORDED, manifest, manifest_file
from analysis.outputs.registry import TABLES
from analysis.outputs.verifying import read_manifest, verify
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from data import snapshot, sources
from data.mentalalign import STUDY
from data.remote.github import COMMIT, WORKBOOKS
from data.sources import load_snapshot
from tests.made_release import make_release, write_joined
from tests.spec import selected

DAY = date(2026, 1, 2)
FEW = selected(judges=("gpt-4o", "o4-mini"), attributes=("Safety", "Empathy"))
Change = Callable[[dict[str, Any]], object]


@cache
def written(preset: str, selection: Selection) -> str:
    view = View(load_snapshot(), Settings.of(STUDY, preset), selection)
    return manifest_file(view, view.link("http://app.test/"), DAY)


def made(preset: str = "recommended", selection: Selection = FEW) -> dict[str, Any]:
    """Give the content of a manifest of the snapshot."""
    content: dict[str, Any] = json.loads(written(preset, selection))
    return content


@pytest.fixture
def kept(tmp_path: Path) -> Callable[..., Path]:
    """Write a manifest of the snapshot, changed as told."""

    def keep(change: Change = dict) -> Path:
        said = made()
        change(said)
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps(said))
        return file

    return keep


def test_a_manifest_names_source_files_settings_subset_and_software() -> None:
    said = made()
    assert (said["format"], said["made"]) == (FORMAT, "2026-01-02")
    assert said["link"].startswith("http://app.test/?preset=recommended&judge=gpt-4o&judge=o4-mini&attribute=Safety")
    assert said["source"]["revision"] == COMMIT
    hashes = [file["sha256"] for file in said["source"]["files"]]
    assert sorted(hashes[:5]) == sorted(WORKBOOKS.values())
    assert said["source"]["files"][5]["name"] == "mentalalign-70k.parquet"
    assert Settings.of(STUDY, **said["settings"]) == Settings.of(STUDY, "recommended")
    assert said["selection"]["judges"] == ["gpt-4o", "o4-mini"]
    assert {"MentalBench Explorer", "pandas", "numpy", "scipy", "streamlit"} == said["software"].keys()


def test_a_manifest_has_every_table_that_can_be_made_and_says_why_others_cannot() -> None:
    said = made()
    assert said["tables"].keys() | said["left_out"].keys() | set(NOT_RECORDED) == TABLES.keys() | set(NOT_RECORDED)
    assert {"panel", "generalisability"} <= said["left_out"].keys()
    assert "single conversations" in said["left_out"]["generalisability"]
    assert made(selection=selected(judges=("gpt-4o",)))["left_out"]["panel"] == "a panel takes at least two judges"
    assert list(said["tables"]["icc"][0]) == list(TABLES["icc"].columns)


def test_a_table_of_a_manifest_is_what_the_command_line_prints(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["icc", "--source", "snapshot", "--preset", "recommended", "--format", "json"]
    asked += ["--judge", "gpt-4o", "--judge", "o4-mini", "--attribute", "Safety", "--attribute", "Empathy"]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out) == made()["tables"]["icc"]


def test_the_same_view_gives_the_same_bytes_on_the_same_day() -> None:
    view = View(load_snapshot(), Settings.of(STUDY), FEW)
    assert manifest_file(view, "link", DAY) == manifest_file(view, "link", DAY)
    assert manifest(view, "link", DAY)["made"] == "2026-01-02"


@pytest.mark.parametrize("preset", ["paper", "recommended"])
def test_a_manifest_holds_on_its_own_ratings(preset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.json"
    assert main(["manifest", "--source", "snapshot", "--preset", preset, "--output", str(file)]) == 0
    assert main(["verify", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "files: 6 of 6 have the SHA-256 of the manifest"
    assert "icc: 28 rows hold" in lines
    assert lines[-1].startswith(f"holds: {len(json.loads(file.read_text())['tables'])} tables, ")


@pytest.mark.parametrize("place", [5_000, 60_000, -200])
def test_one_other_byte_of_the_bundled_figures_is_refused(
    place: int,
    kept: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = kept()
    content = bytearray(snapshot.BUNDLED.read_bytes())
    content[place] ^= 1
    changed = tmp_path / snapshot.BUNDLED.name
    changed.write_bytes(content)
    monkeypatch.setattr(sources, "BUNDLED", changed)
    monkeypatch.setattr(snapshot.read_snapshot, "__defaults__", (changed,))
    # A byte may break the file as well, which is then said instead.
    code = main(["verify", str(file)])
    said = capsys.readouterr()
    assert code in (1, 2)
    if code == 1:
        assert "file mentalalign-70k.parquet: its SHA-256 is " in said.out
        assert said.out.endswith("refused: these are not the ratings that the manifest was made from\n")
        assert "rows hold" not in said.out
    else:
        assert "is not a snapshot" in said.err


def test_one_other_byte_of_a_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    folder.mkdir()
    names = write_joined(folder, make_release(32, seed=2), form="csv", with_ids=True)
    assert main(["manifest", "--source", str(folder), "--output", str(file)]) == 0
    assert main(["verify", str(file), "--source", str(folder)]) == 0
    assert "panel: 21 rows hold" in capsys.readouterr().out

    table = folder / names["o4-mini"]
    content = table.read_bytes()
    place = content.index(b'""Safety"": 4') + len(b'""Safety"": ')
    table.write_bytes(content[:place] + b"3" + content[place + 1 :])
    assert main(["verify", str(file), "--source", str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"file {names['o4-mini']}: its SHA-256 is ")
    assert lines[1] == "refused: these are not the ratings that the manifest was made from"

    table.write_bytes(content)
    table.rename(folder / f"renamed {table.name}")
    assert main(["verify", str(file), "--source", str(folder)]) == 0
    (folder / f"renamed {table.name}").unlink()
    assert main(["verify", str(file), "--source", str(folder)]) == 1
    assert "is among those read" in capsys.readouterr().out


def test_a_folder_has_to_be_named_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    folder.mkdir()
    write_joined(folder, make_release(32, seed=2), form="csv", with_ids=True)
    assert main(["manifest", "--source", str(folder), "--output", str(file)]) == 0
    capsys.readouterr()
    assert main(["verify", str(file)]) == 2
    assert capsys.readouterr().err == (
        "argument --source: is missing, and the ratings came from Folder copy; allowed is its path\n"
    )


def test_a_figure_that_does_not_come_out_again_is_named(
    kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before = made()["tables"]["icc"][1]["icc_c1"]

    def change(said: dict[str, Any]) -> None:
        said["tables"]["icc"][1]["icc_c1"] = 0.99
        for row in said["tables"]["inflation"]:
            row["bias"] += 1
        said["tables"]["scores"].pop()

    assert main(["verify", str(kept(change))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"icc: row 2, icc_c1: {before!r} where the manifest has 0.99" in lines
    (bias,) = (line for line in lines if line.startswith("inflation: row 1, bias: "))
    assert bias.endswith("; and 1 more")
    assert any(line.startswith("scores: ") and " rows where the manifest has " in line for line in lines)
    assert "ordinal: 4 rows hold" in lines
    assert lines[-1] == "refused: the figures do not come out again"


def test_the_last_digits_and_other_software_are_no_difference(
    kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    def change(said: dict[str, Any]) -> None:
        said["tables"]["icc"][0]["icc_c1"] *= 1 + 1e-13
        said["software"]["numpy"] = "1.0"

    assert main(["verify", str(kept(change))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("note: numpy is ")
    assert lines[1].endswith(", and was 1.0")


def test_undefined_is_a_value_too(kept: Callable[..., Path]) -> None:
    def change(said: dict[str, Any]) -> None:
        said["tables"]["icc"][0]["icc_c1"] = None

    outcome = verify(read_manifest(kept(change)), load_snapshot())
    assert not outcome.holds
    assert any("where the manifest has None" in line for line in outcome.said)


BAD: list[tuple[Change, str]] = [
    (lambda said: said.update(format="other"), "it does not say that it is a 'MentalBench Explorer manifest 1'"),
    (lambda said: said.pop("settings"), "it lacks 'settings'"),
    (lambda said: said["source"].pop("files"), "it lacks 'files'"),
    (lambda said: said["settings"].update(level="planet"), "of its settings, level: 'planet' is not known; allowed"),
    (lambda said: said["settings"].update(colour="red"), "it is not what a manifest is made of"),
    (lambda said: said["selection"].update(judges=["nobody"]), "it names 'nobody', which is not known; known are"),
    (lambda said: said["selection"].update(rule="dice"), "it names 'dice', which is not known; known are mean, median"),
    (lambda said: said["tables"].update(icecream=[]), "it names 'icecream', which is not known; known are verdicts"),
    (lambda said: said.update(tables={}), "it holds no table"),
    (lambda said: said.update(tables=3), "it is not what a manifest is made of"),
]


@pytest.mark.parametrize(("change", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_file_that_is_no_manifest_gets_one_line(
    change: Change, reason: str, kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = kept(change)
    assert main(["verify", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"argument MANIFEST: {str(file)!r} cannot be used: {reason}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), (b"\xff\x00", "it is not what"), (b"[]", "it does not say")]
)
def test_a_missing_file_or_other_content_gets_one_line(
    content: bytes | None, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.json"
    if content is not None:
        file.write_bytes(content)
    assert main(["verify", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"argument MANIFEST: {str(file)!r} cannot be used: {reason}")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["manifest", "--source", "snapshot"], "argument --output: is missing; allowed is a file that the manifest"),
        (
            ["manifest", "--format", "csv", "--output", "m"],
            "argument --format: 'csv' is not for manifest; allowed with",
        ),
        (["icc", "--app", "http://a.test"], "argument --app: 'http://a.test' is not for icc; allowed with report and"),
        (["verify"], "the following arguments are required: MANIFEST; allowed is what --help lists"),
        (["verify", "m.json", "--preset", "paper"], "unrecognized arguments: --preset paper; allowed is what --help"),
    ],
)
def test_options_that_do_not_fit_get_one_line(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith(said)
