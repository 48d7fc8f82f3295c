"""Sums over the attributes of a reply: what correlations between attributes are made of, as counts cannot give them.

Counts lay one attribute of experts and judge side by side; here all attributes of a reply stand together. Sums add up
as counts do: over blocks of conversations every correlation is the same as over single ones.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data.counts import RATED, clusters_of
from data.ratings import Ratings
from data.study import HUMAN, Study

# Why a row may be left out, conversation by conversation: the marks that counts have too.
FLAGS = ("different", "repeated")
KEYS = ("judge", "model", "cluster", *FLAGS, "policy")
COUNTS = ("n", "same_human", "same_rating")
# Replies that both policies rate alike stand once, under "both"; each policy's sums are those and its own.
POLICIES = ("both", *RATED)
_WHOLE = {"as-released": "as_released", "valid": "valid"}


def moment_names(attributes: int) -> tuple[str, ...]:
    """Name the sums of a study with so many attributes: of each rating (``s0``), and of each product (``p0_1``).

    Ratings are numbered: the experts' in the order of the attributes, then the judge's.
    """
    places = range(2 * attributes)
    return (*(f"s{i}" for i in places), *(f"p{i}_{j}" for i in places for j in places[i:]))


def sum_moments(ratings: Ratings, *, blocks: int | None = None) -> pd.DataFrame:
    """Add up the ratings of replies that both the experts and a judge rated on every attribute, and their products.

    Parameters
    ----------
    ratings
        Every rating, and the conversations that differ between files.
    blocks
        How many clusters the conversations make, as :func:`data.counts.count_pairs` draws them.

    Returns
    -------
    pandas.DataFrame
        ``KEYS``, ``COUNTS`` and :func:`moment_names`: how many replies (``n``) of a judge, model and cluster, to how
        many of them the experts (``same_human``) and the judge (``same_rating``) gave one rating on all attributes, the
        sum of each rating and of each product of two. Only what has a reply has a row. ``policy`` is ``both`` for
        replies with the same ratings under either policy, else the one that they are rated so under.
    """
    study = ratings.study
    clusters = clusters_of(ratings.conversations, blocks)
    experts = {policy: _ratings_of(ratings, HUMAN, policy) for policy in RATED}
    keys, sums = [], []
    for place, judge in enumerate(study.judge_keys):
        rated = {
            policy: np.concatenate([experts[policy], _ratings_of(ratings, judge, policy)], axis=-1) for policy in RATED
        }
        flags = _flags(ratings, judge)
        for policy, kept in _apart(rated):
            conversation, model = np.nonzero(kept)
            of_each = [np.full_like(model, place), model, clusters[conversation], *flags[:, conversation]]
            of_each.append(np.full_like(model, POLICIES.index(policy)))
            groups, group = np.unique(np.column_stack(of_each).astype(np.int32), axis=0, return_inverse=True)
            keys.append(groups)
            sums.append(_added_up(rated["valid" if policy == "both" else policy][kept], group.ravel(), len(groups)))
    return laid_out(study, np.concatenate(keys), np.concatenate(sums))


def laid_out(study: Study, keys: np.ndarray, sums: np.ndarray) -> pd.DataFrame:
    """Make the table of :func:`sum_moments` of the places of its keys, and of its counts and sums, row by row."""
    # Rows of both policies first: the others are few, and like rows beside each other take little room in a file.
    order = np.lexsort([*keys.T[-2::-1], keys[:, -1]])
    placed = dict(zip(KEYS, keys[order].T, strict=True))
    named = {"judge": study.judge_keys, "model": study.system_keys, "policy": POLICIES}
    held = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(codes, list(named[name])) if name in named else codes
            for name, codes in placed.items()
        }
    ).astype({"cluster": "int32", **dict.fromkeys(FLAGS, "bool")})
    made = pd.DataFrame(sums[order], columns=[*COUNTS, *moment_names(len(study.attributes))])
    return pd.concat([held, made.astype(dict.fromkeys(COUNTS, "int32"))], axis=1)


def _ratings_of(ratings: Ratings, rater: str, policy: str) -> np.ndarray:
    """Lay one rater's ratings out by conversation, model and attribute; NaN where there is none."""
    rows = ratings.long[ratings.long["rater"] == rater]
    laid = np.full((len(ratings.conversations), len(ratings.study.systems), len(ratings.study.attributes)), np.nan)
    place = tuple(rows[name].cat.codes.to_numpy() for name in ("conversation", "model", "attribute"))
    laid[place] = rows[_WHOLE[policy]].to_numpy()
    return laid


def _flags(ratings: Ratings, judge: str) -> np.ndarray:
    """Mark the conversations that may be left out: shape (``FLAGS``, conversations)."""
    marked = {"different": ratings.different(judge), "repeated": set(ratings.repeats["conversation"])}
    found = [[each in marked[name] for each in ratings.conversations] for name in FLAGS]
    return np.array(found, dtype=bool).reshape(len(FLAGS), len(ratings.conversations))


def _apart(rated: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Mark the replies that are rated on everything: alike under both policies, and under each alone."""
    first, second = rated.values()
    alike = (first == second).all(-1)
    yield "both", alike
    for policy, values in rated.items():
        yield policy, ~np.isnan(values).any(-1) & ~alike


def _added_up(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Add up replies by group: ``COUNTS`` and :func:`moment_names` of each; ``values`` holds the 2k ratings of each."""
    width = values.shape[1]
    human, judge = np.split(values, 2, axis=1)
    columns = (np.ones(len(values)), *((rated == rated[:, :1]).all(1) for rated in (human, judge)), *values.T)
    products = (values[:, i] * values[:, j] for i in range(width) for j in range(i, width))
    return np.column_stack([np.bincount(group, each, groups) for each in (*columns, *products)])
