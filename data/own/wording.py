"""How lists are shortened in the sentences about a reader's own files."""

from collections.abc import Sequence

# How many examples a sentence names.
FEW = 3


def some(names: Sequence[object], few: int = FEW) -> str:
    """Name the first few: ``a, b, c and 12 more``."""
    named = ", ".join(map(str, names[:few]))
    return f"{named} and {len(names) - few:,} more" if len(names) > few else named


def counted(number: int, one: str, many: str = "") -> str:
    """Count things: ``1 row``, ``1,200 rows``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def at_rows(rows: Sequence[int]) -> str:
    """Name the first few rows: ``row 5``, ``rows 5, 6, 7 and 12 more``."""
    return f"row{'' if len(rows) == 1 else 's'} {some(rows)}"
