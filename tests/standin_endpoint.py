"""A small stand-in for an OpenAI-compatible endpoint on 127.0.0.1, asked by the real client.

    with StandinEndpoint() as endpoint:
        endpoint.manners = [Manner.BUSY, Manner.ANSWERS]   # the first call, the second, and every later one
        ...
        assert max(endpoint.paid.values()) == 1            # each question was answered once

It answers in the schema that it is given with ratings that follow from the question, so that two runs agree.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ANSWER_TOKENS = 50


class Manner(Enum):
    """How the stand-in treats a call."""

    ANSWERS = auto()
    SLOW = auto()
    """Answers after ``pause`` seconds."""
    BUSY = auto()
    """429 with Retry-After."""
    FAILS = auto()
    BREAKS_OFF = auto()
    """Closes in the middle of an answer."""
    MALFORMED = auto()
    """Answers with words around numbers."""
    UNREADABLE = auto()
    """Answers with no ratings at all."""
    REFUSES = auto()
    FILTERS = auto()
    """400 from a filter of its own."""
    NO_SCHEMA = auto()
    """400 where a schema is sent along; else answers in words."""
    WRONG_KEY = auto()
    """401 that says the key it was given."""
    ELSEWHERE = auto()
    """307 to another host."""
    SIGN_IN_PAGE = auto()


class StandinEndpoint:
    """The endpoint, while it is open."""

    def __init__(self, *, remembers: bool = False, usage: bool = True) -> None:
        self.manners: Sequence[Manner] = (Manner.ANSWERS,)
        self.pause = 0.2
        self.retry_after = "0.05"
        self.version = "standin-1"
        # Points that it gives more than it used to, as far as the scale goes.
        self.lift = 0
        self.names_usage = usage
        # Whether a call with the Idempotency-Key of an earlier one is answered again without being charged.
        self._remembers = remembers
        self._given: dict[str, bytes] = {}
        self.paid: Counter[str] = Counter()
        self.asked: list[dict[str, Any]] = []
        self.authorizations: set[str] = set()
        self.tokens = [0, 0]
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(self, *failed: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: dict[str, Any], authorization: str) -> Manner:
        """Note a call, and say how to treat it."""
        with self._lock:
            self.asked.append(body)
            self.authorizations.add(authorization)
            return self.manners[min(len(self.asked), len(self.manners)) - 1]

    def answer(self, body: dict[str, Any], manner: Manner, key: str) -> bytes:
        """Answer a call, and charge for it."""
        said = body["messages"][-1]["content"]
        with self._lock:
            if self._remembers and key in self._given:
                return self._given[key]
            self.paid[sha256(json.dumps([body["model"], body["messages"]]).encode()).hexdigest()] += 1
            usage = [len(said) // 4, ANSWER_TOKENS]
            self.tokens = [before + now for before, now in zip(self.tokens, usage, strict=True)]
        message: dict[str, Any] = {"role": "assistant", "content": _content(body, said, manner, self.lift)}
        if manner is Manner.REFUSES:
            message = {"role": "assistant", "content": None, "refusal": "I cannot rate this."}
        came: dict[str, Any] = {
            "id": "x",
            "object": "chat.completion",
            "model": self.version,
            "system_fingerprint": f"fp-{self.version}",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        }
        if self.names_usage:
            came["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        self._given[key] = json.dumps(came).encode()
        return self._given[key]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who left in the middle."""


def rating_of(said: str, attribute: str) -> int:
    """Give the rating that the stand-in has for a question: 1 to 5."""
    return sha256(f"{said}{attribute}".encode()).digest()[0] % 5 + 1


def _content(body: dict[str, Any], said: str, manner: Manner, lift: int) -> str:
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    names = [name for name in shape.get("properties", {}) if name != "Explanation"] or _named(body)
    ratings = {name: min(rating_of(said, name) + lift, 5) for name in names}
    if not names:
        return f"A reply to: {said}"
    if manner is Manner.MALFORMED:
        return "Here you are. " + "; ".join(f"{name}: {rating}/5" for name, rating in ratings.items())
    if manner is Manner.UNREADABLE:
        return "I would say it is a good reply."
    answer = json.dumps({**ratings, "Explanation": "It says so."})
    return f"```json\n{answer}\n```" if manner is Manner.NO_SCHEMA else answer


def _named(body: dict[str, Any]) -> list[str]:
    """Give the attributes that a rubric lists."""
    told = body["messages"][0]["content"].splitlines()
    return [line[2:].partition(":")[0] for line in told if line.startswith("- ")]


def _handler(endpoint: StandinEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            authorization = self.headers.get("Authorization", "")
            manner = endpoint.take(body, authorization)
            if manner is Manner.NO_SCHEMA and "response_format" in body:
                return self._refuse(400, "response_format is not supported by this model")
            refusals = {
                Manner.BUSY: (429, "slow down"),
                Manner.FAILS: (503, "out of order"),
                Manner.FILTERS: (400, "blocked by content_filter"),
                Manner.WRONG_KEY: (401, f"wrong key: {authorization}"),
                Manner.ELSEWHERE: (307, "moved"),
            }
            if manner in refusals:
                return self._refuse(*refusals[manner])
            if manner is Manner.SLOW:
                time.sleep(endpoint.pause)
            if manner is Manner.SIGN_IN_PAGE:
                return self._send(200, b"<html>Sign in</html>", "text/html")
            answer = endpoint.answer(body, manner, self.headers.get("Idempotency-Key", ""))
            if manner is Manner.BREAKS_OFF:
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer[:20])
                self.close_connection = True
                return None
            return self._send(200, answer)

        def _refuse(self, status: int, said: str) -> None:
            self._send(status, json.dumps({"error": {"message": said, "type": "error"}}).encode())

        def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", endpoint.retry_after)
            if status == 307:
                self.send_header("Location", "http://elsewhere.invalid/v1/chat/completions")
            self.end_headers()
            self.wfile.write(content)

    return Handler
