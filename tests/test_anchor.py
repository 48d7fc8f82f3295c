"""An anchor set: frozen, rated again, and what it tells of a judge that has changed."""

import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pingouin
import pytest

import analysis
from analysis.findings.consistency import consistency_finding
from analysis.notebook import OpenStudy
from data.__main__ import main
from data.judging.results import run_of
from data.study import Attribute, Scale, Study, System
from tests.made_judged import made_study
from tests.standin_endpoint import StandinEndpoint

ITEMS = 40
Judge = Callable[..., int]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return made_study(tmp_path / "study", ITEMS)


@pytest.fixture
def endpoint() -> Iterator[StandinEndpoint]:
    with StandinEndpoint() as started:
        yield started


@pytest.fixture
def anchor(study: Path, tmp_path: Path) -> Path:
    path = tmp_path / "anchor.json"
    assert main(["anchor", "--study", str(study), "--number", "60", "--output", str(path)]) == 0
    return path


@pytest.fixture
def judge(study: Path, endpoint: StandinEndpoint, anchor: Path, tmp_path: Path) -> Judge:
    def go(*more: str) -> int:
        of_all = ["--model", "standin", "--endpoint", endpoint.url, "--study", str(study), "--yes"]
        return main(["judge", *of_all, "--output", str(tmp_path / "out"), "--anchor", str(anchor), *more])

    return go


def grown(study: Path, out: Path) -> OpenStudy:
    return analysis.open_study(str(study)).add_judge(out / "standin_llm_judge.csv")


def test_an_anchor_set_is_the_same_for_the_same_seed_and_holds_no_text(
    study: Path, anchor: Path, tmp_path: Path
) -> None:
    for seed, same in ((0, True), (1, False)):
        other = tmp_path / f"other-{seed}.json"
        main(["anchor", "--study", str(study), "--number", "60", "--seed", str(seed), "--output", str(other)])
        assert (other.read_bytes() == anchor.read_bytes()) is same
    assert "lay awake" not in anchor.read_text(encoding="utf-8")
    assert len(json.loads(anchor.read_text(encoding="utf-8"))["replies"]) == 60


def test_a_judge_that_stays_the_same_has_not_moved(judge: Judge, study: Path, tmp_path: Path) -> None:
    assert judge() == 0
    assert judge("--again", "2027-05") == 0
    table = grown(study, tmp_path / "out").table("consistency", resamples=100)
    assert table["probe"].tolist() == ["2027-05", "2027-05"]
    assert table["flip_rate"].eq(0).all()
    assert table["change_a1"].eq(0).all()
    assert table["n_with_experts"].eq(60).all()


def test_a_judge_that_has_changed_is_found_out(
    judge: Judge, endpoint: StandinEndpoint, study: Path, tmp_path: Path
) -> None:
    judge()
    endpoint.version, endpoint.lift = "standin-2", 2
    judge("--again", "2027-05")
    opened = grown(study, tmp_path / "out")
    table = opened.table("consistency", resamples=200).set_index("attribute")
    made = pd.read_csv(tmp_path / "out" / "standin_llm_judge.csv", dtype={"run": str})
    experts = opened.ratings.query("rater == 'human'").rename(columns={"conversation": "item", "model": "system"})
    for attribute, row in table.iterrows():
        agreements = []
        for run in ("1", "2027-05"):
            mine = made[(made["run"] == run) & (made["attribute"] == attribute)].astype({"item": str})
            both = mine.merge(experts.query("attribute == @attribute").astype({"item": str}), on=["item", "system"])
            long = both[["rating", "valid"]].reset_index().melt("index")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                icc = pingouin.intraclass_corr(long, "index", "variable", "value").set_index("Type")["ICC"]
            agreements.append(icc["ICC(A,1)"])
        assert row["before_a1"] == pytest.approx(agreements[0])
        assert row["change_a1"] == pytest.approx(agreements[1] - agreements[0])
        assert row["change_a1_low"] < row["change_a1"] < row["change_a1_high"]
    who = json.loads((tmp_path / "out" / "standin_judge.json").read_text(encoding="utf-8"))
    versions = {(each["run"], each["model"]): each["answers"] for each in who["versions"]}
    assert versions == {("1", "standin-1"): 60, ("2027-05", "standin-2"): 60}


