r"""What a judge's ratings are worth: how many expert ratings of a system they stand in for.

Experts rate n replies of a system (``labelled``), the judge the same and N more (``unlabelled``). How much closer that
brings the mean of the experts' ratings is the multiplier :math:`Var(\bar{Y}_n) / Var(\hat\theta)` of the effective
number of expert ratings; see :mod:`analysis.inference.prediction_powered` for both estimators. A judge that copies the
experts has 1 + N/n, one that follows nothing has 1.

References
----------
Angelopoulos, A. N., Duchi, J. C., & Zrnic, T. (2023). PPI++: Efficient prediction-powered inference. arXiv 2311.01453.
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapters 5 and 12. Wiley.
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.bias.inflation import HUMAN_MEAN
from analysis.column import Column, Ends, Estimate, names
from analysis.inference.bootstrap import over_clusters
from analysis.inference.clustering import clustered_deviations, clustered_interval
from analysis.inference.prediction_powered import (
    Mean,
    planned_variances,
    prediction_powered_mean,
    scatter,
    stratified_mean,
    stratified_variances,
)
from analysis.inference.strata import strata_of
from analysis.ratings.columns import CELL, MODEL_COLUMN, N_PAIRS
from analysis.ratings.pairs import add_up
from analysis.ratings.settings import CONFIDENCE, PLAN, Settings

# Stands in ``model`` for the mean of all systems' means.
ALL = ""
# With fewer replies of a system that the experts rate other than they do most often, its figures are held back: their
# intervals would hold in fewer than 90 of 100 simulations (``tests/bench/coverage.py``).
FEWEST_OTHER = 20
# Of the expert ratings that are planned, each stratum is to get at least so many.
_FEWEST_IN_STRATUM = 2

_MULTIPLIER, _STRATIFIED, _NEYMAN = (
    Estimate.of(name, label, name, ".2f", "times", ends="resampled", short=short)
    for name, label, short in (
        ("multiplier", "Multiplier", None),
        ("stratified", "Multiplier, stratified", "Stratified"),
        ("neyman", "Multiplier, Neyman", "Neyman"),
    )
)
_GAINED = Estimate.of("gained", "Ratings gained", "gained", ",.1f", "ratings", ends="resampled", short="Gained")
_POWERED, _BY_STRATA = (
    Estimate.of(name, label, name, ".2f", "on the scale", ends="clustered")
    for name, label in (("powered_mean", "Corrected mean"), ("stratified_mean", "Stratified mean"))
)
_FROM_AVERAGE, _SHIFT = (
    Estimate.of(name, label, name, "+.2f", "points of the scale", ends="clustered")
    for name, label in (("from_average", "From average"), ("alone_shift", "Judge alone, shift"))
)
DECLARED = (
    *CELL,
    MODEL_COLUMN,
    N_PAIRS,
    Column.count("n_other", "Other ratings", "n_other"),
    Column.count("labelled", "Experts rate", "labelled"),
    Column.count("unlabelled", "Judge rates further", "unlabelled"),
    Column.estimate("correlation", "Correlation", "correlation", ".2f", "-1 to 1"),
    *_MULTIPLIER,
    *_GAINED,
    *_STRATIFIED,
    *_NEYMAN,
    Column.estimate("half_width_experts", "± with experts alone", "half_width", ".3f", "points of the scale"),
    Column.estimate("half_width", "± with the judge", "half_width", ".3f", "points of the scale"),
    Column.count("n_alone", "Judge alone", "n_alone"),
    HUMAN_MEAN,
    *Ends.of(HUMAN_MEAN, "human_mean", "Experts' mean", "clustered"),
    *_POWERED,
    *_BY_STRATA,
    *_FROM_AVERAGE,
    *_SHIFT,
    Column.estimate("tuning", "Lambda", "tuning", ".2f", "0 to 1"),
)
COLUMNS = names(DECLARED)


def worth_table(paired: pd.DataFrame, alone: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute what each judge's ratings add to the experts', by attribute and system.

    Parameters
    ----------
    paired
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    alone
        Ratings of replies that the experts did not rate, as :func:`analysis.ratings.pairs.judged_alone` gives them.
    settings
        ``labelled`` (n), ``unlabelled`` (N), resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and system with a rating of the judge, and after them one for the
        mean of the systems' means (``model`` empty), for which n and N are those of each system. Of the plan:

        - ``correlation``: of the experts' and the judge's ratings of the system's replies (-1 to 1).
        - ``multiplier``: variance of the experts' mean at n by that of the prediction-powered mean at n and N; 1 or
          more. ``gained``: ``n (multiplier - 1)``, in expert ratings.
        - ``stratified``, ``neyman``: the same where the experts' replies are drawn by the judge's rating, in proportion
          to how many there are of each, or as Neyman does. That takes the standard deviation at each rating for known,
          which it is not beforehand: it is the most that can be had. Neighbouring ratings are one stratum until it
          holds 10 pairs at hand and two of the n.
        - ``half_width_experts``, ``half_width``: half the width of the 95% interval at n without and with the judge.

        Their intervals resample conversations (or blocks of them). Of the ratings at hand, where the pairs are
        the n and the replies that the judge alone rated the N; intervals are clustered:

        - ``human_mean``: of the pairs. ``powered_mean``, ``stratified_mean``: of all replies that the judge rated;
          without further replies these are ``human_mean``. ``tuning`` is the lambda of the first.
        - ``from_average``: ``powered_mean`` less that of all systems.
        - ``alone_shift``: the judge's mean on further replies less that on the pairs. Where it is not near 0 the
          experts' replies are no random part, and ``powered_mean`` does not hold.

        ``n_other`` counts the pairs to which the experts give another rating than the system's most frequent one. With
        fewer than ``FEWEST_OTHER`` of them a system has counts alone and no part in the mean of systems.
    """
    paired, alone = _with_strata(paired, alone, settings.labelled)
    keys = ["judge", "attribute"]
    pairs_of, alone_of = (dict(list(frame.groupby(keys, observed=True))) for frame in (paired, alone))
    tables = [
        _of_cell(pairs_of.get(cell, paired[:0]), alone_of.get(cell, alone[:0]), settings).assign(
            judge=cell[0], attribute=cell[1]
        )
        for cell in product(*(paired[key].cat.categories for key in keys))
    ]
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["n_pairs"])
    return whole.assign(**{name: getattr(settings, name) for name in PLAN}).reindex(columns=list(COLUMNS))


