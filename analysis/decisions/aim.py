"""What a plan is for: the use of a judge, and how sure its interval and its verdict are to be."""

from dataclasses import dataclass

from analysis.ratings.settings import SettingsError

# In the order of the criteria of :mod:`analysis.decisions.criteria`.
USES = ("rank", "score", "reply")
WIDTH, POWER = 0.2, 0.8
_POWERS = (0.5, 0.99)
EXPERTS_ALLOWED, SYSTEMS_ALLOWED = range(1, 21), range(2, 101)


@dataclass(frozen=True)
class Aim:
    """What a plan is for; make one with :meth:`of`.

    Attributes
    ----------
    use
        ``rank``, ``score`` or ``reply``.
    width
        What the interval of the use's figure may have from end to end: points of the scale, of ``reply`` an ICC.
    power
        In which share of studies (0-1) that width is to be kept and the verdict to be reached.
    experts
        Of each reply; each number that the study tells of, up to three, where it is None.
    systems
        As many as the judge is compared on where it is None.
    """

    use: str
    width: float = WIDTH
    power: float = POWER
    experts: int | None = None
    systems: int | None = None

    @classmethod
    def of(
        cls,
        use: str,
        width: float | None = None,
        power: float | None = None,
        experts: int | None = None,
        systems: int | None = None,
    ) -> "Aim":
        """Take what is given, and the usual for the rest.

        Raises
        ------
        SettingsError
            A value is not among those allowed.
        """
        made = cls(use, WIDTH if width is None else width, POWER if power is None else power, experts, systems)
        if use not in USES:
            raise SettingsError(f"use: {use!r} is not known; allowed are {', '.join(USES)}")
        if not 0 < made.width < float("inf"):
            raise SettingsError(f"width: {made.width!r} is not allowed; allowed are numbers above 0")
        low, high = _POWERS
        if not low <= made.power <= high:
            raise SettingsError(f"power: {made.power!r} is not allowed; allowed are numbers from {low:g} to {high:g}")
        for name, value, allowed in (("experts", experts, EXPERTS_ALLOWED), ("systems", systems, SYSTEMS_ALLOWED)):
            if value is not None and value not in allowed:
                ends = f"{allowed.start} to {allowed.stop - 1}"
                raise SettingsError(f"{name}: {value!r} is not allowed; allowed are whole numbers from {ends}")
        return made
