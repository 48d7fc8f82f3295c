"""Files that other evaluation tools wrote, as a judge's ratings.

``other_tools`` holds what Inspect AI 0.3.285 (as JSON and as its own archive), promptfoo and DeepEval 4.3.1 wrote of
replies of two systems: twice each by Inspect AI and promptfoo, with scores of 0 to 1 by DeepEval.
"""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import orjson
import pandas as pd
import pytest

from data.errors import ReleaseError, StudyError
from data.own.other_tools import read_scores
from data.remote.progress import Progress
from data.sources import Dataset, load, with_judge
from tests.made_judged import made_study

FILES = Path(__file__).parent / "other_tools"
WROTE = ["inspect.json", "inspect.eval", "promptfoo.json", "deepeval.json"]


@pytest.fixture
def study(tmp_path: Path) -> Dataset:
    return load(str(made_study(tmp_path / "study", items=2)), Progress())


def scores(name: str) -> pd.DataFrame:
    table = read_scores((FILES / name).read_bytes(), name)
    assert table is not None
    return pd.DataFrame(dict(zip(table.names, table.columns, strict=True)))


def added(study: Dataset, name: str) -> pd.DataFrame:
    """Give the ratings of the judge that a file adds, as ``item, system, attribute, rating``."""
    grown, found = with_judge(study, FILES / name, name="new" if name.startswith("inspect") else None)
    assert grown.ratings is not None
    long = grown.ratings.long
    return long[long["rater"] == found.judges[0]].dropna(subset="valid")


@pytest.mark.parametrize("name", ["inspect.json", "inspect.eval"])
def test_a_log_of_inspect_has_the_scores_of_each_epoch(study: Dataset, name: str) -> None:
    table = scores(name)
    assert table["run"].value_counts().to_dict() == {1: 8, 2: 8}
    for row in added(study, name).itertuples():
        said = f"Message {row.conversation} answered by {row.model}{row.attribute}"
        assert row.valid == sha256(said.encode()).digest()[0] % 5 + 1
    grown, _ = with_judge(study, FILES / name, name="new")
    assert grown.ratings is not None
    assert len(grown.ratings.retests) == 8


def test_the_archive_says_what_the_json_says() -> None:
    columns = ["item", "system", "attribute", "run"]
    one, other = (scores(name).sort_values(columns).reset_index(drop=True) for name in WROTE[:2])
    pd.testing.assert_frame_equal(one[[*columns, "rating"]], other[[*columns, "rating"]], check_dtype=False)


def test_results_of_promptfoo_are_the_answers_of_its_providers(study: Dataset) -> None:
    table = scores("promptfoo.json")
    assert set(table["rater"]) == {"my-judge"}
    assert table["run"].value_counts().to_dict() == {1: 4, 2: 4}
    found = added(study, "promptfoo.json").set_index(["model", "attribute"])["valid"].to_dict()
    assert found == {("alpha", "Safety"): 4, ("alpha", "Empathy"): 5, ("beta", "Safety"): 4, ("beta", "Empathy"): 4}


def test_named_scores_of_promptfoo_are_taken_where_the_answers_are_none() -> None:
    results = orjson.loads((FILES / "promptfoo.json").read_bytes())
    for each in results["results"]["results"]:
        each["response"]["output"] = "It is safe."
    table = read_scores(orjson.dumps(results), "results.json")
    assert table is not None
    assert "rater" not in table.names
    assert table.columns[table.names.index("attribute")].unique().tolist() == ["Safety"]


def test_scores_of_deepeval_are_on_their_own_scale(study: Dataset) -> None:
    table = scores("deepeval.json")
    assert set(table["rater"]) == {"my-judge"}
    assert set(table["attribute"]) == {"Safety", "Empathy"}
    assert set(table["rating"]) == {0.7}
    with pytest.raises(ReleaseError, match=r"8 of 8 ratings are not on the study's scale, .* rescale them"):
        with_judge(study, FILES / "deepeval.json")


