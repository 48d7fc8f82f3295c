"""``study.toml``: what a reader says of an own study, with every mistake in it as a sentence."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AllowInfNan, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic import ValidationError as Invalid
from pydantic_core import ErrorDetails

from data.own import FILE
from data.ratings import Headings
from data.tables import as_text

# More points than a reader tells apart; what has more is no scale of points.
MOST_POINTS = 1001
_ROUNDING = 1e-6


def _name(value: object) -> object:
    """Take a number for the text that a table has in its place."""
    return as_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Number = Annotated[float, Strict(), AllowInfNan(False)]
Name = Annotated[str, BeforeValidator(_name), StringConstraints(strip_whitespace=True, min_length=1)]

_TEXT = "a text in quotes"
_NAMES = 'a list of texts, as in ["first", "second"]'


class _Section(BaseModel):
    """A part of the file: what it may hold, each key described by what is allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScaleSection(_Section):
    """``[scale]``."""

    low: Number = Field(description="a number, the lowest rating, as in low = 1")
    high: Number = Field(description="a number, the highest rating, as in high = 7")
    poor: Number | None = Field(default=None, description="a number on the scale")
    good: Number | None = Field(default=None, description="a number on the scale")
    step: Annotated[Number, Field(gt=0)] | None = Field(default=None, description="a number above 0, as in step = 0.5")


class ExpertsSection(_Section):
    """``[experts]``."""

    raters: Annotated[tuple[Name, ...], Field(min_length=1)] = Field(
        description='a list of one or more raters, as in raters = ["dr_a", "dr_b"]'
    )


class ColumnsSection(_Section):
    """``[columns]``: headings of the tables."""

    item: Name = Field(default="item", description=_TEXT)
    system: Name = Field(default="system", description=_TEXT)
    rater: Name = Field(default="rater", description=_TEXT)
    attribute: Name = Field(default="attribute", description=_TEXT)
    rating: Name = Field(default="rating", description=_TEXT)
    message: Name = Field(default="message", description=_TEXT)
    explanation: Name = Field(default="explanation", description=_TEXT)
    reply: Name = Field(default="reply", description=_TEXT)
    run: Name = Field(default="run", description=_TEXT)
    probability: Name = Field(default="probability", description=_TEXT)


class ItemSection(_Section):
    """``[item]``."""

    one: Name = Field(default="item", description=_TEXT)
    many: Name = Field(default="items", description=_TEXT)


class AttributeSection(_Section):
    """One of ``[[attributes]]``."""

    name: Name = Field(description=_TEXT)
    meaning: str = Field(default="", description=_TEXT)


class JudgeSection(_Section):
    """One of ``[[judges]]``."""

    key: Name = Field(description=_TEXT)
    label: str = Field(default="", description=_TEXT)
    maker: str = Field(default="", description=_TEXT)
    own: tuple[Name, ...] = Field(default=(), description=_NAMES)


class SystemSection(_Section):
    """One of ``[[systems]]``."""

    key: Name = Field(description=_TEXT)
    label: str = Field(default="", description=_TEXT)
    maker: str = Field(default="", description=_TEXT)
    by_people: Annotated[bool, Strict()] = Field(default=False, description="true or false")


class StudyFile(_Section):
    """The whole file; only the scale's ends and the experts have to be there."""

    title: str = Field(default="", description=_TEXT)
    scale: ScaleSection = Field(description="a section [scale] with low and high")
    experts: ExpertsSection = Field(description="a section [experts] with raters")
    columns: ColumnsSection = Field(default=ColumnsSection(), description="a section [columns]")
    item: ItemSection = Field(default=ItemSection(), description="a section [item]")
    groups: dict[str, Annotated[tuple[Name, ...], Field(min_length=1)]] = Field(
        default={}, description='a list of attributes for each group, as in CSS = ["guidance", "safety"]'
    )
    headline: tuple[Name, ...] = Field(default=(), description=_NAMES)
    attributes: tuple[AttributeSection, ...] = Field(
        default=(), description="sections [[attributes]], each with a name"
    )
    judges: tuple[JudgeSection, ...] = Field(default=(), description="sections [[judges]], each with a key")
    systems: tuple[SystemSection, ...] = Field(default=(), description="sections [[systems]], each with a key")

    @property
    def headings(self) -> Headings:
        """What the columns of the tables are called."""
        return Headings(**dict(self.columns))


# The parts that have keys of their own.
_SECTIONS: dict[str, type[_Section]] = {
    "scale": ScaleSection,
    "experts": ExpertsSection,
    "columns": ColumnsSection,
    "item": ItemSection,
    "attributes": AttributeSection,
    "judges": JudgeSection,
    "systems": SystemSection,
}


class Described(NamedTuple):
    """What a ``study.toml`` says.

    ``file`` is None where the scale or the experts cannot be told. What else is wrong is left out of it, so that the
    tables can be checked all the same; ``problems`` has a sentence for each mistake.
    """

    file: StudyFile | None
    headings: Headings
    problems: tuple[str, ...]


