r"""False reassurance: how often a judge calls well what the experts call poor, the error that harms.

Of the replies that the experts rate ``low`` or less, the share that the judge rates ``high`` or more:
:math:`P(judge \ge high \mid human \le low)`. The reverse asks what a good mark is worth: of the replies that the judge
rates ``high`` or more, the share that the experts rate ``low`` or less, :math:`P(human \le low \mid judge \ge high)`.
Both ends are the reader's to move. Ratings are taken as they are: a mean of 3.5 is not 4 or more, a 0 (as released)
is low.
"""

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, names
from analysis.inference.bootstrap import Interval
from analysis.inference.clustering import clustered_share
from analysis.ratings.columns import CELL
from analysis.ratings.needs import FEWEST_REPLIES
from analysis.ratings.pairs import add_up
from analysis.ratings.settings import Settings

N_LOW = Column.count(
    "n_low",
    "Poor replies",
    "n_low",
    note="`--low` moves it. Under `as-released` the experts' 0 too, which mostly stands for no reply.",
)
N_REASSURED = Column.count("n_reassured", "Called good", "n_reassured")
_FALSE_REASSURANCE = Estimate.of(
    "false_reassurance",
    "False reassurance",
    "false_reassurance",
    ".0%",
    "0 to 1",
    ends="clustered_share",
    short="FR",
    note="`n_reassured / n_low`.",
)
_REVERSE = Estimate.of(
    "reverse",
    "Poor among good",
    "reverse",
    ".0%",
    "0 to 1",
    ends="clustered_share",
    note=f"`n_reassured / n_high`; undefined on fewer than {FEWEST_REPLIES} replies.",
)
DECLARED = (
    *CELL,
    N_LOW,
    _FALSE_REASSURANCE.value,
    Column.count("n_high", "Good by judge", "n_high", note="`--high` moves it."),
    _REVERSE.value,
    *_FALSE_REASSURANCE.ends,
    *_REVERSE.ends,
    N_REASSURED,
)
COLUMNS = names(DECLARED)


def reassurance_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give false reassurance and its reverse for every judge and attribute.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute:

        - ``n_low``: replies that the experts rate ``low`` or less.
        - ``n_high``: replies that the judge rates ``high`` or more.
        - ``n_reassured``: replies that are both, the count behind both rates.
        - ``false_reassurance``: ``n_reassured / n_low`` (0-1).
        - ``reverse``: ``n_reassured / n_high`` (0-1).
        - ``..._low``, ``..._high``: ends of their 95% intervals (0-1), clustered by conversation or by the source's
          blocks of them, see :func:`analysis.inference.clustering.clustered_share`; NaN with a single cluster.

        A rate on fewer than ``FEWEST_REPLIES`` replies is NaN, and so is its interval; the counts are given all the
        same.
    """
    return _table(frame, settings, ("judge", "attribute"))


def reassurance_by_model(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give both on each model's replies: ``COLUMNS`` with ``model`` after ``attribute``."""
    return _table(frame, settings, ("judge", "attribute", "model"))


def reassured(frame: pd.DataFrame, settings: Settings, axes: tuple[str, ...]) -> np.ndarray:
    """Count the replies that the experts find poor, that the judge finds good, and that are both.

    Shape (3, each of ``axes``, clusters).
    """
    n = frame["n"].to_numpy(dtype=float)
    poor = n * (frame["human"] <= settings.low).to_numpy()
    praised = n * (frame["rating"] >= settings.high).to_numpy()
    return add_up(frame, axes, (lambda: poor, lambda: praised, lambda: np.minimum(poor, praised)))


def _table(frame: pd.DataFrame, settings: Settings, axes: tuple[str, ...]) -> pd.DataFrame:
    low, high, both = reassured(frame, settings, axes)
    false_reassurance, its_interval = _enough(both, low)
    reverse, reverse_interval = _enough(both, high)
    columns = {
        "n_low": low.sum(-1).astype(int),
        "false_reassurance": false_reassurance,
        "n_high": high.sum(-1).astype(int),
        "reverse": reverse,
        "false_reassurance_low": its_interval.low,
        "false_reassurance_high": its_interval.high,
        "reverse_low": reverse_interval.low,
        "reverse_high": reverse_interval.high,
        "n_reassured": both.sum(-1).astype(int),
    }
    names = [list(frame[axis].cat.categories) for axis in axes]
    table = pd.MultiIndex.from_product(names, names=axes).to_frame(index=False)
    return table.assign(**{name: values.ravel() for name, values in columns.items()})


def _enough(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, Interval]:
    """Give the share and its interval where enough replies stand behind it."""
    share, (low, high) = clustered_share(events, n)
    enough = n.sum(-1) >= FEWEST_REPLIES
    return np.where(enough, share, np.nan), Interval(*(np.where(enough, end, np.nan) for end in (low, high)))
