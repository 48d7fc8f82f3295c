"""A plan: components come out again, the curves are those of the rules, and what is promised is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.__main__ import main
from analysis.decisions.aim import USES, Aim
from analysis.decisions.plan import COLUMNS, components_of, plans
from analysis.decisions.power import aimed_verdict, crossing, systems_needed, true_figures
from analysis.decisions.verdicts import USES as OF_VERDICTS
from analysis.decisions.verdicts import criteria_table
from analysis.inference.graded_ratings import Components, Graded, between_systems
from analysis.inference.prediction_powered import planned_variances
from analysis.ratings.pairs import pairs, sums
from analysis.ratings.settings import Selection, Settings, SettingsError
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import load, load_snapshot
from tests.bench import plan as bench
from tests.bench.simulated.ratings import in_blocks, pairs_of
from tests.made_study import make_study, write_study
from tests.pages import from_command_line

POINTS = np.arange(1.0, 6.0)
SETTINGS = Settings.of(STUDY)
KNOWN = Components(
    Graded(POINTS, np.array([-2.0, -1.0, 0.0, 1.0]), np.linspace(-0.5, 0.8, 6)),
    Graded(POINTS, np.array([-2.5, -1.5, -0.3, 0.5]), np.linspace(-0.4, 0.9, 6)),
    np.array([-1.5, -0.8, -0.2, 0.4, 0.9]),
    item=0.2,
    judge_item=0.15,
)
ITEMS = 6_000


def drawn(components: Components, items: int = ITEMS, experts: int = 1, seed: int = 1) -> pd.DataFrame:
    human, judge = components.drawn(np.random.default_rng(seed), items, experts)
    return pairs_of(human[None], judge[None])


def single(components: Components, items: int, experts: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw single experts' ratings, and pairs of their mean and the judge's, of the same replies."""
    random = np.random.default_rng(2)
    seen = components.expert.level[:, None] + np.sqrt(components.item) * random.standard_normal(items)
    rest = 1 - components.item - components.alone
    seen = seen + np.sqrt(rest) * random.standard_normal(seen.shape)
    human = np.stack(
        [
            components.expert.cut(seen + np.sqrt(components.alone) * random.standard_normal(seen.shape))
            for _ in range(experts)
        ]
    )
    judged = components.judge.level[:, None] + components.follows[components.expert.place(seen)]
    judge = components.judge.cut(judged + random.standard_normal(seen.shape))
    return bench.single_of(human[:, None]), pairs_of(human.mean(0)[None], judge[None])


def test_uses_are_those_of_the_verdicts() -> None:
    assert USES == OF_VERDICTS


@pytest.mark.parametrize("blocks", [False, True])
def test_components_come_out_again(blocks: bool) -> None:
    frame = drawn(KNOWN)
    found = components_of(in_blocks(frame) if blocks else frame, None)
    assert found is not None
    assert found.alone == 0
    assert found.item == pytest.approx(KNOWN.item, abs=0.06 if blocks else 0.03)
    assert found.judge_item == pytest.approx(KNOWN.judge_item, abs=0.08 if blocks else 0.04)
    for ours, known in ((found.expert, KNOWN.expert), (found.judge, KNOWN.judge)):
        # Where zero lies nobody can tell.
        assert np.diff(ours.level) == pytest.approx(np.diff(known.level), abs=0.08)
        assert np.diff(ours.cuts) == pytest.approx(np.diff(known.cuts), abs=0.12)
    assert np.diff(found.follows) == pytest.approx(np.diff(KNOWN.follows), abs=0.2)


def test_made_ratings_have_the_figures_of_those_at_hand() -> None:
    frame = drawn(KNOWN, 3_000)
    found = components_of(frame, None)
    assert found is not None
    at_hand = criteria_table(frame, SETTINGS.but(resamples=2)).set_index("criterion")["value"]
    made = true_figures(found, SETTINGS, 1)
    for name, near in (("consistency", 0.01), ("system_bias", 0.03), ("reply_agreement", 0.02), ("reassurance", 0.03)):
        assert made[name] == pytest.approx(at_hand[name], abs=near)
    human, judge = found.drawn(np.random.default_rng(0), 20_000, 1)
    assert human.mean() == pytest.approx(frame["human"].mean(), abs=0.02)
    apart = judge - judge.mean(1, keepdims=True)
    kept = judge.var(1).mean()
    assert between_systems(apart) / kept == pytest.approx(0.15, abs=0.06)


