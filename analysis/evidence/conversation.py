"""One conversation: its message as each file has it, every rating, what is wrong with ratings."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.evidence.conversations import judges_of
from analysis.ratings.settings import Selection, Settings, excluded_models
from analysis.wording.vocabulary import MODEL_LABEL, RATER_LABEL, RATING
from data.counts import under_policy
from data.mentalalign import ATTRIBUTE_NAMES, HUMAN
from data.released.release import Release

# Points between a judge and the experts from which a reader should see it first.
FAR = 2


class Version(NamedTuple):
    """One wording of a message, and the raters whose files have it."""

    raters: tuple[str, ...]
    text: str


def versions(release: Release, number: int) -> list[Version]:
    """Give a message in each wording that the files have, the experts' first where they have one."""
    rows = release.contexts[release.contexts["conversation"] == number]
    texts: dict[str, list[str]] = {}
    for rater, text in sorted(zip(rows["rater"], rows["context"], strict=True), key=lambda each: each[0] != HUMAN):
        texts.setdefault(text, []).append(rater)
    return [Version(tuple(raters), text) for text, raters in texts.items()]


def ratings_of(release: Release, number: int, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Give every rating of a conversation by the experts and the judges on screen.

    Returns
    -------
    pandas.DataFrame
        ``model, attribute, rater, rating, counted, compared, difference, reassured``: ``rating`` as the files have it,
        NaN where they have none; ``counted`` whether it counts under the rating policy; ``compared`` whether the rater
        is compared on that model; ``difference`` the judge's rating minus the experts', NaN unless both count and are
        compared; ``reassured`` whether the experts' is ``low`` or less and the judge's ``high`` or more.
    """
    raters = [HUMAN, *judges_of(selection)]
    ratings = release.ratings[release.ratings["conversation"].to_numpy() == number]
    kept = ratings["rater"].isin(raters) & ratings["attribute"].isin(selection.attributes)
    ratings = ratings[kept & ratings["model"].isin(selection.models)]
    usable = under_policy(ratings["rating"].to_numpy(), ratings["recovered"].to_numpy(), settings.ratings)
    left_out = {rater: excluded_models(rater, settings) for rater in raters}
    compared = [model not in left_out[rater] for rater, model in zip(ratings["rater"], ratings["model"], strict=True)]
    if settings.contexts == "left-out" and number in release.different:
        compared = [False] * len(ratings)
    table = ratings[["model", "attribute", "rater", "rating"]].assign(
        counted=~np.isnan(usable), compared=compared, usable=usable
    )
    experts = table.loc[table["rater"] == HUMAN, ["model", "attribute", "usable"]]
    table = table.merge(experts, on=["model", "attribute"], how="left", suffixes=("", "_human"))
    judged = (table["rater"] != HUMAN) & table["compared"]
    poor, good = table["usable_human"] <= settings.low, table["usable"] >= settings.high
    return table.assign(
        difference=(table["usable"] - table["usable_human"]).where(judged), reassured=judged & poor & good
    ).drop(columns=["usable", "usable_human"])


def wide_ratings(release: Release, number: int, settings: Settings, models: Sequence[str]) -> pd.DataFrame:
    """Lay the ratings of some models' replies out: a row for each model and rater, a column for each attribute.

    Returns
    -------
    pandas.DataFrame
        ``model, rater`` and the seven attributes, in the order of ``models`` and of the raters; ratings 1-5, under
        ``as-released`` whatever was given, missing where none counts under the rating policy.
    """
    everyone = tuple(release.ratings["rater"].cat.categories)
    chosen = Selection(judges=tuple(rater for rater in everyone if rater != HUMAN), models=tuple(models))
    ratings = ratings_of(release, number, settings, chosen)
    counted = ratings.assign(rating=ratings["rating"].where(ratings["counted"]))
    table = counted.pivot(index=["model", "rater"], columns="attribute", values="rating")
    places = pd.MultiIndex.from_product([models, everyone], names=["model", "rater"])
    ordered = table.astype(float).reindex(index=places, columns=list(ATTRIBUTE_NAMES))
    # Whole ratings stay whole numbers, also where some are missing.
    whole = {name: "Int64" for name, values in ordered.items() if (values.dropna() % 1 == 0).all()}
    return ordered.astype(whole).rename_axis(columns=None).reset_index()


def matrix(ratings: pd.DataFrame, attribute: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay the ratings of :func:`ratings_of` on one attribute out: a row for each model, a column for each rater.

    Returns
    -------
    tuple
        What each cell says in words, and the key of ``RATING`` that it is marked by, empty where it is not.
    """
    rows = ratings[ratings["attribute"] == attribute]
    marked = [_mark(row) for _, row in rows.iterrows()]
    said = [_say(row, mark) for (_, row), mark in zip(rows.iterrows(), marked, strict=True)]
    placed = rows.assign(said=said, mark=marked, model=rows["model"].map(MODEL_LABEL), rater=rows["rater"].astype(str))
    words, marks = (
        placed.pivot(index="model", columns="rater", values=name).loc[
            placed["model"].unique(), [rater for rater in RATER_LABEL if rater in set(placed["rater"])]
        ]
        for name in ("said", "mark")
    )
    return _labelled(words), _labelled(marks)


def faults_of(release: Release, number: int, selection: Selection) -> list[str]:
    """Say what is wrong with the ratings of a conversation on screen, one fault after another, raw values and all."""
    ledger = release.ledger[release.ledger["conversation"] == number]
    kept = ledger["rater"].isin((HUMAN, *judges_of(selection))) & ledger["model"].isin(selection.models)
    ledger = ledger[kept & ledger["attribute"].isin(("", *selection.attributes))]
    return [
        f"{RATER_LABEL[row.rater]} on {MODEL_LABEL[row.model]}, {row.attribute or 'the whole cell'}: {row.fault}. "
        f"Under “as released” it is {row.as_released}, under “valid only” {row.valid}."
        + (f"\nThe file holds: {row.raw}" if row.raw else "")
        for row in ledger.itertuples()
    ]


def _labelled(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=RATER_LABEL).rename_axis(index="Model", columns=None)


def _mark(row: pd.Series) -> str:
    if row["reassured"]:
        return "reassured"
    return "apart" if abs(row["difference"]) >= FAR else ""


def _say(row: pd.Series, mark: str) -> str:
    rating, difference = row["rating"], row["difference"]
    if np.isnan(rating):
        return "missing"
    if not row["counted"]:
        return f"{rating:g}, not counted"
    if not row["compared"]:
        return f"{rating:g}, left out"
    if np.isnan(difference) or difference == 0:
        return f"{rating:g}"
    icon = f"{RATING[mark].icon} " if mark else ""
    # Held together in a narrow column: half of it would mislead.
    return f"{icon}{rating:g} ({difference:+g})".replace(" ", "\u00a0")
