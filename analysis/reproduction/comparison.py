"""The paper's printed figures against the same figures recomputed from the ratings, each with a verdict.

A verdict is given by the first rule that fits; a *unit* is one in the last printed digit (0.001, or 0.01 for the
experts' means), *off* how far the recomputed figure lies from the printed one.

- ``same``: off by at most half a unit, so that both read the same at the printed digits. A tier: the same tier.
- ``monte-carlo``: an end or the width of a resampled interval that lies, at the printed digits, within the range that
  200 seeds give; a tier that some of these seeds give.
- ``rounding``: a figure without random draws that is off by less than one unit. The printed figure is then one of the
  two neighbours of the recomputed one, as rounding the other way, cutting off, or rounding twice would leave it.
- ``misprint``: not reproduced otherwise; the printed figure contradicts other printed figures of its row, and the
  recomputed one does not. See :func:`analysis.reproduction.selfcheck.misprints`.
- ``not-reproduced``: everything else, however small; the difference says how far off it is.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.agreement.bands import PAPER_TIERS, tier_places
from analysis.agreement.icc import icc_of
from analysis.bias.inflation import inflation_table
from analysis.column import Column, names
from analysis.decisions.scores import human_table, score_intervals, score_table
from analysis.decisions.verdicts import VERDICT_COLUMN
from analysis.evidence.data_errors import FIGURE_COLUMN
from analysis.inference.bootstrap import Interval
from analysis.ratings.columns import ATTRIBUTE_COLUMN, JUDGE_COLUMN, MODEL_COLUMN
from analysis.ratings.pairs import pairs, ratings_of_each, sums
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction.printed import (
    as_printed,
    printed_bias,
    printed_human_means,
    printed_icc,
    published_of,
)
from analysis.reproduction.seeds import ends_over_seeds
from analysis.reproduction.selfcheck import misprints
from data.study import Study

VERDICTS = ("same", "rounding", "monte-carlo", "misprint", "not-reproduced")
_KEYS = (
    Column.key(
        "published_table",
        "Printed table",
        "published",
        note="The table of the paper: `icc`, `bias` or `human_means`.",
    ),
    JUDGE_COLUMN,
    MODEL_COLUMN,
    ATTRIBUTE_COLUMN,
    FIGURE_COLUMN,
)
KEYS = list(names(_KEYS))
_NO_NUMBER = "Null for a tier."
DECLARED = (
    *_KEYS,
    Column.estimate("published", "Printed", "published", ".3f", "as the figure", note=_NO_NUMBER),
    Column.estimate("recomputed", "Recomputed", "recomputed", ".4f", "as the figure", note=_NO_NUMBER),
    Column.estimate("difference", "Difference", "difference", "+.4f", "as the figure", note=_NO_NUMBER),
    # The range over seeds is what random draws give, and no interval of a figure.
    Column.estimate("lower", "Seeds from", "range_over_seeds", ".3f", "as the figure"),
    Column.estimate("upper", "Seeds to", "range_over_seeds", ".3f", "as the figure"),
    Column.verdict("published_tier", "Printed tier", "tiers", note="As printed."),
    Column.verdict("recomputed_tier", "Recomputed tier", "tiers", note="As recomputed."),
    Column.estimate("tier_share", "Seeds with the printed tier", "tier_share", ".0%", "0 to 1"),
    VERDICT_COLUMN,
)
COLUMNS = names(DECLARED)
# Means are printed with two digits, all else with three.
DETAILS = (Column.estimate("published_mean", "Printed", "published", ".2f", "on the scale"),)
FIGURES = {
    "icc": ("icc_c1", "icc_c1_low", "icc_c1_high", "icc_a1", "ci_width", "tier"),
    "bias": ("human_mean", "judge_mean", "bias", "mse"),
    "human_means": ("mean", "average"),
}
# What random draws decide.
DRAWN = ("icc_c1_low", "icc_c1_high", "ci_width")
# What is read together: figures, and the columns that they have.
SHEETS = {
    "coefficients": ("icc_c1", "icc_a1"),
    "intervals": DRAWN,
    "tiers": ("tier",),
    "bias": FIGURES["bias"],
    "human_means": ("mean", "average"),
}
UNIT = {"icc": 0.001, "bias": 0.001, "human_means": 0.01}

# Decimal fractions of a printed figure are no exact numbers of the computer.
SLACK = 1e-9
_TIERS = [tier for tier, _ in PAPER_TIERS]


def reproduction_table(
    study: Study, counts: pd.DataFrame, settings: Settings, *, partial: bool = False
) -> pd.DataFrame:
    """Set every printed figure against the recomputed one.

    The experts' printed means come of another treatment than all else: copied rows are kept, and a reply that lacks
    the experts' rating on any attribute is left out whole.

    Parameters
    ----------
    study
        Whose figures they are.
    counts
        As :func:`data.counts.count_pairs` gives them; rows of judges that they lack are not in the table.
    settings
        How figures are recomputed. Printed figures are over all models and attributes that were rated then, and so are
        these.
    partial
        Whether the experts' means count replies that lack a rating on some attribute.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, rows in the order of the printed tables. ``published_table`` is ``icc``, ``bias`` or
        ``human_means``; ``judge``, ``model`` and ``attribute`` are None where a figure has none. ``difference`` is
        recomputed - published. ``lower`` and ``upper`` are the range over 200 seeds of what random draws decide, NaN
        for all else and where intervals are not resampled over models. A tier has ``published_tier``,
        ``recomputed_tier`` and ``tier_share``, the share (0-1) of seeds that give the printed tier, in place of
        numbers. ``recomputed`` is NaN, and the figure not reproduced, where the ratings leave it undefined.
    """
    study = as_printed(study)
    everyone = Selection.of(study)
    frame = pairs(study, counts, settings, everyone)
    total = sums(frame)
    icc = icc_of(total, settings)
    rated = ratings_of_each(
        study, counts if partial else counts[~counts["partial"]], replace(settings, repeated="kept"), everyone
    )
    means = human_table(study, score_table(study, score_intervals(study, rated)))
    parts = [
        _long(study, {"icc": icc, "bias": inflation_table(frame), "human_means": means}, "recomputed"),
        _recomputed_tiers(icc),
    ]
    if settings.interval == "bootstrap-models":
        ends = ends_over_seeds(total, settings)
        parts += [_ranges(ends, icc), _tier_shares(study, ends, icc)]
    table = _printed(study)
    for part in parts:
        table = table.merge(part, "left", KEYS)
    table["difference"] = table["recomputed"] - table["published"]
    table = table.reindex(columns=list(COLUMNS))
    table["verdict"] = _verdicts(table)
    table.loc[misprints(table, unit_of(table)), "verdict"] = "misprint"
    return table


def narrowed(table: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Keep the figures of the chosen judges, models and attributes; a figure that has none of them stays."""
    chosen = {"judge": selection.judges, "model": selection.models, "attribute": selection.attributes}
    kept = pd.Series(True, index=table.index)
    for name, keys in chosen.items():
        kept &= table[name].isna() | table[name].isin(keys)
    return table[kept].reset_index(drop=True)


