r"""Conversations: in which of them judges and experts are far apart, and in which judges are far from each other.

A figure of a conversation is over its pairs of ratings, :math:`d = judge - human` for each judge, attribute and reply
that count: a reply counts once for each judge and attribute.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.bias.false_reassurance import N_LOW, N_REASSURED
from analysis.bias.inflation import BIAS
from analysis.column import Column, names
from analysis.ratings.columns import N_PAIRS
from analysis.ratings.settings import Selection, Settings
from data.contexts import DIFFERENT, SAME_TEXT
from data.ratings import Ratings
from data.study import HUMAN, PANEL

CONVERSATION = Column.key(
    "conversation",
    "Conversation",
    "conversation",
    ".0f",
    note="In the table of conversations a row is over all judges, models and attributes asked for, and counts a reply "
    "once for each judge and attribute.",
)
DECLARED = (
    CONVERSATION,
    N_PAIRS,
    Column.estimate("disagreement", "Disagreement", "disagreement", ".2f", "points of the scale"),
    Column.estimate("largest", "Largest difference", "largest", ".0f", "points of the scale"),
    BIAS.value,
    N_LOW,
    N_REASSURED,
    Column.estimate("judges_apart", "Judges apart", "judges_apart", ".2f", "points of the scale"),
    Column.count("n_errors", "Data errors", "n_errors"),
    Column.count("n_explanations", "Reasons", "n_explanations"),
    Column.key(
        "same_message",
        "Message in the files",
        "same_message",
        note="`same` in all files, a `small-difference` in one, or `another` conversation in one.",
    ),
)
COLUMNS = names(DECLARED)
DETAILS = (
    Column.text("beginning", "Message begins", "message"),
    Column.text("message", "Message", "message"),
)
# How the table can be sorted: the column that decides, and whether the largest comes first.
ORDERS = {
    "disagreement": ("disagreement", False),
    "reassured": ("n_reassured", False),
    "judges": ("judges_apart", False),
    "number": ("conversation", True),
}
SAME, SMALL_DIFFERENCE, ANOTHER = "same", "small-difference", "another"
KINDS = ("any", SAME, SMALL_DIFFERENCE, ANOTHER, "error-in-ratings", "any-error")
REASONS = ("any", "some", "none")


def conversation_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give how far apart the raters are in every conversation that has a pair.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, a cluster being one conversation.
    settings
        ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        One row for each cluster, in order:

        - ``cluster``: its place among the conversations.
        - ``n_pairs``: pairs, a reply counting once for each judge and attribute.
        - ``disagreement``: mean of :math:`|d|` (points of the scale).
        - ``largest``: largest :math:`|d|` (points).
        - ``bias``: mean of :math:`d` (points).
        - ``n_low``: pairs in which the experts rate the reply ``low`` or less.
        - ``n_reassured``: those in which the judge rates it ``high`` or more.
        - ``judges_apart``: over the replies and attributes that at least two judges rate, the mean of the highest less
          the lowest rating of the judges (points); NaN where there is none. A panel is no judge of its own here.
    """
    cluster = frame["cluster"].to_numpy()
    difference = (frame["rating"] - frame["human"]).to_numpy()
    low = (frame["human"] <= settings.low).to_numpy()
    n = np.bincount(cluster)
    there = np.flatnonzero(n)
    largest = np.zeros(len(n))
    np.maximum.at(largest, cluster, np.abs(difference))
    sums = {
        "disagreement": np.bincount(cluster, np.abs(difference)),
        "bias": np.bincount(cluster, difference),
        "n_low": np.bincount(cluster, low),
        "n_reassured": np.bincount(cluster, low & (frame["rating"] >= settings.high).to_numpy()),
    }
    return pd.DataFrame(
        {
            "cluster": there,
            "n_pairs": n[there],
            "disagreement": sums["disagreement"][there] / n[there],
            "largest": largest[there],
            "bias": sums["bias"][there] / n[there],
            "n_low": sums["n_low"][there].astype(int),
            "n_reassured": sums["n_reassured"][there].astype(int),
            "judges_apart": _apart(frame, len(n))[there],
        }
    )


