"""From the released workbooks to the published tables, through the command line, as a reader would check them."""

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.__main__ import main
from data.mentalalign import STUDY
from data.sources import Dataset, load
from tests.slow import slow_but

PUBLISHED = Path(__file__).parents[1] / "data" / "published" / STUDY.key
JUDGE_KEY = {judge.label: judge.key for judge in STUDY.judges}
MODEL_KEY = {model.label: model.key for model in STUDY.systems}

Rows = list[dict[str, object]]


def ask(capsys: pytest.CaptureFixture[str], *argv: object) -> Rows:
    """Run the command with JSON output and give its rows."""
    assert main([*map(str, argv), "--format", "json"]) == 0
    rows: Rows = json.loads(capsys.readouterr().out)
    return rows


def by_cell(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows).set_index(["judge", "attribute"])


def published(name: str) -> pd.DataFrame:
    table = pd.read_csv(PUBLISHED / f"{name}.csv")
    return table.assign(judge=table["judge"].map(JUDGE_KEY)).set_index(["judge", "attribute"])


# The paper's tables


@pytest.mark.slow
def test_all_published_coefficients(capsys: pytest.CaptureFixture[str], release_folder: Path) -> None:
    ours = by_cell(ask(capsys, "icc", "--source", release_folder, "--preset", "paper"))
    theirs = published("icc")
    assert len(theirs) == len(ours) == 28
    off = (ours[["icc_c1", "icc_a1"]] - theirs[["icc_c1", "icc_a1"]]).abs()
    assert off.notna().all(axis=None)
    assert off.max(axis=None) < 0.005


def test_all_published_biases(capsys: pytest.CaptureFixture[str], release_folder: Path) -> None:
    ours = by_cell(ask(capsys, "inflation", "--source", release_folder, "--preset", "paper"))
    theirs = published("bias")
    assert len(theirs) == len(ours) == 28
    off = (ours[list(theirs.columns)] - theirs).abs()
    assert list(theirs.columns) == ["human_mean", "judge_mean", "bias", "mse"]
    assert off.notna().all(axis=None)
    assert off.max(axis=None) < 0.005


@pytest.mark.slow
def test_published_human_means_but_for_the_misprint(capsys: pytest.CaptureFixture[str], release_folder: Path) -> None:
    rows = pd.DataFrame(ask(capsys, "scores", "--source", release_folder, "--preset", "paper"))
    ours = rows[rows["rater"] == "human"].set_index("model")
    theirs = pd.read_csv(PUBLISHED / "human_scores.csv").drop(columns="access")
    theirs = theirs.assign(model=theirs["model"].map(MODEL_KEY)).set_index("model")
    off = (ours.loc[theirs.index, theirs.columns] - theirs).abs()
    assert off["average"].max() < 0.011
    means = off.drop(columns="average").melt(ignore_index=False, var_name="attribute", value_name="off").reset_index()
    assert len(means) == means["off"].count() == 63
    assert means.loc[means["off"] >= 0.011, ["model", "attribute"]].to_numpy().tolist() == [["qwen-3-4b", "Guidance"]]
    assert theirs.loc["qwen-3-4b", "Guidance"] == 3.07
    assert ours.loc["qwen-3-4b", "Guidance"] == pytest.approx(2.76, abs=0.005)


# Figures that tell whether a level and a policy mean what they should


@pytest.mark.slow
def test_single_replies_at_response_level(capsys: pytest.CaptureFixture[str], release_folder: Path) -> None:
    rows = by_cell(ask(capsys, "icc", "--source", release_folder, "--preset", "paper", "--level", "response"))
    assert rows["level"].eq("response").all()
    assert rows["n_targets"].equals(rows["n_pairs"])
    assert rows.loc[("gpt-4o", "Safety"), "icc_a1"] == pytest.approx(0.436, abs=0.002)
    assert rows.loc[("o4-mini", "Guidance"), "icc_c1"] == pytest.approx(0.605, abs=0.002)


@pytest.mark.slow
def test_valid_ratings_lower_the_consistency_of_gpt_4o_on_safety(
    capsys: pytest.CaptureFixture[str], release_folder: Path
) -> None:
    """Replies that were not there to rate carry the experts' 0 and a low rating of the judge."""
    cell = ["icc", "--source", release_folder, "--preset", "paper", "--repeated", "kept", "--judge", "gpt-4o"]
    cell += ["--attribute", "Safety"]
    (released,) = ask(capsys, *cell)
    (valid,) = ask(capsys, *cell, "--ratings", "valid")
    assert released["icc_c1"] == pytest.approx(0.48, abs=0.005)
    assert valid["icc_c1"] == pytest.approx(0.37, abs=0.005)


# The bundled snapshot is the release

CHOICES = [
    ["--preset", preset, "--ratings", ratings, "--exclude", exclude]
    for preset, ratings, exclude in itertools.product(
        ["paper", "recommended"], ["as-released", "valid"], ["none", "own", "family"]
    )
]


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """Read each source once: 48 tables of the same files are made here."""
    with pytest.MonkeyPatch.context() as patch:
        loaded: dict[str, Dataset] = {}
        patch.setattr(
            "analysis.commands.load",
            lambda source, progress: loaded.get(source) or loaded.setdefault(source, load(source, progress)),
        )
        yield


def same(ours: Rows, theirs: Rows, leave_out: frozenset[str]) -> None:
    """Check that two tables have the same rows and, but for the columns left out, the same numbers to 1e-9."""
    assert len(ours) == len(theirs) > 0
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for name in one.keys() - leave_out:
            if isinstance(one[name], float):
                assert math.isclose(one[name], other[name], rel_tol=0, abs_tol=1e-9), name
            else:
                assert one[name] == other[name], name


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("choices", CHOICES, ids=" ".join)
@pytest.mark.parametrize("level", slow_but({"model"}, ["model", "response"]))
def test_snapshot_has_the_coefficients_of_the_release(
    level: str, choices: list[str], capsys: pytest.CaptureFixture[str], release_folder: Path
) -> None:
    argv = ["icc", "--level", level, "--interval", "exact-f", *choices]
    ours, theirs = (ask(capsys, *argv, "--source", source) for source in ("snapshot", release_folder))
    assert len(ours) == 28
    assert all(row["icc_a1_high"] is not None for row in ours)
    same(ours, theirs, leave_out=frozenset())


@pytest.mark.slow
@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("choices", CHOICES, ids=" ".join)
def test_snapshot_has_the_means_of_the_release(
    choices: list[str], capsys: pytest.CaptureFixture[str], release_folder: Path
) -> None:
    """Intervals differ: the snapshot's are clustered by blocks of conversations."""
    for table in ("inflation", "scores"):
        ours, theirs = (ask(capsys, table, *choices, "--source", source) for source in ("snapshot", release_folder))
        same(ours, theirs, leave_out=frozenset({"bias_low", "bias_high"}))


def test_intervals_of_the_snapshot_are_close_to_those_of_the_release(
    capsys: pytest.CaptureFixture[str], release_folder: Path
) -> None:
    ours, theirs = (by_cell(ask(capsys, "inflation", "--source", source)) for source in ("snapshot", release_folder))
    widths = [table["bias_high"] - table["bias_low"] for table in (ours, theirs)]
    ratio = widths[0] / widths[1]
    assert 0.9 < ratio.median() < 1.1
    assert ratio.between(0.6, 1.5).all()
