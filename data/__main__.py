"""Files of ratings as a program: ``python -m data COMMAND``, for counts, the ledger of errors, and the data card."""

import argparse
import sys
from pathlib import Path

if not __package__:
    # Run by its path from another folder: ``python PATH/data``.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from data.card import data_card
from data.counts import BLOCKS, count_pairs
from data.counts_file import BUNDLED, About, write_counts
from data.errors import ReleaseError
from data.faults import with_kinds, without_cells
from data.folder import read_folder
from data.ratings import count_faults
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
    snapshot = commands.add_parser("snapshot", help="write the bundled snapshot from a folder of ratings")
    snapshot.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release, or an own study")
    snapshot.add_argument("--output", type=Path, default=BUNDLED, metavar="FILE", help="where to write it")
    ledger = commands.add_parser("ledger", help="list every error of a folder of ratings as CSV")
    ledger.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release, or an own study")
    ledger.add_argument("--with-cells", action="store_true", help="with the whole text of each faulty cell")
    card = commands.add_parser("card", help="write the data card of the bundled snapshot")
    for command in (ledger, card):
        command.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    return parser


def _snapshot(folder: Path, output: Path) -> None:
    ratings = read_folder(folder)
    number = len(ratings.conversations)
    about = About(
        study=ratings.study,
        revision=revision_of(ratings.files),
        conversations=number,
        blocks=min(BLOCKS, number),
        files=ratings.files,
        faults=count_faults(ratings),
    )
    write_counts(count_pairs(ratings, blocks=about.blocks), about, output)
    print(f"{output}: {output.stat().st_size:,} bytes, {ratings.study.counted(number)}")


def _ledger(folder: Path, *, with_cells: bool) -> str:
    entries = with_kinds(read_folder(folder).ledger)
    listed = entries if with_cells else without_cells(entries)
    return listed.to_csv(index=False, lineterminator="\n")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
