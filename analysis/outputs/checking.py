"""What a folder or a file of ratings holds, which tables can be made of it, and what the others lack."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.bias import length_bias
from analysis.bias.calibration import FOLDS
from analysis.decisions.annotator_test import FEWEST_EXPERTS, REPLIES_OF_EACH
from analysis.decisions.worth import FEWEST_OTHER
from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.tables import TAKEN
from analysis.ratings.needs import FEWEST_REPLIES, FEWEST_SYSTEMS, MissingNeedError
from analysis.ratings.settings import Selection, Settings
from data.checking import Check, check, check_ratings
from data.data_errors import DATA_ERROR, with_kinds
from data.errors import ReleaseError
from data.facts import Facts
from data.own.wording import counted
from data.sources import Dataset, from_ratings

# What a table takes at least for its figures to be defined, by what there is to count; every table takes two items.
LEAST: dict[str, dict[str, int]] = {
    "verdicts": {"systems": FEWEST_SYSTEMS},
    "icc": {"systems": 2},
    "influence": {"systems": 3},
    "stability": {"systems": 3},
    "ranking": {"systems": 2},
    "self-preference": {"systems": 2},
    "generalisability": {"systems": 2},
    "planning": {"systems": 3},
    "panel": {"judges": 2},
    "correction": {"items": FOLDS},
}
_ITEMS = 2
# The figures that a table is made for, where it has others beside them that are nearly always defined.
_TELLING = {
    "self-preference": ["contrast"],
    "reassurance": ["false_reassurance"],
    "worth": ["multiplier"],
    "panel": ["gain"],
    "length-bias": ["length_slope"],
    "reproduction": ["recomputed", "recomputed_tier"],
}
# What a table takes beside numbers.
_POOR = f"at least {FEWEST_REPLIES} replies that experts rate poor, for each judge and attribute"
_BESIDE = {
    "verdicts": f"{FEWEST_SYSTEMS} systems that each judge is compared on, and {_POOR}",
    "data-errors": f"errors to be fixed, and for false reassurance {_POOR}",
    "self-preference": "the makers of judges and of systems, or each judge's own systems, in study.toml",
    "halo": "replies that experts and the judge rate on every attribute, and ratings that vary on each",
    "reassurance": _POOR,
    "worth": f"{FEWEST_OTHER} replies of each system that experts rate other than they most often do",
    "reproduction": "printed tables of the study",
    "length-bias": f"for each row at least {length_bias.FEWEST_LENGTHS} replies of different length, in "
    f"{length_bias.FEWEST_CONVERSATIONS} items or more",
    "experts": "replies that every expert rated",
    "left-out": "replies that the judge and two experts rated",
    "annotator-test": f"{FEWEST_EXPERTS} experts with {REPLIES_OF_EACH} replies each that the judge and another expert "
    "rated too",
    "conversations": "single items",
    "new-systems": "two items that the judge rated of both the new system and the study's",
    "generalisability": "single items that are complete: every system rated by the experts and the judge",
}
_WAITING = "every other table: not possible: it takes a judge"


@dataclass(frozen=True)
class TableCheck:
    """Whether a table can be made: ``yes``, ``in part`` (some rows are undefined) or ``no``, and what it lacks."""

    table: str
    possible: str
    lacking: str

    @property
    def said(self) -> str:
        """The same in a sentence."""
        words = {"yes": "possible", "in part": "possible in part", "no": "not possible"}[self.possible]
        return f"{self.table}: {words}{f': {self.lacking}' if self.lacking else ''}"


@dataclass(frozen=True)
class Checked:
    """What is to be said of a folder or file, part by part, and whether all of it can be used."""

    found: Check
    tables: tuple[TableCheck, ...]

    @property
    def usable(self) -> bool:
        """Whether all of it can be used."""
        return self.found.usable

    @property
    def waits_for_a_judge(self) -> bool:
        """Whether it holds experts' ratings alone."""
        return self.found.facts is not None and not self.found.facts.judges

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The sentences of each part that has any, by heading."""
        found = self.found
        every = {
            "Recognised": found.recognised,
            "Matched": found.matched,
            "Not matched": found.unmatched,
            "Problems": found.problems,
            "Errors in the data": tuple(_data_errors(found)),
            "Notes": found.notes,
            "Tables": (*(table.said for table in self.tables), *([_WAITING] if self.waits_for_a_judge else [])),
        }
        return {heading: said for heading, said in every.items() if said}

    @property
    def said(self) -> tuple[str, ...]:
        """All of it as lines of text, the verdict last."""
        lines = [
            line for heading, said in self.parts.items() for line in (f"{heading}:", *(f"  {each}" for each in said))
        ]
        if self.usable and self.waits_for_a_judge:
            return (*lines, "usable: the experts' ratings; a judge is missing, see the notes")
        if self.usable:
            return (*lines, "usable: all of it")
        whole = self.found.problems or not self.found.recognised
        return (*lines, "not usable as it is: see the problems" if whole else "usable in part: see what is not matched")


def checked(path: Path, dataset: Dataset | None = None) -> Checked:
    """Check a folder of ratings, or a file with a judge's ratings.

    Parameters
    ----------
    path
        A folder with a study, or a file.
    dataset
        The study that the judge of a file would be added to; without one its names are compared with the published
        study's.

    Raises
    ------
    ReleaseError
        The dataset has no single ratings to match a file with.
    """
    if path.is_file() and dataset is not None and dataset.ratings is None:
        raise ReleaseError(
            f"{dataset.provenance.title} has no single ratings to match {path.name} with; take --source hub, github or "
            "a folder with a copy of the release, or none to check the file by itself"
        )
    found = check(path, dataset.ratings if dataset else None)
    if found.ratings is None or found.facts is None:
        return Checked(found, ())
    made = from_ratings(found.ratings, "folder", f"Folder {path.resolve().name}")
    return Checked(found, tuple(possible_tables(made, found.facts)))


def checked_dataset(dataset: Dataset) -> Checked | None:
    """Check ratings that were read already; None where the source gives only blocks of them."""
    if dataset.ratings is None:
        return None
    found = check_ratings(dataset.ratings)
    return Checked(found, tuple(possible_tables(dataset, found.facts)) if found.facts else ())


def possible_tables(dataset: Dataset, facts: Facts) -> Iterator[TableCheck]:
    """Make every table of a study, and say which come out, which in part, and what the others lack.

    Where there is no judge, they are those tables alone that take none.
    """
    study = dataset.study
    for name, table in TABLES.items():
        if study.unjudged and "judge" in TAKEN[name].subset:
            continue
        lacking = _lacking(name, facts)
        try:
            made = table_of(name, dataset, Settings.of(study), Selection.of(study))
        except MissingNeedError as error:
            yield TableCheck(name, "no", "; ".join([str(error), *lacking]))
            continue
        estimates = _TELLING.get(name) or [column.name for column in table.declared(study) if column.role == "estimate"]
        known = made[estimates or list(made)].notna().any(axis=1)
        if len(made) and known.all():
            yield TableCheck(name, "yes", "")
        else:
            reason = "; ".join([*lacking, *([f"it takes {_BESIDE[name]}"] if name in _BESIDE else [])])
            some = bool(known.any())
            undefined = f"{(~known).sum():,} of {len(known):,} rows have no figure" if some else ""
            yield TableCheck(name, "in part" if some else "no", "; ".join(filter(None, [undefined, reason])))


def _lacking(name: str, facts: Facts) -> list[str]:
    """Say of what there is too little, and how much more would do."""
    least = {"items": _ITEMS, **LEAST.get(name, {})}
    there = {"items": facts.items, "systems": facts.systems, "judges": facts.judges}
    return [
        f"there {'is' if there[what] == 1 else 'are'} {counted(there[what], what.removesuffix('s'))} where it takes "
        f"{needed}, so {needed - there[what]} more would do"
        for what, needed in least.items()
        if there[what] < needed
    ]


def _data_errors(found: Check) -> Iterable[str]:
    """Say which errors each file has, and where the first of each kind stands; what stands there may be private."""
    entries = with_kinds(found.ratings.ledger) if found.ratings else pd.DataFrame(columns=["file", "kind", "row"])
    first = entries[entries["row"] > 0].drop_duplicates(["file", "kind"]).set_index(["file", "kind"])
    for row in found.data_errors.itertuples():
        words = DATA_ERROR[str(row.kind)]
        said = f"{row.file}: {row.n:,} {words.one if row.n == 1 else words.many}"
        if (row.file, row.kind) in first.index:
            place = first.loc[(row.file, row.kind)]
            column = f", column {place['column']}" if place["column"] else ""
            said += f"{', the first' if row.n > 1 else ''} in row {place['row']}{column}"
        yield said
