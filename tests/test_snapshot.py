"""The snapshot holds the release as counts: every figure the same, byte for byte repeatable, and not a word of text."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.ratings.pairs import pairs, ratings_of_each, sums
from analysis.ratings.settings import Selection, Settings
from data.__main__ import main, with_moments
from data.checking import check
from data.counts import BLOCKS, count_pairs
from data.counts_file import BUNDLED, About, read_counts, record_of, write_counts
from data.data_errors import count_errors
from data.errors import ReleaseError
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.released.reading import read_release
from data.sources import revision_of
from data.study import HUMAN, Noun, Scale
from tests.made_release import WORDS, Made, file_table, write_separate, write_table, write_workbooks

ROOT = Path(__file__).parents[1]
POLICIES = list(product(["as-released", "valid"], ["kept", "left-out"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, made: Made) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_workbooks(folder, made)
    return folder


@pytest.fixture(scope="module")
def release(folder: Path) -> Ratings:
    return read_release(folder, STUDY)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, release: Ratings) -> Path:
    return write(release, tmp_path_factory.mktemp("snapshot") / "made.parquet")


def write(ratings: Ratings, path: Path) -> Path:
    counts, about, stretches = with_moments(ratings, path)
    write_counts(counts, about, path, stretches)
    return path


@pytest.mark.slow
def test_a_snapshot_reads_as_the_counts_of_its_release(release: Ratings, written: Path) -> None:
    counts, *_ = read_counts(written)
    pd.testing.assert_frame_equal(counts, count_pairs(release, blocks=48))


def test_a_snapshot_says_what_it_was_made_from(release: Ratings, written: Path) -> None:
    counts, about, _ = read_counts(written)
    assert (about.conversations, about.blocks) == (48, 48)
    assert about.cluster == "conversation"
    assert about.files == release.files
    assert about.revision == revision_of(release.files)
    assert about.data_errors == count_errors(release.ledger)
    record = record_of(written, counts)
    assert (record.name, record.rows, record.raters) == ("made.parquet", len(counts), ())
    assert record.sha256 == hashlib.sha256(written.read_bytes()).hexdigest()


def test_a_snapshot_holds_the_whole_study(release: Ratings, written: Path) -> None:
    assert read_counts(written)[1].study == release.study == STUDY


def test_a_study_of_another_scale_is_kept_with_its_ratings(release: Ratings, tmp_path: Path) -> None:
    """Halves, an own item, several experts, and no group: all that differs from the published study."""
    other = replace(
        STUDY.with_judges(["o4-mini"]),
        key="own",
        scale=Scale.of(-3, 3, good=1, step=0.5),
        groups=(),
        item=Noun("case", "cases"),
        experts=("a", "b"),
        published=None,
    )
    counts = count_pairs(replace(release, study=other), blocks=7)
    halved = counts.assign(**{name: counts[name] / 2 for name in ("human", "human_valid", "rating", "rating_valid")})
    write_counts(halved, About(other, "made", 48, 7), tmp_path / "own.parquet")
    read, about, _ = read_counts(tmp_path / "own.parquet")
    assert about.study == other
    assert about.study.scale.values[:3] == (-3, -2.5, -2)
    assert about.cluster == "block of 7 cases"
    pd.testing.assert_frame_equal(read, halved)


def test_missing_ratings_are_nulls(written: Path) -> None:
    table = pq.read_table(written)
    for name in ("human", "human_valid", "rating", "rating_valid"):
        assert table[name].null_count > 0
        assert table.schema.field(name).type == pa.int8()


@pytest.mark.slow
@pytest.mark.parametrize("number", [4.37, 127, 128, -129, 1e9])
def test_any_number_is_kept_exactly(tmp_path: Path, made: Made, number: float) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    table = file_table(made, "o4-mini")
    table["judge_response_claude"][0] = f'{{"Guidance": {number}}}'
    write_table(tmp_path / "o4-mini_llm_judge.csv", table)
    release = read_release(tmp_path, STUDY)
    counts, *_ = read_counts(write(release, tmp_path / "made.parquet"))
    assert number in set(counts["rating"])
    pd.testing.assert_frame_equal(counts, count_pairs(release, blocks=48))


def test_the_same_release_gives_the_same_bytes(folder: Path, written: Path, tmp_path: Path) -> None:
    write(read_release(folder, STUDY), tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == written.read_bytes()


def words_in(path: Path, words: Iterable[str]) -> list[str]:
    """Which of the words stand anywhere in a Parquet file, its columns unpacked."""
    unpacked = pa.BufferOutputStream()
    pq.write_table(pq.read_table(path), unpacked, compression="none", use_dictionary=False)
    content = (path.read_bytes() + unpacked.getvalue().to_pybytes()).lower()
    return sorted(word for word in words if word.encode() in content)


def test_a_snapshot_holds_no_text(written: Path) -> None:
    table = pq.read_table(written)
    names = table.select(["judge", "model", "attribute"])
    assert {name: set(names[name].unique().to_pylist()) for name in names.column_names} == {
        "judge": set(STUDY.judge_keys),
        "model": set(STUDY.system_keys),
        "attribute": set(STUDY.attribute_names),
    }
    rest = table.drop_columns(names.column_names).schema.types
    assert all(pa.types.is_integer(kind) or pa.types.is_boolean(kind) for kind in rest)
    assert words_in(written, ["human_judge.xlsx"])
    assert words_in(written, [*WORDS, "reply names", "even tone", "looking", "assessment"]) == []


@pytest.mark.slow
@pytest.mark.parametrize(("ratings", "contexts"), POLICIES)
def test_a_snapshot_gives_the_figures_of_its_release(
    release: Ratings, written: Path, ratings: str, contexts: str
) -> None:
    assert_same_figures(count_pairs(release), read_counts(written)[0], ratings, contexts)


def assert_same_figures(single: pd.DataFrame, blocks: pd.DataFrame, ratings: str, contexts: str) -> None:
    """Compare what the analysis makes of single conversations and of blocks."""
    selection = Selection.of(STUDY)
    for exclude in ("none", "own"):
        choices = Settings.of(STUDY, ratings=ratings, contexts=contexts, exclude=exclude)
        one, other = (pairs(STUDY, counts, choices, selection) for counts in (single, blocks))
        cells = ["judge", "model", "attribute", "human", "rating"]
        pd.testing.assert_series_equal(
            one.groupby(cells, observed=True)["n"].sum(), other.groupby(cells, observed=True)["n"].sum()
        )
        first, second = sums(one), sums(other)
        assert first.judges == second.judges
        assert first.moments[0].sum() > 0
        np.testing.assert_allclose(first.moments.sum(axis=-1), second.moments.sum(axis=-1), rtol=0, atol=1e-9)
        alone = ["rater", "model", "attribute", "rating"]
        one, other = (ratings_of_each(STUDY, counts, choices, selection) for counts in (single, blocks))
        pd.testing.assert_series_equal(
            one.groupby(alone, observed=True)["n"].sum(), other.groupby(alone, observed=True)["n"].sum()
        )


def test_the_policies_give_different_figures(release: Ratings) -> None:
    counts = count_pairs(release)
    found = [
        sums(
            pairs(STUDY, counts, Settings.of(STUDY, ratings=ratings, contexts=contexts), Selection.of(STUDY))
        ).moments.sum(axis=-1)
        for ratings, contexts in POLICIES
    ]
    assert len({moments.tobytes() for moments in found}) == len(POLICIES)


@pytest.mark.parametrize("content", [b"", b"no snapshot", None], ids=["empty", "text", "missing"])
def test_what_is_no_snapshot_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "counts.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(
        ReleaseError, match=r"^counts.parquet is not a file of counts; give the folder that it is in, or write counts"
    ):
        read_counts(path)


@pytest.mark.parametrize("about", [None, {b"counts": b"{}"}, {b"counts": b"no JSON"}, {b"counts": b'{"study": 1}'}])
def test_another_table_is_no_snapshot(tmp_path: Path, about: dict[bytes, bytes] | None) -> None:
    path = tmp_path / "counts.parquet"
    pq.write_table(pa.table({"judge": [1]}).replace_schema_metadata(about), path)
    with pytest.raises(ReleaseError, match=r"^counts.parquet is not a file of counts"):
        read_counts(path)


@pytest.mark.slow
def test_the_command_writes_a_snapshot(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "made.parquet"
    assert main(["snapshot", str(folder), "--output", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: {path.stat().st_size:,} bytes, 48 conversations\n"
    _, about, _ = read_counts(path)
    assert about.revision.startswith("sha256:")
    assert about.blocks == 48

    again = subprocess.run(
        [sys.executable, "-m", "data", "snapshot", folder, "--output", tmp_path / "again.parquet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "again.parquet").read_bytes() == path.read_bytes()


def test_the_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", str(tmp_path / "nowhere")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"python -m data snapshot: {tmp_path / 'nowhere'} is not a folder")
    assert said.count("\n") == 1


def test_the_command_refuses_a_file_that_it_cannot_write(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["snapshot", str(folder), "--output", str(tmp_path)])
    assert ended.value.code == 2
    assert f"'{tmp_path}' cannot be written (it is a folder)" in capsys.readouterr().err


@pytest.mark.slow
def test_the_bundled_snapshot_is_what_the_release_gives(released: Ratings, tmp_path: Path) -> None:
    write(released, tmp_path / "again.parquet")
    assert read_counts()[1].blocks == BLOCKS == 50
    assert (tmp_path / "again.parquet").read_bytes() == BUNDLED.read_bytes()


@pytest.mark.slow
def test_the_bundled_snapshot_holds_no_word_of_a_conversation(released: Ratings) -> None:
    texts = [*released.contexts["context"], *released.explanations["explanation"]]
    # Shorter words could stand in a hash by chance; the others are in names of attributes, models, columns and errors.
    words = {word for text in texts for word in text.lower().split() if word.isalpha() and len(word) > 7}
    assert len(words) > 3000
    harmless = {
        "attribute",
        "conversation",
        "conversations",
        "difference",
        "different",
        "malformed",
        "recovered",
        "repeated",
    }
    # What is known of the study is in the file, and was written here.
    named = json.dumps(asdict(STUDY)).lower()
    assert words_in(BUNDLED, {word for word in words - harmless if word not in named}) == []


@pytest.mark.slow
@pytest.mark.parametrize(("ratings", "contexts"), POLICIES)
def test_the_bundled_snapshot_gives_the_figures_of_the_release(released: Ratings, ratings: str, contexts: str) -> None:
    assert_same_figures(count_pairs(released), read_counts()[0], ratings, contexts)


def test_the_bundled_snapshot_is_not_written_from_other_ratings(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = BUNDLED.read_bytes()
    write_workbooks(tmp_path, made)
    assert main(["snapshot", str(tmp_path)]) == 2
    assert "python -m data counts FOLDER --output FILE" in capsys.readouterr().err
    assert BUNDLED.read_bytes() == before


def test_a_file_of_counts_is_no_judges_file(written: Path) -> None:
    found = check(written)
    assert not found.usable
    assert found.problems == ("made.parquet is a file of counts, which is a source by itself: --source",)
