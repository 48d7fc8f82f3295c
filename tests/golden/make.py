"""Write the golden files, every table of the command line on the release: ``python -m tests.golden.make FOLDER``.

They hold what the product gave when its figures were checked against other software. Made anew, they show in a diff
what a change does to the figures; a change that should move none must leave them as they are.
"""

import sys
from pathlib import Path

import pandas as pd

from analysis.outputs.manifest import RECORDED
from analysis.outputs.registry import table_of
from analysis.outputs.tables import TAKEN
from analysis.ratings.settings import CHOICES, Selection, Settings
from data.remote.progress import Progress
from data.sources import Dataset, load

# A row for each conversation is nearly the ratings themselves, which are not this repository's to hold. The replies are
# no part of the release, of one pooled rating there are no tables of single experts, no judge was asked twice, experts
# rated every system, and no reply was drawn with a probability.
OF_SINGLE_EXPERTS = ("experts", "left-out", "annotator-test")
OF_RETESTS = ("consistency",)
OF_NEW_SYSTEMS = ("new-systems",)
OF_DRAWN = ("weighted",)
OF_MORE = (*OF_SINGLE_EXPERTS, *OF_RETESTS, *OF_NEW_SYSTEMS, *OF_DRAWN)
GOLDEN = tuple(name for name in RECORDED if not TAKEN[name].replies and name not in OF_MORE)
HERE = Path(__file__).parent
DIGITS = 10


def golden(dataset: Dataset, name: str, preset: str) -> pd.DataFrame:
    """Make one table with every column that the command line prints."""
    return table_of(name, dataset, Settings.of(dataset.study, preset), Selection.of(dataset.study))


def path_of(name: str, preset: str) -> Path:
    """Give the place of a table's golden file."""
    return HERE / f"{name}-{preset}.csv"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.golden.make FOLDER")
    release = load(sys.argv[1], Progress())
    for table_name in GOLDEN:
        for preset_name in CHOICES["preset"]:
            golden(release, table_name, preset_name).to_csv(
                path_of(table_name, preset_name), index=False, float_format=f"%.{DIGITS}g", lineterminator="\n"
            )
