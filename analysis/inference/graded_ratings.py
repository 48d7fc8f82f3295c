r"""Ratings as cut normal components: what made studies are drawn from, so that they have the figures of one at hand.

An expert's rating of the reply to item i by system s is a normal sum, cut into the points of the scale (the graded
response model with normal ogives; Samejima 1969), and so is the judge's, whose level follows what the experts see:

.. math::
    q_{si} = \mu_s + c_i + r_{si}, \qquad x_{sie} = q_{si} + e_{sie}, \qquad
    y_{si} = \nu_s + b_{k(q)} + d_i + t_{si}, \qquad rating = v_k \text{ where } \tau_k < x \le \tau_{k+1}

with levels :math:`\mu_s, \nu_s` of the systems, components of the item (what replies to it have in common), of the
reply within it, and, where experts are told apart, of a single expert; :math:`k(q)` is the rating that q leads to. The
variances of c, r and e add up to 1, and so do those of d and t. Cuts, levels and :math:`b` are those at which the share
of every point, the mean of every system, and the judge's mean at every rating of the experts are as they were rated.
Variances are those at which the covariances of the cut ratings are as they were.

References
----------
Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores. Psychometrika Monograph
Supplement, 17.
Brennan, R. L. (2001). Generalizability Theory, chapters 3 and 9. Springer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import ndtr, ndtri

# A level that no rating tells apart from the next: all ratings are at one end.
_FURTHEST = 8.0
# Halvings of a range; the last is below what a rating tells.
_HALVINGS = 45
_ROUNDS = 40
# Places at which a normal component is looked at, each as likely as the next.
_PLACES = ndtri((np.arange(1000) + 0.5) / 1000)
# Items whose ratings show what a variance of the judge's items leads to.
_ITEMS = 4_000
_LARGEST = 0.999
# What experts have in common at least: with nothing in common there is nothing to follow.
_LEAST = 0.01


@dataclass(frozen=True)
class Graded:
    """A rater's ratings: the ``points`` that can be given, the ``cuts`` between them, and the ``level`` of systems."""

    points: np.ndarray
    cuts: np.ndarray
    level: np.ndarray

    def place(self, seen: np.ndarray) -> np.ndarray:
        """Return the place among the points of what is seen, levels included."""
        return np.searchsorted(self.cuts, seen)

    def cut(self, seen: np.ndarray) -> np.ndarray:
        """Return the ratings of what is seen."""
        return self.points[self.place(seen)]

    def expected(self, seen: np.ndarray, spread: float = 1.0) -> np.ndarray:
        """Return the mean rating where a normal component of this standard deviation is still to come."""
        if not spread:
            return self.cut(seen)
        return self.points[0] + ndtr((seen[..., None] - self.cuts) / spread) @ np.diff(self.points)


