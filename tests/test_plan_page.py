"""The tab that plans a study: one sentence first, then what it rests on, and how to go on."""

from pathlib import Path

import pytest

from tests.made_study import make_study, write_study
from tests.pages import OpenPage, pressed, said

PAGE = "your_study/plan"
CELL = {"cell_judge": "o4-mini", "cell_attribute": "Informativeness"}


@pytest.mark.slow
def test_a_plan_is_made_when_it_is_asked_for(open_page: OpenPage) -> None:
    app = open_page(PAGE, **CELL)
    assert "To show that" not in said(app)
    assert not app.dataframe

    app = pressed(app, "Make this plan")
    assert not app.exception
    words = said(app)
    assert "To show that o4-mini on Informativeness is fit with human checks to rate single replies" in words
    assert "of 100 studies like this, the interval of ICC(A,1) of single replies" in words
    assert "Experts are not told apart in these ratings" in words
    assert len(app.get("vega_lite_chart")) == 2
    (commands,) = [each.value for each in app.main.get("code")]
    assert "python -m data items --replies replies.csv" in commands

    # Another width is another plan, which nobody has asked for.
    app.query_params["width"] = "0.1"
    app.run()
    assert "To show that" not in said(app)


@pytest.mark.slow
def test_what_only_more_systems_settle_is_said(open_page: OpenPage) -> None:
    app = pressed(open_page(PAGE, use="rank", cell_judge="gpt-4o", cell_attribute="Safety"), "Make this plan")
    assert "No number of conversations settles whether GPT-4o on Safety is fit to rank systems: it takes about" in said(
        app
    )
    assert len(app.get("vega_lite_chart")) == 1


@pytest.mark.slow
def test_experts_that_are_told_apart_are_a_choice(open_page: OpenPage, tmp_path: Path) -> None:
    write_study(tmp_path, make_study(30))
    options = {"use": "score", "width": "0.5", "power": "0.5", "cell_judge": "gpt-x", "cell_attribute": "safety"}
    app = pressed(open_page(PAGE, source=tmp_path, **options), "Make this plan")
    assert not app.exception
    assert app.main.selectbox(key="experts").options[1:] == ["1", "2", "3"]
    assert "Experts are not told apart" not in said(app)
    assert list(app.dataframe[0].value["experts_each"]) == [1, 2, 3]
