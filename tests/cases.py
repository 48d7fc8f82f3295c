"""Small made-up studies, and everything that the pages would say of each: all good, all poor, one judge, nothing."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.agreement.experts import expert_table
from analysis.agreement.generalizability import component_shares, decision_study
from analysis.agreement.left_out_expert import left_out_table
from analysis.agreement.stability import BANDS, TIERS
from analysis.bias.length_bias import length_bias_table
from analysis.decisions.aim import Aim
from analysis.decisions.annotator_test import FEWEST_EXPERTS, annotator_test
from analysis.decisions.new_systems import compared, new_systems_table, with_criteria
from analysis.decisions.sample_size import STATISTICS, with_needed
from analysis.decisions.scores import measures, rank_table, score_table
from analysis.evidence.conversations import ORDERS, conversation_table
from analysis.evidence.data_errors import ALL, FIGURES, FIXES, error_bands
from analysis.evidence.lengths import lengths_table
from analysis.findings import (
    attenuation,
    bland_altman,
    calibration,
    check_plan,
    consistency,
    conversations,
    data_errors,
    experts,
    false_reassurance,
    icc,
    inflation,
    leaderboard,
    length_bias,
    lengths,
    multitrait,
    new_systems,
    ordinal,
    plan,
    ranking,
    reasons,
    reproduction,
    sample_size,
    scores,
    stability,
    verdicts,
    worth,
)
from analysis.outputs.registry import VIEWS
from analysis.ratings.pairs import pairs, ratings_of_each
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction.comparison import narrowed, reproduction_table, unit_of
from analysis.reproduction.printed import printed_icc
from analysis.reproduction.selfcheck import checked, proofs
from analysis.reproduction.sensitivity import DISCARDED, PAPER_ALONE, PARTIAL
from analysis.wording.vocabulary import USE
from data.data_errors import KINDS as KINDS_OF_ERROR
from data.data_errors import count_kinds
from data.mentalalign import STUDY
from data.moments import sum_moments
from data.replies.traits import KINDS, Traits
from data.study import ALL_SYSTEMS, HUMAN, Study
from tests.spec import counts_of, ratings_of

PAPER, RECOMMENDED = (Settings.of(STUDY, preset, resamples=40) for preset in ("paper", "recommended"))
RESPONSE = Settings.of(STUDY, "recommended", "response", resamples=40)
ONE, TWO = ("gpt-4o",), ("gpt-4o", "o4-mini")
THREE = ("Guidance", "Safety", "Empathy")
COEFFICIENTS = ("icc_c1", "icc_a1")
_PRINTED_UNDER = (PAPER, RECOMMENDED)
Said = Iterator[tuple[str, str]]


def ratings(judges: dict[str, str], conversations: int = 60) -> pd.DataFrame:
    """Invent the experts' ratings, and judges' that follow them (good), or do not (poor), or always say 5 (five)."""
    draw, models = np.random.default_rng(7), len(STUDY.system_keys)
    parts = []
    for attribute in THREE:
        level = draw.permutation(np.linspace(1.3, 4.7, models))[:, None]
        human = np.clip(np.rint(level + draw.normal(0, 0.9, (models, conversations))), 1, 5)
        made = {
            "good": np.where(draw.random(human.shape) < 0.98, human, np.clip(human + 1, 1, 5)),
            "poor": np.clip(np.rint(6 - human + draw.normal(0.5, 1, human.shape)), 1, 5),
            "five": np.full(human.shape, 5.0),
        }
        frame = pd.DataFrame(
            {
                "model": np.repeat(STUDY.system_keys, conversations),
                "conversation": np.tile(np.arange(conversations), models),
                "attribute": attribute,
                "human": human.ravel(),
            }
        )
        parts.append(frame.assign(**{judge: made[kind].ravel() for judge, kind in judges.items()}))
    return pd.concat(parts, ignore_index=True)


CASES = {
    "all good": (ratings(dict.fromkeys(TWO, "good")), Selection(TWO, STUDY.system_keys, THREE)),
    "all poor": (ratings(dict.fromkeys(TWO, "poor")), Selection(TWO, STUDY.system_keys, THREE)),
    "mixed": (ratings({"gpt-4o": "poor", "o4-mini": "good"}), Selection(TWO, STUDY.system_keys, THREE)),
    "always five": (ratings(dict.fromkeys(TWO, "five")), Selection(TWO, STUDY.system_keys, THREE)),
    "one judge": (ratings({"gpt-4o": "good"}), Selection(ONE, STUDY.system_keys, THREE)),
    "one attribute": (ratings(dict.fromkeys(TWO, "good")), Selection(TWO, STUDY.system_keys, ("Empathy",))),
    "one cell": (ratings({"gpt-4o": "poor"}), Selection(ONE, STUDY.system_keys, ("Safety",))),
    "one model too few": (ratings({"gpt-4o": "good"}), Selection(ONE, STUDY.system_keys[:4], THREE)),
    "one model": (ratings({"o4-mini": "good"}), Selection(("o4-mini",), STUDY.system_keys[:1], ("Safety",))),
    "one conversation": (ratings({"gpt-4o": "good"}, 1), Selection(ONE, STUDY.system_keys, ("Safety", "Empathy"))),
    "nothing defined": (ratings({"gpt-4o": "good"}), Selection(ONE, ("gpt-4o",), THREE)),
}


class Tables:
    """The tables of one case, each made once."""

    def __init__(self, case: str) -> None:
        made, self.selection = CASES[case]
        self.kept: dict = {}
        counts = counts_of(made)
        study = STUDY.with_judges(counts["judge"].cat.categories)
        self.source = SimpleNamespace(study=study, counts=counts, ratings=None, stretches=None)
        self.made = made

    def __call__(self, name: str, settings: Settings = RECOMMENDED) -> pd.DataFrame:
        key = (name, settings)
        if key not in self.kept:
            table, selection = VIEWS[name], self.selection
            whole = table.whole(self.source, settings, selection)
            self.kept[key] = table.rows(self.source.study, whole, selection, settings)
        return self.kept[key]


def said_of(tables: Tables) -> Said:
    """Give every sentence on a case, with the function that says it; an empty one where it keeps silent."""
    for part in (_of_icc, _of_robustness, _of_means, _of_limits, _of_scores, _of_replies, _of_verdicts, _of_choice):
        yield from part(tables)
    yield from _of_halo(tables)
    yield from _of_experts(tables)
    yield from _of_consistency(tables)
    yield from _of_new_systems(tables)
    yield from _of_plans(tables)
    yield from _of_worth(tables)
    yield from _of_lengths(tables)
    yield from _of_plan(tables)
    yield from _of_length_bias(tables)
    yield from _of_conversations(tables)
    yield from _of_data_errors(tables)
    yield from _of_print(tables)


def cells(table: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Take a table apart by judge and attribute."""
    return [(judge, name, rows) for (judge, name), rows in table.groupby(["judge", "attribute"], observed=True)]