STILL = {"mean_change": 0.0, "mean_change_low": -0.1, "mean_change_high": 0.1}
MOVED = {"mean_change": 0.3, "mean_change_low": 0.2, "mean_change_high": 0.4}
LESS = {"change_a1": -0.3, "change_a1_low": -0.4, "change_a1_high": -0.2}
ALIKE = {"change_a1": 0.0, "change_a1_low": -0.08, "change_a1_high": 0.1}
UNKNOWN = dict.fromkeys(LESS, float("nan"))


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (
            STILL | LESS,
            (
                "most. Its ICC(A,1) with the experts changes by -0.30 (-0.40 to -0.20) on Safety. What was found of "
                "its first run may no longer hold."
            ),
        ),
        (
            MOVED | ALIKE,
            (
                "most, and its mean rating on Safety moves by +0.30 points. No ICC(A,1) with the experts clearly "
                "falls; one may have fallen by up to 0.08. What was found of its first run may no longer hold."
            ),
        ),
        (
            STILL | ALIKE,
            "most. No ICC(A,1) with the experts clearly falls; one may have fallen by up to 0.08.",
        ),
        (STILL | UNKNOWN, "most. Whether it agrees less with the experts is not known."),
    ],
    ids=["less", "moved", "alike", "unknown"],
)
def test_the_finding_says_what_became_of_the_judge(study: Path, figures: dict[str, float], expected: str) -> None:
    row = {"judge": "old", "attribute": "Safety", "probe": "2027-05", "flip_rate": 0.25, **figures}
    said = consistency_finding(analysis.open_study(str(study)).about, pd.DataFrame([row]))
    assert said.startswith("old was not asked twice alike. In the run 2027-05 it gives another rating to 25 of 100")
    assert said.endswith(expected)


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    return said[0]


def test_replies_that_are_not_what_they_were_are_refused(
    judge: Judge, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_csv(study / "ratings.csv")
    table["reply"] = table["reply"].str.replace("by", "of")
    table.to_csv(study / "ratings.csv", index=False)
    assert judge() == 2
    said = capsys.readouterr().err
    assert "message or reply is not the one that was frozen" in said
    assert "and 57 more" in said


def test_a_set_that_was_changed_by_hand_is_refused(
    judge: Judge, anchor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(anchor.read_text(encoding="utf-8"))
    del found["replies"][0]
    anchor.write_text(json.dumps(found), encoding="utf-8")
    capsys.readouterr()
    assert judge() == 2
    assert "was changed since it was written; take an unchanged copy" in refused(capsys)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["--again", "2"], "numbers and probes name other runs"),
        (["--again", "padding"], "numbers and probes name other runs"),
        (["--again", "2027-05", "--repeats", "2"], "leave out --repeats and --probe"),
        (["--again", "2027-05"], "has no first rating of these replies by this judge"),
        (["--limit", "3"], "--anchor names the replies, and --limit takes some of them"),
    ],
)
def test_what_cannot_be_asked_again_is_one_line(
    judge: Judge, more: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert judge(*more) == 2
    assert expected in refused(capsys)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["--sample", "stratified", "--seed", "-1"], "'-1' is not allowed; allowed are whole numbers from 0"),
        (["--again", ""], "argument --again: the name of the run is empty; name it by its time, as 2027-05"),
    ],
)
def test_wrong_words_are_one_line(
    judge: Judge, more: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        judge(*more)
    assert ended.value.code == 2
    assert expected in refused(capsys)


def test_a_frozen_set_is_not_written_over(study: Path, anchor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = anchor.read_bytes()
    capsys.readouterr()
    assert main(["anchor", "--study", str(study), "--number", "80", "--output", str(anchor)]) == 2
    assert "is there already, and an anchor set is frozen; name another file" in refused(capsys)
    assert anchor.read_bytes() == before
    other = anchor.with_name("all.json")
    assert main(["anchor", "--study", str(study), "--number", "999", "--output", str(other)]) == 0
    assert "120 replies of 3 systems (999 were asked for)" in capsys.readouterr().out


def test_versions_that_rated_new_systems_alone_are_not_the_certified_judges() -> None:
    about = {"item": "1", "system": "alpha", "run": "1"}
    study = Study("made", "Made", Scale.of(1, 5), (Attribute("tone"),), (System("alpha", "alpha"),), ())
    assert [run_of({**about, **other}, study) for other in ({}, {"run": "2027-05"})] == ["1", "2027-05"]
    assert [run_of({**about, "system": "new", **other}, study) for other in ({}, {"run": "2027-05"})] == [
        "new systems",
        "new systems, 2027-05",
    ]
