"""Every table of the command line by name: what it is, and what its figures depend on.

What makes each table is in :mod:`analysis.outputs.registry`, apart, so that asking for a name imports no library of
numbers.
"""

from typing import NamedTuple

# The filters, as the command line calls them.
SUBSET = ("judge", "model", "attribute")

# Which pairs of ratings there are.
_TREATED = ("ratings", "repeated", "contexts")
_MODELS = ("exclude", "original")
_PAIRS = (*_TREATED, *_MODELS)
_DRAWN = ("resamples", "seed")
_ICC = (*_PAIRS, "level", "interval", "discard", *_DRAWN)
_POOR = ("low", "high")
_LIMITS = (
    "margin",
    "loss_supported",
    "loss_checked",
    *_POOR,
    "icc_supported",
    "icc_checked",
    "reassured_supported",
    "reassured_checked",
)


class Taken(NamedTuple):
    """What a table is, and what it takes.

    Attributes
    ----------
    meaning
        What it is, in a line.
    settings
        The settings that its figures depend on, by name; no other setting changes any of them.
    subset
        The filters that choose among its rows, or what its rows are made of.
    replies
        Whether it takes the length of replies, which the ratings of the published study come without.
    """

    meaning: str
    settings: tuple[str, ...]
    subset: tuple[str, ...] = SUBSET
    replies: bool = False


TAKEN = {
    "verdicts": Taken(
        "what each judge may be used for on each attribute, with the criterion that decides it",
        (*_PAIRS, *_DRAWN, *_LIMITS, "multiplicity"),
    ),
    "leaderboard": Taken(
        "judges beside each other on each use: on how many attributes each verdict was found",
        (*_PAIRS, *_DRAWN, *_LIMITS, "multiplicity"),
    ),
    "verdict-checks": Taken(
        "the same verdicts with a system left out, other experts in mind, or ratings treated otherwise",
        (*_PAIRS, *_DRAWN, *_LIMITS),
    ),
    "consistency": Taken(
        "whether each judge agrees with itself, asked again, later, or with a change that means nothing",
        (*_PAIRS, *_DRAWN),
    ),
    "icc": Taken("intraclass correlations of each judge with the experts, with intervals", _ICC),
    "inflation": Taken("how much higher each judge rates than the experts, and how far off it is", _PAIRS),
    "agreement-limits": Taken(
        "limits of agreement, equivalence of bias, and what the error is made of", (*_PAIRS, *_DRAWN, "margin")
    ),
    "correction": Taken("what a correction of each judge's ratings would gain, cross-validated", (*_PAIRS, *_DRAWN)),
    "scores": Taken("mean rating of each system by each rater, with the scores made of attributes", _PAIRS),
    "stability": Taken(
        "how often a resampled study would have read each ICC otherwise", (*_PAIRS, "level", "interval", *_DRAWN)
    ),
    "influence": Taken("what the ICC and its reading are with each system left out in turn", _ICC),
    "ordinal": Taken("weighted kappa, rank correlation and the like of single replies", (*_PAIRS, *_DRAWN)),
    "experts": Taken(
        "how well experts agree with each other",
        ("ratings", "repeated", "original", *_DRAWN),
        subset=("model", "attribute"),
    ),
    "left-out": Taken("each judge beside each expert, against the mean of the other experts", (*_PAIRS, *_DRAWN)),
    "annotator-test": Taken("whether a judge may replace one of the experts", (*_PAIRS, "epsilon")),
    "attenuation": Taken(
        "agreement corrected for how unreliable the experts' own ratings may be",
        (*_PAIRS, *_DRAWN, "icc_supported", "icc_checked"),
    ),
    "reassurance": Taken("how often a judge reassures where experts rate a reply poor", (*_PAIRS, *_POOR)),
    "weighted": Taken(
        "means, bias and false reassurance of all replies, where those rated were drawn with unequal probabilities",
        (*_PAIRS, *_POOR),
    ),
    "halo": Taken("whether a judge's attributes mean different things", (*_PAIRS, *_DRAWN)),
    "planning": Taken("how many conversations intervals of a given width would take", (*_PAIRS, *_DRAWN)),
    "worth": Taken("how many expert ratings a judge's ratings are worth", (*_PAIRS, *_DRAWN, "labelled", "unlabelled")),
    "generalisability": Taken(
        "variance components, and how far scores generalise over conversations", (*_PAIRS, *_DRAWN)
    ),
    "new-systems": Taken(
        "what judges give systems that no expert rated, beside the study's systems on the same items",
        (
            *_PAIRS,
            *_DRAWN,
            *("loss_supported", "loss_checked", "icc_supported", "icc_checked", "multiplicity"),
        ),
    ),
    "ranking": Taken(
        "whether a judge puts systems in the experts' order, and what its choice loses", (*_PAIRS, *_DRAWN)
    ),
    "self-preference": Taken("whether a judge favours its own or its maker's systems", _PAIRS),
    "length-bias": Taken("whether a judge favours long replies", _PAIRS, replies=True),
    "panel": Taken("whether several judges together agree better with the experts than the best of them", _ICC),
    "conversations": Taken("every conversation with the largest disagreement of experts and judges", (*_PAIRS, *_POOR)),
    # It starts from the ratings as released, whatever the settings say of them.
    "data-errors": Taken("what each error in the data moves, by fixing it alone", (*_MODELS, *_POOR)),
    "reproduction": Taken("the figures that the study printed, against recomputed ones", _ICC),
}

# A plan takes more than settings, so that it is a command of its own.
PLAN = Taken(
    "how many replies experts would have to rate before a judge is certified for a use",
    (*(name for name in TAKEN["verdicts"].settings if name not in ("resamples", "multiplicity")), "unlabelled"),
)

# What these draw is for the ICC's interval alone: where that is exact, they draw nothing.
DRAWN_FOR_ICC = ("icc", "influence", "reproduction")
