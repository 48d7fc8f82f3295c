"""Every table of the analysis by name: the command line prints them, the pages show them."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from analysis.agreement import generalizability, icc, influence, levels, ordinal, stability
from analysis.bias import bland_altman, calibration, false_reassurance, inflation, neighbours, self_preference
from analysis.column import Column, names
from analysis.decisions import panel, ranking, sample_size, scores, verdicts
from analysis.evidence import conversations, data_errors
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.pairs import pairs, ratings_of_each
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction import comparison
from data.sources import Dataset

Make = Callable[[Dataset, Settings, Selection], pd.DataFrame]


def _as_they_are(settings: Settings) -> Settings:
    return settings


class Table(NamedTuple):
    """A table: the columns that the command line prints, how it is made, and under which of the settings asked for."""

    declared: tuple[Column, ...]
    make: Make
    under: Callable[[Settings], Settings] = _as_they_are

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return names(self.declared)


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
    return comparison.narrowed(comparison.reproduction_table(dataset.counts, settings), chosen)


def _of_complete_replies(dataset: Dataset, settings: Settings, chosen: Selection) -> pd.DataFrame:
    if not dataset.provenance.single_conversations:
        raise NeedsConversationsError
    counts = comparison.complete_replies(dataset.counts)
    return comparison.narrowed(comparison.reproduction_table(counts, settings), chosen)


# What the command line prints.
TABLES = {
    "verdicts": Table(verdicts.DECLARED, _of_basis(verdicts.verdict_table), verdicts.basis),
    "icc": Table(icc.DECLARED, _of_pairs(icc.icc_table)),
    "inflation": Table(inflation.DECLARED, _of_pairs_alone(inflation.inflation_table)),
    "agreement-limits": Table(bland_altman.DECLARED, _of_pairs(bland_altman.agreement_limits)),
    "correction": Table(calibration.DECLARED, _of_pairs(calibration.correction_table)),
    "scores": Table(scores.DECLARED, _scores),
    "stability": Table(stability.DECLARED, _of_pairs(stability.stability_table)),
    "influence": Table(influence.DECLARED, _of_pairs(influence.influence_table)),
    "ordinal": Table(ordinal.DECLARED, _of_pairs(ordinal.ordinal_table)),
    "reassurance": Table(false_reassurance.DECLARED, _of_pairs(false_reassurance.reassurance_table)),
    "planning": Table(sample_size.DECLARED, _of_pairs(sample_size.planning_table)),
    "generalisability": Table(generalizability.DECLARED, _of_pairs(generalizability.generalisability_table)),
    "ranking": Table(ranking.DECLARED, _of_pairs(ranking.ranking_table)),
    "self-preference": Table(self_preference.DECLARED, _of_counts(self_preference.self_preference_table)),
    "panel": Table(panel.DECLARED, _of_counts(panel.panel_table)),
    "conversations": Table(conversations.DECLARED, _conversations),
    "faults": Table(data_errors.DECLARED, _of_counts(data_errors.effect_table), data_errors.basis),
    "reproduction": Table(comparison.DECLARED, _reproduction),
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
    "drawn_widths": _of_pairs(sample_size.drawn_widths),
    "distribution": _of_pairs_alone(inflation.rating_distribution),
    "reassurance_by_model": _of_pairs(false_reassurance.reassurance_by_model),
    "bias_by_neighbours": _of_pairs_alone(neighbours.bias_by_neighbours),
    "difference_density": _of_pairs_alone(bland_altman.difference_density),
}
