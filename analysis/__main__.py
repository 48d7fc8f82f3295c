"""The tables and the report as a program: ``python -m analysis TABLE`` with the options of the dashboard."""

import argparse
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

if not __package__:
    # Run by its path from another folder: ``python PATH/analysis``.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import pandas as pd

from analysis.agreement.icc import FEWEST_RESAMPLES
from analysis.options import (
    CHECK,
    HOME,
    MANIFEST,
    REPORT,
    VERIFY,
    UsageError,
    read_options,
    selection_of,
    settings_of,
)
from analysis.outputs.checking import checked
from analysis.outputs.manifest import manifest_file
from analysis.outputs.registry import OF_REPLIES, table_of
from analysis.outputs.verifying import Manifest, ManifestError, Outcome, read_manifest, verify, verify_files
from analysis.outputs.view import View, software
from analysis.outputs.writing import UnwritableError, write_table, write_whole
from analysis.ratings.needs import MissingNeedError
from analysis.ratings.settings import CHOICES, LIMITS, Settings, SettingsError
from data.errors import AddedJudgeError, ReleaseError, SourceError
from data.remote.progress import Progress
from data.sources import NAMED, Dataset, load, source_files, with_judge, with_replies


def main(argv: list[str]) -> int:
    """Print or write a table, write a report or a manifest, verify one, or check a folder or file of ratings.

    Returns the exit code: 0; 1 for a manifest that does not hold; 2 for input that cannot be used.
    """
    try:
        options = read_options(argv)
        return {VERIFY: _verify, CHECK: _check}.get(options.table, _make)(options)
    except (UsageError, UnwritableError) as error:
        _tell(str(error))
        return 2
    except SettingsError as error:
        name, _, reason = str(error).partition(":")
        for choice in (*CHOICES, *LIMITS):
            reason = re.sub(rf"\b{choice}\b", choice.replace("_", "-"), reason)
        _tell(f"argument --{name.replace('_', '-')}:{reason}")
        return 2
    except (MissingNeedError, SourceError, ReleaseError) as error:
        _tell(_of_source(error, options.source))
        return 2
    except SystemExit as finished:  # argparse ends --help this way
        return int(finished.code or 0)


def _of_source(error: Exception, source: str) -> str:
    """Say what is wrong with the ratings, and what would do instead."""
    if isinstance(error, AddedJudgeError):
        return f"argument --add-judge: {error}"
    if isinstance(error, MissingNeedError):
        instead = "; allowed are sources that give what it takes"
    elif isinstance(error, SourceError):
        instead = "; without a network there are --source snapshot, and a folder with a copy of the release"
    elif source in NAMED or Path(source).exists():
        instead = ""
    else:
        instead = f"; allowed are {', '.join(NAMED)}, a folder's path, or a file of counts"
    return f"argument --source: {source!r}: {error}{instead}"


def _make(options: argparse.Namespace) -> int:
    dataset = _with_replies(_load(options), options)
    settings = settings_of(options, dataset.study)
    view = View(dataset, settings, selection_of(options, dataset.study))
    if options.table == REPORT:
        _report(view, options)
    elif options.table == MANIFEST:
        write_whole(manifest_file(view, view.link(options.app or HOME), datetime.now(UTC).date()), options.output)
    else:
        table = table_of(options.table, dataset, settings, view.selection)
        write_table(table, options.format or "table", options.output)
        _warn_of_nothing(table)
    _describe(dataset, settings)
    _warn_of_draws(settings)
    return 0


def _check(options: argparse.Namespace) -> int:
    found = checked(options.path, load(options.source, _progress()) if options.source else None)
    print("\n".join(found.said))
    return 0 if found.usable else 2


def _verify(options: argparse.Namespace) -> int:
    try:
        kept = read_manifest(options.manifest)
        options.source = options.source or kept.source
        if options.source in ("folder", "counts"):
            raise UsageError(
                f"argument --source: is missing, and the ratings came from {kept.title}; allowed is its path"
            )
        outcome = _verified(kept, options)
    except ManifestError as error:
        raise UsageError(
            f"argument MANIFEST: {str(options.manifest)!r} cannot be used: {error}; allowed is a file that "
            "“Manifest (JSON)” in the dashboard, or python -m analysis manifest, has written"
        ) from error
    print("\n".join(outcome.said))
    return 0 if outcome.holds else 1