def read_study_file(path: Path) -> Described:
    """Read a ``study.toml`` and check it by itself, without the tables beside it."""
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Described(None, Headings(), (f"{FILE} is not UTF-8; save it as UTF-8",))
    except tomllib.TOMLDecodeError as error:
        return Described(None, Headings(), (f"{FILE} is not valid TOML ({error}); texts stand in quotes",))
    file, problems = _validated(found)
    if file is None:
        # The headings stand for themselves, so that tables are not refused for what another section lacks.
        columns, _ = _validated({"columns": found.get("columns", {}), "scale": _ANY_SCALE, "experts": _ANY_EXPERTS})
        return Described(None, columns.headings if columns else Headings(), problems)
    return Described(file, file.headings, (*problems, *_contradictions(file)))


_ANY_SCALE = {"low": 0, "high": 1}
_ANY_EXPERTS = {"raters": ["any"]}


def _validated(found: dict[str, Any]) -> tuple[StudyFile | None, tuple[str, ...]]:
    """Validate what was found, and once more without what is wrong in it."""
    try:
        return StudyFile.model_validate(found), ()
    except Invalid as invalid:
        errors = invalid.errors(include_url=False, include_context=False)
    problems = tuple(dict.fromkeys(_sentence(error) for error in errors))
    try:
        return StudyFile.model_validate(_without(found, errors)), problems
    except Invalid:
        return None, problems


def _without(found: dict[str, Any], errors: Sequence[ErrorDetails]) -> dict[str, Any]:
    """Leave out the keys that are wrong; a wrong one in a list of sections leaves the whole list out."""
    kept = dict(found)
    for error in errors:
        first, *deeper = map(str, error["loc"])
        section = kept.get(first)
        if deeper and isinstance(section, dict):
            kept[first] = {key: value for key, value in section.items() if key != deeper[0]}
        else:
            kept.pop(first, None)
    return kept


def _sentence(error: ErrorDetails) -> str:
    """Say what is wrong at one place of the file, and what is allowed there."""
    where = _path(error["loc"])
    *outer, key = names = [step for step in error["loc"] if isinstance(step, str)]
    section = _SECTIONS.get(outer[0], StudyFile) if outer else StudyFile
    if error["type"] == "extra_forbidden":
        holder = f"[{outer[0]}]" if outer else "the file"
        return f"{FILE}: {where} is not known; {holder} may have {', '.join(section.model_fields)}"
    field = section.model_fields.get(key) or StudyFile.model_fields[names[0]]
    if error["type"] == "missing":
        return f"{FILE}: {where} is missing; it has to be {field.description}"
    return f"{FILE}: {where} is {_shown(error['input'])}; allowed is {field.description}"


def _path(steps: Sequence[int | str]) -> str:
    """Name a place in the file: ``scale.low``, ``judges number 2, key``."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f" number {step + 1}"
        elif path:
            path += f", {step}" if path[-1].isdigit() else f".{step}"
        else:
            path = step
    return path


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a section"
    return repr(list(value)) if isinstance(value, tuple) else repr(value)[:60]


def _contradictions(file: StudyFile) -> Iterator[str]:
    """Say which values, each allowed by itself, do not go together."""
    yield from _scale_problems(file.scale)
    headings = Counter(heading for role, heading in asdict(file.headings).items() if role != "message")
    for heading, n in headings.items():
        if n > 1:
            yield f"{FILE}: columns names {heading!r} {n} times; every column has one meaning"
    listed: dict[str, Sequence[str]] = {
        "experts.raters": file.experts.raters,
        "headline": file.headline,
        "attributes": [each.name for each in file.attributes],
        "judges": [each.key for each in file.judges],
        "systems": [each.key for each in file.systems],
        **{f"groups.{name}": group for name, group in file.groups.items()},
    }
    for where, names in listed.items():
        for name, n in Counter(names).items():
            if n > 1:
                yield f"{FILE}: {where} names {name!r} {n} times; name it once"


def _scale_problems(scale: ScaleSection) -> Iterator[str]:
    low, high, step = scale.low, scale.high, scale.step
    if low >= high:
        yield f"{FILE}: scale.low is {low:g} and scale.high is {high:g}; low has to be below high"
        return
    if (high - low) / (step or 1) > MOST_POINTS - 1:
        yield f"{FILE}: the scale has more than {MOST_POINTS:,} points; name nearer ends or a larger step"
        return
    steps = (high - low) / (step or 0.5)
    if abs(steps - round(steps)) > _ROUNDING:
        allowed = "name a step that leads from low to high" if step is None else "allowed is a step that leads there"
        yield f"{FILE}: from {low:g} to {high:g} is no whole number of steps of {step or 0.5:g}; {allowed}"
    for key, value in (("poor", scale.poor), ("good", scale.good)):
        if value is not None and not low <= value <= high:
            yield f"{FILE}: scale.{key} is {value:g}; allowed is a number from {low:g} to {high:g}"
    quarter = (high - low) / 4
    poor = low + quarter if scale.poor is None else scale.poor
    good = high - quarter if scale.good is None else scale.good
    if poor >= good:
        yield f"{FILE}: scale.poor is {poor:g} and scale.good is {good:g}; poor has to be below good"
