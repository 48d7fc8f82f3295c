"""What ``python -m data items`` and ``python -m data sheet`` are told."""

from pathlib import Path
from typing import Any

from data.judging.options import positive, seed
from data.paths import file_to_read, file_to_write, folder_to_write

_REPLIES = "a table with item, system, message and reply, or a folder of such tables"
_JUDGED = file_to_read("a file with a judge's ratings")


def add_commands(commands: Any) -> None:
    """Add both commands to a parser."""
    items = commands.add_parser("items", help="draw replies for experts to rate, in strata of a judge's ratings")
    items.add_argument("--replies", type=Path, required=True, metavar="FILE", help=_REPLIES)
    items.add_argument(
        "--ratings", type=_JUDGED, required=True, metavar="FILE", help="the judge's ratings of all of them"
    )
    items.add_argument("--number", type=positive, required=True, metavar="N", help="how many replies to draw")
    items.add_argument("--attribute", metavar="NAME", help="draw by this one (default: by the mean of all)")
    items.add_argument(
        "--allocation",
        choices=("even", "proportional"),
        default="even",
        help="as many of every stratum, so that poor replies are among them, or in proportion (default: even)",
    )
    items.add_argument("--seed", type=seed, default=0, metavar="K", help="of the draw (default: 0)")
    items.add_argument("--with-texts", action="store_true", help="with the messages and replies themselves")
    items.add_argument("--output", type=file_to_write, required=True, metavar="FILE", help="a .csv file to write")
    sheet = commands.add_parser(
        "sheet", help="write a rating sheet (Excel) for each expert, in a folder that is a study"
    )
    sheet.add_argument("--replies", type=Path, required=True, metavar="FILE", help=_REPLIES)
    sheet.add_argument(
        "--items",
        type=file_to_read("what python -m data items has written"),
        metavar="FILE",
        help="what python -m data items drew (default: all of the replies)",
    )
    sheet.add_argument(
        "--study",
        default="snapshot",
        metavar="SOURCE",
        help="whose attributes and scale: snapshot (the published study, default), or a folder with a study.toml",
    )
    sheet.add_argument(
        "--experts", nargs="+", required=True, metavar="NAME", help="who rates; each has a sheet of his or her own"
    )
    sheet.add_argument("--each", type=positive, default=1, metavar="K", help="experts of each reply (default: 1)")
    sheet.add_argument("--seed", type=seed, default=0, metavar="K", help="of the order (default: 0)")
    sheet.add_argument("--ratings", type=_JUDGED, metavar="FILE", help="a judge's ratings, to lie beside the sheets")
    where = "a new folder, or an empty one"
    sheet.add_argument("--output", type=folder_to_write, required=True, metavar="FOLDER", help=where)