def _of(table: pd.DataFrame, judge: str) -> pd.DataFrame:
    return table[table["judge"] == judge]


def _of_icc(tables: Tables) -> Said:
    shown, paper = tables("icc"), tables("icc", PAPER)
    every = pd.concat([shown.assign(interval="exact-f"), shown.assign(interval="bootstrap-models")], ignore_index=True)
    yield "cautions", ""
    for settings in (RECOMMENDED, PAPER, RESPONSE):
        table = tables("icc", settings)
        yield from (("cautions", said) for said in icc.cautions(STUDY, table, settings))
        yield "reliability_finding", icc.reliability_finding(STUDY, table, settings)
        yield "reading_finding", icc.reading_finding(table, settings)
        yield "two_intervals_finding", icc.two_intervals_finding(STUDY, table, tables("verdicts", settings), settings)
    yield "printed_finding", icc.printed_finding(STUDY, paper, printed_icc(STUDY))
    yield "gap_finding", icc.gap_finding(STUDY, shown)
    for name in COEFFICIENTS:
        yield "forest_finding", icc.forest_finding(STUDY, shown, name)
        yield "shortfall_finding", icc.shortfall_finding(STUDY, every, name)
        for judge in tables.selection.judges:
            yield "interval_finding", icc.interval_finding(STUDY, _of(every, judge), name, judge)


