"""What things are called and how they look: raters, attributes, readings. Labels, plain meanings, colours, shapes."""

from dataclasses import dataclass
from itertools import cycle

from analysis.wording.filling import filled
from data.data_errors import DATA_ERROR
from data.study import HUMAN, PANEL, Study


@dataclass(frozen=True)
class Mark:
    """How a rater or a measure is drawn: its label, a colour, and a shape that says the same."""

    label: str
    colour: str
    shape: str


# Safe for colour-blind readers (Okabe & Ito's first) and readable on light and on dark ground; a shape says it again.
# Judges have them in the order of their study, and begin again where there are more.
_JUDGE_COLOUR = ("#d55e00", "#009e73", "#2f86c9", "#cc79a7", "#a8781f", "#6f7fd8", "#c2504d", "#1d9aa3")
_JUDGE_SHAPE = ("circle", "square", "triangle-up", "diamond", "triangle-down", "triangle-right", "triangle-left")
_EXPERTS = ("#7a8694", "cross")
_PANEL_COLOUR = "#8f6fe0"
_PANEL_SHAPE = ("triangle-down", "triangle-right", "triangle-left")


def rater_marks(study: Study) -> dict[str, Mark]:
    """Return how every rater of a study is drawn, by key: the same rater the same on every chart."""
    marks = {HUMAN: Mark(study.rater(HUMAN), *_EXPERTS)}
    for colour, shape, judge in zip(cycle(_JUDGE_COLOUR), cycle(_JUDGE_SHAPE), study.judges, strict=False):
        marks[judge.key] = Mark(study.rater(judge.key), colour, shape)
    for shape, key in zip(_PANEL_SHAPE, PANEL.values(), strict=True):
        marks[key] = Mark(study.rater(key), _PANEL_COLOUR, shape)
    return marks


# What tells kinds apart where colours are those of judges: ways to correct one judge, measures of its agreement.
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")


@dataclass(frozen=True)
class Sign:
    """How a kind of figure is drawn, in the colour of the judge that it is of: its label, and its shape."""

    label: str
    shape: str


def expert_signs(study: Study) -> dict[str, Sign]:
    """Return how every single expert of a study is drawn, by key."""
    return {key: Sign(study.expert(key), shape) for key, shape in zip(study.experts, cycle(SHAPES), strict=False)}


# Every choice of the settings: what its control calls it, and what it means in a sentence (see :func:`choice_meaning`).
CHOICE = {
    "preset": {
        "paper": ("The paper's", "the procedure of the published study"),
        "recommended": ("Recommended", "valid ratings only, exact intervals, readings by the whole interval"),
    },
    "level": {
        "model": ("Systems (means per system)", "each model's mean rating over {items}"),
        "response": ("Single replies", "every single reply"),
    },
    "ratings": {
        "as-released": ("As released", "every number kept as released, also those off the scale"),
        "valid": ("Valid only", "{points} only, malformed cells recovered where they are unambiguous"),
    },
    "repeated": {
        "kept": ("Kept", "rows of the experts that are copies of others kept"),
        "left-out": ("Left out", "rows of the experts that are copies of others left out"),
    },
    "contexts": {
        "kept": ("Kept", "{items} that differ between the files kept"),
        "left-out": ("Left out", "{items} that are not the same in the experts' and the judge's file left out"),
    },
    "exclude": {
        "none": ("None", "every judge compared on all models, its own included"),
        "own": ("The judge's own", "no judge compared on its own model"),
        "family": ("All of its maker's", "no judge compared on any model of its maker"),
    },
    "original": {
        "counted": ("Counted as a model", "{peoples} counted as one of the models"),
        "left-out": ("Left out: LLM replies only", "replies of language models only"),
    },
    "interval": {
        "bootstrap-models": ("Bootstrap over models", "intervals from resampling models"),
        "bootstrap-conversations": ("Bootstrap over {items}", "intervals from resampling {items}"),
        "bootstrap-both": ("Bootstrap over both", "intervals from resampling models and {items} at once"),
        "exact-f": ("Exact F", "exact F intervals"),
    },
    "discard": {
        "nothing": ("Nothing", "every resampled value used"),
        "outside-0-1": ("Outside 0 to 1", "resampled values outside 0 to 1 discarded"),
    },
    "multiplicity": {
        "none": ("None", "each verdict and test by itself"),
        "holm": (
            "Holm, over what is on screen",
            "verdicts and tests adjusted by Holm's procedure for what is on screen",
        ),
    },
}

# What a judge may be used for: what the use is called, the question, and what it means.
USE = {
    "rank": (
        "Rank systems",
        "May it rank systems?",
        "to tell which of several systems gives the better replies, by their mean ratings",
    ),
    "score": (
        "Report scores",
        "May its scores be reported?",
        "to report a system's mean rating as if the experts had given it",
    ),
    "reply": (
        "Rate a single reply",
        "May it rate a single reply?",
        "to judge the one reply that a person is about to get",
    ),
}

