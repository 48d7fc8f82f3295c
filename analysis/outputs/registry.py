"""Every table of the analysis by name: the command line prints them, the pages show them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.agreement import (
    attenuation,
    consistency,
    experts,
    generalizability,
    icc,
    influence,
    left_out_expert,
    levels,
    multitrait,
    ordinal,
    stability,
)
from analysis.bias import (
    bland_altman,
    calibration,
    false_reassurance,
    inflation,
    length_bias,
    neighbours,
    self_preference,
    weighted,
)
from analysis.column import Column, names
from analysis.decisions import (
    annotator_test,
    leaderboard,
    new_systems,
    panel,
    ranking,
    robustness,
    sample_size,
    scores,
    verdicts,
    worth,
)
from analysis.evidence import conversations, data_errors
from analysis.inference.multiplicity import adjusted
from analysis.ratings.experts import single_experts
from analysis.ratings.needs import NeedsConversationsError, NeedsRepliesError, NeedsRetestsError
from analysis.ratings.pairs import judged_alone, pairs, ratings_of_each
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction import comparison, copied_row
from data.sources import Dataset
from data.study import HUMAN, Study

Make = Callable[[Dataset, Settings, Selection], pd.DataFrame]

BY_CELL = ("judges", "attributes")


@dataclass(frozen=True)
class Table:
    """A table of the analysis.

    Attributes
    ----------
    make
        Makes it of a dataset.
    declared
        The columns that the command line prints, of a study, where it prints the table.
    over
        The filters that only choose rows of it. The table is made for all of them, so that a figure does not depend on
        what else is chosen, and another choice costs nothing.
    grouped
        Whether it names the scores that each attribute belongs to.
    finish
        What becomes of the chosen rows when they are printed.
    read
        What is made of the chosen rows together, under the settings: what allows for how many are looked at.
    """

    make: Make
    declared: Callable[[Study], tuple[Column, ...]] = lambda _: ()
    over: tuple[str, ...] = BY_CELL
    grouped: bool = False
    finish: Callable[[Study, pd.DataFrame], pd.DataFrame] = field(default=lambda _, table: table)
    read: Callable[[pd.DataFrame, Settings], pd.DataFrame] = field(default=lambda rows, _: rows)

    def columns(self, study: Study) -> list[str]:
        """Name the columns that the command line prints."""
        return list(names(self.declared(study)))

    def whole(self, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
        """Make the table for every judge and attribute that it can be filtered by."""
        made = self.make(dataset, settings, self.widened(dataset.study, selection))
        return _with_groups(dataset.study, made) if self.grouped else made

    def widened(self, study: Study, selection: Selection) -> Selection:
        """Return the selection without the filters that only choose rows."""
        return replace(
            selection,
            judges=study.judge_keys if "judges" in self.over else selection.judges,
            attributes=study.attribute_names if "attributes" in self.over else selection.attributes,
        )

    def rows(self, study: Study, whole: pd.DataFrame, selection: Selection, settings: Settings) -> pd.DataFrame:
        """Choose the rows of a selection from the whole table, and read them together."""
        return self.read(self.chosen(study, whole, selection), settings)

    def chosen(self, study: Study, whole: pd.DataFrame, selection: Selection) -> pd.DataFrame:
        """Choose the rows of a selection from the whole table."""
        kept = pd.Series(True, index=whole.index)
        if "judges" in self.over:
            # Variance components have a column ``rater`` too, beside that of the judge.
            whose = "judge" if "judge" in whole else "rater"
            # How well experts agree is of no judge.
            kept &= whole[whose].isin((HUMAN, *selection.every_judge)) if whose in whole else True
        if "attributes" in self.over:
            kept &= whole["attribute"].isin(selection.attributes) if "attribute" in whole else True
            kept &= whole["measure"].isin(_measures(study, selection)) if "measure" in whole else True
        return whole[kept].reset_index(drop=True)


def table_of(name: str, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Make a table as the command line prints it: the rows of a selection, in the table's columns."""
    table = TABLES[name]
    chosen = table.rows(dataset.study, table.whole(dataset, settings, selection), selection, settings)
    return table.finish(dataset.study, chosen)[table.columns(dataset.study)]


def _measures(study: Study, selection: Selection) -> set[str]:
    """Name the attributes of a selection, and the scores that all attributes of are in it."""
    chosen = set(selection.attributes)
    return chosen | {name for name, parts in scores.measures(study).items() if set(parts) <= chosen}


