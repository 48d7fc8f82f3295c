"""A view as pages show it: its tables are kept, and its filters stand in the address."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from analysis.outputs import view
from analysis.outputs.citing import citation, methods_paragraph
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import REPOSITORY
from pages.components.cached import whole_table
from pages.components.filters import Filters

if TYPE_CHECKING:
    from data.replies.texts import Replies


@dataclass(frozen=True)
class View(view.View):
    """What one run of a page shows."""

    filters: Filters

    @property
    def of_conversations(self) -> bool:
        """Whether rated conversations are behind the figures, and not only these figures again."""
        return self.dataset.ratings is not None or not self.page.endswith("/conversations")

    @property
    def page(self) -> str:
        """The address of this page without filters."""
        asked = urlsplit(st.context.url or "")
        return urlunsplit(asked._replace(path=asked.path or "/", query="", fragment=""))

    @property
    def address(self) -> str:
        """The address of this page with every filter on it, as a reader would send it to another."""
        filters = urlencode(self.filters.link())
        return f"{self.page}?{filters}" if filters else self.page

    def trace(self, title: str) -> list[str]:
        """Give the lines that an export carries; a page's also how to come back to it, to cite it, and to say it."""
        return [
            *super().trace(title),
            f"Link: {self.address}",
            f"Cite as: {citation(self, datetime.now(UTC).date())}",
            f"Methods: {methods_paragraph(self)}",
        ]

    def _whole(self, name: str, settings: Settings, selection: Selection) -> pd.DataFrame:
        return whole_table(name, self.dataset, settings, selection)


@dataclass(frozen=True)
class RepliesView(View):
    """A view of the replies alone: what is exported from it names their file, not that of the ratings."""

    replies: "Replies"

    @property
    def of_conversations(self) -> bool:
        """Whether rated conversations are behind the figures: most of the replies were never rated."""
        return False

    @classmethod
    def over(cls, seen: View, replies: "Replies") -> Self:
        """Give the view of the replies by the models that are on screen."""
        return cls(seen.dataset, seen.settings, seen.selection, seen.filters, replies)

    def in_short(self) -> str:
        """Say in a line what is on screen."""
        return f"MentalBench-100k, {self._file()}"

    def trace(self, title: str) -> list[str]:
        """Give the lines that an export carries: what it is, of which file, by whom, and how to come back to it."""
        kept = ("Models: ", "Software: ", "Study: ", "Link: ")
        return [
            f"MentalBench Explorer: {title}",
            f"Source: Hugging Face {REPOSITORY}, {self._file()}; {len(self.replies.table)} conversations",
            f"File: {self.replies.file}; sha256 {self.replies.sha256}",
            *(line for line in super().trace(title) if line.startswith(kept)),
        ]

    def _file(self) -> str:
        return f"file {self.replies.file}, revision {self.replies.revision}"
