"""Which single conversation, left out of the experts' and all judges' ratings, brings the printed figures back.

Where one row of the experts' file is a copy of another, the printed tables may rest on the ratings with it or without.
Leaving out every conversation in turn says whether the copy alone explains them, or any other row would do as well.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, squares_of_models
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.pairs import pairs, sums
from analysis.ratings.settings import Selection, Settings
from analysis.reproduction.comparison import SLACK, UNIT
from analysis.reproduction.printed import as_printed, printed_bias, printed_icc
from data.sources import Dataset

COLUMNS = ("conversation", "n_same", "n_figures")


def left_out_in_turn(dataset: Dataset) -> pd.DataFrame:
    """Count the printed figures that come out to the last digit with each conversation left out in turn.

    Figures are the coefficients, means, biases and squared errors of judges under the paper's settings with copied rows
    kept; none of them rests on random draws.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each conversation: how many of ``n_figures`` printed figures are the same.

    Raises
    ------
    NeedsConversationsError
        The ratings are counts of blocks.
    """
    if dataset.ratings is None:
        raise NeedsConversationsError
    study = as_printed(dataset.study)
    settings = Settings.of(study, "paper", repeated="kept")
    total = sums(pairs(study, dataset.counts, settings, Selection.of(study)))
    without = total.moments.sum(-1, keepdims=True) - total.moments
    c1, a1 = coefficients(squares_of_models(np.moveaxis(without, -2, -1)))
    n, human, judge, human_squared, judge_squared, product = without.sum(-2)
    human_mean, judge_mean = human / n, judge / n
    recomputed = {
        "icc": {"icc_c1": c1, "icc_a1": a1},
        "bias": {
            "human_mean": human_mean,
            "judge_mean": judge_mean,
            "bias": judge_mean - human_mean,
            "mse": (human_squared + judge_squared - 2 * product) / n,
        },
    }
    printed = {"icc": printed_icc(study), "bias": printed_bias(study)}
    cells = pd.MultiIndex.from_product([total.judges, total.attributes], names=["judge", "attribute"])
    same = []
    for name, figures in recomputed.items():
        table = printed[name].set_index(list(cells.names)).reindex(cells)
        for figure, values in figures.items():
            off = np.abs(values - table[figure].to_numpy().reshape(*values.shape[:-1], 1))
            same.append(off <= UNIT[name] / 2 + SLACK)
    n_same = np.stack(same).sum((0, 1, 2))
    size = len(same) * len(cells)
    return pd.DataFrame(
        {"conversation": list(dataset.ratings.conversations), "n_same": n_same, "n_figures": size},
        columns=list(COLUMNS),
    )
