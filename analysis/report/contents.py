"""What a report says: a board summary of a view, and the annexes that a reader adds to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from analysis.decisions.verdicts import UNDECIDED
from analysis.findings.check_plan import check_plan
from analysis.findings.new_systems import unrated_notice
from analysis.findings.phrases import begun, listed, part, span
from analysis.outputs.citing import citation, methods_paragraph
from analysis.outputs.view import View, software
from analysis.report import SECTION_NAMES
from analysis.report.blocks import answer_of, matrices_of
from analysis.report.checklists import bland_altman, grras
from analysis.report.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Head,
    Heading,
    Link,
    Paragraph,
    Table,
    Text,
    in_print,
    laid_out,
    plain,
)
from analysis.report.prose import blocks, inline
from analysis.report.sections import SECTIONS, title_of
from analysis.wording import sections_of, study_text, terms, text
from analysis.wording.filling import filled
from analysis.wording.shortfall import few_items
from analysis.wording.vocabulary import USE, VERDICT
from data.data_errors import DATA_ERROR

TITLE = "When can an LLM judge stand in for a clinician?"
# More files than these are counted, not named.
MOST_FILES = 6


def report(view: View, chosen: Sequence[str], address: str, day: date) -> Document:
    """Make a report.

    Parameters
    ----------
    view
        What it is of; at least one judge, model and attribute.
    chosen
        Annexes, keys of ``SECTION_NAMES``; they come in its order.
    address
        What opens the same view in the dashboard; printed where it leads there from another machine too.
    day
        When the figures were taken.
    """
    keys = tuple(key for key in SECTION_NAMES if key in chosen)
    parts = [*_summary(view, address, day), *([Contents()] if keys else [])]
    for key in keys:
        parts += [Heading(title_of(view.study, key)), *_annex(view, key, keys, parts, day)]
    came = view.dataset.provenance
    return Document(
        title=TITLE,
        subtitle=view.in_short(),
        footer=f"{came.title}, revision {came.short_revision} · {day.isoformat()}",
        day=day.isoformat(),
        blocks=tuple(map(in_print, parts)),
    )


def _summary(view: View, address: str, day: date) -> Iterator[Block]:
    """Say on two pages what a board has to know."""
    study, verdicts, rates = view.study, view.table("verdicts"), view.table("reassurance")
    yield from answer_of(view)
    yield Heading("What may each judge be used for?")
    words = {key: look.short for key, look in VERDICT.items()}
    yield from blocks(study_text(study, "report", "verdicts").format(**words))
    yield from matrices_of(study, verdicts, view.selection, list(USE), with_intervals=False)
    yield Heading(sections_of(study, "report")["unknown"].title)
    yield from _unknown(view)
    yield Heading("What to check before use")
    yield from blocks(check_plan(study, verdicts, view.table("inflation_by_model"), rates, view.settings))
    yield Heading("Source")
    yield from _source(view, day)
    if _leads(address):
        yield Link("Open this view: ", address)


def _leads(address: str) -> bool:
    """Whether an address leads anywhere from another machine."""
    host = urlsplit(address).hostname or "localhost"
    try:
        return not (ip_address(host).is_loopback or ip_address(host).is_unspecified)
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


def _unknown(view: View) -> Iterator[Block]:
    verdicts = view.table("verdicts")
    compared = view.table("inflation_by_model").query("n_pairs > 0").groupby(["judge", "attribute"], observed=True)
    systems = span(compared["model"].nunique(), ",") if len(compared) else "0"
    undecided = int((verdicts["verdict"] == UNDECIDED).sum())
    known = {
        "n_undecided": f"{part(undecided, len(verdicts))} verdicts",
        "n_systems": f"{systems} {'system' if systems == '1' else 'systems'}",
    }
    for block in blocks(study_text(view.study, "report", "unknown").format(**known)):
        assert isinstance(block, Bullets)
        few = few_items(view.dataset.provenance.conversations)
        said = (*plain(f"Few {view.study.item.many}.", "strong"), *plain(f" {filled(view.study, few)}"))
        unrated = unrated_notice(view.dataset.new_systems)
        of_new = (*plain("New systems.", "strong"), *plain(f" {unrated}"))
        yield Bullets((*block.items, *([said] if few else []), *([of_new] if unrated else [])))


def _source(view: View, day: date) -> Iterator[Block]:
    """Name the ratings and the settings in short."""
    came = view.dataset.provenance
    files = [record.name for record in came.every_file]
    named = listed(files) if len(files) <= MOST_FILES else f"{len(files)} files"
    lines = {
        "Ratings": f"{came.title}, revision {came.short_revision}, {view.study.counted(came.conversations)}: {named}.",
        "Settings": f"{'; '.join(view.choices())}.",
        "Thresholds": f"{'; '.join(view.thresholds())}.",
        "Date": f"{day.isoformat()}, {next(f'{name} {number}' for name, number in software().items())}.",
    }
    if came.notices:
        lines["Notes"] = f"{begun('; '.join(came.notices))}."
    yield Bullets(tuple((*plain(f"{name}: ", "strong"), *plain(said)) for name, said in lines.items()), small=True)


def _annex(view: View, key: str, keys: tuple[str, ...], made: Sequence[Block], day: date) -> Iterable[Block]:
    linked = any(isinstance(block, Link) for block in made)
    match key:
        case "origin":
            return _origin(view, day, linked=linked)
        case "checklists":
            return _checklists(view, keys, linked=linked)
        case "definitions":
            return _definitions(view, made)
        case _:
            return SECTIONS[key](view)


def _origin(view: View, day: date, *, linked: bool) -> Iterator[Block]:
    came = view.dataset.provenance
    yield Heading("Settings", 2)
    yield Bullets(tuple(map(plain, [*view.choices(), *view.thresholds()])))
    if changes := view.changes():
        yield Paragraph(plain(f"Differs from the recommended settings: {'; '.join(changes)}."))
    yield Heading("Files and software", 2)
    yield Paragraph(plain(f"{came.title}, revision {came.revision}, {view.study.counted(came.conversations)}."))
    files = tuple((plain(record.name), plain(record.sha256, "code")) for record in came.every_file)
    yield Table("Files that were read, with their SHA-256", (Head("File"), Head("SHA-256")), files, (35, 65))
    yield Paragraph(plain(f"Made with {listed([f'{name} {number}' for name, number in software().items()])}."))
    if linked:
        yield from blocks(study_text(view.study, "report", "link"))
    if linked and view.draws_of_its_own:
        yield from blocks(study_text(view.study, "report", "link-draws"))
    yield Heading("Data errors in the files", 2)
    if came.data_errors:
        yield from blocks(study_text(view.study, "report", "data-errors"))
        data_errors = tuple(
            (plain(each.file), plain(DATA_ERROR[each.kind].label), plain(f"{each.n:,}")) for each in came.data_errors
        )
        yield Table("Data errors by file", (Head("File"), Head("Error"), Head("Count", figures=True)), data_errors)
    else:
        yield from blocks(study_text(view.study, "report", "data-errors-unknown"))
    yield Heading("Limits of the methods", 2)
    yield from blocks(study_text(view.study, "methods", "limits"))
    yield Heading("Citation, and a paragraph for a methods section", 2)
    yield Paragraph(plain(citation(view, day)))
    yield Paragraph(plain(methods_paragraph(view)))


def _checklists(view: View, keys: tuple[str, ...], *, linked: bool) -> Iterator[Block]:
    for name, answered in (("grras", grras(view, linked=linked)), ("bland-altman", bland_altman(view, keys))):
        yield Heading(sections_of(view.study, "report")[name].title, 2)
        yield from blocks(study_text(view.study, "report", name))
        yield answered


def _definitions(view: View, made: Sequence[Block]) -> Iterator[Block]:
    """Define what was used: attributes, and the columns of the tables; and list the references that are named."""
    known = terms(view.study)
    used = dict.fromkeys(head.term for block in made if isinstance(block, Table) for head in block.heads if head.term)
    meanings = tuple(
        (plain(name), plain(view.study.attribute(name).meaning or "no meaning is given"))
        for name in view.selection.attributes
    )
    said = tuple((plain(known[term].name), inline(known[term].plain)) for term in used)
    defined = [
        Table("The attributes", (Head("Attribute"), Head("What it asks of a reply")), meanings, (25, 75)),
        *([Table("The columns of the tables", (Head("Term"), Head("Meaning")), said, (25, 75))] if said else []),
    ]
    yield from defined
    if named := _references([*made, *defined]):
        yield Heading("References", 2)
        yield Bullets(named)


def _references(made: Iterable[Block]) -> tuple[Text, ...]:
    """List the references that the report names."""
    words = " ".join(str(laid_out(block)) for block in made)
    return tuple(
        item
        for block in blocks(text("references"))
        if isinstance(block, Bullets)
        for item in block.items
        if _is_named(item[0].words, words)
    )


def _is_named(reference: str, words: str) -> bool:
    """Whether a text names the first author of a reference with its year."""
    author, year = reference.split(",", 1)[0], re.search(r"\((\d{4})\)", reference)
    return year is not None and re.search(rf"{re.escape(author)}.{{0,40}}{year[1]}", words) is not None
