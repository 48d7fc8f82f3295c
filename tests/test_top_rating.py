"""What a top rating is: the high end of the scale, or above it as released, wherever it is counted."""

import numpy as np
import pandas as pd
import pytest

from analysis.agreement.ordinal import ordinal_table
from analysis.bias.inflation import rating_distribution
from analysis.findings.inflation import distribution_finding
from analysis.outputs.view import View
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Settings
from analysis.report.checklists import bland_altman
from data.mentalalign import STUDY
from data.study import Scale
from tests.snapshot import EVERYTHING, snapshot
from tests.spec import counts_of, selected


def test_the_top_is_the_high_end_and_what_lies_above() -> None:
    assert Scale.of(1, 5).top(np.array([0, 4.5, 5, 6])).tolist() == [False, False, True, True]
    assert Scale.of(0, 10).top(np.array([5.0, 9.5, 10])).tolist() == [False, False, True]


def test_a_six_as_released_is_a_top_rating_on_every_page() -> None:
    """Of four replies the experts give one 6, one 5 and two lower ones: half are at the top."""
    ratings = pd.DataFrame(
        {"conversation": range(4), "model": "original", "human": [6.0, 5.0, 4.0, 1.0], "gpt-4o": [5.0, 5.0, 5.0, 2.0]}
    )
    paper, chosen = Settings.of(STUDY, "paper"), selected(("gpt-4o",), attributes=("Safety",))
    frame = pairs(STUDY, counts_of(ratings), paper, chosen)
    (row,) = ordinal_table(STUDY, frame, Settings.of(STUDY, "paper", resamples=2)).to_dict("records")
    assert (row["human_ceiling"], row["judge_ceiling"]) == (0.5, 0.75)
    said = distribution_finding(STUDY, rating_distribution(frame), "gpt-4o", "Safety")
    assert "gives the top rating, 5 of 5, to 75% of replies, and the experts to 50%" in said


@pytest.mark.parametrize("preset", ["paper", "recommended"])
def test_the_report_counts_top_ratings_as_the_tables_do(preset: str) -> None:
    view = View(snapshot(), Settings.of(STUDY, preset, resamples=2), EVERYTHING)
    by_attribute = view.table("ordinal").groupby("attribute")["human_ceiling"].max()
    answer = next(str(row[1]) for row in bland_altman(view, ()).rows if "pile up" in str(row[1]))
    assert f"{by_attribute.min():.0%} on {by_attribute.idxmin()} to {by_attribute.max():.0%} on" in answer
