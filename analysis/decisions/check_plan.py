r"""What experts would have to rate for a service to check a judge on its own replies.

**Single replies.** Of n replies that experts find poor, a judge calls c good. Where :math:`P(X \le c) \le 0.05` for
:math:`X \sim Binomial(n, p)`, the exact one-sided 95% bound (Clopper & Pearson 1934) lies at p or below: the judge
passes no more than a share p of poor replies. With c = 0 that takes

.. math::
    n = \lceil \ln 0.05 / \ln(1 - p) \rceil

replies, about 3 / p (the rule of three). p is ``reassured_supported``. The same from replies that the judge calls good:
a share p of the poor ones among them is a share :math:`p \cdot n_{low} / n_{high}` of all that it calls good, if poor
and good replies are as frequent as in the ratings at hand.

**Scores.** Two one-sided tests at 5% (Schuirmann 1987) show with power :math:`1 - \beta` that the mean difference of a
system lies within the margin :math:`\delta`, where it is 0, from

.. math::
    n = \left(\frac{(z_{1 - 0.05/S} + z_{1 - \beta/2})\, s}{\delta}\right)^2

of its replies (Julious 2004), s the standard deviation of judge minus experts over its replies, S the systems, by which
the level is divided as in the criterion ``system_bias``.

References
----------
Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
binomial. Biometrika, 26(4), 404-413.
Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing the
equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics, 15(6), 657-680.
Julious, S. A. (2004). Sample sizes for clinical trials with Normal data. Statistics in Medicine, 23(12), 1921-1986.
"""

import math

import numpy as np
import pandas as pd
from scipy.special import bdtr, ndtri

from analysis.column import Column, names
from analysis.ratings.columns import CELL
from analysis.ratings.needs import FEWEST_REPLIES
from analysis.ratings.settings import CONFIDENCE, Settings

POWER = 0.9
DECLARED = (
    *CELL,
    Column.count("poor_needed", "Poor replies to collect", "needed", note="At least those that a rate takes."),
    Column.count("poor_allowed", "Called good at most", "n_reassured"),
    Column.estimate("poor_share", "Share of poor replies", "n_low", ".1%", "0 to 1"),
    Column.count("good_needed", "Good by judge to rate", "needed", note="None of them may be poor."),
    Column.count("systems", "Systems", "n_models"),
    Column.count("each_needed", "Replies of each system", "needed", note="Of the system that takes most."),
)
COLUMNS = names(DECLARED)


def plan_table(bias: pd.DataFrame, rates: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute how many replies experts would have to rate to check a judge on replies that nobody has rated yet.

    Parameters
    ----------
    bias
        By system, as :func:`analysis.bias.inflation.inflation_by_model` gives it.
    rates
        As :func:`analysis.bias.false_reassurance.reassurance_table` gives them.
    settings
        ``reassured_supported`` and ``margin``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute of ``rates``, in their order:

        - ``poor_needed``, ``poor_allowed``: replies that experts find poor, at least ``FEWEST_REPLIES``, and how many
          of them the judge may call good.
        - ``poor_share``: the share of replies that experts find poor (0-1); NaN where they find none.
        - ``good_needed``: replies that the judge calls good, at least ``FEWEST_REPLIES``, of which none may be poor;
          NaN where none is poor or none is called good.
        - ``systems``, ``each_needed``: systems, and how many replies of each, at least ``FEWEST_REPLIES``; NaN where no
          system has two pairs.
    """
    n, allowed = acceptance(settings.reassured_supported, FEWEST_REPLIES)
    poor, good = (rates[name].astype(float).where(rates[name] > 0) for name in ("n_low", "n_high"))
    limits = settings.reassured_supported * poor / good
    table = rates[["judge", "attribute"]].assign(
        poor_needed=n,
        poor_allowed=allowed,
        poor=poor,
        good_needed=limits.map(none_of, na_action="ignore").clip(lower=FEWEST_REPLIES),
    )
    table = table.merge(_of_systems(bias, settings), on=["judge", "attribute"], how="left")
    return table.assign(poor_share=table["poor"] / table["n_pairs"])[list(COLUMNS)]


def none_of(limit: float) -> int:
    """Return the fewest trials without an event whose exact one-sided 95% bound is at most ``limit``, above 0."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log1p(-limit)) if limit < CONFIDENCE else 1


def acceptance(limit: float, fewest: int) -> tuple[int, int]:
    """Return how many trials, at least ``fewest``, and the most events with which the exact bound is in ``limit``."""
    n = max(none_of(limit), fewest)
    return n, int(np.flatnonzero(bdtr(np.arange(n), n, limit) <= 1 - CONFIDENCE)[-1])


def equivalence_replies(deviation: pd.Series, margin: float, systems: pd.Series) -> pd.Series:
    """Return how many replies let two one-sided tests find a mean difference of 0 within ``margin``."""
    quantiles = ndtri(1 - (1 - CONFIDENCE) / systems) + ndtri((1 + POWER) / 2)
    return np.ceil((quantiles * deviation / margin) ** 2)


def _of_systems(bias: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    rows = bias[bias["n_pairs"] > 0]
    by_cell = rows.groupby(["judge", "attribute"], observed=True, sort=False)
    systems = by_cell["model"].transform("size")
    n = rows["n_pairs"].where(rows["n_pairs"] > 1)
    deviation = np.sqrt((rows["mse"] - rows["bias"] ** 2).clip(lower=0) * n / (n - 1))
    needed = equivalence_replies(deviation, settings.margin, systems).clip(lower=FEWEST_REPLIES)
    cells = rows.assign(systems=systems, each_needed=needed).groupby(["judge", "attribute"], observed=True, sort=False)
    return cells.agg(
        n_pairs=("n_pairs", "sum"), systems=("systems", "first"), each_needed=("each_needed", "max")
    ).reset_index()
