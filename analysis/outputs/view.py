"""What is shown, of which ratings, and under which choices: what every table, chart and report can be traced by."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import cast
from urllib.parse import urlencode

import pandas as pd

from analysis import VERSION
from analysis.decisions.annotator_test import FEWEST_EXPERTS
from analysis.outputs.registry import VIEWS
from analysis.ratings.settings import CHOICES, Interval, Selection, Settings, presets_of
from analysis.reproduction.comparison import narrowed
from analysis.reproduction.sensitivity import PAPER_ALONE, PARTIAL, switched
from analysis.wording.vocabulary import CHOICE, RULE, choice_meaning
from data.sources import Dataset
from data.study import Study

# What the dashboard takes from the preset, so that no address carries it.
_OF_THE_PRESET = ("resamples", "seed")
SOFTWARE = ("pandas", "numpy", "scipy", "streamlit")


@dataclass(frozen=True)
class View:
    """The ratings, the settings and the subset that are shown."""

    dataset: Dataset
    settings: Settings
    selection: Selection

    @property
    def study(self) -> Study:
        """The study that the ratings are of."""
        return self.dataset.study

    def table(self, name: str, selection: Selection | None = None) -> pd.DataFrame:
        """Give a table of the analysis (a key of ``VIEWS``) under this view, or for another subset of it."""
        return self._make(name, self.settings, selection or self.selection)

    def every_interval(self, judge: str) -> pd.DataFrame:
        """Give one judge's ICCs once for each way of making the interval, told apart by a column ``interval``."""
        tables = []
        for interval in CHOICES["interval"]:
            settings = replace(self.settings, interval=cast(Interval, interval))
            chosen = self.selection.of_judge(judge)
            tables.append(self._make("icc", settings, chosen).assign(interval=interval))
        return pd.concat(tables, ignore_index=True)

    def reproduction(self, settings: Settings | None = None) -> pd.DataFrame:
        """Give all printed figures against the recomputed ones, under the paper's settings or under others.

        Figures are over everything, whatever the subset; :func:`analysis.reproduction.comparison.narrowed` takes it.
        """
        return self._make("reproduction", settings or Settings.of(self.study, "paper"), Selection.of(self.study))

    def every_switch(self) -> dict[str, pd.DataFrame]:
        """Give printed and recomputed figures under the paper's settings, and with each changed alone, by switch."""
        made = switched(self.study)
        tables = {name: self.reproduction(settings) for name, settings in made.items()}
        tables[PARTIAL] = self._make("partial_counted", made[PAPER_ALONE], Selection.of(self.study))
        return {name: narrowed(table, self.selection) for name, table in tables.items()}

    def in_short(self) -> str:
        """Say in a line what is on screen."""
        came, chosen = self.dataset.provenance, self.selection
        return " · ".join(
            (
                f"{CHOICE['preset'][self.settings.preset][0]} settings",
                {"model": "ICC over models", "response": "ICC over replies"}[self.settings.level],
                _count(len(chosen.judges), "judge"),
                *([f"panel of {len(chosen.panel)} ({chosen.rule})"] if chosen.panel else []),
                _count(len(chosen.models), "model"),
                _count(len(chosen.attributes), "attribute"),
                f"{came.title}, revision {came.short_revision[:7]}",
            )
        )

    def choices(self) -> list[str]:
        """Say every analysis choice in words."""
        settings = self.settings
        names = ("ratings", "repeated", "contexts", "exclude", *(["original"] if self.study.by_people else []))
        said = [choice_meaning(self.study, name, getattr(settings, name)) for name in names]
        resampled = settings.interval != "exact-f"
        said.append(
            choice_meaning(self.study, "interval", settings.interval)
            + (f" ({settings.resamples:,} resamples, seed {settings.seed})" if resampled else "")
        )
        if resampled and settings.discard != "nothing":
            said.append(choice_meaning(self.study, "discard", settings.discard))
        said.append(f"intervals over replies clustered by {self.dataset.provenance.cluster}")
        return said

    def thresholds(self) -> list[str]:
        """Say in words what the reader judges by."""
        settings = self.settings
        reach = f"an ICC must reach {settings.icc_supported:g}, or {settings.icc_checked:g} with human checks"
        passed = f"{settings.reassured_supported:.0%}, or {settings.reassured_checked:.0%} with human checks"
        lost = f"{settings.loss_supported:g} points, or {settings.loss_checked:g} with human checks"
        return [
            f"a bias within {settings.margin:g} points counts as none, or within twice that with human checks",
            f"false reassurance: experts give {settings.low:g} or less, the judge {settings.high:g} or more",
            f"for a use to be supported {reach}, and false reassurance must not pass {passed}",
            f"a judge's choice of a system may lose {lost}",
            choice_meaning(self.study, "multiplicity", settings.multiplicity),
            *self._price_of_an_expert(),
        ]

    def _price_of_an_expert(self) -> list[str]:
        """Say what the alternative annotator test allows a judge, where there are experts to replace."""
        if len(self.study.experts) < FEWEST_EXPERTS:
            return []
        return [
            f"to replace an expert, a judge may be as near to the others less often, by {self.settings.epsilon:.0%}"
        ]

    def changes(self) -> list[str]:
        """Say what differs from the recommended settings."""
        recommended = Settings.of(self.study, "recommended", self.settings.level)
        changed = recommended.differences_to(self.settings)
        said = [choice_meaning(self.study, name, str(value)) for name, (_, value) in changed.items() if name in CHOICE]
        if recommended.readings != self.settings.readings:
            said.append("readings by the paper's tiers, not by Koo & Li's bands")
        return said

    def query(self) -> list[tuple[str, str]]:
        """Give what the address of a page carries for this view: each choice that is not what the app opens with."""
        settings, chosen = self.settings, self.selection
        study = self.study
        preset = Settings.of(study, settings.preset, settings.level)
        pairs = [
            (name, str(getattr(settings, name)))
            for name, standard in (("preset", presets_of(study)[0]), ("level", "model"))
            if getattr(settings, name) != standard
        ]
        pairs += [
            (name, f"{made:g}" if isinstance(made, float) else str(made))
            for name, (_, made) in preset.differences_to(settings).items()
            if name not in _OF_THE_PRESET
        ]
        for name, some, every in (
            ("judge", chosen.judges, study.judge_keys),
            ("model", chosen.models, study.system_keys),
            ("attribute", chosen.attributes, study.attribute_names),
            ("panel", chosen.panel, ()),
        ):
            if some != every:
                pairs += [(name, value) for value in some]
        if chosen.panel and chosen.rule != "mean":
            pairs.append(("rule", chosen.rule))
        return pairs

    def link(self, page: str) -> str:
        """Give the address of this view on a page of the dashboard, ``page`` being the page's own."""
        query = urlencode(self.query())
        return f"{page}?{query}" if query else page

    @property
    def draws_of_its_own(self) -> bool:
        """Whether the bootstrap is not the preset's, which no address carries."""
        preset = Settings.of(self.study, self.settings.preset, self.settings.level)
        return any(name in preset.differences_to(self.settings) for name in _OF_THE_PRESET)

    def trace(self, title: str) -> list[str]:
        """Give the lines that an export carries: what it is, from where, of what, and how it was made."""
        came, chosen = self.dataset.provenance, self.selection
        return [
            f"MentalBench Explorer: {title}",
            f"Source: {came.title}; revision {came.revision}; {came.conversations} {self.study.item.many}",
            *(f"File: {record.name}; sha256 {record.sha256}" for record in came.every_file),
            f"Settings: {self.settings.preset}, {self.settings.level} level; {'; '.join(self.choices())}",
            f"Thresholds: {'; '.join(self.thresholds())}",
            f"Judges: {', '.join(map(self.study.rater, chosen.judges))}",
            *self._panel(),
            f"Models: {', '.join(map(self.study.system, chosen.models))}",
            f"Attributes: {', '.join(chosen.attributes)}",
            f"Software: {', '.join(f'{name} {number}' for name, number in software().items())}",
            f"Study: {self.study.reference or self.study.title}",
        ]

    def _make(self, name: str, settings: Settings, selection: Selection) -> pd.DataFrame:
        table = VIEWS[name]
        whole = self._whole(name, settings, table.widened(self.study, selection))
        return table.rows(self.study, whole, selection, settings)

    def _whole(self, name: str, settings: Settings, selection: Selection) -> pd.DataFrame:
        return VIEWS[name].whole(self.dataset, settings, selection)

    def _panel(self) -> list[str]:
        chosen = self.selection
        if not chosen.panel:
            return []
        return [f"Panel: {RULE[chosen.rule][1]}; {', '.join(map(self.study.rater, chosen.panel))}"]


@cache
def software() -> dict[str, str]:
    """Give the version of this software and of what its figures are computed and shown with."""
    return {"MentalBench Explorer": VERSION, **{name: version(name) for name in SOFTWARE}}


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
