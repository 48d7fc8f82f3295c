r"""What a use of a judge must fulfil: five criteria, each a figure with its interval and its two bounds.

=================  ====================================================================  ========================
criterion          figure                                                                interval
=================  ====================================================================  ========================
consistency        ICC(C,1) of the systems' means                                        exact F, 95%
choice_loss        what the experts' means lose where the judge's first system is taken  bootstrap, 90%
system_bias        the largest gap of a system between judge's and experts' mean         t, 90%, Bonferroni
reply_agreement    ICC(A,1) of single replies                                            bootstrap, 95%
reassurance        P(judge reassures | experts find the reply poor)                      Wilson, clustered, 95%
=================  ====================================================================  ========================

Both ends of the 90% intervals are those of one-sided tests at 5%. The gap of system s is :math:`|b_s|`, b its bias with
the clustered standard error :math:`e_s`; of S systems the largest lies between :math:`\max_s(|b_s| - t\,e_s)` and
:math:`\max_s(|b_s| + t\,e_s)`, with Student's :math:`t_{1 - 0.05/S}`.

A figure on fewer than ``FEWEST_SYSTEMS`` systems or ``FEWEST_REPLIES`` replies is given and decides nothing.

References
----------
McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. Psychological
Methods, 1(1), 30-46.
Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing the
equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtr, fdtrc, fdtri, stdtr, stdtrit

from analysis.agreement.anova import coefficients, exact_f, squares_of_models, squares_of_replies
from analysis.bias.false_reassurance import reassured
from analysis.decisions.ranking import firsts, losses
from analysis.inference.bootstrap import percentile_interval, resample
from analysis.inference.clustering import clustered_deviations, clustered_error, clustered_share, effective_size
from analysis.ratings.needs import FEWEST_REPLIES, FEWEST_SYSTEMS
from analysis.ratings.pairs import Sums, sums
from analysis.ratings.settings import CONFIDENCE, Settings

# With human checks a bias may be this many margins.
CHECKED_MARGINS = 2
# Of the criteria whose ends are those of one-sided tests at 5%.
ONE_SIDED = 2 * CONFIDENCE - 1
MOST_SYSTEMS = 1000
_SYSTEMS_TRIED = np.arange(FEWEST_SYSTEMS, MOST_SYSTEMS + 1.0)
_QUANTILES = fdtri(_SYSTEMS_TRIED - 1, _SYSTEMS_TRIED - 1, (1 + CONFIDENCE) / 2)


class Criterion(NamedTuple):
    """A criterion: the use that it is of, whether a larger figure is better, and what more of would narrow it."""

    use: str
    larger: bool
    confidence: float
    unit: str


CRITERIA = {
    "consistency": Criterion("rank", larger=True, confidence=CONFIDENCE, unit="systems"),
    "choice_loss": Criterion("rank", larger=False, confidence=ONE_SIDED, unit="items"),
    "system_bias": Criterion("score", larger=False, confidence=ONE_SIDED, unit="items"),
    "reply_agreement": Criterion("reply", larger=True, confidence=CONFIDENCE, unit="items"),
    "reassurance": Criterion("reply", larger=False, confidence=CONFIDENCE, unit="items"),
}


class Evidence(NamedTuple):
    """What criteria are made of: sums over pairs, and poor replies, those that reassure among them.

    ``poor`` has shape (2, judge, attribute, model, cluster): those that the judge finds good, and all.
    """

    total: Sums
    poor: np.ndarray


class Rest(NamedTuple):
    """What a figure rests on.

    Attributes
    ----------
    n, units
        What the figure is made of, and how many systems or items there are of what would narrow its interval.
    lacking
        How many times as much data there would have to be for anything to be decided; up to 1 where there is enough.
    system
        The place of the system that decides, -1 where no single one does.
    """

    n: np.ndarray
    units: np.ndarray
    lacking: np.ndarray
    system: np.ndarray | None = None


class Figures(NamedTuple):
    """A criterion of every attribute of a judge: its figure, its interval, and what would decide it.

    Attributes
    ----------
    value, low, high
        The figure and its interval.
    above, below
        One-sided p-values against the figure lying above, or below, a bound; they are small exactly where the interval
        lies on the other side of it.
    times
        How many times as many units bring the interval past a bound, to the side where the figure lies, if that stayed
        as it is; infinite where none do.
    rest
        What the figure rests on.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    above: Callable[[float], np.ndarray]
    below: Callable[[float], np.ndarray]
    times: Callable[[np.ndarray], np.ndarray]
    rest: Rest


