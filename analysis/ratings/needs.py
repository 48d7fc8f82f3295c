"""What a table needs of the source that not every source gives."""


class NeedsConversationsError(ValueError):
    """The table is made of single conversations, and the source gives only blocks of them."""

    def __init__(self) -> None:
        super().__init__("this table needs single conversations, and the source gives only blocks of them")
