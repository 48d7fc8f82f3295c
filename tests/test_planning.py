"""How much would have to be rated: widths are those of the other tables, and of conversations drawn by a plain loop."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.__main__ import main
from analysis.agreement.generalizability import COMPONENTS, component_shares, decision_study, generalisability_table
from analysis.agreement.icc import icc_table
from analysis.bias.inflation import inflation_table
from analysis.charts import sample_size as charts
from analysis.decisions.sample_size import COLUMNS, STATISTICS, drawn_widths, planning_table, with_needed
from analysis.findings import sample_size as findings
from analysis.inference.bootstrap import weights
from analysis.outputs.sheets import sheet
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from analysis.wording import text
from analysis.wording.vocabulary import COMPONENT_COLOUR, COMPONENT_LABEL, INK, STATISTIC_LABEL
from data.counts import count_pairs
from data.mentalalign import STUDY
from data.ratings import Ratings
from data.sources import load_snapshot
from tests.pages import RECOMMENDED, OpenPage, charted, from_command_line, said
from tests.spec import grid
from tests.test_charts import contrast

SETTINGS = Settings.of(STUDY, "recommended", resamples=400)
CELL = "judge == 'gpt-4o' and attribute == 'Safety'"


@pytest.fixture(scope="module")
def snapshot() -> pd.DataFrame:
    return pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY))


@pytest.fixture(scope="module")
def plan(snapshot: pd.DataFrame) -> pd.DataFrame:
    return planning_table(snapshot, SETTINGS)


@pytest.fixture(scope="module")
def drawn(snapshot: pd.DataFrame) -> pd.DataFrame:
    return drawn_widths(snapshot, SETTINGS)


def invented(models: int, conversations: int, seed: int, shift: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Whole ratings by experts and judge, shape (models, conversations)."""
    random = np.random.default_rng(seed)
    quality = np.linspace(2, 4.5, models)[:, None] + random.normal(0, 0.4, conversations)
    human, judge = (
        np.clip(np.rint(quality + by + random.normal(0, 0.9, (models, conversations))), 1, 5) for by in (0, shift)
    )
    return human, judge


# The table


def test_widths_are_those_of_the_tables_on_the_other_pages(snapshot: pd.DataFrame, plan: pd.DataFrame) -> None:
    assert list(plan.columns) == list(COLUMNS)
    inflation = inflation_table(snapshot)
    assert_allclose(plan["bias_width"], inflation["bias_high"] - inflation["bias_low"], rtol=1e-12)
    for level, name in (("response", "icc_a1"), ("model", "icc_c1")):
        settings = Settings.of(STUDY, "recommended", level, resamples=400, interval="bootstrap-conversations")
        icc = icc_table(snapshot, settings)
        assert_allclose(plan[f"{name}_width"], icc[f"{name}_high"] - icc[f"{name}_low"], rtol=1e-12)
    exact = icc_table(snapshot, Settings.of(STUDY, "recommended", interval="exact-f"))
    assert_allclose(plan["models_width"], exact["ci_width"], rtol=1e-12)


@pytest.mark.parametrize("level", ["model", "response"])
def test_the_level_on_screen_moves_nothing(snapshot: pd.DataFrame, plan: pd.DataFrame, level: str) -> None:
    other = planning_table(snapshot, Settings.of(STUDY, "recommended", level, resamples=400))
    pd.testing.assert_frame_equal(other, plan)


def test_needed_is_the_law_of_the_root_in_whole_conversations(plan: pd.DataFrame) -> None:
    before = plan.copy()
    for name in STATISTICS:
        for row in plan.itertuples():
            width = getattr(row, f"{name}_width")
            assert getattr(row, f"{name}_needed") == math.ceil(row.n_conversations * (width / 0.1) ** 2)
    half = with_needed(plan, 0.05)
    assert_allclose(half["bias_needed"], 4 * plan["bias_needed"], atol=4)
    assert half["bias_width"].equals(plan["bias_width"])
    pd.testing.assert_frame_equal(plan, before)


