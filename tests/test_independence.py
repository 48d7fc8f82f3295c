"""A figure of one judge and attribute is the same whatever else is on show: filters of both choose rows only."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis.outputs.registry import BY_CELL, TABLES, VIEWS, Table
from analysis.ratings.needs import MissingNeedError
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load, load_snapshot
from data.study import HUMAN
from tests.made_lengths import with_made_lengths
from tests.made_release import Made, write_workbooks
from tests.slow import slow_but

SETTINGS = [Settings.of(STUDY, preset, resamples=30) for preset in ("paper", "recommended")]
# A row of these is on all judges and attributes that are chosen, or on figures that a study prints.
OVER_ALL = {"conversations", "reproduction", "partial_counted", "left_out_in_turn"}
# Of these a row is on all judges that are chosen.
OF_SEVERAL_JUDGES = {"panel"}
# The judges of other makers whom a judge is compared with are those that are chosen.
OF_OTHERS = {"self-preference"}
BY_JUDGE = sorted(VIEWS.keys() - OVER_ALL - OF_SEVERAL_JUDGES)
# Adjusted for how many tests are chosen, which is its meaning.
OF_CHOSEN = {"p_adjusted"}
# AC2 counts every rating that is given on some attribute among the points of the scale, those off it too.
AC2 = {f"ac2_{weights}{end}" for weights in ("quadratic", "ordinal") for end in ("", "_low", "_high")}
# In the default run.
QUICK = {"icc", "inflation", "criteria", "reassurance"}
CELLS = [("o4-mini", "Empathy"), ("gpt-4o", "Safety")]
ALONGSIDE = [
    ((), ()),
    (("claude-3.7-sonnet",), ("Safety", "Empathy")),
    (("gemini-2.5-flash", "claude-3.7-sonnet"), ("Guidance",)),
]


@pytest.fixture(scope="module", params=["snapshot", pytest.param("made", marks=pytest.mark.slow)])
def dataset(request: pytest.FixtureRequest, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    if request.param == "snapshot":
        yield load_snapshot()
    else:
        folder: Path = tmp_path_factory.mktemp("made")
        write_workbooks(folder, made)
        yield with_made_lengths(load(str(folder), Progress()))


def rows(table: pd.DataFrame, judge: str, attribute: str) -> pd.DataFrame:
    """Take the rows on one judge, or the experts beside it, and one attribute."""
    whose = "judge" if "judge" in table else "rater"
    kept = table[whose].isin((judge, HUMAN))
    for name in ("attribute", "measure"):
        if name in table:
            kept &= table[name] == attribute
    return table[kept].reset_index(drop=True).astype({whose: str})


def test_every_table_is_looked_at() -> None:
    over = {name: table.over for name, table in VIEWS.items()}
    assert {name for name in over if over[name] == BY_CELL} == set(BY_JUDGE)
    assert {name for name in over if over[name] == ("attributes",)} == OF_SEVERAL_JUDGES
    assert {name for name in over if over[name] == ()} == OVER_ALL
    assert set(TABLES) < set(VIEWS)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.preset)
@pytest.mark.parametrize("name", slow_but(QUICK, sorted(set(BY_JUDGE) - OF_OTHERS)))
def test_a_figure_is_the_same_whichever_others_are_made_with_it(
    dataset: Dataset, name: str, settings: Settings
) -> None:
    """Made anew for each selection, without what the registry does to make it for everything.

    Sums over more or fewer cells may be added in another order, which moves the last digits and nothing else.
    """
    made = maker(VIEWS[name], dataset, settings)
    for judge, attribute in CELLS:
        tables = [
            rows(made(Selection.of(STUDY, [judge, *judges], attributes=[attribute, *attributes])), judge, attribute)
            for judges, attributes in ALONGSIDE
        ]
        whole = rows(made(Selection.of(STUDY)), judge, attribute)
        assert len(whole) > 0
        others = OF_CHOSEN if name != "ordinal" or settings.ratings == "valid" else OF_CHOSEN | AC2
        known = [column for column in whole if column not in others]
        for table in tables:
            assert_frame_equal(table[known], whole[known], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", slow_but(QUICK, [*BY_JUDGE, *sorted(OF_SEVERAL_JUDGES)]))
def test_filters_of_judges_and_attributes_choose_rows_only(dataset: Dataset, name: str) -> None:
    """As the command line and the pages have it, of every table, with a panel and without."""
    table, settings = VIEWS[name], SETTINGS[1]
    panels = [((), "mean"), (("gpt-4o", "o4-mini"), "median")] if dataset.ratings else [((), "mean")]
    for members, rule in panels:
        everything = Selection.of(STUDY).with_panel(STUDY, members, rule)
        whole = whole_of(table, dataset, settings, everything)
        for judges, attributes in [(["o4-mini"], ["Empathy"]), (["gpt-4o", "o4-mini"], ["Safety", "Guidance"])]:
            over_judges = "judges" in table.over
            some = Selection.of(STUDY, judges if over_judges else (), attributes=attributes)
            some = some.with_panel(STUDY, members, rule)
            assert_frame_equal(whole_of(table, dataset, settings, some), whole, check_exact=True)
            chosen = table.chosen(STUDY, whole, some)
            assert 0 < len(chosen) < len(whole)
            assert list(chosen) == list(whole)
            same = [column for column in whole if column not in OF_CHOSEN]
            together = chosen[same].merge(whole[same].drop_duplicates(), how="left", indicator=True)
            assert (together["_merge"] == "both").all()
            if "attribute" in chosen:
                assert set(chosen["attribute"]) == set(attributes)
            whose = "judge" if "judge" in chosen else "rater"
            if over_judges:
                assert set(chosen[whose]) - {HUMAN} <= set(some.every_judge)
                assert set(judges) <= set(chosen[whose])
            # Nothing that fits is left out.
            kept = whole[whose].isin([*some.every_judge, HUMAN]) if over_judges else pd.Series(True, whole.index)
            if "attribute" in whole:
                kept &= whole["attribute"].isin(attributes)
            if "measure" in whole:
                kept &= whole["measure"].isin(attributes)
            assert_frame_equal(chosen[same], whole.loc[kept, same].reset_index(drop=True), check_exact=True)


def test_scores_are_on_show_where_all_their_attributes_are(dataset: Dataset) -> None:
    table = VIEWS["scores"]
    whole = whole_of(table, dataset, SETTINGS[1], Selection.of(STUDY))
    ars = ("Empathy", "Helpfulness", "Understanding")
    for attributes, measures in ((ars, {*ars, "ars"}), (ars[:2], set(ars[:2])), ((), set(whole["measure"]))):
        chosen = table.chosen(STUDY, whole, Selection.of(STUDY, attributes=attributes))
        assert set(chosen["measure"]) == measures


def maker(table: Table, dataset: Dataset, settings: Settings) -> Callable[[Selection], pd.DataFrame]:
    def make(selection: Selection) -> pd.DataFrame:
        try:
            return table.make(dataset, settings, selection)
        except MissingNeedError as error:
            pytest.skip(str(error))

    return make


def whole_of(table: Table, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    try:
        return table.whole(dataset, settings, selection)
    except MissingNeedError as error:
        pytest.skip(str(error))
