"""Single experts' ratings, where a study tells its experts apart, and judges' ratings laid out beside them."""

import numpy as np
import pandas as pd

from analysis.ratings.excluded import excluded_models
from analysis.ratings.needs import NeedsExpertsError, NeedsSingleExpertsError
from analysis.ratings.settings import Selection, Settings
from data.ratings import Ratings
from data.study import HUMAN, Study

# Of fewer nothing can be compared.
FEWEST_EXPERTS = 2


def single_experts(study: Study, ratings: Ratings | None, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the single experts' ratings that count.

    Parameters
    ----------
    study
        Names the experts.
    ratings
        Single ratings of the study; None where the source gives counts only.
    settings
        Rating policy, copied rows, replies by people. Items that are another in a judge's file are left out for that
        judge alone.
    selection
        Models and attributes.

    Returns
    -------
    pandas.DataFrame
        ``expert, model, attribute, cluster, rating``, one row for each rating. The categories of the first three are
        all experts and what is chosen; those of ``cluster`` are the conversations that an expert rated, as in
        :func:`analysis.ratings.pairs.pairs`, so that the same ones are drawn.

    Raises
    ------
    NeedsExpertsError
        The study has one rating for each reply.
    NeedsSingleExpertsError
        The source gives the experts' mean only.
    """
    if len(study.experts) < FEWEST_EXPERTS:
        raise NeedsExpertsError(study.pooled)
    if ratings is None or ratings.experts is None:
        raise NeedsSingleExpertsError
    long = ratings.experts
    cluster = long["conversation"].cat.codes.to_numpy()
    rated = long["as_released"].notna() | long["valid"].notna()
    rating = long[settings.ratings.replace("-", "_")]
    left_out = excluded_models(study, HUMAN, settings)
    kept = (
        rating.notna()
        & long["model"].isin(set(selection.models) - left_out)
        & long["attribute"].isin(selection.attributes)
        & ~(long["conversation"].isin(ratings.repeats["conversation"]) & (settings.repeated == "left-out"))
    ).to_numpy()
    keys = {"rater": study.experts, "model": selection.models, "attribute": selection.attributes}
    chosen = {name: long.loc[kept, name].cat.set_categories(list(known)) for name, known in keys.items()}
    frame = pd.DataFrame(chosen).rename(columns={"rater": "expert"})
    clusters = pd.Categorical(cluster[kept], np.unique(cluster[rated.to_numpy()]))
    return frame.assign(cluster=clusters, rating=rating[kept]).reset_index(drop=True)


def tells_experts_apart(ratings: Ratings | None) -> bool:
    """Tell whether single experts' ratings are at hand."""
    return ratings is not None and ratings.experts is not None


def laid_out(frame: pd.DataFrame, rater: str) -> np.ndarray:
    """Lay ratings of single replies out as an array of shape (rater, attribute, cluster, model), NaN where none is.

    ``rater`` is the column that says whose a rating is.
    """
    axes = (rater, "attribute", "cluster", "model")
    found = np.full([len(frame[axis].cat.categories) for axis in axes], np.nan)
    found[tuple(frame[axis].cat.codes.to_numpy() for axis in axes)] = frame["rating"]
    return found


def means_of_others(single: np.ndarray) -> np.ndarray:
    """Return for each expert the mean rating of the others who rated a reply; NaN where none did.

    ``single`` has the experts on its first axis, and so has what is returned.
    """
    given = ~np.isnan(single)
    n = given.sum(0) - given
    ratings = np.where(given, single, 0.0)
    return np.where(n > 0, (ratings.sum(0) - ratings) / np.maximum(n, 1), np.nan)
