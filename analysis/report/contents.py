"""What a report says: a view from the finding for a board down to the definition of each column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from analysis.findings.false_reassurance import mixture_finding, reassurance_finding
from analysis.findings.icc import cautions
from analysis.findings.inflation import attribute_bias_finding
from analysis.findings.phrases import listed
from analysis.findings.verdicts import by_hand, overview_finding, rules, use_finding, uses_in_short
from analysis.outputs.citing import citation, methods_paragraph
from analysis.outputs.view import View, software
from analysis.report.blocks import matrix_of
from analysis.report.checklists import bland_altman, grras
from analysis.report.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Head,
    Heading,
    Link,
    Notice,
    Paragraph,
    Table,
    laid_out,
    plain,
)
from analysis.report.prose import blocks, inline
from analysis.report.sections import SECTIONS, title_of
from analysis.wording import sections_of, study_text, terms, text
from analysis.wording.filling import filled
from analysis.wording.shortfall import few_items
from analysis.wording.vocabulary import USE
from data.faults import FAULT

TITLE = "When can an LLM judge stand in for a clinician?"


def report(view: View, chosen: Sequence[str], address: str, day: date) -> Document:
    """Make a report.

    Parameters
    ----------
    view
        What it is of; at least one judge, model and attribute.
    chosen
        Keys of ``SECTIONS``; they come in its order.
    address
        What opens the same view in the dashboard.
    day
        When the figures were taken.
    """
    keys = tuple(key for key in SECTIONS if key in chosen)
    parts = [
        *_in_short(view),
        Contents(),
        *_verdicts(view),
        *(block for key in keys for block in (Heading(title_of(view.study, key)), *SECTIONS[key](view))),
        *_origin(view),
        Heading(sections_of(view.study, "methods")["limits"].title),
        *blocks(study_text(view.study, "methods", "limits")),
        Heading(sections_of(view.study, "report")["grras"].title),
        *blocks(study_text(view.study, "report", "grras")),
        grras(view),
        Heading(sections_of(view.study, "report")["bland-altman"].title),
        *blocks(study_text(view.study, "report", "bland-altman")),
        bland_altman(view, keys),
        *_citing(view, address, day),
    ]
    parts += _definitions(view, parts)
    came = view.dataset.provenance
    return Document(
        title=TITLE,
        subtitle=view.in_short(),
        footer=f"{came.title}, revision {came.revision[:12]} · {day.isoformat()}",
        day=day.isoformat(),
        blocks=(*parts, *_references(parts)),
    )


def _in_short(view: View) -> Iterator[Block]:
    verdicts = view.table("verdicts")
    reassured = reassurance_finding(view.study, view.table("reassurance"), view.settings)
    mixture = mixture_finding(view.study, view.table("reassurance_by_model"))
    yield from blocks(study_text(view.study, "report"))
    yield Heading("In short")
    yield Paragraph(plain(overview_finding(view.study, verdicts), "strong"))
    yield from blocks(uses_in_short(view.study, verdicts))
    yield Paragraph((*plain(reassured, "strong"), *plain(f" {mixture}")))
    yield Paragraph(plain(attribute_bias_finding(view.study, view.table("inflation")), "strong"))
    for caution in cautions(view.study, view.table("icc"), view.settings):
        yield Notice(plain(caution))
    if few := few_items(view.dataset.provenance.conversations):
        yield Notice(plain(filled(view.study, few)))
    for block in blocks(study_text(view.study, "report", "no-clinical-tool")):
        assert isinstance(block, Paragraph)
        yield Notice(block.text)


def _verdicts(view: View) -> Iterator[Block]:
    verdicts, bias, rates = (view.table(name) for name in ("verdicts", "inflation", "reassurance"))
    yield Heading("What may each judge be used for?")
    yield from blocks(study_text(view.study, "report", "verdicts"))
    for use, (_, question, means) in USE.items():
        yield Heading(question, 2)
        yield Paragraph(plain(f"That is, {means}. {use_finding(view.study, verdicts, use)}"))
        yield matrix_of(view.study, verdicts, use, view.selection)
    yield Heading("The thresholds, and where they come from", 2)
    yield from blocks(rules(view.settings), "What must hold for a verdict")
    yield from blocks(study_text(view.study, "overview", "thresholds"))
    yield Heading("What to check by hand")
    yield from blocks(by_hand(view.study, verdicts, bias, rates, view.settings))


def _origin(view: View) -> Iterator[Block]:
    came = view.dataset.provenance
    yield Heading("How the figures were made")
    yield Heading("Settings", 2)
    yield Bullets(tuple(map(plain, [*view.choices(), *view.thresholds()])))
    if changes := view.changes():
        yield Paragraph(plain(f"Differs from the recommended settings: {'; '.join(changes)}."))
    yield Heading("Source", 2)
    yield Paragraph(plain(f"{came.title}, revision {came.revision}, {view.study.counted(came.conversations)}."))
    files = tuple((plain(record.name), plain(record.sha256, "code")) for record in came.every_file)
    yield Table("Files that were read, with their SHA-256", (Head("File"), Head("SHA-256")), files, (35, 65))
    yield Paragraph(plain(f"Made with {listed([f'{name} {number}' for name, number in software().items()])}."))
    yield Heading("Faults in the files", 2)
    if not came.faults:
        yield from blocks(study_text(view.study, "report", "faults-unknown"))
        return
    yield from blocks(study_text(view.study, "report", "faults"))
    faults = tuple((plain(each.file), plain(FAULT[each.kind].label), plain(f"{each.n:,}")) for each in came.faults)
    yield Table("Faults by file", (Head("File"), Head("Fault"), Head("Count", figures=True)), faults)


def _citing(view: View, address: str, day: date) -> Iterator[Block]:
    yield Heading("How to cite, and how to see more")
    yield Paragraph(plain(citation(view, day)))
    yield Heading("Paragraph for a methods section", 2)
    yield Paragraph(plain(methods_paragraph(view)))
    yield Heading("The same view in the dashboard", 2)
    yield Link("Open this view: ", address)
    yield from blocks(study_text(view.study, "report", "link"))
    if view.draws_of_its_own:
        yield from blocks(study_text(view.study, "report", "link-draws"))


def _definitions(view: View, made: Sequence[Block]) -> list[Block]:
    """Define what was used: attributes, and the columns of the tables."""
    known = terms(view.study)
    used = dict.fromkeys(head.term for block in made if isinstance(block, Table) for head in block.heads if head.term)
    meanings = tuple(
        (plain(name), plain(view.study.attribute(name).meaning or "no meaning is given"))
        for name in view.selection.attributes
    )
    said = tuple((plain(known[term].name), inline(known[term].plain)) for term in used)
    return [
        Heading("Definitions"),
        Table("The attributes", (Head("Attribute"), Head("What it asks of a reply")), meanings, (25, 75)),
        *([Table("The columns of the tables", (Head("Term"), Head("Meaning")), said, (25, 75))] if said else []),
    ]


def _references(made: Iterable[Block]) -> Iterator[Block]:
    """List the references that the report names."""
    words = " ".join(str(laid_out(block)) for block in made)
    named = [
        item
        for block in blocks(text("references"))
        if isinstance(block, Bullets)
        for item in block.items
        if _is_named(item[0].words, words)
    ]
    yield Heading("References")
    yield Bullets(tuple(named))


def _is_named(reference: str, words: str) -> bool:
    """Whether a text names the first author of a reference with its year."""
    author, year = reference.split(",", 1)[0], re.search(r"\((\d{4})\)", reference)
    return year is not None and re.search(rf"{re.escape(author)}.{{0,40}}{year[1]}", words) is not None
