"""What tables need: how many systems and replies, and what not every study or source gives.

References
----------
Mokkink, L. B., et al. (2018). COSMIN Risk of Bias checklist for systematic reviews of patient-reported outcome
measures. Quality of Life Research, 27(5), 1171-1179.
"""

# Fewer systems do not tell a good judge from a poor one, whatever their means.
FEWEST_SYSTEMS = 5
# Adequate for a study of agreement by COSMIN (100 are very good). An error by the whole scale in one of 16 replies,
# which moves a mean by a sixteenth of the scale, stays unseen in so many in fewer than 5 of 100 studies.
FEWEST_REPLIES = 50


class MissingNeedError(ValueError):
    """A table that cannot be made of what is there; the message says what it takes.

    ``remedy`` says which source would have it, where the message does not.
    """

    remedy = ""


class NeedsConversationsError(MissingNeedError):
    """The table is made of single conversations, and the source gives only blocks of them."""

    remedy = "allowed are hub, github, and a folder with the ratings"

    def __init__(self) -> None:
        super().__init__("this table needs single conversations, and the source gives only blocks of them")


class NeedsRepliesError(MissingNeedError):
    """The table is made of the length of replies, and their texts are not at hand."""

    def __init__(self) -> None:
        super().__init__(
            "this table needs the length of replies: of an own study a column with their texts (reply), of the "
            "published study MentalBench-100k"
        )


class NothingPrintedError(MissingNeedError):
    """The table compares printed figures, and the study has printed none."""

    remedy = "allowed are hub, github, snapshot, and a folder with a copy of the release"

    def __init__(self) -> None:
        super().__init__("this table compares the figures that a study prints, and this study has no printed tables")


class NeedsJudgesError(MissingNeedError):
    """The table compares a panel with its members, and only one judge is chosen."""

    remedy = "allowed is any source with as many; --add-judge FILE adds one"

    def __init__(self) -> None:
        super().__init__("a panel takes at least two judges")


class NeedsWholeRepliesError(MissingNeedError):
    """The table is made of all the ratings of a reply together, and the source counts each attribute by itself."""

    remedy = "allowed are hub, github, snapshot, and a folder with the ratings"

    def __init__(self) -> None:
        super().__init__(
            "this table needs the ratings of a reply on all attributes together, and the source gives only counts of "
            "each attribute by itself"
        )


class NeedsAttributesError(MissingNeedError):
    """The table compares attributes with each other, and the study has too few of them."""

    remedy = "allowed is a study with as many"

    def __init__(self, least: int, there: int) -> None:
        super().__init__(f"this table compares attributes with each other: it takes {least}, and the study has {there}")


class NeedsExpertsError(MissingNeedError):
    """The table compares experts with one another, and a reply has one rating of theirs."""

    remedy = "allowed is a folder whose study.toml names several experts, each with ratings of their own"

    def __init__(self, pooled: bool) -> None:
        has = "one pooled rating" if pooled else "one expert's rating"
        super().__init__(f"this table compares single experts, and the study has {has} for each reply")


class NeedsSingleExpertsError(MissingNeedError):
    """The table compares experts with one another, and the source gives only their mean."""

    remedy = "allowed is the folder of the study, with the ratings of each expert"

    def __init__(self) -> None:
        super().__init__("this table compares single experts, and the source gives only the mean of their ratings")


class NeedsRetestsError(MissingNeedError):
    """The table compares runs of a judge, and no judge was asked more than once."""

    def __init__(self) -> None:
        super().__init__(
            "this table compares a judge with itself, and no judge here was asked more than once: add a judge's file "
            "with a column run, as python -m data judge --repeats 2 --probe padding writes it"
        )


class NeedsNewSystemsError(MissingNeedError):
    """The table is of systems that no expert rated, and no judge rated one."""

    def __init__(self) -> None:
        super().__init__(
            "this table is of systems that no expert rated, and no judge here rated one: have replies written by "
            "python -m data generate and rated by python -m data judge --replies FILE, and add the judge's file"
        )


class NeedsProbabilitiesError(MissingNeedError):
    """The table weights replies by how likely they were to be drawn, and the study does not say."""

    def __init__(self) -> None:
        super().__init__(
            "this table weights replies that were drawn to be rated, and the tables do not say with which probability: "
            "it takes a column probability, as python -m data sheet writes it"
        )


class NeedsMoreExpertsError(MissingNeedError):
    """The table takes more experts than the study has."""

    remedy = "allowed is a folder whose study.toml names as many, each with ratings of their own"

    def __init__(self, needed: int, there: int) -> None:
        super().__init__(f"this table takes at least {needed} experts, and the study has {there}")
