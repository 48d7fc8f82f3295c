"""A small stand-in for the Hugging Face Hub on 127.0.0.1, asked by the real clients, and small files for it to hold.

    with StandinHub(ratings_files()) as hub:
        hub.use(monkeypatch, tmp_path)   # the clients ask it, and keep what they fetch below tmp_path
        ...
        hub.manner = Manner.BREAKS_OFF   # from now on
        assert hub.asked == ["GET /api/datasets/..."]

Leaving the block closes it: from then on its address refuses every connection, as if the Hub were gone.
"""

import hashlib
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

import pandas as pd
import pytest

from data.errors import GivenUpError
from data.mentalalign import REPLIES_COLUMN, REPOSITORY, STUDY, SUFFIX
from data.remote.progress import Progress

LFS_FROM = 100_000
CHUNK = 64 * 1024
LONGEST_SILENCE = 60.0


class Manner(Enum):
    """How the stand-in treats those who ask."""

    SERVES = auto()
    MISSING = auto()
    """The repository is not there."""
    FORBIDS = auto()
    FAILS = auto()
    SIGN_IN_PAGE = auto()
    """Something else than the Hub answers, as in a network that wants a sign-in first."""
    SILENT = auto()
    SILENT_ABOUT_FILES = auto()
    """Lists the files, and does not answer when one is asked for."""
    STALLS = auto()
    """Sends half of a file and then nothing more."""
    BREAKS_OFF = auto()
    """Sends half of a file and closes, each time anew from the start."""
    WRONG_CONTENT = auto()
    """Sends as many bytes as it promised, but others."""
    SLOW = auto()
    """Sends files in pieces, ``pause`` seconds apart."""


