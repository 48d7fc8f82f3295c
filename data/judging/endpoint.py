"""An OpenAI-compatible endpoint, asked by the ``openai`` client; every trouble with it is a sentence."""

import ipaddress
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from data.errors import ReleaseError, SourceError
from data.judging.asking import Asking
from data.judging.log import Answer

INSTALL = "python -m pip install -r requirements-judge.txt"
# The client waits as long as a busy endpoint asks for, at most two minutes, and half a second to eight seconds by
# itself; together these tries last about a minute.
TRIES = 9
# How endpoints call a text that their own filter would not pass.
_FILTERED = ("content_filter", "content_policy", "safety", "moderation")


# Where the client says that it makes a call again: in how many seconds, how often it did so before, and at most.
_CLIENTS_LOG, _AGAIN = "openai._base_client", "Retrying request in"


class FilteredError(SourceError):
    """The endpoint's own filter would not take a text."""


class NotTakenError(SourceError):
    """The endpoint said that it does not answer, so that the call costs nothing."""


class FormError(NotTakenError):
    """The endpoint knows no answers in the form of a schema."""


class Endpoint:
    """An endpoint with its key, which is in no message, file or log. Used as a context, it can be asked.

    Parameters
    ----------
    url
        The address below which it has ``chat/completions``.
    variable
        The variable of the environment that holds the key; empty where the endpoint takes none.
    say
        Is told when the endpoint is busy or gives no answer, and is asked again.

    Raises
    ------
    ReleaseError
        The address is none, would carry the key in the open, or the variable is empty.
    """

    def __init__(self, url: str, variable: str = "", say: Callable[[str], object] = str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ReleaseError(f"--endpoint {url!r} is no address; allowed is one like https://api.example.org/v1")
        if parts.username or parts.password or parts.query:
            raise ReleaseError(
                "--endpoint holds a name, a password or a query; give its address alone, and its key by --key-from"
            )
        self.url, self.host = url.rstrip("/"), parts.netloc
        self._key = os.environ.get(variable, "") if variable else ""
        if variable and not self._key:
            raise ReleaseError(f"--key-from {variable}: the environment has no such variable, or it is empty; set it")
        if self._key and parts.scheme == "http" and not _is_here(parts.hostname):
            raise ReleaseError(f"--endpoint {url} would carry the key unencrypted; use https")
        self._pauses = _Pauses(self.host, say)

    def __enter__(self) -> Self:
        try:
            import openai
        except ImportError:
            raise ReleaseError(f"asking a model takes the package openai; install it with: {INSTALL}") from None
        self._client = openai.OpenAI(
            base_url=self.url,
            api_key=self._key or "none",
            max_retries=TRIES - 1,
            # Texts go to the named host and to no other.
            http_client=openai.DefaultHttpxClient(follow_redirects=False),
        )
        # What the environment says of an account at OpenAI is nobody else's.
        self._client.organization = self._client.project = None
        self._pauses.listen()
        return self

    def __exit__(self, *failed: object) -> None:
        self._pauses.stop()
        self._client.close()

    def ask(self, asking: Asking, text: str, key: str) -> Answer:
        """Ask about one text, as often as the endpoint is busy.

        Raises
        ------
        FormError, FilteredError, NotTakenError, SourceError
            It takes no schema, would not take the text, said that it does not answer, or said nothing.
        """
        import openai

        try:
            # An endpoint that knows the header charges once for what was asked twice.
            raw = self._client.chat.completions.with_raw_response.create(
                model=asking.model,
                messages=[{"role": "system", "content": asking.instructions}, {"role": "user", "content": text}],
                extra_body={**asking.parameters, **asking.format},
                extra_headers={"Idempotency-Key": key},
            )
            came = json.loads(raw.text)
        except openai.APIStatusError as error:
            raise self._trouble(error.status_code, error.body, error.response.headers, asking) from None
        except openai.APIConnectionError as error:
            reason = self._without_key(str(error.__cause__ or error) or type(error).__name__)
            raise SourceError(
                f"{self.host} gave no answer ({reason}); look at --endpoint, or try again later"
            ) from None
        except (openai.OpenAIError, ValueError) as error:
            raise SourceError(f"{self.host} sent what is no answer ({self._without_key(str(error))})") from None
        return self._answer(came, key, raw.retries_taken + 1)

    def _answer(self, came: Any, key: str, tries: int) -> Answer:
        try:
            choice = came["choices"][0]
            said = choice["message"]
            refusal, text = said.get("refusal"), said.get("content")
        except (TypeError, KeyError, IndexError, AttributeError):
            raise SourceError(
                f"{self.host} sent no choice of an answer; is it an OpenAI-compatible endpoint?"
            ) from None
        ended = str(choice.get("finish_reason") or "")
        usage = came.get("usage") or {}
        return Answer(
            key,
            "refused" if refusal or ended == "content_filter" else "answered",
            self._without_key(str(refusal or text or "")),
            str(came.get("model") or ""),
            str(came.get("system_fingerprint") or ""),
            ended,
            _whole(usage.get("prompt_tokens")),
            _whole(usage.get("completion_tokens")),
            tries,
        )

    def _trouble(self, status: int, body: object, headers: Mapping[str, str], asking: Asking) -> SourceError:
        said = self._without_key(_message(body))
        means = json.dumps(body, default=str).lower()
        if status == 400 and asking.form == "schema" and asking.schema and "response_format" in means:
            return FormError(said)
        if status in (400, 403, 422) and any(word in means for word in _FILTERED):
            return FilteredError(said)
        advice = {
            400: "mend the request, with --parameter NAME=VALUE or NAME=null",
            401: "name the variable that holds its key with --key-from",
            403: "name the variable that holds its key with --key-from",
            404: "look at --endpoint and --model",
            429: "it is too busy, or the account is spent; run the same command again later",
        }.get(status, "run the same command again later")
        if 300 <= status < 400:
            elsewhere = urlsplit(headers.get("location", "")).netloc or "another address"
            advice = f"it leads to {elsewhere}, where nothing is sent; name that as --endpoint if you mean it"
        return NotTakenError(f"{self.host} answered {status}{f' ({said})' if said else ''}; {advice}")

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


class _Pauses(logging.Handler):
    """Hears in the client's log that a call is made again later, and says so: once for calls that wait together.

    Nothing else of the log is said.
    """

    def __init__(self, host: str, say: Callable[[str], object]) -> None:
        super().__init__(logging.INFO)
        self._host, self._say, self._until = host, say, 0.0
        self._log = logging.getLogger(_CLIENTS_LOG)
        self._level = self._log.level

    def listen(self) -> None:
        """Begin to hear."""
        self._level = self._log.level
        self._log.setLevel(logging.INFO)
        self._log.addHandler(self)

    def stop(self) -> None:
        """Hear no more."""
        self._log.removeHandler(self)
        self._log.setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        """Say how long a pause is, if it is one that nobody knows of yet."""
        if not str(record.msg).startswith(_AGAIN) or not isinstance(record.args, tuple):
            return
        seconds, now = record.args[0], time.monotonic()
        if not isinstance(seconds, int | float) or now < self._until:
            return
        self._until = now + seconds
        self._say(f"{self._host} is busy or gave no answer; it is asked again in {max(seconds, 0.1):.1f} seconds")


def _message(body: object) -> str:
    """Take the sentence out of what an endpoint says is wrong."""
    found = body.get("error", body) if isinstance(body, dict) else body
    said = found.get("message", "") if isinstance(found, dict) else found
    return " ".join(str(said or "").split())[:300]


def _whole(number: object) -> int | None:
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
