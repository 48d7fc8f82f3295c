"""How long the replies of MentalBench-100k are, and how many are empty, cut off, or hold a model's thoughts.

Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
Statistical Association, 22(158), 209-212.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from analysis.column import Column, Estimate, names
from analysis.ratings.columns import MODEL_COLUMN
from analysis.ratings.settings import CONFIDENCE
from data.replies.traits import KINDS, Traits

QUARTILES = {"words_q1": 0.25, "words_median": 0.5, "words_q3": 0.75}
SHARES = {"empty": "empty", "cut-off": "cut_off", "tagged": "tagged"}
WORDS = (
    Column.estimate("words_q1", "Words, a quarter below", "words", ",.0f", "words"),
    Column.estimate("words_median", "Words, half below", "words", ",.0f", "words"),
    Column.estimate("words_q3", "Words, a quarter above", "words", ",.0f", "words"),
)
DECLARED = (
    MODEL_COLUMN,
    Column.count("n_replies", "Replies", "n_replies"),
    *WORDS,
    *Estimate.of("empty", "Empty", "empty", ".2%", "0 to 1", ends="empty"),
    *Estimate.of("cut_off", "Cut off", "cut_off", ".2%", "0 to 1", ends="cut_off"),
    *Estimate.of("tagged", "Reasoning tags", "tagged", ".2%", "0 to 1", ends="tagged"),
)
COLUMNS = names(DECLARED)


def lengths_table(traits: Traits, models: Sequence[str]) -> pd.DataFrame:
    """Describe the replies of each model.

    A model wrote one reply to each message, so its replies count as independent and no cluster is needed: intervals are
    Wilson's. Messages that stand in the file more than once count as often.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each model: number of replies; quartiles of the words of those that are not empty, NaN
        where all are; share (0-1) of all replies that are empty, cut off and tagged as
        :class:`data.replies.traits.Traits` defines them, each with its 95% interval, NaN where there is no reply.
    """
    rows = [_described(traits, traits.models.index(model)) for model in models]
    return pd.DataFrame([{"model": model, **row} for model, row in zip(models, rows, strict=True)], columns=COLUMNS)


def _described(traits: Traits, place: int) -> dict[str, float]:
    words = traits.words[~traits.kinds["empty"][:, place], place]
    row: dict[str, float] = {"n_replies": len(traits.words)}
    row |= {name: float(np.quantile(words, at)) if len(words) else np.nan for name, at in QUARTILES.items()}
    for kind in KINDS:
        row |= _share(SHARES[kind], int(traits.kinds[kind][:, place].sum()), len(traits.words))
    return row


def _share(name: str, found: int, of: int) -> dict[str, float]:
    if of == 0:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), np.nan)
    low, high = binomtest(found, of).proportion_ci(CONFIDENCE, "wilson")
    return {name: found / of, f"{name}_low": low, f"{name}_high": high}
