"""Every table of the analysis by name: the command line prints them, the pages show them."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from analysis import (
    conversations,
    correction,
    faults,
    generalisability,
    icc,
    inflation,
    influence,
    levels,
    limits,
    neighbours,
    ordinal,
    panel,
    planning,
    ranking,
    reassurance,
    reproduction,
    scores,
    self_preference,
    stability,
    verdicts,
)
from analysis.needs import NeedsConversationsError
from analysis.pairs import pairs, ratings_of_each
from analysis.settings import Selection, Settings
from data.sources import Dataset

Make = Callable[[Dataset, Settings, Selection], pd.DataFrame]


def _as_they_are(settings: Settings) -> Settings:
    return settings


class Table(NamedTuple):
    """A table: the columns that the command line prints, how it is made, and under which of the settings asked for."""

    columns: tuple[str, ...]
    make: Make
    under: Callable[[Settings], Settings] = _as_they_are


def _of_pairs(make: Callable[[pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(pairs(dataset.counts, settings, chosen), settings)


def _of_pairs_alone(make: Callable[[pd.DataFrame], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(pairs(dataset.counts, settings, chosen))


def _of_counts(make: Callable[[pd.DataFrame, Settings, Selection], pd.DataFrame]) -> Make:
    return lambda dataset, settings, chosen: make(dataset.counts, settings, chosen)


def _of_basis(make: Callable[[pd.DataFrame, Settings], pd.DataFrame]) -> Make:
    """Make a table that is under the recommended settings, whatever those on screen are."""
    return lambda dataset, settings, chosen: _of_pairs(make)(dataset, verdicts.basis(settings), chosen)


def _scores(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    return scores.score_table(scores.score_intervals(ratings_of_each(dataset.counts, settings, chosen)))


def _conversations(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if dataset.release is None:
        raise NeedsConversationsError
    table = conversations.conversation_table(pairs(dataset.counts, settings, chosen), settings)
    return conversations.with_files(table, dataset.release, chosen)


def _reproduction(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    return reproduction.narrowed(reproduction.reproduction_table(dataset.counts, settings), chosen)


def _of_complete_replies(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if not dataset.provenance.single_conversations:
        raise NeedsConversationsError
    counts = reproduction.complete_replies(dataset.counts)
    return reproduction.narrowed(reproduction.reproduction_table(counts, settings), chosen)


# What the command line prints.
TABLES = {
    "verdicts": Table(verdicts.COLUMNS, _of_basis(verdicts.verdict_table), verdicts.basis),
    "icc": Table(icc.COLUMNS, _of_pairs(icc.icc_table)),
    "inflation": Table(inflation.COLUMNS, _of_pairs_alone(inflation.inflation_table)),
    "agreement-limits": Table(limits.COLUMNS, _of_pairs(limits.agreement_limits)),
    "correction": Table(correction.COLUMNS, _of_pairs(correction.correction_table)),
    "scores": Table(scores.COLUMNS, _scores),
    "stability": Table(stability.COLUMNS, _of_pairs(stability.stability_table)),
    "influence": Table(influence.COLUMNS, _of_pairs(influence.influence_table)),
    "ordinal": Table(ordinal.COLUMNS, _of_pairs(ordinal.ordinal_table)),
    "reassurance": Table(reassurance.COLUMNS, _of_pairs(reassurance.reassurance_table)),
    "planning": Table(planning.COLUMNS, _of_pairs(planning.planning_table)),
    "generalisability": Table(generalisability.COLUMNS, _of_pairs(generalisability.generalisability_table)),
    "ranking": Table(ranking.COLUMNS, _of_pairs(ranking.ranking_table)),
    "self-preference": Table(self_preference.COLUMNS, _of_counts(self_preference.self_preference_table)),
    "panel": Table(panel.COLUMNS, _of_counts(panel.panel_table)),
    "conversations": Table(conversations.COLUMNS, _conversations),
    "faults": Table(faults.COLUMNS, _of_counts(faults.effect_table), faults.basis),
    "reproduction": Table(reproduction.COLUMNS, _reproduction),
}

# What pages show: the same, with more detail where a chart needs it.
VIEWS: dict[str, Make] = {
    **{name: table.make for name, table in TABLES.items()},
    "scores": lambda dataset, settings, chosen: scores.score_intervals(
        ratings_of_each(dataset.counts, settings, chosen)
    ),
    "complete_replies": _of_complete_replies,
    "criteria": _of_basis(verdicts.criteria_table),
    "levels": _of_pairs(levels.levels_table),
    "inflation_by_model": _of_pairs_alone(inflation.inflation_by_model),
    "drawn_widths": _of_pairs(planning.drawn_widths),
    "distribution": _of_pairs_alone(inflation.rating_distribution),
    "reassurance_by_model": _of_pairs(reassurance.reassurance_by_model),
    "bias_by_neighbours": _of_pairs_alone(neighbours.bias_by_neighbours),
    "difference_density": _of_pairs_alone(limits.difference_density),
}
