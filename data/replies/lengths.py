"""How long the replies are that were rated: each conversation's messages are looked up in MentalBench-100k."""

import numpy as np
import pandas as pd

from data.ratings import Ratings
from data.replies.texts import Replies
from data.study import HUMAN


def lengths_of(ratings: Ratings, replies: Replies) -> pd.DataFrame:
    """Return how many words each rated reply has, as :attr:`data.ratings.Ratings.lengths` has it.

    A conversation is the row with the experts' message, word for word. Where several rows have it, it cannot be told
    which of their replies were rated: a reply's length is then known only if it is the same in all of them. Empty
    replies have none.
    """
    experts = ratings.contexts[ratings.contexts["rater"] == HUMAN]
    traits = replies.traits
    found = []
    for conversation, context in zip(experts["conversation"], experts["context"], strict=True):
        if not (rows := replies.rows_of(context)):
            continue
        words = traits.words[rows]
        empty = traits.kinds["empty"][rows].any(0)
        known = (words == words[0]).all(0) & ~empty & (words[0] > 0)
        found += [(conversation, traits.models[at], int(words[0, at])) for at in np.flatnonzero(known)]
    return pd.DataFrame(found, columns=["conversation", "model", "words"])
