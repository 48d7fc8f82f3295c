"""What readers see first is easy to read, whatever they filter."""

import pytest

from analysis.findings.check_plan import check_plan
from analysis.findings.verdicts import answer
from analysis.outputs.view import View
from data.mentalalign import STUDY
from tests.bench.reading import PRESETS, TOP, grade, prose, summary
from tests.pages import PAGES, opened, said
from tests.snapshot import EVERYTHING, RECOMMENDED, snapshot

HARDEST = 10
LONGEST = 40
FILTERED = [
    ("overview", {"judge": "gpt-4o"}),
    ("overview", {"attribute": ["Empathy", "Safety"], "preset": "recommended"}),
    ("overview", {"model": ["gpt-4o", "original"]}),
    ("judges", {"cell_judge": "o4-mini"}),
    ("judges", {"cell_judge": "gpt-4o", "attribute": "Safety"}),
    ("judges/one_attribute", {"cell_attribute": "Empathy"}),
    ("judges/one_attribute", {"cell_attribute": "Safety", "judge": "gpt-4o"}),
    ("reliability", {"level": "response", "exclude": "family", "preset": "recommended"}),
    ("reliability/single_replies", {"attribute": "Empathy", "preset": "recommended"}),
    ("inflation/false_reassurance", {"attribute": "Empathy", "preset": "recommended"}),
    ("scores/ranking", {"judge": "o4-mini", "attribute": "Safety", "preset": "recommended"}),
    ("your_study/widths", {"judge": "o4-mini", "preset": "recommended"}),
]


@pytest.fixture(autouse=True)
def _snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTALBENCH_SOURCE", "snapshot")


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PAGES)
def test_summary_is_easy(page: str, preset: str) -> None:
    read = grade(summary(page, preset=preset))
    # The glossary begins with its search.
    assert read.words >= 10 or page == "methods"
    assert read.grade <= HARDEST
    assert read.longest <= LONGEST


@pytest.mark.slow
@pytest.mark.parametrize(("page", "filters"), FILTERED)
def test_summary_of_a_filtered_view_is_easy(page: str, filters: dict[str, str | list[str]]) -> None:
    read = grade(summary(page, **filters))
    assert read.grade <= HARDEST
    assert read.longest <= LONGEST


def test_a_hard_text_is_told_from_an_easy_one() -> None:
    easy = grade("The judge is kinder than the experts. It gives one point more.")
    hard = grade("Heteroscedasticity-consistent estimation necessitates considerable methodological sophistication.")
    assert easy.grade < 5
    assert hard.grade > 20
    assert easy.longest == 7


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("**GPT-4o on Safety** scores 0.82 higher (95% interval +0.79 to +0.85).", "this on Safety scores one higher."),
        ("ICC(C,1) is $x^2$ of `code`, see [the paper](https://example.org).", "this is  of , see the paper."),
        ("- one:\n- two\n\n| a | b |", "one.\ntwo."),
        ("a line\nthat goes on", "a line that goes on"),
    ],
)
def test_only_prose_is_measured(markdown: str, said: str) -> None:
    assert prose(markdown) == said


@pytest.mark.slow
def test_summary_ends_where_the_page_begins() -> None:
    first = summary("overview")
    view = View(snapshot(), RECOMMENDED, EVERYTHING)
    verdicts, by_model, rates = (view.table(name) for name in ("verdicts", "inflation_by_model", "reassurance"))
    checks = check_plan(STUDY, verdicts, by_model, rates, RECOMMENDED)
    assert answer(STUDY, verdicts, rates) in first
    assert checks not in first
    assert "Link to this view" not in first
    assert checks in said(opened("overview"))
    assert (TOP / "app.py").exists()