def worst_first(table: pd.DataFrame) -> pd.DataFrame:
    """Order figures by verdict, what is not reproduced first, and by how many units they are off."""
    units = table["difference"].abs() / unit_of(table)
    return (
        table.assign(place=table["verdict"].map(VERDICTS.index), units=units)
        .sort_values(["place", "units"], ascending=False, kind="stable", ignore_index=True)
        .drop(columns=["place", "units"])
    )


def of_sheet(table: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """Take the figures of one of ``SHEETS``, what is not reproduced first, with the columns that they have."""
    rows = worst_first(table[table["figure"].isin(SHEETS[sheet])])
    rows = rows.assign(attribute=rows["attribute"].fillna(""))
    whose = "model" if sheet == "human_means" else "judge"
    numbers = ["published", "recomputed", "difference", *(["lower", "upper"] if sheet == "intervals" else [])]
    if sheet == "tiers":
        return rows[[whose, "attribute", "verdict", "published_tier", "recomputed_tier", "tier_share"]]
    # Means are printed with two digits, all else with three.
    printed = {"published": "published_mean"} if sheet == "human_means" else {}
    return rows[[whose, "attribute", "figure", "verdict", *numbers]].rename(columns=printed)


def icc_as_printed(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Lay the paper's table of ICCs out in its own order, with its tiers and those that the ratings give."""
    tiers = table.loc[
        table["figure"] == "tier", ["judge", "attribute", "published_tier", "recomputed_tier", "tier_share"]
    ]
    return printed_icc(study).drop(columns="tier").merge(tiers, on=["judge", "attribute"])


def unit_of(table: pd.DataFrame) -> pd.Series:
    """Give one in the last printed digit of each figure."""
    return table["published_table"].map(UNIT)


def _printed(study: Study) -> pd.DataFrame:
    """List all printed figures of the study's judges."""
    icc = printed_icc(study)
    tables = {"icc": icc, "bias": printed_bias(study), "human_means": printed_human_means(study)}
    table = _long(study, tables, "published")
    table = table.merge(_of_tiers(icc, published_tier=icc["tier"]), "left", KEYS)
    return table[table["judge"].isna() | table["judge"].isin(study.judge_keys)]


def _long(study: Study, tables: dict[str, pd.DataFrame], values: str) -> pd.DataFrame:
    """Lay wide tables, as the paper prints them, out with one row for each figure; a tier's number is NaN."""
    parts = []
    for name, wide in tables.items():
        if name == "human_means":
            part = wide.melt("model", [*published_of(study).attributes, "average"], "attribute", values)
            average = part["attribute"] == "average"
            part = part.assign(figure=np.where(average, "average", "mean"), attribute=part["attribute"].mask(average))
        else:
            part = wide.assign(tier=np.nan).melt(["judge", "attribute"], FIGURES[name], "figure", values)
        parts.append(part.assign(published_table=name))
    table = pd.concat(parts, ignore_index=True).reindex(columns=[*KEYS, values])
    return table.astype(dict.fromkeys(KEYS, object)).astype({values: float})


def _of_tiers(cells: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Give columns to the rows of tiers; ``cells`` names their judges and attributes."""
    named = cells[["judge", "attribute"]].assign(published_table="icc", model=np.nan, figure="tier", **columns)
    return named.astype(dict.fromkeys(KEYS, object))


def _recomputed_tiers(icc: pd.DataFrame) -> pd.DataFrame:
    places = tier_places(icc["icc_c1_low"].to_numpy(), icc["icc_c1_high"].to_numpy())
    return _of_tiers(icc, recomputed_tier=[_TIERS[place] if place >= 0 else None for place in places])


def _ranges(ends: Interval, icc: pd.DataFrame) -> pd.DataFrame:
    """Range over seeds of the ends and the width of each interval; ``icc`` names the cells in the order of ``ends``."""
    each = dict(zip(DRAWN, (ends.low, ends.high, ends.high - ends.low), strict=True))

    def of(extreme: Callable[..., np.ndarray], name: str) -> pd.DataFrame:
        cells = icc[["judge", "attribute"]].assign(**{key: extreme(each[key], 0).ravel() for key in DRAWN})
        return cells.melt(["judge", "attribute"], DRAWN, "figure", name)

    table = of(np.min, "lower").merge(of(np.max, "upper")).assign(published_table="icc", model=np.nan)
    return table.astype(dict.fromkeys(KEYS, object))


def _tier_shares(study: Study, ends: Interval, icc: pd.DataFrame) -> pd.DataFrame:
    """Share of seeds that give each cell its printed tier."""
    places = tier_places(ends.low, ends.high).reshape(len(ends.low), -1)
    cells = icc[["judge", "attribute"]].merge(printed_icc(study), "left")
    printed = cells["tier"].map({tier: place for place, tier in enumerate(_TIERS)})
    return _of_tiers(icc, tier_share=(places == printed.to_numpy()).mean(0))


def _verdicts(table: pd.DataFrame) -> np.ndarray:
    unit = unit_of(table)
    off = table["difference"].abs()
    half = unit / 2 + SLACK
    tier, drawn = table["figure"] == "tier", table["lower"].notna()
    within = table["published"].between(table["lower"] - half, table["upper"] + half)
    rules = {
        "same": np.where(tier, table["published_tier"] == table["recomputed_tier"], off <= half),
        "monte-carlo": np.where(tier, table["tier_share"] > 0, drawn & within),
        "rounding": ~drawn & (off < unit - SLACK),
    }
    return np.select(list(rules.values()), list(rules), "not-reproduced")
