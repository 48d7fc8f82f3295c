"""What may be read from a figure, and what it rests on: level, settings, resampled studies, single models."""

import pandas as pd

from analysis.findings.phrases import author, listed, pair, part, percent
from analysis.wording.filling import filled
from analysis.wording.vocabulary import READING
from data.study import Study

# A shift of this much is a fifth of the way from Koo & Li's poor to their excellent, and more than rounding.
INFLUENTIAL = 0.1
# So many models are named in one sentence.
NAMED = 3
ROBUST = 0.9

_ICC = {"icc_c1": "ICC(C,1)", "icc_a1": "ICC(A,1)"}
_DRAWN = {
    "bootstrap-models": "models resampled",
    "bootstrap-conversations": "{items} resampled",
    "bootstrap-both": "models and {items} resampled",
    "exact-f": "models resampled",
}


def levels_finding(study: Study, table: pd.DataFrame, coefficient: str, judge: str) -> str:
    """Say how far apart the two levels are for one judge."""
    wide = table.pivot(index="attribute", columns="level", values=coefficient)
    wide = wide.reindex(columns=["model", "response"]).dropna()
    name = study.rater(judge)
    if wide.empty:
        return f"The two levels of {name} cannot be compared: no attribute on screen has both coefficients."
    gap = wide["model"] - wide["response"]
    top = gap.idxmax()
    if gap[top] <= 0:
        return f"{name} follows the experts no better on models than on single replies."
    several = f"on {part(int((gap > 0).sum()), len(wide))} attributes, by most on {top}"
    where = f"on {top}" if len(wide) == 1 else several
    return (
        f"{name} follows the experts better on models than on single replies {where}: {_ICC[coefficient]} is "
        f"{wide.loc[top, 'model']:z.2f} for models and {wide.loc[top, 'response']:z.2f} for single replies."
    )


def seed_finding(study: Study, table: pd.DataFrame) -> str:
    """Say how many of the paper's tiers hang on the seed."""
    flips = table.dropna(subset="seed_flip_rate")
    if flips.empty:
        return "No tier of the paper can be made from what is on screen: its interval needs at least three models."
    worst = flips.loc[flips["seed_flip_rate"].idxmax()]
    if worst["seed_flip_rate"] == 0:
        return "No tier of the paper changed between runs that differ in the seed only."
    changes = f"changes in {percent(worst['seed_flip_rate'])} of pairs of runs"
    if len(flips) == 1:
        return (
            f"Run twice with different seeds, the paper's procedure moves the tier of {pair(study, worst)}: it "
            f"{changes}."
        )
    return (
        "Run twice with different seeds, the paper's procedure gives another tier to about "
        f"{flips['seed_flip_rate'].sum():.1f} of {len(flips)} cells. Least robust is {pair(study, worst)}, which "
        f"{changes}."
    )


def stability_finding(study: Study, table: pd.DataFrame, names: dict[str, str], interval: str) -> str:
    """Say how many readings a study with other models or messages would repeat.

    ``names`` maps columns of probabilities to readings; ``interval`` is that of the settings, which says what is drawn.
    """
    known = table.dropna(subset=list(names))
    if known.empty:
        return "The robustness of readings cannot be told: nothing on screen can be resampled."
    probabilities = known[list(names)]
    top = probabilities.max(axis=1).round(2)
    least = known.loc[top.idxmin()]
    likely = names[str(probabilities.loc[top.idxmin()].idxmax())]
    comes = f"the most likely reading, {READING[likely].short.lower()}, comes out in {percent(top.min())} of"
    drawn = filled(study, _DRAWN[interval])
    if len(known) == 1:
        stands = "is robust" if top.min() >= ROBUST else "is not robust"
        return f"The reading of {pair(study, least)} {stands}: {comes} studies with {drawn}."
    robust = int((top >= ROBUST).sum())
    are = "is" if robust == 1 else "are"
    return (
        f"{robust or 'None'} of the {len(known)} readings {are} robust: {percent(ROBUST)} or more of studies with "
        f"{drawn} agree. Least robust is {pair(study, least)}, where {comes} them."
    )


def influence_finding(study: Study, table: pd.DataFrame, coefficient: str) -> str:
    """Name the models without which a coefficient moves by ``INFLUENTIAL`` or more."""
    shift = f"shift_{coefficient.removeprefix('icc_')}"
    rows = table.dropna(subset=shift)
    if rows.empty:
        return "No model can be left out: nothing on screen has a coefficient with and without it."
    cells = len(rows[["judge", "attribute"]].drop_duplicates())
    size = rows[shift].abs()
    counts = rows.loc[size >= INFLUENTIAL, "left_out"].value_counts()
    top = rows.loc[size.idxmax()]
    most = (
        f"{pair(study, top)} moves most: {_ICC[coefficient]} is {top[coefficient] - top[shift]:z.2f} with "
        f"{author(study, top['left_out'])} and {top[coefficient]:z.2f} without it."
    )
    what = f"{_ICC[coefficient]} by {INFLUENTIAL} or more"
    if counts.empty:
        return f"No single model moves {what}{' in any cell' if cells > 1 else ''}. {most}"
    named = [f"{author(study, str(model))}{f' (in {n})' if cells > 1 else ''}" for model, n in counts[:NAMED].items()]
    others = [f"{len(counts) - NAMED} others"] if len(counts) > NAMED else []
    of = f" of {cells} cells" if cells > 1 else ""
    return f"One model alone can move {what}{of}: {listed([*named, *others])}. {most}"
