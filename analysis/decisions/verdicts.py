"""Use verdicts: for what a judge may be used on an attribute, by explicit rules on the ends of intervals.

Three uses, each with its criteria:

========= ================================================ =====================================================
use       question                                         criteria
========= ================================================ =====================================================
``rank``  may it rank systems?                             consistency: ICC(C,1) of models
``score`` may its scores be reported as the experts'?      bias: two one-sided tests; agreement: ICC(A,1) of models
``reply`` may it rate a single reply?                      reassurance; reply_agreement: ICC(A,1) of replies
========= ================================================ =====================================================

A criterion is met by an end of an interval, never by an estimate: the lower end of an ICC must reach
``icc_supported``, the whole 90% interval of the bias lie within the ``margin``, the upper end of false reassurance not
pass ``reassured_supported``. With human checks ``icc_checked``, twice the margin and ``reassured_checked`` are enough.
A use has the verdict of the criterion that it meets worst. None is given where figures are undefined or rest on too few
models or replies, or on a single conversation, unless another criterion rules the use out by itself.

Every end is held to its bound by itself: nothing is taken off for how many cells are looked at.

The bounds of the ICC are Koo & Li's for good and moderate reliability. For the bias and for false reassurance nobody
has published any; they are this explorer's, for the reader to move.

References
----------
Koo, T. K., & Li, M. Y. (2016). A guideline of selecting and reporting intraclass correlation coefficients for
reliability research. Journal of Chiropractic Medicine, 15(2), 155-163.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.agreement.anova import MeanSquares, exact_f, squares_of_models
from analysis.agreement.icc import icc_of
from analysis.bias.equivalence import bias_equivalence
from analysis.bias.false_reassurance import reassurance_table
from analysis.column import Column, Estimate, names
from analysis.ratings.columns import CELL, N
from analysis.ratings.pairs import Sums, sums
from analysis.ratings.settings import Settings
from data.study import Study

CRITERIA = {
    "rank": ("consistency",),
    "score": ("bias", "agreement"),
    "reply": ("reassurance", "reply_agreement"),
}
SUPPORTED, CHECKED, UNSUPPORTED = VERDICTS = ("supported", "human-checks", "not-supported")
VERDICT_COLUMN = Column.verdict(
    "verdict",
    "Verdict",
    "verdict",
    note="On a use: `supported`, `human-checks` (only with them), `not-supported`; null where too little is known. Of "
    "a printed figure: `same`, `rounding`, `monte-carlo`, `misprint`, `not-reproduced`.",
)
DECLARED = (
    *CELL,
    Column.key("use", "Use", "use", note="In this order `rank`, `score`, `reply`."),
    VERDICT_COLUMN,
    Column.key(
        "criterion",
        "Decided by",
        "criterion",
        note="`consistency` (ICC(C,1) of models), `bias`, `agreement` (ICC(A,1) of models), `reassurance`, "
        "`reply_agreement` (ICC(A,1) of replies).",
    ),
    *Estimate.of(
        "value",
        "Figure",
        "criterion",
        ".2f",
        "as the figure",
        ends="criterion",
        note="An ICC (up to 1), a bias (points of the scale), or a share (0 to 1).",
    ),
    Column.bound(
        "supported_at",
        "Supported at",
        "threshold",
        ".2f",
        "as the figure",
        note="`--icc-supported`, `--reassured-supported` and `--margin` set it.",
    ),
    Column.bound(
        "checked_at",
        "With checks at",
        "threshold",
        ".2f",
        "as the figure",
        note="`--icc-checked`, `--reassured-checked` and twice `--margin` set it.",
    ),
    Column.estimate("times", "Data needed, times", "times", ".1f", "times"),
    N,
)
COLUMNS = names(DECLARED)
# Below it, the interval of an ICC is so wide that it cannot tell a good judge from a poor one.
FEWEST_MODELS = 5
# Koo & Li ask for at least as many targets.
FEWEST_REPLIES = 30
# With human checks a bias may be this many margins.
CHECKED_MARGINS = 2
MOST_MODELS = 1000
_MODELS_TRIED = np.arange(2.0, MOST_MODELS + 1)


def basis(study: Study, settings: Settings) -> Settings:
    """Give the settings that verdicts are made under: the recommended ones, with what the reader judges by."""
    return Settings.of(study, "recommended", "model", **settings.limits)


def verdict_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give the verdict on each use of every judge and attribute, with the criterion that decides it.

    Parameters
    ----------
    frame, settings
        As for :func:`criteria_table`.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and use; a row of :func:`criteria_table`, that of the criterion
        with the worst verdict, or of the first without one where no verdict can be given. Of two alike it is the one
        that more data would not mend (``times`` is NaN), or else the first.
    """
    table = criteria_table(frame, settings)
    worst = {verdict: place for place, verdict in enumerate(VERDICTS)}
    rank = table["verdict"].map(worst).astype(float)
    # What rules a use out does so whatever else is unknown; what is unknown keeps a use from being supported.
    rank = rank.fillna(worst["not-supported"] - 0.5) + table["times"].isna() / 4
    chosen = rank.groupby([table["judge"], table["attribute"], table["use"]], sort=False).idxmax()
    return table.loc[chosen].reset_index(drop=True)


