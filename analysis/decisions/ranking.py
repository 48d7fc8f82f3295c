r"""Whether a judge orders models as the experts do and picks the same one: tau, pairwise accuracy, loss.

Models are ranked by their means over pairs. Of two models, the experts and the judge can agree on the order (C), order
them the other way round (D), or one or both can have them tied (T_h: the experts alone, T_m: the judge alone, T_hm:
both). Then

.. math::
    \tau_b = \frac{C - D}{\sqrt{(C + D + T_h)(C + D + T_m)}}, \qquad
    accuracy = \frac{C + T_{hm}}{C + D + T_h + T_m + T_{hm}}

and the loss is the experts' mean of the model they put first, minus their mean of the model that the judge puts first.

References
----------
Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika, 33(3), 239-251.
Deutsch, D., Foster, G., & Freitag, M. (2023). Ties Matter: Meta-Evaluating Modern Metrics with Pairwise Accuracy and
Tie Calibration. Proceedings of EMNLP 2023, 12914-12929.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import percentile_interval, resample
from analysis.inference.clustering import clustered_share
from analysis.ratings.columns import CELL, N_MODELS, N_PAIRS
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings

_OF_CONVERSATIONS = "bootstrap-conversations"
_SAME_BEST = Estimate.of(
    "same_best", "Same, redrawn", "same_best", ".0%", "0 to 1", ends="monte_carlo", short="Redrawn"
)
_TIED = "Tied ones are joined by a comma."
DECLARED = (
    *CELL,
    N_MODELS,
    Column.key("best_human", "Experts' first", "best_model", note=_TIED),
    Column.key("best_judge", "Judge's first", "best_model", note=_TIED),
    Column.verdict(
        "same_best_now",
        "Same first",
        "same_best",
        note="`yes`, `no`, or `partly` where only some of the judge's tied firsts are the experts'.",
    ),
    _SAME_BEST.value,
    *Estimate.of("tau", "Tau-b", "tau", ".2f", "-1 to 1", ends=_OF_CONVERSATIONS, short="Tau"),
    *Estimate.of("pairwise", "Pairwise", "pairwise", ".2f", "0 to 1", ends=_OF_CONVERSATIONS),
    *Estimate.of("loss", "Loss", "loss", ".2f", "points of the scale", ends=_OF_CONVERSATIONS),
    Column.estimate("expected_loss", "Expected loss", "expected_loss", ".2f", "points of the scale"),
    N_PAIRS,
    *_SAME_BEST.ends,
)
COLUMNS = names(DECLARED)

# Means that are equal can differ in the last digits, by the order they were added in.
_DIGITS = 9


class _Order(NamedTuple):
    """Means of models under the experts and a judge, models on the last axis but one, resamples on the last."""

    human: np.ndarray
    judge: np.ndarray
    experts_first: np.ndarray
    judges_first: np.ndarray
    enough: np.ndarray


def ranking_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compare the order of models, and the choice of one, between every judge and the experts.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Resamples and seed. Conversations are resampled with models fixed, whatever the interval of the ICC: a model
        that is drawn twice is tied with itself, and one that is not drawn has no rank.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute. ``n_models`` counts the models that both rate; all
        figures are on those. ``best_human`` and ``best_judge`` are the models that the experts and the judge
        put first, tied ones joined by a comma. ``same_best_now`` is ``yes`` when every model that the judge
        puts first is one that the experts put first, ``no`` when none is, else ``partly``. ``same_best`` (0-1)
        is the same over resamples: the mean share of the judge's firsts that are the experts' firsts, so that a
        tie of two counts half; its ends say how well the simulation knows it, and nothing else. ``tau`` (-1 to
        1) is Kendall's tau-b, NaN where one side ties all models; ``pairwise`` (0-1) the accuracy with ties.
        ``loss`` (points of the 1-5 scale, from 0) is the mean over the judge's firsts, and ``expected_loss``
        its mean over resamples when the judge chooses on the resample and the experts' means of the whole
        sample say what that costs; a judge that repeats the experts has one too where few conversations leave
        the best model open.
        Everything is undefined with fewer than two models; what is resampled also with fewer than two clusters.
        Intervals are percentiles with 95% confidence. As no loss is below zero, the lower end of a loss of zero is
        zero.
    """
    total = sums(frame)
    moments = total.moments[:3]
    now = _order(moments.sum(-1)[..., None])
    clusters = (moments[0].sum(-2) > 0).sum(-1)
    drawn = resample(
        lambda weights: _drawn(np.tensordot(moments, weights, (-1, -1)), now.human),
        moments.shape[-1],
        settings.resamples,
        settings.seed,
    )
    drawn = np.where((clusters >= 2)[..., None], drawn, np.nan)
    statistics = {
        "tau": _tau(now)[..., 0],
        "pairwise": _pairwise(now)[..., 0],
        "loss": _loss(now.human, now)[..., 0],
    }
    figures = {"same_best": _mean(drawn[3]), **statistics, "expected_loss": _mean(drawn[4])}
    _, (figures["same_best_low"], figures["same_best_high"]) = clustered_share(
        np.nan_to_num(drawn[3]), np.isfinite(drawn[3]).astype(float)
    )
    for name, values in zip(statistics, drawn[:3], strict=True):
        interval, _ = percentile_interval(values, discard_outside=False)
        for end, value in interval._asdict().items():
            figures[f"{name}_{end}"] = np.where(np.isnan(figures[name]), np.nan, value)
    judge, attribute = (axis.ravel() for axis in np.indices(clusters.shape))
    enough, shared = now.enough[..., 0].ravel(), _shared_firsts(now)[..., 0].ravel()
    models = np.array(total.models)
    firsts = {
        "best_human": now.experts_first[..., 0].reshape(len(enough), len(models)),
        "best_judge": now.judges_first[..., 0].reshape(len(enough), len(models)),
    }
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": [total.attributes[i] for i in attribute],
            "n_models": (moments[0].sum(-1) > 0).sum(-1).ravel(),
            **{
                name: [", ".join(models[mask]) if known else None for mask, known in zip(masks, enough, strict=True)]
                for name, masks in firsts.items()
            },
            "same_best_now": [_in_words(share) if known else None for share, known in zip(shared, enough, strict=True)],
            **{name: values.ravel() for name, values in figures.items()},
            "n_pairs": moments[0].sum((-2, -1)).astype(int).ravel(),
        }
    )
    return table[list(COLUMNS)]


