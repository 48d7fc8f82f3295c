"""What tests share: the real files, where they are present, and a made release."""

import os
from pathlib import Path

import hypothesis
import pytest

from data.release import Release, read_release
from tests.made_release import Made, make_release

# An example may take long on a busy machine, which says nothing about the product.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")

RELEASE = Path(__file__).parents[2] / "shared" / "release"


@pytest.fixture(scope="session")
def release_folder() -> Path:
    """Give the folder with the five released workbooks, ``../shared/release`` from the top of the repository."""
    if not RELEASE.is_dir():
        reason = f"the released workbooks are not at {RELEASE}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; they must be there in CI")
        pytest.skip(reason)
    return RELEASE


@pytest.fixture(scope="session")
def released(release_folder: Path) -> Release:
    """Read the released workbooks once; not to be changed."""
    return read_release(release_folder)


@pytest.fixture(scope="session")
def made() -> Made:
    """Make a release with every fault once; not to be changed."""
    return make_release()