class StandinHub:
    """One repository of files, at a commit that follows from their content."""

    def __init__(self, files: dict[str, bytes], manner: Manner = Manner.SERVES, *, pause: float = 0.1) -> None:
        self.files = files
        self.manner = manner
        self.pause = pause
        self.asked: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def close(self) -> None:
        """Be gone; also ends whatever silence it keeps."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def revision(self) -> str:
        """The commit: 40 hex digits."""
        return _sha1(b"".join(name.encode() + content for name, content in sorted(self.files.items())))

    @property
    def files_url(self) -> str:
        """Where its files lie, for a client that just downloads."""
        return f"{self.url}/datasets/{REPOSITORY}/resolve/{self.revision}/"

    def fetched(self) -> list[str]:
        """Which files were asked for by GET, in order."""
        mark = f"GET /datasets/{REPOSITORY}/resolve/"
        return [line.removeprefix(mark).partition("/")[2] for line in self.asked if line.startswith(mark)]

    def use(self, monkeypatch: pytest.MonkeyPatch, caches: Path) -> None:
        """Point the clients at this stand-in and all their caches at a folder; no other host can be asked."""
        # Before its settings are replaced, and after data/__init__.py ran.
        import_module("datasets")
        look_up = socket.getaddrinfo

        def look_up_this_machine(host: Any, *args: Any, **kwargs: Any) -> Any:
            if host not in ("127.0.0.1", b"127.0.0.1"):
                self.asked.append(f"LOOK UP {host}")
                raise OSError(f"a test looked for {host}")
            return look_up(host, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", look_up_this_machine)
        monkeypatch.setenv("HF_ENDPOINT", self.url)
        monkeypatch.setenv("XDG_CACHE_HOME", str(caches / "xdg"))
        file_url = self.url + "/{repo_id}/resolve/{revision}/{filename}"
        for setting, value in {
            "huggingface_hub.constants.ENDPOINT": self.url,
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE": file_url,
            "huggingface_hub.constants.HF_HUB_CACHE": str(caches / "hub"),
            "huggingface_hub.constants.HF_TOKEN_PATH": str(caches / "token"),
            "datasets.config.HF_ENDPOINT": self.url,
            "datasets.config.HF_DATASETS_CACHE": caches / "arrow",
        }.items():
            monkeypatch.setattr(setting, value)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    hub: StandinHub

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *said: object) -> None:
        """Write nothing to the terminal."""

    def _answer(self) -> None:
        # The line as it came: the server would fix a doubled slash, which the Hub need not.
        hub, path = self.hub, unquote(self.requestline.split()[1].partition("?")[0])
        hub.asked.append(f"{self.command} {path}")
        about, _, rest = path.removeprefix(f"/api/datasets/{REPOSITORY}").removeprefix("/").partition("/")
        match hub.manner:
            case Manner.SILENT:
                hub.closing.wait(LONGEST_SILENCE)
            case Manner.FORBIDS:
                self._send(HTTPStatus.FORBIDDEN)
            case Manner.FAILS:
                self._send(HTTPStatus.INTERNAL_SERVER_ERROR)
            case Manner.SIGN_IN_PAGE:
                self._send(HTTPStatus.OK, b"<html>Please sign in to the hospital's guest network</html>")
            case Manner.MISSING:
                self._send(HTTPStatus.NOT_FOUND, error="RepoNotFound")
            case _ if path.startswith(f"/datasets/{REPOSITORY}/resolve/"):
                revision, _, name = path.removeprefix(f"/datasets/{REPOSITORY}/resolve/").partition("/")
                self._send_file(revision, name)
            case _ if not path.startswith(f"/api/datasets/{REPOSITORY}"):
                self._send(HTTPStatus.NOT_FOUND, error="RepoNotFound")
            case _ if about in ("revision", "tree") and rest.partition("/")[0] not in ("main", hub.revision):
                self._send(HTTPStatus.NOT_FOUND, error="RevisionNotFound")
            case _ if about == "tree":
                self._send_json(list(_tree(hub.files)))
            case _:
                self._send_json(_about(hub))

    def _send_file(self, revision: str, name: str) -> None:
        hub = self.hub
        if hub.manner is Manner.SILENT_ABOUT_FILES:
            hub.closing.wait(LONGEST_SILENCE)
            return
        if revision not in ("main", hub.revision):
            self._send(HTTPStatus.NOT_FOUND, error="RevisionNotFound")
            return
        if name not in hub.files:
            self._send(HTTPStatus.NOT_FOUND, error="EntryNotFound")
            return
        content = hub.files[name]
        etag = f'"{_sha256(content) if _is_large(content) else _git_sha1(content)}"'
        sent = content[::-1] if hub.manner is Manner.WRONG_CONTENT else content
        self._begin(HTTPStatus.OK, len(content), {"X-Repo-Commit": hub.revision, "ETag": etag})
        if self.command == "HEAD":
            return
        match hub.manner:
            case Manner.STALLS:
                self.wfile.write(sent[: len(sent) // 2])
                hub.closing.wait(LONGEST_SILENCE)
            case Manner.BREAKS_OFF:
                self.wfile.write(sent[: len(sent) // 2])
            case Manner.SLOW:
                for start in range(0, len(sent), CHUNK):
                    self.wfile.write(sent[start : start + CHUNK])
                    time.sleep(hub.pause)
            case _:
                self.wfile.write(sent)

    def _send_json(self, found: object) -> None:
        self._send(HTTPStatus.OK, json.dumps(found).encode())

    def _send(self, status: HTTPStatus, content: bytes = b"", error: str = "") -> None:
        self._begin(status, len(content), {"X-Error-Code": error} if error else {})
        if self.command == "GET":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _about(hub: StandinHub) -> dict[str, Any]:
    return {
        "id": REPOSITORY,
        "sha": hub.revision,
        "siblings": [_sibling(name, content) for name, content in hub.files.items()],
        "private": False,
        "gated": False,
        "disabled": False,
        "lastModified": "2026-01-15T09:00:00.000Z",
        "tags": [],
        "downloads": 0,
        "likes": 0,
    }


def _sibling(name: str, content: bytes) -> dict[str, Any]:
    sibling: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": _git_sha1(content)}
    if _is_large(content):
        sibling["lfs"] = {"sha256": _sha256(content), "size": len(content), "pointerSize": 134}
    return sibling


def _tree(files: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    for folder in sorted({str(parent) for name in files for parent in Path(name).parents} - {"."}):
        yield {"type": "directory", "oid": _sha1(folder.encode()), "size": 0, "path": folder}
    for name, content in files.items():
        yield {"type": "file", "oid": _git_sha1(content), "size": len(content), "path": name}


def _is_large(content: bytes) -> bool:
    """Whether the Hub would keep a file in Git LFS; the real Hub draws the line higher."""
    return len(content) >= LFS_FROM


def _git_sha1(content: bytes) -> str:
    return _sha1(b"blob %d\0" % len(content) + content)


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def ratings_files() -> dict[str, bytes]:
    """Make a small release: four conversations, rated by the experts (4), o4-mini (5) and GPT-4o (3).

    GPT-4o's file is large enough for Git LFS and for several pieces on its way.
    """
    large = _ratings("judge", 3).assign(padding="p" * 100_000)
    return {
        "MentalAlign-70k/Human_judge.xlsx": _workbook(_ratings("human", 4)),
        "MentalAlign-70k/o4-mini_llm_judge.xlsx": _workbook(_ratings("judge", 5)),
        "MentalAlign-70k/gpt-4o_llm_judge.csv": large.to_csv(index=False).encode(),
    }


def replies_table() -> pd.DataFrame:
    """Make MentalBench-100k with a dozen conversations; header cells have stray spaces, as in the release."""
    rows = range(1, 13)
    columns = {
        f" {column}": [f"{STUDY.system(key)} on message {row}" for row in rows]
        for key, column in REPLIES_COLUMN.items()
    }
    return pd.DataFrame({"context": [f"message {row}" for row in rows], **columns})


def _ratings(side: str, rating: int) -> pd.DataFrame:
    cell = json.dumps(dict.fromkeys(STUDY.attribute_names, rating))
    numbers = [1, 2, 3, 4]
    cells = {f"{side}_response_{suffix}": cell for suffix in SUFFIX}
    return pd.DataFrame({"ConvID": numbers, "context": [f"message {number}" for number in numbers]}).assign(**cells)


def _workbook(table: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    table.to_excel(content, index=False)
    return content.getvalue()


def expect_no_wait(fetch: Callable[[Progress], object]) -> None:
    """Give up in the middle of a file that has stopped coming, and expect the end within a second."""
    progress, ends = Progress(), []

    def read() -> None:
        try:
            fetch(progress)
        except GivenUpError as error:
            ends.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    while progress.fraction is None and reader.is_alive():
        time.sleep(0.01)
    assert 0 < (progress.fraction or 0) < 1
    progress.give_up()
    reader.join(1)
    assert len(ends) == 1
