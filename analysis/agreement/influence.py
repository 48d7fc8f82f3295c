"""How each intraclass correlation moves when one model is left out.

Nine or ten models are few, and a model far from the others is a point of leverage: a coefficient may rest on it alone.
Without the original reply the comparison is of language models only.
"""

from dataclasses import replace

import pandas as pd

from analysis.agreement.icc import ICC_A1, ICC_C1, N_TARGETS, icc_of
from analysis.column import Column, names
from analysis.ratings.columns import CELL
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings

DECLARED = (
    *CELL,
    Column.key("left_out", "Left out", "left_out"),
    ICC_C1.value,
    ICC_A1.value,
    Column.estimate("shift_c1", "Shift of C", "shift", "+.2f", "as the coefficient"),
    Column.estimate("shift_a1", "Shift of A", "shift", "+.2f", "as the coefficient"),
    *ICC_C1.ends,
    *ICC_A1.ends,
    N_TARGETS,
)
COLUMNS = names(DECLARED)


def influence_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Both coefficients of every judge and attribute without each model in turn.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        Level, interval, resamples, seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute and model (``left_out``) that the judge is compared on.
        ``icc_c1`` and ``icc_a1`` are without that model, intervals as the settings say; ``shift_c1`` and ``shift_a1``
        are these less the coefficients with all models. NaN where either is undefined.
    """
    total = sums(frame)
    whole = icc_of(total, settings)
    tables = []
    for place, model in enumerate(total.models):
        there = total.moments[0, :, :, place].sum(-1).ravel() > 0
        without = total.moments.copy()
        without[:, :, :, place] = 0
        tables.append(icc_of(replace(total, moments=without), settings)[there].assign(left_out=model))
    # The rows of every table stand at the place of their cell.
    left = pd.concat(tables or [whole.assign(left_out="")[:0]]).sort_index(kind="stable")
    shifts = {f"shift_{name}": left[f"icc_{name}"] - whole.loc[left.index, f"icc_{name}"] for name in ("c1", "a1")}
    return left.assign(**shifts)[list(COLUMNS)].reset_index(drop=True)
