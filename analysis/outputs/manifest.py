"""A manifest: figures with all that is needed to recompute them, to be kept beside them and verified later."""

import json
from datetime import date
from typing import Any

from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.view import View, software
from analysis.outputs.writing import records
from analysis.ratings.needs import MissingNeedError
from data.sources import Provenance

FORMAT = "MentalBench Explorer manifest 2"
# One row of it is one conversation: a manifest holds figures on all of them.
NOT_RECORDED = ("conversations",)
RECORDED = tuple(name for name in TABLES if name not in NOT_RECORDED)


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
        ``format``, ``made``, ``link``; ``contents`` (how many rows each table has, and how many files there are, so
        that one that is gone is missed); ``study``; ``source`` (what was read, with the SHA-256 of every file);
        ``settings``; ``selection``; ``software``; ``tables`` (name to rows, as ``--format json`` prints them, undefined
        as null); and ``left_out`` (name to the reason why a table could not be made). Nothing in it is of a single
        conversation.
    """
    tables, left_out = {}, {}
    for name in RECORDED:
        try:
            tables[name] = records(table_of(name, view.dataset, view.settings, view.selection))
        except MissingNeedError as error:
            left_out[name] = str(error)
    source = _source(view.dataset.provenance)
    return {
        "format": FORMAT,
        "made": day.isoformat(),
        "link": address,
        "contents": {"tables": {name: len(rows) for name, rows in tables.items()}, "files": len(source["files"])},
        "study": {"key": view.study.key, "title": view.study.title},
        "source": source,
        "settings": vars(view.settings),
        "selection": vars(view.selection),
        "software": software(),
        "tables": tables,
        "left_out": left_out,
    }


def manifest_file(view: View, address: str, day: date) -> bytes:
    """Write a manifest as a JSON file, the same bytes for the same view on the same day."""
    return written(manifest(view, address, day))


def written(told: dict[str, Any]) -> bytes:
    """Write what a manifest tells as JSON."""
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _source(came: Provenance) -> dict[str, Any]:
    return {
        "name": came.source,
        "title": came.title,
        "revision": came.revision,
        "conversations": came.conversations,
        "cluster": came.cluster,
        "files": [{"name": record.name, "sha256": record.sha256, "rows": record.rows} for record in came.every_file],
    }
