"""How well the experts agree, as the reliability page shows it: with single experts, with two, with one rating."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.charts.experts import judge_less_expert
from analysis.charts.icc import forest
from analysis.findings.attenuation import attenuation_finding
from analysis.findings.experts import annotator_finding, experts_finding, left_out_finding, why_not_finding
from analysis.outputs.registry import VIEWS
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load
from tests.made_study import ATTRIBUTES, EXPERTS, JUDGES, MINIMAL, make_study, write_study
from tests.pages import OpenPage, charted, said
from tests.snapshot import table as of_snapshot


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose experts are told apart; one of them has a name that Markdown would take for markup."""
    folder = tmp_path_factory.mktemp("seven")
    made = make_study(8)
    made["rater"] = made["rater"].replace("dr_b", "*b* <i>")
    write_study(folder, made, toml=MINIMAL.replace("dr_b", "*b* <i>"))
    return folder


def made_table(name: str, dataset: Dataset) -> pd.DataFrame:
    return VIEWS[name].whole(dataset, Settings.of(dataset.study), Selection.of(dataset.study))


@pytest.mark.slow
def test_single_experts_are_compared(seven: Path, open_page: OpenPage) -> None:
    app = open_page("reliability/experts", source=seven)
    dataset = load(str(seven), Progress())
    study, settings = dataset.study, Settings.of(dataset.study)
    words = said(app)
    beside = made_table("left-out", dataset).query("judge == 'gpt-x'")
    for sentence in (
        experts_finding(made_table("experts", dataset)),
        left_out_finding(study, beside, "icc_c1", "gpt-x"),
        annotator_finding(study, made_table("annotator-test", dataset), settings),
    ):
        assert sentence in words
    assert "This rests on an assumption" not in words
    shown = [frame.value for frame in app.dataframe]
    own = next(frame for frame in shown if "experts_c1" in frame)
    expected = made_table("experts", dataset)
    assert own["experts_c1"].tolist() == expected["experts_c1"].tolist()
    assert own["attribute"].tolist() == list(ATTRIBUTES)
    tests = next(frame for frame in shown if "winning_rate" in frame)
    assert len(tests) == len(JUDGES) * len(ATTRIBUTES)


@pytest.mark.slow
def test_names_of_experts_are_no_markup(seven: Path, open_page: OpenPage) -> None:
    dataset = load(str(seven), Progress())
    assert dataset.study.expert("*b* <i>") == "∗b∗ ‹i›"
    drawn = [rows for rows in charted(open_page("reliability/experts", source=seven)) if "expert" in rows]
    assert set(drawn[0]["expert"]) == {"dr_a", "∗b∗ ‹i›", "Dr. Ç"}


@pytest.mark.slow
def test_epsilon_can_be_chosen_and_is_obeyed(seven: Path, open_page: OpenPage) -> None:
    app = open_page("reliability/experts", source=seven, epsilon="0.05")
    assert "By the alternative annotator test with epsilon 0.05" in said(app)
    tests = next(frame.value for frame in app.dataframe if "winning_rate" in frame.value)
    assert set(tests["epsilon"]) == {0.05}
    usual = open_page("reliability/experts", source=seven)
    before = next(frame.value for frame in usual.dataframe if "winning_rate" in frame.value)
    assert tests["n_won"].sum() < before["n_won"].sum()


@pytest.mark.slow
def test_one_more_expert_is_a_line_where_single_replies_are_compared(seven: Path, open_page: OpenPage) -> None:
    by_level = {
        level: charted(open_page("reliability", source=seven, level=level))[0] for level in ("model", "response")
    }
    assert "further_c1" not in by_level["model"]
    own = made_table("experts", load(str(seven), Progress())).set_index("attribute")["further_c1"]
    rows = by_level["response"]
    assert rows["further_c1"].tolist() == pytest.approx(own.loc[rows["attribute"]].tolist())


@pytest.mark.slow
def test_two_experts_are_compared_and_not_tested(tmp_path: Path, open_page: OpenPage) -> None:
    write_study(tmp_path, make_study(8, raters=EXPERTS[:2] + JUDGES), toml=MINIMAL.replace(', "Dr. Ç"', ""))
    app = open_page("reliability/experts", source=tmp_path)
    assert "that takes at least three experts, and there are two." in said(app)
    assert not [frame for frame in app.dataframe if "winning_rate" in frame.value]
    assert "epsilon" not in [widget.key for widget in app.select_slider]


@pytest.mark.slow
def test_one_expert_leaves_an_assumption(tmp_path: Path, open_page: OpenPage) -> None:
    write_study(tmp_path, make_study(8, raters=EXPERTS[:1] + JUDGES), toml=MINIMAL.replace(', "dr_b", "Dr. Ç"', ""))
    app = open_page("reliability/experts", source=tmp_path)
    assert "Each reply has the rating of one expert" in said(app)
    assert "This rests on an assumption" in said(app)


def test_one_pooled_rating_leaves_an_assumption(open_page: OpenPage) -> None:
    app = open_page("reliability/experts", preset="recommended", cell_judge="o4-mini")
    words = said(app)
    assert why_not_finding(STUDY) in words
    rows = of_snapshot("attenuation", Settings.of(STUDY)).query("judge == 'o4-mini'")
    assert attenuation_finding(STUDY, rows, "o4-mini") in words
    assert "At none of the reliabilities tried would agreement on single replies be supported" in words
    drawn = next(rows for rows in charted(app) if "assumed_a1" in rows)
    assert sorted(drawn["assumed_a1"]) == pytest.approx(sorted(rows["assumed_a1"]))


# Charts


def test_the_line_of_one_more_expert_travels_in_the_data(seven: Path) -> None:
    dataset = load(str(seven), Progress())
    table = made_table("levels", dataset).query("level == 'response'")
    own = made_table("experts", dataset)[["attribute", "further_c1", "further_a1"]]
    plain, with_lines = (
        forest(dataset.study, each, "icc_a1").to_dict() for each in (table, table.merge(own, on="attribute"))
    )
    assert len(with_lines["layer"]) == len(plain["layer"]) + 2
    line, name = with_lines["layer"][-2:]
    assert line["encoding"]["x"]["field"] == name["encoding"]["x"]["field"] == "further_a1"
    assert name["encoding"]["text"]["value"] == "one more expert"
    rows = with_lines["datasets"][line["data"]["name"]]
    assert {row["attribute"]: row["further_a1"] for row in rows} == pytest.approx(
        own.set_index("attribute")["further_a1"].to_dict()
    )


def test_judges_less_experts_are_drawn_about_zero_with_shapes_and_intervals(seven: Path) -> None:
    dataset = load(str(seven), Progress())
    rows = made_table("left-out", dataset).query("judge == '4'")
    spec = judge_less_expert(dataset.study, rows, "icc_a1").to_dict()
    bars = next(layer for layer in spec["layer"] if layer["encoding"]["x"].get("field") == "difference_a1_low")
    assert bars["encoding"]["x2"]["field"] == "difference_a1_high"
    points = next(layer for layer in spec["layer"] if "shape" in layer["encoding"])["encoding"]
    assert points["color"]["scale"]["domain"] == ["4"]
    assert points["shape"]["scale"]["domain"] == ["dr_a", "∗b∗ ‹i›", "Dr. Ç"]
    assert len(set(points["shape"]["scale"]["range"])) == 3
    low, high = points["x"].get("scale", bars["encoding"]["x"]["scale"])["domain"]
    assert low <= 0 <= high