def test_a_file_that_names_no_item_or_system_is_refused(study: Dataset) -> None:
    log = orjson.loads((FILES / "inspect.json").read_bytes())
    for sample in log["samples"]:
        sample["metadata"] = {}
    with pytest.raises(ReleaseError, match="has no column item, system"):
        with_judge(study, ("log.json", orjson.dumps(log)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.json", b"{", "cannot be read as a .json file"),
        ("log.eval", b"PK", "cannot be read as a .eval file"),
        ("log.json", b'{"some": "thing"}', "does not look like a judge's ratings"),
        ("log.json", b"[1, 2]", "does not look like a judge's ratings"),
        ("log.json", b'{"eval": {}, "samples": []}', "but no rows"),
        ("log.json", b'{"eval": {}, "samples": [1, {"scores": {"a": 2}}]}', "has no column item"),
        ("log.json", b'{"results": {"results": ["x", {"vars": 3}]}}', "but no rows"),
        ("log.json", b'{"testCases": [7, {"metricsData": [null]}]}', "has no column item"),
    ],
)
def test_what_is_no_log_gets_a_sentence(study: Dataset, name: str, content: bytes, said: str) -> None:
    with pytest.raises(ReleaseError, match=said):
        with_judge(study, (name, content))


def sentences(study: Dataset, log: object) -> tuple[str, ...]:
    """Give what is said of a log that another judge is added by."""
    return with_judge(study, ("log.json", orjson.dumps(log)), name="new")[1].sentences


@pytest.mark.parametrize("status", ["error", "cancelled", "started"])
def test_a_run_of_inspect_that_did_not_end_well_is_said(study: Dataset, status: str) -> None:
    log = orjson.loads((FILES / "inspect.json").read_bytes())
    assert not [each for each in sentences(study, log) if "end well" in each or "without a score" in each]
    log["status"], log["results"]["completed_samples"] = status, 5
    for sample in (log["samples"][1], log["samples"][4]):
        sample["scores"], sample["error"] = None, {"message": "I cannot sleep"}
    found = sentences(study, log)
    how = f"the run did not end well: its status is '{status}', with 5 of 8 samples; what it lacks counts as not rated"
    assert how in found
    assert "2 samples of 8 without a score that can be read: number 2, 5" in found
    assert "I cannot sleep" not in " ".join(found)


def test_an_archive_without_its_last_part_is_of_a_run_that_broke_off(study: Dataset) -> None:
    whole = zipfile.ZipFile(FILES / "inspect.eval")
    log = read_scores((FILES / "inspect.json").read_bytes(), "inspect.json")
    assert log is not None
    content = io.BytesIO()
    samples = orjson.loads((FILES / "inspect.json").read_bytes())["samples"]
    with zipfile.ZipFile(content, "w") as cut:
        for name, sample in zip(whole.namelist()[1:9], samples, strict=True):
            cut.writestr(name, orjson.dumps(sample))
    found = with_judge(study, ("log.eval", content.getvalue()), name="new")[1].sentences
    assert "the run did not end well: its status is 'started'; what it lacks counts as not rated" in found


def test_a_cancelled_run_without_samples_is_refused_with_its_status(study: Dataset) -> None:
    with pytest.raises(StudyError) as refused:
        with_judge(study, ("log.json", b'{"eval": {}, "status": "cancelled", "samples": []}'))
    assert [each.partition(": ")[2][:28] for each in refused.value.problems[1:]] == ["the run did not end well: it"]


def test_answers_that_cannot_be_read_are_counted_with_their_places(study: Dataset) -> None:
    results = orjson.loads((FILES / "promptfoo.json").read_bytes())
    for result in results["results"]["results"][:2]:
        result["response"]["output"], result["namedScores"] = "It is safe.", {}
    assert "2 results of 4 without a score that can be read: number 1, 2" in sentences(study, results)
    cases = orjson.loads((FILES / "deepeval.json").read_bytes())
    cases["testCases"][1]["metricsData"] = None
    found = read_scores(orjson.dumps(cases), "deepeval.json")
    assert found is not None
    assert found.notes == (f"1 test case of {len(cases['testCases'])} without a score that can be read: number 2",)


def test_scores_that_are_no_numbers_are_all_said_at_once(study: Dataset) -> None:
    log = orjson.loads((FILES / "inspect.json").read_bytes())
    for sample in log["samples"][:2]:
        sample["scores"]["rated"]["value"]["Safety"] = "good"
    log["samples"][2]["metadata"]["item"] = None
    with pytest.raises(StudyError) as refused:
        with_judge(study, ("log.json", orjson.dumps(log)), name="old")
    problems = "\n".join(refused.value.problems)
    assert "log.json, row 3: the rating has no item" in problems
    assert "ratings of old are no numbers ('good' in row 1, column rating, 'good' in row 2, column rating)" in problems
    assert "the study has a judge called 'old' already" in problems


@pytest.mark.parametrize("cut", [2000, 5000, 7000])
def test_a_damaged_archive_gets_a_sentence(study: Dataset, cut: int) -> None:
    content = (FILES / "inspect.eval").read_bytes()
    with pytest.raises(ReleaseError, match=r"cannot be read as a \.eval file"):
        with_judge(study, ("log.eval", content[:cut] + bytes(50) + content[cut + 50 :]))