def criteria_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Hold every criterion of every use against its bounds, for every judge and attribute.

    Parameters
    ----------
    frame
        Pairs under :func:`basis`, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        What :func:`basis` gave.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute, use and criterion of it:

        - ``value``, ``value_low``, ``value_high``: the figure and its interval, 90% for the bias and 95% else. ICCs,
          points of the 1-5 scale, or a share (0-1).
        - ``supported_at``, ``checked_at``: bounds of the end that decides, for a use to be supported and for one with
          human checks: at least that for ICCs, at most that for the size of the bias and for false reassurance.
        - ``verdict``: one of ``VERDICTS``; None where the figure or its interval is undefined, and with fewer than
          ``FEWEST_MODELS`` models or ``FEWEST_REPLIES`` replies.
        - ``times``: how many times as many models (``consistency``, ``agreement``) or conversations (the others)
          would bring the deciding end to the bound of the next better verdict, if the estimate stayed as it is. NaN
          where the verdict is the best, where the estimate itself falls short, which no more data would mend, and
          where ``MOST_MODELS`` models are not enough: the interval of ``agreement`` takes judge and experts for a
          random sample of raters, and more models do not narrow that part of it.
        - ``n``: what stands behind it: models, pairs of ratings, replies, or poor replies.
    """
    total = sums(frame)
    columns = {**_of_icc(total, settings), **_of_bias(total, settings), **_of_reassurance(frame, settings)}
    judge, attribute = (axis.ravel() for axis in np.indices((len(total.judges), len(total.attributes))))
    parts = [
        pd.DataFrame(
            {"judge": judge, "attribute": attribute, "place": place, "use": use, "criterion": criterion}
        ).assign(**columns[criterion])
        for place, (use, criterion) in enumerate(
            (use, criterion) for use, several in CRITERIA.items() for criterion in several
        )
    ]
    table = pd.concat(parts, ignore_index=True).sort_values(["judge", "attribute", "place"], ignore_index=True)
    names = {"judge": list(total.judges), "attribute": list(total.attributes)}
    return table.assign(**{axis: [known[i] for i in table[axis]] for axis, known in names.items()})[list(COLUMNS)]


class _Bounds(NamedTuple):
    """What an end of an interval must reach, or must not pass."""

    supported_at: float
    checked_at: float


def _of_icc(total: Sums, settings: Settings) -> dict[str, dict[str, object]]:
    of_models, of_replies = icc_of(total, settings), icc_of(total, settings.at("response"))
    squares = squares_of_models(total.moments.sum(-1))
    bounds = _Bounds(settings.icc_supported, settings.icc_checked)
    columns = {}
    for criterion, table, name in (
        ("consistency", of_models, "icc_c1"),
        ("agreement", of_models, "icc_a1"),
        ("reply_agreement", of_replies, "icc_a1"),
    ):
        n = table["n_targets"].to_numpy()
        figure = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float).T
        enough = n >= (FEWEST_REPLIES if criterion == "reply_agreement" else FEWEST_MODELS)
        verdict = _verdicts(np.where(enough, figure[1], np.nan), bounds)
        bound = _next_bound(verdict, bounds)
        if criterion == "reply_agreement":
            times = _times(figure[0], figure[1], bound)
        else:
            times = _models_needed(squares, bound, consistency=name == "icc_c1") / n
        columns[criterion] = _columns(figure, verdict, bounds, times, n)
    return columns


def _of_bias(total: Sums, settings: Settings) -> dict[str, dict[str, object]]:
    bias, tests = bias_equivalence(total, settings.margin)
    figure = np.stack([bias.ravel(), *(end.ravel() for end in tests.interval)])
    bounds = _Bounds(settings.margin, CHECKED_MARGINS * settings.margin)
    widest = np.abs(figure[1:]).max(0)
    verdict = _verdicts(-widest, _Bounds(*(-bound for bound in bounds)))
    times = _times(-np.abs(figure[0]), -widest, -_next_bound(verdict, bounds))
    n = total.moments[0].sum((-1, -2)).ravel()
    return {"bias": _columns(figure, verdict, bounds, times, n)}


def _of_reassurance(frame: pd.DataFrame, settings: Settings) -> dict[str, dict[str, object]]:
    table = reassurance_table(frame, settings)
    name = "false_reassurance"
    figure = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float).T
    bounds = _Bounds(settings.reassured_supported, settings.reassured_checked)
    verdict = _verdicts(-figure[2], _Bounds(*(-bound for bound in bounds)))
    bound = _next_bound(verdict, bounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Wilson's end at b asks for a number of replies in proportion to b (1 - b) / (b - share)^2.
        times = _times(-figure[0], -figure[2], -bound) * bound * (1 - bound) / (figure[2] * (1 - figure[2]))
    return {"reassurance": _columns(figure, verdict, bounds, times, table["n_low"].to_numpy())}


def _columns(
    figure: np.ndarray, verdict: np.ndarray, bounds: _Bounds, times: np.ndarray, n: np.ndarray
) -> dict[str, object]:
    value, low, high = figure
    return {
        "verdict": verdict,
        "value": value,
        "value_low": low,
        "value_high": high,
        **bounds._asdict(),
        "times": times,
        "n": n.astype(int),
    }


def _verdicts(end: np.ndarray, bounds: _Bounds) -> np.ndarray:
    """Hold ends against what they must reach; None where an end is undefined."""
    words = np.where(end >= bounds.supported_at, VERDICTS[0], np.where(end >= bounds.checked_at, *VERDICTS[1:]))
    words = words.astype(object)
    words[np.isnan(end)] = None
    return words


def _next_bound(verdict: np.ndarray, bounds: _Bounds) -> np.ndarray:
    """Give what the next better verdict asks for; NaN where there is none."""
    return np.select([verdict == VERDICTS[1], verdict == VERDICTS[2]], list(bounds), np.nan)


def _times(value: np.ndarray, end: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """How many times as many conversations lift an end to a bound: the width falls with the root of their number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value > bound, ((value - end) / (value - bound)) ** 2, np.nan)


def _models_needed(squares: MeanSquares, bound: np.ndarray, *, consistency: bool) -> np.ndarray:
    """Fewest models with which the lower end of the exact F interval reaches a bound, the coefficient staying as it is.

    With n models instead of those at hand the mean squares of models and of error stay, and that of raters grows so
    that the variance between raters stays; where that was estimated below 0, it falls as far as a mean square can.
    NaN where ``MOST_MODELS`` models are not enough.
    """
    targets, raters, error, n = (part.ravel()[:, None] for part in squares)
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = np.maximum(error + (raters - error) * _MODELS_TRIED / n, 0.0)
        low = exact_f(MeanSquares(targets, grown, error, _MODELS_TRIED))[0 if consistency else 1].low
        reached = (low >= bound[:, None]) & (n < _MODELS_TRIED)
    return np.where(reached.any(-1), _MODELS_TRIED[reached.argmax(-1)], np.nan)