def test_release_and_snapshot_have_the_same_counts_and_near_widths(released: Ratings, plan: pd.DataFrame) -> None:
    ours = planning_table(pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY)), SETTINGS)
    same = ["judge", "attribute", "n_models", "n_conversations", "models_width"]
    pd.testing.assert_frame_equal(ours[same], plan[same])
    assert ours["n_conversations"].eq(981).all()
    for name in STATISTICS:
        ratio = plan[f"{name}_width"] / ours[f"{name}_width"]
        assert 0.9 < ratio.median() < 1.1
        assert ratio.between(0.65, 1.4).all()


def test_with_neighbours_taken_together_widths_are_as_many_times_as_wide_as_the_page_says(released: Ratings) -> None:
    frame = pairs(STUDY, count_pairs(released), SETTINGS, Selection.of(STUDY))
    alone, together = (
        planning_table(rows, SETTINGS) for rows in (frame, frame.assign(cluster=frame["cluster"].astype(int) // 100))
    )
    times = {name: together[f"{name}_width"] / alone[f"{name}_width"] for name in STATISTICS}
    assert (round(times["bias"].min()), round(times["bias"].max())) == (3, 10)
    of_icc = pd.concat([times["icc_a1"], times["icc_c1"]])
    # Over seeds the smallest is 1.4 to 1.6.
    assert of_icc.min() == pytest.approx(1.5, abs=0.1)
    assert round(of_icc.max()) == 5
    says = " ".join(text("planning", "needed").split())
    assert "intervals of the bias are 3 to 10 times as wide, and those of the ICCs 1.5 to 5 times" in says


def test_a_number_of_replies_in_a_row_is_as_many_rows(snapshot: pd.DataFrame, plan: pd.DataFrame) -> None:
    single = snapshot.loc[snapshot.index.repeat(snapshot["n"])].assign(n=1)
    pd.testing.assert_frame_equal(planning_table(single.sample(frac=1, random_state=1), SETTINGS), plan)


def test_conversations_of_a_block_are_counted_by_the_model_rated_most() -> None:
    human, judge = invented(3, 6, seed=1)
    human[0, :3] = np.nan
    frame = grid(human, judge)
    blocks = frame.assign(cluster=frame["cluster"].astype(int) // 2)
    for rows in (frame, blocks):
        assert planning_table(rows, SETTINGS)["n_conversations"].tolist() == [6]


def test_undefined_without_an_interval() -> None:
    human, judge = invented(4, 1, seed=1)
    row = planning_table(grid(human, judge), SETTINGS).iloc[0]
    assert (row["n_models"], row["n_conversations"]) == (4, 1)
    assert row[[f"{name}_{what}" for name in STATISTICS for what in ("width", "needed")]].isna().all()
    nothing = planning_table(pairs(STUDY, load_snapshot().counts.iloc[:0], SETTINGS, Selection.of(STUDY)), SETTINGS)
    assert len(nothing) == len(STUDY.judge_keys) * len(STUDY.attribute_names)
    assert nothing["n_conversations"].eq(0).all()
    assert nothing[["bias_needed", "icc_a1_width", "icc_c1_needed", "models_width"]].isna().all(axis=None)


def test_raters_that_are_the_same_need_one_conversation() -> None:
    human, _ = invented(4, 30, seed=1)
    row = planning_table(grid(human, human), SETTINGS).iloc[0]
    assert row["bias_width"] == row["models_width"] == 0
    assert row["bias_needed"] == 1


# Drawing other numbers of conversations


def coefficients_of(human: np.ndarray, judge: np.ndarray) -> tuple[float, float]:
    """ICC(C,1) and ICC(A,1) of targets by two-way means."""
    targets = np.column_stack([human, judge])
    n = len(targets)
    rows, columns, grand = targets.mean(axis=1, keepdims=True), targets.mean(axis=0), targets.mean()
    between = 2 * ((rows - grand) ** 2).sum() / (n - 1)
    raters = n * ((columns - grand) ** 2).sum()
    error = ((targets - rows - columns + grand) ** 2).sum() / (n - 1)
    return (between - error) / (between + error), (between - error) / (between + error + 2 * (raters - error) / n)


def test_drawn_widths_equal_a_plain_loop() -> None:
    human, judge = invented(4, 20, seed=3)
    settings = Settings.of(STUDY, "recommended", resamples=80, seed=6)
    frame = grid(human, judge)
    table = drawn_widths(frame, settings).set_index(["statistic", "conversations"])
    assert sorted(set(table.index.get_level_values("conversations"))) == [2, 4, 10, 20, 40]
    for size in (2, 10, 20, 40):
        values = []
        for part in weights(20, 80, 6, size):
            for counts in part.astype(int):
                copies = [np.repeat(side, counts, axis=1) for side in (human, judge)]
                _, agreement = coefficients_of(copies[0].ravel(), copies[1].ravel())
                consistency, _ = coefficients_of(copies[0].mean(axis=1), copies[1].mean(axis=1))
                values.append(((copies[1] - copies[0]).mean(), agreement, consistency))
        low, high = np.percentile(values, [2.5, 97.5], axis=0)
        for name, width in zip(STATISTICS, high - low, strict=True):
            assert table.loc[(name, size), "width"] == pytest.approx(width, abs=1e-9), (name, size)
            expected = table.loc[(name, 20), "width"] * math.sqrt(20 / size)
            assert table.loc[(name, size), "law"] == pytest.approx(expected)


def test_drawn_widths_follow_the_law(drawn: pd.DataFrame) -> None:
    assert list(drawn.columns) == ["judge", "attribute", "statistic", "conversations", "width", "law"]
    assert sorted(set(drawn["conversations"])) == [98, 196, 490, 981, 1962]
    ratio = (drawn["width"] / drawn["law"]).groupby([drawn["statistic"], drawn["conversations"]])
    assert ratio.median().between(0.93, 1.07).all()
    assert (drawn["width"] / drawn["law"]).between(0.75, 1.3).all()


def test_a_single_conversation_cannot_be_drawn_from() -> None:
    human, judge = invented(4, 1, seed=1)
    assert drawn_widths(grid(human, judge), SETTINGS).empty


def test_without_two_conversations_with_pairs_nothing_is_drawn_however_many_the_experts_rated() -> None:
    human, judge = invented(3, 6, seed=1)
    judge[:, 1:] = np.nan
    frame = grid(human, judge)
    frame = frame.assign(cluster=pd.Categorical(frame["cluster"], range(6)))
    assert drawn_widths(frame, SETTINGS).empty
    human, judge = invented(3, 6, seed=1)
    judge[:, 2:] = np.nan
    frame = grid(human, judge)
    frame = frame.assign(cluster=pd.Categorical(frame["cluster"], range(6)))
    assert not drawn_widths(frame, SETTINGS).empty


def test_the_command_line_prints_the_table(capsys: pytest.CaptureFixture[str], plan: pd.DataFrame) -> None:
    argv = ["planning", "--source", "snapshot", "--preset", "recommended", "--resamples", "400", "--format", "json"]
    assert main(argv) == 0
    printed = pd.DataFrame(json.loads(capsys.readouterr().out))
    assert list(printed.columns) == list(COLUMNS)
    assert printed["icc_c1_needed"].tolist() == plan["icc_c1_needed"].tolist()


# Findings


def test_the_lead_says_what_experts_would_have_to_rate() -> None:
    row = pd.Series(
        {"judge": "gpt-4o", "attribute": "Safety", "n_models": 9, "n_conversations": 981, "bias_needed": 213.0}
    )
    assert findings.planning_finding(STUDY, row, 0.1) == (
        "To know the bias of GPT-4o on Safety within plus or minus 0.05 of a point, the same experts would have to "
        "rate about 210 conversations, each with 9 replies. That is no more than the 981 that were rated."
    )
    more = findings.planning_finding(STUDY, row.replace({213.0: 2350.0}), 0.3)
    assert "plus or minus 0.15 of a point, the same experts would have to rate about 2,400 conversations" in more
    assert more.endswith("That is more than the 981 that were rated.")
    assert "no more" not in more
    nothing = findings.planning_finding(STUDY, row.replace({213.0: math.nan}), 0.1)
    assert nothing == "How much would have to be rated for GPT-4o on Safety cannot be told: its bias has no interval."


def test_needed_over_all_cells(plan: pd.DataFrame) -> None:
    sentence = findings.needed_finding(STUDY, plan, "icc_c1", 0.1)
    top = plan.loc[plan["icc_c1_needed"].idxmax()]
    assert f"most for {findings.pair(STUDY, top)}" in sentence
    assert f"{int((plan['icc_c1_needed'] <= plan['n_conversations']).sum())} of 28 pairs" in sentence
    one = findings.needed_finding(STUDY, plan.query(CELL), "bias", 0.1)
    assert one.startswith("For an interval 0.1 wide of the bias, GPT-4o on Safety takes about")
    assert "cannot be told" in findings.needed_finding(STUDY, plan.assign(bias_needed=math.nan), "bias", 0.1)


def test_what_more_conversations_narrow(drawn: pd.DataFrame) -> None:
    sentence = findings.width_finding(STUDY, drawn.query(CELL), 1.16)
    assert "with 98 conversations" in sentence
    assert (
        "with 1,962 conversations. Four times as many halve it. The interval of ICC(C,1) over models stays 1.16"
        in sentence
    )
    assert "over models" not in findings.width_finding(STUDY, drawn.query(CELL), math.nan)
    assert findings.width_finding(STUDY, drawn.iloc[:0], 1.0) == "No interval can be computed from what is on screen."


@pytest.fixture(scope="module")
def components() -> pd.DataFrame:
    human, judge = invented(5, 40, seed=3)
    return generalisability_table(grid(human, judge), SETTINGS)


def test_components_in_words(components: pd.DataFrame) -> None:
    shares = component_shares(components)
    sentence = findings.component_finding(STUDY, shares)
    models = shares.set_index("component")["variance_share"]["model"]
    assert (
        f"On Safety, {models:.0%} of the variance of single ratings by o4-mini and the experts lies in which model"
        in sentence
    )
    largest = shares.loc[shares["variance_share"].idxmax(), "component"]
    assert sentence.endswith(f"{COMPONENT_LABEL[largest].partition(': ')[2]}.")
    both = pd.concat([shares, shares.assign(attribute="Empathy")])
    assert "The largest part on both attributes is" in findings.component_finding(STUDY, both)
    assert "cannot be told" in findings.component_finding(STUDY, shares.assign(variance_share=math.nan))


def test_where_one_raters_scores_generalise(components: pd.DataFrame) -> None:
    rows = pd.concat([components.assign(conversations_needed=value) for value in (12.0, 70.0, math.nan)])
    assert findings.reach_finding(STUDY, rows) == (
        "One rater's order of models reaches g = 0.8 in 2 of 3 pairs of judge and attribute, with 12 to 70 "
        "conversations. In 1 no number of conversations is enough, because judge and experts differ about the models "
        "themselves."
    )
    assert findings.reach_finding(STUDY, rows.iloc[:2]).endswith("with 12 to 70 conversations.")
    assert findings.reach_finding(STUDY, rows.iloc[:1]).endswith("reaches g = 0.8 with 12 conversations.")
    assert "does not reach g = 0.8 for the pair on screen: no number" in findings.reach_finding(STUDY, rows.iloc[2:])
    never = findings.reach_finding(STUDY, rows.assign(conversations_needed=math.nan))
    assert "does not reach g = 0.8 for any pair of judge and attribute: no number" in never
    assert "cannot be told" in findings.reach_finding(STUDY, rows.assign(g=math.nan))


def test_the_decision_study_in_words(components: pd.DataFrame) -> None:
    study = decision_study(components, (10, 1000))
    few, many = study["g"]
    assert findings.study_finding(STUDY, study) == (
        f"With 10 to 1,000 conversations, g on Safety would be, by judge: o4-mini {few:.2f} to {many:.2f}."
    )
    assert "cannot be told" in findings.study_finding(STUDY, study.assign(g=math.nan))


def test_what_counts_and_what_was_set_to_zero_is_said(components: pd.DataFrame) -> None:
    rows = pd.concat([components.assign(set_to_zero=value) for value in ("", "model, rater", "rater")])
    assert findings.completeness(STUDY, rows) == (
        "Of the conversations with any pair of ratings (40), only those count in which judge and experts rated every "
        "reply (40). Estimates below 0 are set to 0: models (1 of 3) and raters "
        "(judge or experts) (2 of 3)."
    )
    assert findings.completeness(STUDY, rows.iloc[:1]).endswith("No estimate was below 0.")
    assert findings.completeness(STUDY, rows.assign(n_conversations=0)).startswith("No conversation counts here")


# Charts


@pytest.fixture
def drawings(plan: pd.DataFrame, drawn: pd.DataFrame, components: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    return {
        "needed": lambda: charts.needed_heatmap(STUDY, plan, "icc_a1"),
        "widths": lambda: charts.width_lines(STUDY, drawn.query(CELL), 1.16),
        "components": lambda: charts.component_bars(STUDY, component_shares(components)),
        "coefficients": lambda: charts.coefficient_lines(STUDY, decision_study(components), components),
    }


@pytest.mark.parametrize("name", ["needed", "widths", "components", "coefficients"])
def test_charts_are_valid_answer_the_pointer_and_change_no_frame(
    drawings: dict[str, Callable[[], Any]], name: str, plan: pd.DataFrame, drawn: pd.DataFrame, components: pd.DataFrame
) -> None:
    before = plan.copy(), drawn.copy(), components.copy()
    spec = drawings[name]().to_dict()
    assert any("tooltip" in layer["encoding"] for layer in spec["layer"])
    for frame, kept in zip((plan, drawn, components), before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


def test_figures_and_judges_are_told_by_shape_too(drawings: dict[str, Callable[[], Any]]) -> None:
    for name, of_a_judge in (("widths", False), ("coefficients", True)):
        encodings = [layer["encoding"] for layer in drawings[name]().to_dict()["layer"]]
        points = next(encoding for encoding in encodings if "shape" in encoding)
        shapes = points["shape"]["scale"]
        assert len(set(shapes["range"])) == len(shapes["domain"])
        assert (points["color"]["scale"]["domain"] == shapes["domain"]) == of_a_judge


def test_intervals_of_both_coefficients_are_drawn(
    drawings: dict[str, Callable[[], Any]], components: pd.DataFrame
) -> None:
    spec = drawings["coefficients"]().to_dict()
    rule = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rule")
    rows = pd.DataFrame(spec["datasets"][rule["data"]["name"]])
    assert rows["low"].tolist() == pytest.approx(components[["g_low", "phi_low"]].iloc[0].tolist())
    assert rows["high"].tolist() == pytest.approx(components[["g_high", "phi_high"]].iloc[0].tolist())


def test_parts_of_a_bar_lie_end_to_end_and_bear_their_letters(components: pd.DataFrame) -> None:
    spec = charts.component_bars(STUDY, component_shares(components)).to_dict()
    rows = pd.DataFrame(max(spec["datasets"].values(), key=len))
    assert rows["start"].tolist() == pytest.approx([0.0, *rows["end"].tolist()[:-1]])
    assert rows["end"].iloc[-1] == pytest.approx(1)
    assert rows["letters"].tolist() == ["M", "C", "R", "MC", "MR", "CR", "E"]
    assert set(COMPONENT_LABEL) == set(COMPONENTS)
    assert all(contrast(colour, INK) >= 4.5 for colour in COMPONENT_COLOUR)


def test_widths_of_nothing_and_no_interval_over_models_draw_nothing(drawn: pd.DataFrame) -> None:
    spec = charts.width_lines(STUDY, drawn.query(CELL).assign(width=0.0), math.nan).to_dict()
    assert all(not rows for rows in spec.get("datasets", {}).values())


# The page


@pytest.mark.slow
def test_page_shows_the_plan(open_page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    expected = from_command_line(capsys, "planning", *RECOMMENDED)

    app = open_page("your_study/widths", cell_judge="gpt-4o")

    needed, widths = charted(app)
    assert needed["bias_needed"].tolist() == expected["bias_needed"].tolist()
    cell = expected.query(CELL).iloc[0]
    assert sorted(set(widths["conversations"])) == [98, 196, 490, 981, 1962]
    assert widths.set_index(["statistic", "conversations"]).loc[
        (STATISTIC_LABEL["icc_a1"], 981), "width"
    ] == pytest.approx(cell["icc_a1_width"])
    assert findings.planning_finding(STUDY, cell, 0.1) in said(app)


@pytest.mark.slow
def test_page_takes_the_wished_width_the_figure_and_the_cell(open_page: OpenPage) -> None:
    wide, narrow = (
        charted(
            open_page(
                "your_study/widths", wished=wished, figure="icc_c1", cell_judge="o4-mini", cell_attribute="Empathy"
            )
        )
        for wished in ("0.2", "0.05")
    )
    assert_allclose(narrow[0]["icc_c1_needed"], 16 * wide[0]["icc_c1_needed"], atol=16)
    assert set(wide[1]["judge"]) == {"o4-mini"}
    assert set(wide[1]["attribute"]) == {"Empathy"}


@pytest.mark.slow
def test_page_on_the_release_parts_the_variance(
    open_page: OpenPage, release_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = from_command_line(capsys, "generalisability", *RECOMMENDED, "--source", str(release_folder))

    app = open_page(
        "reliability/generalizability", source=release_folder, cell_judge="gpt-4o", cell_attribute="Empathy"
    )

    parts, lines = charted(app)
    empathy = parts[parts["attribute"] == "Empathy"]
    cell = expected.query("judge == 'gpt-4o' and attribute == 'Empathy'").iloc[0]
    assert empathy["variance"].tolist() == pytest.approx(cell[list(COMPONENTS)].tolist())
    assert set(lines["judge"]) == {"Claude-3.7-Sonnet", "GPT-4o", "Gemini-2.5-Flash", "o4-mini"}
    assert findings.completeness(STUDY, expected.fillna({"set_to_zero": ""})) in said(app)
    table = app.dataframe[-1].value
    assert table["phi_interval"].tolist() == sheet(STUDY, expected[["phi_low", "phi_high"]])["phi_interval"].tolist()
    assert table["conversations_needed"].dropna().tolist() == expected["conversations_needed"].dropna().tolist()


@pytest.mark.slow
@pytest.mark.parametrize(
    "filters",
    [
        {"judge": "o4-mini", "attribute": "Empathy"},
        {"model": "original"},
        {"judge": "gpt-4o", "model": "gpt-4o"},
    ],
)
@pytest.mark.parametrize(
    ("page", "source"),
    [("your_study/widths", "snapshot"), ("your_study/widths", "release"), ("reliability/generalizability", "release")],
)
def test_page_with_little_or_nothing_says_so(
    open_page: OpenPage, release_folder: Path, page: str, source: str, filters: dict[str, str]
) -> None:
    app = open_page(page, source="snapshot" if source == "snapshot" else release_folder, **filters)
    assert "nan" not in said(app).replace("\n", " ").split()
    if filters.get("model") == "gpt-4o":
        assert ("its bias has no interval" in said(app)) == (page == "your_study/widths")
        assert not charted(app)
