"""A manifest holds on the ratings that it was made from, and on no others."""

import hashlib
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
from analysis.outputs.verifying import Manifest, read_manifest, verify, verify_files
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from data import sources
from data.counts_file import BUNDLED
from data.mentalalign import COMMIT, STUDY, WORKBOOKS
from data.remote.progress import Progress
from data.sources import load, load_snapshot
from tests.made_release import make_release, write_separate, write_workbooks
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


@pytest.mark.slow
def test_a_manifest_names_source_files_settings_subset_and_software() -> None:
    said = made("paper")
    assert (said["format"], said["made"]) == (FORMAT, "2026-01-02")
    assert said["link"].startswith(
        "http://app.test/?preset=paper&judge=gpt-4o&judge=o4-mini&attribute=Safety&attribute=Empathy"
    )
    assert said["source"]["revision"] == COMMIT
    hashes = [file["sha256"] for file in said["source"]["files"]]
    assert sorted(hashes[:5]) == sorted(WORKBOOKS.values())
    assert said["source"]["files"][5]["name"] == "mentalalign-70k.parquet"
    assert Settings.of(STUDY, **said["settings"]) == Settings.of(STUDY, "paper")
    assert said["study"] == {"key": "mentalalign-70k", "title": "MentalAlign-70k"}
    assert said["contents"] == {
        "tables": {name: len(rows) for name, rows in said["tables"].items()},
        "files": 6,
    }
    assert said["selection"]["judges"] == ["gpt-4o", "o4-mini"]
    assert {"MentalBench Explorer", "pandas", "numpy", "scipy", "streamlit"} == said["software"].keys()


@pytest.mark.slow
def test_a_manifest_has_every_table_that_can_be_made_and_says_why_others_cannot() -> None:
    said = made()
    assert said["tables"].keys() | said["left_out"].keys() | set(NOT_RECORDED) == TABLES.keys() | set(NOT_RECORDED)
    assert {"panel", "generalisability"} <= said["left_out"].keys()
    assert "single conversations" in said["left_out"]["generalisability"]
    assert made(selection=selected(judges=("gpt-4o",)))["left_out"]["panel"] == "a panel takes at least two judges"
    assert list(said["tables"]["icc"][0]) == list(TABLES["icc"].columns(STUDY))


@pytest.mark.slow
def test_a_table_of_a_manifest_is_what_the_command_line_prints(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["icc", "--source", "snapshot", "--preset", "recommended", "--format", "json"]
    asked += ["--judge", "gpt-4o", "--judge", "o4-mini", "--attribute", "Safety", "--attribute", "Empathy"]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out) == made()["tables"]["icc"]


