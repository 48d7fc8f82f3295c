"""How judges stand beside each other, in sentences."""

import pandas as pd

from analysis.decisions.leaderboard import COUNTED
from analysis.findings.phrases import listed
from analysis.wording.vocabulary import USE
from data.study import Study


def leaderboard_finding(study: Study, board: pd.DataFrame) -> str:
    """Name for each use the judges in the first place, and on how many attributes they are supported."""
    return " ".join(_of_use(study, use, board[board["use"] == use]) for use in dict.fromkeys(board["use"]))


def _of_use(study: Study, use: str, rows: pd.DataFrame) -> str:
    to = f"{USE[use][0]}:"
    first = rows[rows["place"] == 1]
    of = int(rows[[column.name for column in COUNTED.values()]].iloc[0].sum())
    if first.empty:
        return f"{to} no judge on any attribute."
    best = first.iloc[0]
    names = listed([study.rater(judge) for judge in first["judge"]])
    if of == 1:
        return f"{to} {names} first, {'supported' if best['n_supported'] else 'with human checks'}."
    said = [f"supported on {best['n_supported']:.0f}"] if best["n_supported"] else []
    said += [f"with human checks on {best['n_human_checks']:.0f}"] if best["n_human_checks"] else []
    return f"{to} {names} first, {listed(said)} of {of} attributes."
