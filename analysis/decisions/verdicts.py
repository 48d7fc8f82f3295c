"""Use verdicts: for what a judge may be used on an attribute, by explicit rules on whole intervals.

A criterion (:mod:`analysis.decisions.criteria`) has two bounds, and its verdict is

- ``supported`` where the whole interval of its figure lies on the good side of the first bound,
- ``human-checks`` where it lies on the good side of the second,
- ``not-supported`` where it lies wholly on the bad side of the second: the judge is shown to be unfit,
- ``undecided`` otherwise: the data do not tell. So is what is undefined, or rests on too little.

A use has the verdict of its worst criterion, in the order not-supported, undecided, human-checks, supported. Each
interval is held to its bounds by itself unless ``multiplicity`` is ``holm``: then the one-sided p-values behind the
verdicts are adjusted by Holm's procedure, criterion by criterion and bound by bound, over the cells on screen.

The bounds of the ICC are Koo & Li's for good and moderate reliability. For the others nobody has published any; they
are this explorer's, for the reader to move.

References
----------
Koo, T. K., & Li, M. Y. (2016). A guideline of selecting and reporting intraclass correlation coefficients for
reliability research. Journal of Chiropractic Medicine, 15(2), 155-163.
Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6(2),
65-70.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.decisions.criteria import CRITERIA, Criterion, Evidence, Figures, bounds, evidence, figures_of_judge
from analysis.inference.multiplicity import holm
from analysis.ratings.columns import CELL, N
from analysis.ratings.settings import Settings

SUPPORTED, CHECKED, UNDECIDED, UNSUPPORTED = VERDICTS = ("supported", "human-checks", "undecided", "not-supported")
USES = tuple(dict.fromkeys(each.use for each in CRITERIA.values()))
USE_COLUMN = Column.key("use", "Use", "use", note="In this order `rank`, `score`, `reply`.")
VERDICT_COLUMN = Column.verdict(
    "verdict",
    "Verdict",
    "verdict",
    note="On a use: `supported`, `human-checks` (only with them), `undecided` (the data do not tell), `not-supported` "
    "(shown to be unfit). Of a printed figure: `same`, `rounding`, `monte-carlo`, `misprint`, `not-reproduced`.",
)
_ONE_SIDED = Column.p(
    "p_supported",
    "p, supported",
    "p_verdict",
    note="One-sided, against the figure lying on the bad side of the first bound.",
)
DECLARED = (
    *CELL,
    USE_COLUMN,
    VERDICT_COLUMN,
    Column.key(
        "criterion",
        "Decided by",
        "criterion",
        note="`consistency` (ICC(C,1) of systems), `choice_loss`, `system_bias`, `reply_agreement` (ICC(A,1) of "
        "replies), `reassurance`.",
    ),
    *Estimate.of(
        "value",
        "Figure",
        "criterion",
        ".2f",
        "as the figure",
        ends="criterion",
        note="An ICC (up to 1), a loss or a gap (points of the scale), or a share (0 to 1). Ends are of a 95% "
        "interval, or of a 90% one for `choice_loss` and `system_bias`: both one-sided tests at 5%.",
    ),
    Column.bound(
        "supported_at",
        "Supported at",
        "threshold",
        ".2f",
        "as the figure",
        note="`--icc-supported`, `--loss-supported`, `--margin` and `--reassured-supported` set it.",
    ),
    Column.bound(
        "checked_at",
        "With checks at",
        "threshold",
        ".2f",
        "as the figure",
        note="`--icc-checked`, `--loss-checked`, twice `--margin` and `--reassured-checked` set it.",
    ),
    Column.key(
        "system",
        "System",
        "deciding_system",
        note="Of `system_bias` the one with the largest gap, of `choice_loss` the judge's first; null where "
        "several are tied.",
    ),
    Column.count(
        "more",
        "More needed",
        "more",
        note="Systems for `consistency`, else items (conversations). Null where more data would not change the "
        "verdict, or nobody can say how much would.",
    ),
    Column.verdict(
        "with_more",
        "It would then be",
        "more",
        note="`supported`, `human-checks` (at least), or `not-supported`.",
    ),
    N,
    Column.count("units", "Systems or items", "more"),
    _ONE_SIDED,
    Column.p("p_checked", "p, with checks", "p_verdict", note="The same of the second bound."),
    Column.p(
        "p_unfit",
        "p, not supported",
        "p_verdict",
        note="One-sided, against the figure lying on the good side of the second bound.",
    ),
)
COLUMNS = names(DECLARED)
WITHOUT = "without"
_P = ("p_supported", "p_checked", "p_unfit")
# From the worst.
_WORST = {verdict: place for place, verdict in enumerate((UNSUPPORTED, UNDECIDED, CHECKED, SUPPORTED))}


def verdict_table(criteria: pd.DataFrame, settings: Settings, by: Sequence[str] = ()) -> pd.DataFrame:
    """Give the verdict on each use of every judge and attribute, with the criterion that decides it.

    Parameters
    ----------
    criteria
        As :func:`criteria_table` gives them, of what is on screen.
    settings
        ``multiplicity``.
    by
        Columns that tell several tables of criteria apart, if these are several.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS`` (and what else the criteria carry), one row for each judge, attribute and use: the row of the
        criterion with the worst verdict. Of two alike it is the one that would take more data to change, and before it
        one that no data would.
    """
    table = decided(criteria, settings)
    more = (table["more"] / table["units"]).fillna(np.inf)
    place = table["verdict"].map(_WORST).astype(float) - np.where(np.isinf(more), 0.5, more / (1 + more) / 2)
    chosen = place.groupby([table[name] for name in (*by, "judge", "attribute", "use")], sort=False).idxmin()
    return table.loc[chosen].drop(columns="enough").reset_index(drop=True)


def decided(criteria: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give every criterion the verdict that it has where several are looked at; see :func:`verdict_table`."""
    if settings.multiplicity == "none":
        return criteria
    adjusted = criteria.copy()
    for name in _P:
        of_criterion = adjusted[name].astype(float).groupby(adjusted["criterion"])
        adjusted[name] = of_criterion.transform(lambda p: holm(p.to_numpy()))
    tail = adjusted["criterion"].map({key: _tail(each) for key, each in CRITERIA.items()})
    reached = {name: (adjusted[name] <= tail) & criteria["enough"] for name in _P}
    verdict = pd.Series(_words(*(reached[name].to_numpy() for name in _P)), index=criteria.index)
    # How much more data it takes is told of intervals that stand by themselves.
    moved = verdict != criteria["verdict"]
    return adjusted.assign(
        verdict=verdict, more=adjusted["more"].mask(moved), with_more=adjusted["with_more"].mask(moved)
    )