# What the criterion of single replies would be under an assumption, and whether the ratings contradict that.
WOULD_BE = {
    "supported": "Supported",
    "human-checks": "Only with human checks",
    "undecided": "Undecided",
    "not-supported": "Not supported",
}
ASSUMED_SHAPE = ("triangle-down", "diamond", "square", "circle", "cross")
CONTRADICTED = {"no": "no", "within-error": "within error", "yes": "yes"}

# What a verdict rests on.
CRITERION = {
    "consistency": "Consistency of systems, ICC(C,1)",
    "choice_loss": "What its first choice loses",
    "system_bias": "Largest gap of a system",
    "reply_agreement": "Agreement of single replies, ICC(A,1)",
    "reassurance": "False reassurance",
}

# Whether the files have the same message under the number of a conversation.
SAME_MESSAGE = {
    "same": "the same in all files",
    "small-difference": "small differences",
    "another": "another conversation in some file",
}

# What is asked for among conversations.
KIND = {
    "any": "any",
    **SAME_MESSAGE,
    "error-in-ratings": "with a data error in its ratings",
    "any-error": "with any data error",
}
REASONS = {"any": "with or without", "some": "with a reason", "none": "without any"}
ORDER = {
    "disagreement": "Largest disagreement",
    "reassured": "Poor replies called good",
    "judges": "Judges against each other",
    "number": "Number",
}

# How a panel combines its members' ratings.
RULE = {
    "mean": ("Mean", "the mean of its members' ratings"),
    "median": ("Median", "the median of its members' ratings"),
    "majority": ("Majority", "the rating that most of its members give, the lower one where two are as frequent"),
}


# Agreement on single replies, as one chart shows it together.
AGREEMENT = {
    "kappa_quadratic": Sign("Weighted kappa", "circle"),
    "alpha_ordinal": Sign("Ordinal alpha", "diamond"),
    "ac2_quadratic": Sign("AC2", "square"),
    "exact": Sign("Same rating", "triangle-up"),
    "within_one": Sign("At most one apart", "cross"),
}
# Whether a judge's attribute is told apart from the others, and whether it fulfils Campbell & Fiske's criteria.
TOLD_APART = {"yes": "Yes", "no": "No", "undecided": "The data do not tell"}
CRITERIA = {"yes": "Fulfilled", "no": "Not fulfilled", "undecided": "The data do not tell"}
# The parts of the multitrait-multimethod matrix.
MATRIX_PART = {"between": "Judge with experts", "judge": "Within the judge", "human": "Within the experts"}
# How a judge's ratings are corrected, in the order that charts and tables keep.
CORRECTION_LABEL = {
    "none": "As the judge rates",
    "offset": "Bias subtracted",
    "linear": "Linear",
    "isotonic": "Isotonic",
    "ordinal": "Mean for each rating",
}
CORRECTION_SHAPE = ("cross", "circle", "square", "triangle-up", "diamond")

# The parts of a mean squared error, from the left of a bar; light enough for dark figures on them.
ERROR_PART = {"mse_bias": "Bias", "mse_scale": "Spread", "mse_unexplained": "Scatter"}
ERROR_PART_COLOUR = ("#f2a873", "#f4e3b2", "#8fc3e8")

# What ratings differ by; the letters stand in charts where there is no room for the words.
COMPONENT_LABEL = {
    "model": "M: models",
    "conversation": "C: conversations",
    "rater": "R: raters (judge or experts)",
    "model_conversation": "MC: models by conversation",
    "model_rater": "MR: models by rater",
    "conversation_rater": "CR: conversations by rater",
    "residual": "E: what is left over",
}
# Light enough for dark letters.
COMPONENT_COLOUR = ("#7fb8dd", "#8fd0b3", "#f2a873", "#e3cf6b", "#dca6c8", "#c3b4e6", "#c9d0d8")

# What can be told of a reply without reading it.
REPLY_KIND = {"empty": "empty", "cut-off": "cut off (no closing sign)", "tagged": "with reasoning tags"}

# What experts' time can be planned for.
STATISTIC = {
    "bias": Sign("Bias", "circle"),
    "icc_a1": Sign("ICC(A,1) of single replies", "square"),
    "icc_c1": Sign("ICC(C,1) of models", "triangle-up"),
}
STATISTIC_LABEL = {key: mark.label for key, mark in STATISTIC.items()}

# Kinds of data errors in the files, and what becomes of all of them at once.
ERROR_LABEL = {key: words.label for key, words in DATA_ERROR.items()}
FIX_LABEL = {**ERROR_LABEL, "all": "All together"}
# What a data error may move.
FIGURE_LABEL = {
    "icc_c1": "ICC(C,1) of models",
    "icc_a1": "ICC(A,1) of models",
    "reply_icc_a1": "ICC(A,1) of single replies",
    "bias": "Bias",
    "mse": "MSE",
    "human_mean": "Experts' mean",
    "false_reassurance": "False reassurance",
}


