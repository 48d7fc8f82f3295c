"""Verify a manifest: whether the ratings are the same, and whether its figures come out again."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from analysis.outputs.manifest import FORMAT
from analysis.outputs.registry import TABLES
from analysis.outputs.view import software
from analysis.outputs.writing import records
from analysis.ratings.settings import Rule, Selection, Settings, SettingsError
from data.mentalalign import ATTRIBUTE_NAMES, JUDGE_KEYS, MODEL_KEYS
from data.sources import Dataset

# Processors and versions of numerical libraries differ in the last digits, and in no others.
TOLERANCE = 1e-9
_MOST_NAMED = 3

Row = dict[str, Any]


class ManifestError(ValueError):
    """A file that is no manifest, or that asks for what does not exist."""


@dataclass(frozen=True)
class Manifest:
    """What a manifest says, checked and in the types of the analysis."""

    source: str
    title: str
    files: dict[str, str]
    settings: Settings
    selection: Selection
    software: dict[str, str]
    tables: dict[str, list[Row]]


@dataclass(frozen=True)
class Outcome:
    """Whether a manifest holds, and what is to be said of each thing in it."""

    holds: bool
    said: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    ManifestError
        The file is missing, is no manifest, or names a table, a setting or a key that does not exist.
    """
    try:
        said = json.loads(path.read_bytes())
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise ManifestError(f"it does not say that it is a {FORMAT!r}")
        if not said["tables"]:
            raise ManifestError("it holds no table")
        chosen = said["selection"]
        return Manifest(
            source=str(said["source"]["name"]),
            title=str(said["source"]["title"]),
            files={str(file["name"]): str(file["sha256"]) for file in said["source"]["files"]},
            settings=Settings.of(**said["settings"]),
            selection=Selection(
                judges=_known(chosen["judges"], JUDGE_KEYS),
                models=_known(chosen["models"], MODEL_KEYS),
                attributes=_known(chosen["attributes"], ATTRIBUTE_NAMES),
                panel=_known(chosen["panel"], JUDGE_KEYS),
                rule=_rule(chosen["rule"]),
            ),
            software={str(name): str(version) for name, version in said["software"].items()},
            tables={name: list(said["tables"][name]) for name in _known(said["tables"], tuple(TABLES))},
        )
    except OSError as error:
        raise ManifestError(error.strerror or str(error)) from error
    except SettingsError as error:
        raise ManifestError(f"of its settings, {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ManifestError):
            raise
        reason = f"it lacks {error}" if isinstance(error, KeyError) else "it is not what a manifest is made of"
        raise ManifestError(reason) from error


def verify(manifest: Manifest, dataset: Dataset) -> Outcome:
    """Compare a manifest with what the ratings give now.

    Where the files are not those that the manifest was made from, its figures are not compared: they would be those of
    other ratings, even where they agree.
    """
    changed = _changed_files(manifest.files, {file.name: file.sha256 for file in dataset.provenance.every_file})
    if changed:
        return Outcome(False, (*changed, "refused: these are not the ratings that the manifest was made from"))
    said = [f"files: {len(manifest.files)} of {len(manifest.files)} have the SHA-256 of the manifest"]
    said += _other_software(manifest.software, software())
    holds, figures = True, 0
    for name, rows in manifest.tables.items():
        made = TABLES[name]
        now = records(made.make(dataset, made.under(manifest.settings), manifest.selection)[list(made.columns)])
        differing = _differing(rows, now)
        holds = holds and not differing
        figures += sum(len(row) for row in rows)
        said.append(f"{name}: {'; '.join(differing)}" if differing else f"{name}: {len(rows)} rows hold")
    verdict = f"holds: {len(manifest.tables)} tables, {figures:,} values"
    return Outcome(holds, (*said, verdict if holds else "refused: the figures do not come out again"))


def _known(values: Any, allowed: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in allowed:
            raise ManifestError(f"it names {value!r}, which is not known; known are {', '.join(allowed)}")
    return tuple(values)


def _rule(value: Any) -> Rule:
    (known,) = _known([value], get_args(Rule))
    return cast(Rule, known)


def _changed_files(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say which files are not what they were; a file may lie elsewhere as long as its content is the same."""
    said = []
    for name, sha256 in before.items():
        if name in now and now[name] != sha256:
            said.append(f"file {name}: its SHA-256 is {now[name]}, and {sha256} in the manifest")
        elif sha256 not in now.values():
            said.append(f"file {name}: no file with its SHA-256 ({sha256}) is among those read")
    new = [name for name, sha256 in now.items() if name not in before and sha256 not in before.values()]
    return said + [f"file {name}: it was not among the files when the manifest was made" for name in new]


def _other_software(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [
        f"note: {name} is {now.get(name, 'missing')}, and was {version}"
        for name, version in before.items()
        if now.get(name) != version
    ]


def _differing(before: list[Row], now: list[Row]) -> list[str]:
    """Say where two tables differ, the first few places by name."""
    if len(before) != len(now):
        return [f"{len(now)} rows where the manifest has {len(before)}"]
    places = [
        f"row {number}, {column}: {new.get(column)!r} where the manifest has {old.get(column)!r}"
        for number, (old, new) in enumerate(zip(before, now, strict=True), start=1)
        for column in {**old, **new}
        if not _same(old.get(column), new.get(column))
    ]
    more = len(places) - _MOST_NAMED
    return [*places[:_MOST_NAMED], *([f"and {more} more"] if more > 0 else [])]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)
