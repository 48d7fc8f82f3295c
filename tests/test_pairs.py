"""Which pairs of ratings count, and the sums made of them."""

import itertools

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.ratings.excluded import excluded_models
from analysis.ratings.pairs import MOMENTS, add_up, pairs, ratings_of_each, sums
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot
from data.study import HUMAN
from tests.spec import KEYS, counts_of, example, grid, selected

ONE = selected(("gpt-4o",), STUDY.system_keys, ("Safety",))
EVERY_CHOICE = [
    Settings.of(STUDY, ratings=ratings, contexts=contexts, exclude=exclude, original=original, repeated=repeated)
    for ratings, (contexts, repeated), exclude, original in itertools.product(
        ("as-released", "valid"),
        (("kept", "kept"), ("kept", "left-out"), ("left-out", "left-out")),
        ("none", "own", "family"),
        ("counted", "left-out"),
    )
]


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return load_snapshot().counts


@pytest.fixture(scope="module")
def rows(counts: pd.DataFrame) -> pd.DataFrame:
    """Every reply, judge and attribute of the release as a row of its own."""
    return counts.loc[counts.index.repeat(counts["n"])].astype({"judge": str, "model": str, "attribute": str})


# Policies


@pytest.mark.parametrize("row", [0, 1], ids=["as-released", "valid"])
def test_worked_example_of_ratings_off_the_scale(row: int) -> None:
    counts, table = example("Ratings off the scale")
    expected = table.iloc[row]
    frame = pairs(STUDY, counts, Settings.of(STUDY, ratings=expected["Ratings"]), ONE)
    assert frame["n"].sum() == expected["n_pairs"]
    assert frame["human"].mean() == pytest.approx(expected["human_mean"], abs=5e-4)
    assert frame["rating"].mean() == pytest.approx(expected["judge_mean"], abs=5e-4)


@pytest.mark.parametrize("row", example("Models that a judge is not compared on").expected.to_dict("records"), ids=str)
def test_worked_example_of_excluded_models(row: dict[str, object]) -> None:
    counts, _ = example("Models that a judge is not compared on")
    settings = Settings.of(STUDY, exclude=row["exclude"], original=row["original"])
    frame = pairs(STUDY, counts, settings, selected(attributes=("Safety",)))
    of_judge = frame[frame["judge"] == KEYS[str(row["Judge"])]]
    assert len(of_judge) == row["n_pairs"]
    assert of_judge["human"].mean() == pytest.approx(row["human_mean"], abs=5e-4)


@pytest.mark.parametrize(("side", "rated"), [("human_recovered", "human"), ("recovered", "gpt-4o")])
def test_recovered_ratings_count_under_valid_only(side: str, rated: str) -> None:
    ratings = pd.DataFrame({"conversation": [1, 2], "model": "Qwen-3-4B", "human": [2, 3], "gpt-4o": [4, 5]})
    counts = counts_of(ratings.assign(**{side: [True, False]}))
    released, valid = (
        pairs(STUDY, counts, Settings.of(STUDY, ratings=policy), ONE) for policy in ("as-released", "valid")
    )
    assert released["human"].tolist() == [3]
    assert valid["human"].tolist() == [2, 3]


@pytest.mark.parametrize("rating", [0.0, 6.0, 4.5, -1.0])
def test_valid_takes_whole_numbers_from_one_to_five(rating: float) -> None:
    ratings = pd.DataFrame({"conversation": [1, 2], "model": "Qwen-3-4B", "human": [rating, 1], "gpt-4o": [4, rating]})
    assert len(pairs(STUDY, counts_of(ratings), Settings.of(STUDY, ratings="as-released"), ONE)) == 2
    assert pairs(STUDY, counts_of(ratings), Settings.of(STUDY, ratings="valid"), ONE).empty