def losses(by_model: np.ndarray) -> np.ndarray:
    """Return what the experts' means lose where the judge's first system is taken; NaN with fewer than two systems.

    ``by_model`` holds sums of pairs, of the experts' and of the judge's ratings: shape (3, ..., models, resamples). Of
    several firsts it is the mean.
    """
    order = _order(by_model)
    return _loss(order.human, order)


def firsts(by_model: np.ndarray) -> np.ndarray:
    """Mark the systems that the judge puts first; ``by_model`` as for :func:`losses`."""
    return _order(by_model).judges_first


def _order(by_model: np.ndarray) -> _Order:
    """Order models by their means, from sums of shape (n and both ratings, ..., models, resamples)."""
    n = by_model[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        human, judge = (np.round(ratings / n, _DIGITS) for ratings in by_model[1:])
    experts, judges = (
        means == np.where(n > 0, means, -np.inf).max(-2, keepdims=True, initial=-np.inf) for means in (human, judge)
    )
    return _Order(human, judge, experts, judges, (n > 0).sum(-2) >= 2)


def _drawn(by_model: np.ndarray, human: np.ndarray) -> np.ndarray:
    """Give what is resampled: tau, accuracy, loss, shared firsts, and the loss by the whole sample's ``human``."""
    order = _order(by_model)
    return np.stack(
        [_tau(order), _pairwise(order), _loss(order.human, order), _shared_firsts(order), _loss(human, order)]
    )


def _signs(order: _Order) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How the experts and the judge order each two models (-1, 0, 1), and which two models both are there."""
    one, other = np.triu_indices(order.human.shape[-2], 1)
    human, judge = (means[..., one, :] - means[..., other, :] for means in (order.human, order.judge))
    there = ~np.isnan(human)
    return *(np.where(there, np.sign(each), 0).astype(np.int8) for each in (human, judge)), there


def _tau(order: _Order) -> np.ndarray:
    human, judge, _ = _signs(order)
    with np.errstate(divide="ignore", invalid="ignore"):
        untied = [np.abs(signs).sum(-2, dtype=float) for signs in (human, judge)]
        return (human * judge).sum(-2, dtype=float) / np.sqrt(untied[0] * untied[1])


def _pairwise(order: _Order) -> np.ndarray:
    human, judge, there = _signs(order)
    with np.errstate(divide="ignore", invalid="ignore"):
        return ((human == judge) & there).sum(-2) / there.sum(-2)


def _loss(human: np.ndarray, order: _Order) -> np.ndarray:
    """Experts' mean of their best model, less that of the judge's firsts, by the means ``human``."""
    chosen = np.where(order.judges_first, human, 0).sum(-2) / np.maximum(order.judges_first.sum(-2), 1)
    best = np.where(np.isnan(human), -np.inf, human).max(-2, initial=-np.inf)
    # The mean of equal numbers can be a trifle off them; a loss must be 0 then.
    return np.where(order.enough, np.round(best - chosen, _DIGITS) + 0.0, np.nan)


def _shared_firsts(order: _Order) -> np.ndarray:
    """Give the share of the judge's firsts that are the experts' firsts."""
    shared = (order.judges_first & order.experts_first).sum(-2) / np.maximum(order.judges_first.sum(-2), 1)
    return np.where(order.enough, shared, np.nan)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over the resamples in which a value is defined."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(-1) / known.sum(-1)


def _in_words(share: float) -> str:
    return {0.0: "no", 1.0: "yes"}.get(share, "partly")
