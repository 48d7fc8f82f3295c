"""The same coefficients from pingouin, a library of others, as a check on our own."""

import pandas as pd

from analysis.agreement.icc import ICC_A1, ICC_C1
from analysis.column import Column, names
from analysis.ratings.columns import CELL
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings

FEWEST_TARGETS = 3

DECLARED = (
    *CELL,
    ICC_C1.value,
    Column.estimate("pingouin_c1", "pingouin C", "icc_c1", ".2f", "up to 1"),
    ICC_A1.value,
    Column.estimate("pingouin_a1", "pingouin A", "icc_a1", ".2f", "up to 1"),
    Column.estimate("pingouin_difference", "Difference", "pingouin_difference", ".1e", "as the coefficient"),
)
COLUMNS = names(DECLARED)


def against_pingouin(frame: pd.DataFrame, table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compute every coefficient of a table once more with pingouin.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    table
        As :func:`analysis.agreement.icc.icc_table` makes it of them.
    settings
        Of which the level counts.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``; ``pingouin_difference`` is the larger of the two absolute differences. Left out are undefined
        cells, and cells of two targets, for which pingouin computes nothing.
    """
    rows = []
    checked = table[table["icc_c1"].notna() & (table["n_targets"] >= FEWEST_TARGETS)]
    for cell in checked.itertuples():
        targets = _targets(frame, str(cell.judge), str(cell.attribute), settings)
        c1, a1 = _pingouin(targets)
        difference = max(abs(c1 - cell.icc_c1), abs(a1 - cell.icc_a1))
        rows.append((cell.judge, cell.attribute, cell.icc_c1, c1, cell.icc_a1, a1, difference))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _targets(frame: pd.DataFrame, judge: str, attribute: str, settings: Settings) -> pd.DataFrame:
    """One row for each target: the experts' rating of it and the judge's."""
    rows = frame[(frame["judge"] == judge) & (frame["attribute"] == attribute)]
    if settings.level == "response":
        return rows.loc[rows.index.repeat(rows["n"]), ["human", "rating"]].reset_index(drop=True)
    n, human, rating = sums(rows).moments[:3].sum((1, 2, 4))
    seen = n > 0
    return pd.DataFrame({"human": human[seen] / n[seen], "rating": rating[seen] / n[seen]})


def _pingouin(targets: pd.DataFrame) -> tuple[float, float]:
    import pingouin

    long = targets.rename_axis("target").reset_index().melt(id_vars="target", var_name="rater", value_name="value")
    result = pingouin.intraclass_corr(long, targets="target", raters="rater", ratings="value").set_index("Type")["ICC"]
    return float(result["ICC(C,1)"]), float(result["ICC(A,1)"])
