"""Every table of the release under both presets is the one that was checked.

But the one with a row for each conversation: that is tested on made studies and by what must hold on the release.
"""

from pathlib import Path

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.ratings.settings import CHOICES
from data.remote.progress import Progress
from data.sources import Dataset, load
from tests.golden.make import GOLDEN, HERE, golden, path_of
from tests.slow import slow_but


@pytest.fixture(scope="module")
def release(release_folder: Path) -> Dataset:
    return load(str(release_folder), Progress())


@pytest.mark.parametrize("preset", slow_but({"paper"}, CHOICES["preset"]))
@pytest.mark.parametrize("name", slow_but(set(GOLDEN) - {"worth", "verdicts", "verdict-checks", "halo"}, GOLDEN))
def test_table_is_the_one_that_was_checked(release: Dataset, name: str, preset: str) -> None:
    table, expected = golden(release, name, preset), pd.read_csv(path_of(name, preset), keep_default_na=True)
    assert list(table.columns) == list(expected.columns)
    assert len(table) == len(expected)
    for column in table:
        if pd.api.types.is_numeric_dtype(expected[column]):
            # Sums of a product may be added in another order on another machine.
            assert_allclose(table[column].astype(float), expected[column], rtol=1e-6, atol=1e-7, err_msg=column)
        else:
            assert table[column].fillna("").tolist() == expected[column].fillna("").tolist(), column


def test_no_golden_file_is_left_of_a_table_that_is_gone() -> None:
    wanted = {path_of(name, preset) for name in GOLDEN for preset in CHOICES["preset"]}
    assert set(HERE.glob("*.csv")) == wanted