def _of_experts(tables: Tables) -> Said:
    for one_rating in (STUDY, replace(STUDY, pooled=False), replace(STUDY, pooled=False, experts=("ada", "ben"))):
        yield "why_not_finding", experts.why_not_finding(one_rating)
    assumed = tables("attenuation")
    for judge in tables.selection.judges:
        yield "attenuation_finding", attenuation.attenuation_finding(STUDY, _of(assumed, judge), judge)
    paired = pairs(STUDY, tables.source.counts, RECOMMENDED, tables.selection)
    for names in (("ada", "ben"), ("ada", "ben", "cy")):
        study, single = _with_experts(tables, names)
        own, beside = expert_table(single, RECOMMENDED), left_out_table(single, paired, RECOMMENDED)
        yield "experts_finding", experts.experts_finding(own)
        replies = tables("icc", RESPONSE).merge(own[["attribute", "further_c1", "further_a1"]], on="attribute")
        for name in COEFFICIENTS:
            yield "further_finding", experts.further_finding(study, replies, name)
            for judge in tables.selection.judges:
                yield "left_out_finding", experts.left_out_finding(study, _of(beside, judge), name, judge)
        if len(names) < FEWEST_EXPERTS:
            yield "too_few_finding", experts.too_few_finding(study)
        else:
            tests = annotator_test(single, paired, RECOMMENDED)
            yield "annotator_finding", experts.annotator_finding(study, tests, RECOMMENDED)
            yield "annotator_finding", experts.annotator_finding(study, tests.iloc[:1], RECOMMENDED)


def _with_experts(tables: Tables, names: tuple[str, ...]) -> tuple[Study, pd.DataFrame]:
    """Invent single experts, each within a point of the one rating of the case, and the study that tells them apart."""
    counts, draw = tables.source.counts, np.random.default_rng(11)
    rated = counts.drop_duplicates(["model", "attribute", "cluster"])
    away = {name: draw.integers(-1, 2, len(rated)) for name in names}
    frame = pd.concat(
        [
            rated[["model", "attribute", "cluster"]].assign(
                expert=name, rating=np.clip(rated["human_valid"] + by, STUDY.scale.low, STUDY.scale.high)
            )
            for name, by in away.items()
        ],
        ignore_index=True,
    )
    chosen = {"model": tables.selection.models, "attribute": tables.selection.attributes}
    kept = frame[frame["model"].isin(chosen["model"]) & frame["attribute"].isin(chosen["attribute"])]
    categories = {name: kept[name].cat.set_categories(list(keys)) for name, keys in chosen.items()}
    cluster = pd.Categorical(kept["cluster"], np.unique(counts["cluster"]))
    expert = pd.Categorical(kept["expert"], list(names))
    return replace(STUDY, pooled=False, experts=names), kept.assign(**categories, cluster=cluster, expert=expert)


def _of_robustness(tables: Tables) -> Said:
    resampled = tables("stability")
    yield "seed_finding", stability.seed_finding(STUDY, resampled)
    for names in (BANDS, TIERS):
        for interval in ("exact-f", "bootstrap-conversations"):
            yield "stability_finding", stability.stability_finding(STUDY, resampled, names, interval)
    for name in COEFFICIENTS:
        yield "influence_finding", stability.influence_finding(STUDY, tables("influence"), name)
        for judge in tables.selection.judges:
            yield "levels_finding", stability.levels_finding(STUDY, _of(tables("levels"), judge), name, judge)


def _of_means(tables: Tables) -> Said:
    bias, shares = tables("inflation"), tables("distribution")
    yield "inflation_finding", inflation.inflation_finding(STUDY, bias)
    yield "attribute_bias_finding", inflation.attribute_bias_finding(STUDY, bias)
    yield "dumbbell_finding", inflation.dumbbell_finding(STUDY, bias)
    for judge in tables.selection.judges:
        yield "judge_bias_finding", inflation.judge_bias_finding(STUDY, _of(bias, judge))
    for judge, name, rows in cells(tables("inflation_by_model")):
        yield "model_bias_finding", inflation.model_bias_finding(STUDY, rows, judge, name)
        of_cell = _of(shares, judge).query("attribute == @name")
        yield "distribution_finding", inflation.distribution_finding(STUDY, of_cell, judge, name)


def _of_limits(tables: Tables) -> Said:
    margins, corrected = tables("agreement-limits"), tables("correction")
    yield "equivalence_finding", bland_altman.equivalence_finding(STUDY, margins)
    yield "neighbours_finding", bland_altman.neighbours_finding(STUDY, tables("bias_by_neighbours"), 0.25)
    yield "remaining_bias_finding", calibration.remaining_bias_finding(STUDY, corrected)
    yield from (("limits_finding", bland_altman.limits_finding(STUDY, row)) for _, row in margins.iterrows())
    for judge in tables.selection.judges:
        yield "parts_finding", bland_altman.parts_finding(STUDY, margins, judge)
        for name in ("bias", "mse", "icc_a1"):
            yield "correction_finding", calibration.correction_finding(STUDY, corrected, judge, name)


