"""Pages on margins, limits and corrections show the command line's figures, and say what they cannot show."""

from pathlib import Path
from typing import Any

import pytest

from analysis.outputs.sheets import sheet
from data.mentalalign import STUDY
from tests.pages import RECOMMENDED, OpenPage, charted, from_command_line, said


@pytest.mark.slow
def test_equivalence_shows_margins_limits_and_parts_under_the_recommended_preset(
    open_page: OpenPage, capsys: Any
) -> None:
    expected = from_command_line(capsys, "agreement-limits", *RECOMMENDED, "--margin", "0.3")
    corrected = from_command_line(capsys, "correction", *RECOMMENDED).query("method != 'none'")

    app = open_page(
        "inflation/equivalence", preset="recommended", margin="0.3", cell_judge="gpt-4o", cell_attribute="Safety"
    )
    equivalence, density, parts = charted(app)

    assert equivalence["equivalence_high"].tolist() == pytest.approx(expected["equivalence_high"].tolist())
    assert equivalence["equivalent"].tolist() == expected["equivalent"].tolist()
    within = int((expected["equivalent"] == "yes").sum())
    assert f"In {within} of 28 pairs of judge and attribute the 90% interval" in said(app)
    assert "lies within 0.3 of a point" in said(app)
    assert density["share"].sum() == pytest.approx(1)
    assert set(parts["judge_key"]) == {"gpt-4o"}
    cell = expected.query("judge == 'gpt-4o' and attribute == 'Safety'").iloc[0]
    ends = f"{-cell['limit_lower']:.1f} points below and {cell['limit_upper']:.1f} points above the experts'"
    assert f"GPT-4o on Safety: about 95 of 100 single ratings lie between {ends}" in said(app)
    best = corrected.loc[corrected.groupby(["judge", "attribute"])["mse"].idxmin()]
    assert best["bias"].abs().max() < 0.001
    assert "the bias left is less than 0.001 of a point" in said(app)
    table = app.dataframe[-1].value
    assert table["limit_upper"].tolist() == pytest.approx(expected["limit_upper"].tolist())


@pytest.mark.slow
def test_equivalence_on_the_release_shows_intervals_by_neighbours(open_page: OpenPage, release_folder: Path) -> None:
    app = open_page("inflation/equivalence", source=release_folder, preset="recommended")

    assert "95% interval of the bias is 1.7 to 4.1 times as wide" in said(app)
    assert not app.main.info
    table = next(each.value for each in app.dataframe if "ratio" in each.value)
    assert len(table) == 28


@pytest.mark.slow
def test_correction_shows_the_command_lines_table_and_the_chosen_judge(open_page: OpenPage, capsys: Any) -> None:
    expected = from_command_line(capsys, "correction", *RECOMMENDED)

    app = open_page("inflation/correction", preset="recommended", cell_judge="o4-mini")

    table = app.dataframe[-1].value
    for column in ("bias_interval", "icc_a1_interval"):
        assert table[column].tolist() == sheet(STUDY, expected)[column].tolist()
    for column in ("bias", "mse", "icc_a1"):
        # What rounds to zero stands without a sign.
        assert table[column].tolist() == pytest.approx(expected[column].tolist(), abs=5e-4), column
    assert table["method"].tolist()[:2] == ["As the judge rates", "Bias subtracted"]
    drawn = charted(app)
    assert len(drawn) == 3
    mine = expected.query("judge == 'o4-mini'")
    for rows, measure in zip(drawn, ("bias", "mse", "icc_a1"), strict=True):
        assert set(rows["judge"]) == {"o4-mini"}
        assert rows[measure].tolist() == pytest.approx(mine[measure].tolist())
    assert "Subtracting the bias raises the agreement of o4-mini on single replies, ICC(A,1), on all 7" in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["inflation/equivalence", "inflation/correction"])
def test_without_pairs_sentences_take_the_place_of_charts(open_page: OpenPage, page: str) -> None:
    app = open_page(page, preset="recommended", judge="gpt-4o", model="gpt-4o")

    assert not app.get("vega_lite_chart")
    assert "nan" not in said(app).lower().split()
    assert "No correction can be tried: it needs ratings of both in at least five conversations" in said(app)
