"""What a judge's ratings are worth beside the experts', in sentences."""

import pandas as pd

from analysis.decisions.worth import ALL, FEWEST_OTHER
from analysis.findings.phrases import counted, in_points, pair, span
from analysis.ratings.settings import Settings
from data.study import Study

# Between them lie nine of ten systems.
_MOST = (0.05, 0.95)
# Less than half a rating rounds to none.
_WORTH_NAMING = 0.5


def worth_finding(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Say for a board how many expert ratings a judge's stand in for, over single systems."""
    gained = table.loc[table["model"] != ALL, "gained"].dropna()
    if gained.empty:
        return (
            "What a judge's ratings are worth cannot be told: on no system on screen do the experts give "
            f"{FEWEST_OTHER} replies that a judge rated another rating than their most frequent one."
        )
    said = f"With {_planned(settings)}, the judge's ratings are worth {_ratings(gained.median())}"
    if len(gained) == 1:
        return f"{said}."
    low, high = (f"{gained.quantile(share):,.0f}" for share in _MOST)
    most_lie = f"; nine of ten lie between {low} and {high}" if low != high else ""
    said += f" (median of {len(gained):,} combinations of judge, attribute and system{most_lie})."
    most = table.loc[gained.idxmax()]
    if most["gained"] < _WORTH_NAMING:
        return said
    return (
        f"{said} They are worth most for {pair(study, most)} on replies of {study.system(most['model'])}: "
        f"{most['gained']:,.0f} ratings."
    )


def gained_finding(study: Study, table: pd.DataFrame, settings: Settings) -> str:
    """Say by judge and attribute, over systems, where a judge's ratings are worth most and least."""
    rows = table[table["model"] == ALL].dropna(subset="gained")
    if rows.empty:
        return (
            "No figure can be given for any judge and attribute: the experts' ratings of each system differ too little."
        )
    most, least = (rows.loc[rows["gained"].agg(place)] for place in ("idxmax", "idxmin"))
    if most["gained"] < _WORTH_NAMING:
        said = "Over all systems, no judge's ratings on any attribute are worth a further expert rating of each system."
    else:
        said = (
            f"Over all systems, {pair(study, most)} is worth {_ratings(most['gained'])} of each system{_interval(most)}"
        )
        said += (
            f". {pair(study, least)} is worth {_ratings(least['gained'])}{_interval(least)}." if len(rows) > 1 else "."
        )
    drawn = span(settings.labelled * (rows["stratified"] - 1), "z,.0f")
    alone, both = (f"{rows[name].median():.3f}" for name in ("half_width_experts", "half_width"))
    narrows = f"narrows from plus or minus {alone} to {both}" if alone != both else f"stays at plus or minus {alone}"
    return (
        f"{said} The interval of the mean over systems {narrows} (median). Where the experts' replies are drawn "
        f"by the judge's rating, gains are {drawn}."
    )


def held_back_finding(table: pd.DataFrame) -> str:
    """Say how many systems have no figures because the experts' ratings hardly differ; empty where all have."""
    systems = table[(table["model"] != ALL) & (table["n_pairs"] > 0)]
    few = int((systems["n_other"] < FEWEST_OTHER).sum())
    if few in (0, len(systems)):
        return ""
    return (
        f"No figure is given for {few:,} of {len(systems):,} combinations of judge, attribute and system: fewer than "
        f"{FEWEST_OTHER} of their expert ratings differ from the most frequent one, and intervals would be too narrow."
    )


def corrected_finding(study: Study, rows: pd.DataFrame) -> str:
    """Say what one judge's further ratings on one attribute do to systems' means, and whether that can be trusted."""
    name, attribute = study.rater(rows["judge"].iloc[0]), rows["attribute"].iloc[0]
    further = rows[rows["model"] != ALL]
    alone = int(further["n_alone"].sum())
    if not alone:
        return (
            f"The experts rated every reply that {name} rated on {attribute}: there is nothing to correct, and the "
            "corrected means are the experts'."
        )
    known = further[further["n_alone"] > 0].dropna(subset="powered_mean")
    said = f"Of the replies that {name} rated on {attribute}, the experts did not rate {alone:,}."
    if known.empty:
        return f"{said} The experts' ratings of their systems differ too little for a corrected mean."
    moved = known["powered_mean"] - known["human_mean"]
    said += f" With these, means of systems move by {span(moved, '+z.2f')} points."
    shifted = known[(known["alone_shift_low"] > 0) | (known["alone_shift_high"] < 0)]
    if shifted.empty:
        return said
    most = shifted.loc[shifted["alone_shift"].abs().idxmax()]
    where = f"{in_points(most['alone_shift'], '.1f')} {'lower' if most['alone_shift'] < 0 else 'higher'}"
    return (
        f"{said} But for {counted(len(shifted), 'system', 'systems')} the judge rates them clearly apart from the "
        f"others, most for {study.system(most['model'])} ({where}): they are no random part of the replies, and "
        "corrected means do not hold."
    )


def _planned(settings: Settings) -> str:
    return (
        f"{counted(settings.labelled, 'expert rating', 'expert ratings')} of a system and {settings.unlabelled:,} more "
        "by the judge alone"
    )


def _ratings(gained: float) -> str:
    """Say how many expert ratings: ``2 further expert ratings``, ``no further expert rating``."""
    if gained < _WORTH_NAMING:
        return "no further expert rating"
    return counted(round(gained), "further expert rating", "further expert ratings")


def _interval(row: pd.Series) -> str:
    if pd.isna(row["gained_low"]):
        return ""
    return f" (95% interval {row['gained_low']:,.0f} to {row['gained_high']:,.0f})"
