"""Memory that stays: what is loaded once is left out of the collections of garbage that follow every redraw."""

import gc
import sys
from functools import cache


def settle() -> None:
    """Leave all that is loaded by now out of later collections, where modules were loaded since it was last called.

    Streamlit collects garbage after every run of a script. The libraries of this app are 180,000 objects that never go,
    and to look through them took 0.1 s: half of a redraw.
    """
    _freeze(len(sys.modules))


@cache
def _freeze(loaded: int) -> None:  # noqa: ARG001
    """Freeze once for each number of modules, so that garbage that is frozen with them stays little."""
    gc.collect()
    gc.freeze()