def with_files(table: pd.DataFrame, ratings: Ratings, selection: Selection) -> pd.DataFrame:
    """Give each row of :func:`conversation_table` its name, and what the files say of that conversation.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, in the order of the files:

        - ``conversation``: what the files call it.
        - ``n_errors``: data errors in what the experts or the judges of the selection gave its models on its
          attributes; a cell that cannot be read is one.
        - ``n_explanations``: how many reasons those judges gave on those models.
        - ``same_message``: ``same`` when all files have the same message, ``small-difference`` when one differs from
          the experts' in little, ``another`` when one holds another conversation.
    """
    known, ledger = pd.Index(ratings.conversations), ratings.ledger
    ledger = ledger[ledger["rater"].isin((HUMAN, *judges_of(selection)))]
    wrong = ledger[ledger["model"].isin(selection.models) & ledger["attribute"].isin(("", *selection.attributes))]
    of_context = {error: ledger.loc[ledger["error"] == error, "conversation"] for error in (SAME_TEXT, DIFFERENT)}
    same = np.select(
        [known.isin(of_context[error]) for error in (DIFFERENT, SAME_TEXT)], [ANOTHER, SMALL_DIFFERENCE], SAME
    )
    place = table["cluster"].to_numpy()
    made = table.assign(
        conversation=known.to_numpy()[place],
        n_errors=_count(wrong["conversation"], known)[place],
        n_explanations=_count(reasons_of(ratings, selection)["conversation"], known)[place],
        same_message=same[place],
    )
    return made[list(COLUMNS)]


def judges_of(selection: Selection) -> tuple[str, ...]:
    """Give the judges of a selection and those who sit on its panel."""
    return tuple(dict.fromkeys((*selection.judges, *selection.panel)))


def reasons_of(ratings: Ratings, selection: Selection) -> pd.DataFrame:
    """Give the reasons of the judges of a selection on its models."""
    reasons = ratings.explanations
    return reasons[reasons["rater"].isin(judges_of(selection)) & reasons["model"].isin(selection.models)]


def messages_of(ratings: Ratings) -> pd.Series:
    """Give each conversation's message: the experts' copy, or the first there is where they have none."""
    first = ratings.contexts.assign(other=ratings.contexts["rater"] != HUMAN).sort_values("other", kind="stable")
    return first.drop_duplicates("conversation").set_index("conversation")["context"]


def of_kind(table: pd.DataFrame, kind: str, reasons: str, least: float) -> pd.DataFrame:
    """Keep the conversations of a kind (``KINDS``) and with reasons (``REASONS``) that are ``least`` apart or more."""
    kept = table["disagreement"] >= least
    if kind == "error-in-ratings":
        kept &= table["n_errors"] > 0
    elif kind == "any-error":
        kept &= (table["n_errors"] > 0) | (table["same_message"] != SAME)
    elif kind != "any":
        kept &= table["same_message"] == kind
    if reasons != "any":
        kept &= (table["n_explanations"] > 0) == (reasons == "some")
    return table[kept]


def in_order(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """Sort conversations by a key of ``ORDERS``; those that are level in the order of the files."""
    column, rising = ORDERS[order]
    if column == "conversation":
        return table.sort_index(ignore_index=True)
    return table.sort_index().sort_values(column, ascending=rising, kind="stable", ignore_index=True)


def found_in(texts: pd.DataFrame, column: str, phrases: Sequence[str]) -> set[object]:
    """Give the conversations that have a text with all phrases in it, capitals or not.

    ``texts`` has ``conversation`` and the texts in ``column``.
    """
    for phrase in phrases:
        texts = texts[texts[column].str.contains(phrase, case=False, regex=False)]
    return set(texts["conversation"].tolist())


def _apart(frame: pd.DataFrame, clusters: int) -> np.ndarray:
    """Average the spread of the judges' ratings over replies and attributes, by cluster."""
    frame = frame[~frame["judge"].isin(list(PANEL.values()))]
    shape = (clusters, *(len(frame[name].cat.categories) for name in ("model", "attribute")))
    codes = (frame[name].cat.codes.to_numpy(np.int64) for name in ("model", "attribute"))
    reply, rating = np.ravel_multi_index((frame["cluster"].to_numpy(), *codes), shape), frame["rating"].to_numpy()
    highest, lowest = np.full(np.prod(shape), -np.inf), np.full(np.prod(shape), np.inf)
    np.maximum.at(highest, reply, rating)
    np.minimum.at(lowest, reply, rating)
    several = np.bincount(reply, minlength=len(highest)) > 1
    spread = np.where(several, highest - lowest, 0).reshape(shape).sum((1, 2))
    of = several.reshape(shape).sum((1, 2))
    return np.divide(spread, of, out=np.full(clusters, np.nan), where=of > 0)


def _count(conversations: pd.Series, known: pd.Index) -> np.ndarray:
    return np.bincount(known.get_indexer(conversations.to_numpy()), minlength=len(known))
