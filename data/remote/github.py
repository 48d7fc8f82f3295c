"""The five workbooks from the authors' GitHub repository, at a pinned commit and checked by SHA-256."""

import logging
from functools import partial
from pathlib import Path

import pooch
import requests

from data.errors import SourceError
from data.mentalalign import COMMIT, GITHUB, WORKBOOKS
from data.remote.progress import Advance, Progress

BASE_URL = f"https://raw.githubusercontent.com/{GITHUB}/{COMMIT}/MentalAlign-70k/"

PROBE_SECONDS = 3
SILENCE_SECONDS = 10

_CHUNK = 64 * 1024


def fetch_workbooks(progress: Progress) -> Path:
    """Fetch the workbooks into the user's cache, those that are not there yet, and return their folder.

    Raises
    ------
    SourceError
        GitHub does not answer, breaks off, or sends a file whose hash is not the pinned one.
    """
    pooch.get_logger().setLevel(logging.ERROR)
    folder = Path(pooch.os_cache("mentalbench-explorer")) / f"github-{COMMIT[:12]}"
    shelf = pooch.create(
        path=folder, base_url=BASE_URL, registry={name: f"sha256:{sha}" for name, sha in WORKBOOKS.items()}
    )
    for place, name in enumerate(WORKBOOKS):
        progress.say(f"Fetching {Path(name).name} from GitHub ({place + 1} of {len(WORKBOOKS)})")
        try:
            progress.within(SILENCE_SECONDS, "GitHub", partial(_fetch, shelf, name))
        except requests.HTTPError as error:
            raise SourceError(f"GitHub refused {name} (status {error.response.status_code})") from error
        except requests.RequestException as error:
            raise SourceError(f"GitHub could not be reached or broke off ({type(error).__name__})") from error
        except ValueError as error:
            raise SourceError(
                f"GitHub sent {name} with a SHA-256 other than the pinned one; it was not used"
            ) from error
        except OSError as error:
            raise SourceError(f"{name} from GitHub cannot be kept in {folder} ({type(error).__name__})") from error
    return folder


def _fetch(shelf: pooch.Pooch, name: str, advance: Advance) -> None:
    def download(url: str, output: str, _: pooch.Pooch) -> None:
        # pooch's own downloader leaves the connection of a refused or broken download open.
        with requests.get(url, stream=True, timeout=(PROBE_SECONDS, SILENCE_SECONDS)) as response:
            response.raise_for_status()
            size, done = int(response.headers.get("Content-Length", 0)), 0
            with Path(output).open("wb") as file:
                for chunk in response.iter_content(_CHUNK):
                    done += file.write(chunk)
                    advance(min(done / size, 1.0) if size else None)

    shelf.fetch(name, downloader=download)