def test_the_part_of_a_single_expert_comes_out_again() -> None:
    known = replace(KNOWN, alone=0.35, judge_item=0.0)
    experts, paired = single(known, 3_000, 3)
    found = components_of(paired, experts)
    assert found is not None
    assert found.alone == pytest.approx(0.35, abs=0.03)
    assert found.item == pytest.approx(0.2, abs=0.03)
    assert np.diff(found.expert.cuts) == pytest.approx(np.diff(known.expert.cuts), abs=0.08)
    # The mean of three experts of a reply is followed as it was.
    at_hand = criteria_table(paired, SETTINGS.but(resamples=2)).set_index("criterion")["value"]
    made = true_figures(found, SETTINGS, 3)
    assert made["reply_agreement"] == pytest.approx(at_hand["reply_agreement"], abs=0.03)
    assert true_figures(found, SETTINGS, 1)["reply_agreement"] < made["reply_agreement"]


def test_a_curve_is_crossed_between_two_sizes() -> None:
    sizes, values = np.array([20.0, 80.0, 320.0]), np.array([0.2, 0.6, 1.0])
    assert crossing(sizes, values, 0.1) == 20
    assert crossing(sizes, values, 0.4) == 40
    assert crossing(sizes, values, 0.8) == 160
    assert np.isnan(crossing(sizes, np.array([0.1, 0.2, 0.3]), 0.8))
    assert crossing(sizes, np.array([np.nan, 0.9, 1.0]), 0.8) == 80


def test_the_order_of_systems_takes_the_systems_that_its_interval_takes() -> None:
    figures = {"consistency": 0.6, "choice_loss": 0.0}
    assert aimed_verdict(figures, "rank", SETTINGS, 9) == "undecided"
    needed = systems_needed(0.6, SETTINGS)
    assert aimed_verdict(figures, "rank", SETTINGS, int(needed)) == "human-checks"
    assert aimed_verdict(figures, "rank", SETTINGS, int(needed) - 1) == "undecided"
    assert np.isnan(systems_needed(0.5, SETTINGS))
    assert aimed_verdict({"consistency": 0.99, "choice_loss": 0.3}, "rank", SETTINGS, 9) == "not-supported"


@pytest.fixture(scope="module")
def planned() -> pd.DataFrame:
    return plans(drawn(KNOWN, 400), None, SETTINGS, Aim("reply", 0.2, 0.8)).table


def test_a_plan_has_its_columns_and_its_sums(planned: pd.DataFrame) -> None:
    assert list(planned.columns) == list(COLUMNS)
    row = planned.iloc[0]
    assert row["items_needed"] == max(row["items_for_width"], row["items_for_power"])
    assert row["ratings_needed"] == row["items_needed"] * row["systems_planned"] == row["items_needed"] * 6
    assert row[["system_part", "item_part", "reply_part"]].sum() == pytest.approx(1)
    assert np.isnan(row["experts_each"])


def test_a_plan_is_the_same_again_and_its_frame_is_unchanged(planned: pd.DataFrame) -> None:
    frame = drawn(KNOWN, 400)
    before = frame.copy()
    pd.testing.assert_frame_equal(plans(frame, None, SETTINGS, Aim("reply", 0.2, 0.8)).table, planned)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.slow
def test_a_narrower_width_and_more_power_take_more_items(planned: pd.DataFrame) -> None:
    frame = drawn(KNOWN, 400)
    narrow, sure = (plans(frame, None, SETTINGS, aim).table for aim in (Aim("reply", 0.1), Aim("reply", 0.2, 0.95)))
    # The width falls with the root of the number of items.
    ratio = narrow["items_for_width"].iloc[0] / planned["items_for_width"].iloc[0]
    assert ratio == pytest.approx(4, rel=0.25)
    assert (sure["items_for_power"] > planned["items_for_power"]).all()


