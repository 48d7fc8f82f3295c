"""Two questions that are easily mixed: whether a judge ranks systems, and whether it rates a single reply.

At model level the targets are a few models, each with its mean over conversations, and the error of single ratings
averages out; what is found generalises to other models like these. At response level the targets are replies, and what
is found generalises to other replies of the same models. The first coefficient is far higher, and says nothing about
the second.
"""

import pandas as pd

from analysis.agreement.icc import icc_table
from analysis.ratings.settings import CHOICES, Settings


def levels_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Make the table of :func:`analysis.agreement.icc.icc_table` at both levels, told apart by its column ``level``.

    The level of the settings keeps its interval; the other has its preset's.
    """
    tables = [icc_table(frame, settings.at(level)) for level in CHOICES["level"]]
    return pd.concat(tables, ignore_index=True)
