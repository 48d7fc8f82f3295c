"""What can be told of a reply without reading it: how long it is, whether it is there, whole, and a reply only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.remote.progress import Progress

if TYPE_CHECKING:
    from datasets import Dataset

Kind = Literal["empty", "cut-off", "tagged"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_BATCH = 1000
_LETTER_OR_DIGIT = r"[\pL\pN]"
# What may follow the sign that ends a sentence: spaces, closing quotes and brackets, marks of Markdown, and the parts
# that emoji are made of.
_AFTER_THE_END = r"""[\s\pZ\pC\pM\p{So}\p{Sk}"'\p{Pe}\p{Pf}*_~`#>|]*"""
_ENDED = rf"[.!?…‽。！？؟۔।]{_AFTER_THE_END}\z"
_TAG = r"(?i)<\s*/?\s*(?:think|thinking|thoughts?|reason|reasoning|reflection|scratchpad)\b[^<>]{0,80}>"


@dataclass(frozen=True)
class Traits:
    """The traits of all replies, seven bytes for each.

    Attributes
    ----------
    models
        Keys of the models, in the order of the columns below.
    message_words
        Words of each message.
    words
        Words of each reply: what stands between spaces. A row for each conversation, a column for each model.
    kinds
        For each of ``KINDS`` whether a reply is of it. ``empty``: it holds no letter and no digit. ``cut-off``: it is
        not empty, and its last sign is none that ends a sentence (``. ! ? …`` and their like in other scripts); spaces,
        closing quotes and brackets, marks of Markdown and emoji after that sign do not count. ``tagged``: it holds a
        tag that reasoning models put around their thoughts (``<think>``, ``</think>``, ``<thinking>``, ``<thought>``,
        ``<reasoning>``, ``<reflection>``, ``<scratchpad>``, whatever their case).
    """

    models: tuple[str, ...]
    message_words: np.ndarray
    words: np.ndarray
    kinds: dict[Kind, np.ndarray]


def read_traits(table: "Dataset", progress: Progress) -> Traits:
    """Go through all replies once, a batch at a time.

    Parameters
    ----------
    table
        ``context`` and a column for each model key.
    """
    models = tuple(name for name in table.column_names if name != "context")
    message_words = np.zeros(len(table), dtype=np.uint32)
    words = np.zeros((len(table), len(models)), dtype=np.uint32)
    kinds = {kind: np.zeros(words.shape, dtype=bool) for kind in KINDS}
    for start, batch in enumerate(table.with_format("arrow").iter(_BATCH)):
        progress.say(f"Measuring the replies, {start * _BATCH:,} of {len(table):,} conversations")
        rows = slice(start * _BATCH, start * _BATCH + len(batch))
        message_words[rows] = count_words(texts(batch["context"]))
        for place, model in enumerate(models):
            replies = texts(batch[model])
            words[rows, place] = count_words(replies)
            for kind, of_it in kinds_of(replies).items():
                kinds[kind][rows, place] = of_it
    return Traits(models, message_words, words, kinds)


def texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column as texts; a cell that was left blank is an empty one, whatever type a blank column was read as."""
    return pc.fill_null(column.cast(pa.string()), "")


def count_words(column: pa.ChunkedArray) -> np.ndarray:
    """Count what stands between spaces in each text."""
    trimmed = pc.utf8_trim_whitespace(column)
    counts = pc.list_value_length(pc.utf8_split_whitespace(trimmed)).to_numpy()
    return np.where(pc.equal(trimmed, "").to_numpy(), 0, counts)


def kinds_of(column: pa.ChunkedArray) -> dict[Kind, np.ndarray]:
    """Tell for each text of which kinds it is; the definitions are those of :class:`Traits`."""
    empty = ~pc.match_substring_regex(column, _LETTER_OR_DIGIT).to_numpy()
    ended = pc.match_substring_regex(column, _ENDED).to_numpy()
    return {
        "empty": empty,
        "cut-off": ~empty & ~ended,
        "tagged": pc.match_substring_regex(column, _TAG).to_numpy(),
    }