def choice_label(study: Study, name: str, value: str) -> str:
    """Return what a choice of the settings is called for a study."""
    return filled(study, CHOICE[name][value][0])


def component_labels(study: Study) -> dict[str, str]:
    """Return what the parts of the variance are called for a study, by key."""
    one, many = study.item.one, study.item.many
    return {
        key: label.replace("conversations", many).replace("conversation", one) for key, label in COMPONENT_LABEL.items()
    }


def choice_meaning(study: Study, name: str, value: str) -> str:
    """Say in a sentence what a choice of the settings means for a study."""
    return filled(study, CHOICE[name][value][1])


def measure_labels(study: Study) -> dict[str, str]:
    """Return what each attribute, score and the average over all attributes are called."""
    attributes = {name: name for name in study.attribute_names}
    return {**attributes, **{group.key: group.label for group in study.groups}, "average": "Average"}


def measure_label(study: Study, measure: str) -> str:
    """Return what an attribute, a score or the average over all attributes is called."""
    return measure_labels(study)[measure]


@dataclass(frozen=True)
class Look:
    """How a reading is shown: in words, in one word, by an icon, and by a colour behind dark text."""

    word: str
    short: str
    icon: str
    colour: str


READING = {
    "GR": Look("Good reliability", "Good", "●", "#94cbe3"),
    "MR": Look("Moderate reliability", "Moderate", "□", "#f4e3b2"),
    "PR": Look("Poor reliability", "Poor", "○", "#f2b88f"),
    "excellent": Look("excellent", "excellent", "●", "#5aafd0"),
    "good": Look("good", "good", "■", "#94cbe3"),
    "moderate": Look("moderate", "moderate", "□", "#f4e3b2"),
    "poor": Look("poor", "poor", "○", "#f2b88f"),
}
# Verdicts on a use: what a judge may be used for.
VERDICT = {
    "supported": Look("Supported", "Supported", "✓", "#94cbe3"),
    "human-checks": Look("Only with human checks", "With checks", "▲", "#f4e3b2"),
    "undecided": Look("Undecided", "Undecided", "?", "#d9dee4"),
    "not-supported": Look("Not supported", "Not supported", "✗", "#f2b88f"),
}
# Single ratings that a reader should see first.
RATING = {
    "reassured": Look("a poor reply that the judge calls good", "called good", "✗", "#f2b88f"),
    "apart": Look("half the scale or more from the experts", "far apart", "▲", "#f4e3b2"),
}
# How a printed figure stands to the recomputed one.
REPRODUCED = {
    "same": Look("Same", "same", "✓", "#94cbe3"),
    "rounding": Look("Rounding", "by rounding", "≈", "#94cbe3"),
    "monte-carlo": Look("Random draws", "within the range of random draws", "∿", "#f4e3b2"),
    "misprint": Look("Misprint", "misprint", "▲", "#f2b88f"),
    "not-reproduced": Look("Not reproduced", "not reproduced", "✗", "#f2b88f"),
}
UNDEFINED = Look("no reading", "no reading", "–", "#d9dee4")
# Letters on light and on dark ground.
INK, LIGHT_INK = "#1b2530", "#e9eef4"
# Text of charts, in sizes that can be read on a telephone and from the back of a room.
TEXT = 13
# Dark on a light ground, light on a dark one, as the drawing itself can tell.
LETTERS = f"luminance(background) > 0.5 ? '{INK}' : '{LIGHT_INK}'"
_LABEL = {"labelFontSize": TEXT, "labelColor": {"expr": LETTERS}}
FONTS = {"axis": {**_LABEL, "titleFontSize": TEXT, "titleColor": {"expr": LETTERS}}, "legend": _LABEL}


def attribute_meaning(study: Study, name: str) -> str:
    """Say what an attribute asks of a reply and which scores it is a part of, as far as the study says it."""
    group = study.group_of(name)
    return " ".join(filter(None, [study.attribute(name).meaning, f"Part of {group}." if group else ""]))


def models_named(study: Study, keys: str) -> str:
    """Give the labels of models whose keys are joined by commas, as tied ones are in tables."""
    return ", ".join(study.system(key) for key in keys.split(", "))


def verdict_look(verdict: object) -> Look:
    """Give the look of a verdict, on a use or on a printed figure."""
    return {**VERDICT, **REPRODUCED}[str(verdict)]


def look(reading: object) -> Look:
    """Give the look of a reading; a reading over several bands has the whole word and the look of its lowest band.

    What is no text, as tables hold where nothing is read, has no reading.
    """
    if not isinstance(reading, str):
        return UNDEFINED
    first = READING[reading.split(" ", 1)[0]]
    return first if reading in READING else Look(reading, first.short, first.icon, first.colour)
