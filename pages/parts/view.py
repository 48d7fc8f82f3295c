"""A view as pages show it: its tables are kept, and its filters stand in the address."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from analysis import view
from analysis.citing import citation, methods_paragraph
from analysis.settings import Selection, Settings
from pages.parts.cached import table
from pages.parts.filters import Filters


@dataclass(frozen=True)
class View(view.View):
    """What one run of a page shows."""

    filters: Filters

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

    def _make(self, name: str, settings: Settings, selection: Selection) -> pd.DataFrame:
        return table(name, self.dataset, settings, selection)