def evidence(frame: pd.DataFrame, settings: Settings) -> Evidence:
    """Add up what criteria are made of, from pairs as :func:`analysis.ratings.pairs.pairs` gives them."""
    low, _, both = reassured(frame, settings, ("judge", "attribute", "model"))
    return Evidence(sums(frame), np.stack([both, low]))


def bounds(settings: Settings) -> dict[str, tuple[float, float]]:
    """Return what each criterion is held against: for a use to be supported, and with human checks."""
    icc = settings.icc_supported, settings.icc_checked
    return {
        "consistency": icc,
        "choice_loss": (settings.loss_supported, settings.loss_checked),
        "system_bias": (settings.margin, CHECKED_MARGINS * settings.margin),
        "reply_agreement": icc,
        "reassurance": (settings.reassured_supported, settings.reassured_checked),
    }


def figures_of_judge(
    found: Evidence, judge: int, settings: Settings, without: Sequence[int | None] = (None,)
) -> Iterator[dict[str, Figures]]:
    """Compute every criterion of one judge, once for each system that is left out.

    Parameters
    ----------
    found
        Of all judges.
    judge
        The place of the judge.
    settings
        Resamples and seed.
    without
        Places of systems, or None where none is left out; all are made of the same resamples.

    Yields
    ------
    dict
        By criterion.
    """
    moments, poor = found.total.moments[:, judge], found.poor[:, judge]
    enough = (moments[0].sum(-2) > 0).sum(-1) >= 2
    drawn = resample(
        lambda weights: np.tensordot(moments, weights, (-1, -1)), moments.shape[-1], settings.resamples, settings.seed
    )
    drawn_replies = drawn.sum(-2)
    for place in without:
        mine, its_poor, its_drawn, its_replies = moments, poor.sum(-2), drawn, drawn_replies
        if place is not None:
            kept = np.arange(moments.shape[2]) != place
            mine, its_poor = moments * kept[:, None], (poor * kept[:, None]).sum(-2)
            its_drawn, its_replies = drawn * kept[:, None], drawn_replies - drawn[:, :, place]
        by_model = mine.sum(-1)
        yield {
            "consistency": _consistency(by_model),
            "choice_loss": _choice_loss(by_model, its_drawn, enough),
            "system_bias": _system_bias(mine),
            "reply_agreement": _reply_agreement(by_model, its_replies, enough),
            "reassurance": _reassurance(its_poor, by_model),
        }


def _consistency(by_model: np.ndarray) -> Figures:
    squares = squares_of_models(by_model)
    c1, (low, high) = coefficients(squares)[0], exact_f(squares)[0]
    df = squares.n - 1

    def ratio(bound: float) -> np.ndarray:
        # Without any error the judge repeats the experts' means but for a constant.
        with np.errstate(divide="ignore", invalid="ignore"):
            return squares.targets / squares.error * (1 - bound) / (1 + bound)

    n = squares.n.astype(int)
    low, high = (np.where(np.isnan(c1), np.nan, end) for end in (low, high))
    return Figures(
        c1,
        low,
        high,
        lambda bound: fdtr(df, df, ratio(bound)),
        lambda bound: fdtrc(df, df, ratio(bound)),
        lambda bound: _systems_needed(c1, bound) / n,
        Rest(n, n, FEWEST_SYSTEMS / np.maximum(n, 0.5)),
    )


def _choice_loss(by_model: np.ndarray, drawn: np.ndarray, enough: np.ndarray) -> Figures:
    value = losses(by_model[:3, ..., None])[..., 0]
    values = np.where((enough & ~np.isnan(value))[:, None], losses(drawn[:3]), np.nan)
    first = firsts(by_model[:3, ..., None])[..., 0]
    chosen = np.where(first.sum(-1) == 1, first.argmax(-1), -1)
    return _drawn_figures(value, values, ONE_SIDED, _of_every_system(by_model[0], chosen))


