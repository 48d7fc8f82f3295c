"""Filters that live in the URL: every widget is set from it on each run and writes back to it when it is used.

So a link, the menu, Back and reload always agree, on any page. Streamlit's own ``bind="query-params"`` would write
labels where these write keys: an address would not hold what the command line takes, would change with the wording, and
could not tell two systems of an own study that are called alike.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.plain_text import escaped

_FEW = 20
_DIGITS = re.compile(r"[1-9][0-9]{0,8}")

Form = Literal["list", "row", "slide"]


@dataclass
class Filters:
    """The filters of one run of a page.

    ``problems`` says what in the URL could not be used, ``unusable`` holds it, so that links leave it behind.
    """

    problems: list[str] = field(default_factory=list)
    unusable: set[tuple[str, str]] = field(default_factory=set)

    def one(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        default: str,
        *,
        say: Callable[[str], str] = str,
        explained: str | None = None,
        form: Form = "list",
        reset: Sequence[str] = (),
        known: Collection[str] = (),
        drawn: bool = True,
    ) -> str:
        """Draw a choice of one among a few; the default is not written into the URL.

        ``reset`` names other choices that fall back to their defaults when this one changes, ``known`` values that
        another filter has taken off the screen, about which nothing is said. What is not ``drawn``, since nobody has
        opened where it stands, is read all the same.
        """
        asked = st.query_params.get(name)
        if asked is not None and asked not in options:
            if asked not in known:
                self._complain(name, [asked], options, f"{say(default)} is shown")
            asked = None
        if not drawn:
            return asked or default
        st.session_state[name] = asked or default
        _drawn()[name] = default
        written: dict[str, Any] = {
            "key": name,
            "format_func": say,
            "help": explained,
            "on_change": _write,
            "args": (reset,),
        }
        if form == "row":
            st.radio(label, options, horizontal=True, **written)
        elif form == "slide":
            st.select_slider(label, options, **written)
        else:
            st.selectbox(label, options, **written)
        return asked or default

    def many(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        *,
        unchosen: str = "all are shown",
        say: Callable[[str], str] = str,
        explained: str | None = None,
    ) -> tuple[str, ...]:
        """Draw a choice of several, and give those that are chosen; ``unchosen`` says what it means that none is."""
        asked = st.query_params.get_all(name)
        known = [value for value in asked if value in options]
        if unknown := [value for value in asked if value not in options]:
            self._complain(name, unknown, options, "the others are shown" if known else unchosen)
        chosen = [value for value in options if value in known]
        st.session_state[name] = chosen
        _drawn()[name] = tuple(options)
        st.pills(
            label,
            options,
            selection_mode="multi",
            key=name,
            format_func=say,
            help=explained,
            on_change=_write,
        )
        return tuple(chosen)

    def tab(self, name: str, labels: Mapping[str, str]) -> tuple[str, DeltaGenerator]:
        """Draw tabs, and return the one that is open and where it is drawn; the first is not written into the URL."""
        asked, first = st.query_params.get(name), next(iter(labels))
        if asked is not None and asked not in labels:
            self._complain(name, [asked], list(labels), f"{labels[first]} is shown")
            asked = None
        shown = asked or first
        key = f"{name} of {first}"
        st.session_state[key] = labels[shown]
        tabs = st.tabs(list(labels.values()), key=key, on_change=_open_tab, args=(name, key, labels))
        return shown, dict(zip(labels, tabs, strict=True))[shown]

    def say_problems(self) -> None:
        """Say what in the address could not be used, of the filters that were drawn since this was said last."""
        problems, self.problems = self.problems, []
        for problem in problems:
            st.warning(escaped(problem), icon=":material/link_off:")

    def number(self, name: str, last: int) -> int | None:
        """Read a whole number from 1 to ``last`` that links write and no control does; None where there is none."""
        asked = st.query_params.get(name)
        # More digits than any number here has may be more than Python turns into a number.
        if asked is not None and not (_DIGITS.fullmatch(asked) and int(asked) <= last):
            self._complain(name, [asked], [f"whole numbers from 1 to {last:,}"], "none is shown")
            asked = None
        st.session_state[name] = asked or ""
        _drawn()[name] = ""
        return int(asked) if asked else None

    def link(self) -> list[tuple[str, str]]:
        """Give the filters for a link to another page."""
        pairs = [(name, value) for name in sorted(st.query_params) for value in st.query_params.get_all(name)]
        return [pair for pair in pairs if pair not in self.unusable]

    def _complain(self, name: str, values: Sequence[str], options: Sequence[str], instead: str) -> None:
        self.unusable |= {(name, value) for value in values}
        shown = ", ".join(f"“{value[:40]}”" for value in values[:3])
        self.problems.append(
            f"The link asks for {name} {shown}, which is not known; {instead}. Known are: {_listed(options)}."
        )


def _listed(options: Sequence[str]) -> str:
    """List what can be chosen; of many only both ends."""
    return ", ".join(options) if len(options) <= _FEW else f"{options[0]} to {options[-1]}"


def set_one(name: str, value: str, reset: Sequence[str] = ()) -> None:
    """Choose the value of a filter, as the reader would by hand; ``reset`` as in :meth:`Filters.one`."""
    _write(reset, {name: [value]})


def set_some(pairs: Sequence[tuple[str, str]]) -> None:
    """Choose the values of several filters at once."""
    _write(changed={name: [value] for name, value in pairs})


def set_many(name: str, values: Sequence[str], options: Sequence[str]) -> None:
    """Choose several values of a filter, as the reader would by hand."""
    _write(changed={name: _in_order(values, options)})


def forget(names: Sequence[str]) -> None:
    """Take filters back to their defaults."""
    _write(names)


def _drawn() -> dict[str, str | tuple[str, ...]]:
    """Give the filters that this session has drawn: the default of a choice of one, the options of one of several."""
    register: dict[str, str | tuple[str, ...]] = st.session_state.setdefault("filters drawn", {})
    return register


def _write(reset: Sequence[str] = (), changed: Mapping[str, Sequence[str]] | None = None) -> None:
    """Write every filter on the page into the URL, but those to reset, and what is ``changed`` besides.

    All of them, not just the one that was used: on a slow line a second click leaves the browser before the address of
    the first has reached it, and then comes with the old address. And all at once, as one step that Back takes back.
    """
    asked: dict[str, Sequence[str]] = {name: st.query_params.get_all(name) for name in st.query_params}
    for name, standard in _drawn().items():
        value = st.session_state.get(name)
        if value is None:
            continue
        if value == standard:
            asked[name] = []
        else:
            asked[name] = _in_order(value, standard) if isinstance(standard, tuple) else [value]
    asked |= {**dict.fromkeys(reset, ()), **(changed or {})}
    st.query_params.from_dict({name: values for name, values in asked.items() if values})


def _open_tab(name: str, key: str, labels: Mapping[str, str]) -> None:
    opened = next(tab for tab, label in labels.items() if label == st.session_state[key])
    _write(changed={name: [] if opened == next(iter(labels)) else [opened]})


def _in_order(values: Sequence[str], options: Sequence[str]) -> list[str]:
    return [value for value in options if value in values]
