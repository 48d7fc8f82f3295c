"""What one run of a page shows, and where every figure of it comes from."""

from dataclasses import dataclass, replace
from importlib.metadata import version

import pandas as pd

from analysis.settings import CHOICES, Selection, Settings
from analysis.vocabulary import CHOICE, MODEL_LABEL, RATER_LABEL, RULE
from data.benchmark import PAPER
from data.sources import Dataset
from pages.parts.cached import table
from pages.parts.filters import Filters

SOFTWARE = ("pandas", "numpy", "scipy", "streamlit")


@dataclass(frozen=True)
class View:
    """The ratings, the settings and the subset that a page shows, and its filters."""

    dataset: Dataset
    settings: Settings
    selection: Selection
    filters: Filters

    def table(self, name: str, selection: Selection | None = None) -> pd.DataFrame:
        """Give a table of the analysis under this view, or for another subset of it."""
        return table(name, self.dataset, self.settings, selection or self.selection)

    def under(self, preset: str) -> "View":
        """Give the same subset under a preset as it stands."""
        settings = self.settings
        limits = {"margin": settings.margin, "low": settings.low, "high": settings.high}
        return replace(self, settings=Settings.of(preset, settings.level, **limits))

    def every_interval(self, judge: str) -> pd.DataFrame:
        """Give one judge's ICCs once for each way of making the interval, told apart by a column ``interval``."""
        tables = []
        for interval in CHOICES["interval"]:
            settings = Settings.of(**{**vars(self.settings), "interval": interval})
            chosen = self.selection.of_judge(judge)
            tables.append(table("icc", self.dataset, settings, chosen).assign(interval=interval))
        return pd.concat(tables, ignore_index=True)

    def in_short(self) -> str:
        """Say in a line what is on screen."""
        came, chosen = self.dataset.provenance, self.selection
        return " · ".join(
            (
                f"{CHOICE['preset'][self.settings.preset][0]} preset",
                f"{self.settings.level} level",
                _count(len(chosen.judges), "judge"),
                *([f"panel of {len(chosen.panel)} ({chosen.rule})"] if chosen.panel else []),
                _count(len(chosen.models), "model"),
                _count(len(chosen.attributes), "attribute"),
                f"{came.title}, revision {came.revision[:12]}",
            )
        )

    def choices(self) -> list[str]:
        """Say every analysis choice in words."""
        settings = self.settings
        said = [CHOICE[name][getattr(settings, name)][1] for name in ("ratings", "contexts", "exclude", "original")]
        resampled = settings.interval != "exact-f"
        said.append(
            CHOICE["interval"][settings.interval][1]
            + (f" ({settings.resamples:,} resamples, seed {settings.seed})" if resampled else "")
        )
        if resampled and settings.discard_outside:
            said.append("resampled values outside 0 to 1 discarded")
        said.append(f"intervals over replies clustered by {self.dataset.provenance.cluster}")
        said.append(
            f"a bias within {settings.margin:g} points counts as none; false reassurance: experts give "
            f"{settings.low} or less, the judge {settings.high} or more"
        )
        return said

    def changes(self) -> list[str]:
        """Say what differs from the paper's procedure."""
        paper = Settings.of("paper", self.settings.level)
        changed = paper.differences_to(self.settings)
        said = [CHOICE[name][str(value)][1] for name, (_, value) in changed.items() if name in CHOICE]
        if "discard_outside" in changed and self.settings.interval != "exact-f":
            said.append("no resampled value discarded")
        if paper.scale != self.settings.scale:
            said.append("readings by Koo & Li's bands, not by the paper's tiers")
        return said

    def trace(self, title: str) -> list[str]:
        """Give the lines that an export carries: what it is, from where, of what, and how it was made."""
        came, chosen = self.dataset.provenance, self.selection
        return [
            f"MentalBench Explorer: {title}",
            f"Source: {came.title}; revision {came.revision}; {came.conversations} conversations",
            *(f"File: {record.name}; sha256 {record.sha256}" for record in came.files),
            f"Preset: {self.settings.preset}; level: {self.settings.level}",
            f"Settings: {'; '.join(self.choices())}",
            f"Judges: {', '.join(RATER_LABEL[key] for key in chosen.judges)}",
            *self._panel(),
            f"Models: {', '.join(MODEL_LABEL[key] for key in chosen.models)}",
            f"Attributes: {', '.join(chosen.attributes)}",
            f"Software: {', '.join(f'{name} {version(name)}' for name in SOFTWARE)}",
            f"Study: {PAPER}",
        ]

    def _panel(self) -> list[str]:
        chosen = self.selection
        if not chosen.panel:
            return []
        return [f"Panel: {RULE[chosen.rule][1]}; {', '.join(RATER_LABEL[key] for key in chosen.panel)}"]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
