"""An own study's ``study.toml`` and its rows as one study: who rates, what is rated, in which order."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from data.names import attribute_problems, plain_name
from data.own import FILE
from data.own.study_file import StudyFile
from data.own.wording import some
from data.ratings import is_reserved
from data.study import ALL_SYSTEMS, Attribute, Group, Judge, Noun, Scale, Study, System

# How far from a point of the scale a number may lie by rounding.
_ROUNDING = 1e-6


def slug(title: str) -> str:
    """Return a title as a key: small letters and digits with hyphens between them."""
    return re.sub(r"\W+", "-", unicodedata.normalize("NFKC", title).casefold()).strip("-_") or "study"


def scale_of(file: StudyFile, rows: pd.DataFrame) -> Scale:
    """Return the scale; where no step is stated, half points if any rating is on one, else whole points."""
    stated = file.scale
    step = stated.step or _step(stated.low, stated.high, rows["rating"].to_numpy())
    return Scale.of(stated.low, stated.high, poor=stated.poor, good=stated.good, step=step)


def study_of(file: StudyFile, rows: pd.DataFrame, folder_name: str) -> Study:
    """Describe a study: what is listed in its file first, what only the rows have behind it in order of appearance."""
    attributes = {each.name: Attribute(each.name, plain_name(each.meaning)) for each in file.attributes}
    systems = {
        each.key: System(each.key, each.label or each.key, each.maker, by_people=each.by_people)
        for each in file.systems
    }
    judges = {each.key: Judge(each.key, each.label or each.key, each.maker, each.own) for each in file.judges}
    title = file.title or folder_name
    # An expert whose sheet came back empty has rated nothing yet.
    rating = set(_appearing(rows.loc[rows["rating"].notna(), "rater"]))
    return Study(
        key=slug(title),
        title=plain_name(title),
        scale=scale_of(file, rows),
        attributes=tuple(attributes.get(name, Attribute(name)) for name in _ordered(attributes, rows["attribute"])),
        systems=tuple(systems.get(key, System(key, key)) for key in _ordered(systems, rows["system"])),
        judges=tuple(
            judges.get(key, Judge(key, key))
            for key in _ordered(judges, rows["rater"])
            if key not in file.experts.raters
        ),
        experts=tuple(rater for rater in file.experts.raters if rater in rating) or file.experts.raters,
        groups=tuple(Group(f"score-{slug(name)}", plain_name(name), names) for name, names in file.groups.items()),
        item=Noun(plain_name(file.item.one), plain_name(file.item.many)),
        headlines=file.headline,
    )


def disagreements(file: StudyFile, rows: pd.DataFrame, written: pd.Series) -> Iterator[str]:
    """Say where the file and the rows do not fit each other; ``written`` marks the rows with a rating."""
    given = rows[written]
    raters, attributes = (_appearing(given[role]) for role in ("rater", "attribute"))
    # What stands on a sheet may have no rating yet.
    systems, experts = _appearing(rows["system"]), file.experts.raters
    returned = [*raters, *_appearing(rows["rater"])] if set(experts) & set(raters) else raters
    named: list[tuple[str, Sequence[str], Sequence[str], str]] = [
        ("experts.raters", [each for each in experts if each not in returned], raters, "raters"),
        ("judges", [each.key for each in file.judges], raters, "raters"),
        ("systems", [each.key for each in file.systems], systems, "systems"),
        ("attributes", [each.name for each in file.attributes], attributes, "attributes"),
        ("headline", file.headline, attributes, "attributes"),
    ]
    named += [(f"groups.{name}", group, attributes, "attributes") for name, group in file.groups.items()]
    named += [(f"own of the judge {each.key!r}", each.own, systems, "systems") for each in file.judges]
    for where, names, known, what in named:
        for name in names:
            if name not in known:
                yield f"{FILE}: {where} names {name!r}, which has no ratings; {what} in the tables: {some(known, 12)}"
    for judge in file.judges:
        if judge.key in experts:
            yield f"{FILE}: {judge.key!r} stands under both experts.raters and judges; a rater is one of them"
    for rater in _appearing(rows["rater"]):
        if rater not in (*raters, *experts):
            yield f"{rater!r} has rows in the tables and no rating in any of them; fill them or take the rows out"
    if ALL_SYSTEMS in systems:
        yield f"a system is called {ALL_SYSTEMS!r}, which stands for all systems together; give it another name"
    yield from attribute_problems(attributes)
    yield from _judge_problems([rater for rater in raters if rater not in experts])
    yield from _group_problems(file, attributes)


def added_notes(file: StudyFile, rows: pd.DataFrame) -> Iterator[str]:
    """Say what has ratings but is not listed, where the file has a list of such things."""
    listed = {"attribute": [each.name for each in file.attributes], "system": [each.key for each in file.systems]}
    for role, names in listed.items():
        added = [name for name in _appearing(rows[role]) if name not in names]
        if names and added:
            yield f"not listed in {FILE}, and put behind what is: {role}s {some(added, 12)}"
    rating = _appearing(rows.loc[rows["raw"].notna(), "rater"])
    if empty := [name for name in file.experts.raters if name not in rating]:
        yield f"no rating yet by {some(empty, 12)}"


def _judge_problems(judges: Sequence[str]) -> Iterator[str]:
    for judge in filter(is_reserved, judges):
        yield (
            f"a rater is called {judge!r}, which stands for the experts or a panel; name it in experts.raters of "
            f"{FILE} if it is an expert, or give the judge another name"
        )


def _group_problems(file: StudyFile, attributes: Sequence[str]) -> Iterator[str]:
    taken = {slug(name): f"the attribute {name!r}" for name in attributes}
    for name in file.groups:
        if slug(name) in taken:
            yield f"{FILE}: the group {name!r} is called like {taken[slug(name)]}; give it another name"
        taken[slug(name)] = f"the group {name!r}"


def _ordered(listed: Iterable[str], column: pd.Series) -> list[str]:
    return list(dict.fromkeys([*listed, *_appearing(column)]))


def _appearing(column: pd.Series) -> list[str]:
    """Return the names of a column in order of appearance."""
    return [str(name) for name in column.dropna().drop_duplicates()]


def _step(low: float, high: float, ratings: np.ndarray) -> float:
    steps = np.append(ratings[(ratings >= low) & (ratings <= high)], high) - low
    halves = np.abs(steps * 2 - np.rint(steps * 2)) < _ROUNDING
    return 0.5 if (halves & (np.abs(steps - np.rint(steps)) > _ROUNDING)).any() else 1.0
