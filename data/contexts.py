"""Tell whether two files mean the same conversation by the same number."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import pandas as pd

SAME_TEXT = "context: same text, small difference"
DIFFERENT = "context: different conversation"

SHARED_WORDS = 0.8


def plain(text: str) -> str:
    """Fold a context to what counts for matching: letters and digits, one space between words."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def is_same_conversation(one: str, other: str) -> bool:
    """Whether two texts are the same but for small differences.

    They are when their words agree, or when they share at least 80% of them (Dice coefficient on the counts of words:
    twice the words in common over the words in both). On the release the two rows with a lost line break score 1.0 and
    the nearest of the others 0.5.
    """
    first, second = plain(one), plain(other)
    if first == second:
        return True
    words, others = Counter(first.split()), Counter(second.split())
    return 2 * (words & others).total() / (words.total() + others.total()) >= SHARED_WORDS


def numbers_by_text(numbers: Iterable[object], texts: Iterable[str]) -> dict[tuple[str, int], object]:
    """Return the number of each text, under the text as :func:`plain` folds it and how often it stood before."""
    seen: Counter[str] = Counter()
    found = {}
    for number, text in zip(numbers, map(plain, texts), strict=True):
        found[text, seen[text]] = number
        seen[text] += 1
    return found


def compare(contexts: pd.DataFrame, reference: str) -> pd.DataFrame:
    """List the conversations whose context differs between the reference rater's file and another's.

    Parameters
    ----------
    contexts
        ``conversation, rater, context``.
    reference
        The rater whose file the others are compared with.

    Returns
    -------
    pandas.DataFrame
        ``conversation, rater, error, stands_at``: one row for each conversation and rater that differs; ``error`` is
        ``SAME_TEXT`` or ``DIFFERENT``; ``stands_at`` is the first conversation at which the other file holds the
        reference's text, 0 if nowhere.
    """
    # Most raters' files have the same text; each is folded once.
    folded = {text: plain(text) for text in set(contexts["context"])}
    by_rater = {
        str(rater): dict(zip(rows["conversation"], rows["context"], strict=True))
        for rater, rows in contexts.groupby("rater", sort=False, observed=True)
    }
    known = by_rater.pop(reference, {})
    rows = []
    for rater, texts in by_rater.items():
        places = {folded[text]: number for number, text in sorted(texts.items(), reverse=True)}
        for number, text in known.items():
            if texts.get(number, text) == text:
                continue
            same = is_same_conversation(text, texts[number])
            stands_at = 0 if same else places.get(folded[text], 0)
            rows.append((number, rater, SAME_TEXT if same else DIFFERENT, stands_at))
    return pd.DataFrame(rows, columns=["conversation", "rater", "error", "stands_at"])
