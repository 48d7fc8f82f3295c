"""Which way round a matrix of verdicts stands, on screen and in print."""

# As many columns as have room beside each other, on a laptop and on a page.
ACROSS = 7


def turned(judges: int, attributes: int) -> bool:
    """Whether judges stand down and attributes across: where judges have no room across, and attributes are fewer."""
    return judges > max(ACROSS, attributes)