def _of_scores(tables: Tables) -> Said:
    # The cases have no whole score: the mean of their attributes stands for each.
    intervals = tables("scores")
    means = intervals.groupby(["rater", "model"], observed=True)["mean"].mean().reset_index()
    intervals = pd.concat([intervals, *(means.assign(measure=part) for part in measures(STUDY))], ignore_index=True)
    for part in measures(STUDY):
        yield "score_finding", scores.score_finding(STUDY, intervals, part)
        yield "rank_finding", scores.rank_finding(STUDY, rank_table(intervals, part), part)
    yield "plane_finding", scores.plane_finding(STUDY, score_table(STUDY, intervals))
    for rater in (HUMAN, *tables.selection.judges):
        seen = intervals[(intervals["rater"] == rater) & ~intervals["measure"].isin(list(measures(STUDY)))]
        yield "attribute_finding", scores.attribute_finding(STUDY, seen, rater)


def _of_replies(tables: Tables) -> Said:
    rates, by_model, agreement = (tables(name) for name in ("reassurance", "reassurance_by_model", "ordinal"))
    yield "reassurance_finding", false_reassurance.reassurance_finding(STUDY, rates, RECOMMENDED)
    yield "mixture_finding", false_reassurance.mixture_finding(STUDY, by_model)
    yield "behind_finding", false_reassurance.behind_finding(STUDY, rates)
    yield "ordinal_finding", ordinal.ordinal_finding(STUDY, agreement)
    for judge in tables.selection.judges:
        yield "paradox_finding", ordinal.paradox_finding(STUDY, _of(agreement, judge), judge)
    for judge, name, rows in cells(by_model):
        poor = rows[rows["n_low"] > 0]
        yield "model_reassurance_finding", false_reassurance.model_reassurance_finding(STUDY, poor, judge, name)
    for judge, name, rows in cells(agreement):
        shares = _of(tables("distribution"), judge).query("attribute == @name")
        yield "always_five_finding", ordinal.always_five_finding(STUDY, rows, shares, judge, name)


def _of_verdicts(tables: Tables) -> Said:
    table = tables("verdicts")
    yield "answer", verdicts.answer(STUDY, table, tables("reassurance"))
    checked = table, tables("inflation_by_model"), tables("reassurance")
    yield "check_plan", check_plan.check_plan(STUDY, *checked, RECOMMENDED)
    yield "rules", verdicts.rules(RECOMMENDED)
    yield "leaderboard_finding", leaderboard.leaderboard_finding(STUDY, tables("leaderboard"))
    yield from (("use_finding", verdicts.use_finding(STUDY, table, use)) for use in USE)
    for judge in tables.selection.judges:
        yield "answer", verdicts.answer(STUDY, _of(table, judge), _of(tables("reassurance"), judge))
    for _, row in tables("criteria").iterrows():
        yield "reason", reasons.reason(STUDY, row, RECOMMENDED)
        yield "what_would_change", reasons.what_would_change(STUDY, row)
    for _, row in table.iterrows():
        yield "robustness", reasons.robustness(row)
        alike = tables("criteria").query("judge == @row.judge and attribute == @row.attribute")
        yield "other_criteria", reasons.other_criteria(STUDY, alike, row, RECOMMENDED)


def _of_halo(tables: Tables) -> Said:
    """Of a study with only the attributes that are rated, since a reply counts that is rated on all."""
    rated = tuple(attribute for attribute in STUDY.attributes if attribute.name in THREE)
    study = replace(tables.source.study, attributes=rated, groups=())
    moments = sum_moments(ratings_of(study, tables.made))
    source = SimpleNamespace(study=study, counts=tables.source.counts, moments=moments)
    table = VIEWS["halo"].chosen(study, VIEWS["halo"].whole(source, RECOMMENDED, tables.selection), tables.selection)
    yield "halo_finding", multitrait.halo_finding(study, table)
    yield "factor_finding", multitrait.factor_finding(study, table)
    yield "criteria_finding", multitrait.criteria_finding(study, table)
    for judge in tables.selection.judges:
        yield "apart_finding", multitrait.apart_finding(study, _of(table, judge), judge)
    for few in (rated, rated[:2], rated[:1]):
        yield "too_few_attributes", multitrait.too_few_attributes(replace(study, attributes=few))


