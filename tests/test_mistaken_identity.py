"""Ratings are taken for what they are said to be: whose, of what, on which scale, from which files; else refused."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.outputs.tables import TAKEN
from data.counts import count_pairs
from data.folder import read_folder
from data.mentalalign import STUDY, SUFFIX
from data.own.judges import add_judge
from data.ratings import OFF_SCALE, Ratings
from data.study import HUMAN
from tests.made_release import FILE_NAMES, file_table, make_release, write_separate, write_table
from tests.made_study import EXPERTS, make_study, write_study

RELEASE = make_release(32, seed=4)
OPUS = "claude-4-opus_llm_judge.csv"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the made release; not to be changed."""
    folder = tmp_path_factory.mktemp("release")
    write_separate(folder, RELEASE)
    return folder


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    """Give a copy of it, to be changed."""
    return Path(shutil.copytree(release, tmp_path / "copy"))


def figures(capsys: Capture, folder: Path, *options: str, table: str = "icc") -> pd.DataFrame:
    capsys.readouterr()
    few = ["--resamples", "20"] if "resamples" in TAKEN[table].settings else []
    assert main([table, "--source", str(folder), "--format", "json", *few, *options]) == 0
    return pd.DataFrame(json.loads(capsys.readouterr().out))


def refused(capsys: Capture, *arguments: str) -> str:
    """Give the line with which the command line refuses, and see that it is one line, and exit code 2."""
    capsys.readouterr()
    assert main([*arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def pairs_of(ratings: Ratings, judges: tuple[str, ...]) -> pd.DataFrame:
    counts = count_pairs(ratings)
    return counts[counts["judge"].isin(judges)].astype({"judge": "str"}).reset_index(drop=True)


def rated(cell: str | None, change: Callable[[float], float]) -> str | None:
    """Change every rating of a clean cell."""
    try:
        found = json.loads((cell or "").removeprefix("```json\n").removesuffix("\n```"))
    except json.JSONDecodeError:
        return cell
    names = STUDY.attribute_names
    return json.dumps({name: change(value) if name in names and value else value for name, value in found.items()})


# Whose ratings


@pytest.mark.slow
def test_another_claude_beside_the_released_files_is_a_judge_of_its_own(
    release: Path, copy: Path, capsys: Capture
) -> None:
    write_table(copy / OPUS, file_table(RELEASE, "o4-mini"))
    ratings = read_folder(copy)
    assert {file.name: file.raters for file in ratings.files}["claude_llm_judge.csv"] == ("claude-3.7-sonnet",)
    assert {file.name: file.raters for file in ratings.files}[OPUS] == ("claude-4-opus",)
    before, after = figures(capsys, release), figures(capsys, copy)
    pd.testing.assert_frame_equal(after[after["judge"] != "claude-4-opus"], before, check_exact=True)
    opus = after[after["judge"] == "claude-4-opus"].reset_index(drop=True)
    assert not np.allclose(opus["icc_a1"], before.loc[before["judge"] == "claude-3.7-sonnet", "icc_a1"])


@pytest.mark.slow
def test_another_claude_alone_is_called_by_its_name_in_the_report(tmp_path: Path, capsys: Capture) -> None:
    write_separate(tmp_path, RELEASE, raters=[HUMAN])
    write_table(tmp_path / OPUS, file_table(RELEASE, "claude-3.7-sonnet"))
    report = tmp_path / "report.html"
    assert main(["report", "--source", str(tmp_path), "--resamples", "20", "--output", str(report)]) == 0
    words = report.read_text(encoding="utf-8")
    assert "claude-4-opus" in words
    assert "Claude-3.7-Sonnet" not in words
    assert "claude-3.7-sonnet" not in words
    assert set(figures(capsys, tmp_path)["judge"]) == {"claude-4-opus"}


@pytest.mark.parametrize(
    ("file", "judge"),
    [
        ("gemini-3-pro_llm_judge.csv", "gemini-3-pro"),
        ("gpt-4o-finetuned/mine_llm_judge.csv", "mine"),
        ("my_llm_judge.xlsx", "my"),
        ("o4-mini-high_llm_judge_with_human.parquet", "o4-mini-high"),
    ],
)
def test_a_judge_is_never_taken_for_another(copy: Path, release: Path, file: str, judge: str, capsys: Capture) -> None:
    table = {name: column for name, column in file_table(RELEASE, "gpt-4o").items() if name != "response"}
    write_table(copy / file, table)
    ratings = read_folder(copy)
    assert ratings.study.judge_keys == (*STUDY.judge_keys, judge)
    assert ratings.notes == ()
    mine = ratings.study.judge(judge)
    assert mine is not None
    assert (mine.label, mine.maker, mine.own) == (judge, "", ())
    pd.testing.assert_frame_equal(pairs_of(read_folder(release), STUDY.judge_keys), pairs_of(ratings, STUDY.judge_keys))


@pytest.mark.parametrize("file", ["gpt-4o-finetuned/ratings.csv", "gemini-3-pro.csv", "claude.csv"])
def test_a_file_that_names_no_judge_is_said_and_is_nobodys(copy: Path, file: str) -> None:
    write_table(copy / file, file_table(RELEASE, "gpt-4o"))
    ratings = read_folder(copy)
    assert ratings.study.judge_keys == STUDY.judge_keys
    (note,) = ratings.notes
    assert note.startswith(f"{file}: its judge's ratings were not read, because its name does not tell whose they are")


def test_several_experts_files_are_refused_by_name(copy: Path, capsys: Capture) -> None:
    (copy / "Human_judge.csv").unlink()
    for name in ("dr_a", "dr_b", "dr_c"):
        write_table(copy / f"{name}.csv", file_table(RELEASE, HUMAN))
    line = refused(capsys, "icc", "--source", str(copy))
    assert "dr_a.csv, dr_b.csv, dr_c.csv all hold experts' ratings, and nothing tells how they belong together" in line


# On which scale


def write_scaled(folder: Path, change: Callable[[float], float], *, every: int = 1) -> None:
    """Write the experts' file, and a judge's in which every nth row has its ratings changed."""
    write_separate(folder, RELEASE, raters=[HUMAN])
    table = file_table(RELEASE, "gpt-4o")
    for suffix in SUFFIX:
        column = f"judge_response_{suffix}"
        table[column] = [
            rated(cell, change) if place % every == 0 else cell for place, cell in enumerate(table[column])
        ]
    write_table(folder / "mine_llm_judge.csv", table)


def test_ratings_on_another_scale_are_refused_with_the_scale(tmp_path: Path, capsys: Capture) -> None:
    write_scaled(tmp_path, lambda rating: min(7, rating + 2))
    line = refused(capsys, "icc", "--source", str(tmp_path))
    assert "mine_llm_judge.csv, judge mine: " in line
    assert "are not on the study's scale, whole numbers from 1 to 5; they seem to be on a scale of 1 to 7" in line


@pytest.mark.slow
def test_a_few_ratings_off_the_scale_are_counted_and_said(tmp_path: Path, capsys: Capture) -> None:
    write_scaled(tmp_path, lambda _: 7, every=40)
    ratings = read_folder(tmp_path)
    off = ratings.ledger[(ratings.ledger["error"] == OFF_SCALE) & (ratings.ledger["rater"] == "mine")]
    given = ratings.long[(ratings.long["rater"] == "mine") & ratings.long["as_released"].notna()]
    assert 0 < len(off) < len(given) / 20
    assert set(off["raw"]) == {"7"}
    assert set(off["valid"]) == {"left out"}
    assert (given["as_released"] == 7).sum() == len(off)
    assert given.loc[given["as_released"] == 7, "valid"].isna().all()
    assert main(["check", str(tmp_path)]) == 0
    assert f"mine_llm_judge.csv: {len(off)} " in capsys.readouterr().out


# Which reply


@pytest.mark.parametrize("with_ids", [True, False], ids=["items", "messages alone"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_raters_are_paired_by_item_and_never_by_row(tmp_path: Path, form: str, with_ids: bool) -> None:
    made = make_release(32, seed=4, contexts_differ=False)
    counted = []
    for name, shuffle in (("plain", None), ("permuted", 5)):
        write_separate(tmp_path / name, made, raters=[HUMAN, "o4-mini"], form="parquet")
        write_separate(tmp_path / name, made, raters=["gpt-4o"], form=form, with_ids=with_ids, shuffle=shuffle)
        counted.append(count_pairs(read_folder(tmp_path / name)))
    pd.testing.assert_frame_equal(*counted)
    # As it would be if rows were paired in order.
    wrong = replace(
        made, cells={**made.cells, "gpt-4o": {key: each[::-1] for key, each in made.cells["gpt-4o"].items()}}
    )
    write_separate(tmp_path / "wrong", wrong, raters=[HUMAN, "o4-mini", "gpt-4o"], form="parquet")
    assert not count_pairs(read_folder(tmp_path / "wrong")).equals(counted[0])


@pytest.mark.slow
def test_shuffled_messages_of_one_judge_leave_every_figure_of_the_others(
    release: Path, tmp_path: Path, capsys: Capture
) -> None:
    shuffled = [RELEASE.contexts["gpt-4o"][place] for place in np.random.default_rng(6).permutation(32)]
    write_separate(tmp_path, replace(RELEASE, contexts={**RELEASE.contexts, "gpt-4o": shuffled}))
    assert len(read_folder(tmp_path).different("gpt-4o")) > 25
    for table in ("icc", "inflation", "reassurance", "ranking"):
        before, after = (figures(capsys, folder, table=table) for folder in (release, tmp_path))
        others = [each[each["judge"] != "gpt-4o"].reset_index(drop=True) for each in (before, after)]
        assert len(others[0]) == 21
        pd.testing.assert_frame_equal(*others, check_exact=True)
        assert not before.equals(after)


# Of which study


@pytest.mark.slow
def test_a_long_table_without_a_study_file_is_answered_with_its_lines(tmp_path: Path, capsys: Capture) -> None:
    write_study(tmp_path, make_study())
    (tmp_path / "study.toml").unlink()
    capsys.readouterr()
    assert main(["icc", "--source", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "has tables of ratings but no study.toml" in said
    assert "\n[scale]\nlow = 1\nhigh = 7\n[experts]\nraters = [" in said
    lines = re.search(r"\[scale\].*?\]$", said, re.DOTALL | re.MULTILINE)
    assert lines
    # With the lines, and those raters who are no experts taken out, it is a study.
    raters = json.dumps(list(EXPERTS), ensure_ascii=False)
    toml = re.sub(r"raters = .*", f"raters = {raters}", said[said.index("[scale]") :]).partition("; allowed")[0]
    (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
    assert read_folder(tmp_path).study.experts == EXPERTS


# From which files


@pytest.fixture
def kept(copy: Path, tmp_path: Path) -> Path:
    """Give a manifest of the copy."""
    file = tmp_path / "manifest.json"
    assert main(["manifest", "--source", str(copy), "--resamples", "20", "--output", str(file)]) == 0
    return file


def verified(manifest: Path, folder: Path, capsys: Capture) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["verify", str(manifest), "--source", str(folder)])
    said = capsys.readouterr()
    return code, said.out + said.err


@pytest.mark.slow
def test_a_manifest_that_has_lost_something_does_not_hold(kept: Path, copy: Path, capsys: Capture) -> None:
    whole = json.loads(kept.read_text())
    assert verified(kept, copy, capsys)[0] == 0

    def without(change: Callable[[dict[str, Any]], object]) -> tuple[int, str]:
        said = json.loads(json.dumps(whole))
        change(said)
        kept.write_text(json.dumps(said))
        return verified(kept, copy, capsys)

    code, said = without(lambda said: said["tables"].pop("icc"))
    assert (code, "it lists the table icc with 28 rows and holds 0" in said) == (2, True)
    code, said = without(lambda said: (said["tables"].pop("icc"), said["contents"]["tables"].pop("icc")))
    assert (code, "the table icc is neither in it nor among what it says was left out" in said) == (2, True)
    code, said = without(
        lambda said: (
            said["tables"].pop("icc"),
            said["contents"]["tables"].pop("icc"),
            said["left_out"].update(icc="it is not needed"),
        )
    )
    assert (code, "icc: it is not in the manifest, and these ratings give it" in said) == (1, True)
    code, said = without(lambda said: said["tables"]["icc"].pop())
    assert (code, "it lists the table icc with 28 rows and holds 27" in said) == (2, True)
    code, said = without(lambda said: said["source"]["files"].pop())
    assert (code, "it lists 5 files and names 4" in said) == (2, True)


@pytest.mark.slow
def test_a_file_that_is_gone_or_new_is_named(kept: Path, copy: Path, capsys: Capture) -> None:
    (copy / "o4-mini_llm_judge.csv").unlink()
    code, said = verified(kept, copy, capsys)
    assert code == 1
    assert re.search(r"file o4-mini_llm_judge.csv: no file with its SHA-256 \([0-9a-f]{64}\) is among those read", said)
    write_table(copy / "o4-mini_llm_judge.csv", file_table(RELEASE, "o4-mini"))
    assert verified(kept, copy, capsys)[0] == 0
    # The same content under another name is another judge.
    write_table(copy / OPUS, file_table(RELEASE, "o4-mini"))
    code, said = verified(kept, copy, capsys)
    assert (code, f"file {OPUS}: it was not among the files when the manifest was made" in said) == (1, True)


@pytest.mark.slow
def test_a_damaged_file_is_said_to_have_another_content(kept: Path, copy: Path, capsys: Capture) -> None:
    path = copy / "gemini_llm_judge.csv"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    code, said = verified(kept, copy, capsys)
    assert code == 1
    assert "gemini_llm_judge.csv: " in said
    assert "SHA-256" in said
    assert said.splitlines()[-1] == "refused: these are not the ratings that the manifest was made from"


@pytest.mark.slow
def test_a_file_with_a_released_name_and_another_content_is_said_to_be_changed(copy: Path, capsys: Capture) -> None:
    write_table(copy / "my_llm_judge.csv", file_table(RELEASE, "gpt-4o"))
    ratings = read_folder(copy)
    released = {f"{name}.csv" for name in FILE_NAMES.values()}
    assert {file.name for file in ratings.files if file.changed} == released
    capsys.readouterr()
    assert main(["icc", "--source", str(copy), "--judge", "gpt-4o"]) == 0
    said = capsys.readouterr().err
    for name in released:
        assert f"note: {name} is changed: it has the name of a released file and another content" in said
    assert "my_llm_judge.csv is changed" not in said


@pytest.mark.release
def test_the_released_files_are_not_changed(released: Ratings) -> None:
    assert not any(file.changed for file in released.files)


@pytest.mark.slow
def test_an_added_judge_is_matched_by_item_and_not_by_row(release: Path, tmp_path: Path) -> None:
    found = []
    for shuffle in (None, 7):
        folder = tmp_path / str(shuffle)
        names = write_separate(folder, RELEASE, raters=["gpt-4o"], shuffle=shuffle)
        path = (folder / names["gpt-4o"]).rename(folder / "mine_llm_judge.csv")
        found.append(count_pairs(add_judge(read_folder(release), path).ratings))
    pd.testing.assert_frame_equal(*found)
