"""Give the rows of every file their conversation numbers, also where a file has no ``ConvID``."""

from collections import Counter

from data.contexts import numbers_by_text, plain
from data.errors import ReleaseError
from data.released.files import Part


def number_rows(parts: tuple[Part, ...]) -> list[list]:
    """Give each part the conversation numbers of its rows.

    A file without ``ConvID`` is matched by its contexts with the first file that has both, or with the first file of
    all, counted from 1, when none has numbers. Contexts are matched by their words
    (:func:`data.contexts.plain`); the nth row with a context is the nth conversation with it. A context that
    stands nowhere else gets a new number.

    Raises
    ------
    ReleaseError
        A file without ``ConvID`` has nothing to be matched with.
    """
    unnumbered = [part for part in parts if not part.conversations]
    if not unnumbered:
        return [part.conversations for part in parts]
    guides = [part for part in parts if part.conversations and part.contexts]
    if not guides and len(unnumbered) < len(parts):
        raise ReleaseError(
            f"{unnumbered[0].file} has no column ConvID and no other file has both ConvID and context; "
            "its rows cannot be matched with theirs"
        )
    guide = guides[0] if guides else parts[0]
    own = guide.conversations or list(range(1, guide.rows + 1))
    free = max([*own, *(number for part in parts for number in part.conversations)]) + 1
    known = numbers_by_text(own, guide.contexts)
    numbered = []
    for part in parts:
        if part is guide or part.conversations:
            numbered.append(part.conversations or own)
            continue
        seen: Counter[str] = Counter()
        numbers = []
        for context in map(plain, part.contexts):
            if (context, seen[context]) not in known:
                known[context, seen[context]] = free
                free += 1
            numbers.append(known[context, seen[context]])
            seen[context] += 1
        if not set(numbers) & set(own):
            raise ReleaseError(
                f"{part.file} has no column ConvID and none of its contexts stands in {guide.file}; "
                "its rows cannot be matched"
            )
        numbered.append(numbers)
    return numbered