def _system_bias(moments: np.ndarray) -> Figures:
    n, human, judge = moments[:3]
    size, clusters = n.sum(-1), (n > 0).sum(-1)
    there = size > 0
    systems = np.maximum(there.sum(-1, keepdims=True), 1)
    error = clustered_error(clustered_deviations(judge - human, n), clusters)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.abs((judge - human).sum(-1) / size)
        half = stdtrit(clusters - 1, 1 - (1 - CONFIDENCE) / systems) * error
    high, low = (np.where(there, end, -np.inf) for end in (gap + half, gap - half))
    # A system of a single cluster has no interval, and then nothing is known of the largest gap.
    whole = there.any(-1) & (np.isfinite(half) | ~there).all(-1)
    decides = np.where(low.max(-1) > 0, low.argmax(-1), high.argmax(-1))

    def p(off: np.ndarray) -> np.ndarray:
        """Return one-sided p-values of gaps that lie ``off`` a bound, on the side that is claimed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(error > 0, stdtr(clusters - 1, -off / error), np.where(off >= 0, 0.0, 1.0))

    def adjusted(of_systems: np.ndarray) -> np.ndarray:
        return np.where(whole, np.minimum(of_systems * systems[:, 0], 1), np.nan)

    def times(bound: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = (half / (bound[:, None] - gap)) ** 2
        # All systems have to lie within a bound, or one beyond it.
        beyond = np.where(there & (gap > bound[:, None]), needed, np.inf).min(-1)
        return np.where(np.isfinite(beyond), beyond, np.where(there, needed, 0).max(-1))

    largest, lowest, highest = np.where(there, gap, 0).max(-1), np.maximum(low.max(-1), 0), high.max(-1)
    return Figures(
        np.where(whole, largest, np.nan),
        np.where(whole, lowest, np.nan),
        np.where(whole, highest, np.nan),
        lambda bound: adjusted(np.where(there, p(bound - gap), 0).max(-1)),
        lambda bound: adjusted(np.where(there, p(gap - bound), 1).min(-1)),
        times,
        _of_every_system(size, np.where(whole, decides, -1)),
    )


def _reply_agreement(by_model: np.ndarray, drawn: np.ndarray, enough: np.ndarray) -> Figures:
    squares = squares_of_replies(by_model.sum(-1))
    value = coefficients(squares)[1]
    values = np.where((enough & ~np.isnan(value))[:, None], coefficients(squares_of_replies(drawn))[1], np.nan)
    n = by_model[0].sum(-1).astype(int)
    return _drawn_figures(value, values, CONFIDENCE, Rest(n, by_model[0].max(-1).astype(int), _lacking(n)))


def _reassurance(poor: np.ndarray, by_model: np.ndarray) -> Figures:
    both, low = poor
    share, interval = clustered_share(both, low)
    _, effective = effective_size(both, low)
    clusters, n = (low > 0).sum(-1), low.sum(-1).astype(int)

    def score(bound: float) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return (share - bound) / np.sqrt(bound * (1 - bound) / effective)

    def times(bound: np.ndarray) -> np.ndarray:
        # Wilson's end lies at the bound where the score of the bound is the quantile.
        with np.errstate(divide="ignore", invalid="ignore"):
            quantile = stdtrit(clusters - 1, (1 + CONFIDENCE) / 2)
            return quantile**2 * bound * (1 - bound) / (share - bound) ** 2 / effective

    return Figures(
        share,
        *interval,
        lambda bound: stdtr(clusters - 1, score(bound)),
        lambda bound: stdtr(clusters - 1, -score(bound)),
        times,
        Rest(n, by_model[0].max(-1).astype(int), _lacking(n)),
    )


def _of_every_system(n: np.ndarray, decides: np.ndarray) -> Rest:
    """Rest on the system with fewest replies; ``n`` counts those of each system, 0 where it is not compared."""
    fewest = np.where(n > 0, n, np.inf).min(-1, initial=np.inf)
    fewest = np.where(np.isfinite(fewest), fewest, 0).astype(int)
    return Rest(fewest, n.max(-1, initial=0).astype(int), _lacking(fewest), decides)


def _lacking(n: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return FEWEST_REPLIES / n


def _drawn_figures(value: np.ndarray, values: np.ndarray, confidence: float, rest: Rest) -> Figures:
    """Take a percentile interval, and shares of resamples as p-values."""
    interval, _ = percentile_interval(values, discard_outside=False, confidence=confidence)
    known = np.isfinite(values)

    def share(beyond: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return (beyond & known).sum(-1) / known.sum(-1)

    low, high = (np.where(np.isnan(value), np.nan, end) for end in interval)
    return Figures(
        value,
        low,
        high,
        lambda bound: share(values > bound),
        lambda bound: share(values < bound),
        lambda bound: _root_law(value, np.where(value > bound, low, high), bound),
        rest,
    )


def _root_law(value: np.ndarray, end: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """How many times as many items bring an end to a bound: the width falls with the root of their number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return ((value - end) / (value - bound)) ** 2


def _systems_needed(value: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """Fewest systems with which the exact F interval of ICC(C,1) leaves a bound out, the coefficient staying as it is.

    Infinite where ``MOST_SYSTEMS`` systems are not enough.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (1 + value) / (1 - value) * (1 - bound) / (1 + bound)
        away = np.maximum(ratio, 1 / ratio)[:, None] >= _QUANTILES
    return np.where(away.any(-1), _SYSTEMS_TRIED[away.argmax(-1)], np.inf)