def criteria_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Hold every criterion of every use against its bounds, for every judge and attribute.

    Parameters
    ----------
    frame
        As :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Bounds, resamples and seed. Level and kind of interval have no part in it: each criterion has its own.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute, use and criterion of it, and last ``enough``:

        - ``value``, ``value_low``, ``value_high``: the figure and its interval.
        - ``supported_at``, ``checked_at``: what the whole interval must lie on the good side of.
        - ``verdict``: one of ``VERDICTS``.
        - ``system``: the key of the system that decides, or None.
        - ``more``: how many more systems (``consistency``) or items would decide what is undecided, or make it
          ``supported`` what is with human checks, if the figure stayed as it is; ``with_more`` is the verdict that it
          would then have. NaN and None where no number would, or more than ``MOST_SYSTEMS`` systems.
        - ``n``: what stands behind it: systems, replies of the system with fewest, replies, or poor replies.
        - ``p_supported``, ``p_checked``, ``p_unfit``: one-sided p-values (0-1) of the three decisions.
        - ``units``: how many systems (``consistency``) or items there are.
        - ``enough``: whether there is enough to decide anything.
    """
    return criteria_of(evidence(frame, settings), settings).drop(columns=WITHOUT)


def criteria_of(found: Evidence, settings: Settings, left_out: Sequence[str] = ("",)) -> pd.DataFrame:
    """Make :func:`criteria_table` once without each system, for the judges that have ratings of it.

    The table has a column more, ``without``: the system that is left out, empty where none is.
    """
    total, held = found.total, bounds(settings)
    places = [total.models.index(key) if key else None for key in left_out]
    judged = total.moments[0].any(axis=(1, 3))
    uses, criteria = [each.use for each in CRITERIA.values()], list(CRITERIA)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in (WITHOUT, *COLUMNS, "enough")}
    every = zip(
        *(figures_of_judge(found, place, settings, places) for place in range(len(total.judges))),
        strict=True,
    )
    for key, place, of_judges in zip(left_out, places, every, strict=True):
        for row, (judge, by_criterion) in enumerate(zip(total.judges, of_judges, strict=True)):
            if place is not None and not judged[row, place]:
                continue
            each = [
                {"system": _systems(found, figures), **_held(name, figures, held[name])}
                for name, figures in by_criterion.items()
            ]
            n, keys = len(total.attributes), {WITHOUT: key, "judge": judge}
            of_cell = {"use": uses * n, "criterion": criteria * n, "attribute": np.repeat(total.attributes, len(each))}
            for name, parts in columns.items():
                if name in keys:
                    parts.append(np.full(n * len(each), keys[name], dtype=object))
                elif name in of_cell:
                    parts.append(np.array(of_cell[name], dtype=object))
                else:
                    stacked = [np.broadcast_to(of_criterion[name], n) for of_criterion in each]
                    parts.append(np.stack(stacked, axis=-1).ravel())
    made = {name: np.concatenate(parts) if parts else np.array([]) for name, parts in columns.items()}
    return pd.DataFrame(made).astype(dict.fromkeys(("system", "with_more"), "str"))


def _systems(found: Evidence, figures: Figures) -> np.ndarray:
    """Name the systems that decide; None where none does."""
    keys = np.array([*found.total.models, None], dtype=object)
    return keys[np.full(len(found.total.attributes), -1) if figures.rest.system is None else figures.rest.system]


def _held(name: str, figures: Figures, held: tuple[float, float]) -> dict[str, np.ndarray | float]:
    """Hold a criterion against its bounds."""
    criterion = CRITERIA[name]
    # What is better is larger from here on.
    sign = 1 if criterion.larger else -1
    value, low, high = (sign * each for each in (figures.value, figures.low, figures.high))
    worst, best = (low, high) if criterion.larger else (high, low)
    first, second = (sign * bound for bound in held)
    reached = worst >= first, worst >= second, best < second
    enough = (figures.rest.lacking <= 1) & ~np.isnan(worst)
    verdict = _words(*(each & enough for each in reached))
    aim = np.select([verdict == UNDECIDED, verdict == CHECKED], [second, first], np.nan)
    times = figures.times(sign * aim)
    changes = (verdict == UNDECIDED) | ((verdict == CHECKED) & (value > aim))
    with_more = np.select(
        [(verdict == CHECKED) & (value > aim), value > aim, value < aim], [SUPPORTED, CHECKED, UNSUPPORTED], ""
    )
    # What is known well enough, and of too little, needs no more than there has to be.
    at_once, scarce = _words(*reached), figures.rest.lacking > 1
    settled = scarce & (at_once != UNDECIDED)
    with_more = np.where(settled, at_once, with_more)
    times = np.where(settled, figures.rest.lacking, np.where(scarce, np.fmax(times, figures.rest.lacking), times))
    times = np.where(changes & np.isfinite(times), times, np.nan)
    good, bad = (figures.below, figures.above) if criterion.larger else (figures.above, figures.below)
    return {
        "verdict": verdict,
        "value": figures.value,
        "value_low": figures.low,
        "value_high": figures.high,
        "supported_at": held[0],
        "checked_at": held[1],
        "more": np.maximum(np.ceil(np.round((times - 1) * figures.rest.units, 6)), 1.0),
        "with_more": np.where((with_more == "") | np.isnan(times), np.array(None, dtype=object), with_more),
        "n": figures.rest.n,
        "p_supported": good(held[0]),
        "p_checked": good(held[1]),
        "p_unfit": bad(held[1]),
        "units": figures.rest.units,
        "enough": enough,
    }


def _words(supported: np.ndarray, checked: np.ndarray, unfit: np.ndarray) -> np.ndarray:
    return np.select([supported, checked, unfit], [SUPPORTED, CHECKED, UNSUPPORTED], UNDECIDED).astype(object)


def _tail(criterion: Criterion) -> float:
    """Return what a one-sided p-value may be at most for the criterion's interval to lie on one side of a bound."""
    return (1 - criterion.confidence) / 2
