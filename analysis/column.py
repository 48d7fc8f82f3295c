"""What a column of a table is, declared once, where the column is computed.

Headings, formats, the intervals that sheets make of two columns, and ``docs/columns.md`` follow from it.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

Role = Literal["key", "count", "estimate", "lower", "upper", "p", "bound", "verdict", "text"]
Unit = Literal[
    "",
    "count",
    "0 to 1",
    "up to 1",
    "-1 to 1",
    "on the scale",
    "points of the scale",
    "squared points of the scale",
    "points for each point",
    "points for each doubling",
    "as the coefficient",
    "times",
    "ratings",
    "words",
    "as the figure",
]
ROLE: dict[Role, str] = {
    "key": "what a row is about, or a thing that is named",
    "count": "how many",
    "estimate": "a figure",
    "lower": "lower end of an interval",
    "upper": "upper end of an interval",
    "p": "a p-value",
    "bound": "what a figure is held against",
    "verdict": "what is read from figures, by a rule",
    "text": "words to be read",
}


@dataclass(frozen=True)
class Column:
    """A column: its key in tables, and all that a reader may want to know of it.

    Attributes
    ----------
    name
        Its key in tables and exports, which never changes.
    label
        Its heading.
    term
        The key of the term in ``analysis/wording/terms.md`` that explains it.
    role, unit
        What its values are, and what they are measured in; words have no unit.
    format
        How its numbers are written, as Python's ``format`` takes it.
    of
        Of an end of an interval: the estimate that the interval is of.
    interval
        Of an end of an interval: what the interval is called where both ends stand in one column.
    note
        What the term leaves open: which values there are, and when it is undefined.
    sentences
        Whether its values are whole sentences.
    """

    name: str
    label: str
    term: str
    role: Role
    unit: Unit = ""
    format: str | None = None
    of: str = ""
    interval: str = ""
    note: str = ""
    sentences: bool = False

    @classmethod
    def key(cls, name: str, label: str, term: str, form: str | None = None, *, note: str = "") -> Self:
        """Declare what a row is about, or what names a thing."""
        return cls(name, label, term, "key", format=form, note=note)

    @classmethod
    def count(cls, name: str, label: str, term: str, form: str = ",.0f", *, note: str = "") -> Self:
        """Declare a count."""
        return cls(name, label, term, "count", "count", form, note=note)

    @classmethod
    def estimate(cls, name: str, label: str, term: str, form: str, unit: Unit, *, note: str = "") -> Self:
        """Declare a figure that has no interval of its own in any table."""
        return cls(name, label, term, "estimate", unit, form, note=note)

    @classmethod
    def p(cls, name: str, label: str, term: str, *, note: str = "") -> Self:
        """Declare a p-value."""
        return cls(name, label, term, "p", "0 to 1", ".3f", note=note)

    @classmethod
    def bound(cls, name: str, label: str, term: str, form: str, unit: Unit, *, note: str = "") -> Self:
        """Declare what a figure is held against."""
        return cls(name, label, term, "bound", unit, form, note=note)

    @classmethod
    def verdict(cls, name: str, label: str, term: str, *, note: str = "") -> Self:
        """Declare what is read from figures."""
        return cls(name, label, term, "verdict", note=note)

    @classmethod
    def text(cls, name: str, label: str, term: str, *, note: str = "", sentences: bool = False) -> Self:
        """Declare words."""
        return cls(name, label, term, "text", note=note, sentences=sentences)


class Ends(NamedTuple):
    """Both ends of an interval."""

    low: Column
    high: Column

    @classmethod
    def of(cls, estimate: Column, stem: str, short: str, term: str) -> Self:
        """Declare the interval of an estimate.

        Parameters
        ----------
        estimate
            What the interval is of; its ends have the same unit and format.
        stem
            Begins the names of the ends, ``stem_low`` and ``stem_high``; ``low`` and ``high`` where it is empty.
        short
            Begins their headings, "short from" and "short to", and that of the interval; may be empty.
        term
            Explains the interval.
        """
        before = f"{stem}_" if stem else ""

        def end(role: Role, name: str, word: str) -> Column:
            label, interval = (f"{short} {each}" if short else each.capitalize() for each in (word, "interval"))
            return Column(f"{before}{name}", label, term, role, estimate.unit, estimate.format, estimate.name, interval)

        return cls(end("lower", "low", "from"), end("upper", "high", "to"))


class Estimate(NamedTuple):
    """An estimate and both ends of its interval, in the order that most tables have."""

    value: Column
    low: Column
    high: Column

    @classmethod
    def of(
        cls,
        name: str,
        label: str,
        term: str,
        form: str,
        unit: Unit,
        *,
        ends: str,
        short: str | None = None,
        note: str = "",
    ) -> Self:
        """Declare a figure with its interval.

        Parameters
        ----------
        name, label, term, form, unit, note
            Of the figure, as for :meth:`Column.estimate`.
        ends
            The term that explains the interval.
        short
            Begins the headings of the interval and its ends, as for :meth:`Ends.of`; the label unless given.
        """
        value = Column.estimate(name, label, term, form, unit, note=note)
        return cls(value, *Ends.of(value, name, label if short is None else short, ends))

    @property
    def ends(self) -> Ends:
        """The interval without the estimate, for tables in which other columns stand between."""
        return Ends(self.low, self.high)


def names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Return the names of columns, in their order."""
    return tuple(column.name for column in columns)
