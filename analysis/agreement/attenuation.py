r"""What single replies would say if the experts' ratings were as dependable as is assumed.

Where a reply has one rating of the experts, how dependable it is cannot be told from it, and what a judge lacks in
agreement may be the experts' error as well as its own. In classical test theory the experts' rating H is the reply's
value T with an error that goes with nothing else, and its reliability is :math:`r = Var(T) / Var(H)`. Then the judge J
varies with T as with H, :math:`Cov(J, T) = Cov(J, H)`, and T has the mean of H. So what the judge would have with the
replies' values follows from r, with nothing else assumed:

.. math::
    \rho(J, T) = \frac{\rho(J, H)}{\sqrt{r}}, \qquad
    ICC(C,1) = \frac{2\,Cov(J, H)}{Var(J) + r\,Var(H)}, \qquad
    ICC(A,1) = \frac{2\,Cov(J, H)}{Var(J) + r\,Var(H) + \bar d^2 - Var(J - H) / n}

:math:`\bar d` is the mean of J - H over n replies; the last term takes off what its square has by chance. At r = 1 the
three are those of the ratings as they are. Only the experts' error is taken off: the judge's own is what is asked for.

A correlation cannot pass 1, so r cannot be below the square of :math:`\rho(J, H)`. Where it is, the assumption
contradicts the ratings; the correlation is then taken for 1, here and in the covariance of both ICCs.

Means of systems over many replies hardly need this: the error of a mean of n ratings is n times smaller.

References
----------
Lord, F. M., & Novick, M. R. (1968). Statistical Theories of Mental Test Scores, chapter 3. Addison-Wesley.
Spearman, C. (1904). The proof and measurement of association between two things. The American Journal of Psychology,
15(1), 72-101.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.agreement.anova import ROUNDING_OF_SUMS
from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import percentile_interval, resample
from analysis.ratings.columns import CELL, N_PAIRS
from analysis.ratings.needs import FEWEST_REPLIES
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings

# Assumed of the experts' rating of a reply; 1 is without error, the ratings as they are.
RELIABILITIES = (0.6, 0.7, 0.8, 0.9, 1.0)
# What a criterion would be, from the best.
WOULD_BE = ("supported", "human-checks", "undecided", "not-supported")
# A judge that repeats the experts has a correlation that passes 1 by rounding.
_ROUNDING = 1e-9

_ASSUMED = "If the reliability is as assumed."
ASSUMED_RELIABILITY = Column.bound(
    "assumed_reliability",
    "Assumed reliability",
    "assumed_reliability",
    ".1f",
    "0 to 1",
    note="`0.6` to `1.0`; nothing in the ratings says which holds.",
)


def _estimate(name: str, label: str, note: str = _ASSUMED) -> Estimate:
    return Estimate.of(name, label, "attenuation", ".2f", "up to 1", ends="bootstrap-conversations", note=note)


_ESTIMATES = (
    Estimate.of(
        "assumed_pearson",
        "Correlation, assumed",
        "attenuation",
        ".2f",
        "-1 to 1",
        ends="bootstrap-conversations",
        note=f"{_ASSUMED} Pearson's; at most 1.",
    ),
    _estimate("assumed_c1", "ICC(C,1), assumed"),
    _estimate("assumed_a1", "ICC(A,1), assumed"),
)
DECLARED = (
    *CELL,
    N_PAIRS,
    ASSUMED_RELIABILITY,
    *(column for estimate in _ESTIMATES for column in estimate),
    Column.verdict(
        "contradicted",
        "Contradicted",
        "contradicted",
        note="`no`; `within-error` where only the estimate passes 1; `yes` where its whole interval does.",
    ),
    Column.verdict(
        "would_be",
        "Criterion would be",
        "would_be",
        note="By the interval of `assumed_a1` against `--icc-supported` and `--icc-checked`: `supported`, "
        "`human-checks`, `undecided`, `not-supported`; null where the assumption is contradicted, and with fewer than "
        f"{FEWEST_REPLIES} replies.",
    ),
)
COLUMNS = names(DECLARED)


def attenuation_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute agreement on single replies for each of several reliabilities that the experts' rating may have.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Resamples, seed, ``icc_supported`` and ``icc_checked``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and assumed reliability:

        - ``n_pairs``: replies that both rated.
        - ``assumed_reliability``: one of ``RELIABILITIES`` (0-1), an assumption; at 1 the figures are those of the
          ratings as they are.
        - ``assumed_pearson``, ``assumed_c1``, ``assumed_a1``: Pearson's correlation (-1 to 1), ICC(C,1) and ICC(A,1)
          (up to 1) with the replies' values.
        - ``..._low``, ``..._high``: ends of their 95% percentile intervals; conversations (or the source's blocks of
          them) are drawn with replacement, the reliability stays as assumed. NaN with fewer than two.
        - ``contradicted``: whether the correlation would pass 1: ``no``, ``within-error`` where the estimate does and
          the interval reaches down to 1, or ``yes``.
        - ``would_be``: what the criterion of single replies would be, one of ``WOULD_BE``: the whole interval of
          ``assumed_a1`` at or above ``icc_supported``, or ``icc_checked``, or below it; else undecided. None where the
          reliability is contradicted by the whole interval, and with fewer than ``FEWEST_REPLIES`` replies.

        Figures are NaN with fewer than two replies and where nothing varies, the correlation also where one of the two
        does not.
    """
    total = sums(frame)
    of_replies = total.moments.sum(-2)
    values = np.stack(_assumed(of_replies.sum(-1, keepdims=True)))[..., 0]
    drawn = resample(
        lambda weights: np.stack(_assumed(np.tensordot(of_replies, weights, (-1, -1)))),
        of_replies.shape[-1],
        settings.resamples,
        settings.seed,
    )
    enough = ((of_replies[0] > 0).sum(-1) >= 2) & ~np.isnan(values)
    (low, high), _ = percentile_interval(np.where(enough[..., None], drawn, np.nan), discard_outside=False)
    n = np.broadcast_to(of_replies[0].sum(-1), values.shape[1:])
    shown = np.minimum(values, 1.0), np.minimum(low, 1.0), np.minimum(high, 1.0)
    columns = {
        "n_pairs": n.astype(int),
        **{
            column.name: end[place]
            for place, estimate in enumerate(_ESTIMATES)
            for column, end in zip(estimate, shown, strict=True)
        },
        "contradicted": _contradicted(values[0], low[0]),
        "would_be": _would_be(low[2], high[2], (n >= FEWEST_REPLIES) & ~(low[0] > 1 + _ROUNDING), settings),
    }
    keys = {"judge": total.judges, "attribute": total.attributes, "assumed_reliability": RELIABILITIES}
    table = pd.MultiIndex.from_product(list(keys.values()), names=list(keys)).to_frame(index=False)
    # Reliabilities are the first axis of the figures and the last key of the rows.
    return table.assign(**{name: np.moveaxis(each, 0, -1).ravel() for name, each in columns.items()})[list(COLUMNS)]


