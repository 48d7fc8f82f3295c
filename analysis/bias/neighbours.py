"""How much wider an interval of bias is when conversations that stand near each other count as one.

The experts rated conversations in the order of the file, and their ratings of neighbours are alike. An interval that
takes single conversations for independent leaves that out; one clustered by blocks of neighbours holds most of it.
"""

import numpy as np
import pandas as pd

from analysis.bias.inflation import BIAS, inflation_table
from analysis.column import Column, Ends
from analysis.ratings.columns import CELL

NEIGHBOURS = 20
# With fewer blocks the interval says more of their number than of neighbours.
FEWEST_BLOCKS = 10

DECLARED = (
    *CELL,
    *BIAS,
    *Ends.of(BIAS.value, "neighbours", "Neighbours", "neighbours"),
    Column.estimate("ratio", "Times as wide", "neighbours", ".1f", "times"),
)


def bias_by_neighbours(frame: pd.DataFrame) -> pd.DataFrame:
    """Bias with its interval clustered by conversation, and by blocks of ``NEIGHBOURS`` conversations in file order.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, whose clusters are single conversations numbered in
        the order of the file. Blocks drawn by lot, as in the snapshot, hold no neighbours: there is nothing to learn
        from them.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, bias, bias_low, bias_high, neighbours_low, neighbours_high, ratio``, one row for each judge
        and attribute; in points of the 1-5 scale, intervals with 95% confidence. ``ratio`` is the width of the second
        interval over that of the first. NaN where there are fewer than two conversations, or fewer than
        ``FEWEST_BLOCKS`` blocks of them.
    """
    single = inflation_table(frame)[["judge", "attribute", "bias", "bias_low", "bias_high"]]
    block = frame["cluster"].astype(int) // NEIGHBOURS
    blocked = inflation_table(frame.assign(cluster=block))
    if block.nunique() < FEWEST_BLOCKS:
        blocked[["bias_low", "bias_high"]] = np.nan
    width = single["bias_high"] - single["bias_low"]
    return single.assign(
        neighbours_low=blocked["bias_low"],
        neighbours_high=blocked["bias_high"],
        ratio=(blocked["bias_high"] - blocked["bias_low"]) / width.where(width > 0),
    )
