"""Memory of a server that many visit: less is looked through after a redraw, and what is free is used again."""

import ctypes
import gc
import sys
from functools import cache
from typing import Any


def settle() -> None:
    """Leave all that is loaded by now out of later collections, where modules were loaded since it was last called.

    Streamlit collects garbage after every run of a script. The libraries of this app are 180,000 objects that never go,
    and to look through them took 0.1 s: half of a redraw.
    """
    _freeze(len(sys.modules))


def give_back() -> None:
    """Give what is free back to the system, where the C library can.

    Each visit runs in threads of its own. What one of them has freed glibc keeps for it, and no other uses it.
    """
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


@cache
def _freeze(_loaded: int) -> None:
    """Freeze once for each number of modules, so that garbage that is frozen with them stays little."""
    gc.collect()
    gc.freeze()
