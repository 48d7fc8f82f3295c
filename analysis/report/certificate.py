"""What a certificate says to be read: what one judge may be used for, how robust that is, and who it is."""

from collections.abc import Iterator
from datetime import date

from analysis.decisions.verdicts import USES
from analysis.findings.consistency import consistency_finding
from analysis.findings.phrases import begun, experts_of, listed, part, span
from analysis.findings.verdicts import use_finding
from analysis.outputs.view import View, software
from analysis.ratings.needs import MissingNeedError
from analysis.report.blocks import answer_of, matrices_of, table_of
from analysis.report.document import (
    Block,
    Bullets,
    Document,
    Head,
    Heading,
    Notice,
    Table,
    Text,
    in_print,
    plain,
)
from analysis.report.prose import blocks
from analysis.report.sections import title_of, with_reasons
from analysis.wording import sections_of, study_text
from analysis.wording.vocabulary import USE, VERDICT
from data.judging.identity import ASKED, Identity

NAME = "certificate"


def certificate_document(view: View, identity: Identity | None, day: date, sha256: str) -> Document:
    """Lay a certificate out.

    Parameters
    ----------
    view
        Of one judge, or of the panel.
    identity
        Who it is, if that is known.
    day
        When it is made.
    sha256
        Of its file to be verified.
    """
    came, judge = view.dataset.provenance, view.study.rater(view.selection.every_judge[0])
    parts = [*_found(view), *_robustness(view), *_compared(view), *_who(view, identity), *_unsaid(view)]
    parts += [*_verifiable(view, sha256), *_reasons(view)]
    return Document(
        title=f"What {judge} may be used for",
        subtitle=f"Certificate of a judge · {view.in_short()}",
        footer=f"{judge} · {came.title}, revision {came.short_revision} · {day.isoformat()}",
        day=day.isoformat(),
        blocks=tuple(map(in_print, parts)),
    )


def _heading(view: View, section: str) -> Heading:
    return Heading(sections_of(view.study, NAME)[section].title)


def _found(view: View) -> Iterator[Block]:
    study, verdicts = view.study, view.table("verdicts")
    yield from answer_of(view)
    words = {key: look.short for key, look in VERDICT.items()}
    yield from blocks(study_text(study, "report", "verdicts").format(**words))
    yield from matrices_of(study, verdicts, view.selection, list(USE), with_intervals=True)


def _robustness(view: View) -> Iterator[Block]:
    """Say how often each use's verdicts change under robustness checks, and how often the rules are wrong."""
    verdicts = view.table("verdicts")
    yield _heading(view, "robustness")
    items: list[Text] = []
    for use in USES:
        rows = verdicts[verdicts["use"] == use]
        checks, differ = int(rows["n_checks"].sum()), int(rows["n_differ"].sum())
        moved = int((rows["n_differ"] > 0).sum())
        said = f" {use_finding(view.study, verdicts, use)} Robustness checks change {part(moved, len(rows))} of them, "
        items.append((*plain(f"{USE[use][0]}:", "strong"), *plain(f"{said}in {differ:,} of {checks:,} checks.")))
    yield Bullets(tuple(items))
    yield from blocks(study_text(view.study, NAME, "robustness"))


def _compared(view: View) -> Iterator[Block]:
    study, came, icc = view.study, view.dataset.provenance, view.table("icc")
    compared = view.table("inflation_by_model").query("n_pairs > 0")
    systems = [study.system(key) for key in view.selection.models if key in set(compared["model"])]
    lines = {
        "Ratings": f"{came.title}, revision {came.short_revision}, {study.counted(came.conversations)}.",
        "Reference": f"{experts_of(study)} for each reply, of {span(icc['n_pairs'], ',')} replies an attribute.",
        "Systems": f"{listed(systems)}." if systems else "none.",
        "Agreement with itself": _with_itself(view),
    }
    yield _heading(view, "compared")
    yield from blocks(study_text(study, NAME, "compared"))
    yield _listed(lines)
    yield from (Notice(plain(f"{begun(notice)}.")) for notice in came.notices)


def _with_itself(view: View) -> str:
    """Say how the judge agrees with itself, where it was asked more than once."""
    try:
        table = view.table("consistency")
    except MissingNeedError:
        return "not known; there is one rating of each reply."
    return consistency_finding(view.study, table) if len(table) else "not known; there is one rating of each reply."


def _who(view: View, identity: Identity | None) -> Iterator[Block]:
    yield _heading(view, "who")
    if identity is None:
        yield Notice(plain(study_text(view.study, NAME, "unknown")))
        return
    said = {label: identity.asked[name] for name, label in ASKED.items()}
    rows = {
        **{label: value if isinstance(value, str) else _told(value) for label, value in said.items()},
        "Version, as its endpoint names it": listed([*identity.first]) if identity.first else "none was named",
        **({"Version that rated new systems": listed([*identity.of_new_alone])} if identity.of_new_alone else {}),
        "SHA-256 of all it is asked with": identity.sha256,
    }
    yield Table(
        "Who was asked, and how",
        (Head("Part"), Head("Value")),
        tuple((plain(label), plain(value, "code")) for label, value in rows.items()),
        (30, 70),
    )
    if len(identity.first) > 1:
        yield Notice(plain(study_text(view.study, NAME, "several")))
    yield from blocks(study_text(view.study, NAME, "who"))


def _told(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "none"


def _unsaid(view: View) -> Iterator[Block]:
    yield _heading(view, "unsaid")
    yield from blocks(study_text(view.study, NAME, "unsaid"))


def _verifiable(view: View, sha256: str) -> Iterator[Block]:
    yield _heading(view, "verify")
    yield _listed(
        {
            "Settings": f"{'; '.join(view.choices())}.",
            "Thresholds": f"{'; '.join(view.thresholds())}.",
            "Software": f"{listed([f'{name} {number}' for name, number in software().items()])}.",
        }
    )
    files = tuple((plain(each.name), plain(each.sha256, "code")) for each in view.dataset.provenance.every_file)
    own = (plain("this certificate as JSON"), plain(sha256, "code"))
    yield Table("Files, with their SHA-256", (Head("File"), Head("SHA-256")), (*files, own), (35, 65))
    yield from blocks(study_text(view.study, NAME, "verify"))


def _reasons(view: View) -> Iterator[Block]:
    said = with_reasons(view)
    yield Heading(title_of(view.study, "reasons"))
    for use, (label, _, _) in USE.items():
        rows = said.loc[said["use"] == use, ["attribute", "verdict", "reason", "change"]]
        yield table_of(view.study, rows, f"{label}: reasons", widths=(14, 14, 40, 32))


def _listed(lines: dict[str, str]) -> Bullets:
    return Bullets(tuple((*plain(f"{name}: ", "strong"), *plain(said)) for name, said in lines.items()))
