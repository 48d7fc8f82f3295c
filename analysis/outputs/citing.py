"""How to cite what is on screen, and how to say in a paper what was done, with the exact settings."""

from datetime import date

from analysis import VERSION
from analysis.findings.phrases import experts_of, listed
from analysis.outputs.view import View
from analysis.wording import text
from analysis.wording.filling import in_words
from analysis.wording.vocabulary import CHOICE, RULE


def citation(view: View, day: date) -> str:
    """Give a short citation of figures under this view, with the day on which they were taken."""
    return _filled("citation", **_source(view), day=day.isoformat())


def methods_paragraph(view: View) -> str:
    """Say in a paragraph what was compared and how, ready to stand in a methods section."""
    of_models = view.settings.level == "model"
    return _filled(
        "paragraph",
        **_source(view),
        judges=_judges(view),
        attributes=_attributes(view),
        models=_models(view),
        preset=CHOICE["preset"][view.settings.preset][0].lower(),
        choices="; ".join(view.choices()),
        targets=f"models, each with its mean over {view.study.item.many}," if of_models else "single replies",
        thresholds="; ".join(view.thresholds()),
    )


def _filled(section: str, **words: str) -> str:
    return " ".join(text("citing", section).format(**words).split())


def _source(view: View) -> dict[str, str]:
    came, study = view.dataset.provenance, view.study
    return {
        "version": VERSION,
        "study": study.reference or study.title,
        "title": came.title,
        "revision": came.revision,
        "short": came.short_revision,
        "conversations": study.counted(came.conversations),
        "experts": experts_of(study),
    }


def _judges(view: View) -> str:
    chosen = view.selection
    judges = [view.study.rater(judge) for judge in chosen.judges]
    if chosen.panel:
        members = listed([view.study.rater(judge) for judge in chosen.panel])
        judges.append(f"a panel of {members} ({RULE[chosen.rule][1]})")
    return f"{listed(judges)} {'was' if len(judges) == 1 else 'were'}"


def _attributes(view: View) -> str:
    chosen, known = view.selection.attributes, view.study.attribute_names
    return f"all {in_words(len(known))} attributes" if chosen == known else listed(list(chosen))


def _models(view: View) -> str:
    chosen, known = view.selection.models, view.study.system_keys
    return f"all {in_words(len(known))} authors" if chosen == known else listed(list(map(view.study.system, chosen)))
