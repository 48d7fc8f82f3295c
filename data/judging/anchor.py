"""An anchor set: a frozen sample of replies that a judge rates again later, to see whether it is still the same judge.

Its file names each reply and the SHA-256 of its message and text, and holds neither; what has changed since is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from data.errors import ReleaseError, StudyError
from data.judging.asking import digest
from data.judging.replies import Reply
from data.judging.results import read_json
from data.own.wording import counted

FORMAT = "MentalBench Explorer anchor set 1"
_MOST_NAMED = 3


@dataclass(frozen=True)
class Anchor:
    """Replies that are frozen: by item and system, the hash of what a judge is sent of them."""

    study: str
    seed: int
    frozen: dict[tuple[str, str], str]

    @classmethod
    def of(cls, study: str, replies: Sequence[Reply], seed: int) -> Self:
        """Freeze replies of a study, which were drawn with this seed."""
        return cls(study, seed, {(reply.item, reply.system): _hashed(reply) for reply in replies})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read an anchor set.

        Raises
        ------
        ReleaseError
            The file is none, or was changed by hand.
        """
        found = read_json(path)
        if found.get("format") != FORMAT:
            raise ReleaseError(f"--anchor {path} is no anchor set; python -m data anchor writes one")
        try:
            frozen = {(str(each["item"]), str(each["system"])): str(each["sha256"]) for each in found["replies"]}
            anchor = cls(str(found["study"]), int(found["seed"]), frozen)
        except (KeyError, TypeError, ValueError) as error:
            raise ReleaseError(f"--anchor {path} lacks something of an anchor set ({error}); write it anew") from error
        if found.get("sha256") != anchor.sha256:
            raise ReleaseError(f"--anchor {path} was changed since it was written; take an unchanged copy")
        return anchor

    @property
    def sha256(self) -> str:
        """The hash that stands for all of it."""
        return digest(self._values)

    @property
    def record(self) -> dict[str, Any]:
        """All of it as plain values, with its hash."""
        return {"format": FORMAT, "sha256": self.sha256, **self._values}

    @property
    def _values(self) -> dict[str, Any]:
        replies = [{"item": item, "system": system, "sha256": sha} for (item, system), sha in self.frozen.items()]
        return {"study": self.study, "seed": self.seed, "replies": replies}

    def taken(self, replies: Sequence[Reply]) -> list[Reply]:
        """Take the frozen replies, in their order.

        Raises
        ------
        ReleaseError
            Some are not there, or are not what they were.
        """
        there = {(reply.item, reply.system): reply for reply in replies}
        if problems := [*self._problems(there)]:
            more = len(problems) - _MOST_NAMED
            raise StudyError([*problems[:_MOST_NAMED], *([f"and {more:,} more"] if more > 0 else [])])
        return [there[place] for place in self.frozen]

    def _problems(self, there: dict[tuple[str, str], Reply]) -> Iterator[str]:
        for (item, system), sha in self.frozen.items():
            found = there.get((item, system))
            if found is None:
                yield f"item {item}, system {system}: this reply of the anchor set is not there; take the same replies"
            elif _hashed(found) != sha:
                yield f"item {item}, system {system}: message or reply is not the one that was frozen; take the same"


def sentence(anchor: Anchor, path: Path, asked: int) -> str:
    """Say what was written; whole items are drawn, and there may be fewer than were asked for."""
    systems = len({system for _, system in anchor.frozen})
    replies = counted(len(anchor.frozen), "reply", "replies")
    fewer = f" ({asked:,} were asked for)" if len(anchor.frozen) != asked else ""
    return f"{path}: {replies} of {counted(systems, 'system')}{fewer}, sha256 {anchor.sha256}"


def _hashed(reply: Reply) -> str:
    return digest([reply.message, reply.text])
