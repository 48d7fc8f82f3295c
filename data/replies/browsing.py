"""Which conversations of MentalBench-100k a reader wants to see: by words, by length, by kind of reply."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from data.replies.searching import search
from data.replies.traits import Kind

if TYPE_CHECKING:
    from data.replies.texts import Replies

Place = Literal["both", "messages", "replies"]


class Request(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    pieces
        What a text must hold, as :func:`data.replies.searching.wanted` gives it.
    place
        Whether it is looked for in messages, in replies, or in both.
    models
        Whose replies count; models that the table has no replies by are passed over.
    shortest, longest
        Words of a reply that counts, both ends included.
    kind
        The kind of a reply that counts, None for any.
    rows
        The rows that count, None for all.
    """

    pieces: tuple[str, ...]
    place: Place
    models: tuple[str, ...]
    shortest: int = 0
    longest: int | None = None
    kind: Kind | None = None
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Found:
    """The conversations found.

    Attributes
    ----------
    rows
        Their rows, counted from 0, rising.
    in_message
        For each row of the table whether its message holds what was looked for.
    in_replies
        For each model asked about, and each row of the table, whether its reply counts and holds what was looked for.
    """

    rows: np.ndarray
    in_message: np.ndarray
    in_replies: dict[str, np.ndarray]

    def part(self, number: int, size: int) -> list[int]:
        """Give the rows of a part of the list, the first being 1."""
        return [int(row) for row in self.rows[(number - 1) * size : number * size]]

    def beside(self, row: int) -> tuple[int | None, int | None]:
        """Give the found rows next before and next after a row, which need not be among them."""
        before, after = np.searchsorted(self.rows, row, "left"), np.searchsorted(self.rows, row, "right")
        return (
            int(self.rows[before - 1]) if before else None,
            int(self.rows[after]) if after < len(self.rows) else None,
        )


def browse(replies: "Replies", request: Request) -> Found:
    """Find the conversations in which a reply counts, and, where words are asked for, a text holds them.

    With words, either a reply that counts holds them, or the message does and some reply counts.
    """
    traits = replies.traits
    counts = {}
    for model in (model for model in request.models if model in traits.models):
        at = traits.models.index(model)
        counts[model] = traits.words[:, at] >= request.shortest
        if request.longest is not None:
            counts[model] &= traits.words[:, at] <= request.longest
        if request.kind is not None:
            counts[model] &= traits.kinds[request.kind][:, at]
    nowhere = np.zeros(len(replies.table), dtype=bool)
    some = np.logical_or.reduce([nowhere, *counts.values()])
    if request.rows is not None:
        some &= np.isin(np.arange(len(some)), request.rows)
    if not request.pieces:
        return Found(np.flatnonzero(some), nowhere, counts)
    messages = ["context"] if request.place != "replies" else []
    texts = search(replies.table, request.pieces, [*messages, *(counts if request.place != "messages" else ())])
    held = {model: of_it & texts.get(model, nowhere) for model, of_it in counts.items()}
    in_message = texts.get("context", nowhere)
    return Found(np.flatnonzero(some & np.logical_or.reduce([in_message, *held.values()])), in_message, held)
