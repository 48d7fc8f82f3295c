"""What a table needs that not every study or source gives."""


class MissingNeedError(ValueError):
    """A table that cannot be made of what is there; the message says what it takes."""


class NeedsConversationsError(MissingNeedError):
    """The table is made of single conversations, and the source gives only blocks of them."""

    def __init__(self) -> None:
        super().__init__("this table needs single conversations, and the source gives only blocks of them")


class NothingPrintedError(MissingNeedError):
    """The table compares printed figures, and the study has printed none."""

    def __init__(self) -> None:
        super().__init__("this table compares the figures that a study prints, and this study has no printed tables")


class NeedsJudgesError(MissingNeedError):
    """The table compares a panel with its members, and only one judge is chosen."""

    def __init__(self) -> None:
        super().__init__("a panel takes at least two judges")


class NeedsExpertsError(MissingNeedError):
    """The table compares experts with one another, and a reply has one rating of theirs."""

    def __init__(self, pooled: bool) -> None:
        has = "one pooled rating" if pooled else "one expert's rating"
        super().__init__(f"this table compares single experts, and the study has {has} for each reply")


class NeedsSingleExpertsError(MissingNeedError):
    """The table compares experts with one another, and the source gives only their mean."""

    def __init__(self) -> None:
        super().__init__("this table compares single experts, and the source gives only the mean of their ratings")


class NeedsMoreExpertsError(MissingNeedError):
    """The table takes more experts than the study has."""

    def __init__(self, needed: int, there: int) -> None:
        super().__init__(f"this table takes at least {needed} experts, and the study has {there}")
