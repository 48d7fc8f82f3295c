"""Single ratings of a study as tidy frames, with the ledger of what is wrong in its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.contexts import DIFFERENT, SAME_TEXT
from data.errors import ReleaseError
from data.study import HUMAN, Scale, Study

# A file with a larger share of ratings outside the scale is on another scale.
MOST_OUTSIDE = 1 / 20


@dataclass(frozen=True)
class FileRecord:
    """One file that was read.

    ``name`` is its path below the folder; ``raters`` are those whose ratings it holds. ``changed`` marks a file that
    has the name of a released one and another content.
    """

    name: str
    sha256: str
    rows: int
    raters: tuple[str, ...]
    changed: bool = False


class Entry(NamedTuple):
    """A row of the ledger.

    ``row`` is the number that a spreadsheet shows beside the row (0 where the file lacks it), ``column`` the heading as
    the file writes it, ``cell`` the whole text of the cell; both are empty for errors of whole rows. ``model`` and
    ``attribute`` are empty where an error concerns all of them.
    """

    file: str
    row: int
    column: str
    rater: str
    conversation: object
    model: str
    attribute: str
    error: str
    raw: str
    cell: str
    as_released: str
    valid: str


LEDGER_COLUMNS = list(Entry._fields)
OFF_SCALE = "off the scale"
RETEST_COLUMNS = ["judge", "run", "conversation", "model", "attribute", "rating"]
NEW_SYSTEM_COLUMNS = ["judge", "new_system", "conversation", "attribute", "as_released", "valid", "different"]
# What the run is called whose ratings are a judge's; others are compared with it.
FIRST_RUN = "1"
# What a judge's first ratings of systems that experts have not rated are called among its runs.
NEW_SYSTEMS = "new systems"


@dataclass(frozen=True)
class Headings:
    """What the columns of an own study's tables are called."""

    item: str = "item"
    system: str = "system"
    rater: str = "rater"
    attribute: str = "attribute"
    rating: str = "rating"
    message: str = "message"
    explanation: str = "explanation"
    reply: str = "reply"
    run: str = "run"
    probability: str = "probability"


@dataclass(frozen=True)
class Ratings:
    """What the files of a study hold.

    Attributes
    ----------
    study
        What is known of the study; its judges are those with ratings here.
    long
        ``conversation, model, attribute, rater, as_released, valid``: one row for every rating that there is a place
        for, rater by rater, the experts (``human``) first. ``as_released`` is the number that was written, NaN where
        there is none; ``valid`` the same where it is on the scale, numbers recovered from malformed cells among them.
        Of several experts it is their mean under either policy.
    experts
        The same of each single expert, where they are told apart; else None.
    contexts
        ``conversation, rater, context``: the message as each rater's file has it.
    explanations
        ``conversation, model, rater, explanation``: the judges' reasons.
    ledger
        ``LEDGER_COLUMNS``: every error in the order of files and rows, where it stands, the raw value, and what is done
        with it under either rating policy (for rows whose context differs or that are copies: when such rows are kept,
        and when they are left out).
    differing
        The conversations whose context differs between the experts' file and a judge's, as
        :func:`data.contexts.compare` lists them.
    repeats
        The conversations whose row in the experts' file is a copy of another's, as :func:`data.repeats.repeated_rows`
        lists them.
    files, notes
        What was read, and what was passed over and why.
    fenced
        How many cells of each file stood in a code fence.
    headings
        What the columns of the study's tables are called, so that a judge's file may call its own so too.
    lengths
        ``conversation, model, words``: how long each reply is whose text was at hand, in words (more than 0). The text
        itself is not kept. None where no reply was at hand.
    probabilities
        ``conversation, model, probability``: with which probability (above 0, up to 1) each reply was drawn to be
        rated. None where the tables do not say.
    retests
        ``RETEST_COLUMNS``: what judges said when they were asked again, or with a change that means nothing. Their
        first run alone is in ``long``.
    new_systems
        ``NEW_SYSTEM_COLUMNS``: ratings by judges of the study, of systems that no expert rated and the study does not
        have. They are nowhere else. ``different`` marks replies to another message than the experts had.
    """

    study: Study
    long: pd.DataFrame
    contexts: pd.DataFrame
    explanations: pd.DataFrame
    ledger: pd.DataFrame
    differing: pd.DataFrame
    repeats: pd.DataFrame
    files: tuple[FileRecord, ...]
    notes: tuple[str, ...] = ()
    fenced: Mapping[str, int] | None = None
    experts: pd.DataFrame | None = None
    headings: Headings = Headings()
    lengths: pd.DataFrame | None = None
    probabilities: pd.DataFrame | None = None
    retests: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RETEST_COLUMNS))
    new_systems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NEW_SYSTEM_COLUMNS))

    @cached_property
    def conversations(self) -> tuple[object, ...]:
        """The conversations in the order of the files."""
        return tuple(self.long["conversation"].cat.categories)

    @property
    def new_system_keys(self) -> tuple[str, ...]:
        """The systems that judges rated and no expert did, in the order of the files."""
        return tuple(self.new_systems["new_system"].unique())

    def different(self, rater: str) -> frozenset[object]:
        """Return the conversations that are another in a judge's file than in the experts'."""
        rows = self.differing[(self.differing["error"] == DIFFERENT) & (self.differing["rater"] == rater)]
        return frozenset(rows["conversation"].tolist())

    @property
    def different_anywhere(self) -> frozenset[object]:
        """The conversations that are another in some judge's file than in the experts'."""
        return frozenset(self.differing.loc[self.differing["error"] == DIFFERENT, "conversation"].tolist())


