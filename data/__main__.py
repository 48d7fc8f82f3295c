"""Files of ratings as a program: ``python -m data COMMAND``: counts, errors, a model run as a judge, rating sheets."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

if not __package__:
    # Run by its path from another folder: ``python PATH/data``.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from data import mentalalign
from data.card import data_card
from data.counting.engines import ENGINES, FORMATS, engine_of, is_countable
from data.counts import BLOCKS, count_pairs, in_stretches
from data.counts_file import BUNDLED, About, Counted, write_counts
from data.data_errors import count_errors, with_kinds, without_cells
from data.errors import ReleaseError, SourceError
from data.folder import read_folder
from data.judging import options as judging
from data.moments import sum_moments
from data.moments_file import moments_beside, write_moments
from data.own import FILE
from data.paths import file_to_write, file_to_write_anywhere, told
from data.ratings import Ratings
from data.repeats import told_repeats
from data.sampling import options as sampling
from data.sources import load_snapshot, revision_of


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code: 0, 2 for what cannot be used, or 3 for a run with calls left to make."""
    options = _parser().parse_args(argv)
    try:
        if options.command in ("judge", "generate"):
            # Imported where it is used: what runs a model is an extra.
            from data.judging.session import command

            return command(options)
        if options.command in ("items", "sheet"):
            # Imported where it is used: what writes workbooks takes long.
            from data.sampling.command import COMMANDS

            COMMANDS[options.command](options)
        elif options.command == "anchor":
            _anchor(options)
        elif options.command == "counts":
            _counts(options.source, options.output, options.engine)
        elif options.command == "snapshot":
            _snapshot(options.source, options.output)
        elif options.command == "ledger":
            _write(_ledger(options.folder, with_cells=options.with_cells), options.output)
        else:
            _write(data_card(load_snapshot()), options.output)
    except (ReleaseError, SourceError, OSError) as error:
        said = told(error) if isinstance(error, OSError) else error
        print(f"python -m data {options.command}: {said}", file=sys.stderr)
        return 2
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    counts = commands.add_parser("counts", help="count the ratings of a study, however many, into one small file")
    counts.add_argument(
        "--output", type=file_to_write_anywhere, required=True, metavar="FILE", help="where to write it, as Parquet"
    )
    counts.add_argument(
        "--engine", choices=ENGINES, help="what counts the tables of an own study; else the first that is installed"
    )
    snapshot = commands.add_parser("snapshot", help="write the bundled snapshot: the counts of the release")
    snapshot.add_argument(
        "--output",
        type=file_to_write_anywhere,
        default=BUNDLED,
        metavar="FILE",
        help="where to write it, the bundled one unless told",
    )
    snapshot.add_argument("source", type=Path, metavar="FOLDER", help="a copy of the release")
    counts.add_argument("source", type=Path, metavar="FOLDER", help="a copy of the release, or an own study")
    ledger = commands.add_parser("ledger", help="list every error of a folder of ratings as CSV")
    ledger.add_argument("folder", type=Path, metavar="FOLDER", help="a copy of the release, or an own study")
    ledger.add_argument("--with-cells", action="store_true", help="with the whole text of each wrong cell")
    card = commands.add_parser("card", help="write the data card of the bundled snapshot")
    judging.add_commands(commands)
    sampling.add_commands(commands)
    for command in (ledger, card):
        command.add_argument("--output", type=file_to_write, metavar="FILE", help="write there instead of printing")
    return parser


def _anchor(options: argparse.Namespace) -> None:
    from data.judging.anchor import sentence
    from data.judging.results import write_json
    from data.judging.work import anchor_of

    if options.output.exists():
        raise ReleaseError(
            f"--output {options.output} is there already, and an anchor set is frozen; name another file"
        )
    anchor = anchor_of(options)
    write_json(options.output, anchor.record)
    print(sentence(anchor, options.output, options.number))


def _counts(folder: Path, output: Path, engine: str | None = None) -> None:
    if folder.resolve() in output.resolve().parents:
        raise ReleaseError(f"--output {output} lies in {folder}, where it would be read as ratings; write it elsewhere")
    by_engine = engine or is_countable(folder)
    _written(_by_engine(folder, engine) if by_engine else _in_memory(read_folder(folder)), output)


def _snapshot(folder: Path, output: Path) -> None:
    ratings = read_folder(folder)
    if output == BUNDLED and revision_of(ratings.files) != mentalalign.COMMIT:
        raise ReleaseError(
            f"the bundled snapshot is of {mentalalign.STUDY.title} as released, and {folder} holds other ratings; "
            "count them into a file of their own with: python -m data counts FOLDER --output FILE"
        )
    _written(with_moments(ratings, output), output)


def with_moments(ratings: Ratings, output: Path) -> Counted:
    """Count ratings for a snapshot, and write their sums over attributes beside it."""
    counted = _in_memory(ratings)
    sums = write_moments(sum_moments(ratings, blocks=counted.about.blocks), moments_beside(output))
    return counted._replace(about=replace(counted.about, moments=sums))


def _written(counted: Counted, output: Path) -> None:
    counts, about, stretches = counted
    write_counts(counts, about, output, stretches)
    print(f"{output}: {output.stat().st_size:,} bytes, {about.study.counted(about.conversations)}")


def _by_engine(folder: Path, name: str | None) -> Counted:
    if not is_countable(folder):
        raise ReleaseError(
            f"--engine {name} is for a folder with a {FILE} and {', '.join(FORMATS)} tables; {folder} is not one"
        )
    # Imported where it is used: other commands need not wait for what checks a study.
    from data.counting.folder import count_folder

    return Counted(*count_folder(folder, engine_of(name)))


def _in_memory(ratings: Ratings) -> Counted:
    number = len(ratings.conversations)
    blocks = min(BLOCKS, number)
    about = About(
        ratings.study,
        revision_of(ratings.files),
        number,
        blocks,
        ratings.files,
        count_errors(ratings.ledger),
        told_repeats(ratings.repeats),
    )
    return Counted(count_pairs(ratings, blocks=blocks), about, in_stretches(count_pairs(ratings), number))


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
