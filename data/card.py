"""The data card, with every count in it taken from the data."""

from pathlib import Path
from string import Template

import pandas as pd

from data.counts import under_policy
from data.faults import FAULT, fault_totals
from data.mentalalign import ATTRIBUTE_NAMES, HUMAN, JUDGE, MODELS, PAPER, REPOSITORY
from data.remote import github
from data.snapshot import BLOCK, read_snapshot
from data.sources import Dataset

CARD = Path(__file__).with_name("README.md")
_TEMPLATE = Path(__file__).with_name("card.md")
_PUBLISHED = Path(__file__).with_name("published")


def data_card(dataset: Dataset) -> str:
    """Write the data card of a source as Markdown: its files, sizes and faults; the bundled card is the snapshot's."""
    came = dataset.provenance
    counts = dataset.counts
    judges = list(counts["judge"].cat.categories)
    ratings = came.conversations * len(MODELS) * len(ATTRIBUTE_NAMES)
    experts = _given(counts[counts["judge"] == judges[0]], "human", "human_recovered")
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        title=came.title,
        revision=came.revision,
        conversations=f"{came.conversations:,}",
        github=github.REPOSITORY,
        commit=github.COMMIT,
        hub=REPOSITORY,
        paper=PAPER,
        files=_files(dataset),
        suffixes=", ".join(f"`{model.suffix}`" for model in MODELS),
        snapshot_rows=f"{len(read_snapshot()[0]):,}",
        block=BLOCK,
        published=_published(),
        models=len(MODELS),
        attributes=len(ATTRIBUTE_NAMES),
        raters=1 + len(judges),
        places=f"{ratings * (1 + len(judges)):,}",
        experts=f"{experts:,}",
        judges=f"{_given(counts, 'rating', 'recovered'):,}",
        faults=_faults(dataset),
    )


def _given(counts: pd.DataFrame, rating: str, recovered: str) -> int:
    """Count the ratings that are there as released."""
    numbers = under_policy(counts[rating].to_numpy(), counts[recovered].to_numpy(), "as-released")
    return int(counts.loc[pd.notna(numbers), "n"].sum())


def _files(dataset: Dataset) -> str:
    return "\n".join(
        f"- `{record.name}`: {record.rows:,} rows, ratings of {' and '.join(map(_called, record.raters))}; "
        f"SHA-256 `{record.sha256}`"
        for record in dataset.provenance.files
    )


def _faults(dataset: Dataset) -> str:
    """Count the faults of the experts' and of the judges' ratings by kind, and say what either preset makes of them."""
    totals = fault_totals(dataset)
    side = totals["rater"].map(lambda rater: "experts" if rater == HUMAN else "judges")
    counted = totals.assign(side=side).groupby(["side", "kind"], sort=False)[["n", "n_mended"]].sum()
    lines = []
    for (side, kind), (n, mended) in zip(counted.index, counted.to_numpy(), strict=True):
        words = FAULT[kind]
        called = words.one if n == 1 else words.many
        lines.append(
            f"- **{n:,} {called}** in the files of the {side}. Paper: {words.released}. Recommended: {words.remedy}. "
            f"Mended: {mended:,}."
        )
    return "\n".join(lines)


def _published() -> str:
    """List the paper's tables with their columns."""
    lines = []
    for path in sorted(_PUBLISHED.glob("*.csv")):
        columns = pd.read_csv(path, nrows=0).columns
        lines.append(f"- `{path.name}`: {', '.join(f'`{column}`' for column in columns)}")
    return "\n".join(lines)


def _called(rater: str) -> str:
    return "the human experts" if rater == HUMAN else JUDGE[rater].label
