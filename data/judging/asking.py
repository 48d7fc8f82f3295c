"""Who is asked and how: a model at an endpoint, what it is told, the form of its answer, and its parameters."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

# What a request says beside its texts: temperature, the most tokens of an answer, and whatever else an endpoint knows.
Parameters = Mapping[str, Any]

# How an answer is asked for: in the form of a schema, or in words alone, where an endpoint knows no schemas.
Form = Literal["schema", "words"]
FORMS: tuple[Form, ...] = get_args(Form)

# Changes that mean nothing: words without content behind the reply, and the reply before the message.
Probe = Literal["padding", "order"]
PROBES: tuple[Probe, ...] = get_args(Probe)


def digest(value: object) -> str:
    """Give the SHA-256 of a value as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Asking:
    """A model as it is asked. Whoever changes any of this asks another judge.

    Attributes
    ----------
    model
        Its name at the endpoint.
    endpoint
        The address below which the endpoint has ``chat/completions``.
    instructions
        What it is told before each text: a judge's rubric, or a system's prompt.
    schema
        The JSON Schema of an answer; empty where it is free text.
    parameters
        Whatever else a request says.
    form
        Whether the schema is sent along; answers in words are read as tolerantly as a person's.
    """

    model: str
    endpoint: str
    instructions: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)
    form: Form = "schema"

    @property
    def identity(self) -> dict[str, Any]:
        """All of it, as plain values."""
        return {
            "model": self.model,
            "endpoint": self.endpoint,
            "instructions": self.instructions,
            "schema": dict(self.schema),
            "parameters": dict(self.parameters),
            "form": self.form,
        }

    @cached_property
    def sha256(self) -> str:
        """The hash that stands for all of it."""
        return digest(self.identity)

    @property
    def rubric_sha256(self) -> str:
        """The hash of what it is told, alone."""
        return hashlib.sha256(self.instructions.encode()).hexdigest()

    def key(self, text: str, repeat: int | str) -> str:
        """Give the key of one call: the same for the same question to the same model, and for no other.

        What is asked again at another time is told apart by what that run is called.
        """
        return digest([self.sha256, text, repeat])

    @property
    def format(self) -> dict[str, Any]:
        """What a request says of the form of its answer; empty where it is free."""
        if not self.schema or self.form == "words":
            return {}
        shape = {"name": "answer", "strict": True, "schema": dict(self.schema)}
        return {"response_format": {"type": "json_schema", "json_schema": shape}}