@pytest.mark.slow
def test_the_same_view_gives_the_same_bytes_on_the_same_day() -> None:
    view = View(load_snapshot(), Settings.of(STUDY), FEW)
    assert manifest_file(view, "link", DAY) == manifest_file(view, "link", DAY)
    assert manifest(view, "link", DAY)["made"] == "2026-01-02"


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["paper", "recommended"])
def test_a_manifest_holds_on_its_own_ratings(preset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.json"
    assert main(["manifest", "--source", "snapshot", "--preset", preset, "--output", str(file)]) == 0
    assert main(["verify", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "files: 6 of 6 have the SHA-256 of the manifest"
    assert "icc: 28 rows hold" in lines
    assert lines[-1].startswith(f"holds: {len(json.loads(file.read_text())['tables'])} tables, ")


@pytest.mark.slow
@pytest.mark.parametrize("place", [5_000, 60_000, -200])
def test_one_other_byte_of_the_bundled_figures_is_refused(
    place: int,
    kept: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = kept()
    content = bytearray(BUNDLED.read_bytes())
    content[place] ^= 1
    changed = tmp_path / BUNDLED.name
    changed.write_bytes(content)
    monkeypatch.setattr(sources, "BUNDLED", changed)
    # A byte may break the file as well; that it is another is said all the same.
    assert main(["verify", str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("file mentalalign-70k.parquet: its SHA-256 is ")
    assert lines[1] == "refused: these are not the ratings that the manifest was made from"


@pytest.mark.slow
def test_one_other_byte_of_a_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    folder.mkdir()
    names = write_separate(folder, make_release(32, seed=2))
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
    (folder / "below").mkdir()
    table.rename(folder / "below" / table.name)
    assert main(["verify", str(file), "--source", str(folder)]) == 0
    (folder / "below" / table.name).unlink()
    assert main(["verify", str(file), "--source", str(folder)]) == 1
    assert "is among those read" in capsys.readouterr().out


@pytest.mark.slow
def test_a_folder_has_to_be_named_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    folder.mkdir()
    write_separate(folder, make_release(32, seed=2))
    assert main(["manifest", "--source", str(folder), "--output", str(file)]) == 0
    capsys.readouterr()
    assert main(["verify", str(file)]) == 2
    assert capsys.readouterr().err == (
        "argument --source: is missing, and the ratings came from Folder copy; allowed is its path\n"
    )


@pytest.mark.slow
def test_a_figure_that_does_not_come_out_again_is_named(
    kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before = made()["tables"]["icc"][1]["icc_c1"]

    def change(said: dict[str, Any]) -> None:
        said["tables"]["icc"][1]["icc_c1"] = 0.99
        for row in said["tables"]["inflation"]:
            row["bias"] += 1
        said["tables"]["scores"].pop()
        said["contents"]["tables"]["scores"] -= 1

    assert main(["verify", str(kept(change))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"icc: row 2, icc_c1: {before!r} where the manifest has 0.99" in lines
    (bias,) = (line for line in lines if line.startswith("inflation: row 1, bias: "))
    assert bias.endswith("; and 1 more")
    assert any(line.startswith("scores: ") and " rows where the manifest has " in line for line in lines)
    assert "ordinal: 4 rows hold" in lines
    assert lines[-1] == "refused: the figures do not come out again"


@pytest.mark.slow
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


@pytest.mark.slow
def test_undefined_is_a_value_too(kept: Callable[..., Path]) -> None:
    def change(said: dict[str, Any]) -> None:
        said["tables"]["icc"][0]["icc_c1"] = None

    outcome = verify(read_manifest(kept(change)), load_snapshot())
    assert not outcome.holds
    assert any("where the manifest has None" in line for line in outcome.said)


def unlisted(said: dict[str, Any], name: str) -> None:
    """Take a table out of a manifest, and out of what it lists."""
    del said["tables"][name], said["contents"]["tables"][name]


@pytest.mark.slow
def test_a_table_that_is_said_to_be_left_out_and_can_be_made_is_missed(
    kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    def change(said: dict[str, Any]) -> None:
        unlisted(said, "icc")
        said["left_out"]["icc"] = "there was no time"

    assert main(["verify", str(kept(change))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "icc: it is not in the manifest, and these ratings give it" in lines
    assert lines[-1] == "refused: the figures do not come out again"


@pytest.mark.slow
def test_a_table_that_these_ratings_do_not_give_does_not_hold(
    kept: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    def change(said: dict[str, Any]) -> None:
        said["tables"]["panel"] = [{"judge": "panel-mean", "gain": 9}]
        said["contents"]["tables"]["panel"] = 1

    assert main(["verify", str(kept(change))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "panel: it is in the manifest, and these ratings do not give it" in lines
    assert lines[-1] == "refused: the figures do not come out again"


@pytest.mark.slow
def test_a_panel_alone_is_verified_alone(tmp_path: Path) -> None:
    write_separate(tmp_path / "copy", make_release(32, seed=2))
    dataset = load(str(tmp_path / "copy"), Progress())
    alone = selected(judges=(), attributes=("Safety",), panel=("gpt-4o", "o4-mini"))
    file = tmp_path / "m.json"
    file.write_bytes(manifest_file(View(dataset, Settings.of(STUDY), alone), "link", DAY))
    outcome = verify(read_manifest(file), dataset)
    assert outcome.holds, outcome.said
    assert "icc: 1 rows hold" in outcome.said


# Files that cannot be read


@pytest.mark.slow
def test_a_damaged_file_of_a_folder_is_named_although_nothing_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    names = write_workbooks(folder, make_release(32, seed=2), subfolders=True)
    assert main(["manifest", "--source", str(folder), "--output", str(file)]) == 0
    table = folder / names["o4-mini"]
    whole = table.read_bytes()
    table.write_bytes(whole[:1000])
    capsys.readouterr()
    assert main(["verify", str(file), "--source", str(folder)]) == 1
    before, now = (hashlib.sha256(content).hexdigest() for content in (whole, whole[:1000]))
    assert capsys.readouterr().out.splitlines() == [
        f"file {names['o4-mini']}: its SHA-256 is {now}, and {before} in the manifest",
        "refused: these are not the ratings that the manifest was made from",
    ]


@pytest.mark.slow
def test_a_folder_that_cannot_be_read_for_another_file_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All files of the manifest are as they were: what stands in the way is new, and named by the reader."""
    folder, file = tmp_path / "copy", tmp_path / "m.json"
    write_workbooks(folder, make_release(32, seed=2))
    assert main(["manifest", "--source", str(folder), "--output", str(file)]) == 0
    (folder / "gpt-4o.xlsx").write_bytes(b"no workbook")
    capsys.readouterr()
    assert main(["verify", str(file), "--source", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "gpt-4o.xlsx" in said.err


def of_files(source: str, **files: bytes) -> Manifest:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return Manifest(source, "Title", "Study", hashes, {}, {}, {}, {})


def test_files_are_compared_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    one, two = tmp_path / "below" / "one.csv", tmp_path / "two.csv"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    said = of_files("folder", **{"one.csv": b"1", "two.csv": b"2"})
    assert verify_files(said, [one, two]) is None
    assert verify_files(said, [one, two, Path(__file__)]) is None
    moved = two.rename(tmp_path / "other name.csv")
    assert verify_files(said, [one, moved]) is None
    gone = verify_files(said, [one])
    assert gone is not None
    assert not gone.holds
    assert gone.said[0].startswith("file two.csv: no file with its SHA-256 (")
    one.write_bytes(b"3")
    other = verify_files(said, [one, moved])
    assert other is not None
    assert other.said[0].startswith("file one.csv: its SHA-256 is ")
    assert len(other.said) == 2


@pytest.mark.parametrize("source", ["snapshot", "counts"])
def test_of_a_file_of_counts_only_itself_is_compared(source: str, tmp_path: Path) -> None:
    file = tmp_path / "few.parquet"
    file.write_bytes(b"1")
    said = of_files(source, **{"counted/one.xlsx": b"elsewhere", "few.parquet": b"1"})
    assert verify_files(said, [file]) is None
    file.write_bytes(b"2")
    other = verify_files(said, [file])
    assert other is not None
    assert [line.split(":")[0] for line in other.said] == ["file few.parquet", "refused"]


CHOSEN = "of its settings or its selection, "
BAD: list[tuple[Change, str]] = [
    (lambda said: said.update(format="other"), "it does not say that it is a 'MentalBench Explorer manifest 2'"),
    (lambda said: said.pop("settings"), "it lacks 'settings'"),
    (lambda said: said["source"].pop("files"), "it lacks 'files'"),
    (
        lambda said: said["settings"].update(level="planet"),
        "of its settings or its selection, level: 'planet' is not known; allowed",
    ),
    (lambda said: said["settings"].update(colour="red"), CHOSEN),
    (
        lambda said: said["selection"].update(judges=["nobody"]),
        f"{CHOSEN}judge: 'nobody' is not known; ",
    ),
    (lambda said: said["selection"].update(rule="dice"), f"{CHOSEN}rule: 'dice' is not "),
    (lambda said: said["tables"].update(icecream=[]), "it names the table 'icecream', which is not known; "),
    (lambda said: said.update(tables={}), "it lists the table verdicts with 12 rows and holds 0"),
    (lambda said: said["tables"].pop("icc"), "it lists the table icc with 4 rows and holds 0"),
    (lambda said: said["tables"]["scores"].pop(), "it lists the table scores with "),
    (lambda said: said["contents"]["tables"].pop("icc"), "it lists the table icc with 0 rows and holds 4"),
    (lambda said: unlisted(said, "icc"), "the table icc is neither in it nor among what it says was left out"),
    (lambda said: said.update(tables={}, contents={"tables": {}, "files": 6}), "it holds no table"),
    (lambda said: said.pop("contents"), "it lacks 'contents'"),
    (lambda said: said["source"]["files"].pop(), "it lists 6 files and names 5"),
    (lambda said: said["left_out"].pop("panel"), "the table panel is neither in it nor among what it says was left"),
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
    ("content", "reason"),
    [(None, "it, or its folder,"), (b"\xff\x00", "it is not what"), (b"[]", "it does not say")],
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
            "argument --format: 'csv' is not for manifest; allowed with a table; manifest allows",
        ),
        (
            ["icc", "--app", "http://a.test"],
            "argument --app: 'http://a.test' is not for icc; allowed with report, manifest",
        ),
        (["verify"], "the following arguments are required: MANIFEST; allowed is what --help lists"),
        (
            ["verify", "m.json", "--preset", "paper"],
            "argument --preset: 'paper' is not for verify; verify allows --source, --add-judge, --own",
        ),
    ],
)
def test_options_that_do_not_fit_get_one_line(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith(said)
