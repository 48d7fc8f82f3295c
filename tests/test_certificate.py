"""Certificates: of made judges of known quality, verified, and found to be for another judge."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pypdf
import pytest

from analysis.__main__ import main
from analysis.outputs.certificate import certificate
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from analysis.report.certificate import certificate_document
from analysis.report.document import Heading
from analysis.wording import text
from data.judging.identity import Identity, IdentityError
from data.remote.progress import Progress
from data.sources import Dataset, load, with_judge
from tests.made_study import make_study, write_study
from tests.pages import OpenPage, run, unfolded

DAY = date(2027, 5, 1)
CHARACTERISTICS = Path(__file__).parents[1] / "docs" / "operating-characteristics.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    write_study(folder, make_study(120))
    return folder


def ratings_of_experts(dataset: Dataset) -> pd.DataFrame:
    assert dataset.ratings is not None
    long = dataset.ratings.long
    human = long[long["rater"] == "human"].rename(columns={"conversation": "item", "model": "system"})
    return human[["item", "system", "attribute"]].assign(rating=human["valid"].to_numpy()).dropna()


def made_judge(folder: Path, path: Path, rate: Callable[[np.ndarray], np.ndarray]) -> Path:
    """Write the ratings of a judge that rates by what the experts say."""
    dataset = load(str(folder), Progress())
    table, scale = ratings_of_experts(dataset), dataset.study.scale
    rated = np.clip(np.round(rate(table["rating"].to_numpy())), scale.low, scale.high)
    table.assign(rating=rated).to_csv(path, index=False)
    return path


def who(file: Path, **other: object) -> dict[str, object]:
    return {
        "model": "m",
        "endpoint": "https://api.example.org/v1",
        "rubric_sha256": "ab",
        "parameters": {"temperature": 0},
        "form": "schema",
        "sha256": "cd",
        "versions": [{"run": "1", "model": "m-1", "fingerprint": "f-1", "answers": 9}],
        "file_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        **other,
    }


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    return made_judge(folder, tmp_path / "mine_llm_judge.csv", lambda human: human)


@pytest.fixture
def identity(file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "mine_judge.json"
    path.write_text(json.dumps(who(file)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (lambda human: human, {"supported"}),
        (lambda human: np.full(len(human), human.max()), {"undecided", "not-supported"}),
        (lambda human: human.max() + human.min() - human, {"undecided", "not-supported"}),
        (lambda human: np.random.default_rng(1).permutation(human), {"undecided", "not-supported"}),
    ],
    ids=["copy", "always high", "reversed", "shuffled"],
)
def test_a_made_judge_gets_the_certificate_that_it_deserves(
    folder: Path, tmp_path: Path, rate: Callable[[np.ndarray], np.ndarray], expected: set[str]
) -> None:
    path = made_judge(folder, tmp_path / "made_llm_judge.csv", rate)
    dataset, _ = with_judge(load(str(folder), Progress()), path)
    view = View(dataset, Settings.of(dataset.study, resamples=200), Selection.of(dataset.study, ["made"]))
    told = certificate(view, None, "http://localhost:8501", DAY)
    assert told["certificate"] == {"judge": "made", "label": "made", "identity": None}
    verdicts = {row["verdict"] for row in told["tables"]["verdicts"]}
    assert verdicts <= expected
    assert {row["judge"] for row in told["tables"]["verdicts"]} == {"made"}
    document = certificate_document(view, None, DAY, "00")
    assert document.title == "What made may be used for"
    assert "Robustness" in [block.words for block in document.blocks if isinstance(block, Heading)]
    assert ("is supported for every use" in str(document.blocks[0])) is (verdicts == {"supported"})


def test_a_panel_gets_a_certificate_too(folder: Path, tmp_path: Path) -> None:
    path = made_judge(folder, tmp_path / "made_llm_judge.csv", lambda human: human)
    dataset, _ = with_judge(load(str(folder), Progress()), path)
    study = dataset.study
    chosen = Selection.of(study).with_panel(study, ["made", *study.judge_keys[:1]], "mean").of_judge("panel-mean")
    view = View(dataset, Settings.of(study, resamples=50), chosen)
    told = certificate(view, None, "http://localhost:8501", DAY)
    assert told["certificate"]["judge"] == "panel-mean"
    assert {row["judge"] for row in told["tables"]["verdicts"]} == {"panel-mean"}
    assert certificate_document(view, None, DAY, "00").title == f"What {study.rater('panel-mean')} may be used for"


def test_it_is_verified_and_says_who_the_judge_is(
    folder: Path, file: Path, identity: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = ["--source", str(folder), "--add-judge", str(file)]
    made = [*added, "--identity", str(identity), "--resamples", "200", "--quiet"]
    for form in ("json", "pdf"):
        assert main(["certify", "mine", *made, "--output", str(tmp_path / f"certificate.{form}")]) == 0
    content = (tmp_path / "certificate.pdf").read_bytes()
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "https://api.example.org/v1" in words
    assert "m-1 f-1" in words
    sha256 = hashlib.sha256((tmp_path / "certificate.json").read_bytes()).hexdigest()
    assert sha256 in re.sub(r"\s", "", words)

    verifying = ["verify", str(tmp_path / "certificate.json"), "--identity", str(identity)]
    assert main([*verifying, *added]) == 0
    assert "holds: " in capsys.readouterr().out
    told = json.loads((tmp_path / "certificate.json").read_text(encoding="utf-8"))
    told["tables"]["verdicts"][0]["verdict"] = "not-supported"
    (tmp_path / "certificate.json").write_text(json.dumps(told), encoding="utf-8")
    assert main([*verifying, *added]) == 1
    assert "refused: the figures do not come out again" in capsys.readouterr().out


def test_copies_under_other_names_are_known_by_their_content(
    folder: Path, file: Path, identity: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, source = tmp_path / "certificate.json", ["--source", str(folder)]
    made = [*source, "--add-judge", str(file), "--identity", str(identity), "--resamples", "20", "--quiet"]
    assert main(["certify", "mine", *made, "--output", str(kept)]) == 0
    ratings = file.rename(tmp_path / "2027-05_llm_judge.csv")
    copies = ["--add-judge", str(ratings), "--identity", str(identity.rename(tmp_path / "2027-05_judge.json"))]
    capsys.readouterr()
    assert main(["verify", str(kept), *source, *copies]) == 0
    said = capsys.readouterr()
    assert "note: the judge is the one that was certified" in said.err
    assert f"note: {ratings} has the content of mine_llm_judge.csv in the manifest, and is called so here" in said.err
    assert "holds: " in said.out
    ratings.write_text(ratings.read_text(encoding="utf-8").rstrip("\n").rpartition("\n")[0] + "\n", encoding="utf-8")
    assert main(["verify", str(kept), *source, *copies]) == 1
    said = capsys.readouterr()
    assert "file mine_llm_judge.csv: no file with its SHA-256" in said.out
    assert said.out.endswith("refused: these are not the ratings that the manifest was made from\n")


def test_ratings_of_several_versions_are_said_to_be_of_no_judge(
    folder: Path, file: Path, identity: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [{"run": "1", "model": f"m-{number}", "fingerprint": ""} for number in (1, 2)]
    identity.write_text(json.dumps(who(file, versions=both)), encoding="utf-8")
    added = ["--source", str(folder), "--add-judge", str(file), "--identity", str(identity), "--resamples", "100"]
    assert main(["certify", "mine", *added, "--output", str(tmp_path / "certificate.html")]) == 0
    assert "note: these ratings are of several versions, which are not one judge: m-1, m-2" in capsys.readouterr().err
    assert "They are not one judge" in (tmp_path / "certificate.html").read_text(encoding="utf-8")


VERSION_2 = [{"run": "1", "model": "m-1", "fingerprint": "f-1"}, {"run": "2027-05", "model": "m-2", "fingerprint": ""}]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"model": "n", "sha256": "x"}, "Model: n now, m in the certificate"),
        ({"rubric_sha256": "ef", "sha256": "x"}, "SHA-256 of the rubric: ef now, ab in the certificate"),
        (
            {"parameters": {"temperature": 1}, "sha256": "x"},
            'Parameters: {"temperature": 1} now, {"temperature": 0} in the certificate',
        ),
        ({"sha256": "x"}, "the form of an answer that it is asked for is another"),
        ({"versions": VERSION_2}, "Version: the endpoint calls itself m-2, and m-1 in the certificate"),
    ],
)
def test_another_judge_is_told(
    file: Path, identity: Path, tmp_path: Path, other: dict[str, object], expected: str
) -> None:
    now = tmp_path / "now.json"
    now.write_text(json.dumps(who(file, **other)), encoding="utf-8")
    said = [*Identity.read(identity.read_bytes()).differences(Identity.read(now.read_bytes()))]
    assert len(said) == 1
    assert said[0].startswith(expected)


def test_a_certificate_for_another_judge_is_refused_before_its_figures(
    folder: Path, file: Path, identity: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "certificate.json"
    added = ["--source", str(folder), "--add-judge", str(file)]
    main(["certify", "mine", *added, "--identity", str(identity), "--resamples", "100", "--output", str(kept)])
    identity.write_text(json.dumps(who(file, versions=VERSION_2)), encoding="utf-8")
    assert main(["verify", str(kept), "--identity", str(identity)]) == 1
    assert capsys.readouterr().out.endswith("refused: your certificate is for another judge\n")
    fingerprint = [{"run": "1", "model": "m-1", "fingerprint": "f-2"}]
    identity.write_text(json.dumps(who(file, versions=fingerprint)), encoding="utf-8")
    assert main(["verify", str(kept), "--identity", str(identity), *added]) == 0
    assert "fingerprint f-2, which is new; have the anchor set rated again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{", "is no JSON"),
        ("{}", "does not say who a judge is (it lacks 'versions')"),
        ("[]", "does not say who a judge is (it is something else)"),
    ],
)
def test_what_says_not_who_a_judge_is_is_one_line(said: str, expected: str) -> None:
    with pytest.raises(IdentityError) as refused:
        Identity.read(said.encode())
    assert str(refused.value).startswith(expected)


def test_an_identity_of_other_ratings_is_one_line(
    folder: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other_judge.json"
    other.write_text(json.dumps(who(file, file_sha256="0")), encoding="utf-8")
    added = ["--source", str(folder), "--add-judge", str(file)]
    output = ["--output", str(tmp_path / "certificate.json")]
    assert main(["certify", "mine", *added, "--identity", str(other), *output]) == 2
    said = capsys.readouterr().err
    assert said.startswith("argument --identity: ")
    assert "is of other ratings" in said
    assert not (tmp_path / "certificate.json").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["certify"], "the following arguments are required: JUDGE"),
        (["certify", "nobody", "--output", "c.pdf"], "'nobody'"),
        (["certify", "gpt-4o"], "argument --output: is missing"),
        (
            ["certify", "gpt-4o", "--output", "c.csv"],
            "'c.csv' is no form of a certificate; allowed are files that end in",
        ),
    ],
)
def test_what_cannot_be_certified_is_one_line(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, *(["--source", "snapshot"] if len(words) > 1 else [])]) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1


def test_what_it_says_of_the_rules_is_what_was_simulated() -> None:
    rows = re.findall(r"^\| (rank|score|reply) \|(.*)\|$", CHARACTERISTICS.read_text(encoding="utf-8"), re.MULTILINE)
    found = {use: [float(cell.replace(",", "")) for cell in cells.split("|")] for use, cells in rows[:3]}
    said = " ".join(text("certificate", "robustness").split())
    assert f"{found['rank'][1]} of 100 were called supported (of the worst such judge {found['rank'][2]})" in said
    assert f"at most {max(found[use][2] for use in ('score', 'reply'))} of 100" in said
    assert f"at most {max(each[5] for each in found.values())} of 100 were called not supported" in said


@pytest.mark.slow
def test_the_page_offers_it_and_says_what_is_wrong_with_an_identity(open_page: OpenPage, tmp_path: Path) -> None:
    app = unfolded(open_page("judges", cell_judge="gpt-4o"), "cert")
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"Certificate (PDF)", "Certificate (JSON)"} <= set(labels)
    app.get("file_uploader")[0].set_value(("gpt_judge.json", b"{}", "application/json"))
    assert [each.value for each in run(app).error] == [
        (
            "gpt_judge.json does not say who a judge is (it lacks 'versions'); python -m data judge writes "
            "NAME_judge.json, which does"
        )
    ]
