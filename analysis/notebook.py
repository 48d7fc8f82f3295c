"""Studies in a notebook or a script: open one, take tables of it, add a judge. See ``docs/notebook.md``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.decisions.aim import Aim
from analysis.outputs.planning import plans_of
from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.view import View
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.settings import Selection, Settings, SettingsError
from data.remote.progress import Progress
from data.sources import Dataset, Provenance, judged, load, with_judge, with_replies
from data.study import Study


@dataclass(frozen=True, repr=False)
class OpenStudy:
    """A study with its ratings, as :func:`open_study` gives it; nothing changes it."""

    dataset: Dataset

    @property
    def about(self) -> Study:
        """What is known of the study: its scale, attributes, systems, judges and experts."""
        return self.dataset.study

    @property
    def provenance(self) -> Provenance:
        """Where the ratings come from: source, revision, files with their SHA-256, and notices."""
        return self.dataset.provenance

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, as the command line has them."""
        return tuple(TABLES)

    @property
    def ratings(self) -> pd.DataFrame:
        """Single ratings: ``conversation, model, attribute, rater, as_released, valid``, one row each.

        ``conversation`` and ``model`` are item and system. Of several experts it holds their mean, as ``human``.

        Raises
        ------
        NeedsConversationsError
            The source gives only blocks of conversations.
        """
        if self.dataset.ratings is None:
            raise NeedsConversationsError
        return self.dataset.ratings.long.copy()

    def table(
        self,
        name: str,
        *,
        judge: Iterable[str] = (),
        model: Iterable[str] = (),
        attribute: Iterable[str] = (),
        preset: str = "recommended",
        level: str = "model",
        **choices: Any,
    ) -> pd.DataFrame:
        """Return a table as the command line prints it, numbers unrounded.

        Parameters
        ----------
        name
            One of :attr:`tables`; ``docs/columns.md`` explains the columns of each.
        judge, model, attribute
            Keys of the subset, several as a list; all where nothing is given.
        preset, level, choices
            As :meth:`analysis.ratings.settings.Settings.of` takes them.

        Raises
        ------
        SettingsError
            The table, a key or a choice does not exist; the message names what is allowed.
        MissingNeedError
            The table cannot be made of what the source gives.
        """
        if name not in TABLES:
            raise SettingsError(f"table: {name!r} is not known; allowed are {', '.join(TABLES)}")
        known = [each.name for each in fields(Settings)]
        for choice in choices:
            if choice not in known:
                raise SettingsError(f"{choice}: there is no such setting; allowed are {', '.join(known)}")
        chosen = Selection.of(self.about, *(_several(keys) for keys in (judge, model, attribute)))
        return table_of(name, judged(self.dataset), Settings.of(self.about, preset, level, **choices), chosen)

    def plan(
        self,
        use: str,
        *,
        width: float | None = None,
        power: float | None = None,
        experts: int | None = None,
        systems: int | None = None,
        judge: Iterable[str] = (),
        attribute: Iterable[str] = (),
        preset: str = "recommended",
        **choices: Any,
    ) -> pd.DataFrame:
        """Return how many replies experts would have to rate, as ``python -m analysis plan`` prints it.

        Parameters
        ----------
        use, width, power, experts, systems
            As :meth:`analysis.decisions.aim.Aim.of` takes them.
        judge, attribute
            Keys of the subset, several as a list; all where nothing is given, which takes seconds for each pair.
        preset, choices
            As :meth:`analysis.ratings.settings.Settings.of` takes them.

        Raises
        ------
        SettingsError
            A key or a choice does not exist; the message names what is allowed.
        """
        chosen = Selection.of(self.about, _several(judge), (), _several(attribute))
        settings = Settings.of(self.about, preset, **choices)
        aim = Aim.of(use, width, power, experts, systems)
        return plans_of(View(judged(self.dataset), settings, chosen), aim).table

    def add_judge(
        self, file: str | Path, *, name: str | None = None, own: Mapping[str, Sequence[str]] | None = None
    ) -> "OpenStudy":
        """Return the study with one more judge, whose ratings a file holds; this one stays as it is.

        ``own`` names by judge the systems that it is not compared on: ``{"my-judge": ["gpt-4o"]}``.

        Raises
        ------
        ReleaseError
            The file cannot be used; the message says what was wrong and where.
        """
        dataset, _ = with_judge(self.dataset, Path(file), name=name, own=own)
        return OpenStudy(dataset)

    def with_replies(self, file: str | Path | None = None) -> "OpenStudy":
        """Return the study with the length of its replies, which ``length-bias`` takes; this one stays as it is.

        Of the published study it is looked up in MentalBench-100k: in ``file``, or else fetched from Hugging Face. An
        own study has its lengths from a column ``reply`` of its tables, and is returned as it is.

        Raises
        ------
        SourceError
            Hugging Face cannot be reached.
        ReleaseError
            The file is not MentalBench-100k.
        """
        return OpenStudy(with_replies(self.dataset, Progress(), None if file is None else Path(file)))

    def __repr__(self) -> str:
        study, came = self.about, self.provenance
        return (
            f"{study.title}: {study.counted(came.conversations)}, {len(study.systems)} systems, "
            f"{len(study.attributes)} attributes on {study.scale.label}, {len(study.judges)} judges; {came.title}, "
            f"revision {came.short_revision}"
        )


def open_study(source: str | Path = "snapshot") -> OpenStudy:
    """Open a study.

    Parameters
    ----------
    source
        ``snapshot`` (bundled figures, no network), ``hub``, ``github``, ``auto``, the path of a folder (a copy of the
        release, or an own study with its ``study.toml``), or of a file of counts.

    Raises
    ------
    SourceError
        The source cannot be reached.
    ReleaseError
        The folder or file cannot be used.
    """
    return OpenStudy(load(str(source), Progress()))


def _several(keys: Iterable[str]) -> tuple[str, ...]:
    return (keys,) if isinstance(keys, str) else tuple(keys)