def _verified(kept: Manifest, options: argparse.Namespace) -> Outcome:
    """Compare a manifest with its source; of files that cannot be read it is said first whether they are the same."""
    try:
        dataset = _load(options)
    except ReleaseError:
        damaged = verify_files(kept, [*source_files(options.source), *options.add_judge])
        if damaged is None:
            raise
        return damaged
    return verify(kept, dataset)


def _load(options: argparse.Namespace) -> Dataset:
    dataset = load(options.source, _progress())
    own: dict[str, list[str]] = {}
    for judge, system in options.own:
        own.setdefault(judge, []).append(system)
    judges: list[str] = []
    for file in options.add_judge:
        try:
            dataset, added = with_judge(dataset, file, own=own)
            judges += added.judges
        except ReleaseError as error:
            raise AddedJudgeError(f"{str(file)!r}: {error}") from error
    if strangers := own.keys() - set(judges):
        raise UsageError(
            f"argument --own: {min(strangers)!r} is no judge that was added; allowed are those of --add-judge: "
            f"{', '.join(judges) or 'none'}"
        )
    return dataset


def _with_replies(dataset: Dataset, options: argparse.Namespace) -> Dataset:
    """Look up how long the replies are, for a table that takes it and ratings that come without."""
    if options.table not in OF_REPLIES or dataset.ratings is None:
        return dataset
    if options.replies is None and dataset.ratings.lengths is not None:
        return dataset
    given = "is missing" if options.replies is None else repr(str(options.replies))
    try:
        found = with_replies(dataset, _progress(), options.replies)
    except (SourceError, ReleaseError) as error:
        raise UsageError(
            f"argument --replies: {given}: {error}; allowed is MentalBench-100k as CSV or Parquet, and Hugging Face is "
            "asked for it where none is given"
        ) from error
    if options.replies is not None and found.provenance.replies is None:
        raise UsageError(
            f"argument --replies: {given}: its replies are those of the published study, and this is another; allowed "
            "is a column with the texts of replies in the study's tables (reply)"
        )
    return found


def _progress() -> Progress:
    return Progress(report=_tell if sys.stderr.isatty() else None)


def _report(view: View, options: argparse.Namespace) -> None:
    # Imported where it is used: charts take longer to import than most tables take to compute.
    from analysis.report.files import report_file

    address, day = view.link(options.app or HOME), datetime.now(UTC).date()
    form = options.output.suffix.lower().removeprefix(".")
    write_whole(report_file(view, options.section, address, day, form), options.output)


def _describe(dataset: Dataset, settings: Settings) -> None:
    """Say on standard error what the figures come from, so that standard output stays a plain table."""
    came = dataset.provenance
    for notice in came.notices:
        _tell(f"note: {notice}")
    choices = ", ".join(f"{name} {value}" for name, value in vars(settings).items())
    _tell(f"source: {came.title}, revision {came.revision}, {dataset.study.counted(came.conversations)}")
    for record in came.every_file:
        _tell(f"file: {record.name}, sha256 {record.sha256}")
    _tell(f"software: {', '.join(f'{name} {number}' for name, number in software().items())}")
    _tell(f"settings: {choices}; intervals over replies clustered by {came.cluster}")


def _warn_of_draws(settings: Settings) -> None:
    if settings.interval != "exact-f" and settings.resamples < FEWEST_RESAMPLES:
        _tell(f"note: {settings.resamples} resamples are too few for an interval to be read; take {FEWEST_RESAMPLES}")


def _warn_of_nothing(table: pd.DataFrame) -> None:
    figures = table.select_dtypes("float")
    if len(table) and len(figures.columns) and figures.isna().all(axis=None):
        _tell("note: every figure is undefined: too few models, replies or conversations fit the options, or none vary")


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output, such as head, has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
