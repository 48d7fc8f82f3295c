r"""How a judge agrees with itself: asked again, at another time, and with a change that means nothing.

A run is what a judge says of every reply once. Runs with nothing changed are compared each with each; any other run (at
another time, with words without content, in another order) with the first. Of every pair of runs of a reply:

.. math::
    \text{flip rate} = P(J' \ne J), \qquad \text{mean change} = \overline{J' - J}, \qquad
    \text{retest ICC} = ICC(A,1) \text{ of } J \text{ and } J'

and, of the replies that the experts rated too (E), whether the judge has moved away from them:

.. math::
    \text{change in agreement} = ICC(A,1) \text{ of } J' \text{ and } E - ICC(A,1) \text{ of } J \text{ and } E

The retest ICC is the coefficient by which single replies are held against the experts. A judge that gives another
rating each time has an error of its own, and its agreement with anybody else cannot be expected to pass that with
itself.

References
----------
Koo, T. K., & Li, M. Y. (2016). A guideline of selecting and reporting intraclass correlation coefficients for
reliability research. Journal of Chiropractic Medicine, 15(2), 155-163. (Test-retest reliability: absolute agreement.)
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, squares_of_replies
from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import over_clusters
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_share
from analysis.ratings.columns import CELL
from analysis.ratings.pairs import add_up
from analysis.ratings.settings import Selection, Settings
from data.ratings import FIRST_RUN, Ratings
from data.study import Study

# What is probed by two runs that were asked alike.
NONE = "none"

PROBE = Column.key(
    "probe", "Probe", "probe", note="`none` between runs that were asked alike; else the name of the run that was not."
)
N_RUN_PAIRS = Column.count("n_run_pairs", "Pairs of runs", "n_run_pairs", note="Of replies, over all pairs of runs.")
FLIP_RATE = Estimate.of("flip_rate", "Flip rate", "flip_rate", ".0%", "0 to 1", ends="clustered_share", short="Flips")
MEAN_CHANGE = Estimate.of(
    "mean_change", "Mean change", "mean_change", "+.2f", "points of the scale", ends="clustered", short="Change"
)
RETEST = Estimate.of(
    "retest_a1", "Retest ICC(A,1)", "retest_a1", ".2f", "up to 1", ends="bootstrap-conversations", short="Retest"
)
N_WITH_EXPERTS = Column.count("n_with_experts", "Pairs with experts", "n_with_experts")
BEFORE = Column.estimate("before_a1", "Agreement before", "before_a1", ".2f", "up to 1")
CHANGE = Estimate.of(
    "change_a1",
    "Change in agreement",
    "change_a1",
    "+.2f",
    "up to 1",
    ends="bootstrap-conversations",
    short="Agreement",
)
DECLARED = (*CELL, PROBE, N_RUN_PAIRS, *FLIP_RATE, *MEAN_CHANGE, *RETEST, N_WITH_EXPERTS, BEFORE, *CHANGE)
COLUMNS = names(DECLARED)
_NAMED = ("judge", "model", "attribute")
_AXES = ("judge", "attribute", "probe")


def runs(study: Study, ratings: Ratings, rated: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Take the pairs of runs of each reply.

    Parameters
    ----------
    study
        Names the judges.
    ratings
        Single ratings of the study, of a judge that was asked more than once.
    rated
        What the experts rated too, as :func:`analysis.ratings.pairs.pairs` gives it.
    settings
        The rating policy.
    selection
        Judges, models and attributes.

    Returns
    -------
    pandas.DataFrame
        ``judge, probe, model, attribute, cluster, earlier, later, experts``, one row a reply and pair of runs;
        ``experts`` is NaN where the settings hold no expert's rating against the judge's.
    """
    retests = ratings.retests
    valid = settings.ratings == "valid"
    if valid:
        retests = retests[study.scale.holds(retests["rating"].to_numpy(dtype=float))]
    first = ratings.long.rename(columns={"rater": "judge"}).assign(run=FIRST_RUN)
    first["rating"] = first["valid" if valid else "as_released"]
    keys = ["judge", "conversation", "model", "attribute"]
    first = first[first["judge"].isin(set(retests["judge"]))]
    every = pd.concat([each[[*keys, "run", "rating"]].astype(dict.fromkeys(_NAMED, str)) for each in (first, retests)])
    wide = every.dropna(subset="rating").pivot(index=keys, columns="run", values="rating")
    alike = sorted((run for run in wide if run.isdecimal()), key=int)
    compared = [(NONE, *pair) for pair in combinations(alike, 2)]
    compared += [(run, FIRST_RUN, run) for run in wide if not run.isdecimal()]
    parts = [
        wide[[before, after]].dropna().set_axis(["earlier", "later"], axis=1).reset_index().assign(probe=probe)
        for probe, before, after in compared
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[
        frame["judge"].isin(selection.judges)
        & frame["model"].isin(selection.models)
        & frame["attribute"].isin(selection.attributes)
    ]
    judges = [judge for judge in selection.judges if judge in set(retests["judge"])]
    orders = {
        "judge": judges,
        "probe": list(dict.fromkeys(probe for probe, *_ in compared)),
        "model": selection.models,
        "attribute": selection.attributes,
    }
    cluster = pd.Index(ratings.conversations).get_indexer(frame["conversation"])
    reply = ["judge", "model", "attribute", "cluster"]
    known = rated[[*reply, "human"]].astype({**dict.fromkeys(_NAMED, str), "cluster": int})
    frame = frame.assign(cluster=cluster).merge(known, how="left", on=reply).rename(columns={"human": "experts"})
    ordered = {name: pd.Categorical(frame[name], list(order)) for name, order in orders.items()}
    # ``add_up`` counts replies by ``n``; here each row is one.
    return frame.assign(**ordered, cluster=pd.Categorical(frame["cluster"], range(len(ratings.conversations))), n=1)


def consistency_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compare runs of every judge and attribute.

    Parameters
    ----------
    frame
        As :func:`runs` gives it.
    settings
        Resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and probe:

        - ``probe``: ``none``, or what a run with a change is called.
        - ``n_run_pairs``: pairs of runs of replies.
        - ``flip_rate``: the share of them with two different ratings (0-1), Wilson's interval, clustered.
        - ``mean_change``: the later rating less the earlier (points), clustered by conversation.
        - ``retest_a1``: ICC(A,1) of both ratings, percentile interval over conversations.
        - ``n_with_experts``: pairs of runs of replies that the experts rated.
        - ``before_a1``: ICC(A,1) of the earlier rating and the experts', on those replies.
        - ``change_a1``: that of the later rating less that of the earlier, percentile interval over conversations.

        A judge that was not asked so has no row.
    """
    earlier, later, experts = (frame[name].to_numpy(dtype=float) for name in ("earlier", "later", "experts"))
    known = ~np.isnan(experts)
    shown = np.where(known, experts, 0)
    sums = add_up(frame, _AXES, _moments(np.ones_like(earlier), earlier, later))
    with_experts = np.concatenate(
        [add_up(frame, _AXES, _moments(known.astype(float), shown, rating * known)) for rating in (earlier, later)]
    )
    (flips,) = add_up(frame, _AXES, (lambda: (earlier != later).astype(float),))
    n, clusters = sums[0], (sums[0] > 0).sum(-1)
    flip_rate, of_flips = clustered_share(flips, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (sums[2] - sums[1]).sum(-1) / n.sum(-1)
    of_change = clustered_interval(change, clustered_deviations(sums[2] - sums[1], n), clusters)
    of_retest = over_clusters(sums, _agreement, clusters, settings)
    of_agreement = over_clusters(with_experts, _moved, (with_experts[0] > 0).sum(-1), settings)
    columns = {
        "n_run_pairs": n.sum(-1).astype(int),
        "flip_rate": flip_rate,
        "flip_rate_low": of_flips.low,
        "flip_rate_high": of_flips.high,
        "mean_change": change,
        "mean_change_low": of_change[0],
        "mean_change_high": of_change[1],
        "retest_a1": _agreement(sums.sum(-1)),
        "retest_a1_low": of_retest.low,
        "retest_a1_high": of_retest.high,
        "n_with_experts": with_experts[0].sum(-1).astype(int),
        "before_a1": _agreement(with_experts[: len(sums)].sum(-1)),
        "change_a1": _moved(with_experts.sum(-1)),
        "change_a1_low": of_agreement.low,
        "change_a1_high": of_agreement.high,
    }
    keys = [list(frame[axis].cat.categories) for axis in _AXES]
    table = pd.MultiIndex.from_product(keys, names=_AXES).to_frame(index=False)
    table = table.assign(**{name: found.ravel() for name, found in columns.items()})[list(COLUMNS)]
    return table[table["n_run_pairs"] > 0].reset_index(drop=True)


def _moments(n: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[Callable[[], np.ndarray], ...]:
    """Give what agreement of two ratings is made of."""
    return (lambda: n, lambda: one, lambda: other, lambda: one**2, lambda: other**2, lambda: one * other)


def _agreement(moments: np.ndarray) -> np.ndarray:
    return coefficients(squares_of_replies(moments))[1]


def _moved(moments: np.ndarray) -> np.ndarray:
    """Subtract agreement by the first half of the moments from that by the second."""
    before, after = np.split(moments, 2)
    return _agreement(after) - _agreement(before)