def test_what_a_judge_saves_is_the_fewest_items_with_as_small_a_variance(planned: pd.DataFrame) -> None:
    row = planned.iloc[0]
    moments = sums(drawn(KNOWN, 400)).moments[:, 0, 0].sum(-1)
    wanted = planned_variances(moments, int(row["items_needed"]), SETTINGS.unlabelled)[0].sum()
    by_items = [
        planned_variances(moments, int(row["items_with_judge"]) - fewer, SETTINGS.unlabelled)[1].sum()
        for fewer in (0, 1)
    ]
    assert by_items[0] <= wanted < by_items[1]


def test_ratings_that_do_not_vary_have_no_plan() -> None:
    frame = drawn(KNOWN, 30).assign(rating=5.0)
    row = plans(frame, None, SETTINGS, Aim("score")).table.iloc[0]
    assert row[["judge", "use"]].tolist() == ["judge", "score"]
    assert row.drop(["judge", "attribute", "use"]).isna().all()


@pytest.mark.slow
@pytest.mark.parametrize("place", [1, 4, 6])
def test_what_a_plan_promises_is_kept(place: int) -> None:
    kept = bench.kept(bench.SCENARIOS[place], *bench.KNOWN)
    assert kept["width"] >= bench.POWER - 0.1
    assert kept["power"] >= bench.POWER - 0.1


# At the command line and in a notebook


def test_the_command_line_plans_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--judge", "o4-mini", "--attribute", "Informativeness", "--use", "reply")
    assert main(["plan", "--source", "snapshot", *options, "--format", "csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == ",".join(COLUMNS)
    assert "To show that o4-mini on Informativeness is fit with human checks to rate single replies" in printed.err
    assert "note: Experts are not told apart in these ratings" in printed.err
    table = analysis.open_study("snapshot").plan("reply", judge="o4-mini", attribute="Informativeness")
    assert table["items_needed"].tolist() == from_command_line(capsys, "plan", *options)["items_needed"].tolist()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "argument --use: is missing; allowed are rank, score, reply"),
        (["--use", "grade"], "argument --use: invalid choice: 'grade' (choose from"),
        (["--use", "rank", "--width", "-1"], "argument --width: -1.0 is not allowed; allowed are numbers above 0"),
        (
            ["--use", "rank", "--power", "1"],
            "argument --power: 1.0 is not allowed; allowed are numbers from",
        ),
        (
            ["--use", "rank", "--systems", "1"],
            "argument --systems: '1' is not allowed; allowed are whole",
        ),
        (["--use", "rank", "--experts", "2"], "argument --experts: 2 is not allowed where experts are not told apart"),
    ],
)
def test_what_cannot_be_planned_is_refused(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--source", "snapshot", *argv]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert answer.err.startswith(message)
    assert len(answer.err.splitlines()) == 1


@pytest.mark.slow
def test_experts_that_are_told_apart_have_a_plan_each_number(tmp_path: Path) -> None:
    write_study(tmp_path, make_study(6))
    dataset = load(str(tmp_path), Progress())
    study = dataset.study
    table = analysis.open_study(tmp_path).plan("score", judge="gpt-x", attribute="safety", width=3.0, power=0.5)
    assert table["experts_each"].tolist() == [1, 2, 3]
    assert table["expert_part"].notna().all()
    with pytest.raises(SettingsError, match="use: 'grade' is not known; allowed are rank, score, reply"):
        Aim.of("grade")
    assert not pairs(study, dataset.counts, Settings.of(study), Selection.of(study)).empty


def test_figures_of_the_published_study_come_out_of_its_components() -> None:
    dataset = load_snapshot()
    chosen = Selection.of(STUDY, ["claude-3.7-sonnet"], (), ["Guidance"])
    frame = pairs(STUDY, dataset.counts, SETTINGS, chosen)
    at_hand = criteria_table(frame, SETTINGS.but(resamples=2)).set_index("criterion")["value"]
    found = components_of(frame, None)
    assert found is not None
    made = true_figures(found, SETTINGS, 1)
    for name in ("consistency", "system_bias", "reply_agreement", "reassurance"):
        assert made[name] == pytest.approx(at_hand[name], abs=0.04)