class _Assumed(NamedTuple):
    """Figures by assumed reliability on the first axis; the correlation may pass 1."""

    pearson: np.ndarray
    c1: np.ndarray
    a1: np.ndarray


def _assumed(moments: np.ndarray) -> _Assumed:
    """Give the figures of sums over replies in the order of ``MOMENTS``, shape (6, ...)."""
    n, human, judge, human_squared, judge_squared, product = moments
    reliability = np.reshape(RELIABILITIES, (-1, *[1] * n.ndim))
    with np.errstate(divide="ignore", invalid="ignore"):
        of_human, of_judge = _variance(human_squared, human, n), _variance(judge_squared, judge, n)
        common = (product - human * judge / n) / (n - 1)
        by_chance = (of_human + of_judge - 2 * common) / n
        of_values = reliability * of_human
        largest = np.sqrt(of_judge * of_values)
        pearson = np.where(largest > 0, common / largest, np.nan)
        twice = 2 * np.clip(common, -largest, largest)
        away = ((judge - human) / n) ** 2 - by_chance
        return _Assumed(pearson, twice / (of_judge + of_values), twice / (of_judge + of_values + away))


def _variance(squares: np.ndarray, total: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Give a variance of sums; that of a constant comes out as noise and is set to 0."""
    scatter = squares - total**2 / n
    return np.where(scatter > ROUNDING_OF_SUMS * squares, scatter, 0.0) / (n - 1)


def _contradicted(pearson: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Say whether a correlation passes 1, by more than the rounding of its sums."""
    beyond = 1 + _ROUNDING
    said = np.where(pearson > beyond, np.where(low > beyond, "yes", "within-error"), "no").astype(object)
    said[np.isnan(pearson)] = None
    return said


def _would_be(low: np.ndarray, high: np.ndarray, known: np.ndarray, settings: Settings) -> np.ndarray:
    """Hold whole intervals against both bounds."""
    supported, checked = low >= settings.icc_supported, low >= settings.icc_checked
    said = np.select(
        [supported, checked, high < settings.icc_checked], [WOULD_BE[0], WOULD_BE[1], WOULD_BE[3]], WOULD_BE[2]
    )
    said = said.astype(object)
    said[~known | np.isnan(low)] = None
    return said
