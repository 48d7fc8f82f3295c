"""The glossary: every column that a sheet can have, collected from where columns are computed."""

from collections.abc import Iterable
from functools import lru_cache

from analysis.agreement import crosscheck, generalizability, icc, multitrait
from analysis.bias import bland_altman, inflation, neighbours
from analysis.column import Column
from analysis.decisions import annotator_test, plan, sample_size, scores
from analysis.evidence import conversations, data_errors, lengths
from analysis.findings import reasons
from analysis.outputs.registry import TABLES
from analysis.reproduction import comparison, sensitivity
from data.study import Study

# Its variances have the names of what they are variances of, which elsewhere are keys; sheets show them one below the
# other, as ``generalizability.DETAILS`` declares.
WIDE = "generalisability"


def collected(declared: Iterable[Column]) -> dict[str, Column]:
    """Return columns by name.

    Raises
    ------
    ValueError
        A name is declared in two ways.
    """
    found: dict[str, Column] = {}
    for column in declared:
        if found.setdefault(column.name, column) != column:
            raise ValueError(f"column {column.name!r} is declared twice, as {found[column.name]} and as {column}")
    return found


@lru_cache(maxsize=16)
def glossary(study: Study) -> dict[str, Column]:
    """Return every column that a sheet of a study can have, by its name."""
    return collected(
        [
            *(column for name, table in TABLES.items() if name != WIDE for column in table.declared(study)),
            *icc.DETAILS,
            *annotator_test.DETAILS,
            *crosscheck.DECLARED,
            *generalizability.DETAILS,
            *multitrait.MATRIX,
            *inflation.DETAILS,
            *neighbours.DECLARED,
            *bland_altman.DETAILS,
            *sample_size.DETAILS,
            *plan.DECLARED,
            *plan.CURVE,
            *scores.DETAILS,
            *conversations.DETAILS,
            *lengths.DECLARED,
            *data_errors.DETAILS,
            *comparison.DETAILS,
            *sensitivity.DECLARED,
            *reasons.REASONS,
        ]
    )