def _of_choice(tables: Tables) -> Said:
    chosen = tables("ranking")
    yield "choice_finding", ranking.choice_finding(STUDY, chosen)
    yield "cost_finding", ranking.cost_finding(STUDY, chosen)
    yield "own_finding", ranking.own_finding(STUDY, tables("self-preference"))
    yield from (("order_finding", ranking.order_finding(STUDY, chosen, name)) for name in ("tau", "pairwise"))
    yield "panel_finding", ranking.panel_finding(STUDY, tables("panel")) if len(tables.selection.judges) > 1 else ""


def _of_consistency(tables: Tables) -> Said:
    flips, moved = {"n_run_pairs": 90, "retest_a1": 0.81}, {"mean_change_low": 0.02, "mean_change_high": 0.22}
    still = {"mean_change": 0.0, "mean_change_low": -0.1, "mean_change_high": 0.1}
    runs = {
        "none": {**flips, **still, "flip_rate": 0.12},
        "padding": {**flips, **moved, "flip_rate": 0.3, "mean_change": 0.12},
        "order": {**flips, **still, "flip_rate": 0.2},
        "spring": {
            **flips,
            **still,
            "flip_rate": 0.2,
            "change_a1": -0.1,
            "change_a1_low": -0.2,
            "change_a1_high": 0.1,
        },
    }
    keys = [(judge, name) for judge in tables.selection.judges for name in tables.selection.attributes]
    cells = [{"judge": judge, "attribute": name} for judge, name in keys]
    table = pd.DataFrame([{**cell, "probe": probe, **figures} for cell in cells for probe, figures in runs.items()])
    for part in (table, table[table["probe"] != "none"], table.assign(flip_rate=0.0), table.assign(retest_a1=np.nan)):
        yield "consistency_finding", consistency.consistency_finding(STUDY, part)


def _of_new_systems(tables: Tables) -> Said:
    """Of two new systems: one that is rated as the lowest of the study on every item, and one that always gets 5."""
    each = ratings_of_each(STUDY, tables.source.counts, RECOMMENDED, tables.selection)
    each = each[each["rater"].isin(tables.selection.judges)].astype({"rater": str, "attribute": str})
    lowest = each.groupby(["rater", "attribute", "cluster"])["rating"].min().reset_index()
    lowest = lowest.rename(columns={"rater": "judge"})
    new = pd.concat([lowest.assign(new_system="writer-1"), lowest.assign(new_system="writer-2", rating=5.0)])
    rows = with_criteria(compared(new, each, tables("inflation_by_model")), tables("criteria"))
    table = new_systems_table(rows, RECOMMENDED)
    for part in (table, table[table["new_system"] == "writer-1"], table.iloc[:0], table.assign(verdict="human-checks")):
        yield "new_systems_finding", new_systems.new_systems_finding(STUDY, part)
    for names in ((), ("writer-1", "writer-2"), tuple("abcd")):
        yield "unrated_notice", new_systems.unrated_notice(names)


def _of_plans(tables: Tables) -> Said:
    plan, components = with_needed(tables("planning"), 0.1), tables("generalisability")
    shares, reached = component_shares(components), decision_study(components)
    yield "reach_finding", sample_size.reach_finding(STUDY, components)
    yield "completeness", sample_size.completeness(STUDY, components)
    yield from (("planning_finding", sample_size.planning_finding(STUDY, row, 0.1)) for _, row in plan.iterrows())
    yield from (("needed_finding", sample_size.needed_finding(STUDY, plan, name, 0.1)) for name in STATISTICS)
    yield from (
        ("component_finding", sample_size.component_finding(STUDY, _of(shares, j))) for j in tables.selection.judges
    )
    for name in tables.selection.attributes:
        yield "study_finding", sample_size.study_finding(STUDY, reached[reached["attribute"] == name])
    yield "width_finding", sample_size.width_finding(STUDY, tables("drawn_widths").iloc[:0], 0.62)
    for _, _, rows in cells(tables("drawn_widths")):
        yield from (("width_finding", sample_size.width_finding(STUDY, rows, width)) for width in (0.62, float("nan")))