def long_table(
    study: Study,
    conversations: Sequence[object],
    as_released: Mapping[str, np.ndarray],
    valid: Mapping[str, np.ndarray],
    raters: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Lay ratings by rater out with one row each, as :class:`Ratings` has them.

    Parameters
    ----------
    study
        Names the systems and attributes.
    conversations
        In the order of the first axis.
    as_released, valid
        By rater: arrays of shape (conversations, systems, attributes), NaN where there is no rating.
    raters
        Whose, in which order; those of the study unless told.
    """
    present = [rater for rater in (raters or study.raters) if rater in as_released]
    shape = (len(present), len(conversations), len(study.systems), len(study.attributes))
    rater, conversation, model, attribute = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    return pd.DataFrame(
        {
            "conversation": pd.Categorical.from_codes(conversation, pd.Index(conversations)),
            "model": pd.Categorical.from_codes(model, list(study.system_keys)),
            "attribute": pd.Categorical.from_codes(attribute, list(study.attribute_names)),
            "rater": pd.Categorical.from_codes(rater, present),
            "as_released": np.stack([as_released[name] for name in present]).ravel(),
            "valid": np.stack([valid[name] for name in present]).ravel(),
        }
    )


def context_entries(
    differing: pd.DataFrame, places: Mapping[tuple[object, str], tuple[str, int, str]], item: str
) -> list[Entry]:
    """List the contexts that differ as rows of the ledger; the texts themselves stay out of it.

    Parameters
    ----------
    differing
        As :func:`data.contexts.compare` lists them.
    places
        By conversation and rater: the file, the row, and the heading of the column.
    item
        What a conversation is called.
    """
    entries = []
    for number, rater, error, stands_at in differing.itertuples(index=False):
        where = f"the experts' text stands at {item} {stands_at}" if stands_at else ""
        left_out = "kept" if error == SAME_TEXT else "left out"
        entries.append(Entry(*places[number, rater], rater, number, "", "", error, where, "", "kept", left_out))
    return entries


def check_scale(scale: Scale, numbers: np.ndarray, whose: str) -> None:
    """Refuse ratings that are on another scale than the study's.

    Raises
    ------
    ReleaseError
        More than one in 20 of the ratings lie outside the scale.
    """
    given = numbers[~np.isnan(numbers)]
    check_shares(scale, given, int((~scale.holds(given)).sum()), len(given), whose)


def check_shares(scale: Scale, values: np.ndarray, outside: int, given: int, whose: str) -> None:
    """Refuse ratings that are on another scale, by how many of those ``given`` lie ``outside`` it.

    ``values`` are the different ratings. See :func:`check_scale`.
    """
    if outside > MOST_OUTSIDE * given:
        seems = f"{values.min():g} to {values.max():g}{'' if _whole(values) else ', not all of them whole numbers'}"
        raise ReleaseError(
            f"{whose}: {outside:,} of {given:,} ratings are not on the study's scale, {scale.points}; "
            f"they seem to be on a scale of {seems}; rescale them, or state the scale in the study.toml of your study"
        )


def reference(experts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean of the experts' ratings of each reply, over those who rated it; NaN where none did."""
    given = np.stack(experts)
    n = (~np.isnan(given)).sum(0)
    return np.where(n > 0, np.nansum(given, 0) / np.maximum(n, 1), np.nan)


def is_reserved(key: str) -> bool:
    """Whether a key stands for the experts or for a panel, so that no judge can have it."""
    return key == HUMAN or key.startswith("panel-")


def _whole(numbers: np.ndarray) -> bool:
    return bool((numbers == np.rint(numbers)).all())
