"""How a judge agrees with itself: figures against counting by hand and pingouin, and where they are said."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import pytest

from analysis.findings.consistency import consistency_finding
from analysis.outputs.registry import table_of
from analysis.ratings.needs import NeedsRetestsError
from analysis.ratings.settings import Selection, Settings
from data.errors import ReleaseError
from data.remote.progress import Progress
from data.sources import Dataset, load, with_judge
from tests.made_runs import made_runs, write_runs
from tests.made_study import make_study, write_study
from tests.pages import OpenPage, said

JUDGE = "twice"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    write_study(folder, make_study(30))
    return folder


@pytest.fixture(scope="module")
def alone(folder: Path) -> Dataset:
    return load(str(folder), Progress())


@pytest.fixture(scope="module")
def file(alone: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("judge") / f"{JUDGE}_llm_judge.csv"
    write_runs(path, alone)
    return path


@pytest.fixture(scope="module")
def dataset(alone: Dataset, file: Path) -> Dataset:
    return with_judge(alone, file)[0]


def table(dataset: Dataset, name: str = "consistency", **choices: object) -> pd.DataFrame:
    study = dataset.study
    settings = Settings.of(study, resamples=100, **choices)
    return table_of(name, dataset, settings, Selection.of(study, [JUDGE]))


@pytest.mark.parametrize("ratings", ["valid", "as-released"])
@pytest.mark.parametrize(("probe", "run"), [("none", "2"), ("padding", "padding")])
def test_figures_are_those_of_counting_by_hand(
    dataset: Dataset, alone: Dataset, ratings: str, probe: str, run: str
) -> None:
    made = made_runs(alone)
    if ratings == "valid":
        made = made[made["rating"] <= dataset.study.scale.high]
    rows = table(dataset, ratings=ratings).query("probe == @probe").set_index("attribute")
    for attribute, of_attribute in made.groupby("attribute"):
        runs = of_attribute.pivot(index=["item", "system"], columns="run", values="rating")[["1", run]].dropna()
        row = rows.loc[attribute]
        assert row["n_run_pairs"] == len(runs)
        assert row["flip_rate"] == pytest.approx((runs["1"] != runs[run]).mean())
        assert row["mean_change"] == pytest.approx((runs[run] - runs["1"]).mean())
        long = runs.reset_index(drop=True).reset_index().melt("index", var_name="run", value_name="rating")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            icc = pingouin.intraclass_corr(long, "index", "run", "rating").set_index("Type")["ICC"]
        assert row["retest_a1"] == pytest.approx(icc["ICC(A,1)"])


def test_intervals_hold_their_figures(dataset: Dataset) -> None:
    rows = table(dataset)
    for name in ("flip_rate", "mean_change", "retest_a1"):
        assert (rows[f"{name}_low"] < rows[name]).all()
        assert (rows[name] < rows[f"{name}_high"]).all()


def test_a_judge_that_repeats_itself_agrees_with_itself(alone: Dataset, tmp_path: Path) -> None:
    made = made_runs(alone).query("run == '1'")
    path = tmp_path / f"{JUDGE}_llm_judge.csv"
    pd.concat([made, made.assign(run="2"), made.assign(run="3")]).to_csv(path, index=False)
    rows = table(with_judge(alone, path)[0])
    assert rows["flip_rate"].eq(0).all()
    assert rows["retest_a1"].to_numpy() == pytest.approx(1)
    assert rows["n_run_pairs"].unique().tolist() == [3 * 30 * 12]


def test_only_the_first_run_is_the_judges_rating(alone: Dataset, dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / f"{JUDGE}_llm_judge.csv"
    made_runs(alone).query("run == '1'").drop(columns="run").to_csv(path, index=False)
    once = with_judge(alone, path)[0]
    pd.testing.assert_frame_equal(table(once, "icc"), table(dataset, "icc"))
    with pytest.raises(NeedsRetestsError, match="no judge here was asked more than once"):
        table(once)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda made: made.assign(run=made["run"].replace({"1": "a"})),
            "'padding' and none called '1', the first",
        ),
        (
            lambda made: pd.concat([made, *(made[made["run"] == "2"].assign(run=f"r{n}") for n in range(18))]),
            "there are 21 runs; at most 20 are compared",
        ),
        (lambda made: pd.concat([made, made.tail(1)]), "has 2 ratings; keep one of them"),
    ],
)
def test_runs_that_cannot_be_told_are_refused(
    alone: Dataset, tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame], expected: str
) -> None:
    path = tmp_path / f"{JUDGE}_llm_judge.csv"
    change(made_runs(alone)).to_csv(path, index=False)
    with pytest.raises(ReleaseError) as refused:
        with_judge(alone, path)
    assert expected in str(refused.value)


def test_the_order_of_rows_moves_nothing(alone: Dataset, dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / f"{JUDGE}_llm_judge.csv"
    made_runs(alone).sample(frac=1, random_state=np.random.RandomState(1)).to_csv(path, index=False)
    pd.testing.assert_frame_equal(table(dataset), table(with_judge(alone, path)[0]))


@pytest.mark.slow
def test_the_page_says_it_before_agreement(
    open_page: OpenPage, folder: Path, file: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = "No judge on screen was asked more than once."
    assert needed in said(open_page("reliability/consistency", source=folder))
    monkeypatch.setenv("MENTALBENCH_JUDGES", str(file))
    chosen = Selection.of(dataset.study)
    finding = consistency_finding(dataset.study, table_of("consistency", dataset, Settings.of(dataset.study), chosen))
    app = open_page("reliability/consistency", source=folder)
    assert f"**{finding}**" in [each.value for each in app.markdown]
    assert len(app.main.dataframe[0].value) == 2 * 8
    words = [each.value for each in open_page("reliability", source=folder).markdown]
    assert words.index(finding) < next(place for place, word in enumerate(words) if word.startswith("**"))
