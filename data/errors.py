"""The errors a reader can cause or meet; each message names what was wrong, where, and what to do."""


class ReleaseError(ValueError):
    """A folder or file that is not a copy of the release; nothing of it has been loaded."""


class SourceError(RuntimeError):
    """A source that cannot be reached, refuses, or sends something other than what it promised."""


class GivenUpError(RuntimeError):
    """The reader stopped a download."""
