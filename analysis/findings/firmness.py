"""What may be read from a figure, and what it rests on: level, preset, resampled studies, single models."""

import pandas as pd

from analysis.findings.words import listed, pair, percent
from analysis.vocabulary import MODEL_LABEL, RATER_LABEL, READING, look

# A shift of this much is a fifth of the way from Koo & Li's poor to their excellent, and more than rounding.
INFLUENTIAL = 0.1
FIRM = 0.9


_DRAWN = {
    "bootstrap-models": "models drawn anew",
    "bootstrap-conversations": "conversations drawn anew, and the same models,",
    "bootstrap-both": "models and conversations drawn anew",
    "exact-f": "models drawn anew",
}


def levels_finding(table: pd.DataFrame, coefficient: str, judge: str) -> str:
    """Say how far apart the two levels are for one judge."""
    wide = table.pivot(index="attribute", columns="level", values=coefficient)
    wide = wide.reindex(columns=["model", "response"]).dropna()
    name = RATER_LABEL[judge]
    if wide.empty:
        return f"The two levels of {name} cannot be compared: no attribute on screen has both coefficients."
    gap = wide["model"] - wide["response"]
    top = gap.idxmax()
    higher = f"on {top}" if len(wide) == 1 else f"in {int((gap > 0).sum())} of {len(wide)} attributes, by most on {top}"
    return (
        f"{name} follows the experts better on models than on single replies {higher}: "
        f"{wide.loc[top, 'model']:.2f} for models, {wide.loc[top, 'response']:.2f} for single replies."
        if gap[top] > 0
        else f"{name} follows the experts no better on models than on single replies."
    )


def preset_finding(paper: pd.DataFrame, recommended: pd.DataFrame) -> str:
    """Say how many readings on screen the recommended settings would change, and which way.

    A reading counts as changed when its word for the lower end (good, moderate, poor) is another.
    """
    both = paper[["judge", "attribute", "reading"]].merge(
        recommended[["judge", "attribute", "reading"]], on=["judge", "attribute"], suffixes=("", "_recommended")
    )
    both = both.dropna(subset=["reading", "reading_recommended"])
    if both.empty:
        return "The recommended settings cannot be compared: nothing on screen has a reading."
    before, after = (both[name].map(_height) for name in ("reading", "reading_recommended"))
    lower, higher = int((after < before).sum()), int((after > before).sum())
    if not lower + higher:
        return f"The recommended settings would change none of the {len(both)} readings on screen."
    return (
        f"The recommended settings would change {lower + higher} of the {len(both)} readings on screen: {lower} to a "
        f"lower word, {higher} to a higher one. They count valid ratings only, and read how high the whole interval "
        "lies, not how narrow it is."
    )


def _height(reading: str) -> int:
    """Order the words: poor, moderate, good (an excellent lower end is good too)."""
    return ("poor", "moderate", "good").index(look(reading).short.lower().replace("excellent", "good"))


def seed_finding(table: pd.DataFrame) -> str:
    """Say how many of the paper's tiers hang on the seed."""
    flips = table.dropna(subset="seed_flip_rate")
    if flips.empty:
        return "No tier of the paper can be made from what is on screen: its interval needs at least three models."
    worst = flips.loc[flips["seed_flip_rate"].idxmax()]
    if worst["seed_flip_rate"] == 0:
        return f"None of the {len(flips)} tiers changed between runs that differ in the seed only."
    return (
        f"Run twice with different seeds, the paper's procedure gives another tier to about "
        f"{flips['seed_flip_rate'].sum():.1f} of {len(flips)} cells; least firm is {pair(worst)}, which changes in "
        f"{percent(worst['seed_flip_rate'])} of pairs of runs."
    )


def stability_finding(table: pd.DataFrame, names: dict[str, str], interval: str) -> str:
    """Say how many readings a study with other models or messages would repeat.

    ``names`` maps columns of probabilities to readings; ``interval`` is that of the settings, which says what is drawn.
    """
    known = table.dropna(subset=list(names))
    if known.empty:
        return "How firm readings are cannot be told: nothing on screen can be resampled."
    probabilities = known[list(names)]
    top = probabilities.max(axis=1).round(2)
    least = known.loc[top.idxmin()]
    likely = names[str(probabilities.loc[top.idxmin()].idxmax())]
    return (
        f"{int((top >= FIRM).sum())} of {len(known)} readings are firm: {percent(FIRM)} or more of studies with "
        f"{_DRAWN[interval]} agree on them. Least firm is {pair(least)}, where the most likely reading, "
        f"{READING[likely].short.lower()}, comes out in {percent(top.min())} of them."
    )


def influence_finding(table: pd.DataFrame, coefficient: str) -> str:
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
        f"{pair(top)} moves most: {top[coefficient] - top[shift]:.2f} with {MODEL_LABEL[top['left_out']]}, "
        f"{top[coefficient]:.2f} without it."
    )
    if counts.empty:
        return f"No single model moves any of the {cells} coefficients by {INFLUENTIAL} or more. {most}"
    named = listed([f"{MODEL_LABEL[str(model)]} ({n})" for model, n in counts.items()])
    return (
        f"Models without which a coefficient moves by {INFLUENTIAL} or more, with in how many of the {cells} cells: "
        f"{named}. {most}"
    )
