"""The tables and the report as a program: ``python -m analysis TABLE`` with the options of the dashboard."""

import argparse
import sys
from datetime import UTC, datetime

import pandas as pd

from analysis.icc import FEWEST_RESAMPLES
from analysis.needs import NeedsConversationsError
from analysis.options import HOME, REPORT, UsageError, read_options, selection_of, settings_of
from analysis.settings import Selection, Settings, SettingsError
from analysis.tables import TABLES
from analysis.view import View
from analysis.writing import UnwritableError, write_table, write_whole
from data.errors import ReleaseError, SourceError
from data.progress import Progress
from data.sources import NAMED, Dataset, load


def main(argv: list[str]) -> int:
    """Print or write one table, or write a report; returns the exit code: 0, or 2 for input that cannot be used."""
    try:
        options = read_options(argv)
        settings = settings_of(options)
        dataset = load(options.source, Progress(report=_tell if sys.stderr.isatty() else None))
        selection = selection_of(options, dataset)
        if options.table == REPORT:
            _report(View(dataset, settings, selection), options)
            _describe(dataset, settings)
        else:
            settings = TABLES[options.table].under(settings)
            table = _table(options, dataset, settings, selection)
            _describe(dataset, settings)
            _warn_of_nothing(table)
        _warn_of_draws(settings)
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
    return 0


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
