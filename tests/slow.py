"""What the default run leaves to the run of everything."""

from collections.abc import Container, Iterable

import pytest


def slow_but(quick: Container[str], names: Iterable[str]) -> list[object]:
    """Return the cases of a test, of which all but a few are slow."""
    return [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in names]
