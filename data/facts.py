"""How much ratings hold of what tables need."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.contexts import DIFFERENT
from data.ratings import Ratings
from data.study import HUMAN, Study

REPLIES = ["judge", "replies", "matched", "without_experts", "without_judge", "different"]


@dataclass(frozen=True)
class Facts:
    """How much there is of what tables need.

    Attributes
    ----------
    items, systems, attributes, judges
        How many there are; ``items`` are those that an expert rates.
    experts
        How many are told apart; 1 where one rating stands for all of them.
    experts_per_item
        The fewest experts that rate any of the items.
    items_per_expert
        The fewest items that any of the experts rates.
    single_items
        Whether ratings of single items are at hand.
    texts
        Whether messages are at hand.
    explanations
        Whether reasons of judges are at hand.
    """

    items: int
    systems: int
    attributes: int
    judges: int
    experts: int
    experts_per_item: int
    items_per_expert: int
    single_items: bool
    texts: bool
    explanations: bool


def facts_of(ratings: Ratings) -> Facts:
    """Count what there is."""
    study = ratings.study
    single = ratings.long[ratings.long["rater"] == HUMAN] if ratings.experts is None else ratings.experts
    single = single.assign(rater=single["rater"].cat.remove_unused_categories())
    of_items = np.stack([rated.any(axis=1) for rated in _rated(single, study).values()])
    per_item = of_items.sum(axis=0)
    return Facts(
        items=int((per_item > 0).sum()),
        systems=len(study.systems),
        attributes=len(study.attributes),
        judges=len(study.judges),
        experts=len(of_items),
        experts_per_item=int(per_item[per_item > 0].min(initial=len(of_items))),
        items_per_expert=int(of_items.sum(axis=1).min()),
        single_items=True,
        texts=len(ratings.contexts) > 0,
        explanations=len(ratings.explanations) > 0,
    )


def paired_replies(ratings: Ratings) -> pd.DataFrame:
    """Count by judge the replies that it rates, with the experts and without, and its messages that differ."""
    rated = _rated(ratings.long, ratings.study)
    experts = rated[HUMAN]
    messages = ratings.differing[ratings.differing["error"] == DIFFERENT]["rater"]
    return pd.DataFrame(
        [
            (
                judge,
                int(rated[judge].sum()),
                int((rated[judge] & experts).sum()),
                int((rated[judge] & ~experts).sum()),
                int((experts & ~rated[judge]).sum()),
                int((messages == judge).sum()),
            )
            for judge in ratings.study.judge_keys
            if judge in rated
        ],
        columns=REPLIES,
    )


def _rated(ratings: pd.DataFrame, study: Study) -> dict[str, np.ndarray]:
    """Mark by rater which replies have a rating: arrays of (items, systems)."""
    raters = list(ratings["rater"].cat.categories)
    numbers = ratings["as_released"].to_numpy().reshape(len(raters), -1, len(study.systems), len(study.attributes))
    return dict(zip(raters, (~np.isnan(numbers)).any(axis=3), strict=True))