def test_rows_whose_context_differs_are_left_out_when_the_settings_say_so() -> None:
    ratings = pd.DataFrame({"conversation": [1, 2], "model": "Qwen-3-4B", "human": [2, 3], "gpt-4o": [4, 5]})
    counts = counts_of(ratings.assign(different=[True, False]))
    assert pairs(STUDY, counts, Settings.of(STUDY, contexts="kept"), ONE)["human"].tolist() == [2, 3]
    assert pairs(STUDY, counts, Settings.of(STUDY, contexts="left-out"), ONE)["human"].tolist() == [3]
    left = ratings_of_each(STUDY, counts, Settings.of(STUDY, contexts="left-out"), ONE)
    # What the experts rated is theirs, whatever message a judge's file has beside it.
    assert left.loc[left["rater"] == HUMAN, "rating"].tolist() == [2, 3]
    assert left.loc[left["rater"] == "gpt-4o", "rating"].tolist() == [5]


def test_a_copied_row_is_left_out_for_everyone_unless_it_is_kept() -> None:
    ratings = pd.DataFrame({"conversation": [1, 2], "model": "Qwen-3-4B", "human": [2, 3], "gpt-4o": [4, 5]})
    counts = counts_of(ratings.assign(repeated=[True, False]))
    assert pairs(STUDY, counts, Settings.of(STUDY, repeated="kept"), ONE)["human"].tolist() == [2, 3]
    for preset in ("paper", "recommended"):
        assert pairs(STUDY, counts, Settings.of(STUDY, preset), ONE)["human"].tolist() == [3]
        left = ratings_of_each(STUDY, counts, Settings.of(STUDY, preset), ONE)
        assert left.loc[left["rater"] == HUMAN, "rating"].tolist() == [3]


def test_a_conversation_that_differs_is_left_out_for_that_judge_alone() -> None:
    ratings = pd.DataFrame({"conversation": [1, 2], "model": "Qwen-3-4B", "human": [2, 3]})
    counts = pd.concat(
        [
            counts_of(ratings.assign(**{"gpt-4o": [4, 5], "different": [True, False]})),
            counts_of(ratings.assign(**{"o4-mini": [1, 2]})),
        ]
    )
    counts = counts.assign(judge=counts["judge"].astype(pd.CategoricalDtype(["gpt-4o", "o4-mini"])))
    frame = pairs(STUDY, counts, Settings.of(STUDY), selected(("gpt-4o", "o4-mini")))
    assert frame.loc[frame["judge"] == "gpt-4o", "human"].tolist() == [3]
    assert frame.loc[frame["judge"] == "o4-mini", "human"].tolist() == [2, 3]
    both = pairs(STUDY, counts, Settings.of(STUDY), selected((), panel=("gpt-4o", "o4-mini")))
    assert both["rating"].tolist() == [1, 3.5]


def test_clusters_are_those_that_the_experts_rated_whatever_is_chosen() -> None:
    ratings = pd.DataFrame(
        {
            "conversation": [0, 1, 2, 3, 4],
            "model": "Qwen-3-4B",
            "attribute": ["Safety", "Empathy", "Safety", "Safety", "Safety"],
            "human": [2, 3, np.nan, 0, 4],
            "human_recovered": [False, False, False, False, True],
            "gpt-4o": [4, 5, 1, np.nan, 2],
            "o4-mini": [np.nan, np.nan, 1, 2, np.nan],
        }
    )
    counts = counts_of(ratings)
    for judges in (("gpt-4o",), ("o4-mini",), ("gpt-4o", "o4-mini")):
        for policy in ("as-released", "valid"):
            frame = pairs(
                STUDY, counts, Settings.of(STUDY, ratings=policy), selected(judges, ("original",), ("Safety",))
            )
            assert frame["cluster"].cat.categories.tolist() == [0, 1, 3, 4]
            assert sums(frame).moments.shape[-1] == 4


# On the release


