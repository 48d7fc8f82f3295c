"""Verify a manifest: whether the ratings are the same, and whether its figures come out again."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.outputs.certificate import PART
from analysis.outputs.manifest import FORMAT, RECORDED
from analysis.outputs.registry import table_of
from analysis.outputs.view import software
from analysis.outputs.writing import records
from analysis.ratings.needs import MissingNeedError
from analysis.ratings.settings import Selection, Settings, SettingsError
from data.judging.identity import Identity
from data.paths import reason
from data.sources import Dataset
from data.study import Study

# Processors and versions of numerical libraries differ in the last digits, and in no others.
TOLERANCE = 1e-9
_MOST_NAMED = 3

Row = dict[str, Any]


class ManifestError(ValueError):
    """A file that is no manifest, or that asks for what does not exist."""


@dataclass(frozen=True)
class Manifest:
    """What a manifest says, checked as far as it can be without the ratings; and of a certificate, who the judge is."""

    source: str
    title: str
    study: str
    files: dict[str, str]
    settings: dict[str, Any]
    selection: dict[str, Any]
    software: dict[str, str]
    tables: dict[str, list[Row]]
    identity: Identity | None = None


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
        The file is missing, is no manifest, names a table that does not exist, or lacks what it lists.
    """
    try:
        said = json.loads(path.read_bytes())
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise ManifestError(f"it does not say that it is a {FORMAT!r}")
        files = {str(file["name"]): str(file["sha256"]) for file in said["source"]["files"]}
        _check_contents(said, files)
        return Manifest(
            source=str(said["source"]["name"]),
            title=str(said["source"]["title"]),
            study=str(said["study"]["title"]),
            files=files,
            settings=dict(said["settings"]),
            selection=dict(said["selection"]),
            software={str(name): str(version) for name, version in said["software"].items()},
            tables={str(name): list(rows) for name, rows in said["tables"].items()},
            identity=_identity(said),
        )
    except OSError as error:
        raise ManifestError(reason(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ManifestError):
            raise
        lacks = f"it lacks {error}" if isinstance(error, KeyError) else "it is not what a manifest is made of"
        raise ManifestError(lacks) from error


def _identity(said: dict[str, Any]) -> Identity | None:
    """Tell who the judge of a certificate is, if it says so."""
    told = said.get(PART, {}).get("identity")
    return None if told is None else Identity.of(told)


def verify(manifest: Manifest, dataset: Dataset) -> Outcome:
    """Compare a manifest with what the ratings give now.

    Where the files are not those that the manifest was made from, its figures are not compared: they would be those of
    other ratings, even where they agree.

    Raises
    ------
    ManifestError
        The manifest names a setting, a judge, a model or an attribute that the study does not have.
    """
    changed = _changed(manifest.files, {file.name: file.sha256 for file in dataset.provenance.every_file})
    if changed:
        return Outcome(False, (*changed, _OTHER_RATINGS))
    try:
        settings, selection = Settings.of(dataset.study, **manifest.settings), _selection(manifest, dataset.study)
    except (SettingsError, KeyError, TypeError) as error:
        raise ManifestError(f"of its settings or its selection, {error}") from error
    said = [f"files: {len(manifest.files)} of {len(manifest.files)} have the SHA-256 of the manifest"]
    said += _other_software(manifest.software, software())
    holds, figures = True, 0
    for name in RECORDED:
        before, now = manifest.tables.get(name), _made(name, dataset, settings, selection)
        if before is None and now is None:
            continue
        if before is None or now is None:
            found = "is not in the manifest, and these ratings give it"
            lost = "is in the manifest, and these ratings do not give it"
            differing = [f"it {found if before is None else lost}"]
        else:
            differing = _differing(before, now)
            figures += sum(len(row) for row in now)
        holds = holds and not differing
        said.append(f"{name}: {'; '.join(differing)}" if differing else f"{name}: {len(now or ())} rows hold")
    verdict = f"holds: {len(manifest.tables)} tables, {figures:,} values"
    return Outcome(holds, (*said, verdict if holds else "refused: the figures do not come out again"))


def verify_files(manifest: Manifest, paths: Iterable[Path]) -> Outcome | None:
    """Compare the files of a manifest with files that may be too damaged to be read; None where all are the same.

    A file is the same wherever it lies: what counts is its content. Of a file of counts the files that were counted are
    elsewhere, and only itself, which is named last, can be compared.
    """
    known = list(manifest.files.items())
    before = dict(known[-1:] if manifest.source in _COUNTED else known)
    now = {_name_of(path, before): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    gone = [said for said in _changed(before, now) if not said.endswith(_NEW)]
    return Outcome(False, (*gone, _OTHER_RATINGS)) if gone else None


_OTHER_RATINGS = "refused: these are not the ratings that the manifest was made from"
# Sources that are one file of counts.
_COUNTED = ("snapshot", "counts")
_NEW = "it was not among the files when the manifest was made"


def _check_contents(said: dict[str, Any], files: Mapping[str, str]) -> None:
    """Complain of tables and files that are listed and not there, or there and not known."""
    listed, tables = said["contents"]["tables"], said["tables"]
    for name in [*listed, *tables]:
        if name not in RECORDED:
            raise ManifestError(f"it names the table {name!r}, which is not known; known are {', '.join(RECORDED)}")
    for name in dict.fromkeys([*listed, *tables]):
        if listed.get(name) != len(tables.get(name, ())):
            raise ManifestError(
                f"it lists the table {name} with {listed.get(name, 0)} rows and holds {len(tables.get(name, ()))}"
            )
    if not tables:
        raise ManifestError("it holds no table")
    if said["contents"]["files"] != len(files):
        raise ManifestError(f"it lists {said['contents']['files']} files and names {len(files)}")
    for name in RECORDED:
        if name not in tables and name not in said["left_out"]:
            raise ManifestError(f"the table {name} is neither in it nor among what it says was left out")


def _name_of(path: Path, names: Iterable[str]) -> str:
    """Return the name that a file has in the manifest, its path below the folder that was read; or else its path."""
    return next((name for name in names if f"/{path.as_posix()}".endswith(f"/{name}")), str(path))


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say which files are not what they were; a file may lie elsewhere as long as its content is the same."""
    said = []
    elsewhere = {name: sha256 for name, sha256 in now.items() if name not in before}
    for name, sha256 in before.items():
        if name in now:
            if now[name] != sha256:
                said.append(f"file {name}: its SHA-256 is {now[name]}, and {sha256} in the manifest")
            continue
        # Each file stands for one: of two copies, one may be another judge's.
        moved = next((other for other, its in elsewhere.items() if its == sha256), None)
        if moved is None:
            said.append(f"file {name}: no file with its SHA-256 ({sha256}) is among those read")
        else:
            del elsewhere[moved]
    return said + [f"file {name}: {_NEW}" for name in elsewhere]


def _selection(manifest: Manifest, study: Study) -> Selection:
    """Return the selection of a manifest; of an empty list nothing was chosen, as where a panel stands alone."""
    judges, models, attributes = (manifest.selection[name] for name in ("judges", "models", "attributes"))
    chosen = Selection.of(study, judges, models, attributes)
    chosen = chosen.with_panel(study, manifest.selection["panel"], manifest.selection["rule"])
    return chosen if judges else replace(chosen, judges=())


def _made(name: str, dataset: Dataset, settings: Settings, selection: Selection) -> list[Row] | None:
    """Recompute a table; None where the ratings do not give it."""
    try:
        return records(table_of(name, dataset, settings, selection))
    except MissingNeedError:
        return None


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
