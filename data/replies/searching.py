"""Search in the texts of MentalBench-100k: read through from the disk each time, so that no index is kept.

All 110,000 texts are gone through a batch at a time, which takes a fraction of a second; of each, nothing stays in
memory but whether it was found.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.replies.traits import texts

if TYPE_CHECKING:
    from datasets import Dataset

_BATCH = 1000
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
_CURLY = str.maketrans("“”„", '"""')


def wanted(asked: str) -> tuple[str, ...]:
    """Take apart what a reader asks for: single words, and what stands between quotation marks as one piece."""
    found = _PHRASE_OR_WORD.findall(asked.translate(_CURLY))
    return tuple(dict.fromkeys(piece for phrase, word in found if (piece := phrase.strip() or word)))


def search(table: "Dataset", pieces: Sequence[str], columns: Sequence[str]) -> dict[str, np.ndarray]:
    """Find the texts that hold every piece, in any order, whatever its case; also within longer words.

    Parameters
    ----------
    table
        Memory-mapped columns of texts.
    pieces
        What a single text must hold, as :func:`wanted` gives it; no piece is in every text.
    columns
        Where to look.

    Returns
    -------
    dict
        For each column whether each row's text holds them all.
    """
    found = {name: np.zeros(len(table), dtype=bool) for name in columns}
    if not columns:
        return found
    looked_in = table.select_columns(list(columns)).with_format("arrow")
    for number, batch in enumerate(looked_in.iter(_BATCH)):
        start = number * _BATCH
        for name in columns:
            found[name][start + _hold(texts(batch[name]), pieces)] = True
    return found


def _hold(column: pa.ChunkedArray, pieces: Sequence[str]) -> np.ndarray:
    """Places of the texts that hold every piece; each piece is looked for only where all before it are."""
    places = np.arange(len(column))
    for piece in pieces:
        here = pc.match_substring(column, piece, ignore_case=True)
        places = places[here.to_numpy()]
        column = column.filter(here)
    return places
