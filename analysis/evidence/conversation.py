"""One conversation: its message as each file has it, every rating, what is wrong with ratings."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.evidence.conversations import judges_of
from analysis.ratings.excluded import excluded_models
from analysis.ratings.settings import Selection, Settings
from analysis.wording.vocabulary import RATING
from data.ratings import Ratings
from data.study import HUMAN, Study

# As a part of the scale: how far a judge is from the experts where a reader should see it first.
FAR = 1 / 2


class Version(NamedTuple):
    """One wording of a message, and the raters whose files have it."""

    raters: tuple[str, ...]
    text: str


def versions(ratings: Ratings, conversation: object) -> list[Version]:
    """Give a message in each wording that the files have, the experts' first where they have one."""
    rows = ratings.contexts[ratings.contexts["conversation"] == conversation]
    texts: dict[str, list[str]] = {}
    for rater, text in sorted(zip(rows["rater"], rows["context"], strict=True), key=lambda each: each[0] != HUMAN):
        texts.setdefault(text, []).append(rater)
    return [Version(tuple(raters), text) for text, raters in texts.items()]


def ratings_of(ratings: Ratings, conversation: object, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Give every rating of a conversation by the experts and the judges on screen.

    Returns
    -------
    pandas.DataFrame
        ``model, attribute, rater, rating, counted, compared, difference, reassured``: ``rating`` as the files have it,
        NaN where they have none; ``counted`` whether it counts under the rating policy; ``compared`` whether the rater
        is compared on that model; ``difference`` the judge's rating minus the experts', NaN unless both count and are
        compared; ``reassured`` whether the experts' is ``low`` or less and the judge's ``high`` or more.
    """
    study, long = ratings.study, ratings.long
    raters = [HUMAN, *judges_of(selection)]
    rows = long[(long["conversation"] == conversation).to_numpy()]
    kept = rows["rater"].isin(raters) & rows["attribute"].isin(selection.attributes)
    rows = rows[kept & rows["model"].isin(selection.models)]
    usable = rows[settings.ratings.replace("-", "_")]
    left_out = {rater: excluded_models(study, rater, settings) for rater in raters}
    if settings.contexts == "left-out":
        another = [rater for rater in raters if conversation in ratings.different(rater)]
        left_out |= dict.fromkeys(another, frozenset(study.system_keys))
    table = rows[["model", "attribute", "rater"]].assign(
        # What counts, or else what was written: several experts' mean can be another under either policy.
        rating=usable.fillna(rows["as_released"]).fillna(rows["valid"]),
        counted=usable.notna(),
        compared=[model not in left_out[rater] for rater, model in zip(rows["rater"], rows["model"], strict=True)],
        usable=usable,
    )
    experts = table.loc[table["rater"] == HUMAN, ["model", "attribute", "usable"]]
    table = table.merge(experts, on=["model", "attribute"], how="left", suffixes=("", "_human"))
    judged = (table["rater"] != HUMAN) & table["compared"]
    poor, good = table["usable_human"] <= settings.low, table["usable"] >= settings.high
    return table.assign(
        difference=(table["usable"] - table["usable_human"]).where(judged), reassured=judged & poor & good
    ).drop(columns=["usable", "usable_human"])


def wide_ratings(ratings: Ratings, conversation: object, settings: Settings, models: Sequence[str]) -> pd.DataFrame:
    """Lay the ratings of some models' replies out: a row for each model and rater, a column for each attribute.

    Returns
    -------
    pandas.DataFrame
        ``model, rater`` and the attributes, in the order of ``models`` and of the raters; ratings under the rating
        policy, missing where none counts.
    """
    study = ratings.study
    chosen = Selection.of(study, models=models)
    given = ratings_of(ratings, conversation, settings, chosen)
    counted = given.assign(rating=given["rating"].where(given["counted"]))
    table = counted.pivot(index=["model", "rater"], columns="attribute", values="rating")
    places = pd.MultiIndex.from_product([models, study.raters], names=["model", "rater"])
    ordered = table.astype(float).reindex(index=places, columns=list(study.attribute_names))
    # Whole ratings stay whole numbers, also where some are missing.
    whole = {name: "Int64" for name, values in ordered.items() if (values.dropna() % 1 == 0).all()}
    return ordered.astype(whole).rename_axis(columns=None).reset_index()


def matrix(study: Study, ratings: pd.DataFrame, attribute: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay the ratings of :func:`ratings_of` on one attribute out: a row for each model, a column for each rater.

    Returns
    -------
    tuple
        What each cell says in words, and the key of ``RATING`` that it is marked by, empty where it is not.
    """
    far = FAR * study.scale.width
    rows = ratings[ratings["attribute"] == attribute]
    marked = [_mark(row, far) for _, row in rows.iterrows()]
    said = [_say(row, mark) for (_, row), mark in zip(rows.iterrows(), marked, strict=True)]
    placed = rows.assign(said=said, mark=marked, model=rows["model"].map(study.system), rater=rows["rater"].astype(str))
    words, marks = (
        placed.pivot(index="model", columns="rater", values=name).loc[
            placed["model"].unique(), [rater for rater in study.rater_labels if rater in set(placed["rater"])]
        ]
        for name in ("said", "mark")
    )
    return tuple(
        each.rename(columns=study.rater_labels).rename_axis(index="Model", columns=None) for each in (words, marks)
    )


def errors_of(ratings: Ratings, conversation: object, selection: Selection) -> list[str]:
    """Say what is wrong with the ratings of a conversation on screen, one error after another, raw values and all."""
    study, ledger = ratings.study, ratings.ledger
    ledger = ledger[ledger["conversation"] == conversation]
    kept = ledger["rater"].isin((HUMAN, *judges_of(selection))) & ledger["model"].isin(selection.models)
    ledger = ledger[kept & ledger["attribute"].isin(("", *selection.attributes))]
    return [
        f"{study.rater(row.rater)} on {study.system(row.model)}, {row.attribute or 'the whole cell'}: {row.error}. "
        f"Under “as released” it is {row.as_released}, under “valid only” {row.valid}."
        + (f"\nThe file holds: {row.raw}" if row.raw else "")
        for row in ledger.itertuples()
    ]


def _mark(row: pd.Series, far: float) -> str:
    if row["reassured"]:
        return "reassured"
    return "apart" if abs(row["difference"]) >= far else ""


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