def _with_groups(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add to each attribute the scores that it belongs to, right after it."""
    groups = {name: study.group_of(name) or None for name in study.attribute_names}
    table.insert(list(table).index("attribute") + 1, "score", table["attribute"].map(groups).astype(object))
    return table


def _of_pairs(make: Callable[[pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(_pairs(dataset, settings, chosen), settings)


def _of_pairs_alone(make: Callable[[pd.DataFrame], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(_pairs(dataset, settings, chosen))


def _of_study(make: Callable[[Study, pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(dataset.study, _pairs(dataset, settings, chosen), settings)


def _of_counts(make: Callable[[Study, pd.DataFrame, Settings, Selection], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(dataset.study, dataset.counts, settings, chosen)


def _of_moments(
    make: Callable[[Study, pd.DataFrame, pd.DataFrame | None, Settings, Selection], pd.DataFrame],
) -> Make:
    return lambda dataset, settings, chosen: make(dataset.study, dataset.counts, dataset.moments, settings, chosen)


def _pairs(dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    return pairs(dataset.study, dataset.counts, settings, selection)


def _of_checks(make: Callable[[pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    def of(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
        made = robustness.checked_criteria(dataset.study, dataset.counts, dataset.stretches, settings, chosen)
        return make(made, settings)

    return of


def _scores(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    study = dataset.study
    return scores.score_intervals(study, ratings_of_each(study, dataset.counts, settings, chosen))


def _stability(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    table = stability.stability_table(_pairs(dataset, settings, chosen), settings)
    # The tiers are those of one study's printed tables.
    return table if dataset.study.published else table.assign(**dict.fromkeys(stability.OF_TIERS, float("nan")))


def _worth(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    alone = judged_alone(dataset.study, dataset.counts, settings, chosen)
    return worth.worth_table(_pairs(dataset, settings, chosen), alone, settings)


def _conversations(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if dataset.ratings is None:
        raise NeedsConversationsError
    table = conversations.conversation_table(_pairs(dataset, settings, chosen), settings)
    return conversations.with_files(table, dataset.ratings, chosen)


def _consistency(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if dataset.ratings is None or dataset.ratings.retests.empty:
        raise NeedsRetestsError
    rated = _pairs(dataset, settings, chosen)
    frame = consistency.runs(dataset.study, dataset.ratings, rated, settings, chosen)
    return consistency.consistency_table(frame, settings)


def _new_systems(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    study = dataset.study
    new = new_systems.new_ratings(dataset.ratings, settings, chosen)
    both = _pairs(dataset, settings, chosen)
    rated, biases = ratings_of_each(study, dataset.counts, settings, chosen), inflation.inflation_by_model(both)
    found = new_systems.compared(new, rated, biases)
    return new_systems.with_criteria(found, verdicts.criteria_table(both, settings))


def _length_bias(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if dataset.ratings is None:
        raise NeedsConversationsError
    if dataset.ratings.lengths is None:
        raise NeedsRepliesError
    # A cluster is the place of a conversation.
    place = pd.Index(dataset.ratings.conversations).get_indexer(dataset.ratings.lengths["conversation"])
    lengths = dataset.ratings.lengths.assign(cluster=place)
    return length_bias.length_bias_table(_pairs(dataset, settings, chosen), lengths)


def _weighted(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    paired = _pairs(dataset, settings, chosen)
    alone = judged_alone(dataset.study, dataset.counts, settings, chosen)
    return weighted.weighted_table(paired, weighted.weights_of(paired, dataset.ratings), alone, settings)


def _reproduction(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    return comparison.narrowed(comparison.reproduction_table(dataset.study, dataset.counts, settings), chosen)


def _with_partial_replies(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    table = comparison.reproduction_table(dataset.study, dataset.counts, settings, partial=True)
    return comparison.narrowed(table, chosen)


def _experts(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    return experts.expert_table(single_experts(dataset.study, dataset.ratings, settings, chosen), settings)


def _beside_experts(make: Callable[[pd.DataFrame, pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    def of(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
        single = single_experts(dataset.study, dataset.ratings, settings, chosen)
        return make(single, _pairs(dataset, settings, chosen), settings)

    return of


def _always(declared: tuple[Column, ...]) -> Callable[[Study], tuple[Column, ...]]:
    return lambda _: declared


# What the command line prints.
TABLES = {
    "verdicts": Table(
        # The criteria that verdicts are read from, with how many checks would change each.
        _of_checks(robustness.with_checks),
        _always((*verdicts.DECLARED, *robustness.COUNTS)),
        read=verdicts.verdict_table,
    ),
    "leaderboard": Table(
        _of_pairs(verdicts.criteria_table), _always(leaderboard.DECLARED), read=leaderboard.leaderboard
    ),
    "verdict-checks": Table(_of_checks(robustness.robustness_table), _always(robustness.DECLARED)),
    "consistency": Table(_consistency, _always(consistency.DECLARED)),
    "icc": Table(_of_pairs(icc.icc_table), _always(icc.DECLARED), grouped=True),
    "inflation": Table(_of_pairs_alone(inflation.inflation_table), _always(inflation.DECLARED), grouped=True),
    "agreement-limits": Table(_of_pairs(bland_altman.agreement_limits), _always(bland_altman.DECLARED)),
    "correction": Table(_of_pairs(calibration.correction_table), _always(calibration.DECLARED)),
    "scores": Table(_scores, scores.declared, finish=scores.score_table),
    "stability": Table(_stability, _always(stability.DECLARED)),
    "influence": Table(_of_pairs(influence.influence_table), _always(influence.DECLARED)),
    "ordinal": Table(_of_study(ordinal.ordinal_table), _always(ordinal.DECLARED)),
    "experts": Table(_experts, _always(experts.DECLARED)),
    "left-out": Table(_beside_experts(left_out_expert.left_out_table), _always(left_out_expert.DECLARED)),
    "annotator-test": Table(_beside_experts(annotator_test.annotator_test), _always(annotator_test.DECLARED)),
    "attenuation": Table(_of_pairs(attenuation.attenuation_table), _always(attenuation.DECLARED)),
    "reassurance": Table(_of_pairs(false_reassurance.reassurance_table), _always(false_reassurance.DECLARED)),
    "weighted": Table(_weighted, _always(weighted.DECLARED)),
    "halo": Table(_of_moments(multitrait.halo_table), _always(multitrait.DECLARED)),
    "planning": Table(_of_pairs(sample_size.planning_table), _always(sample_size.DECLARED)),
    "worth": Table(_worth, _always(worth.DECLARED)),
    "generalisability": Table(_of_pairs(generalizability.generalisability_table), _always(generalizability.DECLARED)),
    "new-systems": Table(_new_systems, _always(new_systems.DECLARED), read=new_systems.new_systems_table),
    "ranking": Table(_of_pairs(ranking.ranking_table), _always(ranking.DECLARED)),
    "self-preference": Table(
        _of_counts(self_preference.self_preference_table),
        _always(self_preference.DECLARED),
        read=lambda rows, _: adjusted(rows),
    ),
    "length-bias": Table(_length_bias, _always(length_bias.DECLARED), read=lambda rows, _: length_bias.adjusted(rows)),
    # A panel is of the judges that are chosen.
    "panel": Table(_of_counts(panel.panel_table), _always(panel.DECLARED), over=("attributes",)),
    # A row is over all judges and attributes that are chosen.
    "conversations": Table(_conversations, _always(conversations.DECLARED), over=()),
    "data-errors": Table(_of_counts(data_errors.effect_table), _always(data_errors.DECLARED), grouped=True),
    "reproduction": Table(_reproduction, _always(comparison.DECLARED), over=()),
}

# What pages show: the same, and more detail where a chart needs it.
VIEWS: dict[str, Table] = {
    **TABLES,
    "left_out_in_turn": Table(lambda dataset, *_: copied_row.left_out_in_turn(dataset), over=()),
    "partial_counted": Table(_with_partial_replies, over=()),
    "criteria": Table(_of_pairs(verdicts.criteria_table), read=verdicts.decided),
    "multitrait": Table(_of_moments(multitrait.multitrait_matrix)),
    "levels": Table(_of_pairs(levels.levels_table), grouped=True),
    "inflation_by_model": Table(_of_pairs_alone(inflation.inflation_by_model), grouped=True),
    "drawn_widths": Table(_of_pairs(sample_size.drawn_widths)),
    "annotator_test_by_expert": Table(_beside_experts(annotator_test.annotator_test_by_expert)),
    "distribution": Table(_of_pairs_alone(inflation.rating_distribution)),
    "reassurance_by_model": Table(_of_pairs(false_reassurance.reassurance_by_model)),
    "bias_by_neighbours": Table(_of_pairs_alone(neighbours.bias_by_neighbours)),
    "difference_density": Table(_of_pairs_alone(bland_altman.difference_density)),
}
