"""What a table is said to depend on is what its figures change with, and nothing else."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.tables import SUBSET, TAKEN
from analysis.ratings.settings import CHOICES, SETTINGS, Selection, Settings
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot, with_judge
from data.study import HUMAN
from tests.golden.make import OF_DRAWN, OF_NEW_SYSTEMS, OF_RETESTS, OF_SINGLE_EXPERTS
from tests.made_lengths import with_made_lengths
from tests.made_new_system import new_system
from tests.made_release import make_release, write_separate
from tests.made_runs import made_runs
from tests.made_study import MINIMAL, make_study, write_study
from tests.slow import slow_but

# In the default run.
QUICK = {"icc", "inflation", "reassurance"}
# Of these the made ratings are too few, or too good, for every threshold to be passed.
OF_REAL_RATINGS = {"verdicts", "leaderboard", "verdict-checks", "icc", "influence", "data-errors"}
# A verdict stays the same where a figure behind it moves a little.
COUNTED = {"leaderboard": set(TAKEN["verdicts"].settings), "new-systems": set(TAKEN["new-systems"].settings)}
OTHER_VALUES: dict[str, tuple[Any, ...]] = {
    **{name: CHOICES[name] for name in SETTINGS if name in CHOICES},
    "resamples": (41,),
    "seed": (1,),
    "margin": (0.9,),
    "loss_supported": (0.01,),
    "loss_checked": (2.0,),
    "low": (3.0,),
    "high": (5.0,),
    "icc_supported": (0.97,),
    "icc_checked": (0.1,),
    "reassured_supported": (0.01, 0.24),
    "reassured_checked": (0.9,),
    "epsilon": (0.45,),
    "labelled": (50,),
    "unlabelled": (77,),
}
# Which models, and choices beside which others may change nothing: where nothing is resampled nothing is discarded, nor
# where many models differ much; and a use that is ruled out by one threshold does not depend on the next.
BASES: tuple[tuple[slice, dict[str, Any]], ...] = (
    (slice(None), {"icc_supported": 0.3, "icc_checked": 0.2}),
    (slice(2, 7), {"interval": "bootstrap-models", "contexts": "kept"}),
)
FAMILY = """
[[systems]]
key = "sys 1"
maker = "M"
[[systems]]
key = "sys 2"
maker = "M"
[[systems]]
key = "people"
by_people = true
[[judges]]
key = "gpt-x"
maker = "M"
own = ["sys 1"]
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give a made release whose experts' row 12 is a copy of row 11, with lengths of replies."""
    made = deepcopy(make_release(32, seed=4))
    for cells in made.cells[HUMAN].values():
        cells[11] = cells[10]
    made.contexts[HUMAN][11] = made.contexts[HUMAN][10]
    folder = tmp_path_factory.mktemp("published")
    write_separate(folder, made, form="parquet")
    return with_made_lengths(load(str(folder), Progress()))


@pytest.fixture(scope="module")
def several_experts(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give a study whose experts are told apart, with a copied row, another message, and ratings off the scale."""
    made = make_study(30)
    made.loc[made.index[100::150], "rating"] = 8
    first, second = (made["item"] == name for name in made["item"].unique()[:2])
    made.loc[second, ["rating", "message"]] = made.loc[first, ["rating", "message"]].to_numpy()
    third = (made["item"] == made["item"].unique()[2]) & (made["rater"] == "gpt-x")
    made.loc[third, "message"] = "Something else altogether was asked here by somebody else."
    folder = tmp_path_factory.mktemp("own")
    write_study(folder, made, toml=MINIMAL + FAMILY)
    return load(str(folder), Progress())


@pytest.fixture(scope="module")
def asked_again(several_experts: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give the same study with a judge that was asked twice, and once with a change.

    One system is its own, and one message another than the experts had.
    """
    path = tmp_path_factory.mktemp("again") / "twice_llm_judge.csv"
    runs = made_runs(several_experts)
    other = runs["item"] == runs["item"].iloc[-1]
    runs.assign(message=np.where(other, "Quite another thing was asked.", None)).to_csv(path, index=False)
    return with_judge(several_experts, path, own={"twice": ["sys 1"]})[0]


@pytest.fixture(scope="module")
def with_new_system(published: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give the made release with three judges' ratings of a new system."""
    folder = tmp_path_factory.mktemp("new")
    file = folder / "new.csv"
    new_system(published, published.study.judge_keys[1:]).to_csv(file, index=False)
    return with_judge(published, file)[0]


@pytest.fixture(scope="module")
def drawn(published: Dataset) -> Dataset:
    """Give the made release as if its replies had been drawn, some more likely than others."""
    assert published.ratings is not None
    replies = published.ratings.long[["conversation", "model"]].drop_duplicates().reset_index(drop=True)
    found = replies.assign(probability=[0.2 + 0.1 * (place % 8) for place in range(len(replies))])
    return replace(published, ratings=replace(published.ratings, probabilities=found))


@pytest.fixture
def dataset(request: pytest.FixtureRequest, name: str) -> Dataset:
    if name in OF_REAL_RATINGS:
        return load_snapshot()
    special = {
        **dict.fromkeys(OF_SINGLE_EXPERTS, "several_experts"),
        **dict.fromkeys(OF_RETESTS, "asked_again"),
        **dict.fromkeys(OF_NEW_SYSTEMS, "with_new_system"),
        **dict.fromkeys(OF_DRAWN, "drawn"),
    }
    found: Dataset = request.getfixturevalue(special.get(name, "published"))
    return found


def test_every_table_says_what_it_takes() -> None:
    assert list(TAKEN) == list(TABLES)
    assert set(OTHER_VALUES) == set(SETTINGS)
    for taken in TAKEN.values():
        assert set(taken.settings) <= set(SETTINGS)
        assert set(taken.subset) <= set(SUBSET)
        assert len(set(taken.settings)) == len(taken.settings)


@pytest.mark.parametrize("name", slow_but(QUICK, TABLES))
def test_a_table_changes_with_the_settings_that_it_takes_and_with_no_other(name: str, dataset: Dataset) -> None:
    study, changing = dataset.study, set()
    for models, base in BASES:
        chosen = Selection.of(study, models=study.system_keys[models])
        usual = Settings.of(study, **{"resamples": 40, **base})
        table = table_of(name, dataset, usual, chosen)
        for setting, value in _others(usual):
            if setting not in changing:
                other = table_of(name, dataset, usual.but(**{setting: value}), chosen)
                changing |= set() if other.equals(table) else {setting}
    if name in COUNTED:
        assert set(TAKEN[name].settings) == COUNTED[name]
        assert changing <= COUNTED[name]
    else:
        assert changing == set(TAKEN[name].settings)


def _others(usual: Settings) -> Iterator[tuple[str, Any]]:
    """List every setting with each value that it has not."""
    for name, values in OTHER_VALUES.items():
        yield from ((name, value) for value in values if value != getattr(usual, name))


@pytest.mark.parametrize("name", slow_but(QUICK, TABLES))
def test_a_table_changes_with_the_filters_that_it_takes_and_with_no_other(name: str, dataset: Dataset) -> None:
    study, settings = dataset.study, Settings.of(dataset.study, resamples=40)
    every = Selection.of(study)
    some = {
        "judge": replace(every, judges=study.judge_keys[:2]),
        "model": replace(every, models=study.system_keys[:5]),
        "attribute": replace(every, attributes=study.attribute_names[:3]),
    }
    table = table_of(name, dataset, settings, every)
    changing = {each for each in SUBSET if not table.equals(table_of(name, dataset, settings, some[each]))}
    assert changing == set(TAKEN[name].subset)
