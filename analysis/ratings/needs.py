"""What a table needs that not every study or source gives."""


class MissingNeedError(ValueError):
    """A table that cannot be made of what is there; the message says what it takes."""


class NeedsConversationsError(MissingNeedError):
    """The table is made of single conversations, and the source gives only blocks of them."""

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

    def __init__(self) -> None:
        super().__init__("this table compares the figures that a study prints, and this study has no printed tables")


class NeedsJudgesError(MissingNeedError):
    """The table compares a panel with its members, and only one judge is chosen."""

    def __init__(self) -> None:
        super().__init__("a panel takes at least two judges")
