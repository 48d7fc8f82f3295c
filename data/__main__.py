"""The bundled snapshot, the ledger of faults and the data card as a program: ``python -m data COMMAND``."""

import argparse
import sys
from pathlib import Path

from data.card import data_card
from data.errors import ReleaseError
from data.faults import with_kinds, without_cells
from data.released.release import read_release
from data.snapshot import BUNDLED, write_snapshot
from data.sources import load_snapshot, revision_of


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code: 0, or 2 for a folder or a file that cannot be used."""
    options = _parser().parse_args(argv)
    try:
        if options.command == "snapshot":
            _snapshot(options.folder, options.output)
        elif options.command == "ledger":
            _write(_ledger(options.folder, with_cells=options.with_cells), options.output)
        else:
            _write(data_card(load_snapshot()), options.output)
    except (ReleaseError, OSError) as error:
        print(f"python -m data {options.command}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    snapshot = commands.add_parser("snapshot", help="write the bundled snapshot from a copy of the release")
    snapshot.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release")
    snapshot.add_argument("--output", type=Path, default=BUNDLED, metavar="FILE", help="where to write it")
    ledger = commands.add_parser("ledger", help="list every fault of a copy of the release as CSV")
    ledger.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release")
    ledger.add_argument("--with-cells", action="store_true", help="with the whole text of each faulty cell")
    card = commands.add_parser("card", help="write the data card of the bundled snapshot")
    for command in (ledger, card):
        command.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    return parser


def _snapshot(folder: Path, output: Path) -> None:
    release = read_release(folder)
    write_snapshot(release, revision_of(release.files), output)
    conversations = release.ratings["conversation"].nunique()
    print(f"{output}: {output.stat().st_size:,} bytes, {conversations:,} conversations")


def _ledger(folder: Path, *, with_cells: bool) -> str:
    entries = with_kinds(read_release(folder).ledger)
    listed = entries if with_cells else without_cells(entries)
    return listed.to_csv(index=False, lineterminator="\n")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
