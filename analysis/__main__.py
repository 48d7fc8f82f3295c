"""The tables and the report as a program: ``python -m analysis TABLE`` with the options of the dashboard."""

import argparse
import sys
from datetime import UTC, datetime

import pandas as pd

from analysis.agreement.icc import FEWEST_RESAMPLES
from analysis.options import HOME, MANIFEST, REPORT, VERIFY, UsageError, read_options, selection_of, settings_of
from analysis.outputs.manifest import manifest_file
from analysis.outputs.registry import TABLES
from analysis.outputs.verifying import ManifestError, read_manifest, verify
from analysis.outputs.view import View, software
from analysis.outputs.writing import UnwritableError, write_table, write_whole
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.settings import Selection, Settings, SettingsError
from data.errors import ReleaseError, SourceError
from data.remote.progress import Progress
from data.sources import NAMED, Dataset, load


def main(argv: list[str]) -> int:
    """Print or write a table, write a report or a manifest, or verify one.

    Returns the exit code: 0; 1 for a manifest that does not hold; 2 for input that cannot be used.
    """
    try:
        options = read_options(argv)
        return _verify(options) if options.table == VERIFY else _make(options)
    except (UsageError, UnwritableError) as error:
        _tell(str(error))
        return 2
    except SettingsError as error:
        _tell(f"argument --{str(error).replace('_', '-')}")
        return 2
    except NeedsConversationsError as error:
        _tell(f"argument --source: {options.source!r}: {error}; allowed are hub, github, or a folder's path")
        return 2
    except (SourceError, ReleaseError) as error:
        _tell(f"argument --source: {options.source!r}: {error}; allowed are {', '.join(NAMED)}, or a folder's path")
        return 2
    except SystemExit as finished:  # argparse ends --help this way
        return int(finished.code or 0)


def _make(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    dataset = _load(options.source)
    view = View(dataset, settings, selection_of(options, dataset))
    if options.table == REPORT:
        _report(view, options)
    elif options.table == MANIFEST:
        write_whole(manifest_file(view, view.link(options.app or HOME), datetime.now(UTC).date()), options.output)
    else:
        settings = TABLES[options.table].under(settings)
        _warn_of_nothing(_table(options, dataset, settings, view.selection))
    _describe(dataset, settings)
    _warn_of_draws(settings)
    return 0


def _verify(options: argparse.Namespace) -> int:
    try:
        kept = read_manifest(options.manifest)
    except ManifestError as error:
        raise UsageError(
            f"argument MANIFEST: {str(options.manifest)!r} cannot be used: {error}; allowed is a file that "
            "“Manifest (JSON)” in the dashboard, or python -m analysis manifest, has written"
        ) from error
    options.source = options.source or kept.source
    if options.source == "folder":
        raise UsageError(f"argument --source: is missing, and the ratings came from {kept.title}; allowed is its path")
    outcome = verify(kept, _load(options.source))
    print("\n".join(outcome.said))
    return 0 if outcome.holds else 1


def _load(source: str) -> Dataset:
    return load(source, Progress(report=_tell if sys.stderr.isatty() else None))


def _table(options: argparse.Namespace, dataset: Dataset, settings: Settings, selection: Selection) -> pd.DataFrame:
    made = TABLES[options.table]
    table = made.make(dataset, settings, selection)[list(made.columns)]
    write_table(table, options.format or "table", options.output)
    return table


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
    _tell(f"source: {came.title}, revision {came.revision}, {came.conversations:,} conversations")
    for record in came.every_file:
        _tell(f"file: {record.name}, sha256 {record.sha256}")
    _tell(f"software: {', '.join(f'{name} {number}' for name, number in software().items())}")
    _tell(f"settings: {choices}; intervals over replies clustered by {came.cluster}")


def _warn_of_draws(settings: Settings) -> None:
    if settings.interval != "exact-f" and settings.resamples < FEWEST_RESAMPLES:
        _tell(f"note: {settings.resamples} resamples are too few for an interval to be read; take {FEWEST_RESAMPLES}")


def _warn_of_nothing(table: pd.DataFrame) -> None:
    figures = table.select_dtypes("float")
    if len(table) and figures.isna().all(axis=None):
        _tell("note: every figure is undefined: too few models, replies or conversations fit the options, or none vary")


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
