"""The tables and the report as a program: ``python -m analysis TABLE`` with the options of the dashboard."""

import os
import sys
from pathlib import Path

if not __package__:
    # Run by its path from another folder: ``python PATH/analysis``.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from analysis.options import UsageError, read_options


def main(argv: list[str]) -> int:
    """Print or write a table, write a report or a manifest, verify one, or check a folder or file of ratings.

    Returns the exit code: 0; 1 for a manifest that does not hold; 2 for input that cannot be used.
    """
    try:
        options = read_options(argv)
        # Imported where it is used: help, and an option that is refused, should not wait for what makes tables.
        from analysis.commands import run

        return run(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except SystemExit as finished:  # argparse ends --help this way
        return int(finished.code or 0)


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output, such as head, has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
