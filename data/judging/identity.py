"""Who a judge is: model, endpoint, the versions that it named, rubric and parameters, as a run wrote them down."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from data.ratings import FIRST_RUN, NEW_SYSTEMS

# What a judge is by what it is asked: whoever changes any of it asks another judge.
ASKED = {
    "model": "Model",
    "endpoint": "Endpoint",
    "rubric_sha256": "SHA-256 of the rubric",
    "parameters": "Parameters",
    "form": "Form of the answers",
}


class IdentityError(ValueError):
    """What does not say who a judge is, or says it of another; the message goes on after what it is of."""


@dataclass(frozen=True)
class Identity:
    """Who a judge is.

    Attributes
    ----------
    asked
        Its parts by name, those of ``ASKED``.
    sha256
        The hash of all that it is asked with.
    versions
        What its endpoint called itself, by run: model and fingerprint, either of which may be empty.
    file_sha256
        The hash of the file with its ratings.
    """

    asked: Mapping[str, Any]
    sha256: str
    versions: Mapping[str, tuple[tuple[str, str], ...]]
    file_sha256: str

    @classmethod
    def of(cls, said: Any) -> Self:
        """Take the identity out of what ``NAME_judge.json``, or a certificate, says.

        Raises
        ------
        IdentityError
            Something is missing.
        """
        try:
            versions: dict[str, list[tuple[str, str]]] = {}
            for each in said["versions"]:
                named = str(each["model"]), str(each["fingerprint"])
                versions.setdefault(str(each["run"]), []).append(named)
            asked = {name: said[name] for name in ASKED}
            told = {run: tuple(dict.fromkeys(named)) for run, named in versions.items()}
            return cls(asked, str(said["sha256"]), told, str(said["file_sha256"]))
        except (KeyError, TypeError, ValueError) as error:
            lacks = f"it lacks {error}" if isinstance(error, KeyError) else "it is something else"
            raise IdentityError(
                f"does not say who a judge is ({lacks}); python -m data judge writes NAME_judge.json, which does"
            ) from error

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read ``NAME_judge.json``; see :meth:`of`."""
        try:
            said = json.loads(content)
        except ValueError as error:
            raise IdentityError("is no JSON; python -m data judge writes NAME_judge.json, which is") from error
        return cls.of(said)

    @property
    def record(self) -> dict[str, Any]:
        """All of it, as :meth:`of` takes it."""
        versions = [
            {"run": run, "model": model, "fingerprint": fingerprint}
            for run, named in self.versions.items()
            for model, fingerprint in named
        ]
        return {**self.asked, "sha256": self.sha256, "versions": versions, "file_sha256": self.file_sha256}

    @property
    def first(self) -> tuple[str, ...]:
        """The versions that gave the ratings which count, in words."""
        return self._named(FIRST_RUN)

    @property
    def of_new_alone(self) -> tuple[str, ...]:
        """The versions that rated systems which no expert rated, and none of the study's, in words."""
        return tuple(named for named in self._named(NEW_SYSTEMS) if named not in self.first)

    def _named(self, run: str) -> tuple[str, ...]:
        return tuple(" ".join(filter(None, named)) for named in self.versions.get(run, ()))

    def differences(self, now: "Identity") -> Iterator[str]:
        """Say what makes the judge of now another one."""
        for name, label in ASKED.items():
            if self.asked[name] != now.asked[name]:
                yield f"{label}: {_said(now.asked[name])} now, {_said(self.asked[name])} in the certificate"
        if self.sha256 != now.sha256 and self.asked == now.asked:
            yield "the form of an answer that it is asked for is another than in the certificate"
        known = {model for model, _ in self.versions.get(FIRST_RUN, ())}
        for model in dict.fromkeys(model for named in now.versions.values() for model, _ in named):
            if known and model not in known:
                yield f"Version: the endpoint calls itself {model}, and {', '.join(sorted(known))} in the certificate"

    def new_fingerprints(self, now: "Identity") -> list[str]:
        """Name the fingerprints that the endpoint has shown since."""
        known = {fingerprint for _, fingerprint in self.versions.get(FIRST_RUN, ())}
        shown = dict.fromkeys(fingerprint for named in now.versions.values() for _, fingerprint in named)
        return [fingerprint for fingerprint in shown if fingerprint and fingerprint not in known]


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