def _of_worth(tables: Tables) -> Said:
    table = tables("worth")
    yield "worth_finding", worth.worth_finding(STUDY, table, RECOMMENDED)
    yield "gained_finding", worth.gained_finding(STUDY, table, RECOMMENDED)
    yield "held_back_finding", worth.held_back_finding(table)
    further = _left_unrated(tables)
    for made in (table, further):
        yield from (("corrected_finding", worth.corrected_finding(STUDY, rows)) for _, _, rows in cells(made)[:1])


def _left_unrated(tables: Tables) -> pd.DataFrame:
    """Make the table where the experts left out every third conversation."""
    counts, selection = tables.source.counts, tables.selection
    gone = counts["cluster"] % 3 == 0
    some = counts.assign(human=counts["human"].mask(gone), human_valid=counts["human_valid"].mask(gone))
    source = SimpleNamespace(study=tables.source.study, counts=some, ratings=None)
    whole = VIEWS["worth"].whole(source, RECOMMENDED, selection)
    return VIEWS["worth"].chosen(source.study, whole, selection)


def _of_plan(tables: Tables) -> Said:
    """Invent plans: of every verdict that can be reached, of several experts, and of what cannot be planned."""
    judge, attribute = tables.selection.judges[0], tables.selection.attributes[0]
    usual = {"systems_planned": 9.0, "items_needed": 203.0, "ratings_needed": 1827.0, "items_for_width": 203.0}
    usual |= {"items_for_power": 84.0, "aim": "supported", "systems_needed": 40.0, "items_with_judge": 150.0}
    usual |= {"experts_each": np.nan}
    beyond = {"items_needed": np.nan, "ratings_needed": np.nan, "items_with_judge": np.nan}
    changes = (
        {},
        {"aim": "human-checks", "items_with_judge": 203.0, "experts_each": 1.0},
        {"aim": "not-supported", "experts_each": 2.0, "ratings_needed": 3654.0},
        {"aim": "undecided", "items_for_power": np.nan, **beyond},
        {"aim": "undecided", "items_for_power": np.nan, "items_for_width": np.nan, "systems_needed": np.nan, **beyond},
        {"items_for_width": np.nan, **beyond},
        {"items_for_power": np.nan, **beyond},
        {"systems_planned": np.nan, **beyond},
    )
    rows = pd.DataFrame([{"judge": judge, "attribute": attribute, **usual, **each} for each in changes])
    for use in USE:
        for _, row in rows.iterrows():
            yield "plan_finding", plan.plan_finding(STUDY, row, Aim(use))
            yield "certainty", plan.certainty(STUDY, row, Aim(use))
            yield "saved_finding", plan.saved_finding(STUDY, row, 1000)
    curves = pd.DataFrame(
        {"experts_each": np.nan, "items_tried": [20.0, 200.0], "assured_width": [0.6, 0.2], "power": [0.1, 0.8]}
    )
    for figure in ("power", "assured_width"):
        yield "curve_finding", plan.curve_finding(STUDY, curves, figure)
        yield "curve_finding", plan.curve_finding(STUDY, curves.assign(**{figure: np.nan}), figure)
    yield "split_finding", plan.split_finding(STUDY, rows)
    yield "split_finding", plan.split_finding(STUDY, rows.head(1))
    yield from (("assumptions", said) for said in plan.assumptions(STUDY, rows.head(1)))


def _of_lengths(tables: Tables) -> Said:
    rows, models = len(tables.source.counts) % 7 + 1, tables.selection.models
    draw, shape = np.random.default_rng(5), (rows, len(models))
    for likely in (0, 0.4, 1):
        kinds = {kind: draw.random(shape) < likely for kind in KINDS}
        traits = Traits(tuple(models), np.ones(rows), draw.integers(1, 3, shape), kinds)
        table = lengths_table(traits, models)
        yield "lengths_finding", lengths.lengths_finding(STUDY, table)
        yield "shares_finding", lengths.shares_finding(STUDY, table)


def _of_length_bias(tables: Tables) -> Said:
    counts = tables.source.counts
    frame = pairs(STUDY, counts, RECOMMENDED, tables.selection)
    replies = counts[["cluster", "model"]].drop_duplicates().astype({"model": str})
    rated = counts.astype({"model": str}).groupby(["cluster", "model"])["human"].mean()
    quality = rated.reindex(pd.MultiIndex.from_frame(replies)).to_numpy()
    any_length = np.random.default_rng(6).integers(40, 160, len(replies))
    # Of any length; longer where the experts rate them well; and all of one length.
    for words in (any_length, any_length * 2 ** (quality / 2), 80):
        made = replies.assign(words=np.round(words))
        table = length_bias_table(frame, made)
        whole, single = table[table["model"] == ALL_SYSTEMS], table[table["model"] != ALL_SYSTEMS]
        yield "length_finding", length_bias.length_finding(STUDY, whole)
        yield "length_finding", length_bias.length_finding(STUDY, whole.head(1))
        known = made.rename(columns={"cluster": "conversation"})
        yield "known_finding", length_bias.known_finding(STUDY, known, made["cluster"].nunique())
        for judge, name, rows in cells(single):
            yield "model_length_finding", length_bias.model_length_finding(STUDY, rows, judge, name)


