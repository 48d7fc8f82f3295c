"""``python -m data snapshot FOLDER``: write the bundled snapshot from a copy of the release."""

import argparse
import sys
from pathlib import Path

from data.errors import ReleaseError
from data.release import read_release
from data.snapshot import BUNDLED, write_snapshot
from data.sources import revision_of


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code: 0, or 2 when the folder is not a copy of the release."""
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    snapshot = commands.add_parser("snapshot", help="write the bundled snapshot from a copy of the release")
    snapshot.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release")
    snapshot.add_argument("--output", type=Path, default=BUNDLED, metavar="FILE", help="where to write it")
    options = parser.parse_args(argv)
    try:
        release = read_release(options.folder)
        write_snapshot(release, revision_of(release.files), options.output)
    except (ReleaseError, OSError) as error:
        print(f"python -m data snapshot: {error}", file=sys.stderr)
        return 2
    conversations = release.ratings["conversation"].nunique()
    print(f"{options.output}: {options.output.stat().st_size:,} bytes, {conversations:,} conversations")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
