"""How intervals are flagged that hold their value too seldom.

Words in braces are left open; :func:`analysis.wording.filling.filled` fills them in for a study.
"""

from analysis.inference.coverage import ENOUGH_ITEMS, SHORT_DRAWN, SHORT_ICC, SHORT_LOSS, Held
from analysis.ratings.settings import CONFIDENCE, Interval, Level

_COEFFICIENT = {"icc_c1": "ICC(C,1)", "icc_a1": "ICC(A,1)"}
_OF: dict[Level, str] = {"model": "for means of models", "response": "for single replies"}
_KIND: dict[Interval, str] = {
    "bootstrap-models": "the bootstrap over models",
    "bootstrap-conversations": "the bootstrap over {items}",
    "bootstrap-both": "the bootstrap over both",
    "exact-f": "exact F",
}
_FEW = "Few models say little of how much others would differ"
_WHY: dict[tuple[Interval, Level], str] = {
    ("bootstrap-models", "model"): _FEW,
    ("bootstrap-models", "response"): _FEW,
    ("bootstrap-conversations", "model"): (
        "The scatter of single ratings lowers this coefficient, and each resample adds as much again; with more "
        "{items} it is less"
    ),
    ("exact-f", "response"): "Replies to one {message}, and of one model, are alike",
}


def icc_shortfall(interval: Interval, level: Level, coefficient: str | None = None) -> str:
    """Say how often an interval of the ICC holds its value, where that is too seldom; else nothing.

    ``coefficient`` is the one that is shown; both are unless it is given.
    """
    found = SHORT_ICC.get((interval, level), {})
    held = {name: each for name, each in found.items() if coefficient in (None, name)}
    if not held:
        return ""
    said = " and ".join(f"the true {_COEFFICIENT[name]} in {_of_100(each)} of 100" for name, each in held.items())
    return (
        f"In simulations, intervals {_OF[level]} by {_KIND[interval]} hold {said}, not in {100 * CONFIDENCE:.0f}. "
        f"{_WHY[interval, level]}."
    )


def icc_shortfalls() -> str:
    """List every kind of interval of the ICC that holds its value too seldom."""
    said = [
        f"{_KIND[interval]} {_OF[level]} ({', '.join(f'{_COEFFICIENT[name]} {_of_100(held[name])}' for name in held)})"
        for (interval, level), held in SHORT_ICC.items()
    ]
    return f"In some simulations it is 90 or fewer: by {'; '.join(said)}."


def drawn_shortfall() -> str:
    """Say how often percentile intervals over items hold their value, by how many items there are."""
    by_items = [f"in {_of_100(held)} of 100 with {items:,}" for items, held in SHORT_DRAWN.items()]
    return (
        f"In simulations such intervals hold the true value {', '.join(by_items[:-1])} and {by_items[-1]} {{items}}, "
        f"not in {100 * CONFIDENCE:.0f}."
    )


def loss_shortfall(estimate: str) -> str:
    """Say how often the interval of a loss holds its value in the worst case: of ``loss``, or of ``choice_loss``."""
    what = {"loss": "the interval held", "choice_loss": "its upper end was at or above"}[estimate]
    return (
        "Where a judge holds two systems nearly alike and the experts do not, chance decides which it puts first, and "
        f"the interval of the loss is too narrow: in simulations {what} the true loss in "
        f"{_of_100(SHORT_LOSS[estimate])} of 100, not in {100 * CONFIDENCE:.0f}."
    )


def few_items(items: int) -> str:
    """Say before any figure that there are too few items for the bootstrap over them; nothing of enough."""
    if items >= ENOUGH_ITEMS:
        return ""
    return f"Intervals from resampled {{items}} are too narrow with {items:,} of them. {drawn_shortfall()}"


def _of_100(held: Held) -> str:
    return f"{held.least}" if held.least == held.most else f"{held.least} to {held.most}"
