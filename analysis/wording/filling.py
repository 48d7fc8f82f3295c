"""What texts leave open: a study's scale, what its items and its reference are called, and how often settings draw."""

import re
from collections.abc import Callable

from analysis.ratings.settings import SEEDS_TRIED, resamples_of
from analysis.wording.shortfall import drawn_shortfall, icc_shortfall, icc_shortfalls, loss_shortfall
from data.study import Study

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_words(number: int) -> str:
    """Write a small number in words: ``seven``, ``13``."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def reference(study: Study) -> str:
    """Say what the experts' rating of a reply is: ``one pooled rating``, ``the mean of three experts' ratings``."""
    if study.pooled:
        return "one pooled rating"
    several = len(study.experts)
    return "one expert's rating" if several == 1 else f"the mean of {in_words(several)} experts' ratings"


def quarter(study: Study) -> str:
    """Say a sixteenth of the scale, the usual margin: ``a quarter of a point`` where the scale has five."""
    part = study.scale.width / 16
    return "a quarter of a point" if part == 0.25 else f"{part:.3g} of a point" if part < 1 else f"{part:.3g} points"


def _message(study: Study) -> tuple[str, str]:
    """Name what systems reply to: of a conversation its message."""
    return ("message", "messages") if study.item.one == "conversation" else (study.item.one, study.item.many)


def _peoples(study: Study) -> str:
    """Name the replies that people wrote: ``the original reply``, or in general."""
    labels = [system.label.lower() for system in study.systems if system.by_people]
    return f"the {labels[0]}" if len(labels) == 1 and study.published else "what people wrote"


# Each field, and what it is filled with.
FIELDS: dict[str, Callable[[Study], str]] = {
    "item": lambda study: study.item.one,
    "items": lambda study: study.item.many,
    "Item": lambda study: study.item.one.capitalize(),
    "Items": lambda study: study.item.many.capitalize(),
    "message": lambda study: _message(study)[0],
    "messages": lambda study: _message(study)[1],
    "Message": lambda study: _message(study)[0].capitalize(),
    "Messages": lambda study: _message(study)[1].capitalize(),
    "title": lambda study: study.title,
    "scale": lambda study: study.scale.label,
    "ends": lambda study: f"{study.scale.low:g} to {study.scale.high:g}",
    "low": lambda study: f"{study.scale.low:g}",
    "high": lambda study: f"{study.scale.high:g}",
    "points": lambda study: study.scale.points,
    "poor": lambda study: f"{study.scale.poor:g}",
    "good": lambda study: f"{study.scale.good:g}",
    "half": lambda study: f"{study.scale.width / 2:g}",
    "quarter": quarter,
    "reference": reference,
    "systems": lambda study: in_words(len(study.systems)),
    "attributes": lambda study: in_words(len(study.attributes)),
    "judges": lambda study: f"{in_words(len(study.judges))} judge{'s' if len(study.judges) > 1 else ''}",
    "peoples": _peoples,
    "harmful": lambda study: study.harmful,
    "draws": lambda _: f"{resamples_of('recommended'):,}",
    "draws_paper": lambda _: f"{resamples_of('paper'):,}",
    "seeds": lambda _: f"{SEEDS_TRIED:,}",
    "short_icc": lambda study: filled(study, icc_shortfalls()),
    "short_models": lambda study: filled(study, icc_shortfall("bootstrap-models", "model")),
    "short_items": lambda study: filled(study, icc_shortfall("bootstrap-conversations", "model")),
    "short_exact_f": lambda study: filled(study, icc_shortfall("exact-f", "response")),
    "short_loss": lambda _: loss_shortfall("loss"),
    "short_choice_loss": lambda _: loss_shortfall("choice_loss"),
    "short_drawn": lambda study: filled(study, drawn_shortfall()),
}
_FIELD = re.compile(rf"\{{({'|'.join(FIELDS)})\}}")


def filled(study: Study, words: str) -> str:
    """Fill in what is open in a text; other words in braces, such as those of formulas, stay."""
    return _FIELD.sub(lambda field: FIELDS[field[1]](study), words)