def _of_conversations(tables: Tables) -> Said:
    made = conversation_table(pairs(STUDY, tables.source.counts, RECOMMENDED, tables.selection), RECOMMENDED)
    table = made.rename(columns={"cluster": "conversation"})
    for order in ORDERS:
        for shown in (table, table.iloc[:1], table.iloc[:0]):
            said = conversations.conversations_finding(STUDY, shown, len(table), order, RECOMMENDED)
            yield "conversations_finding", said
    yield "together_finding", conversations.together_finding(STUDY, table, tables.selection)
    yield from (
        ("conversation_finding", conversations.conversation_finding(STUDY, row, PAPER)) for _, row in made.iterrows()
    )


def _of_data_errors(tables: Tables) -> Said:
    effects = tables("data-errors")
    yield "strongest_finding", data_errors.strongest_finding(STUDY, effects)
    for figure in FIGURES:
        yield from (
            ("effect_finding", data_errors.effect_finding(STUDY, effects, figure, error)) for error in (*FIXES, ALL)
        )
    for likely in (0, 0.3, 1):
        ledger = _ledger(tables, likely)
        totals, bands = count_kinds(ledger), error_bands(ledger, range(1, 201))
        yield "totals_finding", data_errors.totals_finding(totals)
        yield "unfixable_finding", data_errors.unfixable_finding(totals)
        yield "where_finding", data_errors.where_finding(STUDY, bands)
        differing = ledger[ledger["kind"].isin(("same-text", "different"))].drop_duplicates("conversation")
        yield "contexts_finding", data_errors.contexts_finding(STUDY, differing)


def _ledger(tables: Tables, likely: float) -> pd.DataFrame:
    """Invent a ledger: of each kind of data error some entries, none, or one in every conversation."""
    draw, rows = np.random.default_rng(3), []
    for kind in KINDS_OF_ERROR:
        for rater in (HUMAN, *tables.selection.judges):
            there = np.flatnonzero(draw.random(200) < likely) + 1
            rows += [(f"{rater}.xlsx", rater, kind, number, number + 1, "a", number % 2) for number in there]
    ledger = pd.DataFrame(rows, columns=["file", "rater", "kind", "conversation", "row", "column", "fixed"])
    return ledger.assign(away=(ledger["conversation"] % 4 - 1.0).where(ledger["conversation"] % 5 > 0))


def _of_print(tables: Tables) -> Said:
    paper, shown = tables("reproduction", PAPER), tables("reproduction")
    # The page takes both of every printed figure, whatever is chosen.
    everything = {settings: reproduction_table(STUDY, tables.source.counts, settings) for settings in _PRINTED_UNDER}
    for settings, table in zip(_PRINTED_UNDER, (paper, shown), strict=True):
        yield "reproduction_finding", reproduction.reproduction_finding(table)
        yield from (("table_findings", said) for said in reproduction.table_findings(table))
        proved = narrowed(proofs(everything[settings]), tables.selection)
        yield from (("misprint_findings", said) for said in reproduction.misprint_findings(STUDY, proved))
    whole = everything[PAPER]
    yield "selfcheck_finding", reproduction.selfcheck_finding(checked(whole, unit_of(whole)))
    switched = {PAPER_ALONE: paper, DISCARDED: shown, PARTIAL: shown}
    yield "partial_finding", reproduction.partial_finding(switched)
    yield "discard_finding", reproduction.discard_finding(switched)
    in_turn = pd.DataFrame({"conversation": [11, 12, 13], "n_same": [2, 9, 4], "n_figures": 10})
    yield "in_turn_finding", reproduction.in_turn_finding(STUDY, in_turn)
    for repeats in ((), (("12", "11"),)):
        yield "copied_finding", reproduction.copied_finding(STUDY, repeats, shown, paper)
