"""The ratings of a few replies to one message, as every rater gave them."""

from collections.abc import Sequence

import pandas as pd

from analysis.settings import Settings
from data.benchmark import ATTRIBUTE_NAMES
from data.counts import under_policy
from data.release import Release


def ratings_of(release: Release, settings: Settings, conversation: int, models: Sequence[str]) -> pd.DataFrame:
    """Give the ratings of one conversation under the settings' rating policy.

    Returns
    -------
    pandas.DataFrame
        ``model, rater`` and the seven attributes: one row for each model asked for and each rater, in the order of the
        models and of the release; ratings 1-5, under ``as-released`` whatever was given, missing where none counts.
    """
    ratings = release.ratings
    rows = ratings[(ratings["conversation"] == conversation) & ratings["model"].isin(models)]
    counts = under_policy(rows["rating"].to_numpy(), rows["recovered"].to_numpy(), settings.ratings)
    table = rows.assign(counts=counts).pivot(index=["model", "rater"], columns="attribute", values="counts")
    places = pd.MultiIndex.from_product([models, ratings["rater"].cat.categories], names=["model", "rater"])
    ordered = table.astype(float).reindex(index=places, columns=list(ATTRIBUTE_NAMES))
    return _whole(ordered).rename_axis(columns=None).reset_index()


def _whole(ratings: pd.DataFrame) -> pd.DataFrame:
    """Keep whole ratings as whole numbers, of which some may be missing."""
    whole = {name: "Int64" for name, values in ratings.items() if (values.dropna() % 1 == 0).all()}
    return ratings.astype(whole)
