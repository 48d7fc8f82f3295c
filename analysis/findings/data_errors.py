"""What the data errors of the files are, where they sit, and what they do, in sentences."""

import pandas as pd

from analysis.evidence.data_errors import ALL, BAND, FIGURES
from analysis.findings.phrases import counted, listed, pair, part
from analysis.wording.filling import filled
from analysis.wording.vocabulary import FIGURE_LABEL
from data.data_errors import DATA_ERROR
from data.study import HUMAN, Study

COEFFICIENTS = FIGURES[:3]
# Fewer places may stand together by chance.
FEWEST_PLACES = 10
RUN = 3
# So many kinds are named in one sentence, the most frequent ones.
FIRST = 4
_HARMLESS = "same-text"


def totals_finding(totals: pd.DataFrame) -> str:
    """Say how many data errors there are, and of which kinds, most frequent first."""
    by_kind = totals.groupby("kind")["n"].sum().sort_values(ascending=False, kind="stable")
    if by_kind.empty:
        return "No data error was found in the files on screen."
    return f"The files hold {counted(int(by_kind.sum()), 'data error', 'data errors')}: {_listed(by_kind)}."


def strongest_finding(study: Study, effects: pd.DataFrame) -> str:
    """Say which single kind of data error moves a coefficient most."""
    rows = effects[effects["figure"].isin(COEFFICIENTS) & (effects["error"] != ALL)].dropna(subset="shift")
    if rows.empty or rows["shift"].abs().max() < 0.005:
        return "No kind of data error alone moves a coefficient on screen by as much as 0.01."
    top = rows.loc[rows["shift"].abs().idxmax()]
    moved = "closer to" if top["shift"] > 0 else "further from"
    fixed, name = DATA_ERROR[top["error"]].many, FIGURE_LABEL[top["figure"]]
    return (
        f"Of all data errors, fixing the {fixed} moves a coefficient most: for {pair(study, top)}, {name} goes from "
        f"{top['released']:.2f} to {top['with_fix']:.2f}, {moved} the experts."
    )


def effect_finding(study: Study, effects: pd.DataFrame, figure: str, error: str) -> str:
    """Say how far one figure moves when one kind of data error, or all, is fixed."""
    rows = effects.query("figure == @figure and error == @error").dropna(subset="shift")
    name = _amid(FIGURE_LABEL[figure])
    if rows.empty:
        return f"The {name} cannot be computed with and without the data errors on screen."
    fixed = "all that can be fixed" if error == ALL else f"the {DATA_ERROR[error].many}"
    moved = int((rows["shift"].abs() >= 0.01).sum())
    where = f"{part(moved, len(rows))} pairs of judge and attribute" if len(rows) > 1 else "the one pair on screen"
    moves = (
        f"the {name} moves by 0.01 or more in {where}" if moved else f"the {name} moves by less than 0.01 everywhere"
    )
    top = rows.loc[rows["shift"].abs().idxmax()]
    most = (
        f" It moves most for {pair(study, top)}, from {top['released']:.2f} to {top['with_fix']:.2f}."
        if abs(top["shift"]) >= 0.005
        else ""
    )
    return f"Once {fixed} {'is' if error == ALL else 'are'} fixed, {moves}.{most}"


def where_finding(study: Study, bands: pd.DataFrame) -> str:
    """Say whether data errors come in runs: where the experts' stand, and the fullest band of any file.

    They do when a band holds at least ``RUN`` times the share of places that it would hold if they lay evenly.
    """
    if bands.empty:
        return "No data error was found in the files on screen."
    kinds = bands.groupby(["rater", "kind"]).agg(n=("n_cells", "sum"), first=("first", "min"), last=("last", "max"))
    many = kinds[kinds["n"] >= FEWEST_PLACES].reset_index()
    if many.empty:
        return "There are too few data errors of any kind on screen to say whether they come in runs."
    said = [
        f"In the experts' file all {row.n:,} places with {DATA_ERROR[row.kind].many} stand in {study.item.many} "
        f"{row.first:,} to {row.last:,}."
        for row in many[many["rater"] == HUMAN].itertuples()
    ]
    joined = bands.merge(many[["rater", "kind", "n"]], on=["rater", "kind"])
    top = joined.loc[joined["share"].idxmax()]
    if top["share"] < RUN * BAND / bands["last"].max():
        return f"No kind of data error on screen stands in a run of {study.item.many}."
    fullest = (
        f"{part(int(top['n_cells']), int(top['n']))} places with {DATA_ERROR[top['kind']].many} in the file of "
        f"{study.rater(top['rater'])} stand in {study.item.many} {top['first']:,} to {top['last']:,} alone."
    )
    return " ".join(["Data errors come in runs.", *said, fullest[0].upper() + fullest[1:]])


def unfixable_finding(totals: pd.DataFrame) -> str:
    """Say how many data errors nothing can fix, and which are most frequent."""
    left = (totals["n"] - totals["n_fixed"]).where(totals["kind"] != _HARMLESS, 0)
    by_kind = left.groupby(totals["kind"]).sum().sort_values(ascending=False, kind="stable")
    by_kind = by_kind[by_kind > 0]
    if by_kind.empty:
        return "Every data error on screen can be fixed."
    said = f"Nothing can fix {part(int(by_kind.sum()), int(totals['n'].sum()))} data errors: {_listed(by_kind)}."
    harmless = int(totals.loc[totals["kind"] == _HARMLESS, "n"].sum())
    return f"{said} {_listed(pd.Series({_HARMLESS: harmless}))} need no fix." if harmless > 1 else said


def contexts_finding(study: Study, differing: pd.DataFrame) -> str:
    """Say how many conversations differ between files, and how those that are others are shifted."""
    if differing.empty:
        return f"Every {study.item.one} on screen has the same {filled(study, '{message}')} in all files."
    same = int((differing["kind"] == _HARMLESS).sum())
    away = differing.loc[differing["kind"] != _HARMLESS, "away"]
    neighbours, nowhere = int((away.abs() == 1).sum()), int(away.isna().sum())
    return (
        f"{study.counted(len(differing))} {'differs' if len(differing) == 1 else 'differ'} between the experts' file "
        f"and the judges': {same} in small ways, {len(away)} by being another {study.item.one}. Of those "
        f"{neighbours} are one row away, and {nowhere} {'is' if nowhere == 1 else 'are'} nowhere in the judges' files."
    )


def _amid(name: str) -> str:
    """Write a name amid a sentence: only a name in capitals keeps them."""
    return name if name[1].isupper() else f"{name[0].lower()}{name[1:]}"


def _listed(by_kind: pd.Series) -> str:
    named = [
        counted(int(n), DATA_ERROR[str(kind)].one, DATA_ERROR[str(kind)].many) for kind, n in by_kind[:FIRST].items()
    ]
    others = int(by_kind[FIRST:].sum())
    return listed([*named, f"{others:,} others"] if others else named)