def counted_by_pandas(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Pairs that count, by masks on single rows."""
    if settings.ratings == "valid":
        rows = rows.assign(human=rows["human_valid"], rating=rows["rating_valid"])
        assert rows["human"].dropna().isin([1, 2, 3, 4, 5]).all()
    on_scale = [rows[side].notna() for side in ("human", "rating")]
    excluded = {(judge, model) for judge in STUDY.judge_keys for model in excluded_models(STUDY, judge, settings)}
    own = pd.MultiIndex.from_frame(rows[["judge", "model"]]).isin(sorted(excluded)) if excluded else False
    moved = rows["different"] if settings.contexts == "left-out" else False
    copied = rows["repeated"] if settings.repeated == "left-out" else False
    return rows[on_scale[0] & on_scale[1] & ~np.asarray(own) & ~np.asarray(moved) & ~np.asarray(copied)]


@pytest.mark.parametrize(
    "settings", EVERY_CHOICE, ids=lambda settings: " ".join(list(map(str, vars(settings).values()))[2:7])
)
def test_pairs_equal_masks_on_single_rows(settings: Settings, counts: pd.DataFrame, rows: pd.DataFrame) -> None:
    frame = pairs(STUDY, counts, settings, Selection.of(STUDY))
    keys = ["judge", "model", "attribute"]
    weighed = frame.assign(human=frame["human"] * frame["n"], rating=frame["rating"] * frame["n"])
    ours = weighed.groupby(keys, observed=True)[["n", "human", "rating"]].sum()
    expected = counted_by_pandas(rows, settings).assign(n=1).groupby(keys)[["n", "human", "rating"]].sum()
    assert len(ours) == len(expected) > 0
    assert_allclose(ours, expected.loc[ours.index], rtol=0)


@pytest.mark.parametrize("policy", ["as-released", "valid"])
def test_each_rater_alone_equals_masks_on_single_rows(policy: str, counts: pd.DataFrame, rows: pd.DataFrame) -> None:
    settings = Settings.of(STUDY, ratings=policy)
    frame = ratings_of_each(STUDY, counts, settings, Selection.of(STUDY))
    ours = (frame["n"] * frame["rating"]).groupby([frame["rater"], frame["model"]], observed=True).sum()
    numbers = frame["n"].groupby([frame["rater"], frame["model"]], observed=True).sum()
    assert len(ours) == 10 + 4 * 9
    for rater in (HUMAN, *STUDY.judge_keys):
        side = ("human" if rater == HUMAN else "rating") + ("_valid" if policy == "valid" else "")
        own = rows[rows["judge"] == (STUDY.judge_keys[0] if rater == HUMAN else rater)]
        # Conversations that are another in a judge's file are not that judge's, and remain the experts'.
        kept = own[side].notna() & ~own["repeated"] & (True if rater == HUMAN else ~own["different"])
        by_model = own[kept].groupby("model")[side].agg(["sum", "size"])
        for model in set(STUDY.system_keys) - excluded_models(STUDY, rater, settings):
            assert (ours[rater, model], numbers[rater, model]) == tuple(by_model.loc[model])


@pytest.mark.slow
def test_the_experts_ratings_do_not_depend_on_the_judges_chosen(counts: pd.DataFrame) -> None:
    everyone = ratings_of_each(STUDY, counts, Settings.of(STUDY), Selection.of(STUDY))
    one = ratings_of_each(STUDY, counts, Settings.of(STUDY), selected(judges=("o4-mini",)))
    keep = ["model", "attribute", "cluster", "n", "rating"]
    pd.testing.assert_frame_equal(one.loc[one["rater"] == HUMAN, keep], everyone.loc[everyone["rater"] == HUMAN, keep])
    assert set(one["rater"]) == {HUMAN, "o4-mini"}


# The selection


def test_only_what_is_selected_comes_back_and_names_it_in_its_categories(counts: pd.DataFrame) -> None:
    selection = selected(("gpt-4o", "o4-mini"), ("gpt-4o", "original"), ("Empathy",))
    frame = pairs(STUDY, counts, Settings.of(STUDY), selection)
    assert list(frame.columns) == ["judge", "model", "attribute", "cluster", "n", "human", "rating"]
    assert tuple(frame["judge"].cat.categories) == selection.judges
    assert tuple(frame["model"].cat.categories) == selection.models
    assert tuple(frame["attribute"].cat.categories) == selection.attributes
    assert set(zip(frame["judge"], frame["model"], strict=True)) == {
        ("gpt-4o", "original"),
        ("o4-mini", "gpt-4o"),
        ("o4-mini", "original"),
    }


@pytest.mark.slow
def test_counts_are_not_changed(counts: pd.DataFrame) -> None:
    before = counts.copy(deep=True)
    pairs(STUDY, counts, Settings.of(STUDY, "recommended"), ONE)
    ratings_of_each(STUDY, counts, Settings.of(STUDY, "recommended"), ONE)
    pd.testing.assert_frame_equal(counts, before)


# Sums


def test_sums_of_a_small_example() -> None:
    """One model: (2, 4) and (3, 5) in the first conversation's cluster, (5, 5) in the second's."""
    frame = grid(np.array([[2.0, 5.0]]), np.array([[4.0, 5.0]]))
    frame = pd.concat([frame, frame.iloc[:1].assign(human=3.0, rating=5.0)])
    total = sums(frame)
    assert (total.judges, total.attributes, total.models) == (("o4-mini",), ("Safety",), STUDY.system_keys)
    of_model = dict(zip(MOMENTS, total.moments[:, 0, 0, 0].tolist(), strict=True))
    assert of_model == {
        "n": [2, 1],
        "human": [5, 5],
        "judge": [9, 5],
        "human_squared": [13, 25],
        "judge_squared": [41, 25],
        "product": [23, 25],
    }
    assert (total.moments[:, :, :, 1:] == 0).all()


def test_sums_of_nothing_have_no_clusters() -> None:
    total = sums(grid(np.zeros((0, 0)), np.zeros((0, 0))))
    assert total.moments.shape == (len(MOMENTS), 1, 1, len(STUDY.system_keys), 0)


def test_sums_equal_pandas_on_the_release(counts: pd.DataFrame, rows: pd.DataFrame) -> None:
    total = sums(pairs(STUDY, counts, Settings.of(STUDY), Selection.of(STUDY)))
    single = counted_by_pandas(rows, Settings.of(STUDY))
    single = single.assign(
        human_squared=single["human"] ** 2,
        judge_squared=single["rating"] ** 2,
        product=single["human"] * single["rating"],
    )
    by_cell = single.groupby(["judge", "attribute", "model", "cluster"])[
        ["human", "rating", "human_squared", "judge_squared", "product"]
    ].sum()
    assert total.moments.shape == (6, 4, 7, 10, 50)
    for (judge, attribute, model, cluster), row in by_cell.iloc[::97].iterrows():
        place = (
            STUDY.judge_keys.index(judge),
            STUDY.attribute_names.index(attribute),
            STUDY.system_keys.index(model),
            cluster,
        )
        assert total.moments[(slice(1, None), *place)].tolist() == row.tolist()
    assert_allclose(total.moments[1:].sum((1, 2, 3, 4)), by_cell.sum(), rtol=0)


@hypothesis.given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 5)), max_size=20))
@hypothesis.settings(deadline=None)
def test_add_up_gives_every_value_its_place(rows: list[tuple[str, int, int]]) -> None:
    types = {"name": pd.CategoricalDtype(list("ab")), "cluster": int, "value": int}
    frame = pd.DataFrame(rows, columns=["name", "cluster", "value"]).astype(types)
    added = add_up(frame, ("name",), (frame["value"].to_numpy,))
    clusters = sorted(frame["cluster"].unique())
    assert added.shape == (1, 2, len(clusters))
    for place, name in enumerate("ab"):
        for column, cluster in enumerate(clusters):
            assert added[0, place, column] == sum(row[2] for row in rows if row[:2] == (name, cluster))
