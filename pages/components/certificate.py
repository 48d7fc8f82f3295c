"""The certificate of one judge, to be filed: as a PDF to read, and as JSON to be verified."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from analysis.outputs import view as analysed
from analysis.outputs.certificate import certificate_file, check_identity
from analysis.wording import study_text
from data.judging.identity import Identity, IdentityError
from pages.components.plain_text import escaped
from pages.components.view import View

_FORMS = {"pdf": ("PDF", "application/pdf"), "json": ("JSON", "application/json")}


def offer_certificate(view: View, judge: str) -> None:
    """Offer the certificate of a judge; who it is may be added by a file, which stays in the visitor's session."""
    place = st.popover("Certificate of this judge", icon=":material/workspace_premium:", key="cert", on_change="rerun")
    if not place.open:
        return
    # What is made after the page has run must not depend on what the page keeps.
    kept = analysed.View(view.dataset, view.settings, view.selection.of_judge(judge))
    with place:
        st.markdown(study_text(view.study, "certificate", "offered"))
        identity = _identity(kept)
        with st.container(horizontal=True, gap="small"):
            for form, (name, kind) in _FORMS.items():
                st.download_button(
                    f"Certificate ({name})",
                    data=_maker(kept, identity, kept.link(view.page), form),
                    file_name=f"mentalbench-certificate.{form}",
                    mime=kind,
                    key=f"certificate {form}",
                    on_click="ignore",
                    icon=":material/workspace_premium:",
                )


def _maker(view: analysed.View, identity: Identity | None, address: str, form: str) -> Callable[[], bytes]:
    return partial(certificate_file, view, identity, address, datetime.now(UTC).date(), form)


def _identity(view: analysed.View) -> Identity | None:
    """Take who the judge is from a file, if one is given that is of its ratings."""
    file = st.file_uploader(
        "Who the judge is (NAME_judge.json), if you have it", type="json", key="identity", max_upload_size=1
    )
    if file is None:
        return None
    try:
        identity = Identity.read(file.getvalue())
        check_identity(view, identity)
    except IdentityError as error:
        st.error(escaped(f"{file.name} {error}"), icon=":material/error:")
        return None
    return identity
