"""Judges that are made from the experts' own ratings get the verdicts that they deserve."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.decisions.verdicts import USES, criteria_table, verdict_table
from data.mentalalign import STUDY
from tests.snapshot import RECOMMENDED, snapshot

SUPPORTED, CHECKED, UNDECIDED, UNSUPPORTED = "supported", "human-checks", "undecided", "not-supported"
BEST_FIRST = (SUPPORTED, CHECKED, UNDECIDED, UNSUPPORTED)


@pytest.fixture(scope="module")
def rated() -> pd.DataFrame:
    """The experts' ratings of every reply, as the bundled counts hold them: a row for each reply and attribute."""
    counts = snapshot().counts
    mine = counts[(counts["judge"] == STUDY.judge_keys[-1]) & counts["human_valid"].notna() & ~counts["repeated"]]
    rows = mine.loc[mine.index.repeat(mine["n"])].reset_index(drop=True)
    return rows[["model", "attribute"]].assign(
        judge=pd.Categorical(["made"] * len(rows)),
        cluster=rows["cluster"].astype("category"),
        n=1,
        human=rows["human_valid"],
    )


def verdicts(rated: pd.DataFrame, judge: np.ndarray) -> dict[str, set[str]]:
    """Return the verdicts that a judge gets on each use, over all attributes."""
    table = verdict_table(criteria_table(rated.assign(rating=judge), RECOMMENDED), RECOMMENDED)
    return table.groupby("use")["verdict"].agg(set).to_dict()


def on_scale(ratings: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(ratings), 1, 5)


def raised(human: np.ndarray, share: float) -> np.ndarray:
    return on_scale(human + (np.random.default_rng(0).random(len(human)) < share))


def noisy(human: np.ndarray, spread: float) -> np.ndarray:
    return on_scale(human + spread * np.random.default_rng(0).normal(size=len(human)))


@pytest.mark.parametrize(
    "make",
    [lambda human: human, lambda human: raised(human, 0.15), lambda human: noisy(human, 0.5)],
    ids=["a copy", "15 of 100 raised", "noise of half a point"],
)
def test_a_judge_as_good_as_the_experts_is_supported_everywhere(
    rated: pd.DataFrame, make: Callable[[np.ndarray], np.ndarray]
) -> None:
    assert verdicts(rated, make(rated["human"].to_numpy())) == {use: {SUPPORTED} for use in USES}


def test_a_judge_that_raises_30_of_100_is_no_longer_ruled_out_for_scores(rated: pd.DataFrame) -> None:
    """Its ICC(A,1) is 0.92 to 0.95, and the exact F interval of it ruled it out on every attribute."""
    human = rated["human"].to_numpy()
    found = verdicts(rated, np.where(human < 5, raised(human, 0.3), human))
    assert found["rank"] == found["reply"] == {SUPPORTED}
    assert found["score"] <= {SUPPORTED, CHECKED}


@pytest.mark.parametrize(
    "make",
    [
        lambda human: 6 - human,
        lambda human: np.random.default_rng(0).integers(1, 6, len(human)).astype(float),
        lambda human: np.full(len(human), 5.0),
    ],
    ids=["reversed", "dice", "always five"],
)
def test_a_poor_judge_is_supported_nowhere(rated: pd.DataFrame, make: Callable[[np.ndarray], np.ndarray]) -> None:
    found = verdicts(rated, make(rated["human"].to_numpy()))
    assert found["score"] == found["reply"] == {UNSUPPORTED}
    assert found["rank"] <= {UNSUPPORTED, UNDECIDED}


def test_a_constant_shift_costs_scores_and_not_the_order(rated: pd.DataFrame) -> None:
    found = verdicts(rated, rated["human"].to_numpy() + 1)
    assert found["rank"] == {SUPPORTED}
    assert found["score"] == {UNSUPPORTED}
    assert SUPPORTED not in found["reply"]


def test_kindness_to_one_system_only_is_seen(rated: pd.DataFrame) -> None:
    """Its bias is a tenth of a point on average, and it would have that system chosen."""
    human, one = rated["human"].to_numpy(), (rated["model"] == STUDY.system_keys[0]).to_numpy()
    judge = np.where(one, human + 1, human)
    assert np.mean(judge - human) < 0.25
    found = verdicts(rated, judge)
    assert found["score"] == {UNSUPPORTED}
    assert found["rank"] <= {UNSUPPORTED, UNDECIDED}
    assert found["reply"] == {SUPPORTED}


def test_a_judge_that_is_right_on_average_and_wrong_everywhere_reports_no_scores(rated: pd.DataFrame) -> None:
    human, even = rated["human"].to_numpy(), rated["model"].cat.codes.to_numpy() % 2 == 0
    judge = human + np.where(even, 0.8, -0.8)
    assert abs(np.mean(judge - human)) < 0.02
    found = verdicts(rated, judge)
    assert found["score"] == {UNSUPPORTED}
    assert SUPPORTED not in found["rank"]


def test_a_compressed_scale_reports_no_scores(rated: pd.DataFrame) -> None:
    found = verdicts(rated, 3 + (rated["human"].to_numpy() - 3) / 2)
    assert found["score"] == {UNSUPPORTED}
    assert SUPPORTED not in found["rank"] | found["reply"]


@pytest.mark.parametrize("make", [noisy, lambda human, by: human + by], ids=["error", "bias"])
def test_more_error_or_more_bias_never_gives_a_better_verdict(
    rated: pd.DataFrame, make: Callable[[np.ndarray, float], np.ndarray]
) -> None:
    human = rated["human"].to_numpy()
    before = pd.Series(0, index=range(21))
    for size in (0.0, 0.1, 0.2, 0.4, 0.8, 1.6):
        table = verdict_table(criteria_table(rated.assign(rating=make(human, size)), RECOMMENDED), RECOMMENDED)
        place = table["verdict"].map(BEST_FIRST.index)
        later = table["use"] != "rank" if make is not noisy else pd.Series(True, index=table.index)
        assert (place >= before)[later].all(), size
        before = place
    assert (before > 0).sum() >= 14
