"""A certificate: the figures of one judge with who it is, as a manifest that can be verified later."""

import hashlib
from datetime import date
from typing import Any

from analysis.outputs.manifest import manifest, written
from analysis.outputs.view import View
from data.judging.identity import Identity, IdentityError

PART = "certificate"


def certificate(view: View, identity: Identity | None, address: str, day: date) -> dict[str, Any]:
    """Record every table of one judge, and who it is.

    Parameters
    ----------
    view
        Of one judge, or of the panel.
    identity
        Who it is, if that is known.
    address, day
        As for :func:`analysis.outputs.manifest.manifest`.

    Returns
    -------
    dict
        A manifest with one part more, ``certificate``: ``judge``, ``label``, and ``identity`` or null.

    Raises
    ------
    IdentityError
        The identity is of other ratings than those that were read.
    """
    (judge,) = view.selection.every_judge
    if identity is not None:
        check_identity(view, identity)
    who = {
        "judge": judge,
        "label": view.study.rater(judge),
        "identity": None if identity is None else identity.record,
    }
    return {**manifest(view, address, day), PART: who}


def check_identity(view: View, identity: Identity) -> None:
    """Complain of an identity that was written down beside other ratings.

    Raises
    ------
    IdentityError
        No file that was read has the SHA-256 that the identity names.
    """
    if identity.file_sha256 not in {record.sha256 for record in view.dataset.provenance.every_file}:
        raise IdentityError(
            "is of other ratings: no file that was read has the SHA-256 that it names; take the NAME_judge.json that "
            "was written beside the judge's ratings"
        )


def certificate_file(view: View, identity: Identity | None, address: str, day: date, form: str) -> bytes:
    """Write a certificate as ``json``, or as ``pdf`` or ``html`` to be read, which names the SHA-256 of the first."""
    content = written(certificate(view, identity, address, day))
    if form == "json":
        return content
    # Imported where it is used: charts take longer to import than most tables take to compute.
    from analysis.report.certificate import certificate_document
    from analysis.report.files import in_form

    return in_form(certificate_document(view, identity, day, hashlib.sha256(content).hexdigest()), form)
