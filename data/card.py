"""The data card, with every count in it taken from the data."""

from pathlib import Path
from string import Template

import pandas as pd

from data.counts import RATED
from data.counts_file import read_counts
from data.data_errors import DATA_ERROR, error_totals
from data.mentalalign import COMMIT, GITHUB, PAPER, REPOSITORY, SUFFIX
from data.sources import Dataset
from data.study import HUMAN

CARD = Path(__file__).with_name("README.md")
_TEMPLATE = Path(__file__).with_name("card.md")
_PUBLISHED = Path(__file__).with_name("published") / "mentalalign-70k"


def data_card(dataset: Dataset) -> str:
    """Write the data card of a source as Markdown: files, sizes, data errors; the bundled card is the snapshot's."""
    came, study, counts = dataset.provenance, dataset.study, dataset.counts
    ratings = came.conversations * len(study.systems) * len(study.attributes)
    bundled, about, stretches = read_counts()
    experts, judges = RATED["as-released"]
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        title=came.title,
        revision=came.revision,
        conversations=f"{came.conversations:,}",
        github=GITHUB,
        commit=COMMIT,
        hub=REPOSITORY,
        paper=PAPER,
        files=_files(dataset),
        suffixes=", ".join(f"`{suffix}`" for suffix in SUFFIX),
        snapshot_rows=f"{len(bundled) + (0 if stretches is None else len(stretches)):,}",
        block=about.cluster,
        published=_published(),
        models=len(study.systems),
        attributes=len(study.attributes),
        raters=len(study.raters),
        places=f"{ratings * len(study.raters):,}",
        experts=f"{_given(counts[counts['judge'] == study.judge_keys[0]], experts):,}",
        judges=f"{_given(counts, judges):,}",
        data_errors=_data_errors(dataset),
    )


def _given(counts: pd.DataFrame, rating: str) -> int:
    """Count the ratings that are there as released."""
    return int(counts.loc[counts[rating].notna(), "n"].sum())


def _files(dataset: Dataset) -> str:
    return "\n".join(
        f"- `{record.name}`: {record.rows:,} rows, ratings of {_called(dataset, record.raters)}; "
        f"SHA-256 `{record.sha256}`"
        for record in dataset.provenance.files
    )


def _data_errors(dataset: Dataset) -> str:
    """Count the data errors of experts' and judges' ratings by kind, and say what either preset makes of them."""
    totals = error_totals(dataset.provenance.data_errors)
    side = totals["rater"].map(lambda rater: "experts" if rater == HUMAN else "judges")
    counted = totals.assign(side=side).groupby(["side", "kind"], sort=False)[["n", "n_fixed"]].sum()
    lines = []
    for (side, kind), (n, fixed) in zip(counted.index, counted.to_numpy(), strict=True):
        words = DATA_ERROR[kind]
        called = words.one if n == 1 else words.many
        lines.append(
            f"- **{n:,} {called}** in the files of the {side}. Paper: {words.released}. Recommended: {words.remedy}. "
            f"Fixed: {fixed:,}."
        )
    return "\n".join(lines)


def _published() -> str:
    """List the paper's tables with their columns."""
    lines = []
    for path in sorted(_PUBLISHED.glob("*.csv")):
        columns = pd.read_csv(path, nrows=0).columns
        lines.append(f"- `{path.name}`: {', '.join(f'`{column}`' for column in columns)}")
    return "\n".join(lines)


def _called(dataset: Dataset, raters: tuple[str, ...]) -> str:
    labels = dataset.study.rater_labels | {HUMAN: "the human experts"}
    return " and ".join(labels[rater] for rater in raters)