@dataclass(frozen=True)
class Components:
    """What ratings of experts and a judge are made of.

    Attributes
    ----------
    expert, judge
        Cuts and levels of a single expert (or of the experts' one rating), and of the judge.
    follows
        What the judge adds to a reply by the rating that the experts see it at, one for each of their points.
    item, judge_item
        Variances of what replies to one item have in common, for the experts and for the judge.
    alone
        Variance of what a single expert sees alone; 0 where experts are not told apart.
    """

    expert: Graded
    judge: Graded
    follows: np.ndarray
    item: float
    judge_item: float = 0.0
    alone: float = 0.0

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return self.expert.level.shape[-1]

    @property
    def levels(self) -> np.ndarray:
        """The levels of the systems: shape (..., systems, 2), experts first."""
        return np.stack([self.expert.level, self.judge.level], axis=-1)

    def of_systems(self, levels: np.ndarray) -> "Components":
        """Return the same components of other systems, by their levels."""
        expert, judge = (
            replace(each, level=levels[..., place]) for place, each in enumerate((self.expert, self.judge))
        )
        return replace(self, expert=expert, judge=judge)

    def drawn(self, random: np.random.Generator, items: int, experts: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw ratings of items: the mean of so many experts, and the judge's, each (..., systems, items)."""
        shape = self.expert.level.shape

        def component(variance: float, *size: int) -> np.ndarray:
            return np.sqrt(variance) * random.standard_normal((*size, items))

        seen = self.expert.level[..., None] + component(self.item, *shape[:-1], 1)
        seen = seen + component(max(1 - self.item - self.alone, 0.0), *shape)
        if self.alone:
            human = np.mean([self.expert.cut(seen + component(self.alone, *shape)) for _ in range(experts)], axis=0)
        else:
            human = self.expert.cut(seen)
        judged = self.judge.level[..., None] + self.follows[self.expert.place(seen)]
        judged = judged + component(self.judge_item, *shape[:-1], 1) + component(1 - self.judge_item, *shape)
        return human, self.judge.cut(judged)


@dataclass(frozen=True)
class Found:
    """What the components of ratings are found by.

    Attributes
    ----------
    expert_points, judge_points
        The points that were given, ascending.
    expert, judge
        How often each was given to each system: shape (systems, points).
    followed
        The judge's mean at each of the experts' points.
    both
        Covariance of an expert and the judge on one reply, about the systems' means.
    item, judge_item
        Covariance of replies by two systems to one item, by the experts and by the judge.
    experts
        Covariance of two experts on one reply; None where they are not told apart.
    """

    expert_points: np.ndarray
    judge_points: np.ndarray
    expert: np.ndarray
    judge: np.ndarray
    followed: np.ndarray
    both: float
    item: float
    judge_item: float
    experts: float | None = None


def fitted(found: Found) -> Components:
    """Return the components that give these shares, means and covariances."""
    expert = _expert(found)
    shared = 1.0 if found.experts is None else max(_correlation(expert, found.experts, same=True), _LEAST)
    item = min(max(_correlation(expert, found.item, same=False), 0.0), shared)
    judge, follows = _judge(found, expert, shared)
    made = Components(expert, judge, follows, item, alone=1.0 - shared)

    def covariance(variance: np.ndarray) -> np.ndarray:
        _, judged = replace(made, judge_item=float(variance)).drawn(np.random.default_rng(0), _ITEMS, 1)
        return np.asarray(between_systems(judged - judged.mean(1, keepdims=True)))

    several = made.systems > 1 and len(judge.points) > 1
    its = float(_rising(covariance, np.asarray(found.judge_item), (0.0, _LARGEST), 12)) if several else 0.0
    return replace(made, judge_item=its)


def between_systems(apart: np.ndarray) -> float:
    """Return the covariance of replies by two systems to one item, from deviations of shape (systems, items)."""
    systems, items = apart.shape
    return float(((apart.sum(0) ** 2).sum() - (apart**2).sum()) / (items * systems * (systems - 1)))


def _expert(found: Found) -> Graded:
    """Return the experts' cuts and levels."""
    n, means = _sizes_and_means(found.expert, found.expert_points)
    below = np.cumsum(found.expert.sum(0))[:-1] / n.sum()
    made = Graded(found.expert_points, ndtri(below), np.zeros(len(n)))
    for _ in range(_ROUNDS):
        level = _rising(made.expected, means)
        made = Graded(made.points, _rising(partial(_share_below, n, level[:, None], 1.0), below), level)
    return made


def _judge(found: Found, expert: Graded, shared: float) -> tuple[Graded, np.ndarray]:
    """Return the judge's cuts and levels, and how it follows the experts, whose ratings have this part in common."""
    n, means = _sizes_and_means(found.judge, found.judge_points)
    below = np.cumsum(found.judge.sum(0))[:-1] / n.sum()
    seen = expert.level[:, None] + np.sqrt(shared) * _PLACES
    place = expert.place(seen)
    # The share of each place among a system's replies, and an expert's mean rating there.
    share = np.stack([(place == each).mean(1) for each in range(len(expert.points))], axis=-1)
    rated = expert.expected(seen, float(np.sqrt(1 - shared)))
    apart = np.stack([np.where(place == each, rated, 0.0).mean(1) for each in range(len(expert.points))], axis=-1)
    apart = apart - rated.mean(1, keepdims=True) * share
    there = n @ share > 0
    middle = np.append(expert.cuts[:1], expert.cuts) / 2 + np.append(expert.cuts, expert.cuts[-1:]) / 2
    level, cuts, follows = np.zeros(len(n)), ndtri(below), np.zeros(len(expert.points))

    points = found.judge_points

    def at_ratings(level: np.ndarray, cuts: np.ndarray, follows: np.ndarray) -> np.ndarray:
        its = share * _expected(points, cuts, level, follows)
        return n @ its / np.where(there, n @ share, 1.0)

    def together(level: np.ndarray, cuts: np.ndarray, slope: np.ndarray) -> np.ndarray:
        its = apart * _expected(points, cuts, level, slope * middle)
        return np.asarray(n @ its.sum(1) / n.sum())

    def of_systems(cuts: np.ndarray, follows: np.ndarray, level: np.ndarray) -> np.ndarray:
        return np.asarray((share * _expected(points, cuts, level, follows)).sum(1))

    for _ in range(_ROUNDS):
        if found.experts is None:
            follows = _rising(partial(at_ratings, level, cuts), found.followed)
        else:
            follows = middle * _rising(partial(together, level, cuts), np.asarray(found.both))
        follows = np.where(there, follows - np.average(follows, weights=n @ share), 0.0)
        level = _rising(partial(of_systems, cuts, follows), means)
        cuts = _rising(partial(_share_below, n, level[:, None] + follows, share), below)
    return Graded(found.judge_points, cuts, level), follows


def _expected(points: np.ndarray, cuts: np.ndarray, level: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Return the judge's mean rating of each system's replies at each of the experts' points."""
    return Graded(points, cuts, level).expected(level[:, None] + follows)


def _share_below(n: np.ndarray, seen: np.ndarray, share: np.ndarray | float, cuts: np.ndarray) -> np.ndarray:
    """Return the share of ratings below each cut; levels seen, and their share in each system, on the second axis."""
    below = (np.asarray(share)[..., None] * ndtr(cuts - seen[..., None])).sum(1)
    return np.asarray(n @ below / n.sum())


def _sizes_and_means(counts: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = counts.sum(1)
    return n, counts @ points / n


def _correlation(rater: Graded, wanted: float, *, same: bool) -> float:
    """Return the correlation of normal components at which cut ratings by one kind of rater have a covariance.

    It is that of two raters on one reply (``same``), or the mean over replies of two systems to one item, 0 where there
    are no two systems.
    """
    if not same and len(rater.level) < 2:
        return 0.0
    given = rater.cut(rater.level[:, None] + _PLACES)
    given = given - given.mean(1, keepdims=True)

    def covariance(by: np.ndarray) -> np.ndarray:
        seen = rater.level[:, None] + by * _PLACES
        each = given @ rater.expected(seen, float(np.sqrt(1 - by**2))).T / len(_PLACES)
        own = np.trace(each)
        return np.asarray(own / len(each) if same else (each.sum() - own) / (len(each) * (len(each) - 1)))

    return float(_rising(covariance, np.asarray(wanted), (-_LARGEST, _LARGEST)))


def _rising(
    function: Callable[[np.ndarray], np.ndarray],
    wanted: np.ndarray,
    ends: tuple[float, float] = (-_FURTHEST, _FURTHEST),
    halvings: int = _HALVINGS,
) -> np.ndarray:
    """Return where a rising function of each value is what is wanted, by halving."""
    low, high = (np.full(np.shape(wanted), end) for end in ends)
    for _ in range(halvings):
        middle = (low + high) / 2
        short = function(middle) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2
