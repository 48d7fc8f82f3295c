"""The errors a reader can cause or meet; each message names what was wrong, where, and what to do."""

from collections.abc import Iterable


class ReleaseError(ValueError):
    """A folder or file that is not a copy of the release; nothing of it has been loaded."""


class NoRatingsError(ReleaseError):
    """A folder without any file in the layout of the release."""


class NoStudyFileError(ReleaseError):
    """A folder with tables of ratings, and without the file that says what they mean."""


class StudyError(ReleaseError):
    """What is wrong with an own study or an own judge's file: all of it at once, a sentence each in ``problems``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


class UnratedJudgeError(StudyError):
    """A file with a judge's ratings of new systems alone, where there are none by that judge of the study's systems."""


class AddedJudgeError(ReleaseError):
    """A file of a judge that cannot be added to a study that can be used."""


class NotOwnError(ReleaseError):
    """A system that is not the study's was said to be an added judge's own."""


class SourceError(RuntimeError):
    """A source that cannot be reached, refuses, or sends something other than what it promised."""


class GivenUpError(RuntimeError):
    """The reader stopped a download."""
