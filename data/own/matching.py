"""Which items, systems and attributes of a study a judge's file means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from data import mentalalign
from data.contexts import numbers_by_text, plain
from data.own.layout import Accepted
from data.own.naming import is_published
from data.own.proposal import USUAL
from data.ratings import LEDGER_COLUMNS, NEW_SYSTEM_COLUMNS, RETEST_COLUMNS, Ratings
from data.study import HUMAN, Study
from data.tables import relabelled

UNMATCHED = ["file", "what", "name", "n"]
# How much of a message is shown where it matches none.
_SHOWN = 40


@dataclass(frozen=True)
class Matched:
    """What a file holds of a study.

    Attributes
    ----------
    layout
        ``released``, ``long`` or ``wide``.
    paired_by
        ``item``, or ``message`` where the file has no column of items.
    as_released, valid
        By judge that rates a system of the study: arrays of (items, systems, attributes), NaN where there is no rating.
    replies, matched
        How many replies the file rates, counted for each judge, and how many of them are the study's.
    unmatched
        ``UNMATCHED``: what is not the study's, and how many of the file's replies have it. ``what`` is ``item``,
        ``message`` or ``attribute``.
    contexts, places
        The messages as :class:`data.ratings.Ratings` has them, and the file, row and heading of each.
    explanations, ledger
        As :class:`data.ratings.Ratings` has them.
    notes
        What was passed over and why.
    fenced
        How many cells stood in a code fence.
    retests, new_systems
        As :class:`data.ratings.Ratings` has them.
    """

    layout: str
    paired_by: str
    as_released: Mapping[str, np.ndarray]
    valid: Mapping[str, np.ndarray]
    replies: int
    matched: int
    unmatched: pd.DataFrame
    contexts: pd.DataFrame
    places: Mapping[tuple[object, str], tuple[str, int, str]]
    explanations: pd.DataFrame
    ledger: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEDGER_COLUMNS))
    notes: tuple[str, ...] = ()
    fenced: Mapping[str, int] = field(default_factory=dict)
    retests: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RETEST_COLUMNS))
    new_systems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NEW_SYSTEM_COLUMNS))


def headings_of(ratings: Ratings) -> Accepted:
    """Accept what the study's own tables call a column, the usual names, and the study's word for an item."""
    own = ratings.headings
    accepted = {role: tuple(dict.fromkeys((getattr(own, role), *usual))) for role, usual in USUAL.items()}
    return {**accepted, "item": (*accepted["item"], ratings.study.item.one)}


def endings(study: Study) -> dict[str, str]:
    """Return the system of each ending of a column in the layout of the release."""
    return mentalalign.SUFFIX if is_published(study) else {key.lower(): key for key in study.system_keys}


def system_names(study: Study) -> dict[str, str]:
    """Return the system of every name that a table may use: endings of released columns, labels, and keys."""
    released = mentalalign.SUFFIX if is_published(study) else {}
    by_label = {system.label: system.key for system in study.systems}
    return {**released, **by_label, **{key: key for key in study.system_keys}}


def attribute_names(study: Study) -> dict[str, str]:
    """Return the attribute of every name that a table may use."""
    return {name: name for name in study.attribute_names}


def renamed(column: pd.Series, known: Mapping[str, str], *, with_others: bool = False) -> pd.Categorical:
    """Return a column of names as what they mean: as written, else in other capitals if that leaves one meaning.

    What means nothing is missing, or stays as it is ``with_others``.
    """
    meant = _meant(column.cat.categories, known)
    names = [meant.get(name, name if with_others else None) for name in column.cat.categories]
    return relabelled(column.cat.codes.to_numpy(), names)


def means(name: str, known: Mapping[str, str]) -> str | None:
    """Return what one name means; None where it means nothing."""
    return _meant([name], known).get(name)


def _meant(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    folded: dict[str, set[str]] = {}
    for name, key in known.items():
        folded.setdefault(name.casefold(), set()).add(key)
    found = {}
    for name in names:
        keys = {known[name]} if name in known else folded.get(name.casefold(), set())
        if len(keys) == 1:
            found[name] = next(iter(keys))
    return found


class Placed(NamedTuple):
    """The rows of a table with their items: a code for each that the table tells apart, its name, and the item."""

    codes: np.ndarray
    names: list[str]
    items: list[object]


@dataclass(frozen=True)
class Items:
    """The items of a study, by what a file may call them.

    Attributes
    ----------
    by_name
        The item of each name.
    by_text
        The item of each message, under the folded text and how often it stood before.
    """

    by_name: Mapping[str, object]
    by_text: Mapping[tuple[str, int], object]

    @classmethod
    def of(cls, ratings: Ratings) -> "Items":
        """Take the items of a study, with the messages that its experts had."""
        texts = ratings.contexts[ratings.contexts["rater"] == HUMAN]
        return cls(
            {str(item): item for item in ratings.conversations},
            numbers_by_text(texts["conversation"].tolist(), texts["context"].tolist()),
        )

    def named(self, column: pd.Series) -> Placed:
        """Place rows by the names of their items; a whole number may be written as a decimal one."""
        names = [str(name) for name in column.cat.categories]
        items = [self.by_name.get(name, self.by_name.get(name.removesuffix(".0"))) for name in names]
        return Placed(column.cat.codes.to_numpy(), names, items)

    def said(self, column: pd.Series, within: Iterable[pd.Series] = ()) -> Placed:
        """Place rows by their messages: the nth with a message is the nth item with it.

        Rows are counted apart for each combination of what stands in ``within``.
        """
        texts = [str(text) for text in column.cat.categories]
        folded = relabelled(column.cat.codes.to_numpy(), [plain(text) for text in texts])
        keys = pd.DataFrame({"text": folded, **{str(n): each.cat.codes for n, each in enumerate(within)}})
        nth = keys.groupby(list(keys.columns), observed=True, sort=False, dropna=False).cumcount()
        codes, places = pd.MultiIndex.from_arrays([folded.codes, nth]).factorize()
        found = [(folded.categories[code] if code >= 0 else "", n) for code, n in places]
        shown = [text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..." for text, _ in found]
        return Placed(np.where(folded.codes < 0, -1, codes), shown, [self.by_text.get(place) for place in found])


def count_unmatched(file: str, what: str, names: Iterable[object]) -> pd.DataFrame:
    """Count names that mean nothing in the study; each is named once for every reply that has it."""
    counted = pd.Series([str(name) for name in names], dtype="str").value_counts(sort=False)
    return pd.DataFrame({"file": file, "what": what, "name": counted.index, "n": counted.to_numpy()})[UNMATCHED]
