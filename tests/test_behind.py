"""What a mark or a cell is of, and how a chart is made to tell it."""

import altair as alt
import pandas as pd
import pytest

from analysis.charts.drawing import ROWS, Chart, guide, kept, layered
from data.mentalalign import STUDY
from pages.components.drilldown import answering_clicks, cell_of, common


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [
        (
            {"judge": "gpt-4o", "attribute": "Safety", "bias": 0.2},
            "bias",
            {"cell_judge": "gpt-4o", "cell_attribute": "Safety"},
        ),
        # A chart names its marks by keys beside their labels; gpt-4o is a judge's and a model's.
        (
            {"judge_key": "gpt-4o", "attribute": "Empathy", "model_key": "gpt-4o-mini"},
            "",
            {"cell_judge": "gpt-4o", "cell_attribute": "Empathy", "cell_model": "gpt-4o-mini"},
        ),
        (
            {"rater": "o4-mini", "model": "original"},
            "Guidance",
            {"cell_judge": "o4-mini", "cell_attribute": "Guidance", "cell_model": "original"},
        ),
        ({"rater": "human", "model": "gpt-4o"}, "css", {"cell_model": "gpt-4o"}),
        ({"judge": "panel-mean", "attribute": "Safety"}, "", {"cell_attribute": "Safety"}),
        ({"judge": None, "rating": 5.0}, "n", {}),
        ({"conversation": 17, "model": "original"}, "raw", {"cell_model": "original", "conversation": "17"}),
        # A variance component.
        ({"judge": "gpt-4o", "conversation": 0.2, "model": 0.1}, "conversation", {"cell_judge": "gpt-4o"}),
    ],
)
def test_a_figure_is_of_what_its_row_and_its_column_say(row: dict, column: str, cell: dict[str, str]) -> None:
    assert cell_of(STUDY, row, column) == cell


def test_what_all_figures_share_is_theirs() -> None:
    data = pd.DataFrame({"judge": ["gpt-4o"] * 2, "attribute": ["Safety", "Empathy"], "bias": [0.1, 0.1]})
    assert common(data) == {"judge": "gpt-4o"}
    assert common(data.iloc[:1]) == {"judge": "gpt-4o", "attribute": "Safety"}
    assert common(data.iloc[:0]) == {}


@kept
def look(column: str) -> alt.LayerChart:
    points = alt.Chart().mark_point().encode(x=f"{column}:Q")
    return layered(guide(0.0), points)


def test_the_layer_with_the_figures_tells_which_mark_was_chosen() -> None:
    data = pd.DataFrame({"judge": ["GPT-4o"], "judge_key": ["gpt-4o"], "attribute": ["Safety"], "bias": [0.2]})
    chart = Chart(look("bias"), {ROWS: data}, 100)
    before = chart.to_dict()
    asking = answering_clicks(before, chart)
    assert asking is not None
    assert "params" not in asking["layer"][0]
    (param,) = asking["layer"][1]["params"]
    assert param["select"] == {"type": "point", "fields": ["judge_key", "attribute"], "toggle": False}
    assert before == chart.to_dict()


def test_a_chart_of_nothing_that_has_conversations_does_not_answer() -> None:
    chart = Chart(look("bias"), {ROWS: pd.DataFrame({"bias": [0.2], "step": ["first"]})}, 100)
    assert answering_clicks(chart.to_dict(), chart) is None
