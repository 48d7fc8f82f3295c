"""A manifest: figures with all that is needed to make them anew, to be kept beside them and verified later."""

import json
from datetime import date
from typing import Any

from analysis.outputs.registry import TABLES
from analysis.outputs.view import View, software
from analysis.outputs.writing import records
from analysis.ratings.needs import NeedsConversationsError
from data.sources import Provenance

FORMAT = "MentalBench Explorer manifest 1"
# One row of it is one conversation: a manifest holds figures on all of them.
NOT_RECORDED = ("conversations",)


def manifest(view: View, address: str, day: date) -> dict[str, Any]:
    """Record every table of the command line under a view.

    Parameters
    ----------
    view
        The ratings, the settings and the subset.
    address
        The link that opens the view in the dashboard.
    day
        On which the manifest is made.

    Returns
    -------
    dict
        ``format``, ``made``, ``link``; ``source`` (what was read, with the SHA-256 of every file); ``settings``;
        ``selection``; ``software``; ``tables`` (name to rows, as ``--format json`` prints them, undefined as null); and
        ``left_out`` (name to the reason why a table could not be made). Nothing in it is of a single conversation.
    """
    tables, left_out = {}, {}
    for name, table in TABLES.items():
        if name in NOT_RECORDED:
            continue
        if name == "panel" and len(view.selection.members) < 2:
            left_out[name] = "a panel takes at least two judges"
            continue
        try:
            made = table.make(view.dataset, table.under(view.settings), view.selection)
        except NeedsConversationsError as error:
            left_out[name] = str(error)
        else:
            tables[name] = records(made[list(table.columns)])
    return {
        "format": FORMAT,
        "made": day.isoformat(),
        "link": address,
        "source": _source(view.dataset.provenance),
        "settings": vars(view.settings),
        "selection": vars(view.selection),
        "software": software(),
        "tables": tables,
        "left_out": left_out,
    }


def manifest_file(view: View, address: str, day: date) -> bytes:
    """Write a manifest as a JSON file, the same bytes for the same view on the same day."""
    return (json.dumps(manifest(view, address, day), indent=1, ensure_ascii=False) + "\n").encode()


def _source(came: Provenance) -> dict[str, Any]:
    return {
        "name": came.source,
        "title": came.title,
        "revision": came.revision,
        "conversations": came.conversations,
        "cluster": came.cluster,
        "files": [{"name": record.name, "sha256": record.sha256, "rows": record.rows} for record in came.every_file],
    }