def _with_strata(paired: pd.DataFrame, alone: pd.DataFrame, labelled: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add strata, those at hand and those of the plan, and give both frames the same clusters, the experts' first."""
    known = paired["cluster"].cat.categories
    clusters = [*known, *np.setdiff1d(alone["cluster"], known)]
    at_hand, alone_at_hand = strata_of(paired, alone)
    planned, _ = strata_of(paired, alone, _FEWEST_IN_STRATUM / labelled)
    return (
        paired.assign(stratum=at_hand, planned=planned),
        alone.assign(stratum=alone_at_hand, cluster=pd.Categorical(alone["cluster"], clusters)),
    )


def _of_cell(paired: pd.DataFrame, alone: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute the rows of one judge and attribute: each system, and last the mean of those with enough pairs."""
    moments, further = _moments(paired), _sums(alone, ("model",), "rating")
    n_pairs, n_alone = (sums[0].sum(-1).astype(int) for sums in (moments, further))
    n_other = n_pairs - _most_frequent(paired)
    used, there = n_other >= FEWEST_OTHER, (n_pairs > 0) | (n_alone > 0)
    models = np.array(paired["model"].cat.categories, dtype=object)
    rows = pd.DataFrame(
        {
            "model": [*models[there], ALL],
            "n_pairs": [*n_pairs[there], n_pairs[used].sum()],
            "n_other": [*n_other[there], n_other[used].sum()],
            "n_alone": [*n_alone[there], n_alone[used].sum()],
        }
    )
    if not used.any():
        return rows
    strata, planned = (_sums(paired, (axis, "model"), "human")[:, :, used] for axis in ("stratum", "planned"))
    everywhere = _sums(alone, ("stratum", "model"), "rating")[0][:, used]
    figures = {
        **_planned(moments[:, used], planned, settings),
        **_at_hand(moments[:, used], further[:, used], strata, everywhere),
    }
    return rows.merge(pd.DataFrame({"model": [*models[used], ALL], **figures}), on="model", how="left")


def _planned(moments: np.ndarray, strata: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """Compute what holds for n and N, for each system and for the mean of systems."""
    n, further = settings.labelled, settings.unlabelled
    clusters = _or_any(moments[0] > 0).sum(-1)

    def powered(sums: np.ndarray) -> np.ndarray:
        return _multipliers(*planned_variances(sums, n, further))

    def stratified(sums: np.ndarray, *, resampled: bool = True) -> np.ndarray:
        experts, *allocated = stratified_variances(sums, n, further, resampled=resampled)
        return np.stack([_multipliers(experts, variance) for variance in allocated])

    total = moments.sum(-1)
    multiplier = np.stack([powered(total), *over_clusters(moments, powered, clusters, settings)])
    drawn = over_clusters(strata, stratified, clusters, settings)
    proportional, neyman = np.stack([stratified(strata.sum(-1), resampled=False), *drawn], axis=1)
    spread, variances = scatter(total), planned_variances(total, n, further)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = spread.product / np.sqrt(spread.human * spread.judge)
    widths = (_half_width(variance, n) for variance in variances)
    return {
        "correlation": np.append(correlation, np.nan),
        **_named("multiplier", multiplier),
        **_named("gained", n * (multiplier - 1)),
        **_named("stratified", proportional),
        **_named("neyman", neyman),
        **dict(zip(("half_width_experts", "half_width"), widths, strict=True)),
    }


def _at_hand(
    moments: np.ndarray, further: np.ndarray, strata: np.ndarray, everywhere: np.ndarray
) -> dict[str, np.ndarray]:
    """Compute the means of the ratings at hand, for each system and the mean of systems."""
    moments, strata = (_padded(sums, further) for sums in (moments, strata))
    n, human, judge = moments[:3]
    powered, tuning = prediction_powered_mean(moments, further)
    its, shown = _plain_mean(judge, n), _plain_mean(further[1], further[0])
    shift = Mean(shown.value - its.value, shown.deviations - its.deviations)
    stratified = stratified_mean(strata[:2], everywhere)
    experts, powered, stratified, shift = map(_with_average, (_plain_mean(human, n), powered, stratified, shift))
    apart = Mean(powered.value - powered.value[-1], powered.deviations - powered.deviations[-1])
    # The mean of systems is not apart from itself.
    others = np.array([len(tuning) > 1] * len(tuning) + [False])
    rated, rated_alone = (_or_any(each > 0).sum(-1) for each in (n, further[0]))
    return {
        **_named("human_mean", _with_interval(experts, rated)),
        **_named("powered_mean", _with_interval(powered, rated)),
        **_named("stratified_mean", _with_interval(stratified, rated)),
        **_named("from_average", np.where(others, _with_interval(apart, rated), np.nan)),
        **_named("alone_shift", _with_interval(shift, rated_alone)),
        "tuning": np.append(tuning, np.nan),
    }


def _sums(frame: pd.DataFrame, axes: tuple[str, ...], rating: str) -> np.ndarray:
    """Add up number, ratings and their squares over the axes and clusters."""
    n, rated = frame["n"].to_numpy(), frame[rating].to_numpy()
    return add_up(frame, axes, (lambda: n, lambda: n * rated, lambda: n * rated**2))


def _moments(paired: pd.DataFrame) -> np.ndarray:
    """Add up pairs by system and cluster, in the order of :data:`analysis.ratings.pairs.MOMENTS`."""
    human, judge = (_sums(paired, ("model",), name) for name in ("human", "rating"))
    both = (paired["n"] * paired["human"] * paired["rating"]).to_numpy()
    (product_of,) = add_up(paired, ("model",), (lambda: both,))
    return np.stack([human[0], human[1], judge[1], human[2], judge[2], product_of])


def _most_frequent(paired: pd.DataFrame) -> np.ndarray:
    """Count the pairs of each system that have the experts' most frequent rating of it."""
    ratings, rating = np.unique(paired["human"], return_inverse=True)
    model, models = paired["model"].cat.codes.to_numpy(np.int64), len(paired["model"].cat.categories)
    times = np.bincount(model * len(ratings) + rating, paired["n"], models * len(ratings))
    return times.reshape(models, -1).max(1, initial=0).astype(int)


def _padded(sums: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Add the clusters in which the experts rated nothing, which come last."""
    return np.pad(sums, [(0, 0)] * (sums.ndim - 1) + [(0, like.shape[-1] - sums.shape[-1])])


def _or_any(there: np.ndarray) -> np.ndarray:
    """Add to what is there for each system (first axis) whether it is for any."""
    return np.concatenate([there, there.any(0, keepdims=True)])


def _multipliers(experts: np.ndarray, planned: np.ndarray) -> np.ndarray:
    """Divide variances of each system, and those of the mean of systems, each rated on replies of its own."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate([experts / planned, [np.nansum(experts, 0) / np.nansum(planned, 0)]])


def _half_width(variance: np.ndarray, n: int) -> np.ndarray:
    """Return half the width of the 95% interval with n expert ratings of each system."""
    systems = len(variance)
    freedom = np.array([n - 1] * systems + [systems * (n - 1)])
    return stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(np.append(variance, variance.sum() / systems**2))


def _plain_mean(totals: np.ndarray, n: np.ndarray) -> Mean:
    with np.errstate(invalid="ignore"):
        return Mean(totals.sum(-1) / n.sum(-1), clustered_deviations(totals, n))


def _with_average(mean: Mean) -> Mean:
    """Add the mean of systems, over those that have one."""
    known = np.isfinite(mean.value)
    some = max(known.sum(), 1)
    value, deviations = np.where(known, mean.value, 0.0), np.nan_to_num(mean.deviations)
    average = value.sum() / some if known.any() else np.nan
    return Mean(np.append(mean.value, average), np.concatenate([deviations, [deviations.sum(0) / some]]))


def _with_interval(mean: Mean, clusters: np.ndarray) -> np.ndarray:
    """Stack a mean and the ends of its interval."""
    return np.stack([mean.value, *clustered_interval(mean.value, mean.deviations, clusters)])


def _named(name: str, three: np.ndarray) -> dict[str, np.ndarray]:
    """Name an estimate and both ends of its interval."""
    return dict(zip((name, f"{name}_low", f"{name}_high"), three, strict=True))
